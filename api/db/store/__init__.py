"""Writing imported rows: staged, compared, recorded, and possible to undo."""

from api.db.store.batch import Batch, Outcome, finish_batch, open_batch
from api.db.store.merge import Stage
from api.db.store.targets import TARGETS, Target
from api.db.store.undo import UndoRefused, undo_batch

__all__ = [
    "TARGETS",
    "Batch",
    "Outcome",
    "Stage",
    "Target",
    "UndoRefused",
    "finish_batch",
    "open_batch",
    "undo_batch",
]
