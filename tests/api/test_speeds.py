import csv

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.__main__ import app as command
from api.db.session import get_engine
from api.errors import KernkaartError
from api.refresh import stale_municipalities
from api.streets import speeds as service
from gis.speeds import DEFAULT_SPEEDS, MODES, STREET_CLASSES
from tests.api.conftest import good, problem
from tests.town_database import EMPTY_NIS, NIS, rows


def run(*words: object, fails: bool = False) -> str:
    result = CliRunner().invoke(command, ["speeds", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert (result.exit_code != 0) == fails, result.output
    return " ".join(result.output.split())


def write(statement: str) -> None:
    with get_engine().begin() as connection:
        connection.execute(text(statement))


def within(client, town, code: str, minutes: float, mode: str = "walk") -> int:
    body = good(
        client.get("/api/catchment", params={"shop_unit": town.units[code], "minutes": minutes, "mode": mode})
    )
    return body["features"][0]["properties"]["shop_units"]


def shown(client, nis: str = NIS) -> dict[tuple[str, str], dict]:
    items = good(client.get("/api/travel-speeds", params={"municipality": nis}))["items"]
    return {(item["mode"], item["street_class"]): item for item in items}


def test_a_walk_takes_as_long_as_the_speeds_of_the_city_say(client, own_town):
    # From H1 it is 200 m to H4 and to S1, and 250 m to H5: 2.6 minutes are 208 m at 80 m a minute.
    assert within(client, own_town, "H1", 2.6) == 5
    said = run(
        "set", "walk", "residential", 2.4, "--municipality", NIS, "--source", "counted with a stopwatch"
    )
    assert "walk on residential in 99001: 2.4 km/h (was 4.8)" in said
    assert "kernkaart refresh" in said
    # At 40 m a minute they are 104 m: H2 and H3.
    assert within(client, own_town, "H1", 2.6) == 3
    assert within(client, own_town, "H1", 5.2) == 5
    item = shown(client)["walk", "residential"]
    assert (item["value"], item["usual_value"], item["origin"]) == (2.4, 4.8, "municipality")
    assert item["source"] == "counted with a stopwatch"
    assert item["changed_at"]
    assert shown(client, EMPTY_NIS)["walk", "residential"]["origin"] == "default"
    assert "1 own speeds of 99001 are gone" in run("reset", "--municipality", NIS)
    assert within(client, own_town, "H1", 2.6) == 5


def test_the_speeds_of_the_deployment_hold_where_a_municipality_has_none(client, own_town):
    run("set", "walk", "residential", 2.4)
    assert within(client, own_town, "H1", 2.6) == 3
    assert shown(client)["walk", "residential"]["origin"] == "deployment"
    run("set", "walk", "residential", 4.8, "--municipality", NIS)
    assert within(client, own_town, "H1", 2.6) == 5
    run("set", "walk", "residential", 1, "--municipality", EMPTY_NIS)
    assert within(client, own_town, "H1", 2.6) == 5
    run("reset", "walk", "residential", "--municipality", NIS)
    assert within(client, own_town, "H1", 2.6) == 3
    run("reset")
    assert within(client, own_town, "H1", 2.6) == 5


def test_a_planner_edits_the_table_and_the_next_question_knows(client, own_town):
    # H1 to H4, and S1, within 225 m.
    assert within(client, own_town, "H1", 0.9, mode="bicycle") == 5
    write(
        "INSERT INTO travel_speed (nis_code, mode, street_class, speed_kmh) VALUES ('99001', 'bicycle', 'residential', 6)"
    )
    # 100 m a minute instead of 250: H2.
    assert within(client, own_town, "H1", 0.9, mode="bicycle") == 2
    first = shown(client)["bicycle", "residential"]["changed_at"]
    write("UPDATE travel_speed SET speed_kmh = 15")
    assert within(client, own_town, "H1", 0.9, mode="bicycle") == 5
    assert shown(client)["bicycle", "residential"]["changed_at"] > first


def test_the_walk_to_the_street_has_its_own_speed(client, own_town):
    write("UPDATE shop_unit SET geom = st_translate(geom, 0, 40) WHERE local_code = 'H2'")
    # From H1 50 m along the street and 40 m from it to H2, 1.125 minutes; 1.25 to H3.
    assert within(client, own_town, "H1", 1.2) == 2
    assert "2.4 km/h (was 4.8)" in run("set", "walk", "off_street", 2.4)
    # Now 1.625 minutes to H2.
    assert within(client, own_town, "H1", 1.2) == 1
    assert within(client, own_town, "H1", 1.6) == 2
    assert within(client, own_town, "H1", 1.7) == 3
    assert "whole deployment" in run("set", "walk", "off_street", 3, "--municipality", NIS, fails=True)


def test_a_ferry_waits_as_long_as_it_is_told(client, own_town):
    write("UPDATE street_segment SET street_class = 'ferry' WHERE source_key = '4'")
    # From H7 it is 300 m to the ferry, 3.75 minutes, and 100 m at 8 km/h, 0.75 minutes; S2 stands where one lands.
    for wait_min in (10, 2):
        run("set", "any", "ferry_wait", wait_min, "--municipality", NIS)
        before, after = (within(client, own_town, "H7", wait_min + 4.5 + more) for more in (-0.1, 0.1))
        assert after == before + 1


@pytest.mark.parametrize(
    ("statement", "concerned"),
    [
        (
            "INSERT INTO travel_speed (nis_code, mode, street_class, speed_kmh) VALUES ('99001', 'car', 'path', 9)",
            {NIS},
        ),
        ("UPDATE travel_speed SET speed_kmh = 8 WHERE nis_code = '99001'", {NIS}),
        ("UPDATE travel_speed SET nis_code = '99002' WHERE nis_code = '99001'", {NIS, EMPTY_NIS}),
        ("DELETE FROM travel_speed WHERE nis_code = '99001'", {NIS}),
        (
            "INSERT INTO travel_speed (mode, street_class, wait_min) VALUES ('any', 'ferry_wait', 3)",
            {NIS, EMPTY_NIS},
        ),
        ("DELETE FROM travel_speed WHERE nis_code IS NULL", {NIS, EMPTY_NIS}),
        ("UPDATE travel_speed SET speed_kmh = 8 WHERE nis_code = 'nobody'", set()),
    ],
)
def test_a_write_to_the_speeds_raises_the_versions_of_those_it_concerns(copy_town, statement, concerned):
    copy_town()
    if not statement.startswith("INSERT"):
        write(
            "INSERT INTO travel_speed (nis_code, mode, street_class, speed_kmh) VALUES ('99001', 'car', 'path', 9)"
        )
        write("INSERT INTO travel_speed (mode, street_class, speed_kmh) VALUES ('car', 'path', 9)")
    before = {row.nis_code: row for row in rows("SELECT * FROM municipality")}
    write(statement)
    raised = {
        row.nis_code
        for row in rows("SELECT * FROM municipality")
        if row.data_version > before[row.nis_code].data_version
        and row.street_version > before[row.nis_code].street_version
    }
    assert raised == concerned


def test_figures_are_stale_after_a_speed_was_changed(own_town):
    with Session(get_engine()) as session:
        assert NIS not in dict(stale_municipalities(session, only_stale=True))
    run("set", "walk", "residential", 4.5, "--municipality", NIS)
    with Session(get_engine()) as session:
        assert NIS in dict(stale_municipalities(session, only_stale=True))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("set", "swim", "residential", 3), "no mode 'swim'. Give one of any, bicycle, car, walk"),
        (("set", "walk", "alley", 3), "no speed of walk on 'alley'. Give one of motorway, trunk"),
        (
            ("set", "walk", "residential", 48),
            "48 km/h cannot be meant for walk on residential. Give 0.5 to 15",
        ),
        (("set", "walk", "residential", 0), "change their access instead"),
        (("set", "car", "primary", "nan"), "cannot be meant"),
        (("set", "walk", "residential", "fast"), "string as a number"),
        (("set", "any", "ferry_wait", 1e4), "Give 0 to 600 minutes"),
        (("set", "walk", "residential", 4, "--municipality", "12345"), "12345 is not known here"),
        (("reset", "swim"), "no mode 'swim'"),
        (("reset", "walk", "alley"), "no speed of walk on 'alley'"),
        (("list", "--mode", "swim"), "Give walk, bicycle or car"),
        (("list", "--municipality", "12345"), "kernkaart municipality list"),
    ],
)
def test_a_speed_that_cannot_be_meant_is_refused_with_the_way_out(town, words, told):
    assert told in run(*words, fails=True)


