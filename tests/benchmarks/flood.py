"""How long 5,000 new entries at once hold the store: `python -m tests.benchmarks.flood [--entries 5000] [--rules 100]`.

A feed past its baseline brings that many entries of some hundred words. The transaction is measured from the
question to the end of the commit, with sync to the disk; within it, the decision. One rule finds every entry. The
poll runs from a parsed feed on; how long parsing takes is another question.
"""

import argparse
import asyncio
import contextlib
import tempfile
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.cadence.interval import Pace
from monitor.entities.roster import build_roster
from monitor.flow.poll import PollPorts, poll
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.alerts import AlertKind
from monitor.model.entries import Entry, ParsedFeed, Text
from monitor.model.polls import FeedState, Fetched, FetchRequest
from monitor.model.queue import NONE_APART, Apart, Overdue, PutOff
from monitor.model.rules import OncePer, RuleName, RuleSpec
from monitor.model.slices import LastRead
from monitor.model.stories import Inquiry, Known, PollPlan, Question
from monitor.ports import PollStore
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.store.sqlite import SqliteStore
from monitor.stories.recollection import Recollection

FEED = "https://harbour.example/rss"
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_SENTENCE = "The harbour council of pier {0} met in the evening and put question {0} off until ferry {1} is back. "


@dataclass(slots=True, kw_only=True)
class Flood:
    """What one flood cost and told."""

    poll_seconds: float
    transaction_seconds: float
    """from the wish for the writer to the end of the commit, of the transaction that writes"""
    deciding_seconds: float
    deciding_cpu_seconds: float
    """of the thread that decides: on a busy machine it waits for the processor as well"""
    stall_seconds: float
    """the longest that the event loop was held up"""
    told: list[AlertKind]
    """the kinds of the alerts that go to a channel"""
    alarms: int
    silent: int


@dataclass(slots=True, kw_only=True)
class _World:
    """Fetcher, parser, clock and the poll store with a stopwatch: it serves the feed that it holds."""

    polls: PollStore
    feed: ParsedFeed
    committing: float = 0.0
    deciding: float = 0.0
    deciding_cpu: float = 0.0

    async def fetch(self, request: FetchRequest) -> Fetched:
        return Fetched(body=str(len(self.feed.entries)).encode(), url=request.url)

    async def parse(self, _: Fetched, __: LastRead | None = None) -> ParsedFeed:
        return self.feed

    def now(self) -> datetime:
        return NOW

    def steady(self) -> float:
        return 0.0

    def chance(self) -> float:
        return 0.0

    async def register(
        self,
        urls: Sequence[tuple[str, datetime]],
        outlets: Mapping[str, Collection[str]] | None = None,
        *,
        is_read: bool = True,
    ) -> tuple[FeedState, ...]:
        return await self.polls.register(urls, outlets, is_read=is_read)

    async def due(self, now: datetime, limit: int, apart: Apart = NONE_APART) -> tuple[FeedState, ...]:
        return await self.polls.due(now, limit, apart)

    async def overdue(self, now: datetime) -> tuple[Overdue, ...]:
        return await self.polls.overdue(now)

    async def put_off(self, feeds: Sequence[PutOff], reason: str) -> None:
        await self.polls.put_off(feeds, reason)

    async def retime(self, now: datetime, by: timedelta) -> None:
        await self.polls.retime(now, by)

    async def hasten(
        self,
        beyond: timedelta,
        is_long: Callable[[str, timedelta], bool],
        decide: Callable[[FeedState], FeedState | None],
    ) -> int:
        return await self.polls.hasten(beyond, is_long, decide)

    async def commit(
        self, question: Question, decide: Callable[[Known], PollPlan | Inquiry], *, is_dry: bool = False
    ) -> PollPlan:
        def timed(known: Known) -> PollPlan | Inquiry:
            start, start_cpu = time.perf_counter(), time.thread_time()
            plan = decide(known)
            self.deciding += time.perf_counter() - start
            self.deciding_cpu += time.thread_time() - start_cpu
            return plan

        self.deciding = self.deciding_cpu = 0.0
        began = time.perf_counter()
        plan = await self.polls.commit(question, timed, is_dry=is_dry)
        self.committing = time.perf_counter() - began
        return plan


