import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from api.db.session import get_engine
from api.refresh import refresh
from api.score.criteria import CRITERIA
from tests import town as paper
from tests.api.conftest import good, problem, units
from tests.town_database import EMPTY_NIS, NIS, rows

CODES = [item.code for item in CRITERIA]
DEFAULTS = {item.code: item.criterion.weight for item in CRITERIA}


def detail(client, town, code: str, **query):
    return good(client.get(f"/api/shop-units/{town.units[code]}", params=query))["score_detail"]


def values(client, town, code: str) -> dict:
    return {each["code"]: each["value"] for each in detail(client, town, code)["components"]}


def test_each_criterion_has_the_value_that_paper_gives(client, town):
    # H3 at x = 150: the anchor H4 stands 100 m away, P1 (100 spaces) 150 m, P2 (40) 250 m, P3 of unknown size 250 m.
    h3 = values(client, town, "H3")
    assert h3["anchors"] == pytest.approx(math.exp(-100 / 300))
    assert h3["parking"] == pytest.approx(100 * math.exp(-150 / 300) + 40 * math.exp(-250 / 300))
    # Within 100 m trade H1, H4 and S1 (50 + 50).
    assert h3["shops_around"] == 3
    # Everybody who is placed lives within ten minutes: 900 in the west and 400 in the north-east.
    assert h3["catchment_population"] == pytest.approx(1300)


def test_an_anchor_is_not_its_own_anchor(client, town):
    assert values(client, town, "H4")["anchors"] == 0


def test_parking_of_unknown_size_only_is_a_missing_value_and_not_none(client, town):
    # Within 400 m of S5 lies P3 alone.
    score = detail(client, town, "S5")
    parking = next(each for each in score["components"] if each["code"] == "parking")
    assert parking["value"] is None
    assert parking["scaled"] is None
    assert (parking["weight"], parking["contribution"]) == (0, 0)
    assert score["missing"] == ["parking"]


def test_the_points_of_the_components_add_up_to_the_score(client, town):
    for unit in units(client):
        score = detail(client, town, unit["local_code"])
        components = score["components"]
        assert [each["code"] for each in components] == CODES
        assert sum(each["contribution"] for each in components) == pytest.approx(score["value"])
        assert sum(each["weight"] for each in components) == pytest.approx(1)
        for each in components:
            if each["scaled"] is not None:
                assert each["contribution"] == pytest.approx(each["weight"] * each["scaled"])
        assert score["value"] == unit["score"]["value"]
        assert 0 <= score["value"] <= 100


def test_a_missing_criterion_leaves_its_weight_to_the_others_in_proportion(client, town):
    weights = {each["code"]: each["weight"] for each in detail(client, town, "S5")["components"]}
    known = {code: weight for code, weight in DEFAULTS.items() if code != "parking"}
    assert weights == pytest.approx(
        {code: weight / sum(known.values()) for code, weight in known.items()} | {"parking": 0}
    )


def test_a_component_tells_its_unit_source_date_and_interval(client, town):
    components = {each["code"]: each for each in detail(client, town, "H2", lang="en")["components"]}
    assert components["footfall"]["unit"] == "per_day"
    assert (
        components["footfall"]["lower"] <= components["footfall"]["value"] <= components["footfall"]["upper"]
    )
    assert components["footfall"]["note"] == "Estimated from 3 sensors."
    assert components["catchment_population"]["source"] == "Dataset town"
    assert components["catchment_population"]["observed_on"] == "2025"
    assert components["vacancy_around"]["observed_on"] == "2026-01-01"
    labels = {code: each["label"] for code, each in components.items()}
    assert len(set(labels.values())) == len(CODES)
    assert set(labels.values()).isdisjoint(CODES)


def test_labels_and_notes_are_in_the_language_asked_for(client, town):
    in_dutch, in_french = (detail(client, town, "H2", lang=code)["components"][0] for code in ("nl", "fr"))
    assert in_dutch["note"] == "Geschat op basis van 3 sensoren."
    assert in_french["note"] == "Estimé à partir de 3 capteurs."
    assert in_dutch["label"] != in_french["label"]


