"""What a refresh reads, as frames."""

from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.base import SRID

CRS = f"EPSG:{SRID}"


def _points(session: Session, query: str, values: dict[str, Any]) -> gpd.GeoDataFrame:
    frame = gpd.read_postgis(
        text(query), session.connection(), geom_col="geom", index_col="id", crs=CRS, params=values
    )
    # A column without any value is read as objects.
    for column in {"floor_area_m2", "population", "floors", "spaces"} & set(frame.columns):
        frame[column] = frame[column].astype(float)
    return frame.rename_geometry("geometry")


def units(session: Session, nis_code: str) -> gpd.GeoDataFrame:
    """Active shop units with their state today."""
    frame = _points(
        session,
        "SELECT id, state, floor_area_m2, branch_code, branch_group, core_id, street, is_anchor, last_seen_on, "
        "vacant_earliest_on AS vacant_start_earliest_on, vacant_latest_on AS vacant_start_latest_on, geom "
        "FROM shop_unit_state WHERE nis_code = :nis ORDER BY id",
        {"nis": nis_code},
    )
    return frame.assign(is_vacant=frame["state"] == "vacant", is_anchor=frame["is_anchor"].astype(bool))


def areas(session: Session, nis_code: str) -> gpd.GeoDataFrame:
    """Sectors with their newest population; the whole municipality where no sector is known."""
    frame = _points(
        session,
        "SELECT s.id, s.code, p.value AS population, coalesce(p.is_suppressed, false) AS is_suppressed, s.geom "
        "FROM stat_sector s LEFT JOIN LATERAL (SELECT value, is_suppressed FROM sector_stat x "
        "WHERE x.sector_code = s.code AND x.key = 'population' ORDER BY x.year DESC LIMIT 1) p ON true "
        "WHERE s.nis_code = :nis AND s.year = (SELECT max(year) FROM stat_sector t WHERE t.nis_code = :nis)",
        {"nis": nis_code},
    )
    if len(frame):
        return frame
    return _points(
        session,
        "SELECT 0 AS id, nis_code AS code, population::float8, false AS is_suppressed, geom FROM municipality "
        "WHERE nis_code = :nis AND geom IS NOT NULL",
        {"nis": nis_code},
    )


def buildings(session: Session, nis_code: str) -> gpd.GeoDataFrame:
    """Buildings, with whether people can live in them."""
    return _points(
        session,
        "SELECT id, floors::float8 AS floors, use IS NULL OR use IN ('residential', 'mixed') AS is_residential, geom "
        "FROM building WHERE nis_code = :nis AND coalesce(building_type, 'main') <> 'annex'",
        {"nis": nis_code},
    )


def streets(session: Session, nis_code: str) -> gpd.GeoDataFrame:
    """Streets along which people live, for areas without buildings."""
    return _points(
        session,
        "SELECT id, geom FROM street_segment WHERE nis_code = :nis AND street_class IN ('residential', "
        "'living_street', 'unclassified', 'tertiary', 'secondary', 'pedestrian')",
        {"nis": nis_code},
    )


def neighbours_people(
    session: Session, nis_code: str, box: tuple[float, float, float, float]
) -> pd.DataFrame:
    """People of other municipalities within a box, who may walk across the border."""
    query = text(
        "SELECT st_x(p.geom) AS x, st_y(p.geom) AS y, p.persons FROM population_point p "
        "JOIN current_run r ON r.id = p.run_id WHERE p.nis_code <> :nis "
        f"AND p.geom && st_makeenvelope(:x1, :y1, :x2, :y2, {SRID})"
    )
    values: dict[str, Any] = {"nis": nis_code, **dict(zip(("x1", "y1", "x2", "y2"), box, strict=True))}
    return pd.read_sql(query, session.connection(), params=values)


def parking_zones(session: Session, nis_code: str) -> gpd.GeoDataFrame:
    """Parking zones with their spaces."""
    return _points(
        session,
        "SELECT id, capacity::float8 AS spaces, geom FROM parking_zone WHERE nis_code = :nis ORDER BY id",
        {"nis": nis_code},
    )


def stops(session: Session, box: tuple[float, ...], around_m: float) -> gpd.GeoDataFrame:
    """Stations and stops in a box and so far around it, whichever municipality they are of, with their weight."""
    values = dict(zip(("x1", "y1", "x2", "y2"), box, strict=True)) | {"around": around_m}
    return _points(
        session,
        "SELECT id, kind, weight, geom FROM public_place WHERE kind IN ('stop', 'station') "
        f"AND geom && st_expand(st_makeenvelope(:x1, :y1, :x2, :y2, {SRID}), :around) ORDER BY id",
        values,
    )


