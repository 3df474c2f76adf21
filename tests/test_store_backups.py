"""Copies of the database: whole or not at all, never over something foreign, and what was told stays told."""

from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.errors import InputUnreadable, OutputUnwritable, StoreDamaged, StoreTooNew
from monitor.model.alerts import Hold, Settled, Settlement
from monitor.model.holding import Held, Sorting, Together, Waiting
from monitor.model.views import Chosen
from monitor.store import backups
from monitor.store.connecting import connect
from monitor.store.journal import Journal
from monitor.store.opening import DATABASE, open_database
from monitor.store.sorting import Decide
from monitor.store.sqlite import SqliteStore
from monitor.text.naming import short_name
from tests.store_values import MINUTE, NORTH, NOW, alert, commit, feeds, plan, put_on_way, sifted

DAY = timedelta(days=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """A database that knows one entry and its alert, sent to the desk and waiting for the night."""
    opened = await SqliteStore.open(tmp_path / "state")
    (feed,) = await feeds(opened, NORTH)
    await commit(opened, plan(feed, sifted(1), alerts=(alert(sifted(1), channels=("desk", "night")),)))
    await send(opened, "desk")
    yield opened
    await opened.close()


async def test_a_copy_is_a_whole_database_of_its_own(store: SqliteStore, tmp_path: Path) -> None:
    """Made while the store is open; private; nothing else is left in the folder."""
    made = await store.upkeep.back_up(NOW, keep=7)
    assert made == tmp_path / "state" / "backups" / "tocsin-20260302T120000Z.db"
    assert made.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in made.parent.iterdir()] == [made.name]
    with closing(connect(made, read_only=True)) as copy:
        assert copy.execute("SELECT count(*) FROM entry").fetchone() == (1,)


async def test_the_newest_copies_are_kept_and_nothing_else_is_touched(store: SqliteStore, tmp_path: Path) -> None:
    """Files that are not named by us are somebody's own."""
    folder = tmp_path / "state" / "backups"
    folder.mkdir()
    foreign = [folder / "tocsin-before-the-move.db", folder / "notes.txt"]
    for file in foreign:
        file.write_text("mine")
    for day in range(4):
        await store.upkeep.back_up(NOW + day * DAY, keep=2)
    assert [file.name for file in backups.copies(tmp_path / "state")] == [
        "tocsin-20260304T120000Z.db",
        "tocsin-20260305T120000Z.db",
    ]
    assert all(file.read_text() == "mine" for file in foreign)


async def test_a_copy_is_made_when_the_last_one_is_old_enough(store: SqliteStore) -> None:
    """The folder says when that was, so that a restart makes none; a copy from the future does not count."""
    assert await store.upkeep.back_up(NOW, 7, every=DAY)
    assert await store.upkeep.back_up(NOW + DAY - MINUTE, 7, every=DAY) is None
    assert await store.upkeep.back_up(NOW + DAY, 7, every=DAY)
    assert await store.upkeep.back_up(NOW - DAY, 7, every=DAY)


@pytest.mark.parametrize("there", ["text", "folder", "sqlite", "itself", "at work"])
async def test_nothing_foreign_is_overwritten(store: SqliteStore, tmp_path: Path, there: str) -> None:
    """Nor a database that somebody works with; it stays byte for byte."""
    target = tmp_path / "target.db"
    if there == "folder":
        target.mkdir()
    elif there == "sqlite":
        target.touch()
        with closing(connect(target)) as other:
            other.execute("CREATE TABLE theirs (a TEXT)")
    elif there == "itself":
        target = store.path
    elif there == "at work":
        other_store = await SqliteStore.open(tmp_path / "other")
        await other_store.close()
        target = tmp_path / "other" / DATABASE
    else:
        target.write_text("a letter")
    before = target.read_bytes() if target.is_file() else b""
    with closing(open_database(store.path, read_only=True)) as connection, pytest.raises(OutputUnwritable):
        backups.write_copy(connection, store.path, target)
    assert (target.read_bytes() if target.is_file() else b"") == before


async def test_a_copy_takes_the_place_of_an_older_copy(store: SqliteStore, tmp_path: Path) -> None:
    """As for a timer that always writes to the same name."""
    target = tmp_path / "copy.db"
    for _ in range(2):
        with closing(open_database(store.path, read_only=True)) as connection:
            backups.write_copy(connection, store.path, target)
    assert _names(tmp_path) == ["copy.db", "state"]


