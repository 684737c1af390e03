import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, text

from tests.browser.site import Site
from tests.conftest import add_desk, on_server, url_of, use_database

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
MELBOURNE = DATA / "melbourne"
pytestmark = pytest.mark.skipif(
    not MELBOURNE.is_dir(),
    reason=f"the real files are not there: {MELBOURNE} (docs/real-cities.md says which)",
)

WRAPPER = """#!/bin/sh
case "$1" in up|status) exit 0 ;; esac
exec "{python}" -m api "$@"
"""


def run_example(name: str, folder: Path, *, url: str, home: Path, srid: int) -> str:
    """Run a documented example on a database of the test's own; only making a server is left out."""
    wrapper = home / "kk"
    wrapper.write_text(WRAPPER.format(python=sys.executable))
    wrapper.chmod(0o755)
    env = {
        **os.environ,
        "KERNKAART": str(wrapper),
        "KERNKAART_HOME": str(home),
        "KERNKAART_DATABASE_URL": url,
        "KERNKAART_SRID": str(srid),
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
    }
    ran = subprocess.run(
        ["sh", str(ROOT / "docs" / "examples" / name), str(folder)],
        env=env, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    return ran.stdout


@pytest.fixture(scope="module")
def melbourne(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of a database that holds the whole city, and the folder of its deployment."""
    name = f"kk_melbourne_{uuid.uuid4().hex[:8]}"
    on_server(f"CREATE DATABASE {name}")
    url, home = url_of(name), tmp_path_factory.mktemp("melbourne")
    env = {**os.environ, "KERNKAART_DATABASE_URL": url, "KERNKAART_SRID": "7855", "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-m", "api", "migrate"], env=env, cwd=ROOT, check=True, capture_output=True
    )
    run_example("melbourne.sh", MELBOURNE, url=url, home=home, srid=7855)
    use_database(url, srid=7855)
    add_desk()
    yield url, home
    on_server(f"DROP DATABASE {name} WITH (FORCE)")


def one(url: str, query: str) -> tuple[object, ...]:
    engine = create_engine(url)
    with engine.connect() as connection:
        row = connection.execute(text(query)).one()
    engine.dispose()
    return tuple(row)


def test_the_whole_real_city_comes_in_as_documented(melbourne):
    tables = ("shop_unit", "footfall_count", "street_segment", "building", "parking_zone", "footfall_sensor")
    counted = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    assert one(melbourne[0], f"SELECT {counted}") == (6_879, 2_363_866, 2_251, 20_474, 1_251, 98)


def test_the_points_of_every_score_of_a_real_city_add_up(melbourne):
    (wrong, scored) = one(
        melbourne[0],
        "SELECT count(*) FILTER (WHERE abs(l.score - (SELECT sum((c->>'contribution')::float8) "
        "FROM jsonb_array_elements(l.components) c)) > 1e-6), count(*) FROM location_score l",
    )
    assert (wrong, scored) == (0, scored)
    assert int(str(scored)) > 6_000


def test_an_officer_reads_the_ranked_list_of_vacant_units_of_a_real_city(melbourne, visit, monkeypatch):
    url, home = melbourne
    monkeypatch.setenv("KERNKAART_SRID", "7855")
    site = Site(url, home=home)
    site.start()
    try:
        (vacant,) = one(url, "SELECT count(*) FROM shop_unit_state WHERE state = 'vacant'")
        (best,) = one(
            url,
            "SELECT u.street FROM location_score l JOIN shop_unit u ON u.id = l.shop_unit_id "
            "WHERE l.rank = 1 ORDER BY u.id LIMIT 1",
        )
        screen = visit(at=site)
        screen.open("m=24600&state=vacant")
        expect(screen.rows.first).to_contain_text(str(best))
        expect(screen.count).to_contain_text(f"{vacant:,}".replace(",", "."))
    finally:
        site.stop()
