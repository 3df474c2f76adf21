"""What every store promises about the queue of feeds that are due: SQLite and the fake must both keep it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
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
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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


async def test_feeds_that_rest_for_long_are_looked_at_and_hastened(store: Office) -> None:
    """Registered ones that work, as far as they are picked; only what is decided is written."""
    urls = [f"https://many.example/{number}" for number in range(5)]
    hasty, long, unpicked, failing, gone = await feeds(store, *urls)
    rests = [
        replace(hasty, last_poll_at=NOW, next_poll_at=NOW + MINUTE),
        replace(long, last_poll_at=NOW, next_poll_at=NOW + 60 * MINUTE),
        replace(unpicked, last_poll_at=NOW, next_poll_at=NOW + 90 * MINUTE),
        replace(failing, last_poll_at=NOW, next_poll_at=NOW + 60 * MINUTE, failures=1),
        replace(gone, last_poll_at=NOW, next_poll_at=NOW + 60 * MINUTE, is_gone=True),
    ]
    for one in rests:
        await commit(store, PollPlan(feed=one, at=NOW))
    await store.polls.register([(url, NOW) for url in [*urls, NORTH]], is_read=False)
    seen: list[tuple[str, float]] = []

    def is_long(url: str, length: timedelta) -> bool:
        seen.append((url, length / MINUTE))
        return url != unpicked.url

    hastened = await store.polls.hasten(
        5 * MINUTE, is_long, lambda feed: replace(feed, next_poll_at=NOW + 2 * MINUTE, next_reason="shorter")
    )
    assert (hastened, sorted(seen)) == (1, [(long.url, 60), (unpicked.url, 90)])
    due = await store.polls.due(NOW + 3 * MINUTE, 10)
    assert {(feed.url, feed.next_reason) for feed in due} == {(hasty.url, ""), (long.url, "shorter"), (NORTH, "")}
    assert await store.polls.hasten(5 * MINUTE, lambda *_: True, lambda _: None) == 0


async def test_a_domain_that_counts_as_one_server_is_known_until_it_is_well(store: Office) -> None:
    """Its last refusal counts; those that are well are let go of with the next one of another."""
    await store.refusals.note("tumblr.example", NOW, since=NOW - DAY)
    await store.refusals.note("tumblr.example", NOW + 3 * HOUR, since=NOW - DAY)
    assert await store.refusals.known(NOW) == {"tumblr.example": NOW + 3 * HOUR}
    assert await store.refusals.known(NOW + 3 * HOUR) == {}
    await store.refusals.note("heron.example", NOW + 2 * DAY, since=NOW + DAY)
    assert await store.refusals.known(NOW - DAY) == {"heron.example": NOW + 2 * DAY}
