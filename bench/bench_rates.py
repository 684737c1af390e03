"""How fast vacancy rates are told on every quarter of ten years, of 300 municipalities at once.

Every municipality has 600 shop units; each trades, stands empty and trades again, about three periods in all, and one in
a hundred has a pop-up during its vacancy. The peer is the plain way: for each of the dates choose the running periods out
of the frame, give every unit its state, and count (pandas, one frame per date). Both must say the same to the last unit.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.report import figure, run
from gis.vacancy import vacancy_rate
from gis.vacancy_series import vacancy_series

UNITS_EACH = 600
BEGIN, DAYS = pd.Timestamp("2014-01-01"), 4750
PEER = "frame per date (pandas)"


def registers(municipalities, *, seed=1):
    """Units and periods of some municipalities."""
    rng = np.random.default_rng(seed)
    n = municipalities * UNITS_EACH
    nothing = pd.Series(pd.NaT, index=np.arange(n), dtype="datetime64[ns]")
    units = pd.DataFrame(
        {
            "nis_code": np.repeat([f"{i:05d}" for i in range(municipalities)], UNITS_EACH),
            "floor_area_m2": np.where(rng.random(n) < 0.96, rng.integers(40, 400, n), np.nan),
            "valid_from": nothing,
            "valid_to": nothing,
            "lifecycle": "active",
        }
    )
    closes = rng.integers(0, DAYS, n)
    opens = closes + rng.integers(60, 1800, n)
    starts = [np.zeros(n, int), closes, opens]
    stops = [closes, opens, np.full(n, DAYS * 2)]
    kinds = ["occupied", "vacant", "occupied"]
    popup = rng.random(n) < 0.01
    starts.append((closes + 10)[popup])
    stops.append((closes + 40)[popup])
    kinds.append("occupied")
    of_unit = [np.arange(n)] * 3 + [np.flatnonzero(popup)]
    periods = pd.DataFrame(
        {
            "shop_unit_id": np.concatenate(of_unit),
            "kind": np.repeat(kinds, [len(part) for part in of_unit]),
            "from_on": BEGIN + pd.to_timedelta(np.concatenate(starts), unit="D"),
            "to_on": BEGIN + pd.to_timedelta(np.concatenate(stops), unit="D"),
            "branch_group": "daily",
        }
    )
    return units, periods[periods["from_on"] < periods["to_on"]].reset_index(drop=True)


def plainly(units, periods, dates):
    """One frame per date."""
    tables = []
    for on in dates:
        running = periods[(periods["from_on"] <= on) & ~(periods["to_on"] <= on)]
        is_vacant = running["kind"] == "vacant"
        state = pd.Series("unknown", index=units.index)
        state[running.loc[~is_vacant, "shop_unit_id"]] = "occupied"
        state[running.loc[is_vacant, "shop_unit_id"]] = "vacant"
        tables.append(vacancy_rate(units.assign(state=state), by="nis_code"))
    return pd.concat(tables, keys=dates, names=["on", "group"]).swaplevel().sort_index()


def best_of(times, work):
    """Seconds of the quickest run, and what it gave."""
    told = []
    for _ in range(times):
        begin = time.perf_counter()
        given = work()
        told.append(time.perf_counter() - begin)
    return min(told), given


def measure(is_quick):
    """All dates at once against one frame per date, and how both grow with municipalities and dates."""
    dates = list(pd.date_range("2016-01-01", "2026-01-01", freq="QS"))
    seconds = {}
    for municipalities in (10, 30) if is_quick else (30, 100, 300):
        units, periods = registers(municipalities)
        ours, told = best_of(3, lambda u=units, p=periods: vacancy_series(u, p, dates, by="nis_code"))
        theirs, expected = best_of(1, lambda u=units, p=periods: plainly(u, p, dates))
        pd.testing.assert_frame_equal(
            told.sort_index(), expected, check_names=False, check_dtype=False, check_index_type=False
        )
        seconds[municipalities] = ours
        name = f"rates, {municipalities} municipalities, {len(dates)} dates"
        note = f"{len(units):,} units, {len(periods):,} periods; peer {theirs:.2f} s"
        yield figure(name, ours, "s", peer=PEER, ratio=theirs / ours, note=note)
    few, many = min(seconds), max(seconds)
    growth = np.log(seconds[many] / seconds[few]) / np.log(many / few)
    yield figure("growth with municipalities", growth, "exponent", note="1 is linear")
    monthly = list(pd.date_range("2016-01-01", "2026-01-01", freq="MS"))
    ours, _ = best_of(3, lambda: vacancy_series(units, periods, monthly, by="nis_code"))
    note = f"{len(monthly) / len(dates):.1f} times the dates, {ours / seconds[many]:.2f} times the work"
    yield figure(f"rates, {many} municipalities, {len(monthly)} dates", ours, "s", note=note)


if __name__ == "__main__":
    run(measure, about=__doc__)
