"""The way that most sources go: open, match columns, read values, fit geometry, finish, give chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from api.importers.crs import Label, Projection, decide
from api.importers.fields import Style, read_fields
from api.importers.mapping import Field, Match, match, names, require
from api.importers.opening import open_source, told_plainly
from api.importers.reading import Chunk, Reading, Request, UnreadableSource
from api.importers.refusals import Notes, Refusals
from api.importers.scope import KeysSeen, Scope
from api.importers.shapes import fit, middles, outlines
from api.importers.source import Batch, Source
from api.importers.targets import TARGETS, conform

Finish = Callable[[pd.DataFrame, Refusals, Notes], pd.DataFrame]
POINT_FIELDS = (
    Field("lon", "number", names("longitude lng long x_lon lengtegraad coord_x location.lon location.lng")),
    Field("lat", "number", names("latitude y_lat breedtegraad coord_y location.lat")),
    Field("x", "number", names("x_coord xcoord x_lambert x_l72 coordx coord.x location.x")),
    Field("y", "number", names("y_coord ycoord y_lambert y_l72 coordy coord.y location.y")),
)
_SAMPLE = 1000


@dataclass(frozen=True)
class Recipe:
    """How one source becomes one target.

    Attributes
    ----------
    target
        A name in `TARGETS`.
    fields
        What is read.
    finish
        Gets the frame that was read (index: row number; `geometry` where the target has one, in our CRS) and
        returns it with the target's columns.
    scope
        Which rows of a bigger file are meant; None leaves that to `finish`.
    has_unique_rows
        Refuse a row whose key an earlier row has.
    needs
        Groups of fields of which the file must have at least one.
    """

    target: str
    fields: Sequence[Field]
    finish: Finish
    scope: Scope | None = field(default_factory=Scope)
    has_unique_rows: bool = True
    needs: tuple[tuple[str, ...], ...] = ()


def style_of(request: Request) -> Style:
    """How the user says that values are written."""
    return Style(request.options.get("decimal"), request.options.get("date_order") == "mdy")


def read(
    request: Request, recipe: Recipe, *, notes: Notes | None = None, source: Source | None = None
) -> Reading:
    """Start reading a file after a recipe.

    Raises
    ------
    UnreadableSource
        The file as a whole cannot be read.
    """
    notes = notes or Notes()
    with told_plainly(request.path):
        source = source or open_source(request, notes)
        is_shaped = TARGETS[recipe.target].shape is not None
        points = POINT_FIELDS if is_shaped and source.label is None else ()
        fields = (*recipe.fields, *points)
        matched = match(fields, source.columns, request.mapping, notes)
        require(matched, recipe.fields, source.columns, recipe.needs)
        batches = source.read(sorted(set(matched.columns.values())))
        first = next(batches, None)
        if first is None:
            raise UnreadableSource(
                f"{request.path.name} holds no rows", "Check that the export was not empty"
            )
        steps = _Steps(request, recipe, fields, matched, notes)
        if is_shaped:
            steps.locate(first, source.label)
    return Reading(recipe.target, notes.sentences, steps.chunks(chain([first], batches)))


class _Steps:
    """What happens to every batch of one reading."""

    def __init__(
        self, request: Request, recipe: Recipe, fields: Sequence[Field], matched: Match, notes: Notes
    ) -> None:
        self.request = request
        self.recipe = recipe
        self.fields = fields
        self.matched = matched
        self.notes = notes
        self.projection: Projection | None = None
        self.keys = KeysSeen(recipe.target, matched.label(TARGETS[recipe.target].key[-1]))
        self.axes: tuple[str, str] | None = None

    def locate(self, first: Batch, label: Label | None) -> None:
        """Decide on the coordinate system from the first batch."""
        if first.geometry is None:
            pairs = (("lon", "lat"), ("x", "y"))
            known = [pair for pair in pairs if all(one in self.matched for one in pair)]
            if not known:
                raise UnreadableSource(
                    "The file has no coordinates",
                    "Add columns lat and lon (degrees) or x and y (metres), or --map them",
                )
            self.axes = known[0]
            label = Label(CRS.from_epsg(4326)) if self.axes == ("lon", "lat") else Label(None)
        x, y = middles(self._geometry(first)[:_SAMPLE].to_numpy(dtype=object))
        if len(x) == 0:
            raise UnreadableSource("The first rows have no coordinates", "Fill them in, or sort them last")
        self.projection, sentence = decide(
            x, y, label or Label(None), srid=self.request.srid, forced=self.request.options.get("crs")
        )
        if sentence:
            self.notes.say(sentence)

    def chunks(self, batches: Iterator[Batch]) -> Iterator[Chunk]:
        """One chunk per batch."""
        with told_plainly(self.request.path):
            for batch in batches:
                yield self._chunk(batch)
            self.notes.close()

    def _chunk(self, batch: Batch) -> Chunk:
        refusals = Refusals()
        refusals.add_frame(batch.refused)
        frame = read_fields(batch.frame, self.matched, self.fields, refusals, style_of(self.request))
        target = TARGETS[self.recipe.target]
        if self.projection is not None and target.shape is not None:
            raw = self._geometry(batch)
            raw = raw[raw.index.isin(frame.index)]
            geometry = fit(raw, self.projection, target.shape, refusals, self.notes)
            frame = frame.loc[geometry.index].copy()
            frame["geometry"] = geometry.to_numpy(dtype=object)
            if "area_geom" in target.columns:
                frame["area_geom"] = outlines(raw.loc[frame.index], self.projection)
            if self.recipe.scope is not None:
                frame = self.recipe.scope.keep(frame, self.request, refusals, self.notes)
        frame = self.recipe.finish(frame, refusals, self.notes)
        if self.recipe.has_unique_rows:
            frame = self.keys.first(frame, refusals)
        rows = conform(frame, self.recipe.target, srid=self.request.srid)
        return Chunk(rows, refusals.frame(), batch.done_share)

    def _geometry(self, batch: Batch) -> pd.Series[Any]:
        if batch.geometry is not None:
            return pd.Series(batch.geometry, index=batch.frame.index, dtype="object")
        assert self.axes is not None
        pair = [one for one in self.fields if one.ours in self.axes]
        xy = read_fields(batch.frame, self.matched, pair, Refusals(), style_of(self.request)).astype(
            "float64"
        )
        values = np.full(len(xy), None, dtype=object)
        is_there = xy.notna().all(axis=1).to_numpy()
        values[is_there] = shapely.points(xy.loc[is_there, list(self.axes)].to_numpy())
        return pd.Series(values, index=batch.frame.index, dtype="object")
