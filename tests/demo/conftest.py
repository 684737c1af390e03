"""The demo of the seven municipalities, invented once per run."""

from __future__ import annotations

import pytest

from tests.demo.seven_towns import Demo, collect


@pytest.fixture(scope="session")
def demo() -> Demo:
    """Frames per town and target."""
    return collect()
