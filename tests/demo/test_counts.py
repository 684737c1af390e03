from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from api.demo import PLANTED, Fault
from api.demo.sensors import DOOR_TOWNS
from tests.demo.seven_towns import UNTIL, Demo

TOWNS = ("31022", "31004", "32003", "34013", "34027", "38025", "34040")
every_town = pytest.mark.parametrize("nis", TOWNS)


def _series(town: dict[str, pd.DataFrame], sensor: str, mode: str = "ped") -> pd.Series:
    """Counts of both directions together, by local time."""
    rows = town["footfall_count"]
    rows = rows[rows["sensor_code"].str.endswith(f"-{sensor}") & (rows["mode"] == mode)]
    hourly = rows.groupby("start_at")["value"].sum()
    hourly.index = hourly.index.tz_convert("Europe/Brussels")
    return hourly


def _fault(kind: str, sensor: str) -> tuple[Fault, pd.Timestamp, pd.Timestamp]:
    fault = next(fault for fault in PLANTED if (fault.kind, fault.sensor) == (kind, sensor))
    day = UNTIL - timedelta(fault.days_ago)
    begin = pd.Timestamp(day.year, day.month, day.day, fault.hour, tz="Europe/Brussels")
    return fault, begin, begin + pd.Timedelta(hours=fault.hours - 1)


def _daily(hourly: pd.Series) -> pd.Series:
    return hourly.groupby(hourly.index.date).sum()


@every_town
def test_counts_are_on_a_grid_of_whole_hours_with_one_row_each(demo: Demo, nis: str) -> None:
    counts = demo[nis]["footfall_count"]
    assert str(counts["start_at"].dtype) == "datetime64[us, UTC]"
    assert ((counts["start_at"].dt.minute == 0) & (counts["start_at"].dt.second == 0)).all()
    assert not counts.duplicated(["sensor_code", "start_at", "mode", "direction"]).any()
    assert (counts["minutes"] == 60).all()
    assert (counts["value"] >= 0).all()
    assert set(counts["sensor_code"]) == set(demo[nis]["footfall_sensor"]["code"])
    assert 4 <= counts["sensor_code"].nunique() <= 9


@every_town
def test_two_years_end_at_the_last_local_midnight(demo: Demo, nis: str) -> None:
    start = demo[nis]["footfall_count"]["start_at"].dt.tz_convert("Europe/Brussels")
    assert start.min().date() >= UNTIL - timedelta(730)
    assert start.min().date() <= UNTIL - timedelta(728)
    assert start.max().date() == UNTIL - timedelta(1)


@every_town
def test_hours_are_missing_and_never_stored_as_zero(demo: Demo, nis: str) -> None:
    hourly = _series(demo[nis], "P1")
    expected = pd.date_range(hourly.index[0], hourly.index[-1], freq="h")
    missing = 1 - len(hourly) / len(expected)
    assert 0.001 < missing < 0.06
    assert hourly.notna().all()


def test_clocks_change_without_doubling_or_losing_an_hour(demo: Demo) -> None:
    for nis in TOWNS:
        start = demo[nis]["footfall_count"]["start_at"].drop_duplicates().dt.tz_convert("Europe/Brussels")
        per_day = start.groupby(start.dt.date).nunique()
        assert per_day.max() == 25
        if per_day.get(date(2026, 3, 29)) is not None:
            assert per_day[date(2026, 3, 29)] <= 23
        long_days = set(per_day[per_day == 25].index)
        assert long_days <= {date(2025, 10, 26), date(2026, 10, 25)}


@every_town
def test_shops_open_at_the_same_local_hour_in_summer_and_winter(demo: Demo, nis: str) -> None:
    hourly = _series(demo[nis], "P4")
    hourly = hourly[hourly.index.day_of_week < 5]
    winter = hourly[np.isin(hourly.index.month, (1, 2, 12))].groupby(lambda at: at.hour).mean()
    summer = hourly[np.isin(hourly.index.month, (5, 6, 9))].groupby(lambda at: at.hour).mean()
    agreement = [np.corrcoef(winter, np.roll(summer, lag))[0, 1] for lag in (-1, 0, 1)]
    assert int(np.argmax(agreement)) == 1


