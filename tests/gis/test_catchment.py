import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.catchment import cost_of_totals, costs_to, holdings, isochrones, minutes_until, wrong_side_share
from gis.errors import GisError, PointOffNetwork
from gis.network import StreetNetwork
from tests.gis.streets_frame import streets_of

GRID = [[(x, y), (x + 100, y)] for x in range(0, 1000, 100) for y in range(0, 1100, 100)] + [
    [(x, y), (x, y + 100)] for x in range(0, 1100, 100) for y in range(0, 1000, 100)
]


@pytest.fixture(scope="module")
def blocks() -> StreetNetwork:
    """Blocks of 100 m over a square kilometre."""
    return StreetNetwork.from_streets(streets_of(GRID), mode="walk")


def test_a_straight_street_gives_a_strip_as_long_as_the_walk_allows():
    network = StreetNetwork.from_streets(streets_of([[(0, 0), (2000, 0)]]), mode="walk")
    shape = isochrones(network, [1000.0, 0.0], minutes=[5])
    west, south, east, north = shape.total_bounds
    assert (west, east) == (pytest.approx(600, abs=7.5), pytest.approx(1400, abs=7.5))
    assert (south, north) == (pytest.approx(-250, abs=12), pytest.approx(250, abs=12))
    assert shape["minutes"].tolist() == [5.0]
    assert shape["area_m2"].tolist() == [pytest.approx(shape.area[0])]


def test_a_tighter_edge_leaves_out_what_is_far_from_a_street():
    network = StreetNetwork.from_streets(streets_of([[(0, 0), (2000, 0)]]), mode="walk")
    _, south, _, north = isochrones(network, [1000.0, 0.0], minutes=[5], edge_m=60).total_bounds
    assert (south, north) == (pytest.approx(-60, abs=7.5), pytest.approx(60, abs=7.5))


def test_metres_count_along_the_streets():
    network = StreetNetwork.from_streets(streets_of([[(0, 0), (2000, 0)]]), mode="car")
    shape = isochrones(network, [1000.0, 10.0], metres=[500])
    west, _, east, _ = shape.total_bounds
    assert (west, east) == (pytest.approx(510, abs=30), pytest.approx(1490, abs=30))


def test_a_one_way_street_parts_outward_from_towards():
    lines = [[(0, 0), (2000, 0)], [(0, 0), (0, 3000)], [(0, 3000), (2000, 3000)], [(2000, 3000), (2000, 0)]]
    network = StreetNetwork.from_streets(streets_of(lines, one_way=[0]), mode="bicycle")
    outward = isochrones(network, [1000.0, 0.0], minutes=[2]).total_bounds
    towards = isochrones(network, [1000.0, 0.0], minutes=[2], direction="towards").total_bounds
    assert (outward[0], outward[2]) == (pytest.approx(1000, abs=11), pytest.approx(1500, abs=20))
    assert (towards[0], towards[2]) == (pytest.approx(500, abs=20), pytest.approx(1000, abs=11))


def test_bands_are_ascending_valid_and_hold_each_other(blocks):
    shapes = isochrones(blocks, [510.0, 480.0], minutes=[9, 3, 6])
    assert shapes["minutes"].tolist() == [3.0, 6.0, 9.0]
    assert shapes.is_valid.all()
    assert (shapes.geom_type == "MultiPolygon").all()
    assert shapes["area_m2"].is_monotonic_increasing
    for inner, outer in zip(shapes.geometry, shapes.geometry[1:], strict=False):
        assert shapely.difference(inner, outer).area < 0.01 * inner.area


def test_rings_share_no_ground_and_add_up_to_the_whole(blocks):
    rings = isochrones(blocks, [510.0, 480.0], minutes=[3, 6], rings=True)
    whole = isochrones(blocks, [510.0, 480.0], minutes=[3, 6])
    assert shapely.intersection(*rings.geometry).area == pytest.approx(0, abs=1e-6)
    assert shapely.union_all(rings.geometry).area == pytest.approx(shapely.union_all(whole.geometry).area)


def test_a_place_too_far_from_a_street_has_no_catchment(blocks):
    with pytest.raises(PointOffNetwork):
        isochrones(blocks, [500.0, 1400.0])
    assert len(isochrones(blocks, [500.0, 1400.0], max_distance_m=500)) == 3


def test_a_walk_too_short_to_reach_the_street_has_an_empty_shape(blocks):
    shapes = isochrones(blocks, [450.0, 450.0], minutes=[0.5, 5])
    assert shapes.geometry.is_empty.tolist() == [True, False]
    assert shapes["area_m2"][0] == 0


@pytest.mark.parametrize("bands", [{"minutes": []}, {"minutes": [0]}, {"minutes": [5], "metres": [5]}])
def test_bands_that_mean_nothing_are_refused(blocks, bands):
    with pytest.raises(GisError):
        isochrones(blocks, [500.0, 500.0], **bands)


