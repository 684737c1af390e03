"""What runs where, how big it is, and which versions."""

import argparse
import os
import re
import sys
import tomllib
from pathlib import Path

from launch import application, binaries, database, frontend, opening, ports, postmaster, python_env, stamps
from launch.cluster import Cluster
from launch.places import Places
from launch.progress import Progress

NOT_RUNNING = 3
SIZES = f"""
select split_part(postgis_lib_version(), ' ', 1) || '|' || pg_size_pretty(pg_database_size('{database.NAME}'))
  || '|' || (select count(*) from pg_stat_activity where datname = '{database.NAME}') - 1;
"""


def show(places: Places, progress: Progress, words: list[str]) -> int:
    """Show what runs where, versions and sizes; exit code 3 when something does not run."""
    argparse.ArgumentParser(prog="./kernkaart status", description=show.__doc__).parse_args(words)
    project = tomllib.loads((places.root / "pyproject.toml").read_text(encoding="utf-8"))
    rows = [("Kernkaart", f"{project['project']['version']} in {places.root}"), ("State", str(places.home))]
    rows += [("Python environment", python_env.describe(places)), ("Front end", frontend.describe(places))]
    is_serving, row = _server(places, progress)
    rows += row
    is_answering, row = _application(places)
    rows += row
    sys.stdout.writelines(f"{name:<20}  {text}\n" for name, text in rows)
    return 0 if is_serving and is_answering else NOT_RUNNING


def _server(places: Places, progress: Progress) -> tuple[bool, list[tuple[str, str]]]:
    theirs = database.chosen_by_user(os.environ)
    if theirs:
        return True, [("Database", f"{theirs.address}, of your own")]
    folder = database.folder_of(places)
    if not (folder / "pg").exists():
        return False, [("Database", "not made yet")]
    made_by = stamps.read(folder / "pg" / "PG_VERSION")
    size = f"{_size_mb(folder)} MB in {folder}"
    running = postmaster.running(folder / "pg")
    if running is None:
        told = [("QGIS", opening.describe(places, folder, None))]
        return False, [("Database server", f"PostgreSQL {made_by}, not running, {size}"), *told]
    rows = [
        (
            "Database server",
            f"PostgreSQL {made_by} on {ports.LOCAL}:{running.port}, process {running.pid}, {size}",
        ),
        ("QGIS", opening.describe(places, folder, running.port)),
    ]
    found = binaries.find(places, major=int(made_by))
    if found:
        cluster = Cluster(folder=folder, binaries=found)
        progress.is_quiet = True
        with progress.step("Status") as step:
            step.already()
            answer = database.ask(places, cluster, running, SIZES, step=step).split("|")
        if len(answer) == 3:
            rows.append(
                ("Database", f"{database.NAME}, PostGIS {answer[0]}, {answer[1]}, {answer[2]} connections")
            )
    return True, rows


def _application(places: Places) -> tuple[bool, list[tuple[str, str]]]:
    found = application.find(places)
    if found is None:
        return False, [("Application", "not running; ./kernkaart up starts it")]
    is_well = application.answers(found.port)
    health = "is well" if is_well else "DOES NOT ANSWER; ./kernkaart up starts it anew"
    memory = _memory_mb(found.pid)
    rows = [("Application", f"{found.address}  {health}, process {found.pid}{memory}")]
    return is_well, [*rows, ("Logs", str(places.logs))]


def _memory_mb(pid: int) -> str:
    try:
        match = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except OSError:
        return ""
    return f", {int(match[1]) // 1000} MB of memory" if match else ""


def _size_mb(folder: Path) -> int:
    total = 0
    for parent, _, files in os.walk(folder):
        for name in files:
            try:
                total += (Path(parent) / name).stat().st_size
            except FileNotFoundError:  # a server removes its own files while we count
                continue
    return total // 1_000_000
