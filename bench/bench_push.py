"""Is nothing lost and nothing stored twice when a day of 1,000 sensors is pushed and the server is killed meanwhile?

Every sensor counts per five minutes; four suppliers push theirs in order, each batch until it is taken. When a good third
has been taken the server is killed without warning and started again.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from bench.deployment import scratch_database
from bench.push_load import Server, prepare, replay, stored

NIS = "99001"
SUPPLIERS = 4


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    """Replay a day, kill the server in the middle, and count what is stored."""
    sensors, steps = (100, 36) if quick else (1_000, 288)
    with scratch_database() as url:
        from api.db.models import Municipality
        from api.db.session import get_engine

        with get_engine().begin() as connection:
            connection.execute(insert(Municipality).values(nis_code=NIS, name_nl="Banktown"))
        tokens = prepare(NIS, sensors=sensors, suppliers=SUPPLIERS)
        server = Server(url)
        server.start()
        try:
            told, seconds = replay(
                server, tokens, sensors=sensors, steps=steps, steps_a_batch=1, kill_at=0.35
            )
        finally:
            server.kill()
        found = stored(NIS, sensors=sensors, steps=steps)
        total = sensors * steps
        yield report.figure(
            "push.rows", total, "rows", note=f"{sensors:,} sensors, {steps} steps of five minutes"
        )
        yield report.figure(
            "push.seconds",
            seconds,
            "s",
            note=f"of which the server was gone for a while; {dict(told.answers)}",
        )
        yield report.figure(
            "push.rows_per_s", total / seconds, "rows/s", note=f"batches of {sensors // SUPPLIERS} rows"
        )
        yield report.figure(
            "push.faster_than_life",
            steps * 300 / seconds,
            "times",
            note="how much faster than the counts come in life",
        )
        p50, p95 = np.percentile(told.seconds, [50, 95])
        yield report.figure("push.batch_p50_s", p50, "s", note="answer to a batch, median")
        yield report.figure("push.batch_p95_s", p95, "s", note="answer to a batch, 95th percentile")
        yield report.figure(
            "push.sent_again", told.sent_again, "batches", note="sent again as the server was gone or busy"
        )
        for name in ("lost", "twice", "wrong", "changed", "sums_off"):
            yield report.figure(f"push.{name}", found[name], "rows" if name != "sums_off" else "sensors")
    if any(found.values()):
        sys.exit(f"the counts stored are not the counts sent: {found}")


if __name__ == "__main__":
    report.run(measure, about=__doc__)
