import csv
import datetime as dt
import io

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import text

from api.db.session import get_engine
from tests import town as paper
from tests.api.conftest import good, problem
from tests.api.test_importing import imported, run
from tests.kbo import Company, establishment_number, tables, write_folder
from tests.town_database import EMPTY_NIS, NIS, rows

# High Street 2 and 3 are vacant, 1 sells clothes, 4 is a supermarket; Side Street 3 is unknown. Seen on paper.TODAY.
CONTRADICTIONS = [
    Company(1, "High Street", "2", "Nieuw", ("47711",), started="01-02-2026"),
    Company(2, "High Street", "3", "Oud", ("47711",), started="01-02-2012"),
    Company(3, "High Street", "1", "Tapas", ("56101",), started="01-02-2026"),
    Company(4, "High Street", "4", "Super", ("47112",), struck_off="15-02-2026"),
    Company(5, "High Street", "6", "Boekhouder", ("69201",)),
    Company(6, "Side Street", "2", "Jan Jansen", ("96021",), is_legal=False, started="01-02-2026"),
]


def execute(query: str, **values) -> None:
    with get_engine().begin() as connection:
        connection.execute(text(query), values)


@pytest.fixture
def known(own_town, tmp_path):
    """The town with its company register: its units were seen on the first of January."""
    execute(
        "UPDATE municipality SET postcodes = ARRAY['9999'], stale_months = 1000 WHERE nis_code = :nis",
        nis=NIS,
    )
    imported("companies", write_folder(tmp_path / "kbo", tables(CONTRADICTIONS)), "--municipality", NIS)
    return own_town


def worklist(client, **query) -> dict:
    return good(client.get("/api/worklist", params={"municipality": NIS, "lang": "nl", **query}))


def only(client, kind: str, **query) -> dict:
    (item,) = worklist(client, kind=kind, **query)["items"]
    return item


def decide(client, items: list[dict], verdict: str, status: int = 201, **more):
    named = ("shop_unit_id", "kind", "evidence_key")
    body = {
        "municipality": NIS,
        "items": [{name: item[name] for name in named} for item in items],
        "verdict": verdict,
        "by": "AB",
        **more,
    }
    answer = client.post("/api/worklist/decisions", json=body)
    if status != 201:
        return problem(answer, status)
    assert answer.status_code == 201, answer.text
    return answer.json()["decisions"]


def undo(client, decisions: list[int]):
    return client.post(
        "/api/worklist/decisions/undo", json={"municipality": NIS, "decisions": decisions, "by": "CD"}
    )


def state_of(code: str) -> tuple:
    query = "SELECT state, occupant_name, branch_code FROM shop_unit_state WHERE local_code = :code"
    return tuple(rows(query, code=code)[0])


def test_each_establishment_finds_the_one_unit_at_its_address(known):
    found = rows(
        "SELECT e.establishment_number, u.local_code, e.matched_by, e.candidates FROM company_establishment e "
        "LEFT JOIN shop_unit u ON u.id = e.shop_unit_id ORDER BY 1"
    )
    units = {1: "H2", 2: "H3", 3: "H1", 4: "H4", 5: "H6", 6: "S2"}
    assert [tuple(row) for row in found] == [
        (establishment_number(serial), code, "exact", 1) for serial, code in units.items()
    ]


def test_the_list_says_what_both_sources_say_with_their_days(client, known):
    item = only(client, "vacant_active", shop_unit=known.units["H2"])
    assert item["survey"]["says"] == ["Leeg sinds 01/06/2025"]
    assert item["survey"]["observed_on"] == str(paper.TODAY)
    (sentence,) = item["other"]["says"]
    assert sentence == f"Actief: Nieuw, Kleding, vestiging {establishment_number(1)}, sinds 01/02/2026"
    assert (item["other"]["source"], item["other"]["observed_on"]) == ("Ondernemingsregister", "2026-06-01")
    assert item["suggestion"] == "register_right"
    assert item["change"] == {
        "state": "occupied",
        "on": "2026-02-01",
        "occupant_name": "Nieuw",
        "branch_group": "fashion_luxury",
    }


