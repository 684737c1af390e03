"""Events of a town: markets, fairs, street sales and the key events on the dates their rules give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely

from api.demo.days import SATURDAY, SUNDAY, easter, koerse, weekday_in
from api.demo.lines import Skeleton
from api.demo.plan import TownPlan, dice

ZONE = ZoneInfo("Europe/Brussels")
YEARS_BACK = 2
_BYDAY = ("", "MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class TownEvent:
    """One event, or one market with its recurrence.

    Attributes
    ----------
    name, kind
        What it is; kind of the code list `event_kind`.
    starts, ends
        Local time; of a recurring event the first time.
    rule
        RFC 5545 recurrence, empty for once.
    lift
        Extra footfall at the busiest place as a share: 0.5 is half as much again.
    on_square
        Does it take place on the market square?
    cost_net_eur
        What it costs the city, EUR; NaN when not known.
    """

    name: str
    kind: str
    starts: datetime
    ends: datetime
    rule: str = ""
    lift: float = 0.0
    on_square: bool = True
    cost_net_eur: float = float("nan")


def town_events(plan: TownPlan, seed: int, until: date) -> list[TownEvent]:
    """List the events of the last two years.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    until
        Last day of the data set.
    """
    rng = dice(plan, seed, "events")
    first = date(until.year - YEARS_BACK, 1, 1)
    found = _markets(plan, first)
    for year in range(first.year, until.year + 1):
        found += _yearly(plan, rng, year)
        found += _own(plan, year)
    begin = until - timedelta(365 * YEARS_BACK + 1)
    return [event for event in found if event.rule or begin <= event.starts.date() < until]


def _span(
    name: str, kind: str, first: date, days: int = 1, *, hours: tuple[int, int] = (10, 18), lift: float = 0.3,
    cost_net_eur: float = float("nan"), on_square: bool = True,
) -> TownEvent:  # fmt: skip
    last = first + timedelta(days - 1 + hours[1] // 24)
    return TownEvent(
        name,
        kind,
        datetime.combine(first, time(hours[0])),
        datetime.combine(last, time(hours[1] % 24)),
        lift=lift,
        on_square=on_square,
        cost_net_eur=cost_net_eur,
    )


def _markets(plan: TownPlan, first: date) -> list[TownEvent]:
    markets = []
    for weekday in plan.market_weekdays:
        begin = first + timedelta((weekday - first.isoweekday()) % 7)
        name, rule = f"Weekmarkt {plan.name_nl}", f"FREQ=WEEKLY;BYDAY={_BYDAY[weekday]}"
        if plan.nis_code == "31004" and weekday == 1:
            # The second market of Blankenberge runs from Easter to the end of the season.
            begin = easter(first.year) + timedelta(1)
            name, rule = "Seizoensmarkt", f"{rule};BYMONTH=4,5,6,7,8,9"
        if plan.nis_code == "32003" and weekday == SATURDAY:
            name = "Boerenmarkt"
        at = (datetime.combine(begin, time(8)), datetime.combine(begin, time(12)))
        markets.append(TownEvent(name, "market", *at, rule=rule, lift=0.0))
    if plan.nis_code == "34040":
        begin = first + timedelta((3 - first.isoweekday()) % 7)
        at = (datetime.combine(begin, time(14)), datetime.combine(begin, time(18)))
        markets.append(TownEvent("Dorpsmarkt", "market", *at, rule="FREQ=WEEKLY;BYDAY=WE", on_square=False))
    return markets


def _yearly(plan: TownPlan, rng: np.random.Generator, year: int) -> list[TownEvent]:
    sale, fair = rng.integers(1, 3), rng.integers(0, 3)
    braderie = weekday_in(year, (6, 7, 9)[int(plan.nis_code) % 3], SATURDAY, int(sale))
    fair_on = weekday_in(year, (5, 8, 10)[int(plan.nis_code) % 3], SATURDAY, int(fair) + 1)
    client = weekday_in(year, 10, SATURDAY, 1)
    return [
        _span("Braderie", "braderie", braderie, 2, lift=0.9, cost_net_eur=float(rng.integers(60, 180) * 100)),
        _span("Kermis", "fair", fair_on, 3, hours=(14, 22), lift=0.45, cost_net_eur=float(rng.integers(0, 60) * 100)),
        _span("Weekend van de Klant", "action", client, 2, hours=(10, 18), lift=0.14, cost_net_eur=2500.0),
        _span("Koopzondag december", "sales_sunday", weekday_in(year, 12, SUNDAY, 2), hours=(13, 18), lift=1.2),
        _span("Koopzondag solden", "sales_sunday", weekday_in(year, 1, SUNDAY, 1), hours=(13, 18), lift=0.9),
        _span(
            "Kerstmarkt", "seasonal", weekday_in(year, 12, SATURDAY, 2), 9, hours=(12, 21), lift=0.28,
            cost_net_eur=float(rng.integers(150, 420) * 100),
        ),
    ]  # fmt: skip


def _own(plan: TownPlan, year: int) -> list[TownEvent]:
    """Key events of the seven; true names and rules where a rule is known, invented days elsewhere."""
    sunday, day = easter(year), koerse(year)
    july_last = weekday_in(year, 7, SUNDAY, -1)
    works = [_span("Werken aan de Leiebrug", "works", date(year, 3, 4), 60, lift=-0.18, on_square=False)]
    key_events = {
        "31022": [
            _span(
                "ParkPop", "festival", weekday_in(year, 7, 5, 2), 2, hours=(18, 24), lift=1.1, on_square=False
            ),
            _span("Foodtruckfestival", "festival", weekday_in(year, 5, SUNDAY, 3), hours=(11, 22), lift=0.7),
        ],
        "31004": [
            _span(
                "Kustseizoen",
                "seasonal",
                sunday,
                (date(year, 9, 30) - sunday).days,
                lift=0.0,
                on_square=False,
            ),
            _span("Havenfeesten", "festival", weekday_in(year, 5, SATURDAY, 2), 2, hours=(11, 22), lift=0.6),
            _span("Bloemencorso", "procession", weekday_in(year, 8, SUNDAY, -1), hours=(14, 18), lift=1.6),
        ],
        "32003": [
            _span("Boter- en Kaasfeesten", "festival", sunday + timedelta(50), hours=(10, 20), lift=4.0),
        ],
        "34013": [_span("Marktshow", "festival", weekday_in(year, 6, 4, 2), hours=(9, 13), lift=0.6)],
        "34027": works if year % 2 else [],
        "38025": [
            _span("Boetprocessie", "procession", july_last, hours=(14, 18), lift=5.0),
            _span("Julifoor", "fair", weekday_in(year, 7, SATURDAY, -1), 9, hours=(14, 22), lift=0.5),
            _span("Avondmarkt", "market", weekday_in(year, 8, 3, 2), hours=(17, 22), lift=2.2),
        ],
        "34040": [
            _span("Waregem Koerse Feesten", "festival", day - timedelta(4), 4, hours=(16, 24), lift=2.4),
            _span("Waregem Koerse", "sport", day, hours=(9, 24), lift=7.0, cost_net_eur=85_000.0),
        ],
    }
    return key_events.get(plan.nis_code, [])


def event_frame(plan: TownPlan, drawn: Skeleton, events: list[TownEvent]) -> pd.DataFrame:
    """Give the events as rows of the target `event`.

    Parameters
    ----------
    plan
        The town.
    drawn
        The lines the town hangs on, for the square.
    events
        The events.
    """
    square = shapely.centroid(drawn.square)
    numbers: dict[str, int] = {}
    codes = []
    for event in events:
        key = "".join(letter for letter in event.name.lower() if letter.isalnum())[:14]
        numbers[key] = numbers.get(key, 0) + 1
        codes.append(f"{plan.nis_code}-{event.starts.year}-{key}-{numbers[key]}")
    return pd.DataFrame(
        {
            "nis_code": plan.nis_code,
            "code": codes,
            "name": [event.name for event in events],
            "kind": [event.kind for event in events],
            "starts_at": _instants([event.starts for event in events]),
            "ends_at": _instants([event.ends for event in events]),
            "recurring_rule": [event.rule or None for event in events],
            "cost_net_eur": [event.cost_net_eur for event in events],
            "organiser": f"Stad {plan.name_nl} (fictief)",
            # A feast fills the shopping streets, a market the square; what has no place is felt in the whole centre.
            "streets": [_streets(plan) if event.on_square and event.lift else None for event in events],
            "geometry": [square if event.on_square else None for event in events],
        }
    )


def _streets(plan: TownPlan) -> list[str]:
    return [name for name, _ in plan.main_streets]


def _instants(local: list[datetime]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex([at.replace(tzinfo=ZONE) for at in local]).tz_convert("UTC").as_unit("us")
