"""Ten years of trade: when each shop unit was let and when it stood empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.demo.lineage import NO_DAY, Lineage
from api.demo.plan import TownPlan, dice

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_MONTH_DAYS = 30.4375
_CLOSURES_PER_YEAR = 0.085
_TAKEOVERS_PER_YEAR = 0.028
_CRISIS = (date(2020, 4, 1), date(2021, 9, 30))
CLOSED, OPENED, TAKEN_OVER = 0, 1, 2


@dataclass(frozen=True)
class Periods:
    """What truly happened, before anybody surveyed it.

    Attributes
    ----------
    periods
        unit (position), start, end (days; end is NO_DAY while it lasts), is_occupied, is_takeover, is_first (was
        it already so when the history begins?).
    rounds
        Days of the survey rounds, shape (rounds,).
    """

    periods: pd.DataFrame
    rounds: Ints


def to_day(on: date) -> int:
    """Count the days from 1970-01-01 to a date."""
    return (on - date(1970, 1, 1)).days


def history(plan: TownPlan, seed: int, known: Lineage, *, start: int, end: int) -> Periods:
    """Play out openings and closures.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    known
        All units, past and present.
    start, end
        First and last day, days since 1970-01-01.
    """
    rng = dice(plan, seed, "history")
    units = known.units
    active = units[units["lifecycle"] == "active"]
    vacant, events = _play(plan, rng, active, start=start, end=end)
    rows = pd.concat([_periods(vacant, events, start), _of_past(rng, units, start)], ignore_index=True)
    rows = _since_they_exist(rows, units["valid_from"].to_numpy())
    return Periods(rows.sort_values(["unit", "start"], ignore_index=True), _rounds(rng, start, end))


def _rounds(rng: np.random.Generator, start: int, end: int) -> Ints:
    """One survey round a year, about the same week; the history begins with one."""
    first = start + int(rng.integers(120, 300))
    later = first + 365 * np.arange(1 + max(end - first, 0) // 365) + rng.integers(-12, 13)
    return np.append(start, later[(later > start + 60) & (later <= end)]).astype(np.int64)


def _target_share(plan: TownPlan, rng: np.random.Generator, month: Floats, start: int, end: int) -> Floats:
    progress = (month - start) / (end - start)
    share = plan.vacancy_share * (0.68 + 0.32 * progress)
    crisis = [to_day(on) for on in _CRISIS]
    middle, half = sum(crisis) / 2, (crisis[1] - crisis[0]) / 2
    share = share + 0.02 * np.clip(1.4 - np.abs(month - middle) / half, 0, 1)
    noise = np.convolve(rng.normal(0, 0.004, len(month) + 5), np.ones(6) / 2.5, mode="valid")
    noise *= np.clip((1 - progress) * 6, 0, 1)
    return np.asarray(share + noise)


def _play(
    plan: TownPlan, rng: np.random.Generator, units: pd.DataFrame, *, start: int, end: int
) -> tuple[NDArray[np.bool_], list[tuple[Ints, Ints, int]]]:
    """Month by month: who closes, who opens. Vacancy follows the town's level, not only chance."""
    n = len(units)
    declining = (units["decline"] >= 0).to_numpy()
    busy = units["busyness"].to_numpy()
    leave = busy**-0.06 * np.where(units["area_m2"] > 400, 0.8, 1.0) * rng.lognormal(0, 0.25, n)
    draw_in = busy**0.12 * np.where(units["area_m2"] > 400, 0.7, 1.0) * np.where(declining, 0.14, 1.0)
    months = np.arange(start, end - 5, _MONTH_DAYS)
    share = _target_share(plan, rng, months, start, end)
    vacant = np.zeros(n, bool)
    vacant[_pick(rng, np.log(leave), np.ones(n, bool), round(share[0] * n))] = True
    begun, since = vacant.copy(), np.where(vacant, start, NO_DAY)
    events: list[tuple[Ints, Ints, int]] = []
    for month, wanted in zip(months, share, strict=True):
        length = max(min(_MONTH_DAYS, end - month), 2.0)
        progress = (month - start) / (end - start)
        risk = leave * np.where(declining, 1 + 3.2 * max(progress - 0.35, 0), 1.0) * _crisis(month)
        chance = rng.random(n)
        closes = ~vacant & (chance < _CLOSURES_PER_YEAR / 12 * risk)
        taken = ~vacant & ~closes & (rng.random(n) < _TAKEOVERS_PER_YEAR / 12)
        missing = round(wanted * n) - int(vacant.sum() + closes.sum())
        closes[_pick(rng, np.log(risk), ~vacant & ~closes & ~taken, missing)] = True
        ease = np.log(draw_in) - (month - since) / 1500.0
        opens = _pick(rng, ease, vacant, -missing)
        for rows, kind in (
            (np.flatnonzero(closes), CLOSED),
            (opens, OPENED),
            (np.flatnonzero(taken), TAKEN_OVER),
        ):
            on = np.floor(month + rng.uniform(1, length - 0.5, len(rows))).astype(np.int64)
            events.append((rows, on, kind))
            if kind == CLOSED:
                since[rows] = on
        vacant[opens] = False
        vacant |= closes
    return begun, events


