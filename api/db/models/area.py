"""Areas: municipalities, neighbourhoods, cores, statistical sectors."""

from datetime import date

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Double,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Imported, Keyed, OfMunicipality, geometry, one_of, spatial_index


class Municipality(Imported, Base):
    """A city; owner of every row that carries its NIS code."""

    __tablename__ = "municipality"
    __table_args__ = (
        *spatial_index("municipality", "geom"),
        CheckConstraint("fresh_months BETWEEN 1 AND stale_months - 1", name="fresh_months"),
        CheckConstraint(f"raw_months >= {codes.LEAST_RAW_MONTHS}", name="raw_months"),
        {"comment": "Cities; owners of the rows that carry their NIS code."},
    )

    nis_code: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="NIS code, or the code used abroad."
    )
    name_nl: Mapped[str] = mapped_column(Text, comment="Dutch name.")
    name_fr: Mapped[str | None] = mapped_column(Text, comment="French name.")
    name_en: Mapped[str | None] = mapped_column(Text, comment="English name.")
    postcodes: Mapped[list[str] | None] = mapped_column(ARRAY(Text), comment="Postcodes.")
    population: Mapped[int | None] = mapped_column(Integer, comment="Inhabitants, persons.")
    population_on: Mapped[date | None] = mapped_column(Date, comment="Date of the number of inhabitants.")
    market_weekdays: Mapped[list[int] | None] = mapped_column(
        ARRAY(SmallInteger), comment="Days of the weekly market, 1 Monday to 7 Sunday."
    )
    holiday_countries: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text),
        comment="Countries over the border whose holidays bring visitors, such as FR; empty: as usual there.",
    )
    is_demo: Mapped[bool] = mapped_column(Boolean, server_default="false", comment="Fictional demo data?")
    data_version: Mapped[int] = mapped_column(
        BigInteger, server_default="1", comment="Raised by every write to its rows."
    )
    street_version: Mapped[int] = mapped_column(
        BigInteger, server_default="1", comment="Raised by every write to its streets."
    )
    fresh_months: Mapped[int] = mapped_column(
        SmallInteger, server_default="6", comment="A shop unit seen less than so many months ago is fresh."
    )
    stale_months: Mapped[int] = mapped_column(
        SmallInteger,
        server_default="18",
        comment="One seen so many months ago or more is stale, and on the work list.",
    )
    raw_months: Mapped[int | None] = mapped_column(
        SmallInteger, comment="Single readings of counters are kept so many months; empty: for ever."
    )
    geom: Mapped[WKBElement | None] = geometry("MULTIPOLYGON", "Border", nullable=True)


class Neighbourhood(Keyed, OfMunicipality, Imported, Base):
    """A neighbourhood (wijk)."""

    __tablename__ = "neighbourhood"
    __table_args__ = (
        UniqueConstraint("nis_code", "code"),
        *spatial_index("neighbourhood", "geom"),
        {"comment": "Neighbourhoods (wijken)."},
    )

    code: Mapped[str] = mapped_column(Text, comment="Code in the source.")
    name: Mapped[str | None] = mapped_column(Text, comment="Name.")
    geom: Mapped[WKBElement] = geometry("MULTIPOLYGON", "Border")


class Core(Keyed, OfMunicipality, Imported, Base):
    """A delimited shopping area."""

    __tablename__ = "core"
    __table_args__ = (
        UniqueConstraint("nis_code", "code"),
        one_of("area_type", codes.AREA_TYPE),
        one_of("legal_basis", codes.LEGAL_BASIS),
        CheckConstraint("valid_to > valid_from", name="valid_period"),
        *spatial_index("core", "geom"),
        {"comment": "Delimited shopping areas, with their legal basis."},
    )

    code: Mapped[str] = mapped_column(Text, comment="Code in the source.")
    name: Mapped[str] = mapped_column(Text, comment="Name.")
    area_type: Mapped[str] = mapped_column(Text, server_default="other", comment="Code list area_type.")
    legal_basis: Mapped[str | None] = mapped_column(Text, comment="Code list legal_basis.")
    plan_ref: Mapped[str | None] = mapped_column(Text, comment="Plan or decision that delimits it.")
    main_type: Mapped[str | None] = mapped_column(Text, comment="Type in the source's own words.")
    valid_from: Mapped[date | None] = mapped_column(Date, comment="First day in force.")
    valid_to: Mapped[date | None] = mapped_column(Date, comment="First day no longer in force.")
    geom: Mapped[WKBElement] = geometry("MULTIPOLYGON", "Delimitation")


class StatSector(Keyed, OfMunicipality, Imported, Base):
    """A statistical sector as it was delimited in one year."""

    __tablename__ = "stat_sector"
    __table_args__ = (
        UniqueConstraint("code", "year"),
        *spatial_index("stat_sector", "geom"),
        {"comment": "Statistical sectors, by year of delimitation."},
    )

    code: Mapped[str] = mapped_column(Text, comment="Sector code.")
    year: Mapped[int] = mapped_column(SmallInteger, comment="Year of the delimitation.")
    name_nl: Mapped[str | None] = mapped_column(Text, comment="Dutch name.")
    name_fr: Mapped[str | None] = mapped_column(Text, comment="French name.")
    geom: Mapped[WKBElement] = geometry("MULTIPOLYGON", "Border")


class SectorStat(Keyed, Imported, Base):
    """One statistic of one sector in one year; suppressed is a state, not zero."""

    __tablename__ = "sector_stat"
    __table_args__ = (
        UniqueConstraint("sector_code", "year", "key"),
        CheckConstraint("NOT (is_suppressed AND value IS NOT NULL)", name="suppressed_has_no_value"),
        {"comment": "Statistics of sectors; suppressed values are a state of their own."},
    )

    sector_code: Mapped[str] = mapped_column(Text, comment="Sector code.")
    year: Mapped[int] = mapped_column(SmallInteger, comment="Year of the statistic.")
    key: Mapped[str] = mapped_column(
        Text, comment="What is counted: population, households, income_median_eur."
    )
    value: Mapped[float | None] = mapped_column(
        Double, comment="The value; empty when unknown or suppressed."
    )
    is_suppressed: Mapped[bool] = mapped_column(
        Boolean, server_default="false", comment="Withheld by the publisher for confidentiality?"
    )
