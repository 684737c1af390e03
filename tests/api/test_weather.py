import datetime as dt

import pandas as pd
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.__main__ import app as command_line
from api.db.session import get_engine
from api.forecast import queries
from api.forecast.weather import read_weather, weather_days
from api.refresh import refresh, stale_municipalities
from tests.api.conftest import good
from tests.town_database import EMPTY_NIS, NIS, rows

RUN = CliRunner()
# Twelve whole weeks from 6 January 2025: the forecast begins where they end.
BEGINS = dt.date(2025, 3, 31)
FORECAST = """time,temperature_c,precipitation_mm,wind_speed_kmh
""" + "".join(f"2025-03-{31 if h < 24 else 1:02d} {h % 24:02d}:00,8,0.5,20\n" for h in range(24))


def run(*words, ok=True):
    done = RUN.invoke(command_line, words)
    assert (done.exit_code == 0) is ok, done.output
    return done.output


def write(statement, **values):
    with get_engine().begin() as connection:
        connection.execute(text(statement), values)


def forecast(client, sensor):
    return good(client.get(f"/api/forecast/sensors/{sensor}"))


def weather(*, first="2025-01-06", days=84, issued=None, warmth=10.0):
    write(
        "INSERT INTO weather_hour (nis_code, hour_at, issued_at, temperature_c, precipitation_mm, wind_speed_kmh) "
        "SELECT :nis, h, CAST(:issued AS timestamptz), :warmth, 0, 12 FROM generate_series("
        "CAST(:first AS timestamptz) - interval '2 hours', CAST(:first AS timestamptz) + :days * interval '1 day', "
        "'1 hour') h",
        nis=NIS,
        first=f"{first} 00:00+00",
        days=days,
        issued=issued,
        warmth=warmth,
    )


def is_stale():
    with Session(get_engine()) as session:
        return NIS in {code for code, _ in stale_municipalities(session, only_stale=True)}


def test_weather_is_imported_once_changed_by_a_newer_file_and_undone(own_town, tmp_path):
    path = tmp_path / "w.csv"
    path.write_text(FORECAST, encoding="utf-8")
    stored = "SELECT count(*), count(issued_at), min(temperature_c), max(wind_speed_kmh) FROM weather_hour"
    assert not is_stale()
    run("import", "weather", str(path), "--municipality", NIS)
    assert is_stale()
    assert rows(stored) == [(24, 0, 8.0, 20.0)]
    # Nothing is nothing: a measured hour without a moment of issue is the same hour in the next file.
    run("import", "weather", str(path), "--municipality", NIS)
    assert rows(stored) == [(24, 0, 8.0, 20.0)]
    run("import", "weather", str(path), "--municipality", NIS, "--option", "issued_at=2025-03-30T18:00Z")
    assert rows(stored) == [(48, 24, 8.0, 20.0)]
    path.write_text(FORECAST.replace(",8,", ",9,"), encoding="utf-8")
    run("import", "weather", str(path), "--municipality", NIS)
    assert rows(stored) == [(48, 24, 8.0, 20.0)]
    assert rows("SELECT DISTINCT temperature_c FROM weather_hour WHERE issued_at IS NULL") == [(9.0,)]
    batches = [
        number for (number,) in rows("SELECT id FROM import_batch WHERE source = 'weather' ORDER BY 1")
    ]
    for number in reversed(batches):
        run("import", "--undo", str(number))
    assert rows("SELECT count(*) FROM weather_hour") == [(0,)]


def test_the_same_hour_cannot_be_measured_twice(own_town):
    statement = (
        "INSERT INTO weather_hour (nis_code, hour_at, temperature_c) VALUES (:nis, '2025-01-01 10:00+00', 5)"
    )
    write(statement, nis=NIS)
    for again in (statement, statement.replace("10:00", "11:30"), statement.replace(", 5)", ", 99)")):
        with pytest.raises(IntegrityError):
            write(again, nis=NIS)


def test_a_forecast_without_weather_says_nothing_of_it(client, town):
    told = forecast(client, town.sensors["high"])
    assert told["issue"]["weather"] is None
    assert {day["weather"] for day in told["days"]} == {None}


