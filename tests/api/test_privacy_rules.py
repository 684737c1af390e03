import datetime as dt
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from api.app import create_app
from api.db import codes
from api.db.session import ordinary_session
from api.importers import IMPORTERS, Request, UnreadableSource
from api.importers.people import is_tracking
from api.round.pictures import remake
from api.settings import ROOT
from tests.api.conftest import good, problem
from tests.api.test_cases import AN, at, make, negotiating, step
from tests.api.test_persons import BASIS, LEVY, OWNER, PETRA, add, change, listed, log, write
from tests.town_database import EMPTY_NIS, NIS, rows

CANARY = "Kanarie Vogelzang"
PLANTED = {**PETRA, "full_name": CANARY, "email": "kanarie@vogelzang.example", "note": "Zingt als kanarie."}


@pytest.fixture
def at_work(own_town, client):
    return own_town


def read_counts(tmp_path, header, row):
    path = tmp_path / "counts.csv"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    readings = IMPORTERS["counts"].open(Request(path, nis_code=NIS))
    return [chunk for reading in readings for chunk in reading.chunks]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("mac", "x"), ("IMSI", "1"), ("nummerplaat", "x"), ("licence_plate", "x"), ("face_id", "3"), ("video_url", "x"),
        ("toestel", "aa:bb:cc:dd:ee:ff"), ("voertuig", "1-ABC-234"),
    ],
)  # fmt: skip
def test_r1_a_file_that_follows_devices_plates_faces_or_video_is_refused_whole(tmp_path, column, value):
    row = f"S1;2026-03-02T10:00:00+01:00;60;5;{value}"
    with pytest.raises(UnreadableSource, match=column) as refused:
        read_counts(tmp_path, f"sensor_code;start_at;minutes;value;{column}", row)
    assert "counts alone" in str(refused.value.args)
    (plain,) = read_counts(tmp_path, "sensor_code;start_at;minutes;value", row.rpartition(";")[0])
    assert len(plain.rows) == 1


@given(
    st.sampled_from(["straat", "aantal", "zone", "richting"]),
    st.sampled_from(["mac", "imsi", "kenteken", "face"]),
)
@settings(max_examples=20, deadline=None)
def test_r1_a_tracking_word_is_found_wherever_it_stands_in_a_name(harmless, word):
    assert is_tracking(f"{harmless}_{word}")
    assert is_tracking(f"{word}-{harmless}")
    assert not is_tracking(harmless)


def test_r2_counts_are_of_five_minutes_or_longer_and_shown_by_the_hour_or_longer(client, at_work, tmp_path):
    head = "sensor_code;start_at;minutes;value"
    short = read_counts(tmp_path, head, "S1;2026-03-02T10:00:00+01:00;4;5")[0]
    assert (len(short.rows), list(short.refused["column_name"])) == (0, ["minutes"])
    assert len(read_counts(tmp_path, head, "S1;2026-03-02T10:00:00+01:00;5;5")[0].rows) == 1
    operation = create_app().openapi()["paths"]["/api/sensors/{sensor_id}/series"]["get"]
    (interval,) = [one for one in operation["parameters"] if one["name"] == "interval"]
    assert set(interval["schema"]["enum"]) == {"hour", "day", "week", "month"}


@pytest.mark.parametrize(
    "cell",
    ["'visitors', 'persons', 29, NULL, NULL", "'spending', 'eur', 5, 9, 3", "'spending', 'eur', 5, 10, 2"],
)
def test_r3_a_cell_of_too_few_people_cards_or_merchants_cannot_even_be_stored(at_work, cell):
    insert = (
        "INSERT INTO area_figure (nis_code, area, from_on, to_on, state, kind, unit, value, cards, merchants) "
        "VALUES ('99001', 'A', '2026-01-01', '2026-02-01', 'known', {})"
    )
    with pytest.raises(IntegrityError, match="small_cells"):
        write(insert.format(cell))
    write(insert.format(cell.replace("29", "30").replace("9,", "10,").replace(", 2", ", 3")))


