"""The browser of the browser tests: one that is here, else Debian's."""

import os
import shutil
from pathlib import Path

from launch import apt
from launch.progress import Step

VARIABLE = "KERNKAART_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/usr/bin/chromium",
    "/usr/lib/chromium/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PLAYWRIGHTS = (
    ".cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "Library/Caches/ms-playwright/chromium-*/**/Chromium",
)
PACKAGES = ("chromium", "fonts-dejavu-core")
COMMAND = f"apt-get install --no-install-recommends {' '.join(PACKAGES)}"


def find() -> Path | None:
    """Return the browser of this machine; ``KERNKAART_CHROMIUM`` overrules the search."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named) if Path(named).exists() else None
    on_path = (shutil.which(name) for name in NAMES)
    candidates = [Path(path) for path in on_path if path] + [Path(path) for path in PLACES]
    for pattern in PLAYWRIGHTS:
        candidates += sorted(Path.home().glob(pattern), reverse=True)
    return next((path for path in candidates if os.access(path, os.X_OK) and path.is_file()), None)


def provide(*, step: Step) -> Path | None:
    """Find a browser, or install one where we may; without one the browser tests are skipped, saying why."""
    found = find()
    if found:
        step.already(str(found))
        return found
    if VARIABLE not in os.environ and apt.install(*PACKAGES, step=step):
        found = find()
    step.done(f"{found}" if found else f"NONE: the browser tests are skipped. As root: {COMMAND}")
    return found
