"""To whom the database is open: QGIS elsewhere, from the networks that the operator names."""

import argparse
import ipaddress
import json
import re
import socket
import ssl
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from launch import application, ports, stamps, tls
from launch.cluster import Cluster
from launch.places import Places
from launch.progress import LaunchError, Step

OFF = "off"
FOLDER = "qgis"
INSIDE = ("127.0.0.1/32", "::1/128")
PATIENCE_S = 5.0
ASK_FOR_TLS = struct.pack("!ii", 8, 80877103)
BEGIN_OF_ONE, END_OF_ONE = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
EVERY_ADDRESS = "*"
HOST_NAME = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9][A-Za-z0-9-]{0,62})*")


@dataclass(frozen=True)
class Opening:
    """What the operator chose.

    Parameters
    ----------
    networks
        From where QGIS may sign in, such as ``10.20.0.0/16``.
    hosts
        The names of this machine there; the first is shown to colleagues.
    listen
        The address of this machine that is listened on.
    certificate, key
        Files of the operator; empty: we make our own.
    root
        File with the authority that signed the operator's certificate, where machines do not know it.
    """

    networks: tuple[str, ...]
    hosts: tuple[str, ...]
    listen: str = EVERY_ADDRESS
    certificate: str = ""
    key: str = ""
    root: str = ""

    @property
    def host(self) -> str:
        return self.hosts[0]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options with which ``up`` opens and closes the database; they are remembered."""
    group = parser.add_argument_group("the database open to QGIS elsewhere, over TLS (docs/qgis.md)")
    group.add_argument(
        "--qgis", metavar="NETWORK", help=f"such as 10.20.0.0/16, several by comma; {OFF} closes it"
    )
    group.add_argument("--qgis-host", metavar="NAME", help="name of this machine there, several by comma")
    group.add_argument(
        "--qgis-listen", metavar="ADDRESS", help="one address of this machine (otherwise every)"
    )
    group.add_argument("--qgis-certificate", metavar="FILE", help="your own certificate (otherwise ours)")
    group.add_argument("--qgis-key", metavar="FILE", help="the key of your certificate")
    group.add_argument(
        "--qgis-root", metavar="FILE", help="the authority that signed it, to give to colleagues"
    )


def remember(places: Places, wanted: argparse.Namespace) -> None:
    """Keep what ``up`` was told; without a word about it everything stays as it was.

    Raises
    ------
    LaunchError
        If what was told cannot be.
    """
    if wanted.qgis not in (None, OFF):
        stamps.write(_file(places), json.dumps(asdict(_checked(wanted))))
        return
    if any(value for name, value in vars(wanted).items() if name.startswith("qgis_")):
        raise LaunchError("--qgis-host and its like go with --qgis NETWORK", "name the city's network too")
    if wanted.qgis == OFF:
        _file(places).unlink(missing_ok=True)


def read(places: Places) -> Opening | None:
    """Return what was chosen; None where the database is for this machine alone."""
    kept = stamps.read(_file(places))
    if not kept:
        return None
    found = json.loads(kept)
    return Opening(**{**found, "networks": tuple(found["networks"]), "hosts": tuple(found["hosts"])})


def opened(places: Places, cluster: Cluster, *, step: Step) -> tuple[Cluster, str]:
    """Return the cluster as it is to be served, and a mark that changes with how it is open.

    Raises
    ------
    LaunchError
        If the operator's certificate is not usable, or ours cannot be made.
    """
    chosen, folder = read(places), cluster.folder / FOLDER
    if chosen is None:
        return cluster, ""

    def make(fresh: Path, hosts: Sequence[str]) -> None:
        program = [str(places.python), "-P", "-m", "api.commands.certificate"]
        step.run(
            [*program, "--folder", str(fresh), *hosts],
            env=application.environment(places, database_url=""),
            cwd=places.root,
        )

    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    if chosen.certificate:
        (folder / "made.json").unlink(missing_ok=True)
        tls.provide_given(folder, Path(chosen.certificate), Path(chosen.key), account=cluster.account)
    elif tls.provide_own(folder, chosen.hosts, account=cluster.account, make=make):
        step.note(f"made a certificate for QGIS until {tls.ends_on(folder)}; colleagues fetch it anew")
    if chosen.root:
        tls.place(folder / "root.crt", Path(chosen.root).read_text(encoding="utf-8"), account=None)
    hba = tls.rules(chosen.networks, inside=INSIDE)
    tls.place(folder / "pg_hba.conf", hba, account=cluster.account, is_secret=True)
    is_every = chosen.listen == EVERY_ADDRESS
    heard = {"listen_addresses": chosen.listen if is_every else f"{ports.LOCAL},{chosen.listen}"}
    settings = {**cluster.settings, **heard, **tls.settings(folder)}
    return replace(cluster, settings=settings), stamps.hash_of(chosen.listen, tls.mark(folder))


def refuse_deaf(places: Places, cluster: Cluster, port: int) -> None:
    """Refuse a server that is not the one reached from elsewhere: PostgreSQL is content with one address of several.

    Raises
    ------
    LaunchError
        If it does not listen where it should.
    """
    chosen = read(places)
    if chosen is None:
        return
    address = ports.LOCAL if chosen.listen == EVERY_ADDRESS else chosen.listen
    ours = (cluster.folder / FOLDER / "server.crt").read_text(encoding="utf-8")
    first = ours[: ours.index(END_OF_ONE) + len(END_OF_ONE)]
    if _certificate_at(address, port) != ssl.PEM_cert_to_DER_cert(first[first.index(BEGIN_OF_ONE) :]):
        raise LaunchError(
            f"PostgreSQL does not listen on {address}, port {port}",
            "give --qgis-listen an address of this machine whose port is free, or close it with --qgis off",
            is_in_log=True,
        )


def _certificate_at(address: str, port: int) -> bytes | None:
    """Return the certificate of a PostgreSQL server; None where none answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection((address, port), timeout=PATIENCE_S) as plain:
            plain.sendall(ASK_FOR_TLS)
            if plain.recv(1) != b"S":
                return None
            with context.wrap_socket(plain) as secure:
                return secure.getpeercert(binary_form=True)
    except OSError:
        return None


