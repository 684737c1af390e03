import fcntl
import os
import pty
import re
import socket
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import launch
from launch import checks, commands, postmaster, status
from launch.cluster import Cluster
from launch.places import ROOT, Places
from launch.postmaster import Running

Kernkaart = Callable[..., subprocess.CompletedProcess[str]]


def test_help_names_every_word_and_is_shown_without_any(kernkaart: Kernkaart) -> None:
    shown = kernkaart()
    assert shown.returncode == 0
    assert not [word for word in commands.COMMANDS if f"./kernkaart {word}" not in shown.stdout]
    assert kernkaart("--help").stdout == shown.stdout


def test_the_package_says_what_each_of_its_modules_is_for() -> None:
    told = re.findall(r"^([a-z_]+) {2,}\S", str(launch.__doc__), flags=re.MULTILINE)
    assert sorted(told) == sorted(path.stem for path in (ROOT / "launch").glob("[a-z]*.py"))


def test_the_version_is_that_of_the_project(kernkaart: Kernkaart) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert kernkaart("--version").stdout == f"Kernkaart {project['version']}\n"


def test_nothing_made_yet_is_a_state_and_not_an_error(kernkaart: Kernkaart, folder: Path) -> None:
    shown = kernkaart("status")
    assert shown.returncode == status.NOT_RUNNING
    assert "not made yet" in shown.stdout
    assert kernkaart("down").returncode == 0
    assert not (folder / "cluster").exists()


def test_up_refuses_a_port_of_somebody_else_before_it_does_anything(
    kernkaart: Kernkaart, folder: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ended = kernkaart("up", "--port", str(port))
    assert ended.returncode == 1
    assert f"port {port} is in use by" in ended.stderr
    assert "Way out" in ended.stderr
    assert not (folder / "cluster").exists()


def test_up_refuses_what_is_no_port(kernkaart: Kernkaart) -> None:
    for wrong in ("0", "65536", "eighty"):
        ended = kernkaart("up", "--port", wrong)
        assert ended.returncode == 2
        assert "is no port" in ended.stderr


def test_reset_removes_nothing_when_there_is_nobody_to_ask(
    kernkaart: Kernkaart, cluster: Cluster, running: Running
) -> None:
    ended = kernkaart("reset", said="reset\n")
    assert ended.returncode == 1
    assert "--yes" in ended.stderr
    assert postmaster.running(cluster.data) == running


@pytest.mark.usefixtures("running")
def test_reset_goes_on_only_at_its_own_word(places: Places, cluster: Cluster) -> None:
    assert _reset_at_a_terminal(places, "yes") == 1
    assert cluster.exists()
    assert places.passwords.exists()
    assert _reset_at_a_terminal(places, "reset") == 0
    assert not cluster.folder.exists()
    assert not places.passwords.exists()


def _reset_at_a_terminal(places: Places, word: str) -> int:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KERNKAART_")}
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen(
            [ROOT / "kernkaart", "reset"],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**kept, "KERNKAART_HOME": str(places.home)},
        ) as process:
            os.write(ours, f"{word}\n".encode())
            process.communicate(timeout=60)
            return process.returncode
    finally:
        os.close(ours)
        os.close(theirs)


def test_logs_show_the_last_lines(kernkaart: Kernkaart, places: Places) -> None:
    places.logs.mkdir(parents=True)
    (places.logs / "app.log").write_text("".join(f"line {number}\n" for number in range(100)))
    assert kernkaart("logs", "-n", "2").stdout == "line 98\nline 99\n"
    missing = kernkaart("logs", "database")
    assert missing.returncode == 1
    assert "./kernkaart up makes it" in missing.stderr


def test_a_killed_test_run_is_cleared_away_and_a_living_one_is_not(folder: Path) -> None:
    killed, living = folder / f"{checks.PREFIX}a", folder / f"{checks.PREFIX}b"
    for run in (killed, living):
        run.mkdir()
        (run / "in-use").touch()
    with (living / "in-use").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert checks.remove_orphans(folder) == 1
        assert not killed.exists()
        assert living.exists()
    assert checks.remove_orphans(folder) == 1
    assert not living.exists()


def test_tests_never_see_the_address_of_a_real_database() -> None:
    assert not checks._is_kept("KERNKAART_DATABASE_URL")
    assert not checks._is_kept("PGHOST")
    assert checks._is_kept("KERNKAART_TEST_DATABASE_URL")
    assert checks._is_kept("PATH")


def test_two_groups_of_tests_run_at_once_only_where_each_has_a_core() -> None:
    assert checks.side_by_side(1) == []
    assert checks.side_by_side(8)[:2] == ["-n", "2"]
