import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.counts import (
    DROP_OUT,
    FLAG_NAMES,
    LOW_UPTIME,
    MISSING,
    OK,
    REVIEW,
    SPIKE,
    STUCK,
    UNCHECKED,
    VALID_FLAGS,
    ZERO_RUN,
    flag_hours,
    hourly,
    quality_flags,
)
from gis.errors import FrameError
from tests import town

WEEKS = 12
HOURS = WEEKS * 168
# Wednesday of the eleventh week at ten.
AT = 10 * 168 + 2 * 24 + 10


def week_after_week(levels=(300.0, 120.0, 200.0), *, weeks=WEEKS, seed=None):
    """Sensors that count the same every week, or nearly so."""
    shares = town.hour_shares(pd.date_range("2025-01-06", periods=weeks * 168, freq="h"))
    table = shares[:, None] * np.array(levels)
    if seed is None:
        return table
    rng = np.random.default_rng(seed)
    return rng.poisson(table * rng.lognormal(0, 0.15, table.shape)).astype(float)


def named(codes):
    return {FLAG_NAMES[int(code)] for code in np.unique(codes)}


def test_an_ordinary_year_is_hardly_flagged():
    codes = flag_hours(week_after_week(weeks=52, seed=1))
    assert (codes == OK).mean() > 0.998
    assert np.isin(codes, [ZERO_RUN, DROP_OUT, SPIKE]).sum() == 0


def test_zeros_on_a_busy_hour_are_flagged_at_once():
    table = week_after_week()
    table[AT : AT + 2, 0] = 0
    codes = flag_hours(table)
    # 300 x 0.8 at ten: 4 ln(1 + 240 / 4) = 16.4 is over 13.8 at once.
    assert codes[AT : AT + 2, 0].tolist() == [ZERO_RUN, ZERO_RUN]
    assert (np.delete(codes, np.arange(AT, AT + 2), axis=0) == OK).all()


def test_zeros_at_night_need_a_longer_run_than_zeros_at_noon():
    table = week_after_week()
    night = 10 * 168 + 2 * 24
    table[night : night + 8, 1] = 0
    # 120 x 0.02 = 2.4 an hour: 4 ln(1 + 2.4 / 4) = 1.88, so seven are 13.2 and eight are 15.0.
    codes = flag_hours(table)
    assert (codes[night : night + 8, 1] == ZERO_RUN).all()
    table[night + 7, 1] = 2
    assert (flag_hours(table)[:, 1] == OK).all()


def test_a_month_of_zeros_is_flagged_to_its_end():
    table = week_after_week(weeks=20)
    table[AT : AT + 5 * 168, 0] = 0
    codes = flag_hours(table)
    assert (codes[AT : AT + 5 * 168, 0] == ZERO_RUN).all()
    assert (codes[AT + 5 * 168 :, 0] == OK).all()


def test_zeros_before_the_first_count_of_a_sensor_are_flagged():
    table = week_after_week()
    table[:75, 2] = 0
    assert (flag_hours(table)[:75, 2] == ZERO_RUN).all()


def test_three_equal_counts_are_stuck_and_two_or_small_ones_are_not():
    rng = np.random.default_rng(0)
    table = week_after_week() + rng.permutation(HOURS)[:, None] * 1e-6
    table[AT : AT + 4, 0] = 123
    table[AT : AT + 2, 1] = 55
    table[AT + 30 : AT + 33, 1] = 77
    table[AT : AT + 5, 2] = 19
    codes = flag_hours(table)
    assert codes[AT : AT + 4, 0].tolist() == [STUCK] * 4
    assert (codes[AT : AT + 2, 1] != STUCK).all()
    assert codes[AT + 30 : AT + 33, 1].tolist() == [STUCK] * 3
    assert (codes[AT : AT + 5, 2] != STUCK).all()


def test_an_absurd_count_is_a_spike_and_an_unusual_one_is_for_review():
    table = week_after_week(seed=2)
    table[AT, 0] = 70_000
    table[AT + 30, 1] = 8 * table[AT + 30, 1]
    codes = flag_hours(table)
    assert codes[AT, 0] == SPIKE
    assert codes[AT + 30, 1] == REVIEW
    assert OK in VALID_FLAGS
    assert REVIEW in VALID_FLAGS
    assert SPIKE not in VALID_FLAGS


def test_a_peak_that_all_sensors_see_is_an_event_not_a_spike():
    table = week_after_week(seed=2)
    table[AT : AT + 3] *= 8
    table[AT : AT + 3] = np.minimum(table[AT : AT + 3], 500)
    assert not np.isin(flag_hours(table)[AT : AT + 3], [REVIEW, SPIKE]).any()


def test_a_sensor_that_drops_out_alone_is_flagged_and_a_storm_is_not():
    alone, storm = week_after_week(seed=3), week_after_week(seed=3)
    alone[AT : AT + 6, 0] = np.rint(alone[AT : AT + 6, 0] * 0.05)
    storm[AT : AT + 6] = np.rint(storm[AT : AT + 6] * 0.05)
    assert (flag_hours(alone)[AT : AT + 6, 0] == DROP_OUT).all()
    assert DROP_OUT not in flag_hours(storm)


def test_what_comes_later_changes_no_flag_but_that_of_a_run_in_progress():
    table = week_after_week(weeks=20, seed=4)
    table[AT : AT + 3, 0] = 0
    table[AT + 200, 1] = 90_000
    whole = flag_hours(table)
    for end in (AT + 168, AT + 400):
        np.testing.assert_array_equal(flag_hours(table[:end])[: end - 5], whole[: end - 5])


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(3)), st.integers(0, 5))
def test_the_order_of_the_sensors_changes_no_flag(order, seed):
    table = week_after_week(seed=seed)
    table[AT : AT + 6, 0] = 0
    np.testing.assert_array_equal(flag_hours(table)[:, order], flag_hours(table[:, order]))