def told_to_application(places: Places, cluster: Cluster, port: int) -> dict[str, str]:
    """Return the settings with which the application tells colleagues how to reach the database."""
    chosen = read(places)
    if chosen is None:
        return {}
    handed = cluster.folder / FOLDER / ("root.crt" if chosen.certificate else "server.crt")
    is_needed = not chosen.certificate or chosen.root
    return {
        "KERNKAART_QGIS_HOST": chosen.host,
        "KERNKAART_QGIS_PORT": str(port),
        "KERNKAART_QGIS_CERTIFICATE": str(handed) if is_needed else "",
    }


def describe(places: Places, folder: Path, port: int | None) -> str:
    """Say to whom the database is open, for ``status``."""
    chosen = read(places)
    if chosen is None:
        return "this machine alone; ./kernkaart up --qgis NETWORK --qgis-host NAME opens the database"
    where = f"{chosen.host}:{port}" if port else f"{chosen.host}, when it runs"
    ends_on = "" if chosen.certificate else tls.ends_on(folder / FOLDER)
    until = f", certificate until {ends_on}" if ends_on else ""
    return f"{where} from {', '.join(chosen.networks)} over TLS{until}"


def _checked(wanted: argparse.Namespace) -> Opening:
    networks, hosts = networks_in(wanted.qgis), hosts_in(wanted.qgis_host or "")
    if bool(wanted.qgis_certificate) != bool(wanted.qgis_key) or (wanted.qgis_root and not wanted.qgis_key):
        raise LaunchError(
            "a certificate goes with its key", "give --qgis-certificate and --qgis-key, or neither of them"
        )
    certificate, key, root = (
        _path(word) for word in (wanted.qgis_certificate, wanted.qgis_key, wanted.qgis_root)
    )
    if certificate:
        tls.refuse_mismatch(Path(certificate), Path(key))
    if root and not Path(root).is_file():
        raise LaunchError(f"there is no file {root}", "name the file of the authority with --qgis-root")
    listen = _address(wanted.qgis_listen) if wanted.qgis_listen else EVERY_ADDRESS
    return Opening(networks, hosts, listen, certificate, key, root)


def networks_in(text: str) -> tuple[str, ...]:
    """Read networks, by comma.

    Raises
    ------
    LaunchError
        If one is none, or is the whole world.
    """
    return tuple(_network(word.strip()) for word in text.split(","))


def hosts_in(text: str) -> tuple[str, ...]:
    """Read names or addresses of a machine, by comma.

    Raises
    ------
    LaunchError
        If one is neither.
    """
    return tuple(_host(word.strip()) for word in text.split(","))


def _network(word: str) -> str:
    try:
        found = ipaddress.ip_network(word, strict=False)
    except ValueError as error:
        raise LaunchError(
            f"{word!r} is no network", "give an address and the bits that are fixed, such as 10.20.0.0/16"
        ) from error
    if found.prefixlen == 0:
        raise LaunchError(f"{word} is the whole world", "name the network of the city, such as 10.20.0.0/16")
    return str(found)


def _host(word: str) -> str:
    try:
        return str(ipaddress.ip_address(word))
    except ValueError:
        if HOST_NAME.fullmatch(word):
            return word.lower()
        raise LaunchError(
            f"{word!r} is no name of a machine" if word else "colleagues need a name of this machine",
            "give the one they reach it by with --qgis-host, such as kernkaart.city.example",
        ) from None


def _address(word: str) -> str:
    try:
        return str(ipaddress.ip_address(word))
    except ValueError as error:
        raise LaunchError(
            f"{word!r} is no address", "give one of this machine, such as 10.20.0.7, or leave it out"
        ) from error


def _path(word: str | None) -> str:
    return str(Path(word).expanduser().absolute()) if word else ""


def _file(places: Places) -> Path:
    return places.state / "qgis.json"
