"""How long does a refresh of one municipality take, and does that stay so from one municipality to three hundred?

``--towns 300`` measures the size of Flanders; filling the database with the towns takes most of that run.
"""

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from bench.deployment import fill, scratch_database


def measure(quick: bool, towns: int | None = None) -> Iterator[dict[str, Any]]:
    """Refresh every town once with warm kernels; the first town is refreshed before the others exist, and after."""
    wanted = towns or (3 if quick else 12)
    days = 120 if quick else 365
    with scratch_database():
        from api.refresh import refresh

        started = time.perf_counter()
        fill(1, count_days=days)
        yield report.figure(
            "refresh.fill_one_s", time.perf_counter() - started, "s", note="one fictional town, written"
        )
        first = _first_code()
        refresh(first)
        alone = [refresh(first).seconds for _ in range(3)]
        yield report.figure(
            "refresh.municipality_s", statistics.median(alone), "s", note="median of three, one town"
        )
        started = time.perf_counter()
        fill(max(wanted, 8), count_days=days)
        filled = time.perf_counter() - started
        yield report.figure(
            "refresh.fill_rest_s", filled, "s", note=f"{max(wanted, 8) - 1} further towns, written"
        )
        started = time.perf_counter()
        each = [refresh(code).seconds for code in _codes()]
        total = time.perf_counter() - started
        again = statistics.median(refresh(first).seconds for _ in range(3))
        yield report.figure(
            "refresh.growth_1_to_300" if len(each) >= 300 else f"refresh.growth_1_to_{len(each)}",
            again / statistics.median(alone), "ratio", note=f"the same town alone and among {len(each)}",
        )  # fmt: skip
        yield report.figure("refresh.all_s", total, "s", note=f"{len(each)} towns, slowest {max(each):.1f} s")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield report.figure("refresh.peak_mb", peak, "MB", note="memory of the refreshing process")


def _codes() -> list[str]:
    from sqlalchemy import text

    from api.db.session import get_engine

    with get_engine().connect() as connection:
        return list(connection.execute(text("SELECT nis_code FROM municipality ORDER BY nis_code")).scalars())


def _first_code() -> str:
    return _codes()[0]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--towns", type=int)
    chosen, rest = parser.parse_known_args()
    sys.argv[1:] = rest
    report.run(lambda quick: measure(quick, chosen.towns), about=__doc__)
