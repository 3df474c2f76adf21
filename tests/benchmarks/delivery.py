"""Alerts a second through each kind of channel, with the CPU time and the memory that they cost.

    python -m tests.benchmarks.delivery [--alerts 500] [--kinds file,telegram,…]

Each kind sends from a process of its own, one alert after another as a courier does: rendered, sent, its answer judged.
What receives stands on loopback in this process and answers at once, so the figures are the sender's limits. Exits with
1 where a send failed, or where Apprise stays below its target.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from monitor.alerts.plan import first_alert
from monitor.alerts.render import render
from monitor.channels.kinds import build
from monitor.model.alerts import Message, MessageId, SendFailed, Sent
from monitor.model.entries import Text
from monitor.model.rules import Evidence, Match, RuleName, RuleSpec, View
from monitor.model.settings import ChannelSpec
from tests.benchmarks.loopback import Reply, Request, serving
from tests.benchmarks.processes import usage
from tests.chat_sinks import options as chat_options

KINDS = ("console", "file", "feed", "webhook", "email", "apprise", "telegram", "slack", "discord", "ntfy")
APPRISE_TARGET = 300.0
"""alerts a second through `json://`"""
_HEAD = "kind        alerts/s  ms each  CPU ms each  RSS MB  grown by  processes"
_WARM = 3
_ANSWER = Reply(headers={"Connection": "close"}, body=b'{"ok":true,"id":"1"}')


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one kind took."""

    kind: str
    alerts: int
    failed: int
    seconds: float
    cpu_seconds: float
    """of the sender and all it started; without starting up"""
    before_mb: float
    """resident, before the channel was built"""
    rss_mb: float
    """resident at the end, over the whole tree of processes"""
    processes: int

    @property
    def per_second(self) -> float:
        """Alerts a second."""
        return self.alerts / self.seconds if self.seconds else 0.0


class _Postbox:
    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 OK"


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print, and say whether the target was kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alerts", type=int, default=500)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--send", default="", help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.send:
        print(
            json.dumps(asdict(asyncio.run(_sent(options.send, json.load(sys.stdin), options.alerts)))), file=sys.stderr
        )
        return 0
    figures = asyncio.run(measured(options.kinds.split(","), options.alerts))
    print(_HEAD)
    for one in figures:
        print(
            f"{one.kind:<10} {one.per_second:>9.0f} {one.seconds / one.alerts * 1000:>8.2f} "
            f"{one.cpu_seconds / one.alerts * 1000:>12.2f} {one.rss_mb:>7.0f} {one.rss_mb - one.before_mb:>9.0f} "
            f"{one.processes:>10}"
        )
    short = shortfalls(figures)
    for line in short:
        print(line)
    return 1 if short else 0


def shortfalls(figures: Sequence[Figures]) -> list[str]:
    """A line for each send that failed and each target that was missed."""
    lines = [f"{one.kind}: {one.failed} of {one.alerts} were not sent" for one in figures if one.failed]
    lines += [
        f"{one.kind}: {one.per_second:.0f} alerts a second are fewer than {APPRISE_TARGET:.0f}"
        for one in figures
        if one.kind == "apprise" and one.per_second < APPRISE_TARGET
    ]
    return lines


async def measured(kinds: Sequence[str], alerts: int) -> list[Figures]:
    """One kind after another. Raises RuntimeError where one cannot be measured."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="tocsin-delivery-") as folder:
        async with sinks() as (http, smtp):
            for kind in kinds:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "tests.benchmarks.delivery", "--send", kind, "--alerts", str(alerts)),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.DEVNULL,  # the console prints there
                    stderr=asyncio.subprocess.PIPE,
                )
                way = json.dumps(options_of(kind, http, smtp, Path(folder)))
                _, said = await process.communicate(way.encode())
                if process.returncode:
                    raise RuntimeError(f"{kind}: {said.decode('utf-8', 'replace')[-500:]}")
                figures.append(Figures(**json.loads(said.splitlines()[-1])))
    return figures


@asynccontextmanager
async def sinks() -> AsyncIterator[tuple[str, int]]:
    """What receives: the address of an HTTP server that takes everything, and the port of a mail server."""

    async def answer(_request: Request) -> Reply:
        return _ANSWER

    loop = asyncio.get_running_loop()
    mail = await loop.create_server(lambda: SMTP(_Postbox(), hostname="mail.harbour.example"), "127.0.0.1", 0)
    try:
        async with serving(answer) as (address,):
            yield address, mail.sockets[0].getsockname()[1]
    finally:
        mail.close()
        await mail.wait_closed()


def options_of(kind: str, http: str, smtp: int, folder: Path) -> Mapping[str, object]:
    """The options that lead a kind there."""
    ours: Mapping[str, Mapping[str, object]] = {
        "console": {},
        "file": {"path": str(folder / "alerts.jsonl")},
        "feed": {"folder": str(folder)},
        "webhook": {"url": f"{http}/hook", "secret": "s3cret"},
        "email": {"url": f"smtp://127.0.0.1:{smtp}", "to": ["a@b.example"], "from": "c@d.example"},
        "apprise": {"url": http.replace("http://", "json://") + "/hook"},
    }
    return ours[kind] if kind in ours else chat_options(kind, http)


async def _sent(kind: str, way: Mapping[str, object], alerts: int) -> Figures:
    """Send so many, in this process."""
    before = usage(os.getpid(), is_exact=False)
    channel = build(ChannelSpec(name="desk", kind=kind, options=way))
    if isinstance(channel, tuple):
        raise SystemExit(str(channel))
    for number in range(_WARM):
        await channel.send(render(_message(number), now=datetime.now(UTC)))
    warm, began = usage(os.getpid(), is_exact=False), time.perf_counter()
    outcomes: list[Sent | SendFailed] = [
        await channel.send(render(_message(_WARM + number), now=datetime.now(UTC))) for number in range(alerts)
    ]
    seconds = time.perf_counter() - began
    after = usage(os.getpid(), is_exact=False)
    await channel.close()
    return Figures(
        kind=kind,
        alerts=alerts,
        failed=sum(isinstance(one, SendFailed) for one in outcomes),
        seconds=seconds,
        cpu_seconds=after.cpu_seconds - warm.cpu_seconds,
        before_mb=before.rss_mb,
        rss_mb=after.rss_mb,
        processes=after.processes,
    )


def _message(number: int) -> Message:
    """An alert of the usual size: a headline, a passage of a few sentences, two outlets."""
    rule = RuleSpec(name=RuleName("strikes"), query="strike")
    title = f"Dock strike number {number} ends after talks in the harbour"
    summary = "The unions and the port agreed at night. " * 6 + "The strike had lasted nine days."
    start = summary.index("strike")
    alert = first_alert(
        rule=rule,
        match=Match(
            rule=rule.name,
            evidence=(
                Evidence(field="title", start=5, end=11, part="strike"),
                Evidence(field="summary", start=start, end=start + 6, part="strike"),
            ),
        ),
        view=View(
            text=Text(title=title, summary=summary),
            outlets=("The Harbour", "The Wire"),
            link=f"https://harbour.example/{number}",
        ),
        story_key=title,
        channels=("desk",),
        now=datetime.now(UTC),
    )
    return Message(
        id=MessageId(number),
        public_id=alert.public_id,
        channel="desk",
        alerts=(alert,),
        created_at=datetime.now(UTC),
    )


if __name__ == "__main__":
    raise SystemExit(main())
