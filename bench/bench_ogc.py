"""
How many features and tiles a second does the OGC API give, beside tipg on the same database?

Tiles are asked twice: each once, when all are to be made, and again, when here those of tables are kept.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from bench.bench_export import MAKE, NIS
from bench.bench_serve import load
from bench.deployment import scratch_database, served

PEER = Path(__file__).parents[1] / ".kernkaart" / "peers" / "tipg"
MISSING = (
    "skipped: tipg is not there; python3 -m venv .kernkaart/peers/tipg && "
    ".kernkaart/peers/tipg/bin/python -m pip install tipg uvicorn uvloop httptools"
)
USERS, WARM = 8, 20
OURS = "/api/ogc/collections/parcels"
THEIRS = "/collections/public.parcel"


@contextmanager
def tipg(url: str) -> Iterator[tuple[str, int]]:
    """The peer in a process of its own, on the same tables."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DATABASE_URL": url.replace("postgresql+psycopg", "postgresql"),
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_DB_EXCLUDE_FUNCTION_SCHEMAS": '["public"]',
        "TIPG_DB_TABLES": '["public.parcel"]',
        # Reading its catalogue again within the measurement would stop it for seconds.
        "TIPG_CATALOG_TTL": "100000",
        "TIPG_MAX_FEATURES_PER_QUERY": "10000",
        "TIPG_DB_MAX_CONN_SIZE": "8",
    }
    command = [
        str(PEER / "bin" / "python"),
        "-m",
        "uvicorn",
        "tipg.main:app",
        "--port",
        str(port),
        "--log-level",
        "error",
    ]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            for _ in range(150):
                try:
                    urllib.request.urlopen(f"{address}{THEIRS}", timeout=2).read()
                    break
                except OSError:
                    time.sleep(0.2)
            else:
                sys.exit("tipg did not start")
            yield address, process.pid
        finally:
            process.terminate()


def boxes(count: int) -> list[str]:
    """Boxes of about 1 km by 1 km over the ground of the parcels, in degrees."""
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(31370, 4326, always_xy=True)
    found = []
    for n in range(count):
        x, y = 71_000 + n % 25 * 2_000, 180_100 + n // 25 * 300
        west, south = to_degrees.transform(x, y)
        east, north = to_degrees.transform(x + 1000, y + 1000)
        found.append(f"{west:.6f},{south:.6f},{east:.6f},{north:.6f}")
    return found


def tiles(zoom: int, count: int) -> list[tuple[int, int]]:
    """Columns and rows of tiles over the same ground."""
    from pyproj import Transformer

    to_mercator = Transformer.from_crs(31370, 3857, always_xy=True)
    world, found = 20037508.342789244, []
    for n in range(count):
        x, y = to_mercator.transform(71_000 + n * 937 % 50_000, 180_100 + n * 71 % 1_200)
        found.append((int((x + world) / (2 * world) * 2**zoom), int((world - y) / (2 * world) * 2**zoom)))
    return list(dict.fromkeys(found))


def questions() -> Iterator[tuple[str, list[str], list[str], int]]:
    """Name, our addresses, theirs, and how often they are asked; 0: each once, but for those that warm up."""
    yield "ogc.items_1000", [f"{OURS}/items?f=json&limit=1000"], [f"{THEIRS}/items?f=geojson&limit=1000"], 60
    found = boxes(100)
    yield (
        "ogc.bbox_1000",
        [f"{OURS}/items?f=json&limit=1000&bbox={box}" for box in found],
        [f"{THEIRS}/items?f=geojson&limit=1000&bbox={box}" for box in found],
        100,
    )
    keys = range(1, 301)
    yield (
        "ogc.item",
        [f"{OURS}/items/{n}?f=json" for n in keys],
        [f"{THEIRS}/items/{n}?f=geojson" for n in keys],
        600,
    )
    for zoom in (16, 14):
        places = tiles(zoom, 320)
        ours = [f"{OURS}/tiles/WebMercatorQuad/{zoom}/{y}/{x}" for x, y in places]
        theirs = [f"{THEIRS}/tiles/WebMercatorQuad/{zoom}/{x}/{y}?geom-column=geom_3857" for x, y in places]
        yield f"tiles.z{zoom}_vs_tipg", ours, theirs, 0
        yield f"tiles.z{zoom}_again_vs_tipg", ours[WARM:], theirs[WARM:], 300


def processor_s(pid: int, database: str) -> float:
    """Processor seconds that a server and the backends of its database have used so far."""
    from sqlalchemy import text

    from api.db.session import get_engine

    with get_engine().connect() as connection:
        query = text("SELECT pid FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()")
        backends = list(connection.execute(query, {"name": database}).scalars())
    total = 0
    for each in (pid, *backends):
        with suppress(OSError):
            # After the name in brackets: user time is the 12th word, system time the 13th.
            words = Path(f"/proc/{each}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
            total += int(words[11]) + int(words[12])
    return total / os.sysconf("SC_CLK_TCK")


def settle(pid: int, database: str) -> None:
    """Wait until a server that has just started does nothing any more: ours compiles its kernels meanwhile."""
    before, now = -1.0, processor_s(pid, database)
    while now - before > 0.02:
        time.sleep(0.5)
        before, now = now, processor_s(pid, database)


def rate(address: str, pid: int, database: str, paths: list[str], requests: int) -> tuple[float, float, int]:
    """Answers a second, answers a second of processor time, and how many were none; the first ones warm up."""
    load(address, paths, requests=min(WARM, requests or WARM), users=USERS)
    asked = paths if requests else paths[WARM:]
    used, started = processor_s(pid, database), time.perf_counter()
    took, failed = load(address, asked, requests=requests or len(asked), users=USERS)
    seconds = time.perf_counter() - started
    return len(took) / seconds, len(took) / max(processor_s(pid, database) - used, 0.01), failed


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    """Ask both the same, one after the other."""
    with scratch_database() as url:
        from sqlalchemy import insert, make_url, text

        from api.db.models import Municipality
        from api.db.session import get_engine

        rows = 20_000 if quick else 100_000
        with get_engine().begin() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(insert(Municipality).values(nis_code=NIS, name_nl="Banktown"))
            connection.execute(text(MAKE), {"nis": NIS, "rows": rows})
        with get_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE parcel"))
        database = str(make_url(url).database)
        ours: dict[str, tuple[float, float, int]] = {}
        with served(url) as (address, pid):
            settle(pid, database)
            for name, paths, _, requests in questions():
                ours[name] = rate(address, pid, database, paths, requests // 4 if quick else requests)
        theirs: dict[str, tuple[float, float, int]] = {}
        if PEER.is_dir():
            with tipg(url) as (address, pid):
                settle(pid, database)
                for name, _, paths, requests in questions():
                    theirs[name] = rate(address, pid, database, paths, requests // 4 if quick else requests)
        else:
            print(MISSING)
        for name, (wall, value, failed) in ours.items():
            note = f"of processor time, {rows:,} parcels; by the clock {wall:.0f}/s, failed {failed}"
            peer = theirs.get(name)
            if peer:
                note += f"; tipg {peer[1]:.0f} and {peer[0]:.0f}/s, failed {peer[2]}"
            yield report.figure(
                name,
                value,
                "1/s",
                peer="tipg" if peer else None,
                ratio=value / peer[1] if peer else None,
                note=note,
            )


if __name__ == "__main__":
    report.run(measure, about=__doc__)
