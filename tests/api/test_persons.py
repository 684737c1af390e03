import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from typer.testing import CliRunner

from api.__main__ import app as cli
from api.db.session import get_engine, ordinary_session, session_as
from tests.api.conftest import good, problem
from tests.api.test_cases import AN, BEN, make
from tests.town_database import EMPTY_NIS, NIS, rows

PETRA = {
    "full_name": "Petra Voorbeeld", "email": "petra@kruid.example", "phone": "+32 9 000 00 00",
    "legal_basis": "pre_contract", "source": "self", "purpose": "acquisition", "note": "Belt liefst voor tien uur.",
}  # fmt: skip
OWNER = {
    "full_name": "Odiel Verzonnen", "email": "odiel@eigen.example", "legal_basis": "public_task", "source": "cadastre",
    "purpose": "levy",
}  # fmt: skip
WHY = {"reason": "Advies van de functionaris"}
LEVY = {"purpose": "levy"}
BASIS = {"acquisition_basis": "consent", "acquisition_basis_note": "Brief van 3 maart, getekend."}


@pytest.fixture
def at_work(own_town, client):
    return own_town


def add(client, who=AN, status=201, **body):
    params = {"municipality": NIS, "purpose": body.get("purpose", "acquisition")}
    if body.get("acquisition_basis"):
        params["purpose"] = "acquisition"
    answer = client.post("/api/persons", params=params, json=body, headers=who)
    assert answer.status_code == status, answer.text
    return answer.json()


def at(person, who=AN):
    return {**who, "If-Match": f'"{person["version"]}"'}


def change(client, person, params=None, **body):
    return client.patch(f"/api/persons/{person['id']}", params=params, json=body, headers=at(person))


def listed(client, who=AN, **params):
    return good(client.get("/api/persons", params={"municipality": NIS, **params}, headers=who))


def log(person=None):
    return rows(
        "SELECT officer, action, purpose, route FROM crm.access_log WHERE CAST(:p AS bigint) IS NULL OR person_id = :p "
        "ORDER BY id",
        p=person,
    )


def write(statement, **values):
    with get_engine().begin() as connection:
        connection.execute(text(statement), values)


def test_the_application_at_its_ordinary_work_is_refused_at_the_door_of_the_schema(at_work):
    with ordinary_session() as session:
        assert session.execute(text("SELECT count(*) FROM shop_unit")).scalar()
    for statement in ("SELECT id FROM crm.person", "SELECT crm.erasure_preview(1)"):
        with (
            pytest.raises(ProgrammingError, match="permission denied for schema crm"),
            ordinary_session() as session,
        ):
            session.execute(text(statement))


def test_even_who_may_enter_reads_a_name_only_by_way_of_the_log(client, at_work):
    person = add(client, **PETRA)
    for statement in (
        "SELECT full_name FROM crm.person",
        "SELECT * FROM crm.person",
        "SELECT after FROM crm.person_change",
        "DELETE FROM crm.access_log",
        "UPDATE crm.person SET purpose = 'levy'",
        "INSERT INTO crm.access_log (officer, action, route, person_id, nis_code) VALUES ('x', 'read', 'x', 1, 'x')",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            session_as("kernkaart_crm") as session,
        ):
            session.execute(text(statement))
    before = len(log(person["id"]))
    with session_as("kernkaart_crm") as session:
        query = text(
            "SELECT full_name FROM crm.read_persons(ARRAY[:id], 'Eva', 'read', 'acquisition', 'psql')"
        )
        assert session.execute(query, {"id": person["id"]}).scalar() == PETRA["full_name"]
    assert [row.officer for row in log(person["id"])[before:]] == ["Eva"]


def test_a_connection_goes_back_without_its_role(at_work):
    with session_as("kernkaart_crm"):
        pass
    with get_engine().connect() as connection:
        assert connection.execute(text("SELECT current_user = session_user")).scalar()


def test_the_schema_is_nobodys_but_the_roles(at_work):
    assert (
        rows("SELECT 1 FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = 'crm' AND a.grantee = 0")
        == []
    )
    for role in ("kernkaart_app", "kernkaart_crm"):
        assert rows("SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = :r", r=role) == [
            (False, False)
        ]
    silent = rows(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE n.nspname = 'crm' AND c.relkind = 'r' AND coalesce(col_description(c.oid, a.attnum), '') = ''"
    )
    assert silent == []


