import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pymcdm.methods import TOPSIS, WSM

from gis.score import Criterion, references, score_units
from gis.topsis import topsis_closeness

CODES = ["a", "b", "c", "d"]
WEIGHTS = [0.4, 0.3, 0.2, 0.1]
CRITERIA = tuple(
    Criterion(code, weight, direction, low=0.0, high=100.0)
    for code, weight, direction in zip(CODES, WEIGHTS, ("more", "less", "more", "less"), strict=True)
)
TYPES = np.array([1, -1, 1, -1])
TABLES = arrays(
    float, st.tuples(st.integers(2, 15), st.just(4)), elements=st.floats(0, 100).map(lambda x: round(x, 3))
)
# The two ends of the scale, so that the library, which takes its ideal from the list, takes the same one.
BEST, WORST = [100.0, 0.0, 100.0, 0.0], [0.0, 100.0, 0.0, 100.0]


# Its validation warns of the units that stand at an end of the scale, which are here on purpose.
def share_of_scale(column, cost):
    """The fixed scale of 0 to 100, as the library wants a normalisation."""
    return 1 - column / 100 if cost else column / 100


@settings(deadline=None, max_examples=60)
@given(TABLES)
def test_the_score_is_the_weighted_sum_of_an_independent_library(numbers):
    scores = score_units(pd.DataFrame(numbers, columns=CODES), CRITERIA)
    theirs = WSM(share_of_scale)(numbers, np.array(WEIGHTS), TYPES, validation=False)
    np.testing.assert_allclose(scores.units["score"], 100 * theirs, atol=1e-9)


@settings(deadline=None, max_examples=60)
@given(TABLES)
def test_closeness_is_topsis_of_an_independent_library_when_ideal_and_worst_are_on_the_list(numbers):
    with_ends = np.vstack([numbers, BEST, WORST])
    scores = score_units(pd.DataFrame(with_ends, columns=CODES), CRITERIA)
    ours = topsis_closeness(scores.scaled, scores.weights)
    theirs = TOPSIS(share_of_scale)(with_ends, np.array(WEIGHTS), TYPES, validation=False)
    np.testing.assert_allclose(ours, theirs, atol=1e-9)


def test_on_the_scale_of_the_list_both_agree_too():
    rng = np.random.default_rng(0)
    numbers = rng.uniform(5, 40, (50, 4))
    values = pd.DataFrame(numbers, columns=CODES)
    plain = tuple(Criterion(c.code, c.weight, c.direction) for c in CRITERIA)
    ends = references(values, plain, low=0.0, high=1.0)
    scores = score_units(values, plain, ends=ends)
    theirs = TOPSIS()(numbers, np.array(WEIGHTS), TYPES, validation=False)
    # The library's usual scale runs from the smallest to the largest of the list, and so does its ideal.
    np.testing.assert_allclose(topsis_closeness(scores.scaled, scores.weights), theirs, atol=1e-9)


def test_the_library_turns_units_around_when_one_leaves_and_fixed_scales_do_not():
    rng = np.random.default_rng(1)
    turned = ours_turned = 0
    for _ in range(100):
        numbers = np.vstack([rng.uniform(20, 60, (8, 4)), [100.0, 0.0, 0.0, 100.0]])
        for method, is_ours in ((TOPSIS(), False), (None, True)):
            if is_ours:
                scores = score_units(pd.DataFrame(numbers, columns=CODES), CRITERIA)
                whole = topsis_closeness(scores.scaled, scores.weights).to_numpy()
                less = score_units(pd.DataFrame(numbers[:-1], columns=CODES), CRITERIA)
                part = topsis_closeness(less.scaled, less.weights).to_numpy()
                ours_turned += list(np.argsort(whole[:-1])) != list(np.argsort(part))
            else:
                whole = method(numbers, np.array(WEIGHTS), TYPES, validation=False)
                part = method(numbers[:-1], np.array(WEIGHTS), TYPES, validation=False)
                turned += list(np.argsort(whole[:-1])) != list(np.argsort(part))
    assert ours_turned == 0
    assert turned > 10


def test_missing_values_weigh_nothing():
    values = pd.DataFrame([[50.0, np.nan, 20.0, np.nan]], columns=CODES)
    scores = score_units(values, CRITERIA)
    theirs = WSM(share_of_scale)(
        np.array([[50.0, 20.0], [0.0, 0.0]]), np.array([0.4, 0.2]) / 0.6, np.array([1, 1]), validation=False
    )
    assert scores.units["score"].iloc[0] == pytest.approx(100 * theirs[0])