def test_the_kinds_are_found_and_nothing_else_is(client, known):
    answer = worklist(client)
    found = {(item["kind"], item["address"]) for item in answer["items"]}
    assert found == {
        ("vacant_active", "High Street 2"),
        ("vacant_active", "High Street 3"),
        ("vacant_active", "Side Street 2"),
        ("other_branch", "High Street 1"),
        ("occupied_ended", "High Street 4"),
        ("state_unknown", "Side Street 3"),
    }
    assert answer["total"] == 6
    assert answer["kinds"] == {"vacant_active": 3, "other_branch": 1, "occupied_ended": 1, "state_unknown": 1}
    assert answer["streets"] == [{"street": "High Street", "items": 4}, {"street": "Side Street", "items": 2}]
    assert answer["companies"] == {"snapshot_on": "2026-06-01", "establishments": 6, "matched": 6}


def test_an_office_at_the_address_of_a_vacant_unit_is_no_contradiction(client, known):
    assert worklist(client, shop_unit=known.units["H6"])["items"] == []


def test_a_company_that_began_before_the_vacancy_was_probably_never_struck_off(client, known):
    assert only(client, "vacant_active", shop_unit=known.units["H3"])["suggestion"] == "survey_right"


def test_no_natural_person_is_named_anywhere(client, known):
    item = only(client, "vacant_active", shop_unit=known.units["S2"])
    assert "natuurlijk persoon" in item["other"]["says"][0]
    assert item["change"]["occupant_name"] is None
    assert "Jansen" not in client.get("/api/worklist", params={"municipality": NIS}).text


def test_the_same_question_in_other_languages(client, known):
    french = worklist(client, lang="fr", kind="vacant_active")["items"][0]
    assert french["survey"]["says"] == ["Vide depuis le 01/06/2025"]
    assert worklist(client, lang="en")["items"][0]["survey"]["source"].startswith("Survey")


def test_pages_follow_each_other_in_street_order_without_a_gap(client, known):
    every = [item["id"] for item in worklist(client)["items"]]
    for order in ("street", "oldest"):
        answer, pages = worklist(client, order=order, limit=2), []
        while True:
            pages += [item["id"] for item in answer["items"]]
            assert answer["total"] == 6
            if answer["next"] is None:
                break
            answer = good(client.get(answer["next"]))
        assert sorted(pages) == sorted(every)
        if order == "street":
            assert pages == every


def test_a_decision_settles_an_item_and_nothing_else_changes(client, known):
    before = state_of("H2")
    item = only(client, "vacant_active", shop_unit=known.units["H2"])
    (key,) = decide(client, [item], "survey_right", reason="Ramen dichtgeplakt")
    assert worklist(client, shop_unit=known.units["H2"])["items"] == []
    assert state_of("H2") == before
    settled = only(client, "vacant_active", status="settled")["decision"]
    assert (settled["id"], settled["verdict"], settled["by"]) == (key, "survey_right", "AB")
    assert settled["reason"] == "Ramen dichtgeplakt"
    assert undo(client, [key]).status_code == 201
    assert only(client, "vacant_active", shop_unit=known.units["H2"])["evidence_key"] == item["evidence_key"]
    assert "taken back already" in problem(undo(client, [key]), 409)["detail"]


def test_the_history_keeps_what_was_decided_by_whom_and_why_also_when_it_was_taken_back(client, known):
    def history(**query) -> dict:
        return good(client.get("/api/worklist/decisions", params={"municipality": NIS, **query}))

    assert history() == {"items": [], "next": None}
    item = only(client, "vacant_active", shop_unit=known.units["H3"])
    (first,) = decide(client, [item], "survey_right", reason="  Ramen dichtgeplakt ")
    other = only(client, "other_branch")
    (second,) = decide(client, [other], "not_same")
    newest, oldest = history()["items"]
    assert (newest["id"], oldest["id"]) == (second, first)
    assert (oldest["address"], oldest["reason"], oldest["verdict"]) == (
        "High Street 3",
        "Ramen dichtgeplakt",
        "survey_right",
    )
    assert (newest["reason"], newest["undone_at"], newest["is_written"]) == (None, None, False)
    undo(client, [first])
    assert [row["undone_by"] is not None for row in history()["items"]] == [False, True]
    assert [row["id"] for row in history(shop_unit=known.units["H3"])["items"]] == [first]
    page = history(limit=1)
    assert ([row["id"] for row in page["items"]], page["next"]) == ([second], second)
    assert [row["id"] for row in history(limit=1, before=page["next"])["items"]] == [first]
    empty = good(client.get("/api/worklist/decisions", params={"municipality": EMPTY_NIS}))
    assert empty == {"items": [], "next": None}


