import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis import forecast_trials
from gis.forecast import LEARNED, forecast
from gis.forecast_base import HORIZON_H, base_forecast
from gis.forecast_features import FEATURES, Ahead, fortnight_features
from gis.forecast_weather import effect_rows, learn_effect
from gis.weather import (
    WEATHER,
    WEATHER_FEATURES,
    Issue,
    Weather,
    month_before,
    season_of,
    weather_features,
    weather_table,
)
from tests.gis.forecast_series import table
from tests.gis.weather_series import DAY_H, WEEK_H, issues, past_with, rained_on, sky

WEEKS = 60
ORIGIN = (WEEKS - 2) * WEEK_H


def simulated(*, effect=0.4, wrong=0.0, weeks=WEEKS, past_issues=26, ahead_h=WEEK_H, noise=0.08):
    """Counts that rain keeps down, weather that was measured, and a forecast of it a week."""
    weather = sky(weeks * WEEK_H)
    hours = rained_on(table(weeks=weeks, levels=(1.0, 4.0), noise=noise, seed=2), weather, effect)
    origin = (weeks - 2) * WEEK_H
    at = [origin - k * WEEK_H for k in range(past_issues + 1)]
    told = Weather(weather, tuple(reversed(issues(weather, at, wrong=wrong, ahead_h=ahead_h))))
    return hours, told


def missed(hours, told, hours_ahead=WEEK_H):
    truth = hours.to_numpy()[told.origin : told.origin + hours_ahead]
    return np.abs(told.expected[:hours_ahead] - truth).sum() / truth.sum()


def test_an_effect_of_rain_is_found_and_lowers_the_error_when_the_weather_is_known():
    hours, weather = simulated()
    with_it = forecast(past_with(hours, weather), ORIGIN)
    without = forecast(past_with(hours, None), ORIGIN)
    assert with_it.weather is not None
    assert (with_it.weather.is_used, with_it.weather.reason, with_it.weather.n_tried) == (True, None, 8)
    assert with_it.weather.missed < 0.7 * with_it.weather.missed_without
    assert missed(hours, with_it) < 0.7 * missed(hours, without)
    # Beyond the week whose weather is known, it is the forecast without.
    np.testing.assert_array_equal(with_it.expected[WEEK_H:], without.expected[WEEK_H:])
    # What rain does is what was planted: four in ten stay away.
    past = past_with(hours, weather).until(ORIGIN)
    rows = effect_rows(past, None, reach=WEEK_H, is_seasonal=False)
    model = learn_effect(rows, end=ORIGIN, is_seasonal=False)
    base = base_forecast(past, ORIGIN)
    dry, wet = (np.tile([10.0, rain, 15.0, np.nan, np.nan], (HORIZON_H, 1)) for rain in (0.0, 1.0))
    ratio = model.forecast(past, base, wet)[12, 0] / model.forecast(past, base, dry)[12, 0]
    assert 0.5 < ratio < 0.8


@pytest.fixture
def few_rows(monkeypatch):
    """Learning in a second."""
    monkeypatch.setattr("gis.forecast_model.MOST_ROWS", 6_000)
    monkeypatch.setattr("gis.forecast_model.MOST_TREES", 30)


def test_the_learned_model_sees_the_weather_as_well(few_rows, monkeypatch):
    monkeypatch.setattr("gis.forecast.GATE_GAIN", -1.0)
    hours, weather = simulated(weeks=50)
    without = forecast(past_with(hours, None), 48 * WEEK_H, is_learning=True)
    told = forecast(past_with(hours, weather), 48 * WEEK_H, is_learning=True)
    assert (told.method, told.weather.is_used) == (LEARNED, True)
    assert missed(hours, told) < 0.75 * missed(hours, without)


def test_weather_does_not_let_learning_past_its_own_gate(few_rows, monkeypatch):
    monkeypatch.setattr("gis.forecast.GATE_GAIN", 0.9)
    hours, weather = simulated(weeks=50)
    told = forecast(past_with(hours, weather), 48 * WEEK_H, is_learning=True)
    assert told.wape[LEARNED] > 0
    assert told.method != LEARNED
    assert told.weather.is_used


def test_a_model_that_cannot_be_fitted_in_the_end_says_what_is_missing(monkeypatch):
    hours, weather = simulated()
    fitted = forecast_trials.learn_effect
    monkeypatch.setattr(
        forecast_trials,
        "learn_effect",
        lambda rows, *, end, is_seasonal: (
            None if end == ORIGIN else fitted(rows, end=end, is_seasonal=is_seasonal)
        ),
    )
    told = forecast(past_with(hours, weather), ORIGIN)
    assert (told.weather.is_used, told.weather.reason) == (False, "few_measured")


