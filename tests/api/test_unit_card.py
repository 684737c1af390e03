import io

import orjson
import pytest
import typst
from PIL import Image
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.card import paper, schemas
from api.card.fields import ALL, CARD, NAMES, OWNERS, PUBLISHABLE
from api.card.schemas import CardFacts, OwnerFacts
from api.db import codes
from api.db.models import UnitCard
from api.db.session import get_engine
from api.db.store import UndoRefused, undo_batch
from tests.api.conftest import good, problem
from tests.town_database import NIS, rows

AN, BEN = {"Kernkaart-Officer": "An"}, {"Kernkaart-Officer": "Ben"}


def card(client, unit):
    return good(client.get(f"/api/shop-units/{unit}/card"))


def change(client, unit, version, who=AN, **facts):
    headers = {**who, "If-Match": f'"{version}"'}
    return client.patch(f"/api/shop-units/{unit}/card", json=facts, headers=headers)


def value(told, name):
    return next(one for one in told["fields"] if one["name"] == name)


def picture(exif=True):
    image, out = Image.new("RGB", (640, 480), "#7799aa"), io.BytesIO()
    data = Image.Exif()
    data[0x010F] = "Camera of An"
    image.save(out, "JPEG", exif=data if exif else None)
    return out.getvalue()


def test_the_card_has_a_column_for_every_fact_it_shows():
    columns = set(UnitCard.__table__.columns.keys())
    assert {field.name for field in CARD} <= columns
    beside = {"id", "shop_unit_id", "version", "changed_at", "changed_by"}
    assert columns - beside == {field.name for field in CARD} == set(CardFacts.model_fields)
    assert set(OwnerFacts.model_fields) == set(OWNERS)


def test_a_card_nobody_wrote_knows_nothing_but_what_the_register_says(client, town):
    told = card(client, town.units["H2"])
    assert told["version"] == 0
    assert [one["name"] for one in told["fields"]] == [field.name for field in ALL]
    assert value(told, "floor_area_m2")["source"] == "Dataset town"
    assert value(told, "storage_m2")["value"] is None
    assert value(told, "storage_m2")["source"] is None
    assert not told["can_undo"]


def test_a_change_is_kept_with_who_made_it_and_taken_back(client, own_town):
    unit = own_town.units["H2"]
    first = good(change(client, unit, 0, storage_m2=20, epc_label="C"))
    assert first["version"] == 1
    assert (value(first, "storage_m2")["value"], value(first, "storage_m2")["by"]) == (20, "An")
    second = good(change(client, unit, 1, who=BEN, storage_m2=25))
    back = good(client.post(f"/api/shop-units/{unit}/card/undo", headers={**AN, "If-Match": '"2"'}))
    assert value(back, "storage_m2")["value"] == 20
    empty = good(client.post(f"/api/shop-units/{unit}/card/undo", headers={**AN, "If-Match": '"3"'}))
    assert value(empty, "storage_m2")["value"] is None
    assert value(empty, "epc_label")["value"] is None
    assert second["can_undo"]
    assert not empty["can_undo"]
    refused = client.post(f"/api/shop-units/{unit}/card/undo", headers={**AN, "If-Match": '"4"'})
    assert problem(refused, 409)["code"] == "card_nothing_to_undo"


def test_two_officers_never_write_over_each_other(client, own_town):
    unit = own_town.units["H2"]
    good(change(client, unit, 0, rent_eur_per_month=900))
    refused = problem(change(client, unit, 0, who=BEN, rent_eur_per_month=1000), 412)
    assert (refused["code"], refused["values"]["by"], refused["values"]["version"]) == (
        "card_changed",
        "An",
        1,
    )
    assert refused["values"]["fields"] == [
        {"field": "rent_eur_per_month", "read": None, "yours": 1000.0, "theirs": 900.0}
    ]
    assert (
        value(good(change(client, unit, 1, who=BEN, rent_eur_per_month=1000)), "rent_eur_per_month")["value"]
        == 1000
    )


@pytest.mark.parametrize(
    "facts",
    [{"epc_label": "Z"}, {"storage_m2": -1}, {"floors": 0}, {"owner_name": "Jan"}, {"ceiling_height_m": 100}],
)
def test_what_cannot_be_is_refused(client, town, facts):
    problem(change(client, town.units["H2"], 0, **facts), 422)


def test_somebody_who_gives_no_name_or_version_changes_nothing(client, town):
    path = f"/api/shop-units/{town.units['H2']}/card"
    assert problem(client.patch(path, json={}, headers={"If-Match": '"0"'}), 422)["code"] == "officer_missing"
    assert problem(client.patch(path, json={}, headers=AN), 422)["code"] == "card_version_missing"
    assert problem(client.get("/api/shop-units/999999/card"), 404)["code"] == "unit_gone"


def test_the_log_of_a_card_cannot_be_rewritten(client, own_town):
    good(change(client, own_town.units["H2"], 0, storage_m2=20))
    with get_engine().begin() as connection, pytest.raises(Exception, match="not changed"):
        connection.execute(text("UPDATE unit_card_change SET changed_by = 'Nobody'"))


