"""Counts that suppliers push: who may, for which sensors, and how they are stored."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.access import TOKEN_MARK, fingerprint
from api.db.session import current_day
from api.db.store import TARGETS, Batch, Stage, open_batch
from api.errors import NotSignedIn, RowsRefused, TooBusy
from api.footfall.push_body import PushedBatch, fault

SOURCE = "push"
UPTIME_MIN = 0.5
LOW_UPTIME = 1
LONGEST_WAIT_S = 10.0


@dataclass(frozen=True)
class Supplier:
    """Who pushes.

    Attributes
    ----------
    id
        Key of the supplier.
    nis_code
        Municipality whose sensors it may push.
    name
        Name, which those sensors carry as their supplier.
    """

    id: int
    nis_code: str
    name: str


def new_token() -> tuple[str, str]:
    """Make a token, and what is kept of it: it is long and random, so a plain digest cannot be guessed back."""
    token = f"kk_{secrets.token_urlsafe(32)}"
    return token, digest(token)


def digest(token: str) -> str:
    """SHA-256 of a token, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def supplier_of(session: Session, token: str | None, codes: Sequence[str] = ()) -> Supplier:
    """
    Find the supplier whose token this is: one that the city made with a command, or one of an account.

    Parameters
    ----------
    session
        Asked by the application itself.
    token
        What was shown.
    codes
        Sensors of the batch: an account may push in several municipalities.

    Raises
    ------
    NotSignedIn
        When there is no token, or it is nobody's, or it was revoked.
    """
    if token and token.startswith(TOKEN_MARK):
        return _supplier_of_account(session, token, codes)
    query = text(
        "SELECT id, nis_code, name FROM push_supplier WHERE token_sha256 = :digest AND revoked_at IS NULL"
    )
    row = session.execute(query, {"digest": digest(token or "")}).first()
    if row is None:
        raise NotSignedIn(
            "The token is missing, unknown or revoked.",
            "Send it as Authorization: Bearer TOKEN; the city makes one with: kernkaart supplier add",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return Supplier(row.id, row.nis_code, row.name)


def _supplier_of_account(session: Session, token: str, codes: Sequence[str]) -> Supplier:
    """The supplier that an account is, in the municipality of its sensors; kept under the name of the account."""
    found = session.execute(
        text("SELECT name, towns FROM rights.pusher(:hash)"), {"hash": fingerprint(token)}
    ).first()
    if found is None or not found.towns:
        raise NotSignedIn(
            "The token is unknown or has ended, or its account may push nowhere.",
            "Make a token to deliver counts in an account that holds the role of supplier.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    nis_code = session.execute(
        text(
            "SELECT s.nis_code FROM footfall_sensor s WHERE s.supplier = :name AND s.nis_code = ANY(:towns) "
            "GROUP BY s.nis_code ORDER BY count(*) FILTER (WHERE s.code = ANY(:codes)) DESC, s.nis_code LIMIT 1"
        ),
        {"name": found.name, "towns": found.towns, "codes": list(codes)},
    ).scalar()
    row = session.execute(
        text(
            "INSERT INTO push_supplier (nis_code, name, token_sha256) VALUES (:nis, :name, :unused) "
            "ON CONFLICT (nis_code, name) DO UPDATE SET name = excluded.name RETURNING id, nis_code, name, revoked_at"
        ),
        # Nobody has the token of such a row: the one of the account is shown.
        {"nis": nis_code or found.towns[0], "name": found.name, "unused": digest(secrets.token_urlsafe(32))},
    ).one()
    if row.revoked_at is not None:
        raise NotSignedIn(
            f"The city revoked the right of {row.name} to push counts.",
            "Ask the city for a new token (kernkaart supplier add).",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return Supplier(row.id, row.nis_code, row.name)


def store_counts(session: Session, token: str | None, batch: PushedBatch) -> dict[str, Any]:
    """
    Store a batch whole or not at all; what is there already stays, what differs is changed with a trace.

    Raises
    ------
    NotSignedIn
        When the token is nobody's.
    RowsRefused
        When a sensor is not one of the supplier's, or its readings of that time were dropped.
    TooBusy
        When somebody else stored the same counts meanwhile.
    """
    supplier = supplier_of(session, token, [row.sensor for row in batch.counts])
    # A supplier's batches follow each other, and none waits longer than a client does: it tries again.
    session.execute(text(f"SET LOCAL lock_timeout = {int(LONGEST_WAIT_S * 1000)}"))
    session.execute(text("SELECT 1 FROM push_supplier WHERE id = :id FOR UPDATE"), {"id": supplier.id})
    frame = _frame(batch)
    _refuse_strange(session, supplier, frame)
    opened = _batch_of_today(session, supplier)
    stage = Stage(session, opened, TARGETS["footfall_count"])
    stage.add(frame, pd.DataFrame())
    try:
        stage.write()
    except psycopg.errors.UniqueViolation:
        raise TooBusy(
            "Somebody stored the same counts at the same moment.",
            "Send this batch again: nothing of it was stored.",
            headers={"Retry-After": "1"},
        ) from None
    stage.close()
    _note(session, opened, supplier)
    outcome = stage.outcome
    return {
        "received": outcome.read,
        "added": outcome.added,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "import": opened.id,
    }


def _frame(batch: PushedBatch) -> pd.DataFrame:
    rows = batch.counts
    frame = pd.DataFrame(
        {
            "row_number": range(1, len(rows) + 1),
            "sensor_code": [row.sensor for row in rows],
            "start_at": pd.to_datetime([row.start for row in rows], utc=True),
            "minutes": [row.minutes for row in rows],
            "mode": [row.mode for row in rows],
            "direction": [row.direction for row in rows],
            "value": [row.value for row in rows],
            "uptime": pd.array([row.uptime for row in rows], dtype="Float64"),
        }
    )
    frame["quality_flag"] = (frame["uptime"] <= UPTIME_MIN).fillna(False).astype(int) * LOW_UPTIME
    return frame if frame["uptime"].notna().any() else frame.drop(columns="uptime")


def _refuse_strange(session: Session, supplier: Supplier, frame: pd.DataFrame) -> None:
    """Refuse rows of sensors that are not the supplier's, or of a time that is summed up and closed."""
    query = text(
        "SELECT code, raw_from_at FROM footfall_sensor WHERE nis_code = :nis AND supplier = :name AND code = ANY(:codes)"
    )
    codes = frame["sensor_code"].unique().tolist()
    values = {"nis": supplier.nis_code, "name": supplier.name, "codes": codes}
    known = {row.code: row.raw_from_at for row in session.execute(query, values)}
    closed = {code: moment for code, moment in known.items() if moment is not None}
    faults = []
    strange = ~frame["sensor_code"].isin(known)
    for number, code in frame.loc[strange, ["row_number", "sensor_code"]].itertuples(index=False):
        reason = f"Municipality {supplier.nis_code} has no sensor with this code that names {supplier.name} as its supplier."
        remedy = "Correct the code, or ask the city to add the sensor (kernkaart supplier sensors)."
        faults.append(fault(number, "sensor", code, reason, remedy))
    if closed:
        for number, code, start in frame[["row_number", "sensor_code", "start_at"]].itertuples(index=False):
            if code in closed and start < closed[code]:
                reason = "Single readings of that time were dropped; their sums per hour and day are kept."
                faults.append(fault(number, "start", start.isoformat(), reason, "Leave the row out."))
    if faults:
        raise RowsRefused(faults)


def _batch_of_today(session: Session, supplier: Supplier) -> Batch:
    """One import a day and supplier, so that a day can be undone; a new one where a file came in between."""
    day = current_day(session)
    code = f"push:{supplier.nis_code}:{supplier.name}"
    file = {"file_name": f"{supplier.name} {day}", "file_sha256": digest(f"{code} {day}"), "file_bytes": 0}
    query = text(
        "SELECT b.id, b.dataset_id FROM import_batch b JOIN dataset d ON d.id = b.dataset_id WHERE b.source = :source "
        "AND d.code = :code AND b.file_name = :file AND b.state = 'done' AND NOT EXISTS (SELECT 1 FROM import_batch o "
        "WHERE o.id > b.id AND o.source <> :source AND coalesce(o.nis_code, b.nis_code) = b.nis_code) "
        "ORDER BY b.id DESC LIMIT 1"
    )
    row = session.execute(query, {"source": SOURCE, "code": code, "file": file["file_name"]}).first()
    if row is not None:
        return Batch(id=row.id, dataset_id=row.dataset_id, nis_code=supplier.nis_code)
    return open_batch(
        session,
        dataset={"code": code, "name": f"Counts of {supplier.name}", "publisher": supplier.name},
        source=SOURCE,
        nis_code=supplier.nis_code,
        file=file,
        mapping={},
    )


def _note(session: Session, batch: Batch, supplier: Supplier) -> None:
    """Add what became of the rows to the import of the day."""
    outcome = batch.outcome("footfall_count").as_dict()
    query = text("SELECT counts FROM import_batch WHERE id = :id")
    held = session.execute(query, {"id": batch.id}).scalar_one().get("footfall_count", {})
    added = {name: held.get(name, 0) + number for name, number in outcome.items()}
    session.execute(
        text(
            "UPDATE import_batch SET counts = jsonb_build_object('footfall_count', CAST(:counts AS jsonb)), "
            "imported_at = clock_timestamp() WHERE id = :id"
        ),
        {"id": batch.id, "counts": pd.Series(added).to_json()},
    )
    session.execute(
        text("UPDATE push_supplier SET last_push_at = clock_timestamp() WHERE id = :id"), {"id": supplier.id}
    )
