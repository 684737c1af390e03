import datetime as dt

import pytest
from sqlalchemy import text

from api.db.session import get_engine
from api.refresh import refresh
from tests import town as paper
from tests.api.conftest import good, problem, units
from tests.town_database import EMPTY_NIS, NIS

# Ten to eighteen are eight hours whose mean share is one; so is that of the weekdays.
PER_DAY = {name: 8 * per_hour for name, per_hour in paper.PER_HOUR.items()}


def sensors(client) -> dict[str, dict]:
    return {each["code"]: each for each in good(client.get(f"/api/sensors?municipality={NIS}"))["items"]}


def series(client, sensor: int, **query):
    return good(client.get(f"/api/sensors/{sensor}/series", params=query))


def test_a_sensor_tells_its_footfall_per_day_and_on_how_many_days_that_rests(client, town):
    found = sensors(client)
    assert {code: each["footfall_per_day"]["value"] for code, each in found.items()} == pytest.approx(PER_DAY)
    # Twelve whole weeks.
    assert {each["footfall_per_day"]["n_days"] for each in found.values()} == {84}
    assert {each["flagged_share"] for each in found.values()} == {0.0}
    assert (found["high"]["first_at"], found["high"]["measure_kind"]) == ("2025-01-05T23:00:00Z", "passage")


def test_a_sensor_without_counts_says_why_it_has_no_footfall(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text("DELETE FROM footfall_count WHERE sensor_id = :id"), {"id": own_town.sensors["side"]}
        )
    refresh(NIS)
    side = sensors(client)["side"]
    assert side["footfall_per_day"] is None
    assert side["reason"] == "no_counts"
    assert sensors(client)["high"]["footfall_per_day"]["value"] == pytest.approx(PER_DAY["high"])


def test_two_directions_are_added_up_unless_the_file_did_so_already(client, own_town):
    high = {"id": own_town.sensors["high"]}
    with get_engine().begin() as connection:
        for direction in ("a", "b"):
            connection.execute(
                text(
                    "INSERT INTO footfall_count (sensor_id, start_at, mode, direction, minutes, value, uptime) "
                    f"SELECT sensor_id, start_at, mode, '{direction}', minutes, value / 2, uptime FROM footfall_count "
                    "WHERE sensor_id = :id AND direction = 'both'"
                ),
                high,
            )
    refresh(NIS)
    assert sensors(client)["high"]["footfall_per_day"]["value"] == pytest.approx(PER_DAY["high"])
    day = series(client, high["id"], interval="day")["items"][-2]["value"]
    with get_engine().begin() as connection:
        connection.execute(
            text("DELETE FROM footfall_count WHERE sensor_id = :id AND direction = 'both'"), high
        )
    refresh(NIS)
    assert sensors(client)["high"]["footfall_per_day"]["value"] == pytest.approx(PER_DAY["high"])
    assert series(client, high["id"], interval="day")["items"][-2]["value"] == day


def test_people_on_foot_are_not_counted_twice_where_all_who_pass_are_counted_too(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO footfall_count (sensor_id, start_at, mode, direction, minutes, value, uptime) "
                "SELECT sensor_id, start_at, 'all', direction, minutes, value * 3, uptime FROM footfall_count"
            )
        )
    refresh(NIS)
    found = {code: each["footfall_per_day"]["value"] for code, each in sensors(client).items()}
    assert found == pytest.approx(PER_DAY)


def test_a_day_is_the_sum_of_its_hours_on_the_clock_of_the_wall(client, town):
    answer = series(client, town.sensors["high"], interval="day")
    assert (answer["interval"], answer["mode"], answer["timezone"]) == ("day", "ped", "Europe/Brussels")
    by_day = {item["start"][:10]: item for item in answer["items"]}
    # A Tuesday: ten open hours with a mean of 300 and fourteen at night with two hundredths of that.
    tuesday = by_day["2025-03-04"]
    assert tuesday["value"] == pytest.approx(10 * 300 + 14 * 6)
    assert (tuesday["coverage"], tuesday["flagged"]) == (1.0, 0.0)
    assert tuesday["start"] == "2025-03-04T00:00:00+01:00"


