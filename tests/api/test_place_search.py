import pytest
from sqlalchemy import text

from api.db.session import get_engine
from tests.api.conftest import good, problem, units
from tests.town_database import NIS


def found(client, words: str, **more) -> list[dict]:
    return good(client.get("/api/places/search", params={"municipality": NIS, "q": words, **more}))["items"]


def test_an_address_leads_to_its_shop_unit(client, town):
    first = found(client, "high street 3")[0]
    assert (first["kind"], first["id"], first["is_about"]) == ("shop_unit", town.units["H3"], False)
    (unit,) = [unit for unit in units(client) if unit["id"] == town.units["H3"]]
    assert (first["lon"], first["lat"]) == pytest.approx((unit["lon"], unit["lat"]), abs=1e-7)


def test_a_house_number_without_a_unit_lies_between_its_neighbours_and_says_about(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE shop_unit SET house_number = '9' WHERE local_code = 'H7'"))
    by_code = {unit["local_code"]: unit for unit in units(client)}
    first = found(client, "High Street, 7")[0]
    assert (first["kind"], first["label"], first["is_about"]) == ("address", "High Street 7", True)
    # Odd numbers only: half way between number 5 and number 9.
    middle = (by_code["H5"]["lon"] + by_code["H7"]["lon"]) / 2
    assert first["lon"] == pytest.approx(middle, abs=1e-6)
    beyond = found(client, "high street 99")[0]
    assert beyond["lon"] == pytest.approx(by_code["H7"]["lon"], abs=1e-6)


def test_a_street_a_parcel_and_a_tenant_are_found_by_name(client, town):
    assert any(item["kind"] == "street" and item["label"] == "Side Street" for item in found(client, "side"))
    capakey = next(iter(town.parcels))
    assert found(client, capakey)[0]["kind"] == "parcel"
    assert found(client, "Shop H1")[0]["id"] == town.units["H1"]


def test_accents_capitals_and_spaces_do_not_matter(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE street_segment SET name = 'Rue de l''Église' WHERE name = 'Side Street'")
        )
    assert found(client, "  rue de l'EGLISE ")[0]["label"] == "Rue de l'Église"


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "12", "   ", "zzzz 99999"])
def test_odd_words_find_nothing_rather_than_everything(client, town, words):
    items = found(client, words)
    assert all(words.strip() in item["label"] for item in items)


def test_the_list_is_no_longer_than_asked(client, town):
    assert len(found(client, "street", limit=3)) == 3
    for words in ("", "\x00"):
        problem(client.get("/api/places/search", params={"municipality": NIS, "q": words}), 422)
    problem(client.get("/api/places/search", params={"municipality": "12345", "q": "x"}), 404)
