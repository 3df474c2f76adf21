"""What years cost: `python -m tests.benchmarks.retention [ENTRIES] [DIRECTORY]`, by default 1,000,000.

Fills a database with so many entries spread over 500 days, an alert for every hundredth, sent. Then lets go of the past
in one pass, as the daemon does, while polls that bring 30 new entries each go on beside it, and prints: rows a second,
how long a portion held the writer, how long polls waited, the size of the file, of its free pages and of the log, what
a second pass costs, and a copy (which is packed) with the largest log meanwhile.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor.alerts.plan import public_id
from monitor.flow.upkeep import PAUSE, let_go
from monitor.model.alerts import Alert, AlertContent, AlertKind, Settled, Settlement
from monitor.model.entries import Text
from monitor.model.holding import Sorting
from monitor.model.polls import FeedState
from monitor.model.stories import Known, PollPlan, Question, Sift, Sifted
from monitor.model.upkeep import Portion, Retention, Swept
from monitor.ports import UpkeepStore
from monitor.store.sqlite import SqliteStore
from tests.benchmarks.storing import ENTRIES as FRESH
from tests.benchmarks.storing import NOW, document

FEEDS = 500
DAYS = 500
_MEGABYTE = 1e6


@dataclass(slots=True)
class Watched:
    """The store's upkeep, with the length of every portion."""

    inner: UpkeepStore
    held: list[float] = field(default_factory=list)

    async def sweep(self, portion: Portion, *, is_dry: bool = False) -> Swept:
        began = time.perf_counter()
        swept = await self.inner.sweep(portion, is_dry=is_dry)
        self.held.append(time.perf_counter() - began)
        return swept

    async def tidy(self) -> None:
        await self.inner.tidy()

    async def check(self) -> None:
        await self.inner.check()

    async def is_in_place(self) -> bool:
        return await self.inner.is_in_place()

    async def back_up(self, at: datetime, keep: int, every: timedelta | None = None) -> Path | None:
        return await self.inner.back_up(at, keep, every)


