import datetime as dt
import io

import openpyxl
import pytest
import shapely
from sqlalchemy import text

from api.branches import entries
from api.commands.demo_branches import SAID, make_demo_wishes
from api.db.session import get_engine
from tests import town
from tests.api.conftest import good, problem, writable_session
from tests.api.test_case_figures import SIGNED_ON, figures
from tests.api.test_cases import QUALIFIED, negotiating, step
from tests.town_database import EMPTY_NIS, NIS, add_municipality, import_readings, reading, rows

AN = {"Kernkaart-Officer": "An"}
OTHERS = ("99101", "99102", "99103", "99104")


def shops(nis, named):
    """Shops of a town: a branch and how many, far from the paper town."""
    import geopandas as gpd

    branches = [branch for branch, n in named.items() for _ in range(n)]
    x, y = town.ORIGIN
    places = [shapely.Point(x + 20_000 + 10 * i, y) for i in range(len(branches))]
    return gpd.GeoDataFrame(
        {
            "local_code": [f"{nis}-{i}" for i in range(len(branches))],
            "street": "Straat",
            "house_number": [str(i + 1) for i in range(len(branches))],
            "floor_area_m2": 100.0,
            "status": "occupied",
            "occupant_name": [f"Keten {branch}" for branch in branches],
            "branch_code": branches,
            "is_chain": True,
            "seen_on": "2026-01-05",
        },
        geometry=places,
        crs=town.CRS,
    )


@pytest.fixture
def among(own_town, client):
    """The paper town among four others of about its size, each with bakers, which it has not."""
    x, y = town.ORIGIN
    border = shapely.MultiPolygon([shapely.box(x + 19_900, y - 500, x + 21_000, y + 500)])
    for i, nis in enumerate(OTHERS):
        add_municipality(nis, f"Buur {i}", population=1200 + 100 * i, geom=f"SRID={town.CRS};{border.wkt}")
        import_readings(
            [reading("shop_unit", shops(nis, {"bakery": 4, "clothing": 1, "toys": int(i == 0), "shoes": 3 * (i < 2)}))],
            nis=nis, source=f"towns{nis}",
        )  # fmt: skip
    return own_town


def gaps(client, nis=NIS, **query):
    return good(client.get("/api/branches/gaps", params={"municipality": nis, **query}))


def wish(client, branch, stance="wished", reason="Collegebesluit", **more):
    body = {"branch_code": branch, "stance": stance, "reason": reason, **more}
    return client.post("/api/branches/wishes", params={"municipality": NIS}, json=body, headers=AN)


def test_a_town_alone_or_empty_says_why_nothing_is_compared(client, town):
    told = gaps(client)
    assert (told["why_not"], told["rows"], told["formulas"]) == ("no_peers", [], [])
    assert gaps(client, EMPTY_NIS)["why_not"] == "no_inhabitants"
    assert good(client.get("/api/branches/wishes", params={"municipality": EMPTY_NIS}))["items"] == []
    assert good(client.get("/api/branches/flows", params={"municipality": EMPTY_NIS}))["items"] == []
    assert client.get("/api/branches/gaps.csv", params={"municipality": EMPTY_NIS}).status_code == 200
    assert client.get("/api/branches/gaps.xlsx", params={"municipality": EMPTY_NIS}).status_code == 200
    assert problem(client.get("/api/branches/gaps", params={"municipality": "00000"}), 404)
    assert problem(client.get("/api/branches/gaps", params={"municipality": NIS, "core": 10**9}), 404)


def test_each_peer_says_on_which_facts_it_is_alike_and_which_are_missing(client, among):
    told = good(client.get("/api/branches/peers", params={"municipality": NIS}))
    picked = [item for item in told["items"] if item["is_peer"]]
    assert {item["nis_code"] for item in picked} == set(OTHERS)
    first = picked[0]
    assert first["n_facts"] == 3
    assert first["missing"] == ["near_core_share", "income_eur"]
    inhabitants = next(fact for fact in first["facts"] if fact["fact"] == "inhabitants")
    assert inhabitants["own"] == 1300
    empty = next(item for item in told["items"] if item["nis_code"] == EMPTY_NIS)
    assert (empty["is_peer"], empty["why_not"]) == (False, "no_inhabitants")


