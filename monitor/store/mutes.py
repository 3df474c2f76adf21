"""What people do not want to hear of, on SQLite."""

import sqlite3
from datetime import datetime

from monitor.model.holding import Mute, MuteKind
from monitor.store.moments import to_micros, to_moment
from monitor.store.queries import query
from monitor.store.thread import StoreThread


class SqliteMuteDesk:
    """What people do not want to hear of; see `monitor.ports.MuteDesk`."""

    def __init__(self, thread: StoreThread) -> None:
        """Work through this thread."""
        self._thread = thread

    async def mute(self, mute: Mute) -> None:
        """Hear no more of something; a mute of the same takes the place of an earlier one."""
        await self._thread.write(lambda connection: _mute(connection, mute))

    async def unmute(self, kind: MuteKind, subject: str) -> Mute | None:
        """End a mute; the one that was ended."""
        return await self._thread.write(lambda connection: _unmute(connection, kind, subject))

    async def mutes(self, now: datetime) -> tuple[Mute, ...]:
        """Those in force, by kind and subject."""
        return await self._thread.read(lambda connection: read_mutes(connection, to_micros(now)))


def read_mutes(connection: sqlite3.Connection, now: int | None) -> tuple[Mute, ...]:
    """Those in force at a moment; all that are remembered where none is given."""
    return tuple(_mute_of(row) for row in connection.execute(query("mutes"), {"now": now}))


def _mute(connection: sqlite3.Connection, mute: Mute) -> None:
    connection.execute(query("forget_mutes"), {"now": to_micros(mute.at)})
    row = {"kind": mute.kind.value, "subject": mute.subject, "at": to_micros(mute.at), "by": mute.by}
    connection.execute(query("add_mute"), row | {"until": to_micros(mute.until)})


def _unmute(connection: sqlite3.Connection, kind: MuteKind, subject: str) -> Mute | None:
    ended = connection.execute(query("end_mute"), {"kind": kind.value, "subject": subject}).fetchall()
    return _mute_of(ended[0]) if ended else None


def _mute_of(row: tuple[str, str, int, int | None, str]) -> Mute:
    kind, subject, at, until, by = row
    return Mute(kind=MuteKind(kind), subject=subject, at=to_moment(at), until=to_moment(until), by=by)
