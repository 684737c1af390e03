"""What size does: building and keeping networks from 50 thousand to 3 million segments, and one isochrone in a region.

As a script it builds one network and tells what that took; each size has a process of its own, so that memory is its own.
"""

import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import geopandas as gpd
import numpy as np
import psycopg
import shapely

from bench import report
from bench.catchment_isochrones import ours
from bench.catchment_places import MODES, beside, places_on
from bench.catchment_tables import all_nodes
from bench.deployment import SERVER_VARIABLE, scratch_database
from gis.network import StreetNetwork
from tests.gis import real_streets

Figures = Iterator[dict[str, Any]]
SCHEMA = "region"
# Tiles of the city in the two directions: 58 thousand, 202 thousand, 809 thousand and 3.0 million segments of Porto Alegre.
SIZES = ((2, 1), (7, 1), (7, 4), (13, 8))


def built(streets: gpd.GeoDataFrame, quick: bool) -> Figures:
    """Time and memory of a network of three modes by its size."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "streets.pickle"
        path.write_bytes(pickle.dumps(streets))
        for columns, rows in SIZES[:2] if quick else SIZES:
            command = [sys.executable, __file__, str(path), str(columns), str(rows)]
            told = subprocess.run(command, check=True, capture_output=True, text=True)
            found.append(json.loads(told.stdout.splitlines()[-1]))
            one = found[-1]
            yield report.figure(
                f"catchment.build_{one['segments'] // 1000}k_s",
                one["cpu_s"],
                "CPU s",
                note=f"{one['segments']} segments, three modes; {one['kept_mb']:.0f} MB kept, "
                f"{one['peak_mb']:.0f} MB more than the frame at the peak",
            )
    for name in ("cpu_s", "kept_mb", "peak_mb"):
        size, value = (np.log([one[key] for one in found]) for key in ("segments", name))
        yield report.figure(
            f"catchment.build_{name}_exponent",
            float(np.polyfit(size, value, 1)[0]),
            "exponent",
            note=f"{found[0]['segments']} to {found[-1]['segments']} segments; 1 is linear",
        )


def build_one(path: str, columns: int, rows: int) -> dict[str, float]:
    """Build a network of so many tiles."""
    streets = pickle.loads(Path(path).read_bytes())
    # Once on the small one, so that compiling is not counted.
    StreetNetwork.from_streets(streets, mode="walk").in_mode("car")
    large = real_streets.tiled(streets, columns, rows)
    before = _memory_mb("VmRSS")
    # Forgets the highest memory so far; where that is not allowed the peak is that of making the frame too.
    Path("/proc/self/clear_refs").write_text("5")
    started = time.process_time()
    walk = StreetNetwork.from_streets(large, mode="walk")
    networks = [walk, walk.in_mode("bicycle"), walk.in_mode("car")]
    took = time.process_time() - started
    return {
        "segments": len(large),
        "cpu_s": took,
        "kept_mb": sum(array.nbytes for array in _arrays(networks).values()) / 1e6,
        "peak_mb": _memory_mb("VmHWM") - before,
    }


def _arrays(networks: list[StreetNetwork]) -> dict[str, np.ndarray]:
    return {name: array for network in networks for name, array in network.to_arrays().items()}


def _memory_mb(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    return float("nan")


def region(streets: gpd.GeoDataFrame, small: dict[str, float], quick: bool) -> Figures:
    """As many segments as Flanders has: storing, taking up, one isochrone, every node, and a start from PostGIS."""
    large = real_streets.tiled(streets, 2 if quick else 7)
    walk = StreetNetwork.from_streets(large, mode="walk")
    arrays = _arrays([walk, *(walk.in_mode(mode) for mode in MODES[1:])])
    size = sum(array.nbytes for array in arrays.values()) / len(large)
    yield report.figure(
        "catchment.bytes_per_segment", size, "bytes", note="three modes with geometry and index"
    )
    with tempfile.TemporaryDirectory() as folder:
        for i, array in enumerate(arrays.values()):
            np.save(Path(folder) / f"{i}.npy", array)
        started = time.perf_counter()
        mapped = {name: np.load(Path(folder) / f"{i}.npy", mmap_mode="r") for i, name in enumerate(arrays)}
        taken_up = {mode: StreetNetwork.from_arrays(mapped, mode=mode) for mode in MODES}
        loaded_s = time.perf_counter() - started
        yield report.figure(
            "catchment.load_mmap_s", loaded_s, "s", note=f"three modes, {len(large)} segments"
        )
        for mode, network in taken_up.items():
            took = ours(network, beside(network, places_on(network, 20)))
            note = f"{len(large)} segments, memory-mapped"
            yield report.figure(f"catchment.isochrone_{mode}_region_ms", took.p50, "ms", note=note)
            name = "catchment.growth_city_to_flanders" + ("" if mode == "walk" else f"_{mode}")
            note = f"{len(streets)} to {len(large)} segments, {mode}"
            yield report.figure(name, took.p50 / small[mode], "ratio", note=note)
        if not quick:
            yield from all_nodes(taken_up)
    if not quick:
        yield from from_postgis(large)


def from_postgis(streets: gpd.GeoDataFrame) -> Figures:
    """How long the application needs from its table of streets to networks it can search."""
    if SERVER_VARIABLE not in os.environ:
        print(f"skipped: a start from PostGIS needs {SERVER_VARIABLE}: run ./kernkaart bench")
        return
    with scratch_database() as url:
        from sqlalchemy import create_engine
        from sqlalchemy.orm import Session

        from api.catchment import networks

        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            fill_streets(connection, streets)
        engine = create_engine(url, connect_args={"options": f"-c search_path={SCHEMA},public"})
        with Session(engine) as session:
            started, cpu = time.perf_counter(), time.process_time()
            networks._build(session)
            wall, cpu = time.perf_counter() - started, time.process_time() - cpu
        engine.dispose()
    note = f"{len(streets)} segments, three modes; on the clock, {cpu:.1f} CPU s of ours"
    yield report.figure("catchment.start_from_postgis_s", wall, "s", note=note)


def fill_streets(connection: psycopg.Connection, streets: gpd.GeoDataFrame) -> None:
    """Write a table of streets that stands before the application's own.

    It has the columns that are read; the indexes and rights of the other would cost writing them, and reading nothing.
    """
    from api.db.base import SRID

    flags = [name for name in streets.columns if name.startswith("is_")]
    names = ["street_class", "car_speed_kmh", *flags]
    kinds = dict.fromkeys(flags, "boolean") | {"street_class": "text", "car_speed_kmh": "float8"}
    columns = ", ".join(f"{name} {kinds[name]}" for name in names)
    connection.execute(f"CREATE SCHEMA {SCHEMA}")
    connection.execute(
        f"CREATE UNLOGGED TABLE {SCHEMA}.street_segment (id bigint PRIMARY KEY, nis_code text DEFAULT '11002', "
        f"geom geometry(LineString, {SRID}), {columns})"
    )
    geometries = shapely.to_wkb(
        shapely.set_srid(streets.geometry.to_numpy(), SRID), hex=True, include_srid=True
    )
    table = streets[names].astype(object).where(streets[names].notna(), None)
    command = f"COPY {SCHEMA}.street_segment (id, geom, {', '.join(names)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for i, row in enumerate(zip(geometries, *(table[name] for name in names), strict=True)):
            copy.write_row((i, *row))
    connection.execute(f"VACUUM ANALYZE {SCHEMA}.street_segment")


if __name__ == "__main__":
    print(json.dumps(build_one(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
