"""The daily line, and a heartbeat that nobody hears."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from monitor.alerts.heartbeat import Vitals, daily_line, due_day, heard_again, unheard
from monitor.alerts.render import render
from monitor.model.alerts import AlertKind, Message, MessageId
from monitor.model.holding import DailyDigest
from tests.plain_values import NOW

EIGHT = DailyDigest(at=time(8), zone="Europe/Berlin")
FINE = Vitals(feeds=2, failing=1, last_poll_at=NOW, entries=12_345, alerts=1, waiting=3, dead=0)


def test_the_line_says_how_things_are() -> None:
    """In one sentence, and without the word alarm before it."""
    line = daily_line(date(2026, 3, 2), FINE, channels=("desk",), now=NOW)
    message = Message(id=MessageId(1), public_id=line.public_id, channel="desk", alerts=(line,), created_at=NOW)
    assert (line.kind, line.channels) == (AlertKind.HEARTBEAT, ("desk",))
    assert (
        render(message, now=NOW).subject
        == line.content.title
        == (
            "tocsin is alive: 2 feeds, 1 failing, last poll 2026-03-02 12:00 UTC; 12,345 entries known; "
            "1 alert in 24 hours; 3 deliveries waiting, 0 dead"
        )
    )
    young = replace(FINE, feeds=1, last_poll_at=None, entries=1, alerts=0, waiting=1)
    assert daily_line(date(2026, 3, 2), young, channels=(), now=NOW).content.title == (
        "tocsin is alive: 1 feed, 1 failing, last poll never; 1 entry known; 0 alerts in 24 hours; "
        "1 delivery waiting, 0 dead"
    )


@pytest.mark.parametrize(
    ("zone", "at", "first"),
    [
        ("Europe/Berlin", time(2, 30), datetime(2026, 3, 27, 0, 0, tzinfo=UTC)),
        ("Europe/Berlin", time(2, 30), datetime(2026, 10, 23, 0, 0, tzinfo=UTC)),
        ("America/New_York", time(2, 30), datetime(2026, 3, 6, 0, 0, tzinfo=UTC)),
        ("America/New_York", time(1, 30), datetime(2026, 10, 30, 0, 0, tzinfo=UTC)),
        ("Australia/Lord_Howe", time(2, 15), datetime(2026, 10, 2, 0, 0, tzinfo=UTC)),
        ("Australia/Lord_Howe", time(1, 45), datetime(2026, 4, 3, 0, 0, tzinfo=UTC)),
    ],
)
def test_there_is_one_line_for_each_local_date_whatever_the_clocks_do(zone: str, at: time, first: datetime) -> None:
    """Looked at every minute over five days with a change of clocks in them."""
    daily = DailyDigest(at=at, zone=zone)
    days = [due_day(daily, first + timedelta(minutes=minute)) for minute in range(5 * 24 * 60)]
    keys = {daily_line(day, FINE, channels=(), now=first).dedupe_key for day in days if day}
    dates = sorted({day for day in days if day})
    assert len(keys) == len(dates) in {5, 6}
    assert dates == [dates[0] + timedelta(days=place) for place in range(len(dates))]


def test_a_line_that_is_late_is_said_within_half_a_day() -> None:
    """Whoever was down at eight says so at nine; in the evening it would be no sign of the morning."""
    eight = datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert due_day(EIGHT, eight + timedelta(hours=1)) == date(2026, 3, 2)
    assert due_day(EIGHT, eight + timedelta(hours=13)) is None
    assert due_day(EIGHT, eight - timedelta(minutes=1)) is None


def test_a_ping_that_fails_for_an_hour_is_told_and_so_is_its_end() -> None:
    """With the last reason; a hiccup of half an hour is left to whoever waits for it."""
    assert unheard(NOW, "answered 500", channels=("desk",), now=NOW + timedelta(minutes=59)) is None
    alarm = unheard(NOW, "answered 500", channels=("desk",), now=NOW + timedelta(hours=1))
    assert alarm is not None
    assert alarm.content.title == (
        "the heartbeat cannot be sent since 2026-03-02 12:00 UTC: answered 500; whoever waits for it may think that "
        "tocsin is dead, which it is not: it polls and sends as ever, and goes on trying; see ping under heartbeat"
    )
    (note,) = heard_again(alarm.begins, is_wanted=True, channels=("desk",), now=NOW + timedelta(hours=2))
    assert note.content.title == "over: the heartbeat is sent again, after trouble since 2026-03-02 12:00 UTC"
    (left,) = heard_again(alarm.begins, is_wanted=False, channels=("desk",), now=NOW)
    assert "is not in the configuration any more" in left.content.title
    assert heard_again((), is_wanted=True, channels=("desk",), now=NOW) == ()
