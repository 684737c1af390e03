"""How fast durations are estimated, how often their intervals hold, and how often the outlook is believed.

Against lifelines called per group as one would by hand: its Turnbull estimate for spells between two dates, with an
interval from the same number of resamples, which it does not give itself. Truths are simulated: Weibull lengths, starts
known to the day or between two visits, spells between two visits missing or not; towns in which branch and neighbours
matter, and towns in which nothing does.
"""

import sys
import time
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.report import figure, run
from gis.duration import survival
from gis.outlook import vacancy_outlook
from tests.gis.simulated_trade import features, unit_years
from tests.gis.spell_frames import drawn

DRAWS = 50
TRUTHS = {
    "exact starts": {"visits_share": 0.0},
    "60 % between visits": {},
    "60 % between visits, ageing": {"shape": 1.4},
    "yearly visits only": {"only_rounds": True},
    "half-yearly visits only": {"only_rounds": True, "gap_days": 183},
}


def seconds(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def by_lifelines(lengths, draws):
    """Turnbull's estimate and the same of so many resamples, as one would call it."""
    from lifelines import KaplanMeierFitter

    shortest = lengths["exit_days"].clip(lower=1.0).to_numpy()
    longest = np.where(lengths["state"] == "let", shortest + lengths["start_width_days"], np.inf)
    rng = np.random.default_rng(0)
    for _ in range(draws):
        rows = rng.integers(0, len(shortest), len(shortest))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            KaplanMeierFitter().fit_interval_censoring(shortest[rows], longest[rows])


def speed(quick):
    for n in (100, 400) if quick else (100, 400, 1600):
        lengths = drawn(np.random.default_rng(n), n)
        survival(lengths, draws=2)
        ours = seconds(lambda lengths=lengths: survival(lengths, draws=DRAWS))
        theirs = seconds(lambda lengths=lengths: by_lifelines(lengths, DRAWS // 10)) * 10
        yield figure(
            f"duration.turnbull_{n}_s",
            ours,
            "CPU s",
            peer="lifelines",
            ratio=theirs / ours,
            note=f"{DRAWS} draws",
        )


def truth(quick):
    times = 20 if quick else 100
    for name, given in TRUTHS.items():
        holds, off = 0, []
        for seed in range(times):
            found = survival(drawn(np.random.default_rng(seed), 250, **given), seed=seed, draws=100)
            middle, low, high = found.median_days
            holds += low <= 500 <= high
            off.append(middle / 500 - 1 if np.isfinite(middle) else np.nan)
        yield figure("duration.median_held_share", holds / times, "share", note=f"{name}; {times} towns")
        yield figure("duration.median_bias_share", float(np.nanmean(off)), "share", note=name)
    yield from unadjusted(times)


def unadjusted(times):
    """What would come out if spells that no visit could find were not thought of."""
    off = []
    for seed in range(times):
        lengths = drawn(np.random.default_rng(seed), 250, only_rounds=True).assign(entry_days=-np.inf)
        off.append(survival(lengths, seed=seed, draws=2).median_days[0] / 500 - 1)
    note = "yearly visits only, spells between visits not thought of"
    yield figure("duration.median_bias_share", float(np.nanmean(off)), "share", note=note)


def outlook(quick):
    times = 8 if quick else 60
    for is_driven, units in ((False, 400), (True, 200), (True, 400), (True, 800)):
        used, off = 0, []
        for seed in range(times):
            rng = np.random.default_rng(seed)
            found = vacancy_outlook(
                unit_years(rng, units=units, is_driven=is_driven), features(rng, 50), seed=seed
            )
            used += found.is_model_used
            table = found.calibration
            off.append((table["expected_share"] - table["observed_share"]).abs().mean())
        note = f"{units} units, ten years, {'effects' if is_driven else 'no effects'}; {times} towns"
        yield figure("outlook.model_used_share", used / times, "share", note=note)
        yield figure("outlook.calibration_error", float(np.mean(off)), "share", note=note)


def measure(quick):
    yield from speed(quick)
    yield from truth(quick)
    yield from outlook(quick)


if __name__ == "__main__":
    run(measure, about=__doc__)