def test_a_score_tells_the_run_it_comes_from(client, town):
    run = detail(client, town, "H2")["run"]
    ((identity, version, code),) = rows("SELECT id, data_version, code_version FROM current_run")
    assert (run["id"], run["data_version"], run["code_version"]) == (identity, version, code)


def test_vacant_units_are_ranked_with_a_range_and_occupied_ones_are_not(client, town):
    listed = units(client)
    vacant = [unit for unit in listed if unit["state"] == "vacant"]
    assert sorted(unit["score"]["rank"] for unit in vacant) == [1, 2, 3, 4]
    by_score = sorted(vacant, key=lambda unit: -unit["score"]["value"])
    assert [unit["score"]["rank"] for unit in by_score] == [1, 2, 3, 4]
    for unit in vacant:
        score = unit["score"]
        assert 1 <= score["rank_lower"] <= score["rank_upper"] <= score["of"] == 4
    assert {unit["score"]["rank"] for unit in listed if unit["state"] != "vacant"} == {None}


def test_the_shares_of_first_places_add_up_to_one(client, town):
    first = [detail(client, town, code)["p_first"] for code in ("H2", "H3", "H6", "S2")]
    assert sum(first) == pytest.approx(1)
    assert detail(client, town, "H2")["p_top5"] == 1


# -- ranking under other weights ----------------------------------------------------------------


def test_ranked_under_the_default_weights_every_score_is_the_stored_one(client, town):
    answer = good(client.get(f"/api/scores?municipality={NIS}"))
    stored = {unit["id"]: unit["score"] for unit in units(client, state="vacant")}
    assert answer["total"] == 4
    assert answer["weights"] == DEFAULTS
    for unit in answer["items"]:
        assert unit["score"] == pytest.approx(stored[unit["id"]]["value"])
        assert unit["rank"] == stored[unit["id"]]["rank"]
        assert sum(unit["points"].values()) == pytest.approx(unit["score"])


WEIGHTS = st.fixed_dictionaries(
    {}, optional={code: st.sampled_from([0, 0.05, 1, 3.5, 100]) for code in CODES}
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weights=WEIGHTS, state=st.sampled_from(["vacant", "occupied"]))
def test_a_browser_that_weighs_the_points_itself_comes_to_the_same_ranking(client, town, weights, state):
    asked = {f"weight.{code}": weight for code, weight in weights.items()}
    answer = client.get("/api/scores", params={"municipality": NIS, "state": state, **asked})
    used = {**DEFAULTS, **weights}
    if not any(used.values()):
        problem(answer, 422)
        return
    points = good(client.get(f"/api/shop-units/points?municipality={NIS}"))
    expected = {}
    for row, unit in enumerate(points["ids"]):
        known = {
            code: points["scaled"][code][row] for code in CODES if points["scaled"][code][row] is not None
        }
        total = sum(used[code] for code in known)
        if points["state"][row] == state and total:
            expected[unit] = sum(used[code] * scaled for code, scaled in known.items()) / total
    found = {unit["id"]: unit["score"] for unit in good(answer)["items"]}
    assert found == pytest.approx(expected)
    assert [unit["rank"] for unit in answer.json()["items"]] == list(range(1, len(expected) + 1))
    in_order = [unit["score"] for unit in answer.json()["items"]]
    assert in_order == sorted(in_order, reverse=True)


def test_weights_need_not_add_up_to_one(client, town):
    once, tenfold = (
        good(
            client.get(
                "/api/scores",
                params={"municipality": NIS, **{f"weight.{c}": w * k for c, w in DEFAULTS.items()}},
            )
        )
        for k in (1, 10)
    )
    assert [u["id"] for u in once["items"]] == [u["id"] for u in tenfold["items"]]
    assert [u["score"] for u in once["items"]] == pytest.approx([u["score"] for u in tenfold["items"]])


