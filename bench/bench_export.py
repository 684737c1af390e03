"""Is a large export quicker and leaner than geopandas, and does its memory stay flat, in every format?"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from bench.deployment import scratch_database

NIS, EMPTY = "99001", "99002"
MAKE = """
INSERT INTO parcel (nis_code, capakey, geom)
SELECT :nis, 'P' || n, st_multi(st_buffer(st_setsrid(st_makepoint(70000 + n % 2000 * 30, 180000 + n / 2000 * 30), 31370), 12, 2))
FROM generate_series(1, :rows) n
"""
OURS = """
import resource, sys, time
from api.export import service
started = time.perf_counter(); size = 0
for piece in service.layer_geojson("parcels", "99001", ""): size += len(piece)
print(time.perf_counter() - started, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
PEER = """
import resource, time
import geopandas as gpd
from sqlalchemy import text
from api.db.session import get_engine
from api.export import service
started = time.perf_counter()
frame = gpd.read_postgis(text("SELECT id, capakey, canu, area_m2, begins_on::text, geom FROM parcel LIMIT PEER_ROWS"), get_engine())
size = len(frame.to_crs(4326).to_json())
print(time.perf_counter() - started, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
# The file as it is downloaded: all rows, readme and packing included.
WHOLE = """
import resource, sys, time, zipfile
from api.db.session import ordinary_session
from api.export import layers
from api.places.filters import get_unit_filter
wanted = get_unit_filter(None, "NIS", *[None] * 10)
started = time.perf_counter()
with ordinary_session() as session:
    made = layers.file_of(session, "parcels", wanted, file_format="FORMAT", crs=31370, written="", with_crs=False,
                          asked={}, language="nl", is_continued=False)
seconds = time.perf_counter() - started
# A zip is measured by what is in it: how well made-up parcels pack says nothing.
size = sum(i.file_size for i in zipfile.ZipFile(made.path).infolist())
print(seconds, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
# A sheet of a million rows takes minutes by its nature: it is measured on fewer.
SHEET_ROWS = 100_000
# geopandas grows with the rows: a million would ask for many gigabytes and half an hour.
PEER_MOST = 100_000


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
            for nis_code in (NIS, EMPTY):
                connection.execute(insert(Municipality).values(nis_code=nis_code, name_nl="Banktown"))
            connection.execute(text(MAKE), {"nis": NIS, "rows": rows})
        ours, peer_rows = measured(OURS), min(rows, PEER_MOST)
        peer = measured(PEER.replace("PEER_ROWS", str(peer_rows)))
        told = f"geopandas on {peer_rows:,} of them, {peer[0]:.1f} s, {peer[2]:.0f} MB; per row"
        name = "export.geojson_1m_vs_geopandas" if not quick else "export.geojson_50k_vs_geopandas"
        yield report.figure(
            name,
            ours[0],
            "s",
            peer="geopandas",
            ratio=(peer[0] / peer_rows) / (ours[0] / rows),
            note=f"{rows:,} parcels, {ours[1]:.0f} MB; {told}",
        )
        yield report.figure(
            "export.peak_mb",
            ours[2],
            "MB",
            peer="geopandas",
            ratio=peer[2] / ours[2],
            note=f"whole process; {told}",
        )
        base = measured(OURS.replace(NIS, "0"))
        yield report.figure(
            "export.memory_over_idle_mb", ours[2] - base[2], "MB", note="what the export itself adds"
        )
        yield from of_formats(rows)


def of_formats(rows: int) -> Iterator[dict[str, Any]]:
    """Every format as it is downloaded: MB/s of what is in it, rows/s and what it adds to an idle process."""
    idle = measured(WHOLE.replace("NIS", EMPTY).replace("FORMAT", "csv"))[2]
    for kind in ("geojson", "gpkg", "fgb", "parquet", "csv", "xlsx"):
        given = min(rows, SHEET_ROWS) if kind == "xlsx" else rows
        asked = (
            WHOLE.replace("NIS", NIS)
            .replace("FORMAT", kind)
            .replace('written=""', f'written="id <= {given}"')
        )
        seconds, size, peak = measured(asked)
        yield report.figure(
            f"export.{kind}_mb_per_s",
            size / seconds,
            "MB/s",
            note=f"{given:,} parcels, {size:.0f} MB, {seconds:.1f} s",
        )
        yield report.figure(f"export.{kind}_rows_per_s", given / seconds, "rows/s")
        yield report.figure(f"export.{kind}_memory_mb", peak - idle, "MB", note=f"over idle {idle:.0f} MB")


if __name__ == "__main__":
    report.run(measure, about=__doc__)
