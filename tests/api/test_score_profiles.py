import math

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.db.session import get_engine
from api.score.builtin import BUILTIN
from api.score.criteria import BY_CODE
from tests.api.conftest import good, problem
from tests.town_database import EMPTY_NIS, NIS, rows

ASK = {"municipality": NIS}
SIMPLE = {
    "criteria": [
        {"code": "shops_around", "weight": 3, "low": 0, "high": 9},
        {"code": "floor_area_m2", "weight": 1, "direction": "ideal", "ideal": 100, "low": 0, "high": 200},
    ],
    "wishes": [{"code": "floor_area_m2", "low": 75}],
}


def ranking(client, key="general", **query):
    return good(client.get(f"/api/score-profiles/{key}/ranking", params=ASK | query))


def of(client, content, **query):
    return good(client.post("/api/score-rankings", params=ASK | query, json={"content": content}))


def by_unit(town, told, column):
    codes = {key: code for code, key in town.units.items()}
    return {codes[key]: value for key, value in zip(told["ids"], told[column], strict=True) if key in codes}


def given(content=SIMPLE, **changes):
    return {"municipality": NIS, "name": "Bakker met terras", "content": content, "made_by": "Lena"} | changes


def made(client, **changes):
    answer = client.post("/api/score-profiles", json=given(**changes))
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_every_profile_that_ships_names_known_indicators_branches_and_weighs_a_hundred(town):
    branches = {code for (code,) in rows("SELECT code FROM code_list WHERE scheme = 'branch'")}
    for code, profile in BUILTIN.items():
        assert {criterion.code for criterion in profile.criteria} <= set(BY_CODE)
        assert {*profile.good, *profile.bad, *profile.rivals} <= branches, code
        if code != "general":
            assert sum(criterion.weight for criterion in profile.criteria) == pytest.approx(1)


def test_every_indicator_and_every_profile_that_ships_has_labels(town):
    for scheme, codes in (("criterion", BY_CODE), ("score_profile", BUILTIN)):
        assert {code for (code,) in rows("SELECT code FROM code_list WHERE scheme = :s", s=scheme)} == set(
            codes
        )


def test_the_general_profile_ranks_as_the_list_does(client, town):
    told = ranking(client)
    stored = {
        row.shop_unit_id: (row.score, row.rank, row.rank_lower, row.rank_upper)
        for row in rows(
            "SELECT l.shop_unit_id, l.score, l.rank, l.rank_lower, l.rank_upper FROM location_score l "
            "JOIN current_run r ON r.id = l.run_id"
        )
    }
    found = zip(*(told[name] for name in ("ids", "score", "rank", "rank_lower", "rank_upper")), strict=True)
    for key, *figures in found:
        # What is stored of an interval is rounded, so the draws differ by a hair.
        assert figures[:2] == pytest.approx(stored[key][:2], abs=1e-3)
        if figures[1] is not None:
            assert figures[2:] == pytest.approx(stored[key][2:], abs=1)


def test_a_profile_on_paper(client, town):
    told = of(client, SIMPLE)
    score = by_unit(town, told, "score")
    # H3: three shops within 100 m, 80 m2: ln(1 + x) is not asked, so 3 x 3/9 of 100, and 80 of 100 to the ideal.
    assert score["H3"] == pytest.approx(0.75 * 100 * 3 / 9 + 0.25 * 80, abs=1e-3)
    # Of H6 the floor area is not known: the shops alone count, and the wish is not known to be met.
    assert told["unknown"] == {str(town.units["H6"]): [0]}
    # S2 has 70 m2, and 75 is the least.
    assert told["failed"] == {str(town.units["S2"]): [0]}
    assert by_unit(town, told, "is_out")["S2"] is True
    ranks = by_unit(town, told, "rank")
    assert ranks["S2"] is None
    assert sorted(ranks[code] for code in ("H2", "H3", "H6")) == [1, 2, 3]
    assert (told["candidates"], told["ranked"], told["out"]) == (4, 3, 1)
    assert ranks["H1"] is None
    assert by_unit(town, of(client, SIMPLE, state="occupied"), "rank")["H1"] is not None


