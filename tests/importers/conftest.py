from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from api.importers import IMPORTERS, Request

DATA = Path(__file__).parents[1] / "data"
SHARED = Path(__file__).parents[3] / "shared" / "data"


@dataclass
class Result:
    """Everything one reading gave, in one piece."""

    rows: pd.DataFrame
    refused: pd.DataFrame
    assumed: list[str]
    chunks: int

    def reasons(self) -> dict[str, int]:
        return self.refused["reason"].value_counts().to_dict()

    def says(self, words: str) -> bool:
        return any(words in sentence for sentence in self.assumed)


def read_everything(source: str, path: Path | str, **request) -> dict[str, Result]:
    """Read a file with a source; target to what it gave."""
    out = {}
    for reading in IMPORTERS[source].open(Request(Path(path), **request)):
        chunks = list(reading.chunks)
        rows = pd.concat([chunk.rows for chunk in chunks], ignore_index=True)
        refused = pd.concat([chunk.refused for chunk in chunks], ignore_index=True)
        assert reading.target in IMPORTERS[source].targets
        out[reading.target] = Result(rows, refused, reading.assumed, len(chunks))
    return out


@pytest.fixture
def read() -> Callable[..., dict[str, Result]]:
    return read_everything


@pytest.fixture
def data() -> Path:
    return DATA


@pytest.fixture
def shared() -> Callable[[str], Path]:
    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"real data {name} is not beside the project (../shared/data)")
        return path

    return find


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def put(name: str, text: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return put
