import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.acquisition.figure_queries import CASE_COLUMNS, cases
from api.commands.demo_cases import OPEN, make_demo_cases
from api.db.codes import CASE_PROCESS, CASE_STATE
from api.db.session import get_engine
from tests import town
from tests.api.conftest import good, problem
from tests.api.test_cases import QUALIFIED, at, make, negotiating, step, undone
from tests.api.test_editing import all_rows
from tests.town_database import EMPTY_NIS, NIS, rows

SIGNED_ON = town.TODAY + dt.timedelta(days=40)
LET_ON = dt.date(2021, 6, 1)


@pytest.fixture
def at_work(own_town, client):
    return own_town


def figures(client, nis=NIS):
    return good(client.get("/api/cases/figures", params={"municipality": nis}))


def test_the_funnel_counts_what_happened_and_not_what_was_taken_back(client, at_work):
    lost = step(client, make(client, **QUALIFIED), "qualified")
    step(client, lost, "lost", loss_reason="rent")
    undone(client, step(client, make(client, **QUALIFIED), "qualified"))
    signed = negotiating(client, at_work.units["H2"])
    signed = step(client, signed, "signed", shop_unit=at_work.units["H2"], on=str(SIGNED_ON))
    told = figures(client)
    funnel = {row["state"]: row for row in told["funnel"]}
    assert list(funnel) == list(CASE_PROCESS)
    assert [funnel[state]["n_reached"] for state in ("identified", "qualified", "contacted", "signed", "fit_out")] == [
        3, 2, 1, 1, 0,
    ]  # fmt: skip
    assert (funnel["qualified"]["n_on"], funnel["qualified"]["n_left"], funnel["identified"]["n_here"]) == (
        1,
        1,
        1,
    )
    assert funnel["qualified"]["on_share"] == 0.5
    assert told["losses"] == [{"reason": "rent", "n": 1}]
    assert told["filled"] == {"n": 1, "n_area_known": 1, "floor_area_m2": 120.0, "n_temporary": 0}
    # The case says that its branch is wished, but nobody confirmed it.
    assert (told["wished"]["share"], told["wished"]["of"]) == (0.0, 1)
    # Nobody was followed for a year.
    assert [one["share"] for one in told["stayed"]] == [None, None]


def test_a_lease_that_was_taken_back_fills_nothing(client, at_work):
    case = negotiating(client, at_work.units["H2"])
    case = step(client, case, "signed", shop_unit=at_work.units["H2"], on=str(SIGNED_ON))
    step(client, case, "visited")
    told = figures(client)
    assert told["filled"]["n"] == 0
    assert next(row for row in told["funnel"] if row["state"] == "signed")["n_reached"] == 0


def test_temporary_uses_are_told_apart(client, at_work):
    case = negotiating(client, at_work.units["H2"])
    step(client, case, "signed", shop_unit=at_work.units["H2"], on=str(SIGNED_ON), is_temporary=True)
    assert figures(client)["filled"] == {"n": 0, "n_area_known": 0, "floor_area_m2": 0.0, "n_temporary": 1}


def test_files_hold_the_same_figures(client, at_work):
    step(client, step(client, make(client, **QUALIFIED), "qualified"), "lost", loss_reason="size")
    table = client.get("/api/cases/figures.csv", params={"municipality": NIS})
    assert table.headers["content-type"].startswith("text/csv")
    head, *lines = [line.split(";") for line in table.text.lstrip("\ufeff").splitlines() if ";" in line]
    told = {line[0]: dict(zip(head, line, strict=True)) for line in lines}
    assert told["cases"]["n"] == "1"
    assert (told["filled_floor_area_m2"]["floor_area_m2"], told["filled_floor_area_m2"]["within"]) == (
        "0.0",
        "",
    )
    assert told["median_days_to_signing"]["within"] == ""
    assert {line["within"] for line in told.values()} <= {"", "12", "36", "90", "180", "365"}
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/api/cases/figures.xlsx", params={"municipality": NIS}).content)
    )
    assert book.sheetnames == ["funnel", "figures", "losses"]
    assert [cell.value for cell in book["losses"][2]] == ["size", 1]


def test_an_empty_municipality_has_no_figures_but_an_answer(client, town):
    told = figures(client, EMPTY_NIS)
    assert (told["n_cases"], told["median_days_to_signing"], told["wished"]["share"]) == (0, None, None)
    assert {row["n_reached"] for row in told["funnel"]} == {0}
    assert client.get("/api/cases/figures.csv", params={"municipality": EMPTY_NIS}).status_code == 200
    problem(client.get("/api/cases/figures", params={"municipality": "404"}), 404)


def opened_on(client, unit, on):
    case = step(client, negotiating(client, unit), "signed", shop_unit=unit, on=str(SIGNED_ON))
    return step(client, step(client, case, "fit_out"), "opened", on=str(on))


