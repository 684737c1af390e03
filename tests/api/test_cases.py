import contextlib
import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.acquisition import changing, rules
from api.db import codes
from api.db.session import get_engine
from api.db.store import undo_batch
from api.errors import KernkaartError
from tests import town
from tests.api.conftest import good, problem, writable_session
from tests.api.test_editing import all_rows, register_on
from tests.town_database import EMPTY_NIS, NIS, rows

AN, BEN = {"Kernkaart-Officer": "An"}, {"Kernkaart-Officer": "Ben%20D%C3%A9"}
SIGNED_ON = town.TODAY + dt.timedelta(days=40)
QUALIFIED = {
    "branch_code": "bakery", "is_wished": True, "min_m2": 60, "max_m2": 140, "max_rent_eur_per_month": 1500,
}  # fmt: skip


@pytest.fixture
def at_work(own_town, client):
    return own_town


def make(client, **more):
    body = {"title": "Bakker", "prospect_name": "De Goudkorst", **more}
    answer = client.post("/api/cases", params={"municipality": NIS}, json=body, headers=AN)
    assert answer.status_code == 201, answer.text
    return answer.json()


def at(case, who=AN):
    return {**who, "If-Match": f'"{case["version"]}"'}


def step(client, case, to, **more):
    return good(client.post(f"/api/cases/{case['id']}/step", json={"to": to, **more}, headers=at(case)))


def refused(client, case, to, **more):
    answer = client.post(f"/api/cases/{case['id']}/step", json={"to": to, **more}, headers=at(case))
    return problem(answer, 409)["code"]


def change(client, case, **more):
    return good(client.patch(f"/api/cases/{case['id']}", json=more, headers=at(case)))


def undone(client, case):
    return good(client.post(f"/api/cases/{case['id']}/undo", headers=at(case)))


def negotiating(client, unit, **more):
    case = make(client, shop_unit=unit, **QUALIFIED, **more)
    for to in ("qualified", "contacted", "in_dialogue"):
        case = step(client, case, to)
    case = step(client, case, "visit_planned", next_action_on="2026-02-01")
    for to in ("visited", "offer", "negotiation"):
        case = step(client, case, to)
    return case


def test_a_case_goes_from_idea_to_aftercare_and_the_unit_is_let_on_the_way(client, at_work):
    unit = at_work.units["H2"]
    before = register_on(SIGNED_ON - dt.timedelta(days=1))
    case = negotiating(client, unit)
    assert refused(client, case, "signed") == "case_needs_signed_unit"
    assert refused(client, case, "signed", shop_unit=unit) == "case_needs_signing_day"
    case = step(client, case, "signed", shop_unit=unit, on=str(SIGNED_ON))
    shop = good(client.get(f"/api/shop-units/{unit}"))
    assert (shop["state"], shop["name"]) == ("occupied", "De Goudkorst")
    (spell,) = rows(
        "SELECT ended_on, end_reason, market_status FROM vacancy_spell WHERE shop_unit_id = :u", u=unit
    )
    assert tuple(spell) == (SIGNED_ON, "let", "signed")
    assert register_on(SIGNED_ON - dt.timedelta(days=1)).equals(before)
    case = step(client, case, "fit_out")
    assert refused(client, case, "opened") == "case_needs_opening_day"
    assert (
        refused(client, case, "opened", on=str(SIGNED_ON - dt.timedelta(days=1))) == "case_needs_opening_day"
    )
    case = step(client, case, "opened", on=str(SIGNED_ON + dt.timedelta(days=30)))
    case = step(client, case, "aftercare")
    kinds = [one["after"].get("state") for one in reversed(case["changes"]) if one["kind"] == "state"]
    assert kinds == list(codes.CASE_PROCESS[1:])
    assert {one["changed_by"] for one in case["changes"]} == {"An"}


def test_undo_of_a_signing_brings_the_register_back_to_the_letter(client, at_work):
    unit = at_work.units["H2"]
    case = negotiating(client, unit)
    before = all_rows()
    case = step(client, case, "signed", shop_unit=unit, on=str(SIGNED_ON))
    assert all_rows() != before
    case = undone(client, case)
    assert (case["state"], case["signed_on"]) == ("negotiation", None)
    assert all_rows() == before
    assert [one["kind"] for one in case["changes"][:2]] == ["undone", "state"]


