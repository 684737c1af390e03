import pytest
from sqlalchemy import text

from api.db.session import get_engine
from tests.api.conftest import good, problem
from tests.api.test_event import add, body, fair, fair_town, place  # noqa: F401 - fixtures are found by their names
from tests.town_database import EMPTY_NIS, NIS, rows


def asked(client, nis=NIS, **given):
    return client.post(f"/api/events/sensors?municipality={nis}", json=given)


def roles(answer) -> dict[str, str]:
    return {row["name"]: row["role"] for row in good(answer)["items"]}


def around(*names: str, metres: int = 40) -> dict:
    (at,) = rows(
        "SELECT st_asgeojson(st_transform(st_envelope(st_buffer(st_collect(geom), :m)), 4326))::json AS shape "
        "FROM footfall_sensor WHERE name = ANY (:names)",
        m=metres,
        names=list(names),
    )
    return at.shape


def test_a_point_touches_the_sensor_beside_it_and_the_others_serve_to_compare(client, fair):  # noqa: F811
    found = roles(asked(client, geometry=place()))
    assert found.pop("middle") == "treated"
    assert set(found.values()) <= {"control", "near_control"}
    assert len(found) == 3


def test_a_wider_reach_and_a_drawn_zone_take_more_sensors_in(client, fair):  # noqa: F811
    wide = roles(asked(client, geometry=place(), reach_m=900))
    assert set(wide.values()) == {"treated"}
    zone = roles(asked(client, geometry=around("middle", "west")))
    assert {name for name, role in zone.items() if role == "treated"} == {"middle", "west"}


def test_what_is_shown_while_choosing_is_what_the_study_uses(client, fair):  # noqa: F811
    shown = roles(asked(client, geometry=around("middle", "north")))
    key = add(client, name="Zonefeest", geometry=around("middle", "north"))
    study = good(client.get(f"/api/events/{key}/effect"))
    assert {row["name"]: row["role"] for row in study["sensors"]} == shown


def test_the_whole_centre_and_a_street_are_places_too(client, fair):  # noqa: F811
    assert good(asked(client))["least_controls"] == 3
    street = good(client.get(f"/api/events/choices?municipality={NIS}"))["streets"][0]
    assert good(asked(client, streets=[street]))["items"]
    problem(asked(client, streets=["Nergensstraat"]), 422)


def test_nothing_is_stored_by_looking(client, fair):  # noqa: F811
    before = rows("SELECT count(*) AS n FROM event")[0].n
    good(asked(client, geometry=place()))
    assert rows("SELECT count(*) AS n FROM event")[0].n == before


def test_a_zone_that_crosses_itself_or_lies_elsewhere_is_refused_with_a_way_out(client, fair):  # noqa: F811
    lon, lat = place()["coordinates"]
    bow = [[lon, lat], [lon + 0.01, lat + 0.01], [lon + 0.01, lat], [lon, lat + 0.01], [lon, lat]]
    problem(asked(client, geometry={"type": "Polygon", "coordinates": [bow]}), 422)
    problem(asked(client, geometry={"type": "Point", "coordinates": [100.0, 10.0]}), 422)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [3.4, 50.9]},
        {"type": "Point", "coordinates": [[[3.4, 50.9]] * 4]},
        {"type": "MultiPolygon", "coordinates": [[[3.4, 50.9]] * 4]},
    ],
)
def test_coordinates_of_another_type_are_refused(client, fair, geometry):  # noqa: F811
    problem(asked(client, geometry=geometry), 422)


def test_an_event_with_a_zone_can_be_read_and_saved_again(client, fair):  # noqa: F811
    key = add(client, name="Zonefeest", geometry=around("middle", "west"))
    one = good(client.get(f"/api/events/{key}"))
    assert one["geometry"]["type"] == "MultiPolygon"
    again = body(name="Zonefeest 2025", geometry=one["geometry"], version=one["version"])
    assert client.put(f"/api/events/{key}", json=again).status_code == 200
    assert good(client.get(f"/api/events/{key}"))["geometry"] == one["geometry"]


def test_cores_can_be_chosen_with_their_shape(client, fair):  # noqa: F811
    cores = good(client.get(f"/api/events/choices?municipality={NIS}"))["cores"]
    known = rows("SELECT id FROM core WHERE nis_code = :nis", nis=NIS)
    assert {core["id"] for core in cores} == {row.id for row in known}
    for core in cores:
        assert core["geometry"]["type"] == "Polygon"
        good(asked(client, geometry=core["geometry"]))


def test_an_empty_municipality_has_no_sensors_to_show(client, town):
    assert good(asked(client, nis=EMPTY_NIS))["items"] == []
    problem(asked(client, nis="99999"), 404)


def test_a_counter_of_bicycles_is_neither_in_it_nor_a_comparison(client, fair):  # noqa: F811
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "UPDATE footfall_count SET mode = 'bike' WHERE sensor_id = "
                "(SELECT id FROM footfall_sensor WHERE name = 'north')"
            )
        )
    try:
        assert "north" not in roles(asked(client, geometry=place()))
    finally:
        with get_engine().begin() as connection:
            connection.execute(text("UPDATE footfall_count SET mode = 'ped' WHERE mode = 'bike'"))
