"""Parking zones: streets and car parks as areas or points, and single bays that make zones together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import shapely

from api.importers.keys import with_municipality
from api.importers.mapping import Field, names
from api.importers.reading import Chunk, Reading, Request
from api.importers.refusals import Notes, Refusals, no_refusals
from api.importers.scope import Scope
from api.importers.streaming import Recipe, read
from api.importers.targets import conform

KIND = {
    **dict.fromkeys(("street", "straat", "straatparkeren", "rue", "voirie", "onstreet"), "street"),
    **dict.fromkeys(("surface", "parking", "parkeerterrein", "plein", "terrain", "offstreetparkingground"), "surface"),
    **dict.fromkeys(("garage", "parkeergarage", "ondergronds", "couvert", "underground", "multistorey"), "garage"),
    **dict.fromkeys(("baygroup", "vakken", "parkeervakken"), "bay_group"),
}  # fmt: skip
REGIME = {
    **dict.fromkeys(("bluezone", "blauwezone", "blauw", "zonebleue", "schijf"), "blue_zone"),
    **dict.fromkeys(("shopandgo", "shopgo", "kortparkeren", "minutenparkeren"), "shop_and_go"),
    **dict.fromkeys(("paid", "betalend", "payant", "betaald"), "paid"),
    **dict.fromkeys(("free", "gratis", "vrij", "gratuit", "libre"), "free"),
    **dict.fromkeys(("resident", "residents", "bewoners", "riverains"), "resident"),
    **dict.fromkeys(("loading", "ladenlossen", "ladenenlossen", "livraison"), "loading"),
    **dict.fromkeys(("unknown", "onbekend", "inconnu"), "unknown"),
}
_CODE = "zone_id parking_id segment_id section_id sectie_id roadsegmentid parkeerzone_id id oidn"
_CAPACITY = "capaciteit capacite plaatsen aantal_plaatsen totalcapacity total_capacity spaces bays places"
FIELDS = (
    Field("code", names=names(_CODE), is_required=True),
    Field("nis_code", names=names("nis niscode")),
    Field("name", names=names("naam description omschrijving nom straat street")),
    Field("kind", "choice", names("soort type"), choices=KIND),
    Field("regime", "choice", names("parkeerregime regime_type"), choices=REGIME),
    Field("capacity", "integer", names(_CAPACITY), lowest=0, highest=50_000),
    Field("max_stay_min", "integer", names("max_duur maximale_parkeerduur duree_max maxstay"), lowest=1),
    Field("fee_eur_per_hour", "number", names("tarief tarief_per_uur fee tarif"), lowest=0, highest=100),
)
_BAY_GROUP = "roadsegmentid segment_id section_id sectie_id zone_id straat_id straat street rue"
_BAY_NAME = "roadsegmentdescription straatnaam street_name description omschrijving naam"
BAY_FIELDS = (
    Field("code", names=names(_BAY_GROUP), is_required=True),
    Field("name", names=names(_BAY_NAME)),
    Field("regime", "choice", names("parkeerregime"), choices=REGIME),
)
_INSIDE = Scope(is_outside_refused=True, margin_m=100.0)
# A bay is a point in its middle: this far around the outermost ones is the zone.
_BAY_MARGIN_M = 3.0


def read_parking_zones(request: Request) -> list[Reading]:
    """Read zones from areas or points."""

    def finish(frame: pd.DataFrame, _refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = frame.copy()
        for name, default in (("kind", "street"), ("regime", "unknown")):
            if name not in frame.columns:
                notes.say(f"No column for {name}: read as {default}")
                frame[name] = default
            frame[name] = frame[name].astype("object").fillna(default)
        if "capacity" not in frame.columns:
            notes.say("No column for the capacity: the number of spaces is unknown")
        return with_municipality(frame, request.nis_code, notes)

    return [read(request, Recipe("parking_zone", FIELDS, finish, _INSIDE))]


def read_parking_bays(request: Request) -> list[Reading]:
    """Read single bays; those with the same group become one zone, its capacity is their number."""

    def finish(frame: pd.DataFrame, _refusals: Refusals, notes: Notes) -> pd.DataFrame:
        return with_municipality(frame.copy(), request.nis_code, notes)

    recipe = Recipe("parking_zone", BAY_FIELDS, finish, _INSIDE, has_unique_rows=False)
    bays = read(request, recipe)
    return [Reading(bays.target, bays.assumed, _grouped(bays, request))]


def _grouped(bays: Reading, request: Request) -> Iterator[Chunk]:
    """One zone per group; only the places of the bays are kept in memory."""
    parts: list[pd.DataFrame] = []
    for chunk in bays.chunks:
        rows = pd.DataFrame(chunk.rows)[["row_number", "nis_code", "code", "name", "regime", "geometry"]]
        parts.append(rows)
        yield Chunk(chunk.rows.iloc[:0], chunk.refused, chunk.done_share)
    rows = pd.concat(parts, ignore_index=True)
    groups = rows.groupby("code", sort=True)
    zones = pd.DataFrame([_zone(str(code), group) for code, group in groups])
    if zones.empty:
        return
    zones.index = pd.Index(zones["row_number"], dtype="int64")
    bays.assumed.append(f"{len(rows):,} bays make {len(zones):,} zones; capacity is their number")
    yield Chunk(conform(zones.sort_index(), "parking_zone", srid=request.srid), no_refusals(), 1.0)


def _zone(code: str, group: pd.DataFrame) -> dict[str, Any]:
    points = shapely.multipoints(list(group["geometry"]))
    area = shapely.buffer(shapely.convex_hull(points), _BAY_MARGIN_M)
    regimes = group["regime"].dropna().unique()
    return {
        "row_number": group["row_number"].iloc[0],
        "nis_code": group["nis_code"].iloc[0],
        "code": code,
        "name": group["name"].dropna().iloc[0] if group["name"].notna().any() else None,
        "kind": "bay_group",
        "regime": regimes[0] if len(regimes) == 1 else "unknown",
        "capacity": len(group),
        "area_geom": shapely.multipolygons([area]),
        "geometry": shapely.point_on_surface(area),
    }
