"""What is wrong with ourselves: when it is worth an alarm, how many, what they say, and when it is over."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.alerts.ourselves import Look, alarms_of, is_short
from monitor.model.alerts import Alert
from monitor.model.polls import FailureKind, FeedId, FeedState, Habits, KeyHabit, Nature
from monitor.model.troubles import Cause, FeedHealth, Reading, Room, Trouble

NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PLENTY = Room(free=500_000_000_000, whole=1_000_000_000_000)


def feed(
    number: int, *, since: datetime | None, is_gone: bool = False, fault: FailureKind = FailureKind.HTTP
) -> FeedState:
    """A feed that has failed since then."""
    url = f"https://{number}.example/rss"
    return FeedState(
        id=FeedId(number),
        url=url,
        origin=f"https://{number}.example:443",
        next_poll_at=NOON + HOUR,
        failures=2,
        failing_since=since,
        last_error="answered 500",
        fault=fault,
        is_gone=is_gone,
    )


def look(*failing: FeedState, feeds: int = 100, known: tuple[Trouble, ...] = ()) -> Look:
    """Nothing is wrong but these feeds."""
    return Look(
        health=FeedHealth(feeds=feeds, failing=failing),
        outlets={f"https://{number}.example/rss": (f"Outlet {number}",) for number in range(feeds)},
        room=PLENTY,
        reading=Reading(documents=100, is_whole_hour=True),
        refusing=frozenset(),
        known=known,
        channels=("desk", "ops"),
        hear=("desk", "ops"),
        failing=frozenset(one.url for one in failing),
    )


def told(alarms: tuple[Alert, ...], at: datetime) -> tuple[Trouble, ...]:
    """What is known once these were written."""
    return tuple(replace(one, told_at=at) for alarm in alarms for one in alarm.begins)


def titles(alarms: tuple[Alert, ...]) -> list[str]:
    return [alarm.content.title for alarm in alarms]


def test_a_feed_that_fails_for_a_day_is_told_with_what_to_do() -> None:
    """At the full hour after the day; to whoever hears alarms, with the feed as its link."""
    late = feed(1, since=NOON - DAY - timedelta(minutes=10))
    assert alarms_of(look(late), NOON - timedelta(minutes=5)) == ()
    (alarm,) = alarms_of(look(late), NOON)
    assert alarm.content.title == (
        "Outlet 1: the feed has failed since 2026-03-01 11:50 UTC: answered 500; it is asked again at "
        "2026-03-02 13:00 UTC, tocsin try with its address shows what it answers"
    )
    assert (alarm.channels, alarm.content.outlets, alarm.content.link) == (("desk", "ops"), ("Outlet 1",), late.url)


def test_a_failing_feed_is_told_once_a_day_and_its_recovery_once() -> None:
    """The day goes by UTC."""
    late = feed(1, since=NOON - 2 * DAY)
    first = alarms_of(look(late), NOON)
    known = told(first, NOON)
    assert alarms_of(look(late, known=known), NOON + 3 * HOUR) == ()
    (again,) = alarms_of(look(late, known=known), NOON + 12 * HOUR)
    assert again.dedupe_key != first[0].dedupe_key
    (note,) = alarms_of(look(known=known), NOON + 13 * HOUR)
    assert note.content.title == "over: Outlet 1: it is read again, after trouble since 2026-02-28 12:00 UTC"
    assert (note.channels, note.ends) == (("desk", "ops"), known)


def test_what_was_never_told_has_no_recovery_note() -> None:
    """A feed that failed for an hour, a channel that stuttered."""
    assert alarms_of(look(), NOON) == ()


def test_a_gone_feed_is_told_once_for_good() -> None:
    """Nobody needs to hear every day what is not asked any more."""
    gone = feed(2, since=NOON, is_gone=True)
    first = alarms_of(look(gone), NOON)
    assert titles(first) == [
        (
            "Outlet 2: the feed is gone for good (410) and is not asked any more: answered 500; "
            "look for its new address, or take it out of the configuration"
        )
    ]
    assert alarms_of(look(gone, known=told(first, NOON)), NOON + 3 * DAY) == ()
    removed = replace(look(known=told(first, NOON)), outlets={})
    assert titles(alarms_of(removed, NOON + DAY)) == [
        "over: Outlet 2: it is not in the configuration any more, after trouble since 2026-03-02 12:00 UTC"
    ]


def test_two_hundred_feeds_that_fail_at_once_are_one_alarm_and_one_note() -> None:
    """More than half of all: it is at our side, and told after an hour, not after a day."""
    failing = [feed(number, since=NOON + timedelta(seconds=number)) for number in range(200)]
    assert alarms_of(look(*failing, feeds=300), NOON + HOUR) == ()
    first = alarms_of(look(*failing, feeds=300), NOON + HOUR + timedelta(minutes=3))
    assert titles(first) == [
        (
            "200 of 300 feeds fail since 2026-03-02 12:02 UTC, the last one so: answered 500; they are asked on; "
            "so many at once point to the network, the names or the clock of this machine"
        )
    ]
    known = told(first, NOON + HOUR)
    assert {alarm.dedupe_key for alarm in alarms_of(look(*failing, feeds=300, known=known), NOON + 8 * HOUR)} == {
        first[0].dedupe_key
    }
    (note,) = alarms_of(look(*failing[:20], feeds=300, known=known), NOON + 9 * HOUR)
    assert note.content.title.startswith("over: most feeds: they are read again, after trouble since 2026-03-02 12:02")


def test_many_feeds_of_one_hour_are_one_alarm_also_where_others_are_well() -> None:
    """A publisher's server with forty feeds; who joins later is told alone; the note is one as well."""
    forty = [feed(number, since=NOON - DAY + timedelta(minutes=number)) for number in range(40)]
    first = alarms_of(look(*forty), NOON + HOUR)
    (says,) = titles(first)
    assert says.startswith("40 feeds have failed for more than a day; they are asked on, tocsin status shows each: ")
    assert says.endswith("Outlet 9 and 30 more")
    known = told(first, NOON + HOUR)
    assert alarms_of(look(*forty, known=known), NOON + 2 * HOUR) == ()
    one_more = feed(41, since=NOON - DAY + HOUR)
    (later,) = alarms_of(look(*forty, one_more, known=known), NOON + 2 * HOUR)
    assert later.content.outlets == ("Outlet 41",)
    (note,) = alarms_of(look(known=known), NOON + 3 * HOUR)
    assert note.content.title.startswith("over: 40 feeds are read again: Outlet 0, ")
    assert len(note.ends) == 40


