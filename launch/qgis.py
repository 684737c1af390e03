"""QGIS for its ring of tests: the one that is here, else Debian's."""

import os
import subprocess
from pathlib import Path

from launch import apt
from launch.progress import Step

# QGIS brings its library to the Python of the distribution, never to an environment of ours.
PYTHON = Path("/usr/bin/python3")
PACKAGES = ("qgis", "python3-qgis", "qgis-providers")
COMMAND = f"apt-get install --no-install-recommends {' '.join(PACKAGES)}"
PATIENCE_S = 60


def find(python: Path = PYTHON) -> Path | None:
    """Return the Python that can import QGIS."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    look = [str(python), "-c", "import qgis.core; import os; os._exit(0)"]
    try:
        ran = subprocess.run(
            look,
            env={**kept, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return python if ran.returncode == 0 else None


def provide(*, step: Step, python: Path = PYTHON) -> Path | None:
    """Find QGIS, or install it where we may; without it its ring is skipped, saying why."""
    found = find(python)
    if found:
        step.already(f"for {found}")
        return found
    if apt.install(*PACKAGES, step=step):
        found = find(python)
    step.done(f"for {found}" if found else f"NONE: the QGIS tests are skipped. As root: {COMMAND}")
    return found
