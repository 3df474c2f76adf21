"""What happens to writes when others write, the disk fills, callers give up, or the process is killed."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import StoreBusy, StoreUnwritable
from monitor.model.alerts import Alert, PublicId
from monitor.model.stories import Inquiry, Known, PollPlan
from monitor.store.failures import store_error, told_as_store_errors
from monitor.store.opening import DATABASE
from monitor.store.sqlite import SqliteStore
from tests.store_values import (
    MINUTE,
    NORTH,
    NOW,
    SOUTH,
    alert,
    ask,
    commit,
    feeds,
    home,
    plan,
    put_on_way,
    question,
    sifted,
    told,
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """An empty database that waits for others only a moment."""
    opened = await SqliteStore.open(tmp_path, patience=timedelta(milliseconds=50))
    yield opened
    await opened.close()


@contextmanager
def other_writer(store: SqliteStore) -> Iterator[None]:
    """Another process that holds the write lock."""
    connection = sqlite3.connect(store.path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("ROLLBACK")
    connection.close()


async def test_a_poll_against_another_writer_writes_nothing_and_can_be_repeated(store: SqliteStore) -> None:
    """StoreBusy after the patience; then the same poll succeeds and nothing is lost (R5)."""
    (feed,) = await feeds(store, NORTH)
    decision = plan(feed, sifted(1), alerts=(alert(sifted(1)),))
    with other_writer(store):
        with pytest.raises(StoreBusy, match="locked"):
            await commit(store, decision)
        assert (await store.views.status()).entries == 0

    assert await commit(store, decision) == decision
    await put_on_way(store)
    assert await store.outbox.ready(NOW) == ("desk",)


async def test_the_event_loop_runs_while_the_store_waits(tmp_path: Path) -> None:
    """Waiting for a lock happens in the store's thread: everything else goes on."""
    store = await SqliteStore.open(tmp_path, patience=timedelta(seconds=5))
    with other_writer(store):
        waiting = asyncio.ensure_future(feeds(store, NORTH))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not waiting.done()
    assert len(await waiting) == 1
    await store.close()


async def test_a_full_disk_undoes_the_poll_and_leaves_reading_alive(store: SqliteStore) -> None:
    """No room: StoreBusy and nothing written; with room again the same poll succeeds (R4)."""
    (feed,) = await feeds(store, NORTH)
    await _limit_pages(store, 1)
    decision = plan(feed, *(sifted(number, words="long words " * 500) for number in range(50)))
    with pytest.raises(StoreBusy, match="full"):
        await commit(store, decision)
    assert (await store.views.status()).entries == 0

    await _limit_pages(store, 1_000_000)
    await commit(store, decision)
    assert (await store.views.status()).entries == 50


async def test_polls_that_wait_together_succeed_and_fail_alone(store: SqliteStore) -> None:
    """Neighbours share a transaction, each in a savepoint: one that stumbles takes none of the others with it."""
    urls = [f"https://north.example/{number}" for number in range(20)]
    states = await feeds(store, *urls)

    def stumble(_: Known) -> PollPlan:
        raise ArithmeticError("the seventh")

    async def poll(number: int) -> PollPlan:
        if number == 7:
            return await store.polls.commit(question(states[number]), stumble)
        return await commit(store, plan(states[number], sifted(number), alerts=(alert(sifted(number)),)))

    ended = await asyncio.gather(*(poll(number) for number in range(20)), return_exceptions=True)
    assert [isinstance(end, ArithmeticError) for end in ended] == [number == 7 for number in range(20)]
    status = await store.views.status()
    assert (status.entries, status.stories, status.deliveries) == (19, 19, (("desk", "pending", 19),))


