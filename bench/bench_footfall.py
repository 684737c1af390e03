"""How well footfall between sensors is estimated, and how many faulty counts are caught, on a real city.

Places: sensors of Melbourne are left out and estimated from a few others, against three simpler answers. Counts: faults
are put into clean real hours, many at once and weeks apart.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from gis.counts import DROP_OUT, OK, REVIEW, SPIKE, STUCK, ZERO_RUN, flag_hours, hourly
from gis.footfall import footfall_per_day
from gis.footfall_estimate import estimate_footfall, left_out_accuracy, left_out_footfall
from tests.gis import melbourne

SUBSET_SIZES = (1, 2, 4, 5, 8, 16, 24)
FAULT_HOURS = {
    "zeros 2 h": 2,
    "zeros 6 h": 6,
    "stuck 4 h": 4,
    "spike x8": 1,
    "spike 70,000": 1,
    "down to 5 % for 6 h": 6,
}


def answers(city, known, asked):
    """Estimates at the asked sensors from the known ones: ours, and what simpler methods say."""
    sensors, places = city.points.iloc[known], city.points.iloc[asked]
    metres = city.metres[np.ix_(asked, known)]
    log = np.log1p(sensors["footfall_per_day"].to_numpy())
    weights = np.exp(-np.where(np.isfinite(metres), metres, 1e9) / 250) + 1e-12
    # Nobody is left unanswered here: the question is how good an answer is, not whether to give one.
    ours = [
        estimate_footfall(
            places,
            sensors,
            distances=np.minimum(metres, 1e6),
            unit_features=features,
            sensor_features=features,
            reach_m=1e6,
        )
        for features in (city.features, None)
    ]
    return {
        "ours": ours[0],
        "ours without features": ours[1],
        "network kernel 250 m": np.expm1(weights @ log / weights.sum(axis=1)),
        "nearest sensor": np.expm1(log[np.argmin(metres, axis=1)]),
        "mean of the sensors": np.full(len(asked), np.expm1(log.mean())),
    }


def judged(observed, answer):
    """Rank correlation, median error, and the share inside the interval where there is one."""
    inside = np.nan
    if isinstance(answer, pd.DataFrame):
        inside = observed.between(answer["footfall_lower_per_day"], answer["footfall_upper_per_day"]).mean()
        answer = answer["footfall_per_day"].to_numpy()
    ranked = pd.Series(answer).rank()
    order = np.nan if ranked.nunique() == 1 else ranked.corr(pd.Series(observed.to_numpy()).rank())
    error = np.median(np.abs(answer / observed.to_numpy() - 1))
    return order, error, inside


def spatial(city, *, repeats):
    """Median figures per number of sensors and method."""
    rng, n, table = np.random.default_rng(0), len(city.points), {}
    for size in SUBSET_SIZES:
        rows = {}
        for _ in range(repeats):
            order = rng.permutation(n)
            known, asked = order[:size], order[size:]
            observed = city.points["footfall_per_day"].iloc[asked]
            for name, answer in answers(city, known, asked).items():
                rows.setdefault(name, []).append(judged(observed, answer))
        for name, figures in rows.items():
            told = pd.DataFrame(figures)
            table[size, name] = (told[0].median(), told[1].median(), told[2].mean())
    return pd.DataFrame(table, index=["spearman", "median_error", "coverage"]).T


def recall(table, *, per_sensor):
    """Share of injected faults that are flagged, per kind of fault, in the open hours of clean weeks."""
    rng, shares = np.random.default_rng(1), {}
    clean = np.where(flag_hours(table) == OK, table, np.nan)
    for kind, length in FAULT_HOURS.items():
        faulty, places = clean.copy(), []
        for sensor in range(table.shape[1]):
            for week in np.linspace(30, len(table) // 168 - 2, per_sensor).astype(int):
                first = week * 168 + int(rng.integers(0, 6)) * 24 + int(rng.integers(10, 13))
                part = slice(first, first + length)
                values = clean[part, sensor]
                if np.isnan(clean[part, sensor]).any() or values.min() < 20:
                    continue
                spoilt = {"z": 0 * values, "st": np.full(length, values[0]), "d": np.rint(values * 0.05)}
                spike = np.full(1, 70_000.0) if "70" in kind else values[:1] * 8
                faulty[part, sensor] = spoilt.get(kind[0], spoilt.get(kind[:2], spike))
                places.append((part, sensor))
        codes = flag_hours(faulty)
        shares[kind] = (np.mean([(codes[place] != OK).any() for place in places]), len(places))
    return shares


def false_alarms(table):
    """Flagged runs per sensor and year in the city's own counts: some are true faults."""
    codes = flag_hours(table)
    years = np.isfinite(table).sum() / 8766
    begins = codes != np.vstack([np.zeros((1, codes.shape[1]), codes.dtype), codes[:-1]])
    names = {ZERO_RUN: "zero run", STUCK: "stuck", SPIKE: "spike", REVIEW: "for review", DROP_OUT: "drop-out"}
    return {name: ((codes == code) & begins).sum() / years for code, name in names.items()}


