from collections.abc import Callable
from typing import Any

import pytest

from tests.demo_database import CLUSTERED


def test_streets_in_qgis_are_those_of_the_api(look: Callable[..., Any], ask: Callable[..., Any]) -> None:
    seen = look("street_footfall")
    assert seen["is_valid"]
    assert seen["keys"] == ["id"]
    assert seen["geometries"] == [seen["geometry"]] == ["LineString"]
    assert [name for name, comment in seen["comments"].items() if len(comment) < 5] == []
    there = [row for row in seen["rows"] if row["nis_code"] == CLUSTERED]
    told = ask("footfall/streets", municipality=CLUSTERED)["features"]
    assert len(there) == len(told) > 0
    known = [row["footfall_per_day"] for row in there if not row["reason"] and not row["class_reason"]]
    assert max(known, default=None) == pytest.approx(told[0]["properties"]["footfall_per_day"])
    # Where the counts bear no number QGIS has none either.
    only = [row for row in there if row["class_reason"]]
    assert len(only) == sum(1 for one in told if one["properties"]["class_reason"])
    assert not any(row["footfall_per_day"] or row["passage_class"] for row in only)
    assert told[0]["properties"]["name"] in {row["name"] for row in there}
