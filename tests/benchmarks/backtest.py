"""Rules tried on the past: `python -m tests.benchmarks.backtest [ENTRIES] [--config config] [--stories STORIES.jsonl]`.

Fills a database with so many entries (default: 100,000) over 90 days, of invented words or of the titles and summaries
of a JSON Lines file, in turn. Then tries the rules of a configuration on all of them in one process, as `tocsin rules
backtest` does, and once more against itself, and prints: stories a second, CPU, and the resident memory after a tenth
of the way and at the end, which tells whether it grows with what is read.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from monitor.app.examine import Plan, examined
from monitor.flow.backtest import Comparison, Period, Trial, backtest
from monitor.model.entries import Entry, Text
from monitor.model.polls import FeedState
from monitor.model.stories import Known, Level, PollPlan, Question, Sift, Sifted
from monitor.store.sqlite import SqliteStore

DAYS = 90
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
A_POLL = 100  # entries, below what counts as a flood
WHO = ("Zelensky", "The harbour council", "Putin", "A school near Poltava", "The ferry line", "Зеленский", "Совет")
DOES = ("welcomes", "puts off", "talks about", "denies", "opens", "обсуждает", "отрицает")
WHAT = ("a ceasefire", "new ferries", "peace talks in Miami", "the draft notices", "a drone attack", "перемирие")
SUMMARY = "The council met in the evening and put the question off until the ferries are back. " * 3
_MEGABYTE = 1e6


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("entries", type=int, nargs="?", default=100_000)
    parser.add_argument("--config", type=Path, default=Path("config"))
    parser.add_argument("--stories", type=Path)
    options = parser.parse_args()
    if options.stories and not options.stories.is_file():
        print(f"skipped: {options.stories} is not there; give a JSON Lines file of stories with a title")
        return 2
    plan = examined(options.config, os.environ)
    texts = _read(options.stories) if options.stories else list(_invented())
    with tempfile.TemporaryDirectory(prefix="backtest-") as folder:
        asyncio.run(measure(Path(folder), plan, texts, options.entries))
    return 0


def _read(path: Path) -> list[Text]:
    with path.open(encoding="utf-8") as lines:
        stories = [json.loads(line) for line in lines if line.strip()]
    return [Text(title=each.get("title") or "", summary=each.get("summary") or "") for each in stories]


def _invented() -> Iterator[Text]:
    for who in WHO:
        for does in DOES:
            for what in WHAT:
                yield Text(title=f"{who} {does} {what}", summary=SUMMARY)


async def measure(folder: Path, plan: Plan, texts: Sequence[Text], entries: int) -> None:
    """Fill, try, print."""
    store = await SqliteStore.open(folder)
    feeds = await store.polls.register([(url, NOW) for url in plan.watch.feeds])
    await fill(store, feeds, texts, entries)
    size = store.path.stat().st_size / _MEGABYTE
    print(f"{entries:,} entries, {size:,.0f} MB; {len(plan.watch.ruleset.names)} rules of the configuration")
    await _tried(store, plan, is_compared=False)
    await _tried(store, plan, is_compared=True)
    await store.close()


async def fill(store: SqliteStore, feeds: Sequence[FeedState], texts: Sequence[Text], entries: int) -> None:
    """Polls of a hundred new entries each, feed after feed."""
    words = cycle(texts)
    polls = max(entries // A_POLL, 1)
    for number in range(polls):
        at = NOW - timedelta(days=DAYS) * (polls - number) / polls
        fresh = tuple(_sifted(number * A_POLL + place, text) for place, text in enumerate(islice(words, A_POLL)))
        decision = PollPlan(feed=feeds[number % len(feeds)], at=at, sift=Sift(fresh=fresh), outlets=("Outlet",))

        def decide(_: Known, decision: PollPlan = decision) -> PollPlan:
            return decision

        asked = Question(feed=decision.feed.id, keys=frozenset(), fingerprints=frozenset(), since=at)
        await store.polls.commit(asked, decide)
    print(f"filled with {polls * A_POLL:,} entries", file=sys.stderr)


def _sifted(number: int, text: Text) -> Sifted:
    link = f"https://outlet.example/{number}"
    text = replace(text, title=f"{text.title} ({number})")
    return Sifted(
        entry=Entry(id=f"{number}", link=link, text=text, language="", published_at=NOW),
        entry_key=f"id:{number}",
        story_key=f"link:{link}",
        text_key=f"link:{link}",
        keys=(f"id:{number}",),
        fingerprint=f"{number:0>32}",
        level=Level.NEW,
        reason="nothing known has its id, link or text",
        revision=1,
    )


async def _tried(store: SqliteStore, plan: Plan, *, is_compared: bool) -> None:
    trial = Trial(plan.watch.ruleset, plan.watch.feeds, samples=5)
    old = Trial(plan.watch.ruleset, plan.watch.feeds, samples=5)
    comparison = Comparison(new=trial, old=old) if is_compared else None
    extent = await store.annals.extent()
    total = extent.last - extent.first + 1
    done = 0
    memory: list[tuple[float, float]] = []

    def advance(places: int) -> None:
        nonlocal done
        done += places
        memory.append((done / total, _resident()))

    began, cpu = time.perf_counter(), time.process_time()
    coverage = await backtest(
        store.annals,
        extent,
        Period(since=NOW - timedelta(days=DAYS + 1)),
        trial,
        comparison=comparison,
        advance=advance,
    )
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    early = next(resident for share, resident in memory if share >= 0.1)
    alerts = sum(sum(found.alerts.values()) for found in trial.yields.values())
    print(
        f"{'compared with itself' if is_compared else 'tried'}: {coverage.entries / wall:,.0f} stories/s "
        f"({wall:.1f} s, CPU {cpu:.1f} s), {alerts:,} alerts; resident {early:.0f} MB after a tenth, "
        f"{memory[-1][1]:.0f} MB at the end"
    )


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE


if __name__ == "__main__":
    raise SystemExit(main())
