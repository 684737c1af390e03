import os
import socket
import sys
from collections.abc import Iterator

import pytest

from launch import ports


@pytest.fixture(params=["127.0.0.1", "0.0.0.0"])
def taken(request: pytest.FixtureRequest) -> Iterator[int]:
    with socket.create_server((request.param, 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_somebody_listens_on_is_not_free(taken: int) -> None:
    assert not ports.is_free(taken)


def test_a_taken_port_is_passed_over(taken: int) -> None:
    assert ports.first_free(taken) > taken


def test_the_port_used_last_comes_before_the_first_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        last = server.getsockname()[1]
    assert ports.first_free(last - 50, last_used=last) == last


def test_the_port_used_last_is_given_up_when_somebody_else_has_it(taken: int) -> None:
    assert ports.first_free(taken - 1, last_used=taken) != taken


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells who has a port")
def test_the_one_who_has_a_port_is_named(taken: int) -> None:
    assert f"process {os.getpid()}" in ports.holder(taken)
