"""How far a forecast can be off: intervals from what it missed in the weeks before (conformal, on the square root)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.calendar import HOLIDAY, SUNDAY
from gis.forecast_base import DAY_H, HORIZON_H, Bools, Counted, Floats

QUANTILES = (0.025, 0.10, 0.25, 0.50, 0.75, 0.90, 0.975)
QUANTILE_NAMES = ("q025", "q10", "q25", "q50", "q75", "q90", "q975")
# First hours of night, morning, day and evening.
BUCKET_STARTS = (0, 6, 10, 19)
DAY_BUCKET = len(BUCKET_STARTS)
N_KINDS = 4
LEAST_SCALE = 0.25
FEW_IN_CELL, FEW_HOLIDAYS = 60, 150
HOLIDAY_WIDENED = 2.0
LEAST_IN_SCALE = 24
ORIGINS_KEPT, ORIGIN_STEP_DAYS = 26, 7
DAY_SHARE = 0.9


@dataclass(frozen=True)
class Residuals:
    """What forecasts missed, one row per hour (or day) and sensor: e = root of what came - root of the forecast.

    Attributes
    ----------
    sensor, bucket, kind
        Places of the sensor, of the part of the day (4 for a whole day) and of the kind of day.
    error
        On the square root.
    """

    sensor: NDArray[np.intp]
    bucket: NDArray[np.intp]
    kind: NDArray[np.intp]
    error: Floats

    @staticmethod
    def joined(parts: Sequence["Residuals"]) -> "Residuals":
        """Put the residuals of several fortnights together."""
        empty = Residuals(*(np.empty(0, dtype=np.intp),) * 3, np.empty(0))
        held = list(parts) or [empty]
        return Residuals(
            *(
                np.concatenate([getattr(part, name) for part in held])
                for name in ("sensor", "bucket", "kind", "error")
            )
        )


def hour_buckets(hours: NDArray[np.intp]) -> NDArray[np.intp]:
    """Say in which part of the day hours of the table are."""
    return np.searchsorted(BUCKET_STARTS, hours % DAY_H, side="right") - 1


def day_kinds(past: Counted, hours: NDArray[np.intp]) -> tuple[NDArray[np.intp], Bools]:
    """Give the kind of day of hours, events as holidays, and which of them are less certain for that."""
    kind = np.asarray(past.day_column("kind", hours), dtype=np.intp)
    # A fair until midnight makes its whole day another day.
    event_days = np.asarray(past.is_event().reshape(-1, DAY_H).any(axis=1))
    kind = np.where(event_days[hours // DAY_H], HOLIDAY, kind)
    return kind, kind == HOLIDAY


def fortnight_residuals(past: Counted, origin: int, forecast: Floats) -> Residuals:
    """Measure what a forecast missed, hour by hour and day by day, where the truth is known by now."""
    hours = origin + np.arange(HORIZON_H)
    truth = np.full(forecast.shape, np.nan)
    known = past.values[origin : origin + HORIZON_H]
    truth[: len(known)] = known
    kind, _ = day_kinds(past, hours)
    is_both = np.isfinite(truth) & np.isfinite(forecast)
    row, sensor = np.nonzero(is_both)
    hourly = Residuals(
        sensor, hour_buckets(hours)[row], kind[row], np.sqrt(truth[is_both]) - np.sqrt(forecast[is_both])
    )
    seen, told = day_sums(truth, forecast)
    row, sensor = np.nonzero(np.isfinite(seen))
    daily = Residuals(
        sensor,
        np.full(len(row), DAY_BUCKET, dtype=np.intp),
        kind[row * DAY_H],
        np.sqrt(seen[row, sensor]) - np.sqrt(told[row, sensor]),
    )
    return Residuals.joined([hourly, daily])


def day_sums(truth: Floats, forecast: Floats) -> tuple[Floats, Floats]:
    """Add hours up to days over the hours that both have, shape (days, sensors).

    NaN where under nine tenths of what the forecast expects of the day was counted.
    """
    shape = (len(truth) // DAY_H, DAY_H, truth.shape[1])
    seen, told = truth.reshape(shape), forecast.reshape(shape)
    is_both = np.isfinite(seen) & np.isfinite(told)
    sums = [np.where(is_both, part, 0.0).sum(axis=1) for part in (seen, told)]
    expected = np.nansum(told, axis=1)
    is_enough = (expected > 0) & (sums[1] >= DAY_SHARE * expected)
    return np.where(is_enough, sums[0], np.nan), np.where(is_enough, sums[1], np.nan)


@dataclass(frozen=True)
class Bands:
    """Intervals learned from residuals.

    Attributes
    ----------
    scale
        Spread on the square root, shape (sensors, parts of the day and the day).
    quantiles
        Of error / scale, shape (parts of the day and the day, kinds of day, quantiles).
    n
        Residuals behind each sensor's hours, shape (sensors,).
    """

    scale: Floats
    quantiles: Floats
    n: NDArray[np.intp]

    def around(self, past: Counted, origin: int, forecast: Floats) -> Floats:
        """Give the quantiles of every hour, shape (336, sensors, quantiles)."""
        hours = origin + np.arange(HORIZON_H)
        kind, _ = day_kinds(past, hours)
        bucket = hour_buckets(hours)
        return self._spread(forecast, self.scale[:, bucket].T, self.quantiles[bucket, kind])

    def around_days(self, past: Counted, origin: int, forecast: Floats) -> tuple[Floats, Floats]:
        """Give the total of every day and its quantiles, shapes (14, sensors) and (14, sensors, quantiles)."""
        hours = origin + np.arange(0, HORIZON_H, DAY_H)
        kind, _ = day_kinds(past, hours)
        days = forecast.reshape(-1, DAY_H, forecast.shape[1])
        total = np.where(np.isfinite(days).any(axis=1), np.nansum(days, axis=1), np.nan)
        scale = np.broadcast_to(self.scale[:, DAY_BUCKET], total.shape)
        return total, self._spread(total, scale, self.quantiles[DAY_BUCKET, kind])

    @staticmethod
    def _spread(forecast: Floats, scale: Floats, quantiles: Floats) -> Floats:
        root = np.sqrt(forecast)[:, :, None] + quantiles[:, None, :] * scale[:, :, None]
        return np.asarray(np.maximum(root, 0.0) ** 2)


def learn_bands(residuals: Residuals, n_sensors: int) -> Bands | None:
    """Learn intervals from what forecasts missed; None with nothing to learn from.

    The errors of each sensor and part of the day are brought to one scale (1.4826 x the median absolute error, at
    least a quarter), then put together over the sensors by part of the day and kind of day. With fewer than 150
    holidays' hours, Sundays stand in and the band is made twice as wide.
    """
    if not len(residuals.error):
        return None
    n_buckets = DAY_BUCKET + 1
    scale = np.full((n_sensors, n_buckets), np.nan)
    missed = np.abs(residuals.error)
    for sensor, bucket in np.ndindex(n_sensors, n_buckets):
        errors = missed[(residuals.sensor == sensor) & (residuals.bucket == bucket)]
        least = LEAST_IN_SCALE if bucket < DAY_BUCKET else LEAST_IN_SCALE // 4
        if len(errors) >= least:
            scale[sensor, bucket] = max(LEAST_SCALE, 1.4826 * float(np.median(errors)))
    if not np.isfinite(scale).any():
        return None
    # A sensor that has no errors yet is taken to be as hard as the hardest: rather too wide than too narrow.
    hardest = np.nanmax(np.where(np.isfinite(scale), scale, -np.inf), axis=0)
    hardest = np.where(np.isfinite(hardest), hardest, np.nanmax(scale))
    scale = np.where(np.isfinite(scale), scale, hardest)
    z = residuals.error / scale[residuals.sensor, residuals.bucket]
    quantiles = np.empty((n_buckets, N_KINDS, len(QUANTILES)))
    for bucket in range(n_buckets):
        in_bucket = residuals.bucket == bucket
        for kind in range(N_KINDS):
            quantiles[bucket, kind] = _cell(
                z[in_bucket], residuals.kind[in_bucket], kind, bucket == DAY_BUCKET
            )
    n = np.bincount(residuals.sensor[residuals.bucket < DAY_BUCKET], minlength=n_sensors)
    return Bands(scale, quantiles, n)


def _cell(z: Floats, kinds: NDArray[np.intp], kind: int, is_day: bool) -> Floats:
    few = FEW_HOLIDAYS // DAY_H if is_day else FEW_HOLIDAYS
    least = FEW_IN_CELL // 4 if is_day else FEW_IN_CELL
    own = z[kinds == kind]
    widened = 1.0
    if kind == HOLIDAY and len(own) < few:
        own, widened = z[(kinds == HOLIDAY) | (kinds == SUNDAY)], HOLIDAY_WIDENED
    if len(own) < least:
        own = z
    return widened * order_statistics(own)


def order_statistics(z: Floats) -> Floats:
    """Give the conformal quantiles of errors: outward order statistics, so that a small sample is not too sure."""
    ordered = np.sort(z)
    n = len(ordered)
    if not n:
        return np.zeros(len(QUANTILES))
    places = []
    for share in QUANTILES:
        if share < 0.5:
            rank = np.floor(share * (n + 1))
        elif share > 0.5:
            rank = np.ceil(share * (n + 1))
        else:
            rank = (n + 1) / 2
        places.append(np.clip(rank, 1, n))
    told = np.interp(np.array(places) - 1, np.arange(n), ordered)
    return np.asarray(told)
