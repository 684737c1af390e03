"""Parcels: a lot with its garden, the land behind the lots, and fields."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.demo.lots import Lots
from api.demo.plan import TownPlan, dice
from api.demo.subdivide import Shapes, subdivide

FICTIONAL_DIVISION = 99_000
"""Cadastral divisions start with the digits of their NIS code; nothing real is above 99000."""
_SMALLEST_M2 = 40.0
_GAP_M = 0.02


def parcels(plan: TownPlan, seed: int, made: Lots, *, number: int, until: date) -> pd.DataFrame:
    """Divide a town into parcels.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    made
        The lots.
    number
        Number of the town in the data set, from 1.
    until
        Last day of the data set.
    """
    rng = dice(plan, seed, "parcels")
    behind, is_field = _behind(made)
    field_m2 = float(np.clip(plan.area_km2 * 1e6 / 1000, 28_000, 110_000))
    fields = subdivide(
        behind[is_field], rng, target_m2=lambda shapes: np.full(len(shapes), field_m2), sway=0.12
    )
    land = np.concatenate([made.lots["geometry"].to_numpy(), behind[~is_field], fields.polygons])
    land = land[(shapely.get_type_id(land) == 3) & (shapely.area(land) > _SMALLEST_M2)]
    return _keyed(plan, rng, land, number=number, until=until)


def _behind(made: Lots) -> tuple[Shapes, NDArray[np.bool_]]:
    """What the rows of lots leave over of each block."""
    block = made.lots["block"].to_numpy()
    order = np.argsort(block, kind="stable")
    built, place = np.unique(block[order], return_inverse=True)
    rows = shapely.geometrycollections(made.lots["geometry"].to_numpy()[order], indices=place)
    rest = made.blocks.copy()
    rest[built] = shapely.difference(
        made.blocks[built], shapely.buffer(rows, _GAP_M, quad_segs=1, join_style="mitre")
    )
    parts, owner = shapely.get_parts(rest, return_index=True)
    fits = (shapely.get_type_id(parts) == 3) & (shapely.area(parts) > _SMALLEST_M2)
    return parts[fits], (made.zone[owner] == "rural")[fits]


def _keyed(
    plan: TownPlan, rng: np.random.Generator, land: Shapes, *, number: int, until: date
) -> pd.DataFrame:
    middle = shapely.get_coordinates(shapely.centroid(land))
    away = middle - plan.centre
    section = ((np.arctan2(away[:, 0], away[:, 1]) + np.pi) / (2 * np.pi) * 6).astype(int).clip(0, 5)
    order = np.lexsort((np.hypot(*away.T), section))
    land, section = land[order], section[order]
    rank = np.arange(len(land)) - np.searchsorted(section, section)
    # Four parcels share a ground number and differ in their exponent, as after divisions.
    ground, exponent = rank // 4 + 1, rank % 4
    letter = np.array(list("ABCDEFGHKLMNPRSTVWXYZ"))[rng.integers(0, 21, len(land))]
    division = FICTIONAL_DIVISION + number
    age_days = rng.integers(30, 9000, len(land))
    return pd.DataFrame(
        {
            "nis_code": plan.nis_code,
            "capakey": [
                f"{division}{'ABCDEF'[s]}{g:04d}/00{x}{e:03d}"
                for s, g, x, e in zip(section, ground, letter, exponent, strict=True)
            ],
            "canu": [f"{g}{x}{e or ''}" for g, x, e in zip(ground, letter, exponent, strict=True)],
            "oidn": number * 1_000_000 + np.arange(len(land)) + 1,
            "uidn": number * 10_000_000 + np.arange(len(land)) + 1,
            "version": 1,
            "begins_on": (np.datetime64(until, "D") - age_days).astype(object),
            "fiscal_on": date(until.year, 1, 1),
            "area_m2": shapely.area(land).round(2),
            "geometry": land,
        }
    )
