"""Telegram, Slack, Discord and ntfy in the real daemon: everything arrives, and nothing secret is shown or stored."""

import asyncio
import json
import re
import sys
from pathlib import Path

import pytest

from tests.benchmarks.daemon import environment
from tests.benchmarks.loopback import serving
from tests.channel_receiver import Receiver, answer
from tests.chat_sinks import CHATS, SECRET, TAKEN, options
from tests.test_channels_daemon import Wire, comes_true, configure, running

LOADED = re.compile(r"\|\s+(?:apprise|requests|jinja2)(?:\.|$)", re.MULTILINE)
ECHO = answer(f"401 {SECRET}-said", "Location: /x", body=f'{{"ok":false,"description":"{SECRET}"}}')


async def said(*words: str) -> str:
    """What a command says, with Python's development mode on."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-X", "dev", "-m", "monitor", *words, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT, env=environment(),
    )  # fmt: skip
    out, _ = await process.communicate()
    return out.decode()


async def test_no_secret_of_a_chat_is_shown_or_stored_whatever_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written into the configuration or brought from outside; refused, hung up on, with every debugging on.

    What stands in the configuration is unknown to the masks of the logs: there only our own silence helps.
    """
    monkeypatch.setenv("PYTHONDEVMODE", "1")
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    wire = Wire()
    async with serving(wire.answer) as (address,), Receiver(ECHO) as echo, Receiver(b"") as mute:
        channels = []
        for kind in CHATS:
            for place, sink in (("refused", echo), ("mute", mute)):
                channels.append(json.dumps({"name": f"{kind}-{place}", "kind": kind, **options(kind, sink.url(""))}))
            outside = {}
            for name, value in options(kind, echo.url("")).items():
                variable = f"DESK_{kind}_{name}".upper()
                monkeypatch.setenv(variable, str(value))
                outside[name] = f"${{{variable}}}"
            channels.append(json.dumps({"name": f"{kind}-outside", "kind": kind, **outside}))
        places = configure(tmp_path, f"{address}/rss", *channels)
        expected = {f"{kind}-{place}" for kind in CHATS for place in ("refused", "mute", "outside")}
        async with running(*places) as daemon:
            await comes_true(lambda: bool(daemon.polls()))
            wire.stories += 1
            await comes_true(lambda: expected <= {line.fields.get("channel", "") for line in daemon.complaints()})
        shown = [line.text for line in daemon.lines]
        here = ("--config", str(places[0]), "--state", str(places[1]))
        asked = (["outbox", "list", "--json"], ["channels", "list"], ["channels", "test", "all"])
        shown += [await said(*words, *here) for words in asked]
        shown.append(await said("check", "--channels", *here[:2]))
    assert len(echo.requests) >= 8
    assert sum("answered 401" in line for line in shown) >= 8
    assert not [line for line in shown if SECRET in line]
    stored = b"".join(path.read_bytes() for path in places[1].rglob("*") if path.is_file())
    assert b"Strike number 1" in stored
    assert SECRET.encode() not in stored


async def test_an_alert_goes_through_all_of_them_and_into_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a feed to every kind that a test can look into, in one daemon, which loads no Apprise for it."""
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    wire = Wire()
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    sinks = {kind: Receiver(TAKEN[kind]) for kind in CHATS}
    async with serving(wire.answer) as (address,):
        for sink in sinks.values():
            await sink.__aenter__()
        channels = [
            json.dumps({"name": kind, "kind": kind, **options(kind, sink.url(""))}) for kind, sink in sinks.items()
        ]
        channels.append(json.dumps({"name": "lines", "kind": "file", "path": str(tmp_path / "alerts.jsonl")}))
        channels.append(json.dumps({"name": "feed", "kind": "feed", "folder": str(feeds)}))
        async with running(*configure(tmp_path, f"{address}/rss", *channels)) as daemon:
            await comes_true(lambda: bool(daemon.polls()))
            wire.stories += 1
            await comes_true(lambda: all(sink.requests for sink in sinks.values()) and (feeds / "alerts.json").exists())
            await comes_true((tmp_path / "alerts.jsonl").exists)
        loaded = "\n".join(line.text for line in daemon.lines)
        for sink in sinks.values():
            await sink.__aexit__(None, None, None)
    assert "monitor.channels.telegram" in loaded
    assert not LOADED.search(loaded)
    bodies = {kind: sink.requests[0].body for kind, sink in sinks.items()}
    written = (tmp_path / "alerts.jsonl").read_bytes()
    (name,) = {json.loads(line)["id"] for line in written.splitlines()}
    assert all(f"id: {name}".encode() in body for body in bodies.values())
    assert name in (feeds / "alerts.atom").read_text("utf-8")
