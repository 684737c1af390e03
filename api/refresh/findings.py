"""What looks wrong in counts, found at every refresh; what people decided about it stays."""

from collections.abc import Sequence
from typing import Any

import orjson
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.footfall.hours import read_direction_days
from api.numbers import known
from gis.count_findings import KINDS, decided_flags, find_faults, flag_of
from gis.counts import REPEATED_HOUR

ON_FOOT = ("ped", "all")


def judge_counts(
    session: Session, nis_code: str, counts: pd.DataFrame, flags: pd.Series, *, timezone: str
) -> pd.Series:
    """
    Store what looks wrong in the counts, and give the flags with what people decided about it.

    Parameters
    ----------
    counts
        As `api.footfall.hours.read_judged_hours` reads.
    flags
        What the rules say of each row.
    """
    modes = counts.groupby("sensor_id")["mode"].first()
    first = counts["start_at"].min().to_pydatetime()
    directions = read_direction_days(session, modes, first_at=first, timezone=timezone)
    found = find_faults(counts, flags, timezone=timezone, directions=directions, kinds=_kinds(modes))
    # A sensor that begins to tell people on foot apart takes its findings along.
    of = sorted({*modes, *(ON_FOOT if set(modes) & set(ON_FOOT) else ())})
    stored = read_findings(session, nis_code, of)
    _store(session, nis_code, found, stored, counts)
    decided = decided_flags(counts, flags, read_findings(session, nis_code, of))
    # That the clock showed an hour twice is known from the file alone.
    return decided.where(counts["quality_flag"] != REPEATED_HOUR, flags)


def _kinds(modes: pd.Series) -> Sequence[str]:
    """Kinds of findings that hold: a lone counter of bicycles or cars changes its level with the weather and school."""
    is_lone = len(modes) == 1 and not set(modes) & set(ON_FOOT)
    return [kind for kind in KINDS if kind != "level_shift" or not is_lone]


def read_findings(session: Session, nis_code: str, modes: Sequence[str]) -> pd.DataFrame:
    """All findings of a municipality in some of its counts."""
    query = text(
        "SELECT id, sensor_id, mode, kind, from_at, to_at, state, detail->>'other' AS other FROM count_finding "
        "WHERE nis_code = :nis AND mode = ANY(:modes) ORDER BY from_at, id"
    )
    frame = pd.read_sql(query, session.connection(), params={"nis": nis_code, "modes": list(modes)})
    for name in ("from_at", "to_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def _store(
    session: Session, nis_code: str, found: pd.DataFrame, stored: pd.DataFrame, counts: pd.DataFrame
) -> None:
    """Write what is new, move what goes on, and drop what nobody decided on and the rules no longer say."""
    mode = counts.groupby("sensor_id")["mode"].first()
    new: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    kept: set[int] = set()
    of_sensor = dict(list(stored.groupby(["sensor_id", "kind"])))
    for one in found.to_dict("records"):
        row = _row(nis_code, one, mode)
        same = _same(one, of_sensor.get((one["sensor_id"], one["kind"])), kept)
        if same is None:
            new.append(row)
            continue
        kept.add(int(same["id"]))
        if same["state"] != "open":
            # The hours that somebody judged stay judged; what goes on is judged with them.
            row["from_at"] = min(row["from_at"], same["from_at"].to_pydatetime())
            row["to_at"] = max(row["to_at"], same["to_at"].to_pydatetime())
        moved.append({**row, "id": int(same["id"])})
    first = counts["start_at"].min()
    is_gone = (stored["state"] == "open") & ~stored["id"].isin(kept) & (stored["to_at"] > first)
    gone = stored.loc[is_gone & stored["sensor_id"].isin(mode.index), "id"].tolist()
    if gone:
        session.execute(text("DELETE FROM count_finding WHERE id = ANY(:ids)"), {"ids": gone})
    if new:
        session.execute(
            text(
                "INSERT INTO count_finding (nis_code, sensor_id, mode, kind, flag, from_at, to_at, strength, detail) "
                "VALUES (:nis_code, :sensor_id, :mode, :kind, :flag, :from_at, :to_at, :strength, "
                "CAST(:detail AS jsonb))"
            ),
            new,
        )
    if moved:
        session.execute(
            text(
                "UPDATE count_finding SET from_at = :from_at, to_at = :to_at, strength = :strength, "
                "detail = CAST(:detail AS jsonb) WHERE id = :id AND (from_at, to_at, detail) "
                "IS DISTINCT FROM (CAST(:from_at AS timestamptz), CAST(:to_at AS timestamptz), "
                "CAST(:detail AS jsonb))"
            ),
            moved,
        )


def _row(nis_code: str, one: dict[Any, Any], mode: pd.Series) -> dict[str, Any]:
    sensor = int(one["sensor_id"])
    return {
        "nis_code": nis_code,
        "sensor_id": sensor,
        "mode": mode[sensor],
        "kind": one["kind"],
        "flag": flag_of(one["kind"]),
        "from_at": one["from_at"].to_pydatetime(),
        "to_at": one["to_at"].to_pydatetime(),
        "strength": known(float(one["strength"])),
        "detail": orjson.dumps(one["detail"], option=orjson.OPT_SERIALIZE_NUMPY).decode(),
    }


def _same(one: dict[Any, Any], stored: pd.DataFrame | None, taken: set[int]) -> Any:
    """The stored finding that this one is; hours in common, and of twins the same other sensor."""
    if stored is None:
        return None
    is_same = (stored["from_at"] < one["to_at"]) & (stored["to_at"] > one["from_at"])
    is_same &= ~stored["id"].isin(taken)
    if "other" in one["detail"]:
        is_same &= stored["other"] == str(one["detail"]["other"])
    if not is_same.any():
        return None
    candidates = stored[is_same]
    # A decision is found again before what is open.
    return candidates.sort_values("state", key=lambda state: state == "open", kind="stable").iloc[0]