async def test_a_copy_that_cannot_be_written_leaves_nothing(store: SqliteStore, tmp_path: Path) -> None:
    """Not even a part."""
    folder = tmp_path / "nowhere"
    folder.write_text("a file where a folder should be")
    with (
        closing(open_database(store.path, read_only=True)) as connection,
        pytest.raises(Exception, match="nowhere"),
    ):
        backups.write_copy(connection, store.path, folder / "copy.db")
    assert _names(tmp_path) == ["nowhere", "state"]


async def test_a_copy_put_back_repeats_nothing_that_a_channel_had(store: SqliteStore, tmp_path: Path) -> None:
    """What was told after the copy was made is on record: each channel gets only what it never had (R8)."""
    state = tmp_path / "state"
    made = await store.upkeep.back_up(NOW, keep=7)
    assert made
    (feed,) = await feeds(store, NORTH)
    await send(store, "night")
    two, three = (alert(sifted(number), channels=("desk", "night")) for number in (2, 3))
    await commit(store, plan(feed, sifted(2), alerts=(two,)))
    await send(store, "desk")
    await send(store, "night")
    await commit(store, plan(feed, sifted(3), alerts=(three,)))
    await send(store, "desk")
    await store.close()

    kept = backups.put_back(made, state, NOW + DAY)
    assert kept == state / f"{DATABASE}.before-restore-20260303T120000Z"
    restored = await SqliteStore.open(state)
    assert (await restored.views.status()).entries == 1
    (feed,) = await feeds(restored, NORTH)
    assert await restored.outbox.ready(NOW + DAY) == ()
    await commit(restored, plan(feed, sifted(2), sifted(3), alerts=(two, three)))
    await put_on_way(restored)
    assert await restored.outbox.ready(NOW + DAY) == ("night",)
    (message,) = await restored.outbox.claim("night", NOW + DAY, MINUTE, 10)
    assert [one.dedupe_key for one in message.alerts] == [three.dedupe_key]
    await restored.close()

    before = await SqliteStore.open(tmp_path / "looked at")
    await before.close()
    with closing(connect(kept, read_only=True)) as connection:
        assert connection.execute("SELECT count(*) FROM entry").fetchone() == (3,)


async def test_a_digest_that_was_sent_is_not_made_again_after_a_copy_was_put_back(
    store: SqliteStore, tmp_path: Path
) -> None:
    """Neither its alerts nor its name come twice; what missed it goes under another name; and so for an empty one."""
    state, morning = tmp_path / "state", NOW + DAY
    (feed,) = await feeds(store, NORTH)
    two, three = (alert(sifted(number), channels=("night",)) for number in (2, 3))
    await send(store, "night")
    await commit(store, plan(feed, sifted(2), alerts=(two,)))
    await store.sorting.sort("night", NOW, None, _held_until(morning))
    made = await store.upkeep.back_up(NOW, keep=7)
    assert made
    await store.sorting.sort("night", morning, None, _digest("digest|night||today"))
    await store.sorting.sort("desk", morning, None, _digest("digest|desk||today", channel="desk"))
    await send(store, "night", morning)
    await send(store, "desk", morning)
    assert (await store.views.status()).deliveries == (("desk", "sent", 2), ("night", "sent", 2))
    await store.close()

    backups.put_back(made, state, morning)
    restored = await SqliteStore.open(state)
    (feed,) = await feeds(restored, NORTH)
    await commit(restored, plan(feed, sifted(3), alerts=(three,)))
    await restored.sorting.sort("night", morning, None, _digest("digest|night||today"))
    await restored.sorting.sort("desk", morning, None, _digest("digest|desk||today", channel="desk"))
    assert await restored.outbox.claim("desk", morning, MINUTE, 10) == ()
    (message,) = await restored.outbox.claim("night", morning, MINUTE, 10)
    assert message.public_id == short_name(f"digest|night||today|{three.public_id}")
    assert message.alerts == (three,)
    await restored.close()


def _held_until(until: datetime) -> Decide:
    def decide(some: Sequence[Waiting], *_: object) -> Sorting:
        places = tuple(one.delivery for one in some)
        return Sorting(held=(Held(deliveries=places, until=until, hold=Hold.DIGEST),))

    return decide


def _digest(key: str, *, channel: str = "night") -> Decide:
    def decide(some: Sequence[Waiting], *_: object) -> Sorting:
        places = tuple(one.delivery for one in some)
        one = Together(channel=channel, key=key, deliveries=places, hold=Hold.DIGEST, title="News")
        return Sorting(together=(one,))

    return decide


