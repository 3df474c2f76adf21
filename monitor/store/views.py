"""Answers about the past on SQLite."""

import sqlite3
from collections.abc import Collection, Iterator

from monitor.model.alerts import DeliveryState
from monitor.model.holding import Circuit
from monitor.model.views import AlertRow, CircuitRow, DeliveryRow, History, Status
from monitor.store.content import pack
from monitor.store.moments import to_moment
from monitor.store.mutes import read_mutes
from monitor.store.queries import query
from monitor.store.rows import column, feed_state, pause_of, read_alerts, read_deliveries
from monitor.store.sightings import read_sightings
from monitor.store.thread import StoreThread
from monitor.store.troubles import read_troubles

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
        pauses=tuple(pause_of(row) for row in connection.execute(query("pauses"))),
        outlets=_outlets(connection),
        mutes=read_mutes(connection, None),
        circuits=tuple(_circuits(connection)),
        troubles=read_troubles(connection),
    )


def _circuits(connection: sqlite3.Connection) -> Iterator[CircuitRow]:
    for channel, refusals, since, state, due_at, error in connection.execute(query("circuits")):
        yield CircuitRow(
            channel=channel,
            circuit=Circuit(refusals=refusals, since=to_moment(since)),
            is_trying=state == DeliveryState.LEASED,
            due_at=to_moment(due_at),
            error=error or "",
        )


def _outlets(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    named: dict[str, tuple[str, ...]] = {}
    for url, outlet in connection.execute(query("feed_outlets")):
        named[url] = (*named.get(url, ()), outlet)
    return named


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
        sightings=read_sightings(connection, entries),
        alerts=tuple(read_alerts(connection, alerts).values()),
        deliveries=read_deliveries(connection, deliveries),
    )
