"""Migrations killed at every statement, from every older schema with data in it (R9)."""

import os
import re
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest

from monitor.store.migrating import migrate, read_migrations, version_of
from monitor.store.opening import APPLICATION_ID, DATABASE, open_database

_MOST = 500
_DATA = """
INSERT INTO feed (id, url, origin, next_poll_at) VALUES (1, 'https://north.example/rss', 'https://north.example:443', 5);
INSERT INTO story (id, story_key, founded_at) VALUES (1, 'link:https://north.example/1', 7), (2, 'link:https://north.example/2', 8);
INSERT INTO entry (id, feed_id, entry_key, story_id, revision, fingerprint, is_baseline, level, reason, first_seen_at, last_seen_at) VALUES (1, 1, 'id:1', 1, 1, 'print', 0, 'new', 'because', 7, 9), (2, 1, 'id:2', 2, 1, 'other', 1, 'new', 'because', 8, 8);
INSERT INTO identity VALUES ('id:1', 1, 1), ('id:2', 1, 2);
INSERT INTO revision (entry_id, number, fingerprint, seen_at, link, language, authors, categories, title, summary, body)
VALUES (1, 1, 'print', 7, 'https://north.example/1', 'en', '[]', '[]', 'One', 'A', 'B');
INSERT INTO sighting VALUES (1, 'North');
INSERT INTO match VALUES (1, 1, 'bridges', 'cafe', '[]', 1);
INSERT INTO alert VALUES (1, 'first', 'first|bridges|link', 'abc', 'bridges', 1, 'normal', 9, 'One', '', '{"text":["","",""]}');
INSERT INTO message (id, channel, public_id, state, due_at, form, created_at) VALUES (1, 'desk', 'abc', 'pending', 9, 'full', 9);
INSERT INTO delivery (id, alert_id, channel, state, message_id, created_at) VALUES (1, 1, 'desk', 'pending', 1, 9);
"""  # noqa: E501 - rows are read best in one line
_TABLES = ("feed", "story", "entry", "identity", "revision", "sighting", "match", "alert", "message", "delivery")


def kill_at_every_statement(folder: Path) -> tuple[int, list[str]]:
    """How many kills there were, and what was wrong after any of them. The process must have one thread.

    From the oldest schema the kills go through all migrations, from every other through the next one: what comes after
    that is what the schema after it is killed in.
    """
    newest = len(read_migrations())
    kills, flaws = 0, []
    for version in range(1, newest):
        old = folder / f"old-{version}" / DATABASE
        _make(old, version)
        rows = _rows(old)
        for statement in range(1, _MOST):
            state = folder / "state"
            shutil.rmtree(state, ignore_errors=True)
            state.mkdir()
            shutil.copy(old, state / DATABASE)
            if _open_and_die(state / DATABASE, statement) == 0:
                break
            kills += 1
            reached = _reached(state)
            flaws += [
                f"from schema {version}, statement {statement}: {flaw}" for flaw in _flaws(state, version, newest, rows)
            ]
            if 1 < version < reached:
                break
        else:
            flaws.append(f"from schema {version}: no end after {_MOST} statements")
    return kills, flaws


def _make(path: Path, version: int) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
        database.execute("PRAGMA journal_mode = wal")
        migrate(database, read_migrations()[:version])
        database.executescript(_DATA)


def _open_and_die(path: Path, statement: int) -> int:
    """The status of a process that opens the database and is killed before that statement of it."""
    process = os.fork()
    if not process:
        left = [statement]

        def count(_: str) -> None:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            _trace(count)
            open_database(path).close()
        except BaseException:  # noqa: BLE001 - told by the status
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status)


def _trace(count: Callable[[str], None]) -> None:
    plain = sqlite3.connect

    def traced(*arguments: str, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = plain(*arguments, **options)  # type: ignore[call-overload]
        connection.set_trace_callback(count)
        return connection

    pytest.MonkeyPatch().setattr("monitor.store.connecting.sqlite3.connect", traced)


def _reached(state: Path) -> int:
    with closing(sqlite3.connect(state / DATABASE)) as database:
        return version_of(database)


def _flaws(state: Path, version: int, newest: int, rows: dict[str, int]) -> list[str]:
    """What is between two schemas, or gone; then the next start, which must get there."""
    with closing(sqlite3.connect(state / DATABASE)) as database:
        reached = version_of(database)
        found = [] if _shape(database) == _shape_of(reached) else [f"the schema is not that of version {reached}"]
        found += [] if version <= reached <= newest else [f"version {reached}"]
        (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
        found += [] if verdict == "ok" else [verdict]
    found += [] if _rows(state / DATABASE) == rows else ["rows are gone"]
    with closing(open_database(state / DATABASE)) as database:
        found += [] if version_of(database) == newest else ["the next start did not migrate it"]
    found += [] if _rows(state / DATABASE) == rows else ["rows are gone after the next start"]
    return found


@cache
def _shape_of(version: int) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        migrate(database, read_migrations()[:version])
        return _shape(database)


def _shape(database: sqlite3.Connection) -> set[tuple[str, str]]:
    rows = database.execute(
        "SELECT name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE '%_sqlite_migrations%'"
    )
    return {(name, re.sub(r"\s+", " ", sql)) for name, sql in rows}


def _rows(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as database:
        return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _TABLES}  # noqa: S608 - our own names
