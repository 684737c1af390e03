import csv
import datetime as dt
import io

import pytest
from sqlalchemy import text

from api.db.session import get_engine
from api.refresh import refresh
from tests.api.conftest import good, problem
from tests.town_database import EMPTY_NIS, NIS, import_readings, reading, rows, shop_unit_rows

PATHS = ("durations", "flows", "chains", "outlook", "expected")


def ask(client, what, **query):
    return good(client.get(f"/api/vacancy/{what}", params={"municipality": NIS, **query}))


def write(statement, **values):
    with get_engine().begin() as connection:
        return connection.execute(text(statement), values)


@pytest.fixture
def lively_town(own_town):
    """The paper town, where H1 and its neighbours fell empty and were let again ten times over."""
    write("DELETE FROM vacancy_spell")
    write("DELETE FROM occupancy")
    for number, code in enumerate(("H1", "H2", "H3", "H4", "H5")):
        unit = own_town.units[code]
        write(
            "INSERT INTO occupancy (shop_unit_id, period, occupant_name, branch_code) VALUES "
            "(:unit, '[2010-01-01,2015-01-01)', :name, 'clothing'), "
            "(:unit, '[2015-07-01,2020-01-01)', :name || ' B', 'clothing'), "
            "(:unit, '[2021-06-01,)', :name || ' C', 'clothing')",
            unit=unit,
            name=f"Shop {number}",
        )
        write(
            "INSERT INTO vacancy_spell (shop_unit_id, start_earliest_on, start_latest_on, start_basis, ended_on, "
            "end_reason) VALUES (:unit, '2015-01-01', '2015-01-01', 'exact', '2015-07-01', 'let'), "
            "(:unit, '2020-01-01', '2020-01-01', 'exact', '2021-06-01', 'let')",
            unit=unit,
        )
    write(
        "INSERT INTO vacancy_spell (shop_unit_id, start_earliest_on, start_latest_on, start_basis) "
        "VALUES (:unit, current_date - 60, current_date - 60, 'exact')",
        unit=own_town.units["H6"],
    )
    write("ANALYZE vacancy_spell")
    refresh(NIS)
    return own_town


def test_the_curve_is_told_with_what_it_rests_on(client, lively_town):
    answer = ask(client, "durations")
    whole = answer["whole"]
    assert (whole["spells"], whole["let"], whole["running"]) == (11, 10, 1)
    assert whole["method"] == "kaplan_meier"
    # Five were let after 181 days, five after 517: 6 and then 5 of the ten that are watched so long remain.
    assert [point["survival_share"] for point in whole["still_empty"]][:2] == [0.5, 0.5]
    assert whole["median_days"] == 181
    assert whole["let_within_a_year"]["chance"] == pytest.approx(0.5)
    assert (answer["level"], answer["fewest_let"]) == (0.95, 10)
    assert (answer["source"], answer["computed_at"] is not None) == ("Dataset town", True)
    (core,) = answer["groups"]
    assert (core["name"], core["code"]) == ("Kern", str(lively_town.core))
    assert answer["whole"]["classes"]["counts"]["initial"] == 1


@pytest.mark.parametrize("by", ["branch_group", "size"])
def test_a_group_with_too_few_is_not_measured_and_says_why(client, lively_town, by):
    groups = {group["code"]: group for group in ask(client, "durations", by=by)["groups"]}
    assert groups
    assert {group["reason"] for group in groups.values()} <= {"too_few_let", None}
    for group in groups.values():
        assert (group["reason"] is None) == (group["let"] >= 10)
        assert (group["curve"] == []) == (group["reason"] is not None)


def test_the_flows_close(client, lively_town):
    years = {year["year"]: year for year in ask(client, "flows")["years"]}
    assert (years[2015]["n_inflow"], years[2015]["n_let"]) == (5, 5)
    assert (years[2020]["n_inflow"], years[2020]["n_vacant_end"]) == (5, 5)
    assert (years[2021]["n_vacant_start"], years[2021]["n_let"], years[2021]["n_net"]) == (5, 5, -5)
    assert list(years.values())[-1]["n_vacant_end"] == 1


