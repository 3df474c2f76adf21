"""The SQL that is shipped: migrations lead to the schema, queries are named, used and find their index."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import monitor.store
from monitor.store.migrating import Migration, migrate, read_migrations, version_of
from monitor.store.opening import DATABASE, open_database
from monitor.store.queries import all_queries, query, read_queries
from monitor.text.naming import short_name

ROOM = Path(monitor.store.__file__).parent


@pytest.fixture
def memory() -> Iterator[sqlite3.Connection]:
    """A database in memory, as our connections are: transactions by hand."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield connection
    connection.close()


def test_migrating_from_nothing_leads_to_the_schema(memory: sqlite3.Connection) -> None:
    """`schema.sql` says what a database looks like after all migrations."""
    migrate(memory, read_migrations())
    written = sqlite3.connect(":memory:")
    written.executescript((ROOM / "schema.sql").read_text(encoding="utf-8"))
    wanted = _shape(written)
    written.close()

    assert _shape(memory) == wanted
    assert version_of(memory) == len(read_migrations())


def test_migrating_twice_changes_nothing(memory: sqlite3.Connection) -> None:
    """A database that is up to date is left alone."""
    migrate(memory, read_migrations())
    before = memory.total_changes
    migrate(memory, read_migrations())
    assert memory.total_changes == before


def test_a_migration_that_fails_is_undone_whole(memory: sqlite3.Connection) -> None:
    """Tables and version of a migration come together or not at all; earlier ones stay."""
    first = Migration(number=1, name="0001_first", sql="CREATE TABLE one (a TEXT);")
    broken = Migration(number=2, name="0002_broken", sql="CREATE TABLE two (b TEXT); INSERT INTO nowhere VALUES (1);")
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(memory, (first, broken))

    assert [name for kind, name, _ in _shape(memory) if kind == "table"] == ["one"]
    assert version_of(memory) == 1
    mended = Migration(number=2, name="0002_broken", sql="CREATE TABLE two (b TEXT);")
    migrate(memory, (first, mended))
    assert version_of(memory) == 2


def test_migrations_are_numbered_without_a_gap(tmp_path: Path) -> None:
    """A number that is missing or doubled is a mistake of ours, found at once."""
    (tmp_path / "0001_first.sql").write_text("SELECT 1;")
    (tmp_path / "0003_third.sql").write_text("SELECT 1;")
    with pytest.raises(ValueError, match="without a gap"):
        read_migrations(tmp_path)


def test_every_query_is_asked_for_and_every_name_exists() -> None:
    """No SQL lies about unused, and no name in the code is misspelt."""
    source = "".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py"))
    called = set(re.findall(r"\"([a-z_]+)\"", source))
    assert set(all_queries()) <= called
    assert set(re.findall(r"\bquery\(\"(\w+)\"\)", source)) <= set(all_queries())
    with pytest.raises(KeyError):
        query("nobody_asked_for_this")


def test_every_query_can_be_prepared(tmp_path: Path) -> None:
    """Each query fits the schema; those that travel keys never read a whole table of the past."""
    connection = open_database(tmp_path / DATABASE)
    scans: dict[str, list[str]] = {}
    for name, sql in all_queries().items():
        named = dict.fromkeys(re.findall(r":(\w+)", sql))
        parameters = named or [None] * max(sql.count("?"), 0)
        plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", _numbered(sql) or parameters).fetchall()
        scans[name] = [
            step[3]
            for step in plan
            if re.match(r"SCAN (?!\w+ VIRTUAL|asked|CONSTANT|found|busy|waiting|placed|chosen|\(subquery)", step[3])
        ]
    connection.close()

    allowed = {
        "registered_feeds",  # asked at start: all of them are wanted
        "known_feeds",  # the same
        "release_origins",  # as many as there are servers that asked for patience
        "deliveries_in_states",  # for people, and bounded by a limit
        "delivery_counts",  # for people
        "entry_count",  # for people
        "story_count",  # for people
        "newest_alerts",  # from the end, bounded by a limit
        "name_moved_feeds",  # at start, where an address is new
        "name_moving_feeds",  # the same
        "move_due_times",  # once when the clock was set, and so are the holds
        "move_holds",
        "forget_future_polls",  # the same, and at start
        "forget_future_moments",
        "resting_feeds",  # at start and at a reload: a pace that was shortened may concern all of them
        "shorten_holds",
        "feed_outlets",  # asked at start, and for people
        "pauses",  # as many as somebody has said
        "chosen_deliveries",  # for people
        "undelivered_alerts",  # for people
        "newest_stories",  # from the end, bounded by a limit
        "last_delivery",  # from the end
        "forget_told",  # filled by a restore only
        "messages_told_before",  # once after a restore
        "mark_deliveries_told_before",  # the same
        "forget_one_servers",  # as many as there are domains that refused within a day, of which there are hardly any
        "one_servers",  # the same
        "mutes",  # as many as somebody has said
        "forget_mutes",  # the same
        "circuits",  # as many as there are channels that refuse
        "failing_feeds",  # the index of failing feeds only
        "empty_feeds",  # the index of empty feeds only
        "stop_listening",  # as many as there were stops of ours
        "cut_listening",  # the same
        "listenings",  # the same
        "forget_hushed",  # as many as there are outlets in which rules fell silent
        "hushed",  # the same
        "feed_count",  # the index of due feeds, once a minute
        "refusing_channels",  # as many as there are channels that refuse
        "alerts_since",  # once a day
        "troubles",  # as many as are told and not over
        "last_sends",  # from the end, bounded by a limit
        "recover_messages",  # the index of leased messages only
        "revive_dead",  # the index of dead messages only
    }
    assert {name for name, steps in scans.items() if steps} <= allowed


