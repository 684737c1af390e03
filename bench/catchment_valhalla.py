"""Valhalla on tiles of its own, in an environment of its own; run by that environment's Python, this file is its worker.

It has its own costs and its own idea of a street, so its times compare and its shapes do not.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ENVIRONMENT = Path(__file__).parents[1] / ".kernkaart" / "peers" / "valhalla"
MISSING = (
    "skipped: Valhalla is not there; with a Python of 3.12 or newer: python3.12 -m venv .kernkaart/peers/valhalla && "
    ".kernkaart/peers/valhalla/bin/python -m pip install pyvalhalla"
)
COSTING = {"walk": "pedestrian", "bicycle": "bicycle", "car": "auto"}


class Valhalla:
    """A worker that answers questions and tells the CPU time each took."""

    def __init__(self, worker: subprocess.Popen[str], build_s: float, tiles_mb: float) -> None:
        self._worker, self.build_s, self.tiles_mb = worker, build_s, tiles_mb

    def isochrone(self, lonlat: Sequence[float], mode: str, minutes: Sequence[float]) -> tuple[float, int]:
        """CPU seconds of one question for several bands, and the size of the answer."""
        asked = {
            "locations": [{"lon": lonlat[0], "lat": lonlat[1]}],
            "costing": COSTING[mode],
            "contours": [{"time": band} for band in minutes],
            "polygons": True,
        }
        return self._ask("isochrone", asked)

    def matrix(self, lonlat: Sequence[Sequence[float]], mode: str) -> tuple[float, int]:
        """CPU seconds of the times between every two of some places."""
        places = [{"lon": lon, "lat": lat} for lon, lat in lonlat]
        return self._ask("matrix", {"sources": places, "targets": places, "costing": COSTING[mode]})

    def _ask(self, action: str, asked: dict[str, Any]) -> tuple[float, int]:
        assert self._worker.stdin
        assert self._worker.stdout
        self._worker.stdin.write(json.dumps([action, asked]) + "\n")
        self._worker.stdin.flush()
        # It may log to the same stream.
        while not (line := self._worker.stdout.readline()).startswith("took "):
            if not line:
                raise RuntimeError("Valhalla's worker ended")
        _, seconds, size = line.split()
        return float(seconds), int(size)


@contextmanager
def valhalla(pbf: Path) -> Iterator[Valhalla | None]:
    """Tiles of an extract and a worker on them; None where it is not installed."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        print(MISSING)
        yield None
        return
    env = {**os.environ, "PATH": f"{python.parent}:{os.environ['PATH']}"}
    env.pop("PYTHONPATH", None)
    with tempfile.TemporaryDirectory(prefix="kernkaart-valhalla-") as folder:
        config = Path(folder) / "config.json"
        written = subprocess.run(
            ["valhalla_build_config", "--mjolnir-tile-dir", f"{folder}/tiles", "--mjolnir-concurrency", "2"],
            env=env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        config.write_text(written.stdout[written.stdout.index("{") :])
        started = time.perf_counter()
        built = subprocess.run(
            ["valhalla_build_tiles", "-c", config, pbf], env=env, capture_output=True, check=False
        )
        if built.returncode:
            print("skipped: Valhalla could not make tiles of", pbf.name)
            yield None
            return
        build_s = time.perf_counter() - started
        tiles_mb = sum(path.stat().st_size for path in Path(folder, "tiles").rglob("*.gph")) / 1e6
        with subprocess.Popen(
            [python, __file__, config], env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as worker:  # fmt: skip
            yield Valhalla(worker, build_s, tiles_mb)
            assert worker.stdin
            worker.stdin.close()


def work(config: str) -> None:
    """Answer line by line."""
    import valhalla as library

    actor = library.Actor(config)
    for line in sys.stdin:
        action, asked = json.loads(line)
        started = time.process_time()
        answer = getattr(actor, action)(json.dumps(asked))
        took = time.process_time() - started
        print("took", took, len(answer), flush=True)


if __name__ == "__main__":
    # This file's folder must not stand before the library of the same name.
    sys.path.pop(0)
    work(sys.argv[1])
