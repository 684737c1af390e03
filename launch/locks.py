"""Making the lock files anew from pyproject.toml, for developers."""

import argparse
import os
import shutil
import subprocess
import sys

from launch import python_env
from launch.places import Places
from launch.progress import LaunchError, Progress

OLDEST_PYTHON = "3.11"


def renew(places: Places, progress: Progress, words: list[str]) -> int:
    """Write the lock files anew: the versions that are locked stay as far as pyproject.toml allows."""
    parser = argparse.ArgumentParser(prog="./kernkaart lock", description=renew.__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions instead")
    wanted = parser.parse_args(words)
    uv = shutil.which("uv")
    if uv is None:
        raise LaunchError("uv is not on the PATH", "install it in an environment of its own: pip install uv")
    every = [
        "--universal",
        "--generate-hashes",
        "--no-header",
        "--no-annotate",
        "--python-version",
        OLDEST_PYTHON,
    ]
    every += ["--upgrade"] if wanted.upgrade else []
    sources = {
        python_env.RUNTIME: ["pyproject.toml"],
        # What the tests run on is what the application runs on.
        python_env.WITH_TESTS: ["pyproject.toml", "--group", "test", "--constraints", python_env.RUNTIME],
        python_env.NODE: ["--group", "pyproject.toml:node"],
    }
    for name, source in sources.items():
        with progress.step(name) as step:
            before = (places.root / name).read_bytes() if (places.root / name).exists() else b""
            argv = [uv, "pip", "compile", "--quiet", *every, *source, "--output-file", name]
            step.run(argv, env={**os.environ, **_index()}, cwd=places.root, way_out="see the log")
            step.done("as it was" if (places.root / name).read_bytes() == before else "written anew")
    return 0


def _index() -> dict[str, str]:
    """Return the package index of pip's settings in the words of uv, which does not read them."""
    asked = [sys.executable, "-m", "pip", "config", "list"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    settings = (line.split("=", 1) for line in told.splitlines() if "=" in line)
    found = {key.rsplit(".", 1)[-1]: value.strip("'") for key, value in settings}
    # Extra indexes stay out: a private one that holds some of the files would leave the hashes of the others out.
    names = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    return {
        ours: found[theirs] for theirs, ours in names.items() if theirs in found and ours not in os.environ
    }
