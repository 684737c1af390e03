from collections.abc import Callable
from typing import Any

import pytest

from tests.demo_database import CLUSTERED


@pytest.fixture(scope="module")
def seen(look: Callable[..., Any]) -> Any:
    return look("forecast_day")


def test_the_view_opens_by_its_key_with_one_type_of_geometry(seen: Any) -> None:
    assert seen["is_valid"]
    assert seen["keys"] == ["id"]
    assert seen["geometries"] == [seen["geometry"]] == ["Point"]
    assert seen["crs"] == "EPSG:31370"
    assert len({row["id"] for row in seen["rows"]}) == len(seen["rows"]) == seen["count"] > 0
    assert seen["layer_comment"]
    assert [name for name, comment in seen["comments"].items() if len(comment) < 5] == []


def test_the_days_in_qgis_are_those_of_the_latest_forecast(seen: Any, ask: Callable[..., Any]) -> None:
    told = ask("forecast", municipality=CLUSTERED)
    rows = [row for row in seen["rows"] if row["nis_code"] == CLUSTERED]
    for item in told["items"]:
        days = [row for row in rows if row["sensor_code"] == item["code"]]
        if item["first_day"] is None:
            assert days == []
            continue
        first = min(days, key=lambda row: row["on_day"])
        assert first["expected"] == pytest.approx(item["first_day"]["expected"], abs=0.1)
        assert len(days) == 14