def walked_streets(session: Session, nis_code: str) -> pd.DataFrame:
    """Streets of a municipality along which people walk."""
    query = text(
        "SELECT id, name, street_class, length_m FROM street_segment WHERE nis_code = :nis "
        "AND (is_walk_forward OR is_walk_backward) AND street_class NOT IN ('motorway', 'trunk', 'ferry') ORDER BY id"
    )
    return pd.read_sql(query, session.connection(), params={"nis": nis_code}, index_col="id")


def parking_observations(session: Session, nis_code: str) -> pd.DataFrame:
    """Occupancies of the last year that was observed."""
    query = text(
        "SELECT o.parking_zone_id, o.observed_at, o.occupied::float8 AS occupied, "
        "coalesce(o.capacity, z.capacity)::float8 AS capacity FROM parking_observation o "
        "JOIN parking_zone z ON z.id = o.parking_zone_id WHERE z.nis_code = :nis AND o.observed_at > "
        "(SELECT max(x.observed_at) FROM parking_observation x JOIN parking_zone y ON y.id = x.parking_zone_id "
        "WHERE y.nis_code = :nis) - interval '365 days'"
    )
    frame = pd.read_sql(query, session.connection(), params={"nis": nis_code})
    frame["observed_at"] = pd.to_datetime(frame["observed_at"], utc=True)
    return frame


def sensors(session: Session, nis_code: str) -> gpd.GeoDataFrame:
    """Sensors that count passages and stand somewhere."""
    return _points(
        session,
        "SELECT id, name, geom FROM footfall_sensor WHERE nis_code = :nis AND measure_kind = 'passage' "
        "AND geom IS NOT NULL ORDER BY id",
        {"nis": nis_code},
    )


def segment_classes(session: Session, ids: list[int]) -> pd.Series:
    """Street class by segment id."""
    query = text("SELECT id, street_class FROM street_segment WHERE id = ANY(:ids)")
    rows = session.execute(query, {"ids": ids}).all()
    return pd.Series({row.id: row.street_class for row in rows}, dtype=object)


def source_names(session: Session, nis_code: str) -> dict[str, tuple[str, str]]:
    """Per table: names of the datasets in it, and the date or period it speaks of."""
    queries = {
        "shop_unit": "SELECT string_agg(DISTINCT d.name, ', '), max(t.last_seen_on)::text FROM shop_unit t "
        "LEFT JOIN dataset d ON d.id = t.dataset_id WHERE t.nis_code = :nis",
        "population": "SELECT string_agg(DISTINCT d.name, ', '), max(p.year)::text FROM stat_sector t "
        "JOIN sector_stat p ON p.sector_code = t.code AND p.key = 'population' "
        "LEFT JOIN dataset d ON d.id = p.dataset_id WHERE t.nis_code = :nis",
        "parking": "SELECT string_agg(DISTINCT d.name, ', '), max(d.vintage_on)::text FROM parking_zone t "
        "LEFT JOIN dataset d ON d.id = t.dataset_id WHERE t.nis_code = :nis",
        "footfall": "SELECT string_agg(DISTINCT d.name, ', '), NULL FROM footfall_sensor t "
        "LEFT JOIN dataset d ON d.id = t.dataset_id WHERE t.nis_code = :nis",
    }
    found = {}
    for name, query in queries.items():
        source, when = session.execute(text(query), {"nis": nis_code}).one()
        found[name] = (source or "", when or "")
    return found


def every_unit(session: Session, nis_code: str) -> gpd.GeoDataFrame:
    """Where every shop unit is or was, those that are no more included."""
    return _points(
        session, "SELECT id, geom FROM shop_unit WHERE nis_code = :nis ORDER BY id", {"nis": nis_code}
    )


def street_version(session: Session, nis_code: str) -> int:
    """Raised by every change of the streets."""
    query = text("SELECT street_version FROM municipality WHERE nis_code = :nis")
    return int(session.execute(query, {"nis": nis_code}).scalar_one())


def run_version(session: Session, run_id: int) -> int:
    """Data version that a run computes from."""
    query = text("SELECT data_version FROM analysis_run WHERE id = :id")
    version: int = session.execute(query, {"id": run_id}).scalar_one()
    return version