@pytest.mark.parametrize(
    "values",
    [
        "('99001', 'walk', 'residential', 16, NULL)",
        "('99001', 'walk', 'residential', NULL, NULL)",
        "('99001', 'walk', 'residential', 4, 4)",
        "('99001', 'walk', 'alley', 4, NULL)",
        "('99001', 'walk', 'off_street', 4, NULL)",
        "('99001', 'walk', 'ferry_wait', NULL, 4)",
        "('99001', 'any', 'residential', 4, NULL)",
        "(NULL, 'any', 'ferry_wait', NULL, 601)",
        "(NULL, 'car', 'path', 7, NULL), (NULL, 'car', 'path', 8, NULL)",
        "('12345', 'car', 'path', 7, NULL)",
    ],
)
def test_the_table_itself_refuses_them_too(session, values):
    with pytest.raises(IntegrityError):
        session.execute(
            text(
                f"INSERT INTO travel_speed (nis_code, mode, street_class, speed_kmh, wait_min) VALUES {values}"
            )
        )


def test_what_the_service_takes_the_table_takes_and_what_it_refuses_is_refused(session):
    for key in service.usual_speeds():
        for value in (0.0, 0.5, 14.9, 15.1, 49.0, 51.0, 60.0, 61.0, 149.0, 151.0, 600.0, 601.0):
            column = "wait_min" if key[1] == "ferry_wait" else "speed_kmh"
            taken = session.begin_nested()
            try:
                session.execute(
                    text(f"INSERT INTO travel_speed (mode, street_class, {column}) VALUES (:m, :c, :v)"),
                    {"m": key[0], "c": key[1], "v": value},
                )
                is_taken = True
            except IntegrityError:
                is_taken = False
            taken.rollback()
            try:
                service.check_speed(*key, value, None)
            except KernkaartError:
                assert not is_taken, (key, value)
            else:
                assert is_taken, (key, value)


