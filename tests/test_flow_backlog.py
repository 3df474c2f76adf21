"""A channel that was away for a day and is back (R10), through store and flow on a virtual clock."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.alerts.alarms import Cause, alarm
from monitor.errors import StoreBusy
from monitor.model.alerts import Hold, PublicId, Rendered, Scope, SendFailed, Sent
from monitor.model.holding import DEFAULT_BACKLOG, Handling, PeriodicDigest, QuietHours, Rate, Together, Waiting
from monitor.model.rules import Priority
from monitor.model.views import CircuitRow
from monitor.ports import SortingStore
from monitor.store.sqlite import SqliteStore
from tests.fakes.desks import FakeOffice
from tests.sending_desk import BERLIN, Desk, at

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NOON = at("2026-03-02T12:00")
URGENT = Priority.URGENT


@pytest.fixture(params=["sqlite", "fake"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    """Over each store in turn; the channel is away."""
    is_real = request.param == "sqlite"
    store = await SqliteStore.open(tmp_path) if is_real else FakeOffice()
    made = Desk(store=store, folder=tmp_path if is_real else None, backlog=DEFAULT_BACKLOG)
    made.clock.moment = NOON
    made.channel.answer = made.refuse
    yield made
    await made.store.close()


async def test_sixty_alerts_of_a_day_are_the_one_that_was_tried_and_one_message(desk: Desk) -> None:
    """With few tries meanwhile; it holds them all, and says what it is."""
    told = await _day(desk, 60)
    assert 20 <= desk.tries <= 60
    assert {row.state for row in await desk.store.views.outbox(100, ("held", "pending"))} == {"pending"}
    back = await _come_back(desk)
    first, second = (message for _, message in desk.arrived)
    assert (first.public_id, second.title) == (told[0], "59 alerts that came while this channel took none")
    assert (second.hold, second.kind.value, second.more) == (Hold.AWAY, "digest", 0)
    assert sorted(desk.told()) == sorted(told)
    assert desk.arrived[-1][0] - back <= HOUR + 10 * MINUTE, "the try after at most an hour, and the rest at once"
    assert desk.arrived[-1][0] - desk.arrived[0][0] <= 10 * MINUTE
    assert await _circuits(desk) == ()


async def test_fifty_alerts_of_a_day_are_told_one_by_one_in_their_order(desk: Desk) -> None:
    """Within ten minutes of the first that the channel took."""
    told = await _day(desk, 50)
    await _come_back(desk)
    assert desk.told() == told
    assert len(desk.arrived) == 50
    assert desk.arrived[-1][0] - desk.arrived[0][0] <= 10 * MINUTE


async def test_fifty_one_alerts_are_told_together_and_the_urgent_ones_before_them(desk: Desk) -> None:
    """Each urgent one by itself, in their order."""
    quiet = await _day(desk, 41, hours=12)
    urgent = await _day(desk, 10, hours=12, priority=URGENT)
    await _come_back(desk)
    assert [len(message.items) for _, message in desk.arrived] == [1] * 11 + [40]
    assert desk.told()[:11] == [quiet[0], *urgent]
    assert sorted(desk.told()[11:]) == sorted(quiet[1:])


async def test_a_channel_that_wants_them_one_by_one_gets_them_so(desk: Desk) -> None:
    """`off`, and a number of its own."""
    desk.backlog = None
    desk.hire()
    told = await _day(desk, 60)
    await _come_back(desk)
    assert desk.told() == told
    assert len(desk.arrived) == 60

    desk.arrived.clear()
    desk.backlog, desk.channel.answer = 5, desk.refuse
    desk.hire()
    told = await _day(desk, 6)
    await _come_back(desk)
    assert [len(message.items) for _, message in desk.arrived] == [1, 5]


async def test_the_pace_of_the_channel_holds_for_what_has_waited(desk: Desk) -> None:
    """One message a minute: urgent ones and the rest together."""
    desk.pace = Rate(most=1, per=MINUTE)
    desk.hire()
    await _day(desk, 48)
    await _day(desk, 4, priority=URGENT)
    await _come_back(desk)
    moments = [moment for moment, _ in desk.arrived]
    assert len(moments) == 6
    assert all(later - earlier >= MINUTE for earlier, later in pairwise(moments))


async def test_a_backlog_beyond_all_measure_becomes_several_messages_in_order(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each as large as the store can bear; also where the last has less than would be told together by itself."""
    monkeypatch.setattr("monitor.store.sorting.MOST_GATHERED", 30)
    monkeypatch.setattr("tests.fakes.store.MOST_GATHERED", 30)
    desk.backlog = 20
    desk.hire()
    told = await _day(desk, 62)
    await _come_back(desk)
    assert [len(message.items) for _, message in desk.arrived] == [1, 30, 30, 1]
    assert desk.arrived[-1][1].title == "1 alert that came while this channel took none"
    parts = [{item.alert.public_id for item in message.items} for _, message in desk.arrived]
    assert parts == [set(told[:1]), set(told[1:31]), set(told[31:61]), set(told[61:])]


