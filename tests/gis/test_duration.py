import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.duration import FEWEST_LET, survival, survival_by
from gis.errors import FrameError
from gis.spells import DAYS_PER_MONTH, is_found_by_rounds, size_band, spell_lengths
from gis.turnbull import likelihoods, median_months, month_cells, self_consistent, survival_of
from tests.gis.spell_frames import NOT_WATCHED_LATER, ON, drawn, drawn_spells, exact, lengths
from tests.gis.survival_oracle import at, product_limit, turnbull

# Twelve spells of the paper town's high street: ten let, one that still lasts and one that became a house.
PAPER = [
    *((days, "let", 0, NOT_WATCHED_LATER) for days in (30, 60, 90, 120, 200, 300, 400, 500, 700, 900)),
    (250, "running", 0, NOT_WATCHED_LATER),
    (450, "withdrawn", 0, NOT_WATCHED_LATER),
]


def test_the_curve_of_the_paper_town_is_the_one_computed_by_hand():
    found = survival(lengths(PAPER))
    assert found.method == "kaplan_meier"
    # Five of twelve are let before day 250, where one leaves unlet: 7/12 still empty at day 200.
    assert found.curve.loc[7, "survival_share"] == pytest.approx(7 / 12)
    # Six are left at day 300: 7/12 x 5/6, then x 4/5 at day 400.
    assert found.curve.loc[10, "survival_share"] == pytest.approx(7 / 12 * 5 / 6)
    assert found.curve.loc[14, "survival_share"] == pytest.approx(7 / 12 * 5 / 6 * 4 / 5)
    # Three are left after day 450, when one became a house: x 2/3 at day 500.
    assert found.curve.loc[17, "survival_share"] == pytest.approx(7 / 12 * 4 / 6 * 2 / 3)
    assert found.median_days[0] == 300
    assert found.curve["n_at_risk"].loc[[0, 1, 7, 14, 23]].tolist() == [12, 11, 7, 4, 1]
    assert found.counts == {
        "n_spells": 12,
        "n_let": 10,
        "n_withdrawn": 1,
        "n_running": 1,
        "n_between_dates": 0,
        "n_unknown_start": 0,
    }


def test_the_chance_of_being_let_is_told_for_units_that_stand_empty_so_long():
    rows = lengths([(30 * k, "let", 0, NOT_WATCHED_LATER) for k in range(1, 41)])
    chances = survival(rows).let_within_a_year
    # Of forty that end one every thirty days, twelve end in the first 365.25 days; 40 and then 38 are at risk.
    assert chances.loc[0, "chance"] == pytest.approx(12 / 40)
    assert chances.loc[2, "chance"] == pytest.approx(12 / 38)
    assert (chances["chance_lower"] < chances["chance"]).all()
    assert (chances["chance"] < chances["chance_upper"]).all()
    # Nothing is said of a moment when fewer than eight still last.
    assert chances["n_at_risk"].min() >= 8


@pytest.mark.parametrize("width", [0, 60])
def test_none_of_nine_is_not_known_to_be_never_and_all_are_not_known_to_be_always(width):
    # Twelve are let within half a year; nine more are watched for three years and none of them is let.
    rows = [(30 + 10 * k, "let", width, NOT_WATCHED_LATER) for k in range(12)]
    rows += [(1100, "running", width, NOT_WATCHED_LATER) for _ in range(9)]
    chances = survival(lengths(rows)).let_within_a_year
    none = chances.loc[12]
    assert (none["chance"], none["n_at_risk"]) == (pytest.approx(0, abs=1e-3), 9)
    # Clopper and Pearson: none of nine leaves up to 1 - 0.025 ** (1 / 9).
    assert none["chance_upper"] == pytest.approx(1 - 0.025 ** (1 / 9))
    assert none["chance_lower"] == pytest.approx(0, abs=1e-3)
    # And the other way round: after two years of none, all of nine within one.
    rows = rows[:12] + [(800 + 10 * k, "let", width, NOT_WATCHED_LATER) for k in range(9)]
    rows.append((1400, "running", width, 1390))
    every = survival(lengths(rows)).let_within_a_year
    of_all = every[every["chance"] > 1 - 1e-3]
    assert (of_all["chance_lower"] <= 0.025 ** (1 / of_all["n_at_risk"]) + 1e-9).all()


rng_spells = st.lists(
    st.tuples(st.integers(1, 900), st.booleans(), st.integers(0, 400)), min_size=20, max_size=60
)


