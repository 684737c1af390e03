"""How surprising the windows of one map are: measured in blocks, so that 50,000 shop units fit in little memory."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gis.reach import Distances
from gis.windows import (
    LANES,
    Floats,
    Ints,
    Maps,
    Windows,
    counts,
    expectation_lines,
    in_centimetres,
    likelihood_ratios,
    likelihood_table,
    raise_highest,
    side_by_side,
    windows,
)

# Windows that are held at once, as rows times units: 8 MB for each of a handful of arrays.
HELD = 1_000_000
TIE = 1e-9


@dataclass(frozen=True)
class Best:
    """The window that surprises most: its centre and members as positions, its ratio and expectation."""

    centre: int
    members: NDArray[np.int32]
    ratio: float
    expected: float
    radius_m: float


class Surprise:
    """The highest ratio around every shop unit, and around it on random maps.

    Parameters
    ----------
    distances
        Units x units, metres, dense or sparse; the only large thing that is held.
    is_vacant
        1 where vacant, shape (units,).
    chance
        Chance of each unit to be vacant, shape (units,).
    largest
        Units in the largest window.
    """

    def __init__(self, distances: Distances, is_vacant: Maps, chance: Floats, *, largest: int) -> None:
        self.is_vacant = is_vacant
        self._distances: Any = (
            sparse.csr_array(distances) if sparse.issparse(distances) else np.asarray(distances, dtype=float)
        )
        self._chance, self._largest, n_units = chance, largest, len(is_vacant)
        self._n_vacant = int(is_vacant.sum())
        self._table = likelihood_table(n_units, self._n_vacant, largest)
        self._ratio, self._radius_m = np.zeros(n_units), np.zeros(n_units)
        self._is_taken = np.zeros(n_units, dtype=np.int64)

    def measure(self, maps: Maps) -> Floats:
        """Measure the real map, and find the highest ratio on each random one.

        Parameters
        ----------
        maps
            1 where vacant, shape (maps, units).

        Returns
        -------
        numpy.ndarray
            Shape (maps,).
        """
        beside = side_by_side(maps)
        highest = np.zeros((len(beside), LANES))
        # Nothing is higher than what fills up the last block.
        highest.ravel()[len(maps) :] = np.inf
        for rows in self._blocks(np.arange(len(self.is_vacant))):
            near, lines = self._windows(rows)
            self._keep(rows, near, lines)
            raise_highest(highest, (near.order, near.is_end), beside, self._table, lines)
        return highest.ravel()[: len(maps)]

    def best(self) -> Best | None:
        """Of windows that surprise alike, the one of fewest units, then of smallest radius, then of first id."""
        top = self._ratio.max(initial=0.0)
        if top <= 0:
            return None
        alike = np.flatnonzero(self._ratio >= top - TIE)
        near, lines = self._windows(alike)
        ratios = self._ratios(near, lines)
        rows, lasts = np.nonzero(ratios >= ratios.max() - TIE)
        first = np.lexsort((rows, near.metres[rows, lasts], lasts))[0]
        row, last = int(rows[first]), int(lasts[first])
        return Best(
            centre=int(alike[row]),
            members=near.order[row, : last + 1],
            ratio=float(ratios[row, last]),
            expected=float(lines[0][row, last]),
            radius_m=float(near.metres[row, last]),
        )

    def take(self, members: NDArray[np.int32]) -> None:
        """Leave out all windows that touch these units from now on."""
        self._is_taken[members] = 1
        is_touched = (self._nearest_m(members) <= self._radius_m) & (self._ratio > 0)
        for rows in self._blocks(np.flatnonzero(is_touched)):
            self._keep(rows, *self._windows(rows))

    def _blocks(self, rows: Ints) -> list[Ints]:
        at_once = max(1, HELD // max(self._largest, 1))
        return [rows[start : start + at_once] for start in range(0, len(rows), at_once)]

    def _windows(self, rows: Ints) -> tuple[Windows, tuple[Floats, Floats, Floats]]:
        near = windows(self._distances, self._largest, rows=rows)
        return near, expectation_lines(near, self._chance, self._n_vacant)

    def _ratios(self, near: Windows, lines: tuple[Floats, Floats, Floats]) -> Floats:
        ratios = likelihood_ratios(near, self.is_vacant, self._table, lines)
        return np.where(counts(near, self._is_taken) > 0, 0.0, ratios)

    def _keep(self, rows: Ints, near: Windows, lines: tuple[Floats, Floats, Floats]) -> None:
        """Remember the highest ratio around each unit, and the widest radius at which it is reached."""
        ratios = self._ratios(near, lines)
        highest = ratios.max(axis=1)
        is_highest = ratios >= highest[:, None] - TIE
        last = ratios.shape[1] - 1 - np.argmax(is_highest[:, ::-1], axis=1)
        self._ratio[rows] = highest
        self._radius_m[rows] = near.metres[np.arange(len(rows)), last]

    def _nearest_m(self, members: NDArray[np.int32]) -> Floats:
        """Distance of every unit to the nearest of these, to the centimetre."""
        metres = np.full(len(self.is_vacant), np.inf)
        part = self._distances[:, members]
        if sparse.issparse(part):
            part = sparse.coo_array(part)
            np.minimum.at(metres, part.row, in_centimetres(part.data.astype(float)) / 100.0)
        else:
            metres = np.round(part.min(axis=1), 2)
        metres[members] = 0.0
        return metres