async def test_roll_ups_that_waited_become_the_same_message(desk: Desk) -> None:
    """And are shown whole in it."""
    desk.handling = Handling(throttle=Rate(most=1, per=HOUR))
    told: list[PublicId] = []
    for _ in range(4):
        told += await desk.alert(15)
        await desk.live_until(desk.clock.now() + 2 * HOUR, step=MINUTE)
    await _come_back(desk)
    assert [len(message.items) for _, message in desk.arrived] == [15, 45]
    assert [message.hold for _, message in desk.arrived] == [Hold.THROTTLE, Hold.AWAY]
    assert sorted(desk.told()) == sorted(told)


async def test_digests_that_waited_become_the_same_message(desk: Desk) -> None:
    """After a day there is one digest of all, as after a stop of days, and not one for each half hour."""
    desk.clock.pass_by(MINUTE)
    desk.handling = Handling(digest=PeriodicDigest(every=timedelta(minutes=30)))
    told = await _day(desk, 60)
    await _come_back(desk)
    assert [len(message.items) for _, message in desk.arrived] == [2, 58]
    assert sorted(desk.told()) == sorted(told)


async def test_what_quiet_hours_hold_waits_for_their_end_and_goes_by_itself(desk: Desk) -> None:
    """It did not wait for the channel."""
    told = await _day(desk, 60, hours=9)
    desk.handling = Handling(quiet=(QuietHours(begin=time(20), end=time(7), zone=BERLIN),))
    held = await desk.alert(2)
    await _come_back(desk)
    assert sorted(desk.told()) == sorted(told)
    await desk.live_until(at("2026-03-03T07:05"))
    assert desk.told()[60:] == held


async def test_alarms_that_waited_are_told_by_themselves(desk: Desk) -> None:
    """They are no news, and the reader looks for them."""
    await _day(desk, 30)
    down = alarm(Cause.CHANNEL, subject="ops", says="ops is down", now=desk.clock.now(), channels=("desk",))
    await desk.store.outbox.settle((), (), "ops", (down,))
    await _day(desk, 30)
    await _come_back(desk)
    assert [len(message.items) for _, message in desk.arrived] == [1, 1, 59]
    assert desk.arrived[1][1].kind.value == "alarm"


async def test_a_channel_that_goes_away_again_in_the_message_gets_it_under_the_same_name(desk: Desk) -> None:
    """What comes meanwhile follows it, and is counted anew."""
    told = await _day(desk, 60)
    desk.channel.answer = _taking(desk, 1)
    await desk.live_until(desk.clock.now() + 2 * HOUR, step=MINUTE)
    (row,) = {(row.public_id, row.attempts > 0) for row in await desk.store.views.outbox(100, ("pending",))}
    assert row[1], "the message was tried"
    told += await _day(desk, 51)
    await _come_back(desk)
    assert [len(message.items) for _, message in desk.arrived] == [1, 59, 51]
    assert desk.arrived[1][1].public_id == row[0]
    assert sorted(desk.told()) == sorted(told)


async def test_a_channel_that_goes_away_again_before_the_message_gets_one_for_all_in_the_end(desk: Desk) -> None:
    """Urgent ones stand before it, so that it was not tried: it grows."""
    told = await _day(desk, 60)
    told += await _day(desk, 2, hours=2, priority=URGENT)
    desk.channel.answer = _taking(desk, 2)
    await desk.live_until(desk.clock.now() + 2 * HOUR, step=MINUTE)
    told += await _day(desk, 10)
    await _come_back(desk)
    assert [len(message.items) for _, message in desk.arrived] == [1, 1, 1, 69]
    assert sorted(desk.told()) == sorted(told)


