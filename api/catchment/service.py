"""The catchment of a place: its shape, and who and what is in it."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely
from pyproj import CRS
from sqlalchemy.orm import Session

from api.catchment import counting, queries
from api.catchment.asked import LARGEST, Asked
from api.catchment.counting import Counted
from api.catchment.held import Held, Layer, Rival, near_held, units_named, units_of_branch
from api.catchment.networks import network_and_version, short_name, street_version
from api.db.base import SRID
from api.errors import NotAnswerable, NotFound
from gis.accessibility import furthest_m
from gis.catchment import cost_of_totals
from gis.degrees import geometry_json, to_degrees
from gis.isochrone import Bands, to_rings
from gis.kept import Kept
from gis.network import MAX_SNAP_M, StreetNetwork
from gis.snapping import Positions
from gis.survey import Placed, surveyed

MOST_NAMED = 200
MOST_CHANGED = 5_000
# Scenarios whose networks are kept: what officers are trying out at this moment.
_scenarios: Kept[str, StreetNetwork] = Kept(8)


@dataclass(frozen=True)
class Place:
    """Where a catchment is drawn from, metres."""

    kind: str
    key: int | None
    label: str | None
    nis_code: str | None
    x: float
    y: float


@dataclass(frozen=True)
class Drawn:
    """Bands on one network: shapes in metres and what each holds, ascending."""

    values: tuple[float, ...]
    minutes: tuple[float | None, ...]
    shapes: list[shapely.MultiPolygon]
    counted: Counted
    unreached: list[float]
    search_s: float


@dataclass(frozen=True)
class Computed:
    """A catchment and all that is said about it."""

    asked: Asked
    place: Place
    drawn: Drawn
    baseline: Drawn | None
    about: dict[str, Any]


def get_catchment(session: Session, asked: Asked) -> dict[str, Any]:
    """
    Bands of a catchment, largest first, with what each holds, counted on the network.

    Raises
    ------
    NotFound
        When there is no such shop unit, parcel or competitor.
    NotAnswerable
        When there are no streets.
    PointOffNetwork
        When no street for this mode is near.
    UnknownSegment
        When a street that is closed or opened is not there.
    """
    return as_collection(compute(session, asked))


@dataclass(frozen=True)
class _Streets:
    """The network as it is, and as it would be, with where things stand on either."""

    base: StreetNetwork
    version: str
    closed: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """What tells this scenario from others."""
        changed = f"{self.closed}{self.opened}".encode()
        return f"{self.version}-{self.base.mode}-{hashlib.sha256(changed).hexdigest()[:16]}"

    @property
    def changed(self) -> StreetNetwork:
        """The network with streets closed and opened."""
        return _scenarios.get(self.name, lambda: self.base.scenario(closed=self.closed, opened=self.opened))

    def as_it_is(self, layer: Layer) -> Placed:
        """Where things stand on the network as it is."""
        return layer.placed(self.base, self.version)

    def as_changed(self, layer: Layer) -> Placed:
        """Where things stand once streets are closed and opened."""
        return layer.moved(self.changed, self.name, self.as_it_is(layer), is_opened=bool(self.opened))


def compute(session: Session, asked: Asked) -> Computed:
    """Draw and count a catchment; raises as `get_catchment`."""
    started = time.perf_counter()
    place = find_place(session, asked)
    streets = _Streets(*network_and_version(session, asked.mode), *_changed(session, asked))
    held = near_held(session, _within_reach(asked, place, streets.base))
    rivals = _competitors(session, asked, held)
    drawn = _Drawing(streets.base, asked, place, rivals, held, streets.as_it_is).draw()
    baseline, network = None, streets.base
    if asked.is_scenario:
        baseline, network = drawn, streets.changed
        drawn = _Drawing(network, asked, place, rivals, held, streets.as_changed).draw()
    about = _about(asked, place, network, rivals=rivals, drawn=drawn, streets=streets)
    about["withheld"] = [
        {"nis_code": each.nis_code, "subjects": list(each.withheld)} for each in held if each.withheld
    ]
    about["network_version"] = streets.version
    about["data_version"] = data_version(drawn.counted.versions)
    about["computed_ms"] = round((time.perf_counter() - started) * 1000, 1)
    return Computed(asked, place, drawn, baseline, about)


def _within_reach(asked: Asked, place: Place, network: StreetNetwork) -> tuple[float, float, float, float]:
    """A box that holds all that can be reached."""
    if asked.unit == "metres":
        reach_m = asked.bands[-1]
    else:
        most = asked.bands[-1] if asked.unit == "minutes" else LARGEST["minutes"][asked.mode]
        reach_m = furthest_m(network, most)
    reach_m += 2 * MAX_SNAP_M
    return place.x - reach_m, place.y - reach_m, place.x + reach_m, place.y + reach_m


def network_version(session: Session) -> str:
    """A short name of the streets and speeds as they are now."""
    return short_name(street_version(session))


def current_versions(session: Session) -> dict[str, str]:
    """The state of the data of every municipality now."""
    return {row["nis_code"]: row["version"] for row in queries.versions(session)}


def data_version(versions: dict[str, str]) -> str:
    """The state of the data of some municipalities, without the day, which changes no row."""
    return ";".join(f"{nis}={version.rpartition('/')[0]}" for nis, version in sorted(versions.items()))


def find_place(session: Session, asked: Asked) -> Place:
    """
    Where the catchment starts.

    Raises
    ------
    NotFound
        When there is no such shop unit or parcel.
    """
    if asked.shop_unit is not None:
        row, kind = queries.unit_place(session, asked.shop_unit), "shop_unit"
        if row is None:
            raise NotFound(f"There is no shop unit {asked.shop_unit}.", "GET /api/shop-units lists them.")
    elif asked.parcel is not None:
        row, kind = queries.parcel_place(session, asked.parcel), "parcel"
        if row is None:
            raise NotFound(f"There is no parcel {asked.parcel}.", "Zoom in and click one on the map.")
    else:
        assert asked.lon is not None
        assert asked.lat is not None
        x, y = queries.place_of(session, asked.lon, asked.lat)
        return Place("point", None, None, queries.municipality_at(session, x, y), x, y)
    return Place(kind, row["id"], row["label"], row["nis_code"], row["x"], row["y"])


def _competitors(session: Session, asked: Asked, held: Sequence[Held]) -> list[Rival]:
    """Named shop units and those of a branch, each once, the place itself left out."""
    wanted = [key for key in asked.competitors if key != asked.shop_unit]
    found = units_named(held, wanted)
    for key in sorted(set(wanted) - {rival.key for rival in found}):
        row = queries.unit_place(session, key)
        if row is None:
            raise NotFound(f"There is no shop unit {key} to compete with.", "GET /api/shop-units lists them.")
        found.append(Rival(key, row["label"], row["x"], row["y"]))
    branch = asked.competitor_branch
    if branch is not None:
        if not queries.is_branch(session, branch):
            raise NotFound(
                f"There is no branch {branch}.", "GET /api/code-lists/branch lists those that are known."
            )
        found += units_of_branch(held, branch)
    return list({rival.key: rival for rival in found if rival.key != asked.shop_unit}.values())


def _changed(session: Session, asked: Asked) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Segments closed and opened; a barrier closes what it crosses."""
    closed = queries.twins(session, [*asked.closed, *queries.segments_across(session, asked.barriers)])
    if len(closed) > MOST_CHANGED:
        raise NotAnswerable(
            f"That closes {len(closed)} street segments.",
            f"Draw shorter barriers: at most {MOST_CHANGED} at once.",
        )
    return tuple(closed), tuple(queries.twins(session, asked.opened))