def test_a_newer_extract_with_the_same_facts_does_not_bring_it_back_but_new_facts_do(client, known, tmp_path):
    item = only(client, "vacant_active", shop_unit=known.units["H2"])
    decide(client, [item], "survey_right")
    later = tables(CONTRADICTIONS, snapshot="01-07-2026")
    imported("companies", write_folder(tmp_path / "july", later), "--municipality", NIS)
    assert worklist(client, shop_unit=known.units["H2"])["items"] == []
    more = [*CONTRADICTIONS, Company(9, "High Street", "2", "Nog een", ("47721",), started="01-07-2026")]
    path = write_folder(tmp_path / "august", tables(more, snapshot="01-08-2026"))
    imported("companies", path, "--municipality", NIS)
    again = only(client, "vacant_active", shop_unit=known.units["H2"])
    assert again["evidence_key"] != item["evidence_key"]
    assert len(again["other"]["says"]) == 2


def test_look_on_the_next_round_holds_until_somebody_looked(client, known):
    item = only(client, "vacant_active", shop_unit=known.units["H2"])
    decide(client, [item], "next_round")
    assert worklist(client, shop_unit=known.units["H2"])["items"] == []
    execute("UPDATE shop_unit SET last_seen_on = '2026-05-01' WHERE local_code = 'H2'")
    assert len(worklist(client, shop_unit=known.units["H2"])["items"]) == 1


def test_the_register_is_right_writes_an_occupancy_and_undo_takes_it_back(client, known):
    before = state_of("H2")
    item = only(client, "vacant_active", shop_unit=known.units["H2"])
    change = {"state": "occupied", "on": "2026-02-01", "occupant_name": "Nieuw", "branch_code": "shoes"}
    (key,) = decide(client, [item], "register_right", change=change)
    assert state_of("H2") == ("occupied", "Nieuw", "shoes")
    (spell,) = rows(
        "SELECT ended_on::text, end_reason FROM vacancy_spell v JOIN shop_unit u ON u.id = v.shop_unit_id "
        "WHERE u.local_code = 'H2'"
    )
    assert tuple(spell) == ("2026-02-01", "let")
    # Nobody was there: when it was last seen stays as it was.
    assert rows("SELECT last_seen_on FROM shop_unit WHERE local_code = 'H2'") == [(paper.TODAY,)]
    assert worklist(client, shop_unit=known.units["H2"])["items"] == []
    assert undo(client, [key]).status_code == 201
    assert state_of("H2") == before
    assert len(worklist(client, shop_unit=known.units["H2"])["items"]) == 1


def test_the_register_is_right_about_a_shop_that_stopped(client, known):
    item = only(client, "occupied_ended")
    assert (item["suggestion"], item["change"]["state"], item["change"]["on"]) == (
        "register_right",
        "vacant",
        "2026-02-15",
    )
    decide(client, [item], "register_right", change={"state": "vacant", "on": "2026-02-15"})
    assert state_of("H4")[0] == "vacant"


def test_another_branch_of_the_same_shop_is_filled_in(client, known):
    item = only(client, "other_branch")
    change = {"state": "occupied", "on": "2026-02-01", "occupant_name": "Tapas", "branch_code": "restaurant"}
    decide(client, [item], "register_right", change=change)
    assert state_of("H1") == ("occupied", "Tapas", "restaurant")
    assert worklist(client, shop_unit=known.units["H1"])["items"] == []


