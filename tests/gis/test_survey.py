import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.catchment import band_sums, costs_to, isochrones
from gis.isochrone import Bands
from gis.network import StreetNetwork
from gis.survey import Placed, surveyed
from tests.gis.streets_frame import streets_of

TEN_MINUTES = Bands("minutes", (5.0, 10.0), (300.0, 600.0), "s", "towards")


@pytest.fixture(scope="module")
def blocks() -> StreetNetwork:
    """Blocks of 100 m, some of them one-way, and a street that nothing leads to."""
    lines = [[(x, y), (x + 100, y)] for x in range(0, 1000, 100) for y in range(0, 1100, 100)]
    lines += [[(x, y), (x, y + 100)] for x in range(0, 1100, 100) for y in range(0, 1000, 100)]
    lines += [[(5000, 5000), (5100, 5000)]]
    return StreetNetwork.from_streets(streets_of(lines, one_way=range(0, 200, 9)), mode="bicycle")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-300, 1300), st.floats(-300, 1300)), min_size=1, max_size=40),
    st.tuples(st.floats(0, 1000), st.floats(0, 1000)),
    st.sampled_from(["outward", "towards"]),
)
def test_costs_of_a_survey_are_those_of_a_search_from_the_other_side(blocks, xy, origin, direction):
    homes, place = blocks.snap(xy), blocks.snap([origin])
    bands = TEN_MINUTES._replace(direction=direction)
    with surveyed(blocks, place, bands) as found:
        cost = found.costs(Placed(homes))
    # The same ways, asked as a table of origins and destinations.
    table = blocks.times(place, homes, limit_s=600, direction=direction).toarray()[0] / 60.0
    assert np.isfinite(cost).tolist() == (table > 0).tolist()
    assert cost[np.isfinite(cost)] == pytest.approx(table[table > 0], abs=1e-4)


def test_shapes_and_costs_come_from_one_search_and_equal_those_asked_apart(blocks):
    rng = np.random.default_rng(4)
    homes = blocks.snap(rng.uniform(0, 1000, (300, 2)))
    rivals = rng.uniform(0, 1000, (3, 2))
    with surveyed(blocks, blocks.snap([[480, 530]]), TEN_MINUTES, competitors=blocks.snap(rivals)) as found:
        shapes, cost = found.shapes(), found.costs(Placed(homes))
        west, south, east, north = found.extent()
    apart = isochrones(blocks, [480, 530], minutes=[5, 10], direction="towards", competitors=rivals)
    assert [shape.equals_exact(other) for shape, other in zip(shapes, apart.geometry, strict=True)] == [
        True
    ] * 2
    again = costs_to(blocks, [480, 530], homes, minutes=10, direction="towards", competitors=rivals)
    assert cost.tolist() == again.tolist()
    bounds = apart.total_bounds
    assert (west <= bounds[0], south <= bounds[1], east >= bounds[2], north >= bounds[3]) == (True,) * 4


def test_what_is_off_the_network_or_on_an_island_costs_more_than_anything(blocks):
    homes = blocks.snap([[500, 500], [5050, 5000], [9000, 9000]])
    with surveyed(blocks, blocks.snap([[500, 480]]), TEN_MINUTES) as found:
        cost = found.costs(Placed(homes))
    assert np.isfinite(cost).tolist() == [True, False, False]


def test_things_that_are_placed_once_are_counted_right_in_every_direction_and_unit(blocks):
    placed = Placed(blocks.snap([[150, 0], [820, 400], [333, 500]]))
    place = blocks.snap([[480, 530]])
    for direction in ("outward", "towards", "outward"):
        for unit, name, limit in (("s", "minutes", 600.0), ("m", "metres", 900.0)):
            bands = Bands(name, (limit / 60 if unit == "s" else limit,), (limit,), unit, direction)
            with surveyed(blocks, place, bands) as found:
                fresh = found.costs(Placed(placed.positions))
                assert found.costs(placed).tolist() == fresh.tolist()


def test_bands_add_up_by_hand():
    cost, amounts = np.array([0.0, 5.0, 5.1, 10.0, np.inf]), [[1, 10], [2, 20], [4, 40], [8, 80], [16, 160]]
    assert band_sums(cost, [5, 10], amounts).tolist() == [[3, 30], [15, 150]]
    assert band_sums(cost, [5, 10], amounts, rings=True).tolist() == [[3, 30], [12, 120]]
    assert band_sums(np.empty(0), [5, 10], np.empty((0, 2))).tolist() == [[0, 0], [0, 0]]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 20), st.integers(0, 9)), max_size=30),
    st.sets(st.integers(1, 20), min_size=1),
)
def test_rings_share_out_what_the_whole_holds(pairs, bands):
    cost, amount = np.array([c for c, _ in pairs]), np.array([float(a) for _, a in pairs])
    limits = sorted(bands)
    whole, rings = (band_sums(cost, limits, amount, rings=is_ring)[:, 0] for is_ring in (False, True))
    assert np.cumsum(rings).tolist() == whole.tolist()
    assert whole.tolist() == [amount[cost <= limit].sum() for limit in limits]
