"""A forecast that is learned: one model for all sensors of a municipality, direct over the whole fortnight."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from gis.forecast_base import DAY_H, HORIZON_H, WEEK_H, Base, Counted, EventLifts, Floats, base_forecast
from gis.forecast_features import Ahead, fortnight_features
from gis.weather import Season, season_of

TRAINING_WEEKS, ORIGIN_STEP_DAYS = 104, 10
ROW_SHARE = 0.4
# More rows make it slower and not better.
MOST_ROWS = 50_000
LEAST_ROWS = 5_000
MOST_TREES = 200


@dataclass(frozen=True)
class LearnedModel:
    """A fitted model: what it predicts is the ratio to the plain forecast.

    Attributes
    ----------
    reach
        Hours of weather ahead that it was taught to look at; 0 where it knows no weather.
    season
        The usual temperature as it was known when it was fitted.
    """

    regressor: HistGradientBoostingRegressor
    columns: NDArray[np.intp]
    n_rows: int
    reach: int = 0
    season: Season | None = None

    def forecast(self, past: Counted, base: Base, weather: Floats | None = None) -> Floats:
        """Forecast the fortnight of a plain forecast, shape (336, sensors), NaN where the plain one is.

        Parameters
        ----------
        past
            Counts.
        base
            The plain forecast.
        weather
            As far as it is known, shape (336, 5); a model that was taught weather needs it.
        """
        ahead = Ahead(weather, self.season) if self.reach and weather is not None else None
        features = fortnight_features(past, base, ahead)
        rows = features.reshape(-1, features.shape[2])[:, self.columns]
        with threadpool_limits(limits=1, user_api="openmp"):
            ratio = self.regressor.predict(rows).reshape(features.shape[:2])
        return np.asarray(ratio * (base.holiday_aware + 1))


def training_origins(end: int) -> list[int]:
    """Midnights from which a fortnight ends before an hour, ten days apart, over two years, the latest first."""
    last = (end - HORIZON_H) // DAY_H * DAY_H
    first = max(2 * WEEK_H, end - TRAINING_WEEKS * WEEK_H)
    return list(range(last, first - 1, -ORIGIN_STEP_DAYS * DAY_H))


def learn(
    past: Counted, lifts: EventLifts | None = None, *, seed: int = 1, reach: int = 0
) -> LearnedModel | None:
    """Fit the model on all that was counted.

    Gradient boosting on histograms, with a Poisson loss on passages / (plain forecast + 1) weighted by (plain forecast
    + 1): the sum over hours has no bias, which a loss on the logarithm has.

    Parameters
    ----------
    past
        Counts; all of them are learned from.
    lifts
        What events did.
    seed
        Of the sample of rows, and of the model.
    reach
        Hours of weather ahead to look at; 0 leaves the weather out.

    Returns
    -------
    LearnedModel or None
        None with fewer than 5,000 hours to learn from.
    """
    season = season_of(past.weather, past.days) if reach and past.weather is not None else None
    rows, target, weight = _training_rows(past, lifts, np.random.default_rng(seed), (reach, season))
    if len(rows) < LEAST_ROWS:
        return None
    # A column without a value cannot be cut into bins, one with a single value says nothing; the sensor stays first.
    varies = np.array([_varies(rows[:, column]) for column in range(rows.shape[1])])
    varies[0] = True
    columns = np.flatnonzero(varies)
    regressor = HistGradientBoostingRegressor(
        loss="poisson",
        learning_rate=0.07,
        max_iter=MOST_TREES,
        max_leaf_nodes=31,
        min_samples_leaf=100,
        l2_regularization=1.0,
        categorical_features=[0],
        early_stopping=False,
        random_state=seed,
    )
    # More threads than free cores wait for each other; a municipality a core is faster.
    with threadpool_limits(limits=1, user_api="openmp"):
        regressor.fit(rows[:, columns], target, sample_weight=weight)
    return LearnedModel(regressor, columns, len(rows), reach, season)


def _varies(values: NDArray[np.float32]) -> bool:
    known = values[np.isfinite(values)]
    return bool(len(known)) and bool(known.min() < known.max())


def _training_rows(
    past: Counted, lifts: EventLifts | None, rng: np.random.Generator, seen: tuple[int, Season | None]
) -> tuple[NDArray[np.float32], Floats, Floats]:
    reach, season = seen
    origins = training_origins(len(past.values))
    share = min(ROW_SHARE, MOST_ROWS / max(1, len(origins) * HORIZON_H * past.values.shape[1]))
    kept: list[NDArray[np.float32]] = []
    targets: list[Floats] = []
    weights: list[Floats] = []
    for origin in origins:
        base = base_forecast(past, origin, lifts)
        truth = past.values[origin : origin + HORIZON_H]
        scale = base.holiday_aware + 1
        is_used = np.isfinite(truth) & np.isfinite(scale) & (rng.random(truth.shape) < share)
        ahead = None
        if reach and past.weather is not None:
            ahead = Ahead(past.weather.to_learn_from(origin, reach), season)
        kept.append(fortnight_features(past, base, ahead)[is_used])
        targets.append(truth[is_used] / scale[is_used])
        weights.append(scale[is_used])
    if not kept:
        return np.empty((0, 1), dtype=np.float32), np.empty(0), np.empty(0)
    return np.concatenate(kept), np.concatenate(targets), np.concatenate(weights)
