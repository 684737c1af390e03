"""Everything that ``./kernkaart test`` checks, on a server of its own that is thrown away."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from launch import binaries, chromium, database, frontend, ports, postmaster, python_env, qgis
from launch.cluster import SUPERUSER, Cluster
from launch.hold import hold
from launch.places import Places
from launch.progress import Progress, Step, clean

URL_VARIABLE = "KERNKAART_TEST_DATABASE_URL"
PREFIX = "kernkaart-test-"
FIRST_PORT = 55632
# What is thrown away need not outlast a power cut.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
KEPT_VARIABLES = ("KERNKAART_TEST_", "KERNKAART_PG_BIN", "KERNKAART_CHROMIUM")
PACKAGES = ("gis", "api", "launch")


def run_all(places: Places, progress: Progress, words: list[str]) -> int:
    """Run every check, pytest last, as its closing line must be the last; with arguments, only pytest."""
    failed: list[str] = []
    with hold(places.tools / "tools.lock", progress=progress):
        with progress.step("Python environment") as step:
            python_env.provide(places, lock=python_env.WITH_TESTS, step=step)
        with progress.step("PostgreSQL") as step:
            found = binaries.provide(places, step=step)
        with progress.step("Browser") as step:
            browser = chromium.provide(step=step)
        if not words or any("qgis" in word for word in words):
            with progress.step("QGIS") as step:
                qgis.provide(step=step)
        if frontend.is_written(places):
            failed += _check_frontend(places, progress, is_all=not words)
    if not words:
        failed += _check_python(places, progress)
    if failed:
        progress.line(f"\nFAILED before pytest: {', '.join(failed)}\n")
    env = environment() | {
        "PYTHONPATH": str(places.root),
        "KERNKAART_CHROMIUM": str(browser) if browser else "",
    }
    with server(found, progress) as url:
        progress.line("pytest")
        # Without arguments, also why tests were skipped: a ring that did not run must not look like one that passed.
        pytest = [str(places.python), "-P", "-m", "pytest", *(words or ["-rs", *side_by_side()])]
        ended = subprocess.run(
            pytest, cwd=places.root, env={**env, URL_VARIABLE: url}, check=False
        ).returncode
    return ended or (1 if failed else 0)


def side_by_side(cores: int | None = None) -> list[str]:
    """Words that make pytest run two groups of tests at once, where there is a core for each.

    More than two would leave the browser ring waiting for a screen that others keep from being drawn.
    """
    return ["-n", "2"] if (cores or os.cpu_count() or 1) > 1 else []


def environment() -> dict[str, str]:
    """What of our environment tests and benchmarks may see."""
    return {key: value for key, value in os.environ.items() if _is_kept(key)}


def _is_kept(variable: str) -> bool:
    """Tell whether tests may see a variable: nothing may lead them to a real database."""
    return not variable.startswith(("PG", "KERNKAART_")) or variable.startswith(KEPT_VARIABLES)


def _check_frontend(places: Places, progress: Progress, *, is_all: bool) -> list[str]:
    with progress.step("Node") as step:
        env = frontend.provide_node(places, step=step)
    with progress.step("Front end") as step:
        frontend.build(places, env=env, step=step)
        frontend.fetch_packages(places, env=env, step=step)
    checks = {"Front end tests": ["npm", "test"], "Front end style": ["npm", "run", "lint"]} if is_all else {}
    return [
        name for name, argv in checks.items() if not _check(name, argv, places.frontend, progress, env=env)
    ]


def _check_python(places: Places, progress: Progress) -> list[str]:
    python = [str(places.python), "-P", "-m"]
    packages = [word for name in PACKAGES if (places.root / name).exists() for word in ("-p", name)]
    checks = {
        "Style": [*python, "ruff", "check", ".", "kernkaart"],
        "Layout": [*python, "ruff", "format", "--check", ".", "kernkaart"],
        "Types": [*python, "mypy", *packages],
    }
    return [name for name, argv in checks.items() if not _check(name, argv, places.root, progress)]


def _check(
    name: str, argv: Sequence[str], cwd: Path, progress: Progress, *, env: dict[str, str] | None = None
) -> bool:
    with progress.step(name) as step:
        ran = step.attempt(argv, cwd=cwd, env=env)
        lines = [line for line in clean(ran.output).splitlines() if line.strip()]
        is_passed = ran.code == 0
        step.done(f"passed  {lines[-1].strip()[:80] if lines else ''}" if is_passed else "FAILED")
    if not is_passed:
        progress.stream.write(ran.output)
    return is_passed


@contextlib.contextmanager
def server(found: binaries.Binaries, progress: Progress) -> Iterator[str]:
    """Run a server that leaves nothing behind, also when we are interrupted."""
    named = os.environ.get(URL_VARIABLE)
    if named:
        yield named
        return
    account = database.unprivileged() if os.geteuid() == 0 else None
    remove_orphans()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    descriptor = os.open(folder / "in-use", os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    folder.chmod(0o711)
    cluster = Cluster(folder=folder / "cluster", binaries=found, account=account, settings=HASTY)
    try:
        with progress.step("Test server") as step:
            running = _make(cluster, step=step)
        yield f"postgresql+psycopg://{SUPERUSER}:{running[1]}@{ports.LOCAL}:{running[0]}/{SUPERUSER}"
    finally:
        _throw_away(folder)
        os.close(descriptor)


def _make(cluster: Cluster, *, step: Step) -> tuple[int, str]:
    password = f"test-{time.time_ns():x}"
    cluster.create(password, step=step)
    running = cluster.start(step=step, first_port=FIRST_PORT)
    step.done(f"PostgreSQL {cluster.binaries.version} on {ports.LOCAL}:{running.port}")
    return running.port, password


def remove_orphans(parent: Path | None = None) -> int:
    """Remove the servers of test runs that were killed; return how many there were.

    A run that lives holds a lock in its folder.
    """
    removed = 0
    for folder in (parent or Path(tempfile.gettempdir())).glob(f"{PREFIX}*"):
        try:
            descriptor = os.open(folder / "in-use", os.O_RDWR)
        except OSError:  # somebody else's
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _throw_away(folder)
            removed += 1
        except BlockingIOError:
            pass
        finally:
            os.close(descriptor)
    return removed


def _throw_away(folder: Path) -> None:
    postmaster.stop(folder / "cluster" / "pg")
    shutil.rmtree(folder, ignore_errors=True)
