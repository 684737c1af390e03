"""The database of a deployment: in its private cluster, unless the user names one of their own."""

import json
import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from launch import binaries, opening, ports, postmaster, stamps
from launch.cluster import SUPERUSER, Cluster
from launch.places import Places
from launch.postmaster import Running
from launch.process import Account, as_account
from launch.progress import LaunchError, Step

NAME = "kernkaart"
URL_VARIABLE = "KERNKAART_DATABASE_URL"
# Parcels and tiles of one small city fit in memory; the defaults of PostgreSQL are for a machine of long ago.
SERVER_SETTINGS = {"shared_buffers": "256MB", "max_wal_size": "2GB", "random_page_cost": "1.1"}
LESSER = ("postgres", "nobody")
IS_WHOLE = f"""
select count(*) from pg_roles where rolname = '{NAME}'
union all select count(*) from pg_database where datname = '{NAME}';
"""


@dataclass(frozen=True)
class Database:
    """Where the application finds its data, and what else it is told about it."""

    url: str
    is_own: bool
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The database without its password, to show."""
        parts = urlsplit(self.url)
        return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"


def chosen_by_user(environment: Mapping[str, str]) -> Database | None:
    """Return the database that the user names; None where we keep one ourselves."""
    url = environment.get(URL_VARIABLE)
    return Database(url=url, is_own=False) if url else None


def folder_of(places: Places) -> Path:
    """Return where the cluster of this deployment is, or would be made.

    Raises
    ------
    LaunchError
        If a folder outside the checkout has our name but is not ours.
    """
    far = places.far_cluster
    if (places.own_cluster / "pg").exists() or not (far.exists() or _needs_far_cluster(places)):
        return places.own_cluster
    if os.geteuid() != 0:
        raise LaunchError(f"root made the database of this checkout, in {far}", "run ./kernkaart as root")
    owner = stamps.read(far / "owner")
    if owner not in ("", str(places.home.resolve())):
        raise LaunchError(f"{far} belongs to {owner}", "set KERNKAART_HOME to a folder of its own")
    return far


def cluster_of(places: Places, *, step: Step) -> Cluster:
    """Return the cluster of this deployment, which need not exist yet.

    Raises
    ------
    LaunchError
        If no PostgreSQL can serve it.
    """
    folder = folder_of(places)
    made_by = stamps.read(folder / "pg" / "PG_VERSION")
    found = binaries.provide(places, step=step, major=int(made_by) if made_by else None)
    return Cluster(folder=folder, binaries=found, account=account_for(folder), settings=SERVER_SETTINGS)


def account_for(folder: Path) -> Account | None:
    """Return who runs the server: ourselves, or, when we are root, the owner of the data, else a lesser user.

    Raises
    ------
    LaunchError
        If the data belongs to somebody else and we are not root.
    """
    data = folder / "pg"
    owner = data.stat().st_uid if data.exists() else None
    us = os.geteuid()
    if us != 0:
        if owner not in (None, us):
            name = pwd.getpwuid(owner).pw_name
            raise LaunchError(
                f"the database of this checkout belongs to user {name}",
                f"run ./kernkaart as {'root' if name in LESSER else name}, or use a checkout of your own",
            )
        return None
    if owner:
        return Account.of_uid(owner)
    return unprivileged()


def unprivileged() -> Account:
    """Return the user that runs PostgreSQL for root: it refuses to be run by root itself."""
    for name in LESSER:
        try:
            return Account.of_uid(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    raise LaunchError(
        "this machine has no user postgres and no user nobody", "run ./kernkaart as an ordinary user"
    )


def start(places: Places, cluster: Cluster, *, step: Step) -> Running:
    """Make the cluster where there is none, and start it where it does not run, or is open to others than it should."""
    cluster, mark = opening.opened(places, cluster, step=step) if cluster.exists() else (cluster, "")
    found = postmaster.running(cluster.data)
    if found and stamps.read(cluster.folder / "opened") == mark:
        step.already(
            f"PostgreSQL {cluster.binaries.version} on {ports.LOCAL}:{found.port}, process {found.pid}"
        )
        return found
    passwords = _passwords(places)
    is_new = not cluster.exists()
    if is_new:
        step.note(f"making a cluster in {cluster.folder}")
        stamps.write(cluster.folder / "owner", str(places.home.resolve()))
        cluster.create(passwords[SUPERUSER], step=step)
        cluster, mark = opening.opened(places, cluster, step=step)
    elif found:
        postmaster.stop(cluster.data)
    found = cluster.start(step=step)
    opening.refuse_deaf(places, cluster, found.port)
    stamps.write(cluster.folder / "opened", mark)
    step.done(
        f"{'made and started' if is_new else 'started'} on {ports.LOCAL}:{found.port}, process {found.pid}"
    )
    return found


OVERLAPS = "geometry_overlaps(geometry,geometry)"
# With these anybody who signs in may store what is not a row, and so fill the disk.
STORING = ("lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid, bytea)")


def provide(places: Places, cluster: Cluster, running: Running, *, step: Step) -> Database:
    """Make the database, its owner and its extensions, as far as they are not there.

    The application's own user is no superuser, so that the rights that the database keeps hold for it too.
    """
    passwords = _passwords(places)
    url = f"postgresql+psycopg://{NAME}:{passwords[NAME]}@{ports.LOCAL}:{running.port}/{NAME}"
    told = opening.told_to_application(places, cluster, running.port)
    database = Database(url=url, is_own=True, told=told)
    wanted = ", ".join(f"'{extension}'" for extension in binaries.EXTENSIONS)
    storing = ", ".join(f"'{function}'" for function in STORING)
    question = (
        f"select count(*) || (select ' ' || bool_and(proleakproof) from pg_proc where oid = to_regprocedure('{OVERLAPS}')) "
        f"|| (select ' ' || bool_or(proacl is null or exists (select from aclexplode(proacl) where grantee = 0)) from pg_proc "
        f"where oid = any(array[{storing}]::regprocedure[])) "
        f"from pg_extension where extname in ({wanted});"
    )
    if ask(places, cluster, running, question, step=step) == f"{len(binaries.EXTENSIONS)} true false":
        step.already(database.address)
        return database
    _make(cluster, running.port, passwords, step=step)
    step.done(f"made {database.address} with {' and '.join(binaries.EXTENSIONS)}")
    return database


def ask(places: Places, cluster: Cluster, running: Running, question: str, *, step: Step) -> str:
    """Return the database's answer to a question in SQL; nothing where it has none yet."""
    password = _passwords(places)[NAME]
    ran = cluster.try_sql(question, port=running.port, user=NAME, password=password, database=NAME, step=step)
    return ran.output.strip() if ran.code == 0 else ""


