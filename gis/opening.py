"""Opening hours against passages: who passes while shops are open, and whom an extra hour or Sunday would meet."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from scipy import stats

# Hours with open shops per weekday, 0 = Monday: from, up to and without.
Hours = Mapping[int, tuple[int, int]]
MIN_DAYS, MIN_SUNDAYS = 4, 2
DAY_HOURS_SHARE = 0.9


def ordinary_days(table: pd.Series, special: pd.DatetimeIndex) -> pd.DataFrame:
    """Lay one sensor out as days x 24 hours, ordinary and whole days only.

    Parameters
    ----------
    table
        Passages per hour on the clock on the wall, NaN where not valid.
    special
        Holidays and days with an event, which are left out.

    Returns
    -------
    pandas.DataFrame
        A row per day on which nine tenths of the usual hours are valid; columns 0-23.
    """
    days = day_rows(table)
    if days.empty:
        return days
    n_valid = days.notna().sum(axis=1)
    is_kept = (n_valid >= DAY_HOURS_SHARE * n_valid.max()).to_numpy() & ~days.index.isin(special)
    kept: pd.DataFrame = days.loc[is_kept]
    return kept


def day_rows(table: pd.Series) -> pd.DataFrame:
    """Lay hours out as days x 24 hours."""
    clock = pd.DatetimeIndex(table.index)
    frame = pd.DataFrame({"day": clock.normalize(), "hour": clock.hour, "value": table.to_numpy(dtype=float)})
    wide = frame.pivot_table(index="day", columns="hour", values="value", aggfunc="first", dropna=False)
    return wide.reindex(columns=range(24)).dropna(how="all")


def inside_opening_hours(days: pd.DataFrame, hours: Hours) -> pd.DataFrame:
    """Say per weekday how many pass inside and outside opening hours, and in the hours next to them.

    Parameters
    ----------
    days
        As from `ordinary_days`.
    hours
        Open hours; a weekday that is missing is closed all day.

    Returns
    -------
    pandas.DataFrame
        A row per weekday: ``inside`` and ``outside`` (mean passages a day), ``inside_share``, ``n_days``; and for the
        hour before opening and after closing ``..._hour``, ``..._passages``, ``..._lower`` and ``..._upper`` (the middle
        80 of 100 days). NaN with under four days, and where there is no such hour.
    """
    rows = []
    for weekday in range(7):
        part = days[pd.DatetimeIndex(days.index).day_of_week == weekday]
        opens, closes = hours.get(weekday, (0, 0))
        inside = part.loc[:, opens : closes - 1].sum(axis=1) if closes > opens else part.sum(axis=1) * 0
        total = part.sum(axis=1)
        row: dict[str, float] = {"n_days": float(len(part))}
        is_enough = len(part) >= MIN_DAYS
        row["inside"] = float(inside.mean()) if is_enough else np.nan
        row["outside"] = float((total - inside).mean()) if is_enough else np.nan
        row["inside_share"] = float(inside.sum() / total.sum()) if is_enough and total.sum() > 0 else np.nan
        for name, hour in (("before", opens - 1), ("after", closes)):
            is_asked = closes > opens and 0 <= hour <= 23
            row |= _hour(
                part[hour] if is_asked else pd.Series(dtype=float), name, hour if is_asked else np.nan
            )
        rows.append(row)
    return pd.DataFrame(rows, index=pd.RangeIndex(7, name="weekday"))


def _hour(values: pd.Series, name: str, hour: float) -> dict[str, float]:
    known = values.dropna()
    is_enough = len(known) >= MIN_DAYS
    low, high = known.quantile([0.1, 0.9]) if is_enough else (np.nan, np.nan)
    return {
        f"{name}_hour": hour,
        f"{name}_passages": float(known.mean()) if is_enough else np.nan,
        f"{name}_lower": float(low),
        f"{name}_upper": float(high),
    }


def open_sunday(
    table: pd.Series, ordinary: pd.DataFrame, held: list[date], hours: tuple[int, int]
) -> dict[str, float | int | str | None]:
    """Say how many an open Sunday would meet, from those that were held.

    Each is set against the mean of the four ordinary Sundays nearest to it; the ratio, on the logarithm, gives the
    expected number and an 80 % prediction interval (Student, so two editions make it wide) around today's Sundays.

    Parameters
    ----------
    table
        Passages per hour on the clock on the wall.
    ordinary
        As from `ordinary_days`.
    held
        Days of open Sundays that were held.
    hours
        Hours that are asked: from, up to and without.

    Returns
    -------
    dict
        ``reason`` (None, ``no_open_sunday``, ``too_few_open_sundays`` or ``too_few_sundays``), ``n_held``,
        ``expected``, ``lower``, ``upper`` (None where not measurable), ``ratio``, and of ordinary Sundays
        ``sunday``, ``sunday_lower``, ``sunday_upper``, ``n_sundays``.
    """
    sundays = ordinary[pd.DatetimeIndex(ordinary.index).day_of_week == 6]
    usual = sundays.loc[:, hours[0] : hours[1] - 1].sum(axis=1)
    told: dict[str, float | int | str | None] = {
        "reason": "too_few_sundays", "n_held": 0, "expected": None, "lower": None, "upper": None, "ratio": None,
        "sunday": None, "sunday_lower": None, "sunday_upper": None, "n_sundays": len(usual),
    }  # fmt: skip
    if len(usual) < MIN_DAYS:
        return told
    recent = float(usual.tail(8).mean())
    low, high = usual.quantile([0.1, 0.9])
    told |= {"sunday": recent, "sunday_lower": float(low), "sunday_upper": float(high)}
    ratios = np.array([ratio for day in held if (ratio := _ratio(table, usual, day, hours)) is not None])
    told["n_held"] = len(ratios)
    if len(ratios) < MIN_SUNDAYS:
        told["reason"] = "too_few_open_sundays" if len(ratios) else "no_open_sunday"
        return told
    logs = np.log(ratios)
    spread = float(logs.std(ddof=1))
    # Two that happen to be alike do not make the next one certain: ordinary Sundays differ too.
    spread = max(spread, float(np.log(usual.clip(lower=1)).std(ddof=1)))
    reach = float(stats.t.ppf(0.9, len(logs) - 1)) * spread * float(np.sqrt(1 + 1 / len(logs)))
    middle = float(logs.mean())
    told |= {
        "reason": None,
        "ratio": float(np.exp(middle)),
        "expected": recent * float(np.exp(middle)),
        "lower": recent * float(np.exp(middle - reach)),
        "upper": recent * float(np.exp(middle + reach)),
    }
    return told


def _ratio(table: pd.Series, usual: pd.Series, day: date, hours: tuple[int, int]) -> float | None:
    begin = pd.Timestamp(day)
    asked = table.loc[begin + pd.Timedelta(hours=hours[0]) : begin + pd.Timedelta(hours=hours[1] - 1)]
    if len(asked) < hours[1] - hours[0] or asked.isna().any():
        return None
    away = np.abs((pd.DatetimeIndex(usual.index) - begin).days.to_numpy())
    near = usual.iloc[np.argsort(away, kind="stable")[:4]]
    return float(asked.sum() / near.mean()) if near.mean() > 0 and asked.sum() > 0 else None
