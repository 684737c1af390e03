from collections.abc import Callable
from typing import Any

import pytest
from pyproj import Transformer

from tests.demo_database import CALM, CLUSTERED, EMPTY, UNREFRESHED

TOWNS = (CALM, CLUSTERED, UNREFRESHED, EMPTY)
TO_DEGREES = Transformer.from_crs(31370, 4326, always_xy=True)


@pytest.fixture(scope="module")
def units(look: Callable[..., Any]) -> Any:
    return look("shop_unit")


@pytest.fixture(scope="module")
def clusters(look: Callable[..., Any]) -> Any:
    return look("vacancy_cluster")


@pytest.mark.parametrize(("view", "geometry"), [("shop_unit", "Point"), ("vacancy_cluster", "MultiPolygon")])
def test_a_view_opens_by_its_key_with_one_type_of_geometry_in_the_crs_of_the_deployment(
    view: str, geometry: str, request: pytest.FixtureRequest
) -> None:
    seen = request.getfixturevalue({"shop_unit": "units", "vacancy_cluster": "clusters"}[view])

    assert seen["is_valid"]
    assert seen["keys"] == ["id"]
    assert seen["geometry"] == geometry
    assert seen["geometries"] == [geometry]
    assert seen["crs"] == "EPSG:31370"
    assert len({row["id"] for row in seen["rows"]}) == len(seen["rows"]) == seen["count"]


@pytest.mark.parametrize("seen", ["units", "clusters"])
def test_every_field_of_a_view_explains_itself_in_qgis(seen: str, request: pytest.FixtureRequest) -> None:
    layer = request.getfixturevalue(seen)

    assert layer["layer_comment"]
    assert [name for name, comment in layer["comments"].items() if len(comment) < 5] == []


@pytest.mark.parametrize("seen", ["units", "clusters"])
def test_a_drawing_of_a_view_shows_its_features_and_shows_none_where_there_are_none(
    seen: str, request: pytest.FixtureRequest
) -> None:
    layer = request.getfixturevalue(seen)

    assert layer["drawn_px"] > 50
    assert layer["drawn_elsewhere_px"] == 0


def test_qgis_holds_the_shop_units_that_the_api_holds(units: Any, ask: Callable[..., Any]) -> None:
    for town in TOWNS:
        own = [row for row in units["rows"] if row["nis_code"] == town]
        assert len(own) == ask("shop-units", municipality=town, limit=1)["total"]
        for state in ("vacant", "occupied", "non_retail", "unknown"):
            total = ask("shop-units", municipality=town, state=state, limit=1)["total"]
            assert sum(row["state"] == state for row in own) == total


def test_a_filter_that_a_planner_types_in_qgis_keeps_what_the_api_keeps(
    look: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    seen = look("shop_unit", only=f"nis_code = '{CLUSTERED}' AND state = 'vacant' AND floor_area_m2 >= 100")

    asked = ask("shop-units", municipality=CLUSTERED, state="vacant", min_floor_area_m2=100, limit=500)
    assert {row["id"] for row in seen["rows"]} == {item["id"] for item in asked["items"]}
    assert seen["count"] == asked["total"] > 0


def test_scores_ranks_and_places_in_qgis_are_those_of_the_api(units: Any, ask: Callable[..., Any]) -> None:
    rows = {row["id"]: row for row in units["rows"]}

    for item in ask("shop-units", municipality=CLUSTERED, state="vacant", limit=500)["items"]:
        row = rows[item["id"]]
        assert row["location_score"] == pytest.approx(item["score"]["value"], abs=0.06)
        assert (row["rank"], row["rank_lower"], row["rank_upper"]) == (
            item["score"]["rank"],
            item["score"]["rank_lower"],
            item["score"]["rank_upper"],
        )
        assert row["floor_area_m2"] == item["floor_area_m2"]
        place = TO_DEGREES.transform(*units["places"][str(item["id"])])
        assert place == pytest.approx((item["lon"], item["lat"]), abs=2e-6)


def test_a_municipality_that_was_not_refreshed_has_no_scores_in_qgis(units: Any) -> None:
    own = [row for row in units["rows"] if row["nis_code"] == UNREFRESHED]

    assert own
    assert [row for row in own if row["location_score"] is not None or row["rank"] is not None] == []


def test_qgis_holds_the_clusters_that_the_api_holds(clusters: Any, ask: Callable[..., Any]) -> None:
    for town in TOWNS:
        own = {row["label"]: row for row in clusters["rows"] if row["nis_code"] == town}
        asked = ask("vacancy-clusters", municipality=town)["features"]
        assert {name: (row["vacant"], row["units"]) for name, row in own.items()} == {
            item["properties"]["label"]: (item["properties"]["vacant"], item["properties"]["units"])
            for item in asked
        }
    assert {row["nis_code"] for row in clusters["rows"]} == {CLUSTERED}
