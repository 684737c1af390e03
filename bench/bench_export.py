"""Is a large GeoJSON export quicker and leaner than geopandas, and does its memory stay flat?"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from bench.deployment import scratch_database

NIS = "99001"
MAKE = """
INSERT INTO parcel (nis_code, capakey, geom)
SELECT :nis, 'P' || n, st_multi(st_buffer(st_setsrid(st_makepoint(70000 + n % 2000 * 30, 180000 + n / 2000 * 30), 31370), 12, 2))
FROM generate_series(1, :rows) n
"""
OURS = """
import resource, sys, time
from api.export import service
started = time.perf_counter(); size = 0
for piece in service.layer_geojson("parcels", "99001"): size += len(piece)
print(time.perf_counter() - started, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
PEER = """
import resource, time
import geopandas as gpd
from sqlalchemy import text
from api.db.session import get_engine
from api.export import service
started = time.perf_counter()
frame = gpd.read_postgis(text("SELECT id, capakey, canu, area_m2, begins_on::text, geom FROM parcel"), get_engine())
size = len(frame.to_crs(4326).to_json())
print(time.perf_counter() - started, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measured(code: str) -> tuple[float, float, float]:
    """Seconds, megabytes written and peak memory of a process of its own."""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, size, peak = (float(word) for word in ran.stdout.split())
    return seconds, size / 1e6, peak


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    """Export parcels both ways."""
    with scratch_database():
        from sqlalchemy import insert, text

        from api.db.models import Municipality
        from api.db.session import get_engine

        rows = 50_000 if quick else 1_000_000
        with get_engine().begin() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(insert(Municipality).values(nis_code=NIS, name_nl="Banktown"))
            connection.execute(text(MAKE), {"nis": NIS, "rows": rows})
        ours, peer = measured(OURS), measured(PEER)
        name = "export.geojson_1m_vs_geopandas" if not quick else "export.geojson_50k_vs_geopandas"
        yield report.figure(
            name,
            ours[0],
            "s",
            peer="geopandas",
            ratio=peer[0] / ours[0],
            note=f"{rows:,} parcels, {ours[1]:.0f} MB",
        )
        yield report.figure(
            "export.peak_mb", ours[2], "MB", peer="geopandas", ratio=peer[2] / ours[2], note="whole process"
        )
        base = measured(OURS.replace('"99001"', '"0"'))
        yield report.figure(
            "export.memory_over_idle_mb", ours[2] - base[2], "MB", note="what the export itself adds"
        )


if __name__ == "__main__":
    report.run(measure, about=__doc__)
