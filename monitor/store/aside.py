"""Long work on a connection of its own, in a thread, so that polls go on; whoever gives up interrupts it."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

from monitor.store.failures import told_as_store_errors
from monitor.store.opening import open_database

T = TypeVar("T")


async def aside(path: Path, work: Callable[[sqlite3.Connection], T]) -> T:
    """Run `work` on a reading connection. Raises StoreError.

    A caller that is cancelled does not leave a thread behind that reads a gigabyte while the process wants to end.
    """
    connections: list[sqlite3.Connection] = []

    def run() -> T:
        with told_as_store_errors(path), closing(open_database(path, read_only=True)) as connection:
            connections.append(connection)
            return work(connection)

    try:
        return await asyncio.to_thread(run)
    except asyncio.CancelledError:
        for connection in connections:
            with suppress(sqlite3.ProgrammingError):  # it was closed in this moment
                connection.interrupt()
        raise
