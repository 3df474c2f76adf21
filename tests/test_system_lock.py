"""One daemon for one state directory, and a clock that knows its zone."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC
from pathlib import Path

import pytest

from monitor.errors import AlreadyRunning, StoreUnwritable
from monitor.system.clock import SystemClock
from monitor.system.lock import daemon_at_work, sole_daemon

HOLDER = """
import sys, time, pathlib
from monitor.system.lock import sole_daemon
with sole_daemon(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_daemon_is_refused_at_once_and_told_who_holds_the_lock(tmp_path: Path) -> None:
    """Exit code 75: try again later."""
    with sole_daemon(tmp_path / "state"):
        told = rf"process {os.getpid()}\) works on .*: stop it first"
        with pytest.raises(AlreadyRunning, match=told) as caught, sole_daemon(tmp_path / "state"):
            pass
        assert caught.value.exit_code == 75
    with sole_daemon(tmp_path / "state"):
        pass


def test_other_state_directories_are_free(tmp_path: Path) -> None:
    """Two daemons may run side by side on different states."""
    with sole_daemon(tmp_path / "one"), sole_daemon(tmp_path / "two"):
        assert (tmp_path / "one").stat().st_mode & 0o777 == 0o700


def test_the_kernel_lets_go_of_the_lock_of_a_daemon_that_was_killed(tmp_path: Path) -> None:
    """No stale lock has to be removed by hand."""
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(AlreadyRunning, match=f"process {holder.pid}"), sole_daemon(tmp_path):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait(10)
    holder.stdout.close()
    with sole_daemon(tmp_path):
        assert (tmp_path / "tocsin.lock").read_text(encoding="ascii") == f"{os.getpid()}\n"


def test_a_state_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Exit code 73, and what to do."""
    (tmp_path / "file").touch()
    with (
        pytest.raises(StoreUnwritable, match="Not a directory; choose another with --state"),
        sole_daemon(tmp_path / "file" / "state"),
    ):
        pass


def test_a_lock_that_the_file_system_does_not_know_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network file systems have none: then nothing is risked."""

    def without_locks(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.flock", without_locks)
    with pytest.raises(StoreUnwritable, match="No locks available"), sole_daemon(tmp_path):
        pass


def test_the_clock_is_aware_of_utc_and_chance_is_below_one() -> None:
    """Naive moments never enter."""
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.now() <= clock.now()
    assert all(0 <= clock.chance() < 1 for _ in range(100))


def test_whether_a_daemon_is_at_work_is_seen_without_disturbing_it(tmp_path: Path) -> None:
    """Before, during and after; looking takes nothing over and makes no file."""
    state = tmp_path / "state"
    assert daemon_at_work(state) is None
    assert not state.exists()
    with sole_daemon(state):
        assert daemon_at_work(state) == os.getpid()
        (state / "tocsin.lock").write_text("", encoding="ascii")
        assert daemon_at_work(state) == 0
    assert daemon_at_work(state) is None
    with sole_daemon(state):
        pass


def test_a_look_does_not_keep_a_daemon_from_starting(tmp_path: Path) -> None:
    """Somebody asks for the status in the very moment: the daemon asks for the lock again."""
    (tmp_path / "tocsin.lock").touch()
    looking = os.open(tmp_path / "tocsin.lock", os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)
    ending = threading.Timer(0.005, os.close, (looking,))
    ending.start()
    with sole_daemon(tmp_path):
        assert daemon_at_work(tmp_path) == os.getpid()
    ending.join()