@every_town
def test_market_mornings_are_busier(demo: Demo, nis: str) -> None:
    hourly = _series(demo[nis], "P3")
    mornings = hourly[(hourly.index.hour >= 8) & (hourly.index.hour <= 11)]
    by_weekday = mornings.groupby(mornings.index.day_of_week + 1).mean()
    market = demo[nis]["municipality"]["market_weekdays"].iloc[0]
    ordinary = by_weekday.drop([*market, 6, 7], errors="ignore").mean()
    assert by_weekday[market[-1]] > 1.3 * ordinary


def test_koerse_is_the_busiest_day_of_waregem(demo: Demo) -> None:
    daily = _daily(_series(demo["34040"], "P1"))
    assert set(daily.nlargest(2).index) == {date(2025, 9, 2), date(2026, 9, 1)}


def test_the_coast_lives_by_its_season(demo: Demo) -> None:
    def august_over_january(nis: str) -> float:
        daily = _daily(_series(demo[nis], "P1"))
        month = pd.to_datetime(pd.Series(daily.index)).dt.month.to_numpy()
        return float(daily[month == 8].mean() / daily[month == 1].mean())

    assert august_over_january("31004") > 3.0
    assert august_over_january("34027") < 1.5


def test_rain_keeps_people_away(demo: Demo) -> None:
    from api.demo.hours import hours
    from tests.demo.seven_towns import SEED

    time = hours(UNTIL, 730, SEED)
    rain = pd.Series(time.rain_share, index=time.start_at.tz_convert("Europe/Brussels"))
    hourly = _series(demo["34040"], "P3")
    share = hourly / hourly.groupby([hourly.index.day_of_week, hourly.index.hour]).transform("median")
    share = share[(hourly.index.hour >= 10) & (hourly.index.hour < 18)]
    wet = rain.reindex(share.index) > 0.5
    assert share[wet].median() < 0.95 * share[~wet].median()


@every_town
def test_a_zero_run_is_planted(demo: Demo, nis: str) -> None:
    _, begin, end = _fault("zero_run", "P2")
    run = _series(demo[nis], "P2")[begin:end]
    assert len(run) > 20
    assert (run == 0).all()


@every_town
def test_stuck_values_are_planted(demo: Demo, nis: str) -> None:
    _, begin, end = _fault("stuck", "P1")
    run = _series(demo[nis], "P1")[begin:end]
    assert len(run) >= 3
    assert run.nunique() == 1
    assert run.iloc[0] >= 20


@every_town
def test_a_spike_is_planted(demo: Demo, nis: str) -> None:
    fault, begin, _ = _fault("spike", "P3")
    hourly = _series(demo[nis], "P3")
    assert hourly.idxmax() == begin
    assert hourly.max() == fault.size
    assert hourly.nlargest(2).iloc[1] < fault.size / 3


@every_town
@pytest.mark.parametrize("sensor", ["P1", "P2"])
def test_a_level_shift_is_planted(demo: Demo, nis: str, sensor: str) -> None:
    fault, begin, end = _fault("level_shift", sensor)
    own, other = (
        np.log1p(_daily(_series(demo[nis], code))) for code in (sensor, "P4" if sensor == "P1" else "P3")
    )
    change = (own - other).dropna()
    week = pd.Timedelta(days=28)
    during = change[(change.index >= begin.date()) & (change.index <= end.date())].median()
    before = change[(change.index >= (begin - week).date()) & (change.index < begin.date())].median()
    after = change[(change.index > end.date()) & (change.index <= (end + week).date())].median()
    around = np.nanmean([before, after])
    assert np.exp(during - around) == pytest.approx(fault.size, rel=0.3)


@every_town
def test_a_clock_error_is_planted(demo: Demo, nis: str) -> None:
    fault, begin, end = _fault("clock", "P3")
    hourly = _series(demo[nis], "P3")
    during = hourly[begin:end].groupby(lambda at: at.hour).mean()
    before = hourly[begin - pd.Timedelta(days=56) : begin].groupby(lambda at: at.hour).mean()
    agreement = {lag: np.corrcoef(during, np.roll(before, lag))[0, 1] for lag in (-2, -1, 0, 1, 2)}
    assert max(agreement, key=agreement.__getitem__) == fault.size


