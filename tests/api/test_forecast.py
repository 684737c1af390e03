import datetime as dt

import openpyxl
import pytest
from sqlalchemy import text

from api.db.session import get_engine
from api.refresh import refresh, stale_municipalities
from tests import town as paper
from tests.api.conftest import good, problem
from tests.town_database import EMPTY_NIS, NIS, rows

# Twelve whole weeks from 6 January 2025: the forecast begins where they end.
BEGINS = dt.date(2025, 3, 31)


def forecast(client, sensor):
    return good(client.get(f"/api/forecast/sensors/{sensor}"))


def execute(sql, **values):
    with get_engine().begin() as connection:
        connection.execute(text(sql), values)


def test_a_town_has_one_issue_that_says_what_it_rests_on(client, town):
    told = good(client.get("/api/forecast", params={"municipality": NIS}))
    issue = told["issue"]
    assert (issue["begins_on"], issue["ends_on"]) == ("2025-03-31", "2025-04-13")
    assert issue["counted_until"] == "2025-03-30T22:00:00Z"
    assert issue["method"] in {"weeks", "weeks_season"}
    assert issue["source"] == "Dataset town"
    items = {item["code"]: item for item in told["items"]}
    assert set(items) == set(town.sensors)
    high = items["high"]
    assert (high["reason"], high["n_days"], high["is_cold"]) == (None, 84, False)
    assert (high["from_on"], high["to_on"]) == ("2025-01-06", "2025-03-30")
    assert high["first_day"]["q10"] <= high["first_day"]["expected"] <= high["first_day"]["q90"]


def test_a_fortnight_repeats_the_week_that_the_paper_town_has(client, town):
    told = forecast(client, town.sensors["high"])
    assert len(told["days"]) == 14
    # No forecast for the hour that the clock skips: it was skipped the night before this fortnight began.
    assert len(told["hours"]) == 336
    monday = told["days"][0]
    counted = paper.counts()
    start = counted["start_at"].dt.tz_convert(paper.TIMEZONE)
    last = counted[(counted["sensor_id"] == "high") & (start.dt.date == dt.date(2025, 3, 24))]
    assert monday["expected"] == pytest.approx(last["value"].sum(), rel=0.02)
    noon = next(hour for hour in told["hours"] if hour["start"].startswith("2025-03-31T12"))
    assert noon["start"] == "2025-03-31T12:00:00+02:00"
    assert noon["expected"] == pytest.approx(last["value"].iloc[12], rel=0.02)
    assert [band for band in noon if band.startswith("q")] == [
        "q025",
        "q10",
        "q25",
        "q50",
        "q75",
        "q90",
        "q975",
    ]
    # The Easter holiday of Flanders began on the seventh of April.
    assert {"kind": "school_holiday", "name": "spring"} in told["days"][7]["marks"]
    assert told["days"][6]["marks"] == []
    assert len(told["before"]) == 14


def test_past_forecasts_are_held_against_what_came(client, town):
    told = good(client.get("/api/forecast/hit-rate", params={"municipality": NIS}))
    assert (told["from_on"], told["to_on"]) == ("2025-02-03", "2025-03-30")
    # Made afterwards, with the counts of then; those of the first weeks have too little to begin with.
    assert told["n_issues"] == told["n_back_tests"] > 3
    # The same week over and over: nothing is missed, by the last week neither.
    assert told["hours"]["missed_share"] == pytest.approx(0, abs=0.02)
    assert told["hours"]["missed_share_naive"] == pytest.approx(0, abs=0.02)
    assert told["hours"]["in_95_share"] > 0.9
    assert [row["week"] for row in told["by_week"]] == [1, 2]
    assert {row["name"] for row in told["sensors"]} == {item["name"] for item in sensors(client)}
    one = good(
        client.get("/api/forecast/hit-rate", params={"municipality": NIS, "sensor": town.sensors["side"]})
    )
    assert one["hours"]["n"] == pytest.approx(told["hours"]["n"] / 3, rel=0.01)


