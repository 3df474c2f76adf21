"""Which domains count as one server, on SQLite."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from monitor.store.moments import to_micros, to_moment
from monitor.store.queries import query
from monitor.store.thread import StoreThread


class SqliteRefusals:
    """What servers have refused together; see `monitor.ports.RefusalStore`."""

    def __init__(self, thread: StoreThread) -> None:
        """Work through this thread."""
        self._thread = thread

    async def note(self, domain: str, at: datetime, *, since: datetime) -> None:
        """A domain that counts as one server has refused; one that has been well since a moment is forgotten."""
        await self._thread.write(lambda connection: _note(connection, domain, at, since), is_patient=True)

    async def known(self, since: datetime) -> Mapping[str, datetime]:
        """The domains that have refused after a moment, and when they did last."""
        return await self._thread.read(lambda connection: _known(connection, since))


def _note(connection: sqlite3.Connection, domain: str, at: datetime, since: datetime) -> None:
    connection.execute(query("forget_one_servers"), {"since": to_micros(since)})
    connection.execute(query("note_one_server"), {"domain": domain, "at": to_micros(at)})


def _known(connection: sqlite3.Connection, since: datetime) -> dict[str, datetime]:
    rows = connection.execute(query("one_servers"), {"since": to_micros(since)})
    return {domain: to_moment(at) for domain, at in rows}