@given(rng_spells)
@settings(max_examples=60, deadline=None)
def test_kaplan_meier_is_the_product_limit_with_greenwood(rows):
    spells = [(float(days), is_let, float(min(entry, days - 1))) for days, is_let, entry in rows]
    if sum(is_let for _, is_let, _ in spells) < FEWEST_LET:
        return
    frame = exact(*(np.array(column) for column in zip(*spells, strict=True)))
    found = survival(frame)
    if found.reason == "too_few_from_start":
        return
    steps = product_limit(spells)
    for month, row in found.curve.iterrows():
        line, spread = at(steps, month * DAYS_PER_MONTH)
        assert row["survival_share"] == pytest.approx(line, abs=1e-9)
        if 1e-9 < line < 1 - 1e-9 and np.isfinite(spread):
            error = 1.959964 * np.sqrt(spread) / abs(np.log(line))
            assert row["lower_share"] == pytest.approx(line ** np.exp(error), abs=1e-5)
            assert row["upper_share"] == pytest.approx(line ** np.exp(-error), abs=1e-5)


limits = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 4), st.booleans(), st.integers(0, 3)), min_size=8, max_size=20
)


@given(limits)
@settings(max_examples=10, deadline=None)
def test_the_self_consistent_shares_are_those_of_turnbulls_algorithm(rows):
    cells = 13
    told = [(low, None if lasts else low + more, min(entry, low)) for low, more, lasts, entry in rows]
    fits, seen = np.zeros((len(told), cells + 1)), np.zeros((len(told), cells + 1))
    for i, (low, high, entry) in enumerate(told):
        fits[i, low : None if high is None else high + 1] = 1
        seen[i, entry:] = 1
    ours = self_consistent(fits, seen, tolerance=1e-8, most_rounds=1000)[0]
    theirs = turnbull(told, cells)

    def fit(share):
        return float(np.log(fits @ share).sum() - np.log(seen @ share).sum())

    # Shares may differ where the data do not tell cells apart; how well they explain the data may not.
    assert fit(ours) >= fit(theirs) - 1e-3


def test_with_exact_starts_the_months_tell_what_kaplan_meier_tells():
    rows = exact(*_random_exact(np.random.default_rng(4), 300))
    cells = month_cells(rows)
    by_month = survival_of(self_consistent(*likelihoods(rows, cells)))[0]
    curve = survival(rows).curve["survival_share"].to_numpy()
    assert np.abs(by_month[: len(curve)] - curve).max() < 0.01


def test_lifelines_turnbull_agrees_where_it_can_answer():
    from lifelines import KaplanMeierFitter

    rows = drawn(np.random.default_rng(8), 250)
    shortest = rows["exit_days"].clip(lower=1.0).to_numpy()
    longest = np.where(rows["state"] == "let", shortest + rows["start_width_days"], np.inf)
    theirs = KaplanMeierFitter().fit_interval_censoring(shortest, longest).survival_function_.mean(axis=1)
    ours = survival(rows, draws=2).curve["survival_share"]
    for month in (6, 12, 24, 36):
        day = month * DAYS_PER_MONTH
        assert ours[month] == pytest.approx(theirs[theirs.index <= day].iloc[-1], abs=0.05)


def _random_exact(rng, n):
    truth = rng.exponential(500, n).round() + 1
    watched = rng.uniform(50, 2500, n).round()
    return np.minimum(truth, watched), truth <= watched


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=25, deadline=None)
def test_the_curve_never_rises_and_keeps_within_its_band(seed, by_visits):
    rng = np.random.default_rng(seed)
    found = survival(drawn(rng, 60, visits_share=0.7 if by_visits else 0.0), draws=30)
    if found.method is None:
        return
    curve = found.curve
    assert curve["survival_share"].iloc[0] == 1.0
    assert (curve["survival_share"].diff().dropna() <= 1e-9).all()
    assert (curve["lower_share"] <= curve["survival_share"] + 1e-9).all()
    assert (curve["survival_share"] <= curve["upper_share"] + 1e-9).all()
    assert curve["n_at_risk"].between(0, found.counts["n_spells"]).all()
    assert found.let_within_a_year[["chance", "chance_lower", "chance_upper"]].stack().between(0, 1).all()


@given(st.integers(0, 10_000), st.integers(1, 2000))
@settings(max_examples=25, deadline=None)
def test_watching_a_running_spell_longer_never_lowers_the_curve(seed, more):
    rng = np.random.default_rng(seed)
    days, is_let = _random_exact(rng, 50)
    running = np.flatnonzero(~is_let)
    if is_let.sum() < FEWEST_LET or not len(running):
        return
    longer = days.copy()
    longer[running[0]] += more
    before, after = (survival(exact(each, is_let)).curve["survival_share"] for each in (days, longer))
    assert (after.reindex(before.index) >= before - 1e-9).all()


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_rows_decides_nothing(seed):
    rng = np.random.default_rng(seed)
    rows = drawn(rng, 80)
    mixed = rows.sample(frac=1, random_state=seed)
    one, other = survival(rows, draws=2), survival(mixed, draws=2)
    pd.testing.assert_series_equal(
        one.curve["survival_share"], other.curve["survival_share"], check_exact=False, atol=1e-6
    )
    assert one.counts == other.counts


def test_fewer_than_ten_that_were_let_are_not_measured():
    found = survival(lengths(PAPER[1:]))
    assert (found.method, found.reason) == (None, "too_few_let")
    assert (len(found.curve), len(found.let_within_a_year)) == (0, 0)
    assert np.isnan(found.median_days).all()
    assert survival(lengths(PAPER).iloc[:0]).reason == "no_spells"


