from collections.abc import Callable
from typing import Any

import pytest

from tests.demo_database import CALM, CLUSTERED


@pytest.fixture(scope="module")
def seen(look: Callable[..., Any]) -> Any:
    return look("vacancy_outlook")


def test_the_view_opens_by_its_key_with_one_type_of_geometry(seen: Any) -> None:
    assert seen["is_valid"]
    assert seen["keys"] == ["id"]
    assert seen["geometries"] == [seen["geometry"]] == ["Point"]
    assert seen["crs"] == "EPSG:31370"
    assert len({row["id"] for row in seen["rows"]}) == len(seen["rows"]) == seen["count"] > 0
    assert seen["layer_comment"]
    assert [name for name, comment in seen["comments"].items() if len(comment) < 5] == []


def test_what_is_expected_in_qgis_is_what_the_api_says(seen: Any, ask: Callable[..., Any]) -> None:
    rows = {row["id"]: row for row in seen["rows"]}
    for town in (CALM, CLUSTERED):
        told = ask("vacancy/outlook", municipality=town, limit=500)
        for entry in told["expected"]:
            assert rows[entry["shop_unit_id"]]["expected_kind"]
        for unit in told["items"]:
            assert rows[unit["shop_unit_id"]]["chance"] == pytest.approx(unit["chance"])
