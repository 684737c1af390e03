"""Many places at once: tables of times, sums of what is within reach, the nearest of several."""

from collections.abc import Iterator
from typing import Any

import numba
import numpy as np

from bench import report
from bench.catchment_pandana import MISSING, Pandana
from bench.catchment_peers import node_graph, scipy_nearest, scipy_sums, scipy_table
from bench.catchment_pgrouting import PgRouting, database
from bench.catchment_places import at_nodes, cpu_s, nodes_of, places_on, wall_s
from gis.network import StreetNetwork

Figures = Iterator[dict[str, Any]]
SETTLED = 180


def tables(walk: StreetNetwork, car: StreetNetwork, quick: bool) -> Figures:
    """2,000 x 2,000 within 3 km on foot and 20 minutes by car, and the nearest of 500."""
    n, n_peer = (500, 20) if quick else (2000, 100)
    size = f"{len(walk.graph.segment_id)} segments"
    known: dict[str, Pandana] = {}
    for network, limit_s, name in ((walk, 2250, "walk"), (car, 1200, "car")):
        places = places_on(network, n)
        graph, nodes = node_graph(network), nodes_of(network, places)
        ours, peer = cpu_s(
            lambda network=network, places=places, most=limit_s: network.times(places, places, limit_s=most),
            lambda graph=graph, nodes=nodes, most=limit_s: scipy_table(graph, nodes[:n_peer], nodes, most),
            times=1 if quick else 3,
        )
        about = f"{n} x {n} places within {limit_s} s, {size}"
        yield report.figure(
            f"catchment.matrix_{name}_vs_scipy",
            ours,
            "CPU s",
            peer="scipy",
            ratio=peer * n / n_peer / ours,
            note=f"{about}; scipy from node to node, {n_peer} rows scaled up",
        )
        if quick:
            continue
        if Pandana.is_there():
            pandana = known[name] = Pandana(network)
            (peer,) = cpu_s(pandana.pairs(nodes[:40], nodes), times=1)
            yield report.figure(
                f"catchment.matrix_{name}_vs_pandana", ours, "CPU s", peer="pandana",
                ratio=peer * n / 40 / ours, note=f"{about}; pandana knows no limit, 40 rows scaled up",
            )  # fmt: skip
            yield report.figure(
                f"catchment.pandana_build_{name}_s", pandana.build_s, "CPU s", note=f"one mode, {size}"
            )
        yield from pgrouting(network, nodes, ours, about)
    yield from nearest(walk, size, known.get("walk"))


def pgrouting(network: StreetNetwork, nodes: np.ndarray, ours: float, about: str) -> Figures:
    """The same table by pgRouting, ten rows scaled up, and a batch of sums."""
    with database() as connection:
        if connection is None:
            return
        peer = PgRouting(connection, network, network.graph.crs.to_epsg() or 0)
        (took,) = wall_s(lambda: peer.table(nodes[:10], nodes), times=1)
        yield report.figure(
            f"catchment.matrix_{network.mode}_vs_pgrouting", ours, "CPU s", peer="pgrouting",
            ratio=took * len(nodes) / 10 / ours, note=f"{about}; pgRouting on the clock, no limit, 10 rows scaled up",
        )  # fmt: skip


def nearest(walk: StreetNetwork, size: str, pandana: Pandana | None) -> Figures:
    """The nearest of 500 for every node."""
    places, everywhere, graph = places_on(walk, 500), at_nodes(walk), node_graph(walk, direction="towards")
    start = nodes_of(walk, places)
    ours, peer = cpu_s(
        lambda: walk.nearest(everywhere, places, limit_s=3600), lambda: scipy_nearest(graph, start, 3600)
    )
    note = f"500 facilities, {walk.engine.n_nodes} nodes, {size}"
    yield report.figure("catchment.nearest_ms", ours * 1e3, "ms", peer="scipy", ratio=peer / ours, note=note)
    if pandana is not None:
        (peer,) = cpu_s(pandana.nearest(start, 3600), times=1)
        yield report.figure(
            "catchment.nearest_vs_pandana", ours * 1e3, "ms", peer="pandana", ratio=peer / ours, note=note
        )


