"""What kind of day a day is: public and school holidays, sales, market days, and how far Christmas is."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

import holidays
import numpy as np
import pandas as pd

from gis.errors import FrameError
from gis.school_years import PUBLISHED

# In the order in which a day is called: a holiday on a Saturday is a holiday.
DAY_KINDS = ("workday", "saturday", "sunday", "holiday")
WORKDAY, SATURDAY, SUNDAY, HOLIDAY = range(4)
CHRISTMAS_BEFORE, CHRISTMAS_AFTER = 45, -16
# Listed by the library, but Sundays anyway, and not among the ten that Belgian law knows.
_NOT_LEGAL_IN_BELGIUM = ("Easter Sunday", "Pentecost")


def public_holidays(first: date, last: date, *, country: str = "BE") -> pd.Series:
    """List the public holidays of a country.

    Parameters
    ----------
    first, last
        First and last day, both included.
    country
        ISO 3166 code, with a part of the country where that matters: ``BE``, ``FR``, ``NL``, ``GB-ENG``.

    Returns
    -------
    pandas.Series
        English name of the holiday, on a DatetimeIndex ``day`` that holds only the holidays, in order.

    Raises
    ------
    FrameError
        When the country has no calendar.
    """
    code, _, part = country.partition("-")
    try:
        found = holidays.country_holidays(
            code, subdiv=part or None, years=range(first.year, last.year + 1), language="en_US"
        )
    except NotImplementedError as error:
        raise FrameError(f"no public holidays are known for {country}: give an ISO 3166 code") from error
    named = {
        day: name
        for day, name in sorted(found.items())
        if first <= day <= last and not (code == "BE" and name in _NOT_LEGAL_IN_BELGIUM)
    }
    return pd.Series(
        list(named.values()), index=pd.DatetimeIndex(list(named), name="day"), dtype=object, name="holiday"
    )


def school_holidays(first: date, last: date, *, country: str = "BE") -> pd.Series:
    """List the days on which schools are closed for a holiday.

    Flanders sets them by rule (decision of the Flemish government of 17 April 1991); France (zone B, with
    Lille) and the Netherlands (region south) publish them, known from September 2022 to the summer of 2027.

    Parameters
    ----------
    first, last
        First and last day, both included.
    country
        ``BE`` (Flanders), ``FR`` or ``NL``; any other country has none that are known.

    Returns
    -------
    pandas.Series
        autumn, christmas, winter, spring or summer, on a DatetimeIndex ``day`` that holds only those days.
    """
    spans = _flemish(first, last) if country == "BE" else PUBLISHED.get(country, ())
    days = {
        begin + timedelta(step): name
        for begin, end, name in spans
        for step in range((end - begin).days + 1)
        if first <= begin + timedelta(step) <= last
    }
    ordered = sorted(days)
    return pd.Series(
        [days[day] for day in ordered],
        index=pd.DatetimeIndex(ordered, name="day"),
        dtype=object,
        name="school_holiday",
    )


def easter(year: int) -> date:
    """Give Easter Sunday (Meeus/Jones/Butcher, as in Meeus 1991, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (8 * b + 13) // 25 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114, 31)
    return date(year, month, day + 1)


def sales_days(first: date, last: date) -> pd.DatetimeIndex:
    """List the days of the two Belgian sales: 3 to 31 January and July, a day early where that is a Sunday."""
    days = []
    for year in range(first.year, last.year + 1):
        for begin in (date(year, 1, 3), date(year, 7, 1)):
            start = begin - timedelta(1) if begin.isoweekday() == 7 else begin
            days += [start + timedelta(n) for n in range((date(year, begin.month, 31) - start).days + 1)]
    return pd.DatetimeIndex([day for day in days if first <= day <= last], name="day")


def days_to_christmas(days: pd.DatetimeIndex) -> pd.Series:
    """Count the days to the nearest Christmas: 45 (far before) down to -16 (far after)."""
    year = days.year.to_numpy()
    gaps = [
        np.array([(pd.Timestamp(y + step, 12, 25) - day).days for y, day in zip(year, days, strict=True)])
        for step in (-1, 0)
    ]
    after, before = gaps
    gap = np.where(after >= CHRISTMAS_AFTER, after, before)
    return pd.Series(np.clip(gap, CHRISTMAS_AFTER, CHRISTMAS_BEFORE), index=days, name="days_to_christmas")


def day_table(
    first: date,
    last: date,
    *,
    country: str = "BE",
    neighbours: Sequence[str] = (),
    market_weekdays: Collection[int] = (),
) -> pd.DataFrame:
    """Say of every day what kind it is.

    Parameters
    ----------
    first, last
        First and last day, both included.
    country
        Whose holidays close the shops, as for `public_holidays`.
    neighbours
        Countries over the border whose holidays bring visitors, such as ``("FR",)``.
    market_weekdays
        Weekdays with a market, 1 = Monday to 7 = Sunday.

    Returns
    -------
    pandas.DataFrame
        One row per day, on a DatetimeIndex ``day``: ``weekday`` (0 = Monday), ``kind`` (place in
        ``DAY_KINDS``), ``holiday`` (name or None), ``is_holiday``, ``is_before_holiday``,
        ``is_after_holiday``, ``school_holiday`` (name or None), ``neighbour_holiday`` (country and name, or
        None), ``n_neighbours_off`` (neighbours with a public or school holiday), ``is_market``, ``is_sales``,
        ``days_to_christmas``.
    """
    days = pd.date_range(first, last, freq="D", name="day")
    # One day more on both sides, for the eve of the first and the morrow of the last.
    around = public_holidays(first - timedelta(1), last + timedelta(1), country=country)
    closed = pd.DatetimeIndex(around.index)
    weekday = days.day_of_week.to_numpy()
    is_holiday = days.isin(closed)
    kind = np.select([is_holiday, weekday == 6, weekday == 5], [HOLIDAY, SUNDAY, SATURDAY], WORKDAY)
    abroad, n_off = _abroad(days, neighbours)
    day = pd.Timedelta(days=1)
    is_belgian = country == "BE"
    return pd.DataFrame(
        {
            "weekday": weekday,
            "kind": kind,
            "holiday": _named(around, days),
            "is_holiday": is_holiday,
            "is_before_holiday": days.isin(closed - day),
            "is_after_holiday": days.isin(closed + day),
            "school_holiday": _named(school_holidays(first, last, country=country), days),
            "neighbour_holiday": abroad,
            "n_neighbours_off": n_off,
            "is_market": np.isin(weekday + 1, list(market_weekdays)),
            "is_sales": days.isin(sales_days(first, last)) & is_belgian,
            "days_to_christmas": days_to_christmas(days),
        },
        index=days,
    )


def _named(names: pd.Series, days: pd.DatetimeIndex) -> pd.Series:
    found = names.reindex(days)
    return found.astype(object).where(found.notna(), None)


def _abroad(days: pd.DatetimeIndex, countries: Sequence[str]) -> tuple[pd.Series, pd.Series]:
    """Name the first public holiday over the border, and count the countries that have any holiday."""
    name = pd.Series(None, index=days, dtype=object)
    n_off = pd.Series(0, index=days)
    if not len(days):
        return name, n_off
    span = days[0].date(), days[-1].date()
    for country in countries:
        public = public_holidays(*span, country=country)
        n_off += (days.isin(public.index) | days.isin(school_holidays(*span, country=country).index)).astype(
            int
        )
        found = (country + ": " + public).reindex(days)
        name = name.where(name.notna() | found.isna(), found)
    return name, n_off


def _flemish(first: date, last: date) -> Iterator[tuple[date, date, str]]:
    for year in range(first.year - 1, last.year + 1):
        sunday = easter(year)
        yield _week(sunday - timedelta(48), 1, "winter")
        begin = _spring(sunday)
        end = begin + timedelta(13)
        # A fortnight that ends on Easter has the Monday on top.
        yield begin, max(end, sunday + timedelta(1)) if begin < sunday else end, "spring"
        yield date(year, 7, 1), date(year, 8, 31), "summer"
        all_saints = date(year, 11, 1)
        is_sunday = all_saints.isoweekday() == 7
        yield _week(all_saints + timedelta(1) if is_sunday else _monday(all_saints), 1, "autumn")
        christmas = date(year, 12, 25)
        late = timedelta(7 if christmas.isoweekday() >= 6 else 0)
        yield _week(_monday(christmas) + late, 2, "christmas")


def _spring(sunday: date) -> date:
    """Begin on the first Monday of April, unless Easter is in March or after the fifteenth of April."""
    if sunday.month == 3:
        return sunday + timedelta(1)
    if sunday > date(sunday.year, 4, 15):
        return sunday - timedelta(13)
    april = date(sunday.year, 4, 1)
    return april + timedelta((8 - april.isoweekday()) % 7)


def _week(monday: date, weeks: int, name: str) -> tuple[date, date, str]:
    return monday, monday + timedelta(7 * weeks - 1), name


def _monday(on: date) -> date:
    return on - timedelta(on.isoweekday() - 1)
