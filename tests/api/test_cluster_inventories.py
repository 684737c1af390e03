import csv
import io

import pytest
from sqlalchemy import text

from api.db.session import get_engine
from api.refresh import refresh
from tests.api.conftest import good, problem, units
from tests.town_database import EMPTY_NIS, NIS, rows

# East of the row ten fall vacant in two steps and are let in 2024; west of it nine stand vacant since 2023.
SPELLS = (
    ("east", "house_number::int BETWEEN 71 AND 78", "2021-06-01", "2024-06-01"),
    ("east", "house_number::int BETWEEN 79 AND 80", "2022-06-01", "2024-06-01"),
    ("west", "house_number::int BETWEEN 1 AND 9", "2023-06-01", None),
)


def write(statement: str, **values) -> None:
    with get_engine().begin() as connection:
        connection.execute(text(statement), values)


@pytest.fixture
def years(own_town):
    """A second row of eighty units behind the high street, known since the middle of 2019."""
    write(
        "INSERT INTO shop_unit (nis_code, local_code, street, house_number, floor_area_m2, geom) "
        "SELECT '99001', 'B' || n, 'Back Row', n::text, CASE WHEN n = 80 THEN NULL ELSE 50 END, "
        "st_setsrid(st_makepoint(70210 + 4.75 * n, 200001), 31370) FROM generate_series(1, 80) n"
    )
    for _, which, begin, end in SPELLS:
        write(
            "INSERT INTO vacancy_spell (shop_unit_id, start_earliest_on, start_latest_on, start_basis, ended_on) SELECT id, "
            f":begin, :begin, 'exact', :end FROM shop_unit WHERE local_code ~ '^B' AND {which}",
            begin=begin,
            end=end,
        )
        write(
            "INSERT INTO occupancy (shop_unit_id, period, branch_code) SELECT id, daterange('2019-06-01', :begin), 'books' "
            f"FROM shop_unit WHERE local_code ~ '^B' AND {which}",
            begin=begin,
        )
        if end:
            write(
                "INSERT INTO occupancy (shop_unit_id, period, branch_code) SELECT id, daterange(:end, NULL), 'books' "
                f"FROM shop_unit WHERE local_code ~ '^B' AND {which}",
                end=end,
            )
    write(
        "INSERT INTO occupancy (shop_unit_id, period, branch_code) SELECT id, '[2019-06-01,)', 'books' FROM shop_unit "
        "WHERE local_code ~ '^B' AND house_number::int BETWEEN 10 AND 70"
    )
    refresh(NIS)
    return own_town


def history(client, question="average"):
    return good(
        client.get("/api/vacancy-clusters/history", params={"municipality": NIS, "question": question})
    )


def clusters(client, **query):
    return good(
        client.get("/api/vacancy-clusters", params={"municipality": NIS, "question": "average", **query})
    )


def computed() -> dict[str, bool]:
    ((told,),) = rows("SELECT parameters->'cluster_inventories' FROM current_run")
    return {row["on"]: row["is_computed"] for row in told}


def stored() -> list[tuple]:
    found = rows(
        "SELECT s.as_of_on, s.question, s.tested_units, s.vacant, s.null_model, s.reason, s.lowest_p_value, c.label, "
        "c.units, c.vacant, c.expected, c.p_value, c.change, c.next_change, c.inventories, c.geom::text, "
        "(SELECT array_agg(u.shop_unit_id ORDER BY 1) FROM vacancy_cluster_unit u WHERE u.vacancy_cluster_id = c.id) "
        "FROM vacancy_scan s LEFT JOIN vacancy_cluster c ON c.scan_id = s.id ORDER BY 1, 2, c.p_value, 16"
    )
    return [tuple(row) for row in found]


def test_clusters_are_followed_from_one_inventory_to_the_next(client, years):
    found = history(client)["inventories"]
    days = [row["on"] for row in found]
    # Before the middle of 2019 the row was in an unknown state: no inventory.
    assert days[:7] == [f"{year}-01-01" for year in range(2020, 2027)]
    assert [row["is_today"] for row in found] == [False] * (len(found) - 1) + [True]
    by_year = {row["on"][:4]: row for row in found[:7]}
    assert [by_year[year]["reason"] for year in ("2020", "2021")] == ["too_few_vacant"] * 2
    words = {
        year: [
            (c["vacant"], c["change"], c["next_change"], c["inventories"]) for c in by_year[year]["clusters"]
        ]
        for year in ("2022", "2023", "2025", "2026")
    }
    assert words["2022"] == [(8, "new", "growing", 1)]
    assert words["2023"] == [(10, "growing", "stable", 2)]
    # H3 of the high street fell vacant beside it in June 2024.
    assert words["2025"] == [(10, "growing", "stable", 2)]
    assert words["2026"] == [(10, "stable", "stable", 3)]
    both = {c["change"]: (c["vacant"], c["next_change"]) for c in by_year["2024"]["clusters"]}
    assert both == {"stable": (10, "dissolved"), "new": (8, "growing")}