def test_days_show_their_weather_and_the_issue_says_why_it_was_not_used(client, own_town):
    weather()
    weather(first="2025-03-31", days=3, issued="2025-03-30 18:20+00", warmth=14.0)
    write(
        "UPDATE weather_hour SET precipitation_mm = 0.5 WHERE hour_at BETWEEN '2025-04-01' AND '2025-04-01 23:00'"
    )
    refresh(NIS)
    told = forecast(client, own_town.sensors["high"])
    use = told["issue"]["weather"]
    # Twelve weeks of counts are too few to try weather on.
    assert (use["is_used"], use["reason"], use["n_tried"]) == (False, "few_tried", 0)
    assert use["issued_at"] == "2025-03-30T20:20:00+02:00"
    assert use["known_until"] == "2025-04-03T03:00:00+02:00"
    days = {day["on"]: day["weather"] for day in told["days"]}
    assert days["2025-04-01"] == {
        "temperature_c": 14.0, "precipitation_mm": 6.0, "hours": 12, "issued_at": "2025-03-30T18:20:00Z",
    }  # fmt: skip
    assert days["2025-03-31"]["temperature_c"] == 14.0
    assert days["2025-04-03"] is None
    assert not is_stale()
    # What is measured later goes before what was forecast, and makes the figures stale.
    weather(first="2025-04-01", days=1, warmth=3.0)
    assert is_stale()
    measured = forecast(client, own_town.sensors["high"])["days"][1]["weather"]
    assert (measured["temperature_c"], measured["issued_at"]) == (3.0, None)


def test_too_little_measured_weather_is_told(client, own_town):
    weather(days=40)
    weather(first="2025-03-31", days=3, issued="2025-03-30 18:00+00")
    refresh(NIS)
    assert forecast(client, own_town.sensors["high"])["issue"]["weather"]["reason"] == "few_measured"
    write("DELETE FROM weather_hour WHERE issued_at IS NOT NULL")
    refresh(NIS)
    assert forecast(client, own_town.sensors["high"])["issue"]["weather"]["reason"] == "no_forecast"


def test_a_short_late_issue_does_not_hide_the_hours_of_a_full_earlier_one(own_town):
    weather(first="2025-03-31", days=5, issued="2025-03-30 06:00+00", warmth=1.0)
    weather(first="2025-03-31", days=1, issued="2025-03-30 18:20+00", warmth=2.0)
    with Session(get_engine()) as session:
        known_at = dt.datetime(2025, 3, 31, tzinfo=dt.UTC)
        first = pd.Timestamp("2025-01-06")
        found = read_weather(session, NIS, first=first, n_hours=84 * 24, known_at=known_at)
        ahead = found.ahead(84 * 24)
        assert ahead[[0, 20, 48, 4 * 24], 0].tolist() == [2.0, 2.0, 1.0, 1.0]
        days = weather_days(session, NIS, BEGINS, BEGINS + dt.timedelta(days=4))
        assert [days[BEGINS + dt.timedelta(days=n)]["temperature_c"] for n in (0, 2, 4)] == [2.0, 1.0, 1.0]
        # No hour is read beyond those that are asked.
        span = {"since": known_at, "until": known_at + dt.timedelta(hours=5), "known_at": known_at}
        assert queries.weather(session, NIS, **span)["hour_at"].nunique() == 5


def test_of_a_day_the_last_forecast_is_read_and_none_that_was_made_later(own_town):
    for at, warmth in (
        ("2025-03-30 06:00+00", 1.0),
        ("2025-03-30 18:00+00", 2.0),
        ("2025-04-02 06:00+00", 3.0),
    ):
        weather(first="2025-03-31", days=2, issued=at, warmth=warmth)
    with Session(get_engine()) as session:
        known_at = dt.datetime(2025, 3, 31, tzinfo=dt.UTC)
        first = pd.Timestamp("2025-01-06")
        found = read_weather(session, NIS, first=first, n_hours=84 * 24, known_at=known_at)
        assert [issue.values[0, 0] for issue in found.issues] == [2.0]
        # Known from 20 h on the clock on the wall, for hours from midnight on.
        assert found.issues[0].issued == 83 * 24 + 20
        assert read_weather(session, EMPTY_NIS, first=first, n_hours=24, known_at=known_at) is None
        assert weather_days(session, EMPTY_NIS, BEGINS, BEGINS) == {}