def everybody(walk: StreetNetwork, quick: bool) -> Figures:
    """Inhabitants within 15 minutes on foot of every node, by node."""
    people = np.random.default_rng(2).integers(0, 9, walk.engine.n_nodes).astype(float)
    nodes = np.arange(walk.engine.n_nodes, dtype=np.int32)[: 5_000 if quick else None]
    note = f"{len(nodes)} nodes, sums by node"
    ours = peer = float("nan")
    if Pandana.is_there():
        theirs = Pandana(walk).sums(people, 900)
        ours, peer = cpu_s(lambda: walk.node_sums(people, limit_s=900, nodes=nodes), theirs, times=2)
    else:
        print(MISSING)
        (ours,) = cpu_s(lambda: walk.node_sums(people, limit_s=900, nodes=nodes), times=3)
    each_us = ours / len(nodes) * 1e6
    yield report.figure("catchment.node_sum_us", each_us, "us", note=note)
    if np.isfinite(peer):
        ratio = peer / walk.engine.n_nodes / (ours / len(nodes))
        yield report.figure(
            "catchment.allnodes_vs_pandana", each_us, "us", peer="pandana", ratio=ratio, note=note
        )
    before = numba.get_num_threads()

    def with_threads(n: int) -> None:
        numba.set_num_threads(n)
        walk.node_sums(people, limit_s=900, nodes=nodes)

    one, two = wall_s(
        lambda: with_threads(1), lambda: with_threads(min(2, numba.config.NUMBA_NUM_THREADS)), times=3
    )
    numba.set_num_threads(before)
    yield report.figure(
        "catchment.two_threads_over_one",
        one / two,
        "ratio",
        note="on the clock: says little on a busy machine",
    )


def batch(walk: StreetNetwork, quick: bool) -> Figures:
    """10,000 origins along segments: people within 15 minutes, whole and with decay."""
    homes, origins = places_on(walk, 50_000, seed=4), places_on(walk, 1_000 if quick else 10_000, seed=5)
    weights, nodes = np.ones(len(homes)), nodes_of(walk, origins)
    settled = np.mean(
        [len(walk.reach(origins[i], limit_s=900).node) for i in range(0, len(origins), len(origins) // 500)]
    )
    at_node = np.bincount(nodes_of(walk, homes), minlength=walk.engine.n_nodes).astype(float)
    graph, few = node_graph(walk), nodes[:: len(nodes) // 100]

    def sums(**decay: Any) -> np.ndarray:
        return walk.sums(origins, homes, weights, limit_s=900, **decay)

    flat, fading, by_scipy = cpu_s(
        sums,
        lambda: sums(decay="exponential", scale_s=300),
        lambda: scipy_sums(graph, few, at_node, 900),
        times=2,
    )
    for name, took in (("flat", flat), ("decay", fading)):
        each = took / len(origins)
        yield report.figure(
            f"catchment.batch_{name}_us",
            each * 1e6,
            "us",
            peer="scipy",
            ratio=by_scipy / len(few) / each,
            note=f"{len(origins)} origins, {len(homes)} homes, exact along segments; scipy by node, {len(few)} scaled up",
        )
        yield report.figure(
            f"catchment.batch_{name}_origins_per_s_at_{SETTLED}",
            settled / SETTLED / each,
            "origins/s",
            note=f"per core, {settled:.0f} nodes settled an origin, brought to {SETTLED}",
        )
    if Pandana.is_there():
        (peer,) = cpu_s(Pandana(walk).sums(at_node, 900), times=1)
        yield report.figure(
            "catchment.batch_vs_pandana", flat / len(origins) * 1e6, "us", peer="pandana",
            ratio=peer / walk.engine.n_nodes / (flat / len(origins)),
            note="an origin of ours along segments, a node of pandana's",
        )  # fmt: skip
    if quick:
        return
    with database() as connection:
        if connection is not None:
            peer_of = PgRouting(connection, walk, walk.graph.crs.to_epsg() or 0)
            (took,) = wall_s(lambda: peer_of.sums(few, 900), times=1)
            yield report.figure(
                "catchment.batch_vs_pgrouting", flat / len(origins) * 1e6, "us", peer="pgrouting",
                ratio=took / len(few) / (flat / len(origins)), note=f"on the clock, {len(few)} origins scaled up",
            )  # fmt: skip


def all_nodes(networks: dict[str, StreetNetwork]) -> Figures:
    """What sums for every node of the region would take, from neighbourhoods spread over it."""
    for mode, minutes, n in (("walk", 15, 8_000), ("bicycle", 15, 2_000), ("car", 10, 400), ("car", 15, 200)):
        network = networks[mode]
        everyone = network.engine.n_nodes
        # Neighbours one after the other, as a whole region has them.
        starts = np.linspace(0, everyone - n // 8 - 1, 8).astype(np.int32)
        nodes = np.concatenate([np.arange(start, start + n // 8, dtype=np.int32) for start in starts])
        (took,) = cpu_s(
            lambda network=network, nodes=nodes, most=60 * minutes: network.node_sums(
                np.ones(network.engine.n_nodes), limit_s=most, nodes=nodes
            ),
            times=1,
        )
        settled = np.mean(
            network.node_sums(
                np.ones(everyone), limit_s=60 * minutes, nodes=nodes[:: max(1, len(nodes) // 50)]
            )
        )
        yield report.figure(
            f"catchment.allnodes_{mode}_{minutes}_cpu_s",
            took / len(nodes) * 1_160_000,
            "CPU s",
            note=f"1.16 million nodes, from {len(nodes)} in 8 neighbourhoods; {settled:.0f} nodes settled a search, "
            f"{took / len(nodes) / settled * 1e9:.0f} ns each",
        )
