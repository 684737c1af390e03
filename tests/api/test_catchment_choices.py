"""Bands, competitors and closed streets of a catchment, each by hand on the paper town."""

import csv
import io

import pytest
from pyproj import Transformer
from sqlalchemy import text

from api.db.session import get_engine
from tests import town as paper
from tests.api.conftest import good, problem, units
from tests.api.test_catchment import catchment, reached

TO_DEGREES = Transformer.from_crs(31370, 4326, always_xy=True)


def at(x: float, y: float) -> dict[str, float]:
    lon, lat = TO_DEGREES.transform(paper.ORIGIN[0] + x, paper.ORIGIN[1] + y)
    return {"lon": lon, "lat": lat}


def by_band(body) -> dict[float, dict]:
    return {each["properties"]["band"]: each["properties"] for each in body["features"]}


def segment_ids(name: str) -> list[int]:
    with get_engine().connect() as connection:
        query = text("SELECT id FROM street_segment WHERE name = :name ORDER BY id")
        return list(connection.execute(query, {"name": name}).scalars())


def test_metres_are_counted_along_the_streets(client, town):
    body = catchment(client, shop_unit=town.units["H3"], metres="100,250")
    assert body["catchment"]["unit"] == "metres"
    every = paper.units()
    for metres, band in by_band(body).items():
        assert band["shop_units"] == reached("H3", every, metres).sum()
        assert (band["metres"], band["minutes"], band["inhabitants"]) == (metres, None, None)


def test_a_catchment_grows_until_so_many_people_are_inside(client, town):
    body = catchment(client, shop_unit=town.units["H3"], inhabitants="200,700,5000")
    found = by_band(body)
    assert sorted(found) == [200, 700]
    assert body["catchment"]["unreached"] == [5000]
    for people, band in found.items():
        minutes = band["minutes"]
        assert band["population"] >= people - 0.1
        before = catchment(client, shop_unit=town.units["H3"], minutes=f"{minutes - 0.02:.3f}")
        assert before["features"][0]["properties"]["population"] < people
    assert found[200]["minutes"] < found[700]["minutes"]


def test_where_so_many_people_do_not_live_nothing_is_drawn_and_that_is_said(client, town):
    body = catchment(client, shop_unit=town.units["H3"], inhabitants="100000")
    assert (body["features"], body["catchment"]["unreached"]) == ([], [100000])


def test_rings_share_out_what_the_whole_holds(client, town):
    asked = {"shop_unit": town.units["H3"], "minutes": "1,2,5"}
    whole, rings = by_band(catchment(client, **asked)), by_band(catchment(client, **asked, rings=True))
    for name in ("population", "shop_units", "vacant_units", "parking_spaces"):
        assert sum(band[name] for band in rings.values()) == pytest.approx(whole[5][name], abs=0.2)
    assert [(rings[band]["lower"], whole[band]["lower"]) for band in (1, 2, 5)] == [(0, 0), (1, 0), (2, 0)]


def test_mine_alone_leaves_out_what_is_nearer_to_a_competitor(client, town):
    # H1 stands at x = 0 and H7 far along the high street: half way the other is nearer.
    body = catchment(client, shop_unit=town.units["H1"], minutes="10", competitors=town.units["H7"])
    every = paper.units()
    mine = paper.metres(every.loc[["H1"]], every)[0]
    theirs = paper.metres(every.loc[["H7"]], every)[0]
    assert body["features"][0]["properties"]["shop_units"] == ((mine <= 800) & (mine <= theirs)).sum()
    assert [each["id"] for each in body["catchment"]["competitors"]] == [town.units["H7"]]


def test_a_branch_stands_for_all_that_trade_in_it(client, town):
    of_branch = [unit["id"] for unit in units(client) if unit["branch_code"] == "clothing"]
    assert of_branch
    named = ",".join(map(str, of_branch))
    asked = {"shop_unit": town.units["S5"], "minutes": "10"}
    by_name = catchment(client, **asked, competitors=named)
    by_branch = catchment(client, **asked, competitor_branch="clothing")
    assert by_branch["features"][0]["properties"] == by_name["features"][0]["properties"]
    assert {each["id"] for each in by_branch["catchment"]["competitors"]} == set(of_branch)


def test_a_unit_is_no_competitor_of_itself(client, town):
    asked = {"shop_unit": town.units["H1"], "minutes": "5"}
    alone = catchment(client, **asked, competitors=town.units["H1"])
    assert alone["features"][0]["properties"] == catchment(client, **asked)["features"][0]["properties"]


