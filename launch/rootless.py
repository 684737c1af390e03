"""PostgreSQL with PostGIS without any rights: the machine's own packages, unpacked into the checkout."""

import os
import shutil
from pathlib import Path

from launch import apt, stamps
from launch.progress import Step

WANTED = "postgresql-postgis"
# The C library must be the machine's own: programs crash on another. The rest is merely not needed.
LEFT_OUT = (
    "libc6_",
    "libc-bin_",
    "libc-l10n_",
    "locales_",
    "perl_",
    "perl-",
    "libperl",
    "debconf",
    "systemd",
    "ucf_",
)


def unpack(folder: Path, *, step: Step) -> bool:
    """Fetch and unpack PostgreSQL with PostGIS into ``folder``; return whether that worked."""
    if not apt.is_there():
        return False
    step.note("fetching PostgreSQL with PostGIS into this checkout, without root")
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fetched = apt.fetch(WANTED, into=fresh / "apt", step=step)
    archives = [path for path in fetched if not path.name.startswith(LEFT_OUT)]
    if not archives:
        return False
    step.note(f"unpacking {len(archives)} packages")
    apt.unpack(archives, into=fresh / "root", step=step)
    shutil.rmtree(fresh / "apt")
    for control in (fresh / "root").glob("usr/share/postgresql/*/extension/postgis-*.control"):
        # On an installed machine this name is a link that the package manager makes.
        if not (control.parent / "postgis.control").exists():
            shutil.copyfile(control, control.parent / "postgis.control")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    stamps.settle(folder.parent)
    return True


def added_env(folder: Path) -> dict[str, str]:
    """Return what unpacked programs need to find their libraries and PROJ's data."""
    root = folder / "root"
    libraries = {str(path.parent) for path in root.rglob("*.so*") if "/postgresql/" not in str(path.parent)}
    libraries |= {str(path) for path in root.glob("usr/lib/postgresql/*/lib")}
    proj = str(root / "usr" / "share" / "proj")
    found = {"LD_LIBRARY_PATH": os.pathsep.join(sorted(libraries))}
    return {**found, "PROJ_DATA": proj, "PROJ_LIB": proj} if Path(proj).exists() else found