def test_a_certificate_that_is_not_accepted_is_told_after_an_hour() -> None:
    """With what is wrong with it; once a day, and not as failing besides."""
    expired = replace(
        feed(1, since=NOON - HOUR, fault=FailureKind.CERTIFICATE),
        last_error="the certificate of 1.example was not accepted: certificate has expired",
    )
    assert alarms_of(look(expired), NOON - MINUTE) == ()
    first = alarms_of(look(expired), NOON)
    assert titles(first) == [
        (
            "Outlet 1: the feed has not been read since 2026-03-02 11:00 UTC: the certificate of 1.example was not "
            "accepted: certificate has expired; nothing is read from a server that cannot say who it is, so its owner "
            "has to mend that, or the clock or the certificates of this machine are wrong; it is asked again at "
            "2026-03-02 13:00 UTC"
        )
    ]
    known = told(first, NOON)
    assert [one.cause for one in known] == [Cause.CERTIFICATE]
    assert alarms_of(look(expired, known=known), NOON + 11 * HOUR) == ()
    assert [one.begins[0].cause for one in alarms_of(look(expired, known=known), NOON + DAY)] == [Cause.CERTIFICATE]
    (note,) = alarms_of(look(known=known), NOON + 2 * HOUR)
    assert note.content.title == "over: Outlet 1: it is read again, after trouble since 2026-03-02 11:00 UTC"


def test_certificates_of_one_server_farm_are_one_alarm() -> None:
    """What begins within ten minutes is told at once."""
    ten = [feed(number, since=NOON - HOUR - number * MINUTE, fault=FailureKind.CERTIFICATE) for number in range(10)]
    (alarm,) = alarms_of(look(*ten), NOON)
    assert alarm.content.title.startswith(
        "10 feeds are not read because the certificates of their servers are not accepted; they are asked on, "
    )
    assert {one.cause for one in alarm.begins} == {Cause.CERTIFICATE}