def test_links_name_the_clusters_beside_and_counts_follow_the_same_units(client, years):
    found = {row["on"][:4]: row for row in history(client)["inventories"][:7]}
    (first,), (second,) = found["2022"]["clusters"], found["2023"]["clusters"]
    assert first["to_ids"] == [second["id"]]
    assert second["from_ids"] == [first["id"]]
    counts = {point["on"][:4]: (point["vacant"], point["known"]) for point in second["vacant_over_time"][:6]}
    n = second["units"]
    assert counts == {
        "2020": (0, n), "2021": (0, n), "2022": (8, n), "2023": (10, n), "2024": (10, n), "2025": (0, n),
    }  # fmt: skip


def test_a_cluster_tells_its_floor_area_its_durations_and_how_it_was_tested(client, years):
    facts = {
        f["properties"]["vacant"]: f["properties"] for f in clusters(client, on="2024-01-01")["features"]
    }
    east = facts[10]
    # Ten of 50 m2, of one of which nobody knows it; eight stand vacant since 2021, two since 2022.
    assert (east["floor_area_m2"], east["without_floor_area"]) == (450, 1)
    assert (east["initial"], east["long_term"], east["structural"], east["unknown_duration"]) == (0, 10, 0, 0)
    assert (facts[8]["initial"], facts[8]["long_term"]) == (8, 0)
    assert east["replications"] == 999
    assert 0.001 <= east["p_value"] <= 0.05
    hits = round(east["p_value"] * 1000)
    assert f"op {hits} van 1000 kaarten" in east["sentence_nl"]
    assert "999 maps" in east["sentence_en"]
    assert len(east["unit_ids"]) == east["units"]


def test_the_day_asked_for_is_answered_with_the_last_inventory_before_it(client, years):
    assert clusters(client, on="2023-08-15")["verdict"]["on"] == "2023-01-01"
    assert clusters(client)["verdict"]["is_today"] is True
    too_early = clusters(client, on="2018-01-01")
    assert (too_early["verdict"]["reason"], too_early["features"]) == ("no_inventory", [])
    assert "latere dag" in too_early["verdict"]["message_nl"]


def test_clusters_that_dissolved_are_shown_when_asked_for(client, years):
    assert not any(f["properties"]["is_dissolved"] for f in clusters(client)["features"])
    gone = [f for f in clusters(client, with_dissolved=True)["features"] if f["properties"]["is_dissolved"]]
    (east,) = gone
    assert (east["properties"]["last_on"], east["properties"]["gone_on"]) == ("2024-01-01", "2025-01-01")
    assert "stonden leeg" in east["properties"]["sentence_nl"]
    # At the day it was still there it had not dissolved.
    then = clusters(client, on="2024-01-01", with_dissolved=True)["features"]
    assert not any(f["properties"]["is_dissolved"] for f in then)


def test_both_questions_are_asked_of_every_inventory(client, years):
    asked = rows("SELECT question, count(*), count(DISTINCT as_of_on) FROM vacancy_scan GROUP BY 1")
    assert len(asked) == 2
    assert len({tuple(row)[1:] for row in asked}) == 1
    assert rows(
        "SELECT count(*) FROM vacancy_scan WHERE question = 'average' AND null_model <> 'homogeneous'"
    ) == [(0,)]
    # Where location explains nothing, both have one answer.
    same = rows(
        "SELECT count(*) FROM vacancy_scan a JOIN vacancy_scan l USING (nis_code, as_of_on) WHERE a.question = 'average' "
        "AND l.question = 'location' AND l.null_model = 'homogeneous' AND a.lowest_p_value IS DISTINCT FROM l.lowest_p_value"
    )
    assert same == [(0,)]


