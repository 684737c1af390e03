"""One PostgreSQL server of our own: made, started and repaired, reachable from outside only where it is opened."""

import os
import shlex
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from launch import ports, postmaster, stamps
from launch.binaries import Binaries
from launch.postmaster import Running
from launch.process import Account, Ran
from launch.progress import LaunchError, Step

SUPERUSER = "postgres"
LOCALES = (["--locale=C.UTF-8"], ["--locale=en_US.UTF-8"], ["--no-locale"])
# Bad luck with a port, or a server that was killed and has not quite gone, passes; anything else does not.
PATIENCE_S = 20.0
# A server recovers for as long as it needs after a power cut; nobody should give up before it does.
RECOVERY_S = 900
RELEASE_S = 5.0
PASSING = ("already exists", "is another postmaster", "is still in use", "being used by another process")
PORT_TAKEN = ("Address already in use", "could not bind", "could not create any TCP/IP sockets")
SERVER_LOG_LIMIT_BYTES = 10_000_000


@dataclass(frozen=True)
class Cluster:
    """A data folder and the programs and account that serve it.

    Parameters
    ----------
    folder
        Holds the data (``pg``), the server's log and the port used last. Belongs to ``account``.
    account
        Who runs the server; None is ourselves. PostgreSQL refuses to be run by root.
    settings
        Server settings on top of those that keep it private.
    """

    folder: Path
    binaries: Binaries
    account: Account | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "pg"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def create(self, password: str, *, step: Step) -> None:
        """Make the data folder, whole or not at all.

        Raises
        ------
        LaunchError
            If initdb fails.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        fresh = self.folder / "pg.new"
        shutil.rmtree(fresh, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix="password-") as secret:
            secret.write(password + "\n")
            secret.flush()
            for path in (self.folder, Path(secret.name)):
                self._give(path)
            ran = self._initdb(fresh, Path(secret.name), step=step)
        if ran.code != 0:
            raise LaunchError("initdb failed", "see the log, then run the same command again", is_in_log=True)
        fresh.rename(self.data)
        stamps.settle(self.folder)

    def _initdb(self, fresh: Path, secret: Path, *, step: Step) -> Ran:
        secure = ["--auth-host=scram-sha-256", "--auth-local=scram-sha-256", f"--pwfile={secret}"]
        for locale in LOCALES:
            shutil.rmtree(fresh, ignore_errors=True)
            argv: list[str | Path] = [
                self.binaries.program("initdb"),
                "-D",
                fresh,
                "-U",
                SUPERUSER,
                "-E",
                "UTF8",
                *locale,
                *secure,
            ]
            ran = step.attempt(argv, env=self.binaries.env(), account=self.account)
            if ran.code == 0:
                break
        return ran

    def _give(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def start(self, *, step: Step, first_port: int = 55432) -> Running:
        """Start the server, also after it was killed or the machine lost power.

        Raises
        ------
        LaunchError
            If it does not start.
        """
        deadline_at = time.monotonic() + PATIENCE_S
        port = self._port(first_port)
        while True:
            found = postmaster.running(self.data)
            if found:
                return found
            if postmaster.is_coming_or_going(self.data) and time.monotonic() < deadline_at + RECOVERY_S:
                time.sleep(0.2)
                continue
            postmaster.drop_stale_lock(self.data)
            said = self._start_on(port, step=step)
            found = postmaster.running(self.data)
            if found:
                stamps.write(self.folder / "port", str(found.port))
                return found
            if time.monotonic() > deadline_at or not any(text in said for text in (*PASSING, *PORT_TAKEN)):
                step.progress.log(said)
                raise LaunchError(
                    "PostgreSQL does not start",
                    f"see {self.log}, then run the same command again",
                    is_in_log=True,
                )
            if any(text in said for text in PORT_TAKEN):
                port = ports.first_free(port + 1)
            time.sleep(0.5)

    def _port(self, first_port: int) -> int:
        """Return the port used last, else the first free one; a server that was killed lets go of it late."""
        noted = stamps.read(self.folder / "port")
        last_used = int(noted) if noted else None
        deadline_at = time.monotonic() + RELEASE_S
        if last_used and (self.data / "postmaster.pid").exists():
            while not ports.is_free(last_used) and time.monotonic() < deadline_at:
                time.sleep(0.1)
        return ports.first_free(first_port, last_used=last_used)

    def _start_on(self, port: int, *, step: Step) -> str:
        """Try to start the server on a port; return what it wrote to its log meanwhile."""
        if self.log.exists() and self.log.stat().st_size > SERVER_LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        before = self.log.stat().st_size if self.log.exists() else 0
        # No Unix socket: everything connects to 127.0.0.1, and the path of a socket may be too long.
        settings = {
            "listen_addresses": ports.LOCAL,
            "unix_socket_directories": "",
            "jit": "off",
            **self.settings,
        }
        options = " ".join(
            [f"-p {port}", *(f"-c {key}={shlex.quote(value)}" for key, value in settings.items())]
        )
        program, patience = self.binaries.program("pg_ctl"), ["-w", "-t", str(RECOVERY_S), "-s"]
        argv: list[str | Path] = [program, "-D", self.data, *patience, "-l", self.log, "-o", options, "start"]
        step.attempt(argv, env=self.binaries.env(), account=self.account, outlives_us=True)
        if not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(before)
            return file.read().decode(errors="replace")

    def sql(self, script: str, *, port: int, password: str, database: str = SUPERUSER, step: Step) -> str:
        """Run a script as superuser and return its rows, fields apart by ``|``.

        Raises
        ------
        LaunchError
            If the server refuses it.
        """
        ran = self.try_sql(script, port=port, user=SUPERUSER, password=password, database=database, step=step)
        if ran.code != 0:
            raise LaunchError(
                "the database refused what it was asked",
                "see the log, then run the same command again",
                is_in_log=True,
            )
        return ran.output.strip()

    def try_sql(self, script: str, *, port: int, user: str, password: str, database: str, step: Step) -> Ran:
        """Run a script as a user of the database and return how that ended."""
        argv: list[str | Path] = [
            self.binaries.program("psql"),
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
        ]
        target = ["-h", ports.LOCAL, "-p", str(port), "-U", user, "-d", database]
        env = {**self.binaries.env(), "PGPASSWORD": password, "PGCONNECT_TIMEOUT": "10"}
        env["PGOPTIONS"] = "-c client_min_messages=warning"
        return step.attempt([*argv, *target], env=env, stdin=script)