def emptied(number: int, since: datetime) -> FeedState:
    """A feed without entries since then, which is read without fault."""
    return replace(feed(number, since=None), failures=0, last_error="", empty_since=since)


def with_empty(*feeds: FeedState, known: tuple[Trouble, ...] = ()) -> Look:
    plain = look(known=known)
    return replace(
        plain, health=replace(plain.health, empty=feeds), empty=frozenset(one.url for one in feeds if one.empty_since)
    )


def test_a_feed_without_entries_is_told_after_a_day() -> None:
    """It answers as ever, so nothing else would say so; its end is told too."""
    bare = emptied(1, NOON - DAY)
    assert alarms_of(with_empty(bare), NOON - MINUTE) == ()
    first = alarms_of(with_empty(bare), NOON)
    assert titles(first) == [
        (
            "Outlet 1: the feed answers as ever, but has had no entries since 2026-03-01 12:00 UTC; look whether its "
            "news has another address now, tocsin try with this one shows what it answers"
        )
    ]
    known = told(first, NOON)
    assert alarms_of(with_empty(bare, known=known), NOON + HOUR) == ()
    assert titles(alarms_of(with_empty(known=known), NOON + HOUR)) == [
        "over: Outlet 1: it has entries again, after trouble since 2026-03-01 12:00 UTC"
    ]
    removed = replace(with_empty(bare, known=known), outlets={}, health=FeedHealth(feeds=99))
    assert "not in the configuration any more" in titles(alarms_of(removed, NOON + HOUR))[0]


def test_an_empty_feed_that_fails_is_told_as_failing() -> None:
    """What it would say now is not known."""
    broken = replace(emptied(1, NOON - 3 * DAY), failures=2)
    assert alarms_of(with_empty(broken), NOON) == ()


OWN = KeyHabit(nature=Nature.OWN, shown=9)


def strange(kind: str, **habits: KeyHabit) -> Look:
    """A feed of which it was told a week ago that its ids are so, as it is now."""
    trouble = Trouble(
        cause=Cause.IDENTITY,
        subject=f"https://1.example/rss ids {kind}",
        about="Outlet 1",
        since=NOON - 9 * DAY,
        told_at=NOON - 7 * DAY,
        channels=("ops",),
    )
    plain = look(known=(trouble,))
    one = replace(feed(1, since=None), failures=0, habits=Habits(**habits))
    return replace(plain, health=replace(plain.health, strange=(one,)))


@pytest.mark.parametrize(
    ("kind", "ids", "expected"),
    [
        ("missing", OWN, True),
        ("missing", replace(OWN, nature=Nature.MISSING), False),
        ("shared", replace(OWN, nature=Nature.HUGE), False),
        ("shared", replace(OWN, changes=1), False),
        ("changed", OWN, True),
        ("changed", replace(OWN, nature=Nature.HUGE), True),
        ("changed", replace(OWN, changes=1), False),
        ("changed", replace(OWN, changes=3, doubted_since=NOON - DAY), True),
    ],
)
def test_an_identity_change_is_over_once_the_keys_were_well_for_a_week(
    kind: str, ids: KeyHabit, *, expected: bool
) -> None:
    """Or are not used any more, which was told as well; not sooner, for such feeds come back to it."""
    said = "over: Outlet 1: its ids have been as they should be for a week, or are not used any more"
    now = strange(kind, ids=ids)
    assert alarms_of(now, NOON - MINUTE) == ()
    assert titles(alarms_of(now, NOON)) == ([f"{said}, after trouble since 2026-02-21 12:00 UTC"] if expected else [])


def test_an_identity_change_of_a_feed_that_was_taken_out_is_over() -> None:
    """One note for all that was told of it."""
    now = strange("missing", ids=replace(OWN, nature=Nature.MISSING))
    (one,) = now.known
    both = replace(
        now,
        outlets={},
        health=FeedHealth(feeds=9),
        known=(one, replace(one, subject=one.subject.replace("ids", "links"))),
    )
    (note,) = alarms_of(both, NOON - MINUTE)
    assert "Outlet 1: it is not in the configuration any more" in note.content.title
    assert (len(note.ends), note.channels) == (2, ("ops",))


