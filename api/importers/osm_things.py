"""Which tagged things of OpenStreetMap are buildings, water, shops, stations or car parks of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import shapely

from api.importers.osm_tags import building_type, building_use
from api.importers.values import parse_date

HINT_KEYS = ("shop", "disused:shop", "amenity", "craft", "office", "leisure", "tourism")
# A hint on the map is a place with a door that customers go through.
_HINT_VALUES = {
    "amenity": """
        restaurant cafe bar pub fast_food ice_cream bank pharmacy biergarten cinema theatre nightclub
        post_office
        bureau_de_change car_rental driving_school dentist doctors veterinary fuel parcel_locker
    """,
    "leisure": "fitness_centre amusement_arcade adult_gaming_centre dance escape_game bowling_alley",
    "tourism": "hotel gallery museum information hostel",
}
_HINTS = {key: frozenset(listed.split()) for key, listed in _HINT_VALUES.items()}
# Nothing that leads to a person: no telephone, no e-mail address, no contact of any kind.
_HINT_TAG_LIST = """
    shop disused:shop amenity craft office leisure tourism name brand brand:wikidata operator opening_hours
    cuisine start_date check_date level second_hand website addr:street addr:housenumber
    addr:postcode addr:city
"""
HINT_TAGS = frozenset(_HINT_TAG_LIST.split())
_PLACES = {
    ("railway", "station"): "station",
    ("railway", "halt"): "station",
    ("highway", "bus_stop"): "stop",
    ("railway", "tram_stop"): "stop",
    ("amenity", "bus_station"): "stop",
    ("amenity", "school"): "school",
    ("amenity", "college"): "school",
    ("amenity", "university"): "school",
    ("amenity", "hospital"): "hospital",
    ("amenity", "townhall"): "town_hall",
    ("amenity", "library"): "library",
}
PLACE_KEYS = ("railway", "highway", "amenity")
_GREEN_LIST = {
    "leisure": "park garden nature_reserve pitch golf_course playground",
    "landuse": "grass forest meadow cemetery recreation_ground village_green orchard allotments",
    "natural": "wood grassland scrub heath wetland",
}
_GREEN = {key: frozenset(listed.split()) for key, listed in _GREEN_LIST.items()}
_WATER = {
    "natural": frozenset({"water"}),
    "waterway": frozenset({"riverbank", "dock", "river", "canal"}),
    "landuse": frozenset({"reservoir", "basin"}),
}
_RAIL = {
    "landuse": frozenset({"railway"}),
    "railway": frozenset({"rail", "light_rail", "tram", "narrow_gauge"}),
}
BACKDROP_KEYS = ("natural", "waterway", "landuse", "leisure", "railway")
LINE_WIDTH_M = {"water": 6.0, "rail": 3.0}
_STAY = re.compile(r"(\d+(?:[.,]\d+)?)\s*(minutes?|min|m|hours?|hrs?|h|uur|u|days?)", re.I)


def building(tags: Mapping[str, str], geometry: Any) -> dict[str, Any] | None:
    """A building, when the thing is an area tagged building."""
    tag = tags.get("building")
    if tag in (None, "no") or not _is_area(geometry):
        return None
    return {
        "building_type": building_type(tag),
        "use": building_use(tag),
        "floors": _whole(tags.get("building:levels"), highest=150),
        "height_m": _number(tags.get("height"), highest=500),
    }


def backdrop(tags: Mapping[str, str], geometry: Any) -> dict[str, Any] | None:
    """Water, green or rail; a line gets its width later, in metres."""
    for kind, wanted in (("water", _WATER), ("rail", _RAIL), ("green", _GREEN)):
        if not any(tags.get(key) in values for key, values in wanted.items()):
            continue
        if _is_area(geometry):
            return {"kind": kind, "name": tags.get("name")}
        is_hidden = tags.get("tunnel") in ("yes", "culvert")
        if kind in LINE_WIDTH_M and shapely.get_type_id(geometry) == 1 and not is_hidden:
            width = _number(tags.get("width"), highest=500) or LINE_WIDTH_M[kind]
            return {"kind": kind, "name": tags.get("name"), "width_m": width}
    return None


def place_hint(tags: Mapping[str, str], _geometry: Any) -> dict[str, Any] | None:
    """A shop or another place with customers."""
    for key in HINT_KEYS:
        value = tags.get(key)
        if value is None or value == "no" or (key in _HINTS and value not in _HINTS[key]):
            continue
        return {
            "kind": f"{key}={value}",
            "name": tags.get("name"),
            "brand": tags.get("brand"),
            "tags": {name: tags[name] for name in sorted(tags) if name in HINT_TAGS},
            "checked_on": _date(tags.get("check_date")),
        }
    return None


def public_place(tags: Mapping[str, str], _geometry: Any) -> dict[str, Any] | None:
    """A place that people go to whatever the shops are."""
    for (key, value), kind in _PLACES.items():
        if tags.get(key) == value and not tags.get("disused"):
            return {"kind": kind, "name": tags.get("name"), "weight": 1.0}
    return None


def parking_zone(tags: Mapping[str, str], geometry: Any) -> dict[str, Any] | None:
    """A car park that a visitor may use."""
    if tags.get("amenity") != "parking" or tags.get("access") in ("private", "no", "permit", "employees"):
        return None
    kind = tags.get("parking", "")
    fee = tags.get("fee", "")
    stay = tags.get("maxstay")
    regime = "paid" if fee == "yes" else "free" if fee == "no" else "unknown"
    return {
        "name": tags.get("name"),
        "kind": _PARKING_KIND.get(kind, "surface"),
        "capacity": _whole(tags.get("capacity"), highest=20_000),
        "regime": "resident" if tags.get("access") == "residents" else regime,
        "max_stay_min": _minutes(stay),
        "area_geom": geometry if _is_area(geometry) else None,
    }


_PARKING_KIND = {
    "multi-storey": "garage",
    "underground": "garage",
    "rooftop": "garage",
    "street_side": "street",
    "lane": "street",
    "on_kerb": "street",
    "half_on_kerb": "street",
}


def _is_area(geometry: Any) -> bool:
    return shapely.get_type_id(geometry) in (3, 6)


def _number(text: str | None, *, highest: float) -> float | None:
    match = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*m?", (text or "").strip())
    value = float(match[1].replace(",", ".")) if match else None
    return value if value is not None and value <= highest else None


def _whole(text: str | None, *, highest: float) -> int | None:
    value = _number(text, highest=highest)
    return None if value is None else int(value)


def _minutes(text: str | None) -> int | None:
    match = _STAY.fullmatch((text or "").strip())
    if match is None:
        return None
    each = {"h": 60, "u": 60, "d": 1440}.get(match[2][0].lower(), 1)
    return round(float(match[1].replace(",", ".")) * each)


def _date(text: str | None) -> Any:
    try:
        return parse_date(text) if text else None
    except ValueError:
        return None
