"""What goes wrong in counts, on purpose: the faults real feeds hold, at places that tests know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from api.demo.hours import Hours

Floats = NDArray[np.float64]

_LOST_HOURS_SHARE = 0.002
_OUTAGES_PER_YEAR = 1.8
_OUTAGE_HOURS = 16.0


@dataclass(frozen=True)
class Fault:
    """One planted fault; every town has it.

    Attributes
    ----------
    kind
        zero_run, stuck, spike, level_shift or clock.
    sensor
        Last part of the sensor code.
    days_ago
        First day, days before the day after the last one counted.
    hour
        First local hour.
    hours
        How long it lasts.
    size
        Factor of a level shift, hours of a clock error (late is positive), count of a spike; else unused.
    """

    kind: str
    sensor: str
    days_ago: int
    hour: int
    hours: int
    size: float = 0.0


PLANTED: tuple[Fault, ...] = (
    Fault("zero_run", "P2", 118, 7, 33),
    Fault("stuck", "P1", 74, 10, 6),
    Fault("spike", "P3", 201, 14, 1, 24_680.0),
    Fault("level_shift", "P1", 300, 0, 21 * 24, 2.0),
    Fault("level_shift", "P2", 402, 0, 28 * 24, 0.5),
    Fault("clock", "P3", 482, 0, 28 * 24, 1.0),
)


def spoil(sensor_code: str, values: Floats, time: Hours, until: date) -> Floats:
    """Plant the faults of one sensor.

    Parameters
    ----------
    sensor_code
        The sensor.
    values
        True counts, hours down and series across, shape (hours, series).
    time
        The hours.
    until
        The day after the last one counted.
    """
    spoiled = values.copy()
    for fault in PLANTED:
        rows = _rows(fault, time, until)
        if not sensor_code.endswith(f"-{fault.sensor}") or not len(rows):
            continue
        if fault.kind == "zero_run":
            spoiled[rows] = 0.0
        elif fault.kind == "stuck":
            spoiled[rows] = np.maximum(values[rows[0]], 20.0)
        elif fault.kind == "spike":
            spoiled[rows] = fault.size
        elif fault.kind == "level_shift":
            spoiled[rows] = np.rint(values[rows] * fault.size)
        else:
            spoiled[rows] = values[np.clip(rows - int(fault.size), 0, len(values) - 1)]
    return spoiled


def gaps(rng: np.random.Generator, n_hours: int) -> NDArray[np.bool_]:
    """Mark the hours that never arrived: single ones and outages of hours to days, shape (hours,).

    Parameters
    ----------
    rng
        Random numbers.
    n_hours
        How many hours.
    """
    lost: NDArray[np.bool_] = rng.random(n_hours) < _LOST_HOURS_SHARE
    for _ in range(rng.poisson(_OUTAGES_PER_YEAR * n_hours / 8766)):
        begin = int(rng.integers(0, n_hours))
        lost[begin : begin + 2 + int(rng.exponential(_OUTAGE_HOURS))] = True
    return lost


def _rows(fault: Fault, time: Hours, until: date) -> NDArray[np.int64]:
    day = (until - timedelta(fault.days_ago) - time.days[0]).days
    if day < 0:
        return np.empty(0, np.int64)
    first = int(np.flatnonzero((time.day == day) & (time.hour == fault.hour))[0])
    return np.arange(first, min(first + fault.hours, len(time.hour)))
