"""What is kept beside single readings: sums per hour and day, suppliers that push, manual counts, area figures."""

from datetime import date, datetime

from geoalchemy2 import WKBElement
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Computed,
    Date,
    DateTime,
    Double,
    Float,
    ForeignKey,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Imported, Keyed, OfMunicipality, geometry, one_of, spatial_index

# Passages and people present are columns of their own, so that a sum over the one never holds any of the other.
_APART = CheckConstraint(
    "num_nonnulls(passages, passages_flagged) = 0 OR num_nonnulls(present, present_max) = 0",
    name="measures_apart",
)


class FootfallClock(Base):
    """The clock on the wall by which hours and days are summed; one row."""

    __tablename__ = "footfall_clock"
    __table_args__ = (
        CheckConstraint("is_only", name="is_only"),
        {"comment": "The clock by which counts are summed to hours and days; one row."},
    )

    is_only: Mapped[bool] = mapped_column(
        Boolean, primary_key=True, server_default=true(), comment="Always true: there is one clock."
    )
    timezone: Mapped[str] = mapped_column(Text, comment="Time zone of local hours and days.")


class _Summed:
    """What an hour and a day have in common."""

    passages: Mapped[float | None] = mapped_column(
        Double, comment="Sum of the valid readings, both directions; empty where people present are measured."
    )
    passages_flagged: Mapped[float | None] = mapped_column(
        Double, comment="Sum of the flagged readings, which passages leaves out."
    )
    passages_a: Mapped[float | None] = mapped_column(
        Double, comment="Part of passages in direction a, where told."
    )
    passages_b: Mapped[float | None] = mapped_column(
        Double, comment="Part of passages in direction b, where told."
    )
    flagged_a: Mapped[float | None] = mapped_column(
        Double, comment="Part of passages_flagged in direction a, where told."
    )
    flagged_b: Mapped[float | None] = mapped_column(
        Double, comment="Part of passages_flagged in direction b, where told."
    )
    present: Mapped[float | None] = mapped_column(
        Double, comment="Mean of the valid readings of people present, or of visitors; never a sum."
    )
    present_max: Mapped[float | None] = mapped_column(
        Double, comment="Highest valid reading of people present."
    )
    minutes: Mapped[int] = mapped_column(Integer, comment="Minutes of all readings.")
    minutes_valid: Mapped[int] = mapped_column(Integer, comment="Minutes of the valid readings.")
    n: Mapped[int] = mapped_column(Integer, comment="Number of moments with a reading.")
    n_flagged: Mapped[int] = mapped_column(Integer, comment="Number of them that are flagged.")
    worst_flag: Mapped[int] = mapped_column(SmallInteger, comment="Highest quality flag of its readings.")


class FootfallHour(_Summed, Base):
    """Counts of one hour on the clock of the wall; kept by the database whenever readings are written."""

    __tablename__ = "footfall_hour"
    __table_args__ = (
        _APART,
        {"comment": "Counts per hour, kept by the database; they stay when single readings are dropped."},
    )

    sensor_id: Mapped[int] = mapped_column(
        ForeignKey("footfall_sensor.id", ondelete="CASCADE"), primary_key=True, comment="The sensor."
    )
    start_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), primary_key=True, comment="Start of the hour."
    )
    mode: Mapped[str] = mapped_column(Text, primary_key=True, comment="ped, bike, auto, truck or all.")
    longest_minutes: Mapped[int] = mapped_column(
        SmallInteger,
        comment="Longest interval among its readings; over 60 it is no count of this hour alone.",
    )
    lowest_uptime: Mapped[float | None] = mapped_column(
        Double,
        comment="Lowest share of an interval that the sensor counted, 0-1; empty where no reading tells it.",
    )


class FootfallDay(_Summed, Base):
    """Counts of one day on the clock of the wall, which may have 23 or 25 hours."""

    __tablename__ = "footfall_day"
    __table_args__ = (
        _APART,
        {"comment": "Counts per local day, kept by the database."},
    )

    sensor_id: Mapped[int] = mapped_column(
        ForeignKey("footfall_sensor.id", ondelete="CASCADE"), primary_key=True, comment="The sensor."
    )
    counted_on: Mapped[date] = mapped_column(Date, primary_key=True, comment="The day.")
    mode: Mapped[str] = mapped_column(Text, primary_key=True, comment="ped, bike, auto, truck or all.")
    day_minutes: Mapped[int] = mapped_column(
        SmallInteger, comment="Length of the day: 1440 minutes, 1380 or 1500 when the clock is moved."
    )


