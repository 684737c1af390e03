"""What each role takes along of each layer, and what each draws: files, collections and tiles, as the catalogues have them."""

from collections.abc import Callable
from typing import Any

import pytest
from pyproj import Transformer
from sqlalchemy import text
from starlette.testclient import TestClient

from api import access
from api.db.session import SYSTEM, session_as, take_along
from api.export.catalogue import LAYERS
from api.export.selecting import count, select
from api.tiles import LAYERS as DRAWN
from tests import town as paper
from tests.api import full_town
from tests.api.accounts import OWN_SUBJECTS, ROLES, account_with, asking_as, role_right, share
from tests.api.conftest import Town
from tests.api.mvt import read_tile
from tests.api.test_tiles import tile_of
from tests.conftest import use_database
from tests.town_database import EMPTY_NIS, NIS

SHARED = tuple(subject for subject in OWN_SUBJECTS if subject not in {"persons", "acquisition"})
# Of which subject each layer of tiles is that the map draws.
SUBJECT_OF_TILES = {
    "backdrop": "ground",
    "building": "ground",
    "parcel": "ground",
    "shop_unit": "units",
    "street": "ground",
}
Asker = tuple[str | None, str]
NOBODY: Asker = (None, "")
ASKERS: tuple[Asker, ...] = (
    NOBODY,
    *((role, nis) for role in ROLES for nis in (NIS, EMPTY_NIS) if role != "coordinator" or nis == NIS),
)
# Whoever may as much is asked over HTTP once; in the database everybody is.
STRANGER: Asker = ("officer", EMPTY_NIS)
ASKED = [
    *(
        ("own", asker)
        for asker in (NOBODY, *((role, NIS) for role in ROLES if role not in {"planner", "gis"}), STRANGER)
    ),
    *(("public", asker) for asker in (NOBODY, ("viewer", NIS), STRANGER)),
]
# A file takes longest to make.
OF_FILES = {NOBODY, ("viewer", NIS), ("officer", NIS), STRANGER}
ZOOM = 15


@pytest.fixture(scope="module")
def full_copy(copy_town: Callable[[], Town]) -> Town:
    """A full copy of the town; accounts, share levels and the log are all that is written."""
    copy = copy_town()
    full_town.fill_rest()
    return copy


@pytest.fixture(scope="module")
def shown(full_copy: Town) -> dict[Asker, str | None]:
    """The secret that each asker shows."""
    use_database(full_copy.url)
    return {
        (role, nis): account_with(role, None if role == "coordinator" else nis)[1] if role else None
        for role, nis in ASKERS
    }


@pytest.fixture(scope="module")
def there(full_copy: Town) -> dict[str, int]:
    """Rows of each layer, as the application itself finds them: all of the town, as the other is empty."""
    use_database(full_copy.url)
    with session_as("kernkaart_app", SYSTEM) as system:
        return {layer.name: count(system, select(system, layer)) for layer in LAYERS}


@pytest.fixture(scope="module")
def keys(full_copy: Town) -> dict[str, int]:
    """Key of a row of each layer."""
    use_database(full_copy.url)
    with session_as("kernkaart_app", SYSTEM) as system:
        chosen = {layer.name: select(system, layer) for layer in LAYERS}
        return {
            name: system.execute(text(f"SELECT min(v.id) {each.source()}"), each.bound).scalar_one()
            for name, each in chosen.items()
        }


@pytest.fixture
def ask(full_copy: Town, shown: dict[Asker, str | None], client: TestClient) -> Callable[..., Any]:
    """Ask an address as somebody."""
    use_database(full_copy.url)

    def get(asker: Asker, path: str, **query: str) -> Any:
        client.cookies.clear()
        secret = shown[asker]
        if secret:
            client.cookies.set(access.COOKIE, secret)
        return client.get(path, params=query)

    return get


def share_all(level: str) -> None:
    # The other town gives as much: what one gives to all opens a collection of all to everybody.
    for nis in (NIS, EMPTY_NIS):
        share(level, *SHARED, nis=nis)
        share(min(level, "partners"), "acquisition", nis=nis)


def is_public(subject: str, level: str) -> bool:
    return level == "public" and subject != "acquisition"


