import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from gis.degrees import MAX_ERROR_M, geometry_json, to_degrees

BELGIUM = CRS.from_epsg(31370)
LEUVEN = (173_000.0, 174_000.0)


def metres_apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    east, north = ((a - b) * 111_320).T
    return np.hypot(east * np.cos(np.radians(b[:, 1])), north)


def projected(xy: np.ndarray, crs: CRS) -> np.ndarray:
    return np.column_stack(Transformer.from_crs(crs, 4326, always_xy=True).transform(*xy.T))


@pytest.mark.parametrize(
    ("epsg", "centre"),
    [
        (31370, LEUVEN),
        (3812, (650_000, 670_000)),
        (28992, (258_000, 471_000)),
        (32631, (500_000, 5_650_000)),
        (3067, (385_000, 6_672_000)),
        (31982, (478_000, 6_677_000)),
    ],
)
@pytest.mark.parametrize("size_m", [10, 3_000, 50_000, 200_000, 600_000])
def test_a_point_lies_where_proj_puts_it(epsg, centre, size_m):
    xy = np.random.default_rng(1).uniform(-size_m / 2, size_m / 2, (2_000, 2)) + centre
    apart = metres_apart(to_degrees(xy, CRS.from_epsg(epsg)), projected(xy, CRS.from_epsg(epsg)))
    assert apart.max() <= (0.001 if size_m <= 50_000 else 2 * MAX_ERROR_M)


def test_what_a_polynomial_cannot_follow_is_left_to_proj():
    xy = np.random.default_rng(1).uniform(-2e6, 2e6, (200, 2)) + LEUVEN
    np.testing.assert_array_equal(to_degrees(xy, BELGIUM), projected(xy, BELGIUM))


def test_points_on_a_line_have_an_extent_too():
    xy = np.column_stack([np.linspace(0, 4_000, 100), np.zeros(100)]) + LEUVEN
    assert metres_apart(to_degrees(xy, BELGIUM), projected(xy, BELGIUM)).max() < 0.001


def test_no_shapes_and_empty_shapes_are_written_too():
    assert geometry_json([], BELGIUM) == []
    assert [json.loads(text) for text in geometry_json([shapely.MultiPolygon()] * 2, BELGIUM)] == [
        {"type": "MultiPolygon", "coordinates": []}
    ] * 2


def test_a_polygon_is_a_shape_of_one_part():
    (text,) = geometry_json([shapely.box(0, 0, 100, 100)], BELGIUM)
    assert [shapely.from_geojson(text).geom_type, len(json.loads(text)["coordinates"])] == ["MultiPolygon", 1]


def rings_apart(x: float, y: float, size: float) -> shapely.MultiPolygon:
    outer = shapely.box(x, y, x + size, y + size)
    island = shapely.box(x + size * 0.4, y + size * 0.4, x + size * 0.6, y + size * 0.6)
    lake = shapely.box(x + size * 0.2, y + size * 0.2, x + size * 0.8, y + size * 0.8)
    return shapely.MultiPolygon([outer.difference(lake), island])


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(st.floats(-5e4, 5e4), st.floats(-5e4, 5e4), st.floats(1, 3e4)), min_size=1, max_size=5
    ),
    st.booleans(),
)
def test_the_text_is_what_proj_and_shapely_would_write_to_a_centimetre(squares, is_far_west):
    # Porto Alegre lies west and south of zero, where both numbers are negative.
    crs, centre = (CRS.from_epsg(31982), (478_000, 6_677_000)) if is_far_west else (BELGIUM, LEUVEN)
    shapes = [rings_apart(centre[0] + x, centre[1] + y, size) for x, y, size in squares]
    written = [shapely.from_geojson(text) for text in geometry_json(shapes, crs)]
    for shape, found in zip(shapes, written, strict=True):
        xy, lonlat = shapely.get_coordinates(shape), shapely.get_coordinates(found)
        assert [len(part.interiors) for part in found.geoms] == [len(part.interiors) for part in shape.geoms]
        assert metres_apart(lonlat, projected(xy, crs)).max() < 0.012
        assert found.is_valid


def test_numbers_near_zero_and_of_three_digits_are_written_whole():
    for epsg, xy in ((32631, (166_021.5, 0.5)), (32760, (833_000.0, 5_000_000.0))):
        shape = shapely.box(xy[0], xy[1], xy[0] + 300, xy[1] + 300).segmentize(10)
        (text,) = geometry_json([shape], CRS.from_epsg(epsg))
        found = shapely.get_coordinates(shapely.from_geojson(text))
        apart = abs(found - projected(shapely.get_coordinates(shape), CRS.from_epsg(epsg)))
        assert apart.max() < 1e-7
