"""Footfall by ISO week: this year beside the last, and sensors and towns beside each other as an index."""

import numpy as np
import pandas as pd

from gis.frames import require

WEEK_H = 168
# A week with more than a tenth of its hours missing is not shown as a figure.
MIN_WEEK_SHARE = 0.9
RECENT_WEEKS, YEAR_WEEKS = 4, 52
MIN_BASE_WEEKS = 26


def weekly_footfall(table: pd.DataFrame) -> pd.DataFrame:
    """Sum the hours of every sensor into ISO weeks, as a mean per day.

    Hours that miss are filled in the proportions of the sensor's own usual week, so that a lost Sunday does not
    make a week look busier; a week that misses more than a tenth has no figure.

    Parameters
    ----------
    table
        Passages per wall-clock hour, hours x sensors in whole weeks, as `gis.counts.hourly` gives.

    Returns
    -------
    pandas.DataFrame
        ``sensor_id``, ``iso_year``, ``iso_week``, ``starts_on`` (Monday), ``per_day`` (passages, NaN where not
        measurable), ``valid_share`` (of the hours of the week); a row per sensor and week with any valid hour.

    Raises
    ------
    FrameError
        When the table is no frame of hours.
    """
    columns = ["sensor_id", "iso_year", "iso_week", "starts_on", "per_day", "valid_share"]
    if table.empty or not len(table.columns):
        return pd.DataFrame(columns=columns)
    clock = pd.DatetimeIndex(table.index)
    hour_of_week = clock.day_of_week * 24 + clock.hour
    profile = table.groupby(hour_of_week).mean()
    usual = pd.DataFrame(profile.loc[hour_of_week].to_numpy(), index=table.index, columns=table.columns)
    week = (clock.normalize() - pd.to_timedelta(clock.day_of_week, unit="D")).rename("starts_on")
    total, share = table.groupby(week).sum(), table.notna().groupby(week).sum() / WEEK_H
    covered = usual.where(table.notna()).groupby(week).sum()
    # Hours of the week that were never counted cannot be filled either.
    is_known = profile.notna().sum() >= MIN_WEEK_SHARE * WEEK_H
    filled = (total * profile.sum() / covered.where(covered > 0)).where(covered > 0, total)
    per_day = (filled / 7).where((share >= MIN_WEEK_SHARE - 1e-9) & is_known)
    long = pd.DataFrame({"per_day": per_day.stack(future_stack=True), "valid_share": share.stack()})
    long = long[long["valid_share"] > 0].reset_index(names=["starts_on", "sensor_id"])
    calendar = long["starts_on"].dt.isocalendar()
    long["iso_year"], long["iso_week"] = calendar["year"].astype(int), calendar["week"].astype(int)
    long["starts_on"] = long["starts_on"].dt.date
    return long[columns].sort_values(["sensor_id", "starts_on"], ignore_index=True)


def recent_change(weeks: pd.DataFrame) -> pd.DataFrame:
    """Hold the latest weeks of every sensor against the same ISO weeks of the year before.

    Parameters
    ----------
    weeks
        As `weekly_footfall` gives.

    Returns
    -------
    pandas.DataFrame
        By ``sensor_id``: ``per_day`` (mean of the latest four weeks that have a figure, which lie within eight),
        ``n_weeks``, ``from_on``, ``to_on`` (Mondays of the first and the last), ``before_per_day`` (mean of the same
        weeks a year earlier, only those with a figure in both years), ``n_pairs`` and ``change_share`` (NaN without
        a pair).
    """
    require(weeks, "sensor_id", "iso_year", "iso_week", "starts_on", "per_day", what="weeks")
    rows = {}
    for sensor, own in weeks[weeks["per_day"].notna()].groupby("sensor_id"):
        earliest = own["starts_on"].max() - pd.Timedelta(weeks=2 * RECENT_WEEKS - 1)
        recent = own[own["starts_on"] >= earliest].tail(RECENT_WEEKS)
        year_ago = own.assign(iso_year=own["iso_year"] + 1)[["iso_year", "iso_week", "per_day"]]
        pairs = recent.merge(year_ago, on=["iso_year", "iso_week"], suffixes=("", "_before"))
        before = pairs["per_day_before"].mean() if len(pairs) else np.nan
        rows[sensor] = {
            "per_day": recent["per_day"].mean(),
            "n_weeks": len(recent),
            "from_on": recent["starts_on"].iloc[0],
            "to_on": recent["starts_on"].iloc[-1],
            "before_per_day": before,
            "n_pairs": len(pairs),
            "change_share": pairs["per_day"].mean() / before - 1 if before > 0 else np.nan,
        }
    columns = ["per_day", "n_weeks", "from_on", "to_on", "before_per_day", "n_pairs", "change_share"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("sensor_id")


def indexed(weeks: pd.DataFrame) -> pd.DataFrame:
    """Put sensors of different size on one scale: 100 is the mean of the sensor's own latest year.

    Parameters
    ----------
    weeks
        As `weekly_footfall` gives.

    Returns
    -------
    pandas.DataFrame
        The rows with a figure, with ``index``; a sensor with fewer than 26 weeks in its latest 52 has none and is
        left out, as half a year says nothing about a year.
    """
    require(weeks, "sensor_id", "starts_on", "per_day", what="weeks")
    known = weeks[weeks["per_day"].notna()]
    last = known.groupby("sensor_id")["starts_on"].transform("max")
    is_base = pd.to_datetime(known["starts_on"]) > pd.to_datetime(last) - pd.Timedelta(weeks=YEAR_WEEKS)
    base = known[is_base].groupby("sensor_id")["per_day"].agg(["mean", "size"])
    usable = base.loc[(base["size"] >= MIN_BASE_WEEKS) & (base["mean"] > 0), "mean"]
    level = known["sensor_id"].map(usable)
    return known.assign(index=100 * known["per_day"] / level)[level.notna()].reset_index(drop=True)


def town_index(index: pd.DataFrame) -> pd.DataFrame:
    """Sum a town up: the median of its sensors, week by week, so that one broken sensor does not carry it.

    Parameters
    ----------
    index
        As `indexed` gives.

    Returns
    -------
    pandas.DataFrame
        ``starts_on``, ``iso_year``, ``iso_week``, ``index`` and ``n_sensors``, a row per week.
    """
    require(index, "starts_on", "iso_year", "iso_week", "index", what="indexed weeks")
    grouped = index.groupby(["starts_on", "iso_year", "iso_week"])["index"].agg(["median", "size"])
    return grouped.rename(columns={"median": "index", "size": "n_sensors"}).reset_index()
