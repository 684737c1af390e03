"""How well is footfall between counted places estimated, with few sensors and with counts by hand, and how fast are the flows?

Melbourne: each sensor left out, and random few that estimate the rest. Leeds: eight cameras in alike streets, each left out,
without a network. Growth: trips from every street against the betweenness of networkx.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from gis.counts import hourly
from gis.footfall import footfall_per_day
from gis.footfall_estimate import estimate_footfall, left_out_accuracy, left_out_footfall
from gis.manual_counts import expand_manual_counts
from gis.network import StreetNetwork
from gis.street_flow import Trips, street_flows
from tests.gis import leeds, melbourne
from tests.gis.real_streets import grid

SIZES = (5, 6, 8, 16, 24)
GRIDS = (25, 50, 100)


def judged(observed, table):
    """Rank correlation, median error, share inside the 80 % interval, and the factor of that interval."""
    order = observed.rank().corr(table["footfall_per_day"].rank())
    error = (table["footfall_per_day"] / observed - 1).abs().median()
    inside = observed.between(table["footfall_lower_per_day"], table["footfall_upper_per_day"]).mean()
    factor = (table["footfall_upper_per_day"] / table["footfall_per_day"]).median()
    return order, error, inside, factor


def estimated(city, known, asked, *, counted=None):
    """Estimates at the asked places; nobody is left unanswered, the question is how good an answer is."""
    sensors = city.points.iloc[known] if counted is None else counted
    return estimate_footfall(
        city.points.iloc[asked],
        sensors,
        distances=np.minimum(city.metres[np.ix_(asked, known)], 1e6),
        unit_features=city.features,
        sensor_features=city.features,
        spread_of=city.of_shops,
        reach_m=1e6,
    )


def told(name, rows, note):
    table = pd.DataFrame(rows)
    yield report.figure(f"{name}_spearman", table[0].median(), "rho", note=note)
    yield report.figure(f"{name}_median_error", table[1].median(), "share", note=note)
    yield report.figure(f"{name}_coverage_80", table[2].mean(), "share", note=note)
    yield report.figure(f"{name}_factor_80", table[3].median(), "x", note="upper end over the estimate")


def few(city, repeats):
    rng, n = np.random.default_rng(0), len(city.points)
    for size in SIZES:
        rows = []
        for _ in range(repeats):
            order = rng.permutation(n)
            known, asked = order[:size], order[size:]
            observed = city.points["footfall_per_day"].iloc[asked]
            rows.append(judged(observed, estimated(city, known, asked)))
        yield from told(f"streets.melbourne_{size}", rows, f"{repeats} random subsets, the others estimated")


def by_hand(city, table, repeats):
    """Eight sensors, and twenty places counted twice for two hours: how well is the count, how well are the others known."""
    rng, n = np.random.default_rng(1), len(city.points)
    footfall = city.points["footfall_per_day"]
    days = pd.DatetimeIndex(table.index.normalize().unique())
    days = days[(days.day_of_week < 6) & (days.year >= 2018)]
    at_counts, elsewhere = [], []
    for _ in range(repeats):
        order = rng.permutation(n)
        permanent, counted, asked = order[:8], order[8:28], order[28:]
        names = footfall.index[counted]
        rows = []
        for name in names:
            for day in rng.choice(days, 2, replace=False):
                start = pd.Timestamp(day) + pd.Timedelta(hours=int(rng.integers(11, 15)))
                value = table[name].reindex([start, start + pd.Timedelta(hours=1)]).sum(min_count=2)
                utc = start.tz_localize(melbourne.TIMEZONE).tz_convert("UTC")
                rows.append({"place_id": name, "start_at": utc, "minutes": 120, "value": value})
        expanded = expand_manual_counts(
            pd.DataFrame(rows),
            table[footfall.index[permanent]],
            footfall.iloc[permanent],
            timezone=melbourne.TIMEZONE,
        )
        off = (expanded["footfall_per_day"] / footfall[expanded.index] - 1).abs()
        at_counts.append((off.median(), off.quantile(0.9)))
        known = order[:28]
        calibration = city.points.iloc[known].assign(
            footfall_per_day=footfall.iloc[permanent].combine_first(expanded["footfall_per_day"]),
            sigma_log=expanded["sigma_log"],
        )
        elsewhere.append(judged(footfall.iloc[asked], estimated(city, known, asked, counted=calibration)))
    here = pd.DataFrame(at_counts).median()
    note = f"{repeats} draws: 8 sensors, 20 places twice for two hours by hand"
    yield report.figure("streets.by_hand_median_error", here[0], "share", note=note)
    yield report.figure("streets.by_hand_p90_error", here[1], "share", note=note)
    yield from told("streets.melbourne_8_and_20", elsewhere, note)


def alone(name, points, **features):
    accuracy = left_out_accuracy(left_out_footfall(points, **features))
    note = f"each of {accuracy['n_sensors']:.0f} left out"
    for key, unit in (
        ("spearman", "rho"),
        ("median_error_share", "share"),
        ("coverage_share", "share"),
        ("r2_log", "R2"),
    ):
        yield report.figure(f"streets.{name}_{key.removesuffix('_share')}", accuracy[key], unit, note=note)


def leeds_cameras() -> gpd.GeoDataFrame:
    """Mean passages of 10-18 h at the cameras, on whole days that counted anything."""
    counts = leeds.counts()
    clock = counts["start_at"].dt.tz_convert(leeds.TIMEZONE)
    is_open = clock.dt.hour.between(10, 17)
    day = counts[is_open].groupby(["sensor_id", clock[is_open].dt.date])["value"]
    totals = day.sum()[(day.size() == 8) & (day.sum() > 0)].groupby("sensor_id").mean()
    places = pd.read_csv(leeds.FILE.parent / "camera_locs.csv").dropna(subset=["LocName"])

    def key(names: pd.Series) -> pd.Series:
        plain = names.str.lower().str.replace(r"[^a-z]", "", regex=True)
        for long, short in (("street", "st"), ("square", "sq"), ("mcdonalds", "mcds")):
            plain = plain.str.replace(long, short)
        return plain.str.replace(r"at(?=mcds|lush|barratts)", "", regex=True)

    footfall = totals.groupby(key(totals.index.to_series())).mean()
    values = key(places["LocName"]).map(footfall)
    points = gpd.points_from_xy(places["X_Lon"], places["Y_Lat"], crs=4326).to_crs(27700)
    frame = gpd.GeoDataFrame({"footfall_per_day": values.to_numpy()}, geometry=points)
    return frame[frame["footfall_per_day"].notna()]


def growth(quick):
    earlier = None
    for size in GRIDS[:2] if quick else GRIDS:
        network = StreetNetwork.from_streets(grid(size), mode="walk")
        ones = np.ones(len(network.graph.segment_id))
        half = 0.5 * ones
        trips = [Trips(ones, ones, np.inf, 800.0, False)]
        street_flows(network, trips, begins_at=half, ends_at=half)
        start = time.process_time()
        street_flows(network, trips, begins_at=half, ends_at=half)
        seconds = time.process_time() - start
        note = f"{len(ones)} streets, trips of 800 m between all"
        if size == GRIDS[0]:
            yield report.figure(
                f"streets.flows_{len(ones)}_s", seconds, "CPU s", peer="networkx betweenness",
                ratio=peer(network) / seconds, note=note,
            )  # fmt: skip
        else:
            yield report.figure(f"streets.flows_{len(ones)}_s", seconds, "CPU s", note=note)
        if earlier:
            yield report.figure(
                f"streets.flows_{len(ones)}_growth", seconds / earlier, "x", note="for four times the streets"
            )
        earlier = seconds


def peer(network) -> float:
    """Seconds of networkx for the edge betweenness of the same streets, from every node and without a limit of length."""
    graph = nx.Graph()
    ends = zip(network.graph.segment_from.tolist(), network.graph.segment_to.tolist(), strict=True)
    for (a, b), length in zip(ends, network.graph.length_m.tolist(), strict=True):
        graph.add_edge(a, b, length=length)
    start = time.process_time()
    nx.edge_betweenness_centrality(graph, weight="length")
    return time.process_time() - start


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    yield from growth(quick)
    if leeds.is_there():
        yield from alone("leeds", leeds_cameras())
    if not melbourne.is_there():
        print("skipped: the open data of Melbourne is not beside the project")
        return
    counts = melbourne.counts(first="2018-01-01" if quick else "2013-01-01")
    means = footfall_per_day(counts, timezone=melbourne.TIMEZONE, min_days=100)
    city = melbourne.sensors(means["footfall_per_day"].dropna())
    yield from alone("melbourne", city.points, features=city.features, unit_features=city.of_shops)
    yield from few(city, 30 if quick else 200)
    table = hourly(counts, timezone=melbourne.TIMEZONE)
    yield from by_hand(city, table, 5 if quick else 40)


if __name__ == "__main__":
    report.run(measure, about=__doc__)
