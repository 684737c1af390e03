"""Parts of the street network that nobody reaches: found, listed, and kept for QGIS."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import orjson
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.catchment.networks import get_network
from api.errors import NotAnswerable
from api.geojson import collection
from api.streets import queries
from gis.errors import EmptyNetwork
from gis.network import StreetNetwork
from gis.speeds import MODES, Mode

WAY_OUT = (
    "Streets join where their ends are less than 1 cm apart: join them in the source and import them again, "
    "or leave them out; no place is put on them meanwhile."
)


@dataclass(frozen=True)
class Parts:
    """
    The network of one mode, in parts.

    Attributes
    ----------
    streets_m
        Metres of street open to the mode.
    parts
        Parts that are not linked to each other.
    islands
        Those of them on which no place is ever put.
    islands_m
        Metres of street they hold.
    """

    mode: Mode
    streets_m: float
    parts: int
    islands: int
    islands_m: float

    @property
    def sentence(self) -> str:
        """What there is to say, on one line."""
        whole = f"{self.mode}: {self.streets_m / 1000:,.1f} km of street"
        if self.parts == 1:
            return f"{whole} in one part"
        if self.islands == 0:
            return (
                f"{whole} in {self.parts} parts, none of them an island: each can be entered, left and used"
            )
        noun = "island" if self.islands == 1 else "islands"
        return (
            f"{whole} in {self.parts} parts; {self.islands} {noun} of {self.islands_m:,.0f} m "
            "in all cannot be reached from the rest"
        )


def parts_of_network(session: Session) -> list[Parts]:
    """How far the streets of each mode hang together; nothing without streets."""
    found = []
    for mode in MODES:
        network = _network(session, mode)
        if network is None:
            continue
        table = network.components()
        islands = table[table["is_island"]]
        found.append(
            Parts(
                mode,
                float(table["length_m"].sum()),
                len(table),
                len(islands),
                float(islands["length_m"].sum()),
            )
        )
    return found


def list_islands(
    session: Session, nis_code: str | None = None, modes: tuple[Mode, ...] = MODES
) -> list[dict[str, Any]]:
    """
    Islands, by mode and the longest first, each with the municipality that has most of it.

    Members: mode, nis_code, segments, length_m, segment_id, name, lon, lat (an end of that segment), segment_ids, and
    `lines`, coordinates of each segment in degrees. An island that lies in two municipalities is one of both.
    """
    found = []
    for mode in modes:
        network = _network(session, mode)
        if network is None:
            continue
        table = network.components()
        of_segment = network.components_of_segments()
        of_segment = of_segment[of_segment.map(table["is_island"])]
        rows = {row["id"]: row for row in queries.segments(session, of_segment.index.tolist())}
        for component, group in of_segment.groupby(of_segment):
            own = [rows[segment_id] for segment_id in group.index if segment_id in rows]
            if own and (nis_code is None or nis_code in {row["nis_code"] for row in own}):
                found.append(_island(mode, table.loc[component], own))
    return found


def islands_geojson(session: Session, nis_code: str, mode: Mode | None = None) -> dict[str, Any]:
    """Islands as features, one MultiLineString each; and the parts of each mode."""
    modes = MODES if mode is None else (mode,)
    features = [
        {
            "type": "Feature",
            "id": number,
            "geometry": {"type": "MultiLineString", "coordinates": island["lines"]},
            "properties": {name: value for name, value in island.items() if name != "lines"},
        }
        for number, island in enumerate(list_islands(session, nis_code, modes), 1)
    ]
    networks = [
        {
            "mode": parts.mode,
            "streets_m": round(parts.streets_m, 1),
            "parts": parts.parts,
            "islands": parts.islands,
            "islands_m": round(parts.islands_m, 1),
        }
        for parts in parts_of_network(session)
        if parts.mode in modes
    ]
    return collection(features, networks=networks)


def store_islands(session: Session) -> None:
    """Keep today's islands of all municipalities, for QGIS; the caller's transaction."""
    # Two who list them at once would each add all of them.
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('kernkaart.street_island'))"))
    session.execute(text("DELETE FROM street_island"))
    query = text(
        "INSERT INTO street_island (nis_code, mode, segments, length_m, segment_id, name, geom) "
        "SELECT :nis_code, :mode, :segments, :length_m, :segment_id, :name, st_multi(st_collect(geom)) "
        "FROM street_segment WHERE id = ANY(:segment_ids)"
    )
    for island in list_islands(session):
        session.execute(query, {key: value for key, value in island.items() if key != "lines"})


def _network(session: Session, mode: Mode) -> StreetNetwork | None:
    try:
        return get_network(session, mode)
    except (EmptyNetwork, NotAnswerable):
        return None


def _island(mode: Mode, part: pd.Series, own: list[dict[str, Any]]) -> dict[str, Any]:
    metres: Counter[str] = Counter()
    for row in own:
        metres[row["nis_code"]] += row["length_m"]
    lines = {row["id"]: orjson.loads(row["geometry"])["coordinates"] for row in own}
    first = int(part["segment_id"])
    lon, lat = lines[first][0]
    named = [row["name"] for row in sorted(own, key=lambda row: row["id"]) if row["name"]]
    return {
        "mode": mode,
        "nis_code": metres.most_common(1)[0][0],
        "segments": int(part["segments"]),
        "length_m": round(float(part["length_m"]), 1),
        "segment_id": first,
        "name": named[0] if named else None,
        "lon": lon,
        "lat": lat,
        "segment_ids": sorted(lines),
        "lines": [lines[key] for key in sorted(lines)],
    }
