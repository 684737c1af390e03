"""The server of a data folder, as its lock file tells: whether it runs, and stopping it."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

STATUS_LINE = 7
STOP_S = {signal.SIGINT: 60.0, signal.SIGQUIT: 20.0}


@dataclass(frozen=True)
class Running:
    """A server that is up."""

    pid: int
    port: int


def running(data: Path) -> Running | None:
    """Return the server of a data folder, when it is up and ready."""
    lines = _lines(data)
    if (
        len(lines) <= STATUS_LINE
        or lines[STATUS_LINE].strip() != "ready"
        or not _is_server(int(lines[0]), data)
    ):
        return None
    return Running(pid=int(lines[0]), port=int(lines[3]))


def is_coming_or_going(data: Path) -> bool:
    """Tell whether a server is still starting or stopping, as one of a command that was killed may be."""
    lines = _lines(data)
    return bool(lines) and running(data) is None and _is_server(int(lines[0]), data)


def drop_stale_lock(data: Path) -> None:
    """Drop the lock file of a dead server whose process number now belongs to a program that is no server.

    PostgreSQL sees by itself that a number is no longer in use, but not that somebody else has it by now.
    """
    lines = _lines(data)
    if lines:
        program = _words(abs(int(lines[0])))[:1]
        if program and program[0] and b"postgres" not in program[0]:
            (data / "postmaster.pid").unlink(missing_ok=True)


def stop(data: Path) -> bool:
    """Stop the server of a data folder, cleanly if it lets itself be; return whether there was one."""
    lines = _lines(data)
    if not lines or not _is_server(int(lines[0]), data):
        return False
    pid = int(lines[0])
    for number, patience_s in STOP_S.items():
        deadline_at = time.monotonic() + patience_s
        os.kill(pid, number)
        while time.monotonic() < deadline_at:
            if not _is_server(pid, data):
                return True
            time.sleep(0.05)
    return False


def _lines(data: Path) -> list[str]:
    """Return the lines of the lock file; none while it is being written."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return lines if lines and lines[0].strip().lstrip("-").isdigit() else []


def _is_server(pid: int, data: Path) -> bool:
    """Tell whether a process serves this folder: its number may have gone to another program."""
    if not Path("/proc/self").exists():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        return True
    return os.fsencode(data) in _words(pid)


def _words(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
