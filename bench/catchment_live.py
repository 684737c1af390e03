"""A catchment with what it holds through the application, 32 people asking at once."""

import gzip
import json
import os
import statistics
from collections.abc import Iterator
from typing import Any

from bench import report
from bench.deployment import SERVER_VARIABLE

Figures = Iterator[dict[str, Any]]


def live(quick: bool) -> Figures:
    """Two towns, every shop unit in turn, on foot; and which share of an answer's time is not the search."""
    if SERVER_VARIABLE not in os.environ:
        print(f"skipped: live figures need {SERVER_VARIABLE}: run ./kernkaart bench")
        return
    from sqlalchemy import text
    from sqlalchemy.orm import Session

    from api.db.session import get_engine
    from bench.bench_serve import USERS, load
    from bench.deployment import fill, scratch_database, served

    with scratch_database() as url:
        fill(2, count_days=7)
        with Session(get_engine()) as session:
            ids = session.execute(text("SELECT id FROM shop_unit WHERE lifecycle = 'active'")).scalars().all()
        paths = [f"/api/catchment?shop_unit={unit}" for unit in ids]
        with served(url) as (address, _):
            load(address, paths, requests=40, users=2)
            alone, _ = load(address, paths, requests=50, users=1)
            bodies: list[bytes] = []
            took, failed = load(address, paths, requests=200 if quick else 1000, bodies=bodies)
    told = [json.loads(_plain(body))["catchment"] for body in bodies]
    p50, p95 = statistics.median(took) * 1e3, statistics.quantiles(took, n=20)[18] * 1e3
    note = f"walk, {USERS} users, {failed} failed; {statistics.median(alone) * 1e3:.1f} ms for one user alone"
    yield report.figure("catchment.live_p50_ms", p50, "ms", note=note)
    yield report.figure("catchment.live_p95_ms", p95, "ms", note=note)
    if not told or any("search_ms" not in each for each in told):
        print("skipped: the answers do not tell what their search took")
        return
    search, computed = (
        statistics.median(each[name] for each in told) for name in ("search_ms", "computed_ms")
    )
    share = statistics.median(
        1 - each["search_ms"] / each["computed_ms"] for each in told if each["computed_ms"]
    )
    note = f"search {search:.2f} ms of {computed:.1f} ms computed and {p50:.0f} ms waited for, {USERS} users"
    yield report.figure("catchment.live_not_search_share", share, "share", note=note)


def _plain(body: bytes) -> bytes:
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
