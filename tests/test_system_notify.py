"""Talking to systemd, over a socket that plays its part."""

import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.system.notify import ServiceManager, service_manager


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(5)
        yield listener


def test_each_state_is_said_in_the_words_of_the_protocol(listening: socket.socket) -> None:
    """One datagram each; a status never breaks the lines."""
    manager = service_manager({"NOTIFY_SOCKET": listening.getsockname()})
    manager.ready("watching 3 feeds\nSTOPPING=1")
    assert listening.recv(1000) == b"READY=1\nSTATUS=watching 3 feeds STOPPING=1"
    manager.reloading()
    assert listening.recv(1000).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
    manager.stopping()
    assert listening.recv(1000).startswith(b"STOPPING=1\n")
    manager.alive()
    assert listening.recv(1000) == b"WATCHDOG=1"


def test_an_abstract_socket_is_named_with_an_at_sign() -> None:
    """As systemd may do."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0tocsin-test-{os.getpid()}")
        listener.settimeout(5)
        ServiceManager(address=f"@tocsin-test-{os.getpid()}").alive()
        assert listener.recv(100) == b"WATCHDOG=1"


def test_where_nobody_listens_nothing_happens(tmp_path: Path) -> None:
    """Neither without a service manager nor after it has gone."""
    service_manager({}).ready("x")
    ServiceManager(address=str(tmp_path / "gone")).alive()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"WATCHDOG_USEC": "60000000"}, timedelta(seconds=60)),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, timedelta(seconds=60)),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_counts_for_the_process_it_names(environment: dict[str, str], expected: timedelta | None) -> None:
    """Not for a child that inherited the environment."""
    assert service_manager(environment).watchdog == expected
