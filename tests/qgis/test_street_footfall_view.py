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
    known = [row["footfall_per_day"] for row in there if not row["reason"]]
    assert max(known) == pytest.approx(told[0]["properties"]["footfall_per_day"])
    assert told[0]["properties"]["name"] in {row["name"] for row in there}
