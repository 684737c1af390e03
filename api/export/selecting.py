"""Which rows of a layer somebody asks for: one selection for files, collections and tiles."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from pyproj import CRS, Transformer
from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.db.base import SRID
from api.dependencies import Box
from api.errors import Malformed
from api.export import cql
from api.export.catalogue import Holder, Layer
from api.export.columns import Column, columns_at_hand, columns_of
from api.geojson import in_box
from api.places.filters import UnitFilter
from api.places.queries import UNITS

CRS_CODES = (31370, 3812, 4326, 3857)
# Datasets whose rows may not be given.
HELD_BACK = "ARRAY(SELECT id FROM dataset WHERE NOT redistribute_rows OR personal_data ORDER BY id)"
# Tables that keep their geometry ready in web mercator: drawing it costs nothing then, and telling it in degrees a third
# of what it costs from a grid on another ellipsoid.
MERCATOR = {"public.parcel": "v.geom_3857"}
# Between two such points an edge bends by less than the margin.
STEP_M, MARGIN_M = 20_000, 250


@lru_cache
def _home(srid: int) -> tuple[float, float, float, float]:
    """Box, in another CRS, around where the database's CRS makes sense, with a degree around it."""
    area = CRS.from_epsg(SRID).area_of_use
    degrees = (area.west - 1, area.south - 1, area.east + 1, area.north + 1) if area else (-180, -80, 180, 80)
    found = Transformer.from_crs(4326, srid, always_xy=True).transform_bounds(*degrees)
    return found[0], found[1], found[2], found[3]


@dataclass(frozen=True)
class Selection:
    """Rows of a layer: what is asked of them, and the datasets whose rows may not be given; None: those that the database names."""

    layer: Layer
    columns: tuple[Column, ...]
    conditions: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    withheld: tuple[int, ...] | None = ()

    @property
    def geom(self) -> str:
        """SQL of the geometry."""
        return self.layer.geom if "(" in self.layer.geom else f"v.{self.layer.geom}"

    def shape_in(self, srid: int) -> str:
        """SQL of the geometry in a CRS."""
        ready = MERCATOR.get(self.layer.relation)
        if ready and srid == 3857:
            return ready
        return f"st_transform({ready if ready and srid == 4326 else self.geom}, {srid})"

    def also(self, condition: str, **values: Any) -> "Selection":
        """The same with one condition more."""
        return replace(self, conditions=(*self.conditions, condition), values={**self.values, **values})

    def filtered(self, written: str, language: str, *, srid: int = 4326) -> "Selection":
        """The same with a filter in CQL2."""
        condition, values = cql.where(written, language, self.columns, self.geom, srid=srid)
        return self.also(condition, **values)

    def within(self, box: Box) -> "Selection":
        """The same within a box of degrees."""
        return self.also(in_box(self.geom), **vars(box))

    def within_of(self, corners: Sequence[float], srid: int) -> "Selection":
        """
        The same within a box of another CRS, x before y.

        The index is asked with the part of the box where the database's CRS makes sense, and a margin for edges that
        bend on the way there; rows are judged in the CRS of the box.
        """
        if srid == 4326:
            return self.within(Box(*corners))
        names = ("box_x0", "box_y0", "box_x1", "box_y1")
        asked = self.also("true", **dict(zip(names, corners, strict=True)))
        box = f"st_makeenvelope(:box_x0, :box_y0, :box_x1, :box_y1, {srid})"
        if srid == SRID:
            return asked.also(f"{self.geom} && {box} AND st_intersects({self.geom}, {box})")
        west, south, east, north = _home(srid)
        x0, y0, x1, y1 = corners
        near = (max(x0, west), max(y0, south), min(x1, east), min(y1, north))
        if near[0] > near[2] or near[1] > near[3]:
            return asked.also("false")
        named = dict(zip(("near_x0", "near_y0", "near_x1", "near_y1"), near, strict=True))
        part = f"st_makeenvelope(:near_x0, :near_y0, :near_x1, :near_y1, {srid})"
        bent = f"st_expand(st_transform(st_segmentize({part}, {STEP_M}), {SRID}), {MARGIN_M})"
        exact = f"st_intersects(st_transform({self.geom}, {srid}), {box})"
        return asked.also(f"{self.geom} && {bent} AND {exact}", **named)

    def source(self, *, is_left_out: bool = False) -> str:
        """SQL from FROM on: the rows that are given, or those that are left out because of their licence."""
        parts = [f"({self.layer.condition})", *self.conditions]
        datasets = ":withheld" if self.withheld is not None else HELD_BACK
        held = " OR ".join(self._held(holder, datasets) for holder in self.layer.holders)
        if held and self.withheld is None:
            held = f"cardinality({HELD_BACK}) > 0 AND ({held})"
        if held and self.withheld != () and not self.layer.is_aggregate:
            parts.append(f"({held})" if is_left_out else f"NOT ({held})")
        elif is_left_out:
            parts.append("false")
        return f"FROM {self.layer.relation} v WHERE {' AND '.join(parts)}"

    def _held(self, holder: Holder, datasets: str) -> str:
        """SQL of whether a row came from one of the datasets."""
        if self.layer.relation == f"public.{holder.table}":
            return f"coalesce(v.dataset_id = ANY({datasets}), false)"
        return f"EXISTS (SELECT 1 FROM {holder.table} h WHERE {holder.on} AND h.dataset_id = ANY({datasets}))"

    @property
    def bound(self) -> dict[str, Any]:
        """Every parameter."""
        return self.values if self.withheld is None else {**self.values, "withheld": list(self.withheld)}


