"""What belongs to the municipality that was asked for, and what was seen before in the same file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

from api.importers.reading import Request
from api.importers.refusals import Notes, Refusals
from api.importers.targets import TARGETS


@dataclass(frozen=True)
class Scope:
    """Which rows of a bigger file are meant.

    Attributes
    ----------
    margin_m
        How far outside the municipality rows are kept, unless option margin_m says otherwise.
    touches
        Keep what touches the municipality, not only what has its middle in it.
    is_outside_refused
        A row outside the municipality is a fault of the row, not the rest of a bigger file.
    """

    margin_m: float = 0.0
    touches: bool = False
    is_outside_refused: bool = False

    def keep(self, frame: pd.DataFrame, request: Request, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        """Rows of `frame` (with `geometry` in our CRS) that are in scope; all where no border is known."""
        if request.within is None or frame.empty:
            return frame
        margin_m = float(request.options.get("margin_m", self.margin_m))
        border = request.within.buffer(margin_m) if margin_m else request.within
        shapely.prepare(border)
        values = frame["geometry"].to_numpy(dtype=object)
        tested = values if self.touches else shapely.point_on_surface(values)
        inside = shapely.intersects(border, tested)
        if self.is_outside_refused:
            refusals.add(
                frame.index[~inside],
                shapely.to_wkt(tested[~inside], rounding_precision=0),
                column="geometry",
                reason="The point lies outside the municipality.",
                remedy="Correct its coordinates, or import it for its own municipality.",
            )
        else:
            outside = int((~inside).sum())
            notes.count("{n} rows lie outside the municipality and are not imported", outside)
        kept: pd.DataFrame = frame.loc[inside]
        return kept


@dataclass
class KeysSeen:
    """Refuses a row whose key an earlier row of the file has.

    Attributes
    ----------
    target
        A name in `TARGETS`.
    column
        What to call the key in a refusal.
    """

    target: str
    column: str
    _seen: set[Any] = field(default_factory=set)

    def first(self, frame: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
        """The rows whose key is new."""
        target = TARGETS[self.target]
        key = [name for name in target.key if name in frame.columns]
        if not key or frame.empty:
            return frame
        repeated = frame.duplicated(subset=key).to_numpy()
        # Series of readings are too long to remember; a later one in the file is an update of the first.
        if "instant" not in target.columns.values():
            tuples = list(zip(*(frame[name].astype("object") for name in key), strict=True))
            again = np.fromiter((one in self._seen for one in tuples), dtype=bool, count=len(tuples))
            repeated = repeated | again
            self._seen.update(tuples)
        if not repeated.any():
            return frame
        told = frame.loc[repeated, key].astype("str").fillna("")
        refusals.add(
            told.index,
            map(" ".join, told.itertuples(index=False, name=None)),
            column=self.column,
            reason="An earlier row has the same key.",
            remedy="Keep one of them, or give each its own key.",
        )
        kept: pd.DataFrame = frame.loc[~repeated]
        return kept
