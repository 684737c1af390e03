"""How many rows a second come in, against the same rows by plain COPY, and does it grow with the file?"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from bench.deployment import scratch_database

NIS = "99001"


def counts_file(folder: Path, rows: int) -> Path:
    """Hourly counts of ten sensors in the canonical columns."""
    per_sensor = rows // 10
    rng = np.random.default_rng(1)
    start = pd.date_range("2015-01-01", periods=per_sensor, freq="h", tz="UTC").strftime("%Y-%m-%dT%H:%M:%SZ")
    parts = [
        pd.DataFrame({"counter_id": f"S{n}", "start_utc": start, "minutes": 60, "mode": "ped", "direction": "both",
                      "value": rng.poisson(120, per_sensor)})
        for n in range(10)
    ]  # fmt: skip
    path = folder / f"counts-{rows}.csv"
    pd.concat(parts).to_csv(path, index=False, sep=";")
    return path


def units_file(folder: Path, rows: int) -> Path:
    """A survey of shop units."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "local_code": [f"U{n}" for n in range(rows)],
            "street": [f"Straat {n % 300}" for n in range(rows)],
            "house_number": np.arange(rows) % 200,
            "x": 70_000 + rng.uniform(0, 5000, rows),
            "y": 180_000 + rng.uniform(0, 5000, rows),
            "status": rng.choice(["occupied", "vacant"], rows, p=[0.88, 0.12]),
            "wvo_m2": rng.integers(30, 400, rows),
            "last_visit": "2026-06-01",
        }
    )
    path = folder / f"units-{rows}.csv"
    frame.to_csv(path, index=False, sep=";")
    return path


def import_seconds(source: str, path: Path) -> float:
    """Wall seconds of one import, committed."""
    from api.commands.intake import Order, import_file
    from api.db.session import get_engine

    order = Order(source, NIS, {}, {}, {"code": path.name, "name": path.name})
    started = time.perf_counter()
    with Session(get_engine()) as session, session.begin():
        import_file(session, path, order, progressed=lambda *_: None)
    return time.perf_counter() - started


def copy_seconds(path: Path) -> float:
    """The same file by COPY into a bare table: the least a database can do."""
    from api.db.session import get_engine

    started = time.perf_counter()
    with get_engine().begin() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(
            "CREATE TEMP TABLE bare (a text, b timestamptz, c int, d text, e text, f real) ON COMMIT DROP"
        )
        with cursor.copy("COPY bare FROM STDIN WITH (FORMAT csv, HEADER, DELIMITER ';')") as copy:
            copy.write(path.read_bytes())
    return time.perf_counter() - started


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    """Import files of two sizes each."""
    small, large = (20_000, 100_000) if quick else (100_000, 1_000_000)
    with scratch_database(), tempfile.TemporaryDirectory() as name:
        from api.db.models import FootfallSensor, Municipality
        from api.db.session import get_engine

        folder = Path(name)
        with get_engine().begin() as connection:
            connection.execute(insert(Municipality).values(nis_code=NIS, name_nl="Banktown"))
            sensors = [{"nis_code": NIS, "code": f"S{n}", "name": f"S{n}"} for n in range(10)]
            connection.execute(insert(FootfallSensor), sensors)
        files = {rows: counts_file(folder, rows) for rows in (small, large)}
        seconds = {rows: import_seconds("counts", path) for rows, path in files.items()}
        plain = copy_seconds(files[large])
        rate = large / seconds[large]
        yield report.figure(
            "import.rows_per_s", rate, "rows/s", peer="plain COPY into a bare table",
            ratio=rate / (large / plain), note=f"{large:,} counts, checked, compared and recorded",
        )  # fmt: skip
        again = import_seconds("counts", files[large])
        yield report.figure(
            "import.same_file_again_s", again, "s", note=f"{large:,} counts that change nothing"
        )
        growth = (seconds[large] / large) / (seconds[small] / small)
        yield report.figure(
            "import.growth", growth, "ratio", note=f"cost of a row, {small:,} to {large:,} rows"
        )
        rows = 2_000 if quick else 20_000
        took = import_seconds("shop-units", units_file(folder, rows))
        yield report.figure(
            "import.shop_units_per_s", rows / took, "rows/s", note=f"{rows:,} units with their state"
        )
        with get_engine().connect() as connection:
            size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        yield report.figure("import.database_mb", size / 1e6, "MB", note="database afterwards")


if __name__ == "__main__":
    report.run(measure, about=__doc__)