def test_a_parcel_is_a_place_like_any_other(client, town):
    (capakey,) = [key for key in town.parcels if key.startswith("34040A0001")]
    body = catchment(client, parcel=town.parcels[capakey], minutes="2")
    assert body["catchment"]["place"] == {
        "kind": "parcel",
        "id": town.parcels[capakey],
        "label": capakey,
        "nis_code": "99001",
    }
    assert body["features"][0]["properties"]["shop_units"] > 0


def test_who_points_at_a_parcel_is_told_which(client, town):
    door = paper.units().loc["H1"].geometry
    near = at(door.x - paper.ORIGIN[0] + 3, door.y - paper.ORIGIN[1] + 8)
    body = good(client.get("/api/parcels/at", params=near))
    assert body["id"] == next(key for name, key in town.parcels.items() if name.startswith("34040A0001"))
    assert "within a parcel" in problem(client.get("/api/parcels/at", params=at(0, 5000)), 404)["way_out"]
    problem(client.get("/api/parcels/at", params={"lon": 3.2}), 422)


def test_a_closed_street_keeps_people_away_and_the_answer_tells_what_it_was_before(client, town):
    side = segment_ids("Side Street")
    asked = {"shop_unit": town.units["H3"], "minutes": "5"}
    body = catchment(client, **asked, closed=",".join(map(str, side)))
    (closed,), (before,) = body["features"], body["baseline"]["features"]
    whole = catchment(client, **asked)["features"][0]
    assert before["properties"] == whole["properties"]
    # The five units of the side street can no longer be reached along it; they go to the high street's nearest point.
    on_side = [code for code in paper.UNITS if code.startswith("S")]
    far = [code for code in on_side if paper.units().loc[code].geometry.y - paper.ORIGIN[1] > 250]
    assert closed["properties"]["shop_units"] == before["properties"]["shop_units"] - len(far)
    assert closed["properties"]["area_m2"] < before["properties"]["area_m2"]
    assert body["catchment"]["scenario"] == {
        "closed": side,
        "opened": [],
        "barriers": 0,
        "segments_changed": len(side),
    }


def test_a_street_that_two_municipalities_hold_is_closed_for_both(client, own_town):
    side = segment_ids("Side Street")
    asked = {"shop_unit": own_town.units["H3"], "minutes": "5"}
    closed = catchment(client, **asked, closed=",".join(map(str, side)))["features"][0]["properties"]
    columns = "source_key, name, street_class, is_walk_forward, is_walk_backward, is_bicycle_forward, "
    columns += "is_bicycle_backward, is_car_forward, is_car_backward, geom"
    with get_engine().begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO street_segment (nis_code, {columns}) SELECT '99002', {columns} FROM street_segment"
            )
        )
    again = catchment(client, **asked, closed=",".join(map(str, side)))["features"][0]["properties"]
    assert again == closed


def test_a_barrier_closes_the_streets_it_crosses(client, town):
    corner_y = 5
    line = ";".join(f"{p['lon']},{p['lat']}" for p in (at(150, corner_y), at(250, corner_y)))
    asked = {"shop_unit": town.units["H3"], "minutes": "5"}
    barred = catchment(client, **asked, barrier=line)
    assert barred["catchment"]["scenario"]["barriers"] == 1
    side = segment_ids("Side Street")
    closed = catchment(client, **asked, closed=side[0])
    assert barred["features"][0]["properties"] == closed["features"][0]["properties"]


def test_a_street_that_is_opened_again_is_as_it_was(client, own_town):
    side = segment_ids("Side Street")
    asked = {"shop_unit": own_town.units["S1"], "minutes": "5", "mode": "car"}
    before = catchment(client, **asked)["features"][0]["properties"]
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "UPDATE street_segment SET is_car_forward = false, is_car_backward = false WHERE id = ANY(:ids)"
            ),
            {"ids": side},
        )
    shut = catchment(client, **asked)["features"][0]["properties"]
    opened = catchment(client, **asked, opened=",".join(map(str, side)))
    assert shut["area_m2"] < before["area_m2"]
    assert opened["features"][0]["properties"]["population"] == before["population"]
    assert opened["baseline"]["features"][0]["properties"] == shut