def takes(asker: Asker, subject: str, level: str) -> bool:
    """Whether an asker may take rows of the town along."""
    return is_public(subject, level) or (asker[1] == NIS and role_right(asker[0], subject)[1])


def status(asker: Asker, is_let_in: bool) -> int:
    return 200 if is_let_in else 403 if asker[0] else 401


def begins(asker: Asker, subject: str, level: str) -> int:
    """Status where no municipality is named: whoever may take something along anywhere gets what that is."""
    return status(asker, is_public(subject, level) or role_right(asker[0], subject)[1])


@pytest.mark.parametrize("level", ["own", "partners", "public"])
def test_every_role_takes_along_of_every_layer_what_it_may(full_copy, shown, there, level):
    use_database(full_copy.url)
    share_all(level)
    assert [name for name, found in there.items() if not found] == []
    wrong = []
    for asker in ASKERS:
        with asking_as(shown[asker]) as session:
            take_along(session)
            found = {layer.name: count(session, select(session, layer)) for layer in LAYERS}
        expected = {
            layer.name: there[layer.name] if takes(asker, layer.subject, level) else 0 for layer in LAYERS
        }
        wrong += [
            (asker, name, found[name], expected[name]) for name in found if found[name] != expected[name]
        ]
    assert wrong == []


@pytest.mark.parametrize(("level", "asker"), ASKED, ids=str)
def test_collections_and_files_answer_with_what_may_be_taken_along_and_refuse_who_takes_nothing(
    ask, there, keys, level, asker
):
    share_all(level)
    wrong = []
    for layer in LAYERS:
        is_taking = takes(asker, layer.subject, level)
        begun = begins(asker, layer.subject, level)
        items = ask(asker, f"/api/ogc/collections/{layer.name}/items", f="json", limit="1")
        matched = there[layer.name] if is_taking else 0
        if (items.status_code, items.json().get("numberMatched")) != (
            begun,
            matched if begun == 200 else None,
        ):
            wrong.append((layer.name, items.status_code, items.text[-200:]))
        one = ask(asker, f"/api/ogc/collections/{layer.name}/items/{keys[layer.name]}", f="json")
        if one.status_code != (begun if is_taking or begun != 200 else 404):
            wrong.append((layer.name, "one", one.status_code, one.text[-200:]))
        if asker in OF_FILES:
            file = ask(asker, f"/api/exports/layers/{layer.name}/file", municipality=NIS, format="csv")
            given = str(matched) if is_taking else None
            if (file.status_code, file.headers.get("Kernkaart-Rows")) != (status(asker, is_taking), given):
                wrong.append((layer.name, file.status_code, file.headers))
    assert wrong == []


@pytest.fixture(scope="module")
def place() -> tuple[int, int]:
    """Tile with the corner of the two streets, near which everything of the full town lies."""
    lon, lat = Transformer.from_crs(paper.CRS, 4326, always_xy=True).transform(*paper.ORIGIN)
    return tile_of(lon, lat, ZOOM)[:2]


@pytest.mark.parametrize(("level", "asker"), ASKED, ids=str)
def test_tiles_hold_what_may_be_drawn_and_those_of_collections_what_may_be_taken_along(
    ask, place, level, asker
):
    share_all(level)
    x, y = place
    found, expected = {}, {}
    for layer in LAYERS:
        told = ask(asker, f"/api/ogc/collections/{layer.name}/tiles/WebMercatorQuad/{ZOOM}/{y}/{x}")
        found[layer.name] = (
            told.status_code,
            bool(told.content and told.status_code == 200 and read_tile(told.content)),
        )
        is_taking = takes(asker, layer.subject, level)
        begun = begins(asker, layer.subject, level)
        expected[layer.name] = (204 if begun == 200 and not is_taking else begun, is_taking)
    for layer in DRAWN:
        told = ask(asker, f"/api/tiles/{layer}/{ZOOM}/{x}/{y}.mvt")
        found[layer] = told.status_code, bool(told.content and read_tile(told.content))
        subject = SUBJECT_OF_TILES[layer]
        is_seen = is_public(subject, level) or (asker[1] == NIS and role_right(asker[0], subject)[0])
        expected[layer] = (200 if is_seen else 204, is_seen)
    assert {name: (told, expected[name]) for name, told in found.items() if told != expected[name]} == {}
