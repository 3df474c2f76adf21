"""How fast polls are stored: `python -m tests.benchmarks.storing [DIRECTORY]`.

Three figures, each with its sync to the disk and on the path given (default: a temporary directory):
new entries a second in polls of 30, one poll after another; the same with 64 polls under way at once, which share
transactions; and the same rows by bare sqlite3 executemany, a transaction a poll, in the same run. Then other
feeds' entries of the same stories, which ask what was told of them; and polls that bring nothing new: unchanged
documents, and answers of 304 (never one by one: they wait for one another). Each entry has a sketch of 300 bytes. CPU
is that of the whole process.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from monitor.model.alerts import Alert, AlertContent, AlertKind, PublicId
from monitor.model.entries import Entry, Text
from monitor.model.polls import FeedState
from monitor.model.stories import Inquiry, Known, Level, PollPlan, Question, Sift, Sifted
from monitor.store.sqlite import SqliteStore
from monitor.text.naming import short_name

FEEDS = 500
ENTRIES = 30
TOGETHER = 64
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SUMMARY = "The harbour council met in the evening and put the question off until the ferries are back. " * 4

SKETCH = bytes(range(100)) * 3

Poll = Callable[[FeedState], Awaitable[object]]


def document(feed: FeedState, run: str, stories: str = "") -> tuple[Sifted, ...]:
    """The entries of one feed, as the sifter hands them over, in stories of their own or in those of another run."""
    entries = []
    for number in range(ENTRIES):
        name = f"{feed.id}/{run}/{number}"
        link = _link(feed, run, number)
        text = Text(title=f"The council of harbour {name} meets again", summary=SUMMARY)
        entry = Entry(id=f"tag:{name}", link=link, text=text, authors=("A. Writer",), language="en", published_at=NOW)
        entries.append(
            Sifted(
                entry=entry,
                entry_key=f"id:tag:{name}",
                story_key=f"link:{link}" if stories in ("", run) else f"link:{_link(feed, stories, number)}",
                text_key=f"link:{link}",
                keys=(f"id:tag:{name}", f"link:{link}"),
                fingerprint=f"{name:0>32}",
                level=Level.NEW,
                reason="nothing known has its id, link or text",
                revision=1,
                sketch=SKETCH,
            )
        )
    return tuple(entries)


def poll_of(
    store: SqliteStore,
    feeds: tuple[FeedState, ...],
    run: str,
    *,
    is_fresh: bool,
    stories: str = "",
    is_told: bool = False,
) -> Poll:
    """A poll that asks all its questions and writes what was decided.

    `stories`: the run that founded the stories of its entries; with `is_told` a rule alerts on each.
    """

    documents = {feed.id: document(feed, run, stories) for feed in feeds}
    questions = {
        feed.id: Question(
            feed=feed.id,
            keys=frozenset(key for entry in documents[feed.id] for key in entry.keys),
            fingerprints=frozenset(entry.fingerprint for entry in documents[feed.id]),
            since=NOW - timedelta(hours=72),
        )
        for feed in feeds
    }

    async def poll(feed: FeedState) -> object:
        entries = documents[feed.id]

        is_asked = False

        def decide(known: Known) -> PollPlan | Inquiry:
            nonlocal is_asked
            if is_fresh and not is_asked:
                is_asked = True
                return Inquiry(stories=frozenset(entry.story_key for entry in entries))
            alerts = tuple(map(_alert, entries)) if is_told else ()
            at = NOW if is_fresh else NOW + timedelta(minutes=15)
            seen = tuple(entry.entry_key for entry in entries)
            sift = Sift(fresh=entries) if is_fresh else Sift(seen=seen)
            return PollPlan(
                feed=replace(known.feed, last_poll_at=at), at=at, sift=sift, outlets=("Outlet",), alerts=alerts
            )

        return await store.polls.commit(questions[feed.id], decide)

    return poll


def _link(feed: FeedState, run: str, number: int) -> str:
    return f"https://outlet-{feed.id}.example/2026/03/02/{run}/{number}"


def _alert(entry: Sifted) -> Alert:
    name = short_name(entry.story_key)
    content = AlertContent(title=entry.entry.text.title, outlets=("Outlet",), rule="harbours", text=entry.entry.text)
    return Alert(
        kind=AlertKind.FIRST,
        dedupe_key=f"first|{name}",
        public_id=PublicId(name),
        at=NOW,
        content=content,
        channels=("desk",),
        story_key=entry.story_key,
    )


def empty_poll_of(store: SqliteStore) -> Poll:
    """A 304."""

    async def poll(feed: FeedState) -> object:
        asked = Question(feed=feed.id, keys=frozenset(), fingerprints=frozenset(), since=NOW)
        return await store.polls.commit(asked, lambda known: PollPlan(feed=known.feed, at=NOW))

    return poll


async def one_by_one(feeds: tuple[FeedState, ...], poll: Poll) -> None:
    """Each poll waits for the one before."""
    for feed in feeds:
        await poll(feed)


async def together(feeds: tuple[FeedState, ...], poll: Poll, at_once: int = TOGETHER) -> None:
    """As many polls under way as the daemon allows."""
    waiting = list(feeds)

    async def work() -> None:
        while waiting:
            await poll(waiting.pop())

    await asyncio.gather(*(work() for _ in range(at_once)))


def bare(feeds: tuple[FeedState, ...], source: Path, target: Path) -> float:
    """The rows that `source` holds, written to a copy of its schema by nothing but executemany."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target, isolation_level=None)) as new:
        new.execute("PRAGMA journal_mode = wal")
        new.execute("PRAGMA synchronous = full")
        for (sql,) in old.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name NOT LIKE '\\_%' ESCAPE '\\'"
            " AND name NOT LIKE 'sqlite%'"
        ):
            new.execute(sql)
        rows = {feed.id: _rows_of(old, feed) for feed in feeds}
        before = (time.perf_counter(), time.process_time())
        for feed in feeds:
            new.execute("BEGIN IMMEDIATE")
            for table, (width, values) in rows[feed.id].items():
                places = ",".join("?" * width)
                new.executemany(f"INSERT INTO {table} VALUES ({places})", values)  # noqa: S608 - our own table names
            new.execute("COMMIT")
    return report("bare sqlite3, one by one", before, len(feeds), ENTRIES)