def test_stepping_back_over_the_signing_takes_the_lease_back_and_cannot_itself_be_undone(client, at_work):
    unit = at_work.units["H2"]
    case = negotiating(client, unit)
    before = all_rows()
    case = step(client, case, "signed", shop_unit=unit, on=str(SIGNED_ON))
    case = step(client, step(client, case, "fit_out"), "visited")
    assert all_rows() == before
    assert not case["can_undo"]
    answer = client.post(f"/api/cases/{case['id']}/undo", headers=at(case))
    assert problem(answer, 409)["code"] == "case_nothing_to_undo"


def test_an_import_undo_of_what_a_signing_wrote_brings_the_case_back_too(client, at_work):
    unit = at_work.units["H2"]
    case = step(client, negotiating(client, unit), "signed", shop_unit=unit, on=str(SIGNED_ON))
    with Session(get_engine()) as session, session.begin():
        undo_batch(session, case["signed_batch_id"])
    now = good(client.get(f"/api/cases/{case['id']}"))
    assert (now["state"], now["signed_unit_id"]) == ("negotiation", None)
    assert now["changes"][0]["changed_by"] == "import undo"


def test_temporary_use_leaves_the_spell_open(client, at_work):
    unit = at_work.units["H2"]
    case = negotiating(client, unit)
    before = all_rows()
    case = step(client, case, "signed", shop_unit=unit, on=str(SIGNED_ON), is_temporary=True)
    (spell,) = rows("SELECT ended_on, market_status FROM vacancy_spell WHERE shop_unit_id = :u", u=unit)
    assert tuple(spell) == (None, "temporary_use")
    assert rows("SELECT is_popup FROM occupancy WHERE id = :o", o=case["signed_occupancy_id"]) == [(True,)]
    assert good(client.get(f"/api/shop-units/{unit}"))["state"] == "vacant"
    undone(client, case)
    assert all_rows() == before


def test_a_lease_ends_the_temporary_use_before_it(client, at_work):
    unit = at_work.units["H2"]
    step(client, negotiating(client, unit), "signed", shop_unit=unit, on=str(SIGNED_ON), is_temporary=True)
    other = negotiating(client, unit, title="Blijver")
    assert (
        refused(client, other, "signed", shop_unit=unit, on=str(SIGNED_ON), occupant_name="Blijver")
        == "temporary_use_there"
    )
    later = SIGNED_ON + dt.timedelta(days=20)
    other = step(client, other, "signed", shop_unit=unit, on=str(later), occupant_name="Blijver")
    periods = rows(
        "SELECT upper(period), is_popup FROM occupancy WHERE shop_unit_id = :u ORDER BY period", u=unit
    )
    assert [tuple(one) for one in periods[-2:]] == [(later, True), (None, False)]


def test_a_lease_that_the_register_holds_already_is_linked_and_not_written_again(client, at_work):
    unit = at_work.units["H1"]
    case = negotiating(client, unit, title="Gezien")
    case = change(client, case, prospect_name="shop h1")
    before = all_rows()
    case = step(client, case, "signed", shop_unit=unit, on=str(SIGNED_ON))
    assert case["signed_batch_id"] is None
    assert case["signed_occupancy_id"] is not None
    assert all_rows() == before
    assert undone(client, case)["state"] == "negotiation"


def test_a_unit_that_cannot_be_let_is_refused_with_the_reason(client, at_work):
    case = negotiating(client, at_work.units["H1"])
    assert (
        refused(client, case, "signed", shop_unit=at_work.units["H1"], on=str(SIGNED_ON)) == "unit_not_vacant"
    )
    assert (
        refused(client, case, "signed", shop_unit=at_work.units["H2"], on=str(SIGNED_ON))
        == "case_needs_signed_unit"
    )
    far = client.post(
        f"/api/cases/{case['id']}/step",
        json={"to": "signed", "shop_unit": at_work.units["H1"], "on": "2100-01-01"},
        headers=at(case),
    )
    assert problem(far, 422)["code"] == "lease_to_come"
    early = negotiating(client, at_work.units["H2"])
    assert (
        refused(client, early, "signed", shop_unit=at_work.units["H2"], on="2020-01-01")
        == "vacant_since_later"
    )


