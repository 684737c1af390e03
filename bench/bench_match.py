"""How fast shop units are ranked anew for one profile, and matched with thousands of them, beside plain pandas and NumPy."""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.report import figure, run
from gis.match import Wish, match, rank_matches

COLUMNS = (
    "floor_area_m2",
    "frontage_m",
    "rent",
    "passage",
    "persons",
    "spaces",
    "near",
    "own_m",
    "terrace",
    "core",
)
WISHES = 8


def town(n, rng):
    """Shop units as skewed as real ones, one value in ten unknown."""
    table = rng.lognormal(0, 0.7, (n, len(COLUMNS))) * 100
    table[rng.random(table.shape) < 0.1] = np.nan
    return pd.DataFrame(table, columns=list(COLUMNS))


def asked(n, rng):
    """Profiles of eight wishes, half of them hard, each met by about two units in three."""
    profiles = []
    for _ in range(n):
        codes = rng.choice(len(COLUMNS), WISHES, replace=False)
        wishes = []
        for place, code in enumerate(codes):
            end = float(100 * rng.lognormal(0, 0.2))
            ends = {"low": end * 0.7} if rng.random() < 0.7 else {"high": end * 1.4}
            wishes.append(Wish(COLUMNS[code], **ends, is_hard=place < WISHES // 2))
        profiles.append(wishes)
    return profiles


def with_numpy(values, profiles):
    """The same counts with whole columns at a time, profile by profile."""
    columns = {code: values[code].to_numpy() for code in values.columns}
    counts = np.zeros((4, len(profiles), len(values)), dtype=np.uint8)
    for place, wishes in enumerate(profiles):
        for wish in wishes:
            value = columns[wish.code]
            unknown = np.isnan(value)
            met = np.ones(len(value), dtype=bool)
            if wish.low is not None:
                met &= value >= wish.low
            if wish.high is not None:
                met &= value <= wish.high
            first = 0 if wish.is_hard else 2
            counts[first, place] += (~met if wish.is_hard else met) & ~unknown
            counts[first + 1, place] += unknown
    return counts


def with_pandas(values, profiles):
    """The same counts as one would write them with pandas."""
    counts = []
    for wishes in profiles:
        tables = {
            is_hard: pd.DataFrame(
                {
                    at: values[wish.code].between(
                        -np.inf if wish.low is None else wish.low, np.inf if wish.high is None else wish.high
                    )
                    for at, wish in enumerate(wishes)
                    if wish.is_hard == is_hard
                }
            )
            for is_hard in (True, False)
        }
        unknown = {
            is_hard: pd.DataFrame(
                {at: values[wish.code].isna() for at, wish in enumerate(wishes) if wish.is_hard == is_hard}
            )
            for is_hard in (True, False)
        }
        counts.append(
            (
                (~tables[True] & ~unknown[True]).sum(axis=1),
                unknown[True].sum(axis=1),
                tables[False].sum(axis=1),
                unknown[False].sum(axis=1),
            )
        )
    return np.array(counts).transpose(1, 0, 2)


def seconds(times, work):
    """Least CPU time of a few runs: what else the machine does must not count."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def measure(is_quick):
    """One profile, many profiles, and how that grows with both."""
    rng = np.random.default_rng(0)
    n_units, n_profiles = (1000, 400) if is_quick else (5000, 2000)
    units, profiles = town(n_units, rng), asked(n_profiles, rng)
    few, some = profiles[:50], profiles[: n_profiles // 4]
    found = match(units, few)
    ours = np.stack([found.hard_failed, found.hard_unknown, found.soft_met, found.soft_unknown])
    assert np.array_equal(ours, with_numpy(units, few))
    assert np.array_equal(ours, with_pandas(units, few))

    score = pd.Series(rng.random(n_units), index=units.index)

    def rerank():
        return rank_matches(match(units, profiles[:1]).of_profile(0), score)

    size = f"{n_units:,} units"
    yield figure(
        "match.rerank_ms", 1000 * seconds(10, rerank), "CPU ms", note=f"{size}, 1 profile with score"
    )
    all_s = seconds(3, lambda: match(units, profiles))
    numpy_s = seconds(2, lambda: with_numpy(units, profiles))
    pandas_s = seconds(1, lambda: with_pandas(units, few)) * n_profiles / len(few)
    note = f"{size} x {n_profiles:,} profiles of {WISHES} wishes"
    yield figure("match.all_s", all_s, "CPU s", peer="NumPy", ratio=numpy_s / all_s, note=note)
    yield figure(
        "match.all_pandas_s",
        pandas_s,
        "CPU s",
        peer="pandas",
        ratio=pandas_s / all_s,
        note="from 50 profiles",
    )
    some_s = seconds(3, lambda: match(units, some))
    half = units.iloc[: n_units // 4]
    half_s = seconds(3, lambda: match(half, profiles))
    yield figure("match.growth_profiles", all_s / some_s, "x", note="time for 4 times the profiles")
    yield figure("match.growth_units", all_s / half_s, "x", note="time for 4 times the units")
    both = seconds(1, lambda: [rank_matches(match(units, [wishes]).of_profile(0), score) for wishes in few])
    yield figure(
        "match.rank_all_s", both * n_profiles / len(few), "CPU s", note="ranks with ranges, from 50 profiles"
    )


if __name__ == "__main__":
    run(measure, about=__doc__)