def test_a_median_that_nobody_watched_long_enough_for_is_not_reached():
    rows = [(30 + k, "let", 0, NOT_WATCHED_LATER) for k in range(10)]
    rows += [(800, "running", 0, NOT_WATCHED_LATER)] * 30
    assert survival(lengths(rows)).median_days[0] == np.inf
    assert median_months(np.array([[1.0, 0.9, 0.8]]))[0] == np.inf


def test_spells_watched_from_later_on_are_not_counted_before():
    # Without that the ten that had stood empty for years when somebody first looked would make all spells long.
    young = [(40 + 10 * k, "let", 0, NOT_WATCHED_LATER) for k in range(10)]
    old = [(2000 + 10 * k, "let", 0, 1990) for k in range(10)]
    lasting = [(2500, "running", 0, NOT_WATCHED_LATER)] * 2
    found = survival(lengths(young + old + lasting))
    assert found.curve.loc[2, "survival_share"] == pytest.approx(9 / 12)
    assert found.median_days[0] == 90
    # With nobody left from the start, the late ones have nothing to hang on.
    assert survival(lengths(young + old)).reason == "too_few_from_start"


def test_groups_are_measured_apart_and_a_small_one_says_why():
    rows = lengths(PAPER)
    groups = pd.Series(["north"] * 12, index=rows.index, dtype=object)
    groups.iloc[0] = "south"
    groups.iloc[11] = None
    found = survival_by(rows, groups)
    assert {name: one.counts["n_spells"] for name, one in found.items()} == {"north": 10, "south": 1}
    assert {name: one.reason for name, one in found.items()} == {
        "north": "too_few_let",
        "south": "too_few_let",
    }


def test_spells_become_lengths_with_all_that_is_not_known_of_them():
    day = pd.Timestamp
    spells = pd.DataFrame(
        {
            "start_earliest_on": [day("2025-01-01"), day("2024-01-01"), None, day("2020-01-01"), day("2026-02-01")],
            "start_latest_on": [
                day("2025-01-01"), day("2024-12-31"), day("2023-01-01"), day("2020-01-01"), day("2026-02-01"),
            ],
            "start_basis": ["exact", "between_visits", "first_seen", "owner_statement", "exact"],
            "ended_on": [day("2025-03-02"), None, day("2023-06-01"), day("2026-06-01"), None],
            "end_reason": ["let", None, "converted", "let", None],
            "watched_from_on": [None, None, None, day("2024-01-01"), None],
        }
    )  # fmt: skip
    told = spell_lengths(spells, on=ON)
    assert told.index.tolist() == [0, 1, 2, 3]
    assert told["state"].tolist() == ["let", "running", "withdrawn", "running"]
    assert told["exit_days"].tolist() == [60, 366, 151, 2192]
    assert told["start_width_days"].tolist() == [0, 365, 0, 0]
    assert told["is_start_known"].tolist() == [True, True, False, True]
    assert told["entry_days"].tolist() == [-np.inf, -np.inf, -np.inf, 1461]
    assert told["started_on"].dt.strftime("%Y-%m-%d").tolist() == [
        "2025-01-01", "2024-07-01", "2023-01-01", "2020-01-01",
    ]  # fmt: skip


def test_a_register_of_rounds_counts_each_spell_from_the_visit_that_found_it():
    spells = drawn_spells(np.random.default_rng(2), 60, only_rounds=True)
    assert is_found_by_rounds(spells)
    assert (spell_lengths(spells, on=ON)["entry_days"] == 0).all()
    mixed = drawn_spells(np.random.default_rng(2), 60, visits_share=0.4)
    assert not is_found_by_rounds(mixed)
    assert (spell_lengths(mixed, on=ON)["entry_days"] == -np.inf).all()
    assert not is_found_by_rounds(mixed.iloc[:0])


def test_the_median_is_found_back_from_a_known_truth():
    for truth in ({}, {"shape": 1.4}, {"visits_share": 0.0}, {"only_rounds": True, "gap_days": 183}):
        found = survival(drawn(np.random.default_rng(11), 900, median_days=600.0, **truth))
        middle, low, high = found.median_days
        assert 0.97 * low <= 600 <= 1.03 * high, truth
        assert middle == pytest.approx(600, rel=0.15), truth


def test_floor_areas_fall_into_bands():
    area = pd.Series([10.0, 79.9, 80.0, 200.0, 5000.0, np.nan])
    assert size_band(area).tolist() == ["under_80", "under_80", "80_to_200", "from_200", "from_200", None]


def test_a_frame_without_a_column_is_refused_by_name():
    with pytest.raises(FrameError, match="entry_days"):
        survival(lengths(PAPER).drop(columns="entry_days"))
    with pytest.raises(FrameError, match="start_basis"):
        spell_lengths(pd.DataFrame(), on=dt.date(2026, 1, 1))
