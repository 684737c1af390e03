import re

import orjson
import pytest
import typst
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.card import owner, package, paper, shortlist
from api.card.fields import PUBLISHABLE
from api.db.session import get_engine
from tests.api.conftest import good, problem
from tests.api.test_unit_card import AN, BEN, card, change, picture, value
from tests.town_database import EMPTY_NIS, NIS, rows

EVERYTHING = {"fields": list(PUBLISHABLE), "role": "owner", "given_via": "letter"}
# What a stranger may never read, whatever the owner agreed to.
NEVER = (
    "last_occupant",
    "occupant_name",
    "capakey",
    "changed_by",
    "made_by",
    "recorded_by",
    "An",
    "prospect",
    "case",
)


@pytest.fixture(autouse=True)
def nobody_guessed_yet():
    owner._misses.clear()


@pytest.fixture
def vacant(own_town):
    ((key,),) = rows(
        "SELECT min(id) FROM shop_unit_state WHERE nis_code = :nis AND state = 'vacant'", nis=NIS
    )
    return key


def link(client, unit, **more):
    made = client.post(f"/api/shop-units/{unit}/owner-links", json=more, headers=AN)
    assert made.status_code == 201, made.text
    return {"Kernkaart-Owner-Link": made.json()["token"]}


def published(client, nis=NIS):
    return good(client.get("/api/public/units", params={"municipality": nis}))["items"]


def test_without_consent_nothing_of_a_unit_is_public(client, vacant):
    assert published(client) == []
    problem(client.get(f"/api/public/units/{vacant}/photo.jpg"), 404)
    assert good(client.get("/api/public/ground", params={"municipality": NIS}))["streets"]["features"] == []
    assert published(client, EMPTY_NIS) == []
    problem(client.get("/api/public/units", params={"municipality": "00000"}), 404)


def test_only_the_fields_that_were_agreed_to_are_public(client, vacant):
    good(
        change(
            client, vacant, 0, rent_eur_per_month=900, storage_m2=12, broker_contact="info@kantoor.example"
        )
    )
    path = f"/api/shop-units/{vacant}/consent"
    good(client.put(path, json={**EVERYTHING, "fields": ["floor_area_m2", "storage_m2"]}, headers=AN))
    (unit,) = published(client)
    assert set(unit["facts"]) <= {"floor_area_m2", "storage_m2"}
    assert unit["facts"]["storage_m2"] == 12
    assert (unit["contact"], unit["surroundings"], unit["has_photo"]) == (None, None, False)
    good(client.put(path, json=EVERYTHING, headers=AN))
    (unit,) = published(client)
    assert unit["facts"]["rent_eur_per_month"] == 900
    assert unit["contact"]["contact"] == "info@kantoor.example"
    assert unit["surroundings"].keys() == {
        "passage_class", "footfall_class", "parking_spaces", "parking_within_m", "stop", "stop_m",
    }  # fmt: skip
    assert good(client.delete(path, headers=AN))["consent"] is None
    assert published(client) == []
    assert set(good(client.post(f"{path}/restore"))["consent"]["fields"]) == set(PUBLISHABLE)
    assert problem(client.post(f"{path}/restore"), 409)["code"] == "consent_not_ours"
    good(client.delete(path, headers=AN))
    assert rows("SELECT count(*) FROM unit_consent WHERE withdrawn_at IS NOT NULL")[0][0] == 2


def test_an_occupied_unit_is_not_public_even_with_consent(client, own_town):
    ((key,),) = rows(
        "SELECT min(id) FROM shop_unit_state WHERE nis_code = :nis AND state = 'occupied'", nis=NIS
    )
    good(client.put(f"/api/shop-units/{key}/consent", json=EVERYTHING, headers=AN))
    assert published(client) == []