def test_the_list_shows_every_speed_and_who_set_it(own_town):
    run("set", "car", "residential", 20, "--source", "speed survey 2025")
    told = run("list", "--municipality", NIS)
    assert "car │ residential │ 20 │ km/h │ deployment │ speed survey 2025 │ 25 km/h" in told
    assert told.count("usual") >= len(MODES) * len(STREET_CLASSES)
    only_walking = run("list", "--mode", "walk")
    assert "off_street" in only_walking
    assert "bicycle │" not in only_walking


def test_a_table_of_speeds_goes_out_to_a_spreadsheet_and_comes_back(client, own_town, tmp_path):
    file = tmp_path / "speeds.csv"
    run("set", "walk", "steps", 1.7, "--source", "stairs survey", "--municipality", NIS)
    assert "50 speeds" in run("export", file, "--municipality", NIS)
    assert "0 changed" in run("import", file)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        table = list(csv.DictReader(opened, delimiter=";"))
    assert {row["municipality"] for row in table} == {NIS}
    for row in table:
        if (row["mode"], row["street_class"]) == ("walk", "residential"):
            row |= {"value": "2,4", "source": "counted"}
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.DictWriter(opened, table[0], delimiter=";")
        writer.writeheader()
        writer.writerows(table)
    assert "1 changed" in run("import", file)
    assert within(client, own_town, "H1", 2.6) == 3
    own = {key: item for key, item in shown(client).items() if item["origin"] == "municipality"}
    assert set(own) == {("walk", "steps"), ("walk", "residential")}
    assert own["walk", "residential"]["source"] == "counted"
    assert own["walk", "steps"]["source"] == "stairs survey"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "no column mode, street_class, value"),
        ("mode;value\nwalk;4\n", "no column street_class"),
        ("mode;street_class;value\n", "no speeds in it"),
        (
            "mode;street_class;value\nwalk;alley;4\nwalk;path;quick\n",
            "line 2: there is no speed of 'walk' on 'alley' line 3",
        ),
        ("mode;street_class;value\nwalk;path;4\nwalk;path;5\n", "line 3: walk on path stands there twice"),
        ("mode,street_class,value,unit\nwalk,path,4,mph\n", "line 2: path is in km/h, not in mph"),
        (
            "mode;street_class;value\nwalk;path;4\nwalk;steps;99\n",
            "nothing was changed. 99 km/h cannot be meant",
        ),
        ("municipality;mode;street_class;value\n12345;walk;path;4\n", "12345 is not known here"),
    ],
)
def test_a_table_of_speeds_is_taken_whole_or_not_at_all(own_town, tmp_path, content, told):
    file = tmp_path / "speeds.csv"
    file.write_text(content, encoding="utf-8")
    assert told in run("import", file, fails=True)
    assert rows("SELECT * FROM travel_speed") == []


