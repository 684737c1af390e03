import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.__main__ import app as command_line
from api.db.session import get_engine
from api.footfall import retention
from api.footfall.hours import read_hours
from tests.api.conftest import good
from tests.town_database import NIS, count_rows, import_in, reading, rows

RUN = CliRunner()
# The counts of the town are of 6 January to 30 March 2025.
NOW = dt.datetime(2027, 3, 15, tzinfo=dt.UTC)


def run(*words, ok=True):
    done = RUN.invoke(command_line, words)
    assert (done.exit_code == 0) is ok, done.output
    return done.output


def write(statement, **values):
    with get_engine().begin() as connection:
        connection.execute(text(statement), values)


def summed():
    return [rows(f"SELECT t::text FROM footfall_{table} t ORDER BY 1") for table in ("hour", "day")]


def shorten(months=25, *, now=NOW):
    write("UPDATE municipality SET raw_months = :m WHERE nis_code = :nis", m=months, nis=NIS)
    with Session(get_engine()) as session, session.begin():
        return retention.drop(session, retention.due(session, now=now))


def test_by_default_nothing_is_ever_dropped(own_town):
    with Session(get_engine()) as session:
        assert retention.due(session, now=dt.datetime(2090, 1, 1, tzinfo=dt.UTC)) == []
    assert "No readings" in run("counts", "drop", "--yes")


def test_old_readings_go_and_their_hours_and_days_stay_to_the_last_bit(own_town):
    before, n = summed(), len(rows("SELECT 1 FROM footfall_count"))
    gone = shorten()
    # 25 months before March 2027: what was counted before February 2025 local time goes.
    assert rows("SELECT min(start_at) FROM footfall_count") == [
        (dt.datetime(2025, 1, 31, 23, tzinfo=dt.UTC),)
    ]
    assert gone == n - len(rows("SELECT 1 FROM footfall_count")) > 1000
    assert summed() == before
    assert {row for (row,) in rows("SELECT raw_from_at FROM footfall_sensor")} == {
        dt.datetime(2025, 1, 31, 23, tzinfo=dt.UTC)
    }
    assert shorten() == 0


def test_series_and_calculations_do_not_notice(client, own_town):
    def asked():
        path = f"/api/sensors/{own_town.sensors['high']}/series?interval=week"
        with Session(get_engine()) as session:
            return good(client.get(path)), read_hours(session, NIS).to_csv()

    before = asked()
    shorten()
    assert asked() == before


def test_what_was_dropped_cannot_be_written_again_and_the_sums_stand(own_town):
    shorten()
    before = summed()
    with Session(get_engine()) as session, session.begin():
        batch = import_in(session, [reading("footfall_count", count_rows())])
        outcome = batch.outcome("footfall_count")
        assert outcome.added == 0
        assert outcome.refused == len(count_rows()) - outcome.unchanged > 1000
    assert "were dropped" in rows("SELECT DISTINCT reason FROM import_refusal")[0][0]
    # By hand it is possible, and still changes no sum.
    write(
        "INSERT INTO footfall_count (sensor_id, start_at, mode, direction, minutes, value) "
        "VALUES (:s, '2025-01-10', 'ped', 'both', 60, 99999)", s=own_town.sensors["high"],
    )  # fmt: skip
    assert summed() == before
    run("counts", "rebuild")
    assert summed() == before


def test_a_sensor_whose_readings_were_dropped_measures_what_it_measured(own_town):
    shorten()
    with pytest.raises(DBAPIError, match="cannot be changed"):
        write("UPDATE footfall_sensor SET measure_kind = 'occupancy' WHERE code = 'high'")
    with pytest.raises(DBAPIError, match="time zone cannot be changed"):
        write("SELECT set_footfall_clock('Asia/Tokyo')")


def test_a_year_without_any_reading_gives_its_space_back(own_town):
    assert rows("SELECT to_regclass('footfall_count_y2025')::text") == [("footfall_count_y2025",)]
    shorten(now=dt.datetime(2029, 3, 15, tzinfo=dt.UTC))
    assert rows("SELECT to_regclass('footfall_count_y2025')::text") == [(None,)]
    assert rows("SELECT count(*) FROM footfall_count") == [(0,)]
    assert rows("SELECT count(*) > 6000 FROM footfall_hour") == [(True,)]


def test_the_import_of_a_sensor_whose_readings_were_dropped_is_not_undone(own_town):
    from api.db.store import UndoRefused, undo_batch

    shorten(now=dt.datetime(2029, 3, 15, tzinfo=dt.UTC))
    write("UPDATE footfall_sensor SET batch_id = (SELECT max(id) FROM import_batch)")
    with (
        Session(get_engine()) as session,
        pytest.raises(UndoRefused, match="sums would be lost: east, high, side"),
    ):
        undo_batch(session, session.execute(text("SELECT max(id) FROM import_batch")).scalar_one())


def test_one_sensor_may_be_kept_longer_or_shorter_than_its_municipality(own_town):
    run("counts", "keep", "--municipality", NIS, "--sensor", "high", "--months", "60")
    shorten()
    assert rows("SELECT code FROM footfall_sensor WHERE raw_from_at IS NULL") == [("high",)]


def test_the_command_shows_before_it_drops(own_town):
    run("counts", "keep", "--municipality", NIS, "--months", "24", ok=False)
    run("counts", "keep", "--municipality", NIS, ok=False)
    run("counts", "keep", "--municipality", "00000", "--months", "30", ok=False)
    assert "25 months" in run("counts", "keep", "--municipality", NIS, "--months", "25")
    write("SELECT ensure_count_partitions('2021-01-01', '2021-06-01')")
    write("UPDATE footfall_count SET start_at = start_at - interval '4 years'")
    before, n = summed(), rows("SELECT count(*) FROM footfall_count")
    told = run("counts", "drop")
    assert "Nothing was dropped" in told
    assert "high" in told
    assert rows("SELECT count(*) FROM footfall_count") == n
    assert "were dropped" in run("counts", "drop", "--municipality", NIS, "--yes")
    assert rows("SELECT count(*) FROM footfall_count") == [(0,)]
    assert summed() == before
    assert "for ever" in run("counts", "keep", "--municipality", NIS, "--for-ever")
    assert rows("SELECT raw_months FROM municipality WHERE nis_code = :n", n=NIS) == [(None,)]
