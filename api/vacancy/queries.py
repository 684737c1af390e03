"""SQL about vacancy."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.db.base import SRID
from api.db.models.unit import BRANCH_VERSION

BREAK = "id, nis_code, breaks_on, kind, reason, source"


def register(session: Session, nis_code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Shop units, and all periods of their history.

    Returns
    -------
    Units (index id; floor_area_m2, core_id, street, valid_from, valid_to) and periods (shop_unit_id, kind,
    from_on, to_on, branch_group, start_earliest_on, start_latest_on, source), dates as datetime64. The branch group of
    a vacant period is what was written down of its last occupant.
    """
    units = text(
        "SELECT id, floor_area_m2, core_id, street, lifecycle, valid_from, valid_to, last_seen_on FROM shop_unit "
        "WHERE nis_code = :nis"
    )
    periods = text(
        "SELECT v.shop_unit_id, 'vacant' AS kind, v.start_latest_on AS from_on, v.ended_on AS to_on, "
        "b.parent_code AS branch_group, v.start_earliest_on, v.start_latest_on, d.name AS source FROM vacancy_spell v "
        "JOIN shop_unit u ON u.id = v.shop_unit_id LEFT JOIN dataset d ON d.id = v.dataset_id LEFT JOIN code_list b "
        f"ON b.scheme = 'branch' AND b.version = '{BRANCH_VERSION}' AND b.code = v.last_branch_code "
        "WHERE u.nis_code = :nis "
        "UNION ALL SELECT o.shop_unit_id, 'occupied', lower(o.period), upper(o.period), b.parent_code, NULL, NULL, "
        "d.name FROM occupancy o JOIN shop_unit u ON u.id = o.shop_unit_id LEFT JOIN dataset d ON d.id = o.dataset_id "
        "LEFT JOIN code_list b ON b.scheme = o.branch_scheme AND b.version = o.branch_version "
        "AND b.code = o.branch_code WHERE u.nis_code = :nis"
    )
    connection = session.connection()
    values = {"nis": nis_code}
    unit_rows = pd.read_sql(units, connection, params=values, index_col="id")
    # A column without any value is read as objects.
    unit_rows["floor_area_m2"] = unit_rows["floor_area_m2"].astype(float)
    period_rows = pd.read_sql(periods, connection, params=values)
    for frame, columns in (
        (unit_rows, ("valid_from", "valid_to", "last_seen_on")),
        (period_rows, ("from_on", "to_on", "start_earliest_on", "start_latest_on")),
    ):
        for column in columns:
            frame[column] = pd.to_datetime(frame[column])
    return unit_rows, period_rows


def sources(session: Session, nis_code: str) -> RowMapping:
    """Datasets the shop units came from, and the last day somebody looked."""
    query = text(
        "SELECT string_agg(DISTINCT d.name, ', ') AS source, max(u.last_seen_on) AS surveyed_on, "
        "min(u.last_seen_on) AS oldest_on FROM shop_unit u LEFT JOIN dataset d ON d.id = u.dataset_id "
        "WHERE u.nis_code = :nis AND u.lifecycle = 'active'"
    )
    return session.execute(query, {"nis": nis_code}).mappings().one()


def core_names(session: Session, nis_code: str) -> dict[int, str]:
    """Names of cores by id."""
    query = text("SELECT id, name FROM core WHERE nis_code = :nis")
    return {row.id: row.name for row in session.execute(query, {"nis": nis_code})}


def places(session: Session, nis_code: str, on: date) -> pd.DataFrame:
    """Where every shop unit stands, degrees, and who traded there on a day; index id, those of the past too."""
    query = text(
        "SELECT u.id, u.local_code, concat_ws(' ', u.street, nullif(concat(u.house_number, u.house_number_suffix, "
        "CASE WHEN u.house_number_end IS NOT NULL THEN '-' || u.house_number_end END), ''), "
        "CASE WHEN u.box IS NOT NULL THEN 'bus ' || u.box END) AS address, u.frontage_m, "
        "coalesce(o.occupant_name, u.name) AS name, st_x(st_transform(u.geom, 4326)) AS lon, "
        "st_y(st_transform(u.geom, 4326)) AS lat FROM shop_unit u LEFT JOIN occupancy o ON o.shop_unit_id = u.id "
        "AND o.period @> CAST(:on AS date) WHERE u.nis_code = :nis ORDER BY u.id"
    )
    return pd.read_sql(query, session.connection(), params={"nis": nis_code, "on": on}, index_col="id")


