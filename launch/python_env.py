"""The Python environment: exactly what a lock file says, no more work than needed."""

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from launch import apt, stamps
from launch.places import Places
from launch.progress import LaunchError, Step

RUNTIME = "requirements.lock"
WITH_TESTS = "requirements-test.lock"
NODE = "requirements-node.lock"
DEBIAN_WHEELS = Path("/usr/share/python-wheels")
WAY_OUT = "see the log; check the network and this machine's pip settings, and run the same command again"


def provide(places: Places, *, lock: str, step: Step) -> None:
    """Make the environment hold what ``lock`` says.

    The lock of the tests is that of the application and more, so an environment with the tests serves both.
    """
    found = _version(places.venv)
    for name in dict.fromkeys([lock, WITH_TESTS]):
        path = places.root / name
        if found and stamps.read(_stamp(places.venv)) == _key(path, found):
            step.already(f"{_count(path)} packages of {name}, Python {found.split()[0]}")
            return
    install(places.venv, places.root / lock, step=step)
    step.done(f"{_count(places.root / lock)} packages of {lock}, Python {_version(places.venv).split()[0]}")


def describe(places: Places) -> str:
    """Say in what state the environment is."""
    found = _version(places.venv)
    if not found:
        return "not made yet"
    stamp = stamps.read(_stamp(places.venv))
    for name in (RUNTIME, WITH_TESTS):
        if stamp == _key(places.root / name, found):
            return f"Python {found.split()[0]}, {_count(places.root / name)} packages as {name} says"
    return f"Python {found.split()[0]}, not as the lock file says; ./kernkaart up mends it"


def provide_node(places: Places, *, step: Step) -> None:
    """Make an environment that holds Node and npm."""
    if not is_node_whole(places):
        install(places.node_venv, places.root / NODE, step=step)


def is_node_whole(places: Places) -> bool:
    """Tell whether the environment with Node is as its lock file says."""
    found = _version(places.node_venv)
    return bool(found) and stamps.read(_stamp(places.node_venv)) == _key(places.root / NODE, found)


def install(venv: Path, lock: Path, *, step: Step) -> None:
    """Install a lock file into an environment, made anew unless the last installation was whole."""
    is_whole = bool(stamps.read(_stamp(venv)) and _version(venv))
    _stamp(venv).unlink(missing_ok=True)
    if not is_whole:
        step.note(f"installing {_count(lock)} packages into {venv}")
        shutil.rmtree(venv, ignore_errors=True)
        venv.parent.mkdir(parents=True, exist_ok=True)
    uv = shutil.which("uv")
    if uv and _install_with_uv(uv, venv, lock, step=step):
        step.note("installed with uv")
    else:
        _install_with_pip(venv, lock, step=step)
    stamps.write(_stamp(venv), _key(lock, _version(venv)))


def _install_with_uv(uv: str, venv: Path, lock: Path, *, step: Step) -> bool:
    # uv does not read pip's settings, so behind a mirror that only pip knows it fails where pip does not.
    python = venv / "bin" / "python"
    if not python.exists():
        step.run([_base_python(), "-m", "venv", "--without-pip", venv])
    return (
        step.attempt([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock]).code == 0
    )


def _install_with_pip(venv: Path, lock: Path, *, step: Step) -> None:
    python = venv / "bin" / "python"
    # Python compiles what it imports; compiling everything takes longer than installing it.
    exact: list[str | Path] = [
        "install",
        "--require-hashes",
        "--no-deps",
        "--no-input",
        "--disable-pip-version-check",
        "-r",
        lock,
    ]
    if not python.exists() or step.attempt([python, "-m", "pip", "--version"]).code != 0:
        if importlib.util.find_spec("ensurepip") is None:
            apt.install(f"python{sys.version_info.major}.{sys.version_info.minor}-venv", step=step)
        shutil.rmtree(venv, ignore_errors=True)
        if step.attempt([_base_python(), "-m", "venv", venv]).code != 0:
            shutil.rmtree(venv, ignore_errors=True)
            step.run([_base_python(), "-m", "venv", "--without-pip", venv])
            _install_without_pip(venv, exact, step=step)
            return
    step.run([python, "-m", "pip", *exact], way_out=WAY_OUT)


def _install_without_pip(venv: Path, exact: list[str | Path], *, step: Step) -> None:
    """Install where Python has no ensurepip and we have no rights: with Debian's pip wheel, or any pip."""
    python = venv / "bin" / "python"
    with tempfile.TemporaryDirectory(prefix="kernkaart-pip-") as name:
        folder = Path(name)
        wheel = next(DEBIAN_WHEELS.glob("pip-*.whl"), None)
        if wheel is None:
            apt.unpack(apt.fetch("python3-pip-whl", into=folder, step=step), into=folder / "root", step=step)
            wheel = next((folder / "root").rglob("pip-*.whl"), None)
        if wheel is not None:
            step.run([python, wheel / "pip", *exact], way_out=WAY_OUT)
            return
    if step.attempt([_base_python(), "-m", "pip", "--version"]).code == 0:
        step.run([_base_python(), "-m", "pip", "--python", python, *exact], way_out=WAY_OUT)
        return
    raise LaunchError(
        "this Python has no pip, and it could not be fetched",
        "install python3-venv (Debian, Ubuntu: apt-get install python3-venv), or put uv on the PATH",
        is_in_log=True,
    )


def _base_python() -> str:
    """Return the Python outside any environment: one that is made inside another would die with it."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _stamp(venv: Path) -> Path:
    return venv / ".kernkaart-stamp"


def _version(venv: Path) -> str:
    """Ask an environment's Python who it is: an upgrade of the machine may have taken it away."""
    python = venv / "bin" / "python"
    if not python.exists():
        return ""
    question: list[str | Path] = [python, "-I", "-c", "import sys; print(sys.version)"]
    answer = subprocess.run(question, capture_output=True, text=True, check=False)
    return answer.stdout.replace("\n", " ").strip() if answer.returncode == 0 else ""


def _key(lock: Path, version: str) -> str:
    return stamps.hash_of(lock.read_bytes(), version)


def _count(lock: Path) -> int:
    return len(set(re.findall(r"^([A-Za-z0-9_.-]+)==", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)))
