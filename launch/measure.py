"""``./kernkaart bench``: one benchmark, on a server of its own that is thrown away."""

import subprocess

from launch import binaries, checks, python_env
from launch.hold import hold
from launch.places import Places
from launch.progress import LaunchError, Progress


def run_one(places: Places, progress: Progress, words: list[str]) -> int:
    """Run the benchmark that the first word names; the others are its options."""
    folder = places.root / "bench"
    known = sorted(path.stem.removeprefix("bench_") for path in folder.glob("bench_*.py"))
    if not words or words[0] not in known:
        raise LaunchError(
            "Which benchmark?",
            way_out=f"./kernkaart bench NAME [--quick] [--json], NAME one of {', '.join(known)}",
        )
    with hold(places.tools / "tools.lock", progress=progress):
        with progress.step("Python environment") as step:
            python_env.provide(places, lock=python_env.WITH_TESTS, step=step)
        with progress.step("PostgreSQL") as step:
            found = binaries.provide(places, step=step)
    with checks.server(found, progress) as url:
        script = [str(places.python), str(folder / f"bench_{words[0]}.py"), *words[1:]]
        env = checks.environment() | {"PYTHONPATH": str(places.root), checks.URL_VARIABLE: url}
        return subprocess.run(script, cwd=places.root, env=env, check=False).returncode