def test_the_indicators_are_those_that_paper_gives(client, town):
    codes = ["spaces_200_m", "spaces_400_m", "frontage_m", "is_ground_floor", "vacancy_cluster", "rent_ratio"]
    content = {"criteria": [{"code": code, "weight": 1} for code in codes]}
    answer = good(
        client.post(
            f"/api/score-rankings/shop-units/{town.units['H3']}",
            params=ASK | {"lang": "nl"},
            json={"content": content},
        )
    )
    values = {each["code"]: each["value"] for each in answer["components"]}
    # H3 at x = 150: P1 (100 spaces) 150 m, P2 (40) 250 m, P3 of unknown size 250 m.
    assert (values["spaces_200_m"], values["spaces_400_m"]) == (100, 140)
    assert values["is_ground_floor"] == 1
    assert values["rent_ratio"] is None


def test_neighbours_and_competitors_are_counted_along_the_street(client, town):
    content = {
        "criteria": [
            {"code": "good_neighbours", "weight": 1},
            {"code": "competitors", "weight": 1, "direction": "less"},
        ],
        "good": ["restaurant", "clothing"],
        "rivals": ["supermarket"],
    }
    answer = good(
        client.post(
            f"/api/score-rankings/shop-units/{town.units['H3']}", params=ASK, json={"content": content}
        )
    )
    values = {each["code"]: each["value"] for each in answer["components"]}
    # H1 (clothing) 100 m away, S1 (restaurant) 50 + 50 m; within 400 m the supermarkets H4 and S5 (50 + 280).
    assert values == {"good_neighbours": 2, "competitors": 2}


def test_purchasing_power_without_any_income_is_unknown(client, town):
    content = {"criteria": [{"code": "purchasing_power", "weight": 1}, {"code": "shops_around", "weight": 1}]}
    assert set(of(client, content)["scaled"]["purchasing_power"]) == {None}


def test_an_explanation_adds_up_names_its_sources_and_ranks_without_each_criterion(client, town):
    path = f"/api/score-profiles/general/shop-units/{town.units['H2']}"
    told = good(client.get(path, params=ASK | {"lang": "en"}))
    assert sum(each["contribution"] for each in told["components"]) == pytest.approx(told["score"])
    footfall = told["components"][0]
    assert footfall["label"] == "Footfall at the door"
    assert footfall["lower"] < footfall["value"] < footfall["upper"]
    assert footfall["source"] == "Dataset town"
    assert {each["code"]: each["rank_without"] is not None for each in told["components"]} == dict.fromkeys(
        [each["code"] for each in told["components"]], True
    )
    assert told["rank_lower"] <= told["rank"] <= told["rank_upper"] <= told["of"]
    assert 0 <= told["first_share"] <= told["top_share"] <= 1
    assert told["run"]["finished_at"]


def test_an_explanation_tells_of_each_hard_wish_what_is_needed_and_what_there_is(client, town):
    answer = client.post(
        f"/api/score-rankings/shop-units/{town.units['S2']}", params=ASK, json={"content": SIMPLE}
    )
    (wish,) = good(answer)["wishes"]
    assert (wish["verdict"], wish["value"], wish["low"], wish["unit"]) == ("failed", 70, 75, "m2")


def test_the_profiles_that_ship_come_first_and_another_municipality_sees_only_what_is_shared(
    client, own_town
):
    mine, shared = made(client), made(client, name="Apotheek", share_level="partners")
    listed = good(client.get("/api/score-profiles", params=ASK))["items"]
    assert [item["key"] for item in listed][: len(BUILTIN)] == list(BUILTIN)
    assert [item["name"] for item in listed][len(BUILTIN) :] == ["Apotheek", "Bakker met terras"]
    elsewhere = good(client.get("/api/score-profiles", params={"municipality": EMPTY_NIS}))["items"]
    assert [item["key"] for item in elsewhere if item["is_own"]] == [shared["key"]]
    hidden = client.get(f"/api/score-profiles/{mine['key']}", params={"municipality": EMPTY_NIS})
    assert problem(hidden, 404)["code"] == "profile_gone"


def test_a_change_is_a_new_version_and_an_earlier_one_can_be_written_again(client, own_town):
    first = made(client)
    path = f"/api/score-profiles/{first['key']}"
    changed = {**SIMPLE, "wishes": []}
    second = good(client.put(path, json=given(changed), headers={"If-Match": "1"}))
    assert (second["version"], second["content"]["wishes"]) == (2, [])
    third = good(client.put(path, json=given(first["content"]), headers={"If-Match": "2"}))
    assert third["content"] == first["content"]
    versions = good(client.get(f"{path}/versions", params=ASK))["items"]
    assert [item["version"] for item in versions] == [3, 2, 1]
    assert ranking(client, first["key"])["failed"] == {str(own_town.units["S2"]): [0]}