@pytest.mark.parametrize(
    ("lacks", "code"),
    [
        ("branch_code", "case_needs_branch"),
        ("is_wished", "case_needs_wish"),
        ("max_rent_eur_per_month", "case_needs_rent"),
    ],
)
def test_what_a_state_asks_for_is_told_before_the_step_and_kept_after_it(client, at_work, lacks, code):
    case = make(client, **{**QUALIFIED, lacks: None})
    assert next(one for one in case["steps"] if one["to"] == "qualified")["needs"] == [lacks]
    assert refused(client, case, "qualified") == code
    case = step(client, change(client, case, **{lacks: QUALIFIED[lacks]}), "qualified")
    answer = client.patch(f"/api/cases/{case['id']}", json={lacks: None}, headers=at(case))
    assert problem(answer, 409)["code"] == code


def test_states_aside_need_their_day_or_reason_and_lead_back_where_they_came_from(client, at_work):
    case = step(client, make(client, **QUALIFIED), "qualified")
    assert refused(client, case, "on_hold") == "case_needs_hold_day"
    case = step(client, case, "on_hold", hold_until="2026-09-01")
    assert refused(client, case, "lost") == "case_needs_loss_reason"
    case = step(client, case, "lost", loss_reason="rent")
    assert [one["to"] for one in case["steps"]] == ["qualified"]
    case = step(client, case, "qualified")
    assert (case["loss_reason"], case["resumes_at"]) == (None, None)
    case = step(client, case, "rejected")
    assert case["steps"] == []
    assert undone(client, case)["state"] == "qualified"


def test_a_case_goes_back_no_further_than_qualified_and_skips_nothing(client, at_work):
    case = make(client, **QUALIFIED)
    assert refused(client, case, "contacted") == "case_step_not_allowed"
    case = step(client, step(client, case, "qualified"), "contacted")
    assert refused(client, case, "identified") == "case_step_not_allowed"
    assert step(client, case, "qualified")["state"] == "qualified"


def test_two_officers_never_write_over_each_other(client, at_work):
    read = make(client, **QUALIFIED)
    change(client, read, max_rent_eur_per_month=1800, next_action="Bellen")
    late = client.patch(
        f"/api/cases/{read['id']}", json={"max_rent_eur_per_month": 1200, "min_m2": 60}, headers=at(read, BEN)
    )
    body = problem(late, 412)
    assert body["code"] == "case_changed"
    body = body["values"]
    assert body["by"] == "An"
    assert body["fields"] == [
        {"field": "max_rent_eur_per_month", "read": 1500, "yours": 1200, "theirs": 1800}
    ]
    assert body["others"] == ["next_action"]
    now = good(client.get(f"/api/cases/{read['id']}"))
    assert now["max_rent_eur_per_month"] == 1800
    chosen = client.patch(
        f"/api/cases/{read['id']}",
        json={"max_rent_eur_per_month": 1200},
        headers={**BEN, "If-Match": f'"{body["version"]}"'},
    )
    assert good(chosen)["changed_by"] == "Ben Dé"


def test_a_write_says_who_and_which_version(client, at_work):
    case = make(client)
    path = f"/api/cases/{case['id']}"
    assert problem(client.patch(path, json={}, headers={"If-Match": '"1"'}), 422)["code"] == "officer_missing"
    assert problem(client.patch(path, json={}, headers=AN), 422)["code"] == "case_version_missing"
    foreign = {**at(case), "Origin": "https://elsewhere.example"}
    problem(client.patch(path, json={}, headers=foreign), 403)


def test_undo_takes_changes_back_one_by_one_the_last_first(client, at_work):
    case = make(client)
    case = change(client, case, next_action="Bellen", needs=["terrace", "corner"])
    case = change(client, case, next_action="Mailen", is_wished=False)
    case = undone(client, case)
    assert (case["next_action"], case["is_wished"], case["needs"]) == ("Bellen", None, ["terrace", "corner"])
    case = undone(client, case)
    assert (case["next_action"], case["needs"]) == (None, [])
    assert not case["can_undo"]