def test_r4_what_is_suppressed_is_a_state_and_never_a_zero(at_work):
    insert = "INSERT INTO area_figure (nis_code, area, from_on, to_on, kind, unit, state, value) VALUES ('99001', 'A', '2026-01-01', '2026-02-01', 'visitors', 'persons', 'suppressed', {})"
    with pytest.raises(IntegrityError, match="state_has_value"):
        write(insert.format(0))
    write(insert.format("NULL"))
    assert rows("SELECT state, value FROM area_figure") == [("suppressed", None)]
    with pytest.raises(IntegrityError):
        write("UPDATE sector_stat SET is_suppressed = true, value = 0")


def _asked(operation, path, known):
    values = {
        "municipality": NIS,
        **known,
        "layer": "shop_unit" if "tiles" in path else "parcels",
        "z": 16,
        "x": 0,
        "y": 0,
        "scheme": "state",
    }
    filled = re.sub(r"\{(\w+)\}", lambda part: str(values.get(part[1], 1)), path)
    needed = {
        one["name"]: values.get(one["name"], 1)
        for one in operation.get("parameters", [])
        if one["in"] == "query" and one.get("required")
    }
    return filled, {"municipality": NIS, **needed}


def test_r5_no_route_export_tile_page_or_view_tells_who_somebody_is_but_those_about_persons(client, at_work):
    unit = at_work.units["H2"]
    case = make(client, shop_unit=unit)
    person = add(client, **PLANTED, tie={"shop_unit": unit, "role": "broker"})
    good(client.post(f"/api/persons/{person['id']}/ties", json={"case": case["id"]}, headers=AN))
    before = log()
    known = {"unit_id": unit, "case_id": case["id"], "nis_code": NIS, "core": at_work.core, "sensor_id": at_work.sensors["high"], "date": "2025-01-01", "q": "Kanarie", "code": "general", "mode": "walk"}  # fmt: skip
    answered: dict[int, list[str]] = {}
    for path, methods in create_app().openapi()["paths"].items():
        if "get" not in methods or path.startswith("/api/persons"):
            continue
        address, query = _asked(methods["get"], path, known)
        answer = client.get(address, params=query, headers=AN)
        answered.setdefault(answer.status_code, []).append(path)
        content = answer.content.lower()
        assert b"kanarie" not in content.replace(b"q=kanarie", b""), path
        assert b"vogelzang" not in content, path
    assert len(answered[200]) > 40, answered
    # Every name that is read leaves a row, so that one in a picture or a packed page would be found here too.
    assert log() == before
    for schema, view in rows(
        "SELECT schemaname, viewname FROM pg_views WHERE schemaname IN ('qgis', 'public')"
    ):
        told = rows(f'SELECT v::text FROM "{schema}"."{view}" v')
        assert not any("vogelzang" in row[0].lower() for row in told), view
        assert "crm." not in rows("SELECT pg_get_viewdef(CAST(:v AS regclass))", v=f"{schema}.{view}")[0][0]
    with (
        pytest.raises(ProgrammingError, match="permission denied for schema crm"),
        ordinary_session() as session,
    ):
        session.execute(text("SELECT count(*) FROM crm.person"))
    counted = len(before)
    assert CANARY in client.get(f"/api/persons/{person['id']}", headers=AN).text
    assert [(row.officer, row.action, row.route) for row in log()[counted:]] == [
        ("An", "read", "GET /api/persons/{person_id}")
    ]


