import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.event_answer import Effect, half_width, p_value
from gis.event_days import Days, event_days, log_ratios, usual
from gis.event_effect import Question, event_effect
from gis.event_parts import (
    blocks,
    capture_effect,
    cost_per_extra,
    effect_per_day,
    effect_per_sensor,
    extra_passages,
    observed_passages,
    pooled_effect,
    saturday_share,
    weekend_around,
)

FIRST = pd.Timestamp("2023-01-02")
NO_DAYS = pd.DatetimeIndex([])
NAMES = ("square", "a", "b", "c", "d")


def made_days(n_days=800, *, seed=0, sensors=NAMES, noise=0.06, weather=0.15):
    """Days with a week pattern, weather that all sensors share, and chance of each its own."""
    rng = np.random.default_rng(seed)
    index = pd.date_range(FIRST, periods=n_days, name="day")
    level = np.array([1.0, 1.0, 1.1, 1.0, 1.2, 1.6, 0.4])[index.day_of_week]
    shared = rng.normal(0, weather, n_days)
    own = rng.normal(0, noise, (n_days, len(sensors)))
    totals = 4000 * level[:, None] * np.exp(shared[:, None] + own)
    none = np.zeros(totals.shape, dtype=bool)
    return Days(index, pd.Index(sensors), totals, none, none)


def with_effect(days, start, length, share, sensors=("square",)):
    totals = days.totals.copy()
    row = days.at(start)
    totals[row : row + length, days.columns(sensors)] *= 1 + share
    return Days(days.index, days.sensors, totals, days.is_odd, days.is_event)


def asked(start, length=1, treated=("square",), controls=("a", "b", "c", "d")):
    return Question(pd.Timestamp(start), length, treated, controls)


def by_hand(days, start, length):
    """The recipe written out day by day and sensor by sensor."""
    row, logs, found = days.at(start), days.logs, []
    for column in range(logs.shape[1]):
        gaps = []
        for step in range(length):
            day = row + step
            before = [day - 7 * week for week in range(1, 40) if day - 7 * week < row]
            base = [logs[one, column] for one in before if one >= 0 and np.isfinite(logs[one, column])][:4]
            gaps.append(logs[day, column] - np.mean(base))
        found.append(np.mean(gaps))
    return found[0] - np.median(found[1:])


@pytest.mark.parametrize("length", [1, 2, 9, 28])
def test_the_effect_is_what_the_recipe_gives_when_it_is_written_out(length):
    days = made_days()
    start = pd.Timestamp("2024-09-14")
    assert event_effect(days, asked(start, length)).log_effect == pytest.approx(by_hand(days, start, length))


def test_a_paper_event_is_worth_what_paper_says():
    index = pd.date_range(FIRST, periods=500, name="day")
    totals = np.full((500, 4), 999.0)
    none = np.zeros(totals.shape, dtype=bool)
    totals[:, 0] += np.tile([0, 20, -20, 10, -10], 100)
    days = Days(index, pd.Index(["s", "a", "b", "c"]), totals, none, none)
    start = index[450]
    base = np.mean(np.log1p(totals[[443, 436, 429, 422], 0]))
    totals[450, 0] = 1999.0
    effect = event_effect(days, Question(start, 1, ("s",), ("a", "b", "c")))
    assert effect.log_effect == pytest.approx(np.log(2000) - base)
    assert effect.verdict == "more"
    assert effect.mode == "controls"


@given(share=st.sampled_from([-0.3, 0.0, 0.1, 0.4, 2.0]), length=st.sampled_from([1, 2, 14]))
@settings(max_examples=12, deadline=None)
def test_a_planted_effect_moves_the_answer_by_just_that_effect_and_its_interval_not_at_all(share, length):
    days = made_days()
    start = pd.Timestamp("2024-10-05")
    before = event_effect(days, asked(start, length))
    after = event_effect(with_effect(days, start, length, share), asked(start, length))
    assert after.log_effect - before.log_effect == pytest.approx(np.log1p(share), abs=1e-3)
    assert after.half_width == before.half_width


def test_weather_that_all_streets_share_is_not_an_effect():
    days = made_days(weather=0.0)
    stormy = days.totals.copy()
    row = days.at("2024-10-05")
    stormy[row] *= 0.3
    days = Days(days.index, days.sensors, stormy, days.is_odd, days.is_event)
    assert event_effect(days, asked("2024-10-05")).verdict == "not_conclusive"
    assert event_effect(days, asked("2024-10-05"), mode="own_weeks").verdict == "less"


