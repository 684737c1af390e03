"""One place at a time: three bands to GeoJSON and what they hold, beside the ways others draw them; and how exact ours are."""

import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bench import report
from bench.catchment_peers import node_graph
from bench.catchment_pgrouting import PgRouting, database
from bench.catchment_places import MODES, beside, cpu_s, places_on, streets_or_invented
from bench.catchment_valhalla import valhalla
from gis.catchment import wrong_side_share
from gis.degrees import geometry_json, to_degrees
from gis.isochrone import Bands
from gis.network import StreetNetwork
from gis.snapping import Positions
from gis.survey import Placed, surveyed
from tests.gis import real_streets

Figures = Iterator[dict[str, Any]]
MINUTES = (5.0, 10.0, 15.0)
BANDS = Bands("minutes", MINUTES, tuple(60 * band for band in MINUTES), "s", "outward")
HOMES = 20_000
BUFFER_M = {"walk": 40.0, "bicycle": 40.0, "car": 60.0}
# How far one can get in the longest band: the box in which pgRouting searches.
WITHIN_M = {"walk": 1_250.0, "bicycle": 3_800.0, "car": 20_000.0}


class Took(NamedTuple):
    """Milliseconds of CPU for one place after another, ours with and without counting, and the search alone."""

    shapes: list[float]
    with_holdings: list[float]
    search: list[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.shapes)


def answer(
    network: StreetNetwork, point: np.ndarray, homes: Placed | None, people: np.ndarray
) -> list[bytes]:
    """What the application does for one question: search once, draw, count, write."""
    with surveyed(network, network.snap(point), BANDS) as found:
        shapes = found.shapes()
        if homes is not None:
            cost = found.costs(homes)
            np.array([people[cost <= band].sum() for band in MINUTES])
    return geometry_json(shapes, network.graph.crs)


def ours(network: StreetNetwork, points: np.ndarray) -> Took:
    """Ask about each point, after one round in which cells are made."""
    homes = Placed(places_on(network, HOMES, seed=4))
    people = np.random.default_rng(2).integers(0, 5, HOMES).astype(float)

    def search(point: np.ndarray) -> None:
        with surveyed(network, network.snap(point), BANDS):
            pass

    took = Took([], [], [])
    for is_counted in (False, True):
        for point in points:
            for mine, run in (
                (took.shapes, lambda point=point: answer(network, point, None, people)),
                (took.with_holdings, lambda point=point: answer(network, point, homes, people)),
                (took.search, lambda point=point: search(point)),
            ):
                started = time.process_time()
                run()
                if is_counted:
                    mine.append((time.process_time() - started) * 1e3)
    return took


def isochrones_of_a_city(
    walk: StreetNetwork, city: str, what: str, quick: bool
) -> Iterator[dict[str, Any] | Took]:
    """Every mode, beside its peers; each mode's own times too, for whoever measures growth."""
    n = 20 if quick else 60
    with ExitStack() as stack:
        connection = None if quick else stack.enter_context(database())
        is_real = real_streets.has(city) and real_streets.FILES[city][0].suffix == ".pbf"
        tiles = stack.enter_context(valhalla(real_streets.FILES[city][0])) if is_real and not quick else None
        for mode in MODES:
            network = walk.in_mode(mode)
            points = beside(network, places_on(network, n))
            took = ours(network, points)
            yield took
            yield from figures_of(took, mode, what)
            few = points[: 5 if mode == "walk" else 2]
            yield against("scipy_geos", mode, took.p50, buffers(network, few))
            if connection is not None:
                yield from pgrouting(
                    PgRouting(connection, network, network.graph.crs.to_epsg() or 0), network, points
                )
            if tiles is not None:
                lonlat = to_degrees(points, network.graph.crs).tolist()
                peer = [tiles.isochrone(point, mode, MINUTES)[0] * 1e3 for point in lonlat + lonlat][n:]
                note = "own costs, car faster than ours; cells of 111 m"
                yield against("valhalla", mode, took.p50, peer, note=note)
        if tiles is not None:
            yield report.figure(
                "catchment.valhalla_tiles_s", tiles.build_s, "s", note=f"wall, {tiles.tiles_mb:.0f} MB"
            )


def figures_of(took: Took, mode: str, what: str) -> Figures:
    """Ours in one mode."""
    p95 = statistics.quantiles(took.shapes, n=20)[18]
    search = statistics.median(took.search)
    note = f"p95 {p95:.1f} ms, of which snap and search {search:.2f}; 5, 10, 15 min to GeoJSON, {what}"
    yield report.figure(f"catchment.isochrone_{mode}_ms", took.p50, "ms", note=note)
    yield report.figure(f"catchment.isochrone_{mode}_p95_over_p50", p95 / took.p50, "ratio")
    held, tail = statistics.median(took.with_holdings), statistics.quantiles(took.with_holdings, n=20)[18]
    note = f"p95 {tail:.1f} ms; the same and the people of {HOMES} homes in each band"
    yield report.figure(f"catchment.isochrone_{mode}_holdings_ms", held, "ms", note=note)
    yield report.figure(
        f"catchment.isochrone_{mode}_not_search_share", 1 - search / held, "share", note="with what it holds"
    )


def against(peer: str, mode: str, ours_ms: float, theirs_ms: list[float], note: str = "") -> dict[str, Any]:
    """A peer's median beside ours."""
    p50 = statistics.median(theirs_ms)
    name = f"catchment.isochrone_{mode}_vs_{peer}"
    note = f"{peer}: p50 {p50:.1f} ms, {len(theirs_ms)} places; {note}"
    return report.figure(name, ours_ms, "ms", peer=peer, ratio=p50 / ours_ms, note=note)


