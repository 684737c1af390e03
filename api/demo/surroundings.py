"""What lies around the shops: water and green, station, stops, schools, town hall; and the shopping cores."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.demo.borders import Border, shore, unit_vector, wave
from api.demo.buildings import Special
from api.demo.lines import Skeleton
from api.demo.lots import Lots
from api.demo.plan import TownPlan, dice

_STOP_SPACING_M = 560.0


def backdrop(
    plan: TownPlan, seed: int, drawn: Skeleton, *, limits: Border, made: Lots, specials: tuple[Special, ...]
) -> pd.DataFrame:
    """List water, green and railway as areas.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    drawn
        The lines the town hangs on.
    limits
        The town's border.
    made
        The lots, for the blocks.
    specials
        Blocks with one use of their own.
    """
    rng = dice(plan, seed, "backdrop")
    rows: list[tuple[str, str, shapely.Geometry]] = [("rail", "Spoorweg", drawn.rail)]
    if not drawn.water.is_empty:
        rows.append(("water", plan.water, drawn.water))
    if plan.coast_distance_m:
        rows.append(("water", "Noordzee", _sea(plan)))
    parks = [special for special in specials if special.kind == "park"]
    rows += [
        ("green", "Stadspark" if i == 0 else "Wijkpark", made.blocks[p.block]) for i, p in enumerate(parks)
    ]
    rows += _woods_and_ponds(rng, limits, made)
    return pd.DataFrame(
        {
            "nis_code": plan.nis_code,
            "source_key": [f"{plan.nis_code}-b{i:03d}" for i in range(1, len(rows) + 1)],
            "kind": [kind for kind, _, _ in rows],
            "name": [name for _, name, _ in rows],
            "geometry": [shape for _, _, shape in rows],
        }
    )


def _sea(plan: TownPlan) -> shapely.Polygon:
    near = shore(plan, -150.0)
    middle = np.abs(np.arange(len(near)) - len(near) // 2) <= len(near) // 4
    line = near[middle]
    out = 1800.0 * unit_vector(plan.coast_bearing)
    return shapely.Polygon(np.concatenate([line, [line[-1] + out, line[0] + out]]))


def _woods_and_ponds(
    rng: np.random.Generator, limits: Border, made: Lots
) -> list[tuple[str, str, shapely.Geometry]]:
    fields = made.blocks[(made.zone == "rural") & (shapely.area(made.blocks) > 6e4)]
    fields = fields[rng.permutation(len(fields))[:12]]
    rows: list[tuple[str, str, shapely.Geometry]] = []
    for number, field in enumerate(fields):
        circle = shapely.maximum_inscribed_circle(field, tolerance=20.0)
        middle, room_m = shapely.get_coordinates(circle)[0], shapely.length(circle)
        is_pond = number % 4 == 3
        radius = min(0.62 * room_m - 30.0, 45.0 if is_pond else 260.0)
        if radius < 15.0:
            continue
        angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        reach = radius * (1 + 0.35 * wave(rng, angle, (2, 3, 5)))
        shape = shapely.Polygon(middle + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None])
        shape = shapely.intersection(shape, limits.polygon)
        rows.append(("water", "Vijver", shape) if is_pond else ("green", "Bos", shape))
    return rows


def public_places(
    plan: TownPlan, seed: int, drawn: Skeleton, made: Lots, specials: tuple[Special, ...]
) -> pd.DataFrame:
    """List station, stops, schools, town hall, library and hospital.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    drawn
        The lines the town hangs on.
    made
        The lots, for the blocks.
    specials
        Blocks with one use of their own.
    """
    rng = dice(plan, seed, "places")
    hall = shapely.get_coordinates(drawn.square.exterior)[1] + rng.uniform(-4, 4, 2)
    rows = [("town_hall", f"Stadhuis {plan.name_nl}", 1.0, hall)]
    if not drawn.station.is_empty:
        boardings = float(round(plan.population * rng.uniform(0.025, 0.06)))
        rows.append(
            ("station", f"Station {plan.name_nl}", boardings, shapely.get_coordinates(drawn.station)[0])
        )
    for special in specials:
        at = shapely.get_coordinates(shapely.point_on_surface(made.blocks[special.block]))[0]
        if special.kind == "school":
            rows.append(("school", str(rng.choice(["Basisschool", "Atheneum", "Vrije School"])), 1.0, at))
        if special.kind == "hall":
            rows.append(("library", f"Bibliotheek {plan.name_nl}", 1.0, at))
    rows += [
        ("school", f"Dorpsschool {v.name}", 1.0, np.array([v.x_m + 60.0, v.y_m + 45.0]))
        for v in drawn.villages
    ]
    if plan.population > 30_000:
        out = plan.centre + unit_vector(plan.rail_bearing + 140.0) * plan.built_radius_m * 0.8
        rows.append(("hospital", "Ziekenhuis", 1.0, out))
    rows += [("stop", name, 1.0, at) for name, at in _stops(plan, drawn)]
    return pd.DataFrame(
        {
            "nis_code": plan.nis_code,
            "source_key": [f"{plan.nis_code}-p{i:03d}" for i in range(1, len(rows) + 1)],
            "kind": [row[0] for row in rows],
            "name": [row[1] for row in rows],
            "weight": [row[2] for row in rows],
            "geometry": [shapely.Point(row[3].round(2)) for row in rows],
        }
    )


def _stops(plan: TownPlan, drawn: Skeleton) -> list[tuple[str, NDArray[np.float64]]]:
    stops = []
    for line in drawn.lines:
        if line.kind not in ("main", "radial", "village") or line.geometry.length < 200:
            continue
        for number, at in enumerate(
            np.arange(200.0, min(line.geometry.length, 2200.0), _STOP_SPACING_M), start=1
        ):
            point = shapely.get_coordinates(shapely.line_interpolate_point(line.geometry, at))[0]
            stops.append((f"{plan.name_nl} {line.name} {number}", point + np.array([3.5, -3.5])))
    return stops


def cores(plan: TownPlan, drawn: Skeleton, specials: tuple[Special, ...]) -> pd.DataFrame:
    """Delimit the shopping cores: the trading core, the retail ribbon and one or two villages.

    Parameters
    ----------
    plan
        The town.
    drawn
        The lines the town hangs on.
    specials
        Blocks with one use of their own; a shopping centre belongs to the trading core.
    """
    malls = [shapely.buffer(special.building, 14.0) for special in specials if special.kind == "mall"]
    around = shapely.Point(plan.centre).buffer(1.3 * plan.ring_radius_m)
    fronts = [shapely.intersection(line.geometry, around) for line in drawn.lines if line.kind == "shore"]
    streets = [shapely.buffer(line, 46.0) for line in (*drawn.mains, *fronts)]
    centre = shapely.union_all([shapely.buffer(drawn.square, 75.0), *streets, *malls])
    by_rule = int(plan.nis_code) % 2 == 0
    rows = [
        (
            "Handelskern",
            "core_shopping_area" if by_rule else "trading_core",
            "rup" if by_rule else "policy_vision",
            _rounded(centre),
        )
    ]
    if not drawn.ribbon.is_empty:
        rows.append(
            ("Baanwinkels", "retail_ribbon", "own", shapely.buffer(drawn.ribbon, 105.0, cap_style="flat"))
        )
    for village in drawn.villages[:2]:
        street = next(
            line.geometry
            for line in drawn.lines
            if line.kind == "village"
            and line.geometry.distance(shapely.Point(village.x_m, village.y_m)) < 5.0
        )
        rows.append((f"Kern {village.name}", "village_core", "own", shapely.buffer(street, 70.0)))
    return pd.DataFrame(
        {
            "nis_code": plan.nis_code,
            "code": [f"{plan.nis_code}-C{i}" for i in range(1, len(rows) + 1)],
            "name": [row[0] for row in rows],
            "area_type": [row[1] for row in rows],
            "legal_basis": [row[2] for row in rows],
            "plan_ref": ["Fictief plan 2019" if row[2] == "rup" else None for row in rows],
            "main_type": None,
            "valid_from": date(2019, 1, 1),
            "valid_to": None,
            "geometry": [row[3] for row in rows],
        }
    )


def _rounded(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.simplify(shapely.buffer(shapely.buffer(shape, 40.0), -40.0), 1.5)