def test_a_missing_branch_is_a_void_with_its_sums_and_its_certainty(client, among):
    told = gaps(client)
    row = next(row for row in told["rows"] if row["branch"] == "bakery")
    assert (row["kind"], row["certainty"], row["n_own"], row["n_peers"], row["n_with"]) == (
        "void",
        "likely",
        0,
        16,
        4,
    )
    # 16 bakers among 5,400 people; 1,300 live here.
    assert row["expected"] == pytest.approx(16 / 5.4 * 1.3)
    assert row["expected_m2"] == pytest.approx(1600 / 5.4 * 1.3)
    assert [cell["n"] for cell in row["cells"]] == [4, 4, 4, 4]
    assert told["formulas"][0] == {"name": "Keten bakery", "branch": "bakery", "n_towns": 4}


def test_no_other_town_is_shown_with_fewer_than_three_shops_of_a_branch(client, among):
    told = {row["branch"]: row for row in gaps(client)["rows"]}
    assert [cell["n"] for cell in told["clothing"]["cells"]] == [None] * 4
    assert told["clothing"]["n_peers"] == 4
    # One toy shop in one town of four: the others are hidden with it, and its floor area stands nowhere.
    assert [cell["n"] for cell in told["toys"]["cells"]] == [None] * 4
    assert told["toys"]["m2_per_1000"] is None
    assert sorted(cell["n"] for cell in told["shoes"]["cells"]) == [0, 0, 3, 3]
    body = {"peer_codes": [OTHERS[0]], "reason": "Buur"}
    good(client.post("/api/branches/peers", params={"municipality": NIS}, json=body, headers=AN))
    toys = next(row for row in gaps(client)["rows"] if row["branch"] == "toys")
    assert (toys["is_hidden"], toys["n_peers"], toys["rate_per_1000"], toys["kind"]) == (
        True,
        None,
        None,
        None,
    )


def test_peers_are_chosen_by_hand_and_the_choice_is_undone(client, among):
    body = {"peer_codes": list(OTHERS[:3]), "reason": "Zelfde streek"}
    told = good(client.post("/api/branches/peers", params={"municipality": NIS}, json=body, headers=AN))
    assert told["is_by_hand"]
    assert {item["nis_code"] for item in told["items"] if item["is_peer"]} == set(OTHERS[:3])
    assert (told["choice"]["made_by"], told["choice"]["reason"]) == ("An", "Zelfde streek")
    told = good(client.post("/api/branches/peers/undo", params={"municipality": NIS}, headers=AN))
    assert (told["choice"], sum(item["is_peer"] for item in told["items"])) == (None, 4)
    answer = client.post("/api/branches/peers/undo", params={"municipality": NIS}, headers=AN)
    assert problem(answer, 409)["code"] == "peers_not_chosen"
    itself = {"peer_codes": [NIS], "reason": "x"}
    answer = client.post("/api/branches/peers", params={"municipality": NIS}, json=itself, headers=AN)
    assert problem(answer, 422)["code"] == "peer_is_itself"


def test_a_branch_is_wished_after_a_person_said_so_and_undo_brings_back_what_was_said_before(client, among):
    assert next(row for row in gaps(client)["rows"] if row["branch"] == "bakery")["wish"] is None
    good(wish(client, "bakery"))
    told = good(wish(client, "bakery", "unwanted", "Er komt er al een"))
    assert [(row["branch_code"], row["stance"], row["made_by"]) for row in told["items"]] == [
        ("bakery", "unwanted", "An")
    ]
    assert "bakery" not in {row["branch"] for row in gaps(client)["rows"]}
    shown = gaps(client, unwanted=True)
    assert (
        next(row for row in shown["rows"] if row["branch"] == "bakery")["wish"]["reason"]
        == "Er komt er al een"
    )
    key = told["items"][0]["id"]
    told = good(client.post(f"/api/branches/wishes/{key}/undo", params={"municipality": NIS}, headers=AN))
    assert [row["stance"] for row in told["items"]] == ["wished"]
    assert [(row["stance"], row["undone_by"]) for row in told["history"]] == [
        ("unwanted", "An"),
        ("wished", None),
    ]
    answer = client.post(f"/api/branches/wishes/{key}/undo", params={"municipality": NIS}, headers=AN)
    assert problem(answer, 409)["code"] == "branch_entry_undone"
    answer = client.post(f"/api/branches/wishes/{key}/undo", params={"municipality": OTHERS[0]}, headers=AN)
    assert problem(answer, 404)["code"] == "branch_entry_gone"
    assert good(wish(client, "bakery", "open", "Herzien"))["items"] == []


