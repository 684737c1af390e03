"""The paper town in a database: written by the application's own import, computed by its own refresh."""

import datetime as dt
from collections.abc import Iterable
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
TRADING_SINCE = dt.date(2015, 1, 1)
NOTHING_REFUSED = pd.DataFrame(columns=["row_number", "column_name", "value", "reason", "remedy"])
BRANCH_OF = {
    "fashion_luxury": "clothing",
    "daily": "supermarket",
    "hospitality": "restaurant",
    "services": "hairdresser",
    "home_garden": "furniture",
    "non_retail": "office",
}


def reading(target: str, rows: pd.DataFrame, *, chunk_rows: int = 1_000_000) -> Reading:
    """A reading as an importer gives it."""
    numbered = rows.reset_index(drop=True)
    numbered["row_number"] = range(1, len(numbered) + 1)
    starts = range(0, max(1, len(numbered)), chunk_rows)
    chunks = [Chunk(numbered.iloc[at : at + chunk_rows], NOTHING_REFUSED, None) for at in starts]
    return Reading(target=target, assumed=[], chunks=iter(chunks))


def import_in(
    session: Session, readings: Iterable[Reading], *, nis: str | None = NIS, source: str = "town"
) -> Batch:
    """Write readings in the caller's transaction, as the import command does."""
    file = {"file_name": f"{source}.csv", "file_sha256": "0" * 64, "file_bytes": 1}
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


def import_readings(readings: Iterable[Reading], *, nis: str | None = NIS, source: str = "town") -> Batch:
    """Write readings in one transaction and store it."""
    with Session(get_engine()) as session, session.begin():
        return import_in(session, readings, nis=nis, source=source)


def add_municipality(nis: str, name: str, **columns: Any) -> None:
    """Insert a municipality."""
    with Session(get_engine()) as session, session.begin():
        session.execute(insert(Municipality).values(nis_code=nis, name_nl=name, **columns))


def register_rows() -> gpd.GeoDataFrame:
    """The town's shop units themselves, without what goes on in them."""
    units = town.units()
    codes = units.index.astype(str)
    return gpd.GeoDataFrame(
        {
            "local_code": codes,
            "street": ["High Street" if code.startswith("H") else "Side Street" for code in codes],
            "house_number": [code[1:] for code in codes],
            "floor_area_m2": units["floor_area_m2"].to_numpy(),
        },
        geometry=units.geometry.to_numpy(),
        crs=units.crs,
    )


def shop_unit_rows(*, seen_on: dt.date = town.TODAY) -> gpd.GeoDataFrame:
    """The town's shop units as a survey gives them: the register, and what was seen on a day."""
    units = town.units()
    is_trading = units["state"].isin(("occupied", "non_retail"))
    names = pd.Series([f"Shop {code}" for code in units.index], index=units.index)
    return register_rows().assign(
        status=units["state"].to_numpy(),
        occupant_name=names.where(is_trading, None).to_numpy(),
        branch_code=units["branch_group"].map(BRANCH_OF).where(is_trading, None).to_numpy(),
        is_anchor=units["is_anchor"].to_numpy(),
        seen_on=pd.Timestamp(seen_on),
    )


def occupancy_rows() -> pd.DataFrame:
    """Everybody trades since 2015, until the last day on which a vacancy of the town can have begun."""
    units = town.units()
    is_known = units["state"].isin(("occupied", "non_retail")) | units["vacant_start_latest_on"].notna()
    known = units[is_known]
    return pd.DataFrame(
        {
            "local_code": known.index.astype(str),
            "from_on": pd.Timestamp(TRADING_SINCE),
            "to_on": known["vacant_start_latest_on"].to_numpy(),
            "occupant_name": [f"Shop {code}" for code in known.index],
            "branch_code": known["branch_group"].map(BRANCH_OF).to_numpy(),
            "is_anchor": known["is_anchor"].to_numpy(),
        }
    )


def spell_rows() -> pd.DataFrame:
    """The vacancies whose begin is known, to the day or between two visits."""
    units = town.units()
    known = units[units["vacant_start_latest_on"].notna()]
    is_exact = known["vacant_start_earliest_on"] == known["vacant_start_latest_on"]
    return pd.DataFrame(
        {
            "local_code": known.index.astype(str),
            "start_earliest_on": known["vacant_start_earliest_on"].to_numpy(),
            "start_latest_on": known["vacant_start_latest_on"].to_numpy(),
            "start_basis": is_exact.map({True: "exact", False: "between_visits"}).to_numpy(),
        }
    )


def count_rows() -> pd.DataFrame:
    """The town's counts as an importer gives them."""
    return (
        town.counts()
        .rename(columns={"sensor_id": "sensor_code"})
        .assign(mode="ped", direction="both", quality_flag=0)
    )


def parking_rows() -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """The town's parking zones, and how full they were."""
    zones = town.parking_zones()
    codes = zones.index.astype(str)
    rows = gpd.GeoDataFrame(
        {"code": codes, "name": codes, "capacity": zones["spaces"].to_numpy()},
        geometry=zones.geometry.to_numpy(),
        crs=zones.crs,
    )
    return rows, town.parking_observations().rename(columns={"parking_zone_id": "zone_code"})


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


def town_readings() -> list[Reading]:
    """Everything of the town but what a survey saw."""
    (x, y) = town.ORIGIN
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
    cores = gpd.GeoDataFrame(
        {"code": ["K1"], "name": ["Kern"], "area_type": ["trading_core"]},
        geometry=[shapely.box(x, y - 60, x + 420, y + 60)],
        crs=town.CRS,
    )
    buildings = town.buildings().reset_index(drop=True)
    buildings["source_key"] = [f"B{number}" for number in range(len(buildings))]
    sensors = town.sensors()
    codes = sensors.index.astype(str)
    sensor_rows = gpd.GeoDataFrame(
        {"code": codes, "name": [f"Sensor {code}" for code in codes]},
        geometry=sensors.geometry.to_numpy(),
        crs=sensors.crs,
    )
    zones, observations = parking_rows()
    return [
        reading("street_segment", street_rows()),
        reading("stat_sector", areas[["code", "geometry"]].assign(year=2025)),
        reading("sector_stat", people),
        reading("building", buildings[["source_key", "geometry"]]),
        reading("parcel", town.parcels().reset_index(drop=True)),
        reading("core", cores),
        reading("parking_zone", zones),
        reading("parking_observation", observations),
        reading("footfall_sensor", sensor_rows),
        reading("footfall_count", count_rows()),
        reading("shop_unit", register_rows()),
        reading("occupancy", occupancy_rows()),
        reading("vacancy_spell", spell_rows()),
    ]


def fill() -> None:
    """Import the whole town: what is there, what happened since 2015, and a survey of `town.TODAY`."""
    (x, y) = town.ORIGIN
    border = shapely.MultiPolygon([shapely.box(x - 300, y - 300, x + 900, y + 700)])
    add_municipality(NIS, "Papierstad", population=1300, geom=f"SRID={town.CRS};{border.wkt}")
    add_municipality(EMPTY_NIS, "Leegdorp")
    import_readings(town_readings())
    import_readings([reading("shop_unit", shop_unit_rows())], source="survey")


def rows(query: str, **values: Any) -> list[Any]:
    """Rows of a query on the current database."""
    with get_engine().connect() as connection:
        return list(connection.execute(text(query), values).all())
