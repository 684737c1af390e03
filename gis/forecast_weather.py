"""Whether weather makes a forecast better: tried with what was forecast of it then, never with what came."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import PoissonRegressor

from gis.forecast_base import DAY_H, WEEK_H, Base, Bools, Counted, EventLifts, Floats, base_forecast
from gis.forecast_model import TRAINING_WEEKS, training_origins
from gis.weather import FORTNIGHT_H, RAIN, SUN, TEMPERATURE, WET_MM, WIND, Weather, month_before

LEAST_MEASURED_SHARE = 0.9
LEAST_TRIED, MOST_TRIED = 4, 8
GAIN = 0.01
# By night hardly anybody passes, and rain keeps nobody in.
DAYTIME = slice(7, 22)
LEAST_HOURS = 420
RIDGE = 1e-3
# What rain or warmth does beyond this was something else.
MOST_LOG = 0.7
# Per fortnight: deviations of the weather, passages over the plain forecast, and the weight.
EffectRows = dict[int, tuple[Floats, Floats, Floats]]


@dataclass(frozen=True)
class WeatherUse:
    """What weather a forecast used, or why it used none.

    Attributes
    ----------
    is_used
        Does the forecast rest on weather?
    reason
        Why not: ``no_forecast`` (none of these days), ``few_measured`` (under 90 % of the time to learn from, or too few hours of it),
        ``few_tried`` (under four past forecasts of the weather to try it with), ``no_better``; None where it is used.
    issued
        Hour of the table at which the newest forecast of the weather was known; None without.
    reach
        Hours from the first one to the last of which something is known.
    n_tried
        Past origins at which it was tried.
    missed, missed_without
        Share of the passages missed in the hours whose weather was known then, with weather and without.
    """

    is_used: bool
    reason: str | None
    issued: int | None = None
    reach: int = 0
    n_tried: int = 0
    missed: float = float("nan")
    missed_without: float = float("nan")


def look_ahead(past: Counted, origin: int, known_at: int | None) -> tuple[Floats, WeatherUse] | None:
    """Give the weather of the fortnight as far as it is known, and whether it is enough to try it with.

    Parameters
    ----------
    past
        With weather, or without.
    origin
        First hour of the fortnight.
    known_at
        Hour of the table at which the forecast is made; ``origin`` where None.

    Returns
    -------
    tuple or None
        Shape (336, 5), and a use without a reason where it may be tried. None where nobody supplied weather.
    """
    if past.weather is None:
        return None
    ahead = past.weather.ahead(origin, known=known_at)
    known = np.flatnonzero(np.isfinite(ahead).any(axis=1))
    newest = past.weather.newest(origin, known=known_at)
    if not len(known) or newest is None:
        return ahead, WeatherUse(False, "no_forecast")
    use = WeatherUse(False, None, newest.issued, int(known[-1]) + 1)
    is_counted = np.asarray(np.isfinite(past.values).any(axis=1))
    first = max(int(np.argmax(is_counted)), origin - TRAINING_WEEKS * WEEK_H)
    if past.weather.measured_share(first, min(origin, len(past.values))) < LEAST_MEASURED_SHARE:
        return ahead, replace(use, reason="few_measured")
    return ahead, use


def known_then(weather: Weather | None, at: int, reach: int) -> Floats | None:
    """Give the weather of a past fortnight as it was forecast then, no further than it is now; None where none was."""
    if weather is None:
        return None
    ahead = weather.until(at).ahead(at, reach=reach)
    return ahead if np.isfinite(ahead).any() else None


def judged(
    known: Counted, use: WeatherUse, told: dict[int, Floats], without: dict[int, Floats]
) -> WeatherUse:
    """Hold past forecasts with weather against those without, in the hours whose weather was known.

    Parameters
    ----------
    known
        Counts and weather.
    use
        What is known of the fortnight to come.
    told, without
        Forecasts per origin, shape (336, sensors); all of ``told`` had weather.
    """
    tried = sorted(set(told) & set(without), reverse=True)[:MOST_TRIED]
    if len(tried) < LEAST_TRIED:
        return replace(use, reason="few_tried", n_tried=len(tried))
    missed = np.zeros(3)
    for at in tried:
        ahead = known_then(known.weather, at, use.reach)
        truth = known.values[at : at + FORTNIGHT_H]
        assert ahead is not None
        is_told = np.asarray(np.isfinite(ahead[: len(truth)]).any(axis=1))
        ours, theirs = told[at][: len(truth)], without[at][: len(truth)]
        is_both = np.isfinite(truth) & np.isfinite(ours) & np.isfinite(theirs) & is_told[:, None]
        came = truth[is_both]
        missed += (
            np.abs(came - ours[is_both]).sum(),
            np.abs(came - theirs[is_both]).sum(),
            came.sum(),
        )
    with_it, without_it = missed[:2] / max(missed[2], 1.0)
    is_used = bool(missed[2] > 0 and with_it <= (1 - GAIN) * without_it)
    return replace(
        use,
        is_used=is_used,
        reason=None if is_used else "no_better",
        n_tried=len(tried),
        missed=float(with_it),
        missed_without=float(without_it),
    )


@dataclass(frozen=True)
class WeatherEffect:
    """How many times the plain forecast an hour has for its weather: one answer for all sensors, learned in a moment.

    Attributes
    ----------
    mean, spread, weights
        Of the deviations of `_deviations`, shape (5,).
    is_seasonal
        Does it multiply the forecast that the season moves?
    """

    mean: Floats
    spread: Floats
    weights: Floats
    is_seasonal: bool

    def forecast(self, past: Counted, base: Base, weather: Floats) -> Floats:
        """Forecast a fortnight, shape (336, sensors): as without weather in hours of which none is known."""
        assert past.weather is not None
        scaled = (_deviations(past.weather, weather, base.origin) - self.mean) / self.spread
        log_ratio = np.clip(np.where(np.isfinite(scaled), scaled, 0.0) @ self.weights, -MOST_LOG, MOST_LOG)
        plain = base.seasonal if self.is_seasonal else base.holiday_aware
        return np.asarray(plain * np.exp(np.where(_is_daytime(), log_ratio, 0.0))[:, None])


def effect_rows(past: Counted, lifts: EventLifts | None, *, reach: int, is_seasonal: bool) -> EffectRows:
    """Lay out, per fortnight of two years, the weather by day and what the plain forecast missed.

    Parameters
    ----------
    past
        Counts and weather; all of them are learned from.
    lifts
        What events did.
    reach
        Hours of weather ahead to learn from.
    is_seasonal
        Of the plain forecast that the season moves.
    """
    found: EffectRows = {}
    special = past.is_special()
    for origin in training_origins(len(past.values)) if past.weather is not None else []:
        assert past.weather is not None
        base = base_forecast(past, origin, lifts)
        plain = base.seasonal if is_seasonal else base.holiday_aware
        truth = past.values[origin : origin + FORTNIGHT_H]
        is_both = np.isfinite(truth) & np.isfinite(plain)
        came, expected = (np.where(is_both, part, 0.0).sum(axis=1) for part in (truth, plain))
        told = _deviations(past.weather, past.weather.to_learn_from(origin, reach), origin)
        is_used = (expected > 0) & _is_daytime() & ~special[origin : origin + FORTNIGHT_H]
        is_used &= np.isfinite(told).any(axis=1)
        found[origin] = (told[is_used], came[is_used] / (expected[is_used] + 1), expected[is_used] + 1)
    return found


def learn_effect(rows: EffectRows, *, end: int, is_seasonal: bool) -> WeatherEffect | None:
    """Fit the effect of weather on what plain forecasts missed.

    A Poisson regression with a slight ridge of passages / (plain forecast + 1), weighted by (plain forecast + 1), on the
    deviation of the weather from that of the month before: the weeks before hold their own weather already.

    Parameters
    ----------
    rows
        From `effect_rows`.
    end
        Hour from which on nothing is learned from.
    is_seasonal
        As the rows were made.

    Returns
    -------
    WeatherEffect or None
        None with under 420 hours to learn from.
    """
    used = [part for origin, part in rows.items() if origin + FORTNIGHT_H <= end]
    if sum(len(told) for told, _, _ in used) < LEAST_HOURS:
        return None
    told, target, weight = (np.concatenate(parts) for parts in zip(*used, strict=True))
    return _fit(told, target, weight, is_seasonal)


def _fit(rows: Floats, target: Floats, weight: Floats, is_seasonal: bool) -> WeatherEffect:
    n = np.isfinite(rows).sum(axis=0)
    known = np.where(np.isfinite(rows), rows, 0.0)
    mean = known.sum(axis=0) / np.maximum(n, 1)
    spread = np.sqrt((np.where(np.isfinite(rows), rows - mean, 0.0) ** 2).sum(axis=0) / np.maximum(n, 1))
    # What never differs has nothing to say.
    spread = np.where(spread > 1e-9, spread, np.inf)
    scaled = np.where(np.isfinite(rows), rows - mean, 0.0) / spread
    regression = PoissonRegressor(alpha=RIDGE, solver="newton-cholesky")
    regression.fit(scaled, target, sample_weight=weight / weight.mean())
    return WeatherEffect(mean, spread, np.asarray(regression.coef_, dtype=float), is_seasonal)


def _is_daytime() -> Bools:
    day: NDArray[np.bool_] = np.zeros(DAY_H, dtype=bool)
    day[DAYTIME] = True
    return np.tile(day, FORTNIGHT_H // DAY_H)


def _deviations(weather: Weather, ahead: Floats, origin: int) -> Floats:
    """Say how the weather differs from that of the month before, shape (336, 5); NaN where unknown.

    Wet or not, how wet, warmth, wind and sunshine.
    """
    month = np.tile(month_before(weather, origin), (FORTNIGHT_H // DAY_H, 1))
    rain = ahead[:, RAIN]
    wet = np.where(np.isfinite(rain), rain >= WET_MM, np.nan)
    differs = ahead - month
    return np.stack(
        [wet - month[:, RAIN], np.log1p(rain), differs[:, TEMPERATURE], differs[:, WIND], differs[:, SUN]],
        axis=1,
    )