def test_a_file_that_is_not_there_or_of_another_municipality_is_told_plainly(own_town, tmp_path):
    assert "Check the name" in run("import", tmp_path / "none.csv", fails=True)
    file = tmp_path / "speeds.csv"
    file.write_text("municipality;mode;street_class;value\n99002;walk;path;4\n", encoding="utf-8")
    assert "it is of 99002, not of 99001" in run("import", file, "--municipality", NIS, fails=True)
    file.write_bytes("mode;street_class;value\nwalk;path;4 \xe9".encode("latin-1"))
    assert "CSV UTF-8" in run("import", file, fails=True)
    assert "cannot be written" in run("export", tmp_path / "none" / "speeds.csv", fails=True)


def test_without_own_speeds_the_networks_have_the_usual_ones(session):
    assert service.network_speeds(session) == (DEFAULT_SPEEDS, {})


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    own=st.dictionaries(
        st.tuples(st.sampled_from(MODES), st.sampled_from(STREET_CLASSES)), st.floats(0.5, 15), max_size=8
    ),
    of_all=st.dictionaries(
        st.tuples(st.sampled_from(MODES), st.sampled_from(STREET_CLASSES)), st.floats(0.5, 15), max_size=8
    ),
)
def test_what_a_network_travels_at_is_what_the_list_shows(session, own, of_all):
    for nis_code, values in ((NIS, own), (None, of_all)):
        service.reset_speeds(session, nis_code)
        wanted = [
            service.Speed(mode=mode, street_class=name, value=value, unit="km/h")
            for (mode, name), value in values.items()
        ]
        service.set_speeds(session, wanted, nis_code)
        assert service.set_speeds(session, wanted, nis_code) == 0
    speeds, areas = service.network_speeds(session)
    for nis_code in (NIS, EMPTY_NIS):
        here = speeds.by_area[areas[nis_code]] if nis_code in areas else speeds
        for (mode, name), speed in service.speeds_in_force(session, nis_code).items():
            if mode in MODES and name in STREET_CLASSES:
                assert here.of(mode)[name] == speed.value
                expected = own.get((mode, name)) if nis_code == NIS else None
                expected = expected or of_all.get((mode, name)) or DEFAULT_SPEEDS.of(mode)[name]
                assert speed.value == expected


def test_speeds_of_a_municipality_nobody_knows_are_not_told(client, town):
    problem(client.get("/api/travel-speeds?municipality=12345"), 404)
