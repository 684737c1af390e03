"""Import batches: one file read once."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from api import __version__
from api.db.models import Dataset, ImportBatch


@dataclass
class Outcome:
    """How many rows of one target were read, and what became of them."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    outside: int = 0

    def as_dict(self) -> dict[str, int]:
        """Counts by name, for storing and printing."""
        return dict(vars(self))


@dataclass
class Batch:
    """A batch being written."""

    id: int
    dataset_id: int
    nis_code: str | None
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def outcome(self, target: str) -> Outcome:
        """The counter of one target, made when first asked for."""
        return self.outcomes.setdefault(target, Outcome())

    def totals(self) -> Counter[str]:
        """Counts summed over all targets."""
        total: Counter[str] = Counter()
        for outcome in self.outcomes.values():
            total.update(outcome.as_dict())
        return total


def open_batch(
    session: Session,
    *,
    dataset: dict[str, Any],
    source: str,
    nis_code: str | None,
    file: dict[str, Any],
    mapping: dict[str, Any],
) -> Batch:
    """
    Start a batch, with its dataset made or brought up to date.

    `file` holds file_name, file_sha256 and file_bytes; `dataset` at least its code and name.
    """
    dataset_id = session.execute(select(Dataset.id).where(Dataset.code == dataset["code"])).scalar()
    if dataset_id is None:
        dataset_id = session.execute(insert(Dataset).values(**dataset).returning(Dataset.id)).scalar_one()
    elif given := {key: value for key, value in dataset.items() if value is not None}:
        session.execute(update(Dataset).where(Dataset.id == dataset_id).values(**given))
    batch_id = session.execute(
        insert(ImportBatch)
        .values(
            dataset_id=dataset_id,
            source=source,
            nis_code=nis_code,
            mapping=mapping,
            code_version=__version__,
            **file,
        )
        .returning(ImportBatch.id)
    ).scalar_one()
    return Batch(id=batch_id, dataset_id=dataset_id, nis_code=nis_code)


def finish_batch(session: Session, batch: Batch, *, assumed: list[str]) -> None:
    """Store what became of the rows and what was assumed."""
    counts = {name: outcome.as_dict() for name, outcome in batch.outcomes.items()}
    session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id)
        .values(counts=counts, assumed=assumed, imported_at=func.clock_timestamp())
    )