async def fill(store: SqliteStore, feeds: Sequence[FeedState], entries: int) -> None:
    """Polls of ten times the usual size, to be done sooner."""
    rounds = max(entries // (len(feeds) * FRESH), 1)
    for number in range(rounds):
        at = NOW - timedelta(days=DAYS) + number * timedelta(days=DAYS) / rounds
        for feed in feeds:
            await poll(store, feed, f"{number}", at)
        print(f"\r{(number + 1) / rounds:4.0%} filled", end="", file=sys.stderr)
    print(file=sys.stderr)


async def poll(store: SqliteStore, feed: FeedState, run: str, at: datetime) -> None:
    """A document that is new from end to end, one of its entries in a hundred alerting."""
    fresh = document(feed, run)
    alerts = tuple(_alert(one, at) for place, one in enumerate(fresh) if (feed.id + place) % 100 == 0)

    def decide(known: Known) -> PollPlan:
        return PollPlan(feed=known.feed, at=at, sift=Sift(fresh=fresh), outlets=("Outlet",), alerts=alerts)

    keys = frozenset(key for entry in fresh for key in entry.keys)
    prints = frozenset(entry.fingerprint for entry in fresh)
    await store.polls.commit(Question(feed=feed.id, keys=keys, fingerprints=prints, since=at), decide)
    if alerts:
        await store.sorting.sort("desk", at, None, lambda *_: Sorting())
        messages = await store.outbox.claim("desk", at, timedelta(minutes=1), 100)
        settled = [Settled(message=one.id, fate=Settlement.SENT, at=at) for one in messages]
        await store.outbox.settle(settled, (), "desk")


async def measure(folder: Path, entries: int) -> None:
    """Fill, let go, print."""
    store = await SqliteStore.open(folder / "state")
    feeds = await store.polls.register([(f"https://outlet-{number}.example/rss", NOW) for number in range(FEEDS)])
    began = time.perf_counter()
    await fill(store, feeds, entries)
    print(f"filled: {(await store.views.status()).entries:,} entries in {time.perf_counter() - began:,.0f} s")
    size(store, "before")

    done = asyncio.Event()
    waited: list[float] = []

    async def go_on() -> None:
        number = 0
        while not done.is_set():
            began = time.perf_counter()
            await poll(store, feeds[number % FEEDS], f"beside {number}", NOW)
            waited.append(time.perf_counter() - began)
            number += 1
            await asyncio.sleep(0.2)

    beside = asyncio.create_task(go_on())
    for name, pause in (("first pass", PAUSE), ("second pass", PAUSE)):
        watched = Watched(store.upkeep)
        began = time.perf_counter()
        gone = await let_go(watched, Retention(), NOW, pause=pause)
        wall = time.perf_counter() - began
        print(f"{name}: {', '.join(f'{count:,} {kind}' for kind, count in gone.items())} in {wall:,.1f} s")
        rows = sum(gone.values())
        print(f"  {rows / wall:,.0f} a second; in the writer {sum(watched.held):,.1f} s; {spread(watched.held)}")
        await store.upkeep.tidy()
        size(store, f"after the {name}")
    log = [0]

    async def watch() -> None:
        while not done.is_set():
            log.append(_log(store))
            await asyncio.sleep(0.05)

    watching = asyncio.create_task(watch())
    began = time.perf_counter()
    copy = await store.upkeep.back_up(NOW, 7)
    assert copy is not None
    done.set()
    await asyncio.gather(beside, watching)
    print(
        f"copy: {copy.stat().st_size / _MEGABYTE:,.0f} MB in {time.perf_counter() - began:,.1f} s,"
        f" the log at most {max(log) / _MEGABYTE:,.1f} MB meanwhile"
    )
    print(f"polls of {FRESH} new entries beside all this: {spread(waited)}")
    began = time.perf_counter()
    await store.upkeep.check()
    print(f"every page read in {time.perf_counter() - began:,.1f} s")
    await store.close()


def spread(seconds: Sequence[float]) -> str:
    """Median, the hundredth worst and the worst."""
    ranked = sorted(seconds)
    middle, late = (ranked[int(len(ranked) * share)] * 1e3 for share in (0.5, 0.99))
    last = ranked[-1] * 1e3
    return f"{len(ranked):,} times, median {middle:.1f} ms, 99 % {late:.1f} ms, longest {last:.1f} ms"


def size(store: SqliteStore, when: str) -> None:
    """One line on the file."""
    with closing(sqlite3.connect(f"file:{store.path}?mode=ro", uri=True)) as database:
        (free,) = database.execute("PRAGMA freelist_count").fetchone()
        (page,) = database.execute("PRAGMA page_size").fetchone()
    whole = store.path.stat().st_size
    print(
        f"{when}: {whole / _MEGABYTE:,.0f} MB, of which {free * page / _MEGABYTE:,.0f} MB are free;"
        f" log {_log(store) / _MEGABYTE:,.1f} MB"
    )


def main() -> None:
    """Measure in the directory given, or in a temporary one."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder:
        asyncio.run(measure(Path(folder), entries))


def _log(store: SqliteStore) -> int:
    log = store.path.with_name(f"{store.path.name}-wal")
    return log.stat().st_size if log.exists() else 0


def _alert(one: Sifted, at: datetime) -> Alert:
    key = f"first|harbour|{one.story_key}"
    text = replace(Text(), title=one.entry.text.title, summary=one.entry.text.summary)
    content = AlertContent(title=text.title, outlets=("Outlet",), link=one.entry.link, rule="harbour", text=text)
    return Alert(
        kind=AlertKind.FIRST,
        dedupe_key=key,
        public_id=public_id(key),
        at=at,
        content=content,
        channels=("desk",),
        story_key=one.story_key,
    )


if __name__ == "__main__":
    main()
