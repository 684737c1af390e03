"""Shop units and their history: occupancies, vacancy spells, splits and merges."""

import uuid
from datetime import date

from geoalchemy2 import WKBElement
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Computed,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
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

BRANCH_VERSION = "kernkaart-1"


class ShopUnit(Keyed, OfMunicipality, Imported, Base):
    """A space one shop can occupy, with its own front door (handelspand)."""

    __tablename__ = "shop_unit"
    __table_args__ = (
        UniqueConstraint("nis_code", "local_code"),
        one_of("floor_level", codes.FLOOR_LEVEL),
        one_of("lifecycle", codes.LIFECYCLE),
        one_of("fitout_state", codes.FITOUT_STATE),
        CheckConstraint("floor_area_m2 >= 0", name="floor_area_m2"),
        CheckConstraint("valid_to > valid_from", name="valid_period"),
        Index("ix_shop_unit_address", "nis_code", "street", "house_number"),
        *spatial_index("shop_unit", "geom", "geom_3857"),
        {"comment": "Spaces one shop can occupy (handelspanden)."},
    )

    uid: Mapped[uuid.UUID] = mapped_column(
        Uuid,
        unique=True,
        server_default=func.gen_random_uuid(),
        comment="Key that survives a move of database.",
    )
    local_code: Mapped[str] = mapped_column(Text, comment="Code the city knows it by.")
    name: Mapped[str | None] = mapped_column(Text, comment="Name of the unit itself, not of its occupant.")
    street: Mapped[str | None] = mapped_column(Text, comment="Street name.")
    house_number: Mapped[str | None] = mapped_column(Text, comment="House number, without suffix.")
    house_number_suffix: Mapped[str | None] = mapped_column(Text, comment="Suffix, such as A or bis.")
    house_number_end: Mapped[str | None] = mapped_column(Text, comment="Last number of a range.")
    box: Mapped[str | None] = mapped_column(Text, comment="Box number.")
    postcode: Mapped[str | None] = mapped_column(Text, comment="Postcode.")
    place: Mapped[str | None] = mapped_column(Text, comment="Name of town or village.")
    floor_area_m2: Mapped[float | None] = mapped_column(Double, comment="Sales floor area (WVO), m2.")
    gross_area_m2: Mapped[float | None] = mapped_column(Double, comment="Gross floor area, m2.")
    frontage_m: Mapped[float | None] = mapped_column(Double, comment="Width of the shop front, m.")
    floor_level: Mapped[str] = mapped_column(
        Text, server_default="ground", comment="ground, upper, basement, unknown."
    )
    is_storefront: Mapped[bool] = mapped_column(
        Boolean, server_default="true", comment="Does it have a shop front on the street?"
    )
    lifecycle: Mapped[str] = mapped_column(Text, server_default="active", comment="Code list lifecycle.")
    fitout_state: Mapped[str | None] = mapped_column(Text, comment="Code list fitout_state.")
    valid_from: Mapped[date | None] = mapped_column(Date, comment="Day the unit came to be.")
    valid_to: Mapped[date | None] = mapped_column(Date, comment="Day the unit ceased to be.")
    last_seen_on: Mapped[date | None] = mapped_column(Date, comment="Day somebody last saw it.")
    core_id: Mapped[int | None] = mapped_column(
        ForeignKey("core.id", ondelete="SET NULL"), index=True, comment="Core it lies in; set by location."
    )
    parcel_id: Mapped[int | None] = mapped_column(
        ForeignKey("parcel.id", ondelete="SET NULL"),
        index=True,
        comment="Parcel it stands on; set by location.",
    )
    note: Mapped[str | None] = mapped_column(Text, comment="Note; nothing about persons.")
    is_terrace_possible: Mapped[bool | None] = mapped_column(
        Boolean, comment="May a terrace stand in front of it? Empty: not known."
    )
    is_horeca_permitted: Mapped[bool | None] = mapped_column(
        Boolean, comment="Does its permit let food and drink be served there? Empty: not known."
    )
    geom: Mapped[WKBElement] = geometry("POINT", "Entrance")
    geom_3857: Mapped[WKBElement] = web_geometry("POINT")


class ShopUnitRelation(Keyed, Imported, Base):
    """A unit that came out of another: split, merge or replacement."""

    __tablename__ = "shop_unit_relation"
    __table_args__ = (
        UniqueConstraint("from_unit_id", "to_unit_id"),
        one_of("kind", codes.RELATION),
        CheckConstraint("from_unit_id <> to_unit_id", name="not_itself"),
        {"comment": "Splits, merges and replacements of shop units."},
    )

    from_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), comment="The earlier unit."
    )
    to_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), index=True, comment="The later unit."
    )
    kind: Mapped[str] = mapped_column(Text, comment="split, merge or replace.")
    happened_on: Mapped[date | None] = mapped_column(Date, comment="Day it happened.")


