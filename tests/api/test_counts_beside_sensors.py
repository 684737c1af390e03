import json
import threading
from collections import deque
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.__main__ import app as command_line
from api.commands.poll import poll_one
from api.db.session import get_engine
from api.footfall.manual import manual_counts
from api.footfall.telraam import Telraam, TelraamRefused, sensors, windows
from tests.api.conftest import good, problem
from tests.town_database import EMPTY_NIS, NIS, rows

RUN = CliRunner()


def run(*words, ok=True):
    done = RUN.invoke(command_line, words)
    assert (done.exit_code == 0) is ok, done.output
    return done.output


def write(statement, **values):
    with get_engine().begin() as connection:
        connection.execute(text(statement), values)


# -- the standard ------------------------------------------------------------------------------------------------------


def test_what_goes_out_as_oslo_comes_in_as_the_same_hours(client, own_town, tmp_path):
    high = own_town.sensors["high"]
    write(
        "INSERT INTO footfall_count (sensor_id, start_at, mode, direction, minutes, value) SELECT sensor_id, start_at, "
        "'bike', d.way, minutes, d.part * value FROM footfall_count, (VALUES ('a', 0.25), ('b', 0.75)) AS d(way, part) "
        "WHERE sensor_id = :s", s=high,
    )  # fmt: skip
    write(
        "UPDATE footfall_sensor SET instrument = 'laser', direction_a = 'naar het oosten' WHERE id = :s",
        s=high,
    )
    query = (
        "SELECT start_at, mode, passages, passages_a, passages_b, minutes_valid FROM footfall_hour WHERE sensor_id = :s "
        "AND start_at >= '2025-03-01' ORDER BY 1, 2"
    )
    before = rows(query, s=high)
    answer = client.get(f"/api/sensors/{high}/measurements.jsonld?from=2025-03-01T00:00:00Z")
    assert answer.headers["content-type"] == "application/ld+json"
    found = good(answer)
    (sensor,) = [each for each in found["@graph"] if each["@type"] == "Sensor"]
    # A laser has no code in the standard.
    assert sensor["type"] is None
    path = tmp_path / "out.jsonld"
    path.write_bytes(answer.content)
    write("DELETE FROM footfall_count WHERE sensor_id = :s AND start_at >= '2025-03-01'", s=high)
    write("UPDATE footfall_sensor SET direction_a = NULL WHERE id = :s", s=high)
    run("import", "oslo", str(path), "--municipality", NIS)
    assert len(before) > 1000
    assert rows(query, s=high) == before
    # An unknown instrument of the file does not take away the one that is known here.
    assert rows("SELECT instrument, direction_a, direction_b FROM footfall_sensor WHERE id = :s", s=high) == [
        ("laser", "naar het oosten", None)
    ]


def test_people_present_have_no_word_in_the_standard(client, own_town):
    write("UPDATE footfall_sensor SET measure_kind = 'occupancy' WHERE id = :s", s=own_town.sensors["high"])
    path = f"/api/sensors/{own_town.sensors['high']}/measurements.jsonld"
    assert "counts passages" in problem(client.get(path), 409)["way_out"]
    problem(client.get("/api/sensors/999999/measurements.jsonld"), 404)


def test_counts_whose_licence_forbids_it_do_not_go_out_row_by_row(client, own_town):
    write("UPDATE dataset SET redistribute_rows = false")
    problem(client.get(f"/api/sensors/{own_town.sensors['high']}/measurements.jsonld"), 403)


# -- by hand, and of areas ---------------------------------------------------------------------------------------------


