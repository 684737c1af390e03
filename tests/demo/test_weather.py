from datetime import UTC, datetime

import numpy as np
import pandas as pd

from api.demo.hours import hours
from tests.demo.seven_towns import SEED, UNTIL

COLUMNS = ["temperature_c", "precipitation_mm", "wind_speed_kmh", "sunshine_min", "cloud_cover_percent"]


def test_weather_was_measured_for_two_years_and_is_forecast_for_a_week(demo):
    for nis_code, town in demo.items():
        frame = town["weather_hour"]
        assert set(frame["nis_code"]) == {nis_code}
        assert not frame.duplicated(["hour_at", "issued_at"]).any()
        assert frame[COLUMNS].notna().all().all()
        assert frame["precipitation_mm"].ge(0).all()
        assert frame["sunshine_min"].between(0, 60).all()
        assert frame["cloud_cover_percent"].between(0, 100).all()
        measured = frame[frame["issued_at"].isna()]
        counts = town["footfall_count"]["start_at"]
        assert len(measured) == len(hours(UNTIL, 730, SEED).start_at)
        assert measured["hour_at"].max() == counts.max()
        newest = frame[frame["issued_at"] == frame["issued_at"].max()]
        # The twenty-fourth of November on the clock on the wall, told the evening before.
        assert newest["hour_at"].min() == datetime(2026, 11, 23, 23, tzinfo=UTC)
        assert newest["issued_at"].iloc[0] == datetime(2026, 11, 23, 16, tzinfo=UTC)
        assert len(newest) == 7 * 24
        assert frame["issued_at"].nunique() == 27


def test_the_weather_is_the_one_that_the_counts_were_made_with(demo):
    time = hours(UNTIL, 730, SEED)
    frame = next(iter(demo.values()))["weather_hour"]
    measured = frame[frame["issued_at"].isna()].set_index("hour_at")
    rain = measured.loc[time.start_at, "precipitation_mm"].to_numpy()
    np.testing.assert_array_equal(rain > 0, time.rain_share > 0)
    day = measured["temperature_c"].groupby(time.day).mean()
    assert np.abs(day.to_numpy() - time.temperature_c).max() < 0.5


def test_a_forecast_is_better_tomorrow_than_in_a_week(demo):
    frame = next(iter(demo.values()))["weather_hour"]
    measured = frame[frame["issued_at"].isna()].set_index("hour_at")["temperature_c"]
    told = frame[frame["issued_at"].notna()]
    told = told[told["hour_at"].isin(measured.index)]
    missed = (told["temperature_c"] - measured[told["hour_at"]].to_numpy()).abs()
    ahead = (told["hour_at"] - told["issued_at"]) // pd.Timedelta(days=1)
    by_day = missed.groupby(ahead).mean()
    assert by_day.iloc[0] < 0.6 * by_day.iloc[-1]
