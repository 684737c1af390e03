"""What hangs on the effect of an event: other days and streets, hours, repeats, cost and purchases."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from gis.event_answer import Effect, Mode, half_width, p_value, smallest_effect
from gis.event_days import Days, Floats, event_days, usual
from gis.event_effect import YEAR, Question, effects_of_starts, event_effect

DRAWS, SEED = 4000, 1
BEFORE_DAYS, AFTER_DAYS = 14, 7
BLOCK_DAYS = 28
SATURDAY, FRIDAY_TO_MONDAY = 5, 4
# Ratios are below one; their logarithm is taken of one more.
CAPTURE_SCALE = 1e6


def pooled_effect(effects: Sequence[Effect]) -> Effect:
    """Join the effects of an event that comes back: the mean log effect.

    The interval comes from means of as many placebos, one drawn from those of each time it was held.

    Returns
    -------
    Effect
        Without those that could not be measured; ``reason`` few_editions with fewer than two left.
    """
    used = [effect for effect in effects if effect.reason is None and np.isfinite(effect.log_effect)]
    if len(used) < 2:
        return Effect(reason="few_editions")
    rng = np.random.default_rng(SEED)
    drawn = np.mean([rng.choice(effect.placebos.to_numpy(), DRAWS) for effect in used], axis=0)
    n_effective = min(effect.n_effective for effect in used)
    half, level = half_width(drawn, n_effective)
    observed = float(np.mean([effect.log_effect for effect in used]))
    modes = {effect.mode for effect in used}
    return Effect(
        observed,
        half,
        level,
        p_value(observed, drawn, n_effective),
        smallest_effect(drawn, half),
        pd.Series(drawn[:400]),
        n_effective,
        mode=modes.pop() if len(modes) == 1 else "own_weeks",
        treated=tuple(dict.fromkeys(one for effect in used for one in effect.treated)),
        controls=tuple(dict.fromkeys(one for effect in used for one in effect.controls)),
    )


def effect_per_sensor(
    days: Days, asked: Question, sensors: Sequence[object], *, base: Floats, mode: Mode
) -> dict[object, Effect]:
    """Effect at each sensor by itself; a control is judged against the other controls."""
    found = {}
    for sensor in sensors:
        others = tuple(one for one in asked.controls if one != sensor)
        alone = replace(asked, treated=(sensor,), controls=others)
        found[sensor] = event_effect(days, alone, base=base, mode=mode)
    return found


def effect_per_hour(
    hours: pd.DataFrame,
    asked: Question,
    *,
    holidays: pd.DatetimeIndex,
    events: pd.DataFrame | None,
    shown: tuple[int, int],
    mode: Mode,
) -> pd.DataFrame:
    """Effect per hour of the clock.

    Parameters
    ----------
    hours, holidays, events
        As for `gis.event_days.event_days`.
    asked
        What is judged.
    shown
        First hour, and the hour after the last.
    mode
        As it was for the whole day.

    Returns
    -------
    pandas.DataFrame
        By ``hour``: ``observed`` (passages a day, all sensors in the event together), ``expected``, ``lower`` and
        ``upper`` (of what was expected); NaN where it cannot be measured.
    """
    rows = {}
    for hour in range(*shown):
        days = event_days(hours, first_hour=hour, last_hour=hour + 1, holidays=holidays, events=events)
        effect = event_effect(days, asked, mode=mode)
        observed = observed_passages(days, asked) / max(counted_days(days, asked), 1)
        # What the weeks before say of the weeks before Christmas is not to be shown.
        log = effect.log_effect if effect.reason is None else np.nan
        rows[hour] = _expected(observed, log, effect.half_width)
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["observed", "expected", "lower", "upper"]
    ).rename_axis("hour")


def effect_per_day(days: Days, asked: Question, *, base: Floats, mode: Mode) -> pd.DataFrame:
    """Counted and expected of every day around the event.

    Parameters
    ----------
    days, asked, base, mode
        As for `event_effect`.

    Returns
    -------
    pandas.DataFrame
        By ``day``, two weeks before to one week after: ``observed`` (passages, all sensors in the event together),
        ``expected``, ``lower`` and ``upper`` (of what was expected), ``is_event``.
    """
    one_day = replace(asked, length=1, offset=0)
    before = effects_of_starts(days, base, one_day, mode=mode, with_odd=True)
    ordinary = effects_of_starts(days, base, one_day, mode=mode)
    start, rows = days.at(asked.start), {}
    halves = _day_halves(days, ordinary, start)
    columns = days.columns(asked.treated)
    for step in range(-BEFORE_DAYS, asked.length + AFTER_DAYS):
        row = start + step
        if not 0 <= row < len(days.index):
            continue
        log = before[row]
        if step >= 7:
            ahead = replace(one_day, offset=step)
            log = effects_of_starts(days, base, ahead, mode=mode, with_odd=True)[start]
        here = days.totals[row, columns]
        observed = float(np.nansum(here)) if np.isfinite(here).any() else np.nan
        half = halves[max(days.index[row].day_of_week - 4, 0)]
        rows[days.index[row]] = (*_expected(observed, float(log), half), 0 <= step < asked.length)
    names = ["observed", "expected", "lower", "upper", "is_event"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("day")


def _day_halves(days: Days, ordinary: Floats, start: int) -> list[float]:
    """Half width of one day's interval, by Monday to Friday, Saturday, Sunday."""
    first = max(0, start - YEAR)
    kind = np.maximum(days.index.day_of_week.to_numpy() - 4, 0)[first:start]
    found = []
    for wanted in range(3):
        values = ordinary[first:start][kind == wanted]
        values = values[np.isfinite(values)]
        found.append(half_width(values, float(len(values)))[0] if len(values) else np.nan)
    return found


