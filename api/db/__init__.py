"""The way to PostGIS: sessions, tables, migrations."""