def breaks(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Days written down as breaks of the series, the earliest first."""
    query = text(f"SELECT {BREAK} FROM series_break WHERE nis_code = :nis ORDER BY breaks_on, kind")
    return session.execute(query, {"nis": nis_code}).mappings().all()


def get_break(session: Session, key: int) -> RowMapping | None:
    """One of them."""
    query = text(f"SELECT {BREAK} FROM series_break WHERE id = :id")
    return session.execute(query, {"id": key}).mappings().first()


def add_break(session: Session, values: dict[str, Any]) -> RowMapping:
    """Write one down."""
    query = text(
        "INSERT INTO series_break (nis_code, breaks_on, kind, reason, source) "
        f"VALUES (:nis_code, :breaks_on, :kind, :reason, :source) RETURNING {BREAK}"
    )
    return session.execute(query, values).mappings().one()


def change_break(session: Session, key: int, values: dict[str, Any]) -> None:
    """Correct one; `values` are columns of the table."""
    columns = ", ".join(f"{name} = :{name}" for name in values)
    session.execute(text(f"UPDATE series_break SET {columns} WHERE id = :id"), {**values, "id": key})


def remove_break(session: Session, key: int) -> None:
    """Take one away."""
    session.execute(text("DELETE FROM series_break WHERE id = :id"), {"id": key})


def labels(session: Session, scheme: str) -> dict[str, RowMapping]:
    """Labels of a code list in three languages by code, in the order of its menus."""
    query = text(
        "SELECT code, label_nl, label_fr, label_en FROM code_list WHERE scheme = :scheme ORDER BY sort_order"
    )
    return {row["code"]: row for row in session.execute(query, {"scheme": scheme}).mappings()}


def municipality(session: Session, nis_code: str) -> RowMapping:
    """Names of a municipality, and whether it is fiction."""
    query = text("SELECT name_nl, name_fr, name_en, is_demo FROM municipality WHERE nis_code = :nis")
    return session.execute(query, {"nis": nis_code}).mappings().one()


def street_source(session: Session, nis_code: str) -> str | None:
    """Whose streets a map shows."""
    query = text(
        "SELECT string_agg(DISTINCT coalesce(d.attribution, d.name), '; ') FROM dataset d WHERE d.id IN "
        "(SELECT DISTINCT dataset_id FROM street_segment WHERE nis_code = :nis)"
    )
    found: str | None = session.execute(query, {"nis": nis_code}).scalar()
    return found


def spots(session: Session, nis_code: str) -> pd.DataFrame:
    """Where every shop unit stands, metres; index id, columns x and y."""
    query = text("SELECT id, st_x(geom) AS x, st_y(geom) AS y FROM shop_unit WHERE nis_code = :nis")
    return pd.read_sql(query, session.connection(), params={"nis": nis_code}, index_col="id")


def map_paths(
    session: Session, nis_code: str, box_m: tuple[float, float, float, float], *, detail_m: float
) -> tuple[str, str]:
    """Streets and cores within a box as SVG paths, metres with y downwards; bends finer than `detail_m` are left out."""
    box = f"st_makeenvelope(:west, :south, :east, :north, {SRID})"
    # A collection of mixed kinds is not one path: kept are lines (2) or areas (3).
    drawn = "coalesce(st_assvg(st_collectionextract(st_collect(st_simplify(st_intersection(geom, {box}), :detail)), {kind}), 0, 1), '')"
    values = dict(zip(("west", "south", "east", "north"), box_m, strict=True)) | {
        "nis": nis_code,
        "detail": detail_m,
    }
    lines, shapes = drawn.format(box=box, kind=2), drawn.format(box=box, kind=3)
    streets = f"SELECT {lines} FROM street_segment WHERE nis_code = :nis AND geom && {box}"
    cores = f"SELECT {shapes} FROM core WHERE nis_code = :nis AND geom && {box}"
    return (
        str(session.execute(text(streets), values).scalar_one()),
        str(session.execute(text(cores), values).scalar_one()),
    )
