import itertools

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from sqlalchemy import text

from api.db.session import get_engine
from api.refresh import refresh
from tests import town as paper
from tests.api.conftest import good, problem, units
from tests.conftest import use_database
from tests.town_database import NIS

WALK_M_PER_MIN, BICYCLE_M_PER_MIN = 80.0, 250.0
PEOPLE = 1300.0


def catchment(client, **query):
    answer = client.get("/api/catchment", params=query)
    if answer.status_code == 200:
        assert answer.headers["content-type"] == "application/geo+json"
    return good(answer)


def bands(body) -> dict[float, dict]:
    return {each["properties"]["minutes"]: each["properties"] for each in body["features"]}


def homes() -> tuple[paper.gpd.GeoDataFrame, np.ndarray]:
    """
    Where the people of the town are placed: every fifty metres along the streets of their sector.

    The buildings of the town cover too little of any sector to tell where people live. The western sector has 200 m of
    high street and all 300 m of side street, the north-eastern 400 m and the same 300 m; people on the side street are
    counted in both.
    """
    along_high = {"west": range(25, 200, 50), "east": range(225, 600, 50)}
    along_side = [(200, y) for y in range(25, 300, 50)]
    west = [(x, 0) for x in along_high["west"]] + along_side
    east = [(x, 0) for x in along_high["east"]] + along_side
    persons = np.array([900 / len(west)] * len(west) + [400 / len(east)] * len(east))
    frame = paper.gpd.GeoDataFrame(geometry=paper.points([*west, *east]), crs=paper.CRS)
    return frame, persons


def reached(code: str, places, metres: float) -> np.ndarray:
    origin = paper.units().loc[[code]]
    return paper.metres(origin, places)[0] <= metres


@pytest.mark.parametrize("code", ["H1", "H3", "H7", "S3", "S5"])
@pytest.mark.parametrize(("mode", "speed"), [("walk", WALK_M_PER_MIN), ("bicycle", BICYCLE_M_PER_MIN)])
def test_a_catchment_holds_what_paper_says_is_within_reach(client, town, code, mode, speed):
    minutes = (0.5, 1, 2, 4.1)
    body = catchment(client, shop_unit=town.units[code], mode=mode, minutes=",".join(map(str, minutes)))
    found, all_units, zones = bands(body), paper.units(), paper.parking_zones()
    places, persons = homes()
    for each in minutes:
        near = all_units[reached(code, all_units, each * speed)]
        parking = zones[reached(code, zones, each * speed)]
        band = found[each]
        assert band["shop_units"] == len(near), (code, each)
        assert band["vacant_units"] == near["is_vacant"].sum()
        assert band["floor_area_m2"] == pytest.approx(near["floor_area_m2"].sum())
        assert band["floor_area_m2_unknown"] == near["floor_area_m2"].isna().sum()
        nobody_knows = len(parking) > 0 and parking["spaces"].isna().all()
        assert band["parking_spaces"] == (None if nobody_knows else parking["spaces"].sum())
        assert band["parking_spaces_unknown"] == parking["spaces"].isna().sum()
        people = persons[reached(code, places, each * speed)].sum()
        if band["population"] is None:
            # Nobody known is within reach, but somebody whose number is withheld may be.
            assert (people, band["population_unknown"]) == (0, 1)
        else:
            assert band["population"] == pytest.approx(people, abs=0.051)


def test_by_car_one_reaches_more_than_by_bicycle_and_by_bicycle_more_than_on_foot(client, town):
    areas = [
        bands(catchment(client, shop_unit=town.units["H3"], mode=mode, minutes="1"))[1.0]["area_m2"]
        for mode in ("walk", "bicycle", "car")
    ]
    assert areas == sorted(areas)
    assert areas[0] < areas[1]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    code=st.sampled_from(sorted(paper.UNITS)),
    how=st.tuples(st.sampled_from(["walk", "bicycle", "car"]), st.sampled_from(["outward", "towards"])),
    minutes=st.lists(st.integers(1, 30), min_size=1, max_size=4, unique=True),
)
def test_more_time_never_reaches_less_and_never_more_than_there_is(client, town, code, how, minutes):
    asked, (mode, direction) = ",".join(map(str, minutes)), how
    body = catchment(client, shop_unit=town.units[code], mode=mode, minutes=asked, direction=direction)
    told = [each["properties"]["minutes"] for each in body["features"]]
    assert told == sorted(minutes, reverse=True)
    largest_first = [each["properties"] for each in body["features"]]
    for name, total in (
        ("population", PEOPLE),
        ("shop_units", 12),
        ("vacant_units", 4),
        ("parking_spaces", 140),
    ):
        held = [band[name] for band in largest_first if band[name] is not None]
        assert held == sorted(held, reverse=True), name
        assert all(0 <= value <= total + 0.1 for value in held)
    shapes = [shapely.geometry.shape(each["geometry"]) for each in body["features"]]
    for larger, smaller in itertools.pairwise(shapes):
        assert larger.buffer(2e-6).covers(smaller)


