import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import label

from gis.contour import polygon_within

CELLS = {"cell_m": 10.0, "corner": (0.0, 0.0), "step": 1.0}


def field(rows: list[str]) -> np.ndarray:
    """Costs from a drawing, north at the top: # is inside at cost 0, . outside at cost 2, for a limit of 1."""
    drawn = np.array([[0.0 if mark == "#" else 2.0 for mark in row] for row in reversed(rows)], np.float32)
    return np.pad(drawn, 1, constant_values=np.inf)


def within(rows: list[str], **options: float) -> shapely.MultiPolygon:
    return polygon_within(field(rows), 1.0, **(CELLS | {"min_part_m2": 0.0} | options))


def test_one_cell_gives_a_diamond_around_its_centre():
    shape = within(["#"])
    assert shape.bounds == (5, 5, 15, 15)
    assert shape.area == 50


def test_a_block_with_a_hole_is_one_polygon_with_one_hole():
    shape = within(["####", "#..#", "#..#", "####"])
    assert [len(part.interiors) for part in shape.geoms] == [1]
    assert shapely.get_exterior_ring(shape.geoms[0]).is_ccw
    assert not shape.geoms[0].interiors[0].is_ccw


def test_an_island_in_a_hole_is_a_part_of_its_own():
    shape = within(["#######", "#.....#", "#.....#", "#..#..#", "#.....#", "#.....#", "#######"])
    assert sorted(len(part.interiors) for part in shape.geoms) == [0, 1]


def test_small_parts_and_holes_go_but_the_largest_part_stays():
    rows = ["####...", "#.##..#", "####..."]
    assert within(rows, min_part_m2=200).area == pytest.approx(within(["####", "####", "####"]).area)
    assert within(["#"], min_part_m2=1e9).area == 50


def test_cells_that_meet_at_a_corner_are_apart():
    assert len(within(["#.", ".#"]).geoms) == 2


def test_the_border_runs_where_the_cost_reaches_the_limit():
    cost = np.pad(
        np.tile(np.array([0.0, 0.25, 0.5, 0.75, 1.25], np.float32), (5, 1)), 1, constant_values=np.inf
    )
    east = polygon_within(cost, 0.9, **CELLS, min_part_m2=0).bounds[2]
    assert east == pytest.approx(40 + 10 * 0.15 / 0.5)


def test_nothing_within_the_limit_is_an_empty_shape():
    shape = within(["..."])
    assert shape.is_empty
    assert shape.geom_type == "MultiPolygon"


costs = st.integers(1, 14).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0.0, 0.5, 0.9, 1.0, 1.1, 1.5, np.inf]), min_size=width, max_size=width),
        min_size=1,
        max_size=14,
    )
)


@settings(deadline=None, max_examples=300)
@given(costs)
def test_any_field_gives_a_valid_shape_with_the_right_cells_inside(drawn):
    cost = np.pad(np.array(drawn, np.float32), 1, constant_values=np.inf)
    shape = polygon_within(cost, 1.0, **CELLS, min_part_m2=0.0)
    assert shape.is_valid
    rows, columns = np.indices(cost.shape)
    # Simplifying moves the border by a quarter of a cell, so cell centres closer than that may change sides.
    grown, shrunk = shape.buffer(2.6), shape.buffer(-2.6)
    is_inside = cost <= 1.0
    assert shapely.contains_xy(grown, columns[is_inside] * 10.0, rows[is_inside] * 10.0).all()
    assert not shapely.contains_xy(shrunk, columns[~is_inside] * 10.0, rows[~is_inside] * 10.0).any()
    assert len(shape.geoms) == label(is_inside)[1]
