import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.accessibility import (
    DECAYED,
    INDICATORS,
    NEAREST_LIMIT_M,
    WALK_DECAY_PER_MIN,
    Surroundings,
    accessibility,
    competitor_distance,
    nearest_distance,
    people_within,
)
from gis.bands import band_sums
from gis.errors import FrameError, GisError, LimitOutOfRange
from gis.network import StreetNetwork
from gis.speeds import MODES
from tests import town
from tests.gis import real_streets
from tests.gis.street_oracle import exact_times
from tests.gis.test_network_laws import cities_with_places

BANDS = ["persons_walk_5_min", "persons_walk_10_min", "persons_walk_15_min"]


def points(*xy, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=town.points(list(xy)), crs=town.CRS)


@pytest.fixture(scope="module")
def networks():
    walk = StreetNetwork.from_streets(town.streets(), mode="walk")
    return {mode: walk.in_mode(mode) for mode in MODES}


@pytest.fixture
def units():
    # Same branch: H4 and S5 sell food, H5 and S1 serve it.
    return town.units().assign(branch_code=town.units()["branch_group"])


@pytest.fixture
def around(networks, units):
    def make(**other):
        known = {
            "networks": networks,
            "people": points((0, 0), (400, 0), (600, 0), (200, 300), persons=[10.0, 20.0, 40.0, 80.0]),
            "parking": town.parking_zones(),
            "stops": points((100, 0)),
            "shops": units[units["state"] == "occupied"],
            "unknown": points(),
            "extent": tuple(units.total_bounds),
        }
        return Surroundings(**(known | other))

    return make


# -- by hand ------------------------------------------------------------------------------------


def test_people_within_bands_on_foot_are_those_whose_way_is_no_longer(units, around):
    # H1 stands at x = 50: the four live 50, 350, 550 and 450 m away; 5 minutes are 400 m.
    found = people_within(units, around(), mode="walk").loc["H1"]
    assert found[BANDS].tolist() == [30, 150, 150]
    minutes = np.array([50, 350, 550, 450]) / 80
    expected = np.exp(-WALK_DECAY_PER_MIN * minutes) @ [10, 20, 40, 80]
    assert found[DECAYED] == pytest.approx(expected, rel=1e-6)
    assert found["persons_walk_5_min_reason"] is None


def test_a_person_exactly_at_the_limit_is_within(around):
    # From x = 0 it is 400 m to x = 400.
    found = people_within(points((0, 0)), around(), mode="walk").iloc[0]
    assert found["persons_walk_5_min"] == 30


def test_by_bicycle_and_by_car_the_whole_town_is_within(units, around):
    assert (people_within(units, around(), mode="bicycle")["persons_bicycle_15_min"] == 150).all()
    assert (people_within(units, around(), mode="car")["persons_car_10_min"] == 150).all()


def test_people_come_towards_the_place_through_one_way_streets(units, around):
    # Nobody may walk east on the second block of the High Street: those of the east still come west.
    streets = town.streets()
    streets.loc[2, "is_walk_forward"] = False
    streets = pd.concat([streets, ring(streets)])
    network = StreetNetwork.from_streets(streets, mode="walk")
    found = people_within(units, around(networks={"walk": network}), mode="walk")
    assert found.loc["H1", "persons_walk_5_min"] == 30
    assert found.loc["H7", "persons_walk_5_min"] == 60


