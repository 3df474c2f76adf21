"""Whom we may ask now: servers with a pause between two requests, domains that are one server, set clocks."""

import asyncio
import itertools
import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.engine.clock_step import TOLERANCE, ClockStep
from monitor.engine.embedded import Engine
from monitor.engine.manners import DOMAIN_GAP_SECONDS, WELL_SECONDS, WITHIN_SECONDS, Manners
from monitor.engine.poller import Poller
from monitor.engine.reports import Trouble
from monitor.engine.ticks import Tick
from monitor.errors import StoreDamaged
from monitor.model.polls import FailureKind, Fetched, FetchFailed, FetchRequest, NotModified
from tests.fakes.world import Publisher
from tests.plain_values import NOW
from tests.test_engine import Town

A, B, C = (f"https://{name}.tumblr.example:443" for name in "abc")
ELSEWHERE = "https://harbour.example:443"
SECOND = timedelta(seconds=1)


def asked(manners: Manners, origin: str, now: float) -> None:
    """A request that is over at once."""
    manners.begin(origin, now)
    manners.end(origin)


def test_a_server_is_asked_once_at_a_time_and_then_after_a_pause() -> None:
    """Others do not wait for it."""
    manners = Manners()
    assert manners.wait(A, 0.0, 1.0) == 0.0
    manners.begin(A, 0.0)
    assert manners.wait(A, 5.0, 1.0) == math.inf
    assert manners.wait(ELSEWHERE, 0.0, 1.0) == 0.0
    manners.end(A)
    assert manners.wait(A, 0.25, 1.0) == 0.75
    assert manners.wait(A, 1.0, 1.0) == 0.0


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "http://[::1]:8000", "https://10.1.2.3:443"])
def test_our_own_networks_are_not_paused(origin: str) -> None:
    """Literal addresses that are polled only where the configuration allows them."""
    manners = Manners()
    asked(manners, origin, 0.0)
    assert manners.wait(origin, 0.0, 1.0) == 0.0


def test_two_refusals_within_an_hour_make_a_domain_one_server() -> None:
    """Until it has been well for a day."""
    manners = Manners()
    assert manners.refused(A, 0.0) == ""
    assert manners.refused(B, 600.0) == "tumblr.example"
    assert manners.wait(C, 600.0, 1.0) == DOMAIN_GAP_SECONDS
    manners.begin(C, 700.0)
    assert manners.wait(A, 900.0, 1.0) == math.inf
    manners.end(C)
    assert manners.wait(A, 702.0, 1.0) == DOMAIN_GAP_SECONDS - 2.0
    assert manners.wait(ELSEWHERE, 702.0, 1.0) == 0.0
    assert manners.refused(C, 50_000.0) == ""
    asked(manners, A, 50_000.0 + WELL_SECONDS - 2.0)
    assert manners.wait(B, 50_000.0 + WELL_SECONDS - 1.0, 1.0) == DOMAIN_GAP_SECONDS - 1.0
    assert manners.wait(B, 50_000.0 + WELL_SECONDS, 1.0) == 0.0


def test_refusals_far_apart_or_of_strangers_make_no_domain_one() -> None:
    """Nor do two of the same host, nor hosts of a suffix under which anybody registers."""
    manners = Manners()
    for moment, origin in enumerate((A, A, "https://ann.blogspot.com:443", "https://ben.blogspot.com:443", ELSEWHERE)):
        assert manners.refused(origin, float(moment)) == ""
    assert manners.refused(B, WITHIN_SECONDS + 1.0) == ""
    assert manners.refused("http://127.0.0.1:1", 0.0) == ""
    assert manners.wait(C, WITHIN_SECONDS + 1.0, 1.0) == 0.0