def test_nobody_wishes_without_a_name_a_reason_or_a_known_branch(client, own_town):
    body = {"branch_code": "bakery", "stance": "wished", "reason": "x"}
    answer = client.post("/api/branches/wishes", params={"municipality": NIS}, json=body)
    assert problem(answer, 422)["code"] == "officer_missing"
    assert problem(wish(client, "bakery", reason="  "), 422)
    assert problem(wish(client, "unicorns"), 404)["code"] == "branch_unknown"
    assert problem(wish(client, "bakery", since_on="2999-01-01"), 422)["code"] == "branch_wish_ahead"


def test_what_was_said_is_never_changed_past_the_application(client, own_town):
    good(wish(client, "bakery"))
    for statement in ("UPDATE branch_wish SET stance = 'unwanted'", "DELETE FROM branch_wish"):
        with pytest.raises(Exception, match="never changed"), get_engine().begin() as connection:
            connection.execute(text(statement))
    assert rows("SELECT stance FROM branch_wish")[0][0] == "wished"


def test_the_share_of_wished_branches_reads_what_was_wished_on_the_day_of_the_lease(client, own_town):
    unit = own_town.units["H2"]
    case = negotiating(client, unit)
    step(client, case, "signed", shop_unit=unit, on=str(SIGNED_ON))
    assert QUALIFIED["is_wished"]
    assert (figures(client)["wished"]["share"], figures(client)["n_unwanted"]) == (0.0, 0)
    good(wish(client, "bakery", "unwanted", since_on="2024-01-01"))
    assert figures(client)["n_unwanted"] == 1
    good(wish(client, "bakery", since_on="2025-01-01"))
    assert (figures(client)["wished"]["share"], figures(client)["n_unwanted"]) == (1.0, 0)
    said = [
        {
            "id": 1,
            "branch_code": "bakery",
            "stance": "wished",
            "since_on": dt.date(2025, 1, 1),
            "undone_at": None,
        },
        {
            "id": 2,
            "branch_code": "bakery",
            "stance": "unwanted",
            "since_on": dt.date(2026, 3, 1),
            "undone_at": None,
        },
        {
            "id": 3,
            "branch_code": "bakery",
            "stance": "open",
            "since_on": dt.date(2026, 5, 1),
            "undone_at": dt.date(2026, 6, 1),
        },
    ]
    days = {dt.date(2024, 1, 1): None, dt.date(2026, 2, 1): "wished", dt.date(2026, 5, 1): "unwanted"}
    assert {day: entries.stances(said, day).get("bakery", {}).get("stance") for day in days} == days


def test_leakage_and_online_share_are_empty_until_entered_with_source_and_year(client, among):
    row = next(row for row in gaps(client)["rows"] if row["branch"] == "bakery")
    assert (row["leakage"], row["online"], row["room_group_m2"]) == (None, None, None)
    add = {"branch_group": "daily", "reason": "Studie"}
    ask = {"params": {"municipality": NIS}, "headers": AN}
    bare = client.post("/api/branches/flows", json={**add, "kind": "leakage", "share": 0.4}, **ask)
    assert problem(bare, 422)["code"] == "branch_flow_source"
    told = {"source": "Koopstromen", "year": 2024}
    good(client.post("/api/branches/flows", json={**add, "kind": "leakage", "share": 0.4, **told}, **ask))
    last = good(
        client.post("/api/branches/flows", json={**add, "kind": "online", "share": 0.1, **told}, **ask)
    )
    row = next(row for row in gaps(client)["rows"] if row["branch"] == "bakery")
    assert row["leakage"] == {"share": 0.4, **told}
    # The paper town's shops of daily goods times (0.9 / 0.6 - 1).
    (area,) = rows(
        "SELECT sum(floor_area_m2) FROM shop_unit_state WHERE nis_code = :n AND branch_group = 'daily'", n=NIS
    )
    assert row["room_group_m2"] == pytest.approx(area[0] * 0.5)
    assert row["backed_gap_m2"] == pytest.approx(min(row["gap_m2"], area[0] * 0.5))
    key = last["items"][-1]["id"]
    told = good(client.post(f"/api/branches/flows/{key}/undo", **ask))
    assert [row["kind"] for row in told["items"]] == ["leakage"]


