"""The daemon as a service: what systemd hears from start to stop."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SECONDS = 20.0
CONFIGURATION = """\
polling: {allow_private: [127.0.0.0/8]}
outlets: [{name: Nobody, feeds: [{url: 'http://127.0.0.1:9/rss'}]}]
rules: [{name: peace, query: truce}]
"""


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(SECONDS)
        yield listener


def hear(manager: socket.socket, wanted: bytes) -> list[bytes]:
    """Everything said until a message begins with what is wanted."""
    heard: list[bytes] = []
    while not heard or not heard[-1].startswith(wanted):
        heard.append(manager.recv(1000))
        assert len(heard) < 1000
    return heard


def test_a_service_manager_hears_ready_alive_reloading_and_stopping(manager: socket.socket, tmp_path: Path) -> None:
    """In this order, with the watchdog fed in between; a bad configuration is still *ready*, with the old one."""
    (tmp_path / "tocsin.yaml").write_text(CONFIGURATION, encoding="utf-8")
    environment = dict(os.environ) | {
        "NOTIFY_SOCKET": manager.getsockname(),
        "WATCHDOG_USEC": "400000",
        "STATE_DIRECTORY": str(tmp_path / "state"),
        "TOCSIN_LOG": "json",
    }
    command = [sys.executable, "-m", "monitor", "run", "--config", str(tmp_path)]
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as daemon:
        assert hear(manager, b"READY=1")[-1] == b"READY=1\nSTATUS=watching 1 feeds with 1 rules"
        hear(manager, b"WATCHDOG=1")
        (tmp_path / "tocsin.yaml").write_text(CONFIGURATION + "rulez: []\n", encoding="utf-8")
        daemon.send_signal(signal.SIGHUP)
        hear(manager, b"RELOADING=1")
        hear(manager, b"READY=1")
        (tmp_path / "tocsin.yaml").write_text(CONFIGURATION + "entities: [{id: x, name: X Y}]\n", encoding="utf-8")
        daemon.send_signal(signal.SIGHUP)
        hear(manager, b"RELOADING=1")
        hear(manager, b"READY=1")
        daemon.send_signal(signal.SIGTERM)
        hear(manager, b"STOPPING=1")
        _, log = daemon.communicate(timeout=SECONDS)
    assert daemon.returncode == 0
    assert '"event":"reloaded"' in log.replace(": ", ":")
    assert "did you mean rules" in log
    assert (tmp_path / "state" / "tocsin.db").exists()


def test_a_reload_that_is_asked_for_while_the_daemon_starts_is_done_afterwards(tmp_path: Path) -> None:
    """It must not end the process, nor be forgotten: the file may have changed since it was read."""
    path = tmp_path / "tocsin.yaml"
    os.mkfifo(path)
    command = [sys.executable, "-m", "monitor", "run", "--config", str(tmp_path), "--state", str(tmp_path / "state")]
    environment = dict(os.environ) | {"TOCSIN_LOG": "json"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True) as daemon:
        assert daemon.stderr is not None
        with path.open("w", encoding="utf-8") as pipe:  # opened as soon as the daemon reads it
            daemon.send_signal(signal.SIGHUP)
            (tmp_path / "new.yaml").write_text(CONFIGURATION.replace("Nobody", "Somebody"), encoding="utf-8")
            (tmp_path / "new.yaml").replace(path)
            pipe.write(CONFIGURATION)
        log = ""
        while '"reloaded"' not in log:
            line = daemon.stderr.readline()
            assert line, log
            log += line
        daemon.send_signal(signal.SIGTERM)
    assert daemon.returncode == 0
    assert log.index('"started"') < log.index('"reloaded"')
