"""What stands and lies on the ground: parcels, buildings, backdrop, streets, public places, hints."""

from datetime import date
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    Boolean,
    Computed,
    Date,
    Double,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import (
    Base,
    Imported,
    Keyed,
    OfMunicipality,
    geometry,
    one_of,
    spatial_index,
    web_geometry,
)


class Parcel(Keyed, OfMunicipality, Imported, Base):
    """A cadastral parcel (GRB Adp)."""

    __tablename__ = "parcel"
    __table_args__ = (
        UniqueConstraint("nis_code", "capakey"),
        *spatial_index("parcel", "geom", "geom_3857"),
        {"comment": "Cadastral parcels (GRB Adp)."},
    )

    capakey: Mapped[str] = mapped_column(Text, comment="Cadastral key (CAPAKEY).")
    canu: Mapped[str | None] = mapped_column(Text, comment="Short parcel number.")
    oidn: Mapped[int | None] = mapped_column(BigInteger, comment="GRB object id.")
    uidn: Mapped[int | None] = mapped_column(BigInteger, comment="GRB id of the version of the object.")
    version: Mapped[int | None] = mapped_column(Integer, comment="GRB version number.")
    begins_on: Mapped[date | None] = mapped_column(Date, comment="GRB begin date.")
    ends_on: Mapped[date | None] = mapped_column(Date, comment="GRB end date; empty while it exists.")
    fiscal_on: Mapped[date | None] = mapped_column(Date, comment="Date of the cadastral situation.")
    area_m2: Mapped[float] = mapped_column(
        Double, Computed("st_area(geom)", persisted=True), comment="Area of the geometry, m2; generated."
    )
    geom: Mapped[WKBElement] = geometry("MULTIPOLYGON", "Parcel")
    geom_3857: Mapped[WKBElement] = web_geometry("MULTIPOLYGON")


class Building(Keyed, OfMunicipality, Imported, Base):
    """A building on the ground (GRB Gbg or another source)."""

    __tablename__ = "building"
    __table_args__ = (
        UniqueConstraint("nis_code", "source_key"),
        one_of("building_type", codes.BUILDING_TYPE),
        one_of("use", codes.BUILDING_USE),
        *spatial_index("building", "geom", "geom_3857"),
        {"comment": "Buildings."},
    )

    source_key: Mapped[str] = mapped_column(Text, comment="Key in the source.")
    building_type: Mapped[str | None] = mapped_column(Text, comment="main, annex, clipped or other.")
    use: Mapped[str | None] = mapped_column(
        Text, comment="residential, commercial, mixed, other; empty unknown."
    )
    floors: Mapped[int | None] = mapped_column(SmallInteger, comment="Floors above ground, count.")
    height_m: Mapped[float | None] = mapped_column(Double, comment="Height, m.")
    geom: Mapped[WKBElement] = geometry("MULTIPOLYGON", "Footprint")
    geom_3857: Mapped[WKBElement] = web_geometry("MULTIPOLYGON")


class Backdrop(Keyed, OfMunicipality, Imported, Base):
    """Water, green and rail, for the base map only."""

    __tablename__ = "backdrop"
    __table_args__ = (
        UniqueConstraint("nis_code", "source_key"),
        one_of("kind", codes.BACKDROP),
        *spatial_index("backdrop", "geom", "geom_3857"),
        {"comment": "Water, green and rail for the base map."},
    )

    source_key: Mapped[str] = mapped_column(Text, comment="Key in the source.")
    kind: Mapped[str] = mapped_column(Text, comment="water, green or rail.")
    name: Mapped[str | None] = mapped_column(Text, comment="Name.")
    geom: Mapped[WKBElement] = geometry("MULTIPOLYGON", "Area")
    geom_3857: Mapped[WKBElement] = web_geometry("MULTIPOLYGON")