def test_units_contacts_and_grants_come_and_go(client, at_work):
    case = make(client, shop_unit=at_work.units["H2"])
    path = f"/api/cases/{case['id']}"
    other = at_work.units["S2"]
    said = {"response": "interested", "owner_state": "cooperating"}
    case = good(client.put(f"{path}/units/{other}", json=said, headers=AN))
    assert [(one["shop_unit_id"], one["response"]) for one in case["units"]] == [
        (at_work.units["H2"], "proposed"), (other, "interested"),
    ]  # fmt: skip
    late = {"response": "declined", "owner_state": "cooperating", "was": {"response": "proposed"}}
    answer = client.put(f"{path}/units/{other}", json=late, headers=BEN)
    assert problem(answer, 412)["values"] == {"by": "An"}
    assert problem(client.put(f"{path}/units/{other}", json=said, headers=BEN), 412)
    now = good(client.put(f"{path}/units/{other}", json={**late, "was": said}, headers=BEN))
    assert (now["units"][1]["response"], now["units"][1]["changed_by"]) == ("declined", "Ben Dé")
    assert good(client.delete(f"{path}/units/{other}"))["units"][0]["shop_unit_id"] == at_work.units["H2"]
    assert problem(client.delete(f"{path}/units/{other}"), 404)["code"] == "case_unit_gone"
    empty = client.post(f"{path}/activities", json={"kind": "note"}, headers=AN)
    assert problem(empty, 422)["code"] == "case_note_empty"
    called = client.post(
        f"{path}/activities", json={"kind": "call", "note": "Belt terug."}, headers=AN
    ).json()
    assert [one["written_by"] for one in called["activities"]] == ["An"]
    assert good(client.delete(f"{path}/activities/{called['added']}"))["activities"] == []
    assert len(good(client.post(f"{path}/activities/{called['added']}/restore"))["activities"]) == 1
    grant = {"scheme": "Plant hier je zaakje", "amount_eur": 2500}
    given = client.post(f"{path}/grants", json=grant, headers=AN).json()
    assert given["grants"][0]["amount_eur"] == 2500
    assert good(client.delete(f"{path}/grants/{given['added']}"))["grants"] == []


def test_a_removed_case_is_nowhere_until_it_is_put_back(client, at_work):
    case = make(client, shop_unit=at_work.units["H2"], next_action="Bellen", next_action_on="2026-01-01")
    listed = lambda: good(client.get("/api/cases", params={"municipality": NIS}))["items"]  # noqa: E731
    due = lambda: good(client.get("/api/cases/due"))["items"]  # noqa: E731
    assert [one["id"] for one in listed()] == [one["id"] for one in due()] == [case["id"]]
    good(client.delete(f"/api/cases/{case['id']}", headers=AN))
    assert listed() == due() == []
    assert problem(client.get(f"/api/cases/{case['id']}"), 404)["code"] == "case_gone"
    good(client.post(f"/api/cases/{case['id']}/restore", headers=AN))
    assert len(listed()) == len(due()) == 1


def test_what_waits_is_due_on_its_own_day_and_what_is_lost_never(client, at_work):
    case = step(client, make(client, **QUALIFIED, next_action_on="2026-01-05"), "qualified")
    case = step(client, case, "on_hold", hold_until="2100-01-01")
    assert good(client.get("/api/cases/due", params={"municipality": NIS}))["items"] == []
    step(client, case, "lost", loss_reason="no_response")
    assert good(client.get("/api/cases/due"))["items"] == []


def test_an_empty_municipality_has_an_empty_board(client, town):
    assert good(client.get("/api/cases", params={"municipality": EMPTY_NIS}))["items"] == []
    assert good(client.get("/api/cases/due", params={"municipality": EMPTY_NIS}))["items"] == []
    problem(client.get("/api/cases", params={"municipality": "404"}), 404)