def test_on_streets_open_both_ways_it_is_as_far_there_as_back(client, town):
    there, back = (
        bands(catchment(client, shop_unit=town.units["H5"], minutes="2,5", direction=way))
        for way in ("outward", "towards")
    )
    assert there == back


def test_a_place_on_the_map_is_as_good_as_a_unit_that_stands_there(client, town):
    (h3,) = [unit for unit in units(client) if unit["local_code"] == "H3"]
    by_unit = bands(catchment(client, shop_unit=town.units["H3"], minutes="2.1,5"))
    by_place = bands(catchment(client, lon=h3["lon"], lat=h3["lat"], minutes="2.1,5"))
    for minutes, band in by_unit.items():
        assert by_place[minutes]["shop_units"] == band["shop_units"]
        assert by_place[minutes]["population"] == band["population"]


def test_a_catchment_tells_where_it_began_and_on_what_it_rests(client, town):
    facts = catchment(client, shop_unit=town.units["H3"], minutes="5")["catchment"]
    assert (facts["mode"], facts["direction"]) == ("walk", "towards")
    assert facts["origin"] == pytest.approx(facts["snapped"], abs=1e-6)
    assert facts["snap_distance_m"] == 0
    # Three sectors, of which one withholds its inhabitants.
    assert facts["population_coverage"] == pytest.approx(2 / 3, abs=1e-4)
    assert facts["suppressed_sectors"] == 1
    assert facts["sources"] == ["Dataset town (2025)"]
    assert facts["computed_ms"] >= 0


def test_a_place_beside_the_street_begins_on_the_street(client, town):
    to_degrees = Transformer.from_crs(31370, 4326, always_xy=True)
    lon, lat = to_degrees.transform(paper.ORIGIN[0] + 300, paper.ORIGIN[1] - 40)
    facts = catchment(client, lon=lon, lat=lat, minutes="5")["catchment"]
    assert facts["snap_distance_m"] == pytest.approx(40, abs=0.1)
    assert facts["snapped"] == pytest.approx(
        to_degrees.transform(paper.ORIGIN[0] + 300, paper.ORIGIN[1]), abs=1e-6
    )


def test_the_unit_itself_stands_inside_its_catchment(client, town):
    for unit in units(client):
        body = catchment(client, shop_unit=unit["id"], minutes="3")
        shape = shapely.geometry.shape(body["features"][0]["geometry"])
        assert shape.is_valid
        assert shape.buffer(1e-6).contains(shapely.Point(unit["lon"], unit["lat"]))


@pytest.mark.parametrize(("lon", "lat"), [(3.5, 51.0), (0, 0), (180, 90), (-180, -90), (-60, 0)])
def test_a_place_far_from_every_street_cannot_be_answered_and_the_way_out_is_told(client, town, lon, lat):
    body = problem(client.get(f"/api/catchment?lon={lon}&lat={lat}"), 409)
    assert "no street open to walk" in body["detail"]
    assert "nearer to a street" in body["way_out"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "shop_unit, or parcel, or lon and lat"),
        ("lon=3.2", "shop_unit, or parcel, or lon and lat"),
        ("shop_unit=1&minutes=", "1 to 6 numbers"),
        ("shop_unit=1&minutes=0", "0.1 or more"),
        ("shop_unit=1&minutes=-5", "0.1 or more"),
        ("shop_unit=1&minutes=61", "up to 60 by walk"),
        ("shop_unit=1&minutes=46&mode=car", "up to 45 by car"),
        ("shop_unit=1&minutes=1,2,3,4,5,6,7", "1 to 6 numbers"),
        ("shop_unit=1&minutes=five", "1 to 6 numbers"),
        ("shop_unit=1&minutes=nan", "1 to 6 numbers"),
        ("shop_unit=1&minutes=5,inf", "1 to 6 numbers"),
        ("shop_unit=1&minutes=1e-300", "1 to 6 numbers"),
        ("shop_unit=1&mode=swim", "allowed"),
        ("shop_unit=1&direction=around", "allowed"),
        ("lon=181&lat=0", "allowed"),
        ("shop_unit=99999999999999999999", "allowed"),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_with_the_way_out(client, town, query, told):
    assert told in problem(client.get(f"/api/catchment?{query}"), 422)["way_out"]


def test_a_unit_that_does_not_exist_has_no_catchment(client, town):
    problem(client.get("/api/catchment?shop_unit=999999"), 404)


def test_bands_that_are_asked_twice_are_given_once(client, town):
    body = catchment(client, shop_unit=town.units["H1"], minutes="5, 5.0,2 ,")
    assert [each["properties"]["minutes"] for each in body["features"]] == [5, 2]