def test_without_weather_at_hand_no_column_of_it_is_made():
    hours, _ = simulated(weeks=10)
    past = past_with(hours, None)
    ahead = Ahead(np.zeros((HORIZON_H, len(WEATHER))), None)
    told = fortnight_features(past, base_forecast(past, 8 * WEEK_H), ahead)
    assert told.shape[2] == len(FEATURES)


def test_without_weather_a_forecast_is_the_same_to_the_bit(few_rows):
    hours, weather = simulated(effect=0.0, weeks=42)
    useless = Weather(weather.measured)
    for is_learning in (False, True):
        plain, other = (
            forecast(past_with(hours, each), 40 * WEEK_H, is_learning=is_learning) for each in (None, useless)
        )
        assert plain.weather is None
        assert (other.weather.is_used, other.weather.reason) == (False, "no_forecast")
        np.testing.assert_array_equal(plain.expected, other.expected)
        np.testing.assert_array_equal(plain.quantiles, other.quantiles)


def test_weather_that_changes_nothing_is_not_used():
    hours, weather = simulated(effect=0.0, noise=0.3)
    told = forecast(past_with(hours, weather), ORIGIN)
    assert (told.weather.is_used, told.weather.reason) == (False, "no_better")
    np.testing.assert_array_equal(told.quantiles, forecast(past_with(hours, None), ORIGIN).quantiles)


def test_a_forecast_of_the_weather_that_is_wrong_does_not_pass_the_gate():
    hours, weather = simulated(wrong=1.0)
    told = forecast(past_with(hours, weather), ORIGIN)
    # The measured weather says that rain matters; what was forecast of it does not help.
    assert (told.weather.is_used, told.weather.reason) == (False, "no_better")


def test_measured_weather_of_the_days_to_come_changes_nothing():
    hours, weather = simulated()
    spoilt = weather.measured.copy()
    spoilt[ORIGIN:] = 1e6
    later = Issue(ORIGIN + 1, ORIGIN, np.full((WEEK_H, len(WEATHER)), 99.0))
    told, other = (
        forecast(past_with(hours, each), ORIGIN)
        for each in (weather, Weather(spoilt, (*weather.issues, later)))
    )
    np.testing.assert_array_equal(told.expected, other.expected)
    np.testing.assert_array_equal(told.quantiles, other.quantiles)


def test_past_tries_know_only_the_weather_that_was_forecast_by_then():
    hours, weather = simulated()
    # The same forecasts, of which those of the past came a day late: none was known when its fortnight began.
    late = tuple(
        Issue(issue.issued + (DAY_H if issue.issued < ORIGIN else 0), issue.first, issue.values)
        for issue in weather.issues
    )
    told = forecast(past_with(hours, Weather(weather.measured, late)), ORIGIN)
    assert (told.weather.is_used, told.weather.reason, told.weather.n_tried) == (False, "few_tried", 0)


def test_a_forecast_of_two_days_is_tried_with_two_days():
    hours, weather = simulated()
    short = Issue(ORIGIN, ORIGIN, weather.issues[-1].values[: 2 * DAY_H])
    told = forecast(past_with(hours, Weather(weather.measured, (*weather.issues[:-1], short))), ORIGIN)
    week = forecast(past_with(hours, weather), ORIGIN)
    assert (told.weather.reach, week.weather.reach) == (2 * DAY_H, WEEK_H)

    def width(each):
        return np.diff(each.quantiles[:, 0, [1, 5]] / each.expected[:, [0]], axis=1)[12, 0]

    # Bands come from tries that knew no more of the weather than is known now.
    assert width(told) > 1.1 * width(week)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"measured": 0.85}, "few_measured"),
        ({"past_issues": 3}, "few_tried"),
        ({"age": 5 * DAY_H}, "no_forecast"),
        ({"weeks": 14}, "few_tried"),
    ],
)
def test_too_little_weather_says_what_is_missing(change, reason):
    weeks = change.get("weeks", WEEKS)
    hours, weather = simulated(past_issues=change.get("past_issues", 26), weeks=weeks)
    measured = weather.measured.copy()
    measured[: int(len(measured) * (1 - change.get("measured", 1.0)))] = np.nan
    age = change.get("age", 0)
    found = tuple(Issue(issue.issued - age, issue.first, issue.values) for issue in weather.issues)
    told = forecast(past_with(hours, Weather(measured, found)), (weeks - 2) * WEEK_H)
    assert (told.weather.is_used, told.weather.reason) == (False, reason)
    assert np.isfinite(told.expected).all()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 0.9))
