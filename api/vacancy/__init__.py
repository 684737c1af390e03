"""What stands empty, since when, and where it clusters."""