def _expected(observed: float, log: float, half: float) -> tuple[float, float, float, float]:
    expected = observed / np.exp(log) if np.isfinite(log) else np.nan
    return observed, expected, expected * np.exp(-half), expected * np.exp(half)


def counted_days(days: Days, asked: Question) -> int:
    """Days of the event on which at least one of its sensors counted."""
    return int(np.isfinite(_judged(days, asked)).any(axis=1).sum())


def observed_passages(days: Days, asked: Question) -> float:
    """Passages counted in the event, all its sensors and days together."""
    return float(np.nansum(_judged(days, asked)))


def _judged(days: Days, asked: Question) -> Floats:
    first = days.at(asked.start) + asked.offset
    rows = slice(max(first, 0), max(first + asked.length, 0))
    return days.totals[rows][:, days.columns(asked.treated)]


def extra_passages(observed: float, effect: Effect) -> tuple[float, float, float]:
    """Passages more than expected, and the ends of their interval: counted x (1 - 1 / (1 + effect))."""
    lower, upper = effect.interval
    return tuple(observed * (1 - 1 / (1 + share)) for share in (effect.share, lower, upper))  # type: ignore[return-value]


def cost_per_extra(
    cost_eur: float, extra: tuple[float, float, float]
) -> tuple[float, float, float | None] | None:
    """Cost of one extra passage, EUR, with its interval; None where there were no more passages.

    The upper end is None where the interval of the extra passages holds zero: then the cost has no upper end.
    """
    value, lower, upper = extra
    if not value > 0:
        return None
    return cost_eur / value, cost_eur / upper, cost_eur / lower if lower > 0 else None


def saturday_share(days: Days, asked: Question) -> float:
    """Passages of the event's first day as a share of the mean of the latest four comparable Saturdays before it."""
    columns, row = days.columns(asked.treated), days.at(asked.start)
    totals = np.where(days.is_odd, np.nan, days.totals)[: max(row, 0), columns]
    is_saturday = days.index[: max(row, 0)].day_of_week == SATURDAY
    whole = totals[is_saturday & np.isfinite(totals).all(axis=1)][-4:].sum(axis=1)
    here = days.totals[row, columns] if 0 <= row < len(days.index) else np.array([np.nan])
    is_known = len(columns) > 0 and len(whole) > 0 and np.isfinite(here).all()
    return float(here.sum() / whole.mean()) if is_known else np.nan


def weekend_around(start: pd.Timestamp, length: int) -> tuple[pd.Timestamp, int] | None:
    """Friday to Monday around an event at the weekend, or the event with the day before and after; None if long.

    What came on the day but stayed away the day before or after was moved, not won.
    """
    last = start + pd.Timedelta(days=length - 1)
    if length > 7:
        return None
    if start.day_of_week >= 4 and last.day_of_week >= SATURDAY and length <= 3:
        return start - pd.Timedelta(days=start.day_of_week - 4), FRIDAY_TO_MONDAY
    return start - pd.Timedelta(days=1), length + 2


def blocks(length: int) -> list[tuple[int, int]]:
    """Offset and length of each four weeks of a long measure; the last one may be shorter but not under a week."""
    cut = [(first, min(BLOCK_DAYS, length - first)) for first in range(0, length, BLOCK_DAYS)]
    return [part for part in cut if part[1] >= 7]


def capture_effect(
    entries: Days, passages: Days, asked: Question, *, doors: Sequence[object]
) -> tuple[float, Effect]:
    """How many of a hundred who pass go in, during the event, and how that changed.

    Parameters
    ----------
    entries, passages
        Days of the counters at doors and of those in the street, on the same days.
    asked
        What is judged; its treated sensors are those in the street.
    doors
        The counters at doors within the event.

    Returns
    -------
    Share of entries over passages during the event (NaN where not counted), and its effect against its own weeks.
    """
    inside = entries.totals[:, entries.columns(doors)].sum(axis=1)
    outside = passages.totals[:, passages.columns(asked.treated)].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(outside > 0, inside / outside, np.nan)[:, None]
    columns = passages.columns(asked.treated)
    is_odd = np.atleast_2d(passages.is_odd[:, columns].any(axis=1)).T
    is_event = np.atleast_2d(passages.is_event[:, columns].any(axis=1)).T
    capture = Days(passages.index, pd.Index(["capture"]), share * CAPTURE_SCALE, is_odd, is_event)
    alone = replace(asked, treated=("capture",), controls=())
    effect = event_effect(capture, alone, base=usual(capture), mode="own_weeks", is_season_known=True)
    judged = _judged(capture, alone)
    return float(np.nanmean(judged) / CAPTURE_SCALE) if np.isfinite(judged).any() else np.nan, effect
