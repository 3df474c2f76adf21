"""What it costs to place an entry among those of the last days, by how many are held.

    python -m tests.benchmarks.threading [--held 10000 100000] [--warm 1000] [--timed 1000] [--restart 20000]
                                         [--designs 10000] [--on STORIES.jsonl]

News is invented (`tellings.py`), title and summary, or read from a file of one story a line with `title`, `summary` and
`outlet`; then no more is held than it has. Seconds are CPU time of the thread. Exits with 2 where the file is absent.
"""

import argparse
import asyncio
import gc
import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean, median, quantiles

from monitor.flow.recollect import recollect
from monitor.model.entries import Entry, ParsedFeed, Text
from monitor.model.polls import FeedId
from monitor.model.stories import Home, Known, Level, PollPlan, Question, Sift, Sifted
from monitor.store.sqlite import SqliteStore
from monitor.stories.identity import Keyed, keyed
from monitor.stories.likeness import SAME_STORY, compare
from monitor.stories.numbering import WordNumbers
from monitor.stories.profile import Profile
from monitor.stories.recollection import Recollection
from monitor.stories.sketch import Sketch, sketch
from monitor.stories.vocabulary import Vocabulary
from tests.benchmarks.processes import usage
from tests.benchmarks.search_designs import DESIGNS, Design
from tests.benchmarks.tellings import Agency

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_POLL = 50
_EXACT = 60
"""stories, the nearest by rough cosine over every list, among which the best one is looked for by comparing all"""

Story = tuple[int, str, Keyed]
"""Feed, what it is about (empty: nobody knows), and the entry."""


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--timed", type=int, default=1_000)
    parser.add_argument("--warm", type=int, default=1_000)
    parser.add_argument("--restart", type=int, default=20_000)
    parser.add_argument("--designs", type=int, default=10_000)
    parser.add_argument("--on", type=Path)
    options = parser.parse_args()
    if options.on and not options.on.is_file():
        print(f"skipped: there is no file {options.on}")
        return 2
    growth(_stories(options.on), sorted(options.held), options.timed, options.warm)
    if options.designs:
        compare_designs(_stories(options.on), options.designs, options.timed)
    if options.restart:
        with tempfile.TemporaryDirectory(prefix="tocsin-threading-") as folder:
            asyncio.run(restart(Path(folder), _stories(options.on), options.restart))
    return 0


def growth(stories: Iterator[Story], sizes: Sequence[int], timed: int, warm: int) -> None:
    """A row for each number of entries held: what the next ones cost, and bytes an entry in memory and in the store."""
    print(f"{'held':>9} {'built in':>9} {'mean':>7} {'p50':>6} {'p99':>6} µs {'x':>5} {'memory':>8} {'packed':>7}")
    gc.collect()
    before = usage(os.getpid()).rss_mb
    recollection, packed, first, held = Recollection(most_held=1 << 60), [], 0.0, 0
    for size in sizes:
        began = time.thread_time()
        for feed, event, one in stories:
            packed.append(len(_place(recollection, feed, one, event)[1]))
            held += 1
            if held == size:
                break
        built = time.thread_time() - began
        gc.collect()
        each = (usage(os.getpid()).rss_mb - before) * 1e6 / max(held, 1)
        # The first ones unfold stories that a daemon, which has placed all that it holds, would have unfolded by then.
        for _, (feed, _, one) in zip(range(warm), stories, strict=False):
            _place(recollection, feed, one, "")
            held += 1
        costs = []
        for _, (feed, _, one) in zip(range(timed), stories, strict=False):
            start = time.thread_time()
            _place(recollection, feed, one, "")
            costs.append(1e6 * (time.thread_time() - start))
        held += len(costs)
        if not costs:
            print(f"{held:>9,} {built:>7.1f} s: there are no more stories to be timed")
            break
        first = first or median(costs)
        print(
            f"{size:>9,} {built:>7.1f} s {mean(costs):>7.0f} {median(costs):>6.0f} {quantiles(costs, n=100)[-1]:>6.0f}"
            f"    {median(costs) / first:>5.2f} {each:>8.0f} {mean(packed):>7.0f}"
        )


def compare_designs(stories: Iterator[Story], held: int, timed: int) -> None:
    """A row for each design: the same entries entered, the same ones looked for."""
    vocabulary, numbers = Vocabulary.starting(), WordNumbers()
    entered: list[tuple[int, Sketch]] = []
    events: dict[str, int] = {}
    members: dict[int, list[Sketch]] = {}
    for place, (feed, event, one) in zip(range(held + timed), stories, strict=False):
        entry = one.entry
        drawn = sketch(entry.text, language=entry.language, names=(), vocabulary=vocabulary, numbers=numbers)
        vocabulary.learn(drawn.words)
        entered.append((events.setdefault(event or f"{feed} {place}", len(events)), drawn))
    known, asked = entered[:-timed], [drawn for _, drawn in entered[-timed:]]
    for story, drawn in known:
        members.setdefault(story, []).append(drawn)
    profiles = {story: Profile(some) for story, some in members.items()}
    wanted: list[float] = []
    print(f"{f'{len(known):,} held':<28} {'enter':>7} {'look':>7} µs {'p99':>7}   found of those that have a story")
    for name, make in DESIGNS.items():
        enter, looks, found = _tried(make(), known, asked)
        scores = [
            max((compare(one, profiles[story]).score for story in near), default=0.0)
            for one, near in zip(asked, found, strict=True)
        ]
        wanted = wanted or _best(known, asked, profiles)
        right = [score >= SAME_STORY for score, most in zip(scores, wanted, strict=True) if most >= SAME_STORY]
        print(
            f"{name:<28} {enter:>7.1f} {mean(looks):>7.0f}    {quantiles(looks, n=100)[-1]:>7.0f}"
            f"   {mean(right) if right else 1:.3f} of {len(right)}"
        )


