"""Calendar rules of Flanders: public and school holidays, and the dates that key events follow."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

MONDAY, TUESDAY, SATURDAY, SUNDAY = 1, 2, 6, 7


def easter(year: int) -> date:
    """Give Easter Sunday (Meeus/Jones/Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """List the ten public holidays of Belgium."""
    sunday = easter(year)
    fixed = [(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)]
    moving = [sunday + timedelta(days) for days in (1, 39, 50)]
    return frozenset([*(date(year, month, day) for month, day in fixed), *moving])


@cache
def school_holidays(year: int) -> tuple[tuple[date, date], ...]:
    """List the school holidays that begin in a year, first and last day.

    The rules are those of the decision of the Flemish government of 17 April 1991.
    """
    sunday = easter(year)
    autumn = date(year, 11, 1)
    autumn = date(year, 11, 2) if autumn.isoweekday() == SUNDAY else _monday(autumn)
    christmas = date(year, 12, 25)
    christmas = _monday(christmas) + timedelta(7 if christmas.isoweekday() >= SATURDAY else 0)
    carnival = sunday - timedelta(48)
    if sunday.month == 3:
        spring = sunday + timedelta(1)
    elif sunday > date(year, 4, 15):
        spring = sunday - timedelta(13)
    else:
        spring = date(year, 4, 1) + timedelta((8 - date(year, 4, 1).isoweekday()) % 7)
    # A fortnight that ends on the eve of Easter Monday has that day on top.
    spring_last = (
        max(spring + timedelta(13), sunday + timedelta(1)) if spring < sunday else spring + timedelta(13)
    )
    return (
        (carnival, carnival + timedelta(6)),
        (spring, spring_last),
        (date(year, 7, 1), date(year, 8, 31)),
        (autumn, autumn + timedelta(6)),
        (christmas, christmas + timedelta(13)),
    )


def is_school_holiday(on: date) -> bool:
    """Say whether schools are closed for a holiday."""
    return any(
        first <= on <= last for year in (on.year - 1, on.year) for first, last in school_holidays(year)
    )


def weekday_in(year: int, month: int, weekday: int, number: int) -> date:
    """Give the n-th weekday of a month; number -1 is the last one.

    Parameters
    ----------
    year, month
        The month.
    weekday
        1 = Monday to 7 = Sunday.
    number
        1 for the first, -1 for the last.
    """
    if number < 0:
        following = date(year + month // 12, month % 12 + 1, 1)
        return following - timedelta((following.isoweekday() - 1 - weekday) % 7 + 1)
    first = date(year, month, 1)
    return first + timedelta((weekday - first.isoweekday()) % 7 + 7 * (number - 1))


def koerse(year: int) -> date:
    """Give the day of Waregem Koerse: the Tuesday after the last Sunday of August."""
    return weekday_in(year, 8, SUNDAY, -1) + timedelta(2)


def _monday(on: date) -> date:
    return on - timedelta(on.isoweekday() - 1)