def test_a_contact_is_written_down_read_changed_and_changed_back(client, at_work):
    unit = at_work.units["H2"]
    person = add(client, **PETRA, tie={"shop_unit": unit, "role": "broker"})
    (found,) = listed(client, shop_unit=unit)["items"]
    assert (found["full_name"], found["ties"][0]["role"]) == (PETRA["full_name"], "broker")
    assert listed(client, shop_unit=at_work.units["H3"])["items"] == []
    changed = good(change(client, person, phone="0470 00 00 00", organisation="Kruid"))
    assert (changed["phone"], changed["version"], changed["can_undo"]) == ("0470 00 00 00", 2, True)
    undone = good(client.post(f"/api/persons/{person['id']}/undo", headers=at(changed)))
    assert (undone["phone"], undone["organisation"], undone["can_undo"]) == (PETRA["phone"], None, False)
    answer = client.post(f"/api/persons/{person['id']}/undo", headers=at(undone))
    assert problem(answer, 409)["code"] == "person_nothing_to_undo"


def test_nobody_reads_a_contact_without_saying_who_reads(client, at_work):
    person = add(client, **PETRA)
    before = log()
    for path in ("", f"/{person['id']}", f"/{person['id']}/access", f"/{person['id']}/erasure", "/reads"):
        body = problem(client.get(f"/api/persons{path}", params={"municipality": NIS}), 422)
        assert body["code"] == "officer_missing"
    assert log() == before


def test_two_officers_never_write_over_each_other(client, at_work):
    person = add(client, **PETRA)
    good(change(client, person, phone="0470 00 00 00"))
    answer = client.patch(
        f"/api/persons/{person['id']}", json={"phone": "0471 00 00 00"}, headers=at(person, BEN)
    )
    assert problem(answer, 412)["values"]["by"] == "An"


def test_counts_and_tasks_tell_no_name_and_ask_for_none(client, at_work):
    unit = at_work.units["H2"]
    add(client, **PETRA, tie={"shop_unit": unit}, collected_on="2025-01-05")
    add(
        client,
        **OWNER,
        tie={"shop_unit": unit},
        do_not_contact=True,
        informed_on=str(rows("SELECT current_date AS d")[0].d),
    )
    told = client.get("/api/persons/counts", params={"municipality": NIS, "shop_unit": unit})
    assert good(told) == {"n": 2, "n_acquisition": 1, "n_levy": 1, "n_not_to_contact": 1, "n_overdue": 1}
    due = client.get("/api/persons/due")
    (item,) = good(due)["items"]
    assert (item["shop_unit_id"], item["due_on"]) == (unit, "2025-01-05")
    assert "Petra" not in told.text + due.text


def test_an_empty_municipality_has_no_contacts_and_an_unknown_one_is_not_found(client, at_work):
    assert listed(client, municipality=EMPTY_NIS)["items"] == []
    kept = good(client.get("/api/persons/retention", params={"municipality": EMPTY_NIS}))
    assert (kept["prospect_months"], kept["owner_months"], kept["due"]) == (24, 12, [])
    for path in ("", "/counts", "/due", "/retention", "/reads"):
        problem(client.get(f"/api/persons{path}", params={"municipality": "00000"}, headers=AN), 404)
    for path in ("", "/access", "/erasure"):
        assert problem(client.get(f"/api/persons/999999{path}", headers=AN), 404)["code"] == "person_gone"


def test_a_contact_stays_in_its_municipality_and_is_tied_to_one_thing_at_a_time(client, at_work):
    person = add(client, **PETRA)
    elsewhere = client.post(
        "/api/cases", params={"municipality": EMPTY_NIS}, json={"title": "Elders"}, headers=AN
    )

    def refused(status, **tie):
        return problem(client.post(f"/api/persons/{person['id']}/ties", json=tie, headers=AN), status)["code"]

    assert refused(409, case=elsewhere.json()["id"]) == "person_elsewhere"
    assert refused(422) == refused(422, case=1, shop_unit=1) == "person_tie_unclear"
    assert refused(404, shop_unit=999_999) == "person_place_gone"
    tied = good(
        client.post(f"/api/persons/{person['id']}/ties", json={"shop_unit": at_work.units["H2"]}, headers=AN)
    )
    key = tied["ties"][0]["id"]
    assert good(client.delete(f"/api/persons/{person['id']}/ties/{key}", headers=AN))["ties"] == []
    answer = client.delete(f"/api/persons/{person['id']}/ties/{key}", headers=AN)
    assert problem(answer, 404)["code"] == "person_tie_gone"


def test_who_asked_not_to_be_contacted_is_not_put_in_a_case_nor_called(client, at_work):
    person, case = add(client, **PETRA, do_not_contact=True), make(client)
    answer = client.post(f"/api/persons/{person['id']}/ties", json={"case": case["id"]}, headers=AN)
    assert problem(answer, 409)["code"] == "person_not_to_contact"
    assert (
        problem(change(client, person, last_contact_on="2026-01-05"), 409)["code"] == "person_not_to_contact"
    )
    assert [one["id"] for one in listed(client, is_choice=True)["items"]] == []
    freed = good(change(client, person, do_not_contact=False, last_contact_on="2026-01-05"))
    assert freed["last_contact_on"] == "2026-01-05"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"legal_basis": "consent"}, "person_consent_unsaid"),
        ({"informed_on": "2020-01-01"}, "person_informed_early"),
        ({"informed_on": "2199-01-01"}, "person_day_to_come"),
        ({"acquisition_basis": "consent"}, "person_basis_unsaid"),
        ({"acquisition_basis_note": "zomaar"}, "person_basis_unsaid"),
    ],
)
def test_a_form_that_cannot_be_is_refused_with_the_way_out(client, at_work, wrong, code):
    assert add(client, status=422, **{**PETRA, **wrong})["code"] == code


