"""Releases: publication with disclosure control, manifest, the atomic switch."""
