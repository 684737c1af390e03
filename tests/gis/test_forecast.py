import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import FrameError
from gis.forecast import LEARNED, WEEKS, WEEKS_SEASON, chosen_method, forecast
from gis.forecast_base import (
    HORIZON_H,
    WEEK_H,
    base_forecast,
    counted,
    event_lifts,
    naive_forecast,
    week_profile,
)
from gis.forecast_features import FEATURES
from gis.forecast_interval import (
    HOLIDAY_WIDENED,
    QUANTILES,
    Residuals,
    learn_bands,
    order_statistics,
)
from gis.forecast_model import learn, training_origins
from gis.forecast_score import hit_rate
from tests.gis.forecast_series import DAY, WEEKDAYS, event, past, table

END = 12 * WEEK_H


def hour_of(hours, moment):
    return int((pd.Timestamp(moment) - hours.index[0]) // pd.Timedelta(hours=1))


def test_a_week_that_repeats_is_forecast_exactly():
    hours = table(weeks=12)
    told = base_forecast(past(hours), 8 * WEEK_H)
    np.testing.assert_allclose(told.ordinary, hours.to_numpy()[8 * WEEK_H : 8 * WEEK_H + HORIZON_H])
    np.testing.assert_allclose(naive_forecast(past(hours), 8 * WEEK_H), told.ordinary)


def test_the_mean_is_that_of_the_latest_four_valid_values():
    hours = table(weeks=9, levels=(1.0,))
    # The hour of Monday at noon in the weeks before: 10 in the oldest, 80 in the latest; one of them is not valid.
    for week in range(8):
        hours.iloc[(week + 1) * WEEK_H + 12, 0] = 10.0 * (week + 1)
    hours.iloc[7 * WEEK_H + 12, 0] = np.nan
    told = week_profile(past(hours), 9 * WEEK_H)
    assert told[12, 0] == pytest.approx((80 + 60 + 50 + 40) / 4)


def test_what_comes_after_the_origin_changes_nothing():
    hours = table(weeks=30, noise=0.3)
    spoilt = hours.copy()
    spoilt.iloc[20 * WEEK_H :] = 9999.0
    told, other = (forecast(past(each), 20 * WEEK_H) for each in (hours, spoilt))
    np.testing.assert_array_equal(told.expected, other.expected)
    np.testing.assert_array_equal(told.quantiles, other.quantiles)


def test_a_holiday_is_a_sunday_and_does_not_spoil_the_weeks_after_it():
    hours = table(weeks=22)
    ours = past(hours)
    # First of May 2024, a Wednesday.
    origin = hour_of(hours, "2024-04-29")
    day = base_forecast(ours, origin).holiday_aware[2 * 24 : 3 * 24, 0]
    np.testing.assert_allclose(day, WEEKDAYS[6] * DAY)
    after = base_forecast(ours, hour_of(hours, "2024-05-13"))
    wednesday = after.holiday_aware[2 * 24 : 3 * 24, 0]
    np.testing.assert_allclose(wednesday, WEEKDAYS[2] * DAY)


def test_the_season_of_last_year_moves_the_forecast_half_as_far():
    hours = table(weeks=70)
    origin = 60 * WEEK_H
    before = origin - 52 * WEEK_H
    hours.iloc[before : before + HORIZON_H] *= 1.44
    told = base_forecast(past(hours), origin)
    np.testing.assert_allclose(told.movement, 1.44, rtol=0.03)
    np.testing.assert_allclose(told.seasonal, told.holiday_aware * np.sqrt(told.movement))


def test_an_event_is_as_its_earlier_edition_and_not_a_part_of_the_usual_week():
    hours = table(weeks=70)
    first, second = hour_of(hours, "2024-08-27 12:00"), hour_of(hours, "2025-04-15 12:00")
    events = pd.DataFrame(
        [
            event("Koerse", "2024-08-27 12:00", "2024-08-27 18:00"),
            event("Koerse", "2025-04-15 12:00", "2025-04-15 18:00"),
            event("Season", "2024-04-01", "2024-10-01"),
        ]
    )
    hours.iloc[first : first + 6] *= 4.0
    ours = past(hours, events)
    assert [edition.name for edition in ours.editions] == ["Koerse", "Koerse"]
    origin = second - 12 - 24
    lifts = event_lifts(ours)
    told = base_forecast(ours, origin, lifts)
    # One edition of which the log counts for two thirds.
    expected = hours.iloc[second : second + 6].to_numpy() * 4.0 ** (2 / 3)
    np.testing.assert_allclose(told.holiday_aware[36:42], expected, rtol=0.02)
    plain = base_forecast(ours, origin)
    np.testing.assert_allclose(plain.holiday_aware[36:42], expected / 4.0 ** (2 / 3), rtol=0.02)
    # The Tuesday after the first edition is an ordinary Tuesday again.
    week_after = base_forecast(ours, first - 12 + WEEK_H, lifts)
    np.testing.assert_allclose(week_after.holiday_aware[12:18, 0], DAY[12:18])


@pytest.fixture
def few_rows(monkeypatch):
    """Learning in a second: enough rows to see a rule that is as plain as those here."""
    monkeypatch.setattr("gis.forecast_model.MOST_ROWS", 6_000)
    monkeypatch.setattr("gis.forecast_model.MOST_TREES", 30)


def test_a_young_sensor_borrows_the_shape_of_its_likes_at_its_own_level():
    hours = table(weeks=20, levels=(1.0, 3.0, 0.5), noise=0.2)
    hours.iloc[: 19 * WEEK_H, 2] = np.nan
    told = week_profile(past(hours), 20 * WEEK_H)
    alone = week_profile(past(hours[[3]]), 20 * WEEK_H)
    truth = table(weeks=20, levels=(0.5,)).to_numpy()[:WEEK_H, 0]
    assert np.abs(told[:, 2] - truth).sum() < np.abs(alone[:, 0] - truth).sum()


def test_a_sensor_that_never_counts_by_night_gets_no_night():
    hours = table(weeks=20, levels=(1.0, 3.0))
    hours.loc[(hours.index.hour < 6), 1] = np.nan
    hours.iloc[: 17 * WEEK_H, 0] = np.nan
    told = week_profile(past(hours), 20 * WEEK_H)
    assert np.isnan(told[:6, 0]).all()
    assert np.isfinite(told[6:24, 0]).all()


def test_three_weeks_are_needed_and_a_sensor_that_stopped_says_so():
    hours = table(weeks=20, levels=(1.0, 1.0, 1.0), noise=0.2)
    hours.iloc[: 18 * WEEK_H, 1] = np.nan
    hours.iloc[17 * WEEK_H :, 2] = np.nan
    told = forecast(past(hours), 20 * WEEK_H)
    assert told.reasons == (None, "too_short", "stale")
    assert np.isnan(told.expected[:, 1:]).all()
    assert np.isfinite(told.expected[:, 0]).all()
    assert np.isnan(told.day_quantiles[:, 1:]).all()


def test_bands_hold_as_often_as_they_say_on_counts_that_are_pure_chance():
    hours = table(weeks=60, levels=(1.0, 2.0, 4.0), noise=0.25, seed=3)
    rows = []
    for origin in range(40 * WEEK_H, 56 * WEEK_H, 2 * WEEK_H):
        told = forecast(past(hours), origin)
        truth = hours.to_numpy()[origin : origin + HORIZON_H]
        rows.append(
            [
                ((truth >= told.quantiles[:, :, low]) & (truth <= told.quantiles[:, :, 6 - low])).mean()
                for low in range(3)
            ]
        )
    in_95, in_80, in_50 = np.mean(rows, axis=0)
    assert 0.92 <= in_95 <= 0.98
    assert 0.76 <= in_80 <= 0.85
    assert 0.45 <= in_50 <= 0.56


def test_quantiles_never_cross_and_the_day_is_the_sum_of_its_hours():
    hours = table(weeks=30, noise=0.4)
    told = forecast(past(hours), 30 * WEEK_H)
    assert (np.diff(told.quantiles, axis=2) >= 0).all()
    assert (np.diff(told.day_quantiles, axis=2) >= 0).all()
    np.testing.assert_allclose(told.day_expected, told.expected.reshape(14, 24, -1).sum(axis=1))
    # The hours of a day do not all miss on the same side: their bounds must not be added up.
    hourly = (told.quantiles[:, :, 5] - told.quantiles[:, :, 1]).reshape(14, 24, -1).sum(axis=1)
    daily = told.day_quantiles[:, :, 5] - told.day_quantiles[:, :, 1]
    assert (daily < 0.6 * hourly).all()


def test_holidays_and_days_with_an_event_are_less_certain_and_wider():
    hours = table(weeks=22, noise=0.2)
    events = pd.DataFrame([event("Fair", "2024-05-04 14:00", "2024-05-04 18:00")])
    origin = hour_of(hours, "2024-04-29")
    told = forecast(past(hours, events), origin)
    days = told.is_less_certain.reshape(14, 24)
    # The first of May, the fair on the fourth, Ascension Day on the ninth.
    assert np.flatnonzero(days.all(axis=1)).tolist() == [2, 5, 10]
    assert not days[[0, 1, 3, 4]].any()

    def share(day):
        return (told.day_quantiles[day, 0, 5] - told.day_quantiles[day, 0, 1]) / told.day_expected[day, 0]

    # A holiday that stands on few others is as a Sunday, and twice as wide.
    assert share(2) > 1.5 * share(6)


def test_learning_finds_what_the_weeks_before_cannot_know(few_rows):
    # Every other month is half as busy again: last year tells, the last four weeks do not.
    hours = table(weeks=130, levels=(2.0, 8.0), noise=0.08)
    month = hours.index.month.to_numpy()
    hours = hours.mul(np.where(month % 2 == 0, 1.5, 1.0), axis=0)
    origin = hour_of(hours, "2026-05-25")
    told = forecast(past(hours), origin, is_learning=True)
    assert told.method == LEARNED
    assert told.wape[LEARNED] < 0.9 * min(told.wape[WEEKS], told.wape[WEEKS_SEASON])
    truth = hours.to_numpy()[origin : origin + HORIZON_H]
    plain = base_forecast(past(hours), origin).holiday_aware
    assert np.abs(told.expected - truth).sum() < 0.8 * np.abs(plain - truth).sum()
    # A Poisson loss keeps the sum: no bias to speak of.
    assert told.expected.sum() == pytest.approx(truth.sum(), rel=0.06)


def test_learning_must_earn_its_keep():
    assert chosen_method({WEEKS: 0.2, WEEKS_SEASON: 0.19, LEARNED: 0.187}) == WEEKS_SEASON
    assert chosen_method({WEEKS: 0.2, WEEKS_SEASON: 0.19, LEARNED: 0.186}) == LEARNED
    # With two years of counts it stays unless it missed clearly more.
    assert chosen_method({WEEKS: 0.2, WEEKS_SEASON: 0.19, LEARNED: 0.195}, gain=-0.03) == LEARNED
    assert chosen_method({WEEKS: 0.2, WEEKS_SEASON: 0.19, LEARNED: 0.197}, gain=-0.03) == WEEKS_SEASON
    assert chosen_method({WEEKS: float("nan"), WEEKS_SEASON: float("nan")}) == WEEKS


def test_a_year_that_is_not_known_is_no_fault_of_the_model(few_rows):
    ours = past(table(weeks=30, noise=0.2))
    model = learn(ours)
    assert model is not None
    assert FEATURES.index("year_ago") not in model.columns
    assert FEATURES.index("last_week") in model.columns
    assert np.isfinite(model.forecast(ours, base_forecast(ours, 30 * WEEK_H))).all()
    assert learn(past(table(weeks=5))) is None


def test_training_never_looks_past_the_end():
    assert all(origin + HORIZON_H <= 5000 for origin in training_origins(5000))


def test_tables_that_cannot_be_a_forecast_are_refused():
    hours = table(weeks=3)
    ours = past(hours)
    with pytest.raises(FrameError, match="midnight"):
        counted(hours.iloc[3:], ours.days)
    with pytest.raises(FrameError, match="fortnight"):
        counted(hours, ours.days.iloc[:-10])
    with pytest.raises(FrameError, match="no valid hour"):
        counted(hours.iloc[:0], ours.days)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=1, max_size=60))
