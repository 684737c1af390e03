import csv
import datetime as dt
import io
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.db.session import get_engine
from api.db.store import UndoRefused, undo_batch
from tests.api.conftest import good, problem
from tests.town_database import NIS, rows

# Noon of yesterday: one day in every zone.
NOW = (dt.datetime.now(dt.UTC) - dt.timedelta(days=1)).replace(hour=12, microsecond=0)


@pytest.fixture
def begun(client, own_town):
    """A round over the whole town."""
    return Walk(client, own_town)


class Walk:
    """Two officers, An and Bo, on one round."""

    def __init__(self, client, town, **given) -> None:
        self.client, self.units = client, town.units
        answer = client.post("/api/rounds", json={"municipality": NIS, "name": "Najaar", **given})
        assert answer.status_code == 201, answer.text
        self.round = answer.json()
        self.path = f"/api/rounds/{self.round['id']}"
        self.package = good(client.get(f"{self.path}/package"))
        self.stops = {stop["unit_id"]: stop for stop in self.package["stops"]}

    def saw(self, code: str, status: str, officer: str = "An", **more) -> dict:
        stop = self.stops[self.units[code]]
        return {
            "uid": str(uuid.uuid4()),
            "unit": stop["unit_id"],
            "officer": officer,
            "status": status,
            "observed_at": NOW.isoformat(),
            "base_state": stop["state"],
            "base_occupant_name": stop["occupant_name"],
            "base_branch_code": stop["branch_code"],
            **more,
        }

    def post(self, *observations):
        return self.client.post(f"{self.path}/observations", json={"observations": list(observations)})

    def send(self, *observations) -> list[dict]:
        good(self.post(*observations))
        return list(observations)

    def differences(self) -> dict[int, dict]:
        found = good(self.client.get(f"{self.path}/differences"))
        return {item["unit_id"]: item for item in found["items"] if item["kind"] != "new_unit"}

    def item(self, code: str) -> dict:
        return self.differences()[self.units[code]]

    def ids(self, code: str, officer: str | None = None) -> list[int]:
        return [o["id"] for o in self.item(code)["observations"] if officer in {None, o["officer"]}]

    def decide(self, **given):
        return self.client.post(f"{self.path}/decisions", json=given)

    def accept(self, *codes: str) -> dict:
        return good(self.decide(accept=[one for code in codes for one in self.ids(code)]))

    def state(self, code: str) -> tuple:
        (found,) = rows(
            "SELECT state, occupant_name, branch_code, last_seen_on FROM shop_unit_state WHERE id = :id",
            id=self.units[code],
        )
        return tuple(found)

    def vacant(self) -> str:
        return self._first("vacant")

    def occupied(self) -> str:
        return self._first("occupied")

    def _first(self, state: str) -> str:
        return next(code for code, unit in self.units.items() if self.stops[unit]["state"] == state)


def stored(column: str = "count(*)") -> list[tuple]:
    return [tuple(row) for row in rows(f"SELECT {column} FROM survey_observation ORDER BY 1")]


# -- starting and taking along --------------------------------------------------------------------


def test_a_round_holds_every_unit_once_in_walking_order_and_street_by_street(begun):
    positions = [stop["position"] for stop in begun.package["stops"]]
    assert positions == list(range(len(begun.units)))
    assert set(begun.stops) == set(begun.units.values())
    streets = [stop["street"] for stop in begun.package["stops"]]
    assert len({name for number, name in enumerate(streets) if streets[number - 1] != name}) == len(
        set(streets)
    )
    assert {street["name"] for street in begun.package["streets"]} == set(streets)
    assert all(street["lines"] for street in begun.package["streets"])
    assert {branch["code"] for branch in begun.package["branches"]} >= {"bakery", "clothing"}