def test_a_public_answer_holds_nothing_of_cases_persons_or_officers(client, vacant):
    case = client.post(
        "/api/cases", params={"municipality": NIS}, headers=AN,
        json={"title": "Geheim dossier", "prospect_name": "Geheime bakker", "shop_unit": vacant},
    )  # fmt: skip
    assert case.status_code == 201
    good(change(client, vacant, 0, storage_m2=12))
    good(client.put(f"/api/shop-units/{vacant}/consent", json=EVERYTHING, headers=AN))
    for path in ("units", "ground"):
        answer = client.get(f"/api/public/{path}")
        assert "Geheim" not in answer.text
        assert not {f'"{word}"' for word in NEVER} & set(re.findall(r'"[^"]*"', answer.text))
        assert answer.headers["cache-control"] == "public, max-age=60"
        again = client.get(f"/api/public/{path}", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304


def test_a_consent_is_never_changed_only_closed(client, vacant):
    good(client.put(f"/api/shop-units/{vacant}/consent", json=EVERYTHING, headers=AN))
    with get_engine().begin() as connection, pytest.raises(Exception, match="never changed"):
        connection.execute(text("UPDATE unit_consent SET fields = ARRAY['photo']"))


def test_a_photograph_is_public_only_where_the_owner_agreed(client, vacant):
    path = f"/api/shop-units/{vacant}"
    client.post(f"{path}/photos", params={"is_without_persons": True}, content=picture(), headers=AN)
    good(client.put(f"{path}/consent", json={**EVERYTHING, "fields": ["floor_area_m2"]}, headers=AN))
    problem(client.get(f"/api/public/units/{vacant}/photo.jpg"), 404)
    good(client.put(f"{path}/consent", json={**EVERYTHING, "fields": ["photo"]}, headers=AN))
    assert client.get(f"/api/public/units/{vacant}/photo.jpg").status_code == 200


def test_a_link_opens_the_form_until_it_is_taken_back_or_expires(client, vacant):
    token = link(client, vacant)
    form = good(client.get("/api/owner-form", headers=token))
    assert form["role"] == "owner"
    assert not {"by", "source"} & set(form["facts"][0])
    key = card(client, vacant)["links"][0]["id"]
    good(client.delete(f"/api/shop-units/{vacant}/owner-links/{key}"))
    assert problem(client.get("/api/owner-form", headers=token), 404)["code"] == "owner_link_gone"
    good(client.post(f"/api/shop-units/{vacant}/owner-links/{key}/restore"))
    good(client.get("/api/owner-form", headers=token))
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE owner_link SET expires_at = now() - interval '1 minute'"))
    problem(client.get("/api/owner-form", headers=token), 404)
    kept = str(rows("SELECT * FROM owner_link"))
    assert token["Kernkaart-Owner-Link"] not in kept


def test_what_an_owner_proposes_waits_until_an_officer_decides_field_by_field(client, vacant):
    good(change(client, vacant, 0, rent_eur_per_month=1000, epc_label="C"))
    token = link(client, vacant)
    sent = client.post(
        "/api/owner-form/proposals", json={"rent_eur_per_month": 950, "epc_label": "B"}, headers=token
    )
    assert sent.status_code == 201, sent.text
    told = card(client, vacant)
    assert value(told, "rent_eur_per_month")["value"] == 1000
    by_field = {one["field"]: one for one in told["proposals"]}
    assert by_field["rent_eur_per_month"]["old_value"] == 1000
    rent, label = by_field["rent_eur_per_month"]["id"], by_field["epc_label"]["id"]

    def decide(key, who=BEN, **body):
        return client.post(f"/api/unit-proposals/{key}/decision", json=body, headers=who)

    accepted = good(decide(rent, decision="accepted"))
    assert (value(accepted, "rent_eur_per_month")["value"], value(accepted, "rent_eur_per_month")["by"]) == (
        950,
        "Ben",
    )
    assert problem(decide(rent, decision="rejected", reason="Toch niet"), 409)["code"] == "proposal_decided"
    assert problem(decide(label, decision="rejected"), 422)["code"] == "reason_missing"
    good(decide(label, decision="rejected", reason="Attest ontbreekt"))
    seen = {one["field"]: one for one in good(client.get("/api/owner-form", headers=token))["proposals"]}
    assert (seen["epc_label"]["decision"], seen["epc_label"]["reason"]) == ("rejected", "Attest ontbreekt")
    back = good(decide(rent, decision="pending"))
    assert value(back, "rent_eur_per_month")["value"] == 1000
    assert {one["decision"] for one in back["proposals"]} == {"pending", "rejected"}


def test_undo_of_the_card_lets_the_proposal_wait_again_and_a_newer_change_is_not_lost(client, vacant):
    token = link(client, vacant)
    client.post("/api/owner-form/proposals", json={"storage_m2": 14}, headers=token)
    (one,) = card(client, vacant)["proposals"]
    path = f"/api/unit-proposals/{one['id']}/decision"
    told = good(client.post(path, json={"decision": "accepted"}, headers=AN))
    undone = good(
        client.post(f"/api/shop-units/{vacant}/card/undo", headers={**AN, "If-Match": f'"{told["version"]}"'})
    )
    assert [row["decision"] for row in undone["proposals"]] == ["pending"]
    again = good(client.post(path, json={"decision": "accepted"}, headers=AN))
    newer = good(change(client, vacant, again["version"], storage_m2=20))
    # A second proposal of what the card says already is accepted without a change, and rests on none.
    client.post("/api/owner-form/proposals", json={"storage_m2": 33}, headers=token)
    good(change(client, vacant, newer["version"], storage_m2=33))
    same = card(client, vacant)["proposals"][0]
    kept = good(
        client.post(f"/api/unit-proposals/{same['id']}/decision", json={"decision": "accepted"}, headers=AN)
    )
    assert kept["version"] == newer["version"] + 1
    assert {one["id"]: one["decision"] for one in kept["proposals"]}[same["id"]] == "accepted"
    refused = client.post(path, json={"decision": "pending"}, headers=AN)
    assert problem(refused, 409)["code"] == "card_newer_change"


def test_an_owner_proposes_nothing_that_is_the_citys_to_say_nor_endlessly(client, vacant):
    token = link(client, vacant)

    def propose(**facts):
        return client.post("/api/owner-form/proposals", json=facts, headers=token)

    problem(propose(grants="Alles"), 422)
    problem(propose(horeca="fit"), 422)
    assert problem(propose(storage_m2=None), 422)["code"] == "proposal_same"
    for number in range(owner.MOST_A_DAY):
        assert propose(storage_m2=number + 1).status_code == 201
    assert problem(propose(storage_m2=99), 429)["code"] == "proposals_enough"


def test_guessing_links_is_slowed_down_while_a_link_that_holds_still_opens(client, vacant):
    token = link(client, vacant)
    for _ in range(owner.MOST_MISSES):
        problem(client.get("/api/owner-form", headers={"Kernkaart-Owner-Link": "guess"}), 404)
    refused = client.get("/api/owner-form", headers={"Kernkaart-Owner-Link": "guess"})
    assert problem(refused, 429)["code"] == "owner_links_tried"
    good(client.get("/api/owner-form", headers=token))


def test_a_photograph_of_an_owner_is_shown_only_after_it_is_accepted(client, vacant):
    token = link(client, vacant)
    path = "/api/owner-form/photos"
    assert problem(client.post(path, content=picture(), headers=token), 422)["code"] == "photo_persons"
    sent = client.post(path, params={"is_without_persons": True}, content=picture(), headers=token)
    assert sent.status_code == 201, sent.text
    good(client.put("/api/owner-form/consent", json={"fields": ["photo"]}, headers=token))
    problem(client.get(f"/api/public/units/{vacant}/photo.jpg"), 404)
    (one,) = card(client, vacant)["proposals"]
    good(client.post(f"/api/unit-proposals/{one['id']}/decision", json={"decision": "accepted"}, headers=AN))
    assert client.get(f"/api/public/units/{vacant}/photo.jpg").status_code == 200


def test_an_owner_gives_and_withdraws_consent_without_an_account(client, vacant):
    token = link(client, vacant, role="broker")
    form = good(client.put("/api/owner-form/consent", json={"fields": ["floor_area_m2"]}, headers=token))
    assert form["consent"]["fields"] == ["floor_area_m2"]
    assert [unit["id"] for unit in published(client)] == [vacant]
    assert card(client, vacant)["consent"]["role"] == "broker"
    assert good(client.delete("/api/owner-form/consent", headers=token))["consent"] is None
    assert published(client) == []
    # What an owner withdrew, no officer brings back.
    assert (
        problem(client.post(f"/api/shop-units/{vacant}/consent/restore"), 409)["code"] == "consent_not_ours"
    )


def test_the_list_of_a_municipality_tells_what_is_offered_and_whom_to_ask(client, vacant):
    assert good(client.get("/api/unit-offer", params={"municipality": EMPTY_NIS}))["published"] == []
    body = {"organisation": "Lokale economie", "contact": "economie@stad.example"}
    good(client.put("/api/unit-offer/contact", params={"municipality": NIS}, json=body, headers=AN))
    good(client.put(f"/api/shop-units/{vacant}/consent", json=EVERYTHING, headers=AN))
    told = good(client.get("/api/unit-offer", params={"municipality": NIS}))
    assert [one["shop_unit_id"] for one in told["published"]] == [vacant]
    (town,) = good(client.get("/api/public/units", params={"municipality": NIS}))["towns"]
    assert town["contact"] == body


def test_a_shortlist_is_one_file_that_names_no_other_address(client, town):
    if not any(
        (shortlist.get_settings().frontend.joinpath(*place) / "leaflet.js").exists()
        for place in shortlist.PLACES
    ):
        pytest.skip("no Leaflet: build the front end, or npm ci in frontend")
    keys = [town.units[code] for code in ("H3", "H1", "H2")]
    answer = client.get("/api/shortlist.html", params={"units": keys, "lang": "en", "profile": "bakery"})
    assert answer.status_code == 200, answer.text
    assert len(answer.content) < 3_000_000
    assert "user-scalable" not in answer.text
    fetched = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=", answer.text)
    assert fetched == []
    assert "url(" not in re.sub(
        r"url\(#[^)]*\)", "", "".join(re.findall(r"<style>(.*?)</style>", answer.text, re.S))
    )
    order = re.findall(r"data-place='(\d)'><span class='sign'>(\d)</span> ([^<]*)<", answer.text)
    assert [name for _, _, name in order] == ["High Street 3", "High Street 1", "High Street 2"]
    assert "</script><script>alert" not in answer.text


def test_a_name_with_markup_stays_words_in_the_file(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE shop_unit SET street = '</script><script>alert(1)</script>' WHERE id = :id"),
            {"id": own_town.units["H1"]},
        )
    answer = client.get(
        "/api/shortlist.html", params={"units": own_town.units["H1"], "title": "<img src=x onerror=alert(1)>"}
    )
    assert "<script>alert(1)" not in answer.text
    assert "<img" not in answer.text


@pytest.mark.parametrize("path", ["shortlist.html", "prospect-package.pdf"])
def test_a_file_of_no_units_or_of_unknown_ones_is_refused(client, town, path):
    assert problem(client.get(f"/api/{path}"), 422)["code"] == "shortlist_size"
    assert problem(client.get(f"/api/{path}", params={"units": 999999}), 404)["code"] == "unit_gone"
    problem(client.get(f"/api/{path}", params={"case": 999999}), 404)


def test_the_package_has_the_market_first_and_a_page_per_unit(client, town, monkeypatch):
    keys = [town.units[code] for code in ("H1", "H2")]
    seen = {}
    monkeypatch.setattr(package, "set_page", lambda _template, data: seen.update(data) or b"%PDF")
    with Session(get_engine()) as session:
        package.package_pdf(session, keys, "nl")
    monkeypatch.undo()
    inhabitants, income = seen["people"]
    assert inhabitants["value"].startswith("1.300")
    assert not income["is_known"]
    ((vacant, occupied),) = rows(
        "SELECT count(*) FILTER (WHERE state = 'vacant'), count(*) FILTER (WHERE state IN ('vacant', 'occupied')) "
        "FROM shop_unit_state WHERE nis_code = :nis",
        nis=NIS,
    )
    assert seen["vacancy"][-1][1:3] == [str(vacant), str(occupied)]
    assert sum(int(row[1]) for row in seen["offer"]) == occupied - vacant
    pages = typst.compile(
        paper.FOLDER / "package.typ",
        root=paper.FOLDER,
        sys_inputs={"data": orjson.dumps(seen).decode()},
        format="svg",
    )
    assert len(pages) == 3
    answer = client.get("/api/prospect-package.pdf", params={"units": keys, "lang": "fr"})
    assert answer.content.startswith(b"%PDF"), answer.text


def test_a_package_of_a_case_tells_nothing_of_the_case(client, own_town):
    made = client.post(
        "/api/cases", params={"municipality": NIS}, headers=AN,
        json={"title": "Geheim dossier", "prospect_name": "Geheime bakker", "shop_unit": own_town.units["H1"]},
    ).json()  # fmt: skip
    seen = client.get("/api/shortlist.html", params={"case": made["id"], "lang": "nl"})
    assert "High Street 1" in seen.text
    assert "Geheim" not in seen.text
    answer = client.get("/api/prospect-package.pdf", params={"case": made["id"], "lang": "nl"})
    assert answer.content.startswith(b"%PDF"), answer.text


def test_rows_of_a_register_that_may_not_be_handed_on_stay_out_of_all_that_leaves_the_house(client, vacant):
    good(client.put(f"/api/shop-units/{vacant}/consent", json=EVERYTHING, headers=AN))
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE shop_unit SET floor_area_m2 = 77.7 WHERE id = :id"), {"id": vacant})
        connection.execute(text("UPDATE dataset SET redistribute_rows = true"))
    token = link(client, vacant)

    def leaving():
        with Session(get_engine()) as session:
            sheet = paper.sheet_of(session, vacant, "en", is_internal=False)
        return [
            published(client)[0]["facts"].get("floor_area_m2"),
            value({"fields": good(client.get("/api/owner-form", headers=token))["facts"]}, "floor_area_m2")[
                "value"
            ],
            next(row["value"] for row in sheet["groups"][0]["rows"] if row["name"] == "Sales floor area"),
            {"Neighbours", "Anchors"} & {row["name"] for row in sheet["location"]},
        ]

    assert leaving() == [77.7, 77.7, "78 m²", {"Neighbours", "Anchors"}]
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE dataset SET redistribute_rows = false"))
    assert leaving() == [None, None, "not known", set()]
    assert value(card(client, vacant), "floor_area_m2")["value"] == 77.7