async def test_a_stop_after_the_first_success_costs_nothing(desk: Desk) -> None:
    """What has waited is gathered at once, and whoever comes next finds it so."""
    told = await _day(desk, 60)
    desk.channel.answer = desk.take
    stops = iter([False, False])  # before the claim, and before the send
    desk.clock.pass_by(HOUR)
    await desk.courier.drain(lambda: next(stops, True))
    assert len(desk.arrived) == 1
    await desk.restart()
    await desk.beat()
    assert [len(message.items) for _, message in desk.arrived] == [1, 59]
    assert sorted(desk.told()) == sorted(told)


@pytest.mark.parametrize("is_killed", [False, True])
async def test_a_store_that_is_busy_just_then_is_asked_again(desk: Desk, *, is_killed: bool) -> None:
    """Also by a new process, which takes the channel for away until it has taken one more: nothing is sent twice."""
    told = await _day(desk, 60)
    desk.channel.answer = desk.take
    desk.clock.pass_by(HOUR)
    desk.courier.past = _once_failing(desk, StoreBusy("the database is locked"))
    with pytest.raises(StoreBusy):
        await desk.courier.drain(lambda: False)
    assert len(desk.arrived) == 1
    assert [row.channel for row in await _circuits(desk)] == ["desk"], "not gathered, so not closed"
    if is_killed:
        await desk.restart()
    await desk.beat()
    await desk.beat()
    assert [len(message.items) for _, message in desk.arrived] == ([1, 1, 58] if is_killed else [1, 59])
    assert sorted(desk.told()) == sorted(told)
    assert await _circuits(desk) == ()


async def test_a_bug_of_ours_in_gathering_silences_nobody(desk: Desk) -> None:
    """It is raised, for the log; then each alert goes by itself."""
    told = await _day(desk, 60)
    desk.channel.answer = desk.take
    desk.clock.pass_by(HOUR)
    desk.courier.past = _once_failing(desk, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await desk.courier.drain(lambda: False)
    await desk.beat()
    assert desk.told() == told
    assert len(desk.arrived) == 60


async def test_a_message_that_is_refused_for_itself_ends_the_absence_as_well(desk: Desk) -> None:
    """The channel answers again: what waits behind that message is gathered, and it is tried in its short form."""
    told = await _day(desk, 60)
    answers = iter([SendFailed(scope=Scope.MESSAGE, reason="answered 413")])
    desk.channel.answer = lambda message: next(answers, None) or desk.take(message)
    await desk.live_until(desk.clock.now() + 2 * HOUR, step=MINUTE)
    assert [len(message.items) for _, message in desk.arrived] == [1, 59]
    assert sorted(desk.told()) == sorted(told)


def _once_failing(desk: Desk, error: Exception) -> SortingStore:
    """The store as it is, but for the first time that it is to gather."""
    errors = [error]

    class Failing:
        unsorted, sort = desk.store.sorting.unsorted, desk.store.sorting.sort
        standing, fared = desk.store.sorting.standing, desk.store.sorting.fared

        async def gather(
            self, channel: str, now: datetime, decide: Callable[[Sequence[Waiting]], Together | None]
        ) -> bool:
            if errors:
                raise errors.pop()
            return await desk.store.sorting.gather(channel, now, decide)

    return Failing()


def _taking(desk: Desk, count: int) -> Callable[[Rendered], Sent | SendFailed]:
    """Takes so many messages and then none."""

    def answer(message: Rendered) -> Sent | SendFailed:
        return desk.take(message) if len(desk.arrived) < count else desk.refuse(message)

    return answer


async def _day(desk: Desk, count: int, *, hours: int = 24, priority: Priority = Priority.NORMAL) -> list[PublicId]:
    """So many alerts, one after another, in so many hours."""
    told: list[PublicId] = []
    for _ in range(count):
        told += await desk.alert(priority=priority)
        await desk.live_until(desk.clock.now() + hours * HOUR / count, step=MINUTE)
    return told


async def _come_back(desk: Desk) -> datetime:
    """The channel takes everything from now on; two hours go by."""
    desk.channel.answer = desk.take
    back = desk.clock.now()
    await desk.live_until(back + 2 * HOUR, step=MINUTE)
    return back


async def _circuits(desk: Desk) -> tuple[CircuitRow, ...]:
    return (await desk.store.views.status()).circuits