async def flood(folder: Path, *, entries: int, rules: int) -> Flood:
    """Baseline, then the flood, into a new database in `folder`."""
    watch, recollection = _watch(rules), Recollection()
    store = await SqliteStore.open(folder / "state")
    try:
        await _poll(store, watch, recollection, _feed(range(3)))
        return await _poll(store, watch, recollection, _feed(range(3, entries + 3)))
    finally:
        await store.close()


async def _poll(store: SqliteStore, watch: Watch, recollection: Recollection, feed: ParsedFeed) -> Flood:
    (state,) = await store.polls.register([(FEED, NOW)])
    world = _World(polls=store.polls, feed=feed)
    pulse = asyncio.create_task(_longest_stall())
    await asyncio.sleep(0)
    began = time.perf_counter()
    ports = PollPorts(fetcher=world, parser=world, store=world, clock=world, recollection=recollection)
    plan = await poll(state, watch, ports)
    seconds = time.perf_counter() - began
    pulse.cancel()
    return Flood(
        poll_seconds=seconds,
        transaction_seconds=world.committing,
        deciding_seconds=world.deciding,
        deciding_cpu_seconds=world.deciding_cpu,
        stall_seconds=await pulse,
        told=[alert.kind for alert in plan.alerts if alert.channels and alert.kind is not AlertKind.ALARM],
        alarms=sum(alert.kind is AlertKind.ALARM for alert in plan.alerts),
        silent=sum(alert.kind is AlertKind.FIRST and not alert.channels for alert in plan.alerts),
    )


async def _longest_stall() -> float:
    """Until it is cancelled: by how much the loop was late at most."""
    longest, last = 0.0, time.perf_counter()
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            await asyncio.sleep(0.005)
            longest, last = max(longest, time.perf_counter() - last - 0.005), time.perf_counter()
    return longest


def _feed(numbers: range) -> ParsedFeed:
    entries = tuple(
        Entry(
            id=f"tag:harbour.example,2026:{number}",
            link=f"https://harbour.example/2026/03/02/question-{number}",
            text=Text(
                title=f"Question {number} is put off until ferry {number * 7} is back",
                summary=_SENTENCE.format(number, number * 7) * 2,
                body=_SENTENCE.format(number, number * 13) * 5,
            ),
            language="en",
            published_at=NOW - timedelta(minutes=number % 600),
        )
        for number in numbers
    )
    return ParsedFeed(kind="rss20", site="https://harbour.example/", language="en", entries=entries)


def _watch(rules: int) -> Watch:
    queries = ["ferry", *(f'"question {number}" AND strike' for number in range(rules - 1))]
    # Once for an entry: that some of these thousands tell one story is not what is measured.
    specs = tuple(
        RuleSpec(name=RuleName(f"rule {place}"), query=query, once_per=OncePer.ENTRY)
        for place, query in enumerate(queries)
    )
    ruleset = compile_ruleset(specs, build_roster(()))
    if not isinstance(ruleset, Ruleset):
        raise TypeError("the rules of this benchmark are wrong")
    pace = Pace(every=timedelta(minutes=15), shortest=timedelta(minutes=5), longest=timedelta(hours=24))
    feeds = {FEED: FeedWatch(url=FEED, outlets=("The Harbour",), tags=(), language="en", pace=pace)}
    return Watch(feeds=feeds, ruleset=ruleset, channels=("desk",))


def main() -> None:
    """Print the figures of one flood."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=5_000)
    parser.add_argument("--rules", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tocsin-flood-") as folder:
        done = asyncio.run(flood(Path(folder), entries=options.entries, rules=options.rules))
    rows: tuple[tuple[str, Callable[[], object]], ...] = (
        ("entries, rules", lambda: f"{options.entries}, {options.rules}"),
        ("poll, from its parsed feed on", lambda: f"{done.poll_seconds:.2f} s"),
        ("longest stall of the event loop", lambda: f"{1000 * done.stall_seconds:.0f} ms"),
        ("transaction", lambda: f"{done.transaction_seconds:.2f} s"),
        ("  of it the decision", lambda: f"{done.deciding_seconds:.2f} s"),
        ("  CPU of the decision", lambda: f"{done.deciding_cpu_seconds:.2f} s"),
        ("messages", lambda: ", ".join(done.told)),
        ("alarms", lambda: done.alarms),
        ("stories that count as told", lambda: done.silent),
    )
    for name, value in rows:
        print(f"{name:<46} {value()}")


if __name__ == "__main__":
    main()
