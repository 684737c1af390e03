"""When an event that comes back is held: rules after RFC 5545."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dateutil.rrule import rrule, rrulestr

from gis.errors import FrameError

MOST = 2000
_PARTS = frozenset(
    {
        "FREQ",
        "INTERVAL",
        "COUNT",
        "UNTIL",
        "BYDAY",
        "BYMONTH",
        "BYMONTHDAY",
        "BYSETPOS",
        "BYYEARDAY",
        "BYWEEKNO",
        "WKST",
    }
)
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
REGULAR_DAYS = 7


def check_rule(rule: str) -> str:
    """Give a rule in capitals and without its name.

    Raises
    ------
    FrameError
        When it is not a rule in days, weeks, months or years.
    """
    told = rule.strip().upper().removeprefix("RRULE:")
    parts = dict(part.partition("=")[::2] for part in told.split(";") if part)
    unknown = set(parts) - _PARTS
    if unknown or parts.get("FREQ") not in _FREQUENCIES:
        wrong = ", ".join(sorted(unknown)) or parts.get("FREQ") or "no FREQ"
        raise FrameError(f"recurrence {rule!r}: {wrong} is not understood; write it as FREQ=WEEKLY;BYDAY=TU")
    try:
        rrulestr(told, dtstart=datetime(2020, 1, 1), ignoretz=True)  # noqa: DTZ001  times of the clock on the wall
    except (ValueError, TypeError) as error:
        raise FrameError(
            f"recurrence {rule!r} cannot be read ({error}); write it as FREQ=WEEKLY;BYDAY=TU"
        ) from error
    return told


def occurrences(
    starts: datetime, ends: datetime, rule: str | None, *, first: datetime, last: datetime
) -> list[tuple[datetime, datetime]]:
    """List the times at which an event is held.

    Parameters
    ----------
    starts, ends
        The first time, on the clock on the wall (without a zone): a market at eight stays at eight in summer.
    rule
        RFC 5545 recurrence; none is once.
    first, last
        Only what touches this span; at most 2,000 times.

    Raises
    ------
    FrameError
        When the rule cannot be read.
    """
    if not rule:
        return [(starts, ends)] if starts < last and ends > first else []
    lasts = ends - starts
    found: Sequence[datetime] = _rule(rule, starts).between(first - lasts, last, inc=True)[:MOST]
    return [(begin, begin + lasts) for begin in found if begin < last and begin + lasts > first]


def is_regular(starts: datetime, rule: str | None) -> bool:
    """Does it come every week or more often? Then no week without it is left to compare with."""
    if not rule:
        return False
    found = list(_rule(rule, starts).between(starts, starts + timedelta(days=100), inc=True))[:4]
    return len(found) >= 3 and (found[2] - found[0]).days <= 2 * REGULAR_DAYS


def _rule(rule: str, starts: datetime) -> rrule:
    made = rrulestr(check_rule(rule), dtstart=starts, ignoretz=True)
    assert isinstance(made, rrule)
    return made
