"""When events are held on the clock on the wall, and which of their hours are judged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gis.recurrence import is_regular, occurrences

# A measure that goes on is judged over twelve weeks at most: longer, and the weeks before say nothing any more.
LONGEST_DAYS, MASKED_DAYS = 84, 28
OPEN_HOURS = (10, 18)
LONG_KINDS = ("works", "street_closure", "parking_measure", "seasonal")
# A feast until two in the night ends on the evening before.
NIGHT_ENDS = time(6)
ALL_DAY_HOURS, SHORTEST_HOURS = 16, 2
EARLIEST, LATEST = datetime(1990, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001  the clock on the wall


@dataclass(frozen=True)
class Held:
    """One time an event is held.

    Attributes
    ----------
    first_on, last_on
        Its days, both included.
    days
        How many of them are judged, from the first on.
    hours
        From this hour up to but without that one, on each of them.
    """

    first_on: date
    last_on: date
    days: int
    hours: tuple[int, int]


def held_times(
    event: Mapping[str, Any], zone: str, *, first: datetime = EARLIEST, last: datetime = LATEST, today: date
) -> list[Held]:
    """
    Every time an event is held in a span of the clock on the wall, the earliest first.

    Raises
    ------
    FrameError
        When its rule cannot be read.
    """
    starts = local(event["starts_at"], zone)
    # What goes on has lasted until now.
    ends = local(event["ends_at"], zone) if event["ends_at"] else datetime.combine(today, time(23, 59))
    ends = max(ends, starts + timedelta(hours=1))
    found = occurrences(starts, ends, event["recurring_rule"], first=first, last=last)
    return [_held(begin, end, str(event["kind"])) for begin, end in found]


def local(moment: datetime, zone: str) -> datetime:
    """An instant as the clock on the wall shows it, without a zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _held(starts: datetime, ends: datetime, kind: str) -> Held:
    last_on = (ends - timedelta(microseconds=1)).date()
    is_night = last_on > starts.date() and ends.time() <= NIGHT_ENDS and starts.time() > NIGHT_ENDS
    if is_night:
        last_on = (
            datetime.combine(last_on, time()) - timedelta(days=0 if ends.time() == time() else 1)
        ).date()
    days = (last_on - starts.date()).days + 1
    until = 24 if is_night or ends.time() == time() else ends.hour + bool(ends.minute)
    hours = (starts.hour, until)
    length = until - starts.hour
    if (kind in LONG_KINDS and days > MASKED_DAYS) or not SHORTEST_HOURS <= length <= ALL_DAY_HOURS:
        hours = OPEN_HOURS
    return Held(starts.date(), last_on, min(days, LONGEST_DAYS), hours)


def is_every_week(event: Mapping[str, Any], zone: str) -> bool:
    """Does it come every week or more often? Then no week without it is left to compare with."""
    return is_regular(local(event["starts_at"], zone), event["recurring_rule"])


def series_key(event: Mapping[str, Any]) -> tuple[str, str]:
    """What the same event of another year shares with this one: its kind, and its name without the year."""
    name = re.sub(r"\b(19|20)\d\d\b|\b\d+(e|ste|de|ème|th|st|nd|rd)\b", " ", str(event["name"]).lower())
    return str(event["kind"]), " ".join(re.findall(r"\w+", name))