def test_what_the_history_does_not_allow_is_refused_whole(client, known):
    item = only(client, "vacant_active", shop_unit=known.units["H2"])
    early = {"state": "occupied", "on": "2025-12-01"}
    assert "saw the unit" in decide(client, [item], "register_right", 409, change=early)["detail"]
    same = {"state": "vacant", "on": "2026-03-01"}
    assert "says so already" in decide(client, [item], "register_right", 409, change=same)["detail"]
    assert rows("SELECT count(*) FROM worklist_decision") == [(0,)]
    assert rows("SELECT count(*) FROM import_batch WHERE source = 'worklist'") == [(0,)]


def test_a_decision_on_what_is_no_longer_so_is_refused(client, known):
    item = only(client, "vacant_active", shop_unit=known.units["H2"])
    decide(client, [item], "not_same")
    assert "Load the list again" in decide(client, [item], "survey_right", 412)["way_out"]
    other = only(client, "vacant_active", shop_unit=known.units["H3"])
    decide(client, [{**other, "evidence_key": "0" * 64}], "survey_right", 412)


@pytest.mark.parametrize(
    ("kind", "verdict", "more"),
    [
        ("state_unknown", "survey_right", {}),
        ("vacant_active", "register_right", {}),
        ("vacant_active", "survey_right", {"change": {"state": "vacant", "on": "2026-03-01"}}),
        ("vacant_active", "register_right", {"change": {"state": "vacant", "on": "2999-01-01"}}),
        (
            "vacant_active",
            "register_right",
            {"change": {"state": "vacant", "on": "2026-03-01", "branch_code": "x"}},
        ),
        ("vacant_active", "survey_right", {"by": "  "}),
    ],
)
def test_a_decision_that_makes_no_sense_is_malformed(client, known, kind, verdict, more):
    item = worklist(client, kind=kind)["items"][0]
    decide(client, [item], verdict, 422, **more)


def test_another_site_cannot_decide_and_an_unknown_decision_is_not_found(client, known):
    item = only(client, "state_unknown")
    body = {"municipality": NIS, "items": [], "verdict": "next_round", "by": "AB"}
    foreign = client.post(
        "/api/worklist/decisions", json=body, headers={"Origin": "https://elsewhere.example"}
    )
    problem(foreign, 403)
    problem(undo(client, [999_999]), 404)
    assert item["decision"] is None


def test_stale_units_are_put_on_the_next_round_at_once_and_taken_back_at_once(client, own_town):
    seen = dt.datetime.now(dt.UTC).date() - relativedelta(months=20)
    execute("UPDATE shop_unit SET last_seen_on = :day WHERE local_code LIKE 'H%'", day=seen)
    execute("UPDATE shop_unit SET last_seen_on = NULL WHERE local_code = 'S5'")
    items = worklist(client, kind="stale")["items"]
    assert len(items) == 8
    assert worklist(client, kind="stale", order="oldest")["items"][0]["address"] == "Side Street 5"
    keys = decide(client, items, "next_round")
    assert len(keys) == 8
    assert worklist(client, kind="stale")["total"] == 0
    assert undo(client, keys).status_code == 201
    assert worklist(client, kind="stale")["total"] == 8


@pytest.mark.parametrize(
    ("months", "freshness"), [(0, "fresh"), (5, "fresh"), (6, "ageing"), (17, "ageing"), (18, "stale")]
)
def test_freshness_has_its_borders_at_whole_months(client, own_town, months, freshness):
    execute(
        "UPDATE shop_unit SET last_seen_on = current_date - make_interval(months => :n) WHERE local_code = 'H1'",
        n=months,
    )
    execute("UPDATE shop_unit SET last_seen_on = NULL WHERE local_code = 'H2'")
    found = {
        one["local_code"]: one
        for one in good(client.get("/api/shop-units", params={"municipality": NIS}))["items"]
    }
    assert (found["H1"]["seen_months_ago"], found["H1"]["freshness"]) == (months, freshness)
    assert (found["H2"]["seen_months_ago"], found["H2"]["freshness"]) == (None, "never")
    points = good(client.get("/api/shop-units/points", params={"municipality": NIS}))
    at = points["ids"].index(own_town.units["H1"])
    assert points["freshness"][at] == freshness
    assert (points["fresh_months"], points["stale_months"]) == (6, 18)
    asked = {"municipality": NIS, "not_seen_months": months + 1}
    listed = {one["local_code"] for one in good(client.get("/api/shop-units", params=asked))["items"]}
    assert "H1" not in listed
    assert "H2" in listed


