from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tests.demo.seven_towns import Demo

TOWNS = ("31022", "31004", "32003", "34013", "34027", "38025", "34040")
WITH_ISLAND = "38025"
pytestmark = pytest.mark.parametrize("nis", TOWNS)


def _nodes(streets: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    shapes = streets["geometry"].to_numpy()
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(shapes, at)) for at in (0, -1)])
    _, node = np.unique(ends, axis=0, return_inverse=True)
    first, last = node.reshape(2, -1)
    return first, last


def _components(first: np.ndarray, last: np.ndarray, *, directed: bool = False) -> list[int]:
    size = int(max(first.max(), last.max())) + 1
    graph = coo_array((np.ones(len(first)), (first, last)), shape=(size, size))
    _, group = connected_components(graph, directed=directed, connection="strong" if directed else "weak")
    used = np.unique(np.concatenate([first, last]))
    return sorted(np.bincount(group[used])[np.unique(group[used])].tolist(), reverse=True)


def _overlaps_m2(shapes: np.ndarray) -> np.ndarray:
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pair = one < two
    return np.append(shapely.area(shapely.intersection(shapes[one[pair]], shapes[two[pair]])), 0.0)


def test_every_geometry_is_valid_and_of_its_kind(demo: Demo, nis: str) -> None:
    kinds = {
        "municipality": "MultiPolygon", "core": "MultiPolygon", "stat_sector": "MultiPolygon", "backdrop": "MultiPolygon",
        "parcel": "MultiPolygon", "building": "MultiPolygon", "street_segment": "LineString", "shop_unit": "Point",
        "public_place": "Point", "footfall_sensor": "Point", "parking_zone": "Point",
    }  # fmt: skip
    for target, kind in kinds.items():
        shapes = demo[nis][target].geometry
        assert shapes.crs.to_epsg() == 31370
        assert set(shapes.geom_type) == {kind}, target
        assert shapes.is_valid.all(), target
        assert not shapes.is_empty.any(), target
    assert all(
        area.geom_type == "MultiPolygon" and area.is_valid for area in demo[nis]["parking_zone"]["area_geom"]
    )


def test_everything_lies_in_its_municipality(demo: Demo, nis: str) -> None:
    around = demo[nis]["municipality"].geometry.iloc[0].buffer(1.0)
    shapely.prepare(around)
    for target in ("street_segment", "parcel", "building", "shop_unit", "public_place", "footfall_sensor"):
        assert shapely.covers(around, demo[nis][target].geometry.to_numpy()).all(), target


def test_keys_are_unique(demo: Demo, nis: str) -> None:
    keys = {
        "core": "code", "parcel": "capakey", "building": "source_key", "backdrop": "source_key",
        "street_segment": "source_key", "public_place": "source_key", "shop_unit": "local_code",
        "footfall_sensor": "code", "parking_zone": "code", "event": "code",
    }  # fmt: skip
    for target, key in keys.items():
        assert demo[nis][target][key].is_unique, target


def test_streets_are_one_network_but_for_the_island_of_veurne(demo: Demo, nis: str) -> None:
    components = _components(*_nodes(demo[nis]["street_segment"]))
    assert components[1:] == ([4] if nis == WITH_ISLAND else [])


def test_a_car_can_get_from_every_street_to_every_other(demo: Demo, nis: str) -> None:
    streets = demo[nis]["street_segment"]
    first, last = _nodes(streets)
    ahead, back = streets["is_car_forward"].to_numpy(), streets["is_car_backward"].to_numpy()
    from_node = np.concatenate([first[ahead], last[back]])
    to_node = np.concatenate([last[ahead], first[back]])
    assert len(_components(from_node, to_node, directed=True)) == 1
    assert (ahead != back).sum() >= 10


def test_streets_cross_only_at_junctions(demo: Demo, nis: str) -> None:
    shapes = demo[nis]["street_segment"].geometry.to_numpy()
    assert shapely.STRtree(shapes).query(shapes, predicate="crosses").shape[1] == 0


def test_streets_have_the_main_streets_and_a_sensible_length(demo: Demo, nis: str) -> None:
    streets = demo[nis]["street_segment"]
    length_km = streets.geometry.length.sum() / 1000
    assert 60 < length_km < 300
    assert streets["name"].nunique() > 120
    assert {"primary", "secondary", "tertiary", "residential", "living_street", "cycleway"} <= set(
        streets["street_class"]
    )
    cars = streets["is_car_forward"] | streets["is_car_backward"]
    assert streets.loc[cars, "car_speed_kmh"].between(20, 90).all()
    assert streets.loc[~cars, "car_speed_kmh"].isna().all()


def test_buildings_stand_beside_streets_and_beside_each_other(demo: Demo, nis: str) -> None:
    buildings = demo[nis]["building"].geometry.to_numpy()
    streets = demo[nis]["street_segment"].geometry.to_numpy()
    assert (demo[nis]["building"]["building_type"] == "main").sum() > 3000
    assert shapely.STRtree(streets).query(buildings, predicate="intersects").shape[1] == 0
    assert _overlaps_m2(buildings).max() < 0.05


def test_parcels_do_not_overlap_and_carry_fictional_keys(demo: Demo, nis: str) -> None:
    parcels = demo[nis]["parcel"]
    assert _overlaps_m2(parcels.geometry.to_numpy()).max() < 0.5
    assert parcels["capakey"].str.fullmatch(r"99\d{3}[A-F]\d{4}/00[A-Z]\d{3}").all()
    assert np.allclose(parcels["area_m2"], parcels.geometry.area, atol=0.01)


def test_buildings_lie_on_parcels(demo: Demo, nis: str) -> None:
    parcels = demo[nis]["parcel"].geometry.to_numpy()
    middles = shapely.point_on_surface(demo[nis]["building"].geometry.to_numpy())
    on_parcel = np.unique(shapely.STRtree(parcels).query(middles, predicate="intersects")[0])
    assert len(on_parcel) / len(middles) > 0.99


def test_shop_doors_are_in_the_street_before_a_building(demo: Demo, nis: str) -> None:
    units = demo[nis]["shop_unit"]
    doors = units.geometry.to_numpy()
    buildings = demo[nis]["building"].geometry.to_numpy()
    tree = shapely.STRtree(buildings)
    assert tree.query(doors, predicate="intersects").shape[1] == 0
    gap = shapely.distance(doors, buildings[tree.nearest(doors)])
    assert gap.max() <= 5.0
    assert np.median(gap) > 1.9


def test_cores_hold_most_shop_units(demo: Demo, nis: str) -> None:
    cores, units = demo[nis]["core"], demo[nis]["shop_unit"]
    assert 2 <= len(cores) <= 4
    assert _overlaps_m2(cores.geometry.to_numpy()).max() == 0.0
    inside = shapely.contains(shapely.union_all(cores.geometry.to_numpy()), units.geometry.to_numpy())
    assert inside.mean() > 0.5
