"""What an operator is told when SQLite or the disk fails."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import StoreBusy, StoreDamaged, StoreError, StoreUnwritable

_LOCKED = "another process keeps the database locked; nothing was written, try again"
_FULL = "the disk is full; nothing was written: make room and try again"
_FAULTY = "the disk reported a fault; nothing was written: look at the disk"
_CLOSED = "it cannot be opened or written: let this user write the state directory"

_TOLD: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (StoreBusy, _LOCKED),
    sqlite3.SQLITE_LOCKED: (StoreBusy, _LOCKED),
    sqlite3.SQLITE_PROTOCOL: (StoreBusy, _LOCKED),
    sqlite3.SQLITE_FULL: (StoreBusy, _FULL),
    sqlite3.SQLITE_IOERR: (StoreBusy, _FAULTY),
    sqlite3.SQLITE_READONLY: (StoreUnwritable, _CLOSED),
    sqlite3.SQLITE_CANTOPEN: (StoreUnwritable, _CLOSED),
    sqlite3.SQLITE_PERM: (StoreUnwritable, _CLOSED),
}


def store_error(error: Exception, path: Path) -> Exception:
    """The StoreError that an SQLite error amounts to, the original as its cause; other errors come back as they are.

    A broken constraint or a statement that cannot be read is a bug, not something an operator could mend.
    """
    # Errors that Python itself raises (a closed connection, a bad binding) carry no code.
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(error, sqlite3.Error) or code is None:
        return error
    # The low byte is the primary code; the rest says more than an operator needs.
    told = _tell(int(code) & 0xFF, error, path)
    if told is None:
        return error
    told.__cause__ = error
    return told


@contextmanager
def told_as_store_errors(path: Path) -> Iterator[None]:
    """Raise what SQLite or the system raises inside as the StoreError it amounts to."""
    try:
        yield
    except sqlite3.Error as error:
        told = store_error(error, path)
        if told is error:
            raise
        raise told from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StoreBusy(f"{path}: {_FULL}") from error
        raise StoreUnwritable(f"{path}: {error.strerror}: {_CLOSED}") from error


def damaged(path: Path, what: str) -> StoreDamaged:
    """The one line for a database that must not be used: only its owner may set the file aside."""
    return StoreDamaged(f"{path}: {what}; nothing was changed: restore a backup in its place")


def _tell(primary: int, error: sqlite3.Error, path: Path) -> StoreError | None:
    if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return damaged(path, str(error))
    if primary not in _TOLD:
        return None
    kind, what = _TOLD[primary]
    return kind(f"{path}: {what}")
