"""The application as a process of its own, as `./kernkaart up` runs it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from api.settings import ROOT
from tests.conftest import SIGNED_IN

PATIENCE_S = 90.0
# Straight to our own machine, whatever proxy the environment names.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """One process that serves the map and the API of a database."""

    def __init__(self, database_url: str, *, home: Path) -> None:
        self._database_url = database_url
        self._home = home
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, on the same port every time, and wait until it answers."""
        env = {
            **os.environ,
            "KERNKAART_DATABASE_URL": self._database_url,
            "KERNKAART_HOME": str(self._home),
            "PYTHONPATH": str(ROOT),
        }
        log = self._home / "served.log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "api", "serve", "--port", str(self._port)],
                env=env,
                cwd=ROOT,
                stdout=output,
                stderr=output,
            )
        deadline_at = time.monotonic() + PATIENCE_S
        while not self._is_well():
            ended = self._process.poll() is not None
            if ended or time.monotonic() > deadline_at:
                self.stop()
                raise AssertionError(f"the application does not answer:\n{log.read_text()[-3000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop it; a second time does nothing."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _is_well(self) -> bool:
        try:
            return bool(self.ask("health")["status"] == "ok")
        except OSError:
            return False

    def ask(self, path: str, **query: Any) -> Any:
        """What the API answers, beside the browser."""
        words = urllib.parse.urlencode({key: value for key, value in query.items() if value is not None})
        cookie = "; ".join(f"{name}={value}" for name, value in SIGNED_IN.items())
        asked = urllib.request.Request(f"{self.address}/api/{path}?{words}", headers={"Cookie": cookie})
        with OPENER.open(asked, timeout=60) as answer:
            return json.load(answer)
