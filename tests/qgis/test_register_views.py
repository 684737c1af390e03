from collections.abc import Callable
from typing import Any

import pytest

from tests.demo_database import CALM, CLUSTERED

VIEWS = {"legal_vacancy_record": "legal-vacancy", "business_premises_record": "business-premises"}


@pytest.fixture(scope="module")
def seen(look: Callable[..., Any]) -> dict[str, Any]:
    # A record that matches no parcel has no place to draw.
    return {view: look(view, only="geom IS NOT NULL") for view in VIEWS}


@pytest.mark.parametrize("view", VIEWS)
def test_a_register_opens_by_its_key_as_areas(view: str, seen: dict[str, Any]) -> None:
    layer = seen[view]

    assert layer["is_valid"]
    assert layer["keys"] == ["id"]
    assert layer["geometry"] == "MultiPolygon"
    assert layer["crs"] == "EPSG:31370"
    assert len({row["id"] for row in layer["rows"]}) == len(layer["rows"]) == layer["count"]


@pytest.mark.parametrize("view", VIEWS)
def test_every_field_of_a_register_explains_itself(view: str, seen: dict[str, Any]) -> None:
    assert seen[view]["layer_comment"]
    assert [name for name, comment in seen[view]["comments"].items() if len(comment) < 5] == []


@pytest.mark.parametrize(("view", "register"), VIEWS.items())
def test_qgis_holds_the_records_that_the_api_holds_today(
    view: str, register: str, seen: dict[str, Any], ask: Callable[..., Any]
) -> None:
    for town in (CALM, CLUSTERED):
        rows = [row for row in seen[view]["rows"] if row["nis_code"] == town and row["is_on_register"]]
        asked = ask(f"registers/{register}/records", municipality=town)["features"]
        asked = [one for one in asked if one["geometry"]]
        assert {row["record_key"]: row["matched_by"] for row in rows} == {
            one["properties"]["record_key"]: one["properties"]["matched_by"] for one in asked
        }
        assert rows