class Occupancy(Keyed, Imported, Base):
    """A period in which one occupant trades in a shop unit."""

    __tablename__ = "occupancy"
    __table_args__ = (
        ExcludeConstraint(("shop_unit_id", "="), ("period", "&&"), name="ex_occupancy_period", using="gist"),
        ForeignKeyConstraint(
            ["branch_scheme", "branch_version", "branch_code"],
            ["code_list.scheme", "code_list.version", "code_list.code"],
            name="fk_occupancy_branch_code",
        ),
        one_of("origin", codes.ORIGIN),
        one_of("start_basis", codes.START_BASIS),
        CheckConstraint("NOT isempty(period)", name="period"),
        CheckConstraint("moved_from_unit_id <> shop_unit_id", name="moved_from"),
        {"comment": "Periods in which one occupant trades in a shop unit; never overlapping."},
    )

    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), index=True, comment="The shop unit."
    )
    period: Mapped[Range[date]] = mapped_column(
        DATERANGE, comment="From the first day to the day after the last."
    )
    start_basis: Mapped[str] = mapped_column(
        Text, server_default="exact", comment="How the first day is known: code list start_basis."
    )
    occupant_name: Mapped[str | None] = mapped_column(Text, comment="Name over the door.")
    branch_scheme: Mapped[str] = mapped_column(
        Text, server_default="branch", comment="Scheme of the branch code."
    )
    branch_version: Mapped[str] = mapped_column(
        Text, server_default=BRANCH_VERSION, comment="Version of the branch list."
    )
    branch_code: Mapped[str | None] = mapped_column(Text, comment="Finest branch known.")
    is_chain: Mapped[bool | None] = mapped_column(Boolean, comment="Part of a chain?")
    is_popup: Mapped[bool] = mapped_column(
        Boolean, server_default="false", comment="Temporary use? It leaves a vacancy spell open."
    )
    is_anchor: Mapped[bool] = mapped_column(
        Boolean, server_default="false", comment="A shop that draws people for its neighbours?"
    )
    origin: Mapped[str] = mapped_column(Text, server_default="unknown", comment="Code list origin.")
    moved_from_unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="SET NULL"),
        index=True,
        comment="Unit of this municipality that the occupant left for this one; empty: none is known.",
    )


class VacancySpell(Keyed, Imported, Base):
    """A period in which nobody trades in a shop unit; its start may be an interval."""

    __tablename__ = "vacancy_spell"
    __table_args__ = (
        ExcludeConstraint(
            ("shop_unit_id", "="), ("period", "&&"), name="ex_vacancy_spell_period", using="gist"
        ),
        one_of("start_basis", codes.START_BASIS),
        one_of("end_reason", codes.END_REASON),
        one_of("cause", codes.CAUSE),
        one_of("market_status", codes.MARKET_STATUS),
        CheckConstraint("start_earliest_on <= start_latest_on", name="start_interval"),
        CheckConstraint("ended_on > start_latest_on", name="ended_on"),
        {"comment": "Periods in which nobody trades in a shop unit; never overlapping."},
    )

    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), index=True, comment="The shop unit."
    )
    start_earliest_on: Mapped[date | None] = mapped_column(
        Date, comment="Earliest day it can have begun; empty when not known."
    )
    start_latest_on: Mapped[date] = mapped_column(Date, comment="Latest day it can have begun.")
    start_basis: Mapped[str] = mapped_column(Text, comment="How the start is known: code list start_basis.")
    ended_on: Mapped[date | None] = mapped_column(
        Date, comment="First day no longer vacant; empty while it lasts."
    )
    period: Mapped[Range[date]] = mapped_column(
        DATERANGE,
        Computed("daterange(start_latest_on, ended_on)", persisted=True),
        comment="Certain part of the spell; generated.",
    )
    end_reason: Mapped[str | None] = mapped_column(Text, comment="Code list end_reason.")
    cause: Mapped[str | None] = mapped_column(Text, comment="Code list cause.")
    market_status: Mapped[str | None] = mapped_column(Text, comment="Code list market_status.")
    asking_rent_eur_per_month: Mapped[float | None] = mapped_column(
        Double, comment="Asking rent, EUR a month."
    )
    available_on: Mapped[date | None] = mapped_column(Date, comment="Day from which it can be had.")
    listing_url: Mapped[str | None] = mapped_column(Text, comment="Where it is advertised.")
    last_branch_code: Mapped[str | None] = mapped_column(Text, comment="Branch of the last occupant.")
