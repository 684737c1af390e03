import datetime as dt

import pytest
from sqlalchemy import text

from api.db.session import get_engine
from api.refresh import refresh
from tests.api.conftest import good, problem, units
from tests.town_database import EMPTY_NIS, NIS, rows


def vacancy(client, **query):
    return good(client.get("/api/vacancy", params={"municipality": NIS, **query}))


def test_the_rate_is_vacant_over_vacant_and_occupied(client, town):
    answer = vacancy(client)
    # S3 is in an unknown state and S4 is a house: ten of the twelve are counted.
    assert answer["units"] == {"rate": 0.4, "numerator": 4, "denominator": 10}
    (unknown, house) = (
        {unit["local_code"] for unit in units(client, state=s)} for s in ("unknown", "non_retail")
    )
    assert (unknown, house) == ({"S3"}, {"S4"})


def test_the_rate_in_floor_area_is_given_at_nine_tenths_known(client, town):
    area = vacancy(client)["floor_area"]
    # H2, H3 and S2 are 120 + 80 + 70 m2; nobody knows how large H6 is.
    assert (area["numerator_m2"], area["denominator_m2"], area["coverage"]) == (270, 1210, pytest.approx(0.9))
    assert area["rate"] == pytest.approx(270 / 1210)
    assert area["reason"] is None


def test_a_core_has_its_own_rate_and_too_little_known_floor_area_is_said(client, town):
    (core,) = vacancy(client)["by_core"]
    assert (core["core_id"], core["name"]) == (town.core, "Kern")
    assert core["units"] == {"rate": pytest.approx(3 / 7), "numerator": 3, "denominator": 7}
    assert core["floor_area"]["coverage"] == pytest.approx(6 / 7)
    assert (core["floor_area"]["rate"], core["floor_area"]["reason"]) == (None, "coverage")


# Day: vacant, of how many. H6 fell vacant by 2021, H3 by mid 2024, H2 in June 2025; S2 was first seen in 2026.
PAST = {
    "2014-12-31": (0, 0),
    "2015-01-01": (0, 9),
    "2020-12-31": (0, 9),
    "2021-01-01": (1, 9),
    "2024-05-31": (1, 9),
    "2024-06-01": (2, 9),
    "2025-06-01": (3, 9),
    "2026-01-01": (4, 10),
}


@pytest.mark.parametrize("on", PAST)
def test_the_register_can_be_read_as_it_stood_on_any_day(client, town, on):
    vacant, counted = PAST[on]
    answer = vacancy(client, on=on)
    assert answer["on"] == on
    assert answer["units"] == {
        "rate": pytest.approx(vacant / counted) if counted else None,
        "numerator": vacant,
        "denominator": counted,
    }


def test_the_series_is_what_the_register_says_of_each_of_its_days(client, town):
    series = vacancy(client, on="2026-01-01")["series"]
    days = [point["on"] for point in series]
    assert days[0] == "2015-01-01"
    assert days[-1] == "2026-01-01"
    assert days == sorted(set(days))
    for point in series:
        at = vacancy(client, on=point["on"])["units"]
        assert (point["rate"], point["numerator"], point["denominator"]) == (
            at["rate"],
            at["numerator"],
            at["denominator"],
        )


def test_durations_are_told_at_the_day_that_is_asked_for(client, town):
    answer = vacancy(client, on="2026-01-01")
    # H2 half a year, H3 since its middle day in June 2023, H6 since 2020; of S2 nothing is known.
    assert answer["by_class"] == {"initial": 1, "long_term": 1, "structural": 1, "unknown": 1}
    # H3 began between June 2022 (structural) and June 2024 (long term).
    assert answer["uncertain_classes"] == 1
    assert vacancy(client, on="2021-06-01")["by_class"] == {
        "initial": 1,
        "long_term": 0,
        "structural": 0,
        "unknown": 0,
    }


def test_retail_only_leaves_out_what_trades_in_no_goods(client, town):
    answer = vacancy(client, scope="retail_only")
    # Of the occupied H1 (fashion), H4 (daily), H7 (home), S5 (daily) stay; H5 and S1 serve food.
    assert answer["units"] == {"rate": 0.5, "numerator": 4, "denominator": 8}
    assert answer["scope"] == "retail_only"


def test_every_figure_names_its_source_and_its_dates(client, town):
    answer = vacancy(client)
    assert answer["source"] == "Dataset town"
    assert (answer["surveyed_on"], answer["oldest_on"]) == ("2026-01-01", "2026-01-01")


def test_the_rate_of_a_municipality_is_one_wherever_it_is_told(client, town):
    asked = vacancy(client)["units"]
    listed = good(client.get(f"/api/municipalities/{NIS}"))["vacancy"]
    stored = rows(
        "SELECT i.value, i.numerator, i.denominator FROM indicator_value i JOIN current_run r ON r.id = i.run_id "
        "WHERE i.code = 'vacancy_rate_units' AND i.core_id IS NULL"
    )
    assert asked == listed == dict(zip(("rate", "numerator", "denominator"), stored[0], strict=True))


def test_nothing_known_is_no_rate_and_says_so(client, town):
    answer = good(client.get(f"/api/vacancy?municipality={EMPTY_NIS}"))
    assert answer["units"] == {"rate": None, "numerator": 0, "denominator": 0}
    assert answer["floor_area"]["reason"] == "no_units"
    assert (answer["by_core"], answer["series"], answer["surveyed_on"]) == ([], [], None)