def test_a_round_may_be_one_street_or_one_core(client, own_town):
    street = Walk(client, own_town, scope="streets", streets=["Side Street"])
    assert {stop["street"] for stop in street.package["stops"]} == {"Side Street"}
    core = Walk(client, own_town, scope="core", core_id=own_town.core)
    inside = {row.id for row in rows("SELECT id FROM shop_unit WHERE core_id = :c", c=own_town.core)}
    assert set(core.stops) == inside


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"municipality": "99999"}, 404),
        ({"municipality": "99002"}, 409),
        ({"scope": "core"}, 422),
        ({"scope": "core", "core_id": 999999}, 409),
        ({"scope": "streets"}, 422),
        ({"scope": "streets", "streets": ["Nergens"]}, 409),
        ({"name": "   "}, 422),
    ],
)
def test_an_area_without_units_or_sense_is_refused_with_the_way_out(client, own_town, given, status):
    problem(client.post("/api/rounds", json={"municipality": NIS, "name": "x", **given}), status)
    assert rows("SELECT count(*) FROM survey_round") == [(0,)]


def test_an_empty_municipality_has_no_rounds_and_no_streets(client, town):
    assert good(client.get("/api/rounds", params={"municipality": town.empty})) == {
        "items": [],
        "streets": [],
    }
    problem(client.get("/api/rounds/999999"), 404)


def test_a_round_started_by_mistake_can_be_removed_but_never_one_in_which_something_was_seen(client, begun):
    begun.send(begun.saw(begun.vacant(), "same"))
    problem(client.delete(begun.path), 409)
    other = client.post("/api/rounds", json={"municipality": NIS, "name": "fout"}).json()
    assert client.delete(f"/api/rounds/{other['id']}").status_code == 204
    problem(client.get(f"/api/rounds/{other['id']}"), 404)


def test_another_sites_page_may_not_write(client, begun):
    answer = client.post(
        f"{begun.path}/observations",
        json={"observations": [begun.saw(begun.vacant(), "same")]},
        headers={"Origin": "https://elsewhere.example"},
    )
    problem(answer, 403)
    assert stored() == [(0,)]


# -- sending: nothing lost, nothing twice ---------------------------------------------------------


def test_the_same_observation_sent_again_is_kept_once_and_answered_the_same(begun):
    one, two = begun.saw(begun.vacant(), "same"), begun.saw(begun.occupied(), "vacant")
    first = good(begun.post(one, two))
    assert good(begun.post(one, two)) == first
    assert good(begun.post(two, two)) == {**first, "items": [first["items"][1]] * 2}
    assert stored() == [(2,)]


def test_the_same_batch_sent_by_two_at_once_is_kept_once(begun):
    batch = [begun.saw(code, "not_found") for code in begun.units]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: begun.post(*batch).status_code, range(8)))
    assert answers == [200] * 8
    assert stored() == [(len(batch),)]


def test_another_content_under_the_same_key_is_refused_and_nothing_of_the_request_is_kept(begun):
    one = begun.saw(begun.vacant(), "same")
    begun.send(one)
    told = problem(begun.post(begun.saw(begun.occupied(), "same"), {**one, "note": "anders"}), 409)
    assert one["uid"] in told["detail"]
    assert "again" in told["way_out"]
    assert stored("uid::text, note") == [(one["uid"], None)]


def test_a_unit_of_another_round_is_refused(client, own_town):
    walk = Walk(client, own_town, scope="streets", streets=["Side Street"])
    strange = {**walk.saw("S1", "vacant"), "unit": own_town.units["H1"]}
    problem(walk.post(strange), 409)
    assert stored() == [(0,)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_state": "unknown"},
        {"status": "withdrawn"},
        {"observed_at": "2026-01-01T10:00:00"},
        {"observed_at": "1970-01-01T10:00:00Z"},
        {"officer": ""},
        {"uid": "x"},
    ],
)
def test_what_makes_no_sense_is_malformed(begun, wrong):
    problem(begun.post({**begun.saw(begun.vacant(), "same"), **wrong}), 422)


def test_what_was_seen_cannot_be_changed_or_thrown_away_even_in_the_database(begun):
    begun.send(begun.saw(begun.vacant(), "same"))
    for statement in ("UPDATE survey_observation SET status = 'vacant'", "DELETE FROM survey_observation"):
        with pytest.raises(IntegrityError, match="kept as it was seen"), get_engine().begin() as connection:
            connection.execute(text(statement))


# -- replacing and taking back --------------------------------------------------------------------


