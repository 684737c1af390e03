"""What the bands of a catchment hold, counted by the cost of each thing on the network."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from api.catchment.held import Box, Held, Layer
from gis.catchment import band_sums, wrong_side_sums
from gis.survey import Placed, Survey

Floats = NDArray[np.float64]
PEOPLE = (
    "population",
    "households",
    "income_median_eur",
    "income_known_share",
    "wrong_in_share",
    "wrong_out_share",
)
PlacedOf = Callable[[Layer], Placed]
COUNTED = (
    "population",
    "households",
    "income",
    "shop_units",
    "floor_area",
    "parking",
    "sensors",
    "public_places",
)


@dataclass
class Counted:
    """What each band holds; a thing of which nothing is known in the region is None, never zero.

    Attributes
    ----------
    bands
        One dictionary per band, ascending.
    layers
        Per thing counted: source, date, coverage, what is suppressed.
    versions
        State of the data of each municipality that was counted.
    """

    bands: list[dict[str, Any]]
    layers: list[dict[str, Any]] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)


def count(
    survey: Survey,
    held: Sequence[Held],
    placed_of: PlacedOf,
    *,
    values: Sequence[float],
    rings: bool,
    shapes: Sequence[shapely.MultiPolygon],
) -> Counted:
    """Count everything within the largest band.

    Parameters
    ----------
    survey
        The search around the place.
    held
        Municipalities of which something may lie within reach.
    placed_of
        Where the things of a layer are on the network of the survey.
    values
        Limits of the bands in the unit of the survey, ascending.
    rings
        Leave out of each band what lies in the one before it.
    shapes
        The shape of each whole band, for the share of people on its wrong side.
    """
    box = survey.extent()
    near = [each for each in held if each.meets(box)]
    counter = _Counter(survey, near, placed_of, values, rings)
    tables = [
        _people(counter, shapes),
        _units(counter),
        _parking(counter),
        _points(counter, "sensors"),
        _points(counter, "public_places"),
        {"places": counter.groups("public_places")},
    ]
    bands: list[dict[str, Any]] = [
        {name: column[i] for table in tables for name, column in table.items()} for i in range(len(values))
    ]
    # Sectors that the shape meets, not all those that were looked at.
    drawn = shapes[-1].bounds if not shapes[-1].is_empty else box
    layers = _layers(near, drawn, bands, rings=rings)
    return Counted(bands, layers, {each.nis_code: each.version for each in near})


def people_costs(survey: Survey, held: Sequence[Held], placed_of: PlacedOf) -> tuple[Floats, Floats]:
    """The cost of everybody within reach, and how many they are."""
    box = survey.extent()
    layers = [each.layers["people"] for each in held if each.meets(box) and "people" in each.layers]
    if not layers:
        return np.empty(0), np.empty(0)
    costs = np.concatenate([survey.costs(placed_of(layer)) for layer in layers])
    return costs, np.concatenate([layer.columns["persons"] for layer in layers])


Table = dict[str, list[Any]]


@dataclass(frozen=True)
class _Counter:
    """Adds up the things of a layer over the municipalities, per band."""

    survey: Survey
    near: Sequence[Held]
    placed_of: PlacedOf
    values: Sequence[float]
    rings: bool

    def each(self, name: str) -> Iterator[tuple[Layer, Floats]]:
        """The layer of each municipality, with the cost of its things."""
        for held in self.near:
            layer = held.layers.get(name)
            if layer is not None:
                yield layer, self.survey.costs(self.placed_of(layer))

    def sums(self, name: str, columns_of: Callable[[Layer], Sequence[Any]]) -> Floats | None:
        """Sums of columns, shape (bands, columns); None where there is no such layer."""
        total = None
        for layer, cost in self.each(name):
            reached = np.flatnonzero(cost <= self.values[-1])
            columns = np.column_stack([np.asarray(column, float)[reached] for column in columns_of(layer)])
            part = band_sums(cost[reached], self.values, columns, rings=self.rings)
            total = part if total is None else total + part
        return total

    def groups(
        self, name: str, columns_of: Callable[[Layer], dict[str, Any]] | None = None
    ) -> list[dict[str, Any]]:
        """Per band and group how many there are, with sums of columns where any are given."""
        found: list[dict[str, Any]] = [{} for _ in self.values]
        for layer, cost in self.each(name):
            columns = columns_of(layer) if columns_of else {}
            reached = np.flatnonzero((cost <= self.values[-1]) & (layer.group >= 0))
            for code in np.unique(layer.group[reached]):
                mine = reached[layer.group[reached] == code]
                amounts = np.column_stack(
                    [np.ones(len(mine)), *(column[mine] for column in columns.values())]
                )
                sums = band_sums(cost[mine], self.values, amounts, rings=self.rings)
                for band, row in zip(found, sums, strict=True):
                    if row[0] > 0:
                        _add(
                            band,
                            layer.labels[code],
                            dict(zip(("units", *columns), row.tolist(), strict=True)),
                        )
        if columns_of is None:
            return [{label: int(row["units"]) for label, row in band.items()} for band in found]
        return [{label: _rounded(row) for label, row in band.items()} for band in found]

    @property
    def nothing(self) -> list[Any]:
        """None for every band."""
        return [None] * len(self.values)

    @property
    def zeros(self) -> list[Any]:
        """Zero for every band."""
        return [0] * len(self.values)


def _add(band: dict[str, Any], label: str, row: dict[str, float]) -> None:
    before = band.get(label, {})
    band[label] = {key: value + before.get(key, 0.0) for key, value in row.items()}


def _rounded(row: dict[str, float]) -> dict[str, Any]:
    return {key: round(value, 1) if key.endswith("_m2") else round(value) for key, value in row.items()}


def _or_unknown(amounts: Sequence[Any], unknown: Floats, things: Floats) -> list[Any]:
    """None where every one of some things has an amount nobody knows."""
    return [
        None if n > 0 and missing >= n else amount
        for amount, missing, n in zip(amounts, unknown, things, strict=True)
    ]


def _amounts(column: Floats) -> list[Any]:
    return [round(float(value), 2) for value in column]


def _counts(column: Floats) -> list[Any]:
    return [round(float(value)) for value in column]


def _people(counter: _Counter, shapes: Sequence[shapely.MultiPolygon]) -> Table:
    def columns(layer: Layer) -> Sequence[Any]:
        persons, households, income = (layer.columns[name] for name in ("persons", "households", "income"))
        no_household, has_income = np.isnan(households), ~np.isnan(income)
        return (
            persons,
            np.where(no_household, 0.0, households),
            persons * no_household,
            persons * has_income,
            np.where(has_income, persons * income, 0.0),
        )

    # Sectors within reach whose people are withheld or not known: the inhabitants are then at least so many.
    unknown = [len(band) for band in counter.groups("unknown_ground")]
    table: Table = {"population_unknown": unknown, "households_unknown": counter.zeros}
    sums = counter.sums("people", columns)
    if sums is None:
        return table | dict.fromkeys(PEOPLE, counter.nothing)
    people, housed, unhoused, earning, earned = sums.T
    # Where no sector tells it, nothing is known; where some do, the rest is counted as unknown.
    is_told = any(~np.isnan(layer.columns["households"]).all() for layer, _ in counter.each("people"))
    income = [round(float(e / w)) if w > 0 else None for e, w in zip(earned, earning, strict=True)]
    known = [round(float(w / p), 4) if p > 0 else None for w, p in zip(earning, people, strict=True)]
    is_dark = [n > 0 and p == 0 for n, p in zip(unknown, people, strict=True)]
    found: Table = {
        "population": _amounts(people),
        "households": _amounts(housed) if is_told else counter.nothing,
        "income_median_eur": income,
        "income_known_share": known,
        **_wrong_side(counter, shapes),
    }
    told = {
        name: [None if dark else value for value, dark in zip(column, is_dark, strict=True)]
        for name, column in found.items()
    }
    return {**table, **told, "households_unknown": _amounts(unhoused)}


def _wrong_side(counter: _Counter, shapes: Sequence[shapely.MultiPolygon]) -> Table:
    """People inside the drawn line but not within the band, and the other way round, as shares of those within."""
    sums = np.zeros((len(shapes), 3))
    for layer, cost in counter.each("people"):
        persons = layer.columns["persons"]
        for i, (shape, limit) in enumerate(zip(shapes, counter.values, strict=True)):
            sums[i] += wrong_side_sums(shape, layer.xy, cost, limit=limit, weights=persons)
    within, wrongly_in, wrongly_out = sums.T
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = {"wrong_in_share": wrongly_in / within, "wrong_out_share": wrongly_out / within}
    return {
        name: [round(float(value), 5) if np.isfinite(value) else None for value in share]
        for name, share in shares.items()
    }


def _units(counter: _Counter) -> Table:
    def columns(layer: Layer) -> Sequence[Any]:
        area, is_vacant = layer.columns["floor_area_m2"], layer.columns["state"] == "vacant"
        known, is_unknown = np.nan_to_num(area), np.isnan(area)
        return np.ones(len(layer)), is_vacant, known, is_unknown, known * is_vacant, is_unknown & is_vacant

    def areas(layer: Layer) -> dict[str, Any]:
        area = layer.columns["floor_area_m2"]
        return {"floor_area_m2": np.nan_to_num(area), "floor_area_m2_unknown": np.isnan(area).astype(float)}

    sums = counter.sums("shop_units", columns)
    if sums is None:
        names = ("shop_units", "vacant_units", "floor_area_m2", "vacant_floor_area_m2")
        unknown = ("floor_area_m2_unknown", "vacant_floor_area_m2_unknown")
        nothing = dict.fromkeys(names, counter.nothing) | dict.fromkeys(unknown, counter.zeros)
        return nothing | {"branches": [{} for _ in counter.values]}
    units, vacant, area, unmeasured, vacant_area, vacant_unmeasured = sums.T
    return {
        "shop_units": _counts(units),
        "vacant_units": _counts(vacant),
        "floor_area_m2": _or_unknown(_amounts(area), unmeasured, units),
        "floor_area_m2_unknown": _counts(unmeasured),
        "vacant_floor_area_m2": _or_unknown(_amounts(vacant_area), vacant_unmeasured, vacant),
        "vacant_floor_area_m2_unknown": _counts(vacant_unmeasured),
        "branches": [
            {
                label: {**row, "floor_area_m2_unknown": round(row["floor_area_m2_unknown"])}
                for label, row in band.items()
            }
            for band in counter.groups("shop_units", areas)
        ],
    }


def _parking(counter: _Counter) -> Table:
    def columns(layer: Layer) -> Sequence[Any]:
        spaces = layer.columns["spaces"]
        return np.nan_to_num(spaces), np.isnan(spaces), np.ones(len(layer))

    sums = counter.sums("parking", columns)
    if sums is None:
        return {
            "parking_spaces": counter.nothing,
            "parking_spaces_unknown": counter.zeros,
            "parking_zones": counter.nothing,
        }
    spaces, unknown, zones = sums.T
    return {
        "parking_spaces": _or_unknown(_counts(spaces), unknown, zones),
        "parking_spaces_unknown": _counts(unknown),
        "parking_zones": _counts(zones),
    }


def _points(counter: _Counter, name: str) -> Table:
    sums = counter.sums(name, lambda layer: [np.ones(len(layer))])
    return {name: counter.nothing if sums is None else _counts(sums[:, 0])}


def _layers(
    near: Sequence[Held], box: Box, bands: Sequence[dict[str, Any]], *, rings: bool
) -> list[dict[str, Any]]:
    """Source, date and coverage of each thing counted, over all bands together."""
    met = [_sectors_in(each.sectors, box) for each in near]
    n_sectors = sum(len(sectors) for sectors in met)
    n_known = sum(int(sectors["is_known"].sum()) for sectors in met)
    n_suppressed = sum(int(sectors["is_suppressed"].sum()) for sectors in met)

    def whole(name: str) -> float:
        return sum(band[name] or 0.0 for band in (bands if rings else bands[-1:]))

    def known_of(things: str, unknown: str) -> float | None:
        return 1 - whole(unknown) / whole(things) if whole(things) else None

    earning = sum(
        (band["population"] or 0.0) * (band["income_known_share"] or 0.0)
        for band in (bands if rings else bands[-1:])
    )
    people = whole("population")
    is_told = any(band["households"] is not None for band in bands)
    coverage = {
        "population": n_known / n_sectors if n_sectors else None,
        "households": known_of("population", "households_unknown") if is_told else None,
        "income": earning / people if people else None,
        "floor_area": known_of("shop_units", "floor_area_m2_unknown"),
        "parking": known_of("parking_zones", "parking_spaces_unknown"),
    }
    rows = []
    for code in COUNTED:
        named = [each.sources["shop_units" if code == "floor_area" else code] for each in near]
        share = coverage.get(code)
        rows.append(
            {
                "code": code,
                "source": ", ".join(sorted({each["source"] for each in named if each["source"]})) or None,
                "observed_on": max(
                    (each["observed_on"] for each in named if each["observed_on"]), default=None
                ),
                "coverage": None if share is None else round(float(share), 4),
                "suppressed": n_suppressed if code == "population" else 0,
            }
        )
    return rows


def _sectors_in(sectors: Any, box: Box) -> Any:
    west, south, east, north = box
    return sectors[
        (sectors["x1"] <= east)
        & (sectors["x2"] >= west)
        & (sectors["y1"] <= north)
        & (sectors["y2"] >= south)
    ]
