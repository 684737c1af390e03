"""Acquisition: how far each case is, and who does what next."""
