"""`tocsin outlets refresh`, `pause` and `resume`: polling by hand, with and without a daemon at work."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.system.lock import sole_daemon
from tests.cli_logs import restored_logs
from tests.cli_town import Town, heard, town

CONFIGURATION = """\
polling: {every: 1h, min_interval: 1s, allow_private: [127.0.0.0/8]}
outlets:
  - {name: The Harbour Gazette, feeds: [{url: "ADDRESS/gazette"}]}
  - {name: Northern Wire, feeds: [{url: "ADDRESS/wire"}, {url: "ADDRESS/gone?token=open-sesame"}]}
  - {name: The Coast Alike, feeds: [{url: "ADDRESS/gazette"}]}
channels: [{name: hook, kind: webhook, url: "ADDRESS/hook"}]
rules: [{name: truce, query: truce}]
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    """Two feeds that were polled once, and one that is gone."""
    with restored_logs(), town(tmp_path) as one:
        one.configure(CONFIGURATION)
        one.gone.add("/gone?token=open-sesame")
        assert one.once() == 0
        yield one


def polls(here: Town, *, hours_later: float) -> tuple[int, int]:
    """How often a round that much later asks for the gazette and for the wire."""
    before = [here.outlets[path].polls for path in ("/gazette", "/wire")]
    assert here.once(hours_later=hours_later) == 0
    gazette, wire = (here.outlets[path].polls for path in ("/gazette", "/wire"))
    return gazette - before[0], wire - before[1]


