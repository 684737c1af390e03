"""Tiles are kept per asker for as long as their version stands, and no longer."""

import asyncio
import gzip
import random

import pytest

from api import tile_store
from api.db.at_once import Statement
from api.db.session import Asking, asking, get_engine
from api.errors import NotModified

VERSION, MADE = Statement("version", {}), Statement("made", {})


class Database:
    """Answers like a database, and remembers what it was asked."""

    def __init__(self):
        self.version, self.tile, self.asked = ("7-write-1",), b"a tile", []

    async def __call__(self, *statements):
        self.asked.append([each.sql for each in statements])
        return [[self.version] if each is VERSION else [(self.tile,)] for each in statements]

    def find(self, place=("x",), *, check=id, is_known=False):
        self.asked.clear()
        packed = asyncio.run(tile_store.tile_of(self, place, VERSION, MADE, check=check, is_known=is_known))
        return gzip.decompress(packed) if packed else b""


@pytest.fixture
def database(town):
    tile_store._store.cache_clear()
    before = asking.set(asking.get())
    yield Database()
    asking.reset(before)
    tile_store._store.cache_clear()


def test_the_first_time_version_and_tile_are_one_question_and_then_the_version_alone(database):
    assert database.find() == b"a tile"
    assert database.asked == [["version", "made"]]
    assert database.find() == b"a tile"
    assert database.asked == [["version"]]


def test_another_version_is_made_anew_and_is_then_the_one_that_is_kept(database):
    database.find()
    database.version, database.tile = ("7-write-2",), b"another"
    assert database.find() == b"another"
    assert database.asked == [["version"], ["made"]]
    assert database.find() == b"another"
    assert database.asked == [["version"]]


def test_a_large_tile_is_packed_as_well(database):
    database.tile = b"tile " * tile_store.LARGE_BYTES
    assert database.find() == database.find() == database.tile


def test_an_empty_tile_is_kept_as_well(database):
    database.tile = None
    assert (database.find(), database.find()) == (b"", b"")
    assert database.asked == [["version"]]


@pytest.mark.parametrize("other", [Asking("session", b"2"), Asking("token", b"1"), Asking("public")])
def test_nobody_gets_what_was_made_for_another(database, other):
    asking.set(Asking("session", b"1"))
    database.find()
    asking.set(other)
    database.tile = b"less"
    assert database.find() == b"less"


@pytest.mark.parametrize(("shown", "is_kept"), [("public", True), ("session", False), ("token", False)])
def test_a_secret_that_nobody_has_fills_no_room(database, shown, is_kept):
    asking.set(Asking(shown, b"" if shown == "public" else b"invented"))
    database.version = ("p-write-1",)
    assert database.find() == database.find() == b"a tile"
    assert database.asked == ([["version"]] if is_kept else [["version", "made"]])
    assert len(tile_store._store()) == is_kept


def test_places_and_databases_are_apart(database, monkeypatch):
    database.find(("parcel", 14, 1, 2))
    database.tile = b"beside"
    assert database.find(("parcel", 14, 2, 1)) == b"beside"
    elsewhere = get_engine().url.set(database="elsewhere")
    monkeypatch.setattr(tile_store, "get_engine", lambda: type("Engine", (), {"url": elsewhere}))
    assert database.find(("parcel", 14, 1, 2)) == b"beside"


def test_who_holds_the_version_is_told_before_a_tile_is_made(database):
    def held(_):
        raise NotModified({})

    with pytest.raises(NotModified):
        database.find(check=held, is_known=True)
    assert database.asked == [["version"]]


def test_the_store_forgets_what_was_not_asked_for_longest_and_takes_no_giant(database, monkeypatch):
    monkeypatch.setattr(tile_store, "MB", 20 * 1000 // 64)
    noise = random.Random(1)
    database.tile = noise.randbytes(400)
    for n in range(30):
        database.find((n,))
    database.find((29,))
    assert database.asked == [["version"]]
    database.find((0,))
    assert database.asked == [["version", "made"]]
    database.tile = noise.randbytes(15_000)
    database.find(("giant",))
    database.find(("giant",))
    assert database.asked == [["version", "made"]]
    assert tile_store._store().currsize <= tile_store._store().maxsize