def test_households_and_income_go_with_the_people_of_their_sector(client, own_town):
    with get_engine().begin() as connection:
        for key, value in (("households", 450), ("income_median_eur", 20000)):
            code = connection.execute(
                text("SELECT code FROM stat_sector ORDER BY st_xmin(geom) LIMIT 1")
            ).scalar()
            connection.execute(
                text(
                    "INSERT INTO sector_stat (sector_code, year, key, value) VALUES (:code, 2025, :key, :value)"
                ),
                {"code": code, "key": key, "value": value},
            )
    body = catchment(client, shop_unit=own_town.units["H3"], minutes="20")
    band = body["features"][0]["properties"]
    # Nine hundred people of the west in 450 households; of the four hundred of the east nobody tells.
    assert band["population"] == pytest.approx(1300, abs=0.1)
    assert band["households"] == pytest.approx(450, abs=0.1)
    assert band["households_unknown"] == pytest.approx(400, abs=0.1)
    assert (band["income_median_eur"], band["income_known_share"]) == (
        20000,
        pytest.approx(900 / 1300, abs=1e-3),
    )
    told = {layer["code"]: layer for layer in body["catchment"]["layers"]}
    assert told["households"]["coverage"] == pytest.approx(900 / 1300, abs=1e-3)
    assert told["population"]["suppressed"] == 1


def test_branches_and_public_places_are_told_apart(client, own_town):
    with get_engine().begin() as connection:
        for number, kind in enumerate(("stop", "stop", "station")):
            connection.execute(
                text(
                    "INSERT INTO public_place (nis_code, source_key, kind, geom) VALUES ('99001', :key, :kind, "
                    "st_setsrid(st_makepoint(70100, 200000), 31370))"
                ),
                {"key": f"P{number}", "kind": kind},
            )
    band = catchment(client, shop_unit=own_town.units["H3"], minutes="20")["features"][0]["properties"]
    assert band["places"] == {"stop": 2, "station": 1}
    assert band["public_places"] == 3
    trading = paper.units()
    trading = trading[trading["state"].isin(("occupied", "non_retail"))]
    assert {group: row["units"] for group, row in band["branches"].items()} == trading[
        "branch_group"
    ].value_counts().to_dict()
    for group, row in band["branches"].items():
        mine = trading[trading["branch_group"] == group]["floor_area_m2"]
        assert row["floor_area_m2"] == pytest.approx(mine.sum())
        assert row["floor_area_m2_unknown"] == mine.isna().sum()


def test_the_table_says_the_same_as_the_map(client, town):
    asked = {"shop_unit": town.units["H3"], "minutes": "2,5"}
    answer = client.get("/api/exports/catchment.csv", params=asked)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    for minutes, band in by_band(catchment(client, **asked)).items():
        mine = {row["measure"]: row for row in table if float(row["band"]) == minutes and not row["group"]}
        for figure in ("population", "shop_units", "floor_area_m2", "area_m2"):
            assert float(mine[figure]["value"]) == band[figure]
        assert mine["floor_area_m2"]["unknown"] == str(band["floor_area_m2_unknown"])
        assert mine["population"]["source"] == "Dataset town"
    shapes = client.get("/api/exports/catchment.geojson", params=asked)
    assert "attachment" in shapes.headers["content-disposition"]
    assert good(shapes)["features"] == catchment(client, **asked)["features"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("minutes=5&metres=400", "one of the two"),
        ("metres=5", "10 or more"),
        ("metres=99999", "up to 5000 by walk"),
        ("inhabitants=0", "1 or more"),
        ("competitors=a", "whole numbers"),
        ("competitors=-4", "whole numbers"),
        ("closed=1;2", "whole numbers"),
        ("barrier=3.1,51", "lon,lat;lon,lat"),
        ("barrier=3.1,51;200,51", "lon,lat;lon,lat"),
        ("barrier=a;b", "lon,lat;lon,lat"),
        ("parcel=1", "shop_unit, or parcel, or lon and lat"),
        ("closed=" + ",".join(map(str, range(600))), "at most 500"),
    ],
)
def test_choices_that_make_no_sense_are_answered_with_the_way_out(client, town, query, told):
    unit = town.units["H3"]
    assert told in problem(client.get(f"/api/catchment?shop_unit={unit}&{query}"), 422)["way_out"]


def test_competitors_and_streets_that_do_not_exist_are_named(client, town):
    asked = {"shop_unit": town.units["H3"]}
    assert (
        "999999"
        in problem(client.get("/api/catchment", params={**asked, "competitors": "999999"}), 404)["detail"]
    )
    assert (
        "999999" in problem(client.get("/api/catchment", params={**asked, "closed": "999999"}), 409)["detail"]
    )
    problem(client.get("/api/catchment", params={"parcel": 999999}), 404)


