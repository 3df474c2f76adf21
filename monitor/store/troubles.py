"""What is wrong with ourselves, on SQLite and on the disk it lies on."""

import asyncio
import json
import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

from monitor.model.alerts import Alert
from monitor.model.troubles import Cause, FeedHealth, Room, Trouble
from monitor.store.content import pack
from monitor.store.moments import to_micros, to_moment
from monitor.store.queries import query
from monitor.store.rows import column, feed_state, pause_of
from monitor.store.thread import StoreThread


class SqliteTroubles:
    """See `monitor.ports.TroubleStore`."""

    def __init__(self, thread: StoreThread, path: Path) -> None:
        """Work through this thread on this file."""
        self._thread = thread
        self._path = path

    async def known(self) -> tuple[Trouble, ...]:
        """What was told and is not over, oldest first."""
        return await self._thread.read(read_troubles)

    async def feeds(self) -> FeedHealth:
        """How the feeds of the configuration fare."""
        return await self._thread.read(_feeds)

    async def refusing(self) -> tuple[str, ...]:
        """Names of the channels that refused what they were sent last."""
        return await self._thread.read(lambda connection: tuple(_names(connection)))

    async def alerts_since(self, since: datetime) -> int:
        """How many alerts on news were raised since then."""
        asked: dict[str, object] = {"since": to_micros(since)}
        return await self._thread.read(lambda connection: column(connection, "alerts_since", asked)[0])

    async def room(self) -> Room:
        """What is left where the database lies."""
        usage = await asyncio.to_thread(shutil.disk_usage, self._path.parent)
        return Room(free=usage.free, whole=usage.total)


def note_troubles(connection: sqlite3.Connection, alert: Alert) -> None:
    """Write what an alert begins and ends; the caller holds the transaction."""
    begun = [
        (one.cause.value, one.subject, one.about, to_micros(one.since), to_micros(alert.at), pack(one.channels))
        for one in alert.begins
    ]
    connection.executemany(query("begin_trouble"), begun)
    connection.executemany(query("end_trouble"), [(one.cause.value, one.subject) for one in alert.ends])


def read_troubles(connection: sqlite3.Connection) -> tuple[Trouble, ...]:
    """What was told and is not over, oldest first."""
    return tuple(
        Trouble(
            cause=Cause(cause),
            subject=subject,
            about=about,
            since=to_moment(since),
            told_at=to_moment(told_at),
            channels=tuple(json.loads(channels)),
        )
        for cause, subject, about, since, told_at, channels in connection.execute(query("troubles"))
    )


def _feeds(connection: sqlite3.Connection) -> FeedHealth:
    return FeedHealth(
        feeds=column(connection, "feed_count", {})[0],
        failing=tuple(feed_state(row) for row in connection.execute(query("failing_feeds"))),
        empty=tuple(feed_state(row) for row in connection.execute(query("empty_feeds"))),
        strange=tuple(feed_state(row) for row in connection.execute(query("strange_feeds"))),
        pauses=tuple(pause_of(row) for row in connection.execute(query("pauses"))),
    )


def _names(connection: sqlite3.Connection) -> list[str]:
    return [channel for (channel,) in connection.execute(query("refusing_channels"))]