def ring(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A long way round, so that the east can be reached at all."""
    west, south = town.ORIGIN
    line = shapely.LineString(
        [(west, south), (west, south - 5000), (west + 600, south - 5000), (west + 600, south)]
    )
    return streets.iloc[[0]].set_geometry([line], crs=streets.crs).set_index(pd.Index([99]))


def test_the_nearest_parking_and_stop_are_as_far_as_the_street_between(units, around):
    metres = town.metres(units, town.parking_zones()).min(axis=1)
    parking = nearest_distance(units, around(), to="parking")
    assert parking["parking_m"].to_numpy() == pytest.approx(metres, abs=0.01)
    assert nearest_distance(units, around(), to="stops").loc["S5", "stop_m"] == pytest.approx(380, abs=0.01)


def test_the_step_to_the_street_counts_at_both_ends(around):
    found = nearest_distance(points((100, 30)), around(stops=points((150, -20))), to="stops")
    assert found["stop_m"].tolist() == pytest.approx([30 + 50 + 20], abs=0.01)


def test_a_competitor_is_another_occupied_unit_of_the_same_branch(units, around):
    found = competitor_distance(units, around())
    assert found.loc["H4", "competitor_m"] == pytest.approx(50 + 280, abs=0.01)
    assert found.loc["S5", "competitor_m"] == pytest.approx(50 + 280, abs=0.01)
    assert found.loc["H5", "competitor_m"] == pytest.approx(100 + 50, abs=0.01)
    assert found["competitor_m_reason"].to_dict() == {
        "H1": "none_known", "H2": "not_trading", "H3": "not_trading", "H4": None, "H5": None, "H6": "not_trading",
        "H7": "none_known", "S1": None, "S2": "not_trading", "S3": "branch_unknown", "S4": "not_trading", "S5": None,
    }  # fmt: skip


def test_a_competitor_across_the_border_counts(units, around):
    shops = pd.concat([units[units["state"] == "occupied"], units.loc[["H1"]].set_axis(["abroad"])])
    found = competitor_distance(units, around(shops=shops))
    assert found.loc["H1", "competitor_m"] == pytest.approx(0, abs=0.01)


def test_parcels_have_no_competitors(around):
    found = accessibility(points((50, 0)), around()).iloc[0]
    assert np.isnan(found["competitor_m"])
    assert found["competitor_m_reason"] == "not_a_shop_unit"


def test_a_unit_of_no_known_branch_has_none_to_compare(units, around):
    found = competitor_distance(units.assign(branch_code=None), around())
    assert found.loc["H4", "competitor_m_reason"] == "branch_unknown"


# -- unknown is not zero ------------------------------------------------------------------------


def test_a_place_off_the_streets_has_no_figures_at_all(around, units):
    far = units.iloc[[0]].set_geometry(town.points([(50, 900)]), crs=town.CRS)
    found = accessibility(far, around()).iloc[0]
    assert found[list(INDICATORS)].isna().all()
    assert {found[f"{name}_reason"] for name in INDICATORS} == {"off_network"}


def test_without_anything_known_nothing_is_zero(around, units):
    found = accessibility(units, around(people=points(persons=np.empty(0)), parking=points(), stops=points()))
    assert found[[*BANDS, "persons_car_10_min", "parking_m", "stop_m"]].isna().all(axis=None)
    assert set(found["persons_walk_5_min_reason"]) == {"no_people_known"}
    assert set(found["parking_m_reason"]) == set(found["stop_m_reason"]) == {"none_known"}


def test_nobody_within_a_band_is_a_true_zero(around, units):
    found = people_within(units, around(people=points((600, 0), persons=[5.0])), mode="walk")
    assert found.loc["H1", "persons_walk_5_min"] == 0
    assert found.loc["H1", "persons_walk_5_min_reason"] is None


def test_beyond_the_limit_is_another_thing_than_not_known(networks, units, around):
    west, south = town.ORIGIN
    line = shapely.LineString([(west + 600, south), (west + 600 + NEAREST_LIMIT_M, south)])
    longer = town.streets().iloc[[0]].set_geometry([line], crs=town.CRS).set_index(pd.Index([9]))
    walk = StreetNetwork.from_streets(pd.concat([town.streets(), longer]), mode="walk")
    far = points((600 + NEAREST_LIMIT_M, 0))
    found = nearest_distance(units, around(networks={"walk": walk}, stops=far), to="stops")
    assert np.isposinf(found["stop_m"]).all()
    assert set(found["stop_m_reason"]) == {"none_within_limit"}
    shops = pd.concat(
        [units.loc[["H1"]], units.loc[["H1"]].set_axis(["abroad"]).set_geometry(far.geometry.array)]
    )
    alone = competitor_distance(units, around(networks={"walk": walk}, shops=shops))
    assert np.isposinf(alone.loc["H1", "competitor_m"])
    assert alone.loc["H1", "competitor_m_reason"] == "none_within_limit"


def test_a_band_that_holds_people_not_known_is_a_lower_bound(units, around):
    found = people_within(units, around(unknown=points((600, 0))), mode="walk").loc["H1"]
    # 550 m on foot are 6.9 minutes.
    reasons = [found[f"{name}_reason"] for name in BANDS]
    assert reasons == [None, "lower_bound", "lower_bound"]
    assert found[f"{DECAYED}_reason"] == "lower_bound"
    assert found["persons_walk_10_min"] == 150


def test_a_mode_without_any_street_is_told_apart(networks, units, around):
    found = people_within(units, around(networks={"walk": networks["walk"]}), mode="car")
    assert found["persons_car_10_min"].isna().all()
    assert set(found["persons_car_10_min_reason"]) == {"no_such_network"}


def test_no_places_give_an_empty_table(around):
    found = accessibility(points(state=[], branch_code=[]), around())
    assert len(found) == 0
    assert list(found.columns) == [*INDICATORS, *(f"{name}_reason" for name in INDICATORS)]


def test_the_order_of_the_rows_does_not_matter(units, around):
    table = accessibility(units, around())
    pd.testing.assert_frame_equal(accessibility(units.iloc[::-1], around()).loc[units.index], table)


def test_places_on_one_street_are_measured_together_as_they_are_alone(units, around):
    table = accessibility(units, around())
    alone = pd.concat([accessibility(units.iloc[[row]], around()) for row in range(len(units))])
    pd.testing.assert_frame_equal(alone, table)


def test_frames_that_lack_something_are_refused(units, around):
    with pytest.raises(FrameError, match="persons"):
        around(people=points((0, 0)))
    with pytest.raises(FrameError, match="branch_code"):
        around(shops=town.units())


@pytest.mark.parametrize("limits_s", [(), (600, 300), (300, 300)])
def test_limits_that_do_not_ascend_are_refused(networks, limits_s):
    where = networks["walk"].snap(np.array(town.ORIGIN))
    with pytest.raises(GisError, match="shortest first"):
        band_sums(networks["walk"], where, where, [1.0], limits_s=limits_s)


def test_weights_limits_and_scales_that_cannot_be_are_refused(networks):
    where = networks["walk"].snap(np.array(town.ORIGIN))
    with pytest.raises(GisError, match="unknown amount"):
        band_sums(networks["walk"], where, where, [np.nan], limits_s=[60])
    with pytest.raises(GisError, match="scale"):
        band_sums(networks["walk"], where, where, [1.0], limits_s=[60], scale_s=0)
    with pytest.raises(LimitOutOfRange):
        band_sums(networks["walk"], where, where, [1.0], limits_s=[40_000])


# -- laws ---------------------------------------------------------------------------------------


@settings(deadline=None)
@given(cities_with_places(), st.sampled_from(["outward", "towards"]))
def test_bands_equal_an_independent_search_on_streets_cut_at_every_place(case, direction):
    streets, network, places = case
    seconds = exact_times(streets, network, places)
    np.fill_diagonal(seconds, 2 * places.distance_m * 3.6 / 4.8)
    seconds = seconds if direction == "outward" else seconds.T
    weights = np.arange(1.0, len(places) + 1)
    # No limit falls on a time, which rounding could put on either side.
    limits = [limit for limit in (37.123, 171.456, 612.789) if abs(seconds - limit).min() > 0.01]
    if not limits:
        return
    found = band_sums(network, places, places, weights, limits_s=limits, scale_s=300, direction=direction)
    for band, limit in enumerate(limits):
        assert found[:, band] == pytest.approx((seconds <= limit) @ weights)
    faded = np.where(seconds <= limits[-1], np.exp(-seconds / 300), 0) @ weights
    assert found[:, -1] == pytest.approx(faded, rel=1e-4, abs=1e-9)


@settings(deadline=None)
@given(cities_with_places())
def test_longer_holds_shorter_and_nobody_counts_twice(case):
    _, network, places = case
    weights = np.arange(1.0, len(places) + 1)
    found = band_sums(network, places, places, weights, limits_s=[60, 300, 900, 3600], scale_s=331)
    assert (np.diff(found[:, :4], axis=1) >= 0).all()
    assert (found[:, :4] <= weights.sum()).all()
    assert (found[:, 4] <= found[:, 3] + 1e-9).all()


@settings(deadline=None)
@given(cities_with_places(), st.randoms(use_true_random=False))
def test_origins_in_any_order_and_company_have_the_same_sums(case, random):
    _, network, places = case
    order = np.array(random.sample(range(len(places)), len(places)))
    weights = np.arange(1.0, len(places) + 1)
    limits = [100.0, 500.0]
    found = band_sums(network, places, places, weights, limits_s=limits, scale_s=331)
    other = band_sums(network, places[order], places, weights, limits_s=limits, scale_s=331)
    assert other == pytest.approx(found[order])
    alone = [network.sums(places, places, weights, limit_s=limit) for limit in limits]
    assert found[:, :2] == pytest.approx(np.array(alone).T)


@settings(deadline=None)
@given(cities_with_places(), st.data())
def test_one_more_street_never_shrinks_a_band(case, data):
    streets, network, _ = case
    extra = streets.iloc[[data.draw(st.integers(0, len(streets) - 1))]]
    ends = shapely.get_coordinates(extra.geometry)[[0, -1]]
    extra = extra.set_geometry([shapely.LineString(ends)], crs=streets.crs).set_index(pd.Index([5000]))
    more = StreetNetwork.from_streets(pd.concat([streets, extra]), mode=network.mode)
    sums = []
    for net in (network, more):
        segment = net.segments_of(streets.index).astype(np.int32)
        where = type(net.snap(np.zeros((1, 2))))(segment, np.full(len(segment), 0.4), np.zeros(len(segment)))
        sums.append(
            band_sums(net, where, where, np.ones(len(where)), limits_s=[120.001, 600.001], scale_s=331)
        )
    assert (sums[1] >= sums[0] - 1e-3).all()


@pytest.mark.parametrize("mode", MODES)
def test_bands_on_real_streets_equal_an_independent_search(mode):
    if not real_streets.has("enschede"):
        pytest.skip("the streets of Enschede are not here: see SOURCES.md of the shared data")
    streets = real_streets.read("enschede")
    network = StreetNetwork.from_streets(streets, mode=mode)
    rng = np.random.default_rng(4)
    # Some streets hold several places, so that searches are shared.
    segment = rng.choice(rng.choice(np.flatnonzero(network.snaps), 30), 90).astype(np.int32)
    places = type(network.snap(np.zeros((1, 2))))(segment, rng.uniform(0, 1, 90), rng.uniform(5, 25, 90))
    seconds = exact_times(streets, network, places).T
    np.fill_diagonal(seconds, 2 * places.distance_m * 3.6 / 4.8)
    people = rng.integers(1, 9, 90).astype(float)
    limits = np.quantile(seconds[np.isfinite(seconds)], [0.2, 0.4, 0.6]).tolist()
    found = band_sums(network, places, places, people, limits_s=limits, scale_s=331, direction="towards")
    for band, limit in enumerate(limits):
        is_sure = abs(seconds - limit).min(axis=1) > 0.01
        assert found[is_sure, band].tolist() == ((seconds <= limit) @ people)[is_sure].tolist()
    faded = np.where(seconds <= limits[-1], np.exp(-seconds / 331), 0) @ people
    assert found[:, -1] == pytest.approx(faded, rel=0.02)
