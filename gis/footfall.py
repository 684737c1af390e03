"""How many people pass: per sensor from its counts, and at every shop unit from the sensors around it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gis.counts import hourly
from gis.frames import require

ALL_WEEK = (0, 1, 2, 3, 4, 5, 6)
MIN_HOURS_SHARE = 0.9
# Lower ends of the passage classes, as a share of the busiest counting point of the same core.
PASSAGE_CLASSES = {"A1": 0.75, "A2": 0.50, "B1": 0.25, "B2": 0.10, "C": 0.0}


def footfall_per_day(
    counts: pd.DataFrame,
    *,
    timezone: str,
    hours: tuple[int, int] = (10, 18),
    weekdays: Sequence[int] = ALL_WEEK,
    min_days: int = 14,
) -> pd.DataFrame:
    """Average the passages per day at every sensor, over the hours that can be believed.

    A day counts when nine tenths of its hours do; the few that miss are filled in the proportions of the
    sensor's own day. Weekdays weigh alike, however many of each were counted.

    Parameters
    ----------
    counts
        ``sensor_id``, ``start_at`` (UTC), ``minutes``, ``value``, ``quality_flag`` and, where known,
        ``uptime``.
    timezone
        Zone of the clock on the wall, such as ``Europe/Brussels``.
    hours
        Hours of the day that count: from, up to and without; (0, 24) is the whole day.
    weekdays
        Days that count, Monday is 0.
    min_days
        Valid days below which no mean is given.

    Returns
    -------
    pandas.DataFrame
        Per sensor: ``footfall_per_day`` (NaN where not measurable), ``n_days`` (valid), ``n_days_counted``
        (with any hour), ``from_on``, ``to_on``, and ``reason`` (None, ``too_few_days`` or
        ``weekday_missing``).
    """
    require(counts, "sensor_id", "start_at", "minutes", "value", "quality_flag", what="counts")
    sensors = pd.Index(counts["sensor_id"].unique(), name="sensor_id").sort_values()
    table = hourly(counts, timezone=timezone).reindex(columns=sensors)
    clock = pd.DatetimeIndex(table.index)
    is_asked = (clock.hour >= hours[0]) & (clock.hour < hours[1]) & clock.day_of_week.isin(list(weekdays))
    totals, is_valid, n_seen = _day_totals(table[is_asked], hours[1] - hours[0])
    totals = totals.where(is_valid)
    n_days = totals.notna().sum()
    by_weekday = totals.groupby(pd.DatetimeIndex(totals.index).day_of_week).mean().reindex(list(weekdays))
    is_all_week = by_weekday.notna().all()
    reason = pd.Series(None, index=sensors, dtype=object)
    reason = reason.where(is_all_week, "weekday_missing").where(n_days >= min_days, "too_few_days")
    valid_days = [totals.index[totals[sensor].notna()] for sensor in sensors]
    return pd.DataFrame(
        {
            "footfall_per_day": by_weekday.mean().where(reason.isna()),
            "n_days": n_days,
            "n_days_counted": n_seen,
            "from_on": [days[0].date() if len(days) else None for days in valid_days],
            "to_on": [days[-1].date() if len(days) else None for days in valid_days],
            "reason": reason,
        },
        index=sensors,
    )


def _day_totals(table: pd.DataFrame, n_hours: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Total of every day with the missing hours filled, whether it is valid, and days with any hour."""
    clock = pd.DatetimeIndex(table.index)
    profile = table.groupby(clock.hour).mean()
    usual = pd.DataFrame(profile.loc[clock.hour].to_numpy(), index=table.index, columns=table.columns)
    days = clock.normalize()
    counted = table.notna().groupby(days).sum()
    total, covered = table.groupby(days).sum(), usual.where(table.notna()).groupby(days).sum()
    filled = (total * profile.sum() / covered.where(covered > 0)).where(covered > 0, total)
    # Nine tenths of ten hours are nine, whatever binary fractions make of it.
    return filled, counted >= MIN_HOURS_SHARE * n_hours - 1e-9, (counted > 0).sum()


def passage_class(
    footfall: pd.Series,
    core: pd.Series,
    *,
    busiest: pd.Series | None = None,
    classes: dict[str, float] | None = None,
) -> pd.Series:
    """Class every place by its footfall relative to the busiest counting point of its own core.

    Parameters
    ----------
    footfall
        Passages per day; NaN is unknown.
    core
        Core of every place, on the same index. Classes of different cores do not compare.
    busiest
        Passages per day at the busiest counting point of each core; a core without one takes its own highest
        value.
    classes
        Lower end of each class as a share of the busiest; none takes ``PASSAGE_CLASSES``.

    Returns
    -------
    pandas.Series
        A1, A2, B1, B2 or C; None where the footfall or the core is unknown.
    """
    ends = sorted((classes or PASSAGE_CLASSES).items(), key=lambda item: item[1])
    highest = core.map(footfall.groupby(core).max())
    if busiest is not None:
        highest = core.map(busiest).where(lambda known: known > 0, highest)
    share = footfall / highest.where(highest > 0)
    place = np.searchsorted([end for _, end in ends], share.fillna(0.0).to_numpy(), side="right") - 1
    named = pd.Series(
        np.array([name for name, _ in ends], dtype=object)[np.maximum(place, 0)], index=footfall.index
    )
    return named.where(share.notna(), None).rename("passage_class")