def _make(cluster: Cluster, port: int, passwords: Mapping[str, str], *, step: Step) -> None:
    roles, databases = cluster.sql(IS_WHOLE, port=port, password=passwords[SUPERUSER], step=step).split()
    verb = "create" if roles == "0" else "alter"
    script = f"{verb} role {NAME} login nosuperuser createrole createdb password '{passwords[NAME]}';\n"
    if databases == "0":
        script += f"create database {NAME} owner {NAME} template template0 encoding 'UTF8';\n"
    cluster.sql(script, port=port, password=passwords[SUPERUSER], step=step)
    extensions = "".join(f"create extension if not exists {name};\n" for name in binaries.EXTENSIONS)
    # Without it an index on places is of no use to who may not see all rows; an upgrade of PostGIS forgets it.
    leakproof = f"alter function {OVERLAPS} leakproof;\n"
    closed = f"revoke execute on function {', '.join(STORING)} from public;\n"
    cluster.sql(
        extensions + leakproof + closed, port=port, password=passwords[SUPERUSER], database=NAME, step=step
    )


def _passwords(places: Places) -> dict[str, str]:
    """Read the passwords of this deployment, or think of them: before the cluster, so that none is lost."""
    kept = stamps.read(places.passwords)
    if kept:
        found: dict[str, str] = json.loads(kept)
        return found
    if (folder_of(places) / "pg").exists():
        raise LaunchError(
            f"{places.passwords} is gone, and with it the passwords of the database",
            "put it back from a backup, or let go of the data with ./kernkaart reset",
        )
    fresh = {SUPERUSER: secrets.token_urlsafe(24), NAME: secrets.token_urlsafe(24)}
    stamps.write(places.passwords, json.dumps(fresh), mode=0o600)
    return fresh


def _needs_far_cluster(places: Places) -> bool:
    """Tell whether the user that serves the data cannot enter this deployment's folder."""
    if os.geteuid() != 0:
        return False
    places.home.mkdir(parents=True, exist_ok=True)
    enter = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(places.home)],
        capture_output=True,
        check=False,
        **as_account(unprivileged()),
    )
    return enter.returncode != 0


def remove(places: Places) -> None:
    """Remove the stopped cluster of this deployment and its passwords, and nothing that is not its own."""
    shutil.rmtree(folder_of(places), ignore_errors=True)
    places.passwords.unlink(missing_ok=True)
