"""How long news takes from a publisher to a webhook, through the real daemon.

    python -m tests.benchmarks.latency [--feeds 500] [--every 10] [--seconds 60]

So many feeds are asked every so many seconds; once all of them were, one brings a new entry every second, and a rule
tells of each. Four moments of an entry are known: it changed; the poll that brought it was due (the daemon says so);
the last byte of its document was served; its message arrived at a local webhook, which answers at once.

Between change and due lies the poll interval. What comes on top is ours, and 99 of 100 times at most a second of it.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from tests.benchmarks.daemon import Daemon
from tests.benchmarks.loopback import Reply, Request, serving
from tests.benchmarks.newsstand import hosts
from tests.benchmarks.processes import usage

MOST_SECONDS = 1.0
"""99 of 100 messages arrive this long after their poll was due"""
_CHANGE_SECONDS = 1.0
_START_SECONDS = 120.0
_SETTLE_SECONDS = 20.0
_WINDOW = 10  # entries of a document
_WORDS = ("alder", "birch", "cedar", "dogwood", "elder", "fir")
_CONFIGURATION = """\
polling: {{every: {every}s, min_interval: {every}s, max_interval: {every}s, allow_private: [127.0.0.0/8]}}
rules:
  - {{name: everything, query: bulletin, once_per: text}}
channels: [{{name: record, kind: webhook, url: "{hook}/hook", throttle: "off"}}]
outlets: {outlets}
"""


@dataclass(slots=True, kw_only=True)
class News:
    """An entry, and when what happened to it; in seconds since the epoch, 0 where it did not."""

    url: str
    changed: float
    served: float = 0.0
    received: float = 0.0


@dataclass(slots=True, kw_only=True)
class Wire:
    """The feeds: number n stands at the path `/n`, and has as many entries more as it was changed."""

    news: dict[str, News] = field(default_factory=dict)
    """by title"""
    urls: Sequence[str] = ()
    repeated: int = 0
    _titles: dict[int, list[str]] = field(default_factory=dict)

    def change(self, number: int) -> None:
        """One more entry for this feed."""
        titles = self._titles.setdefault(number, [])
        place = len(titles)
        titles.append(" ".join(f"{word}{number}n{place}" for word in _WORDS))
        self.news[titles[-1]] = News(url=self.urls[number], changed=time.time())

    async def answer(self, request: Request) -> Reply:
        """The feed, or 304 where the caller has it."""
        number = int(request.path.strip("/"))
        titles = self._titles.get(number, [])
        headers = {"ETag": f'"{len(titles)}"', "Content-Type": "application/rss+xml"}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Reply(status="304 Not Modified", headers=headers)
        shown = titles[-_WINDOW:]

        def after() -> None:
            for title in shown:
                self.news[title].served = self.news[title].served or time.time()

        old = (f"old news {place} of {number}" for place in range(_WINDOW - len(shown)))
        return Reply(headers=headers, body=_document(number, [*old, *shown]), after=after)

    async def hook(self, request: Request) -> Reply:
        """Take a message down."""
        for alert in json.loads(request.body)["alerts"]:
            one = self.news[alert["title"]]
            self.repeated += one.received > 0
            one.received = one.received or time.time()
        return Reply()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What came of it; spans in seconds, one a message."""

    changed: int
    repeated: int
    missed: int
    from_served: Sequence[float]
    from_due: Sequence[float]
    from_changed: Sequence[float]
    cpu_share: float
    """of a core, while news came"""


