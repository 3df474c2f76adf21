"""A connection with the settings that our promises rest on, each asserted."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from monitor.errors import StoreUnwritable

PATIENCE = timedelta(seconds=5)
"""how long a call waits for another process that writes; less than the grace at shutdown"""

_FULL = 2
_WAL_LIMIT = 64 * 1024 * 1024
"""bytes that the write-ahead log may keep after a checkpoint (reliability.md, R32)"""


def connect(path: Path, *, read_only: bool = False, patience: timedelta = PATIENCE) -> sqlite3.Connection:
    """A plain connection to an existing file: transactions are begun by hand, nothing was checked yet."""
    mode = "ro" if read_only else "rw"
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=patience.total_seconds(),
        isolation_level=None,
        cached_statements=256,
    )


def settle_settings(connection: sqlite3.Connection, path: Path, *, read_only: bool = False) -> None:
    """Make the connection durable: write-ahead log, FULL, foreign keys; StoreUnwritable if it cannot be."""
    if not read_only:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT:d}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -8000")
    wanted = (("journal_mode", "wal"), ("synchronous", _FULL), ("foreign_keys", 1))
    for name, value in wanted:
        (actual,) = connection.execute(f"PRAGMA {name}").fetchone()
        if actual != value:
            raise StoreUnwritable(f"{path}: {name} is {actual}, not {value}: keep the state on a local disk")
