"""What does it cost to measure the accessibility of every shop unit and every parcel?

On real streets: a place's people on foot (three bands and the decayed sum), by bicycle and by car, in CPU time, beside a run
of `sums` for every band and beside scipy's search from node to node. Then a refresh of a fictional city, all steps.
"""

import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from bench.catchment_peers import node_graph, scipy_limit
from bench.catchment_places import cpu_s, places_on, streets_or_invented
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
        began, seen = {}, {}
        with get_engine().connect() as connection:
            server = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()

        def now() -> np.ndarray:
            return np.array([time.perf_counter(), time.process_time(), cpu_of(server)])

        def at(step: str) -> None:
            began[step] = now()

        refresh(
            nis,
            progressed=at,
            counted=lambda done, total: seen.setdefault(list(began)[-1], []).append((done, total, now())),
        )
        with get_engine().connect() as connection:
            query = text("SELECT count(*) FROM shop_unit_state WHERE nis_code = :nis")
            n_units = connection.execute(query, {"nis": nis}).scalar_one()
        start = began["accessibility"]
        # Other steps count what they do as well.
        (_, n, after_units), (_, _, last) = seen["accessibility"][0], seen["accessibility"][-1]
        yield told("refresh_other", start - min(began.values(), key=lambda took: took[0]), "the steps before")
        yield told("units", after_units - start, f"reading the surroundings, {n_units} units")
        yield told("parcels", last - after_units, f"{n - n_units} parcels")
        yield report.figure(
            "accessibility.parcels_per_s", (n - n_units) / (last - after_units)[1:].sum(), "1/s",
            note="all indicators, stored, CPU of both",
        )  # fmt: skip
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield report.figure("accessibility.peak_mb", peak, "MB", note="memory of the whole benchmark")


def told(name: str, took: np.ndarray, note: str) -> dict[str, Any]:
    """Seconds of CPU, ours and the server's together."""
    wall_s, own_s, server_s = took
    return report.figure(
        f"accessibility.{name}_cpu_s", own_s + server_s, "s",
        note=f"{note}; ours {own_s:.2f}, database {server_s:.2f}, clock {wall_s:.1f}",
    )  # fmt: skip


def cpu_of(process: int) -> float:
    """Seconds of CPU a process has used; 0 where the system does not tell."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    report.run(measure, about=__doc__)
