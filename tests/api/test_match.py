import csv
import io

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.db.codes import MATCH_OFFER, MATCH_WISH
from api.db.session import get_engine
from api.match.schemas import WishCode
from tests.api.conftest import good, problem
from tests.town_database import EMPTY_NIS, NIS, rows

ASK = {"municipality": NIS}
AN = {"Kernkaart-Officer": "An"}
BAKERY = [
    {"code": "floor_area_m2", "low": 75, "high": 130},
    {"code": "neighbours_wanted", "branches": ["restaurant"], "reach_m": 100, "is_hard": False},
    {"code": "spaces_200_m", "low": 120, "is_hard": False},
]


@pytest.fixture
def at_work(own_town, client):
    return own_town


def body(wishes=BAKERY, **changes):
    return {"municipality": NIS, "name": "Bakker", "content": {"wishes": wishes}} | changes


def made(client, wishes=BAKERY, **changes):
    answer = client.post("/api/requirement-profiles", json=body(wishes, **changes), headers=AN)
    assert answer.status_code == 201, answer.text
    return answer.json()


def matches(client, profile, **query):
    return good(client.get(f"/api/requirement-profiles/{profile['key']}/matches", params=ASK | query))


def by_code(town, told):
    codes = {key: code for code, key in town.units.items()}
    return {codes[item["shop_unit_id"]]: item for item in told["items"]}


def sql(statement, **values):
    with get_engine().begin() as connection:
        connection.execute(text(statement), values)


def change(client, profile, officer=AN, **changes):
    headers = {**officer, "If-Match": str(profile["version"])}
    return client.put(f"/api/requirement-profiles/{profile['key']}", json=body(**changes), headers=headers)


def test_every_wish_and_offer_has_labels_and_the_api_knows_the_wishes_of_the_code_list(town):
    for scheme, codes in (("match_wish", MATCH_WISH), ("match_offer", MATCH_OFFER)):
        assert {code for (code,) in rows("SELECT code FROM code_list WHERE scheme = :s", s=scheme)} == set(
            codes
        )
    assert WishCode.__args__ == MATCH_WISH


def test_units_for_a_bakery_on_paper(client, at_work):
    told = matches(client, made(client))
    units = by_code(at_work, told)
    assert {code: item["verdict"] for code, item in units.items()} == {
        "H2": "fits", "H3": "fits", "H6": "unclear", "S2": "out",
    }  # fmt: skip
    assert (told["offered"], told["fits"], told["unclear"], told["out"]) == (4, 2, 1, 1)
    # S2 has 70 m2 and 75 is asked: both numbers are told.
    assert units["S2"]["answers"][0] == {"value": 70, "verdict": "failed"}
    assert (told["wishes"][0]["low"], told["wishes"][0]["unit"]) == (75, "m2")
    assert (units["S2"]["hard_failed"], units["S2"]["rank"]) == (1, None)
    # Of H6 nobody knows the floor area: it can be the best, and it can fall out.
    assert units["H6"]["answers"][0] == {"value": None, "verdict": "unknown"}
    assert (units["H6"]["unknown"], units["H6"]["may_fall_out"]) == (1, True)
    # H3 has the restaurant S1 within 100 m along the streets, H2 has not; both have 100 spaces within 200 m or more.
    assert units["H3"]["answers"][1] == {"value": 1, "verdict": "met"}
    assert units["H2"]["answers"][1]["verdict"] == "failed"
    assert (units["H3"]["rank"], units["H2"]["rank"]) == (1, 2)
    assert [item["shop_unit_id"] for item in told["items"]][-1] == at_work.units["S2"]


def test_a_score_parts_units_that_meet_as_many_wishes(client, at_work):
    alike = [{"code": "floor_area_m2", "low": 75}]
    plain = by_code(at_work, matches(client, made(client, alike)))
    assert plain["H2"]["rank"] == plain["H3"]["rank"] == 1
    assert plain["H2"]["score"] is None
    scored = by_code(at_work, matches(client, made(client, alike, score_profile="general")))
    first, second = sorted(("H2", "H3"), key=lambda code: -scored[code]["score"])
    assert (scored[first]["rank"], scored[second]["rank"]) == (1, 2)


def test_profiles_for_a_unit_with_both_numbers_of_what_fails(client, at_work):
    made(client)
    made(client, [{"code": "floor_area_m2", "low": 120}], name="Supermarkt")
    made(client, [{"code": "is_terrace_possible"}], name="Terras")
    told = good(client.get(f"/api/shop-units/{at_work.units['H3']}/candidates"))
    assert [(item["profile"]["name"], item["verdict"]) for item in told["items"]] == [
        ("Bakker", "fits"), ("Terras", "unclear"), ("Supermarkt", "out"),
    ]  # fmt: skip
    failed = told["items"][2]
    assert (failed["answers"][0]["value"], failed["wishes"][0]["low"]) == (80, 120)
    # Also of a unit in use one may ask.
    assert good(client.get(f"/api/shop-units/{at_work.units['H1']}/candidates"))["offer"] is None
    problem(client.get("/api/shop-units/999999/candidates"), 404)