def test_a_city_keeps_contacts_as_long_as_it_says_and_can_set_that_back(client, at_work):
    person = add(client, **PETRA, collected_on="2025-01-01")
    params = {"municipality": NIS}
    before = good(client.get("/api/persons/retention", params=params))
    short = good(
        client.put("/api/persons/retention", params=params, json={"prospect_months": 1, **WHY}, headers=AN)
    )
    assert short["was"]["prospect_months"] == before["prospect_months"] == 24
    assert [(one["person_id"], one["rule"], one["keep_until"]) for one in short["due"]] == [
        (person["id"], "prospect", "2025-02-01")
    ]
    back = client.put("/api/persons/retention", params=params, json={**short["was"], **WHY}, headers=AN)
    assert good(back)["prospect_months"] == 24
    problem(
        client.put("/api/persons/retention", params=params, json={"log_months": 0, **WHY}, headers=AN), 422
    )


def test_the_command_shows_what_is_due_and_erases_only_when_told(client, at_work):
    add(client, **PETRA, collected_on="2020-01-01")
    write("ALTER TABLE crm.access_log DISABLE TRIGGER keep_log")
    write("UPDATE crm.access_log SET at = now() - interval '25 months'")
    write("ALTER TABLE crm.access_log ENABLE TRIGGER keep_log")
    shown = CliRunner().invoke(cli, ["persons", "retention"])
    assert "rule prospect, kept until 2022-01-01" in shown.output
    assert "nothing was erased" in shown.output
    assert "Petra" not in shown.output
    assert len(rows("SELECT 1 FROM crm.person")) == 1
    done = CliRunner().invoke(cli, ["persons", "retention", "--apply", "--municipality", NIS])
    assert "1 contacts and 2 rows" in done.output.replace("\n", " ")
    assert rows("SELECT 1 FROM crm.person") == []
    assert rows("SELECT reason, months_kept > 50 FROM crm.erasure") == [("prospect", True)]
    assert [row.action for row in log()] == ["erase"]
    assert "No contact" in CliRunner().invoke(cli, ["persons", "retention"]).output


def test_an_import_that_contacts_rest_on_is_not_undone(client, at_work):
    from sqlalchemy.orm import Session

    from api.db.store import undo_batch
    from api.db.store.undo import UndoRefused

    (batch,) = rows("SELECT batch_id FROM shop_unit WHERE id = :u", u=at_work.units["H2"])
    person = add(client, **PETRA, tie={"shop_unit": at_work.units["H2"]})
    with Session(get_engine()) as session, session.begin():
        for later in rows("SELECT id FROM import_batch WHERE id > :b ORDER BY id DESC", b=batch.batch_id):
            undo_batch(session, later.id)
    with pytest.raises(UndoRefused, match="1 contacts"), Session(get_engine()) as session, session.begin():
        undo_batch(session, batch.batch_id)
    assert good(client.get(f"/api/persons/{person['id']}", headers=AN))["ties"]


def test_the_database_itself_refuses_what_may_not_be(client, at_work):
    person = add(client, **PETRA)
    case = make(client)
    owner = add(client, **OWNER)
    for statement in (
        "UPDATE crm.person SET legal_basis = 'legitimate_interest' WHERE id = :p",
        "UPDATE crm.person SET legal_basis = 'consent', legal_basis_note = NULL WHERE id = :p",
        "UPDATE crm.person SET acquisition_basis = 'consent' WHERE id = :p",
        "UPDATE crm.person SET purpose = 'levy' WHERE id = :p",
        "INSERT INTO crm.person_tie (person_id, role, case_id, made_by) VALUES (:o, 'owner', :c, 'x')",
        (
            "INSERT INTO crm.person (nis_code, full_name, legal_basis, source, purpose, changed_by) "
            "VALUES ('99001', 'X', 'public_task', 'cadastre', 'acquisition', 'x')"
        ),
        "UPDATE crm.access_log SET officer = 'Niemand'",
        "DELETE FROM crm.access_log",
    ):
        values = {"p": person["id"], "c": case["id"], "o": owner["id"]}
        named = {name: value for name, value in values.items() if f":{name}" in statement}
        with pytest.raises(IntegrityError):
            write(statement, **named)
    with pytest.raises(IntegrityError):
        write("TRUNCATE crm.access_log")