async def test_two_polls_that_bring_the_same_story_at_once_tell_it_once(store: SqliteStore) -> None:
    """The second of two simultaneous polls decides knowing what the first wrote."""
    north, south = await feeds(store, NORTH, SOUTH)
    one = sifted(1)
    heard: list[Known] = []

    async def poll(number: int) -> PollPlan:
        feed = (north, south)[number]

        def decide(known: Known) -> PollPlan | Inquiry:
            if not known.told and known.stories_by_link:
                return Inquiry(stories=frozenset({one.story_key}))
            heard.append(known)
            return plan(feed, one, alerts=(alert(one),))

        return await store.polls.commit(question(feed, [one]), decide)

    first, second = await asyncio.gather(poll(0), poll(1))
    assert (len(first.alerts), len(second.alerts)) == (1, 0)
    assert (heard[0].stories_by_link, heard[1].stories_by_link) == ({}, {one.keys[1]: home(one)})
    assert heard[1].told[one.story_key].fired == {"bridges": alert(one).public_id}


async def test_all_that_waited_together_fail_when_nothing_can_be_written(store: SqliteStore) -> None:
    """When the transaction cannot begin, every caller hears it, each with an error of its own."""
    with other_writer(store):
        ended = await asyncio.gather(*(feeds(store, NORTH) for _ in range(3)), return_exceptions=True)
    assert [type(end) for end in ended] == [StoreBusy] * 3
    assert len({id(end) for end in ended}) == 3


async def test_a_caller_that_gave_up_before_its_turn_is_not_served(tmp_path: Path) -> None:
    """Cancelling a call that has not begun leaves it undone; the store goes on for the others."""
    store = await SqliteStore.open(tmp_path)
    gate = threading.Event()
    (feed,) = await feeds(store, NORTH)

    def hold(known: Known) -> PollPlan:
        gate.wait(10)
        return plan(known.feed)

    holding = asyncio.ensure_future(store.polls.commit(question(feed), hold))
    await asyncio.sleep(0)
    given_up = asyncio.ensure_future(commit(store, plan(feed, sifted(1))))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.sleep(0)
    gate.set()
    await holding
    assert (await store.views.status()).entries == 0
    await store.close()


async def test_a_caller_that_gave_up_in_mid_call_leaves_it_done(tmp_path: Path) -> None:
    """A transaction that was under way is finished: cancelling stops the waiting, never a write half-way."""
    store = await SqliteStore.open(tmp_path)
    begun, gate = threading.Event(), threading.Event()
    (feed,) = await feeds(store, NORTH)

    def hold(known: Known) -> PollPlan:
        begun.set()
        gate.wait(10)
        return plan(known.feed, sifted(1))

    given_up = asyncio.ensure_future(store.polls.commit(question(feed), hold))
    await asyncio.to_thread(begun.wait, 10)
    given_up.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert (await store.views.status()).entries == 1
    await store.close()


async def test_a_read_that_fails_is_told_and_the_next_succeeds(store: SqliteStore) -> None:
    """A damaged answer reaches its caller alone."""
    # Looks inside: no view of ours fails by itself.
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await store._thread.read(lambda connection: connection.execute("SELECT * FROM nowhere"))
    assert (await store.views.status()).entries == 0


async def test_closing_waits_for_what_was_asked(tmp_path: Path) -> None:
    """What was asked for before the end is done; what is asked afterwards is a bug, and said to be one."""
    store = await SqliteStore.open(tmp_path)
    registering = asyncio.ensure_future(feeds(store, NORTH))
    await asyncio.sleep(0)
    await store.close()
    await store.close()

    assert len(await registering) == 1
    with pytest.raises(RuntimeError, match="closed"):
        await store.views.status()


async def test_polls_that_found_nothing_share_a_sync(store: SqliteStore) -> None:
    """They come one after another, as answers of 304 do, and wait for one another: the disk is asked once."""
    north, south = await feeds(store, NORTH, SOUTH)
    said: list[str] = []
    # Looks inside: how many transactions there were nobody else can tell.
    await store._thread.outside(lambda connection: connection.set_trace_callback(said.append))
    async with asyncio.TaskGroup() as group:
        for feed in (north, south, north):
            group.create_task(commit(store, plan(feed)))
            await asyncio.sleep(0)
    assert said.count("COMMIT") == 1
    assert said.count("RELEASE one_call") == 3