def test_what_is_due_is_found_in_one_index(tmp_path: Path) -> None:
    """Asked every second: the table is read only for the feeds that are meant, whatever else waits."""
    connection = open_database(tmp_path / DATABASE)
    sql = all_queries()["due_feeds"]
    plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", dict.fromkeys(re.findall(r":(\w+)", sql))).fetchall()
    connection.close()
    assert [step[3] for step in plan if re.match(r"(SCAN|SEARCH) feed\b", step[3])] == [
        "SEARCH feed USING INDEX feed_due (next_poll_at<?)",
        "SEARCH feed USING INTEGER PRIMARY KEY (rowid=?)",
    ]


def test_a_query_needs_one_name_and_a_description() -> None:
    """A name given twice and a query that nobody described are mistakes of ours."""
    with pytest.raises(ValueError, match="twice"):
        read_queries("-- name: one\n-- A.\nSELECT 1;\n-- name: one\n-- B.\nSELECT 2;\n")
    with pytest.raises(ValueError, match="no description"):
        read_queries("-- name: one\nSELECT 1;\n")
    assert read_queries("-- Head.\n-- name: one\n-- A.\nSELECT 1;\n") == {"one": "SELECT 1"}


def _numbered(sql: str) -> list[None]:
    numbers = re.findall(r"\?(\d+)", sql)
    return [None] * max(map(int, numbers)) if numbers else []


def _shape(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """What was created, without comments and white space, and without the library's own table."""
    rows = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master ORDER BY type, name").fetchall()
    return [
        (kind, name, re.sub(r"\s*([(),])\s*", r"\1", " ".join(re.sub(r"--.*", "", sql).split())))
        for kind, name, sql in rows
        if "_sqlite_migrations" not in name
    ]


def test_stories_of_an_older_database_get_their_names(memory: sqlite3.Connection) -> None:
    """The same as a new story gets: made of its key."""
    (number,) = (one.number for one in read_migrations() if "ADD COLUMN public_id" in one.sql)
    migrate(memory, read_migrations()[: number - 1])
    memory.execute("INSERT INTO story (story_key, founded_at) VALUES ('link:https://a.example/\xe9', 0)")
    migrate(memory, read_migrations())
    assert memory.execute("SELECT public_id FROM story").fetchone() == (short_name("link:https://a.example/\xe9"),)


def test_what_was_on_its_way_before_there_was_sorting_goes_on(memory: sqlite3.Connection) -> None:
    """Pending deliveries of an older database count as sorted, and their age is not forgotten."""
    (number,) = (one.number for one in read_migrations() if "ADD COLUMN sorted_at" in one.sql)
    migrate(memory, read_migrations()[: number - 1])
    memory.execute("INSERT INTO alert VALUES (1, 'first', 'first|a', 'abcd', 'a', NULL, 'normal', 5, 'One', '', '{}')")
    memory.execute("INSERT INTO delivery VALUES (1, 1, 'desk', 'pending', NULL, 5)")
    migrate(memory, read_migrations())
    assert memory.execute(query("unsorted_channels"), {"now": 2**60}).fetchall() == []
    assert memory.execute(query("ready_channels"), {"now": 6}).fetchall() == [("desk",)]
    assert memory.execute(query("channel_queue"), {"channel": "desk", "now": 6}).fetchall() == [(1, None, 5, "abcd", 1)]


def test_texts_of_an_older_database_are_named_as_their_stories_are(tmp_path: Path) -> None:
    """There a story was its link and its words: whatever stands in one said the same. Likeness knows none of it."""
    (number,) = (one.number for one in read_migrations() if "ADD COLUMN text_key" in one.sql)
    path = tmp_path / DATABASE
    older = sqlite3.connect(path, isolation_level=None)
    migrate(older, read_migrations()[: number - 1])
    older.execute("INSERT INTO feed (url, origin, next_poll_at) VALUES ('https://a.example/', '', 0)")
    older.execute("INSERT INTO story (id, story_key, founded_at) VALUES (1, 'link:a.example/1', 0)")
    older.execute("INSERT INTO entry VALUES (1, 1, 'id:1', 1, 1, 'print', 0, 'new', 'first', 5, 5)")
    migrate(older, read_migrations())

    asked = {"keys": '["id:1"]', "fingerprints": '["print"]', "feed": 1}
    older.execute("INSERT INTO identity VALUES ('id:1', 1, 1)")
    (row,) = older.execute(query("known_entries"), asked).fetchall()
    assert row[2:4] == ("link:a.example/1", "link:a.example/1")
    assert older.execute(query("sketched_entries"), {"after": 0, "since": 0, "limit": 9}).fetchall() == []
    assert older.execute("PRAGMA foreign_key_check").fetchall() == []
    older.close()
