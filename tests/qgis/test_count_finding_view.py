from collections.abc import Callable
from typing import Any

from tests.demo_database import CALM


def test_findings_in_counts_are_points_at_their_sensors_that_explain_themselves(
    look: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    layer = look("count_finding")
    assert layer["is_valid"]
    assert layer["keys"] == ["id"]
    assert layer["geometries"] == ["Point"]
    assert layer["crs"] == "EPSG:31370"
    assert layer["layer_comment"]
    assert [name for name, comment in layer["comments"].items() if len(comment) < 5] == []
    asked = ask("footfall/findings", municipality=CALM, limit=1000)
    listed = {row["id"]: (row["kind"], row["state"]) for row in layer["rows"] if row["nis_code"] == CALM}
    assert listed == {item["id"]: (item["kind"], item["state"]) for item in asked["items"]}
    assert len(listed) == asked["total"] > 5
