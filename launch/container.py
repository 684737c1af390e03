"""What the Docker image starts with, and the passwords that its compose file asks for.

``serve`` brings the tables to today's shape, loads the demo into an empty database, computes what is not fresh and
becomes the application. ``is-well`` is the health check. ``passwords`` makes the file ``.env`` that the compose file
reads. ``open`` makes the certificate and the rules with which the database is open to QGIS elsewhere. Any other word
goes to the application.
"""

import http.client
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

PORT = 8000
EVERY_ADDRESS = "0.0.0.0"
# What the application answers to ``is-empty``; anything else is a fault.
IS_EMPTY, IS_NOT_EMPTY = 0, 3
PASSWORDS = ("POSTGRES_PASSWORD", "KERNKAART_DB_PASSWORD")
# Who runs PostgreSQL in the images made from its official one for Debian.
SERVER_UID = 999
OPENED = Path("/opened")
MAKE_THEM = "make the passwords first: python3 launch/container.py passwords"


def main(words: Sequence[str]) -> int:
    """Do one of the words; the application, once it is there, does not come back."""
    word = words[0] if words else "serve"
    if word not in ("passwords", "is-well", "open"):
        become(words or ["serve"])
    if word == "open":
        return open_database(os.environ, OPENED)
    return write_passwords(Path(".env")) if word == "passwords" else int(not is_well())


def become(words: Sequence[str]) -> NoReturn:
    """Become the application; before it serves, its database is made ready."""
    environment = {**os.environ, "KERNKAART_DATABASE_URL": database_url(os.environ)}
    api = [sys.executable, "-P", "-m", "api"]
    if words[0] == "serve":
        prepare(api, environment)
        words = ["serve", "--host", EVERY_ADDRESS, "--port", str(PORT)]
    os.execve(api[0], [*api, *words], environment)


def prepare(api: Sequence[str], environment: dict[str, str]) -> None:
    """Make the database ready; what is ready already takes no time."""
    subprocess.run([*api, "migrate"], env=environment, check=True)
    # A demo whose loading was cut short leaves nothing behind: it is loaded in one transaction.
    told = subprocess.run([*api, "is-empty"], env=environment, check=False)
    if told.returncode not in (IS_EMPTY, IS_NOT_EMPTY):
        told.check_returncode()
    if told.returncode == IS_EMPTY and environment.get("KERNKAART_DEMO", "yes") != "no":
        subprocess.run([*api, "demo"], env=environment, check=True)
    subprocess.run([*api, "refresh", "--if-stale"], env=environment, check=True)
    # While nobody manages accounts, the log tells how the first comes in.
    subprocess.run([*api, "user", "first"], env=environment, check=True)


def database_url(environment: Mapping[str, str]) -> str:
    """Return the address of the database: a whole one, or made from the service's name and password."""
    if environment.get("KERNKAART_DATABASE_URL"):
        return environment["KERNKAART_DATABASE_URL"]
    password = environment.get("KERNKAART_DB_PASSWORD")
    if not password:
        sys.exit(f"KERNKAART_DB_PASSWORD is not set\n  Way out: {MAKE_THEM}")
    host = environment.get("KERNKAART_DB_HOST", "db")
    return f"postgresql+psycopg://kernkaart:{quote(password, safe='')}@{host}:5432/kernkaart"


def open_database(environment: Mapping[str, str], folder: Path, *, uid: int = SERVER_UID) -> int:
    """Make what the database needs to be open to QGIS elsewhere; what lasts is left as it is."""
    # Here, as the passwords are made by this file alone, started by its path.
    from launch import opening, tls
    from launch.process import Account
    from launch.progress import LaunchError

    account = Account(name="postgres", uid=uid, gid=uid)
    try:
        networks = opening.networks_in(environment.get("KERNKAART_QGIS_NETWORK", ""))
        hosts = opening.hosts_in(environment.get("KERNKAART_QGIS_HOST", ""))
        inside = opening.networks_in(environment.get("KERNKAART_INSIDE", ""))
        # The server enters the folder as another user, and the application reads the certificate.
        folder.chmod(0o755)
        tls.provide_own(folder, hosts, account=account, make=_make_certificate)
    except LaunchError as error:
        sys.stderr.write(f"{error.what}\n  Way out: {error.way_out}\n")
        return 1
    # On the socket of its own container the image lets its superuser in without a password, as always.
    rules = tls.rules(networks, inside=("127.0.0.1/32", *inside), socket="trust")
    tls.place(folder / "pg_hba.conf", rules, account=account, is_secret=True)
    return 0


def _make_certificate(folder: Path, hosts: Sequence[str]) -> None:
    argv = [sys.executable, "-P", "-m", "api.commands.certificate", "--folder", str(folder), *hosts]
    subprocess.run(argv, check=True)


def is_well() -> bool:
    """Tell whether the application in this container answers that it is well."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=4)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def write_passwords(file: Path) -> int:
    """Make the file with the passwords, for its owner alone; one that is there is left as it is."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        # Other passwords would lock the application out of a database that keeps the first ones.
        sys.stderr.write(f"{file} is there already and is left as it is\n")
        return 1
    with open(descriptor, "w", encoding="utf-8") as opened:  # noqa: PTH123 - a descriptor, not a path
        opened.writelines(f"{name}={secrets.token_hex(24)}\n" for name in PASSWORDS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