def test_only_clusters_of_today_are_those_of_the_run(client, years):
    assert rows(
        "SELECT count(*) FROM vacancy_cluster c JOIN vacancy_scan s ON s.id = c.scan_id "
        "WHERE (c.run_id IS NOT NULL) <> (s.is_today AND s.question = 'location')"
    ) == [(0,)]
    shown = {f["id"] for f in clusters(client, question="location")["features"]}
    assert {unit["cluster_id"] for unit in units(client) if unit["cluster_id"]} == shown


def test_inventories_whose_data_did_not_change_are_kept(client, years):
    before = stored()
    assert all(computed().values())
    refresh(NIS)
    days = computed()
    assert list(days.values()) == [False] * (len(days) - 1) + [True]
    assert stored() == before


def test_a_correction_computes_the_inventories_it_concerns_and_no_other(client, years):
    write(
        "UPDATE vacancy_spell SET ended_on = '2023-06-01' WHERE shop_unit_id = "
        "(SELECT id FROM shop_unit WHERE local_code = 'B80')"
    )
    refresh(NIS)
    days = computed()
    assert [on for on, is_new in days.items() if is_new][:-1] == ["2024-01-01"]
    kept = stored()
    write("DELETE FROM vacancy_cluster WHERE run_id IS NULL")
    write("DELETE FROM vacancy_scan")
    refresh(NIS)
    assert all(computed().values())
    # What was kept is what computing everything anew gives.
    assert stored() == kept


def test_a_change_of_the_streets_computes_all_inventories_anew(client, years):
    write("UPDATE municipality SET street_version = street_version + 1 WHERE nis_code = :nis", nis=NIS)
    refresh(NIS)
    assert all(computed().values())


def test_a_unit_that_was_split_since_is_in_the_inventories_before(client, years):
    def tested():
        return {row["on"]: row["tested_units"] for row in history(client)["inventories"]}

    before = tested()
    write("UPDATE shop_unit SET lifecycle = 'split', valid_to = '2025-06-01' WHERE local_code = 'B40'")
    refresh(NIS)
    assert {on: before[on] - n for on, n in tested().items()} == {on: int(on > "2025-06-01") for on in before}


def test_looking_at_many_inventories_is_corrected_for(client, years):
    for row in history(client)["inventories"]:
        if row["lowest_p_value"] is None:
            assert row["p_value_over_inventories"] is None
        else:
            assert row["p_value_over_inventories"] >= row["lowest_p_value"]


def test_a_spreadsheet_of_clusters_holds_what_the_map_shows_and_what_dissolved(client, years):
    answer = client.get(f"/api/vacancy-clusters.csv?municipality={NIS}&question=average&lang=nl")
    assert answer.headers["content-type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    shown = clusters(client, with_dissolved=True)["features"]
    assert [int(row["id"]) for row in table] == [f["id"] for f in shown]
    assert table[0]["sentence"] == shown[0]["properties"]["sentence_nl"]
    assert [row["last_on"] for row in table] == ["", "2024-01-01"]


def test_a_vacant_unit_knows_how_many_of_its_neighbours_are_vacant(client, years):
    by_code = {unit["local_code"]: unit for unit in units(client)}
    vacant = good(client.get(f"/api/shop-units/{by_code['B5']['id']}?lang=nl"))["vacant_neighbours"]
    # Within 100 m along the row stand 21 on the east side; who else is near is told by the register.
    assert vacant["vacant"] >= 8
    assert vacant["units"] > vacant["vacant"]
    assert 0 < vacant["p_value"] <= vacant["q_value"] <= 1
    assert "buurpanden binnen 100 m staan leeg" in vacant["sentence"]
    trading = good(client.get(f"/api/shop-units/{by_code['B60']['id']}"))["vacant_neighbours"]
    assert trading is None


def test_where_nothing_was_computed_there_is_no_history(client, town):
    empty = {"municipality": EMPTY_NIS}
    assert good(client.get("/api/vacancy-clusters/history", params=empty))["inventories"] == []
    assert good(client.get("/api/vacancy-clusters", params=empty))["verdict"]["reason"] == "not_computed"
    table = client.get("/api/vacancy-clusters.csv", params=empty).content.decode("utf-8-sig")
    assert table.count("\n") == 1


def test_a_question_nobody_knows_is_refused(client, town):
    problem(client.get(f"/api/vacancy-clusters?municipality={NIS}&question=weather"), 422)
    problem(client.get(f"/api/vacancy-clusters/history?municipality={NIS}&question=weather"), 422)
    problem(client.get(f"/api/vacancy-clusters?municipality={NIS}&on=yesterday"), 422)
