"""What was computed, of which data, by which code, and the results."""

from datetime import date, datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Keyed, OfMunicipality, created_at, geometry, one_of, spatial_index


class AnalysisRun(Keyed, OfMunicipality, Base):
    """One computation over one municipality; its result rows point at it."""

    __tablename__ = "analysis_run"
    __table_args__ = (
        one_of("state", codes.RUN_STATE),
        Index("ix_analysis_run_current", "nis_code", "kind", "finished_at"),
        {"comment": "Computations: what was asked, of which data, by which code."},
    )

    kind: Mapped[str] = mapped_column(Text, comment="Kind of run: refresh.")
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", comment="What was asked.")
    data_version: Mapped[int] = mapped_column(BigInteger, comment="Data version it was computed from.")
    code_version: Mapped[str] = mapped_column(Text, comment="Version of the application.")
    started_at: Mapped[datetime] = created_at("Begin.")
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), comment="End.")
    seconds: Mapped[float | None] = mapped_column(Double, comment="How long it took, s.")
    state: Mapped[str] = mapped_column(Text, server_default="running", comment="running, done or failed.")
    messages: Mapped[list[Any]] = mapped_column(
        JSONB, server_default="[]", comment="What could not be computed and why; steps with their seconds."
    )


class IndicatorValue(Keyed, Base):
    """One number about one shop unit, core or municipality, with all that makes it defensible."""

    __tablename__ = "indicator_value"
    __table_args__ = (
        CheckConstraint("num_nonnulls(shop_unit_id, core_id) <= 1", name="subject"),
        Index("ix_indicator_value_run_id_code", "run_id", "code"),
        {"comment": "Indicators of shop units, cores and municipalities."},
    )

    run_id: Mapped[int] = mapped_column(
        ForeignKey("analysis_run.id", ondelete="CASCADE"), comment="The run that computed it."
    )
    code: Mapped[str] = mapped_column(Text, comment="Indicator code.")
    shop_unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), index=True, comment="The shop unit it is about."
    )
    core_id: Mapped[int | None] = mapped_column(
        ForeignKey("core.id", ondelete="CASCADE"),
        index=True,
        comment="The core; both empty: the municipality.",
    )
    branch_group: Mapped[str | None] = mapped_column(Text, comment="Branch group it is limited to.")
    value: Mapped[float | None] = mapped_column(Double, comment="The value; empty when not measurable.")
    lower: Mapped[float | None] = mapped_column(Double, comment="Lower end of the 80 % interval.")
    upper: Mapped[float | None] = mapped_column(Double, comment="Upper end of the 80 % interval.")
    numerator: Mapped[float | None] = mapped_column(Double, comment="Numerator of a share.")
    denominator: Mapped[float | None] = mapped_column(Double, comment="Denominator of a share.")
    coverage: Mapped[float | None] = mapped_column(Double, comment="Share of the inputs that is known, 0-1.")
    reason: Mapped[str | None] = mapped_column(Text, comment="Why it is not measurable.")
    source: Mapped[str | None] = mapped_column(Text, comment="Datasets it was made of.")
    observed_on: Mapped[str | None] = mapped_column(Text, comment="Date or period of its inputs.")
    definition_version: Mapped[str] = mapped_column(
        Text, server_default="1", comment="Version of the definition."
    )
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", comment="What it rests on.")