def test_holdings_are_counted_by_cost_and_unknown_amounts_apart():
    network = StreetNetwork.from_streets(streets_of([[(0, 0), (2000, 0)]]), mode="walk")
    homes = network.snap([[1100, 0], [1300, 0], [1399, 0], [1401, 0], [1000, 900]])
    people = pd.DataFrame({"people": [1, 2, 4, 8, 16], "cars": [1, np.nan, 1, 1, 1]})
    held = holdings(network, [1000.0, 0.0], homes, people, minutes=[2, 5])
    assert held["places"].tolist() == [1, 3]
    assert held["people"].tolist() == [1, 7]
    assert held["cars"].tolist() == [1, 2]
    assert held["cars_unknown"].tolist() == [0, 1]
    ring = holdings(network, [1000.0, 0.0], homes, people, metres=[150, 10_000], rings=True)
    assert ring["people"].tolist() == [1, 14]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-50, 1050), st.floats(-50, 1050)), min_size=1, max_size=60),
    st.tuples(st.floats(0, 1000), st.floats(0, 1000)),
)
def test_a_catchment_never_holds_more_than_there_is_and_a_longer_walk_never_less(blocks, xy, origin):
    homes = blocks.snap(xy)
    people = pd.DataFrame({"people": np.arange(1, len(xy) + 1)})
    held = holdings(blocks, origin, homes, people, minutes=[2, 5, 60])["people"]
    assert held.is_monotonic_increasing
    assert held.iloc[-1] == people["people"].sum()


def test_the_shape_and_the_count_agree_on_almost_everyone(blocks):
    rng = np.random.default_rng(1)
    xy = rng.uniform(0, 1000, (4000, 2))
    cost = costs_to(blocks, [480.0, 530.0], blocks.snap(xy), minutes=60)
    shape = isochrones(blocks, [480.0, 530.0], minutes=[5]).geometry[0]
    wrongly_in, wrongly_out = wrong_side_share(shape, xy, cost, limit=5)
    assert wrongly_in < 0.02
    assert wrongly_out < 0.02


def test_people_on_the_wrong_side_are_shares_of_those_within():
    square = shapely.MultiPolygon([shapely.box(0, 0, 10, 10)])
    xy = [[5, 5], [6, 6], [20, 20], [1, 1]]
    assert wrong_side_share(square, xy, [1, 9, 2, 3], limit=4, weights=[1, 2, 3, 4]) == (2 / 8, 3 / 8)
    assert np.isnan(wrong_side_share(square, xy, [np.inf] * 4, limit=4)).all()


def test_several_doors_share_one_catchment():
    network = StreetNetwork.from_streets(streets_of([[(0, 0), (3000, 0)]]), mode="walk")
    doors = [[1000.0, 0.0], [1500.0, 0.0]]
    west, _, east, _ = isochrones(network, doors, minutes=[5]).total_bounds
    assert (west, east) == (pytest.approx(600, abs=7.5), pytest.approx(1900, abs=7.5))
    homes = network.snap([[599, 0], [601, 0], [1250, 0], [1899, 0], [1901, 0]])
    held = holdings(network, doors, homes, pd.DataFrame({"people": [1, 2, 4, 8, 16]}), minutes=[5])
    assert held["people"].tolist() == [14]


def test_mine_alone_ends_half_way_to_the_competitor():
    network = StreetNetwork.from_streets(streets_of([[(0, 0), (3000, 0)]]), mode="walk")
    options = {"minutes": [5], "competitors": [[1300.0, 0.0], [9999.0, 9999.0]]}
    west, _, east, _ = isochrones(network, [1000.0, 0.0], **options).total_bounds
    assert (west, east) == (pytest.approx(600, abs=7.5), pytest.approx(1150, abs=7.5))
    homes = network.snap([[700, 0], [1149, 0], [1150, 0], [1151, 0], [2000, 0]])
    held = holdings(network, [1000.0, 0.0], homes, pd.DataFrame({"people": [1, 2, 4, 8, 16]}), **options)
    assert held["people"].tolist() == [7]


def test_competitors_share_out_everyone_once(blocks):
    rng = np.random.default_rng(2)
    homes = blocks.snap(rng.uniform(0, 1000, (500, 2)))
    shops = rng.uniform(0, 1000, (4, 2))
    held = [
        holdings(
            blocks,
            shop,
            homes,
            pd.DataFrame(index=range(500)),
            minutes=[60],
            competitors=np.delete(shops, i, 0),
        )
        for i, shop in enumerate(shops)
    ]
    assert sum(frame["places"].iloc[0] for frame in held) == 500


def test_minutes_until_a_catchment_holds_enough():
    network = StreetNetwork.from_streets(streets_of([[(0, 0), (3000, 0)]]), mode="walk")
    homes = network.snap([[1080, 0], [840, 0], [1320, 0], [1400, 900]])
    people = [100, 200, np.nan, 400]
    assert minutes_until(network, [1000.0, 0.0], homes, people, total=100) == pytest.approx(1)
    assert minutes_until(network, [1000.0, 0.0], homes, people, total=101) == pytest.approx(2)
    assert minutes_until(network, [1000.0, 0.0], homes, people, total=301) == np.inf
    assert minutes_until(network, [1000.0, 0.0], homes, people, total=300, minutes=1.9) == np.inf


def test_totals_are_reached_by_those_who_come_first():
    cost = [3.0, 1.0, np.inf, 2.0, 2.0]
    assert cost_of_totals(cost, [30, 10, 99, 20, 5], [1, 10, 11, 35, 65, 66]).tolist() == [
        1,
        1,
        2,
        2,
        3,
        np.inf,
    ]
    assert cost_of_totals([], [], [1]).tolist() == [np.inf]