class PushSupplier(Keyed, OfMunicipality, Base):
    """A supplier that may push the counts of its own sensors."""

    __tablename__ = "push_supplier"
    __table_args__ = (
        UniqueConstraint("nis_code", "name"),
        {"comment": "Suppliers that may push counts of the sensors that name them as supplier."},
    )

    name: Mapped[str] = mapped_column(Text, comment="Name; its sensors carry it as their supplier.")
    token_sha256: Mapped[str] = mapped_column(
        Text, unique=True, comment="SHA-256 of its token, hexadecimal; the token itself is not kept."
    )
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment="When the token was made."
    )
    revoked_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When the token was revoked; empty while it is good."
    )
    last_push_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it last pushed counts that were stored."
    )


class ManualCount(Keyed, OfMunicipality, Imported, Base):
    """People counted by hand at a place for some minutes; kept apart from sensors."""

    __tablename__ = "manual_count"
    __table_args__ = (
        UniqueConstraint("nis_code", "code", "start_at", "mode"),
        one_of("mode", codes.MODE),
        one_of("expands_to", codes.EXPANDS_TO),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("factor > 0", name="factor"),
        *spatial_index("manual_count", "geom"),
        {
            "comment": "Counts by hand: minutes counted and the factor that makes an hour, day or week of them."
        },
    )

    code: Mapped[str] = mapped_column(Text, comment="Code of the counting point.")
    name: Mapped[str | None] = mapped_column(Text, comment="Name of the counting point.")
    start_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="Start of the counting.")
    mode: Mapped[str] = mapped_column(Text, server_default="ped", comment="ped, bike, auto, truck or all.")
    minutes: Mapped[int] = mapped_column(SmallInteger, comment="Minutes counted.")
    value: Mapped[float] = mapped_column(Float, comment="Passages in those minutes, as counted.")
    factor: Mapped[float | None] = mapped_column(
        Double, comment="What the value was multiplied by; empty where nobody said."
    )
    expands_to: Mapped[str | None] = mapped_column(
        Text, comment="What value x factor stands for: hour, day or week."
    )
    expanded: Mapped[float | None] = mapped_column(
        Double,
        Computed("value * factor", persisted=True),
        comment="value x factor: passages per hour, day or week.",
    )
    geom: Mapped[WKBElement] = geometry("POINT", "Place of the counting")


class AreaFigure(Keyed, OfMunicipality, Imported, Base):
    """Spending or visitors of an area and period, as bought; a cell that was suppressed says so."""

    __tablename__ = "area_figure"
    __table_args__ = (
        UniqueConstraint(
            "nis_code", "kind", "area", "from_on", "to_on", "origin", "branch_group", "unit",
            name="uq_area_figure_cell",
        ),
        one_of("kind", codes.AREA_FIGURE),
        one_of("unit", codes.AREA_FIGURE_UNIT),
        one_of("state", codes.CELL_STATE),
        CheckConstraint("from_on < to_on", name="period"),
        CheckConstraint("(state = 'known') = (value IS NOT NULL)", name="state_has_value"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint(
            "state <> 'known' OR (kind <> 'visitors' OR unit <> 'persons' OR value >= 30) "
            "AND coalesce(cards, 10) >= 10 AND coalesce(merchants, 3) >= 3",
            name="small_cells",
        ),
        CheckConstraint("largest_merchant_share BETWEEN 0 AND 1", name="largest_merchant_share"),
        CheckConstraint(
            "state <> 'known' OR kind <> 'spending' OR coalesce(largest_merchant_share, 0) < 0.6",
            name="one_merchant",
        ),
        {"comment": "Spending and visitors of areas; a suppressed cell has a state of its own and no value."},
    )  # fmt: skip

    kind: Mapped[str] = mapped_column(Text, comment="spending or visitors.")
    area: Mapped[str] = mapped_column(Text, comment="Name or code of the area, as the source says it.")
    from_on: Mapped[date] = mapped_column(Date, comment="First day of the period.")
    to_on: Mapped[date] = mapped_column(Date, comment="Day after the last of the period.")
    origin: Mapped[str] = mapped_column(
        Text, server_default="all", comment="Where the visitors or buyers live; all: from everywhere."
    )
    branch_group: Mapped[str] = mapped_column(
        Text, server_default="all", comment="Group of branches; all: of every branch."
    )
    unit: Mapped[str] = mapped_column(Text, comment="eur, index, persons or transactions.")
    value: Mapped[float | None] = mapped_column(
        Double, comment="The figure; empty unless its state is known."
    )
    state: Mapped[str] = mapped_column(
        Text,
        comment="known, suppressed (hidden for privacy) or missing (not measured); never zero for these.",
    )
    cards: Mapped[int | None] = mapped_column(
        Integer, comment="Number of cards it rests on; under 10 it is hidden."
    )
    merchants: Mapped[int | None] = mapped_column(
        Integer, comment="Number of merchants it rests on; under 3 it is hidden."
    )
    largest_merchant_share: Mapped[float | None] = mapped_column(
        Double, comment="Share of the largest merchant in spending, 0-1; from 0.6 on it is hidden."
    )
