import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.catchment import isochrones
from gis.errors import GisError, PointOffNetwork
from gis.network import StreetNetwork
from gis.reached import reached_streets
from tests.gis.streets_frame import streets_of

BLOCK = [[(0, 0), (400, 0)], [(400, 0), (400, 400)], [(400, 400), (0, 400)], [(0, 400), (0, 0)]]


def test_a_segment_is_cut_where_the_limit_ends():
    network = StreetNetwork.from_streets(streets_of(BLOCK), mode="walk")
    parts = reached_streets(network, [200.0, 0.0], metres=300).sort_values("segment_id")
    assert parts["segment_id"].tolist() == [100, 101, 103]
    assert parts["from_share"].tolist() == pytest.approx([0, 0, 0.75])
    assert parts["to_share"].tolist() == pytest.approx([1, 0.25, 1])
    assert parts["length_m"].tolist() == pytest.approx([400, 100, 100])
    assert parts.geometry.to_wkt().tolist()[1] == "LINESTRING (400 0, 400 100)"


def test_a_segment_reached_from_both_ends_but_not_in_the_middle_is_two_parts():
    network = StreetNetwork.from_streets(streets_of(BLOCK), mode="walk")
    parts = reached_streets(network, [200.0, 0.0], metres=700).query("segment_id == 102")
    assert sorted(zip(parts["from_share"], parts["to_share"], strict=True)) == [
        (pytest.approx(0), pytest.approx(0.25)),
        (pytest.approx(0.75), pytest.approx(1)),
    ]


def test_a_limit_inside_the_first_segment_cuts_out_its_middle():
    network = StreetNetwork.from_streets(streets_of(BLOCK, one_way=[0]), mode="walk")
    parts = reached_streets(network, [200.0, 8.0], minutes=1)
    assert parts["from_share"].tolist() == pytest.approx([0.5])
    assert parts["to_share"].tolist() == pytest.approx([0.5 + 72 / 400])
    towards = reached_streets(network, [200.0, 8.0], minutes=1, direction="towards")
    assert towards["from_share"].tolist() == pytest.approx([0.5 - 72 / 400])


def test_a_corner_stays_in_the_part_that_goes_round_it():
    network = StreetNetwork.from_streets(streets_of([[(0, 0), (100, 0), (100, 100)]]), mode="walk")
    part = reached_streets(network, [60.0, 0.0], metres=50).geometry[0]
    assert shapely.get_coordinates(part) == pytest.approx(np.array([[10, 0], [100, 0], [100, 10]]))


def test_nothing_is_reached_from_too_far_away():
    network = StreetNetwork.from_streets(streets_of(BLOCK), mode="walk")
    with pytest.raises(PointOffNetwork):
        reached_streets(network, [5000.0, 0.0], minutes=5)
    with pytest.raises(GisError, match="not both"):
        reached_streets(network, [0.0, 0.0])
    assert reached_streets(network, [200.0, 100.0], metres=50).empty


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 400), st.integers(20, 2000), st.lists(st.integers(0, 3), max_size=2, unique=True))
def test_the_shape_holds_the_streets_it_was_drawn_around(x, metres, one_way):
    network = StreetNetwork.from_streets(streets_of(BLOCK, one_way=one_way), mode="walk")
    shape = isochrones(network, [x, 0.0], metres=[metres]).geometry[0]
    parts = reached_streets(network, [x, 0.0], metres=metres)
    assert shape.buffer(15).covers(shapely.union_all(parts.geometry))
    reached = network.snap(
        shapely.get_coordinates(shapely.line_interpolate_point(parts.geometry, 0.5, normalized=True))
    )
    near = network.distances(network.snap([[x, 0.0]]), reached, limit_m=metres)
    assert near.nnz == len(parts)
