"""What every store promises about the queue of feeds that are due: SQLite and the fake must both keep it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.model.polls import Pause, PauseKind
from monitor.model.queue import Apart, PutOff
from monitor.model.stories import PollPlan
from monitor.store.sqlite import SqliteStore
from tests.fakes.desks import FakeOffice
from tests.store_values import MINUTE, NORTH, NOW, SOUTH, Office, commit, feeds

LATER = "https://later.example/"
RESTS = "https://rests.example/"


@pytest.fixture(params=["sqlite", "fake"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """Each store in turn, empty."""
    opened: Office = await SqliteStore.open(tmp_path) if request.param == "sqlite" else FakeOffice()
    yield opened
    await opened.close()


async def test_what_is_set_apart_is_not_among_the_due(store: Office) -> None:
    """Feeds and origins by name, failing feeds, and what is beyond so many of one origin."""
    many = [f"https://many.example/{number}" for number in range(5)]
    states = await feeds(store, *many, NORTH, SOUTH)
    north, south = states[5:]
    await commit(store, PollPlan(feed=replace(south, failures=1), at=NOW))

    async def due(apart: Apart, limit: int = 10) -> list[str]:
        return [feed.url for feed in await store.polls.due(NOW, limit, apart)]

    assert set(await due(Apart())) == {*many, NORTH, SOUTH}
    assert set(await due(Apart(feeds=frozenset({north.id})))) == {*many, SOUTH}
    assert set(await due(Apart(origins=frozenset({north.origin, states[0].origin})))) == {SOUTH}
    assert set(await due(Apart(is_failing=True))) == {*many, NORTH}
    assert set(await due(Apart(domains=frozenset({"many.example", "outh.example"})))) == {NORTH, SOUTH}
    assert set(await due(Apart(domains=frozenset({"example"})))) == set(), "names below it too"
    few = await due(Apart(beyond=2))
    assert {NORTH, SOUTH} < set(few)
    assert len(few) == 4
    assert len(await due(Apart(beyond=2), 3)) == 3


async def test_overdue_feeds_are_put_off_unless_they_were_polled_meanwhile(store: Office) -> None:
    """What rests is not overdue; whoever asks when the next poll is also hears why."""
    await store.polls.register([(NORTH, NOW - MINUTE), (SOUTH, NOW), (RESTS, NOW), (LATER, NOW + MINUTE)])
    await store.feed_desk.pause(Pause(kind=PauseKind.FEED, subject=RESTS, at=NOW))
    overdue = {one.url: one for one in await store.polls.overdue(NOW)}
    assert {(url, one.due_at, one.is_new) for url, one in overdue.items()} == {
        (NORTH, NOW - MINUTE, True),
        (SOUTH, NOW, True),
    }

    (south,) = await store.polls.due(NOW, 1, Apart(feeds=frozenset({overdue[NORTH].feed})))
    await commit(store, PollPlan(feed=replace(south, last_poll_at=NOW, next_poll_at=NOW + 5 * MINUTE), at=NOW))
    later = [PutOff(feed=one.feed, due_at=one.due_at, until=NOW + 2 * MINUTE) for one in overdue.values()]
    await store.polls.put_off(later, "many at once")

    assert await store.polls.overdue(NOW) == ()
    (north,) = await store.polls.due(
        NOW + 3 * MINUTE, 10, Apart(origins=frozenset({"https://later.example:443", "https://rests.example:443"}))
    )
    assert (north.url, north.next_poll_at, north.next_reason) == (NORTH, NOW + 2 * MINUTE, "many at once")
    await store.polls.register([(NORTH, NOW)], is_read=False)
    assert [one.url for one in await store.polls.due(NOW + 9 * MINUTE, 10)] == [NORTH]
