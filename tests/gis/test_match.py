from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import FrameError
from gis.match import FITS, OUT, UNCLEAR, Wish, match, own_branch_distance, rank_matches

COLUMNS = ("a", "b", "c")
NUMBERS = st.sampled_from([np.nan, 0.0, 1.0, 2.0, 3.0, np.inf])
UNITS = st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=7).map(
    lambda rows: pd.DataFrame(rows, columns=list(COLUMNS))
)
WISHES = st.builds(
    lambda code, low, more, hard: Wish(code, low, None if more is None else low + more, hard),
    st.sampled_from(COLUMNS),
    st.sampled_from([0.0, 1.0, 2.0]),
    st.sampled_from([None, 0.0, 1.0]),
    st.booleans(),
)
PROFILES = st.lists(st.lists(WISHES, max_size=4), min_size=1, max_size=4)


def verdict(value, wish):
    if np.isnan(value):
        return None
    return (wish.low is None or value >= wish.low) and (wish.high is None or value <= wish.high)


def by_hand(row, wishes):
    hard = [verdict(row[wish.code], wish) for wish in wishes if wish.is_hard]
    soft = [verdict(row[wish.code], wish) for wish in wishes if not wish.is_hard]
    return hard.count(False), hard.count(None), soft.count(True), soft.count(None), len(soft)


def ranked(values, wishes, score=None):
    return rank_matches(match(values, [wishes]).of_profile(0), score)


def test_a_bakery_on_paper():
    units = pd.DataFrame(
        {
            "floor_area_m2": [120, 70, 130, np.nan, 150, 140],
            "passage": [5, 5, 3, 5, 4, 4],
            "terrace": [1, 1, 1, 1, np.nan, 0],
        },
        index=list("PQRSTU"),
        dtype=float,
    )
    wishes = [
        Wish("floor_area_m2", 100, 180),
        Wish("passage", 4, is_hard=False),
        Wish("terrace", 1, is_hard=False),
    ]
    told = ranked(units, wishes)
    assert told["verdict"].to_dict() == {"P": FITS, "Q": OUT, "R": FITS, "S": UNCLEAR, "T": FITS, "U": FITS}
    # P meets both soft wishes, R and U one, T one or two; S meets both, but nobody knows whether it is large enough.
    assert told["share_low"].to_dict() == {"P": 1, "Q": 1, "R": 0.5, "S": 1, "T": 0.5, "U": 0.5}
    assert told["rank"].dropna().to_dict() == {"P": 1, "R": 2, "T": 2, "U": 2, "S": 5}
    assert told["rank_best"].dropna().to_dict() == {"P": 1, "R": 2, "S": 1, "T": 1, "U": 2}
    assert told["rank_worst"].dropna().to_dict() == {"P": 1, "R": 4, "S": 5, "T": 3, "U": 4}
    assert told.index[told["may_fall_out"]].tolist() == ["S"]


def test_a_score_parts_what_wishes_leave_equal_and_equal_scores_share_a_rank():
    units = pd.DataFrame({"a": [1.0, 1, 1, 1]})
    score = pd.Series([40.0, 60.0, 40.0 + 1e-13, np.nan])
    told = ranked(units, [Wish("a", 1)], score)
    assert told["rank"].tolist() == [2, 1, 2, 4]
    # Of the last the score is not known: it can be the best of all.
    assert told["rank_best"].tolist() == [2, 1, 2, 1]
    assert told["rank_worst"].tolist() == [3, 2, 3, 4]


def test_no_soft_wishes_are_all_met():
    told = ranked(pd.DataFrame({"a": [1.0, 0.0]}), [Wish("a", 1)])
    assert told["share_low"].tolist() == [1, 1]
    assert told["rank"].tolist()[0] == 1


@settings(max_examples=40, deadline=None)
@given(UNITS, PROFILES)
def test_counts_are_those_of_a_loop_over_units_profiles_and_wishes(values, profiles):
    found = match(values, profiles)
    for place, wishes in enumerate(profiles):
        counts = found.of_profile(place)
        for unit, row in values.iterrows():
            assert tuple(counts.loc[unit]) == by_hand(row, wishes)
            assert found.of_unit(unit).loc[place].tolist() == counts.loc[unit].tolist()


