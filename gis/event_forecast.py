"""A second estimate of an event: against a learned forecast of its hours instead of the weeks before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from gis.event_answer import Effect, Mode, judged
from gis.event_days import MIN_DAYS_SHARE, MIN_HOURS_SHARE, Days, Floats
from gis.event_effect import (
    YEAR,
    Question,
    against_controls,
    comparable_starts,
    event_effect,
    mean_in_event,
)
from gis.forecast_base import DAY_H, HORIZON_H, Counted, base_forecast
from gis.forecast_features import fortnight_features
from gis.forecast_model import training_origins

LONGEST_DAYS = HORIZON_H // DAY_H
# Half a year to learn from, and half a year that the model did not see to tell what chance does.
LEAST_WEEKS, UNSEEN_DAYS = 52, YEAR // 2
# A forecast costs some milliseconds: of workdays, and of windows that overlap, not every one is needed.
MOST_PLACEBOS = 70
# More rows make a study slower and not better.
LEAST_ROWS, MOST_ROWS, SEED = 2_000, 12_000, 1
Places = NDArray[np.intp]


def forecast_effect(
    days: Days, asked: Question, past: Counted, *, hours: tuple[int, int], mode: Mode | None = None
) -> Effect:
    """Measure an effect against a forecast, divided by the same at the controls where there are any.

    The forecast is learned as that of `gis.forecast_model` is (same columns, same loss, fewer trees), in the hours of
    the event, from what was counted until half a year before it, without days of other events; and made at the
    midnight before the event from what was counted until then. What chance does comes from the same forecast at the
    ordinary starts of that half year, which the model did not see either.

    Parameters
    ----------
    days
        Days of all sensors.
    asked
        What is judged.
    past
        The hours of the same sensors with their calendar, from the same day on.
    hours
        From this hour of the clock up to but without that one, as ``days`` was made.
    mode
        Of the first estimate; controls are used where that used them.

    Returns
    -------
    Effect
        Mode ``controls`` or ``own_weeks``; with the reason where there is none: ``too_long`` (a forecast looks a
        fortnight ahead), ``few_weeks`` (under a year was counted before), or as in `gis.event_effect.event_effect`.
    """
    first = event_effect(days, asked, mode=mode)
    chosen: Mode = "controls" if first.mode == "controls" else "own_weeks"
    asked = replace(asked, treated=first.treated, controls=first.controls)
    if first.reason is not None:
        return Effect(mode=chosen, treated=first.treated, controls=first.controls, reason=first.reason)
    return against_forecast(asked, forecast_ratios(days, asked, past, hours=hours), mode=chosen)


@dataclass(frozen=True)
class ForecastRatios:
    """Log ratios of counted to forecast at the event and at the ordinary starts before it.

    Attributes
    ----------
    days
        Days of the sensors that were forecast.
    starts
        Rows of the first days; the last is the event.
    values
        Shape (starts, sensors), NaN where it cannot be measured; empty where there is a reason.
    step
        Days between ordinary starts that follow each other, at least.
    reason
        Why there is none: too_long or few_weeks.
    """

    days: Days
    starts: Places
    values: Floats
    step: int = 1
    reason: str | None = None


def forecast_ratios(days: Days, asked: Question, past: Counted, *, hours: tuple[int, int]) -> ForecastRatios:
    """Forecast the hours of an event, and those of ordinary days before, at all its sensors and controls.

    Parameters
    ----------
    days, asked, past, hours
        As for `forecast_effect`.
    """
    used = days.columns((*asked.treated, *asked.controls))
    here, row = _only(days, used), days.at(asked.start)
    nothing = ForecastRatios(here, np.empty(0, dtype=np.intp), np.empty((0, len(used))))
    if asked.offset + asked.length > LONGEST_DAYS:
        return replace(nothing, reason="too_long")
    window = _Window(here, _in_hours(here, past, hours, used), hours, asked.offset, asked.length)
    model = window.learned(row - UNSEEN_DAYS) if _weeks_before(days, asked, row) >= LEAST_WEEKS else None
    if model is None:
        return replace(nothing, reason="few_weeks")
    starts = np.flatnonzero(comparable_starts(days, asked))
    starts = starts[starts >= row - UNSEEN_DAYS]
    step = max(1, -(-len(starts) // MOST_PLACEBOS))
    starts = np.append(starts[::-step][::-1], row)
    return ForecastRatios(here, starts, window.log_ratios(starts, model), step)


def against_forecast(asked: Question, found: ForecastRatios, *, mode: Mode) -> Effect:
    """The effect at the sensors in the event, less that at the controls where the mode says so."""
    common: dict[str, Any] = {
        "mode": mode,
        "treated": asked.treated,
        "controls": asked.controls if mode == "controls" else (),
    }
    if found.reason is not None:
        return Effect(reason=found.reason, **common)
    combined = against_controls if mode == "controls" else mean_in_event
    effects = combined(found.days, asked, found.values)
    placebos = pd.Series(effects[:-1], index=found.days.index[found.starts[:-1]]).dropna()
    n_effective = len(placebos) * min(found.step, asked.length) / asked.length
    reason = None if np.isfinite(effects[-1]) else "no_usual"
    return judged(float(effects[-1]), placebos, n_effective, reason=reason, **common)


def _weeks_before(days: Days, asked: Question, row: int) -> float:
    counted = np.isfinite(days.totals[: max(row, 0), days.columns(asked.treated)]).any(axis=1)
    return (row - int(np.argmax(counted))) / 7 if counted.any() else 0.0


def _only(days: Days, columns: Sequence[int]) -> Days:
    """The same days of some sensors."""
    chosen = list(columns)
    return Days(
        days.index,
        days.sensors[chosen],
        days.totals[:, chosen],
        days.is_odd[:, chosen],
        days.is_event[:, chosen],
    )


def _in_hours(days: Days, past: Counted, hours: tuple[int, int], columns: Sequence[int]) -> Counted:
    """What was counted in the hours of the event, without days of other events."""
    values = past.values[: len(days.index) * DAY_H, list(columns)].copy()
    clock = np.arange(len(values)) % DAY_H
    values[(clock < hours[0]) | (clock >= hours[1])] = np.nan
    values[np.repeat(days.is_event, DAY_H, axis=0)] = np.nan
    return replace(past, values=values, sensors=days.sensors, editions=())


class _Model(NamedTuple):
    """What was learned, and the columns that say anything."""

    regressor: HistGradientBoostingRegressor
    columns: Places


@dataclass(frozen=True)
class _Window:
    """The days that are judged, counted from a start, and what is known before each start."""

    days: Days
    past: Counted
    hours: tuple[int, int]
    offset: int
    length: int

    def learned(self, until: int) -> _Model | None:
        """Learn what the hours of the event hold, from the days before one; None with too few of them."""
        known = self.past.until(max(until, 0) * DAY_H)
        rows, targets, weights = [], [], []
        for origin in training_origins(len(known.values)):
            base = base_forecast(known, origin)
            truth, scale = known.values[origin : origin + HORIZON_H], base.holiday_aware + 1
            is_used = np.isfinite(truth) & np.isfinite(scale)
            rows.append(fortnight_features(known, base)[is_used])
            targets.append((truth / scale)[is_used])
            weights.append(scale[is_used])
        n_rows = sum(map(len, rows))
        if n_rows < LEAST_ROWS:
            return None
        chosen = np.random.default_rng(SEED).permutation(n_rows)[:MOST_ROWS]
        table, target, weight = (np.concatenate(part)[chosen] for part in (rows, targets, weights))
        columns = np.flatnonzero(
            [column == 0 or _varies(table[:, column]) for column in range(table.shape[1])]
        )
        regressor = HistGradientBoostingRegressor(
            loss="poisson", learning_rate=0.12, max_iter=100, max_leaf_nodes=31, min_samples_leaf=50,
            l2_regularization=1.0, max_bins=63, categorical_features=[0], early_stopping=False, random_state=SEED,
        )  # fmt: skip
        with threadpool_limits(limits=1, user_api="openmp"):
            return _Model(regressor.fit(table[:, columns], target, sample_weight=weight), columns)

    def expected(self, model: _Model, starts: Places) -> Floats:
        """Passages forecast in the hours of every day, shape (starts, length, sensors)."""
        clock = np.arange(*self.hours) + DAY_H * (self.offset + np.arange(self.length))[:, None]
        rows, scales = [], []
        for start in starts:
            base = base_forecast(self.past, int(start) * DAY_H)
            rows.append(fortnight_features(self.past, base)[clock.ravel()][..., model.columns])
            scales.append(base.holiday_aware[clock.ravel()] + 1)
        with threadpool_limits(limits=1, user_api="openmp"):
            ratio = model.regressor.predict(np.concatenate(rows).reshape(-1, len(model.columns)))
        told = ratio.reshape(-1, len(self.days.sensors)) * np.concatenate(scales)
        told = told.reshape(len(starts), *clock.shape, -1)
        share = np.isfinite(told).mean(axis=2)
        total = np.nansum(told, axis=2)
        return np.where(share >= MIN_HOURS_SHARE, total / np.maximum(share, MIN_HOURS_SHARE), np.nan)

    def log_ratios(self, starts: Places, model: _Model) -> Floats:
        """Mean log ratio of counted to forecast at every start, the last of which may hold holidays."""
        judged_on = starts[:, None] + self.offset + np.arange(self.length)
        # Of an event whose last days are not counted yet, those that are must do.
        is_past = judged_on >= len(self.days.index)
        judged_on = np.minimum(judged_on, len(self.days.index) - 1)
        is_out = self.days.is_odd[judged_on] | is_past[..., None]
        if is_out[-1].all(axis=1).mean() > 1 - MIN_DAYS_SHARE:
            is_out[-1] = self.days.is_event[judged_on[-1]] | is_past[-1][:, None]
        gaps = np.where(is_out, np.nan, self.days.logs[judged_on] - np.log1p(self.expected(model, starts)))
        n = np.isfinite(gaps).sum(axis=1)
        mean = np.nansum(gaps, axis=1) / np.maximum(n, 1)
        return np.where(n >= MIN_DAYS_SHARE * self.length, mean, np.nan)


def _varies(values: NDArray[Any]) -> bool:
    """A column without a value cannot be cut into bins, one with a single value says nothing."""
    known = values[np.isfinite(values)]
    return bool(len(known)) and bool(known.min() < known.max())