@every_town
def test_one_sensor_came_later(demo: Demo, nis: str) -> None:
    sensors = demo[nis]["footfall_sensor"].set_index("code")
    late = sensors.loc[f"{nis}-P4", "active_from"]
    assert late == UNTIL - timedelta(300)
    assert _series(demo[nis], "P4").index[0].date() >= late


@every_town
def test_a_window_sensor_sees_by_day_and_says_for_how_long(demo: Demo, nis: str) -> None:
    counts = demo[nis]["footfall_count"]
    telraam = counts[counts["sensor_code"] == f"{nis}-T1"]
    assert set(telraam["mode"]) == {"ped", "bike", "auto", "truck"}
    assert telraam["uptime"].between(0, 1, inclusive="neither").all()
    hour = telraam["start_at"].dt.tz_convert("Europe/Brussels").dt.hour
    assert hour.between(4, 22).all()
    means = telraam.groupby("mode")["value"].mean()
    assert means["auto"] > means["bike"] > means["truck"]
    assert counts.loc[counts["sensor_code"] == f"{nis}-P1", "uptime"].isna().all()


def test_people_on_the_square_are_an_occupancy_and_not_passages(demo: Demo) -> None:
    for nis in TOWNS:
        sensors = demo[nis]["footfall_sensor"]
        areas = sensors[sensors["instrument"] == "rf_attenuation"]
        assert (areas["measure_kind"] == "occupancy").all()
        assert not sensors["stores_images"].any()


@every_town
def test_noise_is_wider_than_chance_alone(demo: Demo, nis: str) -> None:
    hourly = _series(demo[nis], "P4")
    tuesdays = hourly[(hourly.index.day_of_week == 1) & (hourly.index.hour == 15)]
    assert tuesdays.var() > 1.3 * tuesdays.mean()


@every_town
def test_parking_is_never_fuller_than_full(demo: Demo, nis: str) -> None:
    seen, zones = demo[nis]["parking_observation"], demo[nis]["parking_zone"].set_index("code")
    assert set(seen["zone_code"]) == set(zones.index)
    assert (seen["occupied"] <= seen["capacity"]).all()
    assert (seen["capacity"] == zones["capacity"].reindex(seen["zone_code"]).to_numpy()).all()
    assert not seen.duplicated(["zone_code", "observed_at"]).any()
    assert (pd.Timestamp(UNTIL, tz="UTC") - seen["observed_at"].min()).days <= 57
    assert {"street", "surface", "bay_group"} <= set(zones["kind"])
    assert {"blue_zone", "shop_and_go", "free"} <= set(zones["regime"])


@every_town
def test_the_market_takes_the_square_from_the_cars(demo: Demo, nis: str) -> None:
    seen = demo[nis]["parking_observation"]
    square = seen[seen["zone_code"] == f"{nis}-Z01"]
    local = square["observed_at"].dt.tz_convert("Europe/Brussels")
    market = (local.dt.day_of_week + 1).isin(demo[nis]["municipality"]["market_weekdays"].iloc[0])
    morning = local.dt.hour.between(8, 11)
    assert (square.loc[market & morning, "occupied"] == 0).all()
    assert square.loc[~market & morning, "occupied"].mean() > 0.3 * square["capacity"].iloc[0]


@pytest.mark.parametrize("nis", DOOR_TOWNS)
def test_a_shop_door_counts_those_who_come_in_by_day_and_fewer_of_them_at_a_feast(
    demo: Demo, nis: str
) -> None:
    sensors = demo[nis]["footfall_sensor"].set_index("code")
    assert sensors.loc[f"{nis}-D1", "measure_kind"] == "entries"
    hourly = _series(demo[nis], "D1")
    assert hourly[(hourly.index.hour < 9) | (hourly.index.hour >= 20)].sum() == 0
    share = (_daily(hourly) / _daily(_series(demo[nis], "P2"))).dropna()
    share.index = pd.DatetimeIndex(share.index)
    assert 0.04 < share.median() < 0.15
    events = demo[nis]["event"]
    feasts = events[events["kind"].isin(["braderie", "fair"])]["starts_at"].dt.tz_convert("Europe/Brussels")
    at_feasts = share.reindex(feasts.dt.normalize().dt.tz_localize(None)).dropna()
    saturdays = share[share.index.day_of_week == 5]
    assert at_feasts.median() < saturdays.median()
