"""What grows when a city has a hundred million counts instead of one million?

A city whose sensors count people on foot and bicycles in both directions per five minutes, for 27 months: a million readings
a sensor. The readings are written straight into their partitions and the application's own function makes the sums per hour and
day; then what people and suppliers wait for is measured, at 1, 10 and 100 million readings. A hundred million take some
forty minutes and 25 GB of disk; --quick stops at one million.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import insert, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from bench.bench_counts import ZONE, median_s, push_seconds
from bench.deployment import scratch_database

NIS, PUSHED = "99001", 100
# Begin and end on the clock of the wall in Brussels: 27 months, of which the oldest may go when 26 are kept.
FIRST, LAST = datetime(2023, 9, 30, 22, tzinfo=UTC), datetime(2025, 12, 31, 23, tzinfo=UTC)
YEAR_FROM, NOW, KEPT_MONTHS = datetime(2024, 12, 31, 23, tzinfo=UTC), datetime(2026, 1, 1, 12, tzinfo=UTC), 26
STEPS = int((LAST - FIRST).total_seconds() // 300)
PER_SENSOR = STEPS * 4
TABLES = ("footfall_count", "footfall_hour", "footfall_day")
GB_PER_MILLION = 0.25
MOST_READ_SINGLY = 11
RAW_READINGS = (
    "SELECT sensor_id, start_at, max(minutes)::int AS minutes, min(uptime)::float8 AS uptime, "
    "coalesce(sum(value) FILTER (WHERE direction = 'both'), sum(value))::float8 AS value FROM footfall_count "
    "WHERE sensor_id = ANY(:ids) AND mode = 'ped' AND start_at >= :first GROUP BY 1, 2 ORDER BY 1, 2"
)


def fill(engine: Engine, sensors: int) -> tuple[float, float]:
    """Make a city of so many sensors; seconds to write the readings, and to sum them."""
    from api.db.models import FootfallSensor, Municipality

    names = [f"S{number}" for number in range(max(sensors, PUSHED))]
    with engine.begin() as connection:
        connection.execute(insert(Municipality).values(nis_code=NIS, name_nl="Banktown"))
        rows = [{"nis_code": NIS, "code": name, "name": name, "supplier": "bench"} for name in names]
        connection.execute(insert(FootfallSensor), rows)
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
        connection.execute(
            text("CREATE TEMP TABLE used AS SELECT id FROM footfall_sensor ORDER BY id LIMIT :n"),
            {"n": sensors},
        )
        started = time.perf_counter()
        for year in range(FIRST.year, NOW.year + 1):
            write_year(connection, year)
        wrote = time.perf_counter() - started
    started = time.perf_counter()
    with engine.connect() as connection:
        ids = (
            connection.execute(text("SELECT id FROM footfall_sensor ORDER BY id LIMIT :n"), {"n": sensors})
            .scalars()
            .all()
        )
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("ANALYZE footfall_count"))
        for sensor_id in ids:
            connection.execute(text("SELECT rebuild_rollups(:id)"), {"id": sensor_id})
        for table in TABLES:
            connection.execute(text(f"VACUUM ANALYZE {table}"))
    return wrote, time.perf_counter() - started


def write_year(connection: Connection, year: int) -> None:
    """Write the readings of a year into a table of its own, which then becomes the partition: keys are made once."""
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    name = f"footfall_count_y{year}"
    connection.execute(
        text(f"CREATE TABLE {name} (LIKE footfall_count INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    )
    connection.execute(
        text(
            f"INSERT INTO {name} (sensor_id, start_at, mode, direction, minutes, value) "
            "SELECT u.id, CAST(:first AS timestamptz) + g * interval '5 minutes', m.mode, d.direction, 5, (g * 7919 + u.id) % 40 "
            "FROM used u, generate_series(0, :n - 1) g, (VALUES ('ped'), ('bike')) m(mode), (VALUES ('a'), ('b')) d(direction) "
            "WHERE CAST(:first AS timestamptz) + g * interval '5 minutes' >= :begin "
            "AND CAST(:first AS timestamptz) + g * interval '5 minutes' < :end ORDER BY 1, 2"
        ),
        {"first": FIRST, "n": STEPS, "begin": begin, "end": end},
    )
    bounds = f"FROM ('{begin.isoformat()}') TO ('{end.isoformat()}')"
    connection.execute(text(f"ALTER TABLE footfall_count ATTACH PARTITION {name} FOR VALUES {bounds}"))


def supplier_token(engine: Engine) -> str:
    """A supplier that pushes for the sensors of the city."""
    from api.footfall.push import new_token

    token, kept = new_token()
    with engine.begin() as connection:
        query = text("INSERT INTO push_supplier (nis_code, name, token_sha256) VALUES (:nis, 'bench', :kept)")
        connection.execute(query, {"nis": NIS, "kept": kept})
    return token


def wait_seconds(engine: Engine, token: str, *, times: int) -> dict[str, float]:
    """How long people and suppliers wait: a year of a sensor, its usual week, the city, a batch."""
    from api.footfall import overview, queries

    with Session(engine) as session:
        own = session.execute(text("SELECT min(id) FROM footfall_sensor")).scalar_one()
        span: dict[str, Any] = {"mode": "ped", "timezone": ZONE, "first_at": YEAR_FROM, "last_at": LAST}
        days = list(queries.series(session, own, interval="day", **span))
        assert len(days) == 365
        assert sum(row["n"] for row in days) == 365 * 288
        shown = overview.get_overview(session, NIS)["items"]
        assert sum(bool(item["weeks"]) for item in shown) >= 1
        found = {
            "year": median_s(lambda: queries.series(session, own, interval="day", **span), times=times),
            "week": median_s(lambda: queries.week_profile(session, own, **span), times=times),
            "city": median_s(lambda: overview.get_overview(session, NIS), times=3),
            "city_by_hour": median_s(lambda: _weeks_of_single_hours(session), times=1),
        }
    return {**found, "push": push_seconds(token, 1, times=times)}


def _weeks_of_single_hours(session: Session) -> pd.DataFrame:
    """What the page of the city would wait for if every hour came out of the database: the peer of its sums."""
    from api.footfall.hours import read_hours
    from gis.counts import hourly
    from gis.footfall_weeks import weekly_footfall

    return weekly_footfall(hourly(read_hours(session, NIS), timezone=ZONE))


def refresh_seconds(engine: Engine, sensors: int, *, with_peer: bool) -> tuple[float, float | None]:
    """Seconds to read two years of a city for a refresh; and from the single readings, which must give the same."""
    from api.footfall.hours import read_judged_hours

    with Session(engine) as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        ids = (
            session.execute(text("SELECT id FROM footfall_sensor ORDER BY id LIMIT :n"), {"n": sensors})
            .scalars()
            .all()
        )
        started = time.perf_counter()
        hours = read_judged_hours(session, NIS, pd.Series("ped", index=list(ids), dtype=object), days=730)
        ours = time.perf_counter() - started
        if not with_peer:
            return ours, None
        started = time.perf_counter()
        first = hours["start_at"].min().to_pydatetime()
        raw = pd.read_sql(text(RAW_READINGS), session.connection(), params={"ids": list(ids), "first": first})
        theirs = time.perf_counter() - started
        assert raw["value"].sum() == hours["value"].sum()
        return ours, theirs


def retention_seconds(engine: Engine) -> tuple[float, int]:
    """Seconds to find and drop the oldest month of every sensor, and how many readings went."""
    from api.footfall import retention

    with engine.begin() as connection:
        connection.execute(text("UPDATE municipality SET raw_months = :n"), {"n": KEPT_MONTHS})
    started = time.perf_counter()
    with Session(engine) as session, session.begin():
        session.execute(text("SET LOCAL statement_timeout = 0"))
        gone = retention.drop(session, retention.due(session, now=NOW))
    return time.perf_counter() - started, gone


def sizes_mb(engine: Engine) -> dict[str, float]:
    """Space on disk, keys included."""
    query = text(
        "SELECT sum(pg_total_relation_size(relid)) FROM (SELECT relid FROM pg_partition_tree(CAST(:t AS regclass)) "
        "UNION SELECT CAST(:t AS regclass)) p"
    )
    with engine.connect() as connection:
        return {t: float(connection.execute(query, {"t": t}).scalar_one()) / 1e6 for t in TABLES}


def measure_city(engine: Engine, sensors: int, *, times: int) -> Iterator[dict[str, Any]]:
    """Fill a city and measure it."""
    millions = sensors * PER_SENSOR / 1e6
    wrote, summed = fill(engine, sensors)
    at = f"{millions:.1f}m"
    yield report.figure(f"millions.write_s_{at}", wrote, "s", note="straight into the partitions")
    yield report.figure(f"millions.sum_s_{at}", summed, "s", note=f"hours and days of {sensors} sensors")
    for table, size in sizes_mb(engine).items():
        yield report.figure(f"millions.{table}_mb_{at}", size, "MB", note="with its keys")
    notes = {
        "year": "365 days of one sensor",
        "week": "its usual week",
        "city": f"the overview of {sensors} sensors",
        "push": f"a batch of {PUSHED} counts",
    }
    waited = wait_seconds(engine, supplier_token(engine), times=times)
    by_hour = waited.pop("city_by_hour")
    for name, seconds in waited.items():
        peer = {"peer": "weeks from single hours", "ratio": by_hour / seconds} if name == "city" else {}
        yield report.figure(f"millions.{name}_ms_{at}", seconds * 1000, "ms", note=notes[name], **peer)
    ours, theirs = refresh_seconds(engine, sensors, with_peer=sensors <= MOST_READ_SINGLY)
    yield report.figure(
        f"millions.refresh_read_s_{at}", ours, "s", peer=theirs and "from single readings", ratio=theirs and theirs / ours,
        note="two years of people on foot, for a refresh",
    )  # fmt: skip
    seconds, gone = retention_seconds(engine)
    yield report.figure(f"millions.retention_s_{at}", seconds, "s", note=f"the oldest month: {gone} readings")


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    """One city after the other, each in a database of its own."""
    for sensors in (1,) if quick else (1, 11, 106):
        needed = sensors * PER_SENSOR / 1e6 * GB_PER_MILLION
        if shutil.disk_usage(tempfile.gettempdir()).free < needed * 1e9:
            sys.exit(
                f"{needed:.0f} GB of free disk are needed for {sensors} sensors: make room, or use --quick"
            )
        with scratch_database():
            from api.db.session import get_engine

            yield from measure_city(get_engine(), sensors, times=12)


if __name__ == "__main__":
    report.run(measure, about=__doc__)