def test_a_refreshed_outlet_is_polled_in_the_next_round(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Long before its next poll; the others wait; without a daemon it is said what to do."""
    assert polls(here, hours_later=0.1) == (0, 0)
    said = heard(here, capsys, "outlets", "refresh", "the harbour gazette")
    assert said.splitlines()[-1] == "no daemon is at work: poll them with tocsin once, or start tocsin run"
    assert said.split("\t")[0] == f"{here.address}/gazette"
    assert polls(here, hours_later=0.1) == (1, 0)


def test_everything_is_refreshed_but_what_is_gone(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """A feed that answered 410 comes back on the owner's word only; no token is shown."""
    said = heard(here, capsys, "outlets", "refresh", "all", "--json")
    gazette, wire, gone = json.loads(said.partition("]")[0] + "]")
    assert gazette["at"] is not None
    assert wire["at"] is not None
    assert (gone["at"], gone["reason"]) == (None, "gone (410): --gone asks again")
    assert "open-sesame" not in said
    here.gone.clear()
    shown = gone["url"]
    assert "***" in shown
    assert "not polled\tgone" in heard(here, capsys, "outlets", "refresh", shown, code=69)
    heard(here, capsys, "outlets", "refresh", shown, "--gone")
    assert here.once(hours_later=0.1) == 0
    assert "404" in heard(here, capsys, "outlets", "list")


def test_a_refresh_keeps_a_distance(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever asks again and again hears when it will be."""
    path = here.config / "tocsin.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("min_interval: 1s", "min_interval: 5m"), encoding="utf-8")
    cells = heard(here, capsys, "outlets", "refresh", f"{here.address}/wire").splitlines()[0].split("\t")
    assert cells[2] == "polled a moment ago"
    assert cells[1].endswith("UTC")
    assert polls(here, hours_later=0) == (0, 0)
    assert polls(here, hours_later=0.02) == (0, 1)


def test_a_daemon_at_work_polls_what_is_refreshed(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """At its next beat, without a signal or a restart; and what is paused not."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    command = [sys.executable, "-m", "monitor", "run", *here.places]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as daemon:
        assert daemon.stderr is not None
        while "event=started" not in daemon.stderr.readline():
            assert daemon.poll() is None
        before = here.outlets["/wire"].polls
        heard(here, capsys, "outlets", "pause", "The Harbour Gazette")
        heard(here, capsys, "outlets", "pause", "The Coast Alike")
        said = heard(here, capsys, "outlets", "refresh", "all")
        assert "not polled\tpaused since" in said
        assert "no daemon" not in said
        end = time.monotonic() + 30
        while here.outlets["/wire"].polls == before:
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.02)
        daemon.send_signal(signal.SIGTERM)
        log = daemon.stderr.read()
    assert daemon.returncode == 0
    assert "Gazette" not in log


def test_a_paused_outlet_rests_until_it_is_resumed_and_then_tells_what_was_missed(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """Through rounds and restarts; the first poll after it is no new baseline."""
    said = heard(here, capsys, "outlets", "pause", "northern wire")
    assert said.startswith("Northern Wire: paused since ")
    assert said.endswith("until it is resumed\n")
    here.outlets["/wire"].publish(5, "Truce while nobody looked", "It was signed.")
    assert polls(here, hours_later=5) == (1, 0)
    assert polls(here, hours_later=10) == (1, 0)
    rows = [line.split("\t") for line in heard(here, capsys, "outlets", "list").splitlines()]
    assert rows[1][1].startswith("paused since ")
    assert rows[1][3] == "-"
    assert "Northern Wire: paused since" in heard(here, capsys, "status")
    assert json.loads(heard(here, capsys, "status", "--json"))["pauses"][0]["subject"] == "Northern Wire"
    wire = json.loads(heard(here, capsys, "outlets", "list", "--json"))[1]
    assert wire["is_resting"]
    assert set(wire["pause"]) == {"kind", "subject", "since", "until", "by"}
    assert "polled again" in heard(here, capsys, "outlets", "resume", "NORTHERN WIRE")
    assert polls(here, hours_later=10) == (0, 1)
    assert "Truce while nobody looked" in heard(here, capsys, "alerts", "list")
    assert heard(here, capsys, "outlets", "resume", "Northern Wire") == "Northern Wire is not paused\n"


def test_a_pause_for_a_time_ends_by_itself(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """By a length, or to a moment with its zone."""
    heard(here, capsys, "outlets", "pause", "Northern Wire", "--for", "3h")
    assert polls(here, hours_later=2) == (1, 0)
    assert polls(here, hours_later=3.1) == (1, 1)
    until = (datetime.now(UTC) + timedelta(hours=8)).isoformat(timespec="minutes")
    heard(here, capsys, "outlets", "pause", f"{here.address}/wire", "--until", until)
    assert polls(here, hours_later=7) == (1, 0)
    assert polls(here, hours_later=9) == (1, 1)


def test_a_feed_that_another_outlet_names_goes_on(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """And both say so; by its address it rests for all."""
    said = heard(here, capsys, "outlets", "pause", "The Coast Alike")
    assert said.splitlines()[1] == f"{here.address}/gazette goes on: The Harbour Gazette names it too"
    assert polls(here, hours_later=2) == (1, 1)
    rows = [line.split("\t") for line in heard(here, capsys, "outlets", "list").splitlines()]
    assert rows[0][1] == "well"
    assert rows[3][1].startswith("well; paused since ")
    assert rows[3][1].endswith("but another outlet wants it polled")
    heard(here, capsys, "outlets", "pause", f"{here.address}/gazette")
    assert polls(here, hours_later=4) == (0, 1)


def test_a_pause_that_left_the_configuration_can_be_ended(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Under the name it was given."""
    heard(here, capsys, "outlets", "pause", "The Coast Alike")
    path = here.config / "tocsin.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("The Coast Alike", "Another"), encoding="utf-8")
    assert "polled again" in heard(here, capsys, "outlets", "resume", "the coast alike")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("refresh", "Northern Wyre"), "unknown outlet or feed Northern Wyre: did you mean Northern Wire?"),
        (("pause", "xyz"), "unknown outlet or feed xyz: there are The Harbour Gazette, Northern Wire, The Coast"),
        (("resume", "Nothern Wire"), "did you mean Northern Wire?"),
        (("pause", "Northern Wire", "--for", "2h", "--until", "2030-01-01"), "say --until or --for, not both"),
        (("pause", "Northern Wire", "--for", "soon"), "--for: soon is not a duration such as 2h or 3d"),
        (("pause", "Northern Wire", "--until", "2030-01-01T08:00"), "expected a time with its zone, such as"),
        (("pause", "Northern Wire", "--until", "2030-01-01 08:00 Mars/Base"), "expected a time with its zone"),
        (("pause", "Northern Wire", "--until", "2020-01-01T08:00Z"), "--until: 2020-01-01T08:00Z is over"),
    ],
)
def test_a_slip_is_told_with_the_right_word(
    arguments: tuple[str, ...], words: str, here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 64, one line, and nothing was written."""
    said = heard(here, capsys, "outlets", *arguments, code=64)
    assert words in said
    assert said.count("\n") == 1
    assert json.loads(heard(here, capsys, "status", "--json"))["pauses"] == []


def test_a_configuration_with_mistakes_does_not_keep_an_outlet_from_resting(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """What can be read of it is enough; where nothing can be read, its mistakes are told."""
    path = here.config / "tocsin.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("query: truce", "qery: truce"), encoding="utf-8")
    assert "paused since" in heard(here, capsys, "outlets", "pause", "Northern Wire")
    path.write_text("outlets: [", encoding="utf-8")
    heard(here, capsys, "outlets", "pause", "Northern Wire", code=78)


def test_a_feed_that_the_daemon_does_not_know_yet_is_said_to_wait(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is in the configuration, which was not loaded since."""
    path = here.config / "tocsin.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("/wire", "/newcomer"), encoding="utf-8")
    with sole_daemon(here.state):
        said = heard(here, capsys, "outlets", "refresh", f"{here.address}/newcomer", code=69)
    assert "not polled\tthe daemon does not know it yet: it is polled after the next start or reload" in said
