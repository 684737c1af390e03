"""One town, each part made when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from api.demo.addresses import addresses
from api.demo.borders import Border, border
from api.demo.buildings import Buildings, Special, buildings, choose_specials
from api.demo.events import TownEvent, town_events
from api.demo.history import Periods, history, to_day
from api.demo.lineage import Lineage, lineage
from api.demo.lines import Skeleton
from api.demo.lots import Lots, lots, zones
from api.demo.parcels import parcels
from api.demo.parking import Zone, parking_zones
from api.demo.plan import TownPlan
from api.demo.sectors import Sectors, sectors
from api.demo.sensors import Sensor, sensors
from api.demo.skeleton import skeleton
from api.demo.streets import Network, network
from api.demo.tenancy import Tenancy, tenancy
from api.demo.units import shop_units


@dataclass(frozen=True, kw_only=True)
class Order:
    """What data set was asked for.

    Attributes
    ----------
    srid
        EPSG number of the geometry that is handed out.
    seed
        Seed of the data set.
    until
        Last day of the history, and the day after the last one counted.
    years
        Years of occupancies and vacancy spells.
    count_days
        Days of counts.
    """

    srid: int
    seed: int
    until: date
    years: int
    count_days: int


class Town:
    """A town that is invented piece by piece.

    Parameters
    ----------
    plan
        What is true of it, and what it must look like.
    number
        Its number in the data set, from 1.
    order
        The data set asked for.
    """

    def __init__(self, plan: TownPlan, number: int, order: Order) -> None:
        self.plan = plan
        self.number = number
        self.order = order
        self.seed = order.seed
        self.last_day = to_day(order.until)
        self.first_day = to_day(_years_before(order.until, order.years))

    @cached_property
    def border(self) -> Border:
        """Its border."""
        return border(self.plan)

    @cached_property
    def skeleton(self) -> Skeleton:
        """The lines it hangs on."""
        return skeleton(self.plan, self.seed, self.border)

    @cached_property
    def network(self) -> Network:
        """Its streets."""
        return network(self.plan, self.seed, self.border, self.skeleton)

    @cached_property
    def specials(self) -> tuple[Special, ...]:
        """Blocks with one use of their own."""
        blocks = self.network.blocks
        return choose_specials(
            self.plan, self.seed, self.skeleton, blocks, zones(self.plan, self.skeleton, blocks)
        )

    @cached_property
    def lots(self) -> Lots:
        """Its lots."""
        kept_free = np.zeros(len(self.network.blocks), bool)
        kept_free[[special.block for special in self.specials]] = True
        return lots(self.plan, self.seed, self.skeleton, self.network, kept_free)

    @cached_property
    def parcels(self) -> pd.DataFrame:
        """Its parcels."""
        return parcels(self.plan, self.seed, self.lots, number=self.number, until=self.order.until)

    @cached_property
    def buildings(self) -> Buildings:
        """Its buildings."""
        return buildings(self.plan, self.seed, self.lots, self.specials)

    @cached_property
    def houses(self) -> pd.DataFrame:
        """Addresses of its houses."""
        return addresses(self.plan, self.skeleton, self.network, self.lots, self.buildings)

    @cached_property
    def lineage(self) -> Lineage:
        """Its shop units, past and present."""
        today = shop_units(self.plan, self.seed, self.skeleton, self.buildings, self.houses)
        return lineage(self.plan, self.seed, today, self.houses, start=self.first_day, end=self.last_day)

    @cached_property
    def history(self) -> Periods:
        """What happened to the shop units."""
        return history(self.plan, self.seed, self.lineage, start=self.first_day, end=self.last_day)

    @cached_property
    def tenancy(self) -> Tenancy:
        """What is known of it."""
        return tenancy(self.plan, self.seed, self.lineage, self.history, end=self.last_day)

    @cached_property
    def sectors(self) -> Sectors:
        """Its statistical sectors."""
        return sectors(self.plan, self.seed, self.border, self.skeleton, self.buildings)

    @cached_property
    def sensors(self) -> list[Sensor]:
        """Its counters."""
        return sensors(self.plan, self.seed, self.skeleton, self.order.until, self.order.count_days)

    @cached_property
    def events(self) -> list[TownEvent]:
        """Its events."""
        return town_events(self.plan, self.seed, self.order.until)

    @cached_property
    def parking(self) -> list[Zone]:
        """Its parking zones."""
        return parking_zones(
            self.plan, self.seed, self.skeleton, net=self.network, made=self.lots, built=self.buildings
        )


def _years_before(on: date, years: int) -> date:
    # 29 February has no counterpart in most years.
    return date(on.year - years, on.month, min(on.day, 28) if on.month == 2 else on.day)
