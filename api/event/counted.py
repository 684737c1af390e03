"""What the study of events rests on, read once for all events of a municipality."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from sqlalchemy.orm import Session

from api.catchment.networks import get_network
from api.db.session import current_day
from api.errors import NotAnswerable
from api.event import queries
from api.event.moments import MASKED_DAYS, Held, held_times, is_every_week, local
from api.footfall.hours import read_hours
from api.settings import get_settings
from gis.calendar import public_holidays
from gis.counts import hourly
from gis.errors import FrameError, NetworkError
from gis.event_effect import MIN_CONTROLS

# A control stands further away than people wander from an event; near ones may still feel some of it.
CONTROL_M, NEAR_M, LOOK_M = 200.0, 500.0, 1500.0
# Where no streets are known, a walk is so much longer than the bird's way.
DETOUR = 1.3
# Two towns hold a dozen sensors: more cost seconds and tell no more.
MOST_TOWNS = 2
LISTED_DAYS = 6 * 365
MASK_COLUMNS = ["event_id", "nis_code", "name", "first_on", "last_on"]
CONTROLS: Sequence[str] = ("control", "near_control")


@dataclass
class Counted:
    """Counts, sensors and events of a municipality, and of its neighbours where its own sensors are too few.

    Attributes
    ----------
    session, nis_code
        Whose.
    """

    session: Session
    nis_code: str

    @cached_property
    def timezone(self) -> str:
        """Zone of the clock on the wall."""
        return get_settings().timezone

    @cached_property
    def today(self) -> date:
        """The day it is where the database is."""
        return current_day(self.session)

    @cached_property
    def towns(self) -> list[str]:
        """Other municipalities whose sensors may serve as controls, the nearest first."""
        return queries.towns_with_sensors(self.session, self.nis_code)[:MOST_TOWNS]

    @cached_property
    def sensors(self) -> pd.DataFrame:
        """Sensors of this municipality and of those others."""
        return queries.sensors(self.session, [self.nis_code, *self.towns])

    @cached_property
    def own(self) -> pd.DataFrame:
        """Passages of its own sensors, clock hours x sensors."""
        return self._hours(self.nis_code)

    @cached_property
    def everywhere(self) -> pd.DataFrame:
        """Passages of its own sensors and of those of the other municipalities."""
        tables = [self.own, *(self._hours(nis) for nis in self.towns)]
        joined = pd.concat([table for table in tables if len(table)] or tables[:1], axis=1)
        return joined.reindex(self.own.index) if len(self.own) else joined

    @cached_property
    def doors(self) -> pd.DataFrame:
        """Entries of shops, on the hours of its own sensors."""
        counts = read_hours(self.session, self.nis_code, measure_kind="entries")
        table = hourly(counts, timezone=self.timezone)
        return table.reindex(self.own.index) if len(table) and len(self.own) else table

    def _hours(self, nis_code: str) -> pd.DataFrame:
        counts = read_hours(self.session, nis_code)
        placed = self.sensors.index[self.sensors["measure_kind"] == "passage"]
        return hourly(counts[counts["sensor_id"].isin(placed)], timezone=self.timezone)

    @cached_property
    def span(self) -> tuple[date | None, date | None]:
        """First and last local day on which anything was counted."""
        first, last = (
            None if at is None else local(at, self.timezone).date()
            for at in queries.counted_span(self.session, self.nis_code)
        )
        return first, last

    @property
    def last_on(self) -> date | None:
        """The last day that was counted."""
        return self.span[1]

    @cached_property
    def holidays(self) -> pd.DatetimeIndex:
        """Public holidays of the time that was counted and the year after."""
        first, last = self.span
        found = public_holidays(
            first or self.today, max(self.today, last or self.today) + timedelta(days=400)
        )
        return pd.DatetimeIndex(found.index)

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """Events of this municipality and of those others."""
        return [dict(row) for row in queries.events(self.session, [self.nis_code, *self.towns])]

    def held(self, event: Mapping[str, Any]) -> list[Held]:
        """Every time an event is held, from six years back to a year from now; none when its rule makes no sense."""
        first = min(self.span[0] or self.today, self.today - timedelta(days=LISTED_DAYS))
        span = [datetime.combine(day, time()) for day in (first, self.today + timedelta(days=370))]
        try:
            return held_times(event, self.timezone, first=span[0], last=span[1], today=self.today)
        except FrameError:
            return []

    def is_regular(self, event: Mapping[str, Any]) -> bool:
        """Does it come every week, so that no week without it is left?"""
        try:
            return is_every_week(event, self.timezone)
        except FrameError:
            return False

    @cached_property
    def masked(self) -> pd.DataFrame:
        """Days of events that are no yardstick: neither every week, nor so long that nothing is left."""
        rows = [
            (event["id"], event["nis_code"], event["name"], held.first_on, held.last_on)
            for event in self.events
            if not self.is_regular(event)
            for held in self.held(event)
            if (held.last_on - held.first_on).days < MASKED_DAYS
        ]
        return pd.DataFrame(rows, columns=MASK_COLUMNS)

    def others(self, event: Mapping[str, Any], held: Held) -> pd.DataFrame:
        """
        Days of other events per sensor of their municipality.

        What falls on the days that are judged stays in the judgement of this municipality's own sensors: it cannot be
        told apart, and is named beside it.
        """
        rows = []
        day = timedelta(days=1)
        for other in self.masked.to_dict("records"):
            if other["event_id"] == event["id"] and other["first_on"] == held.first_on:
                continue
            spans = [(other["first_on"], other["last_on"])]
            if other["nis_code"] == self.nis_code:
                spans = [
                    (other["first_on"], min(other["last_on"], held.first_on - day)),
                    (max(other["first_on"], held.last_on + day), other["last_on"]),
                ]
            for sensor in self.sensors.index[self.sensors["nis_code"] == other["nis_code"]]:
                rows += [(sensor, *span) for span in spans if span[0] <= span[1]]
        return pd.DataFrame(rows, columns=["sensor_id", "first_on", "last_on"])

    def overlapping(self, event: Mapping[str, Any], held: Held) -> list[str]:
        """Names of other events of this municipality on the same days."""
        here = self.masked[
            (self.masked["nis_code"] == self.nis_code) & (self.masked["event_id"] != event["id"])
        ]
        is_same = (here["first_on"] <= held.last_on) & (here["last_on"] >= held.first_on)
        return sorted(set(here["name"][is_same].astype(str)))

    def roles(self, event: Mapping[str, Any]) -> pd.DataFrame:
        """
        What each sensor is to an event.

        Returns
        -------
        ``role`` (treated, control, near_control, between, door) and ``distance_m`` (on foot; NaN in another
        municipality), by sensor; ``between`` is too near to compare with and outside the event.
        """
        return self._roles(queries.distances_to(self.session, int(event["id"])))

    def roles_at(self, place: Mapping[str, Any]) -> pd.DataFrame:
        """The same of a place that no event has yet; of other municipalities only where their sensors are needed."""
        table = self._roles(queries.distances_to_place(self.session, self.nis_code, place))
        # A bicycle counter is no part of a study.
        table = table.drop(queries.others_only(self.session, [self.nis_code, *self.towns]), errors="ignore")
        is_own = table["nis_code"] == self.nis_code
        is_enough = (is_own & table["role"].isin(CONTROLS)).sum() >= MIN_CONTROLS
        return table[is_own] if is_enough else table

    def _roles(self, found: pd.DataFrame) -> pd.DataFrame:
        table = self.sensors.copy()
        table["is_inside"] = found["is_inside"].reindex(table.index).fillna(False).astype(bool)
        is_own = table["nis_code"] == self.nis_code
        on_foot = self._on_foot(table[is_own])
        straight = found["distance_m"].reindex(table.index) * DETOUR
        table["distance_m"] = on_foot.reindex(table.index).where(
            on_foot.reindex(table.index).notna(), straight
        )
        is_passage = table["measure_kind"] == "passage"
        table["role"] = np.select(
            [
                table["is_inside"] & is_passage,
                table["is_inside"],
                ~is_passage,
                ~is_own | (table["distance_m"] > NEAR_M),
                table["distance_m"] > CONTROL_M,
            ],
            ["treated", "door", "unused", "control", "near_control"],
            "between",
        )
        return table[table["role"] != "unused"]

    def _on_foot(self, sensors: pd.DataFrame) -> pd.Series:
        """Metres along the streets from each sensor to the nearest one in the event; NaN where none is known."""
        inside = sensors[sensors["is_inside"]]
        nothing = pd.Series(np.nan, index=sensors.index)
        if inside.empty:
            return nothing
        try:
            network = get_network(self.session, "walk")
        except (NetworkError, NotAnswerable):
            return nothing
        to = network.snap(sensors[["x", "y"]].to_numpy(float))
        of = network.snap(inside[["x", "y"]].to_numpy(float))
        metres: csr_array = network.distances(of, to, limit_m=LOOK_M)
        table = np.full(metres.shape, np.inf)
        cells = metres.tocoo()
        table[cells.row, cells.col] = cells.data
        nearest = pd.Series(table.min(axis=0), index=sensors.index)
        nearest[sensors["is_inside"]] = 0.0
        # Further than was looked is far enough, whatever the street does.
        return nearest.where(np.isfinite(nearest), LOOK_M)

    def hours_for(self, roles: pd.DataFrame) -> pd.DataFrame:
        """Own counts where they hold enough controls, else with those of the other municipalities."""
        counted = roles.index.intersection(self.own.columns)
        controls = roles.loc[counted]
        controls = controls[(controls["nis_code"] == self.nis_code) & controls["role"].isin(CONTROLS)]
        return self.own if len(controls) >= MIN_CONTROLS else self.everywhere
