"""Which PostgreSQL with PostGIS: one that is here, else one that may be installed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launch import apt, rootless
from launch.places import Places
from launch.progress import LaunchError, Step

OLDEST_MAJOR = 15  # views that obey the rights of their reader (security_invoker) came with it
EXTENSIONS = ("postgis", "btree_gist")
INSTALLED = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/Library/PostgreSQL/*/bin",
)
WAYS_OUT = (
    "do one of these and run the same command again:\n"
    "    as root: apt-get install --no-install-recommends postgresql-postgis  (macOS: brew install postgis)\n"
    f"    set KERNKAART_PG_BIN to the bin folder of a PostgreSQL {OLDEST_MAJOR} or newer with PostGIS\n"
    "    use a database of your own: KERNKAART_DATABASE_URL=postgresql+psycopg://user:password@host:5432/name"
)


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL that has PostGIS."""

    folder: Path
    version: str
    added_env: Mapping[str, str] = field(default_factory=dict)

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> Path:
        return self.folder / name

    def env(self) -> dict[str, str]:
        """Return the environment for these programs, without what would point them at another server."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return {**kept, "LC_ALL": "C", "PGCLIENTENCODING": "UTF8", **self.added_env}


def provide(places: Places, *, step: Step, major: int | None = None) -> Binaries:
    """Find PostgreSQL with PostGIS, or install it where that is allowed.

    Parameters
    ----------
    major
        The major version that made the cluster, where there is one: no other can run it.

    Raises
    ------
    LaunchError
        If there is none and none may be installed.
    """
    found = find(places, major=major)
    if found:
        step.already(f"PostgreSQL {found.version} in {found.folder}")
        return found
    if apt.install("postgresql-postgis", step=step):
        found = find(places, major=major)
    if found is None and rootless.unpack(places.unpacked_postgres, step=step):
        found = find(places, major=major)
    if found:
        step.done(f"PostgreSQL {found.version} in {found.folder}")
        return found
    if major is not None:
        raise LaunchError(
            f"the database of this checkout was made by PostgreSQL {major}, which is not here any more",
            f"install PostgreSQL {major} with PostGIS again or set KERNKAART_PG_BIN to its bin folder; "
            "or let go of the data with ./kernkaart reset",
        )
    raise LaunchError(f"no PostgreSQL {OLDEST_MAJOR} or newer with PostGIS on this machine", WAYS_OUT)


def find(places: Places, *, major: int | None = None) -> Binaries | None:
    """Find the newest PostgreSQL with PostGIS that is here; ``KERNKAART_PG_BIN`` overrules the search.

    Raises
    ------
    LaunchError
        If ``KERNKAART_PG_BIN`` names a folder that does not do.
    """
    chosen = os.environ.get("KERNKAART_PG_BIN")
    if chosen:
        binaries = _look(Path(chosen).expanduser().absolute(), places)
        lack = what_lacks(binaries)
        if lack is None and major not in (None, binaries.major):
            lack = f"it is PostgreSQL {binaries.version}, and this database was made by {major}"
        if lack is not None:
            raise LaunchError(
                f"KERNKAART_PG_BIN={chosen} does not do: {lack}", "unset it, or name another folder"
            )
        return binaries
    for folder in _candidates(places):
        binaries = _look(folder, places)
        if what_lacks(binaries) is None and major in (None, binaries.major):
            return binaries
    return None


def what_lacks(binaries: Binaries) -> str | None:
    """Say what keeps these programs from running our cluster; None where nothing does."""
    for name in ("postgres", "initdb", "pg_ctl", "psql"):
        if not binaries.program(name).exists():
            return f"there is no {name} in it"
    if binaries.major < OLDEST_MAJOR:
        return f"it is PostgreSQL {binaries.version}; {OLDEST_MAJOR} or newer is needed"
    shares = list(_share_folders(binaries))
    for extension in EXTENSIONS:
        if not any((share / "extension" / f"{extension}.control").exists() for share in shares):
            return f"its extension {extension} is not installed"
    return None


def _candidates(places: Places) -> Iterator[Path]:
    yield from places.unpacked_postgres.glob("root/usr/lib/postgresql/*/bin")
    for pattern in INSTALLED:
        found = Path("/").glob(pattern.lstrip("/"))
        yield from sorted(
            found, key=lambda path: [int(part) for part in re.findall(r"\d+", str(path))], reverse=True
        )
    for program in ("pg_config", "postgres"):
        path = shutil.which(program)
        if path and program == "pg_config":
            yield from (Path(line) for line in _ask([path, "--bindir"]).splitlines())
        elif path:
            yield Path(path).resolve().parent


def _share_folders(binaries: Binaries) -> Iterator[Path]:
    told = _ask([binaries.program("pg_config"), "--sharedir"], env=binaries.env())
    if told:
        yield Path(told)
    # A PostgreSQL that was moved finds its share folder beside its programs, whatever pg_config says.
    above = binaries.folder.parent
    yield from (above / "share" / "postgresql", above / "share")
    yield above.parent.parent.parent / "share" / "postgresql" / str(binaries.major)


def _look(folder: Path, places: Places) -> Binaries:
    is_ours = folder.is_relative_to(places.unpacked_postgres)
    added = rootless.added_env(places.unpacked_postgres) if is_ours else {}
    told = _ask([folder / "postgres", "--version"], env={**os.environ, **added})
    match = re.search(r"\) (\d+(?:\.\d+)?)", told)
    return Binaries(folder=folder, version=match[1] if match else "0", added_env=added)


def _ask(argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> str:
    """Return what a program answers; nothing where it fails, as Debian's pg_config does without libpq-dev."""
    try:
        answer = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False, env=env)
    except OSError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
