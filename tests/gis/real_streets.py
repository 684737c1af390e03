"""Real street networks for tests and benchmarks, read with the least of rules; never part of the product."""

from collections import Counter
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely

DATA = Path(__file__).parents[3] / "shared" / "data"
FILES = {
    "enschede": (DATA / "osm/enschede/enschede_twente_2017_highways_overpass.osm", 28992),
    "krems": (DATA / "osm/krems/krems_2013.osm.gz", 31287),
    "helsinki": (DATA / "osm/helsinki/helsinki_centre_2019.osm.pbf", 3067),
    "wechelderzande": (DATA / "osm/wechelderzande/wechel.osm", 31370),
    "porto_alegre": (DATA / "osm/porto_alegre/poa_osm.pbf", 31982),
    "melbourne": (DATA / "melbourne/derived_streets.gpkg", 7855),
}
CLASSES = {"corridor": "footway", "bridleway": "path", "road": "unclassified", "busway": "service"}
FOOT_ONLY = {"footway", "steps", "path", "pedestrian", "cycleway", "track"}


def has(name: str) -> bool:
    return FILES[name][0].exists()


def read(name: str) -> gpd.GeoDataFrame:
    """Streets as `StreetNetwork.from_streets` takes them."""
    path, epsg = FILES[name]
    if path.suffix == ".gpkg":
        return _melbourne(path, epsg)
    return _osm(path, epsg)


def _melbourne(path: Path, epsg: int) -> gpd.GeoDataFrame:
    edges = gpd.read_file(path, layer="edges").query("component == 0").to_crs(epsg)
    is_foot = edges["source"].isin(["footbridge", "connector"])
    return _frame(
        edges.geometry.to_numpy(),
        pd.DataFrame(
            {
                "street_class": np.where(is_foot, "footway", "residential"),
                "way": 0,
                "car_speed_kmh": np.nan,
            }
        ),
        epsg,
    )


def _osm(path: Path, epsg: int) -> gpd.GeoDataFrame:
    nodes, ways = {}, []
    for entity in osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY):
        if entity.is_node():
            nodes[entity.id] = (entity.lon, entity.lat)
        elif "highway" in entity.tags:
            ways.append((dict(entity.tags), [node.ref for node in entity.nodes]))
    ways = [(tags, [ref for ref in refs if ref in nodes]) for tags, refs in ways if _class(tags)]
    seen = Counter(ref for _, refs in ways for ref in refs)
    lines, rows = [], []
    for tags, refs in ways:
        row = {"street_class": _class(tags), "way": _one_way(tags), "car_speed_kmh": _speed(tags)}
        start = 0
        for i in range(1, len(refs)):
            if i == len(refs) - 1 or seen[refs[i]] > 1:
                lines.append(shapely.LineString([nodes[ref] for ref in refs[start : i + 1]]))
                rows.append(row)
                start = i
    projected = gpd.GeoSeries(lines, crs=4326).to_crs(epsg)
    return _frame(projected.to_numpy(), pd.DataFrame(rows), epsg)


def _frame(lines: np.ndarray, rows: pd.DataFrame, epsg: int) -> gpd.GeoDataFrame:
    is_foot = rows["street_class"].isin(FOOT_ONLY)
    is_fast = rows["street_class"].isin({"motorway", "trunk"})
    return gpd.GeoDataFrame(
        {
            "street_class": rows["street_class"].to_numpy(),
            "car_speed_kmh": rows["car_speed_kmh"].to_numpy(float),
            "is_walk_forward": ~is_fast.to_numpy(),
            "is_walk_backward": ~is_fast.to_numpy(),
            "is_bicycle_forward": (~is_fast & (rows["way"] >= 0)).to_numpy(),
            "is_bicycle_backward": (~is_fast & (rows["way"] <= 0)).to_numpy(),
            "is_car_forward": (~is_foot & (rows["way"] >= 0)).to_numpy(),
            "is_car_backward": (~is_foot & (rows["way"] <= 0)).to_numpy(),
        },
        geometry=lines,
        crs=epsg,
    )


def _class(tags: dict[str, str]) -> str | None:
    name = tags["highway"].removesuffix("_link")
    name = CLASSES.get(name, name)
    known = {
        "motorway",
        "trunk",
        "primary",
        "secondary",
        "tertiary",
        "unclassified",
        "residential",
        "living_street",
    }
    return name if name in known | FOOT_ONLY | {"service"} else None


def _one_way(tags: dict[str, str]) -> int:
    if tags.get("oneway") in {"yes", "1", "true"} or tags.get("junction") == "roundabout":
        return 1
    if tags.get("oneway") == "-1":
        return -1
    return 1 if tags["highway"] == "motorway" else 0


def _speed(tags: dict[str, str]) -> float:
    text = tags.get("maxspeed", "")
    return float(text) if text.isdigit() and int(text) > 0 else np.nan


def tiled(streets: gpd.GeoDataFrame, n: int, rows: int | None = None) -> gpd.GeoDataFrame:
    """The network n by n times (or n by `rows`) side by side, its neighbours stitched together by short links."""
    rows = rows or n
    west, south, east, north = streets.total_bounds
    step = np.array([east - west + 50, north - south + 50])
    lines = streets.geometry.to_numpy()
    copies, links = [], []
    ends = shapely.get_coordinates(shapely.get_point(lines, 0))
    for i in range(n):
        for j in range(rows):
            move = step * (i, j)
            copies.append(shapely.transform(lines, lambda xy, move=move: xy + move))
            for axis, many in ((0, i + 1 < n), (1, j + 1 < rows)):
                if many:
                    other = 1 - axis
                    low = ends[np.argsort(ends[:, axis])[:200]]
                    high = ends[np.argsort(ends[:, axis])[-200:]]
                    for k in range(20):
                        a = high[k * 10]
                        b = low[np.argmin(abs(low[:, other] - a[other]))] + step * (np.arange(2) == axis)
                        links.append(shapely.LineString([a + move, b + move]))
    table = pd.concat(
        [pd.DataFrame(streets.drop(columns="geometry"))] * n * rows
        + [pd.DataFrame(streets.drop(columns="geometry")[streets["street_class"] == "residential"].iloc[:1])]
        * len(links),
        ignore_index=True,
    )
    return gpd.GeoDataFrame(
        table, geometry=np.concatenate([*copies, np.array(links, object)]), crs=streets.crs
    )


def grid(n: int) -> gpd.GeoDataFrame:
    """Invented blocks of 80 to 120 m, n by n, every fifth street one-way: what stands in where no data are."""
    rng = np.random.default_rng(1)
    xy = np.stack(np.meshgrid(np.arange(n) * 100.0, np.arange(n) * 100.0, indexing="ij"), -1)
    xy += rng.uniform(-10, 10, xy.shape)
    along = [shapely.LineString(pair) for pair in np.stack([xy[:-1], xy[1:]], 2).reshape(-1, 2, 2)]
    across = [shapely.LineString(pair) for pair in np.stack([xy[:, :-1], xy[:, 1:]], 2).reshape(-1, 2, 2)]
    lines = np.array(along + across, object)
    rows = pd.DataFrame(
        {"street_class": "residential", "way": np.arange(len(lines)) % 5 == 0, "car_speed_kmh": np.nan}
    )
    return _frame(lines, rows.assign(way=rows["way"].astype(int)), 31370)