class LocationScore(Keyed, Base):
    """How good one location is on 0-100, and how sure that is."""

    __tablename__ = "location_score"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        Index("uq_location_score_run_id_profile_unit", "run_id", "profile", "shop_unit_id", unique=True),
        {"comment": "Location scores with rank, range of ranks and components."},
    )

    run_id: Mapped[int] = mapped_column(
        ForeignKey("analysis_run.id", ondelete="CASCADE"), comment="The run that computed it."
    )
    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), index=True, comment="The shop unit."
    )
    profile: Mapped[str] = mapped_column(Text, server_default="general", comment="Profile of weights.")
    score: Mapped[float] = mapped_column(Double, comment="Location score, 0-100.")
    rank: Mapped[int | None] = mapped_column(
        Integer, comment="Rank among the vacant units of the municipality, 1 is best; empty when occupied."
    )
    rank_lower: Mapped[int | None] = mapped_column(Integer, comment="Best rank of the 80 % range.")
    rank_upper: Mapped[int | None] = mapped_column(Integer, comment="Worst rank of the 80 % range.")
    p_first: Mapped[float | None] = mapped_column(Double, comment="Share of weightings in which it is first.")
    p_top5: Mapped[float | None] = mapped_column(
        Double, comment="Share of weightings in which it is in the top 5."
    )
    components: Mapped[list[Any]] = mapped_column(
        JSONB, comment="Per criterion: value, interval, scaled, weight, contribution, source, note."
    )
    missing: Mapped[list[Any]] = mapped_column(
        JSONB, server_default="[]", comment="Criteria without a value."
    )


class VacancyScan(Keyed, OfMunicipality, Base):
    """One search for vacancy clusters: a day, a question, and what chance had to say."""

    __tablename__ = "vacancy_scan"
    __table_args__ = (
        UniqueConstraint("nis_code", "as_of_on", "question"),
        one_of("question", codes.CLUSTER_QUESTION),
        CheckConstraint("lowest_p_value BETWEEN 0 AND 1", name="lowest_p_value"),
        {"comment": "One search for vacancy clusters: a day, a question, and what chance had to say."},
    )

    as_of_on: Mapped[date] = mapped_column(comment="The register as it stood on this day.")
    question: Mapped[str] = mapped_column(
        Text,
        comment="Code list cluster_question: location (more than expected for such a location) or average.",
    )
    is_today: Mapped[bool] = mapped_column(
        comment="The state at the last refresh, not an inventory of the past."
    )
    data_key: Mapped[str] = mapped_column(
        Text, comment="Fingerprint of the data it was computed from; another one computes it anew."
    )
    tested_units: Mapped[int] = mapped_column(Integer, comment="Shop units occupied or vacant that day.")
    vacant: Mapped[int] = mapped_column(Integer, comment="Vacant shop units among them.")
    null_model: Mapped[str] = mapped_column(
        Text, comment="homogeneous or location_adjusted: what was expected of each unit."
    )
    location_p_value: Mapped[float | None] = mapped_column(
        Double, comment="Chance alone makes vacancy follow location so closely; empty: not asked."
    )
    lowest_p_value: Mapped[float | None] = mapped_column(
        Double, comment="p-value of the least likely group, 0-1; empty: no group of four."
    )
    reason: Mapped[str | None] = mapped_column(
        Text,
        comment="Why there is no cluster: too_few_units, too_few_vacant, not_more_than_chance; empty: there is.",
    )
    largest_window: Mapped[int] = mapped_column(
        Integer, comment="Shop units in the largest group that was looked at."
    )
    replications: Mapped[int] = mapped_column(Integer, comment="Random maps compared with.")
    seed: Mapped[int] = mapped_column(Integer, comment="Seed that made the random maps.")
    alpha: Mapped[float] = mapped_column(Double, comment="Chance of a false cluster that is accepted, 0-1.")
    seconds: Mapped[float] = mapped_column(Double, comment="How long it took, s.")
    computed_at: Mapped[datetime] = created_at("When it was computed.")


