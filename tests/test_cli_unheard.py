"""What `status` and `outlets list` say of silence that was told and is not over, and of a daemon that is silent."""

import asyncio
import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from monitor.alerts.alarms import over
from monitor.cli.application import run_command
from monitor.model.polls import FeedState, Refresh
from monitor.model.rhythm import Moving
from monitor.model.troubles import Cause, Trouble
from monitor.store.sqlite import SqliteStore
from monitor.system.lock import sole_daemon
from tests.cli_logs import restored_logs
from tests.cli_town import Town, town

SINCE = datetime(2026, 3, 2, 12, tzinfo=UTC)
CONFIGURATION = """\
polling: {every: 15m, allow_private: [127.0.0.0/8]}
outlets:
  - {name: The Harbour Gazette, feeds: [{url: "ADDRESS/gazette"}]}
  - {name: Northern Wire, feeds: [{url: "ADDRESS/wire"}]}
channels: [{name: screen, kind: console}]
rules: [{name: truce, query: truce}]
"""
NEW = "https://new.example/wire"


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[Town]:
    """One outlet is silent, one has moved, a rule matches no more; all of it was told."""
    with restored_logs(), town(tmp_path) as here:
        here.configure(CONFIGURATION)
        here.outlets["/gazette"].publish(1, "Ferries run on time", "Nothing else happened.")
        assert here.once() == 0
        wire = f"{here.address}/wire"
        known = (
            Trouble(cause=Cause.SILENT, subject="The Harbour Gazette", about="The Harbour Gazette", since=SINCE),
            Trouble(cause=Cause.UNMATCHED, subject="truce 0123", about="rule truce", since=SINCE + timedelta(hours=1)),
            Trouble(cause=Cause.MOVED, subject=wire, about="Northern Wire", since=SINCE + timedelta(hours=2)),
            Trouble(
                cause=Cause.IDENTITY,
                subject=f"{wire} ids changed",
                about="Northern Wire",
                since=SINCE + timedelta(hours=3),
            ),
        )
        asyncio.run(_tell(here.state, known, wire))
        yield here


async def _tell(state: Path, known: tuple[Trouble, ...], wire: str) -> None:
    store = await SqliteStore.open(state)
    alarm = replace(over((), "stands for the alarms", now=SINCE, channels=()), begins=known)
    await store.outbox.settle((), (), "", (alarm,))
    await store.feed_desk.hasten([wire], _move)
    await store.close()


def _move(feed: FeedState, _held_until: datetime | None) -> Refresh:
    moved = replace(feed, moving=Moving(adopted=NEW, adopted_at=SINCE))
    return Refresh(feed=moved, at=feed.next_poll_at)


def _said(here: Town, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run_command([*arguments, *here.places]) == 0
    return capsys.readouterr().out


def test_status_names_what_fell_silent_and_what_moved(silent: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """A line each, below the feeds; as JSON with the cause."""
    said = _said(silent, capsys, "status")
    assert "  The Harbour Gazette: nothing new since 2026-03-02 12:00:00 UTC\n" in said
    assert "  rule truce: no match since 2026-03-02 13:00:00 UTC\n" in said
    assert f"  Northern Wire: moved for good, is read at {NEW}: edit the configuration\n" in said
    assert "  Northern Wire: ids or links are not as they were since 2026-03-02 15:00:00 UTC\n" in said
    troubles = json.loads(_said(silent, capsys, "status", "--json"))["troubles"]
    assert [(one["cause"], one["about"]) for one in troubles] == [
        ("silent", "The Harbour Gazette"),
        ("unmatched", "rule truce"),
        ("moved", "Northern Wire"),
        ("identity", "Northern Wire"),
    ]


def test_outlets_list_marks_a_silent_outlet(silent: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Its feeds are well, which is not the whole of it."""
    said = _said(silent, capsys, "outlets", "list")
    (gazette, wire) = (next(line for line in said.splitlines() if name in line) for name in ("Harbour", "Northern"))
    assert "well, but silent since 2026-03-02 12:00:00 UTC" in gazette
    assert "silent" not in wire
    rows = json.loads(_said(silent, capsys, "outlets", "list", "--json"))
    assert {row["outlet"]: row["silent_since"] for row in rows} == {
        "The Harbour Gazette": "2026-03-02T12:00:00Z",
        "Northern Wire": None,
    }


def test_status_says_that_a_daemon_hangs_which_polls_nothing(silent: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """It holds the lock, but nothing that is due is polled; one that has just begun has its time."""
    with sole_daemon(silent.state), time_machine.travel(datetime.now(UTC) + timedelta(days=1), tick=True):
        lock = silent.state / "tocsin.lock"
        hour_ago = time.time() - 3600
        os.utime(lock, (hour_ago, hour_ago))
        said = _said(silent, capsys, "status")
        assert said.startswith(f"daemon: hangs (process {os.getpid()}): nothing was polled since ")
        daemon = json.loads(_said(silent, capsys, "status", "--json"))["daemon"]
        assert daemon == {"is_at_work": True, "process": os.getpid(), "is_polling": False}
        os.utime(lock, (time.time(), time.time()))
        assert _said(silent, capsys, "status").startswith(f"daemon: at work (process {os.getpid()})\n")
    assert not json.loads(_said(silent, capsys, "status", "--json"))["daemon"]["is_polling"]
