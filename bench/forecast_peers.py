"""Forecasts of other programs, run by an interpreter of its own: FOLDER COUNTRY; asked.npz in, told.npz out."""

import importlib
import sys
import time

import numpy as np
import pandas as pd

HORIZON_H = 336
# Their fits grow with the length of the series; a year and a half holds every season once.
TRAINING_H = 78 * 168


def mstl(history, _country):
    """MSTL (24, 168) with AutoETS on the trend."""
    from statsforecast.models import MSTL, AutoETS

    model = MSTL(season_length=[24, 168], trend_forecaster=AutoETS(model="ZZN"))
    return model.forecast(y=history.to_numpy(), h=HORIZON_H)["mean"]


def theta(history, _country):
    """AutoTheta with a weekly season."""
    from statsforecast.models import AutoTheta

    return AutoTheta(season_length=168).forecast(y=history.to_numpy()[-26 * 168 :], h=HORIZON_H)["mean"]


def prophet(history, country):
    """Prophet with the country's holidays, multiplicative."""
    import logging

    from prophet import Prophet

    logging.getLogger("cmdstanpy").setLevel(logging.ERROR)
    model = Prophet(seasonality_mode="multiplicative", yearly_seasonality=True, uncertainty_samples=0)
    model.add_country_holidays(country.split("-")[0])
    model.fit(pd.DataFrame({"ds": history.index, "y": history.to_numpy()}))
    ahead = pd.date_range(history.index[-1] + pd.Timedelta(hours=1), periods=HORIZON_H, freq="h")
    return model.predict(pd.DataFrame({"ds": ahead}))["yhat"].to_numpy()


def main():
    """Run each program at each origin and sensor."""
    for needed in ("prophet", "statsforecast"):
        importlib.import_module(needed)
    folder, country = sys.argv[1:]
    asked = np.load(f"{folder}/asked.npz")
    values, origins = asked["values"], asked["origins"]
    index = pd.date_range(str(asked["first"]), periods=len(values), freq="h")
    told = {}
    for method in (mstl, theta, prophet):
        answers = np.full((len(origins), HORIZON_H, values.shape[1]), np.nan)
        started = time.process_time()
        for place, origin in enumerate(origins):
            for sensor in range(values.shape[1]):
                history = pd.Series(values[:origin, sensor], index[:origin])[-TRAINING_H:]
                # They take no gaps: the hour of the week before stands in.
                for _ in range(60):
                    history = history.fillna(history.shift(168))
                answers[place, :, sensor] = np.maximum(method(history.bfill().dropna(), country), 0)
        told[method.__name__] = answers
        told[f"{method.__name__}_s"] = (time.process_time() - started) / (len(origins) * values.shape[1])
    np.savez(f"{folder}/told.npz", **told)


if __name__ == "__main__":
    main()
