"""A refresh reads sums per hour: it must find what it found from the single readings."""

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.session import get_engine
from api.footfall.hours import counted_modes, read_direction_days, read_hours, read_judged_hours
from api.refresh.judging import COUNT_DAYS, judge_everything
from gis.counts import LOW_UPTIME, OK, STUCK, ZERO_RUN, quality_flags
from gis.footfall import footfall_per_day

NIS, ZONE = "34040", "Europe/Brussels"
READINGS = """
SELECT c.sensor_id, c.start_at, max(c.minutes)::int AS minutes, min(c.uptime)::float8 AS uptime,
    coalesce(sum(c.value) FILTER (WHERE c.direction = 'both'), sum(c.value))::float8 AS value
FROM footfall_count c WHERE c.mode = 'ped' GROUP BY 1, 2 ORDER BY 1, 2
"""
DIRECTIONS = """
SELECT c.sensor_id, (c.start_at AT TIME ZONE :zone)::date AS "on",
    coalesce(sum(c.value) FILTER (WHERE c.direction = 'a'), 0)::float8 AS a,
    coalesce(sum(c.value) FILTER (WHERE c.direction = 'b'), 0)::float8 AS b
FROM footfall_count c WHERE c.direction IN ('a', 'b') AND c.mode = 'ped' GROUP BY 1, 2 ORDER BY 1, 2
"""


def rows_of(sensor, minutes, *, weeks, directions, seed, mode="ped"):
    """Counts of some weeks over the night the clock is put forward, busier by day, and no two in a row the same."""
    start = pd.date_range("2026-02-01T23:00Z", periods=weeks * 168 * 60 // minutes, freq=f"{minutes}min")
    hour = start.tz_convert(ZONE).hour
    level = np.where((hour >= 7) & (hour < 20), 240, 4) * minutes / 60
    return [
        pd.DataFrame(
            {
                "sensor_id": sensor, "start_at": start, "mode": mode, "direction": direction, "minutes": minutes,
                "value": level + (7 * np.arange(len(start)) + seed) % 31, "uptime": np.nan,
            }
        )
        for direction in directions
    ]  # fmt: skip


@pytest.fixture
def counted(database):
    parts = [
        *rows_of(1, 60, weeks=14, directions=("both",), seed=1),
        *rows_of(2, 15, weeks=10, directions=("a", "b"), seed=2),
        *rows_of(3, 60, weeks=12, directions=("both", "a", "b"), seed=3),
        *rows_of(2, 60, weeks=14, directions=("both",), seed=4, mode="bike"),
    ]
    frame = pd.concat(parts, ignore_index=True)
    hour = frame["start_at"].dt.tz_convert(ZONE).dt.hour

    def at(sensor, day, hours, mode="ped"):
        is_day = frame["start_at"].dt.tz_convert(ZONE).dt.strftime("%Y-%m-%d") == day
        return (frame["sensor_id"] == sensor) & is_day & hour.between(*hours) & (frame["mode"] == mode)

    frame.loc[at(2, "2026-04-01", (9, 14)), "value"] = 0
    frame.loc[at(1, "2026-04-02", (9, 12)), "value"] = 77
    frame.loc[at(2, "2026-04-08", (9, 16), "bike"), "value"] = 0
    frame.loc[at(3, "2026-03-17", (18, 20)), "uptime"] = 0.5
    frame.loc[at(3, "2026-03-18", (18, 20)), "uptime"] = 0.8
    whole_day = frame.iloc[:1].assign(start_at=pd.Timestamp("2026-05-12T00:00Z"), minutes=1440, value=900.0)
    frame = pd.concat([frame, whole_day], ignore_index=True)
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "SELECT ensure_count_partitions('2026-01-01Z', '2026-12-31Z'); "
                "INSERT INTO municipality (nis_code, name_nl) VALUES ('34040', 'Waregem'); "
                "INSERT INTO footfall_sensor (id, nis_code, code, name, measure_kind, geom) SELECT n, '34040', 'S' || n, "
                "'S' || n, 'passage', st_setsrid(st_makepoint(85000 + n, 175000), 31370) FROM generate_series(1, 3) n"
            )
        )
        with connection.connection.driver_connection.cursor().copy(
            "COPY footfall_count (sensor_id, start_at, mode, direction, minutes, value, uptime) FROM STDIN"
        ) as copy:
            for row in frame.itertuples(index=False):
                copy.write_row([None if pd.isna(value) else value for value in row])
    with Session(get_engine()) as session, session.begin():
        yield session
        session.rollback()


def from_readings(session):
    frame = pd.read_sql(text(READINGS), session.connection())
    frame["start_at"] = pd.to_datetime(frame["start_at"], utc=True)
    return frame.assign(quality_flag=quality_flags(frame, timezone=ZONE))


def from_hours(session):
    modes = pd.Series("ped", index=counted_modes(session, NIS)["ped"], dtype=object)
    frame = read_judged_hours(session, NIS, modes, days=COUNT_DAYS)
    return frame.assign(quality_flag=quality_flags(frame, timezone=ZONE))


