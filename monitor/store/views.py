"""Answers about the past on SQLite."""

import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeVar

from monitor.model.entries import Text
from monitor.model.rules import Match, RuleName, View
from monitor.model.views import AlertRow, DeliveryRow, History, Sighting, Status
from monitor.store.content import pack, unpack, unpack_evidence
from monitor.store.moments import to_moment
from monitor.store.queries import query
from monitor.store.rows import Row, column, feed_state, read_alerts, read_deliveries
from monitor.store.thread import StoreThread

T = TypeVar("T")

_LAST_FEW = 5


class SqliteViews:
    """Answers about the past, for people; see `monitor.ports.ViewStore`."""

    def __init__(self, thread: StoreThread) -> None:
        """Work through this thread."""
        self._thread = thread

    async def status(self) -> Status:
        """Registered feeds, counts and the last alerts."""
        return await self._thread.read(_status)

    async def alerts(self, limit: int) -> tuple[AlertRow, ...]:
        """Newest first."""
        return await self._thread.read(lambda connection: _newest_alerts(connection, limit))

    async def outbox(self, limit: int, states: Collection[str]) -> tuple[DeliveryRow, ...]:
        """Deliveries in these states, oldest first."""
        return await self._thread.read(lambda connection: _outbox(connection, limit, states))

    async def history(self, link_key: str, link: str) -> History:
        """Everything known of an entry with this canonical link key, or of an alert with this link."""
        return await self._thread.read(lambda connection: _history(connection, link_key, link))


def _status(connection: sqlite3.Connection) -> Status:
    feeds = tuple(feed_state(row) for row in connection.execute(query("registered_feeds")))
    counts = tuple((channel, state, count) for channel, state, count in connection.execute(query("delivery_counts")))
    return Status(
        feeds=feeds,
        deliveries=counts,
        entries=column(connection, "entry_count", {})[0],
        stories=column(connection, "story_count", {})[0],
        alerts=_newest_alerts(connection, _LAST_FEW),
    )


def _newest_alerts(connection: sqlite3.Connection, limit: int) -> tuple[AlertRow, ...]:
    ids = column(connection, "newest_alerts", {"limit": limit})
    return tuple(read_alerts(connection, ids).values())


def _outbox(connection: sqlite3.Connection, limit: int, states: Collection[str]) -> tuple[DeliveryRow, ...]:
    ids = column(connection, "deliveries_in_states", {"limit": limit, "states": pack(states)})
    return read_deliveries(connection, ids)


def _history(connection: sqlite3.Connection, link_key: str, link: str) -> History:
    entries = connection.execute(query("sightings_of_link"), {"link_key": link_key}).fetchall()
    stories = dict.fromkeys(row[2] for row in entries)
    alerts = column(connection, "alerts_of_stories_or_link", {"stories": pack(stories), "link": link})
    deliveries = column(connection, "deliveries_of_alerts", {"ids": pack(alerts)})
    return History(
        link=link,
        sightings=_sightings(connection, entries),
        alerts=tuple(read_alerts(connection, alerts).values()),
        deliveries=read_deliveries(connection, deliveries),
    )


def _sightings(connection: sqlite3.Connection, entries: list[Row]) -> tuple[Sighting, ...]:
    asked = {"ids": pack(row[0] for row in entries)}
    outlets = _by_entry((row[0], row[1]) for row in connection.execute(query("outlets_of_entries"), asked))
    revisions = _by_entry((row[0], row) for row in connection.execute(query("revisions_of_entries"), asked))
    matches = _by_entry(
        (row[0], (row[1], Match(rule=RuleName(row[2]), evidence=unpack_evidence(row[3]))))
        for row in connection.execute(query("matches_of_entries"), asked)
    )
    return tuple(
        Sighting(
            feed_url=feed_url,
            outlets=tuple(outlets.get(entry, ())),
            story_key=story_key,
            level=level,
            reason=reason,
            is_baseline=bool(is_baseline),
            first_seen_at=to_moment(first_seen_at),
            last_seen_at=to_moment(last_seen_at),
            revisions=tuple(_revision(row, tuple(outlets.get(entry, ()))) for row in revisions.get(entry, ())),
            matches=tuple(matches.get(entry, ())),
        )
        for entry, feed_url, _, story_key, level, reason, is_baseline, first_seen_at, last_seen_at in entries
    )


def _by_entry(pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    grouped: dict[int, list[T]] = {}
    for entry, value in pairs:
        grouped.setdefault(entry, []).append(value)
    return grouped


def _revision(row: Row, outlets: tuple[str, ...]) -> tuple[int, datetime, View]:
    _, number, seen_at, published_at, link, language, authors, categories, title, summary, body = row
    view = View(
        text=Text(title=title, summary=summary, body=body),
        outlets=outlets,
        language=language,
        link=link,
        authors=unpack(authors),
        categories=unpack(categories),
        published_at=to_moment(published_at),
    )
    return number, to_moment(seen_at), view
