"""How good a location is, and how sure we are."""