def figures(*, quick):
    counts = melbourne.counts(first="2017-01-01" if quick else "2013-01-01")
    footfall = footfall_per_day(counts, timezone=melbourne.TIMEZONE, min_days=100)[
        "footfall_per_day"
    ].dropna()
    city = melbourne.sensors(footfall)
    table = spatial(city, repeats=30 if quick else 100)
    print(table.round(2).to_string())
    alone = left_out_accuracy(left_out_footfall(city.points, features=city.features))
    print({name: round(value, 3) for name, value in alone.items()})
    eight, kernel = table.loc[(8, "ours")], table.loc[(8, "network kernel 250 m")]
    rows = [
        (
            "footfall.spatial_spearman_8_sensors",
            eight["spearman"],
            "rho",
            kernel["spearman"],
            "peer: network kernel 250 m",
        ),
        (
            "footfall.spatial_median_error_8_sensors",
            eight["median_error"],
            "share",
            kernel["median_error"],
            "the same",
        ),
        ("footfall.spatial_coverage_80_8_sensors", eight["coverage"], "share", None, "80 % interval"),
        (
            "footfall.spatial_spearman_left_out",
            alone["spearman"],
            "rho",
            None,
            f"{alone['n_sensors']:.0f} sensors",
        ),
        (
            "footfall.spatial_median_error_left_out",
            alone["median_error_share"],
            "share",
            None,
            "each sensor left out",
        ),
    ]
    raw = hourly(counts.assign(quality_flag=0), timezone=melbourne.TIMEZONE)
    longest = raw.notna().sum().nlargest(12).index
    series = raw[longest].to_numpy()
    start = time.process_time()
    flag_hours(series)
    rows.append(("footfall.flags_s", time.process_time() - start, "CPU s", None, f"{series.size} hours"))
    for kind, (share, n) in recall(series, per_sensor=20 if quick else 40).items():
        rows.append((f"footfall.recall {kind}", share, "share", None, f"{n} faults"))
    for kind, rate in false_alarms(series).items():
        rows.append((f"footfall.alarms {kind}", rate, "per sensor-year", None, "true faults among them"))
    names = ("name", "value", "unit", "peer", "note")
    told = [dict(zip(names, row, strict=True)) for row in rows]
    rounded = {"value": 4, "peer": 4}
    return [
        {"ratio": None}
        | {k: round(v, rounded[k]) if k in rounded and v is not None else v for k, v in row.items()}
        for row in told
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--quick", action="store_true", help="fewer years and repeats, about a minute")
    chosen = parser.parse_args()
    measured = figures(quick=chosen.quick) if melbourne.is_there() else []
    if not measured:
        print("skipped: the open data of Melbourne is not beside the project")
    for row in measured:
        print(f"{row['name']:45s} {row['value']:10} {row['unit']:16s} {row['note']}")
    if chosen.json:
        print(json.dumps({"figures": measured}))
