"""Do a year's figures and a pushed batch stay as fast at sixteen million counts as at one million?

Counts per five minutes of a year are made in the database, sensor by sensor. What is measured at each size: the year of one
sensor by day and its usual week, as the application reads them (sums per hour and day) and from the single counts, and one
batch of a hundred sensors pushed by the application's own service.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from bench.deployment import scratch_database

NIS = "99001"
PER_SENSOR = 365 * 288
FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
ZONE = "Europe/Brussels"
PUSHED = 100
RAW_DAYS = (
    "SELECT date_trunc('day', start_at, :zone) AS bucket_at, sum(value) AS value, sum(minutes) AS minutes FROM ("
    "SELECT start_at, max(minutes) AS minutes, max(quality_flag) AS flag, "
    "coalesce(sum(value) FILTER (WHERE direction = 'both'), sum(value)) AS value FROM footfall_count "
    "WHERE sensor_id = :id AND mode = 'ped' AND start_at >= :first AND start_at < :last GROUP BY start_at) m "
    "WHERE flag IN (0, 8, 10) GROUP BY 1 ORDER BY 1"
)


def grow(session: Session, first: int, n: int) -> None:
    """Write a year of counts of some sensors, with the sums following as they always do."""
    session.execute(text("SET LOCAL statement_timeout = 0"))
    session.execute(text("SELECT ensure_count_partitions(:first, :last)"), {"first": FIRST, "last": LAST})
    for number in range(first, first + n):
        session.execute(
            text(
                "INSERT INTO footfall_count (sensor_id, start_at, mode, direction, minutes, value) "
                "SELECT s.id, :first + g * interval '5 minutes', 'ped', 'both', 5, (g * 7919 + s.id) % 40 "
                "FROM footfall_sensor s, generate_series(0, :n - 1) g WHERE s.code = :code"
            ),
            {"first": FIRST, "n": PER_SENSOR, "code": f"S{number}"},
        )


def median_s(what: Callable[[], Any], *, times: int) -> float:
    """Median wall seconds of some runs after a first one that warms up."""
    what()
    took = []
    for _ in range(times):
        started = time.perf_counter()
        what()
        took.append(time.perf_counter() - started)
    return statistics.median(took)


def read_seconds(sensor_id: int, *, times: int) -> dict[str, float]:
    """A sensor's year by day and its usual week, and the same days from the single counts."""
    from api.db.session import get_engine
    from api.footfall import queries

    with Session(get_engine()) as session:
        span = {"mode": "ped", "timezone": ZONE, "first_at": FIRST, "last_at": LAST}

        def year() -> list[Any]:
            return list(queries.series(session, sensor_id, interval="day", **span))

        def week() -> list[Any]:
            return list(queries.week_profile(session, sensor_id, **span))

        def raw() -> list[Any]:
            values = {"id": sensor_id, "zone": ZONE, "first": FIRST, "last": LAST}
            return list(session.execute(text(RAW_DAYS), values).all())

        ours, theirs = year(), raw()
        assert [(row["bucket_at"], row["passages"]) for row in ours] == [(row[0], row[1]) for row in theirs]
        return {
            "year": median_s(year, times=times),
            "week": median_s(week, times=times),
            "raw": median_s(raw, times=max(3, times // 4)),
        }


def push_seconds(token: str, step: int, *, times: int) -> float:
    """One batch: a five-minute count of a hundred sensors, each time the next five minutes."""
    from api.db.session import get_engine
    from api.footfall.push import store_counts
    from api.footfall.push_body import PushedBatch

    at = [LAST + step * timedelta(days=1)]

    def push() -> None:
        at[0] += timedelta(minutes=5)
        rows = [{"sensor": f"S{n}", "start": at[0], "minutes": 5, "value": 9} for n in range(PUSHED)]
        with Session(get_engine()) as session, session.begin():
            store_counts(session, token, PushedBatch.model_validate({"counts": rows}))

    return median_s(push, times=times)


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    """Grow the table step by step, and measure at each size."""
    sizes = (2, 4, 8) if quick else (10, 40, 152)
    with scratch_database():
        from api.db.models import FootfallSensor, Municipality
        from api.db.session import get_engine
        from api.footfall.push import new_token

        token, kept = new_token()
        with get_engine().begin() as connection:
            connection.execute(insert(Municipality).values(nis_code=NIS, name_nl="Banktown"))
            names = [f"S{n}" for n in range(max(*sizes, PUSHED))]
            rows = [{"nis_code": NIS, "code": name, "name": name, "supplier": "bench"} for name in names]
            connection.execute(insert(FootfallSensor), rows)
            supplier = {"nis": NIS, "kept": kept}
            connection.execute(
                text(
                    "INSERT INTO push_supplier (nis_code, name, token_sha256) VALUES (:nis, 'bench', :kept)"
                ),
                supplier,
            )
            own = connection.execute(text("SELECT id FROM footfall_sensor WHERE code = 'S0'")).scalar_one()
        found, held = {}, 0
        for step, size in enumerate(sizes):
            started = time.perf_counter()
            with Session(get_engine()) as session, session.begin():
                grow(session, held, size - held)
            wrote = (size - held) * PER_SENSOR
            seconds, held = time.perf_counter() - started, size
            with get_engine().execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                for table in ("footfall_count", "footfall_hour", "footfall_day"):
                    connection.execute(text(f"VACUUM ANALYZE {table}"))
            at = {**read_seconds(own, times=12), "push": push_seconds(token, step, times=12)}
            found[size] = at
            millions = size * PER_SENSOR / 1e6
            yield report.figure(
                f"counts.write_rows_per_s_{millions:.1f}m", wrote / seconds, "rows/s", note="sums kept along"
            )
            yield report.figure(
                f"counts.year_ms_{millions:.1f}m", at["year"] * 1000, "ms", peer="from the single counts",
                ratio=at["raw"] / at["year"], note="365 days of one sensor",
            )  # fmt: skip
            yield report.figure(
                f"counts.week_ms_{millions:.1f}m", at["week"] * 1000, "ms", note="its usual week"
            )
            yield report.figure(
                f"counts.push_ms_{millions:.1f}m", at["push"] * 1000, "ms", note=f"a batch of {PUSHED} counts"
            )
        small, large = found[sizes[0]], found[sizes[-1]]
        factor = sizes[-1] / sizes[0]
        for name in ("year", "week", "push"):
            yield report.figure(
                f"counts.growth_{name}",
                large[name] / small[name],
                "ratio",
                note=f"{factor:.0f} times as many counts",
            )
        with get_engine().connect() as connection:
            for table in ("footfall_count", "footfall_hour", "footfall_day"):
                query = text(
                    "SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree(CAST(:t AS regclass))"
                )
                whole = text("SELECT pg_total_relation_size(CAST(:t AS regclass))")
                size_b = connection.execute(
                    query if table == "footfall_count" else whole, {"t": table}
                ).scalar_one()
                yield report.figure(f"counts.{table}_mb", float(size_b) / 1e6, "MB")


if __name__ == "__main__":
    report.run(measure, about=__doc__)
