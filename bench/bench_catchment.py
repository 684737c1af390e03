"""How fast, how large and how exact is the catchment engine, beside what others would use?

Times are CPU times of one thread, medians, ours and the peer's in turns; a ratio above 1 says that we are faster.
Peers that are not installed are skipped with the command that installs them; docs/methods/catchment.md lists them.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numba

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from bench.catchment_growth import built, region
from bench.catchment_isochrones import Took, accuracy, degrees, isochrones_of_a_city
from bench.catchment_live import live
from bench.catchment_places import MODES, streets_or_invented
from bench.catchment_search import searches, snapping
from bench.catchment_tables import batch, everybody, tables
from gis.network import StreetNetwork
from tests.gis import real_streets

CITY = "porto_alegre"


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    """Everything, from small to large."""
    # Two threads on one core would make each other's CPU time longer; they are measured on their own.
    numba.set_num_threads(1)
    streets, what = streets_or_invented(CITY)
    walk = StreetNetwork.from_streets(streets, mode="walk")
    yield from searches(walk, walk.in_mode("car"), quick)
    yield from snapping(walk)
    yield from degrees(walk)
    small = []
    for found in isochrones_of_a_city(walk, CITY, what, quick):
        if isinstance(found, Took):
            small.append(found.p50)
        else:
            yield found
    yield from everybody(walk, quick)
    yield from batch(walk, quick)
    yield from accuracy(quick)
    # 405 thousand segments, the size at which the peers were first compared.
    several = StreetNetwork.from_streets(
        real_streets.tiled(streets, *((2, 2) if quick else (7, 2))), mode="walk"
    )
    yield from tables(several, several.in_mode("car"), quick)
    yield from built(streets, quick)
    yield from region(streets, dict(zip(MODES, small, strict=True)), quick)
    yield from live(quick)


if __name__ == "__main__":
    report.run(measure, about=__doc__)