@pytest.mark.parametrize("missing", ["legal_basis", "source", "purpose"])
def test_r6_a_contact_has_basis_source_and_purpose_and_legitimate_interest_is_none(client, at_work, missing):
    assert "legitimate_interest" not in codes.PERSON_LEGAL_BASIS
    without = {name: value for name, value in PETRA.items() if name != missing}
    problem(client.post("/api/persons", params={"municipality": NIS}, json=without, headers=AN), 422)
    values = {"legal_basis": "'public_task'", "source": "'self'", "purpose": "'levy'", missing: "NULL"}
    with pytest.raises(IntegrityError):
        write(
            f"INSERT INTO crm.person (nis_code, full_name, changed_by, {', '.join(values)}) VALUES ('99001', 'X', 'x', {', '.join(values.values())})"
        )
    problem(
        client.post(
            "/api/persons",
            params={"municipality": NIS},
            json={**PETRA, "legal_basis": "legitimate_interest"},
            headers=AN,
        ),
        422,
    )


def test_r6_a_person_is_to_be_informed_within_a_month_and_at_the_first_contact(client, at_work):
    today = rows("SELECT current_date AS d")[0].d
    long_ago = today - dt.timedelta(days=40)
    late = add(client, **{**PETRA, "source": "broker_listing"}, collected_on=str(long_ago))
    assert late["is_information_overdue"]
    assert late["inform_by"] == str(
        rows("SELECT CAST(CAST(:d AS date) + interval '1 month' AS date) AS d", d=long_ago)[0].d
    )
    spoken = add(client, **{**PETRA, "source": "broker_listing"}, last_contact_on=str(today))
    assert (spoken["inform_by"], spoken["is_information_overdue"]) == (str(today), False)
    assert [one["id"] for one in good(client.get("/api/persons/due"))["items"]] == [late["id"], spoken["id"]]
    good(change(client, late, informed_on=str(today)))
    assert [one["id"] for one in good(client.get("/api/persons/due"))["items"]] == [spoken["id"]]


def test_r7_a_contact_of_the_levy_is_not_to_be_chosen_in_acquisition_until_a_basis_is_recorded(
    client, at_work
):
    unit, case = at_work.units["H2"], make(client)
    owner = add(client, **OWNER, tie={"shop_unit": unit})
    hidden = listed(client, shop_unit=unit)
    assert (hidden["items"], hidden["n_held_back"]) == ([], 1)
    assert problem(client.get(f"/api/persons/{owner['id']}", headers=AN), 409)["code"] == "person_walled"
    tie = {"json": {"case": case["id"]}, "headers": AN}
    assert problem(client.post(f"/api/persons/{owner['id']}/ties", **tie), 409)["code"] == "person_walled"
    assert problem(change(client, owner), 409)["code"] == "person_walled"
    (seen,) = listed(client, shop_unit=unit, **LEVY)["items"]
    recorded = good(change(client, seen, params=LEVY, **BASIS))
    assert (recorded["acquisition_basis_by"], recorded["is_for_acquisition"]) == ("An", True)
    assert recorded["acquisition_basis_at"]
    good(client.post(f"/api/persons/{owner['id']}/ties", **tie))
    answer = change(client, recorded, params=LEVY, acquisition_basis=None)
    assert problem(answer, 409)["code"] == "person_basis_needed"
    assert add(client, status=409, **{**OWNER, "purpose": "acquisition"})["code"] == "person_walled"


def test_r7_no_personal_data_of_the_kbo_serve_marketing(client, at_work):
    kbo = {**PETRA, "source": "kbo"}
    assert add(client, status=409, **kbo)["code"] == "person_walled"
    assert (
        add(client, status=409, **kbo, **{**BASIS, "acquisition_basis": "public_task"})["code"]
        == "person_kbo"
    )
    assert add(client, **kbo, **BASIS)["is_for_acquisition"]
    with pytest.raises(IntegrityError, match="kbo"):
        write("UPDATE crm.person SET acquisition_basis = 'public_task'")


def due():
    return rows(
        "SELECT person_id, rule FROM crm.person_keep WHERE keep_until <= current_date ORDER BY person_id"
    )


