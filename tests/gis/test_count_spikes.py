import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.count_past import median_before
from gis.counts import OK, REVIEW, flag_hours

WEEKS = 40
# Wednesday of the thirty-sixth week at eleven.
AT = 36 * 168 + 2 * 24 + 11
FLAT = np.array([300.0, 200.0, 100.0])


def restless_town(*, seed=0, sensors=FLAT, spread=0.45):
    """Hours that are alike but for the days, which are busy or quiet for all sensors together."""
    rng = np.random.default_rng(seed)
    days = np.repeat(rng.lognormal(0, spread, WEEKS * 7), 24)
    table = days[:, None] * sensors * rng.lognormal(0, 0.05, (WEEKS * 168, len(sensors)))
    return np.rint(table)


def test_eight_times_the_usual_is_found_where_whole_days_are_busy_or_quiet():
    # The days alone give the log a spread of 0.45: 6 x 0.45 is over ln 8 = 2.1, so the hour by itself tells nothing.
    table = restless_town()
    hours = np.arange(20 * 168, 39 * 168, 40)
    table[hours, 0] *= 8
    codes = flag_hours(table)
    assert (codes[hours, 0] != OK).mean() > 0.9
    assert (np.delete(codes, hours, axis=0) == REVIEW).mean() < 0.001


def test_a_lone_sensor_finds_eight_times_the_usual_by_its_own_hours_before():
    table = restless_town(spread=0.3)[:, :1]
    hours = np.arange(20 * 168, 39 * 168, 40)
    table[hours, 0] *= 8
    assert (flag_hours(table)[hours, 0] != OK).mean() > 0.9


def test_the_first_ordinary_hours_after_a_quiet_morning_are_no_peak():
    table = restless_town(spread=0.1)
    # A street that was shut until eleven: the hours before let expect little, the usual does not.
    table[AT - 2 : AT, 0] = 20
    assert (flag_hours(table)[AT : AT + 4, 0] == OK).all()


def test_a_busy_hour_that_was_coming_is_no_peak_and_the_same_hour_out_of_nothing_is():
    rising, sudden = restless_town(spread=0.1), restless_town(spread=0.1)
    rising[AT - 3 : AT + 1, 0] *= [1.8, 3.0, 3.2, 4.0]
    sudden[AT, 0] *= 4.2
    assert flag_hours(sudden)[AT, 0] == REVIEW
    assert flag_hours(rising)[AT, 0] == OK


def test_few_people_are_allowed_to_come_unevenly():
    # Seven an hour by night: 60 are 53 more. ln(61 / 8) = 2.03 is over 6 x 0.2, not over 6 x sqrt(0.04 + 1 / 8) = 2.4.
    table = np.full((WEEKS * 168, 3), 7.0)
    table[AT, 0] = 60
    assert flag_hours(table)[AT, 0] == OK
    # 95: ln(96 / 8) = 2.48.
    table[AT, 0] = 95
    assert flag_hours(table)[AT, 0] == REVIEW


def test_every_hour_of_a_long_peak_is_told():
    table = restless_town(spread=0.1)
    table[AT : AT + 6, 0] *= [8, 8.5, 8, 9, 8, 8.2]
    assert (flag_hours(table)[AT : AT + 6, 0] != OK).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(5, 200))
def test_what_is_found_stays_found_when_it_is_larger(seed, factor):
    table = restless_town(seed=seed % 50)
    hour = 30 * 168 + seed % (5 * 168)
    table[hour, 1] = np.rint(table[hour, 1] * factor)
    if flag_hours(table)[hour, 1] != OK:
        table[hour, 1] *= 2
        assert flag_hours(table)[hour, 1] != OK


def test_the_hours_before_are_those_that_are_known():
    table = np.array([[1.0], [np.nan], [3.0], [np.nan], [np.nan], [9.0]])
    assert median_before(table, 5, 0, 3) == 3.0
    assert median_before(table, 3, 0, 3) == 2.0
    assert np.isnan(median_before(table, 0, 0, 3))
    assert np.isnan(median_before(table, 5, 0, 2))