def test_a_later_tap_replaces_the_earlier_one_whichever_arrives_first(begun):
    code = begun.occupied()
    one = begun.saw(code, "same")
    two = begun.saw(code, "vacant", supersedes=one["uid"])
    begun.send(two)
    begun.send(one)
    assert [o["uid"] for o in begun.item(code)["observations"]] == [two["uid"]]
    assert stored("decision") == [("pending",), ("superseded",)]


def test_a_tap_that_is_taken_back_says_nothing_any_more(begun):
    code = begun.occupied()
    one = begun.saw(code, "vacant")
    begun.send(one, begun.saw(code, "withdrawn", supersedes=one["uid"]))
    assert begun.differences() == {}
    assert good(begun.client.get(begun.path))["seen"] == 0
    assert good(begun.client.get(f"{begun.path}/seen"))["items"] == []


def test_one_officer_cannot_replace_what_another_saw(begun):
    code = begun.occupied()
    one = begun.saw(code, "same")
    begun.send(one, begun.saw(code, "vacant", officer="Bo", supersedes=one["uid"]))
    assert begun.item(code)["conflicts"] == ["two_views"]


def test_what_is_taken_back_after_it_was_accepted_is_told_to_the_desk(begun):
    code = begun.occupied()
    one = begun.saw(code, "vacant")
    begun.send(one)
    begun.accept(code)
    begun.send(begun.saw(code, "withdrawn", supersedes=one["uid"]))
    item = begun.item(code)
    assert (item["kind"], item["decision"]) == ("taken_back", "pending")
    assert begun.state(code)[0] == "vacant"


# -- deciding -------------------------------------------------------------------------------------


def test_what_is_accepted_goes_into_the_register_by_the_rules_of_an_import_and_can_be_undone(client, begun):
    empties, fills = begun.occupied(), begun.vacant()
    before = begun.state(empties), begun.state(fills)
    begun.send(
        begun.saw(empties, "vacant"),
        begun.saw(fills, "occupied", occupant_name="Boek & Co", branch_code="books"),
    )
    assert (begun.item(empties)["kind"], begun.item(fills)["kind"]) == ("became_vacant", "let")
    assert (begun.state(empties), begun.state(fills)) == before
    told = begun.accept(empties, fills)
    assert (told["accepted"], told["refused"]) == (2, [])
    assert begun.state(empties) == ("vacant", None, None, NOW.date())
    assert begun.state(fills) == ("occupied", "Boek & Co", "books", NOW.date())
    (spell,) = rows(
        "SELECT start_earliest_on, start_latest_on, start_basis FROM vacancy_spell WHERE shop_unit_id = :id AND ended_on "
        "IS NULL",
        id=begun.units[empties],
    )
    assert tuple(spell) == (before[0][3], NOW.date(), "between_visits")
    undone = good(client.delete(f"{begun.path}/imports/{told['batch_id']}"))
    assert undone["reopened"] == 2
    assert (begun.state(empties), begun.state(fills)) == before
    assert begun.item(empties)["decision"] == "pending"
    problem(client.delete(f"{begun.path}/imports/{told['batch_id']}"), 409)
    begun.accept(empties, fills)
    assert begun.state(empties)[0] == "vacant"


def test_an_undo_at_the_command_line_opens_the_observations_too(begun):
    code = begun.occupied()
    begun.send(begun.saw(code, "vacant"))
    told = begun.accept(code)
    with Session(get_engine()) as session, session.begin():
        undo_batch(session, told["batch_id"])
    assert begun.item(code)["decision"] == "pending"


def test_accepting_raises_the_version_of_the_data_and_only_that_does(begun):
    def version():
        return rows("SELECT data_version FROM municipality WHERE nis_code = :nis", nis=NIS)[0][0]

    before = version()
    code = begun.occupied()
    begun.send(begun.saw(code, "vacant"))
    assert version() == before
    begun.accept(code)
    assert version() > before


def test_a_confirmation_only_says_when_the_unit_was_last_seen_and_closing_takes_it_over(client, begun):
    codes = [code for code, unit in begun.units.items() if begun.stops[unit]["state"] != "unknown"]
    before = {code: begun.state(code) for code in codes}
    begun.send(*(begun.saw(code, "same", is_bulk=True) for code in codes))
    assert {begun.state(code) for code in codes} == set(before.values())
    closed = good(client.post(f"{begun.path}/close"))
    assert closed["closed_at"] is not None
    assert closed["decided"]["accepted"] == len(codes)
    for code in codes:
        assert begun.state(code) == (*before[code][:3], NOW.date())
    problem(client.post(f"{begun.path}/close"), 409)
    good(client.delete(f"{begun.path}/imports/{closed['decided']['batch_id']}"))
    assert {code: begun.state(code) for code in codes} == before


