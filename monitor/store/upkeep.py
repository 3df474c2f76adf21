"""What keeps the database sound over the years; see `monitor.ports.UpkeepStore`."""

import asyncio
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from monitor.model.upkeep import START, Kind, Portion, Swept
from monitor.store.aside import aside
from monitor.store.backups import is_due, place_for, thin, write_copy
from monitor.store.journal import Journal
from monitor.store.opening import check_pages
from monitor.store.sweeping import sweep
from monitor.store.thread import StoreThread


class SqliteUpkeep:
    """Sweeping goes through the writer; what takes long runs beside it on connections of its own."""

    def __init__(self, thread: StoreThread, path: Path, journal: Journal) -> None:
        """Work through this thread on this file."""
        self._thread = thread
        self._path = path
        self._journal = journal
        self._identity = _identity(path)

    async def sweep(self, portion: Portion, *, is_dry: bool = False) -> Swept:
        """Let go of what is spent in a portion, in one transaction; with `is_dry` only count it."""
        if is_dry:
            return await self._thread.read(lambda connection: sweep(connection, portion, is_dry=True))
        if portion.kind is Kind.ALERTS and portion.after == START:
            await asyncio.to_thread(self._journal.forget, portion.before)
        return await self._thread.write(lambda connection: sweep(connection, portion, is_dry=False))

    async def tidy(self) -> None:
        """Move what the log holds into the database, as far as nobody reads it; the log is then used anew."""
        await self._thread.outside(_checkpoint)

    async def check(self) -> None:
        """Read every page on a connection of its own, so that polls go on meanwhile; StoreDamaged if one is bad."""
        await aside(self._path, lambda connection: check_pages(connection, self._path))

    async def is_in_place(self) -> bool:
        """Whether the file that is open is still the one of its name."""
        return await asyncio.to_thread(_identity, self._path) == self._identity

    async def back_up(self, at: datetime, keep: int, every: timedelta | None = None) -> Path | None:
        """A copy in the folder for them, made and tried while polls go on; older ones beyond `keep` are removed."""
        state = self._path.parent
        if every is not None and not await asyncio.to_thread(is_due, state, at, every):
            return None
        target = place_for(state, at)
        await aside(self._path, lambda connection: write_copy(connection, self._path, target))
        await asyncio.to_thread(thin, state, keep)
        return target


def _checkpoint(connection: sqlite3.Connection) -> None:
    # PASSIVE waits for nobody: not for readers, and no poll waits for it longer than for its own sync.
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