def select(session: Session, layer: Layer) -> Selection:
    """All rows of a layer that may be given."""
    held = session.execute(text(f"SELECT {HELD_BACK}")).scalar_one()
    return Selection(layer, tuple(columns_of(session, layer)), withheld=tuple(held))


def select_at_hand(layer: Layer) -> Selection:
    """The same without asking the database first, for statements that go out together."""
    return Selection(layer, columns_at_hand(layer), withheld=None)


UNIT_PARTS = (
    "state", "branch_group", "vacancy_class", "core", "cluster", "min_floor_area_m2", "max_floor_area_m2",
    "min_score", "not_seen_months", "q",
)  # fmt: skip


def select_of(
    session: Session, layer: Layer, wanted: UnitFilter, *, written: str = "", language: str = "cql2-text"
) -> Selection:
    """
    Rows of a municipality that meet the filter of shop units, and one in CQL2.

    Raises
    ------
    Malformed
        When the layer has no shop units to filter, or the filter cannot be read.
    """
    chosen = select(session, layer).also("v.nis_code = :nis_code", nis_code=wanted.municipality)
    asked = [name for name in UNIT_PARTS if getattr(wanted, name) not in {None, (), ""}]
    if asked and not layer.unit_key:
        raise Malformed(
            f"{layer.name} does not tell of shop units, so that it cannot be filtered by {', '.join(asked)}.",
            "Leave that away, or give a filter in CQL2 (filter=...).",
        )
    if asked:
        condition, values = replace(wanted, box=None).where()
        chosen = chosen.also(
            f"v.{layer.unit_key} IN (SELECT u.id FROM (SELECT * FROM ({UNITS}) u WHERE {condition}) u)",
            **values,
        )
    if wanted.box is not None:
        chosen = chosen.within(wanted.box)
    return chosen.filtered(written, language) if written.strip() else chosen


def count(session: Session, chosen: Selection, *, is_left_out: bool = False) -> int:
    """How many rows are given, or left out."""
    query = text(f"SELECT count(*) {chosen.source(is_left_out=is_left_out)}")
    return int(session.execute(query, chosen.bound).scalar_one())


def sources(session: Session, layer: Layer, nis_codes: Sequence[str] | None = None) -> Sequence[RowMapping]:
    """Datasets that the rows of a layer came from."""
    if not layer.holders:
        return []
    of_all = nis_codes is None
    parts = " UNION ".join(
        f"SELECT h.dataset_id FROM {holder.table} h WHERE {'true' if of_all else holder.of}"
        for holder in layer.holders
    )
    query = text(
        "SELECT d.name, d.publisher, d.licence, d.attribution, d.vintage_on, d.url, d.redistribute_rows, d.share_alike, "
        f"d.personal_data, d.is_demo FROM dataset d WHERE d.id IN ({parts}) ORDER BY d.name"
    )
    return session.execute(query, {} if of_all else {"nis": list(nis_codes or ())}).mappings().all()
