"""What is done already: a stamp is the hash of what went in, written only when the work is whole."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

PASSED_OVER = frozenset({"node_modules", "dist", "__pycache__", ".vite", "coverage", "test-results"})


def hash_of(*texts: str | bytes) -> str:
    """Return one hash of several texts, in their order."""
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode() if isinstance(text, str) else text
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def hash_of_files(*folders: Path, suffixes: Iterable[str] = ()) -> str:
    """Return one hash of the names and contents of all files in folders, without what is made from them."""
    wanted = tuple(suffixes)
    digest = hashlib.sha256()
    for folder in folders:
        for parent, names, files in os.walk(folder):
            names[:] = sorted(name for name in names if name not in PASSED_OVER and not name.startswith("."))
            for name in sorted(files):
                if not wanted or name.endswith(wanted):
                    path = Path(parent) / name
                    digest.update(f"{path.relative_to(folder)}\0".encode())
                    digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def read(stamp: Path) -> str:
    """Return what a stamp holds; nothing where there is none."""
    try:
        return stamp.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def write(stamp: Path, text: str, *, mode: int = 0o644) -> None:
    """Write a small file so that a lost power cord leaves the old one or the new one, never half of it."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    fresh = stamp.with_name(stamp.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor, not a path
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(stamp)
    settle(stamp.parent)


def settle(folder: Path) -> None:
    """Make the names in a folder outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