def test_counts_by_hand_are_imported_listed_and_undone(client, own_town, tmp_path):
    path = tmp_path / "m.csv"
    path.write_text(
        "code;x;y;start;minutes;value;factor\nT1;70110;200010;2026-03-02 14:00;10;50;6\n", encoding="utf-8"
    )
    for changed in (1, 0):
        told = run("import", "manual-counts", str(path), "--municipality", NIS, "--option", "expands_to=hour")
        assert "manual_count" in told
        assert len(rows("SELECT 1 FROM import_batch WHERE source = 'manual-counts'")) == 2 - changed
    (item,) = good(client.get(f"/api/manual-counts?municipality={NIS}"))["items"]
    assert (item["minutes"], item["value"], item["factor"], item["expanded"]) == (10, 50.0, 6.0, 300.0)
    with Session(get_engine()) as session:
        frame = manual_counts(session, NIS)
        assert manual_counts(session, EMPTY_NIS).empty
        assert manual_counts(session, NIS, mode="bike").empty
    row = frame.iloc[0]
    assert (row["code"], row["minutes"], row["value"], row["factor"], row["expanded"]) == (
        "T1",
        10,
        50.0,
        6.0,
        300.0,
    )
    assert (row.geometry.x, row.geometry.y, frame.crs.to_epsg()) == (70110, 200010, 31370)
    # They are no sensors.
    assert {each["code"] for each in good(client.get(f"/api/sensors?municipality={NIS}"))["items"]} == set(
        own_town.sensors
    )
    (batch,) = rows("SELECT min(id) FROM import_batch WHERE source = 'manual-counts'")[0]
    run("import", "--undo", str(batch))
    assert good(client.get(f"/api/manual-counts?municipality={NIS}"))["items"] == []