def test_a_municipality_chooses_its_own_months_and_the_answer_is_new(client, own_town):
    path = "/api/shop-units/points"
    first = client.get(path, params={"municipality": NIS}).headers["etag"]
    execute("UPDATE municipality SET fresh_months = 1, stale_months = 2 WHERE nis_code = :nis", nis=NIS)
    again = client.get(path, params={"municipality": NIS}, headers={"If-None-Match": first})
    assert again.status_code == 200
    assert again.json()["stale_months"] == 2


def test_a_shop_of_openstreetmap_at_a_vacant_unit_and_a_slip_in_temporary_use(client, own_town):
    execute("UPDATE municipality SET stale_months = 1000 WHERE nis_code = :nis", nis=NIS)
    execute(
        "INSERT INTO place_hint (nis_code, source_key, kind, name, tags, checked_on, geom) SELECT nis_code, 'osm/1', "
        "'shop=bakery', 'Brood', '{}', '2026-04-01', geom FROM shop_unit WHERE local_code = 'H2'"
    )
    execute(
        "UPDATE vacancy_spell SET market_status = 'temporary_use' WHERE shop_unit_id = :unit",
        unit=own_town.units["H3"],
    )
    hint = only(client, "vacant_hint")
    assert (hint["address"], hint["other"]["says"]) == ("High Street 2", ["Open: Brood, bakery"])
    assert hint["suggestion"] == "register_right"
    assert only(client, "temporary_clash")["address"] == "High Street 3"
    execute("UPDATE place_hint SET checked_on = '2024-01-01'")
    assert worklist(client, kind="vacant_hint")["items"] == []


def test_units_with_the_same_occupant_at_one_address_and_units_nowhere(client, own_town):
    execute("UPDATE municipality SET stale_months = 1000 WHERE nis_code = :nis", nis=NIS)
    execute("UPDATE shop_unit SET house_number = '4', box = '1' WHERE local_code = 'H5'")
    execute(
        "UPDATE occupancy SET occupant_name = ' shop h4' WHERE upper_inf(period) AND shop_unit_id = :unit",
        unit=own_town.units["H5"],
    )
    execute("UPDATE shop_unit SET street = 'Nowhere Lane', house_number = NULL WHERE local_code = 'S1'")
    twice = only(client, "same_occupant")
    assert (twice["address"], twice["other"]["says"]) == ("High Street 4", ["Ook in High Street 4 bus 1"])
    lost = only(client, "unplaced", shop_unit=own_town.units["S1"])
    assert lost["other"]["says"] == [
        "Nowhere Lane staat niet in het stratenbestand",
        "Geen huisnummer ingevuld",
    ]


def test_what_an_extract_no_longer_holds_has_ended_and_undo_brings_it_back(client, known, tmp_path):
    path = write_folder(tmp_path / "later", tables(CONTRADICTIONS[1:], snapshot="01-09-2026"))
    result = imported("companies", path, "--municipality", NIS)
    assert "1 establishments ended" in result.stdout
    assert worklist(client, shop_unit=known.units["H2"])["items"] == []
    gone = "SELECT establishment_number, gone_on::text FROM company_establishment WHERE gone_on IS NOT NULL"
    assert [tuple(row) for row in rows(gone)] == [(establishment_number(1), "2026-09-01")]
    ((batch,),) = rows("SELECT max(id) FROM import_batch")
    assert run("import", "--undo", batch).exit_code == 0
    assert rows(gone) == []
    assert len(worklist(client, shop_unit=known.units["H2"])["items"]) == 1


