import csv
import io

import numpy as np
import pytest
from sqlalchemy import text

from api.db.session import get_engine
from api.refresh import refresh
from tests import town as paper
from tests.api.conftest import good, problem
from tests.town_database import EMPTY_NIS, NIS, rows


def streets(client, nis=NIS) -> dict:
    return good(client.get(f"/api/footfall/streets?municipality={nis}"))


def of_name(answer, name) -> list[dict]:
    return [feature["properties"] for feature in answer["features"] if feature["properties"]["name"] == name]


def write(statement: str, **values) -> None:
    with get_engine().begin() as connection:
        connection.execute(text(statement), values)


def count_by_hand(*, value: float, on: str, x: float = 200, y: float = 290) -> None:
    east, north = paper.ORIGIN
    write(
        "INSERT INTO manual_count (nis_code, code, name, start_at, minutes, value, geom) VALUES (:nis, 'hoek', "
        f"'De hoek', :at, 120, :value, st_setsrid(st_makepoint({east + x}, {north + y}), {paper.CRS}))",
        nis=NIS,
        at=f"{on} 11:00+01",
        value=value,
    )


def test_every_street_within_reach_has_a_kind_or_a_number_with_its_interval_and_its_shops(client, town):
    answer = streets(client)
    assert len(answer["features"]) == len(paper.STREETS)
    for feature in answer["features"]:
        row = feature["properties"]
        assert feature["geometry"]["type"] == "LineString"
        if row["class_reason"] is None:
            assert 0 <= row["lower_per_day"] < row["footfall_per_day"] < row["upper_per_day"]
        assert row["reason"] is None
    assert sum(row["shop_units"] for row in of_name(answer, "High Street")) >= 6
    assert answer["counts"] == {"sensor": 3, "manual": 0}
    assert answer["accuracy"]["n_places"] == 3
    assert answer["period"] == {"from": "2025-01-06", "to": "2025-03-30"}


def test_the_counted_high_street_is_busier_than_the_counted_side_street(client, town):
    answer = streets(client)
    kinds = ["side", "secondary", "main"]
    high, side = (
        max(kinds.index(row["footfall_class"]) for row in of_name(answer, name) if row["footfall_class"])
        for name in ("High Street", "Side Street")
    )
    assert high >= side
    kept = "SELECT max(footfall_per_day) FROM street_footfall WHERE name = :name"
    (most,), (least,) = (rows(kept, name=name)[0] for name in ("High Street", "Side Street"))
    assert most > least


def test_a_street_tells_which_counts_it_follows_and_what_pushes_it(client, town):
    first = streets(client)["features"][0]
    told = good(client.get(f"/api/footfall/streets/{first['id']}"))
    assert told["footfall_per_day"] == first["properties"]["footfall_per_day"]
    assert {count["kind"] for count in told["counts"]} == {"sensor"}
    assert sum(count["weight"] for count in told["counts"]) == pytest.approx(1.0, abs=0.01)
    factors = [driver["factor"] for driver in told["drivers"]]
    whole = (told["average_per_day"] + 1) * np.prod(factors) * told["nearby_factor"] - 1
    assert whole == pytest.approx(told["footfall_per_day"], rel=0.05)
    assert "from_homes" in {driver["code"] for driver in told["drivers"]}


def test_a_count_by_hand_is_a_counting_point_with_its_visits(client, own_town):
    kept = "SELECT footfall_per_day, segment_id FROM street_footfall WHERE name = 'Side Street' ORDER BY 1"
    before, segment = rows(kept)[0]
    for on in ("2025-03-04", "2025-03-11"):
        count_by_hand(value=400.0, on=on)
    refresh(NIS)
    assert streets(client)["counts"] == {"sensor": 3, "manual": 1}
    told = good(client.get(f"/api/footfall/streets/{segment}"))
    assert {key: value for value, key in rows(kept)}[segment] > 1.3 * before
    by_hand = next(count for count in told["counts"] if count["kind"] == "manual")
    assert (by_hand["name"], by_hand["n_visits"]) == ("De hoek", 2)


def test_advice_names_streets_once_and_the_most_telling_first(client, town):
    advice = streets(client)["advice"]
    assert advice
    assert len({row["name"] for row in advice}) == len(advice)
    gains = [row["gain_share"] for row in advice]
    assert gains == sorted(gains, reverse=True)
    assert all(0 < gain <= 1 for gain in gains)


def test_streets_come_as_files_too(client, town):
    answer = client.get(f"/api/footfall/streets.csv?municipality={NIS}")
    assert 'filename="kernkaart-papierstad-street-footfall-' in answer.headers["content-disposition"]
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(table) == len(paper.STREETS)
    assert (
        float(table[0]["footfall_per_day"])
        == streets(client)["features"][0]["properties"]["footfall_per_day"]
    )
    file = client.get(f"/api/footfall/streets.geojson?municipality={NIS}")
    assert file.headers["content-type"] == "application/geo+json"
    assert good(file)["type"] == "FeatureCollection"


def test_a_town_that_was_never_computed_or_has_no_sensor_has_no_streets(client, own_town):
    empty = streets(client, EMPTY_NIS)
    assert (empty["features"], empty["accuracy"], empty["period"]) == ([], None, None)
    write("DELETE FROM footfall_count")
    write("DELETE FROM footfall_sensor")
    refresh(NIS)
    assert streets(client)["features"] == []
    assert streets(client)["counts"] == {"sensor": 0, "manual": 0}


def test_sensors_without_counts_leave_streets_with_the_reason(client, own_town):
    write("DELETE FROM footfall_count")
    refresh(NIS)
    answer = streets(client)
    assert answer["features"]
    assert {row["properties"]["reason"] for row in answer["features"]} == {"no_sensor"}
    assert answer["advice"] == []
    told = good(client.get(f"/api/footfall/streets/{answer['features'][0]['id']}"))
    assert (told["counts"], told["footfall_per_day"]) == ([], None)


def test_only_the_streets_of_the_latest_run_are_kept(own_town):
    first = rows("SELECT count(*), min(run_id) FROM street_footfall")[0]
    refresh(NIS)
    second = rows("SELECT count(*), min(run_id) FROM street_footfall")[0]
    assert second[0] == first[0]
    assert second[1] > first[1]


def test_a_street_that_is_not_there_says_where_to_look(client, town):
    told = problem(client.get("/api/footfall/streets/999999"), 404)
    assert "GET /api/footfall/streets" in told["way_out"]
    problem(client.get("/api/footfall/streets?municipality=00000"), 404)


def test_a_unit_beside_a_count_by_hand_is_told_without_a_sensor_to_open(client, own_town):
    count_by_hand(value=300, on="2025-03-04")
    refresh(NIS)
    answers = [
        good(client.get(f"/api/shop-units/{unit}"))["footfall"]["sensors"] for unit in own_town.units.values()
    ]
    named = {(point["id"] is None, point["name"]) for points in answers for point in points}
    assert (True, "De hoek") in named
