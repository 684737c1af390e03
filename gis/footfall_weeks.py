"""Footfall by ISO week: this year beside the last, and sensors and towns beside each other as an index."""

import pandas as pd

from gis.frames import require

WEEK_H = 168
# A week with more than a tenth of its hours missing is not shown as a figure.
MIN_WEEK_SHARE = 0.9
RECENT_WEEKS, YEAR_WEEKS = 4, 52
MIN_BASE_WEEKS = 26
COLUMNS = ["sensor_id", "iso_year", "iso_week", "starts_on", "per_day", "valid_share"]


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
    return weeks_of_sums(*hour_sums(table), table)


def hour_sums(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sum a table of hours by week, and by hour of the week.

    Parameters
    ----------
    table
        As for `weekly_footfall`.

    Returns
    -------
    tuple of pandas.DataFrame
        ``sensor_id``, ``starts_on`` (Monday at midnight), ``total`` and ``n`` (valid hours); and ``sensor_id``,
        ``hour_of_week`` (0 is Monday at midnight), ``total`` and ``n``. No row without a valid hour.
    """
    columns = ["sensor_id", "total", "n"]
    if table.empty or not len(table.columns):
        nothing = pd.DataFrame(columns=columns)
        return nothing.assign(starts_on=None), nothing.assign(hour_of_week=None)
    sums = []
    for name, key in (("starts_on", _monday(table.index)), ("hour_of_week", _hour_of_week(table.index))):
        grouped = table.rename_axis(columns="sensor_id").groupby(key.rename(name))
        both = pd.DataFrame({"total": grouped.sum().stack(), "n": grouped.count().stack()}).reset_index()
        sums.append(both[both["n"] > 0].reset_index(drop=True))
    return sums[0], sums[1]


def weeks_of_sums(by_week: pd.DataFrame, by_hour: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Make weeks of the sums of their hours, and fill what misses.

    Parameters
    ----------
    by_week, by_hour
        As `hour_sums` gives.
    table
        Hours x sensors, at least those of the weeks that miss any.

    Returns
    -------
    pandas.DataFrame
        As `weekly_footfall`.
    """
    if by_week.empty:
        return pd.DataFrame(columns=COLUMNS)
    usual = (
        by_hour.assign(mean=by_hour["total"] / by_hour["n"])
        .pivot(index="hour_of_week", columns="sensor_id", values="mean")
        .reindex(range(WEEK_H))
    )
    long = by_week.sort_values(["sensor_id", "starts_on"], ignore_index=True)
    share, whole = long["n"] / WEEK_H, long["sensor_id"].map(usual.sum())
    gaps = table.reindex(columns=usual.columns)
    expected = pd.DataFrame(
        usual.loc[_hour_of_week(gaps.index)].to_numpy(), index=gaps.index, columns=gaps.columns
    )
    sums = expected.where(gaps.notna()).groupby(_monday(gaps.index)).sum().stack()
    covered = pd.Series(sums.reindex(pd.MultiIndex.from_frame(long[["starts_on", "sensor_id"]])).to_numpy())
    is_filled = (long["n"] < WEEK_H) & (covered > 0)
    filled = long["total"].where(~is_filled, long["total"] * whole / covered.where(is_filled, 1.0))
    # Hours of the week that were never counted cannot be filled either.
    is_known = long["sensor_id"].map(usual.notna().sum()) >= MIN_WEEK_SHARE * WEEK_H
    calendar = long["starts_on"].dt.isocalendar()
    return pd.DataFrame(
        {
            "sensor_id": long["sensor_id"],
            "iso_year": calendar["year"].astype(int),
            "iso_week": calendar["week"].astype(int),
            "starts_on": long["starts_on"].dt.date,
            "per_day": (filled / 7).where((share >= MIN_WEEK_SHARE - 1e-9) & is_known),
            "valid_share": share,
        }
    )


def _monday(clock: pd.Index) -> pd.DatetimeIndex:
    hours = pd.DatetimeIndex(clock)
    return (hours.normalize() - pd.to_timedelta(hours.day_of_week, unit="D")).rename("starts_on")


def _hour_of_week(clock: pd.Index) -> pd.Index:
    hours = pd.DatetimeIndex(clock)
    return pd.Index(hours.day_of_week * 24 + hours.hour)


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
    known = weeks[weeks["per_day"].notna()].sort_values(["sensor_id", "starts_on"])
    starts = pd.to_datetime(known["starts_on"])
    newest = starts.groupby(known["sensor_id"]).transform("max")
    recent = known[starts >= newest - pd.Timedelta(weeks=2 * RECENT_WEEKS - 1)]
    recent = recent.groupby("sensor_id").tail(RECENT_WEEKS)
    keys = ["sensor_id", "iso_year", "iso_week"]
    year_ago = known.assign(iso_year=known["iso_year"] + 1)[[*keys, "per_day"]]
    pairs = recent.merge(year_ago, on=keys, suffixes=("", "_before")).groupby("sensor_id")
    found = recent.groupby("sensor_id").agg(
        per_day=("per_day", "mean"),
        n_weeks=("per_day", "size"),
        from_on=("starts_on", "first"),
        to_on=("starts_on", "last"),
    )
    before = pairs["per_day_before"].mean().reindex(found.index)
    n_pairs = pairs.size().reindex(found.index, fill_value=0)
    change = (pairs["per_day"].mean().reindex(found.index) / before.where(before > 0)) - 1
    return found.assign(before_per_day=before, n_pairs=n_pairs, change_share=change)


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