def test_little_room_is_told_and_its_end_only_with_some_more_room() -> None:
    """So that it does not come and go with every commit."""
    short = replace(look(), room=Room(free=40_000_000_000, whole=1_000_000_000_000))
    first = alarms_of(short, NOON)
    assert titles(first) == [
        (
            "the disk of the database has little room: 40,000 MB of 1,000,000 MB are free; once it is full, nothing is "
            "sent until there is room, and nothing is lost; make room, or keep less: see retention in the configuration"
        )
    ]
    barely = replace(look(known=told(first, NOON)), room=Room(free=51_000_000_000, whole=1_000_000_000_000))
    assert alarms_of(barely, NOON + HOUR) == ()
    assert titles(alarms_of(look(known=told(first, NOON)), NOON + HOUR)) == [
        "over: the disk of the database: there is room again (500,000 MB), after trouble since 2026-03-02 12:00 UTC"
    ]


@pytest.mark.parametrize(
    ("free", "whole", "expected"),
    [
        (199_000_000, 1_000_000_000, True),
        (201_000_000, 1_000_000_000, False),
        (4_900_000_000, 100_000_000_000, True),
        (5_100_000_000, 100_000_000_000, False),
        (0, 0, False),
    ],
)
def test_room_is_short_below_a_share_and_below_a_size(free: int, whole: int, *, expected: bool) -> None:
    """5 % or 200 MB; a file system that does not say has room."""
    assert is_short(Room(free=free, whole=whole)) is expected


@pytest.mark.parametrize(
    "reading",
    [Reading(documents=100, killed=5, refused=5), Reading(documents=19, refused=10)],
    ids=["killed", "refused"],
)
def test_documents_that_cannot_be_read_are_told_if_it_is_no_matter_of_single_feeds(reading: Reading) -> None:
    """Those that break what reads them, or most of all; the end is told after an hour without."""
    first = alarms_of(replace(look(), reading=reading), NOON)
    (says,) = titles(first)
    assert says.startswith(f"of {reading.documents} documents within an hour {reading.refused} could not be read")
    known = told(first, NOON)
    young = replace(look(known=known), reading=Reading(documents=3))
    assert alarms_of(young, NOON + HOUR) == (), "a process that has just begun knows of nothing"
    assert titles(alarms_of(look(known=known), NOON + HOUR)) == [
        "over: reading documents: they are read again, after trouble since 2026-03-02 12:00 UTC"
    ]


def test_a_few_documents_that_cannot_be_read_are_their_feeds_failure() -> None:
    """And are told as such, after a day."""
    for reading in (Reading(documents=100, killed=4, refused=40), Reading(documents=12, refused=9)):
        assert alarms_of(replace(look(), reading=reading), NOON) == ()


def channel_trouble(*heard: str) -> Trouble:
    return Trouble(cause=Cause.CHANNEL, subject="desk", about="channel desk", since=NOON, channels=heard, told_at=NOON)


def test_a_channel_that_takes_messages_again_is_told_to_those_who_heard() -> None:
    """Not before it does."""
    still = replace(look(known=(channel_trouble("ops"),)), refusing=frozenset({"desk"}))
    assert alarms_of(still, NOON + HOUR) == ()
    (note,) = alarms_of(look(known=(channel_trouble("ops"),)), NOON + HOUR)
    assert note.channels == ("ops",)
    assert note.content.title == (
        "over: channel desk: it takes messages again, after trouble since 2026-03-02 12:00 UTC; "
        "those that waited are sent in order"
    )


def test_a_channel_that_was_taken_out_is_told_as_such() -> None:
    """By what is left of those who heard."""
    left = replace(look(known=(channel_trouble("ops", "pager"),)), channels=("ops",), hear=("ops",))
    (note,) = alarms_of(left, NOON + HOUR)
    assert note.channels == ("ops",)
    assert "is not in the configuration any more" in note.content.title
