import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import FrameError
from gis.population import place_population, placement
from tests import town


def placed(**options):
    return place_population(town.areas(), town.buildings(), **options)


def test_homes_share_the_total_by_footprint_and_floors():
    points = placed()
    west = points[points["area_id"] == "west"]
    # b1: 10 x 10 x 1, b2: 10 x 20 x 2; b3 is no home and b4 too small to be one.
    assert sorted(west["persons"]) == pytest.approx([900 / 5, 900 * 4 / 5])
    assert (west["basis"] == "building").all()


def test_an_area_without_homes_is_spread_along_its_streets():
    points = placed(streets=town.streets())
    rest = points[points["area_id"] == "north_east"]
    assert (rest["basis"] == "street").all()
    assert rest["persons"].sum() == pytest.approx(400)
    # The sector holds 400 m of the high street and 300 m of the side street, both on its border.
    on_high = rest.geometry.y == town.ORIGIN[1]
    assert rest["persons"][on_high].sum() == pytest.approx(400 * 4 / 7)


def test_an_area_without_homes_and_streets_is_spread_over_a_grid():
    points = placed(spacing_m=100)
    rest = points[points["area_id"] == "north_east"]
    assert (rest["basis"] == "grid").all()
    assert len(rest) == 16
    assert rest["persons"].tolist() == pytest.approx([25.0] * 16)


def test_withheld_totals_are_listed_and_never_placed():
    points = placed()
    told = placement(town.areas(), points)
    assert told["state"].to_dict() == {"west": "placed", "north_east": "placed", "harbour": "suppressed"}
    assert np.isnan(told.loc["harbour", "persons"])
    assert "harbour" not in set(points["area_id"])


def test_a_withheld_total_is_not_used_even_when_it_is_there():
    areas = town.areas()
    areas.loc["harbour", "population"] = 5.0
    assert "harbour" not in set(place_population(areas, town.buildings())["area_id"])


def test_an_unknown_total_is_not_a_suppressed_one_and_nobody_is_known_to_live_where_zero_is_told():
    areas = town.areas()
    areas.loc["west", "population"] = np.nan
    areas.loc["north_east", "population"] = 0
    told = placement(areas, place_population(areas, town.buildings()))
    assert told.loc["west", "state"] == "unknown"
    assert np.isnan(told.loc["west", "persons"])
    assert told.loc["north_east", ["state", "persons"]].tolist() == ["placed", 0.0]


def test_an_area_beyond_the_known_buildings_is_not_left_to_the_few_at_its_edge():
    x, y = town.ORIGIN
    known = shapely.box(x, y + 90, x + 40, y + 400)
    points = placed(buildings_extent=known)
    assert (points["basis"] == "grid").all()


def test_an_area_with_only_sheds_keeps_them():
    sheds = town.buildings().loc[["b4"]]
    points = place_population(town.areas(), sheds)
    west = points[points["area_id"] == "west"]
    assert west["persons"].tolist() == [900]


def test_a_floor_count_that_is_not_known_is_the_usual_one():
    buildings = town.buildings()
    buildings["floors"] = [np.nan, 2, 1, 1]
    points = place_population(town.areas(), buildings)
    # Known floors of homes are 2 and 1: a median of 1.5 for b1.
    assert sorted(points.loc[points["area_id"] == "west", "persons"]) == pytest.approx(
        [900 * 150 / 550, 900 * 400 / 550]
    )


def test_no_areas_give_no_points():
    points = place_population(town.areas().iloc[:0], town.buildings())
    assert len(points) == 0
    assert points.crs == town.CRS


def test_a_negative_total_and_mixed_systems_are_refused():
    areas = town.areas()
    with pytest.raises(FrameError, match="31370"):
        place_population(areas, town.buildings().to_crs(3812))
    areas.loc["west", "population"] = -1
    with pytest.raises(FrameError, match="west"):
        place_population(areas, town.buildings())


SQUARES = st.lists(
    st.tuples(st.integers(0, 390), st.integers(0, 390), st.integers(1, 60), st.integers(1, 4)), max_size=25
)


@settings(deadline=None, max_examples=60)
@given(SQUARES, st.lists(st.floats(0, 5000), min_size=4, max_size=4), st.randoms(), st.booleans())
def test_totals_are_kept_whatever_the_buildings_and_the_order_of_the_rows(
    squares, people, random, has_streets
):
    x, y = town.ORIGIN
    quarters = [
        shapely.box(x + i * 200, y + j * 200, x + i * 200 + 200, y + j * 200 + 200)
        for i in (0, 1)
        for j in (0, 1)
    ]
    areas = gpd.GeoDataFrame({"population": people}, geometry=quarters, index=list("abcd"), crs=town.CRS)
    shapes = [shapely.box(x + a, y + b, x + a + w, y + b + w) for a, b, w, _ in squares]
    buildings = gpd.GeoDataFrame({"floors": [f for *_, f in squares]}, geometry=shapes, crs=town.CRS)
    streets = town.streets() if has_streets else None
    points = place_population(areas, buildings, streets=streets)
    sums = points.groupby("area_id")["persons"].sum().reindex(list("abcd"), fill_value=0.0)
    assert sums.tolist() == pytest.approx(people, rel=1e-12)
    assert (points["persons"] >= 0).all()
    inside = points.geometry.intersects(
        gpd.GeoSeries(areas.geometry.loc[points["area_id"]].to_numpy(), crs=town.CRS)
    )
    assert inside.all()
    order = random.sample(range(len(buildings)), len(buildings))
    again = place_population(areas.iloc[::-1], buildings.iloc[order], streets=streets)
    where = [
        sorted(zip(p.geometry.x, p.geometry.y, p["persons"].round(6), strict=True)) for p in (points, again)
    ]
    assert where[0] == where[1]


def test_moving_everything_moves_the_points_and_nothing_else():
    areas, buildings, streets = (
        frame.set_geometry(frame.translate(1000, -500))
        for frame in (town.areas(), town.buildings(), town.streets())
    )
    moved = place_population(areas, buildings, streets=streets)
    pd.testing.assert_series_equal(moved["persons"], placed(streets=town.streets())["persons"])
    assert moved.geometry.x.iloc[0] == pytest.approx(placed().geometry.x.iloc[0] + 1000)
