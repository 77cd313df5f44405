"""How every page is made from a template: all text is escaped, and a name that is not there is an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jinja2


def sjablonen(waar: Path, **filters: Callable) -> jinja2.Environment:
    """The templates in a directory, with these filters besides jinja's own."""
    omgeving = jinja2.Environment(
        loader=jinja2.FileSystemLoader(waar),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    omgeving.filters |= filters
    return omgeving
