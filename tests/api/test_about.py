import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api import __version__
from api.app import create_app
from api.db.session import get_engine
from tests.api.conftest import good, problem
from tests.conftest import SIGNED_IN


def test_the_application_says_what_it_is_and_whose_data_it_shows(client, town):
    answer = good(client.get("/api/about"))
    assert (answer["version"], answer["srid"], answer["is_demo"]) == (__version__, 31370, False)
    assert answer["languages"] == ["nl", "fr", "en"]
    assert [each["dataset"] for each in answer["attribution"]] == ["Dataset survey", "Dataset town"]


def test_demo_data_are_marked_wherever_the_application_speaks_of_itself(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE dataset SET is_demo = true WHERE code = 'town'"))
        connection.execute(text("UPDATE municipality SET is_demo = true WHERE nis_code = '99001'"))
    assert good(client.get("/api/about"))["is_demo"] is True
    assert [each["is_demo"] for each in good(client.get("/api/municipalities"))["items"]] == [False, True]


def test_a_dataset_whose_imports_are_all_undone_is_no_longer_named(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE import_batch SET state = 'undone' WHERE source = 'survey'"))
    assert [each["dataset"] for each in good(client.get("/api/about"))["attribution"]] == ["Dataset town"]


def test_health_is_told_without_a_municipality(client, town):
    assert good(client.get("/api/health")) == {"status": "ok", "version": __version__}


def test_starting_the_application_warms_it_up_and_serves(town):
    with TestClient(create_app()) as started:
        assert good(started.get("/api/health"))["status"] == "ok"


def test_the_documentation_is_one_page_that_needs_no_internet(client, town):
    page = client.get("/api/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for path in good(client.get("/api/openapi.json"))["paths"]:
        assert path in page.text
    assert "<script" not in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text


@pytest.mark.parametrize("path", ["/api/nothing", "/api/", "/api/tiles", "/api/shop-units/1/2"])
def test_under_api_nothing_falls_back_to_the_page(client, town, path):
    assert "/api/docs" in problem(client.get(path), 404)["way_out"]


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A built front end, as small as can be."""
    from api.settings import get_settings

    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<title>kaart</title>")
    (tmp_path / "dist" / "assets" / "app.js").write_text("1")
    (tmp_path / "dist" / "icon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setenv("KERNKAART_FRONTEND", str(tmp_path / "dist"))
    get_settings.cache_clear()
    yield TestClient(create_app(), raise_server_exceptions=False, cookies=SIGNED_IN)
    get_settings.cache_clear()


@pytest.mark.parametrize(
    "path", ["/", "/kortrijk", "/kortrijk/unit/12?lang=fr", "/..%2fsecret.txt", "/%00", "/assets"]
)
def test_every_other_address_is_the_page_itself(town, built, path):
    answer = built.get(path)
    assert answer.status_code == 200
    assert answer.text == "<title>kaart</title>"
    assert answer.headers["cache-control"] == "no-cache"


def test_files_of_the_page_are_served_and_nothing_beside_them(town, built):
    assert built.get("/icon.svg").text == "<svg/>"
    assert built.get("/assets/app.js").text == "1"
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "//etc/passwd"):
        answer = built.get(path)
        assert answer.text != "secret"
        assert "root:" not in answer.text


def test_a_page_that_is_not_built_says_how_to_build_it(town, tmp_path, monkeypatch):
    from api.settings import get_settings

    monkeypatch.setenv("KERNKAART_FRONTEND", str(tmp_path))
    get_settings.cache_clear()
    answer = TestClient(create_app()).get("/")
    assert answer.status_code == 503
    assert "./kernkaart up" in answer.text
    get_settings.cache_clear()
