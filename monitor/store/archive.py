"""Single things told whole, on SQLite."""

import sqlite3
from datetime import datetime

from monitor.model.alerts import Attempt, Settlement
from monitor.model.moves import Hand
from monitor.model.views import AlertRow, DeliveryHistory, Merger, Named, StoryHistory, StoryRow
from monitor.store.content import pack, unpack
from monitor.store.moments import to_micros, to_moment
from monitor.store.queries import query
from monitor.store.rows import column, read_alerts, read_deliveries
from monitor.store.sightings import read_sightings
from monitor.store.thread import StoreThread

_NAMES = {
    Named.ALERT: "alert_names",
    Named.STORY: "story_names",
    Named.DELIVERY: "delivery_names",
}
_BEYOND = "\U0010ffff"  # sorts behind whatever an id may go on with


class SqliteArchive:
    """Alerts, deliveries and stories by their public ids; see `monitor.ports.Archive`."""

    def __init__(self, thread: StoreThread) -> None:
        """Work through this thread."""
        self._thread = thread

    async def names(self, what: Named, prefix: str, limit: int) -> tuple[str, ...]:
        """Public ids of that kind which begin with `prefix`, in order."""
        asked = {"first": prefix, "beyond": prefix + _BEYOND, "limit": limit}
        return await self._thread.read(
            lambda connection: tuple(row[0] for row in connection.execute(query(_NAMES[what]), asked))
        )

    async def alert(self, public_id: str) -> AlertRow | None:
        """The alert of that public id."""
        return await self._thread.read(lambda connection: _alert(connection, public_id))

    async def deliveries(self, public_id: str) -> tuple[DeliveryHistory, ...]:
        """The deliveries of the alert, or of the message, of that public id, oldest first."""
        return await self._thread.read(lambda connection: _deliveries(connection, public_id))

    async def stories(self, limit: int, since: datetime | None, outlet: str) -> tuple[StoryRow, ...]:
        """Newest first."""
        asked: dict[str, object] = {"limit": limit, "since": to_micros(since), "outlet": outlet}
        return await self._thread.read(
            lambda connection: _stories(connection, column(connection, "newest_stories", asked))
        )

    async def story(self, public_id: str) -> StoryHistory | None:
        """The story of that public id."""
        return await self._thread.read(lambda connection: _story(connection, public_id))


def _alert(connection: sqlite3.Connection, public_id: str) -> AlertRow | None:
    rows = read_alerts(connection, column(connection, "alert_of_name", {"public_id": public_id}))
    return next(iter(rows.values()), None)


def _deliveries(connection: sqlite3.Connection, public_id: str) -> tuple[DeliveryHistory, ...]:
    ids = column(connection, "deliveries_of_name", {"public_id": public_id})
    asked = {"ids": pack(ids)}
    marks = {row[0]: row[1:] for row in connection.execute(query("message_marks"), asked)}
    attempts: dict[int, list[Attempt]] = {}
    for delivery, number, at, outcome, reason, took_ms in connection.execute(query("attempts_of_deliveries"), asked):
        attempt = Attempt(number=number, at=to_moment(at), outcome=Settlement(outcome), reason=reason, took_ms=took_ms)
        attempts.setdefault(delivery, []).append(attempt)
    return tuple(
        DeliveryHistory(
            delivery=row,
            is_repeat=bool(marks.get(row.id, (0, 0))[0]),
            is_dropped=bool(marks.get(row.id, (0, 0))[1]),
            attempts=tuple(attempts.get(row.id, ())),
        )
        for row in read_deliveries(connection, ids)
    )


def _stories(connection: sqlite3.Connection, ids: list[int]) -> tuple[StoryRow, ...]:
    return tuple(
        StoryRow(
            public_id=public_id,
            story_key=story_key,
            founded_at=to_moment(founded_at),
            title=title,
            entries=entries,
            outlets=tuple(sorted(unpack(outlets))),
            alerts=alerts,
        )
        for public_id, story_key, founded_at, title, entries, outlets, alerts in connection.execute(
            query("stories_by_id"), {"ids": pack(ids)}
        )
    )


def _story(connection: sqlite3.Connection, public_id: str) -> StoryHistory | None:
    ids = column(connection, "story_of_name", {"public_id": public_id})[:1]
    if not ids:
        return None
    alerts = column(connection, "alerts_of_stories_or_link", {"stories": pack(ids), "link": ""})
    return StoryHistory(
        story=_stories(connection, ids)[0],
        sightings=read_sightings(
            connection, connection.execute(query("sightings_of_story"), {"story": ids[0]}).fetchall()
        ),
        alerts=tuple(read_alerts(connection, alerts).values()),
        merged=_merger(connection, ids[0]),
    )


def _merger(connection: sqlite3.Connection, story: int) -> Merger | None:
    row = connection.execute(query("merger_of_story"), {"story": story}).fetchone()
    return None if row is None else Merger(into=row[0], hand=Hand(at=to_moment(row[1]), by=row[2]))