def test_of_what_nobody_knows_anything_a_catchment_holds_none_and_not_zero(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM parking_zone"))
        connection.execute(text("DELETE FROM population_point"))
        connection.execute(text("DELETE FROM stat_sector"))
    body = catchment(client, shop_unit=own_town.units["H1"], minutes="5")
    band = bands(body)[5.0]
    assert (band["parking_spaces"], band["population"]) == (None, None)
    assert band["shop_units"] > 0
    assert (body["catchment"]["population_coverage"], body["catchment"]["sources"]) == (None, [])


def test_without_streets_nothing_can_be_reached_and_that_is_said(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM street_segment"))
    body = problem(client.get(f"/api/catchment?shop_unit={own_town.units['H1']}"), 409)
    assert "no streets" in body["detail"]
    assert "kernkaart import" in body["way_out"]


def test_streets_closed_to_a_mode_are_not_used_by_it(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE street_segment SET is_car_forward = false, is_car_backward = false"))
    body = problem(client.get(f"/api/catchment?shop_unit={own_town.units['H1']}&mode=car"), 409)
    assert "car" in body["detail"]
    catchment(client, shop_unit=own_town.units["H1"], mode="walk")


def test_a_new_street_is_used_from_the_next_question_on(client, own_town):
    before = bands(catchment(client, shop_unit=own_town.units["H7"], minutes="7"))[7.0]
    with get_engine().begin() as connection:
        # A footpath from x = 400 on the high street straight to the end of the side street.
        connection.execute(
            text(
                "INSERT INTO street_segment (nis_code, source_key, street_class, is_walk_forward, is_walk_backward, "
                "is_bicycle_forward, is_bicycle_backward, is_car_forward, is_car_backward, geom) VALUES "
                "('99001', 'new', 'path', true, true, true, true, false, false, st_setsrid(st_makeline("
                "st_makepoint(70400, 200000), st_makepoint(70200, 200300)), 31370))"
            )
        )
    after = bands(catchment(client, shop_unit=own_town.units["H7"], minutes="7"))[7.0]
    # From H7 to S5 it was 580 m around the corner and is 100 + 361 + 20 m along the path; 7 minutes are 560 m.
    assert (before["shop_units"], after["shop_units"]) == (11, 12)


def test_another_database_is_never_served_from_the_streets_of_the_last_one(client, own_town, filled_town):
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM street_segment WHERE source_key = '5'"))
    asked = {"shop_unit": own_town.units["S1"], "minutes": "5"}
    without = bands(catchment(client, **asked))[5.0]["area_m2"]
    use_database(filled_town.url)
    assert bands(catchment(client, **asked))[5.0]["area_m2"] > without


def test_a_database_made_anew_under_the_same_name_has_streets_of_its_own(client, own_town):
    from api.catchment import networks

    asked = {"shop_unit": own_town.units["S1"], "minutes": "5"}
    whole = bands(catchment(client, **asked))[5.0]["area_m2"]
    with get_engine().begin() as connection:
        version = connection.execute(
            text("SELECT street_version FROM municipality WHERE nis_code = '99001'")
        ).scalar()
        # The same table again, with the same number of writes behind it, but not the same streets.
        connection.execute(text("CREATE TABLE street_again (LIKE street_segment INCLUDING ALL)"))
        connection.execute(text("GRANT SELECT ON street_again TO kernkaart_app"))
        listed = (
            "id, nis_code, source_key, street_class, is_walk_forward, is_walk_backward, is_bicycle_forward, "
        )
        listed += "is_bicycle_backward, is_car_forward, is_car_backward, geom"
        connection.execute(
            text(
                f"INSERT INTO street_again ({listed}) SELECT {listed} FROM street_segment WHERE source_key <> '5'"
            )
        )
        connection.execute(text("ALTER TABLE street_segment RENAME TO street_before"))
        connection.execute(text("ALTER TABLE street_again RENAME TO street_segment"))
        assert (
            connection.execute(
                text("SELECT street_version FROM municipality WHERE nis_code = '99001'")
            ).scalar()
            == version
        )
    networks._held.clear()
    answer = client.get("/api/catchment", params=asked, headers={"If-None-Match": "none"})
    assert bands(good(answer))[5.0]["area_m2"] < whole


def test_people_across_the_border_are_counted_once_they_are_placed(client, own_town):
    before = bands(catchment(client, shop_unit=own_town.units["H7"], minutes="10"))[10.0]["population"]
    point = "st_setsrid(st_makepoint(70600, 200000), 31370)"
    area = "st_multi(st_setsrid(st_makeenvelope(70590, 199990, 70610, 200010), 31370))"
    with get_engine().begin() as connection:
        for statement in (
            f"INSERT INTO shop_unit (nis_code, local_code, geom) VALUES ('99002', 'L1', {point})",
            f"INSERT INTO stat_sector (nis_code, code, year, geom) VALUES ('99002', 'next', 2025, {area})",
            "INSERT INTO sector_stat (sector_code, year, key, value) VALUES ('next', 2025, 'population', 77)",
        ):
            connection.execute(text(statement))
    refresh("99002")
    after = bands(catchment(client, shop_unit=own_town.units["H7"], minutes="10"))[10.0]["population"]
    assert after - before == pytest.approx(77, abs=0.2)
    assert good(client.get(f"/api/municipalities/{NIS}"))["is_stale"] is False
