import argparse
import contextlib
import json
import os
import re
import signal
import socket
import stat
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.commands.certificate import certificate_command
from launch import container, database, opening, ports, postmaster, status, tls
from launch.cluster import Cluster
from launch.places import ROOT, Places
from launch.postmaster import Running
from launch.progress import LaunchError, Progress, Step

HOST = "kernkaart.city.example"
SERVER, ELSEWHERE, DOOR = "127.0.0.2", "127.0.0.5", "127.0.0.3"
NETWORK = "127.0.0.4/30"
ROLES = """
create role kernkaart_gis nologin;
create role gis_els login password 'els' in role kernkaart_gis;
create role other login password 'other';
grant kernkaart_gis to kernkaart, postgres;
"""
WHO = "select version, host(client_addr) from pg_stat_ssl join pg_stat_activity using (pid) where pid = pg_backend_pid()"
HOW_OPEN = "select concat_ws(' ', current_setting('listen_addresses'), current_setting('ssl'), current_setting('hba_file'))"


def _wanted(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    opening.add_options(parser)
    return parser.parse_args(words)


def _open(places: Places, *words: str) -> None:
    opening.remember(places, _wanted("--qgis", NETWORK, "--qgis-host", HOST, "--qgis-listen", SERVER, *words))


@contextlib.contextmanager
def _elsewhere(port: int) -> Iterator[int]:
    """A door whose other side is the server, reached from an address that is not the server's own machine's."""
    with socket.create_server((DOOR, 0)) as door, contextlib.ExitStack() as opened:

        def pass_on(source: socket.socket, target: socket.socket) -> None:
            with contextlib.suppress(OSError):
                while piece := source.recv(65536):
                    target.sendall(piece)
                target.shutdown(socket.SHUT_WR)

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    theirs = opened.enter_context(door.accept()[0])
                    ours = opened.enter_context(socket.create_connection((SERVER, port), 5, (ELSEWHERE, 0)))
                    for pair in ((theirs, ours), (ours, theirs)):
                        threading.Thread(target=pass_on, args=pair, daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)


@dataclass
class Deployment:
    """A deployment with the application's database and logins of three kinds."""

    places: Places
    cluster: Cluster
    step: Step
    running: Running

    @property
    def certificate(self) -> Path:
        return self.cluster.folder / "qgis" / "server.crt"

    def open(self, *words: str) -> Running:
        _open(self.places, *words)
        return self.start()

    def start(self) -> Running:
        self.running = database.start(self.places, self.cluster, step=self.step)
        return self.running

    def told(self) -> Mapping[str, str]:
        """What the application is told."""
        return database.provide(self.places, self.cluster, self.running, step=self.step).told

    def password(self, user: str) -> str:
        return database._passwords(self.places)[user]

    def here(self, question: str, *, user: str = "postgres") -> str:
        """Ask on the machine itself."""
        there = {"host": ports.LOCAL, "port": str(self.running.port), "user": user, "sslmode": "disable"}
        with psycopg.connect("", password=self.password(user), dbname="kernkaart", **there) as connection:
            return _first(connection, question)[0]

    def elsewhere(self, question: str = "select 1", **other: str) -> tuple[Any, ...]:
        """Sign in from elsewhere as QGIS does, and ask."""
        with _elsewhere(self.running.port) as door:
            login = {"user": "gis_els", "password": "els", "dbname": "kernkaart", "host": HOST}
            trust = {"sslmode": "verify-full", "sslrootcert": str(self.certificate)}
            there = {"hostaddr": DOOR, "port": str(door), "connect_timeout": "5"}
            with psycopg.connect("", **{**login, **trust, **there, **other}) as connection:
                return _first(connection, question)


def _first(connection: psycopg.Connection[Any], question: str) -> tuple[Any, ...]:
    found = connection.execute(question.encode()).fetchone()
    assert found is not None
    return tuple(found)


@pytest.fixture
def deployment(places: Places, cluster: Cluster, running: Running, step: Step) -> Deployment:
    database.provide(places, cluster, running, step=step)
    made = Deployment(places, cluster, step, running)
    there = {"port": running.port, "password": made.password("postgres"), "database": "kernkaart"}
    cluster.sql(ROLES, step=step, **there)
    return made


def test_a_qgis_login_works_from_elsewhere_over_tls_and_nobody_else_does(
    deployment: Deployment, tmp_path: Path
) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((SERVER, deployment.running.port))
    deployment.open()
    assert deployment.elsewhere(WHO) in (("TLSv1.2", ELSEWHERE), ("TLSv1.3", ELSEWHERE))
    assert deployment.here("show ssl_min_protocol_version") == "TLSv1.2"

    refused: list[tuple[str, dict[str, str]]] = [
        ("rejects connection", {"sslmode": "disable"}),
        ("password authentication failed", {"password": "guess"}),
        *(
            ("rejects connection", {"user": user, "password": deployment.password(user)})
            for user in ("postgres", "kernkaart")
        ),
        ("rejects connection", {"user": "other", "password": "other"}),
        ("rejects connection", {"dbname": "postgres"}),
        ("does not match host name", {"host": "other.city.example"}),
        ("certificate verify failed", {"sslrootcert": str(_other_certificate(tmp_path))}),
    ]
    for why, changed in refused:
        with pytest.raises(psycopg.OperationalError, match=why):
            deployment.elsewhere(**changed)

    # On the machine itself all is as it was, the application's own way included.
    assert deployment.here("select 7") == deployment.here("select 7", user="kernkaart") == 7


def _other_certificate(folder: Path) -> Path:
    certificate_command([HOST], folder)
    return folder / "server.crt"


def test_an_open_server_stays_so_when_asked_again_and_when_killed_until_it_is_closed(
    deployment: Deployment,
    progress: Progress,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def shown() -> str:
        status.show(deployment.places, progress, [])
        return capsys.readouterr().out

    monkeypatch.delenv(database.URL_VARIABLE, raising=False)
    opened = deployment.open()
    assert deployment.start() == opened
    told = deployment.told()
    assert (told["KERNKAART_QGIS_HOST"], told["KERNKAART_QGIS_PORT"]) == (HOST, str(opened.port))
    assert "PRIVATE" not in Path(told["KERNKAART_QGIS_CERTIFICATE"]).read_text()

    os.kill(opened.pid, signal.SIGKILL)
    while postmaster.running(deployment.cluster.data):
        time.sleep(0.01)
    assert deployment.start().pid != opened.pid
    assert deployment.elsewhere(sslrootcert=told["KERNKAART_QGIS_CERTIFICATE"]) == (1,)
    assert f"{HOST}:{opened.port} from {NETWORK} over TLS, certificate until 20" in shown()

    opening.remember(deployment.places, _wanted("--qgis", "off"))
    assert deployment.start().port == opened.port
    assert deployment.here(HOW_OPEN) == f"127.0.0.1 off {deployment.cluster.data / 'pg_hba.conf'}"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((SERVER, opened.port))
    assert deployment.told() == {}
    assert "this machine alone" in shown()


def test_a_server_that_cannot_listen_where_it_should_says_so(deployment: Deployment) -> None:
    with socket.create_server((SERVER, deployment.running.port)) as others:

        def answer() -> None:
            others.accept()[0].close()

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(LaunchError, match=f"does not listen on {SERVER}"):
            deployment.open()
    deployment.start()
    assert deployment.elsewhere() == (1,)


def test_the_operators_own_certificate_is_served_and_its_authority_handed_out(
    deployment: Deployment, tmp_path: Path
) -> None:
    theirs = _other_certificate(tmp_path)
    files = ["--qgis-certificate", str(theirs), "--qgis-key", str(tmp_path / "server.key")]
    deployment.open(*files)
    assert deployment.elsewhere(sslrootcert=str(theirs)) == (1,)
    assert deployment.told()["KERNKAART_QGIS_CERTIFICATE"] == ""

    deployment.open(*files, "--qgis-root", str(theirs))
    assert Path(deployment.told()["KERNKAART_QGIS_CERTIFICATE"]).read_text() == theirs.read_text()


def _make(folder: Path, hosts: Sequence[str]) -> None:
    certificate_command(list(hosts), folder)


def test_our_certificate_is_made_once_and_anew_for_other_names_or_before_it_ends(tmp_path: Path) -> None:
    folder = tmp_path / "qgis"

    def provided(*hosts: str) -> bool:
        return tls.provide_own(folder, hosts, account=None, make=_make)

    assert provided(HOST, "10.20.0.7")
    assert stat.S_IMODE((folder / "server.key").stat().st_mode) == 0o600
    first = (folder / "server.crt").read_bytes()
    assert not provided(HOST, "10.20.0.7")
    assert (folder / "server.crt").read_bytes() == first
    assert provided(HOST)
    made = json.loads((folder / "made.json").read_text())
    for left, is_made in ((timedelta(days=61), False), (timedelta(days=59), True)):
        ends_at = datetime.now(UTC) + left
        (folder / "made.json").write_text(json.dumps({**made, "ends_at": ends_at.isoformat()}))
        assert provided(HOST) is is_made
    # What a cut left half done is made whole.
    (folder / "server.key").unlink()
    (folder / "fresh").mkdir()
    assert provided(HOST)
    tls.refuse_mismatch(folder / "server.crt", folder / "server.key")
    assert sorted(path.name for path in folder.iterdir()) == ["made.json", "server.crt", "server.key"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--qgis", "10.20.0.0/16"], "need a name"),
        (["--qgis", "10.20.0.0/16", "--qgis-host", "a b"], "is no name of a machine"),
        (["--qgis", "10.20.0.0/16", "--qgis-host=-rm"], "is no name of a machine"),
        (["--qgis", "10.20.0.0/33", "--qgis-host", HOST], "is no network"),
        (["--qgis", "0.0.0.0/0", "--qgis-host", HOST], "is the whole world"),
        (["--qgis", "10.20.0.0/16,::/0", "--qgis-host", HOST], "is the whole world"),
        (["--qgis", NETWORK, "--qgis-host", HOST, "--qgis-listen", "x"], "is no address"),
        (["--qgis", NETWORK, "--qgis-host", HOST, "--qgis-key", "x"], "goes with its key"),
        (
            ["--qgis", NETWORK, "--qgis-host", HOST, "--qgis-key", __file__, "--qgis-certificate", __file__],
            "are no certificate with its key",
        ),
        (["--qgis-host", HOST], "go with --qgis NETWORK"),
        (["--qgis", "off", "--qgis-host", HOST], "go with --qgis NETWORK"),
    ],
)
def test_what_cannot_be_opened_is_refused_and_changes_nothing(
    places: Places, words: list[str], why: str
) -> None:
    _open(places)
    before = opening.read(places)
    with pytest.raises(LaunchError, match=why):
        opening.remember(places, _wanted(*words))
    assert opening.read(places) == before
    opening.remember(places, _wanted())
    assert opening.read(places) == before


def test_the_container_makes_certificate_and_rules_for_its_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    asked = {
        "KERNKAART_QGIS_HOST": HOST,
        "KERNKAART_QGIS_NETWORK": "10.20.0.0/16, 10.30.0.0/16",
        "KERNKAART_INSIDE": "10.213.77.0/28",
    }
    assert container.open_database(asked, tmp_path, uid=os.getuid()) == 0
    rules = (tmp_path / "pg_hba.conf").read_text().splitlines()
    ours = rules.index("host all postgres,kernkaart all reject")
    assert [line for line in rules[:ours] if not line.startswith("local")] == [
        "host all all 127.0.0.1/32 scram-sha-256",
        "host all all 10.213.77.0/28 scram-sha-256",
    ]
    assert rules[ours + 1 :] == [
        "hostssl kernkaart +kernkaart_gis 10.20.0.0/16 scram-sha-256",
        "hostssl kernkaart +kernkaart_gis 10.30.0.0/16 scram-sha-256",
        "host all all all reject",
    ]
    made = (tmp_path / "server.crt").read_bytes()
    assert container.open_database(asked, tmp_path, uid=os.getuid()) == 0
    assert (tmp_path / "server.crt").read_bytes() == made
    for wrong in ({"KERNKAART_QGIS_HOST": ""}, {"KERNKAART_QGIS_NETWORK": "0.0.0.0/0"}):
        assert container.open_database({**asked, **wrong}, tmp_path, uid=os.getuid()) == 1
        assert re.search("Way out: .*(--qgis-host|network of the city)", capsys.readouterr().err)
