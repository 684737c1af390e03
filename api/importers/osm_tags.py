"""What OpenStreetMap's tags mean for who may go where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

STREET_CLASSES = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street",
    "pedestrian", "service", "track", "cycleway", "footway", "path", "steps", "ferry",
)  # fmt: skip
_CLASS_OF = {name: name for name in STREET_CLASSES if name != "ferry"} | {
    "motorway_link": "motorway", "trunk_link": "trunk", "primary_link": "primary",
    "secondary_link": "secondary", "tertiary_link": "tertiary", "road": "unclassified", "bridleway": "path",
    "corridor": "footway",
    "busway": "service", "bus_guideway": "service", "minor": "unclassified", "crossing": "footway",
}  # fmt: skip
_NO = frozenset({"no", "none", "use_sidepath"})
_CLOSED = frozenset({"no", "private", "military", "forestry", "agricultural", "delivery", "permit"})
_PRIVATE = frozenset({"private", "customers", "residents", "delivery", "permit", "employees", "members"})
_WALK = frozenset(STREET_CLASSES) - {"motorway", "trunk"}
_BICYCLE = _WALK - {"pedestrian", "footway", "steps"}
_CAR = frozenset(STREET_CLASSES) - {"pedestrian", "track", "cycleway", "footway", "path", "steps", "ferry"}
_ONEWAY = {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1}
_SPEED = re.compile(r"(\d{1,3})(?:\.\d+)?\s*(mph|km/h|kmh|kph)?")
# Flemish zones that stand as words in maxspeed or zone:maxspeed.
_SPEED_WORDS = {
    "walk": 6.0, "be:living_street": 20.0, "be:zone30": 30.0, "be:cyclestreet": 30.0, "be:urban": 50.0,
    "be-vlg:urban": 50.0, "be-vlg:rural": 70.0, "be:rural": 70.0, "be-wal:rural": 90.0, "be:trunk": 120.0,
    "be:motorway": 120.0, "nl:urban": 50.0, "nl:rural": 80.0,
}  # fmt: skip
_STREET_TAGS = (
    "highway", "route", "access", "vehicle", "foot", "bicycle", "motor_vehicle", "motorcar", "oneway",
    "oneway:bicycle", "oneway:foot", "cycleway", "cycleway:left", "cycleway:right", "cycleway:both",
    "junction", "maxspeed", "conveying",
)  # fmt: skip


class Access(NamedTuple):
    """Who may go along a street, in the direction of its drawing and against it."""

    street_class: str
    is_walk_forward: bool
    is_walk_backward: bool
    is_bicycle_forward: bool
    is_bicycle_backward: bool
    is_car_forward: bool
    is_car_backward: bool
    car_speed_kmh: float | None
    is_private: bool


def street_tags(tags: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Only the tags that decide on access: streets with the same ones share the answer."""
    return tuple((name, tags[name]) for name in _STREET_TAGS if name in tags)


def class_of(tags: Mapping[str, str]) -> str | None:
    """Our street class, or None for what is not a street (yet)."""
    if tags.get("route") == "ferry":
        return "ferry"
    return _CLASS_OF.get(tags.get("highway", ""))


def access_of(tags: Mapping[str, str]) -> Access | None:
    """Who may go along a way, or None when it is no street.

    Parameters
    ----------
    tags
        highway, route, access, vehicle, foot, bicycle, motor_vehicle, motorcar, oneway, oneway:bicycle,
        cycleway and its sides, junction, maxspeed.
    """
    street_class = class_of(tags)
    if street_class is None:
        return None
    general = tags.get("access", "")
    vehicle = tags.get("vehicle") or general
    walk = _may(tags.get("foot"), general, usual=street_class in _WALK)
    bicycle = _may(tags.get("bicycle"), vehicle, usual=street_class in _BICYCLE)
    motor = tags.get("motorcar") or tags.get("motor_vehicle")
    # A ferry carries cars only where it says so; a busway is open to buses only.
    usual = street_class in _CAR and tags.get("highway") not in ("busway", "bus_guideway")
    car = _may(motor, vehicle, usual=usual)
    car_way, bicycle_way, walk_way = _directions(tags, street_class)
    return Access(
        street_class,
        walk and walk_way >= 0,
        walk and walk_way <= 0,
        bicycle and bicycle_way >= 0,
        bicycle and bicycle_way <= 0,
        car and car_way >= 0,
        car and car_way <= 0,
        speed_kmh(tags.get("maxspeed")),
        general in _PRIVATE or (motor in _PRIVATE and general == ""),
    )


def _may(own: str | None, general: str, *, usual: bool) -> bool:
    """The mode's own tag is stronger than the general one, and that is stronger than what is usual."""
    if own:
        return own not in _NO and own not in _CLOSED
    if general in ("no", "private", "military", "permit"):
        return False
    return usual


def _directions(tags: Mapping[str, str], street_class: str) -> tuple[int, int, int]:
    """1 forward only, -1 backward only, 0 both; for car, bicycle and walking."""
    # Roundabouts and motorways are one-way without saying so.
    implied = tags.get("junction") in ("roundabout", "circular") or street_class == "motorway"
    car = _ONEWAY.get(tags.get("oneway", "yes" if implied else "no"), 0)
    own = tags.get("oneway:bicycle")
    sides = [tags.get(name, "") for name in ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")]
    if own is not None:
        bicycle = _ONEWAY.get(own, 0)
    else:
        bicycle = 0 if any(side.startswith("opposite") for side in sides) else car
    # A one-way rule on a path for walkers only is meant for them; elsewhere it is for vehicles.
    on_foot = tags.get("oneway:foot")
    if on_foot is None and street_class in ("steps", "footway"):
        on_foot = tags.get("oneway") if tags.get("conveying") else None
    return car, bicycle, _ONEWAY.get(on_foot or "", 0)


def speed_kmh(text: str | None) -> float | None:
    """Speed limit in km/h of a maxspeed tag, None where it says nothing usable."""
    if not text:
        return None
    first = text.split(";")[0].strip().lower()
    if first in _SPEED_WORDS:
        return _SPEED_WORDS[first]
    match = _SPEED.fullmatch(first)
    if match is None or int(match[1]) == 0:
        return None
    return round(float(match[1]) * (1.609344 if match[2] == "mph" else 1.0), 1)


_USE_LIST = {
    "residential": """
        house apartments residential detached terrace semidetached_house bungalow dormitory flat
        static_caravan cabin houseboat semi annexe hut
    """,
    "commercial": "retail commercial shop supermarket kiosk hotel mall store restaurant bank",
    "mixed": "mixed mixed_use",
}
_USE_OF = {word: use for use, listed in _USE_LIST.items() for word in listed.split()}
_ANNEXES = frozenset({"garage", "garages", "shed", "carport", "roof", "outbuilding", "greenhouse"})


def building_use(tag: str | None) -> str | None:
    """Our use of a building=* value; None where it only says that there is a building."""
    if tag in (None, "", "yes", "no"):
        return None
    return _USE_OF.get(str(tag), "other")


def building_type(tag: str | None) -> str:
    """Our type of a building=* value."""
    return "annex" if tag in _ANNEXES else "main"
