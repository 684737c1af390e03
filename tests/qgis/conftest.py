"""A headless QGIS beside the application: both look at the same database."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient

from launch import qgis
from tests.conftest import SIGNED_IN, use_database

SCRIPT = Path(__file__).with_name("look.py")


@pytest.fixture(scope="session")
def qgis_python() -> Path:
    """The Python that QGIS's own library is installed for."""
    found = qgis.find()
    if found is None:
        pytest.skip(f"no QGIS on this machine; as root: {qgis.COMMAND}")
    return found


@pytest.fixture(scope="session")
def look(qgis_python: Path, demo_url: str) -> Callable[..., Any]:
    """Have QGIS open a view of the database, and return what it saw."""
    url = make_url(demo_url)

    def look_at(view: str, *, key: str = "id", only: str = "") -> Any:
        asked = {
            "host": url.host,
            "port": str(url.port),
            "database": url.database,
            "user": url.username,
            "password": url.password or "",
            "view": view,
            "key": key,
            "only": only,
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PG"))}
        ran = subprocess.run(
            [qgis_python, SCRIPT],
            input=json.dumps(asked),
            env={**kept, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, f"QGIS ended with {ran.returncode}:\n{ran.stderr[-3000:]}"
        return json.loads(ran.stdout.splitlines()[-1])

    return look_at


@pytest.fixture(scope="session")
def ask(demo_url: str) -> Iterator[Callable[..., Any]]:
    """Ask the application about the same database."""
    from api.app import create_app
    from api.db.session import get_engine

    client = TestClient(create_app(), cookies=SIGNED_IN)

    def ask_it(path: str, **query: Any) -> Any:
        use_database(demo_url)
        answer = client.get(f"/api/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    yield ask_it
    get_engine().dispose()