SQL_CASE = "INSERT INTO acquisition_case (nis_code, title, changed_by) VALUES (:nis, 'X', 'An') RETURNING id"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE acquisition_case SET state = 'qualified' WHERE id = :id",
        "UPDATE acquisition_case SET state = 'visited' WHERE id = :id",
        "UPDATE acquisition_case SET state = 'on_hold', resumes_at = 'identified' WHERE id = :id",
        "UPDATE acquisition_case SET state = 'lost', resumes_at = 'identified' WHERE id = :id",
        "UPDATE acquisition_case SET state = 'lost', loss_reason = 'rent' WHERE id = :id",
        "UPDATE acquisition_case SET signed_on = '2026-01-01', signed_unit_id = 1 WHERE id = :id",
        "UPDATE case_change SET changed_by = 'nobody' WHERE case_id = :id",
        "INSERT INTO acquisition_case (nis_code, title, changed_by, state) VALUES ('99001', 'X', 'An', 'opened')",
    ],
)
def test_the_database_refuses_what_the_rules_forbid_whoever_writes(session, statement):
    key = session.execute(text(SQL_CASE), {"nis": NIS}).scalar_one()
    with pytest.raises(IntegrityError):
        session.execute(text(statement), {"id": key})


def test_a_change_past_the_application_is_in_the_log_too(session):
    key = session.execute(text(SQL_CASE), {"nis": NIS}).scalar_one()
    session.execute(
        text("UPDATE acquisition_case SET title = 'Y', changed_by = 'QGIS' WHERE id = :id"), {"id": key}
    )
    log = session.execute(
        text(
            "SELECT version, kind, before, after, changed_by FROM case_change WHERE case_id = :id ORDER BY version"
        ),
        {"id": key},
    ).all()
    assert [tuple(one) for one in log][1] == (2, "facts", {"title": "X"}, {"title": "Y"}, "QGIS")


STEPS = st.lists(
    st.tuples(st.sampled_from([*codes.CASE_STATE, "undo"]), st.booleans()), min_size=4, max_size=14
)


@given(steps=STEPS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_rules_and_database_agree_on_every_walk_and_the_log_tells_the_whole_story(town, steps):
    with writable_session() as session:
        first = {"title": "X", "prospect_name": "Y", "shop_unit": town.units["H2"], **QUALIFIED}
        case = changing.add_case(session, NIS, first, "An")
        for to, is_temporary in steps:
            asked = {
                "to": to, "on": SIGNED_ON, "shop_unit": town.units["H2"], "occupant_name": None,
                "is_temporary": is_temporary, "next_action_on": SIGNED_ON, "hold_until": SIGNED_ON, "loss_reason": "rent",
            }  # fmt: skip
            allowed = case["can_undo"] if to == "undo" else rules.way(case, to) is not None
            took = None
            with contextlib.suppress(KernkaartError):
                took = (
                    changing.undo(session, case["id"], case["version"], "An")
                    if to == "undo"
                    else changing.take_step(session, case["id"], case["version"], asked, "An")
                )
            assert (took is not None) == allowed, to
            case = took or case
        story = "identified"
        for one in reversed(case["changes"]):
            if "state" in one["after"] and one["kind"] != "made":
                assert one["before"]["state"] == story
                story = one["after"]["state"]
        assert story == case["state"]
        let = session.execute(
            text("SELECT count(*) FROM occupancy WHERE shop_unit_id = :u AND upper_inf(period)"),
            {"u": town.units["H2"]},
        ).scalar_one()
        assert let == (rules.PLACE.get(case["state"], -1) >= rules.SIGNED)


def test_every_code_of_a_case_has_labels(town):
    enforced = {
        "case_state": codes.CASE_STATE,
        "case_actor": codes.CASE_ACTOR,
        "loss_reason": codes.LOSS_REASON,
        "case_need": codes.CASE_NEED,
        "case_unit_response": codes.CASE_UNIT_RESPONSE,
        "case_owner_state": codes.CASE_OWNER_STATE,
        "case_activity_kind": codes.CASE_ACTIVITY_KIND,
        "case_change_kind": codes.CASE_CHANGE_KIND,
    }
    for scheme, values in enforced.items():
        labelled = [
            code
            for (code,) in rows("SELECT code FROM code_list WHERE scheme = :s ORDER BY sort_order", s=scheme)
        ]
        assert labelled == list(values), scheme
