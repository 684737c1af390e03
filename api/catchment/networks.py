"""The street networks of this deployment: built once, stored as arrays, shared by all processes."""

import shutil
import tempfile
import threading
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from api import __version__
from api.catchment.street_rows import read_streets
from api.db.base import SRID
from api.db.session import as_application
from api.errors import NotAnswerable
from api.settings import get_settings
from api.streets.speeds import network_speeds
from gis.catchment import holdings, isochrones
from gis.degrees import geometry_json
from gis.errors import EmptyNetwork
from gis.network import LAYOUT, StreetNetwork
from gis.speeds import DEFAULT_SPEEDS, Mode

MODES: tuple[Mode, ...] = ("walk", "bicycle", "car")
_lock = threading.Lock()
_held: dict[str, dict[Mode, StreetNetwork]] = {}


def street_version(session: Session) -> str:
    """Changes whenever a street or speed of any municipality does, the database or the code is another, or the arrays mean something else."""
    # A database that was removed and made anew counts from one again: the server and the tables have numbers too.
    query = text(
        "SELECT concat_ws('-', (SELECT system_identifier FROM pg_control_system()), "
        "(SELECT oid FROM pg_database WHERE datname = current_database()), 'street_segment'::regclass::oid, "
        "md5(string_agg(concat_ws('=', nis_code, street_version), ';' ORDER BY nis_code))) FROM municipality"
    )
    usual = zlib.crc32(DEFAULT_SPEEDS.to_array().tobytes())
    return f"{SRID}-{LAYOUT}-{__version__}-{usual:08x}-{session.execute(query).scalar()}"


def get_network(session: Session, mode: Mode) -> StreetNetwork:
    """
    The network of one mode as the streets are now.

    Raises
    ------
    NotAnswerable
        When there are no streets.
    EmptyNetwork
        When none of them is open to the mode.
    """
    return network_and_version(session, mode)[0]


def network_and_version(session: Session, mode: Mode) -> tuple[StreetNetwork, str]:
    """The network of one mode, and the name of the streets and speeds it was made of; raises as `get_network`."""
    with _lock:
        # Asked inside the lock: whoever waited for another to build must not take today's streets for yesterday's.
        version = street_version(session)
        if version not in _held:
            # The same for everybody: it must not lack the streets that whoever asks first may not see.
            with as_application(session):
                networks = _load(session, version)
            _held.clear()
            _held[version] = networks
        if mode not in _held[version]:
            raise EmptyNetwork(mode)
        return _held[version][mode], short_name(version)


def short_name(version: str) -> str:
    """A version as people can read it to each other."""
    return f"{zlib.crc32(version.encode()):08x}"


def _load(session: Session, version: str) -> dict[Mode, StreetNetwork]:
    """Take the arrays from disk, where some process has stored them, else build and store them."""
    settings = get_settings()
    database = f"{zlib.crc32(settings.database_url.encode()):08x}"
    folder = settings.home / "networks" / f"{database}-{version}"
    if not (folder / "complete").exists():
        _store(_build(session), folder)
    arrays = {
        path.relative_to(folder).as_posix().removesuffix(".npy"): np.load(path, mmap_mode="r")
        for path in folder.rglob("*.npy")
    }
    modes = [mode for mode in MODES if f"{mode}/away" in arrays]
    return {mode: StreetNetwork.from_arrays(arrays, mode=mode) for mode in modes}


def _build(session: Session) -> Mapping[str, NDArray[Any]]:
    speeds, areas = network_speeds(session)
    streets = read_streets(session, areas)
    if streets.empty:
        raise NotAnswerable(
            "There are no streets yet, so nothing can be reached.",
            "Import streets: kernkaart import osm FILE, or kernkaart import wegenregister FILE.",
        )
    arrays: dict[str, NDArray[Any]] = {}
    known: StreetNetwork | None = None
    for mode in MODES:
        try:
            known = (
                known.in_mode(mode)
                if known
                else StreetNetwork.from_streets(streets, mode=mode, speeds=speeds)
            )
        except EmptyNetwork:
            # Streets that are closed to cars must not keep people from walking.
            continue
        arrays |= known.to_arrays()
    return arrays


def _store(arrays: Mapping[str, NDArray[Any]], folder: Path) -> None:
    """Write beside and rename, so that a reader never meets half a network; older versions go."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix="draft-"))
    for name, array in arrays.items():
        path = draft / f"{name}.npy"
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, array)
    (draft / "complete").touch()
    try:
        draft.rename(folder)
    except OSError:
        # Another process stored the same version first.
        shutil.rmtree(draft)
    database = folder.name.split("-", 1)[0]
    for other in folder.parent.glob(f"{database}-*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


def warm_up() -> None:
    """Compile, or load from the cache, every kernel a catchment needs, on a street of two segments."""
    lines = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(100, 0), (100, 100)])]
    columns: dict[str, Any] = {"street_class": "residential", "car_speed_kmh": np.nan}
    for mode in MODES:
        columns |= {f"is_{mode}_forward": True, f"is_{mode}_backward": True}
    streets = gpd.GeoDataFrame(columns, geometry=lines, index=[1, 2], crs=f"EPSG:{SRID}")
    first = StreetNetwork.from_streets(streets, mode="walk")
    for mode in MODES:
        network = first.in_mode(mode)
        shapes = isochrones(network, (50.0, 1.0), minutes=(1.0, 2.0), direction="towards")
        geometry_json(list(shapes.geometry), network.graph.crs)
        places = network.snap(np.array([[60.0, 0.0], [100.0, 50.0]]))
        amounts = pd.DataFrame({"population": [1.0, 2.0]})
        holdings(network, (50.0, 1.0), places, amounts, minutes=(1.0, 2.0), direction="towards")
