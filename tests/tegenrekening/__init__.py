"""Tegenrekening: an independent, naive reference implementation of the specification, used as test oracle."""
