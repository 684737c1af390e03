"""How far the forecast of a fortnight misses on real counts, how often its bands hold, and what it costs.

Rolling origins 15 days apart over a year of Leeds and of Melbourne: at each, only what was counted before it. Other
programs are asked the same at some origins where ``--peer-python`` names an interpreter that has them.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1]))
import numpy as np
import pandas as pd

import gis.forecast as product
import gis.forecast_trials as trials
from bench.footfall_series import leeds, melbourne
from gis.calendar import HOLIDAY, day_table
from gis.forecast_base import DAY_H, HORIZON_H, WEEK_H, Counted, base_forecast, counted, naive_forecast
from gis.forecast_interval import QUANTILES, day_sums

CITIES = {"leeds": (leeds, "GB-ENG"), "melbourne": (melbourne, "AU-VIC")}
STEP_H = 15 * DAY_H
PEER_ORIGINS, PEER_SENSORS = 6, 4
COLD_DAYS = 21


class Fitted:
    """Fits each past once: the folds of one origin are the last fits of another."""

    def __init__(self) -> None:
        self.models, self.seconds, self._learn = {}, [], product.learn

    def __call__(self, past, lifts=None):
        key = len(past.values)
        if key not in self.models:
            started = time.process_time()
            self.models[key] = self._learn(past, lifts)
            self.seconds.append(time.process_time() - started)
        return self.models[key]


class Score:
    """Sums what one method missed."""

    def __init__(self, scale):
        self.scale, self.rows, self.days, self.holiday = scale, [], [], [0.0, 0.0]

    def add(self, truth, told, is_holiday):
        """Take one fortnight in."""
        is_both = np.isfinite(truth) & np.isfinite(told)
        missed = np.where(is_both, np.abs(truth - told), 0.0)
        came = np.where(is_both, truth, 0.0)
        signed = np.where(is_both, told - truth, 0.0)
        self.rows.append(np.stack([missed.sum(0), came.sum(0), signed.sum(0), is_both.sum(0)]))
        seen, expected = day_sums(truth, told)
        is_day = np.isfinite(seen)
        self.days.append((np.abs(seen - expected)[is_day].sum(), seen[is_day].sum()))
        self.holiday[0] += missed[is_holiday].sum()
        self.holiday[1] += came[is_holiday].sum()

    def told(self):
        """Give WAPE, MASE, daily WAPE, holiday WAPE, bias, and WAPE per sensor."""
        missed, came, signed, n = np.sum(self.rows, axis=0)
        days = np.sum(self.days, axis=0)
        return {
            "wape": missed.sum() / came.sum(),
            "mase": float(np.mean(missed / n / self.scale)),
            "daily_wape": days[0] / days[1],
            "holiday_wape": self.holiday[0] / self.holiday[1] if self.holiday[1] else np.nan,
            "bias": signed.sum() / came.sum(),
        }

    def by_sensor(self):
        """Give mean passages an hour and WAPE of each sensor."""
        missed, came, _, n = np.sum(self.rows, axis=0)
        return came / n, missed / came


class Bands:
    """Counts how often a band held."""

    def __init__(self):
        self.parts, self.day_parts = [], []

    def add(self, truth, told, kinds):
        """Take one forecast in."""
        is_both = np.isfinite(truth) & np.isfinite(told.expected)
        row, sensor = np.nonzero(is_both)
        y, q = truth[is_both], told.quantiles[is_both]
        loss = [
            2 * np.maximum(share * (y - q[:, k]), (share - 1) * (y - q[:, k]))
            for k, share in enumerate(QUANTILES)
        ]
        self.parts.append(
            pd.DataFrame(
                {
                    "sensor": sensor, "y": y, "is_holiday": kinds[row] == HOLIDAY, "is_week_2": row >= WEEK_H,
                    "in50": (y >= q[:, 2]) & (y <= q[:, 4]), "in80": (y >= q[:, 1]) & (y <= q[:, 5]),
                    "in95": (y >= q[:, 0]) & (y <= q[:, 6]), "width": q[:, 5] - q[:, 1],
                    "pinball": np.mean(loss, axis=0), "origin": told.origin,
                }
            )
        )  # fmt: skip
        seen, _ = day_sums(truth, told.expected)
        is_day = np.isfinite(seen) & np.isfinite(told.day_expected)
        q = told.day_quantiles[is_day]
        self.day_parts.append((seen[is_day] >= q[:, 1]) & (seen[is_day] <= q[:, 5]))

    def told(self):
        """Give coverage in all, of the worst sensor, on holidays, in the second week, of days; loss and width."""
        rows = pd.concat(self.parts)
        return {
            **{name: rows[name].mean() for name in ("in50", "in80", "in95")},
            "in80_worst_sensor": rows.groupby("sensor")["in80"].mean().min(),
            "in80_holidays": rows.loc[rows["is_holiday"], "in80"].mean(),
            "in80_week_2": rows.loc[rows["is_week_2"], "in80"].mean(),
            "in80_worst_fortnight": rows.groupby("origin")["in80"].mean().min(),
            "in80_days": np.concatenate(self.day_parts).mean(),
            "pinball_share": rows["pinball"].sum() / rows["y"].sum(),
            "width_80_share": rows["width"].sum() / rows["y"].sum(),
        }


def read(city):
    """Counts of a city with its calendar."""
    load, country = CITIES[city]
    table = load()
    last = (table.index[-1] + pd.Timedelta(days=15)).date()
    return table, counted(table, day_table(table.index[0].date(), last, country=country))


def origins_of(past, n):
    """Midnights 15 days apart, the last one a fortnight before the counts end."""
    last = past.n_days * DAY_H - HORIZON_H
    return [last - k * STEP_H * (24 // n) for k in range(n)][::-1]


def naive_scale(past, end):
    """Mean absolute difference of an hour with the week before, per sensor: what MASE divides by."""
    values = past.values[:end]
    return np.nanmean(np.abs(values[WEEK_H:] - values[:-WEEK_H]), axis=0)


def measured(past, origins, fitted):
    """Every method at every origin."""
    scale = naive_scale(past, origins[0])
    names = ("naive", "M4", "M4H", "M4HY", "model", "plain", "product")
    scores = {name: Score(scale) for name in names}
    bands = {"plain": Bands(), "product": Bands()}
    chosen, plain_s = [], []
    for origin in origins:
        truth = past.values[origin : origin + HORIZON_H]
        hours = origin + np.arange(HORIZON_H)
        kinds = past.day_column("kind", hours)
        base = base_forecast(past, origin)
        started = time.process_time()
        plain = product.forecast(past, origin)
        plain_s.append(time.process_time() - started)
        learned = product.forecast(past, origin, is_learning=True)
        chosen.append(learned.method)
        told = {
            "naive": naive_forecast(past, origin), "M4": base.ordinary, "M4H": base.holiday_aware,
            "M4HY": base.seasonal, "model": fitted(past.until(origin)).forecast(past, base),
            "plain": plain.expected, "product": learned.expected,
        }  # fmt: skip
        for name, values in told.items():
            scores[name].add(truth, values, kinds == HOLIDAY)
        bands["plain"].add(truth, plain, kinds)
        bands["product"].add(truth, learned, kinds)
        print(f"  {past.days.index[origin // DAY_H]:%Y-%m-%d} {learned.method}", file=sys.stderr, flush=True)
    return scores, bands, chosen, plain_s


def cold(past, origins):
    """Every sensor in turn as if it were three weeks old: its own mean, with what it borrows, and the band."""
    own, lent, bands = (Score(naive_scale(past, origins[0])[:1]) for _ in range(2)), None, Bands()
    own, lent = own
    for origin in origins:
        hours = origin + np.arange(HORIZON_H)
        kinds = past.day_column("kind", hours)
        for sensor in range(past.values.shape[1]):
            values = past.values.copy()
            values[: origin - COLD_DAYS * DAY_H, sensor] = np.nan
            truth = past.values[origin : origin + HORIZON_H, [sensor]]
            alone = Counted(values[:, [sensor]], past.sensors[[sensor]], past.days)
            own.add(truth, base_forecast(alone, origin).holiday_aware, kinds == HOLIDAY)
            told = product.forecast(Counted(values, past.sensors, past.days), origin)
            lent.add(truth, told.expected[:, [sensor]], kinds == HOLIDAY)
            only = product.Forecast(
                origin, told.method, told.expected[:, [sensor]], told.quantiles[:, [sensor]],
                told.day_expected[:, [sensor]], told.day_quantiles[:, [sensor]], told.is_less_certain,
                told.reasons[sensor : sensor + 1], told.is_cold[[sensor]], told.n_errors[[sensor]],
            )  # fmt: skip
            bands.add(truth, only, kinds)
    return own.told()["wape"], lent.told()["wape"], bands.told()


def peers(table, past, origins, country, python):
    """Ask other programs the same at a few origins, and ourselves at the same ones."""
    chosen = origins[:: max(1, len(origins) // PEER_ORIGINS)][:PEER_ORIGINS]
    sensors = list(table.columns[:PEER_SENSORS])
    with tempfile.TemporaryDirectory() as folder:
        np.savez(
            f"{folder}/asked.npz",
            values=table[sensors].to_numpy(float),
            first=str(table.index[0]),
            origins=chosen,
        )
        script = str(Path(__file__).with_name("forecast_peers.py"))
        done = subprocess.run([python, script, folder, country], capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            print(f"  peers skipped: {reason}")
            return {}
        told = np.load(f"{folder}/told.npz")
        rows = {}
        for name in told.files:
            if name.endswith("_s"):
                continue
            missed = came = 0.0
            for place, origin in enumerate(chosen):
                truth = table[sensors].to_numpy(float)[origin : origin + HORIZON_H]
                is_both = np.isfinite(truth)
                missed += np.abs(truth - told[name][place])[is_both].sum()
                came += truth[is_both].sum()
            rows[name] = (missed / came, float(told[f"{name}_s"]))
    ours = {"M4HY": [0.0, 0.0], "product": [0.0, 0.0]}
    for origin in chosen:
        truth = past.values[origin : origin + HORIZON_H, :PEER_SENSORS]
        both = {
            "M4HY": base_forecast(past, origin).seasonal,
            "product": product.forecast(past, origin, is_learning=True).expected,
        }
        for name, values in both.items():
            is_both = np.isfinite(truth) & np.isfinite(values[:, :PEER_SENSORS])
            ours[name][0] += np.abs(truth - values[:, :PEER_SENSORS])[is_both].sum()
            ours[name][1] += truth[is_both].sum()
    return rows | {f"ours {name}": (missed / came, np.nan) for name, (missed, came) in ours.items()}


def study(city, *, quick, python):
    """All figures of one city."""
    table, past = read(city)
    fitted = Fitted()
    product.learn = trials.learn = fitted
    origins = origins_of(past, 4 if quick else 24)
    print(f"{city}: {table.shape[1]} sensors, {len(origins)} origins from {table.index[origins[0]]:%Y-%m-%d}")
    scores, bands, chosen, plain_s = measured(past, origins, fitted)
    print(pd.DataFrame({name: score.told() for name, score in scores.items()}).T.round(4).to_string())
    print(pd.DataFrame({name: band.told() for name, band in bands.items()}).T.round(3).to_string())
    level, wape = scores["product"].by_sensor()
    cuts = pd.cut(level, [0, 100, 200, 400, np.inf], labels=["<100", "100-200", "200-400", ">=400"])
    print(pd.Series(wape).groupby(cuts, observed=True).agg(["mean", "max", "size"]).round(3).to_string())
    print(f"chosen: {pd.Series(chosen).value_counts().to_dict()}")
    fit_s = float(np.median(fitted.seconds))
    print(
        f"CPU: plain {np.median(plain_s):.2f} s, one fit {fit_s:.1f} s, so learning {3 * fit_s:.1f} s a city"
    )
    own, lent, cold_bands = cold(past, origins[:: 1 if quick else 3])
    print(f"three weeks old: own mean {own:.4f}, borrowing {lent:.4f}, 80 % band {cold_bands['in80']:.3f}")
    rows = peers(table, past, origins, CITIES[city][1], python)
    for name, (missed, seconds) in rows.items():
        print(f"  {name:30s} WAPE {missed:.4f} {seconds:.1f} s a sensor")
    best = scores["product"].told()
    found = {
        f"{city}.wape": best["wape"], f"{city}.wape_m4h": scores["M4H"].told()["wape"],
        f"{city}.wape_naive": scores["naive"].told()["wape"], f"{city}.mase": best["mase"],
        f"{city}.daily_wape": best["daily_wape"], f"{city}.bias": best["bias"],
        f"{city}.fit_s": fit_s, f"{city}.plain_s": float(np.median(plain_s)),
        f"{city}.cold_wape": lent, f"{city}.cold_wape_own": own, f"{city}.cold_in80": cold_bands["in80"],
    }  # fmt: skip
    found |= {f"{city}.{name}": value for name, value in bands["product"].told().items()}
    return found | {f"{city}.peer_{name}": value for name, (value, _) in rows.items()}


def main():
    """Run the study."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="4 origins in place of 24")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--city", choices=sorted(CITIES), help="one city only")
    parser.add_argument(
        "--peer-python", default=sys.executable, help="Python that has statsforecast and prophet"
    )
    chosen = parser.parse_args()
    found = {}
    for city in [chosen.city] if chosen.city else CITIES:
        found |= study(city, quick=chosen.quick, python=chosen.peer_python)
    if chosen.json:
        print(json.dumps({name: round(float(value), 4) for name, value in found.items()}))


if __name__ == "__main__":
    main()
