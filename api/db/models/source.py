"""Where rows come from: datasets, import batches, what they changed and what they refused."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, ForeignKey, Index, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Keyed, created_at, one_of


class Dataset(Keyed, Base):
    """One outside source under one licence."""

    __tablename__ = "dataset"
    __table_args__ = (
        one_of("share_level", codes.SHARE_LEVEL),
        {"comment": "Outside sources with licence and vintage."},
    )

    code: Mapped[str] = mapped_column(Text, unique=True, comment="Short name, unique.")
    name: Mapped[str] = mapped_column(Text, comment="Name shown to people.")
    publisher: Mapped[str | None] = mapped_column(Text, comment="Who publishes it.")
    licence: Mapped[str | None] = mapped_column(Text, comment="Licence name or URL.")
    attribution: Mapped[str | None] = mapped_column(
        Text, comment="Text that must stand beside figures made of it."
    )
    vintage_on: Mapped[date | None] = mapped_column(Date, comment="Date of the situation it describes.")
    url: Mapped[str | None] = mapped_column(Text, comment="Where it is published.")
    redistribute_rows: Mapped[bool] = mapped_column(
        Boolean, server_default="true", comment="May single rows be given to others?"
    )
    share_alike: Mapped[bool] = mapped_column(
        Boolean, server_default="false", comment="Must derived data carry the same licence?"
    )
    personal_data: Mapped[bool] = mapped_column(
        Boolean, server_default="false", comment="Does it hold data about persons?"
    )
    share_level: Mapped[str] = mapped_column(
        Text, server_default="own", comment="Who may see its rows: own, partners, public."
    )
    is_demo: Mapped[bool] = mapped_column(Boolean, server_default="false", comment="Fictional demo data?")


class ImportBatch(Keyed, Base):
    """One file read once; the unit of undo."""

    __tablename__ = "import_batch"
    __table_args__ = (
        one_of("state", codes.BATCH_STATE),
        {"comment": "One file read once; the unit of undo."},
    )

    dataset_id: Mapped[int | None] = mapped_column(
        ForeignKey("dataset.id"), comment="Dataset the file belongs to."
    )
    source: Mapped[str] = mapped_column(Text, comment="Name of the importer.")
    nis_code: Mapped[str | None] = mapped_column(
        Text, comment="Municipality named at import; empty when rows were placed by location."
    )
    file_name: Mapped[str] = mapped_column(Text, comment="Name of the file, without folder.")
    file_sha256: Mapped[str] = mapped_column(Text, comment="SHA-256 of the file, hexadecimal.")
    file_bytes: Mapped[int] = mapped_column(comment="Size of the file, bytes.")
    mapping: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default="{}", comment="Columns (ours to theirs) and options given."
    )
    assumed: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default="{}", comment="What the importer assumed, in sentences."
    )
    counts: Mapped[dict[str, Any]] = mapped_column(
        JSONB,
        server_default="{}",
        comment="Rows per target: read, added, changed, unchanged, refused, outside.",
    )
    code_version: Mapped[str] = mapped_column(Text, comment="Version of the application that imported.")
    imported_at: Mapped[datetime] = created_at("When the import was stored.")
    state: Mapped[str] = mapped_column(Text, server_default="done", comment="done or undone.")
    undone_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When the import was undone."
    )


class ImportChange(Keyed, Base):
    """One existing row that an import changed, with what it held before."""

    __tablename__ = "import_change"
    __table_args__ = (
        Index("ix_import_change_row", "table_name", "row_key"),
        {"comment": "Existing rows an import changed, so that it can be undone and listed."},
    )

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("import_batch.id"), index=True, comment="The import that changed it."
    )
    table_name: Mapped[str] = mapped_column(Text, comment="Table of the changed row.")
    row_key: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="Primary key of the changed row.")
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="Changed columns as they were.")
    after: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="Changed columns as they became.")


class ImportRefusal(Keyed, Base):
    """One row of a file that was not taken, and why."""

    __tablename__ = "import_refusal"
    __table_args__ = ({"comment": "Rows of a file that were not taken, and why."},)

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("import_batch.id", ondelete="CASCADE"), index=True, comment="The import that refused it."
    )
    target: Mapped[str] = mapped_column(Text, comment="Kind of row it would have become.")
    row_number: Mapped[int | None] = mapped_column(
        Integer, comment="Row in the file, 1 = first after the header."
    )
    column_name: Mapped[str | None] = mapped_column(Text, comment="Column at fault.")
    value: Mapped[str | None] = mapped_column(Text, comment="Value at fault.")
    reason: Mapped[str] = mapped_column(Text, comment="What is wrong.")
    remedy: Mapped[str | None] = mapped_column(Text, comment="The way out.")


class CodeList(Base):
    """Code values with labels in three languages, versioned."""

    __tablename__ = "code_list"
    __table_args__ = ({"comment": "Code values with labels, versioned by scheme."},)

    scheme: Mapped[str] = mapped_column(Text, primary_key=True, comment="Name of the list, such as branch.")
    version: Mapped[str] = mapped_column(Text, primary_key=True, comment="Version of the list.")
    code: Mapped[str] = mapped_column(Text, primary_key=True, comment="Code value.")
    label_nl: Mapped[str] = mapped_column(Text, comment="Dutch label.")
    label_fr: Mapped[str] = mapped_column(Text, comment="French label.")
    label_en: Mapped[str] = mapped_column(Text, comment="English label.")
    parent_code: Mapped[str | None] = mapped_column(
        Text, comment="Parent value: for a branch its branch group."
    )
    locatus_group: Mapped[str | None] = mapped_column(Text, comment="Group in the Locatus classification.")
    provincial_group: Mapped[str | None] = mapped_column(
        Text, comment="Group in the provincial classification."
    )
    sort_order: Mapped[int] = mapped_column(Integer, server_default="0", comment="Place in menus.")
    valid_from: Mapped[date | None] = mapped_column(Date, comment="First day of use.")
    valid_to: Mapped[date | None] = mapped_column(Date, comment="First day no longer in use.")