def test_closing_takes_over_no_change_and_nothing_that_contradicts(client, begun):
    changed, disputed = begun.occupied(), begun.vacant()
    begun.send(
        begun.saw(changed, "vacant"),
        begun.saw(disputed, "same"),
        begun.saw(disputed, "occupied", officer="Bo", occupant_name="Nieuw"),
    )
    assert good(client.post(f"{begun.path}/close"))["decided"]["accepted"] == 0
    assert {begun.item(changed)["decision"], begun.item(disputed)["decision"]} == {"pending"}
    assert good(client.post(f"{begun.path}/open"))["closed_at"] is None


def test_what_is_rejected_changes_nothing_and_can_be_opened_again(begun):
    code = begun.occupied()
    before = begun.state(code)
    begun.send(begun.saw(code, "vacant"))
    good(begun.decide(reject=begun.ids(code)))
    assert (begun.item(code)["decision"], begun.state(code)) == ("rejected", before)
    problem(begun.decide(accept=begun.ids(code)), 409)
    good(begun.decide(reopen=begun.ids(code)))
    assert begun.item(code)["decision"] == "pending"
    problem(begun.decide(accept=begun.ids(code), reject=begun.ids(code)), 422)
    problem(begun.decide(accept=[999999]), 409)


def test_a_unit_nobody_found_and_a_new_one_are_notes_that_touch_no_register(begun):
    lost, beside = begun.occupied(), begun.vacant()
    before = rows("SELECT * FROM shop_unit ORDER BY id")
    begun.send(
        begun.saw(lost, "not_found", note="dichtgemetseld"),
        begun.saw(beside, "new_unit", occupant_name="Kiosk", note="rechts ervan"),
        begun.saw(beside, "same"),
    )
    found = good(begun.client.get(f"{begun.path}/differences"))["items"]
    assert sorted(item["kind"] for item in found) == ["confirmed", "new_unit", "not_found"]
    notes = [o["id"] for item in found if item["kind"] != "confirmed" for o in item["observations"]]
    told = good(begun.decide(accept=notes))
    assert (told["accepted"], told["batch_id"]) == (2, None)
    assert rows("SELECT * FROM shop_unit ORDER BY id") == before


# -- conflicts ------------------------------------------------------------------------------------


def test_two_officers_who_saw_the_same_do_not_differ_and_are_accepted_together(begun):
    code = begun.vacant()
    seen = {"occupant_name": "Boek & Co", "branch_code": "books"}
    begun.send(begun.saw(code, "occupied", **seen))
    begun.send(begun.saw(code, "occupied", officer="Bo", **seen | {"occupant_name": " BOEK & CO"}))
    assert begun.item(code)["conflicts"] == []
    told = good(begun.decide(accept=begun.ids(code, "An")))
    assert told["accepted"] == 2
    assert begun.item(code)["decision"] == "accepted"


def test_two_officers_who_differ_are_both_shown_and_a_person_decides_whoever_was_later(begun):
    code = begun.occupied()
    later = (NOW + dt.timedelta(minutes=5)).isoformat()
    begun.send(begun.saw(code, "vacant"), begun.saw(code, "same", officer="Bo", observed_at=later))
    item = begun.item(code)
    assert (item["conflicts"], item["needs_choice"]) == (["two_views"], True)
    assert item["kind"] == "became_vacant"
    assert [o["officer"] for o in item["observations"]] == ["An", "Bo"]
    problem(begun.decide(accept=begun.ids(code)), 422)
    told = good(begun.decide(accept=begun.ids(code, "An")))
    assert (told["accepted"], told["rejected"]) == (1, 1)
    assert begun.state(code)[0] == "vacant"
    good(begun.client.delete(f"{begun.path}/imports/{told['batch_id']}"))
    assert begun.item(code)["conflicts"] == ["two_views"]


