"""Importers: an outside file becomes a frame with our column names, plus what was refused and why. No database."""

from __future__ import annotations

from api.importers.reading import Chunk, Importer, Reading, Request, UnreadableSource
from api.importers.registry import COMMON_OPTIONS, IMPORTERS

__all__ = ["COMMON_OPTIONS", "IMPORTERS", "Chunk", "Importer", "Reading", "Request", "UnreadableSource"]
