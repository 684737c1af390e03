"""Street rounds: which units an officer passes, what was seen of each, photographs, and what was decided."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Keyed, OfMunicipality, created_at, one_of


class SurveyRound(Keyed, OfMunicipality, Base):
    """One walk of officers through the streets, to see every shop unit once."""

    __tablename__ = "survey_round"
    __table_args__ = (
        one_of("scope", codes.ROUND_SCOPE),
        CheckConstraint("length(name) BETWEEN 1 AND 120", name="name"),
        CheckConstraint("scope <> 'streets' OR cardinality(streets) > 0", name="streets"),
        {"comment": "Street rounds: walks in which every shop unit of an area is seen once."},
    )

    name: Mapped[str] = mapped_column(Text, comment="Name its maker gave it.")
    scope: Mapped[str] = mapped_column(Text, comment="Code list round_scope: what area is walked.")
    core_id: Mapped[int | None] = mapped_column(
        ForeignKey("core.id", ondelete="SET NULL"), comment="The core that is walked, where the scope is one."
    )
    streets: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default="{}", comment="The streets that are walked, where the scope is streets."
    )
    started_on: Mapped[date] = mapped_column(Date, comment="Day it was started, in the deployment's zone.")
    created_at: Mapped[datetime] = created_at("When it was started.")
    closed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was closed; empty while it goes on."
    )


class SurveyStop(Keyed, Base):
    """One shop unit of a round, with its place in the walk."""

    __tablename__ = "survey_stop"
    __table_args__ = (
        UniqueConstraint("round_id", "shop_unit_id"),
        UniqueConstraint("round_id", "position"),
        {"comment": "Shop units of a street round in walking order, as it was when the round was started."},
    )

    round_id: Mapped[int] = mapped_column(
        ForeignKey("survey_round.id", ondelete="CASCADE"), comment="The round."
    )
    shop_unit_id: Mapped[int] = mapped_column(ForeignKey("shop_unit.id"), index=True, comment="The unit.")
    position: Mapped[int] = mapped_column(Integer, comment="Place in the walk, 0 = first.")
    street: Mapped[str] = mapped_column(
        Text, comment="Street under which it is walked; empty when not known."
    )
    side: Mapped[str] = mapped_column(Text, comment="left or right of the street as it is drawn.")


class SurveyObservation(Keyed, Base):
    """What one officer saw of one unit at one moment; never changed but for what was decided."""

    __tablename__ = "survey_observation"
    __table_args__ = (
        one_of("status", codes.ROUND_STATUS),
        one_of("base_state", codes.STATE),
        one_of("decision", codes.ROUND_DECISION),
        CheckConstraint("length(officer) BETWEEN 1 AND 40", name="officer"),
        CheckConstraint("supersedes IS DISTINCT FROM uid", name="not_itself"),
        Index("ix_survey_observation_round_id_shop_unit_id", "round_id", "shop_unit_id"),
        Index("ix_survey_observation_supersedes", "supersedes"),
        {"comment": "What officers saw during street rounds; only the decision about a row changes."},
    )

    uid: Mapped[uuid.UUID] = mapped_column(
        Uuid, unique=True, comment="Key made on the phone: the same observation sent twice is one row."
    )
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), comment="The round.")
    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id"), index=True, comment="The unit; for a new one, the unit it stands beside."
    )
    officer: Mapped[str] = mapped_column(
        Text, comment="Alias chosen at the start of the walk; not an account."
    )
    status: Mapped[str] = mapped_column(Text, comment="Code list round_status: what was seen.")
    branch_code: Mapped[str | None] = mapped_column(Text, comment="Branch seen, of the list of branches.")
    occupant_name: Mapped[str | None] = mapped_column(Text, comment="Name over the door.")
    note: Mapped[str | None] = mapped_column(Text, comment="Note for the desk; nothing about persons.")
    is_bulk: Mapped[bool] = mapped_column(
        Boolean, server_default="false", comment="Confirmed with the rest of its street in one press?"
    )
    observed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), comment="When it was seen, by the clock of the phone."
    )
    received_at: Mapped[datetime] = created_at("When the server received it.")
    is_late: Mapped[bool] = mapped_column(
        Boolean, server_default="false", comment="Received after the round was closed?"
    )
    supersedes: Mapped[uuid.UUID | None] = mapped_column(
        Uuid, comment="Earlier observation of the same officer and unit that this one replaces."
    )
    base_state: Mapped[str] = mapped_column(Text, comment="State in the register, as the officer saw it.")
    base_occupant_name: Mapped[str | None] = mapped_column(
        Text, comment="Occupant in the register, as the officer saw it."
    )
    base_branch_code: Mapped[str | None] = mapped_column(
        Text, comment="Branch in the register, as the officer saw it."
    )
    decision: Mapped[str] = mapped_column(
        Text, server_default="pending", comment="Code list round_decision: what became of it."
    )
    decided_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When that was decided; empty while it is not."
    )
    decided_batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batch.id"),
        index=True,
        comment="Import batch that was made when it was decided; with its undo it is open again.",
    )


class SurveyPhoto(Keyed, Base):
    """A photograph with an observation, made anew by the server without what the camera wrote beside it."""

    __tablename__ = "survey_photo"
    __table_args__ = (
        CheckConstraint("octet_length(jpeg) <= 2000000", name="jpeg"),
        {
            "comment": "Photographs of street rounds, re-encoded so that no place or camera is stored with them."
        },
    )

    uid: Mapped[uuid.UUID] = mapped_column(
        Uuid, unique=True, comment="Key made on the phone: the same photograph sent twice is one row."
    )
    observation_id: Mapped[int] = mapped_column(
        ForeignKey("survey_observation.id"), index=True, comment="The observation it belongs to."
    )
    sent_sha256: Mapped[str] = mapped_column(Text, comment="SHA-256 of what was sent, hexadecimal.")
    width_px: Mapped[int] = mapped_column(Integer, comment="Width, pixels.")
    height_px: Mapped[int] = mapped_column(Integer, comment="Height, pixels.")
    jpeg: Mapped[bytes] = mapped_column(LargeBinary, comment="The picture as JPEG, at most 2,000,000 bytes.")
    received_at: Mapped[datetime] = created_at("When the server received it.")
