"""Running another program: its words are heard while it runs, and it may run as somebody else."""

import codecs
import contextlib
import fcntl
import os
import pty
import pwd
import selectors
import subprocess
import termios
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TextIO

TICK_S = 0.5
NOT_STARTED = 127


@dataclass(frozen=True)
class Account:
    """A user of this machine, other than ourselves."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of_uid(cls, uid: int) -> "Account":
        entry = pwd.getpwuid(uid)
        return cls(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


@dataclass(frozen=True)
class Ran:
    """How a program ended."""

    code: int
    output: str


def as_account(account: Account | None) -> dict[str, Any]:
    """Return the arguments with which ``subprocess`` runs as that account, in a folder it may enter."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": [], "cwd": "/"}


def run(
    argv: Sequence[str | Path],
    *,
    hear: Callable[[str], None],
    tick: Callable[[], None],
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    stdin: str = "",
    inherited: tuple[int, ...] = (),
    terminal: TextIO | None = None,
) -> Ran:
    """Run a program until it ends.

    Parameters
    ----------
    hear
        Called with every piece of its output (both streams).
    tick
        Called at least twice a second while it runs.
    inherited
        File descriptors it keeps open: locks that must last as long as it does, also when we are killed.
    terminal
        Let the program believe that it writes to this terminal, so that it draws its progress bars.
    """
    ours, theirs = pty.openpty() if terminal else os.pipe()
    if terminal:
        size = fcntl.ioctl(terminal.fileno(), termios.TIOCGWINSZ, b"\0" * 8)
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
    options = as_account(account) or {"cwd": cwd}
    with open(ours, "rb", buffering=0, closefd=True) as heard:  # noqa: PTH123 - a descriptor, not a path
        try:
            process = subprocess.Popen(
                [str(part) for part in argv],
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=theirs,
                stderr=theirs,
                env=None if env is None else dict(env),
                pass_fds=inherited,
                **options,
            )
        except OSError as error:
            hear(f"{error}\n")
            return Ran(code=NOT_STARTED, output=str(error))
        finally:
            os.close(theirs)
        try:
            if process.stdin:
                with contextlib.suppress(BrokenPipeError):
                    process.stdin.write(stdin.encode())
                    process.stdin.close()
            output = _listen(process, heard, hear=hear, tick=tick)
            return Ran(code=process.wait(), output=output)
        except BaseException:
            _end(process)
            raise


def _listen(
    process: subprocess.Popen[bytes],
    heard: IO[bytes],
    *,
    hear: Callable[[str], None],
    tick: Callable[[], None],
) -> str:
    decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
    parts: list[str] = []
    with selectors.DefaultSelector() as selector:
        selector.register(heard, selectors.EVENT_READ)
        while True:
            if not selector.select(timeout=TICK_S):
                if process.poll() is not None:  # a service that it left running keeps the pipe open
                    return "".join(parts)
                tick()
                continue
            try:
                piece = heard.read(65536)
            except (
                OSError
            ):  # a closed terminal ends with an input/output error where a pipe ends with nothing
                piece = b""
            if not piece:
                return "".join(parts)
            parts.append(decode(piece))
            hear(parts[-1])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