@settings(max_examples=40, deadline=None)
@given(UNITS, PROFILES, WISHES)
def test_another_hard_wish_never_adds_a_match(values, profiles, more):
    wishes, harder = profiles[0], [*profiles[0], Wish(more.code, more.low, more.high, True)]
    before, after = ranked(values, wishes)["verdict"], ranked(values, harder)["verdict"]
    assert not ((before == OUT) & (after != OUT)).any()
    assert not ((before != FITS) & (after == FITS)).any()


@settings(max_examples=40, deadline=None)
@given(UNITS, PROFILES, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_wishes_does_not_matter(values, profiles, random):
    order = list(values.index)
    wishes = list(profiles[0])
    random.shuffle(order)
    random.shuffle(wishes)
    pd.testing.assert_frame_equal(
        ranked(values.loc[order], wishes).loc[values.index], ranked(values, profiles[0])
    )


@settings(max_examples=40, deadline=None)
@given(UNITS, PROFILES)
def test_what_meets_every_hard_wish_is_never_listed_as_failing(values, profiles):
    wishes = profiles[0]
    told = ranked(values, wishes)
    for unit, row in values.iterrows():
        answers = [verdict(row[wish.code], wish) for wish in wishes if wish.is_hard]
        expected = OUT if False in answers else UNCLEAR if None in answers else FITS
        assert told.loc[unit, "verdict"] == expected
        assert np.isnan(told.loc[unit, "rank"]) == (expected == OUT)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(*[st.sampled_from([0, 1, 2])] * 4, st.sampled_from([0, 1])), min_size=1, max_size=6)
)
def test_a_rank_lies_in_its_range_and_every_end_is_that_of_the_worst_and_best_case(rows):
    counts = pd.DataFrame(rows, columns=["hard_failed", "hard_unknown", "soft_met", "soft_unknown", "score"])
    counts["soft"] = counts["soft_met"] + counts["soft_unknown"] + 1
    score = counts.pop("score").astype(float)
    told = rank_matches(counts, score)
    low = [Fraction(int(r.soft_met), int(r.soft)) for r in counts.itertuples()]
    high = [Fraction(int(r.soft_met + r.soft_unknown), int(r.soft)) for r in counts.itertuples()]
    is_in = [r.hard_failed == 0 for r in counts.itertuples()]
    is_clear = [i and r.hard_unknown == 0 for i, r in zip(is_in, counts.itertuples(), strict=True)]
    n = range(len(counts))
    for i in n:
        if not is_in[i]:
            continue
        others = [j for j in n if j != i]
        best = 1 + sum(is_clear[j] and (low[j], score[j]) > (high[i], score[i]) for j in others)
        worst = 1 + sum(is_in[j] and (high[j], score[j]) > (low[i], score[i]) for j in others)
        assert told["rank_best"][i] == best
        assert told["rank_worst"][i] == (worst if is_clear[i] else sum(is_in))
        assert best <= told["rank"][i] <= told["rank_worst"][i]


def test_an_own_shop_nearer_than_asked_is_found_and_a_shop_without_a_name_leaves_it_open():
    at = np.array([[0.0, 0.0], [1000.0, 0.0], [5000.0, 0.0]])
    own, unnamed = np.array([[0.0, 300.0]]), np.array([[1000.0, 100.0]])
    told = own_branch_distance(at, own, unnamed, least_m=500)
    assert told[0] == 300
    assert np.isnan(told[1])
    assert told[2] == pytest.approx(np.hypot(5000, 300))
    nowhere = np.empty((0, 2))
    assert own_branch_distance(at, nowhere, nowhere, least_m=500).tolist() == [np.inf] * 3


def test_a_wish_without_an_end_or_with_ends_crossed_is_refused():
    for ends in ((None, None), (2.0, 1.0), (np.nan, None)):
        with pytest.raises(FrameError):
            Wish("a", *ends)
    with pytest.raises(FrameError, match="255"):
        match(pd.DataFrame({"a": [1.0]}), [[Wish("a", 1)] * 256])
    with pytest.raises(FrameError, match="missing"):
        match(pd.DataFrame({"a": [1.0]}), [[Wish("b", 1)]])
