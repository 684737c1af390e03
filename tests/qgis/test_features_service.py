import json
import os
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from tests.conftest import use_database

SCRIPT = Path(__file__).with_name("look_at_features.py")


@pytest.fixture(scope="module")
def address(demo_url: str) -> Iterator[str]:
    """The application on the demo, served from this very process, which has loaded it already."""
    from api.app import create_app

    use_database(demo_url)
    server = uvicorn.Server(uvicorn.Config(create_app(), port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    (port,) = {place.getsockname()[1] for one in server.servers for place in one.sockets}
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=30)


def test_qgis_opens_a_collection_reads_every_page_and_asks_for_a_box(qgis_python: Path, address: str) -> None:
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
    # QGIS signed in nowhere: it gets what anybody may take along.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(
        f"{asked['address']}/collections/shop-units/items?limit=10000&f=json", timeout=60
    ) as answer:
        told = json.load(answer)
    # More than one page: nothing is cut off in silence.
    assert told["numberMatched"] > asked["page"]
    assert seen["codes"] == sorted(str(each["properties"]["local_code"]) for each in told["features"])
    assert {"state", "floor_area_m2", "location_score"} <= set(seen["names"])
    assert 0 < seen["near"] == seen["inside"] < told["numberMatched"]
