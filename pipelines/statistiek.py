"""The statistics that Python needs as well as dbt (macros/statistiek.sql): spec 02 §4."""

from __future__ import annotations

import numpy as np

Z95 = 1.959963984540054


def wilson(deel: np.ndarray | float, noemer: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound, in percent, of Wilson's 95 % interval of a share of ``noemer``: of one, or of an array."""
    z2 = Z95 * Z95
    midden = deel + z2 / (2 * noemer)
    marge = Z95 * np.sqrt(np.maximum(deel * (1 - deel), 0) / noemer + z2 / (4 * noemer * noemer))
    schaal = 100 / (1 + z2 / noemer)
    return schaal * (midden - marge), schaal * (midden + marge)
