"""The running application: started in the background, found again, stopped."""

import contextlib
import fcntl
import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from launch import ports, stamps
from launch.places import Places
from launch.progress import LaunchError, Step

FIRST_PORT = 8000
# Numba compiles the spatial kernels when a fresh checkout answers for the first time.
PATIENCE_S = 120.0
STOP_S = 15.0
LOG_LIMIT_BYTES = 10_000_000
# Python complains about a process that goes on when nobody refers to it any more; ours is meant to.
_started: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Application:
    """An application that runs, as its start noted it."""

    pid: int
    port: int
    fingerprint: str

    @property
    def address(self) -> str:
        return f"http://{ports.LOCAL}:{self.port}/"


def python_command(places: Places, *words: str) -> list[str]:
    """Return the command line of the application; ``-P`` passes over an ``api`` in the current folder."""
    return [str(places.python), "-P", "-m", "api", *words]


def environment(
    places: Places, *, database_url: str, told: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Return the environment of everything that talks to the database."""
    # The variables of libpq would add to our URL what the user meant for another database.
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return {
        **kept,
        "PYTHONPATH": str(places.root),
        "PYTHONUNBUFFERED": "1",
        "KERNKAART_HOME": str(places.home),
        "KERNKAART_DATABASE_URL": database_url,
        **told,
    }


def fingerprint(places: Places, *, database_url: str, told: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return what a running application was started from: another code or setting asks for another start."""
    code = stamps.hash_of_files(
        places.root / "gis", places.root / "api", suffixes=(".py", ".sql", ".csv", ".json")
    )
    lock = stamps.read(places.root / "requirements.lock")
    chosen = {**{key: value for key, value in os.environ.items() if key.startswith("KERNKAART_")}, **told}
    settings = sorted(f"{key}={value}" for key, value in chosen.items())
    return stamps.hash_of(code, lock, stamps.read(places.stamps / "frontend"), database_url, *settings)


def find(places: Places) -> Application | None:
    """Return the application of this deployment when it runs.

    It holds a lock for as long as it lives, so that no crash and no reused process number can mislead us.
    """
    _started[:] = [process for process in _started if process.poll() is None]
    try:
        descriptor = os.open(_lock(places), os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _noted(places)
    finally:
        os.close(descriptor)
    return None


def start(places: Places, *, env: Mapping[str, str], port: int | None, mark: str, step: Step) -> Application:
    """Start the application and wait until it answers.

    Parameters
    ----------
    port
        The port the user asked for; None takes the one used last, or the first free one.
    mark
        Its fingerprint.

    Raises
    ------
    LaunchError
        If the port is taken or the application does not answer.
    """
    if port is not None:
        refuse_taken(places, port)
    last_used = stamps.read(places.state / "port")
    chosen = port or ports.first_free(FIRST_PORT, last_used=int(last_used) if last_used else None)
    log = places.logs / "app.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))
    process = _spawn(places, log, env=env, port=chosen, mark=mark)
    _started.append(process)
    stamps.write(places.state / "port", str(chosen))
    _await_answer(process, chosen, log, step=step)
    return Application(pid=process.pid, port=chosen, fingerprint=mark)


def refuse_taken(places: Places, port: int) -> None:
    """Refuse a port on which somebody else listens.

    Raises
    ------
    LaunchError
        If it is taken by any program but our own application.
    """
    found = find(places)
    if not (found and found.port == port) and not ports.is_free(port):
        raise LaunchError(
            f"port {port} is in use by {ports.holder(port)}",
            "choose another with --port, or leave --port out to get the first free one",
        )


def _spawn(
    places: Places, log: Path, *, env: Mapping[str, str], port: int, mark: str
) -> subprocess.Popen[bytes]:
    lock = _lock(places)
    lock.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)

    def note_down() -> None:
        # In the child, before the program begins: so it is found also when we are killed right now.
        os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "port": port, "fingerprint": mark}).encode(), 0)

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.ftruncate(descriptor, 0)
        with log.open("ab") as output:
            return subprocess.Popen(
                python_command(places, "serve", "--host", ports.LOCAL, "--port", str(port)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=places.root,
                env=dict(env),
                start_new_session=True,
                pass_fds=(descriptor,),
                preexec_fn=note_down,  # noqa: PLW1509 - this program has one thread
            )
    finally:
        os.close(descriptor)


def _await_answer(process: subprocess.Popen[bytes], port: int, log: Path, *, step: Step) -> None:
    deadline_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_at:
        if answers(port) and process.poll() is None:
            return
        if process.poll() is not None:
            step.progress.log(log.read_text(encoding="utf-8", errors="replace")[-4000:])
            raise LaunchError(
                f"the application stopped while it started (exit code {process.returncode})",
                f"see {log}; ./kernkaart logs shows it",
                is_in_log=True,
            )
        step.wait(0.1)
    raise LaunchError(
        f"the application runs but does not answer on port {port} after {PATIENCE_S:.0f} s",
        "see ./kernkaart logs; ./kernkaart down stops it",
    )


def answers(port: int, *, timeout_s: float = 5.0) -> bool:
    """Tell whether an application says that it is well."""
    # http.client, as urllib would ask a proxy for our own machine.
    connection = http.client.HTTPConnection(ports.LOCAL, port, timeout=timeout_s)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def stop(places: Places) -> Application | None:
    """Stop the application, gently at first; return it if there was one."""
    found = find(places)
    if found is None:
        return None
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(found.pid, number)
        deadline_at = time.monotonic() + STOP_S
        while time.monotonic() < deadline_at:
            if find(places) is None:
                return found
            time.sleep(0.05)
    raise LaunchError(
        f"the application (process {found.pid}) does not stop", f"end it with: kill -9 {found.pid}"
    )


def _lock(places: Places) -> Path:
    return places.state / "application.lock"


def _noted(places: Places) -> Application | None:
    # Whoever starts it notes it down an instant after taking the lock.
    for _ in range(20):
        with contextlib.suppress(ValueError, KeyError):
            noted = json.loads(stamps.read(_lock(places)))
            return Application(pid=noted["pid"], port=noted["port"], fingerprint=noted["fingerprint"])
        time.sleep(0.1)
    return None