def report(what: str, before: tuple[float, float], polls: int, entries: int) -> float:
    """One line of figures; returns CPU seconds."""
    wall, cpu = time.perf_counter() - before[0], time.process_time() - before[1]
    rate = f"{polls * entries / wall:10,.0f} {polls * entries / cpu:12,.0f}" if entries else f"{'-':>10} {'-':>12}"
    print(f"{what:40} {polls / wall:10,.0f} {polls / cpu:12,.0f} {rate} {1e6 * cpu / polls:10,.0f}")
    return cpu


async def measure(folder: Path) -> None:
    """Print the table."""
    print(f"{FEEDS} feeds, {ENTRIES} entries a poll, sqlite {sqlite3.sqlite_version}")
    print(f"{'':40} {'polls/s':>10} {'polls/CPU s':>12} {'entries/s':>10} {'entries/CPU s':>12} {'µs CPU/poll':>10}")
    store = await SqliteStore.open(folder / "state")
    feeds = await store.polls.register([(f"https://outlet-{number}.example/rss", NOW) for number in range(FEEDS)])
    rounds = (
        ("new entries, one by one", one_by_one, poll_of(store, feeds, "a", is_fresh=True), ENTRIES),
        ("new entries, 64 at once", together, poll_of(store, feeds, "b", is_fresh=True), ENTRIES),
        ("of known stories, one by one", one_by_one, poll_of(store, feeds, "c", is_fresh=True, stories="a"), ENTRIES),
        (
            "with an alert each, one by one",
            one_by_one,
            poll_of(store, feeds, "d", is_fresh=True, is_told=True),
            ENTRIES,
        ),
        ("of told stories, one by one", one_by_one, poll_of(store, feeds, "e", is_fresh=True, stories="d"), ENTRIES),
        ("nothing new, one by one", one_by_one, poll_of(store, feeds, "a", is_fresh=False), 0),
        ("nothing new, 64 at once", together, poll_of(store, feeds, "b", is_fresh=False), 0),
        ("304, 4 at once", partial(together, at_once=4), empty_poll_of(store), 0),
        ("304, 64 at once", together, empty_poll_of(store), 0),
    )
    spent: dict[str, float] = {}
    for what, drive, poll, entries in rounds:
        before = (time.perf_counter(), time.process_time())
        await drive(feeds, poll)
        spent[what] = report(what, before, FEEDS, entries)
    await store.close()
    floor = bare(feeds, store.path, folder / "bare.db")
    for what in ("new entries, one by one", "new entries, 64 at once"):
        print(f"{what}: {spent[what] / floor:.2f} times the CPU of bare sqlite3")


def main() -> None:
    """Measure in the directory given, or in a temporary one."""
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder:
        asyncio.run(measure(Path(folder)))


def _rows_of(old: sqlite3.Connection, feed: FeedState) -> dict[str, tuple[int, list[tuple[object, ...]]]]:
    """What the first round wrote for one feed: its 30 entries and all that hangs on them."""
    entries = f"SELECT id FROM entry WHERE feed_id = {feed.id:d} ORDER BY id LIMIT {ENTRIES:d}"  # noqa: S608 - numbers
    selects = {
        "story": f"SELECT * FROM story WHERE id IN (SELECT story_id FROM entry WHERE id IN ({entries}))",  # noqa: S608
        "entry": f"SELECT * FROM entry WHERE id IN ({entries})",  # noqa: S608 - built of our own words
        "identity": f"SELECT * FROM identity WHERE entry_id IN ({entries})",  # noqa: S608 - the same
        "revision": f"SELECT * FROM revision WHERE entry_id IN ({entries})",  # noqa: S608 - the same
        "sighting": f"SELECT * FROM sighting WHERE entry_id IN ({entries})",  # noqa: S608 - the same
        "sketch": f"SELECT * FROM sketch WHERE entry_id IN ({entries})",  # noqa: S608 - the same
    }
    rows = {table: old.execute(select).fetchall() for table, select in selects.items()}
    return {table: (len(values[0]), values) for table, values in rows.items()}


if __name__ == "__main__":
    main()
