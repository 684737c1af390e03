import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WEB_AND_DATABASE = {
    "fastapi",
    "starlette",
    "sqlalchemy",
    "geoalchemy2",
    "psycopg",
    "pydantic",
    "alembic",
    "api",
}
# Who may not import whom: folder, and the first words of what it may never import.
FORBIDDEN = {
    "gis": WEB_AND_DATABASE | {"os", "requests", "httpx", "urllib", "socket"},
    "api/importers": {
        "api.db",
        "api.places",
        "api.vacancy",
        "api.footfall",
        "api.score",
        "fastapi",
        "sqlalchemy",
    },
    "launch": {"api", "gis", "numpy", "pandas", "sqlalchemy", "rich", "typer"},
}
ROUTES_NEVER = {"gis", "geopandas", "sqlalchemy", "api.db"}
SUBJECTS = (
    "places",
    "vacancy",
    "footfall",
    "forecast",
    "parking",
    "score",
    "catchment",
    "streets",
    "export",
    "event",
    "registers",
    "worklist",
    "round",
    "acquisition",
    "match",
    "branches",
    "persons",
    "card",
    "finder",
)
LONGEST_FILE_LINES = 400


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offends(name: str, forbidden: set[str]) -> bool:
    return any(name == word or name.startswith(f"{word}.") for word in forbidden)


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_a_room_imports_only_what_it_may(folder):
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files(folder)
        for name in imports_of(path)
        if offends(name, FORBIDDEN[folder])
    ]
    assert wrong == []


def test_routes_leave_science_and_sql_to_their_service():
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "api").glob("*/routes.py")
        for name in imports_of(path)
        if offends(name, ROUTES_NEVER)
    ]
    assert wrong == []


def test_subjects_never_commit_for_one_request_is_one_transaction():
    wrong = [
        str(path.relative_to(ROOT))
        for subject in SUBJECTS
        for path in python_files(f"api/{subject}")
        if ".commit(" in path.read_text(encoding="utf-8")
    ]
    assert wrong == []


def test_nothing_is_called_utils_helpers_or_common():
    names = {"utils", "helpers", "common"}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [path for path in tracked.splitlines() if names & set(Path(path).with_suffix("").parts)] == []


@pytest.mark.parametrize("folder", ["gis", "api", "launch"])
def test_files_stay_small_enough_to_read(folder):
    long = {
        str(path.relative_to(ROOT)): lines
        for path in python_files(folder)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE_LINES
    }
    assert long == {}


def test_every_public_function_of_gis_says_what_it_is_for():
    silent = [
        f"{path.name}: {node.name}"
        for path in python_files("gis")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_every_benchmark_finds_what_it_measures():
    names = [f"bench.{file.stem}" for file in sorted((ROOT / "bench").glob("*.py"))]
    load = f"import importlib; [importlib.import_module(name) for name in {names}]"
    done = subprocess.run([sys.executable, "-c", load], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