def _best(known: Sequence[tuple[int, Sketch]], asked: Sequence[Sketch], profiles: dict[int, Profile]) -> list[float]:
    """The best score that each could have, of the stories whose entries are nearest: everything is looked at."""
    best = []
    for one in asked:
        lead = one.lead
        near = sorted(
            (
                (sum([lead[word] * weight for word, weight in held.lead.items() if word in lead]) / held.length, story)
                for story, held in known
            ),
            reverse=True,
        )[:_EXACT]
        best.append(max((compare(one, profiles[story]).score for story in {story for _, story in near}), default=0.0))
    return best


def _tried(
    design: Design, known: Sequence[tuple[int, Sketch]], asked: Sequence[Sketch]
) -> tuple[float, list[float], list[list[int]]]:
    """Microseconds to enter one, those of each look, and what was found."""
    began = time.thread_time()
    for story, drawn in known:
        design.add(story, drawn)
    enter = 1e6 * (time.thread_time() - began) / max(len(known), 1)
    looks, found = [], []
    for one in asked:
        start = time.thread_time()
        near = design.near(one)
        looks.append(1e6 * (time.thread_time() - start))
        found.append(near)
    return enter, looks, found


async def restart(folder: Path, stories: Iterator[Story], held: int) -> None:
    """How long a process takes to remember what is stored."""
    store = await SqliteStore.open(folder)
    try:
        (feed,) = await store.polls.register([("https://feed.example/rss", NOW)])
        recollection, count, vocabulary = Recollection(), 0, b""
        portion: list[Sifted] = []
        for _, event, one in stories:
            level, sketched, due = _place(recollection, feed.id, one, event)
            vocabulary = due or vocabulary
            portion.append(_sifted(one, event, level, sketched))
            count += 1
            if len(portion) == _POLL or count == held:
                await store.polls.commit(_question(feed.id), _Writing(tuple(portion), vocabulary))
                portion.clear()
                vocabulary = b""
            if count == held:
                break
        began, cpu = time.perf_counter(), time.process_time()
        again = await recollect(store.recall, NOW)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        each = f"{1e6 * cpu / max(count, 1):.0f} µs each"
        print(f"restart with {len(again):,} held: {seconds:.2f} s, {cpu:.2f} s CPU, {each}")
    finally:
        await store.close()


class _Writing:
    """A decision that writes these entries."""

    def __init__(self, fresh: tuple[Sifted, ...], vocabulary: bytes) -> None:
        self._fresh = fresh
        self._vocabulary = vocabulary

    def __call__(self, known: Known) -> PollPlan:
        state = replace(known.feed, last_poll_at=NOW)
        return PollPlan(feed=state, at=NOW, sift=Sift(fresh=self._fresh), vocabulary=self._vocabulary)


def _question(feed: FeedId) -> Question:
    return Question(feed=feed, keys=frozenset(), fingerprints=frozenset(), since=NOW - timedelta(hours=72))


def _sifted(one: Keyed, event: str, level: Level, sketched: bytes) -> Sifted:
    return Sifted(
        entry=one.entry,
        entry_key=one.primary,
        story_key=event or one.primary,
        text_key=one.primary,
        keys=one.keys,
        fingerprint=one.fingerprint,
        level=level,
        reason="",
        revision=1,
        sketch=sketched,
    )


def _place(recollection: Recollection, feed: int, one: Keyed, event: str) -> tuple[Level, bytes, bytes]:
    """Place an entry, or put it where it belongs if that is known; its level, its sketch, the vocabulary if due."""
    placing = recollection.begin(FeedId(feed), (), NOW)
    level, home = Level.NEW, Home(story_key=event or one.primary, text_key=one.primary)
    if not event:
        placed = placing.find(one)
        level = placed.level
        home = replace(home, story_key=placed.home.story_key) if placed.home else home
    sketched = placing.hold(one, one.primary, home, is_new=True)
    return level, sketched, placing.vocabulary()


def _stories(path: Path | None) -> Iterator[Story]:
    """Stories as they come; those of the file, or invented ones without end."""
    if path is None:
        agency, number = Agency(), 0
        while True:
            for told in agency.tell(1_000):
                number += 1
                yield told.outlet, f"event {told.event}", _keyed(number, told.title, told.summary, "en")
    outlets: dict[str, int] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            feed = outlets.setdefault(row.get("outlet", ""), len(outlets) + 1)
            yield feed, "", _keyed(number, row["title"], row.get("summary", ""), row.get("lang", ""))


def _keyed(number: int, title: str, summary: str, language: str) -> Keyed:
    entry = Entry(id=str(number), text=Text(title=title, summary=summary), language=language)
    return keyed(ParsedFeed(kind="", entries=(entry,)))[0]


if __name__ == "__main__":
    raise SystemExit(main())