async def test_a_copy_laid_in_place_by_hand_is_found_to_be_old(store: SqliteStore, tmp_path: Path) -> None:
    """Whoever put it there: the record is compared with the database at every start."""
    made = await store.upkeep.back_up(NOW, keep=7)
    assert made
    await send(store, "night")
    await store.close()
    made.rename(store.path)

    restored = await SqliteStore.open(tmp_path / "state")
    assert await restored.outbox.ready(NOW + DAY) == ()
    states = (await restored.views.status()).deliveries
    assert states == (("desk", "sent", 1), ("night", "sent", 1))
    await restored.close()


async def test_a_database_that_knows_what_was_told_learns_nothing_at_its_start(
    store: SqliteStore, tmp_path: Path
) -> None:
    """The record is read whole only where the database is behind it."""
    await store.close()
    again = await SqliteStore.open(tmp_path / "state")
    await again.close()
    with closing(connect(again.path, read_only=True)) as connection:
        assert connection.execute("SELECT count(*) FROM told").fetchone() == (0,)


async def test_a_wrong_file_is_not_put_back(store: SqliteStore, tmp_path: Path) -> None:
    """Damaged, cut, empty, foreign, newer or absent: the database stays as it is, byte for byte."""
    made = await store.upkeep.back_up(NOW, keep=7)
    assert made
    await store.close()
    whole, state = made.read_bytes(), tmp_path / "state"
    before = store.path.read_bytes()
    corrupt = bytearray(whole)
    corrupt[8192 : 8192 + 4096] = b"\xa5" * 4096
    newer = tmp_path / "newer.db"
    newer.write_bytes(whole)
    with closing(connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    wrong = {"corrupt.db": bytes(corrupt), "cut.db": whole[: len(whole) // 2], "empty.db": b"", "text.db": b"a letter"}
    for name, content in wrong.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(StoreDamaged, match=name):
            backups.put_back(tmp_path / name, state, NOW)
    with pytest.raises(StoreTooNew, match="newer tocsin"):
        backups.put_back(newer, state, NOW)
    for absent in (tmp_path / "absent.db", store.path):
        with pytest.raises(InputUnreadable):
            backups.put_back(absent, state, NOW)
    assert store.path.read_bytes() == before
    assert [file.name for file in state.iterdir() if "restore" in file.name] == []


def test_a_record_survives_lines_that_were_cut(tmp_path: Path) -> None:
    """A full disk or a crash may leave half a line; months that are over are forgotten whole."""
    journal = Journal(tmp_path)
    journal.note([(NOW - 40 * DAY, "old", "desk"), (NOW, "new", "the night desk")])
    with (tmp_path / "told-2026-03.log").open("a") as file:
        file.write("17724")
    (tmp_path / "told-everyone.log").write_text("not ours\n")
    last = journal.last()
    assert last is not None
    assert last[1:] == ("new", "the night desk")
    journal.note([(NOW + MINUTE, "newest", "desk")])
    assert [line[1] for line in journal.lines()] == ["old", "new", "newest"]
    assert [line[0] for line in journal.lines()][2] - last[0] == 60_000_000
    journal.forget(NOW)
    assert [line[1] for line in journal.lines()] == ["new", "newest"]
    assert (tmp_path / "told-everyone.log").exists()


async def test_a_record_that_cannot_be_written_is_the_courier_s_business(store: SqliteStore, tmp_path: Path) -> None:
    """It settles again later, which changes nothing in the outbox and then leaves the line."""
    (tmp_path / "state" / "told-2026-03.log").unlink()
    (tmp_path / "state" / "told-2026-03.log").mkdir()
    with pytest.raises(Exception, match="told-2026-03"):
        await send(store, "night")
    (tmp_path / "state" / "told-2026-03.log").rmdir()
    assert (await store.views.status()).deliveries == (("desk", "sent", 1), ("night", "sent", 1))


async def send(store: SqliteStore, channel: str, now: datetime = NOW) -> None:
    """Everything that waits for a channel is sent."""
    await put_on_way(store, now)
    messages = await store.outbox.claim(channel, now, MINUTE, 100)
    settled = [Settled(message=message.id, fate=Settlement.SENT, at=now) for message in messages]
    await store.outbox.settle(settled, (), channel)


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_what_somebody_sends_again_is_not_taken_for_an_old_database(store: SqliteStore, tmp_path: Path) -> None:
    """The last line of the record waits anew because of a replay: a restart must not call it sent."""
    wanted = Chosen(public_id="bridges-1", channel="desk", state="sent", title="")
    assert await store.outbox_desk.replay([wanted], NOW) == 1
    await store.close()

    again = await SqliteStore.open(tmp_path / "state")
    assert ("desk", "pending", 1) in (await again.views.status()).deliveries
    await again.close()
