"""What one person states of one shop unit, written by the rules of an observation and undone like an import."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.store.batch import finish_batch, open_batch
from api.db.store.merge import Stage
from api.db.store.observation import CODES, OTHER_CODE, observe
from api.db.store.targets import TARGETS


class StatementRefused(ValueError):
    """
    The history of the unit does not allow it.

    Parameters
    ----------
    what
        What is wrong.
    remedy
        What can be done.
    code
        What it is called where a person may read it in another language.
    """

    def __init__(self, what: str, remedy: str, code: str) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True)
class Statement:
    """
    What is stated: from day `on` the unit is in `state`, occupied by `occupant_name` in `branch_code`.

    It is no visit: when the unit was last seen stays as it was.
    """

    nis_code: str
    local_code: str
    state: str
    on: date
    occupant_name: str | None = None
    branch_code: str | None = None


def state_unit(session: Session, statement: Statement, *, source: str, dataset: dict[str, Any]) -> int:
    """
    Write a statement in the caller's transaction.

    Returns
    -------
    Key of the import batch with what it changed, for `undo_batch`.

    Raises
    ------
    StatementRefused
        The day lies before what is known, the period would overlap another one, or nothing would change.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('kernkaart.import'))"))
    named = f"{statement.local_code} {statement.state} {statement.on}"
    batch = open_batch(
        session,
        dataset=dataset,
        source=source,
        nis_code=statement.nis_code,
        file={"file_name": named, "file_sha256": "", "file_bytes": 0},
        mapping={},
    )
    stage = Stage(session, batch, TARGETS["shop_unit"])
    row = {
        "row_number": [1],
        "nis_code": [statement.nis_code],
        "local_code": [statement.local_code],
        "status": [statement.state],
        "occupant_name": [statement.occupant_name],
        "branch_code": [statement.branch_code],
        "seen_on": [pd.Timestamp(statement.on)],
    }
    stage.add(pd.DataFrame(row), pd.DataFrame())
    stage.mark_gone()
    written = observe(stage)
    refused = session.execute(
        text("SELECT reason, remedy FROM import_refusal WHERE batch_id = :id ORDER BY id LIMIT 1"),
        {"id": batch.id},
    ).first()
    stage.close()
    if refused is not None:
        code = CODES.get(refused.reason, OTHER_CODE)
        raise StatementRefused(refused.reason, refused.remedy, code)
    if not any(written.values()):
        raise StatementRefused(
            "The register of shop units says so already.",
            "Choose another name, branch or state.",
            "says_so_already",
        )
    finish_batch(session, batch, assumed=[])
    return batch.id