def test_holes_in_the_weather_never_make_a_hole_in_the_forecast(seed, share):
    hours, weather = simulated(weeks=40)
    rng = np.random.default_rng(seed)

    def torn(values):
        return np.where(rng.random(values.shape) < share, np.nan, values)

    found = tuple(Issue(each.issued, each.first, torn(each.values)) for each in weather.issues)
    told = forecast(past_with(hours, Weather(weather.measured, found)), 38 * WEEK_H)
    assert np.isfinite(told.expected).all()
    assert (np.diff(told.quantiles, axis=2) >= 0).all()


def test_the_newest_forecast_goes_first_hour_by_hour():
    old = Issue(0, 0, np.full((100, 5), 1.0))
    new = Issue(10, 20, np.full((30, 5), 2.0))
    weather = Weather(np.empty((0, 5)), (old, new))
    ahead = weather.ahead(12)
    assert ahead[[0, 8, 37, 38, 87], 0].tolist() == [1.0, 2.0, 2.0, 1.0, 1.0]
    assert np.isnan(ahead[88:]).all()
    assert np.isnan(weather.ahead(12, reach=5)[5:]).all()
    # Of three days before or earlier, nothing; and nothing that was made later, unless it is asked later.
    assert np.isnan(weather.ahead(96)).all()
    assert weather.ahead(5)[20, 0] == 1.0
    assert weather.ahead(5, known=10)[20, 0] == 2.0
    assert weather.newest(12) is new


def test_a_model_learns_from_what_was_forecast_then_and_else_from_what_came():
    came = np.zeros((400, 5))
    weather = Weather(came, (Issue(24, 24, np.full((24, 5), 7.0)),))
    told = weather.to_learn_from(24, 72)
    assert told[[0, 23, 24, 71], 0].tolist() == [7.0, 7.0, 0.0, 0.0]
    assert np.isnan(told[72:]).all()


def test_rows_are_laid_out_on_the_hours_of_the_counts():
    first = pd.Timestamp("2026-01-01")
    frame = pd.DataFrame(
        {
            "at": pd.to_datetime(["2025-12-31 23:00", "2026-01-01 02:00", "2026-01-01 05:00", "2026-01-01 04:00"]),
            "issued": pd.to_datetime([None, None, "2026-01-01 00:30", "2026-01-01 00:30"]),
            **{name: [1.0, 2.0, 3.0, 4.0] for name in WEATHER},
        }
    )  # fmt: skip
    weather = weather_table(frame, first, 24)
    assert np.flatnonzero(np.isfinite(weather.measured[:, 0])).tolist() == [2]
    (issue,) = weather.issues
    # Known from the next whole hour on.
    assert (issue.issued, issue.first, issue.values[:, 0].tolist()) == (1, 4, [4.0, 3.0])
    assert weather_table(frame.iloc[:0], first, 24) is None


def test_warmth_is_told_against_the_season_and_the_month():
    measured = np.zeros((400 * DAY_H, 5))
    measured[:, 0] = 12.0
    weather = Weather(measured)
    days = pd.DataFrame(index=pd.date_range("2025-01-01", periods=420))
    season = season_of(weather, days)
    ahead = np.full((HORIZON_H, 5), np.nan)
    ahead[:DAY_H] = [15.0, 0.5, 10.0, 0.0, 100.0]
    told = weather_features(weather, ahead, 399 * DAY_H, season=season, first_day_of_year=1)
    row = dict(zip(WEATHER_FEATURES, told[12], strict=True))
    assert row["warmer_than_season_c"] == pytest.approx(3.0, abs=1e-6)
    assert (row["warmer_than_month_c"], row["wet_day_share"], row["wet_month_share"]) == (3.0, 1.0, 0.0)
    assert np.isnan(told[DAY_H:, :8]).all()
    assert season_of(Weather(measured[: 200 * DAY_H]), days) is None


def test_a_month_of_which_half_is_unknown_is_unknown():
    measured = np.ones((28 * DAY_H, 5))
    assert month_before(Weather(measured), 28 * DAY_H)[:, 0].tolist() == [1.0] * 24
    measured[: 15 * DAY_H] = np.nan
    assert np.isnan(month_before(Weather(measured), 28 * DAY_H)).all()
    assert np.isnan(month_before(Weather(measured[:0]), 0)).all()
