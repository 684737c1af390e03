"""The two registers, invented: records of today's parcels, of a renumbered one, of a split one, and one that fits none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from api.demo.lineage import NO_DAY
from api.demo.plan import dice
from api.demo.records import dates
from api.demo.town import Town

_LOT_M2 = 1500.0
_FEWEST = 5
_SITES = 4
_SITE_M2 = (700.0, 9000.0)
_SITE_WITHIN_M = 2200.0
# Today's fictional keys have 00 here.
_EARLIER, _NEVER = "01Q", "02X"


def _records(town: Town) -> pd.DataFrame:
    """Which units came on the legal register, when, and the parcel of each (its place in the parcels)."""
    rng = dice(town.plan, town.seed, "legal vacancy register")
    spells, units = town.tenancy.spells, town.lineage.units
    ended = spells["ended"].to_numpy(np.int64)
    is_open = ended == NO_DAY
    entered = spells["latest"].to_numpy(np.int64) + 375 + rng.integers(0, 180, len(spells))
    # Striking off waits for an application: some units trade while their record still stands.
    removed = np.where(is_open, NO_DAY, ended + rng.integers(30, 700, len(spells)))
    removed = np.where(removed > town.last_day, NO_DAY, removed)
    ground = (units["floor_level"] == "ground").to_numpy()[spells["unit"].to_numpy()]
    fits = (np.where(is_open, town.last_day, ended) > entered) & ground
    draw = rng.random(len(spells))
    # A quiet town has few long vacancies: of those most are registered, so that there is something to see.
    running = np.flatnonzero(fits & is_open)
    first = running[np.argsort(draw[running], kind="stable")][: max(_FEWEST, round(0.7 * len(running)))]
    chosen = np.sort(np.concatenate([np.flatnonzero(fits & ~is_open & (draw < 0.5)), first]))
    rows = pd.DataFrame(
        {
            "unit": spells["unit"].to_numpy()[chosen],
            "entered": entered[chosen],
            "removed": removed[chosen],
            "is_open": is_open[chosen],
        }
    )
    rows["parcel"] = _nearest(town, units.iloc[rows["unit"].to_numpy()])
    rows["draw"] = rng.random(len(rows))
    return rows


def _earlier(town: Town, rows: pd.DataFrame) -> list[int]:
    """The rows that still carry a key of an earlier cadastre: units that stand empty, on a lot and not a field."""
    is_lot = town.parcels["area_m2"].to_numpy()[rows["parcel"]] < _LOT_M2
    fits = rows[rows["is_open"] & is_lot].drop_duplicates("parcel")
    return fits.index[:2].tolist()


def legal_vacancy_frame(town: Town) -> pd.DataFrame:
    """Give the legal vacancy register, with the records that no longer are on it.

    Parameters
    ----------
    town
        The town.
    """
    rows = _records(town)
    unit = town.lineage.units.iloc[rows["unit"].to_numpy()]
    removed = rows["removed"].to_numpy(np.int64)
    keys = town.parcels["capakey"].to_numpy(object)[rows["parcel"]]
    number = (unit["number"].astype(str) + unit["suffix"].astype(str)).to_numpy(object)
    earlier = _earlier(town, rows)
    keys[earlier] = _earlier_keys(town)[: len(earlier)]
    others = [place for place in np.flatnonzero(removed == NO_DAY) if place not in earlier]
    # A key that was mistyped years ago, with a number that stands in no street.
    keys[others[:1]], number[others[:1]] = f"{_division(town)}A9999/{_NEVER}001", "999"
    exempt = (rows["draw"] < 0.2) & (removed == NO_DAY)
    return _frame(town, "LEEG", rows["entered"].to_numpy(np.int64), removed, keys).assign(
        inventory_type="Leegstand gebouwen",
        property_kind="Handelspand",
        street=unit["street"].to_numpy(),
        house_number=number,
        postcode=unit["postcode"].to_numpy(),
        place=unit["place"].to_numpy(),
        objection=np.where(rows["draw"] > 0.88, "rejected", "none"),
        exemption=pd.Series("works", index=rows.index, dtype=object).where(exempt, None),
        exemption_until=dates(np.where(exempt, town.last_day + 200, NO_DAY)),
    )


def business_premises_frame(town: Town) -> pd.DataFrame:
    """Give the inventory of vacant business premises: large parcels around the centre.

    Parameters
    ----------
    town
        The town.
    """
    rng = dice(town.plan, town.seed, "business premises")
    parcels = town.parcels
    area = parcels["area_m2"].to_numpy()
    middle = shapely.get_coordinates(shapely.centroid(parcels["geometry"].to_numpy()))
    away = np.hypot(*(middle - town.plan.centre).T)
    fits = (area > _SITE_M2[0]) & (area < _SITE_M2[1]) & (away < _SITE_WITHIN_M)
    sites = rng.permutation(np.flatnonzero(fits))[:_SITES]
    entered = town.last_day - rng.integers(300, 2500, len(sites))
    houses = town.houses
    doors = shapely.STRtree(shapely.points(houses[["x_m", "y_m"]].to_numpy()))
    door = houses.iloc[doors.nearest(shapely.points(middle[sites]))]
    removed = np.full(len(sites), NO_DAY, dtype=np.int64)
    keys = parcels["capakey"].to_numpy(object)[sites]
    return _frame(town, "BEDR", entered, removed, keys).assign(
        inventory_type="Leegstaande bedrijfsruimten",
        property_kind="Bedrijfsgebouw",
        street=door["street"].to_numpy(),
        house_number=door["number"].astype(str).to_numpy(),
        postcode=door["postcode"].to_numpy(),
        place=door["place"].to_numpy(),
        objection="none",
        exemption=None,
        exemption_until=None,
    )


def former_parcel_frame(town: Town) -> pd.DataFrame:
    """Give the parcels of an earlier cadastre that the register still names.

    Parameters
    ----------
    town
        The town.
    """
    rows = _records(town)
    shapes = town.parcels["geometry"].to_numpy()
    places = rows["parcel"].to_numpy()[_earlier(town, rows)]
    made = [shapes[place] for place in places[:1]]
    made += [shapely.union_all([shapes[place], shapes[_neighbour(shapes, place)]]) for place in places[1:]]
    keys = _earlier_keys(town)[: len(made)]
    return pd.DataFrame({"nis_code": town.plan.nis_code, "capakey": keys, "geometry": made})


def _neighbour(shapes: np.ndarray, place: int) -> int:
    """The parcel of about the same size that lies closest along the same border."""
    near = shapely.STRtree(shapes).query(shapes[place].buffer(0.5), predicate="intersects")
    near = near[near != place]
    border = shapely.length(shapely.intersection(shapely.buffer(shapes[near], 0.5), shapes[place].boundary))
    size = np.abs(np.log(shapely.area(shapes[near]) / shapely.area(shapes[place])))
    return int(near[np.lexsort((-border, size > 1.0))[0]])


def _nearest(town: Town, units: pd.DataFrame) -> np.ndarray:
    tree = shapely.STRtree(town.parcels["geometry"].to_numpy())
    found: np.ndarray = tree.nearest(shapely.points(units[["x_m", "y_m"]].to_numpy()))
    return found


def _division(town: Town) -> str:
    return str(town.parcels["capakey"].iloc[0])[:5]


def _earlier_keys(town: Town) -> list[str]:
    return [f"{_division(town)}A9001/{_EARLIER}{n:03d}" for n in (1, 2)]


def _frame(
    town: Town, prefix: str, entered: np.ndarray, removed: np.ndarray, keys: np.ndarray
) -> pd.DataFrame:
    """What records of both registers hold."""
    year = [day.year for day in dates(entered)]
    numbers = [f"{one}-{place:04d}" for place, one in enumerate(year, start=1)]
    return pd.DataFrame(
        {
            "nis_code": town.plan.nis_code,
            "record_key": [f"{prefix}/{one}" for one in numbers],
            "dossier_prefix": prefix,
            "dossier_number": numbers,
            "status": np.where(removed == NO_DAY, "Opgenomen", "Geschrapt"),
            "status_code": np.where(removed == NO_DAY, "OPG", "SCH"),
            "capakey": keys,
            "found_on": dates(entered - 40),
            "entered_on": dates(entered),
            "removed_on": dates(removed),
            "is_removed": removed != NO_DAY,
        }
    )