def test_order_statistics_are_outward_and_in_order(errors):
    told = order_statistics(np.array(errors, dtype=float))
    assert (np.diff(told) >= 0).all()
    inside = np.mean((np.array(errors) >= told[1]) & (np.array(errors) <= told[5]))
    assert inside >= 0.8 - 1e-9


def test_order_statistics_by_hand():
    # Of nineteen errors, n + 1 = 20: the 10 % quantile is the second, the 90 % the eighteenth, the median the tenth.
    told = dict(zip(QUANTILES, order_statistics(np.arange(1.0, 20.0)), strict=True))
    assert (told[0.10], told[0.50], told[0.90]) == (2.0, 10.0, 18.0)
    assert (told[0.025], told[0.975]) == (1.0, 19.0)


def test_few_holidays_borrow_sundays_and_become_twice_as_wide():
    rng = np.random.default_rng(0)
    n = 2000
    kind = np.tile([0, 1, 2, 0], n // 4)
    residuals = Residuals(np.zeros(n, dtype=int), np.full(n, 2), kind, rng.normal(0, 1, n))
    bands = learn_bands(residuals, 1)
    assert bands is not None
    np.testing.assert_allclose(bands.quantiles[2, 3], HOLIDAY_WIDENED * bands.quantiles[2, 2])


def test_without_errors_there_is_no_band():
    assert learn_bands(Residuals.joined([]), 2) is None


@settings(max_examples=8, deadline=None)
@given(st.floats(0.1, 50), st.integers(0, 100))
def test_a_town_with_twice_the_passages_has_twice_the_forecast(factor, seed):
    hours = table(weeks=9, noise=0.3, seed=seed)
    one, other = (base_forecast(past(each), 9 * WEEK_H).holiday_aware for each in (hours, hours * factor))
    np.testing.assert_allclose(other, factor * one)


def test_the_order_of_the_sensors_changes_nothing():
    hours = table(weeks=20, levels=(1.0, 2.0, 5.0), noise=0.3)
    told, other = (forecast(past(each), 20 * WEEK_H) for each in (hours, hours[[3, 1, 2]]))
    np.testing.assert_allclose(told.quantiles[:, [2, 0, 1]], other.quantiles)


def test_hit_rates_by_hand():
    n = 120
    said = pd.DataFrame(
        {"value": [100.0] * 60 + [200.0] * 60, "expected": 110.0, "naive": [90.0] * 60 + [np.nan] * 60}
    )
    said = said.assign(q025=0.0, q10=50.0, q25=105.0, q75=115.0, q90=150.0, q975=300.0)
    told = hit_rate(said, least=50)
    assert told["n"] == n
    assert (told["in_50_share"], told["in_80_share"], told["in_95_share"]) == (0.0, 0.5, 1.0)
    assert told["missed_share"] == pytest.approx((60 * 10 + 60 * 90) / (60 * 300))
    assert (told["missed_share_naive"], told["missed_share_there"]) == (
        pytest.approx(0.1),
        pytest.approx(0.1),
    )
    assert told["bias_share"] == pytest.approx((110 * 120 - 60 * 300) / (60 * 300))
    assert hit_rate(said)["in_80_share"] == 0.5
    assert hit_rate(said.head(10))["in_80_share"] is None