class StreetSegment(Keyed, OfMunicipality, Imported, Base):
    """A street between two junctions, with who may use it in which direction."""

    __tablename__ = "street_segment"
    __table_args__ = (
        UniqueConstraint("nis_code", "source_key"),
        one_of("street_class", codes.STREET_CLASS),
        *spatial_index("street_segment", "geom", "geom_3857"),
        {"comment": "Streets between two junctions, with access per mode and direction."},
    )

    source_key: Mapped[str] = mapped_column(Text, comment="Key in the source.")
    name: Mapped[str | None] = mapped_column(Text, comment="Street name.")
    street_class: Mapped[str] = mapped_column(Text, comment="Code list street_class.")
    is_walk_forward: Mapped[bool] = mapped_column(Boolean, comment="May one walk along the geometry?")
    is_walk_backward: Mapped[bool] = mapped_column(Boolean, comment="May one walk against the geometry?")
    is_bicycle_forward: Mapped[bool] = mapped_column(Boolean, comment="May one cycle along the geometry?")
    is_bicycle_backward: Mapped[bool] = mapped_column(Boolean, comment="May one cycle against the geometry?")
    is_car_forward: Mapped[bool] = mapped_column(Boolean, comment="May one drive along the geometry?")
    is_car_backward: Mapped[bool] = mapped_column(Boolean, comment="May one drive against the geometry?")
    car_speed_kmh: Mapped[float | None] = mapped_column(
        Double, comment="Speed by car, km/h; empty: by class."
    )
    is_private: Mapped[bool] = mapped_column(Boolean, server_default="false", comment="Private road?")
    code_scheme: Mapped[str | None] = mapped_column(Text, comment="Scheme of the source's own class code.")
    code_version: Mapped[str | None] = mapped_column(Text, comment="Version of that scheme.")
    code: Mapped[str | None] = mapped_column(Text, comment="The source's own class code.")
    length_m: Mapped[float] = mapped_column(
        Double, Computed("st_length(geom)", persisted=True), comment="Length, m; generated."
    )
    geom: Mapped[WKBElement] = geometry("LINESTRING", "Axis, from junction to junction")
    geom_3857: Mapped[WKBElement] = web_geometry("LINESTRING")


class PlaceHint(Keyed, OfMunicipality, Imported, Base):
    """A shop as OpenStreetMap tells it: a hint for the officer, never part of a rate."""

    __tablename__ = "place_hint"
    __table_args__ = (
        UniqueConstraint("nis_code", "source_key"),
        *spatial_index("place_hint", "geom"),
        {"comment": "Shops as OpenStreetMap tells them: hints, never part of a rate."},
    )

    source_key: Mapped[str] = mapped_column(Text, comment="Key in the source.")
    kind: Mapped[str] = mapped_column(Text, comment="OSM key=value.")
    name: Mapped[str | None] = mapped_column(Text, comment="Name.")
    brand: Mapped[str | None] = mapped_column(Text, comment="Brand.")
    tags: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", comment="Tags of the source.")
    checked_on: Mapped[date | None] = mapped_column(Date, comment="Day somebody last checked it.")
    geom: Mapped[WKBElement] = geometry("POINT", "Place")


class PublicPlace(Keyed, OfMunicipality, Imported, Base):
    """A place that draws people: station, stop, school, town hall."""

    __tablename__ = "public_place"
    __table_args__ = (
        UniqueConstraint("nis_code", "source_key"),
        *spatial_index("public_place", "geom"),
        {"comment": "Places that draw people: stations, stops, schools, town halls."},
    )

    source_key: Mapped[str] = mapped_column(Text, comment="Key in the source.")
    kind: Mapped[str] = mapped_column(
        Text, comment="Kind: station, stop, school, hospital, town_hall, library."
    )
    name: Mapped[str | None] = mapped_column(Text, comment="Name.")
    weight: Mapped[float] = mapped_column(Double, server_default="1", comment="Relative drawing power.")
    geom: Mapped[WKBElement] = geometry("POINT", "Place")