def test_files_hold_the_same_rows(client, among):
    good(wish(client, "bakery"))
    table = client.get("/api/branches/gaps.csv", params={"municipality": NIS})
    head, *lines = [line.split(";") for line in table.text.lstrip("\ufeff").splitlines()]
    bakery = dict(zip(head, next(line for line in lines if line[0] == "bakery"), strict=True))
    assert (bakery["kind"], bakery["n_peers"], bakery["stance"], bakery["stance_by"]) == (
        "void",
        "16",
        "wished",
        "An",
    )
    book = client.get("/api/branches/gaps.xlsx", params={"municipality": NIS, "level": "group"})
    sheets = openpyxl.load_workbook(io.BytesIO(book.content))
    assert sheets.sheetnames == ["gaps", "peers", "formulas"]
    assert sheets["gaps"]["A2"].value == "daily"


def test_a_core_is_compared_with_cores_of_its_type_and_says_when_there_are_none(client, among):
    told = gaps(client, core=among.core)
    assert (told["why_not"], told["core"]["id"]) == ("no_cores", among.core)


def test_a_new_supermarket_shares_people_with_the_one_there_is(client, town):
    unit = town.units["H2"]
    told = good(
        client.get(
            "/api/branches/sharing", params={"shop_unit": unit, "branch": "supermarket", "minutes": "2,5,10"}
        )
    )
    assert told["why_not"] is None
    assert [row["limit"] for row in told["served"]] == [2, 5, 10]
    assert told["shops"]
    for shop in told["shops"]:
        shared = [band["shared"] for band in shop["bands"]]
        assert shared == sorted(shared)
        assert shared[-1] > 0
    # The catchment engine itself counts the same people around the candidate.
    catchment = good(
        client.get(
            "/api/catchment",
            params={"shop_unit": unit, "mode": "walk", "minutes": "2,5,10", "direction": "towards"},
        )
    )
    people = {f["properties"]["band"]: f["properties"]["population"] for f in catchment["features"]}
    assert [row["people"] for row in told["served"]] == pytest.approx(
        [people[2], people[5], people[10]], abs=0.01
    )
    none = good(client.get("/api/branches/sharing", params={"shop_unit": unit, "branch": "bakery"}))
    assert (none["shops"], [row["served"] for row in none["served"]]) == ([], [0, 0, 0])


def test_sharing_refuses_what_it_cannot_tell(client, town):
    unit = town.units["H2"]
    ask = {"shop_unit": unit, "branch": "supermarket"}
    assert problem(client.get("/api/branches/sharing", params={**ask, "branch": "unicorns"}), 404)
    assert problem(client.get("/api/branches/sharing", params={**ask, "minutes": "5,10"}), 422)
    assert problem(client.get("/api/branches/sharing", params={**ask, "minutes": "a,b,c"}), 422)
    assert problem(client.get("/api/branches/sharing", params={**ask, "shop_unit": 10**9}), 404)


def test_demo_wishes_are_said_once_and_one_is_taken_back(town):
    with writable_session() as session:
        assert make_demo_wishes(session, NIS, until=dt.date(2026, 1, 1)) == len(SAID)
        history = entries.list_wishes(session, NIS)["history"]
    assert [row["branch_code"] for row in history if row["undone_at"] is not None] == ["telecom"]


@pytest.mark.parametrize(("let_to", "more"), [("optician", 1), ("office", 0)])
def test_demo_wishes_hold_of_what_was_let_only_what_a_town_can_wish_for(client, own_town, let_to, more):
    case = negotiating(client, own_town.units["H2"])
    step(client, case, "signed", shop_unit=own_town.units["H2"], on=str(SIGNED_ON))
    with writable_session() as session:
        session.execute(text("UPDATE acquisition_case SET branch_code = :code"), {"code": let_to})
        assert make_demo_wishes(session, NIS, until=dt.date(2026, 1, 1)) == len(SAID) + more
