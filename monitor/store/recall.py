"""What likeness is rebuilt from when a process starts, on SQLite."""

import sqlite3
from datetime import datetime

from monitor.model.polls import FeedId
from monitor.model.stories import Home, Lexicon, Remembered
from monitor.store.moments import to_micros, to_moment
from monitor.store.queries import query
from monitor.store.rows import column
from monitor.store.thread import StoreThread

_EVER = 0
"""microseconds: whenever"""


class SqliteRecall:
    """Sketches and counts of words, read in portions; see `monitor.ports.Recall`."""

    def __init__(self, thread: StoreThread) -> None:
        """Work through this thread."""
        self._thread = thread

    async def lexicon(self) -> Lexicon:
        """The counts of words that were written last."""
        return await self._thread.read(_lexicon)

    async def entries(self, after: int, since: datetime, limit: int) -> tuple[Remembered, ...]:
        """Entries behind a place whose newest words came at `since` or later, in the order of places."""
        return await self._thread.read(lambda connection: _entries(connection, after, to_micros(since), limit))

    async def uncounted(self, after: int, limit: int) -> tuple[Remembered, ...]:
        """Entries behind a place, whenever they came, as far as their sketches are kept, in the order of places."""
        return await self._thread.read(lambda connection: _entries(connection, after, _EVER, limit))

    async def last_move(self) -> int:
        """Serial of the last move by hand; 0: there was none."""
        return (await self._thread.read(lambda connection: column(connection, "last_move", {})))[0]


def _lexicon(connection: sqlite3.Connection) -> Lexicon:
    row = connection.execute(query("lexicon")).fetchone()
    return Lexicon() if row is None else Lexicon(vocabulary=row[0], place=row[1])


def _entries(connection: sqlite3.Connection, after: int, since: int, limit: int) -> tuple[Remembered, ...]:
    asked = {"after": after, "since": since, "limit": limit}
    return tuple(
        Remembered(
            place=place,
            feed=FeedId(feed),
            entry_key=entry_key,
            home=Home(story_key=story_key, text_key=text_key),
            seen_at=to_moment(seen_at),
            sketch=sketch,
        )
        for place, feed, entry_key, story_key, text_key, seen_at, sketch in connection.execute(
            query("sketched_entries"), asked
        )
    )
