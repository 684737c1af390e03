"""Everything that talks: to HTTP, to PostGIS, to files."""

__version__ = "0.1.0"