def test_flags_and_means_from_hours_are_those_from_single_readings(counted):
    readings, hours = from_readings(counted), from_hours(counted)
    flags = hours.set_index(["sensor_id", "start_at"])["quality_flag"]
    of_hour = pd.MultiIndex.from_arrays([readings["sensor_id"], readings["start_at"].dt.floor("h")])
    assert (flags.reindex(of_hour).to_numpy() == readings["quality_flag"].to_numpy()).all()
    assert {OK, ZERO_RUN, STUCK, LOW_UPTIME, 10} <= set(flags)
    means = [footfall_per_day(frame, timezone=ZONE) for frame in (readings, hours)]
    assert means[0]["footfall_per_day"].notna().all()
    pd.testing.assert_frame_equal(*means)


def test_directions_by_day_are_those_of_the_readings_whatever_is_flagged(counted):
    counted.execute(
        text("UPDATE footfall_count SET quality_flag = 4 WHERE extract(day FROM start_at) IN (3, 4)")
    )
    modes = pd.Series("ped", index=[1, 2, 3], dtype=object)
    first = pd.Timestamp("2026-02-01T23:00Z").to_pydatetime()
    found = read_direction_days(counted, modes, first_at=first, timezone=ZONE)
    expected = pd.read_sql(text(DIRECTIONS), counted.connection(), params={"zone": ZONE})
    expected["on"] = pd.to_datetime(expected["on"])
    assert set(expected["sensor_id"]) == {2, 3}
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_a_refresh_flags_the_readings_of_an_hour_and_is_done_when_asked_again(counted):
    counts, writes = judge_everything(counted, NIS, timezone=ZONE)
    # One write for those on foot, one for bicycles.
    assert writes == 2
    query = text(
        "SELECT sensor_id, mode, quality_flag, count(*) FROM footfall_count WHERE quality_flag > 0 AND minutes <= 60 "
        "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    # Four stuck hours; eight hours of bicycles; six hours of four quarters in two directions; three hours of three rows.
    assert counted.execute(query).all() == [
        (1, "ped", STUCK, 4), (2, "bike", ZERO_RUN, 8), (2, "ped", ZERO_RUN, 48), (3, "ped", LOW_UPTIME, 9),
    ]  # fmt: skip
    again, none = judge_everything(counted, NIS, timezone=ZONE)
    assert none == 0
    pd.testing.assert_frame_equal(again, counts)
    stored = read_hours(counted, NIS).set_index(["sensor_id", "start_at"])["quality_flag"]
    judged = counts.set_index(["sensor_id", "start_at"])["quality_flag"]
    assert (judged.reindex(stored.index) == stored).all()


def test_a_reading_of_an_hour_shown_twice_keeps_that_where_the_hour_is_of_low_uptime(counted):
    marked = counted.execute(
        text(
            "UPDATE footfall_count SET quality_flag = 11 WHERE (sensor_id, start_at, mode, direction) = (SELECT "
            "sensor_id, start_at, mode, direction FROM footfall_count WHERE sensor_id = 3 AND uptime = 0.5 "
            "AND mode = 'ped' ORDER BY start_at, direction LIMIT 1)"
        )
    )
    assert marked.rowcount == 1
    judge_everything(counted, NIS, timezone=ZONE)
    n = text("SELECT count(*) FROM footfall_count WHERE quality_flag = :flag")
    assert counted.execute(n, {"flag": 11}).scalar() == 1
    assert counted.execute(n, {"flag": LOW_UPTIME}).scalar() == 8
    assert judge_everything(counted, NIS, timezone=ZONE)[1] == 0


def test_low_uptime_is_a_finding_that_a_person_can_overrule(counted):
    from api.footfall import finding_queries

    judge_everything(counted, NIS, timezone=ZONE)
    key, hours, mode = counted.execute(
        text("SELECT id, detail->>'hours', mode FROM count_finding WHERE kind = 'low_uptime'")
    ).one()
    assert (float(hours), mode) == (3.0, "ped")
    low = text("SELECT count(*) FROM footfall_count WHERE quality_flag = 9")
    assert finding_queries.decide(counted, [key], state="overruled", by="AB", reason=None) == 9
    assert counted.execute(low).scalar() == 0
    counts, _ = judge_everything(counted, NIS, timezone=ZONE)
    assert LOW_UPTIME not in set(counts["quality_flag"])
    assert counted.execute(low).scalar() == 0
    assert finding_queries.decide(counted, [key], state="open", by="AB", reason=None) == 9
    assert counted.execute(low).scalar() == 9


def test_findings_of_bicycles_are_told_apart_from_those_on_foot(counted):
    judge_everything(counted, NIS, timezone=ZONE)
    query = text("SELECT sensor_id, mode FROM count_finding WHERE kind = 'zero_run' ORDER BY mode")
    assert counted.execute(query).all() == [(2, "bike"), (2, "ped")]
    judge_everything(counted, NIS, timezone=ZONE)
    assert counted.execute(query).all() == [(2, "bike"), (2, "ped")]
