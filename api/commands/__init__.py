"""The `kernkaart` command, one file per subject."""
