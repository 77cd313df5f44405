"""Measurements: what it takes, on which machine. Run by hand; nothing in the product uses this."""
