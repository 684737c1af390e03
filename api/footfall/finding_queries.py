"""SQL about findings in counts, and about what a decision does to the hours."""

from collections.abc import Sequence
from typing import Any

import orjson
import pandas as pd
from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

COLUMNS = (
    "f.id, f.nis_code, f.sensor_id, s.name AS sensor, f.mode, f.kind, f.from_at, f.to_at, f.strength, f.detail, "
    "s.direction_a, s.direction_b, f.found_at, f.state, f.decided_at, f.decided_by, f.reason, "
    "(SELECT o.name FROM footfall_sensor o WHERE o.id = (f.detail->>'other')::bigint) AS other_sensor"
)
FROM = "FROM count_finding f JOIN footfall_sensor s ON s.id = f.sensor_id"
# What the file says of an hour (missing, shown twice) stays, low uptime unless a person called it right; else what a person
# called wrong, then what the rules say unless a person called it right.
APPLY = text("""
    UPDATE footfall_count c SET quality_flag = n.flag
    FROM (
        SELECT x.sensor_id, x.start_at, x.mode, x.direction, coalesce(
            (SELECT 9 FROM count_finding f WHERE f.sensor_id = x.sensor_id AND f.mode = x.mode AND f.kind = 'low_uptime'
                AND f.state <> 'overruled' AND x.uptime <= 0.5 AND x.start_at >= f.from_at AND x.start_at < f.to_at LIMIT 1),
            (SELECT max(f.flag) FROM count_finding f WHERE f.sensor_id = x.sensor_id AND f.mode = x.mode
                AND f.state = 'confirmed' AND f.kind IN ('level_shift', 'clock', 'night', 'one_direction', 'twin')
                AND x.start_at >= f.from_at AND x.start_at < f.to_at),
            (SELECT max(CASE WHEN f.kind = 'spike_review' AND f.state = 'open' THEN 8 ELSE f.flag END)
                FROM count_finding f WHERE f.sensor_id = x.sensor_id AND f.mode = x.mode AND f.state <> 'overruled'
                AND f.kind IN ('zero_run', 'stuck', 'spike', 'drop_out', 'spike_review')
                AND x.start_at >= f.from_at AND x.start_at < f.to_at),
            CASE WHEN x.minutes > 60 THEN 10 ELSE 0 END) AS flag
        FROM footfall_count x
        JOIN (SELECT DISTINCT sensor_id, mode, kind, from_at, to_at FROM count_finding WHERE id = ANY(:ids)) d
            ON d.sensor_id = x.sensor_id AND d.mode = x.mode AND x.start_at >= d.from_at AND x.start_at < d.to_at
        WHERE x.quality_flag NOT IN (1, 11) AND (x.quality_flag <> 9 OR d.kind = 'low_uptime')
    ) n
    WHERE c.sensor_id = n.sensor_id AND c.start_at = n.start_at AND c.mode = n.mode AND c.direction = n.direction
        AND c.quality_flag <> n.flag
""")


def list_findings(
    session: Session, where: dict[str, Any], *, limit: int, offset: int
) -> tuple[Sequence[RowMapping], int]:
    """One page of findings, newest first, and how many there are in all."""
    parts = ["f.nis_code = :nis"]
    for name in ("sensor_id", "state"):
        if where[name] is not None:
            parts.append(f"f.{name} = :{name}")
    if where["kinds"]:
        parts.append("f.kind = ANY(:kinds)")
    condition = " AND ".join(parts)
    rows = session.execute(
        text(
            f"SELECT {COLUMNS} {FROM} WHERE {condition} ORDER BY f.from_at DESC, f.id LIMIT :limit OFFSET :offset"
        ),
        {**where, "limit": limit, "offset": offset},
    )
    total = session.execute(text(f"SELECT count(*) {FROM} WHERE {condition}"), where).scalar_one()
    return rows.mappings().all(), int(total)


def count_states(session: Session, nis_code: str) -> dict[str, int]:
    """How many findings wait and how many are decided; hours that miss need no decision and are counted apart."""
    query = text(
        "SELECT CASE WHEN kind = 'gap' THEN 'gap' ELSE state END AS state, count(*) AS n FROM count_finding "
        "WHERE nis_code = :nis GROUP BY 1"
    )
    return {row.state: row.n for row in session.execute(query, {"nis": nis_code})}


def findings(session: Session, keys: Sequence[int]) -> dict[int, RowMapping]:
    """Findings by key, held until the transaction ends."""
    query = text(f"SELECT {COLUMNS} {FROM} WHERE f.id = ANY(:keys) ORDER BY f.id FOR UPDATE OF f")
    return {row["id"]: row for row in session.execute(query, {"keys": list(keys)}).mappings()}


def finding(session: Session, key: int) -> RowMapping | None:
    """One finding."""
    return session.execute(text(f"SELECT {COLUMNS} {FROM} WHERE f.id = :id"), {"id": key}).mappings().first()


def decide(session: Session, keys: Sequence[int], *, state: str, by: str, reason: str | None) -> int:
    """Write a decision on findings and let their hours follow; how many readings it touched."""
    session.execute(
        text(
            "UPDATE count_finding SET state = CAST(:state AS text), "
            "decided_at = CASE WHEN :state = 'open' THEN NULL ELSE clock_timestamp() END, "
            "decided_by = CASE WHEN :state = 'open' THEN NULL ELSE CAST(:by AS text) END, "
            "reason = CASE WHEN :state = 'open' THEN NULL ELSE CAST(:reason AS text) END, "
            "history = history || jsonb_build_array(CAST(:entry AS jsonb) || jsonb_build_object('at', "
            "clock_timestamp())) WHERE id = ANY(:ids)"
        ),
        {
            "state": state,
            "by": by,
            "reason": reason,
            "entry": orjson.dumps({"state": state, "by": by, "reason": reason}).decode(),
            "ids": list(keys),
        },
    )
    return int(session.execute(APPLY, {"ids": list(keys)}).rowcount)  # type: ignore[attr-defined]


def of_period(session: Session, nis_code: str, first_at: Any, last_at: Any) -> pd.DataFrame:
    """Findings that touch a period, as the calculations take them."""
    query = text(
        "SELECT sensor_id, mode, kind, from_at, to_at, state FROM count_finding "
        "WHERE nis_code = :nis AND from_at < :last AND to_at > :first"
    )
    frame = pd.read_sql(
        query, session.connection(), params={"nis": nis_code, "first": first_at, "last": last_at}
    )
    for name in ("from_at", "to_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def sensors(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Sensors that count passages, with the newest count of each."""
    query = text(
        "SELECT s.id, s.name, max(c.start_at) AS last_at FROM footfall_sensor s "
        "LEFT JOIN LATERAL (SELECT start_at FROM footfall_count WHERE sensor_id = s.id ORDER BY start_at DESC LIMIT 1) c "
        "ON true WHERE s.nis_code = :nis AND s.measure_kind = 'passage' GROUP BY s.id, s.name ORDER BY s.name"
    )
    return session.execute(query, {"nis": nis_code}).mappings().all()