async def test_many_polls_that_found_nothing_do_not_wait_for_more(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.store.thread.PATIENCE_SECONDS", 1_000.0)
    (feed,) = await feeds(store, NORTH)
    await asyncio.gather(*(commit(store, plan(feed)) for _ in range(16)))


async def test_whoever_is_in_a_hurry_takes_along_who_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order in which it was asked for: a read sees the poll before it, and closing leaves nobody behind."""
    monkeypatch.setattr("monitor.store.thread.PATIENCE_SECONDS", 1_000.0)
    store = await SqliteStore.open(tmp_path)
    (feed,) = await feeds(store, NORTH)
    waiting = asyncio.ensure_future(commit(store, plan(feed)))
    await asyncio.sleep(0)
    assert await store.polls.due(NOW, 10) == ()
    assert waiting.done()
    last = asyncio.ensure_future(commit(store, plan(feed)))
    await asyncio.sleep(0)
    await store.close()
    assert (await last).feed.next_poll_at == NOW + 15 * MINUTE


async def test_a_transaction_that_sqlite_gave_up_fails_for_all_in_it(tmp_path: Path) -> None:
    """A sick disk may undo the whole transaction under one call: its neighbours must not believe they succeeded."""
    store = await SqliteStore.open(tmp_path)
    north, south = await feeds(store, NORTH, SOUTH)
    gate = threading.Event()

    def give_up(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")
        raise sqlite3.OperationalError("disk I/O error")

    # Looks inside: only raw SQL can play a disk that fails half-way.
    held = asyncio.ensure_future(store._thread.read(lambda _: gate.wait(10)))
    await asyncio.sleep(0)
    calls = [
        asyncio.ensure_future(commit(store, plan(north, sifted(1)))),
        asyncio.ensure_future(store._thread.write(give_up)),
        asyncio.ensure_future(commit(store, plan(south, sifted(2)))),
    ]
    await asyncio.sleep(0)
    gate.set()
    ended = await asyncio.gather(held, *calls, return_exceptions=True)
    assert [type(end) for end in ended[1:]] == [sqlite3.OperationalError] * 3
    assert (await store.views.status()).entries == 0
    await commit(store, plan(north, sifted(1)))
    await store.close()


def test_an_answer_that_nobody_waits_for_is_dropped(tmp_path: Path) -> None:
    """A loop that was closed in mid-call does not end the store's thread: what was committed stays."""
    loop = asyncio.new_event_loop()
    begun, gate = threading.Event(), threading.Event()

    def last(_: sqlite3.Connection) -> None:
        begun.set()
        gate.wait(10)

    store = loop.run_until_complete(SqliteStore.open(tmp_path))
    # Looks inside: a call that lasts longer than the loop.
    pending = loop.create_task(store._thread.read(last))
    loop.run_until_complete(asyncio.sleep(0))
    assert begun.wait(10)
    pending.cancel()
    loop.run_until_complete(asyncio.gather(pending, return_exceptions=True))
    loop.close()
    gate.set()
    with asyncio.Runner() as other:
        assert other.run(feeds(store, NORTH))


def test_a_store_that_was_never_closed_does_not_hold_up_the_end(tmp_path: Path) -> None:
    """A process that forgets to close ends all the same, and what it committed is there."""
    forgetful = (
        "import asyncio, sys\nfrom pathlib import Path\n"
        "from monitor.store.sqlite import SqliteStore\n"
        "from tests.store_values import NORTH, feeds\n"
        "async def main():\n"
        "    store = await SqliteStore.open(Path(sys.argv[1]))\n"
        "    await feeds(store, NORTH)\n"
        "asyncio.run(main())\n"
    )
    assert _run(forgetful, tmp_path) == 0
    connection = sqlite3.connect(tmp_path / DATABASE)
    assert connection.execute("SELECT count(*) FROM feed").fetchone() == (1,)
    connection.close()


_KILLED_IN_A_POLL = """
import asyncio, os, signal, sys
from dataclasses import replace
from pathlib import Path
from monitor.store import polls
from monitor.store.sqlite import SqliteStore
from tests.store_values import NORTH, alert, commit, feeds, plan, sifted

def write_and_die(*asked):
    write(*asked)
    os.kill(os.getpid(), signal.SIGKILL)

async def main():
    global write
    store = await SqliteStore.open(Path(sys.argv[1]))
    (feed,) = await feeds(store, NORTH)
    await commit(store, plan(feed, sifted(1), alerts=(alert(sifted(1)),)))
    write, polls.write_plan = polls.write_plan, write_and_die
    entries = [sifted(number, words="long words " * 2000) for number in range(2, 200)]
    await commit(store, plan(feed, *entries, alerts=tuple(map(alert, entries))))

asyncio.run(main())
"""


async def test_a_kill_inside_a_transaction_leaves_nothing_of_it(tmp_path: Path) -> None:
    """What was committed is there, what was being written is not, and the file is whole (R2)."""
    assert _run(_KILLED_IN_A_POLL, tmp_path) == -9

    store = await SqliteStore.open(tmp_path)
    await store.upkeep.check()
    status = await store.views.status()
    assert (status.entries, status.stories, status.deliveries) == (1, 1, (("desk", "pending", 1),))
    (feed,) = status.feeds
    assert set((await ask(store, question(feed, [sifted(1), sifted(2)]))).entries) == set(sifted(1).keys)
    await store.close()


async def test_a_digest_is_one_message_of_many_deliveries(store: SqliteStore) -> None:
    """The tables carry a message of several alerts: it is claimed, settled, shown and retried as one."""
    await told(store, 1, 2, 3)
    connection = sqlite3.connect(store.path, isolation_level=None)
    row = connection.execute(
        "INSERT INTO message (channel, public_id, state, due_at, form, created_at)"
        " VALUES ('desk', 'digest', 'pending', 0, 'full', 0)"
    ).lastrowid
    connection.execute("UPDATE delivery SET message_id = ? WHERE id IN (1, 2)", (row,))
    connection.close()

    digest, single = await store.outbox.claim("desk", NOW, MINUTE, 2)
    assert (digest.public_id, single.public_id) == ("digest", "bridges-3")
    assert [one.public_id for one in digest.alerts] == ["bridges-1", "bridges-2"]
    await store.outbox.settle([], [digest.public_id, single.public_id], "desk")
    assert [row.public_id for row in await store.views.outbox(9, ["pending"])] == ["digest", "digest", "bridges-3"]
    assert await store.outbox.retry([digest.alerts[1].public_id], NOW - MINUTE) == 0


async def test_a_broken_promise_of_ours_is_not_told_as_the_operators(store: SqliteStore) -> None:
    """A constraint that fails is a bug: it comes through as it is, with everything undone."""
    (feed,) = await feeds(store, NORTH)
    one, two = sifted(1), sifted(2)
    same_id = (alert(one), alert(two))
    clash = tuple(_with_public_id(told_of, "the-same") for told_of in same_id)
    with pytest.raises(sqlite3.IntegrityError):
        await commit(store, plan(feed, one, two, alerts=clash))
    assert (await store.views.status()).entries == 0


def test_errors_of_the_system_are_told(tmp_path: Path) -> None:
    """A full disk may be tried again; a closed directory must be opened first; our own errors are not touched."""
    with pytest.raises(StoreBusy, match="full"), told_as_store_errors(tmp_path):
        raise OSError(28, "No space left on device")
    with pytest.raises(StoreUnwritable, match="Permission denied"), told_as_store_errors(tmp_path):
        raise PermissionError(13, "Permission denied")
    with pytest.raises(sqlite3.ProgrammingError), told_as_store_errors(tmp_path):
        raise sqlite3.ProgrammingError("a binding is missing")
    bug = KeyError("bug")
    assert store_error(bug, tmp_path) is bug


def _run(program: str, state: Path) -> int:
    return subprocess.run([sys.executable, "-c", program, str(state)], check=False, timeout=20).returncode


def _with_public_id(told_of: Alert, public_id: str) -> Alert:
    return replace(told_of, public_id=PublicId(public_id))


async def _limit_pages(store: SqliteStore, pages: int) -> None:
    """Let SQLite itself play the full disk: it answers SQLITE_FULL beyond so many pages."""
    # Looks inside: the limit belongs to the one connection that writes.
    await store._thread.read(lambda connection: connection.execute(f"PRAGMA max_page_count = {pages:d}").fetchone())
