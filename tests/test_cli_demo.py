"""`tocsin demo`: the real daemon, seen by somebody who has nothing but the command."""

import subprocess
import sys
from pathlib import Path

import pytest

from monitor.cli import demo
from monitor.cli.application import run_command
from monitor.cli.demo_feed import Outlet, press


def test_the_demonstration_shows_baseline_alert_and_silence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this order, and nothing is left behind."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert run_command(["demo"]) == 0
    said = capsys.readouterr().out
    scenes = [
        "a baseline",
        "*Ceasefire* agreed",
        "the same story, so silence",
        "(silence)",
        "A *truce* between",
        "id: ",
    ]
    places = [said.index(scene) for scene in scenes[:-1]]
    assert places == sorted(places)
    assert said.count("why: rule truce found") == 2
    assert list(tmp_path.iterdir()) == []


def test_a_demonstration_whose_daemon_dies_says_what_was_missing() -> None:
    """Neither a traceback nor a wait without end."""
    daemon = subprocess.Popen([sys.executable, "-c", "print('hello')"], stdout=subprocess.PIPE, text=True)
    screen = demo._Screen(daemon)  # the one part of a demonstration that can go wrong
    daemon.wait(20)
    with pytest.raises(demo.DemonstrationFailed, match="waited in vain for the first polls"):
        screen.wait_until(lambda: False, "the first polls")
    with press({"/gazette": Outlet(title="Gazette", polls=0)}) as running:
        outlet = running.outlets["/gazette"]
        with pytest.raises(demo.DemonstrationFailed, match="the next poll"):
            screen.expect_silence(outlet)
    demo._stop(daemon)
