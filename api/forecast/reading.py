"""Counts, calendar and events of a municipality, as the forecast takes them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pandas as pd
from sqlalchemy.orm import Session

from api.db.session import current_day
from api.footfall.hours import read_hours
from api.forecast import queries
from api.forecast.weather import read_weather
from api.settings import get_settings
from gis.calendar import day_table
from gis.counts import hourly
from gis.forecast_base import DAY_H, HORIZON_H, Counted, counted

# Two years to learn from, the year before each of their days, and a quarter to spare.
HISTORY_DAYS = 3 * 366
# French days off fill Menen and the coast of Veurne; the Dutch come to Blankenberge as well.
USUAL_NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "34027": ("FR",),
    "38025": ("FR",),
    "31004": ("NL", "FR"),
}
# The first day of a fortnight is the one on which it is forecast: what came of the weather by then is known.
KNOWN_H = DAY_H
# Works change the level of a street for weeks, which the weeks before show.
NO_DAY_APART = ("works", "seasonal")


@dataclass(frozen=True)
class Past:
    """What was counted, and from which midnight on a forecast can begin.

    Attributes
    ----------
    counted
        The table, with calendar and events.
    first
        Its first midnight on the clock on the wall.
    origin
        The midnight after the last counted hour, at the latest today's, as a place in the table.
    counted_until
        End of the last counted hour (UTC).
    """

    counted: Counted
    first: pd.Timestamp
    origin: int
    counted_until: datetime

    @property
    def begins_on(self) -> date:
        """First day of the forecast."""
        return self.day(self.origin)

    def day(self, origin: int) -> date:
        """Day of a place in the table."""
        found: date = (self.first + pd.Timedelta(hours=origin)).date()
        return found


def passages(session: Session, nis_code: str, *, first_at: datetime | None = None) -> pd.DataFrame:
    """Read hours of people on foot; of sensors that do not tell them apart, of all who pass."""
    on_foot = read_hours(session, nis_code, mode="ped", first_at=first_at)
    all_modes = read_hours(session, nis_code, mode="all", first_at=first_at)
    others = all_modes[~all_modes["sensor_id"].isin(on_foot["sensor_id"].unique())]
    return pd.concat([on_foot, others], ignore_index=True) if len(others) else on_foot


def neighbours_of(nis_code: str, countries: Sequence[str] | None) -> tuple[str, ...]:
    """Give the countries whose holidays bring visitors: as set, else as usual there."""
    return tuple(countries) if countries is not None else USUAL_NEIGHBOURS.get(nis_code, ())


def calendar(session: Session, nis_code: str, first: date, last: date) -> pd.DataFrame:
    """Say of every day what kind it is in a municipality."""
    about = queries.municipality(session, nis_code)
    return day_table(
        first,
        last,
        neighbours=neighbours_of(nis_code, about["holiday_countries"]),
        market_weekdays=about["market_weekdays"] or (),
    )


def local_events(session: Session, nis_code: str) -> pd.DataFrame:
    """List events on the clock on the wall, those that make days apart only."""
    events = queries.events(session, nis_code)
    zone = get_settings().timezone
    for column, name in (("starts_at", "starts"), ("ends_at", "ends")):
        events[name] = events[column].dt.tz_convert(zone).dt.tz_localize(None)
    return events[~events["kind"].isin(NO_DAY_APART)]


def read_past(session: Session, nis_code: str) -> Past | None:
    """Read all that a forecast needs; None where nobody counted."""
    zone = get_settings().timezone
    today = current_day(session)
    since = pd.Timestamp(today - timedelta(days=HISTORY_DAYS), tz=zone)
    frame = passages(session, nis_code, first_at=since.to_pydatetime())
    if frame.empty:
        # Older counts still tell how busy it was: the forecast then begins where they end.
        frame = passages(session, nis_code)
    table = hourly(frame, timezone=zone) if len(frame) else pd.DataFrame()
    is_counted = table.notna().any(axis=1)
    if not is_counted.any():
        return None
    table = table.loc[:, table.notna().any()]
    first, last = table.index[0], is_counted.index[is_counted][-1]
    begin = min((last + pd.Timedelta(hours=1)).ceil("D"), pd.Timestamp(today))
    begin = max(begin, first)
    ahead = pd.Timedelta(hours=HORIZON_H + 2 * DAY_H)
    days = calendar(session, nis_code, first.date(), (max(table.index[-1], begin) + ahead).date())
    past = counted(table, days, local_events(session, nis_code))
    known_at = (begin + pd.Timedelta(hours=KNOWN_H)).tz_localize(zone, nonexistent="shift_forward")
    weather = read_weather(
        session, nis_code, first=first, n_hours=len(table), known_at=known_at.to_pydatetime()
    )
    past = replace(past, weather=weather)
    until = (last + pd.Timedelta(hours=1)).tz_localize(zone, ambiguous=False, nonexistent="shift_forward")
    return Past(
        past, first, int((begin - first) // pd.Timedelta(hours=1)), until.tz_convert("UTC").to_pydatetime()
    )


def valid_hours(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay hours out on the clock on the wall, valid ones only; empty without any."""
    return hourly(frame, timezone=get_settings().timezone) if len(frame) else pd.DataFrame()
