from collections.abc import Callable
from typing import Any

import pytest

from tests.demo_database import CLUSTERED

WORDS = {"new", "growing", "stable", "shrinking", "merged", "split", "dissolved", None}


@pytest.fixture(scope="module")
def seen(look: Callable[..., Any]) -> dict[str, Any]:
    return look("vacancy_cluster_history")


def test_clusters_of_all_inventories_open_by_their_key_as_shapes(seen: dict[str, Any]) -> None:
    assert seen["is_valid"]
    assert seen["keys"] == ["id"]
    assert seen["geometry"] == "MultiPolygon"
    assert seen["crs"] == "EPSG:31370"
    assert len({row["id"] for row in seen["rows"]}) == len(seen["rows"]) > 0
    assert [name for name, comment in seen["comments"].items() if len(comment) < 5] == []
    assert seen["layer_comment"]


def test_clusters_in_qgis_are_those_of_the_api(seen: dict[str, Any], ask: Callable[..., Any]) -> None:
    for question in ("location", "average"):
        asked = ask("vacancy-clusters/history", municipality=CLUSTERED, question=question)["inventories"]
        told = {
            (row["on"], cluster["id"], cluster["vacant"], cluster["change"])
            for row in asked
            for cluster in row["clusters"]
        }
        rows = [r for r in seen["rows"] if r["nis_code"] == CLUSTERED and r["question"] == question]
        assert {(str(r["as_of_on"]), r["id"], r["vacant"], r["change"]) for r in rows} == told
        assert {r["change"] for r in rows} <= WORDS
