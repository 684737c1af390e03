import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from launch import database, ports, postmaster
from launch.cluster import Cluster
from launch.places import Places
from launch.postmaster import Running
from launch.progress import LaunchError, Step


def _sql(cluster: Cluster, places: Places, running: Running, script: str, step: Step) -> str:
    password = database._passwords(places)["postgres"]
    return cluster.sql(script, port=running.port, password=password, step=step)


def _programs_run(step: Step) -> int:
    return step.progress.log_file.read_text().count("\n$ ")


def test_a_server_that_runs_is_left_alone_and_no_program_is_run_for_it(
    places: Places, cluster: Cluster, running: Running, step: Step
) -> None:
    before = _programs_run(step)
    assert database.start(places, cluster, step=step) == running
    assert step.is_already_done
    assert _programs_run(step) == before


def test_a_killed_server_is_started_again_with_what_it_held(
    places: Places, cluster: Cluster, running: Running, step: Step
) -> None:
    _sql(cluster, places, running, "create table kept (a int); insert into kept values (7);", step)
    os.kill(running.pid, signal.SIGKILL)
    while postmaster.running(cluster.data):
        time.sleep(0.01)
    recovered = database.start(places, cluster, step=step)
    assert recovered.pid != running.pid
    assert recovered.port == running.port
    assert _sql(cluster, places, recovered, "select a from kept;", step) == "7"


def test_a_server_is_stopped_once(cluster: Cluster, running: Running) -> None:
    assert postmaster.running(cluster.data) == running
    assert postmaster.stop(cluster.data)
    assert postmaster.running(cluster.data) is None
    assert not postmaster.stop(cluster.data)


def test_a_cluster_listens_to_this_machine_alone_and_its_superuser_needs_a_password(
    places: Places, cluster: Cluster, running: Running, step: Step
) -> None:
    told = "select current_setting('listen_addresses'), current_setting('unix_socket_directories');"
    assert _sql(cluster, places, running, told, step) == "127.0.0.1|"
    refused = cluster.try_sql(
        "select 1;", port=running.port, user="postgres", password="guess", database="postgres", step=step
    )
    assert "password authentication failed" in refused.output


def test_the_server_takes_another_port_when_somebody_else_has_its_own(
    places: Places, cluster: Cluster, running: Running, step: Step
) -> None:
    postmaster.stop(cluster.data)
    with socket.create_server((ports.LOCAL, running.port)):
        assert database.start(places, cluster, step=step).port != running.port


def test_a_lock_file_whose_process_number_went_to_another_program_is_no_obstacle(
    places: Places, cluster: Cluster, running: Running, step: Step
) -> None:
    lock = cluster.data / "postmaster.pid"
    lines = lock.read_text().splitlines()
    assert lines[0] == str(running.pid)
    postmaster.stop(cluster.data)
    # The same user as the server: PostgreSQL itself takes such a process for its own.
    with subprocess.Popen(["sleep", "60"], user=cluster.account.uid if cluster.account else None) as other:
        lock.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        assert postmaster.running(cluster.data) is None
        assert database.start(places, cluster, step=step).pid != other.pid
        other.kill()


def test_what_an_interrupted_initdb_left_is_cleared_away(
    places: Places, cluster: Cluster, step: Step
) -> None:
    half = cluster.folder / "pg.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")
    database.start(places, cluster, step=step)
    assert not half.exists()
    assert cluster.exists()


def test_the_database_has_its_extensions_and_an_owner_that_is_no_superuser_also_after_a_cut(
    places: Places, cluster: Cluster, running: Running, step: Step
) -> None:
    made = database.provide(places, cluster, running, step=step)
    assert made.is_own
    assert (
        database.ask(places, cluster, running, "select st_srid(st_point(1, 2, 31370));", step=step) == "31370"
    )
    roles = "select rolsuper from pg_roles where rolname = current_user;"
    assert database.ask(places, cluster, running, roles, step=step) == "f"
    database.provide(places, cluster, running, step=step)
    assert step.is_already_done

    _sql(cluster, places, running, "drop database kernkaart;", step)
    database.provide(places, cluster, running, step=step)
    assert not step.is_already_done
    assert database.ask(places, cluster, running, "select count(*) from spatial_ref_sys;", step=step) != ""


@pytest.mark.usefixtures("running")
def test_passwords_are_for_their_owner_alone_and_are_not_thought_of_twice(
    places: Places, cluster: Cluster, step: Step
) -> None:
    assert places.passwords.stat().st_mode & 0o077 == 0
    kept = places.passwords.read_text()
    postmaster.stop(cluster.data)
    database.start(places, cluster, step=step)
    assert places.passwords.read_text() == kept
    postmaster.stop(cluster.data)
    places.passwords.unlink()
    with pytest.raises(LaunchError, match="passwords of the database"):
        database.start(places, cluster, step=step)


def test_the_log_of_a_set_up_never_holds_a_password(
    places: Places, cluster: Cluster, running: Running, step: Step
) -> None:
    database.provide(places, cluster, running, step=step)
    said = Path(step.progress.log_file).read_text() + cluster.log.read_text()
    assert not [word for word in database._passwords(places).values() if word in said]
