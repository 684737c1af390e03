from collections.abc import Callable
from typing import Any

import pytest

from gis.accessibility import INDICATORS
from tests.demo_database import CALM, CLUSTERED, UNREFRESHED

VIEWS = {"shop_unit_accessibility": "Point", "parcel_accessibility": "MultiPolygon"}


@pytest.fixture(scope="module")
def seen(look: Callable[..., Any]) -> dict[str, Any]:
    # A town has ten thousand parcels; some of them will do.
    return {
        "shop_unit_accessibility": look("shop_unit_accessibility"),
        "parcel_accessibility": look("parcel_accessibility", only=f"nis_code = '{CALM}' AND id % 20 = 0"),
    }


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_opens_by_its_key_with_one_type_of_geometry(view: str, seen: dict[str, Any]) -> None:
    layer = seen[view]

    assert layer["is_valid"]
    assert layer["keys"] == ["id"]
    assert layer["geometry"] == VIEWS[view]
    assert layer["geometries"] == [VIEWS[view]]
    assert layer["crs"] == "EPSG:31370"
    assert len({row["id"] for row in layer["rows"]}) == len(layer["rows"]) == layer["count"] > 50


@pytest.mark.parametrize("view", VIEWS)
def test_every_field_explains_itself(view: str, seen: dict[str, Any]) -> None:
    assert seen[view]["layer_comment"]
    assert [name for name, comment in seen[view]["comments"].items() if len(comment) < 5] == []


def test_figures_in_qgis_are_those_of_the_api(seen: dict[str, Any], ask: Callable[..., Any]) -> None:
    rows = {row["id"]: row for row in seen["shop_unit_accessibility"]["rows"]}
    asked = ask("shop-units", municipality=CLUSTERED, limit=5)["items"]

    assert {row["nis_code"] for row in rows.values()} == {CALM, CLUSTERED}
    assert UNREFRESHED not in {row["nis_code"] for row in rows.values()}
    for unit in asked:
        detail = ask(f"shop-units/{unit['id']}")["accessibility"]
        values = {item["code"]: item["value"] for item in detail["items"]}
        assert values == {code: rows[unit["id"]][code] for code in INDICATORS}


def test_people_grow_with_the_minutes_in_every_parcel(seen: dict[str, Any]) -> None:
    for row in seen["parcel_accessibility"]["rows"]:
        walks = [row[f"persons_walk_{minutes}_min"] for minutes in (5, 10, 15)]
        if walks[0] is not None:
            assert walks == sorted(walks)
            assert row["persons_walk_decayed"] <= walks[-1]
