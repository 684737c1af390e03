"""How long units stand empty, where shops moved from, and what is expected to fall empty."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Imported, Keyed, OfMunicipality, created_at, one_of


class RelocationDecision(Keyed, OfMunicipality, Base):
    """A proposed move inside the municipality on which a person decided."""

    __tablename__ = "relocation_decision"
    __table_args__ = (
        UniqueConstraint("occupancy_id", "from_unit_id"),
        {"comment": "Proposed moves inside the municipality on which a person decided."},
    )

    occupancy_id: Mapped[int] = mapped_column(
        ForeignKey("occupancy.id", ondelete="CASCADE"), comment="The occupancy of the new place."
    )
    from_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), comment="The unit that was left."
    )
    is_confirmed: Mapped[bool] = mapped_column(
        Boolean, comment="Is it the same shop? No: the proposal does not come back."
    )
    decided_at: Mapped[datetime] = created_at("When it was decided.")


class ExpectedVacancy(Keyed, OfMunicipality, Imported, Base):
    """A unit that is expected to fall empty."""

    __tablename__ = "expected_vacancy"
    __table_args__ = (
        one_of("kind", codes.EXPECTED_VACANCY_KIND),
        {"comment": "Units that are expected to fall empty, as somebody entered it; nothing about persons."},
    )

    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), index=True, comment="The shop unit."
    )
    kind: Mapped[str] = mapped_column(Text, comment="Code list expected_vacancy_kind.")
    expected_on: Mapped[date | None] = mapped_column(
        Date, comment="Day on which it is expected; empty when not known."
    )
    source: Mapped[str | None] = mapped_column(
        Text, comment="Where it is known from, such as a newspaper or a notice on the window."
    )
    note: Mapped[str | None] = mapped_column(Text, comment="Note; nothing about persons.")
    entered_at: Mapped[datetime] = created_at("When it was entered.")
    removed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was put away; empty while it holds."
    )


class VacancyDuration(Keyed, Base):
    """How long vacancy spells last in one group of shop units."""

    __tablename__ = "vacancy_duration"
    __table_args__ = (
        UniqueConstraint("run_id", "grouped_by", "group_code", postgresql_nulls_not_distinct=True),
        one_of("grouped_by", codes.DURATION_GROUPING),
        {"comment": "How long vacancy spells last, per group of shop units, of each refresh."},
    )

    run_id: Mapped[int] = mapped_column(
        ForeignKey("analysis_run.id", ondelete="CASCADE"), comment="The run that computed it."
    )
    grouped_by: Mapped[str] = mapped_column(Text, comment="all, core, branch_group or size.")
    group_code: Mapped[str | None] = mapped_column(
        Text, comment="Key of the core, code of the branch group, or band of floor area; empty: all."
    )
    spells: Mapped[int] = mapped_column(Integer, comment="Vacancy spells with a known start, number.")
    let: Mapped[int] = mapped_column(Integer, comment="Of those that ended by being let, number.")
    withdrawn: Mapped[int] = mapped_column(Integer, comment="Of those that ended otherwise, number.")
    running: Mapped[int] = mapped_column(Integer, comment="Of those that still last, number.")
    between_dates: Mapped[int] = mapped_column(
        Integer, comment="Of those whose start lies between two dates, number."
    )
    unknown_start: Mapped[int] = mapped_column(
        Integer, comment="Spells left out because nobody knows their start, number."
    )
    method: Mapped[str | None] = mapped_column(
        Text, comment="kaplan_meier, or turnbull where starts lie between dates; empty when not measured."
    )
    reason: Mapped[str | None] = mapped_column(
        Text, comment="Why it is not measured: no_spells, too_few_let or too_few_from_start."
    )
    median_days: Mapped[float | None] = mapped_column(
        Double, comment="Days after which half are let; empty: not reached, or not measured."
    )
    median_lower_days: Mapped[float | None] = mapped_column(
        Double, comment="Lower end of the 95 % interval, days."
    )
    median_upper_days: Mapped[float | None] = mapped_column(
        Double, comment="Upper end of the 95 % interval, days; empty: longer than was watched."
    )
    curve: Mapped[list[Any]] = mapped_column(
        JSONB,
        server_default="[]",
        comment="Per month since the start: share still empty with its 95 % band, and spells at risk.",
    )
    chances: Mapped[list[Any]] = mapped_column(
        JSONB,
        server_default="[]",
        comment="Per month since the start: chance of being let within a year, with its 95 % interval.",
    )
    source: Mapped[str | None] = mapped_column(Text, comment="Datasets it was made of.")
    observed_on: Mapped[str | None] = mapped_column(Text, comment="Last day somebody looked.")


class VacancyOutlook(Keyed, Base):
    """Chance of one trading unit to fall empty."""

    __tablename__ = "vacancy_outlook"
    __table_args__ = (
        UniqueConstraint("run_id", "shop_unit_id"),
        CheckConstraint("chance BETWEEN 0 AND 1", name="chance"),
        {"comment": "Chance of trading shop units to fall empty within twelve months, of each refresh."},
    )

    run_id: Mapped[int] = mapped_column(
        ForeignKey("analysis_run.id", ondelete="CASCADE"), comment="The run that computed it."
    )
    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), index=True, comment="The shop unit."
    )
    chance: Mapped[float] = mapped_column(Double, comment="Chance within twelve months, 0-1.")
    chance_lower: Mapped[float] = mapped_column(Double, comment="Lower end of the 95 % interval, 0-1.")
    chance_upper: Mapped[float] = mapped_column(Double, comment="Upper end of the 95 % interval, 0-1.")
    reasons: Mapped[list[Any]] = mapped_column(
        JSONB,
        server_default="[]",
        comment="Per feature its value and odds ratio against the mean unit, the strongest first.",
    )