def test_chance_is_called_an_effect_no_more_often_than_was_promised():
    false, covered, n = 0, 0, 0
    for seed in range(8):
        days = made_days(seed=seed)
        base = usual(days)
        for row in range(480, 780, 15):
            effect = event_effect(days, asked(days.index[row]), base=base)
            n += 1
            covered += abs(effect.log_effect) <= effect.half_width
            false += effect.p_value <= 0.05
    assert covered / n >= 0.86
    assert false / n <= 0.08


def test_days_of_other_events_and_holidays_are_no_yardstick():
    hours = pd.DataFrame(
        100.0, index=pd.date_range(FIRST, periods=24 * 700, freq="h", name="hour"), columns=["square"]
    )
    feast = pd.Timestamp("2024-06-08")
    hours.loc[str(feast.date())] = 1000.0
    events = pd.DataFrame({"first_on": [feast.date()], "last_on": [feast.date()]})
    holidays = pd.DatetimeIndex(["2024-05-09"])
    days = event_days(hours, first_hour=10, last_hour=18, holidays=holidays, events=events)
    base = usual(days)
    # The Saturday after the feast is held against the Saturdays before it.
    assert np.expm1(base[days.at("2024-06-15"), 0]) == pytest.approx(800)
    odd = days.index[days.is_odd[:, 0]]
    assert {"2024-05-08", "2024-05-09", "2024-05-10", "2024-06-08"} <= {str(day.date()) for day in odd}
    assert np.isnan(log_ratios(days, base, length=1)[days.at("2024-05-09"), 0])
    assert np.isfinite(log_ratios(days, base, length=1, with_odd=True)[days.at("2024-05-09"), 0])
    assert np.isnan(log_ratios(days, base, length=1, with_odd=True)[days.at(feast), 0])


def test_a_day_of_which_an_hour_of_eight_is_missing_counts_in_proportion_and_two_do_not():
    hours = pd.DataFrame(
        100.0, index=pd.date_range(FIRST, periods=48, freq="h", name="hour"), columns=["square"]
    )
    hours.iloc[12] = np.nan
    hours.iloc[24 + 12 : 24 + 14] = np.nan
    days = event_days(hours, first_hour=10, last_hour=18, holidays=NO_DAYS)
    assert days.totals[0, 0] == pytest.approx(800)
    assert np.isnan(days.totals[1, 0])


def test_without_controls_the_year_before_serves_and_without_that_the_weeks_alone():
    days = made_days(n_days=900)
    assert event_effect(days, asked("2025-05-10", controls=("a", "b"))).mode == "last_year"
    short = made_days(n_days=300)
    effect = event_effect(short, asked("2023-10-07", controls=()))
    assert effect.mode == "own_weeks"
    assert effect.verdict == "not_conclusive"


@pytest.mark.parametrize(
    ("start", "treated", "reason"),
    [
        ("2024-10-05", ("nowhere",), "no_sensor"),
        ("2027-10-05", ("square",), "no_counts"),
        ("2023-01-14", ("square",), "no_usual"),
        ("2023-03-11", ("square",), "few_placebos"),
    ],
)
def test_what_cannot_be_measured_says_why(start, treated, reason):
    effect = event_effect(made_days(), asked(start, treated=treated))
    assert (effect.verdict, effect.reason) == ("not_measurable", reason)


def test_the_interval_reaches_its_level_and_says_so_where_the_past_is_too_short():
    placebos = np.arange(-10.0, 10.0) / 100
    half, level = half_width(placebos, 20.0)
    # 0.9 x 21 / 20 = 0.945 of twenty sizes is the nineteenth.
    assert (half, level) == (0.09, 0.9)
    half, level = half_width(placebos, 5.0)
    assert half == 0.10
    assert level == pytest.approx(5 / 6)


@given(st.lists(st.floats(-1, 1), min_size=12, max_size=60), st.floats(0, 2))
def test_a_larger_effect_is_never_more_likely_by_chance(values, size):
    placebos = np.array(values)
    n = float(len(values))
    assert p_value(size + 0.1, placebos, n) <= p_value(size, placebos, n)
    assert 1 / (n + 1) <= p_value(size, placebos, n) <= 1


def test_together_repeated_events_are_surer_than_one():
    days = made_days(n_days=900)
    base = usual(days)
    starts = ["2024-11-02", "2024-12-07", "2025-02-01", "2025-03-08"]
    effects = [event_effect(days, asked(start), base=base) for start in starts]
    together = pooled_effect([*effects, Effect(reason="no_counts")])
    assert together.log_effect == pytest.approx(np.mean([one.log_effect for one in effects]))
    assert together.half_width < min(one.half_width for one in effects)
    assert pooled_effect(effects[:1]).reason == "few_editions"


