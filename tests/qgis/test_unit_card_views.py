from collections.abc import Callable
from typing import Any

import pytest

from tests.demo_database import CLUSTERED


@pytest.fixture(scope="module")
def cards(look: Callable[..., Any]) -> dict[str, Any]:
    return look("unit_card")


@pytest.fixture(scope="module")
def offer(look: Callable[..., Any]) -> dict[str, Any]:
    return look("unit_offer")


@pytest.mark.parametrize("name", ["cards", "offer"])
def test_cards_open_by_the_key_of_the_unit_as_points_without_contacts(
    name: str, request: pytest.FixtureRequest
) -> None:
    seen = request.getfixturevalue(name)
    assert seen["is_valid"]
    assert (seen["keys"], seen["geometry"], seen["crs"]) == (["id"], "Point", "EPSG:31370")
    assert len({row["id"] for row in seen["rows"]}) == len(seen["rows"]) > 0
    assert [column for column, comment in seen["comments"].items() if len(comment) < 5] == []
    assert not [
        column for column in seen["comments"] if column.startswith("broker") or column.endswith("_by")
    ]


def test_the_offer_in_qgis_tells_what_the_public_finder_tells(
    offer: dict[str, Any], ask: Callable[..., Any]
) -> None:
    told = {item["id"]: item["facts"] for item in ask("public/units", municipality=CLUSTERED)["items"]}
    rows = {row["id"]: row for row in offer["rows"] if row["nis_code"] == CLUSTERED}
    assert rows.keys() == told.keys()
    for key, facts in told.items():
        known = {name: rows[key][name] for name in offer["comments"] if name not in BESIDE}
        assert {name: value for name, value in known.items() if value is not None} == pytest.approx(
            {name: value for name, value in facts.items() if name != "grants"}
        )


def test_a_card_in_qgis_says_what_the_card_of_the_api_says(
    cards: dict[str, Any], ask: Callable[..., Any]
) -> None:
    row = next(row for row in cards["rows"] if row["nis_code"] == CLUSTERED)
    told = {one["name"]: one["value"] for one in ask(f"shop-units/{row['id']}/card")["fields"]}
    shared = [name for name in cards["comments"] if name in told]
    assert len(shared) > 15
    assert {name: row[name] for name in shared} == pytest.approx({name: told[name] for name in shared})


BESIDE = {"id", "nis_code", "address", "postcode", "place", "agreed_at", "geom"}
