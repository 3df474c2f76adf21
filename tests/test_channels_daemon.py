"""Channels in the real daemon: what it loads, what a slow one or a stop costs the others, and what is shown."""

import asyncio
import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.benchmarks.daemon import Daemon, environment, tocsin
from tests.benchmarks.loopback import Reply, Request, serving
from tests.channel_receiver import ENDLESS_HEAD, Receiver, answer
from tests.test_channels_mail import Postbox
from tests.test_channels_mail import serving as receiving_mail

STOP_SECONDS = 10.0
PATIENCE = 30.0
OK = answer("200 OK")
HOOK = "3ccdd113474722377935511fc85d3dd4"
_PUBLIC_ID = re.compile(rb"id: ([0-9a-z]{12})\b")
_LOADED = re.compile(r"\|\s+(?:apprise|requests|monitor\.channels\.apprise_work)(?:\.|$)", re.MULTILINE)


@dataclass(slots=True)
class Wire:
    """A feed that carries as many stories as it is told to."""

    stories: int = 1

    async def answer(self, _request: Request) -> Reply:
        items = "".join(
            f"<item><guid>{number}</guid><title>Strike number {number}</title><link>http://quay.example/{number}</link></item>"
            for number in range(self.stories)
        )
        document = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Quay</title>{items}</channel></rss>'
        return Reply(headers={"Content-Type": "application/rss+xml"}, body=document.encode())


@dataclass(slots=True)
class SlowPostbox(Postbox):
    """Takes mail, but says so only when it is let."""

    is_open: asyncio.Event = field(default_factory=asyncio.Event)
    tries: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.tries.append(bytes(envelope.original_content or b""))
        await self.is_open.wait()
        return await Postbox.handle_DATA(self, server, session, envelope)


def configure(folder: Path, feed: str, *channels: str) -> tuple[Path, Path]:
    """A configuration with these channels, and the places of both."""
    config, state = folder / "config", folder / "state"
    config.mkdir(exist_ok=True)
    lines = [
        "polling: {every: 1s, min_interval: 1s, allow_private: [127.0.0.0/8]}",
        f"outlets: [{{name: Quay, feeds: [{{url: '{feed}'}}]}}]",
        "rules: [{name: strikes, query: strike, once_per: text}]",
        "channels:",
        *(f"  - {channel}" for channel in channels),
    ]
    (config / "tocsin.yaml").write_text("\n".join(lines), encoding="utf-8")
    return config, state


@asynccontextmanager
async def running(config: Path, state: Path) -> AsyncIterator[Daemon]:
    daemon = await Daemon.start(config, state)
    try:
        yield daemon
    finally:
        await daemon.stop()


