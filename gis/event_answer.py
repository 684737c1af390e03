"""The answer about an event: an effect, its interval, and how often chance does as much."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from gis.event_days import Floats

Mode = Literal["controls", "last_year", "own_weeks"]
LEVEL, ALPHA = 0.90, 0.05
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
        Why it cannot be measured: no_sensor, no_counts, no_usual, other_event, few_placebos, season (before Christmas
        and nothing but the weeks before to compare with); None where it can.
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


def judged(
    observed: float, placebos: pd.Series, n_effective: float, *, reason: str | None, **common: Any
) -> Effect:
    """Hold an effect against what chance does.

    Parameters
    ----------
    observed
        Log effect of the event.
    placebos
        The same of ordinary days, by first day.
    n_effective
        How many of their windows do not overlap.
    reason
        Why the event itself cannot be measured; None where it can.
    **common
        ``mode``, ``treated`` and ``controls`` as `Effect` keeps them.
    """
    values = placebos.to_numpy()
    if len(values) < MIN_PLACEBOS or n_effective < MIN_EFFECTIVE:
        few = reason or "few_placebos"
        return Effect(placebos=placebos, n_effective=n_effective, reason=few, **common)
    half, level = half_width(values, n_effective)
    return Effect(
        observed, half, level, p_value(observed, values, n_effective), smallest_effect(values, half), placebos,
        n_effective, reason=reason, **common,
    )  # fmt: skip


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
