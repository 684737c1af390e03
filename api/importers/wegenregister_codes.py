"""What the codes of the Flemish road register mean for who may go where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.importers.osm_tags import Access

# Who may use a kind of road when nothing else is said: walking, bicycle, car.
_ALL = (True, True, True)
_SLOW = (True, True, False)
_CARS = (False, False, True)
_V1_KINDS: dict[str, tuple[str, tuple[bool, bool, bool]]] = {
    "101": ("motorway", _CARS),
    "102": ("primary", _ALL),
    "103": ("unclassified", _ALL),
    "104": ("unclassified", _ALL),
    "105": ("unclassified", _ALL),
    "106": ("unclassified", _ALL),
    "107": ("motorway", _CARS),
    "108": ("unclassified", _ALL),
    "109": ("service", _ALL),
    "110": ("service", _ALL),
    "111": ("service", _ALL),
    "112": ("service", _ALL),
    "113": ("pedestrian", _SLOW),
    "114": ("path", _SLOW),
    "120": ("service", _ALL),
    "125": ("track", _SLOW),
    "130": ("ferry", _SLOW),
    "-8": ("unclassified", _ALL),
}
_V2_KINDS: dict[str, str] = {
    "1": "motorway",
    "2": "primary",
    "3": "unclassified",
    "4": "service",
    "5": "unclassified",
    "6": "service",
    "7": "unclassified",
    "8": "track",
    "9": "path",
    "10": "cycleway",
    "11": "service",
    "12": "ferry",
    "-8": "unclassified",
}
# The category says how important a road is; MORF only how it looks.
_CLASS_OF_CATEGORY = {
    "H": "trunk", "PI": "primary", "PII": "primary", "S": "secondary", "L": "unclassified",
    "L1": "tertiary", "L2": "unclassified", "L3": "residential",
    "EHW": "trunk", "VHW": "primary", "RW": "secondary", "IW": "tertiary", "OW": "unclassified", "EW": "residential",
}  # fmt: skip
_GENERAL = frozenset({"primary", "unclassified"})


@dataclass(frozen=True)
class CodeList:
    """One version of the code lists.

    Attributes
    ----------
    version
        v1 or v2.
    in_use
        The STATUS of a road that is there and open.
    access_of
        Row with code, category, access and (V2) a flag per mode and direction to who may go where; None where nobody.
    """

    version: str
    in_use: str
    access_of: Callable[[Mapping[Any, Any]], Access | None]


def _class(usual: str, category: Any) -> str:
    if usual not in _GENERAL or not isinstance(category, str):
        return usual
    word = category.strip().upper()
    return _CLASS_OF_CATEGORY.get(word) or _CLASS_OF_CATEGORY.get(word.split("-")[0].rstrip("1234"), usual)


def _v1(row: Mapping[Any, Any]) -> Access | None:
    kind = _V1_KINDS.get(str(row.get("code")))
    if kind is None:
        return None
    usual, (walk, bicycle, car) = kind
    street_class = _class(usual, row.get("category"))
    if street_class == "trunk":
        walk, bicycle = False, False
    # TGBEP: 2 impossible, 3 forbidden; 4 is a private road, which people do use on foot.
    tgbep = str(row.get("access"))
    is_open = tgbep not in ("2", "3")
    walk, bicycle, car = walk and is_open, bicycle and is_open, car and is_open
    return Access(street_class, walk, walk, bicycle, bicycle, car, car, None, tgbep == "4")


def _v2(row: Mapping[Any, Any]) -> Access | None:
    usual = _V2_KINDS.get(str(row.get("code")))
    if usual is None:
        return None
    flags = {name: row.get(name) == 1 for name in _FLAGS}
    walk = flags["voetganger"]
    street_class = _class(usual, row.get("category"))
    # V2 has no code for a pedestrian zone: it is an ordinary road that cars may not use.
    if usual == "unclassified" and walk and not (flags["autoheen"] or flags["autoterug"]):
        street_class = "pedestrian"
    return Access(
        street_class,
        walk,
        walk,
        flags["fietsheen"],
        flags["fietsterug"],
        flags["autoheen"],
        flags["autoterug"],
        None,
        str(row.get("access")) == "11",
    )


_FLAGS = ("autoheen", "autoterug", "fietsheen", "fietsterug", "voetganger")
V1 = CodeList("v1", "4", _v1)
V2 = CodeList("v2", "11", _v2)
