"""How fast the vacancy scan is, how often it cries wolf, and what it finds.

Maps are simulated on irregular street networks (80 crossings, 137 streets, 900 x 650 m, 600 shop units): flat maps with
12 % vacancy, sloping ones from 4 % in the centre to 30 % at the edge, and flat ones with one planted cluster. The scan
knows each unit's distance to the centre and a size class that explains nothing.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay

sys.path.insert(0, str(Path(__file__).parents[1]))
from gis.scan import vacancy_clusters

UNITS, CROSSINGS, STREETS = 600, 80, 137
WIDTH_M, HEIGHT_M = 900.0, 650.0


def town(seed):
    """Shop units on an irregular network: their network distances and their distance to the centre."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, [WIDTH_M, HEIGHT_M], (CROSSINGS, 2))
    corners = Delaunay(xy).simplices
    pairs = np.unique(
        np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1), axis=0
    )
    length = np.linalg.norm(xy[pairs[:, 0]] - xy[pairs[:, 1]], axis=1)
    tree = minimum_spanning_tree(sparse.csr_array((length, pairs.T), shape=(CROSSINGS, CROSSINGS))).tocoo()
    in_tree = {tuple(sorted(pair)) for pair in zip(tree.row.tolist(), tree.col.tolist(), strict=True)}
    is_kept = np.array([tuple(pair) in in_tree for pair in pairs.tolist()])
    rest = np.flatnonzero(~is_kept)
    is_kept[rng.choice(rest, STREETS - is_kept.sum(), replace=False)] = True
    pairs, length = pairs[is_kept], length[is_kept]
    graph = sparse.csr_array((length, pairs.T), shape=(CROSSINGS, CROSSINGS))
    assert connected_components(graph, directed=False)[0] == 1
    between = dijkstra(graph, directed=False)
    street = rng.choice(STREETS, UNITS, p=length / length.sum())
    along = rng.uniform(0, length[street])
    ends, offsets = pairs[street], np.column_stack([along, length[street] - along])
    metres = np.min(
        [
            offsets[:, [i]] + between[np.ix_(ends[:, i], ends[:, j])] + offsets[None, :, j]
            for i in (0, 1)
            for j in (0, 1)
        ],
        axis=0,
    )
    same = street[:, None] == street[None]
    metres = np.where(same, np.minimum(metres, np.abs(along[:, None] - along[None])), metres)
    middle = np.argmin(np.linalg.norm(xy - [WIDTH_M / 2, HEIGHT_M / 2], axis=1))
    centre_m = np.min([offsets[:, i] + between[middle, ends[:, i]] for i in (0, 1)], axis=0)
    return metres, centre_m, rng.choice(["small", "large"], UNITS)


def scanned(is_vacant, place, *, is_adjusted, replications, seed):
    metres, centre_m, size = place
    units = pd.DataFrame({"state": np.where(is_vacant, "vacant", "occupied")})
    covariates = pd.DataFrame({"centre_m": centre_m, "size": size}) if is_adjusted else None
    return vacancy_clusters(units, metres, covariates=covariates, replications=replications, seed=seed)


def chances(place, kind):
    if kind == "flat":
        return np.full(UNITS, 0.12)
    far = place[1] / place[1].max()
    return 0.04 + 0.26 * far


def false_alarms(places, kind, *, is_adjusted, maps, replications):
    """Share of maps without any cluster on which the scan shows one."""
    rng = np.random.default_rng(11)
    alarms = 0
    for number in range(maps):
        place = places[number % len(places)]
        is_vacant = rng.random(UNITS) < chances(place, kind)
        scan = scanned(is_vacant, place, is_adjusted=is_adjusted, replications=replications, seed=number)
        alarms += len(scan.clusters) > 0
    return alarms / maps


def found(places, size, rate, *, is_adjusted, maps, replications):
    """Share of maps on which at least a fifth of a planted cluster is shown, and the mean Jaccard overlap."""
    rng = np.random.default_rng(12)
    hits, overlap = 0, []
    for number in range(maps):
        place = places[number % len(places)]
        planted = np.argsort(place[0][rng.integers(UNITS)])[:size]
        is_vacant = rng.random(UNITS) < 0.12
        is_vacant[planted] = rng.random(size) < rate
        scan = scanned(is_vacant, place, is_adjusted=is_adjusted, replications=replications, seed=number)
        shown = {unit for members in scan.clusters["member_ids"] for unit in members}
        both = len(shown & set(planted.tolist()))
        hits += both >= 0.2 * size
        overlap.append(both / len(shown | set(planted.tolist())))
    return hits / maps, float(np.mean(overlap))


def timing(place):
    is_vacant = np.random.default_rng(0).random(UNITS) < 0.12
    seconds = {}
    for is_adjusted in (False, True):
        scanned(is_vacant, place, is_adjusted=is_adjusted, replications=1, seed=0)
        start = time.process_time()
        scanned(is_vacant, place, is_adjusted=is_adjusted, replications=999, seed=0)
        seconds[is_adjusted] = time.process_time() - start
    return seconds


def figures(*, quick):
    places = [town(1), town(2)]
    # Power as the application runs it; that nothing is found on empty maps holds for any number of random maps.
    maps, power_maps = (60, 40) if quick else (1000, 1000)
    replications, power_replications = (99, 99) if quick else (199, 999)
    seconds = timing(places[0])
    note = f"{maps} maps, R={replications}, location-adjusted null"
    rows = [
        (
            "vacancy.scan_600x999_s",
            seconds[True],
            "CPU s",
            f"location-adjusted; homogeneous {seconds[False]:.2f} s",
        ),
    ]
    for kind, name in (("flat", "flat"), ("slope", "slope")):
        for is_adjusted in (True, False):
            share = false_alarms(places, kind, is_adjusted=is_adjusted, maps=maps, replications=replications)
            suffix = "" if is_adjusted else "_homogeneous"
            told = note if is_adjusted else note.replace("location-adjusted", "homogeneous")
            rows.append((f"vacancy.scan_fwer_{name}{suffix}", share, "share", told))
    for size, rate in ((30, 0.5), (60, 0.4)):
        for is_adjusted in (True, False):
            power, overlap = found(
                places, size, rate, is_adjusted=is_adjusted, maps=power_maps, replications=power_replications
            )
            suffix = "" if is_adjusted else "_homogeneous"
            told = f"{power_maps} maps, R={power_replications}, mean Jaccard {overlap:.2f}"
            rows.append((f"vacancy.scan_power_{size}_at_{rate * 100:.0f}{suffix}", power, "share", told))
    return [
        {"name": n, "value": round(v, 4), "unit": u, "peer": None, "ratio": None, "note": t}
        for n, v, u, t in rows
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--quick", action="store_true", help="fewer maps, under a minute")
    chosen = parser.parse_args()
    measured = figures(quick=chosen.quick)
    for row in measured:
        print(f"{row['name']:45s} {row['value']:8} {row['unit']:6s} {row['note']}")
    if chosen.json:
        print(json.dumps({"figures": measured}))
