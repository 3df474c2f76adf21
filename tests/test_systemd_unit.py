"""The unit: hardened, and in step with the program."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from monitor.engine.embedded import LONGEST_SILENCE, MOST_MISSED_BEATS
from monitor.engine.ticks import MISSED_BEAT_SECONDS

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "systemd" / "tocsin.service"
HIGHEST_EXPOSURE = 1.5


def settings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
def test_the_unit_is_hardly_exposed() -> None:
    """At most 1.5 by systemd's own judgement; a bare unit has 9.6."""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(UNIT)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    found = re.search(r"Overall exposure level for tocsin\.service: ([\d.]+)", done.stdout)
    assert found is not None, done.stderr
    assert float(found[1]) <= HIGHEST_EXPOSURE


def test_the_unit_speaks_with_the_daemon_as_the_daemon_does() -> None:
    """Ready by notification, a watchdog, reload by SIGHUP, and no restarts that cannot help."""
    unit = settings()
    assert unit["Type"] == ["notify"]
    assert int(unit["WatchdogSec"][0]) + LONGEST_SILENCE <= 90, "so soon after a loop came to hang it starts anew"
    assert unit["ExecReload"] == ["/bin/kill -HUP $MAINPID"]
    assert unit["Restart"] == ["on-failure"]
    assert {"65", "78"} <= set(unit["RestartPreventExitStatus"][0].split())
    assert int(unit["TimeoutStopSec"][0]) > 10


def test_a_dead_scheduler_is_restarted_within_ninety_seconds() -> None:
    """The watchdog is fed no more once enough beats in a row were missed, and bites its own time later."""
    seconds = float(settings()["WatchdogSec"][0])
    assert (MOST_MISSED_BEATS + 1) * MISSED_BEAT_SECONDS + seconds <= 90


def test_the_state_belongs_to_the_service_alone() -> None:
    """The daemon finds it by $STATE_DIRECTORY."""
    unit = settings()
    assert (unit["StateDirectory"], unit["StateDirectoryMode"], unit["UMask"]) == (["tocsin"], ["0700"], ["0077"])
    assert unit["DynamicUser"] == ["yes"]
