"""What every table shares: naming of constraints, geometry columns, check of code values."""

from collections.abc import Iterable
from datetime import datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    Text,
    func,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from api.settings import get_settings

SRID = get_settings().srid
WEB_MERCATOR = 3857

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Parent of all tables."""

    metadata = MetaData(naming_convention=NAMING)


class Keyed:
    """A table with one stable integer key, as QGIS wants it."""

    id: Mapped[int] = mapped_column(
        BigInteger,
        Identity(always=False),
        primary_key=True,
        comment="Stable integer key.",
        sort_order=-10,
    )


class Imported:
    """A row that came from outside and can say from which import and which dataset."""

    @declared_attr
    def batch_id(cls) -> Mapped[int | None]:  # noqa: N805 - SQLAlchemy hands the class
        return mapped_column(
            ForeignKey("import_batch.id"),
            index=True,
            comment="Import batch that made the row.",
            sort_order=100,
        )

    @declared_attr
    def dataset_id(cls) -> Mapped[int | None]:  # noqa: N805 - SQLAlchemy hands the class
        return mapped_column(ForeignKey("dataset.id"), comment="Dataset the row belongs to.", sort_order=101)


class OfMunicipality:
    """A row owned by one municipality."""

    @declared_attr
    def nis_code(cls) -> Mapped[str]:  # noqa: N805 - SQLAlchemy hands the class
        return mapped_column(
            Text,
            ForeignKey("municipality.nis_code"),
            index=True,
            comment="NIS code of the municipality.",
            sort_order=-5,
        )


def geometry(kind: str, comment: str, *, nullable: bool = False) -> Mapped[WKBElement]:
    """Geometry column in the deployment's CRS; its GIST index is declared beside it by `spatial_index`."""
    return mapped_column(
        Geometry(kind, srid=SRID, spatial_index=False), nullable=nullable, comment=f"{comment}, EPSG:{SRID}."
    )


def web_geometry(kind: str) -> Mapped[WKBElement]:
    """The same geometry in web mercator, stored: tiles cost half the time that way."""
    return mapped_column(
        Geometry(kind, srid=WEB_MERCATOR, spatial_index=False),
        Computed("st_transform(geom, 3857)", persisted=True),
        nullable=True,
        comment="The geometry in EPSG:3857, for vector tiles; generated.",
    )


def spatial_index(table: str, *columns: str) -> tuple[Index, ...]:
    """GIST indexes of geometry columns."""
    return tuple(Index(f"ix_{table}_{column}", column, postgresql_using="gist") for column in columns)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """Check that a text column holds one of `values`, or nothing."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def created_at(comment: str) -> Mapped[datetime]:
    """Instant at which the row was made."""
    return mapped_column(DateTime(timezone=True), server_default=func.now(), comment=comment)
