"""How many people will pass in the fortnight to come, hour by hour and day by day, and how sure that is."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from gis.forecast_base import (
    DAY_H,
    HORIZON_H,
    Bools,
    Counted,
    Floats,
    base_forecast,
    event_lifts,
)
from gis.forecast_interval import (
    QUANTILES,
    Residuals,
    day_kinds,
    fortnight_residuals,
    learn_bands,
)
from gis.forecast_model import learn
from gis.forecast_trials import (
    LEARNED,
    LEARNED_FROM_WEEKS,
    WEEKS,
    WEEKS_SEASON,
    Asked,
    Trial,
    expected_of,
    learned_trial,
    plain_trials,
    with_weather,
)
from gis.forecast_weather import WeatherUse, look_ahead

LEAST_DAYS, STALE_DAYS = 21, 14
GATE_ORIGINS, LEAST_GATE_ORIGINS, GATE_STEP = 8, 4, 2
GATE_GAIN = 0.02
# With two years the model won everywhere it was measured, and the one that is tried is up to a quarter older than the
# one that is used: it then stays unless it missed clearly more.
SURE_FROM_WEEKS, SURE_GAIN = 104, -0.03


@dataclass(frozen=True)
class Forecast:
    """A fortnight to come.

    Attributes
    ----------
    origin
        First hour, as a place in the table of counts; a midnight.
    method
        One of ``METHODS``: the weeks before (M4H), those moved by the season of last year (M4HY), or learned.
    expected
        Expected passages, shape (336, sensors), NaN where not measurable.
    quantiles
        Quantiles ``QUANTILES`` of every hour, shape (336, sensors, 7).
    day_expected, day_quantiles
        The same of day totals, shapes (14, sensors) and (14, sensors, 7).
    is_less_certain
        Hours on a holiday or a day with an event, shape (336,): the band holds less often there than it says.
    reasons
        Per sensor why there is none: ``too_short``, ``stale``, or None.
    is_cold
        Sensors with under eight weeks of counts, which borrow from others, shape (sensors,).
    n_errors
        Past errors behind the band, hours per sensor.
    wape
        Share missed by each method over the last eight rolling origins, those that were tried.
    weather
        What weather it used or why none; None where nobody supplied any.
    """

    origin: int
    method: str
    expected: Floats
    quantiles: Floats
    day_expected: Floats
    day_quantiles: Floats
    is_less_certain: Bools
    reasons: tuple[str | None, ...]
    is_cold: Bools
    n_errors: NDArray[np.intp]
    wape: dict[str, float] = field(default_factory=dict)
    weather: WeatherUse | None = None


def forecast(
    past: Counted, origin: int, *, is_learning: bool = False, known_at: int | None = None
) -> Forecast:
    """Forecast the fortnight from a midnight on, with what was counted before it.

    Parameters
    ----------
    past
        Counts, calendar and events; counts from ``origin`` on are not looked at.
    origin
        Place of a midnight in the table, at most a fortnight past its end.
    is_learning
        Also fit the learned model (seconds), and use it when it beat the plain ones by 2 % or more; from two years of
        counts on, unless it missed over 3 % more.
    known_at
        Hour at which it is made, for forecasts of the weather that came since the first hour; ``origin`` unless said.

    Returns
    -------
    Forecast
        With no expected passages for a sensor that has a reason.
    """
    known = past.until(origin)
    reasons, is_cold = _reasons(known, origin)
    lifts = event_lifts(known)
    trials = plain_trials(known, origin, lifts)
    if is_learning and _weeks_counted(known, origin) >= LEARNED_FROM_WEEKS:
        learned = learned_trial(known, origin, lifts, is_cold)
        trials += [learned] if learned is not None else []
    gate = _gate_origins(trials)
    wape = {trial.method: _wape(known, trial, gate) for trial in trials}
    is_long = _weeks_counted(known, origin) >= SURE_FROM_WEEKS
    method = chosen_method(wape, gain=SURE_GAIN if is_long else GATE_GAIN)
    trial = next(trial for trial in trials if trial.method == method)
    base = base_forecast(known, origin, lifts)
    expected, use = None, None
    found = look_ahead(past, origin, known_at)
    if found is not None:
        asked = Asked(known, origin, lifts, is_cold, trial, reach=found[1].reach)
        trial, expected, use = with_weather(asked, base, *found)
    if expected is None:
        model = learn(known, lifts) if method == LEARNED else None
        if model is not None:
            expected = expected_of(known, base, model, is_cold)
        else:
            expected = (base.seasonal if method == WEEKS_SEASON else base.holiday_aware).copy()
    expected[:, [reason is not None for reason in reasons]] = np.nan
    told = _with_bands(known, origin, expected, trial, (reasons, is_cold, wape))
    return replace(told, weather=use)


def chosen_method(wape: dict[str, float], *, gain: float = GATE_GAIN) -> str:
    """Choose the method that missed least; learning must miss less than the best plain one by a share ``gain``."""
    plain = {
        method: wape[method] for method in (WEEKS, WEEKS_SEASON) if np.isfinite(wape.get(method, np.nan))
    }
    best = min(plain, key=lambda method: plain[method]) if plain else WEEKS
    learned = wape.get(LEARNED, np.nan)
    if plain and np.isfinite(learned) and learned <= (1 - gain) * plain[best]:
        return LEARNED
    return best


def _with_bands(
    known: Counted,
    origin: int,
    expected: Floats,
    trial: Trial,
    about: tuple[tuple[str | None, ...], Bools, dict[str, float]],
) -> Forecast:
    reasons, is_cold, wape = about
    n_sensors = expected.shape[1]
    missed = Residuals.joined([fortnight_residuals(known, at, told) for at, told in trial.forecasts.items()])
    bands = learn_bands(missed, n_sensors)
    shape = (*expected.shape, len(QUANTILES))
    _, is_less_certain = day_kinds(known, origin + np.arange(HORIZON_H))
    if bands is None:
        # Without a single error to learn from no band can be given, and a forecast without one is not shown.
        nothing = np.full(expected.shape, np.nan)
        told = tuple(reason or "too_short" for reason in reasons)
        return Forecast(
            origin, trial.method, nothing, np.full(shape, np.nan), nothing[::DAY_H],
            np.full((HORIZON_H // DAY_H, *shape[1:]), np.nan), is_less_certain, told, is_cold,
            np.zeros(n_sensors, dtype=np.intp), wape,
        )  # fmt: skip
    day_expected, day_quantiles = bands.around_days(known, origin, expected)
    return Forecast(
        origin, trial.method, expected, bands.around(known, origin, expected), day_expected, day_quantiles,
        is_less_certain, reasons, is_cold, bands.n, wape,
    )  # fmt: skip


def _gate_origins(trials: Iterable[Trial]) -> list[int]:
    """Choose up to eight origins a fortnight apart at which every method was tried."""
    shared = set.intersection(*(set(trial.forecasts) for trial in trials))
    return sorted(shared, reverse=True)[1::GATE_STEP][:GATE_ORIGINS]


def _wape(known: Counted, trial: Trial, origins: list[int]) -> float:
    if len(origins) < (LEAST_GATE_ORIGINS if trial.method == LEARNED else 1):
        return float("nan")
    missed = total = 0.0
    for at in origins:
        truth = known.values[at : at + HORIZON_H]
        told = trial.forecasts[at][: len(truth)]
        is_both = np.isfinite(truth) & np.isfinite(told)
        missed += float(np.abs(truth - told)[is_both].sum())
        total += float(truth[is_both].sum())
    return missed / total if total > 0 else float("nan")


def _reasons(known: Counted, origin: int) -> tuple[tuple[str | None, ...], Bools]:
    counted_days = _counted_days(known)
    n_days = counted_days.sum(axis=0)
    recent = np.asarray(counted_days[max(0, origin // DAY_H - STALE_DAYS) :].any(axis=0))
    reasons = tuple(
        "too_short" if n < LEAST_DAYS else None if is_recent else "stale"
        for n, is_recent in zip(n_days, recent, strict=True)
    )
    return reasons, np.asarray(n_days < 8 * 7)


def _counted_days(known: Counted) -> Bools:
    whole = known.values[: known.n_days * DAY_H].reshape(-1, DAY_H, known.values.shape[1])
    return np.asarray(np.isfinite(whole).any(axis=1))


def _weeks_counted(known: Counted, origin: int) -> float:
    days = _counted_days(known).any(axis=1)
    return float((origin // DAY_H - int(np.argmax(days))) / 7) if days.any() else 0.0
