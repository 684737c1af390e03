import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gis.errors import FrameError
from gis.knock_out import KnockOut, check_wishes, is_out
from gis.profile import Profile, profile_values, rank_profile
from gis.reach import branches_around
from gis.rent import rent_against_core
from gis.score import Criterion, references, score_units
from gis.topsis import topsis_closeness

BAKERY = Profile(
    criteria=(
        Criterion("footfall", 3.0, low=0.0, high=1000.0),
        Criterion("competitors", 1.0, "less", low=0.0, high=4.0),
    ),
    wishes=(KnockOut("floor_area_m2", low=60.0, high=200.0),),
    good=("butcher", "greengrocer"),
    rivals=("bakery",),
)
UNITS = pd.DataFrame(
    {
        "state": ["occupied", "occupied", "vacant", "occupied", "vacant"],
        "branch_code": ["bakery", "butcher", None, "bakery", None],
    },
    index=[1, 2, 3, 4, 5],
)
# One straight street, a door every 100 m.
ALONG = np.abs(np.subtract.outer(np.arange(5), np.arange(5))) * 100.0
TABLES = arrays(float, st.tuples(st.integers(2, 12), st.just(3)), elements=st.floats(0, 100))
CODES = ["a", "b", "c"]
PLAIN = Profile(
    criteria=tuple(Criterion(code, weight) for code, weight in zip(CODES, (3.0, 2.0, 1.0), strict=True))
)


def table_of(numbers):
    return pd.DataFrame(numbers, columns=CODES, index=[f"u{i:02d}" for i in range(len(numbers))])


def ranked(values, profile=PLAIN, **options):
    return rank_profile(values, profile, candidates=values.index, draws=50, **options)


def test_shops_of_a_branch_are_counted_within_reach_and_a_shop_is_not_its_own_neighbour():
    near = branches_around(UNITS, ALONG, reach_m=100.0)
    assert list(near.columns) == ["bakery", "butcher"]
    # Doors at 0, 100, ... 400 m: bakeries at 0 and 300, the butcher at 100.
    assert near["bakery"].tolist() == [0, 1, 1, 0, 1]
    assert near["butcher"].tolist() == [1, 0, 1, 0, 0]


def test_nothing_trades_where_all_stands_empty():
    empty = UNITS.assign(state="vacant")
    assert branches_around(empty, ALONG).shape == (5, 0)


def test_neighbours_and_competitors_are_those_that_the_profile_names():
    near, far = branches_around(UNITS, ALONG, reach_m=100.0), branches_around(UNITS, ALONG, reach_m=300.0)
    values = profile_values(pd.DataFrame(index=UNITS.index), near, far, BAKERY)
    # Nobody sells vegetables here, so only the butcher is good company.
    assert values["good_neighbours"].tolist() == [1, 0, 1, 0, 0]
    assert values["competitors"].tolist() == [1, 2, 2, 1, 1]
    # It fears nobody, so there is nothing to count.
    assert values["bad_neighbours"].isna().all()


def test_neighbours_that_cannot_be_counted_are_unknown_and_not_none():
    near = branches_around(UNITS, ALONG, reach_m=100.0)
    near.loc[5] = np.nan
    values = profile_values(pd.DataFrame(index=UNITS.index), near, near, BAKERY)
    assert values["competitors"].isna().tolist() == [False, False, False, False, True]
    assert values["good_neighbours"].isna().tolist() == [False, False, False, False, True]


def test_a_profile_on_paper():
    values = pd.DataFrame(
        {
            "footfall": [500.0, 800.0, 900.0, 900.0],
            "competitors": [0.0, 4.0, 2.0, 2.0],
            "floor_area_m2": [80.0, 120.0, 250.0, np.nan],
        },
        index=["a", "b", "c", "d"],
    )
    told = ranked(values, BAKERY)
    # a: 3/4 x 50 + 1/4 x 100; b: 3/4 x 80 + 0; c and d: 3/4 x 90 + 1/4 x 50.
    assert told.scores.units["score"].tolist() == pytest.approx([62.5, 60.0, 80.0, 80.0])
    assert told.wishes[0].tolist() == ["met", "met", "failed", "unknown"]
    # c is too large and out; of d the size is not known, so it stays in.
    assert told.units["is_out"].tolist() == [False, False, True, False]
    assert told.units["rank"].loc[["a", "b", "d"]].tolist() == [2, 3, 1]
    assert np.isnan(told.units.loc["c", "rank"])
    # TOPSIS by hand: a is (.5, 1), weights (.75, .25): to best sqrt(.375^2), to worst sqrt(.375^2 + .25^2).
    worst, best = np.hypot(0.375, 0.25), 0.375
    assert told.units.loc["a", "closeness"] == pytest.approx(worst / (worst + best))


def test_a_unit_whose_value_is_not_known_is_out_where_the_wish_says_so():
    values = pd.DataFrame({"rent": [np.nan, 100.0, 300.0]})
    assert is_out(values, [KnockOut("rent", high=200.0, is_unknown_out=True)]).tolist() == [True, False, True]
    assert is_out(values, []).tolist() == [False] * 3
    assert check_wishes(values, []).shape == (3, 0)


