import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, binomtest, ecdf

from gis.case_figures import by_day, funnel, incidence, median_days, share_of

STATES = ("a", "b", "c")
FOLLOWED = st.lists(st.tuples(st.integers(1, 40), st.sampled_from([0, 1, 2])), min_size=1, max_size=30)


def arrays(rows):
    return np.array([day for day, _ in rows], dtype=float), np.array([kind for _, kind in rows])


def test_a_funnel_counts_who_went_on_who_ended_and_who_is_still_there():
    cases = pd.DataFrame({"highest": [0, 0, 1, 1, 2], "is_ended": [True, False, True, False, False]})
    found = funnel(cases, STATES)
    assert found[["n_reached", "n_on", "n_left", "n_here"]].to_numpy().tolist() == [
        [5, 3, 1, 1], [3, 1, 1, 1], [1, 0, 0, 1],
    ]  # fmt: skip
    assert found["on_share"].tolist()[:2] == [0.75, 0.5]
    assert np.isnan(found["on_share"].iloc[2])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=30))
def test_nobody_is_lost_between_two_states_of_the_funnel(rows):
    found = funnel(pd.DataFrame(rows, columns=["highest", "is_ended"]), STATES)
    assert (found["n_reached"] == found["n_on"] + found["n_left"] + found["n_here"]).all()
    assert found["n_on"].tolist()[:-1] == found["n_reached"].tolist()[1:]
    assert found["n_reached"].iloc[0] == len(rows)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_of_a_share_is_that_of_scipy(pair):
    n, of = pair
    found, theirs = share_of(n, of), binomtest(n, of).proportion_ci(method="wilson")
    assert (found.lower, found.upper) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_a_share_of_nothing_is_not_measurable():
    assert share_of(0, 0).share is None


def test_the_chance_of_signing_by_hand():
    # Four cases: signed on day 10, lost on day 20, signed on day 30, open since day 25.
    days, kinds = np.array([10.0, 20, 30, 25]), np.array([1, 2, 1, 0])
    at, chance = incidence(days, kinds)
    assert at.tolist() == [10, 20, 30]
    # 1/4; nothing at 20; then half are left, and the one that is still followed signs: 1/4 + 1/2.
    assert chance.tolist() == pytest.approx([0.25, 0.25, 0.75])
    assert median_days(days, kinds) == 30


@settings(deadline=None, max_examples=40)
@given(FOLLOWED)
def test_without_other_ends_it_is_one_less_the_survival_of_kaplan_and_meier(rows):
    days, kinds = arrays([(day, min(kind, 1)) for day, kind in rows])
    at, chance = incidence(days, kinds)
    if len(at) == 0:
        return
    survival = ecdf(CensoredData.right_censored(days, kinds == 0)).sf
    assert chance == pytest.approx(1 - survival.evaluate(at), abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(FOLLOWED)
def test_chances_rise_and_those_of_both_ends_together_never_pass_one(rows):
    days, kinds = arrays(rows)
    at, chance = incidence(days, kinds)
    assert (np.diff(chance) >= -1e-12).all()
    other = incidence(days, np.where(kinds == 0, 0, 3 - kinds))[1]
    if len(at):
        assert chance[-1] + other[-1] <= 1 + 1e-9


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 40), st.sampled_from([1, 2])), min_size=5, max_size=30),
    st.integers(1, 40),
)
def test_where_every_case_has_ended_it_is_the_plain_share(rows, horizon):
    days, kinds = arrays(rows)
    found = by_day(days, kinds, horizon)
    assert found.share == pytest.approx(((kinds == 1) & (days <= horizon)).mean())
    assert found.lower <= found.share + 1e-9
    assert found.share <= found.upper + 1e-9


def test_what_nobody_watched_long_enough_is_not_measurable():
    found = by_day(np.array([10.0, 20.0]), np.array([0, 1]), 365)
    assert (found.share, found.n, found.of) == (None, 1, 2)
    assert by_day(np.array([]), np.array([], dtype=int), 365).share is None


@pytest.mark.parametrize("n", [1, 4, 5])
def test_fewer_than_five_cases_have_a_share_without_an_interval(n):
    found = by_day(np.full(n, 10.0), np.ones(n, dtype=int), 90)
    assert (found.share, found.n, found.of) == (1, n, n)
    assert (found.lower is None, found.upper is None) == (n < 5, n < 5)


def test_the_same_seed_gives_the_same_interval():
    days, kinds = np.array([10.0, 20, 30, 50, 400]), np.array([1, 2, 1, 1, 0])
    assert by_day(days, kinds, 90, seed=3) == by_day(days, kinds, 90, seed=3)