def test_r8_each_contact_goes_by_its_own_rule_and_not_a_day_before(client, at_work):
    empty, let = at_work.units["H2"], at_work.units["H1"]
    for ago, rule in ((13, [("owner",)]), (11, [])):
        write("DELETE FROM crm.person")
        add(client, **OWNER, tie={"shop_unit": empty}, collected_on="2019-01-01")
        add(client, **OWNER, tie={"shop_unit": let}, collected_on="2019-01-01")
        write("DELETE FROM occupancy WHERE shop_unit_id = :u", u=let)
        write("DELETE FROM vacancy_spell WHERE shop_unit_id = :u", u=let)
        write(
            "INSERT INTO vacancy_spell (shop_unit_id, start_latest_on, start_basis, ended_on) VALUES (:u, '2018-01-01', 'exact', "
            "CAST(current_date - make_interval(months => :ago) AS date))",
            u=let, ago=ago,
        )  # fmt: skip
        assert [(row.rule,) for row in due()] == rule
    write("DELETE FROM crm.person")
    case = make(client)
    person = add(client, **PETRA, tie={"case": case["id"], "role": "prospect"}, collected_on="2019-01-01")
    assert due() == [(person["id"], "prospect")]
    client.post(f"/api/cases/{case['id']}/activities", json={"kind": "call"}, headers=AN).raise_for_status()
    assert due() == []
    step(client, case, "lost", loss_reason="rent")
    assert due() == []
    write("ALTER TABLE case_change DISABLE TRIGGER keep_case_changes")
    write("UPDATE case_change SET changed_at = now() - interval '23 months'")
    assert due() == []
    write("UPDATE case_change SET changed_at = now() - interval '25 months'")
    assert due() == [(person["id"], "lost")]


def test_r9_notes_warn_and_are_given_to_whom_they_are_about(client, at_work):
    shapes = create_app().openapi()["components"]["schemas"]
    for shape in ("PersonIn", "PersonFacts"):
        assert "no opinions, health or solvency" in shapes[shape]["properties"]["note"]["description"]
    for language, words in (
        ("nl", "geen meningen, gezondheid"),
        ("fr", "ni opinions, ni santé"),
        ("en", "no opinions, health"),
    ):
        assert words in (ROOT / "frontend" / "src" / "text" / f"{language}.ts").read_text(encoding="utf-8")
    case = make(client)
    good_or_made = client.post(
        f"/api/cases/{case['id']}/activities", json={"kind": "note", "note": "Wil in mei openen."}, headers=AN
    )
    assert good_or_made.status_code == 201
    person = add(client, **PETRA, tie={"case": case["id"], "role": "prospect"})
    told = good(client.get(f"/api/persons/{person['id']}/access", headers=AN))
    assert told["person"]["note"] == PETRA["note"]
    assert [one["note"] for one in told["notes_of_cases"]] == ["Wil in mei openen."]


