"""Files that were made, kept for an hour so that a download that broke can go on where it stopped."""

import hashlib
import shutil
import threading
import time
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from api.errors import TooBusy
from api.settings import get_settings

KEPT_S = 3600
# What one process makes at once; another asker waits a little, then is told to come back.
AT_ONCE = threading.BoundedSemaphore(2)
PATIENCE_S = 20
BLOCK = 1 << 20


@dataclass(frozen=True)
class Made:
    """A file on the disk, and what is said with it."""

    path: Path
    name: str
    media_type: str
    etag: str
    rows: int
    left_out: int


def folder() -> Path:
    """Where they are kept."""
    place = get_settings().home / "exports"
    place.mkdir(parents=True, exist_ok=True)
    return place


def key_of(*asked: object) -> str:
    """A name that only the same question of the same asker has."""
    return hashlib.sha256(orjson.dumps([str(part) for part in asked])).hexdigest()[:40]


def kept(key: str) -> Made | None:
    """The file made before for the same question, when it is still there."""
    about = folder() / f"{key}.json"
    try:
        told = orjson.loads(about.read_bytes())
        made = Made(**{**told, "path": folder() / told["path"]})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return made if made.path.is_file() and made.path.stat().st_mtime > time.time() - KEPT_S else None


@contextmanager
def making(key: str) -> Iterator[Path]:
    """
    A folder to make a file in; it goes away with all that is left in it.

    Raises
    ------
    TooBusy
        When as many as go at once are being made already.
    """
    if not AT_ONCE.acquire(timeout=PATIENCE_S):
        raise TooBusy("Other files are being made.", "Try again in a minute.", headers={"Retry-After": "60"})
    work = folder() / f"{key}-{uuid.uuid4().hex[:8]}.part"
    try:
        work.mkdir()
        yield work
    finally:
        AT_ONCE.release()
        for left in work.iterdir():
            left.unlink()
        work.rmdir()


def keep(key: str, made: Path, *, name: str, media_type: str, rows: int, left_out: int) -> Made:
    """Give a finished file its place; what is older than an hour goes."""
    _sweep()
    etag = f'"{_digest(made)}"'
    # One of the same content under the same name may be on its way to somebody; another gets a name of its own.
    stored = folder() / f"{key}-{etag[1:17]}{made.suffix}"
    made.replace(stored)
    about = {
        "path": stored.name,
        "name": name,
        "media_type": media_type,
        "etag": etag,
        "rows": rows,
        "left_out": left_out,
    }
    draft = folder() / f"{key}-{uuid.uuid4().hex[:8]}.draft"
    draft.write_bytes(orjson.dumps(about))
    draft.replace(folder() / f"{key}.json")
    return Made(stored, name, media_type, etag, rows, left_out)


def zipped(work: Path, name: str, inside: Path, readme: str) -> Path:
    """One file with the readme beside the data, packed while it is read."""
    target = work / f"{name}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1, allowZip64=True) as archive:
        archive.writestr("README.txt", "\ufeff" + readme)
        archive.write(inside, inside.name)
    inside.unlink()
    return target


def _digest(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            total.update(block)
    return total.hexdigest()[:32]


def _sweep() -> None:
    """Take away what is older than an hour, also what a process left that ended while it made something."""
    for each in folder().iterdir():
        if each.stat().st_mtime >= time.time() - KEPT_S:
            continue
        if each.is_file():
            each.unlink(missing_ok=True)
        else:
            shutil.rmtree(each, ignore_errors=True)
