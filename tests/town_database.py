"""The paper town in a database: written by the application's own import, computed by its own refresh."""

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from api.commands.intake import write_readings
from api.db.models import Municipality
from api.db.session import get_engine
from api.db.store import Batch, finish_batch, open_batch
from api.importers import Chunk, Reading
from tests import town

NIS = "99001"
EMPTY_NIS = "99002"
NOTHING_REFUSED = pd.DataFrame(columns=["row_number", "column_name", "value", "reason", "remedy"])
BRANCH_OF = {
    "fashion_luxury": "clothing",
    "daily": "supermarket",
    "hospitality": "restaurant",
    "services": "hairdresser",
    "home_garden": "furniture",
    "non_retail": "office",
}


def reading(target: str, rows: pd.DataFrame) -> Reading:
    """A reading of one chunk."""
    numbered = rows.reset_index(drop=True)
    numbered["row_number"] = range(1, len(numbered) + 1)
    return Reading(target=target, assumed=[], chunks=iter([Chunk(numbered, NOTHING_REFUSED, 1.0)]))


def import_readings(
    readings: Iterator[Reading] | list[Reading], *, nis: str = NIS, source: str = "town"
) -> Batch:
    """Write readings in one transaction, as the import command does."""
    file = {"file_name": f"{source}.csv", "file_sha256": "0" * 64, "file_bytes": 1}
    with Session(get_engine()) as session, session.begin():
        batch = open_batch(
            session,
            dataset={"code": source, "name": f"Dataset {source}"},
            source=source,
            nis_code=nis,
            file=file,
            mapping={},
        )
        assumed, _ = write_readings(session, batch, readings, progressed=lambda *_: None)
        finish_batch(session, batch, assumed=assumed)
    return batch


def add_municipality(nis: str, name: str, **columns: Any) -> None:
    """Insert a municipality."""
    with Session(get_engine()) as session, session.begin():
        session.execute(insert(Municipality).values(nis_code=nis, name_nl=name, **columns))


def shop_unit_rows() -> gpd.GeoDataFrame:
    """The town's shop units as an importer gives them."""
    units = town.units()
    return gpd.GeoDataFrame(
        {
            "local_code": units.index.astype(str),
            "street": [
                "High Street" if code.startswith("H") else "Side Street" for code in units.index.astype(str)
            ],
            "house_number": [code[1:] for code in units.index.astype(str)],
            "floor_area_m2": units["floor_area_m2"].to_numpy(),
            "status": units["state"].to_numpy(),
            "occupant_name": [f"Shop {code}" for code in units.index],
            "branch_code": units["branch_group"].map(BRANCH_OF).to_numpy(),
            "is_anchor": units["is_anchor"].to_numpy(),
            "seen_on": pd.Timestamp(town.TODAY),
        },
        geometry=units.geometry.to_numpy(),
        crs=units.crs,
    )


def street_rows() -> gpd.GeoDataFrame:
    """The town's streets as an importer gives them."""
    streets = town.streets()
    rows = streets.reset_index(drop=True)
    rows["source_key"] = [str(key) for key in streets.index]
    for mode in ("walk", "bicycle", "car"):
        for way in ("forward", "backward"):
            rows[f"is_{mode}_{way}"] = True
    rows["street_class"] = "residential"
    return rows[
        [
            c
            for c in rows.columns
            if c in {"source_key", "name", "street_class", "geometry"} or c.startswith("is_")
        ]
    ]


def fill() -> None:
    """Import the whole town."""
    add_municipality(NIS, "Papierstad", population=1300)
    add_municipality(EMPTY_NIS, "Leegdorp")
    areas = town.areas().reset_index(names="code")
    people = pd.DataFrame(
        {
            "sector_code": areas["code"],
            "year": 2025,
            "key": "population",
            "value": areas["population"],
            "is_suppressed": areas["population"].isna(),
        }
    )
    core = shapely.box(town.ORIGIN[0], town.ORIGIN[1] - 60, town.ORIGIN[0] + 420, town.ORIGIN[1] + 60)
    cores = gpd.GeoDataFrame(
        {"code": ["K1"], "name": ["Kern"], "area_type": ["trading_core"]}, geometry=[core], crs=town.CRS
    )
    buildings = town.buildings().reset_index(drop=True)
    buildings["source_key"] = [f"B{number}" for number in range(len(buildings))]
    zones = town.parking_zones()
    parking = gpd.GeoDataFrame(
        {
            "code": zones.index.astype(str),
            "name": zones.index.astype(str),
            "capacity": zones["spaces"].to_numpy(),
        },
        geometry=zones.geometry.to_numpy(),
        crs=zones.crs,
    )
    sensors = town.sensors()
    sensor_rows = gpd.GeoDataFrame(
        {"code": sensors.index.astype(str), "name": [f"Sensor {code}" for code in sensors.index]},
        geometry=sensors.geometry.to_numpy(),
        crs=sensors.crs,
    )
    counts = town.counts().rename(columns={"sensor_id": "sensor_code"})
    counts = counts.assign(mode="ped", direction="both")
    parcels = town.parcels().reset_index(drop=True)
    parcels["capakey"] = [f"99001A{number:04d}/00A000" for number in range(len(parcels))]
    import_readings(
        [
            reading("street_segment", street_rows()),
            reading("stat_sector", areas[["code", "geometry"]].assign(year=2025)),
            reading("sector_stat", people),
            reading("building", buildings[["source_key", "geometry"]]),
            reading("parcel", parcels[["capakey", "geometry"]]),
            reading("core", cores),
            reading("parking_zone", parking),
            reading("footfall_sensor", sensor_rows),
            reading("footfall_count", counts),
            reading("shop_unit", shop_unit_rows()),
        ]
    )


def rows(query: str, **values: Any) -> list[Any]:
    """Rows of a query on the current database."""
    with get_engine().connect() as connection:
        return list(connection.execute(text(query), values).all())