def test_the_same_extract_twice_changes_nothing_and_an_older_one_is_refused(known, tmp_path):
    query = "SELECT e::text FROM company_establishment e ORDER BY id"
    once = rows(query)
    assert len(once) == 6
    again = imported(
        "companies", write_folder(tmp_path / "kbo", tables(CONTRADICTIONS)), "--municipality", NIS
    )
    assert "changed rows" not in again.stdout
    older = write_folder(tmp_path / "older", tables(CONTRADICTIONS, snapshot="01-01-2026"))
    assert "refused rows" in imported("companies", older, "--municipality", NIS).stdout
    assert rows(query) == once


def test_an_address_that_is_written_anew_is_matched_anew(known):
    query = "SELECT e.shop_unit_id, e.candidates FROM company_establishment e WHERE e.establishment_number = :number"
    number = establishment_number(1)
    assert rows(query, number=number) == [(known.units["H2"], 1)]
    execute("UPDATE shop_unit SET house_number = '2' WHERE local_code = 'H7'")
    assert rows(query, number=number) == [(None, 2)]
    execute("UPDATE shop_unit SET box = '3' WHERE local_code = 'H7'")
    assert rows(query, number=number) == [(known.units["H2"], 1)]
    execute("UPDATE shop_unit SET street = 'HIGH-STREET', house_number = '02' WHERE local_code = 'H2'")
    assert rows(query, number=number) == [(known.units["H2"], 1)]
    execute("UPDATE shop_unit SET house_number = '1', house_number_end = '3' WHERE local_code = 'H2'")
    assert rows(query, number=number) == [(known.units["H7"], 1)]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Budastraat(Kor)", "budastr.", True),
        ("St.-Jansstraat", "Sint Jansstraat", True),
        ("Koning Leopold III-plein", "KONING LEOPOLD III PLEIN", True),
        ("Stationsstraat", "Sintationsstraat", False),
        ("Église", "eglise", True),
        ("Kerkstraat", "Kerkplein", False),
    ],
)
def test_streets_are_the_same_street_however_two_sources_write_them(town, one, other, is_same):
    assert rows("SELECT street_key(:one) = street_key(:other)", one=one, other=other) == [(is_same,)]


def test_a_decision_cannot_be_changed_only_undone(client, known):
    decide(client, [only(client, "state_unknown")], "next_round")
    with pytest.raises(Exception, match="A decision is not changed"):
        execute("UPDATE worklist_decision SET verdict = 'not_same'")


def test_the_file_holds_the_list_in_street_order_with_a_column_to_fill_in(client, known):
    answer = client.get("/api/worklist.csv", params={"municipality": NIS, "lang": "nl"})
    assert answer.status_code == 200, answer.text
    lines = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert lines[0][0] == "adres"
    assert lines[0][-1] == "vastgesteld ter plaatse"
    assert [line[0] for line in lines[1:]] == [item["address"] for item in worklist(client)["items"]]
    assert len(lines) == 7


def test_an_empty_municipality_has_an_empty_list_and_file(client, town):
    answer = good(client.get("/api/worklist", params={"municipality": EMPTY_NIS}))
    assert (answer["total"], answer["items"], answer["kinds"], answer["companies"]) == (0, [], {}, None)
    assert len(client.get("/api/worklist.csv", params={"municipality": EMPTY_NIS}).text.splitlines()) == 1
    assert (
        "GET /api/municipalities" in problem(client.get("/api/worklist?municipality=00000"), 404)["way_out"]
    )
    for bad in ("kind=nonsense", "cursor=xx", "limit=0"):
        problem(client.get(f"/api/worklist?municipality={EMPTY_NIS}&{bad}"), 422)


def test_the_view_for_qgis_shows_what_is_open(client, known):
    query = "SELECT id, kind FROM qgis.worklist WHERE nis_code = '99001' ORDER BY id"
    items = sorted((item["id"], item["kind"]) for item in worklist(client)["items"])
    assert [tuple(row) for row in rows(query)] == items
    decide(client, [only(client, "state_unknown")], "next_round")
    assert len(rows(query)) == len(items) - 1