def test_the_vacant_neighbours_it_may_be_joined_with_are_those_of_the_match(client, own_town):
    from api.match.facts import Facts, Offer

    with get_engine().begin() as connection:
        connection.execute(text("UPDATE shop_unit SET floor_level = 'ground'"))
        connection.execute(
            text(
                "UPDATE parcel SET geom = st_multi(st_union(geom, st_translate(st_envelope(geom), 30, 0))) "
                "WHERE id = (SELECT parcel_id FROM shop_unit WHERE id = :unit)"
            ),
            {"unit": own_town.units["H2"]},
        )
    with Session(get_engine()) as session:
        pairs = Facts(session, NIS, Offer(is_expected=False)).pairs
    expected = {frozenset(pair) for pair in pairs}
    assert expected == {frozenset((own_town.units["H2"], own_town.units["H3"]))}
    vacant = [key for (key,) in rows("SELECT id FROM shop_unit_state WHERE state = 'vacant'")]
    found = {frozenset((key, one["id"])) for key in vacant for one in card(client, key)["around"]["joinable"]}
    assert found == expected


def test_parking_is_summed_within_its_distance(client, town):
    told = card(client, town.units["H2"])["around"]["parking"]
    for one in told:
        ((spaces,),) = rows(
            "SELECT sum(z.capacity) FROM parking_zone z, shop_unit u WHERE u.id = :id "
            "AND st_distance(coalesce(z.area_geom, z.geom), u.geom) <= :within",
            id=town.units["H2"],
            within=one["within_m"],
        )
        assert one["spaces"] == spaces
        assert sum(one["by_regime"].values()) == (spaces or 0)


def test_a_photograph_needs_the_word_that_nobody_can_be_recognised_and_loses_its_exif(client, own_town):
    path = f"/api/shop-units/{own_town.units['H2']}/photos"
    sent = picture()
    assert problem(client.post(path, content=sent, headers=AN), 422)["code"] == "photo_persons"
    made = client.post(path, params={"is_without_persons": True}, content=sent, headers=AN)
    assert made.status_code == 201
    (photo,) = made.json()["photos"]
    kept = client.get(f"/api/unit-photos/{photo['id']}.jpg")
    assert b"Camera of An" in sent
    assert b"Camera of An" not in kept.content
    assert good(client.delete(f"{path}/{photo['id']}"))["photos"] == []
    problem(client.get(f"/api/unit-photos/{photo['id']}.jpg"), 404)
    assert len(good(client.post(f"{path}/{photo['id']}/restore"))["photos"]) == 1


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_card_is_a_tagged_pdf_of_one_page_in_its_language(client, own_town, language):
    unit = own_town.units["H2"]
    client.post(
        f"/api/shop-units/{unit}/photos", params={"is_without_persons": True}, content=picture(), headers=AN
    )
    answer = client.get(f"/api/shop-units/{unit}/card.pdf", params={"lang": language})
    assert answer.status_code == 200, answer.text
    made = answer.content
    assert made.startswith(b"%PDF")
    assert f"/Lang({language}".encode() in made.replace(b" ", b"")


def test_the_card_fits_on_one_page_also_when_everything_is_known(client, own_town):
    unit = own_town.units["H2"]
    long = (
        "Leveren tussen 6 en 11 uur, daarna is de straat dicht voor vrachtwagens; laadzone om de hoek. " * 2
    )
    facts = {
        "storage_m2": 20, "basement_m2": 30, "floors": 2, "ceiling_height_m": 3.4, "fitout_state": "refresh",
        "epc_label": "C", "step_access": "threshold", "is_terrace_possible": True, "heritage": "townscape",
        "planning_use": "mixed", "horeca": "with_works", "delivery": long, "rent_eur_per_month": 1250,
        "price_eur": 310000, "charges_eur_per_month": 90, "deposit_months": 3, "lease_type": "commercial",
        "broker_name": "Kantoor Het Hoekhuis", "broker_contact": "info@hethoekhuis.example", "grants": long,
    }  # fmt: skip
    assert set(facts) == set(NAMES)
    good(change(client, unit, 0, **facts))
    client.post(
        f"/api/shop-units/{unit}/photos", params={"is_without_persons": True}, content=picture(), headers=AN
    )
    with Session(get_engine()) as session:
        sheet = paper.sheet_of(session, unit, "nl", is_internal=True)
    data = {"lang": "nl", "words": paper.WORDS["nl"], "title": "x", "sheets": [sheet]}
    pages = typst.compile(
        paper.FOLDER / "card.typ",
        root=paper.FOLDER,
        sys_inputs={"data": orjson.dumps(data).decode()},
        format="svg",
    )
    assert isinstance(pages, bytes), f"{len(pages)} pages"


def test_an_import_whose_units_have_cards_is_not_undone(client, own_town):
    unit = own_town.units["H2"]
    good(change(client, unit, 0, storage_m2=20))
    ((batch,),) = rows("SELECT batch_id FROM shop_unit WHERE id = :id", id=unit)
    with Session(get_engine()) as session:
        later = rows(
            "SELECT id FROM import_batch WHERE id > :id AND state = 'done' ORDER BY id DESC", id=batch
        )
        for (key,) in later:
            undo_batch(session, key)
        with pytest.raises(UndoRefused, match="Cards"):
            undo_batch(session, batch)
        session.rollback()


def test_the_api_knows_the_choices_of_the_code_lists(town):
    told = {
        schemas.FitoutState: codes.FITOUT_STATE,
        schemas.EpcLabel: codes.EPC_LABEL,
        schemas.StepAccess: codes.STEP_ACCESS,
        schemas.LeaseType: codes.LEASE_TYPE,
        schemas.Heritage: codes.HERITAGE,
        schemas.PlanningUse: codes.PLANNING_USE,
        schemas.Horeca: codes.HORECA,
        schemas.Publishable: PUBLISHABLE,
    }
    assert all(choice.__args__ == listed for choice, listed in told.items())