def sensors(client):
    return good(client.get("/api/forecast", params={"municipality": NIS}))["items"]


def test_an_empty_municipality_is_answered_without_a_forecast(client, town):
    for address in ("/api/forecast", "/api/forecast/hit-rate"):
        told = good(client.get(address, params={"municipality": EMPTY_NIS}))
        assert told.get("items", told.get("sensors")) == []
    assert good(client.get("/api/forecast", params={"municipality": EMPTY_NIS}))["issue"] is None
    for name in ("forecast.csv", "hit-rate.csv"):
        answer = client.get(f"/api/forecast/{name}", params={"municipality": EMPTY_NIS})
        assert answer.status_code == 200
        assert len(answer.text.strip().splitlines()) == 1


def test_a_sensor_that_does_not_exist_is_told_with_the_way_out(client, town):
    problem(client.get("/api/forecast/sensors/987654"), 404)
    problem(client.get("/api/forecast/sensors/987654/opening-hours"), 404)
    problem(client.get("/api/forecast/hit-rate", params={"municipality": NIS, "sensor": 987654}), 404)


def test_a_sensor_with_two_weeks_of_counts_says_why_it_has_no_forecast(client, own_town):
    execute(
        "DELETE FROM footfall_count WHERE sensor_id = :id AND start_at < '2025-03-17'",
        id=own_town.sensors["side"],
    )
    execute(
        "DELETE FROM footfall_count WHERE sensor_id = :id AND start_at > '2025-03-10'",
        id=own_town.sensors["high"],
    )
    refresh(NIS)
    reasons = {item["code"]: item["reason"] for item in sensors(client)}
    assert (reasons["side"], reasons["high"]) == ("too_short", "stale")
    assert forecast(client, own_town.sensors["side"])["days"] == []
    none = forecast(client, own_town.sensors["high"])
    assert (none["reason"], none["hours"]) == ("stale", [])


def test_an_event_that_is_registered_makes_its_day_less_certain(client, own_town):
    execute(
        "INSERT INTO event (nis_code, code, name, kind, starts_at, ends_at) VALUES "
        "(:nis, 'fair', 'Kermis', 'fair', '2025-04-05 12:00+02', '2025-04-05 20:00+02')",
        nis=NIS,
    )
    refresh(NIS)
    days = forecast(client, own_town.sensors["high"])["days"]
    assert [day["on"] for day in days if day["is_less_certain"]] == ["2025-04-05"]
    assert {"kind": "event", "name": "Kermis"} in days[5]["marks"]


def test_a_refresh_replaces_the_issue_of_its_day_and_keeps_those_before(own_town):
    before = rows(
        "SELECT begins_on, is_back_test FROM forecast_run WHERE nis_code = :nis ORDER BY 1", nis=NIS
    )
    refresh(NIS)
    after = rows("SELECT begins_on, is_back_test FROM forecast_run WHERE nis_code = :nis ORDER BY 1", nis=NIS)
    assert [tuple(row) for row in before] == [tuple(row) for row in after]
    assert tuple(after[-1]) == (BEGINS, False)
    # What a refresh stores does not make it stale.
    from sqlalchemy.orm import Session

    with Session(get_engine()) as session:
        assert NIS not in {code for code, _ in stale_municipalities(session, only_stale=True)}


def test_old_issues_thin_out_to_one_a_week_and_then_go(own_town):
    execute(
        "INSERT INTO forecast_run (nis_code, begins_on, counted_until, method, code_version, seconds) "
        "SELECT :nis, day, day, 'weeks', '0', 0 FROM (SELECT DATE '2025-03-31' - n AS day FROM unnest(ARRAY[10, 11, 12, 13, "
        "200, 201, 202, 203, 204, 205, 206, 900]) n) x WHERE NOT EXISTS (SELECT 1 FROM forecast_run r "
        "WHERE r.nis_code = :nis AND r.begins_on = day)",
        nis=NIS,
    )
    refresh(NIS)
    ages = [
        age
        for (age,) in rows(
            "SELECT DATE '2025-03-31' - begins_on FROM forecast_run WHERE code_version = '0' ORDER BY 1"
        )
    ]
    assert ages[:4] == [10, 11, 12, 13]
    # Seven days in a row lie in one or two weeks.
    assert 1 <= len(ages) - 4 <= 2
    assert 900 not in ages


