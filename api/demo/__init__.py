"""Fictional data at the seven real municipalities, made by rule and chance; the same seed gives the same rows."""

from __future__ import annotations

from api.demo.faults import PLANTED, Fault
from api.demo.stream import readings

__all__ = ["PLANTED", "Fault", "readings"]