@pytest.mark.parametrize("ends", [{}, {"low": 5.0, "high": 4.0}, {"low": np.nan}, {"high": np.inf}])
def test_a_wish_without_sense_is_refused(ends):
    with pytest.raises(FrameError, match="hard wish size"):
        KnockOut("size", **ends)


def test_a_profile_without_sense_is_refused():
    with pytest.raises(FrameError, match="twice: a"):
        Profile(criteria=(Criterion("a", 1.0), Criterion("a", 2.0)))
    with pytest.raises(FrameError, match="at least one"):
        Profile(criteria=())
    with pytest.raises(FrameError, match="minimum 5"):
        Criterion("a", 1.0, low=5.0, high=5.0)
    with pytest.raises(FrameError, match="not among"):
        rank_profile(table_of(np.ones((2, 3))), PLAIN, candidates=pd.Index(["z"]))


def test_ends_set_by_hand_replace_those_of_the_units_one_by_one():
    values = pd.DataFrame({"a": np.arange(101.0)})
    assert references(values, [Criterion("a", 1.0, low=-10.0)]).loc["a"].tolist() == [-10.0, 95.0]
    assert references(values, [Criterion("a", 1.0, high=200.0)]).loc["a"].tolist() == [5.0, 200.0]


def test_a_rent_is_set_against_its_core_and_against_all_where_the_core_has_too_few():
    units = pd.DataFrame(
        {
            "asking_rent_eur_per_month": [1000.0, 2000.0, 3000.0, 1000.0, np.nan, 500.0],
            "floor_area_m2": [100.0, 100.0, 100.0, 100.0, 100.0, 0.0],
            "core_id": [1, 1, 1, 2, 1, 1],
        }
    )
    told = rent_against_core(units, min_rents=3)
    assert told["rent_eur_per_m2_year"].tolist()[:4] == [120.0, 240.0, 360.0, 120.0]
    # Core 1: median 240. Core 2 has one rent; all four have a median of 180.
    assert told["rent_ratio"].tolist()[:4] == pytest.approx([0.5, 1.0, 1.5, 120 / 180])
    assert told["rent_ratio"].iloc[4:].isna().all()
    assert rent_against_core(units)["rent_ratio"].isna().all()


@settings(deadline=None, max_examples=25)
@given(TABLES, st.integers(0, 2), st.floats(0.5, 50))
def test_more_of_a_good_thing_never_costs_a_place(numbers, column, more):
    values = table_of(numbers)
    ends = references(values, PLAIN.criteria)
    before = score_units(values, PLAIN.criteria, ends=ends).units["score"]
    better = values.copy()
    better.iloc[0, column] += more
    after = score_units(better, PLAIN.criteria, ends=ends).units["score"]
    assert after.iloc[0] >= before.iloc[0] - 1e-9
    assert after.rank(ascending=False).iloc[0] <= before.rank(ascending=False).iloc[0]


@settings(deadline=None, max_examples=25)
@given(TABLES)
def test_a_unit_that_is_worse_on_everything_never_wins_by_either_method(numbers):
    values = table_of(numbers)
    values.iloc[0] = values.iloc[1] - 1.0
    told = ranked(values)
    assert told.units["rank"].iloc[0] >= told.units["rank"].iloc[1]
    assert told.units["topsis_rank"].iloc[0] >= told.units["topsis_rank"].iloc[1]
    assert told.units["closeness"].dropna().between(0, 1).all()


@settings(deadline=None, max_examples=20)
@given(TABLES, st.randoms())
def test_the_order_of_the_rows_does_not_matter(numbers, random):
    values = table_of(numbers)
    shuffled = list(values.index)
    random.shuffle(shuffled)
    straight, turned = ranked(values), ranked(values.loc[shuffled])
    pd.testing.assert_frame_equal(straight.units, turned.units.loc[values.index])


@settings(deadline=None, max_examples=20)
@given(TABLES)
def test_a_unit_that_leaves_turns_no_two_others_around(numbers):
    values = table_of(numbers)
    ends = references(values, PLAIN.criteria)
    fixed = Profile(criteria=tuple(Criterion(c.code, c.weight, low=lo, high=hi + 1e-6)
                                   for c, (lo, hi) in zip(PLAIN.criteria, ends.to_numpy(), strict=True)))  # fmt: skip
    all_of_them, rest = ranked(values, fixed), ranked(values.iloc[1:], fixed)
    for column in ("rank", "topsis_rank"):
        one, other = all_of_them.units[column].to_numpy()[1:], rest.units[column].to_numpy()
        assert (np.sign(np.subtract.outer(one, one)) == np.sign(np.subtract.outer(other, other))).all()


def test_closeness_needs_weights_that_belong():
    scaled = table_of(np.full((2, 3), 50.0))
    with pytest.raises(FrameError, match="weights"):
        topsis_closeness(scaled, pd.Series({"a": 1.0}))
    with pytest.raises(FrameError, match="weights"):
        topsis_closeness(scaled, pd.Series(0.0, index=CODES))
    nothing = topsis_closeness(scaled * np.nan, pd.Series([1.0, 1.0, 1.0], index=CODES) / 3)
    assert nothing.isna().all()
