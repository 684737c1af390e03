"""Packages of a Debian or Ubuntu machine: installed where we may, otherwise only fetched and unpacked."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from launch.process import Ran
from launch.progress import Step

QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}


def is_there() -> bool:
    """Tell whether this machine has apt."""
    return shutil.which("apt-get") is not None


@cache
def rights() -> tuple[str, ...] | None:
    """Return what to put before a command that needs root; None where that asks for a password."""
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ("sudo", "-n") if asked.returncode == 0 else None


def install(*packages: str, step: Step) -> bool:
    """Install packages without what they merely recommend; return whether that worked.

    What an earlier, interrupted installation left half done is finished first.
    """
    prefix = rights() if is_there() else None
    if prefix is None:
        return False
    quietly = [*prefix, "env", *(f"{key}={value}" for key, value in QUIET.items())]
    apt_get = [*quietly, "apt-get", "-o", "DPkg::Lock::Timeout=300", "-y", "--no-install-recommends"]
    step.note(f"installing {' '.join(packages)} on this machine")
    if _run([*apt_get, "install", *packages], step=step).code == 0:
        return True
    _run([*apt_get, "update"], step=step)
    _run([*quietly, "dpkg", "--configure", "-a"], step=step)
    half_done = _half_done()
    if half_done:
        _run([*apt_get, "install", "--reinstall", *half_done], step=step)
    _run([*apt_get, "install", "--fix-broken"], step=step)
    return _run([*apt_get, "install", *packages], step=step).code == 0


def _half_done() -> list[str]:
    """Return the packages whose unpacking was interrupted: nothing can be installed until they are, again."""
    query = ["dpkg-query", "-W", "-f", "${db:Status-Abbrev}|${binary:Package}\n"]
    rows = (
        line.split("|")
        for line in subprocess.run(query, capture_output=True, text=True, check=False).stdout.splitlines()
    )
    return [name for state, name in rows if state.strip().endswith("R")]


def _run(argv: list[str], *, step: Step) -> Ran:
    # A service that a package starts would keep our locks open while it lives, so it does not get them.
    return step.attempt(argv, outlives_us=True)


def fetch(*packages: str, into: Path, step: Step) -> list[Path]:
    """Download packages, and those they need that the machine lacks, without any rights; return the files.

    apt gets lists and a cache of its own in ``into``; nothing of the machine is changed.
    """
    if not is_there() or shutil.which("dpkg-deb") is None:
        return []
    lists, cache_folder = into / "lists", into / "cache"
    for folder in (lists / "partial", cache_folder / "archives" / "partial"):
        folder.mkdir(parents=True, exist_ok=True)
    own = [
        "apt-get",
        *("-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={cache_folder}"),
        *("-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=", "-o", "Acquire::Languages=none"),
    ]
    env = {**os.environ, **QUIET}
    if step.attempt([*own, "update"], env=env).code != 0:
        return []
    download = ["install", "-y", "--download-only", "--no-install-recommends", *packages]
    if step.attempt([*own, *download], env=env).code != 0:
        return []
    return sorted((cache_folder / "archives").glob("*.deb"))


def unpack(archives: list[Path], *, into: Path, step: Step) -> None:
    """Unpack packages into a folder, as they would lie on the machine."""
    into.mkdir(parents=True, exist_ok=True)
    for archive in archives:
        step.run(["dpkg-deb", "-x", archive, into])
