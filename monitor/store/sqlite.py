"""The store on SQLite: one file, one thread, a few narrow ports."""

from datetime import timedelta
from pathlib import Path

from monitor.store.annals import SqliteAnnals
from monitor.store.archive import SqliteArchive
from monitor.store.connecting import PATIENCE
from monitor.store.feed_desk import SqliteFeedDesk
from monitor.store.journal import Journal
from monitor.store.mutes import SqliteMuteDesk
from monitor.store.opening import DATABASE, open_database
from monitor.store.outbox import SqliteOutbox
from monitor.store.outbox_desk import SqliteOutboxDesk
from monitor.store.polls import SqlitePolls
from monitor.store.recall import SqliteRecall
from monitor.store.reconciling import reconcile
from monitor.store.refusals import SqliteRefusals
from monitor.store.silence import SqliteSilence
from monitor.store.sorting import SqliteSorting
from monitor.store.story_desk import SqliteStoryDesk
from monitor.store.thread import StoreThread
from monitor.store.troubles import SqliteTroubles
from monitor.store.upkeep import SqliteUpkeep
from monitor.store.views import SqliteViews


class SqliteStore:
    """A database that is open, and its ports: what the daemon works with, and the desks of people."""

    def __init__(self, path: Path, thread: StoreThread) -> None:
        """Unite the ports over a thread that runs; use `open`."""
        self.path = path
        self.polls = SqlitePolls(thread)
        self.refusals = SqliteRefusals(thread)
        journal = Journal(path.parent)
        self.outbox = SqliteOutbox(thread, journal)
        self.sorting = SqliteSorting(thread)
        self.views = SqliteViews(thread)
        self.archive = SqliteArchive(thread)
        self.annals = SqliteAnnals(thread)
        self.recall = SqliteRecall(thread)
        self.feed_desk = SqliteFeedDesk(thread)
        self.outbox_desk = SqliteOutboxDesk(thread)
        self.mute_desk = SqliteMuteDesk(thread)
        self.story_desk = SqliteStoryDesk(thread)
        self.troubles = SqliteTroubles(thread, path)
        self.silence = SqliteSilence(thread)
        self.upkeep = SqliteUpkeep(thread, path, journal)
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
        store = cls(path, thread)
        if not read_only:
            try:
                await thread.write(lambda connection: reconcile(connection, Journal(state_dir)))
            except BaseException:
                await store.close()
                raise
        return store

    async def close(self) -> None:
        """Finish what was asked for, then close the database."""
        await self._thread.close()