def test_r10_a_person_gets_everything_and_an_erasure_takes_all_but_the_case(client, at_work):
    unit = at_work.units["H2"]
    case = negotiating(client, unit, title=f"Zaak van {CANARY}", prospect_name="Vogelhandel")
    client.post(
        f"/api/cases/{case['id']}/activities",
        json={"kind": "note", "note": f"{CANARY} belt terug."},
        headers=AN,
    )
    person = add(client, **PLANTED, tie={"case": case["id"], "role": "prospect"})
    person = good(change(client, person, phone="0470 00 00 00"))
    told = good(client.get(f"/api/persons/{person['id']}/access", headers=AN))
    assert (told["person"]["email"], len(told["ties"]), len(told["changes"])) == (PLANTED["email"], 1, 2)
    assert told["changes"][1]["before"] == {"phone": PETRA["phone"]}
    assert told["log"][-1]["action"] == "export"
    preview = good(client.get(f"/api/persons/{person['id']}/erasure", headers=AN))
    assert (preview["n_notes_blanked"], preview["n_cases_blanked"], preview["can_undo"]) == (1, 1, False)
    assert [one["id"] for one in preview["cases_kept"]] == [case["id"]]
    path = f"/api/persons/{person['id']}/erasure"
    problem(client.post(path, json={"is_sure": False}, headers=at(person)), 422)
    figures = good(client.get("/api/cases/figures", params={"municipality": NIS}))
    good(client.post(path, json={"is_sure": True}, headers=at(person)))
    kept = good(client.get(f"/api/cases/{case['id']}"))
    assert (kept["state"], kept["prospect_name"]) == ("negotiation", "Vogelhandel")
    assert kept["title"] == "Zaak van [-]"
    assert good(client.get("/api/cases/figures", params={"municipality": NIS})) == figures
    for schema, table in rows(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('crm', 'public')"
    ):
        left = rows(f'SELECT count(*) FROM "{schema}"."{table}" t WHERE t::text ~* \'kanarie|vogelzang\'')
        assert left == [(0,)], table
    assert rows("SELECT reason, source, purpose FROM crm.erasure") == [("asked", "self", "acquisition")]
    problem(client.get(f"/api/persons/{person['id']}", headers=AN), 404)


def test_r11_a_photograph_loses_place_camera_and_comment():
    exif = Image.Exif()
    exif[0x010F] = "Camera Maker"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (51.0, 2.0, 3.0)
    sent = io.BytesIO()
    Image.new("RGB", (40, 20)).save(sent, "JPEG", exif=exif, comment=b"at home")
    assert Image.open(io.BytesIO(sent.getvalue())).getexif().get_ifd(0x8825)
    kept = Image.open(io.BytesIO(remake(sent.getvalue()).jpeg))
    assert not kept.getexif()
    assert not {"exif", "comment", "xmp"} & set(kept.info)


def test_r12_contacts_of_one_municipality_are_never_listed_with_anothers(client, at_work):
    here = add(client, **PETRA)
    there = client.post("/api/persons", params={"municipality": EMPTY_NIS}, json=PETRA, headers=AN).json()
    assert [one["id"] for one in listed(client)["items"]] == [here["id"]]
    assert [one["id"] for one in listed(client, municipality=EMPTY_NIS)["items"]] == [there["id"]]
    reads = good(client.get("/api/persons/reads", params={"municipality": NIS}, headers=AN))["items"]
    assert {one["person_id"] for one in reads} == {here["id"]}


@pytest.mark.parametrize("flag", ["redistribute_rows = false", "personal_data = true"])
def test_r13_rows_under_a_licence_or_about_persons_are_not_exported(client, at_work, flag):
    path = f"/api/exports/shop-units.csv?municipality={NIS}"
    assert client.get(path).status_code == 200
    write(f"UPDATE dataset SET {flag} WHERE code = 'town'")
    assert "Dataset town" in problem(client.get(path), 403)["detail"]


def test_r14_a_sensor_says_what_it_measures_keeps_and_who_processes_it(tmp_path):
    path = tmp_path / "sensors.csv"
    path.write_text(
        "code;naam;lat;lon;type;bewaart_beelden;op_toestel;verwerker;contract_einde\n"
        "S1;Markt;50.889;3.427;camera;nee;ja;Telbureau;2027-06-30\n",
        encoding="utf-8",
    )
    (reading,) = IMPORTERS["sensors"].open(Request(path, nis_code=NIS))
    (chunk,) = reading.chunks
    row = chunk.rows.iloc[0]
    assert (row["stores_images"], row["on_device"], row["processor"]) == (False, True, "Telbureau")
    assert str(row["contract_end_on"])[:10] == "2027-06-30"
    page = (ROOT / "docs" / "processing-register.md").read_text(encoding="utf-8")
    assert all(
        word in page
        for word in ("measure_kind", "stores_images", "on_device", "processor", "contract_end_on", "DPIA")
    )