def write(statement, **values):
    with Session(get_engine()) as session, session.begin():
        session.execute(text(statement), values)


def traded(key):
    with Session(get_engine()) as session:
        frame = pd.DataFrame(cases(session, NIS), columns=list(CASE_COLUMNS)).set_index("id")
    return frame.loc[key, "traded_days"], bool(frame.loc[key, "is_closed"])


def test_a_shop_that_moved_trades_until_the_last_unit_it_went_on_in_is_closed(client, at_work):
    units = at_work.units
    case = opened_on(client, units["H2"], SIGNED_ON)
    moves = ((units["H2"], units["S2"], 50), (units["S2"], units["H3"], 80))
    for earlier, later, days in moves:
        on = SIGNED_ON + dt.timedelta(days=days)
        write(
            "UPDATE occupancy SET period = daterange(lower(period), :on) WHERE shop_unit_id = :u AND upper_inf(period)",
            u=earlier, on=on,
        )  # fmt: skip
        write("DELETE FROM occupancy WHERE shop_unit_id = :u", u=later)
        write("DELETE FROM vacancy_spell WHERE shop_unit_id = :u", u=later)
        write(
            "INSERT INTO occupancy (shop_unit_id, period, occupant_name, moved_from_unit_id) "
            "VALUES (:u, daterange(:on, NULL), 'De Goudkorst', :earlier)",
            u=later, on=on, earlier=earlier,
        )  # fmt: skip
    days, is_closed = traded(case["id"])
    assert days > 100
    assert not is_closed
    write(
        "UPDATE occupancy SET period = daterange(lower(period), :on) WHERE shop_unit_id = :u AND upper_inf(period)",
        u=units["H3"], on=SIGNED_ON + dt.timedelta(days=100),
    )  # fmt: skip
    assert traded(case["id"]) == (100, True)


def test_how_long_a_shop_traded_is_unknown_when_its_occupancy_is_gone_from_the_register(client, at_work):
    case = opened_on(client, at_work.units["H2"], SIGNED_ON)
    write("DELETE FROM occupancy WHERE id = :o", o=case["signed_occupancy_id"])
    days, is_closed = traded(case["id"])
    assert pd.isna(days)
    assert not is_closed
    assert figures(client)["stayed"][0]["of"] == 0


def let_in_the_past(unit):
    """A unit that stood empty and was let years ago, as the demo's history knows them."""
    with Session(get_engine()) as session, session.begin():
        for statement in (
            "UPDATE occupancy SET period = daterange(lower(period), '2020-01-01') WHERE shop_unit_id = :u",
            """INSERT INTO vacancy_spell (shop_unit_id, start_earliest_on, start_latest_on, start_basis, ended_on,
                end_reason) VALUES (:u, '2020-01-01', '2020-01-01', 'exact', :on, 'let')""",
            """INSERT INTO occupancy (shop_unit_id, period, occupant_name, branch_code, origin)
                VALUES (:u, daterange(:on, NULL), 'Oud Geluid', 'books', 'starter')""",
        ):
            session.execute(text(statement), {"u": unit, "on": LET_ON})


def demo(until):
    with Session(get_engine()) as session, session.begin():
        return make_demo_cases(session, NIS, until=until)


def test_the_demo_has_a_case_in_every_state_and_writes_nothing_in_the_register(client, at_work):
    let_in_the_past(at_work.units["H1"])
    before = all_rows()
    versions = rows("SELECT data_version FROM municipality ORDER BY nis_code")
    assert demo(LET_ON + dt.timedelta(days=1000)) == len(OPEN) + 1
    assert all_rows() == before
    assert rows("SELECT data_version FROM municipality ORDER BY nis_code") == versions
    states = {state for (state,) in rows("SELECT state FROM acquisition_case")}
    assert set(CASE_STATE) - states <= {"signed", "fit_out", "opened"}
    told = figures(client)
    assert told["first_on"] < "2021-06-01"
    # One shop, open since summer 2021, is open still.
    assert told["stayed"][1] == {"months": 36, "share": 1.0, "lower": None, "upper": None, "n": 1, "of": 1}
    assert {row["reason"] for row in told["losses"]} == {"size", "rent", "no_response"}


def test_the_demo_is_the_same_every_time(copy_town):
    told = []
    for _ in range(2):
        town = copy_town()
        let_in_the_past(town.units["H1"])
        demo(LET_ON + dt.timedelta(days=1000))
        told.append(
            rows("SELECT version, kind, before, after, changed_by, changed_at FROM case_change ORDER BY id")
        )
    assert told[0] == told[1]


def test_a_case_can_be_changed_after_the_demo_made_it(client, at_work):
    demo(town.TODAY)
    item = good(client.get("/api/cases", params={"municipality": NIS}))["items"][0]
    answer = client.patch(f"/api/cases/{item['id']}", json={"next_action": "Nieuw"}, headers=at(item))
    assert good(answer)["next_action"] == "Nieuw"