def test_hours_weeks_and_months_add_up_to_the_same(client, town):
    window = {"from": "2025-02-01T00:00:00", "to": "2025-03-01T00:00:00"}
    sums = {
        interval: sum(
            item["value"]
            for item in series(client, town.sensors["east"], interval=interval, **window)["items"]
        )
        for interval in ("hour", "day", "week", "month")
    }
    assert (
        sums["hour"]
        == pytest.approx(sums["day"])
        == pytest.approx(sums["month"])
        == pytest.approx(sums["week"])
    )
    (month,) = series(client, town.sensors["east"], interval="month", **window)["items"]
    assert (month["start"], month["coverage"]) == ("2025-02-01T00:00:00+01:00", 1.0)


def test_a_week_that_is_half_counted_says_so(client, town):
    window = {"from": "2025-03-03T00:00:00", "to": "2025-03-06T12:00:00"}
    (week,) = series(client, town.sensors["high"], interval="week", **window)["items"]
    assert week["coverage"] == pytest.approx(0.5)


def test_the_hour_that_comes_twice_in_autumn_is_two_hours(client, own_town):
    sensor = own_town.sensors["high"]
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO footfall_count (sensor_id, start_at, mode, direction, minutes, value) "
                "SELECT :id, at, 'ped', 'both', 60, 10 FROM generate_series("
                "CAST('2025-10-25T22:00Z' AS timestamptz), '2025-10-26T22:00Z', '1 hour') at"
            ),
            {"id": sensor},
        )
    window = {"from": "2025-10-26T00:00:00", "to": "2025-10-27T00:00:00"}
    hours = series(client, sensor, interval="hour", **window)["items"]
    assert [item["value"] for item in hours] == [10] * 25
    assert [item["start"] for item in hours][1:5] == [
        "2025-10-26T01:00:00+02:00",
        "2025-10-26T02:00:00+02:00",
        "2025-10-26T02:00:00+01:00",
        "2025-10-26T03:00:00+01:00",
    ]
    assert {item["coverage"] for item in hours} == {1.0}
    (day,) = series(client, sensor, interval="day", **window)["items"]
    assert (day["value"], day["coverage"]) == (250, 1.0)


def test_flagged_counts_are_left_out_and_told(client, own_town):
    sensor = own_town.sensors["high"]
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "UPDATE footfall_count SET quality_flag = 3 WHERE sensor_id = :id "
                "AND start_at >= '2025-03-04T09:00Z' AND start_at < '2025-03-04T12:00Z'"
            ),
            {"id": sensor},
        )
    window = {"from": "2025-03-04T00:00:00", "to": "2025-03-05T00:00:00"}
    (day,) = series(client, sensor, interval="day", **window)["items"]
    left_out = 300 * (0.8 + 1.0 + 1.2)
    assert day["value"] == pytest.approx(10 * 300 + 14 * 6 - left_out)
    assert (day["coverage"], day["flagged"]) == (pytest.approx(21 / 24), pytest.approx(3 / 24))


def test_people_present_are_averaged_never_added_up(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE footfall_sensor SET measure_kind = 'occupancy' WHERE id = :id"),
            {"id": own_town.sensors["high"]},
        )
    window = {"from": "2025-03-04T00:00:00", "to": "2025-03-05T00:00:00"}
    (day,) = series(client, own_town.sensors["high"], interval="day", **window)["items"]
    assert day["value"] == pytest.approx((10 * 300 + 14 * 6) / 24, abs=0.01)


def test_the_usual_week_is_the_mean_of_each_hour(client, town):
    profile = {
        (each["weekday"], each["hour"]): each["value"]
        for each in series(client, town.sensors["high"])["profile"]
    }
    assert len(profile) == 7 * 24
    # Monday 0.8 and Saturday 1.6 of a mean weekday; ten o'clock 0.8 and twelve o'clock 1.2 of a mean hour.
    assert profile[1, 10] == pytest.approx(300 * 0.8 * 0.8)
    assert profile[6, 12] == pytest.approx(300 * 1.6 * 1.2)


def test_a_mode_that_a_sensor_does_not_count_gives_an_empty_series(client, town):
    answer = series(client, town.sensors["high"], mode="bike")
    assert (answer["items"], answer["profile"], answer["mode"]) == ([], [], "bike")


