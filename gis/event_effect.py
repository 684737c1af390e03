"""What an event changed: against the weeks before, against streets without it, and against what chance does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from gis.event_days import Days, Floats, log_ratios, usual

Mode = Literal["controls", "last_year", "own_weeks"]
LEVEL, ALPHA = 0.90, 0.05
MIN_CONTROLS = 3
YEAR, LONG_DAYS, LONG_YEARS = 364, 28, 3
# Fewer cannot give an interval that deserves a percentage.
MIN_PLACEBOS, MIN_EFFECTIVE = 12, 4.0
POWER = 0.80


@dataclass(frozen=True)
class Effect:
    """An effect as a natural logarithm, with all that makes it defensible.

    Attributes
    ----------
    log_effect
        ln(counted / expected); NaN where it cannot be measured, or was not asked.
    half_width
        Of the interval, on the same scale.
    level
        Of the interval: 0.9, or less where the past is too short for that.
    p_value
        How often chance does this much, 0-1.
    smallest
        ln ratio that would stand out in four of five cases.
    placebos
        The same computation on ordinary days before, by first day.
    n_effective
        Placebo windows that do not overlap.
    mode
        controls: against other sensors; last_year: against the same weeks a year before; own_weeks: against nothing
        but its own weeks.
    treated, controls
        Sensors used.
    reason
        Why it cannot be measured: no_sensor, no_counts, no_usual, other_event, few_placebos; None where it can.
    """

    log_effect: float = np.nan
    half_width: float = np.nan
    level: float = LEVEL
    p_value: float = np.nan
    smallest: float = np.nan
    placebos: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    n_effective: float = 0.0
    mode: Mode = "controls"
    treated: tuple[object, ...] = ()
    controls: tuple[object, ...] = ()
    reason: str | None = None

    @property
    def share(self) -> float:
        """More or fewer passages, as a share of the expected."""
        return float(np.expm1(self.log_effect))

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end of that share."""
        return (
            float(np.expm1(self.log_effect - self.half_width)),
            float(np.expm1(self.log_effect + self.half_width)),
        )

    @property
    def verdict(self) -> str:
        """more, less, not_conclusive or not_measurable."""
        if self.reason is not None or not np.isfinite(self.log_effect):
            return "not_measurable"
        if abs(self.log_effect) <= self.half_width:
            return "not_conclusive"
        return "more" if self.log_effect > 0 else "less"


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
    days: Days, asked: Question, *, base: Floats | None = None, mode: Mode | None = None
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
    placebos = _placebos(days, asked, effects)
    n_effective = len(placebos) / asked.length
    observed = _observed(days, base, asked, mode=chosen, usual_days=effects)
    reason = None if np.isfinite(observed) else _why(days, asked, treated)
    if len(placebos) < MIN_PLACEBOS or n_effective < MIN_EFFECTIVE:
        few = reason or "few_placebos"
        return Effect(placebos=placebos, n_effective=n_effective, reason=few, **common)
    half, level = half_width(placebos.to_numpy(), n_effective)
    return Effect(
        observed, half, level, p_value(observed, placebos.to_numpy(), n_effective),
        smallest_effect(placebos.to_numpy(), half), placebos, n_effective, reason=reason, **common,
    )  # fmt: skip


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
        if len(_placebos(days, asked, effects)) >= MIN_PLACEBOS:
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
    treated = ratios[:, days.columns(asked.treated)]
    n_there = np.isfinite(treated).sum(axis=1)
    mean = np.full(len(ratios), np.nan)
    enough = n_there >= max(1, treated.shape[1] / 2)
    mean[enough] = np.nanmean(treated[enough], axis=1)
    if mode == "controls":
        others = ratios[:, days.columns(asked.controls)]
        median = np.full(len(ratios), np.nan)
        is_known = np.isfinite(others).sum(axis=1) >= MIN_CONTROLS
        median[is_known] = np.nanmedian(others[is_known], axis=1)
        against_others: Floats = mean - median
        return against_others
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


def _observed(days: Days, base: Floats, asked: Question, *, mode: Mode, usual_days: Floats) -> float:
    """The event itself: without its holidays where enough other days are left, else with them."""
    row = days.at(asked.start)
    if not 0 <= row < len(usual_days):
        return np.nan
    if np.isfinite(usual_days[row]):
        return float(usual_days[row])
    return float(effects_of_starts(days, base, asked, mode=mode, with_odd=True)[row])


def _placebos(days: Days, asked: Question, effects: Floats) -> pd.Series:
    """Effects at the starts in the year before (three for long measures) that are like the event's."""
    start = pd.Timestamp(asked.start)
    last = start - pd.Timedelta(days=asked.length + asked.offset)
    years = LONG_YEARS if asked.length > LONG_DAYS else 1
    index = days.index
    is_used = (index >= start - pd.Timedelta(days=YEAR * years)) & (index <= last) & np.isfinite(effects)
    judged = index + pd.Timedelta(days=asked.offset)
    wanted = start + pd.Timedelta(days=asked.offset)
    if asked.length == 1:
        is_used &= _day_type(judged) == _day_type(pd.DatetimeIndex([wanted]))[0]
    elif asked.length == 2:
        is_used &= judged.day_of_week == wanted.day_of_week
    return pd.Series(effects[is_used], index=index[is_used])


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


def half_width(placebos: Floats, n_effective: float, level: float = LEVEL) -> tuple[float, float]:
    """Half width of an interval, and the level that it reaches.

    With few windows that do not overlap the largest placebo is taken, and n / (n + 1) of the level is all it gives.
    """
    wanted = level * (n_effective + 1) / n_effective
    sizes = np.sort(np.abs(placebos))
    if wanted > 1:
        return float(sizes[-1]), min(level, n_effective / (n_effective + 1))
    rank = int(np.ceil(wanted * len(sizes)))
    return float(sizes[max(rank, 1) - 1]), level


def p_value(observed: float, placebos: Floats, n_effective: float) -> float:
    """Share of windows in which chance does as much, the event's own counted with them."""
    if not np.isfinite(observed):
        return np.nan
    share = float((np.abs(placebos) >= abs(observed)).mean())
    return min(1.0, (1 + share * n_effective) / (1 + n_effective))


def smallest_effect(placebos: Floats, half: float) -> float:
    """Log effect that would leave the interval of chance in four of five cases."""
    return float(half - np.quantile(placebos, 1 - POWER))
