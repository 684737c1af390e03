"""How long single readings are kept: what is older is dropped, and its sums per hour and day stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

# Whole months on the clock of the wall, so that no day is half kept. Only what is older than a whole month more goes:
# a sensor is trimmed once a month.
DUE = """
WITH kept AS (
    SELECT s.id, s.nis_code, s.code, s.name, s.raw_from_at, coalesce(s.raw_months, m.raw_months) AS months,
        (date_trunc('month', CAST(:now AS timestamptz), c.timezone) AT TIME ZONE c.timezone
            - make_interval(months => coalesce(s.raw_months, m.raw_months)::int)) AT TIME ZONE c.timezone AS before_at
    FROM footfall_sensor s JOIN municipality m ON m.nis_code = s.nis_code CROSS JOIN footfall_clock c
    WHERE coalesce(s.raw_months, m.raw_months) IS NOT NULL
        AND (CAST(:nis AS text[]) IS NULL OR s.nis_code = ANY(:nis))
)
SELECT k.id AS sensor_id, k.nis_code, k.code, k.name, k.months, k.before_at, c.n, c.first_at FROM kept k
CROSS JOIN LATERAL (SELECT count(*) AS n, min(start_at) AS first_at FROM footfall_count
    WHERE sensor_id = k.id AND start_at < k.before_at) c
WHERE c.n > 0 ORDER BY k.nis_code, k.code
"""


@dataclass(frozen=True)
class Due:
    """Readings of a sensor that are older than they are to be kept.

    Attributes
    ----------
    sensor_id, nis_code, code, name
        The sensor.
    months
        How many months its readings are kept.
    before_at
        Readings before this moment, the begin of a local month, may go.
    n
        How many there are.
    first_at
        The oldest of them.
    """

    sensor_id: int
    nis_code: str
    code: str
    name: str
    months: int
    before_at: datetime
    n: int
    first_at: datetime


def due(session: Session, nis_codes: Sequence[str] | None = None, *, now: datetime) -> list[Due]:
    """Readings that are older than they are to be kept; nothing is written."""
    values = {"now": now, "nis": None if nis_codes is None else list(nis_codes)}
    return [Due(**row) for row in session.execute(text(DUE), values).mappings()]


def drop(session: Session, listed: Sequence[Due]) -> int:
    """
    Drop single readings; their hours and days stay, and nothing older can be written any more.

    Returns
    -------
    How many readings went.
    """
    gone = 0
    session.execute(text("SET LOCAL statement_timeout = 0"))
    for each in listed:
        values = {"id": each.sensor_id, "at": each.before_at}
        session.execute(text("SET LOCAL kernkaart.keep_rollups = 'on'"))
        done = session.execute(
            text("DELETE FROM footfall_count WHERE sensor_id = :id AND start_at < :at"), values
        )
        session.execute(text("SET LOCAL kernkaart.keep_rollups = 'off'"))
        session.execute(text("UPDATE footfall_sensor SET raw_from_at = :at WHERE id = :id"), values)
        gone += done.rowcount  # type: ignore[attr-defined]
    if listed:
        session.execute(
            text("SELECT drop_empty_count_partitions(:at)"), {"at": max(e.before_at for e in listed)}
        )
    return gone
