import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.deployment import served

SCRIPT = Path(__file__).with_name("look_at_features.py")


@pytest.fixture(scope="module")
def address(demo_url: str) -> Iterator[str]:
    """The application as it is served, on the demo."""
    with served(demo_url) as (found, _):
        yield found


def test_qgis_opens_a_collection_reads_every_page_and_asks_for_a_box(
    qgis_python: Path, address: str, ask: Callable[..., Any]
) -> None:
    asked = {"address": f"{address}/api/ogc", "collection": "shop-units", "page": 150}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PG"))}
    ran = subprocess.run(
        [qgis_python, SCRIPT],
        input=json.dumps(asked),
        env={**kept, "QT_QPA_PLATFORM": "offscreen", "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    seen = json.loads(ran.stdout.splitlines()[-1])
    assert seen["is_valid"]
    assert seen["geometry"] == "Point"
    told = ask("ogc/collections/shop-units/items", limit=10_000)
    # More than one page: nothing is cut off in silence.
    assert told["numberMatched"] > asked["page"]
    assert seen["codes"] == sorted(str(each["properties"]["local_code"]) for each in told["features"])
    assert {"state", "floor_area_m2", "location_score"} <= set(seen["names"])
    assert 0 < seen["near"] == seen["inside"] < told["numberMatched"]
