"""What businesses that look for premises ask of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, Keyed, OfMunicipality, created_at


class RequirementProfile(Keyed, OfMunicipality, Base):
    """One version of what an organisation or formula asks of premises; versions are added, never changed."""

    __tablename__ = "requirement_profile"
    __table_args__ = (
        UniqueConstraint("uid", "version"),
        CheckConstraint("length(btrim(name)) BETWEEN 1 AND 80", name="name"),
        CheckConstraint("length(btrim(prospect_name)) BETWEEN 1 AND 200", name="prospect_name"),
        CheckConstraint("length(made_by) BETWEEN 1 AND 40", name="made_by"),
        CheckConstraint("version >= 1", name="version"),
        {
            "comment": "What organisations and formulas ask of premises, version by version; the newest one counts."
        },
    )

    uid: Mapped[UUID] = mapped_column(comment="The profile: the same in all its versions.")
    version: Mapped[int] = mapped_column(Integer, comment="1, 2, 3 ...")
    name: Mapped[str] = mapped_column(Text, comment="What it is called in the list; no name of a person.")
    prospect_name: Mapped[str | None] = mapped_column(
        Text, comment="Organisation or formula that looks; no name of a person."
    )
    branch_code: Mapped[str | None] = mapped_column(Text, comment="Its branch, of the list of branches.")
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("acquisition_case.id"), index=True, comment="Case that it belongs to."
    )
    score_profile: Mapped[str | None] = mapped_column(
        Text, comment="Key of the score profile that ranks what fits equally well; empty: none does."
    )
    content: Mapped[dict[str, Any]] = mapped_column(
        JSONB,
        comment="Wishes: code of code list match_wish, least, most, branches, reach in m, hard or soft.",
    )
    is_removed: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="With this version it was taken away."
    )
    made_by: Mapped[str] = mapped_column(Text, comment="Name that the officer gave who made this version.")
    made_at: Mapped[datetime] = created_at("When this version was made.")
