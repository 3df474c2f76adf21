"""A database is used only if it is ours, whole and not newer; it never begins anew in silence."""

import os
import sqlite3
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import StoreBusy, StoreDamaged, StoreError, StoreMissing, StoreTooNew, StoreUnwritable
from monitor.store.opening import APPLICATION_ID, DATABASE, marker_of, open_database
from monitor.store.sqlite import SqliteStore
from tests.store_values import NORTH, SOUTH, feeds, told


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """A state directory with a database that holds one alert."""
    store = await SqliteStore.open(tmp_path / "state")
    await told(store, 1)
    await store.close()
    return tmp_path / "state"


async def test_the_first_start_makes_a_private_database(tmp_path: Path) -> None:
    """The state directory is for its owner only, and so is each file in it."""
    store = await SqliteStore.open(tmp_path / "deep" / "state")
    await feeds(store, NORTH)
    files = list((tmp_path / "deep" / "state").iterdir())
    await store.close()

    assert stat.S_IMODE((tmp_path / "deep" / "state").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in files if file.exists()} == {0o600}


async def test_wide_permissions_are_narrowed(home: Path) -> None:
    """A database that others could read is closed to them at the next start."""
    (home / DATABASE).chmod(0o644)
    await (await SqliteStore.open(home)).close()
    assert stat.S_IMODE((home / DATABASE).stat().st_mode) == 0o600


@pytest.mark.parametrize("read_only", [False, True])
def test_every_connection_is_durable(tmp_path: Path, read_only: bool) -> None:
    """Write-ahead log, synchronous FULL, foreign keys and patience stand on each connection (R3)."""
    open_database(tmp_path / DATABASE).close()
    connection = open_database(tmp_path / DATABASE, read_only=read_only)
    settings = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "application_id")
    }
    connection.close()

    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "application_id": APPLICATION_ID,
    }


async def test_what_was_written_is_there_after_a_restart(home: Path) -> None:
    """Closing and opening changes nothing."""
    store = await SqliteStore.open(home)
    assert len(await store.views.alerts(5)) == 1
    await store.close()


async def test_a_command_that_needs_a_database_says_there_is_none(tmp_path: Path) -> None:
    """Where there never was a database, looking for one makes none: exit 69."""
    with pytest.raises(StoreMissing, match="tocsin run"):
        await SqliteStore.open(tmp_path, create=False)
    with pytest.raises(StoreMissing, match="tocsin run"):
        await SqliteStore.open(tmp_path, read_only=True)
    assert _names(tmp_path) == []


@pytest.mark.parametrize("read_only", [False, True])
async def test_a_database_that_vanished_is_not_begun_anew(home: Path, read_only: bool) -> None:
    """The marker beside it remembers that there was one: exit 65, saying what to do."""
    for name in _names(home):
        if name != marker_of(home / DATABASE).name:
            (home / name).unlink()

    with pytest.raises(StoreDamaged, match=r"gone.*tocsin\.db\.created.*restore a backup"):
        await SqliteStore.open(home, read_only=read_only)
    assert _names(home) == ["tocsin.db.created"]


async def test_a_log_without_its_database_is_not_begun_anew(tmp_path: Path) -> None:
    """A write-ahead log that was left alone belongs to a lost database, and must not be replayed into a new one."""
    (tmp_path / f"{DATABASE}-wal").write_bytes(b"pages")
    with pytest.raises(StoreDamaged, match=r"tocsin\.db-wal"):
        await SqliteStore.open(tmp_path)


@pytest.mark.parametrize("read_only", [False, True])
async def test_an_emptied_file_is_not_begun_anew(home: Path, read_only: bool) -> None:
    """A file of no length is never a fresh start, and stays as it is."""
    os.truncate(home / DATABASE, 0)
    with pytest.raises(StoreDamaged, match="zero bytes"):
        await SqliteStore.open(home, read_only=read_only)
    assert (home / DATABASE).stat().st_size == 0


async def test_an_empty_file_without_a_marker_is_not_ours_either(tmp_path: Path) -> None:
    """A database is born under another name, so an empty file under its own was never a beginning."""
    (tmp_path / DATABASE).touch()
    with pytest.raises(StoreDamaged, match="zero bytes"):
        await SqliteStore.open(tmp_path)


async def test_a_birth_that_was_cut_short_begins_again(tmp_path: Path) -> None:
    """What a killed first start left under the newborn's name is swept away."""
    (tmp_path / f"{DATABASE}.new").write_bytes(b"half of a database")
    store = await SqliteStore.open(tmp_path)
    assert await feeds(store, NORTH)
    await store.close()
    assert not (tmp_path / f"{DATABASE}.new").exists()


@pytest.mark.parametrize("read_only", [False, True])
async def test_a_damaged_header_is_found(home: Path, read_only: bool) -> None:
    """A file that is no database is refused and kept."""
    _overwrite(home / DATABASE, 0, b"garbage in the header")
    with pytest.raises(StoreDamaged, match="not a database"):
        await SqliteStore.open(home, read_only=read_only)
    assert (home / DATABASE).read_bytes().startswith(b"garbage")