async def comes_true(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("command", [["--help"], ["check"], ["channels", "list"]])
def test_no_command_that_does_not_send_loads_apprise(tmp_path: Path, command: list[str]) -> None:
    """It is large, and its plugins are nobody's business here."""
    config, state = configure(
        tmp_path, "http://127.0.0.1:9/rss", f"{{name: desk, kind: apprise, url: 'mmost://x/{HOOK}'}}"
    )
    places = [] if command == ["--help"] else ["--config", str(config), "--state", str(state)]
    # `check` needs no state; it is told where the configuration is.
    places = places[:2] if command == ["check"] else places
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", *tocsin(*command, *places)[1:]],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-500:]
    assert "monitor.cli" in ran.stderr
    assert not _LOADED.search(ran.stderr)


async def test_a_daemon_that_has_nothing_to_send_loads_no_apprise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one that sends: its workers do, and none is there before the first message."""
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    wire = Wire()
    async with serving(wire.answer) as (address,), Receiver(OK) as chat:
        desk = f"{{name: desk, kind: apprise, url: 'mmost://127.0.0.1:{chat.port}/{HOOK}'}}"
        async with running(*configure(tmp_path, f"{address}/rss", desk)) as daemon:
            await comes_true(lambda: len(daemon.polls()) >= 2)
            assert b"apprise_work" not in _children(daemon)
            wire.stories += 1
            await comes_true(lambda: bool(chat.requests))
            assert b"apprise_work" in _children(daemon)
    log = "\n".join(line.text for line in daemon.lines)
    assert "monitor.channels.apprise_channel" in log
    assert not _LOADED.search(log)


async def test_slow_channels_delay_no_other_and_a_stop_in_mid_send_loses_nothing(tmp_path: Path) -> None:
    """A webhook, a mail server and a chat that drip or hang: the other channel hears within a second.

    SIGTERM while all three are being sent to ends the daemon within ten seconds; after a new start everything has
    arrived everywhere, and at most the message in mid-send twice.
    """
    wire, postbox = Wire(), SlowPostbox()
    async with (
        serving(wire.answer) as (address,),
        Receiver(OK) as quick,
        Receiver(ENDLESS_HEAD, is_dripping=True) as hook,
        Receiver(ENDLESS_HEAD, is_dripping=True) as chat,
        receiving_mail(postbox) as mail,
    ):
        places = configure(
            tmp_path,
            f"{address}/rss",
            f"{{name: quick, kind: webhook, url: '{quick.url()}'}}",
            f"{{name: hook, kind: webhook, url: '{hook.url()}'}}",
            f"{{name: chat, kind: apprise, url: 'mmost://127.0.0.1:{chat.port}/{HOOK}'}}",
            f"{{name: mail, kind: email, url: 'smtp://127.0.0.1:{mail}', to: a@b.example, from: c@d.example}}",
        )
        async with running(*places) as daemon:
            await comes_true(lambda: bool(daemon.polls()))
            wire.stories += 1
            await comes_true(lambda: bool(hook.requests and chat.requests and postbox.tries and quick.requests))
            wire.stories += 1
            await comes_true(lambda: len(quick.requests) == 2)
            heard = time.monotonic()
            (told,) = [line for line in daemon.polls() if line.fields.get("alerts")][1:]
            assert heard - told.at < 1

            began = time.monotonic()
            daemon.process.send_signal(signal.SIGTERM)
            assert await daemon.process.wait() == 0
            assert time.monotonic() - began < STOP_SECONDS

        for receiver in (hook, chat):
            receiver._reply, receiver._is_dripping = OK, False  # they have recovered
        postbox.is_open.set()
        await _made_due(*places)
        async with running(*places) as daemon:
            await comes_true(lambda: sum(line.fields.get("state") == "sent" for line in daemon.lines) >= 6)
        assert len(quick.requests) == 2
        mails = [content for content in postbox.tries if content]
        for tries in ([one.body for one in hook.requests], [one.body for one in chat.requests], mails):
            counts = Counter(_PUBLIC_ID.findall(body)[0] for body in tries)
            assert len(counts) == 2
            assert sum(counts.values()) <= 3


async def test_no_secret_is_shown_or_stored_whatever_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In logs, in answers to people, in the database: not the addresses of channels, keys, passwords, nor headers.

    Every channel fails, some of them repeating what they were sent; Python is in its development mode, with asyncio's
    debugging on. A feed's address is stored, so no secret from outside may stand in it; one written out is not logged.
    """
    monkeypatch.setenv("PYTHONDEVMODE", "1")
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:c4nary-proxy@127.0.0.1:9")
    wire = Wire()
    echo = b"HTTP/1.1 401 c4nary-said\r\nContent-Length: 12\r\n\r\nc4nary-hooks"
    async with (
        serving(wire.answer) as (address,),
        Receiver(echo) as receiver,
        receiving_mail(Postbox(), authenticator=_knows_nobody, auth_require_tls=False) as mail,
    ):
        at = f"127.0.0.1:{receiver.port}"
        urls = {
            "JSON": f"json://c4nary-user:c4nary-password@{at}/c4nary-path?+X-Key=c4nary-header",
            "CHAT": f"mmost://{at}/c4nary7474722377935511fc85d3dd4",
            "TLS": f"jsons://c4nary-user:c4nary-password@{at}/c4nary-path",
            "WRONG": "tgram://c4nary-token",
            "HOOK": f"http://c4nary-user:c4nary-password@{at}/c4nary-path?key=c4nary-key",
            "KEY": "c4nary-secret",
            "PING": f"http://{at}/c4nary-ping?key=c4nary-pong",
            "SMTP": f"smtp://c4nary-user:c4nary-password@127.0.0.1:{mail}",
        }
        for name, value in urls.items():
            monkeypatch.setenv(f"DESK_{name}", value)
        chats = [
            f"{{name: {name.lower()}, kind: apprise, url: '${{DESK_{name}}}', timeout: 5s}}"
            for name in ("JSON", "CHAT", "TLS", "WRONG")
        ]
        places = configure(
            tmp_path,
            f"{address}/rss?key=c4nary-feed",
            *chats,
            "{name: hook, kind: webhook, url: '${DESK_HOOK}', secret: '${DESK_KEY}', headers: {X-A: '${DESK_KEY}'}}",
            "{name: mail, kind: email, url: '${DESK_SMTP}', to: a@b.example, from: c@d.example}",
        )
        with (places[0] / "tocsin.yaml").open("a", encoding="utf-8") as file:
            file.write(
                "\nheartbeat: {ping: '${DESK_PING}', every: 10s, daily: '00:00 UTC'}\nalarms: {channels: [hook]}\n"
            )
        async with running(*places) as daemon:
            await comes_true(lambda: bool(daemon.polls()))
            await comes_true(lambda: any("the heartbeat cannot be sent" in line.text for line in daemon.lines))
            wire.stories += 1
            failed = {"json", "chat", "tls", "wrong", "hook", "mail"}
            await comes_true(lambda: failed <= {line.fields.get("channel", "") for line in daemon.complaints()})
        shown = [line.text for line in daemon.lines]
        asked = (
            ["status"],
            ["outbox", "list", "--json"],
            ["alerts", "list"],
            ["outlets", "list"],
            ["channels", "list"],
        )
        shown += await asyncio.gather(*(_said(*words, places=places) for words in asked))
        shown.append(await _said("channels", "test", "all", places=places))
        shown.append(await _said("check", "--channels", places=(places[0],)))
    assert sum("401" in line for line in shown) >= 3
    assert not [line for line in shown if "c4nary" in line]
    stored = b"".join(path.read_bytes() for path in places[1].rglob("*") if path.is_file())
    assert b"Strike number 1" in stored
    assert b"c4nary" not in stored.replace(b"key=c4nary-feed", b"")


async def test_a_feed_may_not_hold_a_secret_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its address is its name in the database: the configuration is refused, without showing the value."""
    monkeypatch.setenv("FEED_KEY", "c4nary-feed")
    config, _ = configure(tmp_path, "http://127.0.0.1:9/rss?key=${FEED_KEY}", "{name: screen, kind: console}")
    said = await _said("check", places=(config,))
    assert "without ${…}" in said
    assert "c4nary" not in said


def _knows_nobody(*_: object) -> AuthResult:
    return AuthResult(success=False, handled=False, message="535 c4nary-password is wrong")


def _children(daemon: Daemon) -> bytes:
    """The command lines of the daemon's processes."""
    pid = daemon.process.pid
    ours = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return b"".join(Path("/proc", child, "cmdline").read_bytes() for child in ours)


async def _said(*words: str, places: tuple[Path, ...]) -> str:
    options = [
        part for name, place in zip(("--config", "--state"), places, strict=False) for part in (name, str(place))
    ]
    process = await asyncio.create_subprocess_exec(
        *tocsin(*words, *options), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment()
    )
    out, _ = await process.communicate()
    return out.decode()


async def _made_due(config: Path, state: Path) -> None:
    """Have what waits tried at once."""
    rows = json.loads(await _said("outbox", "list", "--json", places=(config, state)))
    names = {row["id"] for row in rows if row["state"] != "sent"}
    if names:
        await _said("outbox", "retry", *names, places=(config, state))
