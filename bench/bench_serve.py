"""How quick are tiles, lists and catchments when 32 people ask at once, and how much memory does it take?"""

import http.client
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from bench.deployment import fill, scratch_database, served

USERS = 32


def tile_paths(session: Any, zoom: int, layer: str) -> list[str]:
    """Addresses of the tiles around the shop units."""
    from sqlalchemy import text

    query = text(
        "SELECT DISTINCT floor((st_x(p) + 180) / 360 * (2 ^ :z))::int AS x, "
        "floor((1 - ln(tan(radians(st_y(p))) + 1 / cos(radians(st_y(p)))) / pi()) / 2 * (2 ^ :z))::int AS y "
        "FROM (SELECT st_transform(geom, 4326) AS p FROM shop_unit) q"
    )
    rows = session.execute(query, {"z": zoom}).all()
    return [f"/api/tiles/{layer}/{zoom}/{row.x}/{row.y}.mvt" for row in rows]


def load(
    address: str, paths: list[str], *, requests: int, users: int = USERS, bodies: list[bytes] | None = None
) -> tuple[list[float], int]:
    """Seconds of every request, and how many failed; the number of requests is bounded, and answers may be kept."""
    took: list[float] = []
    failed = [0]
    host = urlsplit(address).netloc
    turn = iter(range(requests))
    lock = threading.Lock()

    def user() -> None:
        connection = http.client.HTTPConnection(host, timeout=60)
        while True:
            with lock:
                number = next(turn, None)
            if number is None:
                return
            started = time.perf_counter()
            try:
                connection.request("GET", paths[number % len(paths)], headers={"Accept-Encoding": "gzip"})
                response = connection.getresponse()
                body = response.read()
            except (OSError, http.client.HTTPException):
                # A server that ends must show in the figures, and not end those who ask.
                failed[0] += 1
                connection.close()
                continue
            took.append(time.perf_counter() - started)
            failed[0] += response.status >= 400
            if bodies is not None and response.status < 400:
                bodies.append(body)

    threads = [threading.Thread(target=user) for _ in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, failed[0]


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    """Serve two towns and ask for everything a map asks for."""
    with scratch_database() as url:
        from sqlalchemy import text
        from sqlalchemy.orm import Session

        from api.db.session import get_engine
        from api.refresh import refresh

        fill(2, count_days=90)
        with Session(get_engine()) as session:
            codes = list(session.execute(text("SELECT nis_code FROM municipality")).scalars())
        for code in codes:
            refresh(code)
        with Session(get_engine()) as session:
            ids = list(session.execute(text("SELECT id FROM shop_unit WHERE lifecycle = 'active'")).scalars())
            asked = {
                "tiles_z16_building": tile_paths(session, 16, "building"),
                "tiles_z14_street": tile_paths(session, 14, "street"),
                "list": [f"/api/shop-units?municipality={code}&state=vacant&limit=50" for code in codes],
                "points": [f"/api/shop-units/points?municipality={code}" for code in codes],
                "unit": [f"/api/shop-units/{unit}" for unit in ids],
                "catchment_walk": [f"/api/catchment?shop_unit={unit}" for unit in ids],
            }
        n = 200 if quick else 2000
        with served(url) as (address, pid):
            load(address, asked["catchment_walk"], requests=20, users=2)
            for name, paths in asked.items():
                yield from _figures(
                    address, name, paths, n // 4 if name in {"points", "catchment_walk"} else n
                )
            took, failed = load(
                address, [*asked["list"], *asked["tiles_z16_building"]], requests=n, users=200
            )
            p95 = statistics.quantiles(took, n=20)[18]
            yield report.figure("load.p95_ms_200_users", p95 * 1000, "ms", note="lists and tiles mixed")
            yield report.figure("load.errors", failed, "requests", note=f"of {n} by 200 users")
            yield report.figure("serve.memory_mb", memory_mb(pid), "MB", note="application afterwards")


def _figures(address: str, name: str, paths: list[str], requests: int) -> Iterator[dict[str, Any]]:
    one, _ = load(address, paths, requests=max(20, requests // 20), users=1)
    started = time.perf_counter()
    took, failed = load(address, paths, requests=requests)
    rate = requests / (time.perf_counter() - started)
    p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[18]
    note = f"{rate:.0f}/s by {USERS} users, p50 {p50 * 1000:.0f} ms, alone p50 {statistics.median(one) * 1000:.1f} ms"
    yield report.figure(f"serve.{name}_p95_ms", p95 * 1000, "ms", note=f"{note}, {failed} failed")


if __name__ == "__main__":
    report.run(measure, about=__doc__)
