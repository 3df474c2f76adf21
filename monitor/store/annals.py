"""What entries said in the past, on SQLite."""

import sqlite3
from datetime import datetime

from monitor.model.entries import Text
from monitor.model.past import Extent, PastRevision
from monitor.model.rules import View
from monitor.store.content import pack, unpack
from monitor.store.moments import to_micros, to_moment
from monitor.store.queries import query
from monitor.store.rows import Row
from monitor.store.thread import StoreThread


class SqliteAnnals:
    """The past, read in portions; see `monitor.ports.Annals`."""

    def __init__(self, thread: StoreThread) -> None:
        """Work through this thread."""
        self._thread = thread

    async def extent(self) -> Extent:
        """Where it begins and ends at this moment."""
        return await self._thread.read(_extent)

    async def revisions(
        self, places: tuple[int, int], since: datetime, until: datetime | None
    ) -> tuple[PastRevision, ...]:
        """Those between two places, the second left out, that were seen at `since` or later and before `until`."""
        asked = {"first": places[0], "beyond": places[1], "since": to_micros(since), "until": to_micros(until)}
        return await self._thread.read(lambda connection: _revisions(connection, asked))


def _extent(connection: sqlite3.Connection) -> Extent:
    first, last = connection.execute(query("past_extent")).fetchone()
    return Extent(first=0, last=-1) if first is None else Extent(first=first, last=last)


def _revisions(connection: sqlite3.Connection, asked: dict[str, int | None]) -> tuple[PastRevision, ...]:
    rows = connection.execute(query("past_revisions"), asked).fetchall()
    outlets: dict[int, list[str]] = {}
    entries = {"ids": pack(dict.fromkeys(row[0] for row in rows))}
    for entry, outlet in connection.execute(query("outlets_of_entries"), entries):
        outlets.setdefault(entry, []).append(outlet)
    return tuple(_revision(row, tuple(outlets.get(row[0], ()))) for row in rows)


def _revision(row: Row, outlets: tuple[str, ...]) -> PastRevision:
    entry, story, story_key, text_key, feed_url, number, seen_at, is_baseline, published_at, link, language, *rest = row
    authors, categories, title, summary, body, is_worded, *earlier = rest
    view = View(
        text=Text(title=title, summary=summary, body=body),
        outlets=outlets,
        language=language,
        link=link,
        authors=unpack(authors),
        categories=unpack(categories),
        published_at=to_moment(published_at),
    )
    return PastRevision(
        entry=entry,
        story=story,
        story_key=story_key,
        text_key=text_key,
        feed_url=feed_url,
        number=number,
        seen_at=to_moment(seen_at),
        is_baseline=bool(is_baseline),
        view=view,
        previous=None if earlier[0] is None else Text(title=earlier[0], summary=earlier[1], body=earlier[2]),
        is_worded=bool(is_worded),
    )