def test_a_unit_that_was_split_counts_until_that_day_and_no_longer(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE shop_unit SET lifecycle = 'split', valid_to = '2025-01-01' WHERE local_code = 'H7'")
        )
    assert vacancy(client, on="2024-12-31")["units"]["denominator"] == 9
    assert vacancy(client, on="2025-01-01")["units"]["denominator"] == 8


def test_long_ago_nothing_was_known(client, town):
    answer = vacancy(client, on="1900-01-01")
    assert answer["units"]["denominator"] == 0
    assert answer["series"] == []
    for day in ("1899-12-31", "0001-01-01"):
        problem(client.get(f"/api/vacancy?municipality={NIS}&on={day}"), 422)


def test_nobody_knows_the_vacancy_of_tomorrow(client, town):
    for day in ((dt.datetime.now(dt.UTC) + dt.timedelta(days=2)).date().isoformat(), "9999-12-31"):
        body = problem(client.get(f"/api/vacancy?municipality={NIS}&on={day}"), 422)
        assert "future" in body["detail"]
    problem(client.get(f"/api/vacancy?municipality={NIS}&on=yesterday"), 422)
    problem(client.get(f"/api/vacancy?municipality={NIS}&scope=some"), 422)


# -- clusters -----------------------------------------------------------------------------------


def test_too_few_units_to_test_is_an_answer_in_three_languages(client, town):
    answer = client.get(f"/api/vacancy-clusters?municipality={NIS}")
    assert answer.headers["content-type"] == "application/geo+json"
    body = good(answer)
    assert body["features"] == []
    verdict = body["verdict"]
    assert (verdict["reason"], verdict["tested_units"], verdict["vacant"]) == ("too_few_units", 10, 4)
    assert verdict["message_nl"].startswith("Te weinig handelspanden")
    assert verdict["message_fr"].startswith("Trop peu de locaux")
    assert verdict["message_en"].startswith("Too few shop units")


def test_before_the_first_refresh_the_verdict_says_that_nothing_was_computed(client, town):
    verdict = good(client.get(f"/api/vacancy-clusters?municipality={EMPTY_NIS}"))["verdict"]
    assert verdict["reason"] == "not_computed"
    assert "kernkaart refresh" in verdict["message_en"]


@pytest.fixture
def clustered(own_town):
    """A second row of forty units behind the high street; the ten at its eastern end stand empty."""
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO shop_unit (nis_code, local_code, street, house_number, geom) "
                "SELECT '99001', 'B' || n, 'Back Row', n::text, "
                "st_setsrid(st_makepoint(70210 + 9.5 * n, 200001), 31370) FROM generate_series(1, 40) n"
            )
        )
        connection.execute(
            text(
                "INSERT INTO vacancy_spell (shop_unit_id, start_latest_on, start_basis) SELECT id, '2025-01-01', 'exact' "
                "FROM shop_unit WHERE local_code ~ '^B' AND house_number::int > 30"
            )
        )
        connection.execute(
            text(
                "INSERT INTO occupancy (shop_unit_id, period, branch_code) SELECT id, '[2020-01-01,)', 'books' "
                "FROM shop_unit WHERE local_code ~ '^B' AND house_number::int <= 30"
            )
        )
    refresh(NIS)
    return own_town


def test_vacant_units_that_stand_together_are_found_drawn_and_explained(client, clustered):
    body = good(client.get(f"/api/vacancy-clusters?municipality={NIS}"))
    assert body["verdict"]["tested_units"] == 50
    assert body["verdict"]["reason"] == "found"
    (cluster,) = body["features"]
    facts = cluster["properties"]
    assert facts["label"] == "Back Row"
    assert facts["vacant"] == 10
    assert facts["vacant"] > facts["expected"]
    assert facts["p_value"] <= 0.05
    assert cluster["geometry"]["type"] == "MultiPolygon"
    for language, words in (("nl", "staan leeg"), ("fr", "sont vides"), ("en", "are vacant")):
        assert (
            f"10 {'van de' if language == 'nl' else 'des' if language == 'fr' else 'of the'}"
            in facts[f"sentence_{language}"]
        )
        assert words in facts[f"sentence_{language}"]


def test_the_units_of_a_cluster_know_it_and_can_be_listed_by_it(client, clustered):
    (cluster,) = good(client.get(f"/api/vacancy-clusters?municipality={NIS}"))["features"]
    members = units(client, cluster=cluster["id"])
    assert len(members) == cluster["properties"]["units"]
    assert sum(unit["state"] == "vacant" for unit in members) == 10
    unit = good(client.get(f"/api/shop-units/{members[0]['id']}?lang=fr"))
    assert unit["cluster"]["id"] == unit["cluster_id"] == cluster["id"]
    assert unit["cluster"]["sentence"] == cluster["properties"]["sentence_fr"]
    assert units(client, cluster=cluster["id"] + 1) == []


def test_a_file_of_clusters_holds_what_the_map_shows(client, clustered):
    (shown,) = good(client.get(f"/api/vacancy-clusters?municipality={NIS}"))["features"]
    (sent,) = good(client.get(f"/api/exports/vacancy-clusters.geojson?municipality={NIS}"))["features"]
    assert sent["geometry"] == shown["geometry"]
    for name in ("label", "units", "vacant", "expected", "relative_risk", "p_value", "null_model"):
        assert sent["properties"][name] == shown["properties"][name]
