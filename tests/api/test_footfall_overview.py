import datetime as dt

import pytest

from tests import town as paper
from tests.api.conftest import good, problem
from tests.town_database import EMPTY_NIS, NIS


def overview(client, nis: str = NIS) -> dict:
    return good(client.get("/api/footfall/overview", params={"municipality": nis}))


def test_every_week_of_every_sensor_is_told_as_a_mean_per_day(client, town):
    items = {item["code"]: item for item in overview(client)["items"]}
    assert set(items) == set(paper.PER_HOUR)
    weeks = items["high"]["weeks"]
    assert len(weeks) == 12
    # The week in which the clock skips an hour has one less.
    assert [week["valid_share"] for week in weeks].count(1.0) == 11
    mondays = [dt.date.fromisoformat(week["starts_on"]) for week in weeks]
    assert [day.isocalendar()[:2] for day in mondays] == [(week["year"], week["week"]) for week in weeks]
    assert items["high"]["latest"]["per_day"] == pytest.approx(weeks[-1]["per_day"])
    assert items["high"]["latest"]["n_weeks"] == 4


def test_without_last_year_no_change_and_no_index_is_claimed(client, town):
    answer = overview(client)
    assert {item["latest"]["change_share"] for item in answer["items"]} == {None}
    assert {week["index"] for item in answer["items"] for week in item["weeks"]} == {None}
    assert answer["town"] == []


def test_a_town_without_sensors_has_an_empty_page(client, town):
    answer = overview(client, EMPTY_NIS)
    assert (answer["items"], answer["town"]) == ([], [])
    assert [row["nis_code"] for row in answer["towns"]] == [NIS]


def test_towns_are_compared_once_each(client, town):
    answer = good(client.get("/api/footfall/comparison", params={"municipalities": f"{NIS},{NIS}"}))
    assert [row["nis_code"] for row in answer["items"]] == [NIS]


def test_a_town_that_counts_nobody_cannot_be_compared(client, town):
    asked = client.get("/api/footfall/comparison", params={"municipalities": EMPTY_NIS})
    assert "Nothing is counted" in problem(asked, 404)["detail"]


def test_too_many_towns_are_refused(client, town):
    many = ",".join(str(number) for number in range(9))
    asked = client.get("/api/footfall/comparison", params={"municipalities": many})
    assert "at most 8" in problem(asked, 422)["way_out"]


def test_the_file_holds_every_week_of_every_sensor(client, town):
    answer = client.get("/api/footfall/weeks.csv", params={"municipality": NIS})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("municipality;sensor;sensor_code;iso_year")
    assert len(lines) == 1 + 12 * len(paper.PER_HOUR)
    assert "footfall-weeks" in answer.headers["content-disposition"]


def test_the_file_of_a_sensor_holds_its_local_hours_and_how_much_of_each_was_valid(client, town):
    sensor = next(item["id"] for item in overview(client)["items"] if item["code"] == "high")
    asked = {"from": "2025-03-30T00:00:00+01:00", "to": "2025-03-31T00:00:00+02:00"}
    answer = client.get(f"/api/footfall/sensors/{sensor}/series.csv", params=asked)
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "sensor_code;sensor;mode;measure_kind;start;value;valid_share;flagged_share"
    # The day on which the clock skips an hour.
    assert len(lines) == 1 + 23
    assert lines[1].split(";")[4:] == ["2025-03-30T00:00:00+01:00", lines[1].split(";")[5], "1.0", "0.0"]
    assert lines[-1].split(";")[4] == "2025-03-30T23:00:00+02:00"


def test_the_file_of_no_sensor_is_not_found(client, town):
    assert "There is no sensor" in problem(client.get("/api/footfall/sensors/0/series.csv"), 404)["detail"]
