"""The two registers beside the survey: legal vacancy, and the Flemish inventory of business premises."""

from datetime import date, datetime

from geoalchemy2 import WKBElement
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Computed,
    Date,
    Double,
    ForeignKey,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from api.db import codes
from api.db.base import (
    Base,
    Imported,
    Keyed,
    OfMunicipality,
    created_at,
    geometry,
    one_of,
    spatial_index,
)

# A record that was struck off on a day nobody wrote down was on the register on no day that we can name.
PERIOD = (
    "CASE WHEN is_removed AND removed_on IS NULL THEN 'empty'::daterange "
    "ELSE daterange(coalesce(entered_on, found_on), removed_on) END"
)


class RegisterRecord(Keyed, OfMunicipality, Imported):
    """What both registers hold of a record; an owner is never one of the columns."""

    record_key: Mapped[str] = mapped_column(
        Text, comment="Key of the record: prefix, type, number and internal number of the dossier."
    )
    dossier_prefix: Mapped[str | None] = mapped_column(Text, comment="Prefix of the dossier.")
    dossier_type: Mapped[str | None] = mapped_column(Text, comment="Type of the dossier.")
    dossier_number: Mapped[str] = mapped_column(Text, comment="Number of the dossier.")
    internal_number: Mapped[str | None] = mapped_column(Text, comment="The city's own number in the dossier.")
    inventory_type: Mapped[str | None] = mapped_column(
        Text, comment="Inventory it is of, as the register says."
    )
    status: Mapped[str | None] = mapped_column(Text, comment="Status, as the register says.")
    status_code: Mapped[str | None] = mapped_column(Text, comment="Code of the status in the register.")
    property_kind: Mapped[str | None] = mapped_column(
        Text, comment="Kind of real estate, as the register says."
    )
    street: Mapped[str | None] = mapped_column(Text, comment="Street name.")
    house_number: Mapped[str | None] = mapped_column(Text, comment="House number with its suffix.")
    box: Mapped[str | None] = mapped_column(Text, comment="Box number.")
    postcode: Mapped[str | None] = mapped_column(Text, comment="Postcode.")
    place: Mapped[str | None] = mapped_column(Text, comment="Name of town or village.")
    capakey: Mapped[str | None] = mapped_column(
        Text, comment="Cadastral key in the file, of whichever cadastre."
    )
    found_on: Mapped[date | None] = mapped_column(Date, comment="Day the vacancy was established.")
    entered_on: Mapped[date | None] = mapped_column(Date, comment="Day it came on the register.")
    objection: Mapped[str | None] = mapped_column(Text, comment="Code list objection.")
    objection_on: Mapped[date | None] = mapped_column(Date, comment="Day of the objection.")
    exemption: Mapped[str | None] = mapped_column(Text, comment="Code list exemption.")
    exemption_until: Mapped[date | None] = mapped_column(Date, comment="Day the exemption ends.")
    levy_year: Mapped[int | None] = mapped_column(SmallInteger, comment="Year of the last levy.")
    levy_eur: Mapped[float | None] = mapped_column(Double, comment="Amount of the last levy, EUR.")
    removed_on: Mapped[date | None] = mapped_column(Date, comment="First day no longer on the register.")
    is_removed: Mapped[bool] = mapped_column(
        Boolean, server_default="false", comment="Does its status say that it was struck off?"
    )
    period: Mapped[Range[date]] = mapped_column(
        DATERANGE, Computed(PERIOD, persisted=True), comment="Days on the register; generated."
    )
    matched_by: Mapped[str] = mapped_column(
        Text, server_default="none", comment="How its parcel was found: code list matched_by."
    )
    match_doubt: Mapped[str | None] = mapped_column(
        Text, comment="Why somebody must settle it: code list match_doubt; empty when nobody must."
    )
    geom: Mapped[WKBElement | None] = geometry(
        "MULTIPOLYGON", "Parcel of today, or the earlier one it was found by", nullable=True
    )

    @declared_attr
    def parcel_id(cls) -> Mapped[int | None]:  # noqa: N805 - SQLAlchemy hands the class
        """The one parcel of today."""
        return mapped_column(
            ForeignKey("parcel.id", ondelete="SET NULL"),
            index=True,
            comment="The one parcel of today it lies on; empty when there are several or none.",
        )


