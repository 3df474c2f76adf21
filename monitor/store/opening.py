"""Whether the file may be used: ours, whole, not newer, and never silently begun anew.

A database is born under another name and gets its own only when it is complete; then a marker is laid beside it. So a
file of no length is never a beginning, and a marker without a database says that one has vanished.
"""

import os
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from monitor.errors import StoreError, StoreMissing, StoreTooNew
from monitor.store.connecting import PATIENCE, connect, settle_settings
from monitor.store.failures import damaged, told_as_store_errors
from monitor.store.migrating import migrate, read_migrations, version_of

APPLICATION_ID = 0x746F6373
"""`tocs` in ASCII: `file` and PRAGMA application_id tell our database from others"""

DATABASE = "tocsin.db"
"""the file's name in the state directory"""

_PARTS = ("", "-wal", "-shm")


def open_database(
    path: Path, *, expect_existing: bool = False, read_only: bool = False, patience: timedelta = PATIENCE
) -> sqlite3.Connection:
    """A connection to a database that was checked, in the present schema.

    Where there is none, it is made, unless `expect_existing` or `read_only` says otherwise: then StoreMissing. A
    read-only connection migrates nothing and skips the check of every page. Raises StoreDamaged, StoreTooNew,
    StoreUnwritable, StoreBusy; a file that is refused is left as it is.
    """
    with told_as_store_errors(path):
        if not path.exists():
            _refuse_vanished(path)
            if expect_existing or read_only:
                raise StoreMissing(f"{path}: there is no database yet: `tocsin run` or `tocsin once` makes it")
            _found(path, patience)
        if path.stat().st_size == 0:
            raise damaged(path, "the database was emptied (zero bytes)")
        if not read_only:
            _refuse_unsound(path, patience)
        connection = connect(path, read_only=read_only, patience=patience)
        try:
            if read_only:
                _examine_reading(connection, path)
            else:
                _examine_writing(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


def check_pages(connection: sqlite3.Connection, path: Path) -> None:
    """Read the whole file; StoreDamaged where a page contradicts another."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise damaged(path, f"the database is corrupt ({str(verdict).splitlines()[-1]})")


def examine_copy(connection: sqlite3.Connection, path: Path) -> None:
    """StoreDamaged or StoreTooNew unless this could be made the database: ours, whole, not newer."""
    _refuse_foreign(connection, path)
    _refuse_newer(connection, path, len(read_migrations()))
    if version_of(connection) < 1:
        raise damaged(path, "this database has no schema")
    check_pages(connection, path)


def marker_of(path: Path) -> Path:
    """The file that says: here was a database once."""
    return path.with_name(f"{path.name}.created")


def _refuse_unsound(path: Path, patience: timedelta) -> None:
    """Read every page on a connection that cannot write.

    A writing one would, as the last to close, move a log that was left over into a file that is to be kept as it is.
    """
    with closing(connect(path, read_only=True, patience=patience)) as connection:
        _refuse_foreign(connection, path)
        _refuse_newer(connection, path, len(read_migrations()))
        check_pages(connection, path)


def _examine_writing(connection: sqlite3.Connection, path: Path) -> None:
    migrations = read_migrations()
    _refuse_foreign(connection, path)
    _refuse_newer(connection, path, len(migrations))
    settle_settings(connection, path)
    migrate(connection, migrations)
    _refuse_gaps(connection, path)
    for part in _PARTS:
        file = path.with_name(path.name + part)
        if file.exists() and file.stat().st_mode & 0o077:
            file.chmod(0o600)
    _mark(path)


def _examine_reading(connection: sqlite3.Connection, path: Path) -> None:
    newest = len(read_migrations())
    _refuse_foreign(connection, path)
    _refuse_newer(connection, path, newest)
    if version_of(connection) < newest:
        raise StoreError(f"{path}: the database is of an older tocsin: `tocsin once` brings it up to date")
    settle_settings(connection, path, read_only=True)
    _refuse_gaps(connection, path)


def _found(path: Path, patience: timedelta) -> None:
    """Make a complete database under another name, then give it its own."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    newborn = path.with_name(f"{path.name}.new")
    for part in _PARTS:
        newborn.with_name(newborn.name + part).unlink(missing_ok=True)
    os.close(os.open(newborn, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection = connect(newborn, patience=patience)
    try:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
        settle_settings(connection, newborn)
        migrate(connection, read_migrations())
    finally:
        connection.close()
    to_disk(newborn)
    newborn.rename(path)
    to_disk(path.parent)


def _mark(path: Path) -> None:
    marker = marker_of(path)
    if marker.exists():
        return
    text = f"{path.name} was created in this directory. While this file is here, a missing database is a lost one.\n"
    descriptor = os.open(marker, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    to_disk(marker)
    to_disk(path.parent)


def to_disk(path: Path) -> None:
    """Sync a file or folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_vanished(path: Path) -> None:
    traces = [marker_of(path), path.with_name(f"{path.name}-wal")]
    for trace in traces:
        if trace.exists():
            raise damaged(
                path, f"the database is gone, though {trace.name} shows there was one (to begin anew, remove that)"
            )


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise damaged(path, "this is not a database of tocsin")


def _refuse_newer(connection: sqlite3.Connection, path: Path, newest: int) -> None:
    version = version_of(connection)
    if version > newest:
        raise StoreTooNew(
            f"{path}: the database has schema {version}, this tocsin knows {newest}: use the newer tocsin"
        )


def _refuse_gaps(connection: sqlite3.Connection, path: Path) -> None:
    schema = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
    wanted = set(re.findall(r"^CREATE (?:TABLE|INDEX) (\w+)", schema, re.MULTILINE))
    present = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    missing = sorted(wanted - present)
    if missing:
        raise damaged(path, f"the database lacks {', '.join(missing)}")
