"""Node, and the front end that it builds."""

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from launch import python_env, stamps
from launch.places import Places
from launch.process import run
from launch.progress import LaunchError, Progress, Step

OLDEST_NODE = (20, 19)
AUTHORITIES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
WAY_OUT = "see the log, then run the same command again"


def provide(places: Places, *, progress: Progress) -> None:
    """Get Node and build the front end, where this checkout has one."""
    if not is_written(places):
        progress.line(
            "           Front end: there is no frontend/package.json in this checkout, so none is built"
        )
        return
    with progress.step("Node") as step:
        env = provide_node(places, step=step)
    with progress.step("Front end") as step:
        build(places, env=env, step=step)


def provide_node(places: Places, *, step: Step) -> dict[str, str]:
    """Find Node and npm, or install them from a Python package; return an environment that finds them."""
    env = find_node(places)
    if _is_usable(env):
        step.already(f"Node {_dotted(_version(env))}: {shutil.which('node', path=env['PATH'])}")
        return env
    python_env.provide_node(places, step=step)
    env = find_node(places)
    if not _is_usable(env):
        raise LaunchError(
            f"the Node in {places.node_venv} does not run",
            f"install Node {_dotted(OLDEST_NODE)} or newer with npm",
            is_in_log=True,
        )
    step.done(f"Node {_dotted(_version(env))} in {places.node_venv}")
    return env


def find_node(places: Places) -> dict[str, str]:
    """Return an environment for Node: the machine's own where it is new enough, else that of this checkout."""
    env = {**os.environ, "CI": "1", "npm_config_update_notifier": "false", "npm_config_fund": "false"}
    env.setdefault("PATH", os.defpath)
    for bundle in AUTHORITIES:
        # Node does not look at the machine's own certificates, among which many an office network has one.
        if Path(bundle).exists():
            env.setdefault("NODE_EXTRA_CA_CERTS", bundle)
    if not os.access(Path.home(), os.W_OK):  # a system user, whose home npm could not keep its cache in
        env["npm_config_cache"] = str(places.tools / "npm-cache")
    if not _is_usable(env) and python_env.is_node_whole(places):
        env["PATH"] = f"{places.node_venv / 'bin'}{os.pathsep}{env['PATH']}"
    return env


def _is_usable(env: Mapping[str, str]) -> bool:
    return _version(env) >= OLDEST_NODE and shutil.which("npm", path=env["PATH"]) is not None


def build(places: Places, *, env: Mapping[str, str], step: Step) -> None:
    """Build the front end, unless what is built comes from just these sources and this Node."""
    built = places.frontend / "dist" / "index.html"
    stamp = places.stamps / "frontend"
    key = _key(places, _version(env))
    if stamps.read(stamp) == key and built.exists():
        step.already(f"{_size_kb(built.parent)} kB in frontend/dist")
        return
    stamp.unlink(missing_ok=True)
    fetch_packages(places, env=env, step=step)
    step.note("building")
    step.run(["npm", "run", "build"], env=env, cwd=places.frontend, way_out=WAY_OUT)
    if not built.exists():
        raise LaunchError("the build left no frontend/dist/index.html", WAY_OUT, is_in_log=True)
    stamps.write(stamp, key)
    step.done(f"built, {_size_kb(built.parent)} kB in frontend/dist")


def fetch_packages(places: Places, *, env: Mapping[str, str], step: Step) -> None:
    """Install the packages that the front end's lock file names, unless they are there."""
    lock = places.frontend / "package-lock.json"
    stamp = places.stamps / "node-packages"
    key = stamps.hash_of(lock.read_bytes(), _dotted(_version(env)))
    if stamps.read(stamp) == key and (places.frontend / "node_modules").exists():
        return
    stamp.unlink(missing_ok=True)
    step.note(f"fetching {len(json.loads(lock.read_text(encoding='utf-8'))['packages']) - 1} packages")
    step.run(["npm", "ci", "--no-audit"], env=env, cwd=places.frontend, way_out=WAY_OUT)
    stamps.write(stamp, key)


def describe(places: Places) -> str:
    """Say in what state the built front end is."""
    if not is_written(places):
        return "this checkout has none"
    built = places.frontend / "dist"
    if not (built / "index.html").exists() or not stamps.read(places.stamps / "frontend"):
        return "not built yet"
    is_current = stamps.read(places.stamps / "frontend") == _key(places, _version(find_node(places)))
    return f"built, {_size_kb(built)} kB" + (
        "" if is_current else ", from older sources; ./kernkaart up builds it anew"
    )


def is_written(places: Places) -> bool:
    """Tell whether this checkout has a front end to build."""
    return (places.frontend / "package.json").exists()


def _key(places: Places, node: tuple[int, int]) -> str:
    return stamps.hash_of(stamps.hash_of_files(places.frontend), _dotted(node))


def _version(env: Mapping[str, str]) -> tuple[int, int]:
    answers: list[str] = []
    ran = run(["node", "--version"], hear=answers.append, tick=lambda: None, env=env)
    match = re.match(r"v(\d+)\.(\d+)", "".join(answers)) if ran.code == 0 else None
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(str(part) for part in version)


def _size_kb(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 1000
