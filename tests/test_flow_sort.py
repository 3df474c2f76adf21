"""What stands between an alert and its sending, through store and flow on a virtual clock."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.alarms import Cause, alarm
from monitor.flow.sort import sort
from monitor.model.alerts import Hold, PublicId
from monitor.model.holding import (
    DailyDigest,
    Handling,
    Handlings,
    Mute,
    MuteKind,
    PeriodicDigest,
    QuietHours,
    Rate,
)
from monitor.model.rules import Priority
from monitor.store.sqlite import SqliteStore
from tests.fakes.desks import FakeOffice
from tests.sending_desk import BERLIN, Desk, at

HOUR = timedelta(hours=1)
NIGHT = QuietHours(begin=time(22), end=time(7), zone=BERLIN)


@pytest.fixture(params=["sqlite", "fake"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    """Over each store in turn."""
    if request.param == "sqlite":
        made = Desk(store=await SqliteStore.open(tmp_path), folder=tmp_path)
    else:
        made = Desk(store=FakeOffice(), folder=None)
    yield made
    await made.store.close()


async def test_a_match_at_three_in_the_morning_is_told_at_seven_and_an_urgent_one_at_once(desk: Desk) -> None:
    """On the wall clock of the reader."""
    desk.handling = Handling(quiet=(NIGHT,))
    desk.clock.moment = at("2026-03-02T03:00")
    (held,) = await desk.alert()
    (urgent,) = await desk.alert(priority=Priority.URGENT)
    await desk.live_until(at("2026-03-02T12:00"))
    assert desk.told() == [urgent, held]
    assert desk.local() == ["02 03:00", "02 07:00"]


async def test_a_held_alert_survives_a_restart(desk: Desk) -> None:
    """In the middle of the night; and it is told once."""
    desk.handling = Handling(quiet=(NIGHT,))
    desk.clock.moment = at("2026-03-02T03:00")
    await desk.alert()
    await desk.live_until(at("2026-03-02T05:00"))
    await desk.restart()
    await desk.live_until(at("2026-03-02T12:00"))
    assert desk.local() == ["02 07:00"]


@pytest.mark.parametrize(
    ("zone", "first", "clock"),
    [
        (zone, first, clock)
        for zone, changes in {
            BERLIN: (date(2026, 3, 29), date(2026, 10, 25)),
            "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
            "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
        }.items()
        for first in changes
        for clock in (time(7), time(2, 30))
    ],
)
async def test_a_digest_comes_once_a_local_date_over_both_changes_of_the_clock(
    desk: Desk, zone: str, first: date, clock: time
) -> None:
    """Also at 02:30, which one night leaves out and another has twice; and over a stop and restart in that night."""
    desk.handling = Handling(digest=DailyDigest(at=clock, zone=zone))
    start = datetime.combine(first - timedelta(days=1), time(12), ZoneInfo(zone)).astimezone(UTC)
    desk.clock.moment = start
    told: list[PublicId] = []
    for hour in range(60):
        if desk.clock.now() >= start + hour * HOUR:
            told += await desk.alert()
        if hour == 14:
            await desk.restart()
        await desk.live_until(start + (hour + 1) * HOUR, step=timedelta(minutes=15))
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment, _ in desk.arrived]
    assert days == [first, first + timedelta(days=1)]
    assert len(desk.told()) == len(set(desk.told()))
    assert set(desk.told()) <= set(told)
    assert len({message.public_id for _, message in desk.arrived}) == len(desk.arrived)


async def test_a_digest_that_is_due_in_quiet_hours_waits_for_their_end(desk: Desk) -> None:
    """Everything that came until then is in it."""
    desk.handling = Handling(digest=DailyDigest(at=time(6), zone=BERLIN), quiet=(NIGHT,))
    desk.clock.moment = at("2026-03-02T03:00")
    told = await desk.alert(3)
    await desk.live_until(at("2026-03-02T12:00"))
    assert desk.local() == ["02 07:00"]
    assert set(desk.told()) == set(told)


async def test_a_digest_that_has_nothing_to_say_says_so_once_a_day(desk: Desk) -> None:
    """If it is to; over a restart too."""
    desk.handling = Handling(digest=DailyDigest(at=time(7), zone=BERLIN, says_nothing=True))
    desk.clock.moment = at("2026-03-02T12:00")
    await desk.live_until(at("2026-03-04T06:00"))
    await desk.restart()
    await desk.live_until(at("2026-03-05T12:00"))
    assert desk.local() == ["03 07:00", "04 07:00", "05 07:00"]


async def test_two_hundred_matches_in_a_minute_are_one_message(desk: Desk) -> None:
    """Of all of them."""
    desk.handling = Handling(throttle=Rate(most=10, per=timedelta(minutes=5)))
    desk.clock.moment = at("2026-03-02T12:00")
    told = await desk.alert(200)
    await desk.live_until(at("2026-03-02T12:30"), step=timedelta(seconds=30))
    ((_, message),) = desk.arrived
    assert {item.alert.public_id for item in message.items} == set(told)


async def test_a_trickle_beyond_the_throttle_is_told_together_when_there_is_room(desk: Desk) -> None:
    """What was within it went alone."""
    desk.handling = Handling(throttle=Rate(most=3, per=timedelta(minutes=5)))
    desk.clock.moment = at("2026-03-02T12:00")
    for _ in range(12):
        await desk.alert()
        await desk.live_until(desk.clock.now() + timedelta(seconds=10), step=timedelta(seconds=10))
    await desk.live_until(at("2026-03-02T12:30"), step=timedelta(seconds=10))
    sizes = [len(message.items) for _, message in desk.arrived]
    assert sizes[:3] == [1, 1, 1]
    assert sum(sizes) == 12
    assert len(sizes) == 4


async def test_a_mute_is_heeded_from_the_next_beat_on_and_silences_no_alarm(desk: Desk) -> None:
    """While the daemon works."""
    desk.clock.moment = at("2026-03-02T12:00")
    await desk.store.mute_desk.mute(Mute(kind=MuteKind.RULE, subject="bridges", at=desk.clock.now()))
    await desk.alert()
    down = alarm(Cause.CHANNEL, subject="ops", says="ops is down", now=desk.clock.now(), channels=("desk",))
    await desk.store.outbox.settle((), (), "ops", (down,))
    await desk.beat()
    assert desk.told() == [down.public_id]
    await desk.store.mute_desk.unmute(MuteKind.RULE, "bridges")
    (told,) = await desk.alert()
    await desk.beat()
    assert desk.told() == [down.public_id, told]
    (muted,) = await desk.store.views.outbox(5, ("muted",))
    assert muted.why == "rule bridges is muted"


async def test_quiet_hours_that_are_gone_after_a_reload_hold_nothing_any_more(desk: Desk) -> None:
    """What they held goes out at once, not in the morning."""
    desk.handling = Handling(quiet=(NIGHT,))
    desk.clock.moment = at("2026-03-02T03:00")
    await desk.alert()
    await desk.beat()
    assert desk.arrived == []
    await sort(desk.store.sorting, Handlings(), ("desk",), desk.clock.now(), is_anew=True)
    await desk.courier.drain(lambda: False)
    assert len(desk.arrived) == 1


async def test_a_channel_that_was_down_for_a_day_gets_everything_in_order(desk: Desk) -> None:
    """With few tries meanwhile (R10), also where its nights are quiet."""
    desk.clock.moment = at("2026-03-02T12:00")
    desk.channel.answer = desk.refuse
    told: list[PublicId] = []
    for _ in range(24):
        told += await desk.alert()
        await desk.live_until(desk.clock.now() + HOUR, step=timedelta(minutes=1))
    assert 20 <= desk.tries <= 60
    desk.channel.answer = desk.take
    back = desk.clock.now()
    await desk.live_until(back + 2 * HOUR, step=timedelta(minutes=1))
    assert desk.told() == told
    assert desk.arrived[-1][0] - desk.arrived[0][0] <= timedelta(minutes=10)


async def test_a_digest_every_half_hour_is_made_where_there_was_news(desk: Desk) -> None:
    """And only there."""
    desk.handling = Handling(digest=PeriodicDigest(every=timedelta(minutes=30)))
    desk.clock.moment = at("2026-03-02T12:05")
    await desk.alert(2)
    await desk.live_until(at("2026-03-02T14:00"), step=timedelta(minutes=1))
    assert desk.local() == ["02 12:30"]
    assert desk.told() != []
    (row, _) = await desk.store.views.outbox(5, ("sent",))
    assert (row.hold, row.is_together) == (Hold.DIGEST, True)


async def test_an_idle_beat_writes_nothing(desk: Desk) -> None:
    """Once a second, day and night: it must cost no more than a look."""
    desk.clock.moment = at("2026-03-02T12:00")
    await desk.alert()
    await desk.beat()

    class Silent:
        """Sorting of which only looks are allowed."""

        unsorted = desk.store.sorting.unsorted
        standing = desk.store.sorting.standing

    await sort(Silent(), Handlings(channels={"desk": Handling()}), ("desk",), desk.clock.now())  # type: ignore[arg-type]  # what it lacks must not be asked for