def test_a_street_that_lost_what_the_square_won_is_seen():
    start = pd.Timestamp("2024-10-05")
    days = with_effect(made_days(sensors=(*NAMES, "beside")), start, 1, 0.6)
    days = with_effect(days, start, 1, -0.35, ("beside",))
    found = effect_per_sensor(
        days, asked(start), ["square", "beside", "a"], base=usual(days), mode="controls"
    )
    assert {name: one.verdict for name, one in found.items()} == {
        "square": "more",
        "beside": "less",
        "a": "not_conclusive",
    }
    assert "a" not in found["a"].controls


def test_days_before_are_as_expected_and_the_event_is_not():
    start = pd.Timestamp("2024-10-04")
    days = with_effect(made_days(), start, 3, 0.8)
    table = effect_per_day(days, asked(start, 3), base=usual(days), mode="controls")
    assert list(table.index[[0, -1]]) == [start - pd.Timedelta(days=14), start + pd.Timedelta(days=9)]
    outside = ~table["observed"].between(table["lower"], table["upper"])
    assert outside[table["is_event"]].all()
    assert outside[~table["is_event"]].mean() < 0.3
    assert (table["lower"] < table["expected"]).all()


def test_extra_passages_and_their_cost_follow_from_the_effect():
    effect = Effect(log_effect=np.log(1.25), half_width=np.log(1.25))
    extra = extra_passages(1000.0, effect)
    assert extra == pytest.approx((200.0, 0.0, 360.0))
    assert cost_per_extra(500.0, extra) == (pytest.approx(2.5), pytest.approx(500 / 360), None)
    assert cost_per_extra(500.0, (-10.0, -20.0, 5.0)) is None
    sure = Effect(log_effect=np.log(2.0), half_width=np.log(1.25))
    value, lower, upper = cost_per_extra(500.0, extra_passages(1000.0, sure))
    assert lower < value < upper


def test_a_shopping_sunday_is_held_against_the_saturdays_and_the_weekend():
    days = made_days(noise=0.0, weather=0.0)
    sunday = pd.Timestamp("2024-10-06")
    one = with_effect(days, sunday, 1, 3.0)
    # A Sunday of a quarter of a Saturday, four times as busy.
    assert saturday_share(one, asked(sunday)) == pytest.approx(1.0)
    assert weekend_around(sunday, 1) == (pd.Timestamp("2024-10-04"), 4)
    assert weekend_around(pd.Timestamp("2024-10-08"), 2) == (pd.Timestamp("2024-10-07"), 4)
    assert weekend_around(sunday, 20) is None
    moved = with_effect(one, sunday - pd.Timedelta(days=1), 1, -0.7)
    day = event_effect(moved, asked(sunday))
    weekend = event_effect(moved, asked("2024-10-04", 4))
    assert day.share > 2
    assert weekend.share < 0.2


def test_long_measures_are_cut_in_four_weeks():
    assert blocks(60) == [(0, 28), (28, 28)]
    assert blocks(84) == [(0, 28), (28, 28), (56, 28)]
    assert blocks(66) == [(0, 28), (28, 28), (56, 10)]


def test_capture_tells_whether_those_who_came_went_in():
    days = made_days(noise=0.0)
    doors = Days(
        days.index, pd.Index(["door"]), days.totals[:, :1] * 0.1, days.is_odd[:, :1], days.is_event[:, :1]
    )
    start = pd.Timestamp("2024-10-05")
    busy = with_effect(days, start, 1, 1.0)
    share, effect = capture_effect(doors, busy, asked(start), doors=["door"])
    assert share == pytest.approx(0.05)
    assert effect.share == pytest.approx(-0.5, abs=1e-4)


def test_the_sensors_are_named_and_their_passages_added_up():
    days = made_days()
    found = observed_passages(days, asked("2024-10-05", 2, ("square", "a")))
    row = days.at("2024-10-05")
    assert found == pytest.approx(days.totals[row : row + 2, :2].sum())


@pytest.mark.parametrize(
    ("start", "length", "reason"),
    [
        ("2024-12-07", 1, "season"),
        ("2024-12-07", 9, "season"),
        ("2024-11-16", 1, None),
        ("2024-11-16", 9, None),
        ("2024-10-12", 1, None),
    ],
)
def test_before_christmas_the_weeks_before_alone_measure_nothing(start, length, reason):
    days = made_days()
    alone = event_effect(days, asked(start, length, controls=()), mode="own_weeks")
    assert alone.reason == reason
    against = event_effect(days, asked(start, length))
    assert (against.mode, against.reason) == ("controls", None)