def pgrouting(peer: PgRouting, network: StreetNetwork, points: np.ndarray) -> Figures:
    """Concave hulls of the nodes reached, in turns with ours; on the clock both."""
    mine, theirs = [], []
    for point in points[: 20 if network.mode == "walk" else 5]:
        for clock, run in (
            (mine, lambda point=point: answer(network, point, None, np.empty(0))),
            (theirs, lambda point=point: peer.isochrone(point, MINUTES, WITHIN_M[network.mode])),
        ):
            started = time.perf_counter()
            run()
            clock.append((time.perf_counter() - started) * 1e3)
    yield against(
        "pgrouting", network.mode, statistics.median(mine), theirs, note="on the clock; hulls, no streets"
    )


def buffers(network: StreetNetwork, points: np.ndarray) -> list[float]:
    """Milliseconds of scipy's search from a node and the union of buffers around the whole segments it reaches."""
    graph, took = node_graph(network), []
    for point in points:
        started = time.process_time()
        _buffered(network, graph, network.snap(point))
        took.append((time.process_time() - started) * 1e3)
    return took


def _buffered(network: StreetNetwork, graph: csr_array, place: Positions) -> list[str]:
    streets = network.graph
    cost = dijkstra(graph, indices=int(streets.segment_from[place.segment[0]]), limit=BANDS.limits[-1])
    furthest = np.maximum(cost[streets.segment_from], cost[streets.segment_to])
    shapes = []
    for limit in BANDS.limits:
        lines = streets.lines(np.flatnonzero(furthest <= limit))
        shapes.append(shapely.union_all(shapely.buffer(lines, BUFFER_M[network.mode], quad_segs=4)))
    in_degrees = shapely.transform(np.array(shapes, object), lambda xy: to_degrees(xy, streets.crs))
    return list(shapely.to_geojson(in_degrees))


def accuracy(quick: bool) -> Figures:
    """People on the wrong side of the polygon, compared with what the network says of each; and whether shapes are valid."""
    cases = [("enschede", "walk", 15), ("enschede", "car", 5), ("enschede", "car", 10)]
    if not quick:
        cases += [("porto_alegre", "walk", 15), ("porto_alegre", "car", 10), ("porto_alegre", "bicycle", 15)]
        cases += [("helsinki", "walk", 15), ("krems", "walk", 15)]
    known: dict[str, tuple[StreetNetwork, str]] = {}
    drawn = invalid = 0
    for town, mode, minutes in cases:
        if town not in known:
            streets, what = streets_or_invented(town)
            known[town] = StreetNetwork.from_streets(streets, mode="walk"), what
        walk, what = known[town]
        both, p90, tried, wrong = wrong_side(walk.in_mode(mode), minutes, 40 if quick else 150)
        drawn, invalid = drawn + tried, invalid + wrong
        name = f"catchment.polygon_wrong_side_{mode}_share"
        if (town, mode, minutes) not in {("enschede", "walk", 15), ("enschede", "car", 5)}:
            name = f"catchment.polygon_wrong_side_{mode}_{minutes}_{town}_share"
        yield report.figure(
            name,
            float(np.nanmedian(both.sum(axis=0))),
            "share",
            note=f"{minutes} min, {what}; in {np.nanmedian(both[0]):.4f} (p90 {p90[0]:.4f}), "
            f"out {np.nanmedian(both[1]):.4f} (p90 {p90[1]:.4f}), net p90 {p90[2]:.4f}",
        )
    note = f"of {drawn} shapes, in metres and again as written in degrees"
    yield report.figure("catchment.invalid_shapes", invalid, "shapes", note=note)


def wrong_side(network: StreetNetwork, minutes: float, n: int) -> tuple[np.ndarray, np.ndarray, int, int]:
    """Shares wrongly in and out of each origin, their 90th percentiles and that of the balance, shapes, and invalid ones."""
    xy = beside(network, places_on(network, 20_000))
    homes, shares, invalid = Placed(network.snap(xy)), [], 0
    bands = Bands("minutes", (minutes, 2 * minutes), (60 * minutes, 120 * minutes), "s", "outward")
    near = Bands("minutes", (minutes,), (60 * minutes,), "s", "outward")
    for origin in xy[:n]:
        place = network.snap(origin)
        with surveyed(network, place, near) as found:
            (shape,) = found.shapes()
        with surveyed(network, place, bands) as found:
            cost = found.costs(homes)
        shares.append(wrong_side_share(shape, xy, cost, limit=minutes))
        (text,) = geometry_json([shape], network.graph.crs)
        invalid += not (shape.is_valid and shapely.from_geojson(text).is_valid)
    both = np.array(shares).T
    p90 = np.nanpercentile(np.abs([*both, both[0] - both[1]]), 90, axis=1)
    return both, p90, n, invalid


def degrees(walk: StreetNetwork) -> Figures:
    """Shapes to GeoJSON in degrees, against PROJ on every vertex and shapely's writer."""
    with surveyed(walk, walk.snap(beside(walk, places_on(walk, 1))), BANDS) as found:
        shapes = found.shapes()
    crs = walk.graph.crs
    import geopandas as gpd

    def by_frame() -> None:
        shapely.to_geojson(gpd.GeoSeries(np.array(shapes, object), crs=crs).to_crs(4326).to_numpy())

    mine, peer = cpu_s(lambda: geometry_json(shapes, crs), by_frame, times=15)
    note = f"{shapely.get_num_coordinates(shapes).sum()} vertices, a centimetre"
    yield report.figure(
        "catchment.to_geojson_ms", mine * 1e3, "ms", peer="geopandas", ratio=peer / mine, note=note
    )
