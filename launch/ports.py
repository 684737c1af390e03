"""Ports of this machine: which are free, and who has one that is not."""

import contextlib
import re
import socket
import sys
from pathlib import Path

from launch.progress import LaunchError

LOCAL = "127.0.0.1"
TRIED = 200


def is_free(port: int) -> bool:
    """Tell whether a server of ours could listen on a port of this machine.

    Raises
    ------
    LaunchError
        If we may not listen on that port at all.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as ear:
        # Without it, connections that just ended keep a port of ours busy for a minute.
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            ear.bind((LOCAL, port))
            ear.listen(1)
        except PermissionError as error:
            raise LaunchError(
                f"port {port} is for root only", "choose one of 1024 or more with --port"
            ) from error
        except OSError:
            return False
    return True


def first_free(first: int, *, last_used: int | None = None) -> int:
    """Return the port used last when it is free, else the first free one from ``first`` up.

    Raises
    ------
    LaunchError
        If none of the 200 is free.
    """
    if last_used is not None and is_free(last_used):
        return last_used
    for port in range(first, first + TRIED):
        if is_free(port):
            return port
    raise LaunchError(
        f"no free port from {first} to {first + TRIED - 1}", "stop some of the servers on this machine"
    )


def holder(port: int) -> str:
    """Name who listens on a port, as far as we may see; for messages only."""
    if not sys.platform.startswith("linux"):
        return "another program"
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                    sockets.add(f"socket:[{fields[9]}]")
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and sockets & _open_sockets(folder):
            with contextlib.suppress(OSError):
                words = (folder / "cmdline").read_text(encoding="utf-8", errors="replace").replace("\0", " ")
                return f"process {folder.name} ({re.sub(r' +', ' ', words)[:60].strip()})"
    return "another program"


def _open_sockets(process: Path) -> set[str]:
    found = set()
    with contextlib.suppress(OSError):
        for link in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(str(link.readlink()))
    return found