def test_who_writes_over_another_is_told_what_the_other_wrote(client, own_town):
    first = made(client)
    path = f"/api/score-profiles/{first['key']}"
    good(client.put(path, json=given(name="Van Tom", made_by="Tom"), headers={"If-Match": "1"}))
    refused = problem(client.put(path, json=given(), headers={"If-Match": "1"}), 412)
    assert (refused["code"], refused["values"]["by"]) == ("profile_changed", "Tom")
    assert refused["current"]["name"] == "Van Tom"
    assert good(client.get(path, params=ASK))["version"] == 2


def test_what_was_taken_away_is_gone_and_comes_back(client, own_town):
    first = made(client)
    path = f"/api/score-profiles/{first['key']}"
    removed = good(client.delete(path, params=ASK | {"made_by": "Tom"}, headers={"If-Match": "1"}))
    assert (removed["version"], removed["is_removed"], removed["made_by"]) == (2, True, "Tom")
    problem(client.get(path, params=ASK), 404)
    back = good(client.put(path, json=given(), headers={"If-Match": "2"}))
    assert (back["version"], back["is_removed"]) == (3, False)


def test_a_profile_of_another_municipality_cannot_be_written(client, own_town):
    shared = made(client, share_level="public")
    answer = client.put(
        f"/api/score-profiles/{shared['key']}",
        json=given(municipality=EMPTY_NIS),
        headers={"If-Match": "1"},
    )
    assert problem(answer, 403)["code"] == "profile_of_others"


def test_the_database_keeps_every_version(client, own_town):
    made(client)
    for statement in ("UPDATE score_profile SET name = 'x'", "DELETE FROM score_profile"):
        with pytest.raises(DBAPIError, match="added, never changed"), get_engine().begin() as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"criteria": [{"code": "footfall", "weight": 0}]}, "profile_weightless"),
        ({"criteria": [{"code": "footfall", "is_on": False}]}, "profile_weightless"),
        ({"criteria": [{"code": "footfall"}, {"code": "footfall"}]}, "profile_senseless"),
        ({"criteria": [{"code": "footfall", "low": 5, "high": 5}]}, "profile_senseless"),
        ({"criteria": [{"code": "footfall", "direction": "ideal"}]}, "profile_senseless"),
        ({"criteria": [{"code": "sea_view"}]}, None),
        ({"criteria": []}, None),
        ({"criteria": [{"code": "footfall"}], "wishes": [{"code": "footfall"}]}, None),
    ],
)
def test_a_profile_without_sense_is_refused_and_changes_nothing(client, own_town, content, code):
    refused = problem(client.post("/api/score-profiles", json=given(content)), 422)
    if code:
        assert refused["code"] == code
    assert refused["way_out"]
    problem(client.post("/api/score-rankings", params=ASK, json={"content": content}), 422)
    assert rows("SELECT 1 FROM score_profile") == []


def test_a_unit_off_the_streets_has_unknown_competitors_and_not_none(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE unit_indicators SET near = NULL, far = NULL WHERE shop_unit_id = :id"),
            {"id": own_town.units["H2"]},
        )
    content = {
        "criteria": [{"code": "competitors", "direction": "less"}, {"code": "floor_area_m2"}],
        "wishes": [{"code": "competitors", "high": 2}],
        "rivals": ["supermarket"],
    }
    told = of(client, content)
    assert told["unknown"] == {str(own_town.units["H2"]): [0]}
    assert by_unit(own_town, told, "rank")["H2"] is not None


def test_before_the_first_refresh_nothing_can_be_ranked(client, town):
    answer = client.get("/api/score-profiles/bakery/ranking", params={"municipality": EMPTY_NIS})
    assert problem(answer, 409)["way_out"] == "Run: ./kernkaart refresh"
    problem(client.get("/api/score-profiles/circus/ranking", params=ASK), 404)
    unit = client.get("/api/score-profiles/general/shop-units/999999", params=ASK)
    problem(unit, 404)


def test_every_profile_that_ships_ranks_the_town(client, town):
    for code in BUILTIN:
        told = ranking(client, code)
        scores = [value for value in told["score"] if value is not None]
        assert all(0 <= value <= 100 and not math.isnan(value) for value in scores), code
        assert set(told["scaled"]) == {item["code"] for item in told["criteria"]}
