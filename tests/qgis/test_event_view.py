from collections.abc import Callable
from typing import Any

import pytest

from tests.demo_database import CALM

VERDICTS = {"more", "less", "not_conclusive", "not_measurable"}


@pytest.fixture(scope="module")
def seen(look: Callable[..., Any]) -> dict[str, Any]:
    return look("event_effect")


def test_effects_of_events_open_by_their_key_as_points(seen: dict[str, Any]) -> None:
    assert seen["is_valid"]
    assert (seen["keys"], seen["geometry"], seen["crs"]) == (["id"], "Point", "EPSG:31370")
    assert len({row["id"] for row in seen["rows"]}) == len(seen["rows"]) > 0
    assert [name for name, comment in seen["comments"].items() if len(comment) < 5] == []
    assert seen["layer_comment"]


def test_effects_in_qgis_are_those_of_the_api(seen: dict[str, Any], ask: Callable[..., Any]) -> None:
    told = {
        (event["id"], held["first_on"], held["effect"]["verdict"])
        for event in ask("events", municipality=CALM)["items"]
        for held in event["held"]
        if held["effect"]
    }
    rows = [row for row in seen["rows"] if row["nis_code"] == CALM]
    assert {(row["event_id"], str(row["occurs_on"]), row["verdict"]) for row in rows} == told
    assert {row["verdict"] for row in rows} <= VERDICTS
