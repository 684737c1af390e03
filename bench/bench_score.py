"""How fast a list is ranked anew, and how fast its rank ranges are drawn."""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from gis.rank import rank_ranges
from gis.score import DEFAULT_CRITERIA, references, score_units


def invented(n):
    """Values of shop units as skewed as real ones, one in twenty unknown."""
    rng = np.random.default_rng(0)
    table = rng.lognormal(0, 0.6, (n, len(DEFAULT_CRITERIA))) * [500, 3000, 1, 100, 10, 0.1]
    table[rng.random(table.shape) < 0.05] = np.nan
    return pd.DataFrame(table, columns=[criterion.code for criterion in DEFAULT_CRITERIA])


def best_of(times, work):
    seconds = []
    for _ in range(times):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def figures():
    many, some = invented(5000), invented(600)
    ends = references(many)
    rerank = best_of(10, lambda: score_units(many, ends=ends, weights={"parking": 0.5}))
    near, far = some[["footfall"]] / 1.9, some[["footfall"]] * 1.9
    drawn = best_of(3, lambda: rank_ranges(some, lower=near, upper=far, draws=2000))
    rows = [
        ("score.rerank_5000_ms", 1000 * rerank, "CPU ms", "5,000 units, 6 criteria, 5 % unknown"),
        ("score.smaa_600_s", drawn, "CPU s", "600 units, 2,000 draws"),
    ]
    return [
        {"name": n, "value": round(v, 3), "unit": u, "peer": None, "ratio": None, "note": t}
        for n, v, u, t in rows
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--quick", action="store_true", help="the same: it takes seconds")
    chosen = parser.parse_args()
    measured = figures()
    for row in measured:
        print(f"{row['name']:30s} {row['value']:10} {row['unit']:8s} {row['note']}")
    if chosen.json:
        print(json.dumps({"figures": measured}))