@dataclass(frozen=True)
class _Drawing:
    """All that is needed to draw and count on one network."""

    network: StreetNetwork
    asked: Asked
    place: Place
    rivals: Sequence[Rival]
    held: Sequence[Held]
    placed_of: counting.PlacedOf

    def draw(self) -> Drawn:
        """Shapes and counts of the bands asked for."""
        started = time.perf_counter()
        asked, network = self.asked, self.network
        at = network.snap_one((self.place.x, self.place.y))
        others = network.snap([(rival.x, rival.y) for rival in self.rivals]) if self.rivals else None
        values, limits, unreached = asked.bands, asked.bands, list[float]()
        if asked.unit == "inhabitants":
            values, limits, unreached = self._until(at, others)
        if not limits:
            return Drawn((), (), [], Counted([]), unreached, time.perf_counter() - started)
        is_timed = asked.unit != "metres"
        bands = _bands(asked, limits)
        with surveyed(network, at, bands, competitors=others) as survey:
            search_s = time.perf_counter() - started
            whole = survey.shapes()
            counted = counting.count(
                survey, self.held, self.placed_of, values=limits, rings=asked.rings, shapes=whole
            )
        minutes = tuple(round(limit, 2) if is_timed else None for limit in limits)
        shapes = to_rings(whole) if asked.rings else whole
        return Drawn(values, minutes, shapes, counted, unreached, search_s)

    def _until(
        self, at: Positions, others: Positions | None
    ) -> tuple[tuple[float, ...], tuple[float, ...], list[float]]:
        """After how many minutes so many people are inside: numbers found, their minutes, and numbers not found."""
        asked = self.asked
        bands = _bands(asked, (LARGEST["minutes"][asked.mode],))
        with surveyed(self.network, at, bands, competitors=others) as survey:
            cost, persons = counting.people_costs(survey, self.held, self.placed_of)
        pairs = zip(asked.bands, cost_of_totals(cost, persons, asked.bands).tolist(), strict=True)
        # At the door itself nobody has walked yet: a shape needs a little time.
        found = {people: max(minutes, 0.05) for people, minutes in pairs if np.isfinite(minutes)}
        return tuple(found), tuple(found.values()), [people for people in asked.bands if people not in found]


