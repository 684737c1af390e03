"""Folders that PostgreSQL's own user can enter, and a step to work under."""

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launch import binaries, database, postmaster
from launch.binaries import Binaries
from launch.cluster import Cluster
from launch.places import ROOT, Places
from launch.postmaster import Running
from launch.progress import Progress, Step


@pytest.fixture
def folder() -> Iterator[Path]:
    """pytest's own folders are closed to others, and root does not run PostgreSQL."""
    made = Path(tempfile.mkdtemp(prefix="kernkaart-launch-"))
    made.chmod(0o755)
    yield made
    postmaster.stop(made / "cluster" / "pg")
    shutil.rmtree(made)


@pytest.fixture
def places(folder: Path) -> Places:
    return Places(root=ROOT, home=folder)


@pytest.fixture
def progress(folder: Path) -> Progress:
    return Progress(folder / "logs" / "setup.log", stream=io.StringIO())


@pytest.fixture
def step(progress: Progress) -> Iterator[Step]:
    with progress.step("Test") as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Binaries:
    found = binaries.find(Places.of({}))
    if found is None:
        pytest.skip(f"no PostgreSQL with PostGIS on this machine; {binaries.WAYS_OUT}")
    return found


@pytest.fixture
def cluster(places: Places, postgres: Binaries) -> Cluster:
    """A cluster that is still to be made."""
    folder = database.folder_of(places)
    hasty = {"fsync": "off", "shared_buffers": "16MB"}
    return Cluster(folder=folder, binaries=postgres, account=database.account_for(folder), settings=hasty)


@pytest.fixture(scope="session")
def stopped_home(postgres: Binaries) -> Iterator[Path]:
    """The state of a deployment whose server was made and stopped: making one takes longer than all else."""
    home = Path(tempfile.mkdtemp(prefix="kernkaart-launch-"))
    home.chmod(0o755)
    places = Places(root=ROOT, home=home)
    folder = database.folder_of(places)
    cluster = Cluster(folder=folder, binaries=postgres, account=database.account_for(folder))
    with Progress(home / "logs" / "setup.log", stream=io.StringIO()).step("Cluster") as step:
        database.start(places, cluster, step=step)
    postmaster.stop(cluster.data)
    yield home
    shutil.rmtree(home)


@pytest.fixture
def running(stopped_home: Path, places: Places, cluster: Cluster, step: Step) -> Running:
    """A copy of that deployment, started."""
    subprocess.run(["cp", "-a", f"{stopped_home}/.", places.home], check=True)
    return database.start(places, cluster, step=step)


@pytest.fixture
def kernkaart(folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Type a command in a deployment of its own; the environment of the machine's real one stays out."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KERNKAART_")}

    def type_in(*words: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ROOT / "kernkaart", *words],
            env={**kept, "KERNKAART_HOME": str(folder)},
            input=said,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return type_in
