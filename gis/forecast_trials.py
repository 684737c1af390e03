"""What each method said at past origins, from what was known then alone: the plain ones, learning, and weather."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from gis.forecast_base import DAY_H, WEEK_H, Base, Bools, Counted, EventLifts, Floats, base_forecast
from gis.forecast_interval import ORIGIN_STEP_DAYS, ORIGINS_KEPT
from gis.forecast_model import LearnedModel, learn
from gis.forecast_weather import (
    EffectRows,
    WeatherEffect,
    WeatherUse,
    effect_rows,
    judged,
    known_then,
    learn_effect,
)

METHODS = ("weeks", "weeks_season", "learned")
WEEKS, WEEKS_SEASON, LEARNED = METHODS
LEARNED_FROM_WEEKS = 26
FOLD_DAYS, N_FOLDS = 90, 2
Model = TypeVar("Model")


@dataclass(frozen=True)
class Trial:
    """What one method said at past origins."""

    method: str
    forecasts: dict[int, Floats]


def past_origins(origin: int, *, n: int = ORIGINS_KEPT) -> list[int]:
    """Midnights a week apart before an origin, the latest first."""
    step = ORIGIN_STEP_DAYS * DAY_H
    return [at for at in range(origin - step, origin - step * n - 1, -step) if at >= WEEK_H]


def plain_trials(known: Counted, origin: int, lifts: EventLifts) -> list[Trial]:
    """Ask the plain methods at the last half year of origins."""
    bases = {at: base_forecast(known, at, lifts) for at in past_origins(origin)}
    return [
        Trial(WEEKS, {at: base.holiday_aware for at, base in bases.items()}),
        Trial(WEEKS_SEASON, {at: base.seasonal for at, base in bases.items()}),
    ]


def learned_trial(known: Counted, origin: int, lifts: EventLifts, is_cold: Bools) -> Trial | None:
    """Try the model on two quarters that it did not see: fitted before each, asked every week of it."""

    def ask(at: int, model: LearnedModel) -> Floats:
        return expected_of(known, base_forecast(known, at, lifts), model, is_cold)

    told = _by_folds(known, origin, past_origins(origin), lambda past: learn(past, lifts), ask)
    return Trial(LEARNED, told) if told else None


def _by_folds(
    known: Counted,
    origin: int,
    origins: list[int],
    fit: Callable[[Counted], Model | None],
    ask: Callable[[int, Model], Floats],
) -> dict[int, Floats]:
    """Ask at origins of two quarters a model that was fitted before each quarter."""
    told: dict[int, Floats] = {}
    later = origin
    for fold in range(1, N_FOLDS + 1):
        cut = origin - fold * FOLD_DAYS * DAY_H
        asked = [at for at in origins if cut <= at < later]
        later = cut
        if not asked:
            continue
        model = fit(known.until(cut)) if cut >= LEARNED_FROM_WEEKS // 2 * WEEK_H else None
        if model is None:
            break
        told.update((at, ask(at, model)) for at in asked)
    return told


def expected_of(
    known: Counted, base: Base, model: LearnedModel, is_cold: Bools, weather: Floats | None = None
) -> Floats:
    """Ask the model, but for sensors too young to have taught it anything."""
    told = model.forecast(known, base, weather)
    told[:, is_cold] = base.holiday_aware[:, is_cold]
    return told


@dataclass(frozen=True)
class Asked:
    """What a trial of the weather starts from: the method chosen without it."""

    known: Counted
    origin: int
    lifts: EventLifts
    is_cold: Bools
    chosen: Trial
    reach: int

    @property
    def is_learned(self) -> bool:
        """Did learning pass its own gate, without weather?"""
        return self.chosen.method == LEARNED

    @cached_property
    def is_seasonal(self) -> bool:
        """Does the season move the plain forecast?"""
        return self.chosen.method == WEEKS_SEASON

    @cached_property
    def rows(self) -> EffectRows:
        """What the effect on the plain forecast is learned from, made once for all of its fits."""
        return effect_rows(self.known, self.lifts, reach=self.reach, is_seasonal=self.is_seasonal)

    def fit(self, known: Counted) -> LearnedModel | WeatherEffect | None:
        """Learn with weather: the model where one is learned, else its effect on the plain forecast."""
        if self.is_learned:
            return learn(known, self.lifts, reach=self.reach)
        return learn_effect(self.rows, end=len(known.values), is_seasonal=self.is_seasonal)

    def told(self, base: Base, model: LearnedModel | WeatherEffect, weather: Floats) -> Floats:
        """Forecast with weather."""
        if isinstance(model, WeatherEffect):
            return model.forecast(self.known, base, weather)
        return expected_of(self.known, base, model, self.is_cold, weather)


def with_weather(
    asked: Asked, base: Base, ahead: Floats, use: WeatherUse
) -> tuple[Trial, Floats | None, WeatherUse]:
    """Try weather where enough is known of it, and use it where it missed less."""
    if use.reason is not None:
        return asked.chosen, None, use
    then = {at: known_then(asked.known.weather, at, use.reach) for at in past_origins(asked.origin)}

    def ask(at: int, model: LearnedModel | WeatherEffect) -> Floats:
        weather = then[at]
        assert weather is not None
        return asked.told(base_forecast(asked.known, at, asked.lifts), model, weather)

    origins = [at for at, weather in then.items() if weather is not None]
    tried = _by_folds(asked.known, asked.origin, origins, asked.fit, ask)  # type: ignore[misc]
    use = judged(asked.known, use, tried, asked.chosen.forecasts)
    model = asked.fit(asked.known) if use.is_used else None
    if model is None:
        reason = use.reason or "few_measured"
        return asked.chosen, None, replace(use, is_used=False, reason=reason)
    # Where no weather was known then, the method without it stands in: bands are rather too wide than too narrow.
    trial = replace(asked.chosen, forecasts=asked.chosen.forecasts | tried)
    return trial, asked.told(base, model, ahead), use