def test_units_in_temporary_use_and_those_that_may_fall_empty_are_looked_at_when_asked(client, at_work):
    profile = made(client, [{"code": "is_in_core"}])
    sql(
        "INSERT INTO expected_vacancy (nis_code, shop_unit_id, kind, expected_on) "
        "VALUES (:nis, :unit, 'lease_end', '2027-03-01')",
        nis=NIS,
        unit=at_work.units["H5"],
    )
    sql(
        "UPDATE vacancy_spell SET market_status = 'temporary_use' WHERE shop_unit_id = :unit",
        unit=at_work.units["H3"],
    )
    units = by_code(at_work, matches(client, profile))
    assert (units["H5"]["offer"], units["H5"]["expected_on"]) == ("expected", "2027-03-01")
    assert (units["H3"]["offer"], units["H2"]["offer"]) == ("temporary", "vacant")
    assert set(by_code(at_work, matches(client, profile, expected=False, temporary=False))) == {
        "H2",
        "H6",
        "S2",
    }


def test_an_own_shop_too_near_knocks_out(client, at_work):
    # H1 stands 50 m from H2 and 100 m from H3; S3, of which nobody knows what is in it, stands 200 m from the corner.
    wishes = [{"code": "own_branch_m", "low": 75}]
    units = by_code(at_work, matches(client, made(client, wishes, prospect_name="SHOP H1 bv")))
    assert units["H2"]["answers"] == [{"value": 50, "verdict": "failed"}]
    assert units["H3"]["answers"] == [{"value": 100, "verdict": "met"}]
    far = by_code(
        at_work, matches(client, made(client, [{"code": "own_branch_m", "low": 150}], prospect_name="Nieuw"))
    )
    assert far["H2"]["answers"] == [{"value": None, "verdict": "met"}]
    assert far["S2"]["answers"] == [{"value": None, "verdict": "unknown"}]
    answer = client.post("/api/requirement-profiles", json=body(wishes), headers=AN)
    assert problem(answer, 422)["code"] == "requirement_unnamed"


def test_two_vacant_units_wall_to_wall_fit_together(client, at_work):
    profile = made(client, [{"code": "floor_area_m2", "low": 150}])
    assert matches(client, profile)["joined"] == []
    sql("UPDATE shop_unit SET floor_level = 'ground'")
    sql(
        "UPDATE parcel SET geom = st_multi(st_union(geom, st_translate(st_envelope(geom), 30, 0))) "
        "WHERE id = (SELECT parcel_id FROM shop_unit WHERE id = :unit)",
        unit=at_work.units["H2"],
    )
    (joined,) = matches(client, profile)["joined"]
    assert [unit["shop_unit_id"] for unit in joined["shop_units"]] == [
        at_work.units["H2"],
        at_work.units["H3"],
    ]
    assert (joined["floor_area_m2"], joined["answers"]) == (200, [{"value": 200, "verdict": "met"}])
    told = good(client.get(f"/api/shop-units/{at_work.units['H3']}/candidates"))
    assert told["items"][0]["joined"][0]["floor_area_m2"] == 200
    # From 70 m2 on H2 does alone, and there is nothing to join.
    assert matches(client, made(client, [{"code": "floor_area_m2", "low": 100}]))["joined"] == []


def test_the_table_says_the_same_with_reasons(client, at_work):
    profile = made(client)
    answer = client.get(f"/api/requirement-profiles/{profile['key']}/matches.csv", params=ASK)
    assert answer.headers["content-type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [int(row["shop_unit_id"]) for row in table] == [
        item["shop_unit_id"] for item in matches(client, profile)["items"]
    ]
    assert table[-1]["failed"].startswith("Winkelvloeroppervlakte: 70, vraagt >= 75 en <= 130")
    unclear = next(row for row in table if row["verdict"] == "unclear")
    assert unclear["unknown"] == "Winkelvloeroppervlakte"


def test_every_version_stays_and_what_was_taken_away_comes_back(client, at_work):
    first = made(client)
    second = good(change(client, first, name="Bakker met terras"))
    assert (second["version"], second["made_by"]) == (2, "An")
    stale = problem(change(client, first, officer={"Kernkaart-Officer": "Ben"}, name="Anders"), 412)
    assert (stale["code"], stale["current"]["name"]) == ("requirement_changed", "Bakker met terras")
    headers = {**AN, "If-Match": "2"}
    path = f"/api/requirement-profiles/{first['key']}"
    assert good(client.delete(path, params=ASK, headers=headers))["is_removed"]
    assert good(client.get("/api/requirement-profiles", params=ASK))["items"] == []
    assert problem(client.get(path, params=ASK), 404)["code"] == "requirement_gone"
    versions = good(client.get(f"{path}/versions", params=ASK))["items"]
    assert [each["version"] for each in versions] == [3, 2, 1]
    assert good(change(client, versions[0]))["version"] == 4
    assert good(client.get(path, params=ASK))["name"] == "Bakker"
    with pytest.raises(DBAPIError, match="added, never changed"):
        sql("UPDATE requirement_profile SET name = 'x'")