def _crisis(day: float) -> float:
    return 1.5 if to_day(_CRISIS[0]) <= day <= to_day(_CRISIS[1]) else 1.0


def _pick(rng: np.random.Generator, log_weight: Floats, allowed: NDArray[np.bool_], count: int) -> Ints:
    """Draw some without replacement, in proportion to their weights (Gumbel top-k)."""
    key = np.where(allowed, log_weight + rng.gumbel(0, 1, len(log_weight)), -np.inf)
    best = np.argsort(-key, kind="stable")[: max(count, 0)]
    return best[np.isfinite(key[best])]


def _periods(vacant: NDArray[np.bool_], events: list[tuple[Ints, Ints, int]], start: int) -> pd.DataFrame:
    n = len(vacant)
    unit = np.concatenate([np.arange(n), *[rows for rows, _, _ in events]])
    day = np.concatenate([np.full(n, start), *[on for _, on, _ in events]])
    kind = np.concatenate(
        [np.where(vacant, CLOSED, OPENED), *[np.full(len(rows), k) for rows, _, k in events]]
    )
    order = np.lexsort((day, unit))
    unit, day, kind = unit[order], day[order], kind[order]
    is_last = np.append(unit[1:] != unit[:-1], True)
    return pd.DataFrame(
        {
            "unit": unit,
            "start": day,
            "end": np.where(is_last, NO_DAY, np.append(day[1:], NO_DAY)),
            "is_occupied": kind != CLOSED,
            "is_takeover": kind == TAKEN_OVER,
            "is_first": np.append(True, unit[1:] != unit[:-1]),
        }
    )


def _of_past(rng: np.random.Generator, units: pd.DataFrame, start: int) -> pd.DataFrame:
    """A unit that is no more was let until its last months or years, then stood empty."""
    gone = np.flatnonzero(units["lifecycle"] != "active")
    last = units["valid_to"].to_numpy()[gone]
    empty = np.minimum(rng.integers(70, 620, len(gone)), last - start - 60)
    rows = pd.DataFrame({"unit": np.repeat(gone, 2), "is_occupied": np.tile([True, False], len(gone))})
    rows["start"] = np.column_stack([np.full(len(gone), start), last - empty]).ravel()
    rows["end"] = np.column_stack([last - empty, last]).ravel()
    return rows.assign(is_takeover=False, is_first=np.tile([True, False], len(gone)))


def _since_they_exist(rows: pd.DataFrame, valid_from: Ints) -> pd.DataFrame:
    born = valid_from[rows["unit"]]
    kept = (rows["end"] == NO_DAY) | (rows["end"] > born + 3)
    begins = np.maximum(rows["start"], born)
    is_new = (begins > rows["start"]) & (born != NO_DAY)
    return rows.assign(start=begins, is_first=rows["is_first"] & ~is_new, is_new=is_new)[kept]