def test_a_vacant_unit_is_told_its_chance_and_from_which_group(client, lively_town):
    answer = good(client.get(f"/api/vacancy/prospects/{lively_town.units['H6']}"))
    told = answer["reletting"]
    assert answer["state"] == "vacant"
    # The one that stands empty for two months now says nothing more: 10 of 10 remain, half are let in the year.
    assert (told["months_empty"], told["n_at_risk"], told["reason"]) == (1, 11, None)
    assert 0 < told["chance_lower"] < told["chance"] < told["chance_upper"] < 1
    assert told["group"] in ("core", "all")
    trading = good(client.get(f"/api/vacancy/prospects/{lively_town.units['H1']}"))
    assert (trading["state"], trading["reletting"]) == ("occupied", None)


def test_too_little_history_gives_the_reason_and_no_figure(client, town):
    told = good(client.get(f"/api/vacancy/prospects/{town.units['H2']}"))["reletting"]
    assert (told["chance"], told["reason"]) == (None, "too_few_so_long")
    outlook = ask(client, "outlook")
    assert (outlook["is_model_used"], outlook["reason"], outlook["items"]) == (False, "too_few_events", [])
    assert outlook["base"]["unit_years"] > 0
    assert outlook["base"]["lower_share"] <= outlook["base"]["rate_share"] <= outlook["base"]["upper_share"]


@pytest.mark.parametrize("what", PATHS)
def test_a_municipality_without_anything_is_answered(client, town, what):
    answer = good(client.get(f"/api/vacancy/{what}", params={"municipality": EMPTY_NIS}))
    assert isinstance(answer, dict)
    problem(client.get(f"/api/vacancy/{what}", params={"municipality": "00000"}), 404)


def test_an_expected_vacancy_is_entered_put_away_and_taken_back(client, own_town):
    unit = own_town.units["H1"]
    given = {"shop_unit_id": unit, "kind": "lease_end", "expected_on": "2027-03-01", "source": " Krant "}
    made = client.post("/api/vacancy/expected", json=given)
    assert made.status_code == 201
    key = made.json()["id"]
    (entry,) = ask(client, "expected")["items"]
    assert (entry["address"], entry["label_nl"], entry["source"]) == (
        "High Street 1",
        "Huur loopt af",
        "Krant",
    )
    assert good(client.get(f"/api/vacancy/prospects/{unit}"))["expected"][0]["id"] == key
    assert client.delete(f"/api/vacancy/expected/{key}").status_code == 204
    assert ask(client, "outlook")["expected"] == []
    assert good(client.post(f"/api/vacancy/expected/{key}/restore"))["removed_at"] is None
    assert len(ask(client, "outlook")["expected"]) == 1
    problem(client.delete("/api/vacancy/expected/999999"), 404)
    foreign = {"origin": "https://elsewhere.example"}
    problem(client.post("/api/vacancy/expected", json=given, headers=foreign), 403)


def test_nothing_is_expected_of_a_unit_that_stands_empty_or_is_not_there(client, own_town):
    given = {"kind": "other", "shop_unit_id": own_town.units["H2"]}
    assert "empty already" in problem(client.post("/api/vacancy/expected", json=given), 409)["detail"]
    problem(client.post("/api/vacancy/expected", json={**given, "shop_unit_id": 10**9}), 404)
    problem(client.post("/api/vacancy/expected", json={**given, "kind": "death"}), 422)


@pytest.fixture
def moving_town(own_town):
    """Bakkerij Jan leaves H1 for H2, and Mode An fills H1 from S1."""
    write("DELETE FROM vacancy_spell")
    write("DELETE FROM occupancy")
    for code, period, name in (
        ("H1", "[2015-01-01,2020-03-01)", "Bakkerij Jan"),
        ("H2", "[2020-03-10,)", "BAKKERIJ JAN BV"),
        ("S1", "[2015-01-01,2020-06-01)", "Mode An"),
        ("H1", "[2020-06-15,)", "Mode An"),
        ("H5", "[2020-02-01,)", "Nieuw"),
    ):
        write(
            "INSERT INTO occupancy (shop_unit_id, period, occupant_name, branch_code) "
            "VALUES (:unit, :period, :name, 'clothing')",
            unit=own_town.units[code],
            period=period,
            name=name,
        )
    write(
        "INSERT INTO vacancy_spell (shop_unit_id, start_earliest_on, start_latest_on, start_basis) "
        "VALUES (:unit, '2020-06-01', '2020-06-01', 'exact')",
        unit=own_town.units["S1"],
    )
    return own_town


