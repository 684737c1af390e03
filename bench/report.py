"""How a benchmark tells what it measured: a line each for people, one JSON object as the last line for machines."""

import argparse
import json
from collections.abc import Callable, Iterable
from typing import Any


def figure(
    name: str, value: float, unit: str, *, peer: str | None = None, ratio: float | None = None, note: str = ""
) -> dict[str, Any]:
    """One figure; `ratio` is peer over ours for times and ours over peer for rates: above 1 we are faster."""
    told = None if ratio is None else round(ratio, 3)
    return {"name": name, "value": round(value, 4), "unit": unit, "peer": peer, "ratio": told, "note": note}


def run(measure: Callable[[bool], Iterable[dict[str, Any]]], *, about: str | None) -> None:
    """Parse the two options every benchmark has, measure, and print."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--quick", action="store_true", help="less work, about a minute")
    chosen = parser.parse_args()
    figures = []
    for row in measure(chosen.quick):
        against = f"x {row['ratio']} {row['peer']}" if row["ratio"] is not None else ""
        print(
            f"{row['name']:40s} {row['value']:>12} {row['unit']:10s} {against:30s} {row['note']}", flush=True
        )
        figures.append(row)
    if chosen.json:
        print(json.dumps({"figures": figures}))
