"""The store on SQLite: one file, one thread, a few narrow ports."""

import asyncio
from datetime import timedelta
from pathlib import Path

from monitor.store.archive import SqliteArchive
from monitor.store.connecting import PATIENCE
from monitor.store.failures import told_as_store_errors
from monitor.store.feed_desk import SqliteFeedDesk
from monitor.store.opening import DATABASE, check_pages, open_database
from monitor.store.outbox import SqliteOutbox
from monitor.store.outbox_desk import SqliteOutboxDesk
from monitor.store.polls import SqlitePolls
from monitor.store.thread import StoreThread
from monitor.store.views import SqliteViews


class SqliteStore:
    """A database that is open, and its ports: what the daemon works with, and the desks of people."""

    def __init__(self, path: Path, thread: StoreThread) -> None:
        """Unite the ports over a thread that runs; use `open`."""
        self.path = path
        self.polls = SqlitePolls(thread)
        self.outbox = SqliteOutbox(thread)
        self.views = SqliteViews(thread)
        self.archive = SqliteArchive(thread)
        self.feed_desk = SqliteFeedDesk(thread)
        self.outbox_desk = SqliteOutboxDesk(thread)
        self._thread = thread

    @classmethod
    async def open(
        cls, state_dir: Path, create: bool = True, *, read_only: bool = False, patience: timedelta = PATIENCE
    ) -> "SqliteStore":
        """Open the database of a state directory, making it where there never was one and `create` allows.

        `read_only` is for commands that look while a daemon runs: no migration, no writing, StoreMissing where there
        is none. `patience` is how long a call waits for another process that writes. Raises StoreError.
        """
        path = state_dir / DATABASE
        thread = StoreThread(path)
        await thread.start(
            lambda: open_database(path, expect_existing=not create, read_only=read_only, patience=patience)
        )
        return cls(path, thread)

    async def check(self) -> None:
        """Read every page on a connection of its own, so that polls go on meanwhile; StoreDamaged if one is bad."""
        await asyncio.to_thread(_check, self.path)

    async def close(self) -> None:
        """Finish what was asked for, then close the database."""
        await self._thread.close()


def _check(path: Path) -> None:
    connection = open_database(path, read_only=True)
    try:
        with told_as_store_errors(path):
            check_pages(connection, path)
    finally:
        connection.close()