@pytest.mark.parametrize(
    ("fault", "least"),
    [("zeros", 0.98), ("stuck", 0.98), ("absurd", 0.98), ("eightfold", 0.90), ("drop", 0.94)],
)
def test_injected_faults_are_recalled(fault, least):
    rng = np.random.default_rng(9)
    clean = week_after_week((400.0, 150.0, 250.0, 90.0), weeks=30, seed=9)
    caught, trials = 0, 60
    for _ in range(trials):
        table, sensor = clean.copy(), rng.integers(4)
        # In open hours of the second half, when there is a past.
        start = int(rng.integers(15, 29)) * 168 + int(rng.integers(0, 6)) * 24 + int(rng.integers(9, 13))
        length = {"zeros": 2, "stuck": 4, "absurd": 1, "eightfold": 1, "drop": 6}[fault]
        part = slice(start, start + length)
        values = table[part, sensor]
        table[part, sensor] = {
            "zeros": 0 * values,
            "stuck": np.full(length, values[0]),
            "absurd": 0 * values + 70_000,
            "eightfold": values * 8,
            "drop": np.rint(values * 0.05),
        }[fault]
        caught += (flag_hours(table)[part, sensor] != OK).any()
    assert caught / trials >= least


def test_a_frame_is_flagged_on_its_own_index():
    counts = town.counts().sample(frac=1, random_state=0)
    local = counts["start_at"].dt.tz_convert(town.TIMEZONE)
    faulty = (counts["sensor_id"] == "high") & (local.dt.date == pd.Timestamp("2025-03-12").date())
    counts.loc[faulty & local.dt.hour.between(10, 15), "value"] = 0
    counts.loc[counts.index[5], "uptime"] = 0.3
    counts.loc[counts.index[7], "value"] = np.nan
    flags = quality_flags(counts, timezone=town.TIMEZONE)
    assert flags.index.equals(counts.index)
    assert (flags[faulty & local.dt.hour.between(10, 15)] == ZERO_RUN).all()
    assert flags[counts.index[5]] == LOW_UPTIME
    assert flags[counts.index[7]] == MISSING


def test_quarters_of_an_hour_are_judged_by_their_hour():
    counts = town.counts()
    quarters = pd.concat(
        [
            counts.assign(
                start_at=counts["start_at"] + pd.Timedelta(minutes=m), minutes=15, value=counts["value"] / 4
            )
            for m in (0, 15, 30, 45)
        ],
        ignore_index=True,
    )
    local = quarters["start_at"].dt.tz_convert(town.TIMEZONE)
    hour = (quarters["sensor_id"] == "high") & (
        local.dt.floor("h") == pd.Timestamp("2025-03-12 11:00", tz=town.TIMEZONE)
    )
    quarters.loc[hour, "value"] = 0
    flags = quality_flags(quarters, timezone=town.TIMEZONE)
    assert (flags[hour] == ZERO_RUN).all()
    assert hour.sum() == 4
    assert named(flags[~hour]) == {"ok"}


def test_a_day_total_cannot_be_judged_by_the_hour():
    counts = town.counts(weeks=1).iloc[[0]].assign(minutes=1440)
    assert quality_flags(counts, timezone=town.TIMEZONE).tolist() == [UNCHECKED]


def test_no_counts_have_no_flags():
    assert len(quality_flags(town.counts(weeks=1).iloc[:0], timezone=town.TIMEZONE)) == 0


def test_the_hour_that_comes_twice_and_the_one_that_never_comes_stand_empty():
    start_at = pd.date_range("2025-10-25", "2025-10-27", freq="h", tz="UTC")
    counts = pd.DataFrame(
        {"sensor_id": 1, "start_at": start_at, "minutes": 60, "value": 5.0, "quality_flag": 0}
    )
    table = hourly(counts, timezone=town.TIMEZONE)
    assert np.isnan(table.loc["2025-10-26 02:00", 1])
    assert table.loc["2025-10-26 03:00", 1] == 5
    assert table.index[0] == pd.Timestamp("2025-10-20")
    assert len(table) % 168 == 0


def test_only_valid_whole_hours_are_laid_out():
    start_at = pd.date_range("2025-03-03 10:00", periods=4, freq="h", tz="UTC")
    counts = pd.DataFrame(
        {
            "sensor_id": "a",
            "start_at": start_at,
            "minutes": [60, 30, 60, 60],
            "value": 9.0,
            "quality_flag": [0, 0, 2, 8],
        }
    )
    assert hourly(counts, timezone="UTC")["a"].dropna().index.hour.tolist() == [10, 13]


def test_two_rows_for_one_start_are_refused():
    counts = town.counts(weeks=1)
    with pytest.raises(FrameError, match="directions"):
        quality_flags(pd.concat([counts, counts], ignore_index=True), timezone=town.TIMEZONE)


def test_a_sensor_that_begins_later_does_not_cut_the_last_weeks_off():
    moments = pd.date_range("2026-06-27", periods=150 * 24, freq="h", tz="Europe/Brussels").tz_convert("UTC")
    frame = pd.DataFrame({"start_at": moments, "minutes": 60, "value": 100.0, "quality_flag": 0})
    # The first sensor misses hours that only the second has: they must not end up behind the last hour.
    gap = frame.assign(sensor_id="a").drop(index=range(3200, 3300))
    counts = pd.concat([gap, frame.assign(sensor_id="b")], ignore_index=True)
    table = hourly(counts, timezone="Europe/Brussels")
    assert table.index[-1] == pd.Timestamp("2026-11-29 23:00")
    assert table["a"].last_valid_index() == pd.Timestamp("2026-11-23 22:00")
