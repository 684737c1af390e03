"""Weather as it was measured and as it was forecast, and how much of it was known when a fortnight began."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.frames import require

WEATHER = ("temperature_c", "precipitation_mm", "wind_speed_kmh", "sunshine_min", "cloud_cover_percent")
TEMPERATURE, RAIN, WIND, SUN, _ = range(len(WEATHER))
# What was forecast longer ago says little, and nobody made it for this fortnight.
MOST_AGE_H = 72
WET_MM = 0.1
MONTH_H, DAY_H, FORTNIGHT_H = 28 * 24, 24, 336
# A season is not known before most of a year was measured.
LEAST_SEASON_H = 300 * 24
FIRST_HOUR, LAST_HOUR = 8, 20
Floats = NDArray[np.float64]

WEATHER_FEATURES = (
    "temperature_c", "precipitation_mm", "wind_speed_kmh", "sunshine_min", "cloud_cover_percent",
    "warmer_than_season_c", "warmer_than_month_c", "wet_day_share", "wet_month_share",
)  # fmt: skip


@dataclass(frozen=True)
class Issue:
    """One forecast of the weather.

    Attributes
    ----------
    issued
        First hour of the table at which it was known.
    first
        Place of its first hour.
    values
        Shape (hours, 5) in the order of ``WEATHER``; NaN where it says nothing.
    """

    issued: int
    first: int
    values: Floats


@dataclass(frozen=True)
class Weather:
    """The weather of one municipality, hour by hour as the table of its counts.

    Attributes
    ----------
    measured
        Shape (hours, 5) in the order of ``WEATHER``; NaN where it was not measured.
    issues
        Forecasts of it, the earliest first.
    """

    measured: Floats
    issues: tuple[Issue, ...] = ()

    def until(self, hour: int) -> "Weather":
        """Give what was known at an hour: measured before it, forecast at the latest then."""
        return Weather(
            self.measured[: max(hour, 0)], tuple(issue for issue in self.issues if issue.issued <= hour)
        )

    def ahead(self, origin: int, *, known: int | None = None, reach: int = FORTNIGHT_H) -> Floats:
        """Give the weather of a fortnight as it was forecast by then, hour by hour the newest.

        Parameters
        ----------
        origin
            First hour of the fortnight.
        known
            Hour at which it is asked; ``origin`` unless said.
        reach
            Hours that are looked at; later ones stay unknown.

        Returns
        -------
        numpy.ndarray
            Shape (336, 5), NaN where nothing was known.
        """
        latest = origin if known is None else known
        told = np.full((FORTNIGHT_H, len(WEATHER)), np.nan)
        for issue in self.issues:
            if not origin - MOST_AGE_H <= issue.issued <= latest:
                continue
            first, end = max(issue.first, origin), min(issue.first + len(issue.values), origin + FORTNIGHT_H)
            if end > first:
                part = issue.values[first - issue.first : end - issue.first]
                place = slice(first - origin, end - origin)
                told[place] = np.where(np.isfinite(part), part, told[place])
        told[reach:] = np.nan
        return told

    def newest(self, origin: int, *, known: int | None = None) -> Issue | None:
        """Give the newest forecast that says something of a fortnight; None without."""
        latest = origin if known is None else known
        fit = [
            issue
            for issue in self.issues
            if origin - MOST_AGE_H <= issue.issued <= latest
            and issue.first < origin + FORTNIGHT_H
            and issue.first + len(issue.values) > origin
        ]
        return fit[-1] if fit else None

    def to_learn_from(self, origin: int, reach: int) -> Floats:
        """Give the weather of a past fortnight as a model should see it, shape (336, 5).

        What was forecast then; where nothing was, what came, as far ahead as ``reach`` only: a model that saw more would
        lean on what it will not be told.
        """
        told = self.ahead(origin, reach=reach)
        came = np.full_like(told, np.nan)
        part = self.measured[origin : origin + reach]
        came[: len(part)] = part
        return np.where(np.isfinite(told), told, came)

    def measured_share(self, first: int, end: int) -> float:
        """Say of which share of the hours temperature and precipitation were measured."""
        part = self.measured[first:end, [TEMPERATURE, RAIN]]
        return float(np.isfinite(part).all(axis=1).sum() / max(1, end - first))


def weather_table(frame: pd.DataFrame, first: pd.Timestamp, n_hours: int) -> Weather | None:
    """Lay weather out beside a table of counts.

    Parameters
    ----------
    frame
        ``at`` and ``issued`` (NaT: measured), both on the clock on the wall, and the columns of ``WEATHER``.
    first
        First hour of the table of counts.
    n_hours
        Its hours.

    Returns
    -------
    Weather or None
        None without a row.
    """
    require(frame, "at", "issued", *WEATHER, what="weather")
    if frame.empty:
        return None
    hour = pd.Timedelta(hours=1)
    place = ((frame["at"] - first) // hour).to_numpy(dtype=np.int64)
    values = frame[list(WEATHER)].to_numpy(dtype=float)
    is_measured = frame["issued"].isna().to_numpy()
    measured = np.full((n_hours, len(WEATHER)), np.nan)
    is_inside = is_measured & (place >= 0) & (place < n_hours)
    measured[place[is_inside]] = values[is_inside]
    issues = []
    forecast_rows = np.flatnonzero(~is_measured)
    for issued, found in frame.loc[~is_measured].groupby("issued").indices.items():
        rows = forecast_rows[found]
        begin, end = int(place[rows].min()), int(place[rows].max()) + 1
        told = np.full((end - begin, len(WEATHER)), np.nan)
        told[place[rows] - begin] = values[rows]
        known_from = -((first - pd.Timestamp(str(issued))) // hour)
        issues.append(Issue(int(known_from), begin, told))
    return Weather(measured, tuple(sorted(issues, key=lambda issue: issue.issued)))


@dataclass(frozen=True)
class Season:
    """How warm an hour of the year usually is: a yearly and a daily wave."""

    weights: Floats

    def usual(self, first_day_of_year: int, hours: NDArray[np.intp]) -> Floats:
        """Give the usual temperature of hours of the table, °C."""
        return np.asarray(_waves(first_day_of_year, hours) @ self.weights)


def season_of(weather: Weather, days: pd.DataFrame) -> Season | None:
    """Fit the usual temperature to what was measured; None with under 300 days of it."""
    temperature = weather.measured[:, TEMPERATURE]
    known = np.flatnonzero(np.isfinite(temperature))
    if len(known) < LEAST_SEASON_H:
        return None
    waves = _waves(day_of_year(days), known)
    return Season(np.asarray(np.linalg.lstsq(waves, temperature[known], rcond=None)[0], dtype=np.float64))


def day_of_year(days: pd.DataFrame) -> int:
    """Give the day of the year on which a calendar begins."""
    return int(pd.DatetimeIndex(days.index)[0].day_of_year)


def _waves(first_day_of_year: int, hours: NDArray[np.intp]) -> Floats:
    year = 2 * np.pi * (first_day_of_year + hours / DAY_H) / 365.25
    day = 2 * np.pi * (hours % DAY_H) / DAY_H
    one = np.ones(len(hours))
    return np.stack([one, np.sin(year), np.cos(year), np.sin(day), np.cos(day)], axis=1)


def weather_features(
    weather: Weather, ahead: Floats, origin: int, *, season: Season | None, first_day_of_year: int
) -> Floats:
    """Describe the weather of a fortnight against the season and the month before it.

    Parameters
    ----------
    weather
        What was measured; from ``origin`` on it is not looked at.
    ahead
        The weather of the fortnight as far as it is known, shape (336, 5).
    origin
        Its first hour.
    season
        The usual temperature, None where not known.
    first_day_of_year
        Of the table.

    Returns
    -------
    numpy.ndarray
        Shape (336, 9) in the order of ``WEATHER_FEATURES``; NaN where unknown.
    """
    hours = origin + np.arange(FORTNIGHT_H)
    usual = season.usual(first_day_of_year, hours) if season else np.full(FORTNIGHT_H, np.nan)
    month = month_before(weather, origin)
    wet = np.where(np.isfinite(ahead[:, RAIN]), ahead[:, RAIN] >= WET_MM, np.nan)
    by_day = wet.reshape(-1, DAY_H)[:, FIRST_HOUR:LAST_HOUR]
    n = np.isfinite(by_day).sum(axis=1)
    wet_day = np.where(n > 0, np.nansum(by_day, axis=1) / np.maximum(n, 1), np.nan)
    temperature = ahead[:, TEMPERATURE]
    told = np.empty((FORTNIGHT_H, len(WEATHER_FEATURES)))
    told[:, : len(WEATHER)] = ahead
    told[:, 5] = temperature - usual
    told[:, 6] = temperature - np.tile(month[:, TEMPERATURE], FORTNIGHT_H // DAY_H)
    told[:, 7] = np.repeat(wet_day, DAY_H)
    told[:, 8] = month[FIRST_HOUR:LAST_HOUR, RAIN].mean()
    return told


def month_before(weather: Weather, origin: int) -> Floats:
    """Average what was measured in the 28 days before a midnight, per hour of the day.

    Returns
    -------
    numpy.ndarray
        Shape (24, 5); precipitation as the share of wet hours. NaN where under half of the days is known.
    """
    part = np.full((MONTH_H, len(WEATHER)), np.nan)
    known = weather.measured[max(0, origin - MONTH_H) : max(origin, 0)]
    begin = max(0, MONTH_H - origin)
    part[begin : begin + len(known)] = known
    rain = part[:, RAIN]
    part[:, RAIN] = np.where(np.isfinite(rain), rain >= WET_MM, np.nan)
    days = part.reshape(-1, DAY_H, len(WEATHER))
    n = np.isfinite(days).sum(axis=0)
    return np.where(n >= len(days) / 2, np.nansum(days, axis=0) / np.maximum(n, 1), np.nan)
