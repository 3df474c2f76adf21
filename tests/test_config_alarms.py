"""`alarms:` and `heartbeat:`: what they mean, and each mistake at its place."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from monitor.config.load import load
from monitor.model.holding import DailyDigest
from monitor.model.settings import HeartbeatSettings, Settings

GOOD = """\
outlets:
  - {name: Example, feeds: [{url: "https://example.org/rss"}]}
channels: [{name: desk, kind: console}, {name: ops, kind: console}]
rules: [{name: storm, query: storm}]
"""
SECRET = "https://hc.example/c4n4ry"


def said(folder: Path, text: str) -> tuple[Settings | None, list[str]]:
    (folder / "tocsin.yaml").write_text(GOOD + text, encoding="utf-8")
    loaded = load(folder, {"PING": SECRET})
    return loaded.settings, [str(one).partition(": ")[2] for one in loaded.mistakes]


def test_without_them_every_channel_hears_alarms_and_there_is_no_heartbeat(tmp_path: Path) -> None:
    """Nor is there where the sections are empty."""
    for text in ("", "alarms:\nheartbeat:\n", "heartbeat: {}\n"):
        settings, mistakes = said(tmp_path, text)
        assert mistakes == []
        assert settings is not None
        assert (settings.alarms, settings.heartbeat) == ((), HeartbeatSettings())


def test_all_that_can_be_said(tmp_path: Path) -> None:
    """The address is a secret also where it is written out: no repr shows it."""
    more = "alarms: {channels: [ops]}\nheartbeat: {ping: '${PING}', every: 90s, daily: '08:00 UTC', channels: [desk]}\n"
    settings, mistakes = said(tmp_path, more)
    assert mistakes == []
    assert settings is not None
    assert settings.alarms == ("ops",)
    assert settings.heartbeat == HeartbeatSettings(
        ping=SECRET, every=timedelta(seconds=90), daily=DailyDigest(at=time(8), zone="UTC"), channels=("desk",)
    )
    assert "c4n4ry" not in repr(settings)


@pytest.mark.parametrize(
    ("more", "mistake"),
    [
        ("alarms: {channels: [opps]}", "alarms.channels.1: unknown channel 'opps', did you mean 'ops'?"),
        ("heartbeat: {channels: [opps]}", "heartbeat.channels.1: unknown channel 'opps', did you mean 'ops'?"),
        ("alarms: {chanels: [ops]}", "alarms.chanels: unknown key, did you mean channels?"),
        ("heartbeat: {every: 1s}", "heartbeat.every: expected a duration from 10s to 1d"),
        ("heartbeat: {every: 2d}", "heartbeat.every: expected a duration from 10s to 1d"),
        (
            "heartbeat: {daily: every 30m}",
            "heartbeat.daily: expected a time and its zone, such as 08:00 Europe/Berlin mon-fri",
        ),
        ("heartbeat: {daily: '08:00'}", "heartbeat.daily: a local time needs its zone, as in 07:00 Europe/Berlin"),
        ("heartbeat: {ping: ftp://x/y}", "heartbeat.ping: expected an address such as https://example.org/rss"),
    ],
)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, more: str, mistake: str) -> None:
    """In words that say what to write instead."""
    assert said(tmp_path, more + "\n")[1] == [mistake]
