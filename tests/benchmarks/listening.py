"""What an hour's listening costs with very many feeds and rules.

    python -m tests.benchmarks.listening [--feeds 100000] [--rules 1000] [--days 28]

A database is filled with feeds that have learned a rhythm, two thirds of which brought nothing for half a day, and with
rules that matched four times a day. Printed is the CPU time of one pass, how long the longest question held the store,
and how long the event loop was held at the longest.
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.cadence.interval import Pace
from monitor.entities.roster import build_roster
from monitor.flow.silence import SilencePorts, listen
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.rhythm import Gap, Rhythm
from monitor.model.rules import RuleName, RuleSpec
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.store.moments import to_micros
from monitor.store.rhythm import pack_rhythm
from monitor.store.sqlite import SqliteStore
from monitor.system.collector import settling

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
A_DAY = 4
"""matches of each rule"""
PACE = Pace(every=timedelta(minutes=15), shortest=timedelta(minutes=5), longest=DAY)
BEAT_SECONDS = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one pass."""

    cpu_seconds: float
    wall_seconds: float
    loop_seconds: float
    """the longest that the event loop was held"""
    store_seconds: float
    """the longest that another question to the store had to wait"""
    alarms: int


def rhythm(number: int) -> Rhythm:
    """A feed that is silent for two days at most; two of three brought nothing for half a day."""
    gaps = tuple(Gap(week=2920 + week, weekday=30 * HOUR, weekend=48 * HOUR) for week in range(8))
    last = NOW - HOUR if number % 3 == 0 else NOW - 20 * HOUR
    evenly = tuple(1.234 + hour / 10 for hour in range(24))
    return Rhythm(
        interval=HOUR,
        last_new_at=last,
        window=30,
        since=NOW - 90 * DAY,
        counted_at=last,
        hours=evenly,
        days=evenly[:7],
        lately=0.123,
        gaps=gaps,
    )


def rules(count: int) -> Ruleset:
    """So many rules of one word."""
    specs = tuple(RuleSpec(name=RuleName(f"rule {number}"), query=f"word{number}") for number in range(count))
    made = compile_ruleset(specs, build_roster(()))
    assert isinstance(made, Ruleset)
    return made


def fill(connection: sqlite3.Connection, ruleset: Ruleset, days: int) -> None:
    """Rhythms for all feeds, and entries that every rule matched."""
    ids = [row for (row,) in connection.execute("SELECT id FROM feed ORDER BY id")]
    packed = [pack_rhythm(rhythm(number)) for number in range(3)]
    at, begin = to_micros(NOW - timedelta(minutes=5)), to_micros(NOW - 90 * DAY)
    connection.executemany(
        "UPDATE feed SET rhythm = ?, last_success_at = ?, baseline_at = ? WHERE id = ?",
        [(packed[feed % 3], at, begin, feed) for feed in ids],
    )
    connection.execute("INSERT INTO story (id, story_key, founded_at) VALUES (1, 'story', 0)")
    count = days * A_DAY
    seen = [to_micros(NOW - (count - number) * DAY / A_DAY) for number in range(count)]
    connection.executemany(
        "INSERT INTO entry (id, feed_id, entry_key, story_id, revision, fingerprint, is_baseline, level, reason,"
        " first_seen_at, last_seen_at) VALUES (?, ?, ?, 1, 1, '', 0, '', '', ?, ?)",
        [(number + 1, ids[0], str(number), moment, moment) for number, moment in enumerate(seen)],
    )
    connection.executemany(
        "INSERT INTO match (entry_id, revision, rule, rule_hash, evidence, is_new) VALUES (?, 1, ?, ?, '[]', 1)",
        [(number + 1, rule.spec.name, rule.hash) for number in range(count) for rule in ruleset.rules],
    )


async def measured(feeds: int, rule_count: int, days: int, state: Path) -> Cost:
    """One pass over a database that was filled before."""
    store = await SqliteStore.open(state)
    try:
        with settling():  # as the daemon does
            ruleset = rules(rule_count)
            urls = [f"https://{number}.example/rss" for number in range(feeds)]
            watched = {
                url: FeedWatch(url=url, outlets=(f"Outlet {number}",), tags=(), language="en", pace=PACE)
                for number, url in enumerate(urls)
            }
        await store.polls.register([(url, NOW) for url in urls], {url: one.outlets for url, one in watched.items()})
        await store._thread.write(lambda connection: fill(connection, ruleset, days))
        watch = Watch(feeds=watched, ruleset=ruleset, channels=("screen",))
        ports = SilencePorts(silence=store.silence, troubles=store.troubles, outbox=store.outbox)
        for hours in (3, 2, 1):
            await store.silence.listen(NOW - hours * HOUR)
        held: list[float] = []
        waited: list[float] = []
        watchers = [asyncio.create_task(_beat(held)), asyncio.create_task(_ask(store, waited))]
        await asyncio.sleep(BEAT_SECONDS * 10)
        held.clear()
        cpu, wall = time.process_time(), time.perf_counter()
        alarms = await listen(ports, watch, NOW)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        for watcher in watchers:
            watcher.cancel()
        await asyncio.gather(*watchers, return_exceptions=True)
        return Cost(
            cpu_seconds=cpu,
            wall_seconds=wall,
            loop_seconds=max(held, default=0.0),
            store_seconds=max(waited, default=0.0),
            alarms=len(alarms),
        )
    finally:
        await store.close()


async def _beat(held: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(BEAT_SECONDS)
        held.append(time.perf_counter() - began - BEAT_SECONDS)


async def _ask(store: SqliteStore, waited: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await store.troubles.refusing()
        waited.append(time.perf_counter() - began)
        await asyncio.sleep(BEAT_SECONDS * 5)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the cost of a pass."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=100_000)
    parser.add_argument("--rules", type=int, default=1_000)
    parser.add_argument("--days", type=int, default=28)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="tocsin-listening-") as folder:
        cost = asyncio.run(measured(given.feeds, given.rules, given.days, Path(folder)))
    print(
        f"{given.feeds:,} feeds, {given.rules:,} rules: {cost.cpu_seconds:.2f} s CPU an hour "
        f"({cost.cpu_seconds / 36:.3f} % of a core), {cost.wall_seconds:.2f} s; event loop held for "
        f"{cost.loop_seconds * 1000:.0f} ms, store for {cost.store_seconds * 1000:.0f} ms at the longest; "
        f"{cost.alarms} alarms"
    )


if __name__ == "__main__":
    main()
