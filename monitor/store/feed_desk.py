"""What people do to polling by hand, on SQLite."""

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from monitor.model.polls import FeedState, Pause, PauseKind, Refresh
from monitor.model.views import FeedRow
from monitor.store.content import pack
from monitor.store.moments import to_micros, to_moment
from monitor.store.queries import query
from monitor.store.rows import feed_parameters, feed_state, pause_of
from monitor.store.thread import StoreThread


class SqliteFeedDesk:
    """Feeds hastened and paused; see `monitor.ports.FeedDesk`."""

    def __init__(self, thread: StoreThread) -> None:
        """Work through this thread."""
        self._thread = thread

    async def hasten(
        self, urls: Collection[str], decide: Callable[[FeedState, datetime | None], Refresh]
    ) -> tuple[Refresh, ...]:
        """Let `decide` say when each feed is polled, and write that; all in one transaction."""
        return await self._thread.write(lambda connection: _hasten(connection, urls, decide))

    async def look(self, urls: Collection[str]) -> tuple[FeedRow, ...]:
        """What is known of registered feeds."""
        return await self._thread.read(lambda connection: _look(connection, urls))

    async def pause(self, pause: Pause) -> None:
        """Let an outlet or a feed rest."""
        await self._thread.write(lambda connection: _pause(connection, pause))

    async def resume(self, kind: PauseKind, subject: str) -> Pause | None:
        """End a pause; the one that was ended."""
        return await self._thread.write(lambda connection: _resume(connection, kind, subject))


def _hasten(
    connection: sqlite3.Connection, urls: Collection[str], decide: Callable[[FeedState, datetime | None], Refresh]
) -> tuple[Refresh, ...]:
    rows = connection.execute(query("feeds_by_url"), {"urls": pack(urls)}).fetchall()
    refreshes = tuple(decide(feed_state(row[:-1]), to_moment(row[-1])) for row in rows)
    connection.executemany(query("save_feed"), [feed_parameters(one.feed) for one in refreshes])
    return refreshes


def _look(connection: sqlite3.Connection, urls: Collection[str]) -> tuple[FeedRow, ...]:
    asked = {"urls": pack(urls)}
    outlets: dict[str, list[str]] = {}
    for url, outlet in connection.execute(query("outlets_of_feeds"), asked):
        outlets.setdefault(url, []).append(outlet)
    pauses = tuple(map(pause_of, connection.execute(query("pauses"))))
    return tuple(
        _row(feed_state(row[:-1]), to_moment(row[-1]), outlets, pauses)
        for row in connection.execute(query("feeds_by_url"), asked).fetchall()
    )


def _row(
    state: FeedState, held_until: datetime | None, outlets: Mapping[str, Sequence[str]], pauses: Sequence[Pause]
) -> FeedRow:
    names = tuple(outlets.get(state.url, ()))
    own = {(PauseKind.FEED, state.url), *((PauseKind.OUTLET, name) for name in names)}
    return FeedRow(
        state=state,
        held_until=held_until,
        outlets=names,
        pauses=tuple(one for one in pauses if (one.kind, one.subject) in own),
    )


def _pause(connection: sqlite3.Connection, pause: Pause) -> None:
    row = {
        "kind": pause.kind.value,
        "subject": pause.subject,
        "at": to_micros(pause.at),
        "until": to_micros(pause.until),
        "by": pause.by,
    }
    connection.execute(query("add_pause"), row)


def _resume(connection: sqlite3.Connection, kind: PauseKind, subject: str) -> Pause | None:
    ended = connection.execute(query("end_pause"), {"kind": kind.value, "subject": subject}).fetchall()
    return pause_of(ended[0]) if ended else None
