"""Alerts a second from the outbox of the real daemon through each kind of channel.

    python -m tests.benchmarks.carrying [--alerts 150] [--kinds file,telegram,…]

A feed brings so many stories at once (from 200 on they would be told in one message), to a channel without a throttle.
Counted is from the first to the last line of the log that says that one was sent: claimed, rendered, sent and marked,
with every mark on the disk. What receives stands on loopback and answers at once. Exits with 1 where something was not
sent in time.
"""

import argparse
import asyncio
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.daemon import Daemon
from tests.benchmarks.delivery import KINDS, options_of, sinks
from tests.benchmarks.loopback import Reply, Request, serving
from tests.benchmarks.processes import usage

_SECONDS = 120.0
_CONFIGURATION = """\
polling: {{every: 1s, min_interval: 1s, allow_private: [127.0.0.0/8]}}
outlets: [{{name: Quay, feeds: [{{url: "{feed}/rss"}}]}}]
rules: [{{name: all, query: 'outlet:Quay'}}]
channels: [{channel}]
"""
_HEAD = "kind        alerts/s  ms each  CPU ms each  RSS MB  processes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the daemon did with one kind of channel."""

    kind: str
    alerts: int
    sent: int
    seconds: float
    """from the first to the last that was sent"""
    cpu_seconds: float
    """of the daemon and its workers, from before the news to after the last: the poll included"""
    rss_mb: float
    processes: int


@dataclass(slots=True)
class _Wire:
    """A feed that brings its news at once, when it is told to."""

    stories: int
    has_news: bool = False

    async def answer(self, _request: Request) -> Reply:
        chance = random.Random(1)
        words = ["".join(chance.choices("abdeiklmnoprstuv", k=7)) for _ in range(3000)]
        items = "".join(
            f"<item><guid>{number}</guid><link>http://quay.example/{number}</link>"
            f"<title>{' '.join(chance.sample(words, 9))}</title></item>"
            for number in range(1 + self.stories * self.has_news)
        )
        document = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Quay</title>{items}</channel></rss>'
        return Reply(headers={"Content-Type": "application/rss+xml"}, body=document.encode())


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print, and say whether everything was sent."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alerts", type=int, default=150)
    parser.add_argument("--kinds", default=",".join(KINDS))
    options = parser.parse_args(words)
    outcomes = asyncio.run(_measured(options.kinds.split(","), options.alerts))
    print(_HEAD)
    for one in outcomes:
        rate, each = one.sent / one.seconds if one.seconds else 0.0, one.seconds / max(one.sent, 1) * 1000
        cpu = one.cpu_seconds / max(one.sent, 1) * 1000
        print(f"{one.kind:<10} {rate:>9.0f} {each:>8.2f} {cpu:>12.2f} {one.rss_mb:>7.0f} {one.processes:>10}")
    short = [
        f"{one.kind}: {one.alerts - one.sent} of {one.alerts} not sent" for one in outcomes if one.sent < one.alerts
    ]
    for line in short:
        print(line)
    return 1 if short else 0


async def _measured(kinds: Sequence[str], alerts: int) -> list[Outcome]:
    async with sinks() as (http, smtp):
        return [await measured(kind, alerts, http, smtp) for kind in kinds]


async def measured(kind: str, alerts: int, http: str, smtp: int) -> Outcome:
    """One daemon with one channel."""
    wire = _Wire(stories=alerts)
    with tempfile.TemporaryDirectory(prefix="tocsin-carrying-") as name:
        folder = Path(name)
        async with serving(wire.answer) as (feed,):
            channel = json.dumps(
                {"name": "desk", "kind": kind, "throttle": "off", **options_of(kind, http, smtp, folder)}
            )
            (folder / "tocsin.yaml").write_text(_CONFIGURATION.format(feed=feed, channel=channel), encoding="utf-8")
            daemon = await Daemon.start(folder / "tocsin.yaml", folder / "state")
            try:
                await daemon.wait_for(lambda: bool(daemon.polls()), _SECONDS)
                before = usage(daemon.process.pid, is_exact=False)
                wire.has_news = True
                await daemon.wait_for(lambda: len(_moments(daemon)) >= alerts, _SECONDS)
                after = usage(daemon.process.pid, is_exact=False)
            finally:
                await daemon.stop()
    moments = _moments(daemon)
    return Outcome(
        kind=kind,
        alerts=alerts,
        sent=len(moments),
        seconds=moments[-1] - moments[0] if moments else 0.0,
        cpu_seconds=after.cpu_seconds - before.cpu_seconds,
        rss_mb=after.rss_mb,
        processes=after.processes,
    )


def _moments(daemon: Daemon) -> list[float]:
    return [line.at for line in daemon.lines if line.event == "delivery" and line.fields.get("state") == "sent"]


if __name__ == "__main__":
    raise SystemExit(main())