def test_a_register_that_changed_meanwhile_is_told(begun):
    code = begun.occupied()
    begun.send(begun.saw(code, "same"))
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "UPDATE occupancy SET occupant_name = 'Ander' WHERE shop_unit_id = :id AND upper_inf(period)"
            ),
            {"id": begun.units[code]},
        )
    item = begun.item(code)
    assert item["conflicts"] == ["register_changed"]
    assert item["now"]["occupant_name"] == "Ander"
    assert item["observations"][0]["base_occupant_name"] != "Ander"
    assert good(begun.client.post(f"{begun.path}/close"))["decided"]["accepted"] == 0


def test_a_unit_that_was_merged_or_split_meanwhile_is_not_written_to(begun):
    code = begun.occupied()
    begun.send(begun.saw(code, "vacant"))
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE shop_unit SET lifecycle = 'merged', valid_to = current_date WHERE id = :id"),
            {"id": begun.units[code]},
        )
    assert begun.item(code)["conflicts"] == ["unit_ended"]
    told = begun.accept(code)
    assert told["accepted"] == 0
    assert "merged" in told["refused"][0]["reason"]
    assert told["refused"][0]["code"] == "unit_gone"
    assert begun.item(code)["decision"] == "pending"
    good(begun.decide(reject=begun.ids(code)))


def test_what_comes_after_the_round_was_closed_is_kept_and_marked(client, begun):
    code = begun.occupied()
    good(client.post(f"{begun.path}/close"))
    answer = good(begun.post(begun.saw(code, "vacant")))
    assert answer["items"][0]["is_late"] is True
    assert answer["closed_at"] is not None
    assert begun.item(code)["conflicts"] == ["late"]
    assert begun.accept(code)["accepted"] == 1


def test_what_is_older_than_the_register_is_not_taken_and_stays_open(begun):
    code = begun.occupied()
    begun.send(begun.saw(code, "vacant", observed_at="2020-01-01T10:00:00Z"))
    told = begun.accept(code)
    assert told["accepted"] == 0
    assert "newer" in told["refused"][0]["reason"]
    assert begun.item(code)["decision"] == "pending"


def test_a_phone_whose_clock_runs_ahead_saw_nothing_after_it_was_received(begun):
    code = begun.occupied()
    begun.send(begun.saw(code, "vacant", observed_at=(NOW + dt.timedelta(days=40)).isoformat()))
    begun.accept(code)
    (today,) = rows("SELECT current_date")[0]
    # Not tomorrow either, as it is already here an hour before it is in the register.
    assert (begun.state(code)[0], begun.state(code)[3]) == ("vacant", today)


def test_an_import_of_units_that_were_walked_past_is_not_undone(begun):
    (made,) = {row.batch_id for row in rows("SELECT DISTINCT batch_id FROM shop_unit")}
    with Session(get_engine()) as session:
        # What was imported after the units stands in the way first.
        for later in rows("SELECT id FROM import_batch WHERE id > :made ORDER BY id DESC", made=made):
            undo_batch(session, later.id)
        with pytest.raises(UndoRefused, match="Najaar"):
            undo_batch(session, made)


# -- photographs ----------------------------------------------------------------------------------


def picture(size=(2000, 1000), *, kind="JPEG", place: bool = True) -> bytes:
    image = Image.new("RGB", size, (200, 60, 30))
    exif = Image.Exif()
    exif[0x010F] = "Camera Maker"
    exif[0x0112] = 6
    if place:
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[2] = (51.0, 2.0, 3.0)
    out = io.BytesIO()
    image.save(out, kind, exif=exif, **({"comment": b"at home"} if kind == "JPEG" else {}))
    return out.getvalue()


