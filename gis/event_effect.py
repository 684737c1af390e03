"""What an event changed: against the weeks before, against streets without it, and against what chance does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gis.event_answer import MIN_PLACEBOS, Effect, Mode, judged
from gis.event_days import Days, Flags, Floats, log_ratios, usual

MIN_CONTROLS = 3
YEAR, LONG_DAYS, LONG_YEARS = 364, 28, 3
# Towards Christmas streets fill by themselves: the weeks before make an effect of 13 to 18 % out of nothing.
ADVENT, ADVENT_SHARE = ((11, 22), (12, 17)), 0.5


@dataclass(frozen=True)
class Question:
    """Which days of which sensors are judged.

    Attributes
    ----------
    start
        First day of the event.
    length
        Days judged.
    treated
        Sensors in the event.
    controls
        Sensors that it does not reach.
    offset
        Days from the start to the first that is judged, not below 0: the day before is an event of its own.
    """

    start: pd.Timestamp
    length: int
    treated: tuple[object, ...]
    controls: tuple[object, ...] = ()
    offset: int = 0


def event_effect(
    days: Days,
    asked: Question,
    *,
    base: Floats | None = None,
    mode: Mode | None = None,
    is_season_known: bool = False,
) -> Effect:
    """Measure an effect (difference in differences, placebo-in-time intervals).

    The log ratio of the event days to the usual of their weekdays, averaged over the sensors in the event, minus the
    median of the same at the sensors outside it. The interval comes from the same computation at every comparable
    start in the year before (after Chernozhukov, Wüthrich and Zhu 2021, doi:10.1080/01621459.2021.1920957;
    Bertrand, Duflo and Mullainathan 2004, doi:10.1162/003355304772839588), widened for windows that overlap.

    Parameters
    ----------
    days
        Days of all sensors.
    asked
        What is judged.
    base
        As `gis.event_days.usual` gives; made where it is not given.
    mode
        How the usual is corrected; the best that the data allow unless it is said.
    is_season_known
        Judge the weeks before Christmas by nothing but the weeks before those, as what is compared does not rise
        with them.

    Returns
    -------
    Effect
        With the reason where it cannot be measured.
    """
    base = usual(days) if base is None else base
    chosen = mode or best_mode(days, asked, base)
    treated, controls = days.columns(asked.treated), days.columns(asked.controls)
    if not treated:
        return Effect(mode=chosen, reason="no_sensor")
    common: dict[str, Any] = {
        "mode": chosen,
        "treated": tuple(days.sensors[treated]),
        "controls": tuple(days.sensors[controls]) if chosen == "controls" else (),
    }
    effects = effects_of_starts(days, base, asked, mode=chosen)
    observed = _observed(days, base, asked, mode=chosen, usual_days=effects)
    reason = None if np.isfinite(observed) else _why(days, asked, treated)
    if reason is None and chosen == "own_weeks" and not is_season_known and is_advent(asked):
        reason = "season"
    is_used = comparable_starts(days, asked) & np.isfinite(effects)
    placebos = pd.Series(effects[is_used], index=days.index[is_used])
    return judged(observed, placebos, len(placebos) / asked.length, reason=reason, **common)


def best_mode(days: Days, asked: Question, base: Floats) -> Mode:
    """Controls where three of them were counted, else the year before where it was ordinary, else its own weeks."""
    row = days.at(asked.start)
    if not 0 <= row < len(days.index):
        # An event to come: what the sensors counted last tells what it could be compared with.
        row = max(0, len(days.index) - asked.length)
    ratios = log_ratios(days, base, length=asked.length, offset=asked.offset, with_odd=True)
    controls = days.columns(asked.controls)
    if len(days.index) and np.isfinite(ratios[row, controls]).sum() >= MIN_CONTROLS:
        return "controls"
    earlier = log_ratios(days, base, length=asked.length, offset=asked.offset)
    if row >= YEAR and np.isfinite(earlier[row - YEAR, days.columns(asked.treated)]).any():
        effects = effects_of_starts(days, base, asked, mode="last_year")
        if (comparable_starts(days, asked) & np.isfinite(effects)).sum() >= MIN_PLACEBOS:
            return "last_year"
    return "own_weeks"


def effects_of_starts(
    days: Days, base: Floats, asked: Question, *, mode: Mode, with_odd: bool = False
) -> Floats:
    """Log effect of the same window at every start.

    Parameters
    ----------
    days
        Days of all sensors.
    base
        As `gis.event_days.usual` gives.
    asked
        Which window of which sensors; its start does not matter.
    mode
        How the usual is corrected.
    with_odd
        Judge holidays too; days of other events never.

    Returns
    -------
    numpy.ndarray
        Shape (days,), NaN where it cannot be measured.
    """
    ratios = log_ratios(days, base, length=asked.length, offset=asked.offset, with_odd=with_odd)
    if mode == "controls":
        return against_controls(days, asked, ratios)
    mean = mean_in_event(days, asked, ratios)
    if mode == "last_year":
        ordinary = log_ratios(days, base, length=asked.length, offset=asked.offset)
        columns = ordinary[:, days.columns(asked.treated)]
        earlier = np.full(len(mean), np.nan)
        has_any = np.isfinite(columns).any(axis=1)
        earlier[has_any] = np.nanmean(columns[has_any], axis=1)
        before = np.full(len(mean), np.nan)
        before[YEAR:] = earlier[:-YEAR] if len(earlier) > YEAR else []
        against_earlier: Floats = mean - before
        return against_earlier
    return mean


def mean_in_event(days: Days, asked: Question, ratios: Floats) -> Floats:
    """Mean log ratio of the sensors in the event, shape (rows,); NaN where fewer than half of them have one.

    Parameters
    ----------
    days, asked
        Whose columns the ratios have, and which of them are in the event.
    ratios
        Shape (rows, sensors).
    """
    treated = ratios[:, days.columns(asked.treated)]
    mean = np.full(len(ratios), np.nan)
    enough = np.isfinite(treated).sum(axis=1) >= max(1, treated.shape[1] / 2)
    mean[enough] = np.nanmean(treated[enough], axis=1)
    return mean


def against_controls(days: Days, asked: Question, ratios: Floats) -> Floats:
    """The same less the median of the controls; NaN where fewer than three of those have one."""
    others = ratios[:, days.columns(asked.controls)]
    median = np.full(len(ratios), np.nan)
    is_known = np.isfinite(others).sum(axis=1) >= MIN_CONTROLS
    median[is_known] = np.nanmedian(others[is_known], axis=1)
    return np.asarray(mean_in_event(days, asked, ratios) - median)


def is_advent(asked: Question) -> bool:
    """Do most of the days that are judged lie in the weeks before Christmas?"""
    on = pd.date_range(asked.start + pd.Timedelta(days=asked.offset), periods=asked.length)
    of_year = on.month * 100 + on.day
    first, last = (month * 100 + day for month, day in ADVENT)
    return bool(((of_year >= first) & (of_year <= last)).mean() >= ADVENT_SHARE)


def _observed(days: Days, base: Floats, asked: Question, *, mode: Mode, usual_days: Floats) -> float:
    """The event itself: without its holidays where enough other days are left, else with them."""
    row = days.at(asked.start)
    if not 0 <= row < len(usual_days):
        return np.nan
    if np.isfinite(usual_days[row]):
        return float(usual_days[row])
    return float(effects_of_starts(days, base, asked, mode=mode, with_odd=True)[row])


def comparable_starts(days: Days, asked: Question) -> Flags:
    """Mark the starts in the year before (three for long measures) that are like the event's, shape (days,)."""
    start = pd.Timestamp(asked.start)
    last = start - pd.Timedelta(days=asked.length + asked.offset)
    years = LONG_YEARS if asked.length > LONG_DAYS else 1
    index = days.index
    is_used = (index >= start - pd.Timedelta(days=YEAR * years)) & (index <= last)
    judged_on = index + pd.Timedelta(days=asked.offset)
    wanted = start + pd.Timedelta(days=asked.offset)
    if asked.length == 1:
        is_used &= _day_type(judged_on) == _day_type(pd.DatetimeIndex([wanted]))[0]
    elif asked.length == 2:
        is_used &= judged_on.day_of_week == wanted.day_of_week
    return np.asarray(is_used)


def _day_type(index: pd.DatetimeIndex) -> Floats:
    """0 Monday to Friday, 1 Saturday, 2 Sunday."""
    kinds: Floats = np.maximum(index.day_of_week.to_numpy() - 4, 0).astype(float)
    return kinds


def _why(days: Days, asked: Question, treated: Sequence[int]) -> str:
    first = days.at(asked.start) + asked.offset
    rows = [row for row in range(first, first + asked.length) if 0 <= row < len(days.index)]
    if not rows or np.isfinite(days.logs[rows][:, treated]).sum() < 0.7 * asked.length:
        return "no_counts"
    return "other_event" if days.is_event[rows][:, treated].any() else "no_usual"