def test_the_nearest_street_comes_with_the_rest_of_it(client, town):
    body = good(client.get("/api/street-segments/near", params={**at(205, 150), "mode": "car"}))
    told = body["properties"]
    assert (told["name"], told["is_open"], told["street_class"]) == ("Side Street", True, "residential")
    assert told["distance_m"] == pytest.approx(5, abs=0.1)
    assert told["same_name"] == segment_ids("Side Street")
    assert body["id"] in told["same_name"]
    again = good(client.get("/api/street-segments", params={"ids": str(body["id"])}))
    assert again["features"][0]["geometry"] == body["geometry"]
    assert "nearer" in problem(client.get("/api/street-segments/near?lon=4&lat=51"), 409)["way_out"]


def test_people_who_are_withheld_are_unknown_and_never_zero(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE sector_stat SET value = NULL, is_suppressed = true WHERE key = 'population'")
        )
        connection.execute(
            text("DELETE FROM population_point WHERE id <> (SELECT max(id) FROM population_point)")
        )
        # The one person left lives where nobody gets in two minutes.
        connection.execute(text("UPDATE population_point SET geom = st_translate(geom, 0, 5000)"))
    body = catchment(client, shop_unit=own_town.units["H3"], minutes="2,5")
    for band in by_band(body).values():
        assert (band["population"], band["households"], band["wrong_in_share"]) == (None, None, None)
        assert band["population_unknown"] >= 1
    assert body["catchment"]["population_coverage"] == 0
    assert body["catchment"]["suppressed_sectors"] >= 1


def test_a_band_that_reaches_a_withheld_sector_says_for_how_many_it_does_not_count(client, town):
    whole = catchment(client, shop_unit=town.units["S5"], minutes="60")["features"][0]["properties"]
    assert whole["population"] == pytest.approx(1300, abs=0.1)
    assert whole["population_unknown"] in {0, 1}


def test_people_of_a_neighbour_who_were_never_placed_are_not_said_to_be_covered(client, own_town):
    asked = {"shop_unit": own_town.units["H7"], "minutes": "10"}
    before = catchment(client, **asked)
    area = "st_multi(st_setsrid(st_makeenvelope(70590, 199990, 70610, 200010), 31370))"
    with get_engine().begin() as connection:
        for statement in (
            f"INSERT INTO stat_sector (nis_code, code, year, geom) VALUES ('99002', 'next', 2025, {area})",
            "INSERT INTO sector_stat (sector_code, year, key, value) VALUES ('next', 2025, 'population', 77)",
        ):
            connection.execute(text(statement))
    after = catchment(client, **asked)
    assert after["catchment"]["population_coverage"] < before["catchment"]["population_coverage"]


def test_floor_area_of_which_nothing_is_known_is_unknown(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "UPDATE shop_unit SET floor_area_m2 = NULL WHERE id IN (SELECT shop_unit_id FROM vacancy_spell "
                "WHERE period @> current_date)"
            )
        )
    band = catchment(client, shop_unit=own_town.units["H3"], minutes="20")["features"][0]["properties"]
    assert band["vacant_units"] == band["vacant_floor_area_m2_unknown"] == 4
    assert band["vacant_floor_area_m2"] is None
    assert band["floor_area_m2"] > 0


def test_rings_and_the_whole_rest_on_the_same_coverage(client, town):
    asked = {"shop_unit": town.units["H3"], "minutes": "1,2,10"}
    whole, rings = catchment(client, **asked), catchment(client, **asked, rings=True)
    assert rings["catchment"]["layers"] == whole["catchment"]["layers"]


def test_a_branch_that_nobody_knows_is_no_branch_without_competitors(client, town):
    asked = {"shop_unit": town.units["H3"], "competitor_branch": "bakery_typo"}
    assert "bakery_typo" in problem(client.get("/api/catchment", params=asked), 404)["detail"]


def test_a_competitor_far_from_every_street_is_told_to_be_so(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE shop_unit SET geom = st_translate(geom, 0, 9000) WHERE local_code = 'H7'")
        )
    asked = {"shop_unit": own_town.units["H1"], "minutes": "5"}
    body = catchment(client, **asked, competitors=own_town.units["H7"])
    (told,) = body["catchment"]["competitors"]
    assert told["is_on_network"] is False
    assert body["features"][0]["properties"] == catchment(client, **asked)["features"][0]["properties"]
