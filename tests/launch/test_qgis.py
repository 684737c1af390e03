from pathlib import Path

import pytest

from launch import apt, qgis
from launch.progress import Step


@pytest.fixture
def without_apt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    assert not apt.is_there()


def _python(folder: Path, *, ends_with: int) -> Path:
    """A program in the place of a Python that has QGIS, or has it not."""
    program = folder / "python3"
    program.write_text(f"#!/bin/sh\nexit {ends_with}\n")
    program.chmod(0o755)
    return program


def test_qgis_is_found_where_python_can_import_it(folder: Path, step: Step) -> None:
    has_it = _python(folder, ends_with=0)

    assert qgis.find(has_it) == has_it
    assert qgis.provide(step=step, python=has_it) == has_it
    assert step.is_already_done


@pytest.mark.usefixtures("without_apt")
def test_where_qgis_cannot_be_installed_the_step_ends_with_the_command_that_does(
    folder: Path, step: Step
) -> None:
    assert qgis.provide(step=step, python=_python(folder, ends_with=1)) is None
    assert "apt-get install --no-install-recommends qgis python3-qgis qgis-providers" in step.ending
    assert qgis.provide(step=step, python=folder / "no-such-program") is None