def _confirm(client, one, is_confirmed=True):
    given = {
        "occupancy_id": one["occupancy_id"],
        "from_unit_id": one["from"]["shop_unit_id"],
        "is_confirmed": is_confirmed,
    }
    answer = client.post("/api/vacancy/relocations", json=given)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def test_a_move_is_proposed_confirmed_chained_and_taken_back(client, moving_town):
    before = ask(client, "chains")
    assert [(one["name"], one["from"]["address"], one["to"]["address"]) for one in before["proposals"]] == [
        ("Mode An", "Side Street 1", "High Street 1"),
        ("BAKKERIJ JAN BV", "High Street 1", "High Street 2"),
    ]
    year = next(one for one in before["years"] if one["year"] == 2020)
    assert (year["n_openings"], year["n_closures"], year["n_net"], year["n_change"]) == (3, 2, 1, 1)
    keys = [_confirm(client, one) for one in before["proposals"]]
    after = ask(client, "chains")
    (chain,) = after["chains"]
    assert ([one["address"] for one in chain["emptied"]], [one["address"] for one in chain["filled"]]) == (
        ["Side Street 1"],
        ["High Street 2"],
    )
    assert (chain["n_net"], len(chain["moves"]), chain["is_cycle"]) == (0, 2, False)
    year = next(one for one in after["years"] if one["year"] == 2020)
    # Both moves count as zero: one newcomer is left of three openings.
    assert (year["n_new"], year["n_lost"], year["n_net"], year["n_change"]) == (1, 0, 1, 1)
    assert after["proposals"] == []
    assert client.delete(f"/api/vacancy/relocations/{keys[0]}").status_code == 204
    assert len(ask(client, "chains")["proposals"]) == 1
    assert rows("SELECT count(*) FROM occupancy WHERE moved_from_unit_id IS NOT NULL") == [(1,)]


def test_a_refused_proposal_does_not_come_back_until_it_is_taken_back(client, moving_town):
    one = ask(client, "chains")["proposals"][0]
    key = _confirm(client, one, is_confirmed=False)
    answer = ask(client, "chains")
    assert one["occupancy_id"] not in {each["occupancy_id"] for each in answer["proposals"]}
    assert answer["decided"][0]["is_confirmed"] is False
    assert client.delete(f"/api/vacancy/relocations/{key}").status_code == 204
    assert len(ask(client, "chains")["proposals"]) == 2
    problem(client.delete(f"/api/vacancy/relocations/{key}"), 404)


def test_a_move_that_makes_no_sense_is_refused(client, moving_town):
    one = ask(client, "chains")["proposals"][0]
    given = {"occupancy_id": one["occupancy_id"], "is_confirmed": True}
    own = {**given, "from_unit_id": one["to"]["shop_unit_id"]}
    problem(client.post("/api/vacancy/relocations", json=own), 422)
    problem(client.post("/api/vacancy/relocations", json={**given, "from_unit_id": 10**9}), 404)
    _confirm(client, one)
    other = {**given, "from_unit_id": moving_town.units["H7"]}
    problem(client.post("/api/vacancy/relocations", json=other), 409)


@pytest.mark.parametrize("what", ["durations", "flows", "chains", "outlook"])
def test_every_figure_can_be_taken_home(client, lively_town, what):
    answer = client.get(f"/api/exports/vacancy-{what}.csv", params={"municipality": NIS})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    if what == "durations":
        assert float(table[6]["survival_share"]) == pytest.approx(0.5)
        assert table[6]["source"] == "Dataset town"
    if what == "flows":
        assert table[0]["year"] == "2015"


def test_a_survey_may_say_which_unit_a_shop_left(own_town):
    survey = shop_unit_rows(seen_on=dt.date(2026, 6, 1)).set_index("local_code")
    survey["moved_from_local_code"] = None
    survey.loc["H2", ["status", "occupant_name", "branch_code"]] = ["occupied", "Shop H1", "clothing"]
    survey.loc["H1", "status"] = "vacant"
    survey.loc["H2", "moved_from_local_code"] = "H1"
    survey.loc["H3", ["status", "occupant_name", "moved_from_local_code"]] = ["occupied", "Nieuw", "H99"]
    import_readings([reading("shop_unit", survey.reset_index())])
    told = rows(
        "SELECT u.local_code, f.local_code, o.origin FROM occupancy o JOIN shop_unit u ON u.id = o.shop_unit_id "
        "LEFT JOIN shop_unit f ON f.id = o.moved_from_unit_id WHERE lower(o.period) = '2026-06-01' ORDER BY 1"
    )
    assert told == [("H2", "H1", "relocation_within"), ("H3", None, "unknown")]
    (refused,) = rows("SELECT column_name FROM import_refusal")
    assert refused == ("moved_from_local_code",)