def put(walk, observation: str, content: bytes, uid: str | None = None):
    path = f"{walk.path}/photos/{uid or uuid.uuid4()}"
    return walk.client.put(path, params={"observation": observation}, content=content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_is_kept_upright_and_smaller_without_place_or_camera(begun, kind):
    (one,) = begun.send(begun.saw(begun.vacant(), "same"))
    sent = picture(kind=kind)
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
    told = good(put(begun, one["uid"], sent))
    assert (told["width_px"], told["height_px"]) == (800, 1600)
    answer = begun.client.get(f"{begun.path}/photos/{told['id']}.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    kept = Image.open(io.BytesIO(answer.content))
    assert (kept.format, kept.size) == ("JPEG", (800, 1600))
    assert not kept.getexif()
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(kept.info)
    assert b"Camera" not in answer.content
    assert b"home" not in answer.content
    assert begun.item(begun.vacant())["observations"][0]["photos"] == [told["id"]]


def test_the_same_photograph_sent_again_is_kept_once(begun):
    (one,) = begun.send(begun.saw(begun.vacant(), "same"))
    uid = str(uuid.uuid4())
    assert good(put(begun, one["uid"], picture(), uid)) == good(put(begun, one["uid"], picture(), uid))
    assert rows("SELECT count(*) FROM survey_photo") == [(1,)]
    problem(put(begun, one["uid"], picture((50, 50)), uid), 409)


def test_a_photograph_stays_with_the_unit_when_its_observation_is_replaced(begun):
    code = begun.vacant()
    (one,) = begun.send(begun.saw(code, "same"))
    told = good(put(begun, one["uid"], picture((50, 50))))
    begun.send(begun.saw(code, "non_retail", supersedes=one["uid"]), begun.saw(code, "same", officer="Bo"))
    by_officer = {o["officer"]: o["photos"] for o in begun.item(code)["observations"]}
    assert by_officer == {"An": [told["id"]], "Bo": []}


def test_a_photograph_waits_for_its_observation(begun):
    told = problem(put(begun, str(uuid.uuid4()), picture()), 409)
    assert "observation first" in told["way_out"]


@pytest.mark.parametrize("content", [b"", b"no picture", picture()[:400], b"x" * 12_000_001])
def test_what_is_no_photograph_or_too_large_is_refused(begun, content):
    (one,) = begun.send(begun.saw(begun.vacant(), "same"))
    problem(put(begun, one["uid"], content), 422)
    problem(begun.client.get(f"{begun.path}/photos/1.jpg"), 404)


# -- following and taking home --------------------------------------------------------------------


def test_progress_is_told_per_street_in_walking_order(begun):
    first = begun.package["stops"][0]
    code = next(code for code, unit in begun.units.items() if unit == first["unit_id"])
    begun.send(begun.saw(code, "vacant"), begun.saw(code, "vacant", officer="Bo"))
    told = good(begun.client.get(begun.path))
    assert [street["street"] for street in told["by_street"]] == [s["name"] for s in begun.package["streets"]]
    assert sum(street["stops"] for street in told["by_street"]) == told["stops"] == len(begun.units)
    assert (told["by_street"][0]["seen"], told["seen"], told["pending"]) == (1, 1, 2)
    assert sorted(told["officers"]) == ["An", "Bo"]
    (item,) = good(begun.client.get("/api/rounds", params={"municipality": NIS}))["items"]
    assert (item["seen"], item["stops"]) == (1, len(begun.units))
    assert {one["officer"] for one in good(begun.client.get(f"{begun.path}/seen"))["items"]} == {"An", "Bo"}


def test_all_observations_go_home_as_a_table_and_none_of_them_as_a_formula(begun):
    code = begun.occupied()
    one = begun.saw(code, "same")
    two = begun.saw(code, "vacant", supersedes=one["uid"], note="=1+1")
    begun.send(one, two)
    answer = begun.client.get(f"/api/exports/rounds/{begun.round['id']}.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert {row["uid"]: row["decision"] for row in table} == {one["uid"]: "superseded", two["uid"]: "pending"}
    assert [row["note"] for row in table if row["note"]] == ["'=1+1"]


def test_qgis_sees_the_observations(begun):
    begun.send(begun.saw(begun.vacant(), "same"))
    assert rows("SELECT round, status, decision FROM qgis.survey_observation") == [
        ("Najaar", "same", "pending")
    ]


def test_codes_that_the_database_enforces_have_labels(town):
    from api.db import codes

    enforced = {
        "round_scope": codes.ROUND_SCOPE,
        "round_status": codes.ROUND_STATUS,
        "round_decision": codes.ROUND_DECISION,
    }
    for scheme, values in enforced.items():
        labelled = [
            row.code
            for row in rows("SELECT code FROM code_list WHERE scheme = :s ORDER BY sort_order", s=scheme)
        ]
        assert tuple(labelled) == values
