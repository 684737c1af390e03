"""A throw-away deployment to measure: a database of its own, filled with fictional towns, and the real application."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

UNTIL = date(2026, 11, 1)
SERVER_VARIABLE = "KERNKAART_TEST_DATABASE_URL"


@contextmanager
def scratch_database() -> Iterator[str]:
    """A migrated, empty database on the server that KERNKAART_TEST_DATABASE_URL names; dropped afterwards."""
    server = os.environ.get(SERVER_VARIABLE)
    if server is None:
        sys.exit(
            f"{SERVER_VARIABLE} is not set: run the benchmark with ./kernkaart bench, which makes a server"
        )
    name = f"kk_bench_{uuid.uuid4().hex[:8]}"
    owner = create_engine(server, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    with tempfile.TemporaryDirectory(prefix="kernkaart-bench-") as home:
        os.environ["KERNKAART_DATABASE_URL"], os.environ["KERNKAART_HOME"] = url, home
        from api.db import migrate, seeding
        from api.db.session import get_engine
        from api.settings import get_settings

        get_settings.cache_clear()
        get_engine.cache_clear()
        migrate.upgrade(get_engine())
        seeding.seed(get_engine())
        try:
            yield url
        finally:
            get_engine().dispose()
            with owner.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            owner.dispose()


class Silent:
    """Stands where a progress bar is expected."""

    def update(self, *_: object, **__: object) -> None:
        """Show nothing."""


def fill(municipalities: int, *, count_days: int = 365) -> None:
    """Write fictional towns."""
    from api.commands.demo import SEED, write_towns

    for _ in write_towns(
        municipalities, seed=SEED, until=UNTIL, count_days=count_days, bar=Silent(), task=None
    ):
        pass


@contextmanager
def served(url: str, *, workers: int = 1) -> Iterator[tuple[str, int]]:
    """The application in a process of its own; yields its address and process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root = Path(__file__).resolve().parent.parent
    command = [sys.executable, "-m", "api", "serve", "--port", str(port), "--workers", str(workers)]
    with subprocess.Popen(
        command, cwd=root, env={**os.environ, "KERNKAART_DATABASE_URL": url}, stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address)
            yield address, process.pid
        finally:
            process.terminate()


def _wait(address: str) -> None:
    # A busy machine takes minutes to load what the application needs.
    for _ in range(900):
        try:
            urllib.request.urlopen(f"{address}/api/health", timeout=2).read()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("the application did not start")