def test_a_limit_cuts_the_list_and_not_the_total(client, town):
    answer = good(client.get(f"/api/scores?municipality={NIS}&limit=2"))
    assert ([unit["rank"] for unit in answer["items"]], answer["total"]) == ([1, 2], 4)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("weight.sunshine=1", "Choose from footfall"),
        ("weight.footfall=much", "0 or more"),
        ("weight.footfall=-1", "0 or more"),
        ("weight.footfall=nan", "0 or more"),
        ("weight.footfall=inf", "0 or more"),
        ("&".join(f"weight.{code}=0" for code in CODES), "at least one"),
        ("state=unknown", "allowed"),
        ("limit=0", "allowed"),
    ],
)
def test_weights_that_make_no_sense_are_answered_with_the_way_out(client, town, query, told):
    assert told in problem(client.get(f"/api/scores?municipality={NIS}&{query}"), 422)["way_out"]


def test_before_the_first_refresh_a_ranking_says_what_to_do(client, town):
    body = problem(client.get(f"/api/scores?municipality={EMPTY_NIS}"), 409)
    assert "kernkaart refresh" in body["way_out"]


# -- points for the map -------------------------------------------------------------------------


def test_the_columns_for_the_map_say_the_same_as_the_list(client, town):
    points = good(client.get(f"/api/shop-units/points?municipality={NIS}"))
    listed = {unit["id"]: unit for unit in units(client)}
    assert points["ids"] == sorted(listed)
    assert {
        len(column) for name, column in points.items() if isinstance(column, list) and name != "criteria"
    } == {12}
    for row, key in enumerate(points["ids"]):
        unit = listed[key]
        for name in (
            "lon",
            "lat",
            "state",
            "branch_group",
            "vacancy_class",
            "floor_area_m2",
            "core_id",
            "address",
            "name",
        ):
            assert points[name][row] == unit[name], name
        assert points["score"][row] == unit["score"]["value"]
        assert points["rank"][row] == unit["score"]["rank"]
        assert points["footfall_per_day"][row] == (unit["footfall_per_day"] or {"value": None})["value"]
        assert points["footfall_class"][row] == unit["footfall_class"]


def test_the_criteria_come_with_labels_weights_and_references(client, town):
    criteria = good(client.get(f"/api/shop-units/points?municipality={NIS}"))["criteria"]
    assert [each["code"] for each in criteria] == CODES
    for each in criteria:
        assert each["weight"] == DEFAULTS[each["code"]]
        assert all(each[f"label_{language}"] for language in ("nl", "fr", "en"))
        assert each["reference_low"] <= each["reference_high"]
        assert each["scale"] in {"linear", "log"}
        assert each["direction"] in {"more", "less"}


def test_the_version_of_the_columns_is_their_etag(client, town):
    answer = client.get(f"/api/shop-units/points?municipality={NIS}")
    assert good(answer)["version"] == answer.headers["etag"]


def test_without_a_refresh_the_columns_hold_no_scores_and_no_references(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM analysis_run"))
    points = good(client.get(f"/api/shop-units/points?municipality={NIS}"))
    assert set(points["score"]) == {None}
    assert {value for column in points["scaled"].values() for value in column} == {None}
    assert {each["reference_low"] for each in points["criteria"]} == {None}
    assert len(points["ids"]) == 12


def test_without_parking_and_anchors_they_are_missing_and_the_rest_is_scored(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM parking_zone"))
        connection.execute(text("UPDATE occupancy SET is_anchor = false"))
    refresh(NIS)
    score = detail(client, own_town, "H2")
    assert score["missing"] == ["anchors", "parking"]
    assert sum(each["weight"] for each in score["components"]) == pytest.approx(1)
    assert score["value"] > 0


def test_the_paper_town_is_scored_on_what_is_near(client, town):
    # Fewer shops around, further from everything: the end of the side street is the worst place of the town.
    scores = {unit["local_code"]: unit["score"]["value"] for unit in units(client)}
    assert min(scores, key=scores.get) in {"S5", "S4", "H7"}
    assert set(scores) == set(paper.UNITS)