async def test_a_corrupt_page_is_found_at_the_start(home: Path) -> None:
    """The check of every page reads what no query would touch."""
    size = (home / DATABASE).stat().st_size
    _overwrite(home / DATABASE, size // 2 // 4096 * 4096, b"\xff" * 4096)
    with pytest.raises(StoreDamaged, match="restore a backup"):
        await SqliteStore.open(home)


async def test_a_corrupt_page_is_found_by_the_daily_check(home: Path) -> None:
    """A database that goes bad while it is open is found without stopping polls; a whole one passes."""
    store = await SqliteStore.open(home)
    await store.upkeep.check()
    size = (home / DATABASE).stat().st_size
    _overwrite(home / DATABASE, size // 2 // 4096 * 4096, b"\xff" * 4096)
    with pytest.raises(StoreDamaged):
        await store.upkeep.check()
    await store.close()


async def test_a_cut_file_is_found(home: Path) -> None:
    """A database that lost its end is refused."""
    os.truncate(home / DATABASE, 3 * 4096)
    with pytest.raises(StoreDamaged):
        await SqliteStore.open(home)


async def test_somebody_elses_database_is_not_taken_over(tmp_path: Path) -> None:
    """A database without our application id is refused and not changed."""
    foreign = sqlite3.connect(tmp_path / DATABASE)
    foreign.execute("CREATE TABLE recipe (name TEXT)")
    foreign.close()
    before = (tmp_path / DATABASE).read_bytes()

    with pytest.raises(StoreDamaged, match="not a database of tocsin"):
        await SqliteStore.open(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == before


@pytest.mark.parametrize("read_only", [False, True])
async def test_a_database_with_a_table_missing_is_found(home: Path, read_only: bool) -> None:
    """A table that was dropped is not taken for an empty one."""
    _execute(home, "DROP TABLE sighting")
    with pytest.raises(StoreDamaged, match="lacks sighting"):
        await SqliteStore.open(home, read_only=read_only)


@pytest.mark.parametrize("read_only", [False, True])
async def test_a_newer_schema_is_refused(home: Path, read_only: bool) -> None:
    """A database of a newer tocsin is not read with old eyes: exit 65."""
    _execute(home, "PRAGMA user_version = 999")
    with pytest.raises(StoreTooNew, match="999"):
        await SqliteStore.open(home, read_only=read_only)


async def test_an_older_schema_is_not_migrated_by_looking(home: Path) -> None:
    """A read-only command leaves an older database to the next start of the daemon."""
    _execute(home, "PRAGMA user_version = 0")
    with pytest.raises(StoreError, match="older"):
        await SqliteStore.open(home, read_only=True)


async def test_a_state_directory_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    """Where a file stands in the way of the directory: exit 73."""
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(StoreUnwritable, match="state directory"):
        await SqliteStore.open(tmp_path / "state")


async def test_a_reader_cannot_write(home: Path) -> None:
    """A store opened to look refuses to write, and says so."""
    store = await SqliteStore.open(home, read_only=True)
    assert len(await store.views.alerts(5)) == 1
    with pytest.raises(StoreUnwritable):
        await feeds(store, NORTH, SOUTH)
    await store.close()


async def test_a_reader_sees_what_the_daemon_writes(home: Path) -> None:
    """Commands look while the daemon runs: neither hinders the other."""
    daemon = await SqliteStore.open(home)
    reader = await SqliteStore.open(home, read_only=True, patience=timedelta(milliseconds=50))
    await told(daemon, 1, 2)
    assert len(await reader.views.alerts(5)) == 2
    await daemon.close()
    await reader.close()


async def test_a_locked_database_is_waited_for_and_then_said_so(home: Path) -> None:
    """Opening while another process writes for long ends in StoreBusy: exit 75."""
    other = sqlite3.connect(home / DATABASE, isolation_level=None)
    other.execute("PRAGMA locking_mode = exclusive")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("UPDATE feed SET last_error = 'locked'")
    with pytest.raises(StoreBusy, match="locked"):
        await SqliteStore.open(home, patience=timedelta(milliseconds=50))
    other.close()


async def test_errors_are_one_line(home: Path) -> None:
    """An operator is told in one line, with the path and what to do."""
    os.truncate(home / DATABASE, 0)
    with pytest.raises(StoreDamaged) as caught:
        await SqliteStore.open(home)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(home / DATABASE))


_KILLED_IN_BIRTH = """
import os, signal, sqlite3, sys
from pathlib import Path
from monitor.store import connecting, opening

class Doomed(sqlite3.Connection):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.left = int(sys.argv[2])
        self.set_trace_callback(self.count)

    def count(self, statement):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

plain = sqlite3.connect
sqlite3.connect = lambda *arguments, **options: plain(*arguments, factory=Doomed, **options)
opening.open_database(Path(sys.argv[1])).close()
"""


@pytest.mark.parametrize("statement", [2, 9, 14, 22, 30, 41])
async def test_a_first_start_killed_at_any_statement_leaves_no_half(tmp_path: Path, statement: int) -> None:
    """A kill while the schema is made leaves the old state or the new, never between (R9)."""
    assert _run(_KILLED_IN_BIRTH, tmp_path / DATABASE, statement) == -9
    assert not (tmp_path / DATABASE).exists()

    store = await SqliteStore.open(tmp_path)
    assert await feeds(store, NORTH)
    await store.close()


def _run(program: str, path: Path, statement: int) -> int:
    command = [sys.executable, "-c", program, str(path), str(statement)]
    return subprocess.run(command, check=False, timeout=20).returncode


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def _overwrite(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


def _execute(home: Path, statement: str) -> None:
    connection = sqlite3.connect(home / DATABASE, isolation_level=None)
    connection.execute(statement)
    connection.close()
