"""What catchments may hold, read once per state of a municipality's data and kept with its place on the networks."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.catchment import queries
from api.db.session import as_application
from gis.kept import Kept
from gis.network import StreetNetwork
from gis.snapping import Positions
from gis.survey import Placed

# What each layer is also counted by; a vacant unit trades in no branch.
GROUPED_BY = {"shop_units": "branch_group", "public_places": "kind", "unknown_ground": "sector"}
LAYERS = ("people", "unknown_ground", "shop_units", "parking", "sensors", "public_places")
# Whose rights a layer is under, where it is not the ground.
SUBJECTS = {"shop_units": "units", "parking": "parking", "sensors": "footfall"}
# Networks of which the positions are kept: three modes, and what officers are trying out at this moment.
MOST_NETWORKS = 12

Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Layer:
    """Things of one kind in one municipality, as arrays with one row per thing.

    Attributes
    ----------
    xy
        Where they are, metres, shape (things, 2).
    columns
        Keys, codes and amounts by name, each of shape (things,).
    group, labels
        To which group each belongs, -1 for none, and the names of the groups.
    """

    xy: NDArray[np.float64]
    columns: dict[str, NDArray[Any]]
    group: NDArray[np.int64]
    labels: list[str]
    _placed: Kept[str, Placed] = field(default_factory=lambda: Kept(MOST_NETWORKS), repr=False)

    def __len__(self) -> int:
        return len(self.xy)

    @cached_property
    def row_of(self) -> dict[int, int]:
        """Row of each thing by its key."""
        return {int(key): row for row, key in enumerate(self.columns["id"])}

    def placed(self, network: StreetNetwork, version: str) -> Placed:
        """The things on a network that is known by its version."""
        return self._placed.get(f"{version}-{network.mode}", lambda: Placed(network.snap(self.xy)))

    def moved(self, scenario: StreetNetwork, name: str, before: Placed, *, is_opened: bool) -> Placed:
        """The things on a scenario known by its name: only what stood on a closed street looks for another one."""
        if is_opened:
            return self._placed.get(name, lambda: Placed(scenario.snap(self.xy)))
        return self._placed.get(name, lambda: Placed(self._without(scenario, before.positions)))

    def _without(self, scenario: StreetNetwork, before: Positions) -> Positions:
        lost = np.flatnonzero(before.is_snapped & ~scenario.snaps[np.maximum(before.segment, 0)])
        again = scenario.snap(self.xy[lost])
        segment, fraction = before.segment.copy(), before.fraction.copy()
        distance_m = before.distance_m.copy()
        segment[lost], fraction[lost], distance_m[lost] = again.segment, again.fraction, again.distance_m
        return Positions(segment, fraction, distance_m)


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
        Bounds and state of its statistical sectors, a record array: x1, y1, x2, y2, is_known, is_suppressed.
    sources
        Datasets per thing counted, with date and coverage.
    box
        Around all of it, metres.
    withheld
        Subjects of which there is something that whoever asks may not see: it is in no layer.
    """

    nis_code: str
    version: str
    layers: dict[str, Layer]
    sectors: Any
    sources: dict[str, dict[str, Any]]
    box: Box
    withheld: tuple[str, ...] = ()

    def meets(self, box: Box) -> bool:
        """Whether anything of it can lie in a box."""
        return (
            self.box[0] <= box[2]
            and box[0] <= self.box[2]
            and self.box[1] <= box[3]
            and box[1] <= self.box[3]
        )


_kept: dict[tuple[str, str], Held] = {}
_locks: defaultdict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)


def near_held(session: Session, box: Box) -> list[Held]:
    """
    What is known of every municipality that a box meets, as its data are now; one without a border may lie anywhere.

    It is read for everybody at once and kept; of what is kept, whoever asks gets the layers whose things they may see.
    """
    found = []
    seen = queries.seen(session)
    for row in queries.versions(session):
        is_far = row["x1"] is not None and (
            row["x1"] > box[2] or row["x2"] < box[0] or row["y1"] > box[3] or row["y2"] < box[1]
        )
        if is_far:
            continue
        key = (row["database"], row["nis_code"])
        # One reader at a time: thirty-two users who ask at once need not read the same rows thirty-two times.
        with _locks[key]:
            held = _kept.get(key)
            if held is None or held.version != row["version"]:
                with as_application(session):
                    held = _kept[key] = _read(session, row)
        subjects = {name: SUBJECTS.get(name, "ground") for name in held.layers}
        layers = {name: layer for name, layer in held.layers.items() if held.nis_code in seen[subjects[name]]}
        withheld = tuple(sorted({subjects[name] for name in held.layers.keys() - layers.keys()}))
        found.append(replace(held, layers=layers, withheld=withheld))
    return found


def _read(session: Session, row: RowMapping) -> Held:
    nis_code = row["nis_code"]
    layers = {}
    for name in LAYERS:
        rows = queries.held_rows(session, name, nis_code)
        if len(rows):
            layers[name] = _layer(rows, GROUPED_BY.get(name))
    corners = [layer.xy for layer in layers.values()]
    if row["x1"] is not None:
        corners.append(np.array([[row["x1"], row["y1"]], [row["x2"], row["y2"]]], float))
    sectors = queries.sectors(session, nis_code)
    if len(sectors):
        corners += [sectors[["x1", "y1"]].to_numpy(float), sectors[["x2", "y2"]].to_numpy(float)]
    # What is nowhere is met by no box.
    every = np.concatenate(corners) if corners else np.full((1, 2), np.inf)
    (west, south), (east, north) = every.min(axis=0), every.max(axis=0)
    return Held(
        nis_code,
        row["version"],
        layers,
        sectors.to_records(index=False),
        queries.held_sources(session, nis_code),
        (float(west), float(south), float(east), float(north)),
    )


def _layer(rows: pd.DataFrame, grouped_by: str | None) -> Layer:
    group, labels = np.full(len(rows), -1), list[str]()
    if grouped_by is not None:
        trades = rows[grouped_by].where(rows["state"] != "vacant") if "state" in rows else rows[grouped_by]
        group, named = pd.factorize(trades)
        labels = [str(label) for label in named]
    columns = {str(name): rows[name].to_numpy() for name in rows.columns if name not in {"x", "y"}}
    return Layer(rows[["x", "y"]].to_numpy(float), columns, np.asarray(group, np.int64), labels)


@dataclass(frozen=True)
class Rival:
    """A shop unit that competes."""

    key: int
    address: str | None
    x: float
    y: float


def units_named(held: Sequence[Held], keys: Iterable[int]) -> list[Rival]:
    """Shop units by key; those that are not there are missing."""
    layers = [each.layers["shop_units"] for each in held if "shop_units" in each.layers]
    return [_rival(layer, layer.row_of[key]) for key in keys for layer in layers if key in layer.row_of]


def units_of_branch(held: Sequence[Held], branch: str) -> list[Rival]:
    """Shop units that trade in a branch."""
    found = []
    for each in held:
        layer = each.layers.get("shop_units")
        if layer is not None:
            is_rival = (layer.columns["branch_code"] == branch) & (layer.columns["state"] != "vacant")
            found += [_rival(layer, int(row)) for row in np.flatnonzero(is_rival)]
    return found


def _rival(layer: Layer, row: int) -> Rival:
    x, y = layer.xy[row]
    return Rival(int(layer.columns["id"][row]), layer.columns["address"][row], float(x), float(y))
