"""Healthy feeds that change at every poll, beside feeds that mean harm: one stretch of it with the real daemon."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.daemon import Daemon, LogLine
from tests.benchmarks.loopback import Handler, Reply, Request, serving
from tests.benchmarks.processes import Watcher
from tests.benchmarks.villains import serving_villain, villains
from tests.benchmarks.witness import HANGING

_WINDOW = 30  # entries of a healthy document: what a poll brings stays for the next ones
_WORDS = ("alder", "birch", "cedar", "dogwood", "elder", "fir")
_SETTLE_SECONDS = 30.0
_TOLD = frozenset({"due", "lookup"})  # by the witness
_CONFIGURATION = """\
polling: {every: 2s, min_interval: 1s, max_interval: 5s, allow_private: [127.0.0.0/8]}
grace: 1s
rules:
  - {name: everything, query: bulletin, once_per: text}
"""


@dataclass(slots=True, kw_only=True)
class HealthyFeed:
    """Brings one new entry at each poll, until it is told to rest."""

    name: str
    asked: list[float] = field(default_factory=list)
    """moments in seconds since the epoch"""
    published: list[str] = field(default_factory=list)
    baseline: int = 0
    is_resting: bool = False
    url: str = ""

    @property
    def expected(self) -> set[str]:
        """The titles that must be told: all but the first document's."""
        return set(self.published[self.baseline :])

    async def answer(self, _: Request) -> Reply:
        """The newest entries, one more than last time."""
        self.asked.append(time.time())
        if not self.is_resting:
            number = len(self.published)
            self.published.append(" ".join(f"{word}{self.name}n{number}" for word in _WORDS))
        self.baseline = self.baseline or len(self.published)
        body = "".join(
            f"<item><guid>{number}</guid><link>http://{self.name}.example/{number}</link>"
            f"<title>{self.published[number]}</title><description>bulletin {number}</description></item>"
            for number in range(max(0, len(self.published) - _WINDOW), len(self.published))
        )
        text = f"<rss version='2.0'><channel><title>{self.name}</title>{body}</channel></rss>"
        return Reply(headers={"Content-Type": "application/rss+xml"}, body=text.encode())


@dataclass(slots=True, kw_only=True)
class Siege:
    """What was seen of one stretch."""

    lateness: list[float] = field(default_factory=list)
    """of each poll of a healthy feed: seconds from when it was due to its request at the publisher's"""
    cuts: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    """villain → how long each of its polls took, in seconds, and how it ended"""
    lookups: list[float] = field(default_factory=list)
    """moments at which a hanging name was asked for"""
    expected: int = 0
    told: int = 0
    missed: int = 0
    repeated: int = 0
    highest_rss_mb: float = 0.0
    highest_pss_mb: float = 0.0
    stop_seconds: float = 0.0
    complaints: Counter[str] = field(default_factory=Counter)
    """what the log says beside polls, and how often"""


async def besiege(folder: Path, *, seconds: float, healthy: int, names: int, turn: int | None, polls: int = 0) -> Siege:
    """Run the daemon for so long on a state of its own in `folder`, then let the healthy feeds rest and look.

    `turn`: which document the killer begins with; None: no villains. On a busy machine it goes on until the healthy
    feeds were asked `polls` times, though at most so many seconds more as they are given to settle.
    """
    feeds = [HealthyFeed(name=f"quay{number}") for number in range(healthy)]
    hostile = {} if turn is None else villains(turn)
    told: Counter[str] = Counter()

    async def hook(request: Request) -> Reply:
        told.update(alert["title"] for alert in json.loads(request.body)["alerts"])
        return Reply()

    async with AsyncExitStack() as stack:
        (receiver,) = await stack.enter_async_context(serving(hook))
        for number, feed in enumerate(feeds, start=1):
            feed.url = await _address(stack, feed.answer, f"127.0.1.{number}") + "/feed"
        outlets = [(f"name{number}", f"http://name{number}{HANGING}/feed") for number in range(names)]
        for number, (name, talk) in enumerate(hostile.items(), start=1):
            address = await stack.enter_async_context(serving_villain(talk, f"127.0.2.{number}"))
            outlets.append((name, f"{address}/feed"))
        outlets += [(feed.name, feed.url) for feed in feeds]
        config, state = folder / "tocsin.yaml", folder / "state"
        config.write_text(_CONFIGURATION + _watched(outlets, f"{receiver}/hook"), encoding="utf-8")
        daemon = await Daemon.start(config, state, module="tests.benchmarks.witness")
        watcher = Watcher(daemon.process.pid, period=0.05)
        watching = asyncio.create_task(watcher.run(), name="watcher")
        try:
            await daemon.wait_for(lambda: False, seconds)
            await daemon.wait_for(lambda: sum(len(feed.asked) for feed in feeds) >= polls, _SETTLE_SECONDS)
            await _settle(daemon, feeds, told)
        finally:
            stop_seconds = await daemon.stop()
            watching.cancel()
    expected = {title for feed in feeds for title in feed.expected}
    return Siege(
        lateness=[late for feed in feeds for late in _lateness(daemon.lines, feed)],
        cuts=_cuts(daemon.polls(), tuple(hostile)),
        lookups=[float(line.fields["moment"]) for line in daemon.lines if line.event == "lookup"],
        expected=len(expected),
        told=len(expected & set(told)),
        missed=len(expected - set(told)),
        repeated=sum(times - 1 for times in told.values()),
        highest_rss_mb=watcher.highest_rss_mb,
        highest_pss_mb=watcher.highest_pss_mb,
        stop_seconds=stop_seconds,
        complaints=Counter(line.event or line.text for line in daemon.complaints() if line.event not in _TOLD),
    )


async def _address(stack: AsyncExitStack, handler: Handler, host: str) -> str:
    (address,) = await stack.enter_async_context(serving(handler, hosts=(host,)))
    return address


async def _settle(daemon: Daemon, feeds: Sequence[HealthyFeed], told: Counter[str]) -> None:
    """Publish nothing more, and give what was published the time to be polled and told."""
    for feed in feeds:
        feed.is_resting = True
    expected = {title for feed in feeds for title in feed.expected}
    await daemon.wait_for(lambda: expected <= set(told), _SETTLE_SECONDS)


def _lateness(lines: Sequence[LogLine], feed: HealthyFeed) -> list[float]:
    """Each poll is one request: the n-th that was due is the n-th that came."""
    due = [float(line.fields["moment"]) for line in lines if line.event == "due" and line.fields["what"] == feed.url]
    return [asked - moment for moment, asked in zip(due, feed.asked, strict=False)]


def _cuts(polls: Sequence[LogLine], names: Sequence[str]) -> dict[str, list[tuple[float, str]]]:
    found: dict[str, list[tuple[float, str]]] = {name: [] for name in names}
    for line in polls:
        if (name := line.fields.get("outlet", "")) in found:
            ended = line.fields.get("error") or line.fields.get("flaw") or line.fields.get("outcome", "")
            found[name].append((int(line.fields["took_ms"]) / 1000, ended))
    return found


def _watched(outlets: Sequence[tuple[str, str]], hook: str) -> str:
    """JSON is YAML: names need no care."""
    listed = [{"name": name, "feeds": [{"url": url}]} for name, url in outlets]
    channels = [{"name": "record", "kind": "webhook", "url": hook}]
    return f"outlets: {json.dumps(listed)}\nchannels: {json.dumps(channels)}\n"
