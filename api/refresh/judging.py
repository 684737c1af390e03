"""Which hours of a sensor can be believed: judged at every refresh, and written to the readings they are made of."""

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.footfall.hours import counted_modes, read_judged_hours
from api.refresh.findings import judge_counts
from gis.counts import LOW_UPTIME, LOW_UPTIME_SHARE, REPEATED_HOUR, quality_flags

# Counts older than this before the newest say little about today.
COUNT_DAYS = 730
BESIDE = ("bike", "auto", "truck")


def judge_everything(session: Session, nis_code: str, *, timezone: str) -> tuple[pd.DataFrame, int]:
    """
    Judge all counts of a municipality, those of people on foot and of each kind of vehicle among themselves.

    A sensor that tells people on foot apart is not asked for all who pass: nobody is counted twice.

    Returns
    -------
    counts
        Hours of people on foot, as `read_judged_hours`, with ``quality_flag`` as judged.
    own_writes
        In how many writes flags were changed.
    """
    sensors = counted_modes(session, nis_code)
    on_foot = dict.fromkeys(sensors.get("all", []), "all") | dict.fromkeys(sensors.get("ped", []), "ped")
    counts, own_writes = _judge(session, nis_code, pd.Series(on_foot, dtype=object), timezone=timezone)
    for mode in BESIDE:
        own_writes += _judge(
            session, nis_code, pd.Series(mode, index=sensors.get(mode, []), dtype=object), timezone=timezone
        )[1]
    return counts, own_writes


def _judge(session: Session, nis_code: str, modes: pd.Series, *, timezone: str) -> tuple[pd.DataFrame, int]:
    counts = read_judged_hours(session, nis_code, modes, days=COUNT_DAYS)
    if counts.empty:
        return counts, 0
    flags = quality_flags(counts, timezone=timezone)
    flags = judge_counts(session, nis_code, counts, flags, timezone=timezone)
    own_writes = _store_flags(session, counts, flags)
    return counts.assign(quality_flag=flags), own_writes


def _store_flags(session: Session, counts: pd.DataFrame, flags: pd.Series) -> int:
    """Write the flags that changed, and say in how many writes; the readings themselves are never touched."""
    # That the clock showed an hour twice is known from the file alone.
    is_repeated = (counts["quality_flag"] == REPEATED_HOUR) & (flags == 0)
    # An hour has the worst flag of its readings: where both are fine, all of them are.
    is_asked = ((flags > 0) | (counts["quality_flag"] > 0)) & ~is_repeated
    changed = _readings(session, counts[is_asked], flags[is_asked].astype(int))
    if changed.empty:
        return 0
    session.execute(
        text(
            "UPDATE footfall_count c SET quality_flag = n.flag FROM unnest(CAST(:sensors AS bigint[]), "
            "CAST(:starts AS timestamptz[]), CAST(:modes AS text[]), CAST(:flags AS smallint[])) "
            "AS n(sensor_id, start_at, mode, flag) "
            "WHERE c.sensor_id = n.sensor_id AND c.start_at = n.start_at AND c.mode = n.mode AND c.quality_flag <> :repeated"
        ),
        {
            "sensors": changed["sensor_id"].tolist(),
            "starts": changed["start_at"].tolist(),
            "modes": changed["mode"].tolist(),
            "flags": changed["flag"].tolist(),
            "repeated": REPEATED_HOUR,
        },
    )
    return 1


def _readings(session: Session, hours: pd.DataFrame, flags: pd.Series) -> pd.DataFrame:
    """Readings of some hours whose flag is another; of an hour of low uptime only those of low uptime carry that.

    Those of an hour that the clock showed twice keep their flag.
    """
    query = text(
        "SELECT n.sensor_id, c.start_at, n.mode, f.flag FROM unnest(CAST(:sensors AS bigint[]), "
        "CAST(:starts AS timestamptz[]), CAST(:modes AS text[]), CAST(:flags AS smallint[])) "
        "AS n(sensor_id, start_at, mode, flag) CROSS JOIN LATERAL (SELECT start_at, min(uptime) AS uptime, "
        "min(quality_flag) AS least, max(quality_flag) AS worst FROM footfall_count WHERE sensor_id = n.sensor_id "
        "AND mode = n.mode AND start_at >= n.start_at AND start_at < n.start_at + interval '1 hour' "
        "AND quality_flag <> :repeated GROUP BY 1) c "
        "CROSS JOIN LATERAL (SELECT CASE WHEN n.flag = :low AND NOT coalesce(c.uptime <= :share, false) THEN 0 "
        "ELSE n.flag END AS flag) f WHERE c.least <> f.flag OR c.worst <> f.flag"
    )
    values = {
        "sensors": hours["sensor_id"].tolist(),
        "starts": [moment.to_pydatetime() for moment in hours["start_at"]],
        "modes": hours["mode"].tolist(),
        "flags": flags.tolist(),
        "low": LOW_UPTIME,
        "repeated": REPEATED_HOUR,
        "share": LOW_UPTIME_SHARE,
    }
    return pd.DataFrame(
        session.execute(query, values).all(), columns=["sensor_id", "start_at", "mode", "flag"]
    )
