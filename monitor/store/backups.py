"""Whole copies of the database: made while it is written to, tried before they get their name, and put back."""

import os
import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from monitor.errors import InputUnreadable, OutputUnwritable, StoreDamaged
from monitor.store.connecting import connect
from monitor.store.failures import damaged, told_as_store_errors
from monitor.store.opening import APPLICATION_ID, DATABASE, examine_copy, marker_of, to_disk

FOLDER = "backups"
"""beside the database"""

_NAME = re.compile(r"tocsin-(\d{8}T\d{6})Z\.db")
_FORM = "tocsin-%Y%m%dT%H%M%SZ.db"
_HEAD = 72  # bytes, of which the last four are the application id


def place_for(state: Path, at: datetime) -> Path:
    """Where the copy of this moment goes."""
    return state / FOLDER / at.strftime(_FORM)


def copies(state: Path) -> list[Path]:
    """The copies made so far, the oldest first; other files in their folder are not ours to touch."""
    return sorted(file for file in (state / FOLDER).glob("tocsin-*.db") if _NAME.fullmatch(file.name))


def is_due(state: Path, at: datetime, every: timedelta) -> bool:
    """Whether the newest copy is older than this, or was made in a future that the clock has taken back."""
    made = copies(state)
    if not made:
        return True
    newest = datetime.strptime(f"{made[-1].stem}+0000", "tocsin-%Y%m%dT%H%M%SZ%z")
    return not newest <= at < newest + every


def thin(state: Path, keep: int) -> list[Path]:
    """Remove all but the newest copies; returns those removed. Raises StoreError."""
    spent = copies(state)[: -max(keep, 1)]
    for file in spent:
        with told_as_store_errors(file):
            file.unlink(missing_ok=True)
    return spent


def write_copy(connection: sqlite3.Connection, source: Path, target: Path) -> None:
    """Copy what is committed at one moment to `target`, whole or not at all.

    A file of that name is replaced if it is a copy as well. Raises OutputUnwritable where it is anything else, and
    StoreError where the copy cannot be written or is not whole.
    """
    refuse_foreign(source, target)
    part = target.with_name(f".{target.name}.part")
    try:
        with told_as_store_errors(target):
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            connection.execute("VACUUM INTO ?", (str(part),))
            to_disk(part)
            with closing(connect(part, read_only=True)) as copy:
                examine_copy(copy, target)
            part.rename(target)
            to_disk(target.parent)
    finally:
        part.unlink(missing_ok=True)


def refuse_foreign(source: Path, target: Path) -> None:
    """OutputUnwritable where a copy would take the place of something that is no copy."""
    if not target.exists():
        return
    if target.samefile(source) or marker_of(target).exists():
        raise OutputUnwritable(f"{target}: this is a database at work: name another file")
    if not target.is_file() or not _is_ours(target):
        raise OutputUnwritable(f"{target}: there is something else of that name: name another file")


def put_back(copy: Path, state: Path, at: datetime) -> Path | None:
    """Make a copy the database of a state directory; returns where the one before is kept, None: there was none.

    The caller holds the directory's lock. Raises InputUnreadable, StoreDamaged, StoreTooNew or StoreError; then the
    database is as it was. A copy of an older schema is brought up to date by the next start.
    """
    path = state / DATABASE
    if not copy.is_file():
        raise InputUnreadable(f"{copy}: there is no such file")
    if path.exists() and copy.samefile(path):
        raise InputUnreadable(f"{copy}: this is the database itself: name a backup")
    part = path.with_name(f".{DATABASE}.restored")
    try:
        with told_as_store_errors(copy):
            _examined(copy)
            _clone(copy, part)
            kept = _set_aside(path, at)
            part.rename(path)
            to_disk(state)
    finally:
        for end in ("", "-wal", "-shm"):
            part.with_name(part.name + end).unlink(missing_ok=True)
    return kept


def _examined(copy: Path) -> None:
    if copy.stat().st_size == 0:
        raise StoreDamaged(f"{copy}: the file is empty: choose another backup")
    with closing(connect(copy, read_only=True)) as connection:
        examine_copy(connection, copy)


def _clone(copy: Path, part: Path) -> None:
    """What was committed to the copy, its own log included, if somebody worked on it."""
    for end in ("", "-wal", "-shm"):
        part.with_name(part.name + end).unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(connect(copy, read_only=True)) as reading:
        reading.execute("VACUUM INTO ?", (str(part),))
    with closing(connect(part)) as writing:
        writing.execute("PRAGMA journal_mode = wal")  # a packed copy has none, and commands that only look set none
    to_disk(part)
    with closing(connect(part, read_only=True)) as connection:
        examine_copy(connection, copy)


def _set_aside(path: Path, at: datetime) -> Path | None:
    """Give the present database another name, its log with it: the log last, since a database without it lacks news.

    A crash in between leaves a directory whose marker says that a database is missing: nothing begins anew by itself.
    """
    if not path.exists():
        return None
    kept = path.with_name(f"{DATABASE}.before-restore-{at:%Y%m%dT%H%M%SZ}")
    if kept.exists():
        raise damaged(kept, "a database was set aside in this very second: try again")
    for end in ("", "-wal", "-shm"):
        file = path.with_name(path.name + end)
        if file.exists():
            file.rename(kept.with_name(kept.name + end))
    to_disk(path.parent)
    return kept


def _is_ours(file: Path) -> bool:
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION_ID.to_bytes(4, "big")