def test_what_makes_no_sense_is_refused(client, at_work):
    for wishes in (
        [],
        [{"code": "floor_area_m2"}],
        [{"code": "floor_area_m2", "low": 9, "high": 1}],
        [{"code": "neighbours_wanted"}],
        [{"code": "floor_area_m2", "low": 1, "branches": ["bakery"]}],
        [{"code": "is_in_core"}, {"code": "is_in_core"}],
    ):
        problem(client.post("/api/requirement-profiles", json=body(wishes), headers=AN), 422)
    answer = client.post("/api/requirement-profiles", json=body(branch_code="nothing"), headers=AN)
    assert problem(answer, 422)["code"] == "requirement_branch_unknown"
    answer = client.post("/api/requirement-profiles", json=body(case_id=77), headers=AN)
    assert problem(answer, 404)["code"] == "requirement_case_gone"
    problem(client.post("/api/requirement-profiles", json=body(score_profile="none"), headers=AN), 404)
    assert problem(client.post("/api/requirement-profiles", json=body()), 422)["code"] == "officer_missing"


def test_a_case_begins_with_a_unit_and_the_next_unit_joins_it(client, at_work):
    profile = made(client, prospect_name="De Goudkorst", branch_code="bakery")
    path = f"/api/requirement-profiles/{profile['key']}/cases"

    def begin(code):
        asked = {"shop_units": [at_work.units[code]]}
        answer = client.post(path, params=ASK, json=asked, headers=AN)
        assert answer.status_code == 201, answer.text
        return answer.json()

    first = begin("H2")
    case = first["case"]
    assert (case["title"], case["prospect_name"], case["branch_code"]) == ("Bakker", "De Goudkorst", "bakery")
    assert (case["min_m2"], case["max_m2"], case["needs"]) == (75, 130, ["parking_near"])
    assert (first["is_new"], first["profile"]["case_id"], first["profile"]["version"]) == (
        True,
        case["id"],
        2,
    )
    second = begin("H3")
    assert (second["is_new"], second["case"]["id"]) == (False, case["id"])
    assert [unit["shop_unit_id"] for unit in second["case"]["units"]] == [
        at_work.units["H2"],
        at_work.units["H3"],
    ]
    client.delete(f"/api/cases/{case['id']}", headers=AN)
    assert begin("H2")["is_new"]


def test_an_empty_municipality_has_nothing_to_match_and_does_not_see_what_others_keep(client, at_work):
    key = made(client)["key"]
    told = good(client.get("/api/requirement-profiles", params={"municipality": EMPTY_NIS}))
    assert told["items"] == []
    assert [kind["code"] for kind in told["wishes"]] == list(MATCH_WISH)
    problem(client.get(f"/api/requirement-profiles/{key}/matches", params={"municipality": EMPTY_NIS}), 404)
    own = made(client, municipality=EMPTY_NIS)
    answer = client.get(f"/api/requirement-profiles/{own['key']}/matches", params={"municipality": EMPTY_NIS})
    found = good(answer)
    assert (found["offered"], found["items"], found["joined"], found["computed_at"]) == (0, [], [], None)


def test_what_the_card_of_a_unit_says_goes_before_what_an_import_said(client, at_work):
    wishes = [
        {"code": "rent_eur_per_month", "high": 900},
        {"code": "is_terrace_possible"},
        {"code": "is_horeca_permitted"},
    ]
    profile = made(client, wishes)
    sql(
        "UPDATE shop_unit SET is_terrace_possible = false, is_horeca_permitted = true WHERE id = :id",
        id=at_work.units["H2"],
    )
    before = by_code(at_work, matches(client, profile))["H2"]["answers"]
    assert [answer["verdict"] for answer in before[1:]] == ["failed", "met"]
    sql(
        "INSERT INTO unit_card (shop_unit_id, rent_eur_per_month, is_terrace_possible, horeca, changed_by) "
        "VALUES (:id, 850, true, 'unfit', 'An')",
        id=at_work.units["H2"],
    )
    after = by_code(at_work, matches(client, profile))["H2"]["answers"]
    assert after == [
        {"value": 850, "verdict": "met"},
        {"value": True, "verdict": "met"},
        {"value": False, "verdict": "failed"},
    ]