def test_whose_holidays_count_can_be_chosen_and_taken_back(client, own_town):
    address = f"/api/forecast/holiday-countries?municipality={NIS}"
    told = good(client.put(address, json={"countries": ["FR"]}))
    assert (told["holiday_countries"], told["holiday_countries_are_usual"]) == (["FR"], False)
    usual = good(client.put(address, json={"countries": None}))
    assert (usual["holiday_countries"], usual["holiday_countries_are_usual"]) == ([], True)
    problem(client.put(address, json={"countries": ["FR", "FR"]}), 422)
    assert client.put(address, json={"countries": ["XX"]}).status_code == 422


def test_files_hold_what_the_screen_shows(client, town, tmp_path):
    answer = client.get("/api/forecast/forecast.csv", params={"municipality": NIS})
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("start;expected;q025;q10;q25;q50;q75;q90;q975;is_less_certain;sensor")
    assert len(lines) == 1 + 336 * len(town.sensors)
    book = tmp_path / "forecast.xlsx"
    book.write_bytes(client.get("/api/forecast/forecast.xlsx", params={"municipality": NIS}).content)
    sheets = openpyxl.load_workbook(book)
    assert sheets.sheetnames == ["days", "hours", "hit_rate"]
    assert sheets["days"].max_row == 1 + 14 * len(town.sensors)
    assert sheets["hit_rate"]["A2"].value == "hours"


def opening(client, sensor, **query):
    return client.get(f"/api/forecast/sensors/{sensor}/opening-hours", params=query)


def test_opening_hours_say_who_passes_inside_and_outside_them(client, town):
    told = good(opening(client, town.sensors["high"]))
    assert (told["opens"], told["closes"], told["weekdays"]) == (10, 18, [1, 2, 3, 4, 5, 6])
    tuesday = told["items"][1]
    share = paper.WEEKDAY_SHARES[1] * paper.PER_HOUR["high"]
    assert tuesday["inside"] == pytest.approx(8 * share, rel=0.01)
    assert tuesday["n_days"] == 12
    assert told["items"][6]["inside_share"] == 0
    assert told["sunday"]["reason"] == "no_open_sunday"
    assert told["sunday"]["sunday"] > 0
    longer = good(opening(client, town.sensors["high"], closes=19))
    assert longer["items"][1]["inside"] > tuesday["inside"]
    name = f"/api/forecast/sensors/{town.sensors['high']}/opening-hours.csv"
    assert len(client.get(name).text.strip().splitlines()) == 8


def test_hours_that_close_before_they_open_are_refused(client, town):
    problem(opening(client, town.sensors["high"], opens=18, closes=10), 422)
    problem(opening(client, town.sensors["high"], sunday_opens=18, sunday_closes=13), 422)
    assert opening(client, town.sensors["high"], weekdays="9").status_code == 422


def test_two_open_sundays_make_a_third_measurable(client, own_town):
    for day in (dt.date(2025, 2, 2), dt.date(2025, 3, 2)):
        execute(
            "INSERT INTO event (nis_code, code, name, kind, starts_at, ends_at) VALUES "
            "(:nis, :code, 'Koopzondag', 'sales_sunday', :day + interval '12 h', :day + interval '17 h')",
            nis=NIS,
            code=str(day),
            day=dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC),
        )
    told = good(opening(client, own_town.sensors["high"]))
    assert told["sundays_held"] == ["2025-02-02", "2025-03-02"]
    sunday = told["sunday"]
    assert (sunday["reason"], sunday["n_held"]) == (None, 2)
    assert sunday["ratio"] == pytest.approx(1, rel=0.02)
    assert sunday["lower"] <= sunday["expected"] <= sunday["upper"]
