import numpy as np
import pandas as pd
import pytest

from gis.calendar import day_table
from gis.event_answer import Effect
from gis.event_days import event_days
from gis.event_effect import Question, event_effect
from gis.event_forecast import forecast_effect
from gis.forecast_base import counted

FIRST, N_DAYS, HOURS = pd.Timestamp("2023-01-02"), 700, (10, 14)
NAMES = ("square", "a", "b", "c")
ON = pd.Timestamp("2024-10-12")


def made_hours(*, lift=0.0, length=1, noise=0.04):
    rng = np.random.default_rng(3)
    index = pd.date_range(FIRST, periods=N_DAYS * 24, freq="h")
    level = np.array([1.0, 1.0, 1.1, 1.0, 1.2, 1.6, 0.4])[index.day_of_week]
    weather = np.repeat(np.exp(rng.normal(0, 0.2, N_DAYS)), 24)
    own = np.repeat(np.exp(rng.normal(0, noise, (N_DAYS, len(NAMES)))), 24, axis=0)
    values = 300 * (level * weather)[:, None] * own
    row = (ON - FIRST).days * 24
    values[row : row + 24 * length, 0] *= 1 + lift
    return pd.DataFrame(values, index=index, columns=pd.Index(NAMES))


def study(table, *, length=1, mode=None, controls=NAMES[1:], events=None, on=ON):
    days = event_days(
        table, first_hour=HOURS[0], last_hour=HOURS[1], holidays=pd.DatetimeIndex([]), events=events
    )
    calendar = day_table(table.index[0].date(), (table.index[-1] + pd.Timedelta(days=20)).date())
    asked = Question(on, length, ("square",), controls)
    return days, asked, forecast_effect(days, asked, counted(table, calendar), hours=HOURS, mode=mode)


def test_an_effect_that_was_planted_is_found_by_the_second_estimate_too_and_as_sure():
    days, asked, second = study(made_hours(lift=0.5))
    first = event_effect(days, asked)
    assert (second.verdict, second.mode, second.controls) == ("more", "controls", NAMES[1:])
    assert second.share == pytest.approx(0.5, abs=0.15)
    assert second.share == pytest.approx(first.share, abs=0.15)
    assert len(second.placebos) >= 20
    assert second.placebos.index.max() < ON
    assert second.placebos.index.min() >= ON - pd.Timedelta(days=182)


def test_the_event_and_what_came_after_teach_the_forecast_nothing():
    plain, changed = made_hours(), made_hours(lift=0.5)
    row = (ON - FIRST).days * 24
    changed.iloc[row + 24 :] *= 7.0
    _, _, before = study(plain)
    _, _, after = study(changed)
    assert after.log_effect - before.log_effect == pytest.approx(np.log(1.5), abs=0.002)
    assert after.half_width == before.half_width


def test_days_of_other_events_are_neither_learned_from_nor_held_against():
    table, day = made_hours(), pd.Timedelta(days=1)
    other = ON - 35 * day
    noisy = table.copy()
    noisy.loc[other : other + day - pd.Timedelta(hours=1), "square"] *= 30
    events = pd.DataFrame({"first_on": [other], "last_on": [other]})
    _, _, calm = study(table, events=events)
    _, _, told = study(noisy, events=events)
    assert other not in told.placebos.index
    assert (told.log_effect, told.half_width) == (calm.log_effect, calm.half_width)


def test_without_controls_the_weather_stays_in_and_the_interval_is_wider():
    table = made_hours(lift=0.5)
    _, _, against = study(table)
    _, _, alone = study(table, mode="own_weeks", controls=())
    assert (alone.mode, alone.controls) == ("own_weeks", ())
    assert alone.half_width > 1.5 * against.half_width


@pytest.mark.parametrize(
    ("length", "on", "reason"),
    [(15, ON, "too_long"), (1, FIRST + pd.Timedelta(days=355), "few_weeks")],
    ids=["longer than a fortnight", "under a year of counts before"],
)
def test_it_says_why_there_is_none(length, on, reason):
    _, _, told = study(made_hours(), length=length, on=on)
    assert (told.verdict, told.reason) == ("not_measurable", reason)


def test_what_the_first_cannot_measure_the_second_does_not_either():
    table = made_hours()
    table.loc[ON : ON + pd.Timedelta(hours=23)] = np.nan
    _, _, told = study(table)
    assert (told.verdict, told.reason) == ("not_measurable", "no_counts")
    assert isinstance(told, Effect)


def test_an_event_whose_last_day_is_not_counted_yet_is_judged_by_the_days_that_are():
    friday = ON - pd.Timedelta(days=1)
    table = made_hours(lift=0.5, length=2)
    counted_to_sunday = table.loc[: ON + pd.Timedelta(days=1, hours=23)]
    _, _, early = study(counted_to_sunday, length=4, on=friday)
    whole = table.copy()
    whole.loc[ON + pd.Timedelta(days=2) : ON + pd.Timedelta(days=2, hours=23)] = np.nan
    _, _, late = study(whole, length=4, on=friday)
    assert early.reason is None
    assert early.log_effect == pytest.approx(late.log_effect)
