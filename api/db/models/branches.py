"""What a municipality says of branches: wished or not, the towns it compares itself with, what flows away."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, Double, SmallInteger, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Keyed, OfMunicipality, one_of


def _rules() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint("length(btrim(reason)) BETWEEN 1 AND 500", name="reason"),
        CheckConstraint("length(made_by) BETWEEN 1 AND 40", name="made_by"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
    )


class Entered:
    """A row that is added by a person and taken back by one, and never changed."""

    reason: Mapped[str] = mapped_column(Text, comment="Why.", sort_order=50)
    made_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who entered it.", sort_order=51)
    made_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment="When it was entered.", sort_order=52
    )
    undone_by: Mapped[str | None] = mapped_column(
        Text, comment="Name of the officer who took it back; empty while it stands.", sort_order=53
    )
    undone_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was taken back; empty while it stands.", sort_order=54
    )


class BranchWish(Keyed, OfMunicipality, Entered, Base):
    """What a municipality wants of a branch, and since when."""

    __tablename__ = "branch_wish"
    __table_args__ = (
        *_rules(),
        one_of("stance", codes.BRANCH_STANCE),
        CheckConstraint("length(core_code) BETWEEN 1 AND 60", name="core_code"),
        {
            "comment": "What a municipality wants of a branch, entry upon entry; the newest that was not taken back counts."
        },
    )

    branch_code: Mapped[str] = mapped_column(Text, comment="Branch, of the list of branches.")
    core_code: Mapped[str | None] = mapped_column(
        Text, comment="Code of the core it is said of; empty: the whole municipality."
    )
    stance: Mapped[str] = mapped_column(Text, comment="Code list branch_stance: wished, unwanted or open.")
    since_on: Mapped[date] = mapped_column(
        Date, server_default=func.current_date(), comment="Day from which the municipality wants it so."
    )


class PeerChoice(Keyed, OfMunicipality, Entered, Base):
    """The towns with which a municipality compares itself."""

    __tablename__ = "peer_choice"
    __table_args__ = (
        *_rules(),
        CheckConstraint(
            "cardinality(peer_codes) BETWEEN 1 AND 20 AND NOT nis_code = ANY(peer_codes)", name="peer_codes"
        ),
        {
            "comment": "Towns a municipality compares itself with, choice upon choice; the newest that was not taken back counts."
        },
    )

    peer_codes: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), comment="NIS codes of the towns; empty: those that are most alike."
    )


class BranchFlow(Keyed, OfMunicipality, Entered, Base):
    """What share of the spending of inhabitants in a branch group flows away or online."""

    __tablename__ = "branch_flow"
    __table_args__ = (
        *_rules(),
        one_of("kind", codes.BRANCH_FLOW_KIND),
        CheckConstraint("share BETWEEN 0 AND 1", name="share"),
        CheckConstraint(
            "(share IS NULL AND source IS NULL AND year IS NULL) OR (share IS NOT NULL "
            "AND length(btrim(source)) BETWEEN 1 AND 200 AND year BETWEEN 1990 AND 2100)",
            name="source",
        ),
        {
            "comment": "Leakage and online share of a branch group, entry upon entry; the newest that was not taken back counts."
        },
    )

    branch_group: Mapped[str] = mapped_column(Text, comment="Branch group, code list branch_group.")
    kind: Mapped[str] = mapped_column(
        Text,
        comment="Code list branch_flow_kind: leakage (all that inhabitants spend elsewhere or online) or online.",
    )
    share: Mapped[float | None] = mapped_column(
        Double, comment="Share of what inhabitants spend, 0-1; empty: no longer known."
    )
    source: Mapped[str | None] = mapped_column(Text, comment="Where the share comes from.")
    year: Mapped[int | None] = mapped_column(SmallInteger, comment="Year the share speaks of.")