async def test_feeds_of_one_server_are_polled_a_pause_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a single round, which waits for that; it is not over before."""
    town = Town(tuple(f"https://a.example/{number}" for number in range(20)))
    await town.open()
    moments: list[float] = []

    class Noting(Publisher):
        async def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
            moments.append(town.clock.ran)
            return await Publisher.fetch(self, request)

    async def pass_by(seconds: float) -> None:
        town.clock.pass_by(seconds * SECOND)

    monkeypatch.setattr("monitor.engine.poller.asyncio.sleep", pass_by)
    town.publisher = Noting(answers=town.publisher.answers)
    house = town.house()
    polling = replace(house.settings.polling, origin_gap=SECOND)
    done = await Engine(replace(house, settings=replace(house.settings, polling=polling))).once()
    assert done.polled == 20
    assert [later - sooner for sooner, later in itertools.pairwise(moments)] == [1.0] * 19


async def test_a_domain_that_refuses_under_two_names_is_asked_slowly_under_all() -> None:
    """The poller learns of it by what polls come to."""
    town = Town(tuple(f"https://{name}.tumblr.example/rss" for name in "abcd"))
    await town.open()
    for url in town.urls[:2]:
        town.publisher.answers[url] = FetchFailed(kind=FailureKind.HTTP, reason="answered 429", status=429)
    engine = Engine(town.house(concurrency=1))
    house = engine.house
    async with asyncio.TaskGroup() as group:
        for polled in (1, 2):
            assert await engine._poller.start_due(group, house)
            await engine._poller.pause()
            assert engine._poller.polled == polled
        assert not await engine._poller.start_due(group, house)
        assert engine._poller.soonest == DOMAIN_GAP_SECONDS
        town.clock.pass_by(5 * SECOND)
        assert await engine._poller.start_due(group, house)


async def test_a_domain_is_still_one_server_after_a_restart() -> None:
    """Until it has been well for a day, which begins anew with each refusal."""
    town = Town(tuple(f"https://{name}.tumblr.example/rss" for name in "abcd"))
    await town.open()
    for url in town.urls[:3]:
        town.publisher.answers[url] = FetchFailed(kind=FailureKind.HTTP, reason="answered 429", status=429)
    first = Engine(town.house(concurrency=1))
    async with asyncio.TaskGroup() as group:
        for _ in town.urls[:3]:
            town.clock.pass_by(DOMAIN_GAP_SECONDS * SECOND)
            assert await first._poller.start_due(group, first.house)
            await first._poller.pause()
    last = town.clock.now()
    assert await town.store.refusals.known(last - timedelta(days=2)) == {"tumblr.example": last}

    town.publisher.answers = {url: NotModified() for url in town.urls}
    for after, at_once in ((timedelta(hours=23), 1), (timedelta(hours=25), 4)):
        town.clock.pass_by(last + after - town.clock.now())
        again = Engine(town.house())
        async with asyncio.TaskGroup() as group:
            assert await again._poller.start_due(group, again.house)
            assert len(again._poller.crew.under_way) == at_once


def test_a_clock_that_runs_was_not_set() -> None:
    """The first reading says where it stands; sleep counts as time that passed."""
    step = ClockStep()
    assert step.of(NOW, 50.0) == timedelta(0)
    assert step.of(NOW + SECOND, 51.0) is None
    assert step.of(NOW + timedelta(hours=8), 50.0 + 8 * 3_600) is None


@given(by=st.timedeltas(timedelta(days=-40), timedelta(days=40)), passed=st.floats(0, 1e6))
def test_a_clock_that_was_set_is_found_out(by: timedelta, passed: float) -> None:
    """By how much, but for what a time server mends by and by."""
    step = ClockStep()
    step.of(NOW, 0.0)
    found = step.of(NOW + timedelta(seconds=passed) + by, passed)
    assert (found is None) == (abs(by) <= TOLERANCE)
    assert found is None or abs(found - by) < timedelta(milliseconds=1)


@pytest.mark.parametrize("hours", [-24, -1, 1, 720])
async def test_a_clock_that_was_set_moves_due_times_with_it(hours: int) -> None:
    """The next poll comes when it would have come without that: neither sooner nor later."""
    town = Town(("https://a.example/rss",))
    await town.open()
    poller, house = _poller(town), town.house()

    async def polled() -> int:
        async with asyncio.TaskGroup() as group:
            await poller.start_due(group, house)
        return poller.polled

    assert await polled() == 1
    town.clock.pass_by(timedelta(minutes=10))
    town.clock.be_set(timedelta(hours=hours))
    assert await polled() == 1
    town.clock.pass_by(timedelta(minutes=4, seconds=59))
    assert await polled() == 1
    town.clock.pass_by(SECOND)
    assert await polled() == 2


async def test_a_feed_that_was_polled_in_the_future_waits_no_longer_than_its_interval() -> None:
    """As after a start with a clock that was set back while we were off."""
    town = Town(("https://a.example/rss",))
    await town.open()
    town.clock.be_set(timedelta(days=400))
    assert (await Engine(town.house()).once()).polled == 1
    town.clock.be_set(timedelta(days=-400))
    assert (await Engine(town.house()).once()).polled == 0
    town.clock.pass_by(timedelta(minutes=15))
    assert (await Engine(town.house()).once()).polled == 1


def _poller(town: Town) -> Poller:
    """One that goes by the town's clock alone."""

    def fail(error: StoreDamaged) -> None:
        raise error

    tick = Tick("poll", 1.0)
    return Poller(tick, tick, on_damage=fail, trouble=Trouble(), monotonic=town.clock.steady)
