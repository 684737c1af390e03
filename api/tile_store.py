"""Tiles that were made are kept in memory, packed, for as long as the data and the rights behind them stay what they were."""

import gzip
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from cachetools import LRUCache
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from api.db.at_once import Ask, Statement
from api.db.session import asking, get_engine
from api.settings import get_settings

Row = Sequence[Any]
MB = 1 << 20
MVT = "application/vnd.mapbox-vector-tile"
# How hard is packed: twice as hard makes a tile a twentieth smaller.
PACKED = 2
LARGE_BYTES = 100_000
# What a place, a version and the store itself take beside the bytes of a tile.
BESIDE_BYTES = 1000


class Kept(NamedTuple):
    """A tile, packed by gzip, empty when nothing is there; and the version of everything that it rests on."""

    version: Row
    tile: bytes


@lru_cache(maxsize=1)
def _store() -> LRUCache[Hashable, Kept]:
    return LRUCache(get_settings().tile_store_mb * MB, getsizeof=_bytes_of)


def _bytes_of(kept: Kept) -> int:
    return BESIDE_BYTES + len(kept.tile) + sum(len(str(part)) for part in kept.version)


async def tile_of(
    ask: Ask,
    place: tuple[Hashable, ...],
    version: Statement,
    made: Statement,
    *,
    check: Callable[[Row], object],
    is_known: bool,
) -> bytes:
    """
    The tile of a place, packed, made anew only where something that it rests on changed.

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
    kept = _store().get(key)
    if kept or is_known:
        [[current]] = await ask(version)
        check(current)
        if kept and kept.version == current:
            return kept.tile
        [[[found]]] = await ask(made)
    else:
        [[current], [[found]]] = await ask(version, made)
        check(current)
    fresh = Kept(current, await _packed(found or b""))
    # One that takes up much of the room would push out all others, and so would secrets that somebody invents.
    if len(fresh.tile) < _store().maxsize / 16 and not (who.kind != "public" and _is_of_nobody(current)):
        _store()[key] = fresh
    else:
        _store().pop(key, None)
    return fresh.tile


def _is_of_nobody(version: Row) -> bool:
    """Whether the database knew no account behind what was shown: a version begins with who asks."""
    return str(version[0]).startswith("p-")


async def _packed(tile: bytes) -> bytes:
    """Pack a tile, which costs more than all else about one that is kept; a large one where nobody waits for it."""
    if len(tile) > LARGE_BYTES:
        return await run_in_threadpool(gzip.compress, tile, PACKED, mtime=0)
    return gzip.compress(tile, PACKED, mtime=0) if tile else b""


def answer(request: Request, tile: bytes, headers: Mapping[str, str]) -> Response:
    """The answer with a packed tile, unpacked for the few who cannot; 204 where it is empty."""
    if not tile:
        return Response(status_code=204, headers=dict(headers))
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(tile, media_type=MVT, headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(tile), media_type=MVT, headers=dict(headers))