def _constraints(table: str, comment: str) -> tuple[object, ...]:
    return (
        UniqueConstraint("nis_code", "record_key"),
        one_of("objection", codes.OBJECTION),
        one_of("exemption", codes.EXEMPTION),
        one_of("matched_by", codes.MATCHED_BY),
        one_of("match_doubt", codes.MATCH_DOUBT),
        CheckConstraint("removed_on >= coalesce(entered_on, found_on)", name="removed_on"),
        CheckConstraint("levy_eur >= 0", name="levy_eur"),
        *spatial_index(table, "geom"),
        {"comment": comment},
    )


class LegalVacancyRecord(RegisterRecord, Base):
    """A building on the municipal register of vacant buildings (leegstandsregister)."""

    __tablename__ = "legal_vacancy_record"
    __table_args__ = _constraints(
        "legal_vacancy_record",
        "Buildings on the municipal vacancy register (leegstandsregister); another notion than the survey.",
    )


class BusinessPremisesRecord(RegisterRecord, Base):
    """A site on the Flemish inventory of vacant or neglected business premises."""

    __tablename__ = "business_premises_record"
    __table_args__ = _constraints(
        "business_premises_record",
        "Sites on the Flemish inventory of vacant and neglected business premises (bedrijfsruimten).",
    )


class RegisterParcel(Keyed, Base):
    """A parcel of today under a record, with the share of the record's ground that it holds."""

    __tablename__ = "register_parcel"
    __table_args__ = (
        UniqueConstraint("legal_vacancy_record_id", "parcel_id"),
        UniqueConstraint("business_premises_record_id", "parcel_id"),
        CheckConstraint(
            "num_nonnulls(legal_vacancy_record_id, business_premises_record_id) = 1", name="record"
        ),
        CheckConstraint("share > 0 AND share <= 1", name="share"),
        {"comment": "Parcels of today under each record; made anew whenever registers or parcels change."},
    )

    legal_vacancy_record_id: Mapped[int | None] = mapped_column(
        ForeignKey("legal_vacancy_record.id", ondelete="CASCADE"),
        comment="The record, of the legal register.",
    )
    business_premises_record_id: Mapped[int | None] = mapped_column(
        ForeignKey("business_premises_record.id", ondelete="CASCADE"),
        comment="The record, of the inventory of business premises.",
    )
    parcel_id: Mapped[int] = mapped_column(
        ForeignKey("parcel.id", ondelete="CASCADE"), index=True, comment="Parcel of today."
    )
    share: Mapped[float] = mapped_column(
        Double, comment="Share of the record's own parcel that lies on it, 0-1."
    )


class FormerParcel(Keyed, OfMunicipality, Imported, Base):
    """A parcel of an earlier cadastre, kept to find what a register calls by its old key."""

    __tablename__ = "former_parcel"
    __table_args__ = (
        UniqueConstraint("nis_code", "capakey"),
        *spatial_index("former_parcel", "geom"),
        {"comment": "Parcels of an earlier cadastre, to place records that still carry their keys."},
    )

    capakey: Mapped[str] = mapped_column(Text, comment="Cadastral key it had.")
    geom: Mapped[WKBElement] = geometry("MULTIPOLYGON", "Parcel as it was")


class RegisterAssignment(Keyed, OfMunicipality, Base):
    """A parcel that somebody gave a record; it outlives the next import of the register."""

    __tablename__ = "register_assignment"
    __table_args__ = (
        UniqueConstraint("nis_code", "register", "record_key"),
        one_of("register", codes.REGISTER),
        {"comment": "Parcels given to records by hand; kept at the next import."},
    )

    register: Mapped[str] = mapped_column(Text, comment="legal_vacancy or business_premises.")
    record_key: Mapped[str] = mapped_column(Text, comment="Key of the record.")
    capakey: Mapped[str] = mapped_column(Text, comment="Cadastral key of the parcel given to it.")
    assigned_at: Mapped[datetime] = created_at("When somebody settled it.")