def main() -> int:
    """Print the figures; 1 where the target was missed or something was not told, 0 else."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--every", type=int, default=10, metavar="SECONDS")
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tocsin-latency-") as folder:
        figures = asyncio.run(measure(Path(folder), options.feeds, options.every, options.seconds))
    print(f"{options.feeds} feeds every {options.every} s, {figures.changed} entries, one a second")
    print(f"{'seconds':<30}{'p50':>8}{'p99':>8}{'max':>8}")
    _print("from served to received", figures.from_served)
    _print("beyond the poll interval", figures.from_due)
    _print("from changed to received", figures.from_changed)
    print(f"missed {figures.missed}, repeated {figures.repeated}; the daemon took {figures.cpu_share:.0%} of a core")
    is_late = _share(figures.from_due, 99) > MOST_SECONDS
    if is_late:
        print(f"too late: p99 is more than {MOST_SECONDS:g} s beyond the poll interval")
    return 1 if is_late or figures.missed or figures.repeated else 0


async def measure(folder: Path, feeds: int, every: int, seconds: int) -> Figures:
    """Run the daemon on a state of its own. Raises RuntimeError where it does not ask every feed."""
    wire = Wire()
    async with serving(wire.answer, hosts=hosts(feeds)) as addresses, serving(wire.hook) as (hook,):
        wire.urls = [f"{address}/{number}" for number, address in enumerate(addresses)]
        outlets = [{"name": f"Quay {number}", "feeds": [{"url": url}]} for number, url in enumerate(wire.urls)]
        text = _CONFIGURATION.format(every=every, hook=hook, outlets=json.dumps(outlets))
        (folder / "tocsin.yaml").write_text(text, encoding="utf-8")
        daemon = await Daemon.start(folder / "tocsin.yaml", folder / "state", module="tests.benchmarks.witness")
        try:
            if not await daemon.wait_for(lambda: len(daemon.polls()) >= feeds, _START_SECONDS):
                raise RuntimeError(f"the daemon did not ask every feed: {[line.text for line in daemon.complaints()]}")
            before, began = usage(daemon.process.pid, is_exact=False), time.monotonic()
            for place in range(seconds):
                wire.change(place * 7 % feeds)  # not in the order in which they are asked
                await daemon.wait_for(lambda: False, began + (place + 1) * _CHANGE_SECONDS - time.monotonic())
            after, ended = usage(daemon.process.pid, is_exact=False), time.monotonic()
            await daemon.wait_for(
                lambda: all(one.received for one in wire.news.values()), every * 1.2 + _SETTLE_SECONDS
            )
        finally:
            await daemon.stop()
    told = [one for one in wire.news.values() if one.received]
    due = _due(daemon)
    return Figures(
        changed=len(wire.news),
        repeated=wire.repeated,
        missed=len(wire.news) - len(told),
        from_served=[one.received - one.served for one in told],
        from_due=[one.received - _last(due[one.url], one.served) for one in told],
        from_changed=[one.received - one.changed for one in told],
        cpu_share=(after.cpu_seconds - before.cpu_seconds) / (ended - began),
    )


def _due(daemon: Daemon) -> Mapping[str, list[float]]:
    """When the polls of each feed were due, as the witness tells."""
    found: dict[str, list[float]] = {}
    for line in daemon.lines:
        if line.event == "due":
            found.setdefault(line.fields["what"], []).append(float(line.fields["moment"]))
    return found


def _last(moments: Sequence[float], before: float) -> float:
    return max(moment for moment in moments if moment <= before)


def _document(number: int, titles: Sequence[str]) -> bytes:
    items = "".join(
        f"<item><guid>{number}-{title}</guid><link>http://quay{number}.example/{title.replace(' ', '-')}</link>"
        f"<title>{title}</title><description>bulletin</description></item>"
        for title in reversed(titles)
    )
    return f"<rss version='2.0'><channel><title>Quay {number}</title>{items}</channel></rss>".encode()


def _share(spans: Sequence[float], percent: int) -> float:
    return quantiles(spans, n=100, method="inclusive")[percent - 1] if len(spans) > 1 else max(spans, default=0.0)


def _print(name: str, spans: Sequence[float]) -> None:
    print(f"{name:<30}{_share(spans, 50):>8.3f}{_share(spans, 99):>8.3f}{max(spans, default=0.0):>8.3f}")


if __name__ == "__main__":
    raise SystemExit(main())