class VacancyCluster(Keyed, Base):
    """Vacant shop units that stand closer together than chance explains."""

    __tablename__ = "vacancy_cluster"
    __table_args__ = (
        *spatial_index("vacancy_cluster", "geom"),
        one_of("change", codes.CLUSTER_CHANGE),
        one_of("next_change", codes.CLUSTER_CHANGE),
        CheckConstraint("num_nonnulls(run_id, scan_id) >= 1", name="found_by"),
        {"comment": "Vacant units closer together than chance explains."},
    )

    run_id: Mapped[int | None] = mapped_column(
        ForeignKey("analysis_run.id", ondelete="CASCADE"),
        index=True,
        comment="The run in whose figures of today it is; empty: of an earlier day or the other question.",
    )
    scan_id: Mapped[int | None] = mapped_column(
        ForeignKey("vacancy_scan.id", ondelete="SET NULL"),
        index=True,
        comment="The search that found it; empty: replaced by a later one.",
    )
    label: Mapped[str] = mapped_column(Text, comment="Name, after its main street.")
    units: Mapped[int] = mapped_column(Integer, comment="Shop units in it.")
    vacant: Mapped[int] = mapped_column(Integer, comment="Vacant shop units in it.")
    expected: Mapped[float] = mapped_column(Double, comment="Vacant units expected there without a cluster.")
    relative_risk: Mapped[float] = mapped_column(
        Double, comment="Vacancy inside over outside, after expectation."
    )
    log_likelihood_ratio: Mapped[float] = mapped_column(Double, comment="Scan statistic.")
    p_value: Mapped[float] = mapped_column(
        Double, comment="Monte Carlo p-value, corrected for looking everywhere."
    )
    null_model: Mapped[str] = mapped_column(Text, comment="homogeneous or location-adjusted.")
    floor_area_m2: Mapped[float | None] = mapped_column(Double, comment="Vacant floor area known, m2.")
    radius_m: Mapped[float | None] = mapped_column(
        Double, comment="Walking distance from its centre to its furthest unit, m."
    )
    without_floor_area: Mapped[int | None] = mapped_column(
        Integer, comment="Vacant units in it whose floor area is not known."
    )
    initial: Mapped[int | None] = mapped_column(Integer, comment="Vacant units in it, under a year vacant.")
    long_term: Mapped[int | None] = mapped_column(
        Integer, comment="Vacant units in it, one to three years vacant."
    )
    structural: Mapped[int | None] = mapped_column(
        Integer, comment="Vacant units in it, over three years vacant."
    )
    unknown_duration: Mapped[int | None] = mapped_column(
        Integer, comment="Vacant units in it of which nobody knows since when."
    )
    uncertain_duration: Mapped[int | None] = mapped_column(
        Integer, comment="Vacant units in it whose class of duration is uncertain."
    )
    replications: Mapped[int | None] = mapped_column(Integer, comment="Random maps its p-value rests on.")
    change: Mapped[str | None] = mapped_column(
        Text, comment="Code list cluster_change: since the inventory before; empty: the first."
    )
    next_change: Mapped[str | None] = mapped_column(
        Text, comment="Code list cluster_change: until the inventory after; empty: the last."
    )
    inventories: Mapped[int | None] = mapped_column(
        Integer, comment="In how many successive inventories it was there, this one included."
    )
    geom: Mapped[WKBElement] = geometry("MULTIPOLYGON", "Shape around its units")


class VacancyClusterUnit(Base):
    """Membership of a shop unit in a vacancy cluster."""

    __tablename__ = "vacancy_cluster_unit"
    __table_args__ = ({"comment": "Shop units of a vacancy cluster."},)

    vacancy_cluster_id: Mapped[int] = mapped_column(
        ForeignKey("vacancy_cluster.id", ondelete="CASCADE"), primary_key=True, comment="The cluster."
    )
    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), primary_key=True, index=True, comment="The shop unit."
    )


class PopulationPoint(Keyed, OfMunicipality, Base):
    """People placed at a point: sector totals spread over residential buildings by the refresh."""

    __tablename__ = "population_point"
    __table_args__ = (
        *spatial_index("population_point", "geom"),
        {"comment": "Inhabitants placed at points; made by the refresh from sector totals and buildings."},
    )

    run_id: Mapped[int] = mapped_column(
        ForeignKey("analysis_run.id", ondelete="CASCADE"), index=True, comment="The run that placed them."
    )
    persons: Mapped[float] = mapped_column(Double, comment="Inhabitants, persons; a fraction is an estimate.")
    sector_code: Mapped[str] = mapped_column(Text, comment="Sector the people are counted in.")
    geom: Mapped[WKBElement] = geometry("POINT", "Place")
