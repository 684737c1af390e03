"""A day of counts pushed by suppliers that send again what was not taken, and a server that may be killed meanwhile."""

import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

ROOT = Path(__file__).resolve().parent.parent
# The clock is put back that night: the local day has 25 hours.
FIRST = datetime(2026, 10, 24, 22, tzinfo=UTC)
STEP = timedelta(minutes=5)
LONGEST_S = 900.0


def value_of(sensor: int, step: int) -> int:
    """What a sensor counts in a step: known, so that what is stored can be checked."""
    return (sensor * 31 + step * 17) % 97


def prepare(nis_code: str, *, sensors: int, suppliers: int) -> list[str]:
    """Add sensors and their suppliers; returns the token of each supplier."""
    from api.db.session import get_engine
    from api.footfall.push import new_token

    tokens = []
    with Session(get_engine()) as session, session.begin():
        session.execute(
            text(
                "INSERT INTO footfall_sensor (nis_code, code, name, supplier, interval_minutes) "
                "SELECT :nis, 'L' || n, 'Load ' || n, 'supplier ' || n % :suppliers, 5 FROM generate_series(0, :n - 1) n"
            ),
            {"nis": nis_code, "suppliers": suppliers, "n": sensors},
        )
        for number in range(suppliers):
            token, kept = new_token()
            session.execute(
                text("INSERT INTO push_supplier (nis_code, name, token_sha256) VALUES (:nis, :name, :kept)"),
                {"nis": nis_code, "name": f"supplier {number}", "kept": kept},
            )
            tokens.append(token)
    return tokens


def batch(sensors: list[int], steps: range) -> bytes:
    """The body of one batch, packed."""
    rows = [
        {
            "sensor": f"L{s}",
            "start": (FIRST + step * STEP).isoformat(),
            "minutes": 5,
            "value": value_of(s, step),
        }
        for step in steps
        for s in sensors
    ]
    return gzip.compress(json.dumps({"counts": rows}).encode(), compresslevel=1)


class Server:
    """The real application in a process that can be killed and started again at the same port."""

    def __init__(self, url: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {**os.environ, "KERNKAART_DATABASE_URL": url}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "api", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the application did not start")

    def kill(self) -> None:
        """End it as a power cut would: without a word."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@dataclass
class Told:
    """What the suppliers saw."""

    seconds: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    rows: int = 0

    @property
    def sent_again(self) -> int:
        """How often a batch had to be sent again."""
        return sum(number for word, number in self.answers.items() if word != "200")


def push_all(port: int, token: str, bodies: deque[bytes], told: Told, *, until: float) -> None:
    """Send the batches in order, each until it is taken."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
    }
    while bodies and time.monotonic() < until:
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        pause = 0.2
        try:
            connection.request("POST", "/api/push/counts", bodies[0], headers)
            answer = connection.getresponse()
            found = answer.read()
            word = str(answer.status)
            pause = min(float(answer.headers.get("Retry-After", "0.2")), 2.0)
        except (OSError, http.client.HTTPException) as error:
            word, found = type(error).__name__, b""
        finally:
            connection.close()
        told.answers[word] += 1
        if word == "200":
            told.seconds.append(time.perf_counter() - started)
            told.rows += json.loads(found)["received"]
            bodies.popleft()
        elif word[0] == "4" and word != "429":
            raise RuntimeError(f"refused for good: {word} {found[:300]!r}")
        else:
            time.sleep(pause)


def replay(
    server: Server, tokens: list[str], *, sensors: int, steps: int, steps_a_batch: int, kill_at: float | None
) -> tuple[Told, float]:
    """
    Push everything, one thread per supplier; kill the server once when the given share has been taken.

    Returns
    -------
    What the suppliers saw, and the wall seconds from the first batch to the last.
    """
    told, total = Told(), sensors * steps
    queues = []
    for number in range(len(tokens)):
        own = list(range(number, sensors, len(tokens)))
        spans = [range(at, min(at + steps_a_batch, steps)) for at in range(0, steps, steps_a_batch)]
        queues.append(deque(batch(own, span) for span in spans))
    started, until = time.perf_counter(), time.monotonic() + LONGEST_S
    threads = [
        threading.Thread(target=push_all, args=(server.port, token, bodies, told), kwargs={"until": until})
        for token, bodies in zip(tokens, queues, strict=True)
    ]
    for each in threads:
        each.start()
    if kill_at is not None:
        while told.rows < kill_at * total and time.monotonic() < until:
            time.sleep(0.01)
        server.kill()
        server.start()
    for each in threads:
        each.join()
    if any(queues):
        raise RuntimeError(f"not everything was taken within {LONGEST_S:.0f} s: {told.answers}")
    return told, time.perf_counter() - started


def stored(nis_code: str, *, sensors: int, steps: int) -> dict[str, Any]:
    """What is in the database against what was sent: rows lost, twice or wrong, and whether the sums follow."""
    from api.db.session import get_engine

    expected = {f"L{s}": sum(value_of(s, step) for step in range(steps)) for s in range(sensors)}
    of = "JOIN footfall_sensor s ON s.id = c.sensor_id WHERE s.nis_code = :nis AND s.code LIKE 'L%'"
    with get_engine().connect() as connection:
        raw = connection.execute(
            text(f"SELECT s.code, c.start_at, c.value FROM footfall_count c {of}"), {"nis": nis_code}
        ).all()
        sums = connection.execute(
            text(
                f"SELECT s.code, sum(c.passages) AS passages, sum(c.n) AS n FROM footfall_day c {of} GROUP BY 1"
            ),
            {"nis": nis_code},
        ).all()
        changes = connection.execute(
            text("SELECT count(*) FROM import_change WHERE table_name = 'footfall_count'")
        ).scalar_one()
    seen = Counter((code, at) for code, at, _ in raw)
    wrong = sum(value != value_of(int(code[1:]), (at - FIRST) // STEP) for code, at, value in raw)
    off = sum(expected[row.code] != row.passages or row.n != steps for row in sums)
    return {
        "lost": sensors * steps - len(seen),
        "twice": sum(number > 1 for number in seen.values()),
        "wrong": wrong,
        "changed": changes,
        "sums_off": off + sensors - len(sums),
    }
