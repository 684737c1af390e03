from collections.abc import Callable
from typing import Any

import pytest

from tests.demo_database import CLUSTERED


@pytest.fixture(scope="module")
def seen(look: Callable[..., Any]) -> dict[str, Any]:
    return look("case_unit")


def test_candidates_of_cases_open_by_their_key_as_points(seen: dict[str, Any]) -> None:
    assert seen["is_valid"]
    assert (seen["keys"], seen["geometry"], seen["crs"]) == (["id"], "Point", "EPSG:31370")
    assert len({row["id"] for row in seen["rows"]}) == len(seen["rows"]) > 0
    assert [name for name, comment in seen["comments"].items() if len(comment) < 5] == []
    assert "note" not in seen["comments"]


def test_candidates_in_qgis_are_those_of_the_api(seen: dict[str, Any], ask: Callable[..., Any]) -> None:
    told = {
        (case["id"], unit["shop_unit_id"], case["state"])
        for case in ask("cases", municipality=CLUSTERED)["items"]
        for unit in case["units"]
    }
    rows = [row for row in seen["rows"] if row["nis_code"] == CLUSTERED]
    assert {(row["case_id"], row["shop_unit_id"], row["state"]) for row in rows} == told
