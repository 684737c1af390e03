"""How the scan for vacancy clusters grows: 500, 5,000 and 50,000 shop units, 999 maps, in time and in memory.

Shop units stand along the streets of a grid, as dense as in a Flemish core; the table of distances holds who is within
800 m of whom along the streets, as a refresh does where units are many. The peer is the scan as it is written down in
textbooks: every window of every unit held as one numpy table, every map looked up in it. Each size runs in a process of
its own, so that its memory is its own.
"""

import gc
import multiprocessing
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.spatial import cKDTree
from scipy.special import xlogy

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.report import figure, run
from gis.scan import vacancy_clusters

SIZES, REACH_M, WINDOW, MAPS = (500, 5_000, 50_000), 800.0, 1000, 999
# The plain scan takes minutes at 5,000 units: it is asked for fewer maps, and its time is told per map.
PEER_MAPS = {500: 199, 5_000: 20}
BLOCK_M, SPACING_M = 120.0, 7.0


def places(n):
    """Shop units on the streets of a square grid: a third of the streets are shopping streets."""
    rng = np.random.default_rng(n)
    side = int(np.ceil(np.sqrt(n * SPACING_M / BLOCK_M * 1.5))) + 1
    street = rng.integers(0, side, n) * BLOCK_M
    along = rng.uniform(0, side * BLOCK_M, n)
    is_across = rng.random(n) < 0.5
    xy = np.where(is_across[:, None], np.column_stack([along, street]), np.column_stack([street, along]))
    # As keys in a database: neighbours tend to have been entered one after the other.
    return xy[np.lexsort((xy[:, 0], xy[:, 1] // (4 * BLOCK_M)))]


def distances(xy):
    """Walking distances on a grid are those of a taxicab, near enough for a measure of time."""
    tree = cKDTree(xy)
    table = sparse.csr_array(tree.sparse_distance_matrix(tree, REACH_M, p=1.0, output_type="coo_matrix"))
    table.data = table.data.astype(np.float32)
    return table


def town(n, *, is_sloping):
    xy = places(n)
    far = xy[:, 0] / xy[:, 0].max()
    chance = 0.06 + 0.12 * far if is_sloping else np.full(n, 0.12)
    is_vacant = np.random.default_rng(7).random(n) < chance
    units = pd.DataFrame({"state": np.where(is_vacant, "vacant", "occupied")})
    return units, distances(xy), pd.DataFrame({"far": far}) if is_sloping else None


def plain_scan(is_vacant, table, maps):
    """Kulldorff's ratio of all windows of all maps with numpy alone; returns seconds per map."""
    n, total = len(is_vacant), int(is_vacant.sum())
    largest = min(int(0.2 * n), WINDOW)
    order = np.full((n, largest), -1, dtype=np.int32)
    for row in range(n):
        part = slice(table.indptr[row], table.indptr[row + 1])
        near = table.indices[part][np.argsort(table.data[part], kind="stable")][:largest]
        order[row, : len(near)] = near
    size, vacant = np.arange(largest + 1.0)[:, None], np.arange(total + 1.0)[None]
    cells = (vacant, size - vacant, total - vacant, n - size - total + vacant)
    ratios = sum(xlogy(np.maximum(cell, 0), np.maximum(cell, 1)) for cell in cells)
    is_more = (vacant * n > size * total) & (vacant >= 4) & (cells[1] >= 0) & (cells[3] >= 0)
    ratios = np.where(is_more, ratios, -np.inf)
    rng, at = np.random.default_rng(1), np.arange(1, largest + 1)
    begin = time.process_time()
    for _ in range(maps):
        dealt = np.append(rng.permutation(is_vacant), 0)
        ratios[at, np.cumsum(dealt[order], axis=1)].max()
    return (time.process_time() - begin) / maps


def memory_mb(*, is_new=False):
    """Most memory that this process held; new: forget what it took to make the table, and begin from now."""
    if is_new:
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def measured(n, is_sloping, pipe):
    units, table, covariates = town(n, is_sloping=is_sloping)
    small, near, few = town(60, is_sloping=is_sloping)
    vacancy_clusters(small, near, covariates=few, replications=9)
    before_mb = memory_mb(is_new=True)
    begin = time.process_time()
    scan = vacancy_clusters(units, table, covariates=covariates, replications=MAPS, max_units=WINDOW)
    seconds = time.process_time() - begin
    peak_mb = memory_mb()
    pipe.send((seconds, before_mb, peak_mb, table.nnz / n, scan.null, scan.max_units))


def peer(n, _, pipe):
    units, table, _ = town(n, is_sloping=False)
    pipe.send(plain_scan((units["state"] == "vacant").to_numpy(np.int64), table, PEER_MAPS[n]) * MAPS)


def apart(work, n, is_sloping=False):
    """Run in a process of its own: the most memory it ever held is then that of this size."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(n, is_sloping, there))
    process.start()
    answer = here.recv()
    process.join()
    return answer


def figures(quick):
    earlier = None
    for n in SIZES[:2] if quick else SIZES:
        for is_sloping in (False, True):
            seconds, before_mb, peak_mb, near, null, largest = apart(measured, n, is_sloping)
            told = f"{null}, windows to {largest}, {near:.0f} units in reach, R={MAPS}"
            name = f"scan.{n}{'_adjusted' if is_sloping else ''}_s"
            if is_sloping or n not in PEER_MAPS:
                yield figure(name, seconds, "CPU s", note=told)
            else:
                theirs = apart(peer, n)
                yield figure(name, seconds, "CPU s", peer="plain numpy", ratio=theirs / seconds, note=told)
            if is_sloping:
                continue
            yield figure(
                f"scan.{n}_peak_mb", peak_mb, "MB", note=f"{before_mb:.0f} MB before the scan, table and all"
            )
            if earlier:
                yield figure(f"scan.{n}_growth", seconds / earlier, "x", note="for ten times the units")
            earlier = seconds


if __name__ == "__main__":
    run(figures, about=__doc__)
