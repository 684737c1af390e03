import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.rank import double_counted, drop_one_ranks, rank_ranges
from gis.score import DEFAULT_CRITERIA, Criterion, references, score_units

CODES = [criterion.code for criterion in DEFAULT_CRITERIA]


def invented(n, *, seed=0):
    rng = np.random.default_rng(seed)
    table = rng.lognormal(0, 0.6, (n, 6)) * [500, 3000, 1, 100, 10, 0.1]
    return pd.DataFrame(table, columns=CODES, index=[f"u{i:03d}" for i in range(n)])


def interval(values, factor):
    return {"lower": values[["footfall"]] / factor, "upper": values[["footfall"]] * factor}


def test_the_same_seed_gives_the_same_ranges_in_whatever_order_the_rows_come():
    values = invented(30)
    ranges = rank_ranges(values, draws=300, seed=4, **interval(values, 2))
    shuffled = values.sample(frac=1, random_state=1)
    again = rank_ranges(shuffled, draws=300, seed=4, **interval(values, 2))
    pd.testing.assert_frame_equal(again.loc[values.index], ranges)
    other = rank_ranges(values, draws=300, seed=5, **interval(values, 2))
    assert not other.equals(ranges)


def test_shares_over_all_units_add_up_to_the_places_on_the_list():
    ranges = rank_ranges(invented(30), draws=400, top=5)
    assert ranges["first_share"].sum() == pytest.approx(1)
    assert ranges["top_share"].sum() == pytest.approx(5)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 25), st.integers(0, 1000), st.floats(1.01, 4))
def test_a_rank_range_is_ordered_and_on_the_list(n, seed, factor):
    values = invented(n, seed=seed)
    ranges = rank_ranges(values, draws=200, **interval(values, factor))
    assert (ranges["rank_low"] <= ranges["rank_high"]).all()
    assert ranges["rank_low"].min() >= 1
    assert ranges["rank_high"].max() <= n
    assert ranges["first_share"].le(ranges["top_share"]).all()


def test_without_any_doubt_the_ranges_are_the_ranks():
    sure = tuple(Criterion(code, 1.0, error_points=0.0) for code in CODES)
    values = invented(12)
    ranges = rank_ranges(values, sure, draws=100, firmness=1e9)
    assert ranges["rank_low"].tolist() == ranges["rank"].tolist() == ranges["rank_high"].tolist()
    assert ranges["tie_group"].tolist() == ranges["rank"].tolist()


def test_a_wider_interval_makes_a_wider_range():
    values = invented(60)
    ranges = [rank_ranges(values, draws=500, **interval(values, factor)) for factor in (1.1, 1.9, 4.0)]
    narrow, middle, wide = ((r["rank_high"] - r["rank_low"]).mean() for r in ranges)
    assert narrow < middle < wide


def test_the_chance_that_one_of_two_is_first_is_that_of_two_normal_errors():
    criterion = (Criterion("near", 1.0, error_points=5.0),)
    values = pd.DataFrame({"near": [50.0, 54.0]}, index=["a", "b"])
    ends = pd.DataFrame({"low": [0.0], "high": [100.0]}, index=["near"])
    ranges = rank_ranges(values, criterion, ends=ends, draws=40_000, top=1)
    # A difference of 4 points with a standard error of 5 sqrt 2: P(b first) = Phi(0.566) = 0.714.
    assert ranges.loc["b", "first_share"] == pytest.approx(0.714, abs=0.01)


def test_an_interval_on_a_log_scale_is_lognormal():
    criterion = (Criterion("footfall", 1.0, scale="log"),)
    values = pd.DataFrame({"footfall": [1000.0, 1500.0]}, index=["a", "b"])
    ends = pd.DataFrame({"low": [10.0], "high": [100_000.0]}, index=["footfall"])
    ranges = rank_ranges(values, criterion, ends=ends, lower=values / 2, upper=values * 2, draws=40_000)
    # sigma = ln 4 / 2.563 = 0.541; ln 1.5 / (0.541 sqrt 2) = 0.530, and Phi(0.530) = 0.702.
    assert ranges.loc["b", "first_share"] == pytest.approx(0.702, abs=0.01)


def test_weights_move_as_much_as_they_are_said_to():
    criteria = (Criterion("a", 0.25, error_points=0.0), Criterion("b", 0.75, error_points=0.0))
    values = pd.DataFrame({"a": [100.0, 0.0], "b": [0.0, 40.0]}, index=["x", "y"])
    ends = pd.DataFrame({"low": [0.0, 0.0], "high": [100.0, 100.0]}, index=["a", "b"])
    ranges = rank_ranges(values, criteria, ends=ends, draws=40_000)
    # x wins when the weight of a is over 2 / 7; it is Beta(12.5, 37.5), 0.25 with a standard deviation of 0.061.
    assert ranges.loc["x", "first_share"] == pytest.approx(0.272, abs=0.012)


def test_a_unit_without_a_score_has_no_range_and_disturbs_nobody():
    values = invented(20)
    values.loc["u003"] = np.nan
    ranges = rank_ranges(values, draws=200, ends=references(values))
    assert ranges.loc["u003"].isna().all()
    assert ranges["rank_high"].max() <= 19


def test_dropping_a_criterion_ranks_as_if_it_had_no_weight():
    values = invented(15)
    ranks = drop_one_ranks(values)
    assert list(ranks.columns) == CODES
    expected = score_units(values, ends=references(values), weights={"footfall": 0}).units["rank"]
    assert ranks["footfall"].tolist() == expected.tolist()
    assert list(drop_one_ranks(values, weights=dict.fromkeys(CODES[1:], 0)).columns) == []


def test_criteria_that_tell_the_same_story_are_listed():
    values = invented(50)
    values["parking"] = -(values["footfall"] ** 2)
    values["shops_around"] = 3.0
    told = double_counted(values)
    assert told[["first", "second"]].to_numpy().tolist() == [["footfall", "parking"]]
    assert told["correlation"].iloc[0] == pytest.approx(-1)


def test_six_hundred_units_and_two_thousand_draws_take_under_three_seconds():
    values = invented(600)
    start = time.process_time()
    rank_ranges(values, draws=2000, **interval(values, 1.9))
    assert time.process_time() - start < 3
