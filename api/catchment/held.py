"""What catchments may hold, read once per state of a municipality's data and kept with its place on the networks."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from api.catchment import queries
from gis.kept import Kept
from gis.network import StreetNetwork
from gis.snapping import Positions
from gis.survey import Placed

LAYERS = ("people", "shop_units", "parking", "sensors", "public_places")
# Municipalities kept in memory: some megabytes each, and every municipality of Flanders fits.
MOST_KEPT = 400
# Networks of which the positions are kept: three modes, before and after the streets changed.
MOST_NETWORKS = 6

Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Layer:
    """Things of one kind in one municipality.

    Attributes
    ----------
    xy
        Where they are, metres, shape (things, 2).
    rows
        One row per thing: keys, codes and amounts.
    """

    xy: NDArray[np.float64]
    rows: pd.DataFrame
    _placed: Kept[str, Placed] = field(default_factory=lambda: Kept(MOST_NETWORKS), repr=False)

    def placed(self, network: StreetNetwork, version: str) -> Placed:
        """The things on a network that is known by its version."""
        return self._placed.get(f"{version}-{network.mode}", lambda: Placed(network.snap(self.xy)))

    def moved(self, network: StreetNetwork, version: str, base: StreetNetwork, is_opened: bool) -> Placed:
        """The things on a scenario: only what stood on a closed street has to look for another one."""
        before = self.placed(base, version).positions
        if is_opened:
            return Placed(network.snap(self.xy))
        lost = np.flatnonzero(before.is_snapped & ~network.snaps[np.maximum(before.segment, 0)])
        if not len(lost):
            return Placed(before)
        again = network.snap(self.xy[lost])
        segment, fraction = before.segment.copy(), before.fraction.copy()
        distance_m = before.distance_m.copy()
        segment[lost], fraction[lost], distance_m[lost] = again.segment, again.fraction, again.distance_m
        return Placed(Positions(segment, fraction, distance_m))


@dataclass(frozen=True, eq=False)
class Held:
    """Everything countable in one municipality, as its data are.

    Attributes
    ----------
    nis_code
        The municipality.
    version
        State of its data: rises with every write and every refresh.
    layers
        By the names in `LAYERS`.
    sectors
        Bounds and state of its statistical sectors: x1, y1, x2, y2, is_known, is_suppressed.
    sources
        Datasets per thing counted, with date and coverage.
    box
        Around all of it, metres.
    """

    nis_code: str
    version: str
    layers: dict[str, Layer]
    sectors: pd.DataFrame
    sources: dict[str, dict[str, Any]]
    box: Box

    def meets(self, box: Box) -> bool:
        """Whether anything of it can lie in a box."""
        return (
            self.box[0] <= box[2]
            and box[0] <= self.box[2]
            and self.box[1] <= box[3]
            and box[1] <= self.box[3]
        )


_lock = threading.Lock()
_kept: Kept[tuple[str, str, str], Held] = Kept(MOST_KEPT)


def all_held(session: Session) -> list[Held]:
    """Every municipality with anything in it, as its data are now."""
    database = queries.database_key(session)
    found = []
    for nis_code, version in queries.versions(session):
        # One reader at a time: thirty-two users who ask at once need not read the same rows thirty-two times.
        with _lock:
            held = _kept.get((database, nis_code, version), partial(_read, session, nis_code, version))
        if held.layers:
            found.append(held)
    return found


def _read(session: Session, nis_code: str, version: str) -> Held:
    layers = {}
    for name in LAYERS:
        rows = queries.held_rows(session, name, nis_code)
        if len(rows):
            xy = rows[["x", "y"]].to_numpy(float)
            layers[name] = Layer(xy, rows.drop(columns=["x", "y"]))
    corners = [layer.xy for layer in layers.values()]
    every = np.concatenate(corners) if corners else np.zeros((1, 2))
    (west, south), (east, north) = every.min(axis=0), every.max(axis=0)
    return Held(
        nis_code,
        version,
        layers,
        queries.sectors(session, nis_code),
        queries.held_sources(session, nis_code),
        (float(west), float(south), float(east), float(north)),
    )


def unit_rows(held: Sequence[Held], ids: Sequence[int]) -> pd.DataFrame:
    """Shop units by key, with x and y; those that are not there are missing."""
    wanted = set(ids)
    parts = []
    for each in held:
        layer = each.layers.get("shop_units")
        if layer is not None:
            rows = layer.rows.assign(x=layer.xy[:, 0], y=layer.xy[:, 1])
            parts.append(rows[rows["id"].isin(wanted)])
    return pd.concat(parts) if parts else pd.DataFrame({"id": [], "x": [], "y": [], "address": []})


def branch_rows(held: Sequence[Held], branch: str, *, but: int | None) -> pd.DataFrame:
    """Shop units that trade in a branch, with x and y."""
    parts = []
    for each in held:
        layer = each.layers.get("shop_units")
        if layer is not None:
            rows = layer.rows.assign(x=layer.xy[:, 0], y=layer.xy[:, 1])
            parts.append(
                rows[(rows["branch_code"] == branch) & (rows["state"] != "vacant") & (rows["id"] != but)]
            )
    return pd.concat(parts) if parts else pd.DataFrame({"id": [], "x": [], "y": [], "address": []})
