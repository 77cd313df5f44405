"""Numbers as Dutch readers write them."""

from __future__ import annotations


def getal(waarde: float, decimalen: int = 0, minteken: str = "−") -> str:
    """A number with points between thousands and a decimal comma: 1.234,5."""
    return f"{waarde:,.{decimalen}f}".translate(str.maketrans(",.-", f".,{minteken}"))
