"""What does it cost to measure the accessibility of every shop unit and every parcel?

On real streets: a place's people on foot (three bands and the decayed sum), by bicycle and by car, in CPU time, beside a run
of `sums` for every band and beside scipy's search from node to node. Then a refresh of a fictional city, all steps.
"""

import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from bench.bench_catchment import cpu_s, places_on, streets_or_invented
from bench.catchment_peers import node_graph, scipy_limit
from bench.deployment import fill, scratch_database
from gis.accessibility import PEOPLE, WALK_DECAY_PER_MIN
from gis.bands import band_sums
from gis.network import StreetNetwork
from gis.snapping import Positions
from gis.speeds import MODES

Figures = Iterator[dict[str, Any]]
CITY, HOMES, A_STREET = "porto_alegre", 50_000, 5


def measure(quick: bool) -> Figures:
    """The engine alone, then the whole of a refresh."""
    streets, what = streets_or_invented(CITY)
    walk = StreetNetwork.from_streets(streets, mode="walk")
    for mode in MODES:
        yield from one_mode(walk.in_mode(mode), what, quick)
    yield from of_a_city(quick)


def one_mode(network: StreetNetwork, what: str, quick: bool) -> Figures:
    """Places alone on their street, and parcels that share it."""
    mode = network.mode
    n = 500 if quick else 2000
    homes = places_on(network, HOMES, seed=2)
    people = np.random.default_rng(3).integers(1, 9, HOMES).astype(float)
    limits_s = [minutes * 60.0 for minutes in PEOPLE[mode].values()]
    scale_s = 60.0 / WALK_DECAY_PER_MIN if mode == "walk" else None
    alone = places_on(network, n)
    parcels = on_streets(network, n)

    def bands(origins: Positions) -> None:
        for part in range(0, n, 500):
            some = origins[part : part + 500]
            band_sums(network, some, homes, people, limits_s=limits_s, scale_s=scale_s, direction="towards")

    def separately() -> None:
        for limit_s in limits_s:
            network.sums(alone, homes, people, limit_s=limit_s, direction="towards")
        if scale_s:
            network.sums(
                alone,
                homes,
                people,
                limit_s=limits_s[-1],
                decay="exponential",
                scale_s=scale_s,
                direction="towards",
            )

    one, several, shared = cpu_s(lambda: bands(alone), separately, lambda: bands(parcels), times=3)
    some = 50
    nodes = network.graph.segment_from[alone.segment[:some]]
    graph = node_graph(network, direction="towards")
    (peer,) = cpu_s(lambda: scipy_limit(graph, nodes, limits_s[-1]), times=3)
    yield report.figure(
        f"accessibility.{mode}_us", one / n * 1e6, "us", peer="a run per band", ratio=several / one,
        note=f"a place alone on its street, {HOMES} homes, CPU, {what}",
    )  # fmt: skip
    yield report.figure(
        f"accessibility.{mode}_parcel_us", shared / n * 1e6, "us", peer="scipy, nodes only, no sums",
        ratio=peer / some / (shared / n), note=f"{A_STREET} parcels a street",
    )  # fmt: skip
    yield report.figure(f"accessibility.{mode}_origins_per_s", n / shared, "1/s", note="parcels, one thread")


def on_streets(network: StreetNetwork, n: int) -> Positions:
    """Parcels, so many to each of some streets."""
    streets = places_on(network, n // A_STREET, seed=4).segment
    rng = np.random.default_rng(5)
    return Positions(np.repeat(streets, A_STREET), rng.uniform(0, 1, n), rng.uniform(5, 25, n))


def of_a_city(quick: bool) -> Figures:
    """The step of a refresh, with all it reads and writes; the largest of some fictional towns."""
    with scratch_database():
        from sqlalchemy import text

        from api.db.session import get_engine
        from api.refresh import refresh

        fill(1 if quick else 4, count_days=60)
        with get_engine().connect() as connection:
            query = text("SELECT nis_code FROM parcel GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
            nis = connection.execute(query).scalar_one()
        refresh(nis)
        began, seen = {}, []

        def at(step: str) -> None:
            began[step] = time.perf_counter(), time.process_time()

        refresh(
            nis,
            progressed=at,
            counted=lambda done, total: seen.append((done, total, time.perf_counter(), time.process_time())),
        )
        with get_engine().connect() as connection:
            query = text("SELECT count(*) FROM shop_unit_state WHERE nis_code = :nis")
            n_units = connection.execute(query, {"nis": nis}).scalar_one()
        wall, cpu = began["accessibility"]
        (_, n, units_wall, units_cpu), (_, _, last_wall, last_cpu) = seen[0], seen[-1]
        first_cpu = min(at_cpu for _, at_cpu in began.values())
        yield report.figure(
            "accessibility.refresh_other_cpu_s",
            cpu - first_cpu,
            "s",
            note="the steps before, our process only",
        )
        yield report.figure(
            "accessibility.units_cpu_s", units_cpu - cpu, "s",
            note=f"reading the surroundings, {n_units} units; {units_wall - wall:.2f} s by the clock",
        )  # fmt: skip
        yield report.figure(
            "accessibility.parcels_cpu_s", last_cpu - units_cpu, "s",
            note=f"{n - n_units} parcels; {last_wall - units_wall:.2f} s by the clock",
        )  # fmt: skip
        yield report.figure(
            "accessibility.parcels_per_s",
            (n - n_units) / (last_cpu - units_cpu),
            "1/s",
            note="all indicators, CPU",
        )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield report.figure("accessibility.peak_mb", peak, "MB", note="memory of the whole benchmark")


if __name__ == "__main__":
    report.run(measure, about=__doc__)
