"""How fast, how large and how exact is the catchment engine, beside scipy and, where it is importable, pandana?

Times are CPU times of one thread, medians, ours and the peer's in turns; a ratio above 1 says that we are faster.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from bench.catchment_peers import Pandana, node_graph, replay_of, scipy_limit, scipy_nearest, scipy_table
from gis.catchment import costs_to, isochrones, wrong_side_share
from gis.network import StreetNetwork
from gis.snapping import Positions
from tests.gis import real_streets

Figures = Iterator[dict[str, Any]]
CITY, TOWN = "porto_alegre", "enschede"
BANDS = (5, 10, 15)


def cpu_s(*runs: Callable[[], Any], times: int = 5) -> list[float]:
    """Median CPU seconds of each, one after the other in turns, the first turn not counted."""
    took: list[list[float]] = [[] for _ in runs]
    for turn in range(times + 1):
        for mine, run in zip(took, runs, strict=True):
            started = time.process_time()
            run()
            if turn:
                mine.append(time.process_time() - started)
    return [statistics.median(mine) for mine in took]


def places_on(network: StreetNetwork, n: int, seed: int = 1) -> Positions:
    """Places 5 to 25 m beside streets, spread by length."""
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(network.snaps)
    length_m = network.graph.length_m[rows].astype(float)
    segment = rng.choice(rows, n, p=length_m / length_m.sum()).astype(np.int32)
    return Positions(segment, rng.uniform(0, 1, n), rng.uniform(5, 25, n))


def beside(network: StreetNetwork, places: Positions) -> np.ndarray:
    """Where those places are, at a right angle to their street."""
    rng = np.random.default_rng(3)
    at = network.locate(places)
    onwards = Positions(places.segment, np.clip(places.fraction + 0.01, 0, 1), places.distance_m)
    along = network.locate(onwards) - at
    side = rng.choice([-1, 1], len(places)) * places.distance_m / np.maximum(np.hypot(*along.T), 1e-9)
    return at + np.column_stack([-along[:, 1], along[:, 0]]) * side[:, None]


def streets_or_invented(name: str) -> tuple[gpd.GeoDataFrame, str]:
    """A real network, or a grid of blocks where the data are not there."""
    if real_streets.has(name):
        return real_streets.read(name), f"real streets of {name}"
    print(f"skipped: {name} is not there, an invented grid stands in")
    return real_streets.grid(120), "invented grid"


def measure(quick: bool) -> Figures:
    """Everything, from small to large."""
    streets, what = streets_or_invented(CITY)
    walk = StreetNetwork.from_streets(streets, mode="walk")
    car = walk.in_mode("car")
    yield from searches(walk, car, quick)
    yield from snapping(walk)
    twice = StreetNetwork.from_streets(real_streets.tiled(streets, 2), mode="walk")
    yield from tables(twice, twice.in_mode("car"), quick)
    yield from everybody(walk, quick)
    yield from accuracy(quick)
    small = {}
    for mode in ("walk", "bicycle", "car"):
        figure, small[mode] = isochrone(walk.in_mode(mode), what, quick)
        yield figure
    yield from region(streets, small, 4 if quick else 7)
    yield from live(quick)


def searches(walk: StreetNetwork, car: StreetNetwork, quick: bool) -> Figures:
    """One search after another in one kernel, against the same relaxations without a queue and against scipy."""
    for network, limit_s, n, name in ((walk, 900, 200, "walk"), (car, 600, 40, "car")):
        origins = places_on(network, n)
        replay = replay_of(network, origins, limit_s)
        ours, without_queue = cpu_s(replay.search, replay.run, times=5 if quick else 15)
        settled = replay.settled
        yield report.figure(
            f"catchment.{name}_search_over_replay",
            ours / without_queue,
            "ratio",
            note=f"{limit_s} s, {settled / n:.0f} nodes settled a search",
        )
        yield report.figure(
            f"catchment.{name}_search_ns_per_node", ours / settled * 1e9, "ns", note="in batch"
        )
        graph, nodes = node_graph(network), network.graph.segment_from[origins.segment][:10]
        (peer,) = cpu_s(
            lambda graph=graph, nodes=nodes, most=limit_s: scipy_limit(graph, nodes, most), times=3
        )
        yield report.figure(
            f"catchment.{name}_search_ms", ours / n * 1e3, "ms", peer="scipy", ratio=peer / 10 / (ours / n)
        )


def snapping(walk: StreetNetwork) -> Figures:
    """Addresses to streets, against the tree of shapely."""
    xy = beside(walk, places_on(walk, 20_000))
    tree, points = shapely.STRtree(walk.graph.lines(np.arange(len(walk.snaps)))), shapely.points(xy)
    ours, peer = cpu_s(lambda: walk.snap(xy), lambda: tree.query_nearest(points[:4000]), times=3)
    note = "position, fraction and distance; the tree finds the segment only"
    yield report.figure(
        "catchment.snap_us", ours / 20_000 * 1e6, "us", peer="STRtree", ratio=5 * peer / ours, note=note
    )


def tables(walk: StreetNetwork, car: StreetNetwork, quick: bool) -> Figures:
    """2,000 x 2,000 within 3 km on foot and 20 minutes by car, and the nearest of 500, on four times the city."""
    n, n_peer = (500, 20) if quick else (2000, 100)
    for network, limit_s, name in ((walk, 2250, "walk"), (car, 1200, "car")):
        places = places_on(network, n)
        graph, nodes = node_graph(network), network.graph.segment_from[places.segment]
        ours, peer = cpu_s(
            lambda network=network, places=places, most=limit_s: network.times(places, places, limit_s=most),
            lambda graph=graph, nodes=nodes, most=limit_s: scipy_table(graph, nodes[:n_peer], nodes, most),
            times=1 if quick else 2,
        )
        yield report.figure(
            f"catchment.matrix_{name}_vs_scipy",
            ours,
            "CPU s",
            peer="scipy",
            ratio=peer * n / n_peer / ours,
            note=f"{n} x {n} places along segments within {limit_s} s; scipy from node to node, {n_peer} rows scaled up",
        )
    places, nodes = places_on(walk, 500), np.arange(walk.engine.n_nodes)
    everywhere = at_nodes(walk)
    graph = node_graph(walk, direction="towards")
    start = walk.graph.segment_from[places.segment]
    ours, peer = cpu_s(
        lambda: walk.nearest(everywhere, places, limit_s=3600), lambda: scipy_nearest(graph, start, 3600)
    )
    note = f"500 facilities, {len(nodes)} nodes"
    yield report.figure("catchment.nearest_ms", ours * 1e3, "ms", peer="scipy", ratio=peer / ours, note=note)
    if Pandana.is_there():
        (peer,) = cpu_s(Pandana(walk).nearest(start, 3600), times=2)
        yield report.figure(
            "catchment.nearest_vs_pandana", ours * 1e3, "ms", peer="pandana", ratio=peer / ours, note=note
        )


def at_nodes(network: StreetNetwork) -> Positions:
    """Every node as a position: an end of one of its segments."""
    graph = network.graph
    segment = graph.arc_segment[graph.arc_start[:-1]]
    is_start = graph.segment_from[segment] == np.arange(len(graph.node_mm))
    return Positions(segment, np.where(is_start, 0.0, 1.0), np.zeros(len(segment)))


def everybody(walk: StreetNetwork, quick: bool) -> Figures:
    """Inhabitants within 15 minutes on foot: of every node by node, and of places along segments with decay."""
    people = np.random.default_rng(2).integers(0, 9, walk.engine.n_nodes).astype(float)
    nodes = np.arange(walk.engine.n_nodes, dtype=np.int32)[: 5_000 if quick else None]
    (ours,) = cpu_s(lambda: walk.node_sums(people, limit_s=900, nodes=nodes), times=3)
    note = f"{len(nodes)} nodes, sums by node"
    yield report.figure("catchment.node_sum_us", ours / len(nodes) * 1e6, "us", note=note)
    if Pandana.is_there():
        (peer,) = cpu_s(Pandana(walk).sums(people, 900), times=2)
        ratio = peer / walk.engine.n_nodes / (ours / len(nodes))
        yield report.figure(
            "catchment.allnodes_vs_pandana",
            ours / len(nodes) * 1e6,
            "us",
            peer="pandana",
            ratio=ratio,
            note=note,
        )
    else:
        print(
            "skipped: pandana is not importable; it is AGPL and no dependency. See docs/methods/catchment.md"
        )
    homes, origins = places_on(walk, 50_000, seed=4), places_on(walk, 1_000 if quick else 10_000, seed=5)
    weights = np.ones(len(homes))

    def sums() -> np.ndarray:
        return walk.sums(origins, homes, weights, limit_s=900, decay="exponential", scale_s=300)

    (ours,) = cpu_s(sums, times=2)
    started = time.perf_counter()
    sums()
    wall = time.perf_counter() - started
    yield report.figure(
        "catchment.sums_us_per_origin",
        ours / len(origins) * 1e6,
        "us",
        note=f"exact along segments, with decay, {len(homes)} homes; {len(origins) / wall:.0f} origins/s on all threads",
    )


def accuracy(quick: bool) -> Figures:
    """People on the wrong side of the polygon, compared with what the network says of each."""
    streets, what = streets_or_invented(TOWN)
    walk = StreetNetwork.from_streets(streets, mode="walk")
    for mode, minutes in (("walk", 15), ("car", 5)):
        network = walk.in_mode(mode)
        xy = beside(network, places_on(network, 20_000))
        homes, shares = network.snap(xy), []
        for origin in xy[: 40 if quick else 200]:
            shape = isochrones(network, origin, minutes=[minutes]).geometry[0]
            cost = costs_to(network, origin, homes, minutes=2.0 * minutes)
            shares.append(wrong_side_share(shape, xy, cost, limit=minutes))
        wrongly_in, wrongly_out = np.array(shares).T
        both = wrongly_in + wrongly_out
        p90 = np.nanpercentile(np.abs([wrongly_in, wrongly_out]), 90, axis=1)
        yield report.figure(
            f"catchment.polygon_wrong_side_{mode}_share",
            float(np.nanmedian(both)),
            "share",
            note=f"{minutes} min, {what}; in {np.nanmedian(wrongly_in):.4f} (p90 {p90[0]:.4f}), "
            f"out {np.nanmedian(wrongly_out):.4f} (p90 {p90[1]:.4f})",
        )


def isochrone(network: StreetNetwork, what: str, quick: bool) -> tuple[dict[str, Any], float]:
    """From a point to three bands as GeoJSON in degrees; its median too."""
    xy = beside(network, places_on(network, 20 if quick else 60))

    def one(point: np.ndarray) -> float:
        started = time.process_time()
        bands = isochrones(network, point, minutes=BANDS)
        shapely.to_geojson(bands.to_crs(4326).geometry.to_numpy())
        return (time.process_time() - started) * 1e3

    for point in xy:
        one(point)
    took = [one(point) for point in xy]
    p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[18]
    search_ms = statistics.median(
        cpu_s(lambda point=point: network.reach(network.snap_one(point), limit_s=900), times=2)[0] * 1e3
        for point in xy
    )
    note = f"p95 {p95:.1f}, of which snap and search {search_ms:.2f}; {BANDS} min to GeoJSON, {what}"
    return report.figure(f"catchment.isochrone_{network.mode}_ms", p50, "ms", note=note), p50


def region(streets: gpd.GeoDataFrame, small: dict[str, float], n: int) -> Figures:
    """The same streets many times side by side: building, storing, and what size does to one isochrone."""
    large = real_streets.tiled(streets, n)
    started = time.process_time()
    walk = StreetNetwork.from_streets(large, mode="walk")
    built_s = time.process_time() - started
    yield report.figure("catchment.build_s", built_s, "CPU s", note=f"{len(large)} segments, one mode")
    networks = {mode: walk.in_mode(mode) for mode in ("walk", "bicycle", "car")}
    arrays = {name: array for network in networks.values() for name, array in network.to_arrays().items()}
    size = sum(array.nbytes for array in arrays.values()) / len(large)
    yield report.figure(
        "catchment.bytes_per_segment", size, "bytes", note="three modes with geometry and index"
    )
    with tempfile.TemporaryDirectory() as folder:
        for i, array in enumerate(arrays.values()):
            np.save(Path(folder) / f"{i}.npy", array)
        started = time.perf_counter()
        mapped = {name: np.load(Path(folder) / f"{i}.npy", mmap_mode="r") for i, name in enumerate(arrays)}
        taken_up = {mode: StreetNetwork.from_arrays(mapped, mode=mode) for mode in networks}
        loaded_s = time.perf_counter() - started
        yield report.figure(
            "catchment.load_mmap_s", loaded_s, "s", note=f"three modes, {len(large)} segments"
        )
        what = f"{len(large)} segments, memory-mapped"
        for mode, network in taken_up.items():
            figure, p50 = isochrone(network, what, quick=True)
            yield figure | {"name": f"catchment.isochrone_{mode}_region_ms"}
            if mode == "walk":
                ratio = p50 / small[mode]
                note = f"{len(streets)} to {len(large)} segments, walk; car is in its own figure"
                yield report.figure("catchment.growth_city_to_flanders", ratio, "ratio", note=note)


def live(quick: bool) -> Figures:
    """A catchment with what it holds through the application, 32 people asking at once."""
    import os

    from bench.deployment import SERVER_VARIABLE

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
            took, failed = load(address, paths, requests=200 if quick else 1000)
    note = f"walk, {USERS} users, {failed} failed"
    yield report.figure("catchment.live_p50_ms", statistics.median(took) * 1e3, "ms", note=note)
    yield report.figure("catchment.live_p95_ms", statistics.quantiles(took, n=20)[18] * 1e3, "ms", note=note)


if __name__ == "__main__":
    report.run(measure, about=__doc__)
