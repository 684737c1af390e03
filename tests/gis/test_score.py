import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gis.errors import FrameError
from gis.score import (
    DEFAULT_CRITERIA,
    Criterion,
    references,
    scale_values,
    score_units,
    shown_points,
    weight_shares,
)

PLAIN = (Criterion("near", 3.0), Criterion("rent", 1.0, direction="less"))
ENDS = pd.DataFrame({"low": [0.0, 10.0], "high": [100.0, 20.0]}, index=["near", "rent"])
CODES = [criterion.code for criterion in DEFAULT_CRITERIA]
NUMBERS = st.floats(0, 1e5, allow_nan=False)
TABLES = arrays(
    float, st.tuples(st.integers(2, 15), st.just(6)), elements=st.one_of(NUMBERS, st.just(np.nan))
)


def frame_of(table):
    return pd.DataFrame(table, columns=CODES, index=[f"u{i}" for i in range(len(table))])


def test_a_score_on_paper():
    values = pd.DataFrame({"near": [50.0, 200.0], "rent": [12.0, 25.0]}, index=["a", "b"])
    scores = score_units(values, PLAIN, ends=ENDS)
    # a: 50 points on near, 80 on rent; b: 100 (beyond the reference) and 0.
    assert scores.units["score"].tolist() == pytest.approx([0.75 * 50 + 0.25 * 80, 75.0])
    assert scores.points.loc["a"].tolist() == pytest.approx([37.5, 20.0])
    assert scores.units["rank"].tolist() == [2, 1]
    assert scores.weights.to_dict() == {"near": 0.75, "rent": 0.25}


def test_references_are_the_fifth_and_ninety_fifth_percentile_of_all_units():
    values = pd.DataFrame({"near": np.arange(101.0), "rent": np.full(101, 7.0)})
    ends = references(values, PLAIN)
    assert ends.loc["near"].tolist() == [5.0, 95.0]
    assert ends.loc["rent"].tolist() == [7.0, 7.0]


def test_a_log_scale_gives_halfway_to_the_geometric_middle():
    criterion = Criterion("footfall", 1.0, scale="log")
    ends = pd.DataFrame({"low": [99.0], "high": [9999.0]}, index=["footfall"])
    scaled = scale_values(pd.DataFrame({"footfall": [99.0, 999.0, 9999.0, 0.0]}), [criterion], ends)
    assert scaled["footfall"].tolist() == pytest.approx([0.0, 50.0, 100.0, 0.0])


def test_an_ideal_is_worth_all_and_the_furthest_reference_nothing():
    criterion = Criterion("size", 1.0, direction="ideal", ideal=100.0)
    ends = pd.DataFrame({"low": [50.0], "high": [300.0]}, index=["size"])
    scaled = scale_values(pd.DataFrame({"size": [100.0, 200.0, 300.0, 500.0, 50.0]}), [criterion], ends)
    assert scaled["size"].tolist() == pytest.approx([100.0, 50.0, 0.0, 0.0, 75.0])


def test_a_criterion_that_is_the_same_everywhere_is_worth_half_everywhere():
    ends = pd.DataFrame({"low": [4.0, 0.0], "high": [4.0, 1.0]}, index=["near", "rent"])
    scaled = scale_values(pd.DataFrame({"near": [4.0, 4.0, 9.0], "rent": 0.0}), PLAIN, ends)
    assert scaled["near"].tolist() == [50.0, 50.0, 100.0]


def test_a_missing_value_leaves_its_weight_to_the_others_and_is_listed():
    values = pd.DataFrame({"near": [50.0, 50.0], "rent": [np.nan, 15.0]}, index=["a", "b"])
    units = score_units(values, PLAIN, ends=ENDS).units
    assert units["score"].tolist() == pytest.approx([50.0, 50.0])
    assert units.loc["a", "missing"] == ("rent",)
    assert units["is_complete"].tolist() == [False, True]
    assert units["known_weight_share"].tolist() == [0.75, 1.0]


def test_a_unit_of_which_less_than_half_is_known_has_no_score_and_no_rank():
    values = pd.DataFrame({"near": [np.nan, 50.0], "rent": [15.0, 15.0]}, index=["a", "b"])
    scores = score_units(values, PLAIN, ends=ENDS)
    assert np.isnan(scores.units.loc["a", "score"])
    assert np.isnan(scores.units.loc["a", "rank"])
    assert scores.points.loc["a"].isna().all()
    assert scores.units.loc["b", "rank"] == 1


def test_a_criterion_without_weight_is_not_missed():
    values = pd.DataFrame({"near": [50.0], "rent": [np.nan]})
    assert score_units(values, PLAIN, ends=ENDS, weights={"rent": 0}).units["missing"].iloc[0] == ()


def test_no_units_give_no_scores():
    values = pd.DataFrame({"near": [], "rent": []}, dtype=float)
    assert len(score_units(values, PLAIN, ends=ENDS).units) == 0


