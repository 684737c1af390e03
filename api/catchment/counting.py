"""What the bands of a catchment hold, counted by the cost of each thing on the network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.catchment.held import Box, Held, Layer
from gis.catchment import band_sums, wrong_side_share
from gis.survey import Placed, Survey

Floats = NDArray[np.float64]
PlacedOf = Callable[[Layer], Placed]


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

    def gather(name: str) -> tuple[Floats, pd.DataFrame, Floats]:
        """Cost, rows and places of all things of a layer that lie in the box."""
        parts = []
        for each in near:
            layer = each.layers.get(name)
            if layer is not None:
                cost = survey.costs(placed_of(layer))
                kept = _inside(layer.xy, box)
                parts.append((cost[kept], layer.rows[kept], layer.xy[kept]))
        if not parts:
            return np.empty(0), pd.DataFrame(), np.empty((0, 2))
        costs, rows, xy = zip(*parts, strict=True)
        return np.concatenate(costs), pd.concat(rows, ignore_index=True), np.concatenate(xy)

    bands: list[dict[str, Any]] = [{} for _ in values]
    add = _Adder(bands, values, rings)
    _people(add, *gather("people"), shapes=shapes, limits=values)
    _units(add, *gather("shop_units"))
    _parking(add, *gather("parking"))
    cost, rows, _ = gather("sensors")
    add.total("sensors", cost, np.ones(len(rows)))
    cost, rows, _ = gather("public_places")
    add.total("public_places", cost, np.ones(len(rows)))
    add.groups("places", cost, rows["kind"] if len(rows) else pd.Series(dtype=object))
    versions = {each.nis_code: each.version for each in near}
    return Counted(bands, _layers(near, box, bands[-1]), versions)


def people_costs(survey: Survey, held: Sequence[Held], placed_of: PlacedOf) -> tuple[Floats, Floats]:
    """The cost of everybody within reach, and how many they are."""
    box = survey.extent()
    layers = [each.layers["people"] for each in held if each.meets(box) and "people" in each.layers]
    if not layers:
        return np.empty(0), np.empty(0)
    costs = np.concatenate([survey.costs(placed_of(layer)) for layer in layers])
    return costs, np.concatenate([layer.rows["persons"].to_numpy(float) for layer in layers])


@dataclass
class _Adder:
    """Writes sums into the bands."""

    bands: list[dict[str, Any]]
    values: Sequence[float]
    rings: bool

    def sums(self, cost: Floats, *columns: Any) -> Floats:
        """Sums of columns per band, shape (bands, columns)."""
        return band_sums(cost, self.values, np.column_stack(columns), rings=self.rings)

    def total(self, name: str, cost: Floats, amount: Floats, *, unknown: str | None = None) -> None:
        """Write the sum of an amount, and how many of the things inside have none."""
        if not len(cost):
            self.put(name, [None] * len(self.bands))
            if unknown:
                self.put(unknown, [0] * len(self.bands))
            return
        is_unknown = np.isnan(amount)
        sums = self.sums(cost, np.where(is_unknown, 0.0, amount), is_unknown)
        self.put(name, [round(float(value), 1) for value in sums[:, 0]])
        if unknown:
            self.put(unknown, [int(value) for value in sums[:, 1]])

    def put(self, name: str, values: Sequence[Any]) -> None:
        """Write one value per band."""
        for band, value in zip(self.bands, values, strict=True):
            band[name] = value

    def groups(self, name: str, cost: Floats, group: pd.Series, **amounts: Floats) -> None:
        """Write counts per group, or a dictionary of sums per group where amounts are given."""
        found: list[dict[str, Any]] = [{} for _ in self.bands]
        codes, labels = pd.factorize(group)
        for code, label in enumerate(labels):
            mine = codes == code
            columns = [np.ones(mine.sum()), *(amount[mine] for amount in amounts.values())]
            sums = self.sums(cost[mine], *columns)
            for band, row in zip(found, sums, strict=True):
                if row[0] > 0:
                    parts = zip(("units", *amounts), row, strict=True)
                    band[str(label)] = (
                        {key: round(float(value), 1) for key, value in parts} if amounts else int(row[0])
                    )
        self.put(name, found)


def _inside(xy: Floats, box: Box) -> NDArray[np.bool_]:
    west, south, east, north = box
    inside: NDArray[np.bool_] = (
        (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)
    )
    return inside


def _people(
    add: _Adder,
    cost: Floats,
    rows: pd.DataFrame,
    xy: Floats,
    *,
    shapes: Sequence[shapely.MultiPolygon],
    limits: Sequence[float],
) -> None:
    nothing: list[Any] = [None] * len(add.bands)
    add.put("population_unknown", [0] * len(add.bands))
    if not len(cost):
        for name in ("population", "households", "income_median_eur", "income_known_share"):
            add.put(name, nothing)
        for name in ("households_unknown", "wrong_in_share", "wrong_out_share"):
            add.put(name, [0] * len(add.bands) if name == "households_unknown" else nothing)
        return
    persons, households, income = (rows[name].to_numpy(float) for name in ("persons", "households", "income"))
    no_household, has_income = np.isnan(households), ~np.isnan(income)
    sums = add.sums(
        cost,
        persons,
        np.where(no_household, 0.0, households),
        persons * no_household,
        persons * has_income,
        np.where(has_income, persons * income, 0.0),
    )
    people, housed, unhoused, earning, earned = sums.T
    add.put("population", [round(float(value), 1) for value in people])
    # Where no sector tells it, nothing is known; where some do, the rest is counted as unknown.
    knows_households = not no_household.all()
    add.put("households", [round(float(value), 1) for value in housed] if knows_households else nothing)
    add.put("households_unknown", [round(float(value), 1) for value in unhoused])
    add.put(
        "income_median_eur",
        [round(float(e / w)) if w > 0 else None for e, w in zip(earned, earning, strict=True)],
    )
    add.put(
        "income_known_share",
        [round(float(w / p), 4) if p > 0 else None for w, p in zip(earning, people, strict=True)],
    )
    shares = [
        wrong_side_share(shape, xy, cost, limit=limit, weights=persons)
        for shape, limit in zip(shapes, limits, strict=True)
    ]
    for name, each in zip(("wrong_in_share", "wrong_out_share"), zip(*shares, strict=True), strict=True):
        add.put(name, [None if np.isnan(share) else round(share, 5) for share in each])


def _units(add: _Adder, cost: Floats, rows: pd.DataFrame, _xy: Floats) -> None:
    if not len(cost):
        names = ("shop_units", "vacant_units", "floor_area_m2", "vacant_floor_area_m2")
        for name in names:
            add.put(name, [None] * len(add.bands))
        add.put("floor_area_m2_unknown", [0] * len(add.bands))
        add.put("branches", [{} for _ in add.bands])
        return
    is_vacant = (rows["state"] == "vacant").to_numpy()
    area = rows["floor_area_m2"].to_numpy(float)
    add.total("shop_units", cost, np.ones(len(cost)))
    add.total("vacant_units", cost, is_vacant.astype(float))
    add.total("floor_area_m2", cost, area, unknown="floor_area_m2_unknown")
    add.total("vacant_floor_area_m2", cost, np.where(is_vacant, area, 0.0))
    trades = ~is_vacant & rows["branch_group"].notna().to_numpy()
    known = area[trades]
    add.groups(
        "branches",
        cost[trades],
        rows["branch_group"][trades],
        floor_area_m2=np.nan_to_num(known),
        floor_area_m2_unknown=np.isnan(known).astype(float),
    )


def _parking(add: _Adder, cost: Floats, rows: pd.DataFrame, _xy: Floats) -> None:
    spaces = rows["spaces"].to_numpy(float) if len(rows) else np.empty(0)
    add.total("parking_spaces", cost, spaces, unknown="parking_spaces_unknown")


def _layers(near: Sequence[Held], box: Box, largest: dict[str, Any]) -> list[dict[str, Any]]:
    """Source, date and coverage of each thing counted."""
    met = [_sectors_in(each.sectors, box) for each in near if len(each.sectors)]
    sectors = pd.concat(met) if met else pd.DataFrame({"is_known": [], "is_suppressed": []})
    known = float(sectors["is_known"].mean()) if len(sectors) else None
    suppressed = int(sectors["is_suppressed"].sum())
    people = largest.get("population")
    unhoused = largest.get("households_unknown") or 0
    units = largest.get("shop_units")
    unmeasured = largest.get("floor_area_m2_unknown") or 0
    coverage = {
        "population": known,
        "households": None if not people or largest.get("households") is None else 1 - unhoused / people,
        "income": largest.get("income_known_share"),
        "floor_area": None if not units else 1 - unmeasured / units,
    }
    rows = []
    for code in (
        "population",
        "households",
        "income",
        "shop_units",
        "floor_area",
        "parking",
        "sensors",
        "public_places",
    ):
        named = [each.sources["shop_units" if code == "floor_area" else code] for each in near]
        rows.append(
            {
                "code": code,
                "source": ", ".join(sorted({each["source"] for each in named if each["source"]})) or None,
                "observed_on": max(
                    (each["observed_on"] for each in named if each["observed_on"]), default=None
                ),
                "coverage": None if coverage.get(code) is None else round(float(coverage[code] or 0.0), 4),
                "suppressed": suppressed if code == "population" else 0,
            }
        )
    return rows


def _sectors_in(sectors: pd.DataFrame, box: Box) -> pd.DataFrame:
    west, south, east, north = box
    return sectors[
        (sectors["x1"] <= east)
        & (sectors["x2"] >= west)
        & (sectors["y1"] <= north)
        & (sectors["y2"] >= south)
    ]