def test_figures_of_areas_say_that_a_cell_is_hidden(client, own_town, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("gebied;periode;waarde\nMarkt;2026-05;x\nStation;2026-05;100,5\n", encoding="utf-8")
    run("import", "area-figures", str(path), "--municipality", NIS, "--option", "kind=spending")
    items = good(client.get(f"/api/area-figures?municipality={NIS}&kind=spending"))["items"]
    assert [(i["area"], i["state"], i["value"]) for i in items] == [
        ("Markt", "suppressed", None),
        ("Station", "known", 100.5),
    ]
    assert good(client.get(f"/api/area-figures?municipality={NIS}&kind=visitors"))["items"] == []
    for path_ in ("area-figures", "manual-counts"):
        assert good(client.get(f"/api/{path_}?municipality={EMPTY_NIS}")) == {"items": []}
        problem(client.get(f"/api/{path_}?municipality=00000"), 404)


@pytest.mark.parametrize(
    "values",
    [
        "'visitors', 'persons', 29, 'known', NULL, NULL", "'spending', 'eur', 5, 'known', 9, 3",
        "'spending', 'eur', 5, 'known', 10, 2", "'spending', 'eur', 0, 'suppressed', 10, 3",
        "'spending', 'eur', NULL, 'known', 10, 3",
    ],
)  # fmt: skip
def test_the_database_itself_refuses_a_cell_that_must_be_hidden(own_town, values):
    with pytest.raises(IntegrityError):
        write(
            "INSERT INTO area_figure (nis_code, area, from_on, to_on, kind, unit, value, state, cards, merchants) "
            f"VALUES ('{NIS}', 'x', '2026-01-01', '2027-01-01', {values})"
        )


# -- Telraam -----------------------------------------------------------------------------------------------------------


class Double:
    """A server that answers as Telraam does, and remembers what it was asked."""

    def __init__(self):
        self.asked, self.scripted, self.corrected = [], deque(), {}
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                double.asked.append((self.path, self.headers["X-Api-Key"], given))
                status, headers = double.scripted.popleft() if double.scripted else (200, {})
                if self.headers["X-Api-Key"] != "sesame":
                    status = 403
                body = json.dumps(double.report(given) if status == 200 else {"message": "no"}).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def report(self, given):
        at, end = (
            datetime.fromisoformat(given[name].replace(" ", "T")) for name in ("time_start", "time_end")
        )
        report = []
        while at < end:
            number = self.corrected.get(at, float(at.hour))
            row = {
                "instance_id": -1, "segment_id": int(given["id"]), "date": f"{at:%Y-%m-%dT%H:%M:%S.000Z}",
                "interval": "hourly", "uptime": 0.8, "timezone": "Europe/Brussels",
            }  # fmt: skip
            for name in ("heavy", "car", "bike", "pedestrian"):
                row |= {name: 2 * number, f"{name}_lft": number, f"{name}_rgt": number}
            report.append(row)
            at += timedelta(hours=1)
        return {"status_code": 200, "message": "ok", "report": report}


@pytest.fixture
def telraam():
    double = Double()
    yield double
    double.server.shutdown()
    double.server.server_close()


@pytest.fixture
def segment(own_town):
    write(
        "INSERT INTO footfall_sensor (nis_code, code, name, instrument) VALUES (:nis, '9000000001', 'Laan', 'telraam')",
        nis=NIS,
    )
    return own_town


def poll(double, now, **more):
    with Session(get_engine()) as session:
        (sensor,) = sensors(session, [NIS])
    paused = []
    told = poll_one(Telraam(double.url, "sesame", paused.append), sensor, now=now, first_days=2, **more)
    return (*told, paused)


NOON = datetime(2026, 3, 2, 12, 20, tzinfo=UTC)


def test_telraam_is_asked_for_what_is_new_since_the_last_hour_stored(segment, telraam):
    assert poll(telraam, NOON)[:2] == (48 * 4 * 2, 0)
    # The last stored hour is asked again, for it may have been completed.
    telraam.corrected[datetime(2026, 3, 2, 11, tzinfo=UTC)] = 99.0
    assert poll(telraam, NOON + timedelta(hours=2))[:2] == (2 * 8, 8)
    assert [(given["time_start"], given["time_end"]) for _, _, given in telraam.asked] == [
        ("2026-02-28 12:00:00Z", "2026-03-02 12:00:00Z"), ("2026-03-02 11:00:00Z", "2026-03-02 14:00:00Z"),
    ]  # fmt: skip
    path, key, given = telraam.asked[0]
    assert (path, key, given["level"], given["format"], given["id"]) == (
        "/v1/reports/traffic", "sesame", "segments", "per-hour", "9000000001",
    )  # fmt: skip
    assert rows(
        "SELECT passages, passages_a FROM footfall_hour WHERE start_at = '2026-03-02T11:00Z' AND mode = 'ped'"
    ) == [(198, 99)]
    assert rows("SELECT licence, redistribute_rows FROM dataset WHERE code LIKE 'telraam:%'")[0][1] is False


def test_asking_telraam_twice_changes_nothing_and_leaves_no_import(segment, telraam):
    poll(telraam, NOON)
    before = rows("SELECT count(*) FROM import_batch"), rows("SELECT count(*) FROM footfall_count")
    assert poll(telraam, NOON)[:2] == (0, 0)
    assert (rows("SELECT count(*) FROM import_batch"), rows("SELECT count(*) FROM footfall_count")) == before


def test_when_telraam_says_too_often_it_is_asked_again_after_what_it_says(segment, telraam):
    telraam.scripted.extend([(429, {"Retry-After": "7"}), (503, {}), (200, {})])
    assert poll(telraam, NOON) == (48 * 8, 0, [7.0, 2.0])
    telraam.scripted.extend([(429, {})] * 20)
    with pytest.raises(TelraamRefused, match="in vain"):
        poll(telraam, NOON + timedelta(hours=3))


def test_a_long_time_is_asked_in_pieces_of_three_months():
    first = datetime(2025, 1, 1, tzinfo=UTC)
    pieces = list(windows(first, now=NOON, first_days=1))
    assert pieces[0][0] == first
    assert pieces[-1][1] == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert all(earlier[1] == later[0] for earlier, later in pairwise(pieces))
    assert max(end - begin for begin, end in pieces) == timedelta(days=90)
    assert list(windows(NOON.replace(minute=0), now=NOON, first_days=1)) == []


def test_the_command_asks_for_a_key_and_for_sensors(own_town, telraam, monkeypatch):
    from api.settings import get_settings

    assert "KERNKAART_TELRAAM_KEY" in run("poll", "telraam", ok=False)
    monkeypatch.setenv("KERNKAART_TELRAAM_KEY", "wrong")
    monkeypatch.setenv("KERNKAART_TELRAAM_URL", telraam.url)
    get_settings.cache_clear()
    assert "instrument telraam" in run("poll", "telraam", ok=False)
    write(
        "INSERT INTO footfall_sensor (nis_code, code, name, instrument) VALUES (:nis, '9000000001', 'Laan', 'telraam')",
        nis=NIS,
    )
    assert "does not know the key" in run("poll", "telraam", ok=False)
    monkeypatch.setenv("KERNKAART_TELRAAM_KEY", "sesame")
    get_settings.cache_clear()
    assert "counts added" in run("poll", "telraam", "--days", "1")
    get_settings.cache_clear()
