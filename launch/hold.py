"""Locks that keep two commands out of each other's way, and that no crash can leave behind."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from launch.progress import LaunchError, Progress


@contextlib.contextmanager
def hold(lock_file: Path, *, progress: Progress) -> Iterator[None]:
    """Hold a lock; wait, saying so, while another command holds it.

    The programs that a step runs inherit the lock: when we are killed while one of them goes on, the next
    command waits for it, instead of working in the same folder.
    """
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _open(lock_file)
    try:
        _wait(descriptor, progress=progress)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        progress.inherited.add(descriptor)
        yield
    finally:
        progress.inherited.discard(descriptor)
        os.close(descriptor)


def _open(lock_file: Path) -> int:
    try:
        return os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o644)
    except PermissionError as error:
        owner = lock_file.stat().st_uid
        raise LaunchError(
            f"{lock_file} belongs to another user (number {owner})",
            "run ./kernkaart as that user, or use a checkout of your own",
        ) from error


def _wait(descriptor: int, *, progress: Progress) -> None:
    is_said = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not is_said:
                who = os.pread(descriptor, 32, 0).decode() or "unknown"
                progress.line(
                    f"Waiting: another ./kernkaart is at work here (process {who}), or what it started."
                )
                is_said = True
            time.sleep(0.2)