@pytest.mark.parametrize(
    "query",
    [
        {"from": "0001-01-01T00:00:00"},
        {"to": "0001-01-01T00:00:00"},
        {"to": "9999-12-31T23:59:59"},
        {"from": "9999-12-31T23:59:59"},
        {"from": "2025-03-05T00:00:00", "to": "2025-03-04T00:00:00"},
        {"from": "0001-01-01T00:00:00Z", "to": "9999-12-31T23:59:59Z", "interval": "month"},
    ],
)
def test_any_window_is_answered(client, town, query):
    assert client.get(f"/api/sensors/{town.sensors['high']}/series", params=query).status_code in {200, 422}


def test_one_sensor_tells_what_it_counts(client, town):
    sensor = good(client.get(f"/api/sensors/{town.sensors['high']}"))
    assert (sensor["code"], sensor["modes"]) == ("high", ["ped"])
    for path in ("/api/sensors/999999", "/api/sensors/999999/series"):
        assert "GET /api/sensors" in problem(client.get(path), 404)["way_out"]


# -- estimates ----------------------------------------------------------------------------------


def test_every_unit_has_an_estimate_inside_its_interval_or_the_kind_of_its_street(client, town):
    for unit in units(client):
        estimate = unit["footfall_per_day"]
        assert unit["footfall_class"] in {"main", "secondary", "side"} or unit["core_id"] is None
        assert (estimate is None) == (unit["class_reason"] == "few_counts")
        if estimate is None:
            continue
        assert estimate["lower"] <= estimate["value"] <= estimate["upper"], unit["local_code"]
        assert estimate["value"] > 0


def test_beside_a_sensor_the_estimate_is_what_it_counts(client, town):
    # H3 and H7 stand at a sensor, the other units between them.
    found = {
        unit["local_code"]: unit["footfall_per_day"]["value"]
        for unit in units(client)
        if unit["footfall_per_day"]
    }
    assert found["H3"] == pytest.approx(PER_DAY["high"], rel=0.1)
    assert found["H7"] == pytest.approx(PER_DAY["east"], rel=0.1)


def test_an_estimate_names_the_sensor_it_rests_on_and_how_far_that_is(client, town):
    estimate = good(client.get(f"/api/shop-units/{town.units['H4']}"))["footfall"]
    assert estimate["per"] == "day"
    assert estimate["reason"] == "few_counts"
    (near,) = estimate["sensors"]
    # From x = 250 to the sensor at x = 150.
    assert near == {"id": town.sensors["high"], "name": "Sensor high", "distance_m": 100}
    assert (estimate["value"], estimate["lower"], estimate["passage_class"]) == (None, None, None)
    assert estimate["footfall_class"] in {"main", "secondary"}
    beside = good(client.get(f"/api/shop-units/{town.units['H3']}"))["footfall"]
    assert (beside["reason"], beside["passage_class"]) == (None, "A1")


def test_without_any_sensor_there_is_no_estimate_but_a_reason(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM footfall_sensor"))
    refresh(NIS)
    assert {unit["footfall_per_day"] for unit in units(client) if unit["footfall_per_day"] is None} == {None}
    unit = good(client.get(f"/api/shop-units/{own_town.units['H1']}"))
    assert unit["footfall"]["value"] is None
    assert unit["footfall"]["sensors"] == []
    assert unit["footfall"]["reason"]
    assert "footfall" in unit["score_detail"]["missing"]
    assert unit["score_detail"]["value"] > 0


def test_before_the_first_refresh_a_unit_has_no_estimate_at_all(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM analysis_run"))
    unit = good(client.get(f"/api/shop-units/{own_town.units['H1']}"))
    assert (unit["footfall"], unit["footfall_per_day"], unit["score"], unit["score_detail"]) == (None,) * 4
    found = sensors(client)["high"]
    assert (found["footfall_per_day"], found["flagged_share"]) == (None, None)


def test_nobody_counts_in_an_empty_municipality(client, town):
    assert good(client.get(f"/api/sensors?municipality={EMPTY_NIS}")) == {"items": []}


def test_the_default_window_ends_with_the_last_count(client, town):
    items = series(client, town.sensors["high"], interval="hour")["items"]
    first, last = (dt.datetime.fromisoformat(items[at]["start"]) for at in (0, -1))
    assert last == dt.datetime.fromisoformat(sensors(client)["high"]["last_at"])
    assert last - first == dt.timedelta(days=14) - dt.timedelta(hours=1)
