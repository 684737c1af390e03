"""Tiles that were made are kept in memory for as long as the data and the rights behind them stay what they were."""

import threading
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from cachetools import LRUCache

from api.db.at_once import Statement
from api.db.session import asking, get_engine
from api.settings import get_settings

Row = Sequence[Any]
Ask = Callable[..., list[Sequence[tuple[Any, ...]]]]
MB = 1 << 20
# What a place, a version and the store itself take beside the bytes of a tile.
BESIDE_BYTES = 600


class Kept(NamedTuple):
    """A tile, and the version of everything that it rests on."""

    version: Row
    tile: bytes


_LOCK = threading.Lock()


@lru_cache(maxsize=1)
def _store() -> LRUCache[Hashable, Kept]:
    return LRUCache(get_settings().tile_store_mb * MB, getsizeof=lambda kept: len(kept.tile) + BESIDE_BYTES)


def tile_of(
    ask: Ask,
    place: tuple[Hashable, ...],
    version: Statement,
    made: Statement,
    *,
    check: Callable[[Row], object],
    is_known: bool,
) -> bytes:
    """
    The tile of a place, made anew only where something that it rests on changed.

    Where none is kept, version and tile are asked together; where one is, the version alone says whether it still holds.

    Parameters
    ----------
    ask
        Asks statements for whoever the request is of, and gives the rows of each. What one account gets is never given to
        another.
    place
        Which tile, among all that the application makes.
    version
        Gives one row that differs as soon as the tile may.
    made
        Gives the tile.
    check
        Told the version before a tile is made; it may raise, so that none is.
    is_known
        Whether the reader may hold this version already, so that it is asked first.
    """
    who = asking.get()
    key = (get_engine().url, who.kind, who.secret, *place)
    with _LOCK:
        kept = _store().get(key)
    if kept or is_known:
        [[current]] = ask(version)
        check(current)
        if kept and kept.version == current:
            return kept.tile
        [[[found]]] = ask(made)
    else:
        [[current], [[found]]] = ask(version, made)
        check(current)
    fresh = Kept(current, bytes(found or b""))
    with _LOCK:
        # One that takes up much of the room would push out all others.
        if len(fresh.tile) < _store().maxsize / 16:
            _store()[key] = fresh
        else:
            _store().pop(key, None)
    return fresh.tile
