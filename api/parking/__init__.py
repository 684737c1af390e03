"""Parking: spaces, regimes, and how full they are."""
