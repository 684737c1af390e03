from collections.abc import Callable
from typing import Any

from tests.demo_database import CALM, CLUSTERED


def test_open_items_are_points_that_explain_themselves(
    look: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    layer = look("worklist")
    assert layer["is_valid"]
    assert layer["keys"] == ["id"]
    assert layer["geometries"] == ["Point"]
    assert layer["crs"] == "EPSG:31370"
    assert layer["layer_comment"]
    assert [name for name, comment in layer["comments"].items() if len(comment) < 5] == []
    for nis in (CALM, CLUSTERED):
        asked = ask("worklist", municipality=nis, limit=500)
        listed = {row["id"]: row["kind"] for row in layer["rows"] if row["nis_code"] == nis}
        assert listed == {item["id"]: item["kind"] for item in asked["items"]}
        assert len(listed) == asked["total"] > 5