@pytest.mark.parametrize("weights", [{"near": -1}, {"near": 0, "rent": 0}, {"sea": 1}, {"near": np.nan}])
def test_impossible_weights_are_refused(weights):
    with pytest.raises(FrameError):
        weight_shares(PLAIN, weights)


def test_impossible_criteria_are_refused():
    for wrong in ({"direction": "up"}, {"scale": "square"}, {"direction": "ideal"}, {"ideal": 3.0}):
        with pytest.raises(FrameError, match="near"):
            Criterion("near", 1.0, **wrong)


@settings(deadline=None)
@given(TABLES)
def test_what_is_shown_adds_up_exactly(table):
    scores = score_units(frame_of(table))
    scored = scores.units["score"].dropna()
    assert (scores.points.loc[scored.index].sum(axis=1) == scored).all()
    assert scored.between(0, 100 + 1e-9).all()
    shown = shown_points(scores.points.loc[scored.index])
    # Tenths as whole numbers: no binary fraction may hide a tenth.
    assert (np.rint(shown.fillna(0) * 10).sum(axis=1) == np.rint(scored * 10)).all()
    assert (shown - scores.points.loc[scored.index]).abs().max().max() < 0.1 + 1e-6 or len(scored) == 0


@settings(deadline=None)
@given(TABLES, st.lists(st.floats(0.01, 10), min_size=6, max_size=6), st.floats(0.001, 1000))
def test_only_the_proportions_of_the_weights_count(table, weights, factor):
    values = frame_of(table)
    one, other = (
        score_units(values, weights={code: w * f for code, w in zip(CODES, weights, strict=True)})
        for f in (1, factor)
    )
    np.testing.assert_allclose(one.units["score"], other.units["score"], rtol=1e-9)


@settings(deadline=None)
@given(TABLES, st.randoms())
def test_the_order_of_the_rows_changes_no_score(table, random):
    values = frame_of(table)
    shuffled = values.loc[random.sample(list(values.index), len(values))]
    again = score_units(shuffled).units.loc[values.index]
    pd.testing.assert_frame_equal(again, score_units(values).units)


@settings(deadline=None)
@given(TABLES, st.integers(0, 5), st.floats(0, 1e5))
def test_a_better_value_never_lowers_a_score(table, column, better):
    values = frame_of(table)
    ends = references(values)
    known = values.iloc[0].notna()
    assume(known.iloc[column])
    criterion, changed = DEFAULT_CRITERIA[column], values.copy()
    sign = -1 if criterion.direction == "less" else 1
    changed.iloc[0, column] += sign * min(better, values.iloc[0, column] if sign < 0 else better)
    before, after = (score_units(frame, ends=ends).units["score"].iloc[0] for frame in (values, changed))
    assert np.isnan(before) or after >= before - 1e-9


@settings(deadline=None, max_examples=200)
@given(TABLES, st.data())
def test_a_unit_that_leaves_the_list_never_turns_two_others_around(table, data):
    values = frame_of(table)
    ends = references(values)
    leaves = data.draw(st.sampled_from(list(values.index)))
    rest = values.drop(index=leaves)
    before = score_units(values, ends=ends).units["score"].drop(leaves)
    after = score_units(rest, ends=ends).units["score"]
    pd.testing.assert_series_equal(before, after)


def topsis(values, weights, is_benefit):
    """Hwang and Yoon 1981, vector normalisation: an oracle for what a changing list does."""
    weighed = values / np.sqrt((values**2).sum(axis=0)) * weights
    best = np.where(is_benefit, weighed.max(axis=0), weighed.min(axis=0))
    worst = np.where(is_benefit, weighed.min(axis=0), weighed.max(axis=0))
    to_best, to_worst = (np.sqrt(((weighed - end) ** 2).sum(axis=1)) for end in (best, worst))
    return to_worst / (to_best + to_worst)


def test_topsis_agrees_on_the_clear_cases_and_turns_ranks_around_where_fixed_scales_do_not():
    rng = np.random.default_rng(0)
    is_benefit = np.array([criterion.direction != "less" for criterion in DEFAULT_CRITERIA])
    weights = weight_shares(DEFAULT_CRITERIA).to_numpy()
    turned, agreement = 0, []
    for _ in range(50):
        values = frame_of(rng.lognormal(0, 0.5, (40, 6)) * [500, 3000, 1, 100, 10, 0.1])
        ours = score_units(values).units["score"].to_numpy()
        theirs = topsis(values.to_numpy(), weights, is_benefit)
        agreement.append(pd.Series(ours).corr(pd.Series(theirs), method="kendall"))
        without = np.delete(np.arange(40), rng.integers(40))
        again = topsis(values.to_numpy()[without], weights, is_benefit)
        turned += (np.argsort(again) != np.argsort(theirs[without])).any()
    assert turned > 25
    assert np.mean(agreement) > 0.5