def _bands(asked: Asked, limits: tuple[float, ...]) -> Bands:
    if asked.unit == "metres":
        return Bands("metres", limits, limits, "m", asked.direction)
    return Bands("minutes", limits, tuple(limit * 60.0 for limit in limits), "s", asked.direction)


def _about(
    asked: Asked,
    place: Place,
    network: StreetNetwork,
    *,
    rivals: Sequence[Rival],
    drawn: Drawn,
    streets: _Streets,
) -> dict[str, Any]:
    position = network.snap_one((place.x, place.y))
    ends = np.array([[place.x, place.y], network.locate(position)[0]], float)
    origin, snapped = to_degrees(ends, network.graph.crs).tolist()
    layers = drawn.counted.layers
    people = next((layer for layer in layers if layer["code"] == "population"), {})
    scenario = None
    if asked.is_scenario:
        scenario = {
            "closed": list(asked.closed),
            "opened": list(asked.opened),
            "barriers": len(asked.barriers),
            "segments_changed": len({*streets.closed, *streets.opened}),
        }
    return {
        "mode": asked.mode,
        "direction": asked.direction,
        "unit": asked.unit,
        "rings": asked.rings,
        "place": {"kind": place.kind, "id": place.key, "label": place.label, "nis_code": place.nis_code},
        "origin": origin,
        "snapped": snapped,
        "snap_distance_m": round(float(position.distance_m[0]), 1),
        "unreached": drawn.unreached,
        "competitors": _told(network, rivals[:MOST_NAMED]),
        "scenario": scenario,
        "population_coverage": people.get("coverage"),
        "suppressed_sectors": people.get("suppressed", 0),
        "sources": [f"{people['source']} ({people['observed_on']})"] if people.get("source") else [],
        "layers": layers,
        "search_ms": round(drawn.search_s * 1000, 2),
    }


def _told(network: StreetNetwork, rivals: Sequence[Rival]) -> list[dict[str, Any]]:
    """Competitors, and whether each stands near a street: one that does not takes nobody away."""
    near = network.snap(np.array([(rival.x, rival.y) for rival in rivals], float)).is_snapped
    return [
        {"id": rival.key, "label": rival.address, "is_on_network": bool(is_near)}
        for rival, is_near in zip(rivals, near, strict=True)
    ]


def as_collection(computed: Computed) -> dict[str, Any]:
    """GeoJSON of a computed catchment, largest band first."""
    baseline = None
    if computed.baseline is not None:
        baseline = {"type": "FeatureCollection", "features": features(computed.asked, computed.baseline)}
    return {
        "type": "FeatureCollection",
        "features": features(computed.asked, computed.drawn),
        "catchment": computed.about,
        "baseline": baseline,
    }


def features(asked: Asked, drawn: Drawn) -> list[dict[str, Any]]:
    """The bands as GeoJSON features in degrees, largest first."""
    geometries = geometry_json(drawn.shapes, CRS.from_epsg(SRID))
    return [
        {
            "type": "Feature",
            "id": i,
            "geometry": orjson.Fragment(geometries[i]),
            "properties": band_properties(asked, drawn, i),
        }
        for i in reversed(range(len(drawn.shapes)))
    ]


def band_properties(asked: Asked, drawn: Drawn, i: int) -> dict[str, Any]:
    """What is said of one band."""
    value = drawn.values[i]
    return {
        "band": value,
        "lower": drawn.values[i - 1] if asked.rings and i > 0 else 0.0,
        "minutes": value if asked.unit == "minutes" else drawn.minutes[i],
        "metres": value if asked.unit == "metres" else None,
        "inhabitants": value if asked.unit == "inhabitants" else None,
        "area_m2": round(float(drawn.shapes[i].area)),
        **drawn.counted.bands[i],
    }
