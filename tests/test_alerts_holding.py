"""Who hears when: digests, quiet hours, throttles and mutes, in their order."""

from datetime import UTC, datetime, time, timedelta
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.calendar import quiet_until
from monitor.alerts.holding import in_force
from monitor.model.alerts import AlertKind
from monitor.model.holding import (
    DEFAULT_THROTTLE,
    DailyDigest,
    Handling,
    Handlings,
    Held,
    Hold,
    Mute,
    MuteKind,
    PeriodicDigest,
    QuietHours,
    Rate,
    Sorting,
    Standing,
    Waiting,
)
from monitor.model.rules import Priority
from tests.holding_desk import CHANNEL, Desk, handlings, sort, waiting
from tests.plain_values import NOW

PATIENT = settings(deadline=None)  # a busy machine is no mistake
FEW = settings(PATIENT, max_examples=40)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BERLIN = "Europe/Berlin"
MORNING = DailyDigest(at=time(7), zone=BERLIN)
NIGHT = QuietHours(begin=time(22), end=time(7), zone=BERLIN)
QUIET_NIGHT = Handling(quiet=(NIGHT,))
URGENT = Priority.URGENT
UPDATE = AlertKind.UPDATE


def at(clock: str, day: str = "2026-03-03") -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(f"{day}T{clock}:00+00:00")


def held(sorting: Sorting) -> dict[int, tuple[Hold, datetime]]:
    return {delivery: (one.hold, one.until) for one in sorting.held for delivery in one.deliveries}


def places(sorting: Sorting) -> list[int]:
    """Every delivery that stands somewhere."""
    together = chain.from_iterable(one.deliveries for one in sorting.together)
    kept = chain.from_iterable(one.deliveries for one in sorting.held)
    return [*sorting.alone, *together, *kept, *(delivery for delivery, _ in sorting.muted)]


def test_without_any_handling_all_goes_at_once_in_order() -> None:
    """Each a message of its own."""
    assert sort([waiting(3), waiting(1), waiting(2)], Handlings(), NOW) == Sorting(alone=(1, 2, 3))


def test_a_match_at_three_in_the_night_is_told_at_seven() -> None:
    """Local time; urgent, alarms and tests at once."""
    night = at("02:00")  # three in Berlin
    deliveries = [
        waiting(1, night),
        waiting(2, night, priority=URGENT),
        waiting(3, night, kind=AlertKind.ALARM),
        waiting(4, night, kind=AlertKind.TEST),
    ]
    sorting = sort(deliveries, handlings(QUIET_NIGHT), night)
    assert sorting.alone == (2, 3, 4)
    assert held(sorting) == {1: (Hold.QUIET, at("06:00"))}
    assert sort([waiting(1, night, hold=Hold.QUIET)], handlings(QUIET_NIGHT), at("06:00")).alone == (1,)


def test_what_is_sent_alone_keeps_its_order() -> None:
    """Urgent or not, of whatever rule: an update never comes before what it goes on from."""
    rules = handlings(Handling(throttle=DEFAULT_THROTTLE), free=Handling(off=frozenset(Hold)))
    deliveries = [waiting(1), waiting(2, priority=URGENT), waiting(3, rule="free"), waiting(4)]
    assert sort(deliveries, rules, NOW).alone == (1, 2, 3, 4)


def test_a_digest_takes_all_since_the_last_one() -> None:
    """Held until its time, then one message, then the next day's."""
    desk = Desk(rules=handlings(Handling(digest=MORNING)))
    for number in range(12):
        desk.bring(waiting(number, at("10:00") + number * HOUR))
        sorting = desk.sort(at("10:00") + number * HOUR)
        assert sorting
        assert held(sorting) == {number: (Hold.DIGEST, at("06:00", "2026-03-04"))}
    assert desk.sort(at("05:59", "2026-03-04")) is None
    sorting = desk.sort(at("06:00", "2026-03-04"))
    assert sorting
    [digest] = sorting.together
    assert sorted(digest.deliveries) == list(range(12))
    assert (digest.hold, digest.key) == (Hold.DIGEST, "digest|desk||2026-03-04 07:00 Europe/Berlin")
    assert digest.title == "Digest of 4 March, 07:00 Europe/Berlin: 12 alerts"
    late = at("06:01", "2026-03-04")
    desk.bring(waiting(12, late))
    sorting = desk.sort(late)
    assert sorting
    assert held(sorting) == {12: (Hold.DIGEST, at("06:00", "2026-03-05"))}


def test_an_alert_that_is_sorted_after_its_digest_was_made_waits_for_the_next() -> None:
    """Never a second digest of one date."""
    made = Standing(channel=CHANNEL, digested={"": at("06:00")})
    sorting = sort([waiting(1, at("05:59"))], handlings(Handling(digest=MORNING)), at("06:00"), standing=made)
    assert held(sorting) == {1: (Hold.DIGEST, at("06:00", "2026-03-04"))}


def test_urgent_news_does_not_wait_for_a_digest() -> None:
    """It is not in it either."""
    sorting = sort([waiting(1, priority=URGENT), waiting(2)], handlings(Handling(digest=MORNING)), NOW)
    assert sorting.alone == (1,)
    assert list(held(sorting)) == [2]


def test_a_digest_that_is_due_in_quiet_hours_waits_for_their_end() -> None:
    """It keeps the name of its own time, and takes what came meanwhile."""
    early = DailyDigest(at=time(2, 30), zone=BERLIN)
    desk = Desk(rules=handlings(Handling(digest=early, quiet=(NIGHT,))))
    desk.bring(waiting(1, at("20:00", "2026-03-02")))
    sorting = desk.sort(at("20:00", "2026-03-02"))
    assert sorting
    assert held(sorting) == {1: (Hold.DIGEST, at("06:00"))}, "not until half past two: that is quiet"
    desk.bring(waiting(2, at("03:00")))
    sorting = desk.sort(at("03:00"))
    assert sorting
    assert not sorting.together
    desk.live(at("03:01"), at("06:00"), MINUTE)
    assert [(when, digest.key) for when, _, digest in desk.sent if digest] == [
        (at("06:00"), "digest|desk||2026-03-03 02:30 Europe/Berlin")
    ]
    assert sorted(desk.told()) == [1, 2]


@pytest.mark.parametrize("zone", [BERLIN, "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("clock", [time(2, 15), time(2, 30), time(7)])
@pytest.mark.parametrize("change", ["2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-10-04", "2026-04-05"])
def test_there_is_one_digest_a_date_over_every_change_of_clocks(zone: str, clock: time, change: str) -> None:
    """With news in every hour."""
    digest = DailyDigest(at=clock, zone=zone)
    desk = Desk(rules=handlings(Handling(digest=digest)))
    begin = at("00:00", change) - 3 * DAY
    for hour in range(6 * 24):
        desk.bring(waiting(hour, begin + hour * HOUR))
        desk.live(begin + hour * HOUR, begin + hour * HOUR + 45 * MINUTE, 15 * MINUTE)
    dates = [one.key.split("|")[3].split()[0] for one in desk.together]
    days = [f"{begin + n * DAY:%Y-%m-%d}" for n in range(-1, 8)]
    assert dates == days[days.index(dates[0]) :][: len(dates)]
    assert len(dates) in (5, 6)


def test_after_a_stop_of_days_one_digest_tells_all() -> None:
    """Named by the last of those that were missed."""
    desk = Desk(rules=handlings(Handling(digest=MORNING)))
    desk.bring(waiting(1, at("10:00")))
    desk.sort(at("10:00"))
    desk.bring(waiting(2, at("12:00", "2026-03-09")))
    desk.sort(at("12:00", "2026-03-09"))
    assert [one.key for one in desk.together] == ["digest|desk||2026-03-09 07:00 Europe/Berlin"]
    assert sorted(desk.told()) == [1, 2]


def test_a_digest_of_every_half_hour_is_sent_where_there_was_news() -> None:
    """And not where there was none."""
    desk = Desk(rules=handlings(Handling(digest=PeriodicDigest(every=30 * MINUTE))))
    desk.bring(waiting(1, at("10:05")), waiting(2, at("10:05")))
    desk.live(at("10:05"), at("12:00"), MINUTE)
    desk.bring(waiting(3, at("12:01")))
    desk.live(at("12:01"), at("13:00"), MINUTE)
    assert [(when, deliveries) for when, deliveries, _ in desk.sent] == [(at("10:30"), (1, 2)), (at("12:30"), (3,))]
    assert desk.together[0].title == "Digest of 3 March, 10:30 UTC: 2 alerts"
    assert desk.together[1].title == "Digest of 3 March, 12:30 UTC: 1 alert"


def test_a_digest_without_news_says_so_where_that_is_wanted() -> None:
    """Once a date, beginning with the one after it was asked for; otherwise it stays out."""
    says_so = DailyDigest(at=time(7), zone=BERLIN, says_nothing=True)
    desk = Desk(rules=handlings(Handling(digest=says_so)))
    desk.live(at("10:00"), at("10:00") + 3 * DAY, 10 * MINUTE)
    assert [(message.deliveries, message.key, message.title) for message in desk.together] == [
        (
            (),
            f"digest|desk||2026-03-0{day} 07:00 Europe/Berlin",
            f"Digest of {day} March, 07:00 Europe/Berlin: no alerts",
        )
        for day in (4, 5, 6)
    ]
    silent = Desk(rules=handlings(Handling(digest=MORNING)))
    silent.live(at("10:00"), at("10:00") + 3 * DAY, 10 * MINUTE)
    assert silent.sent == []


def test_a_digest_that_says_when_there_is_nothing_waits_for_the_end_of_quiet_hours_too() -> None:
    """Nobody is woken to hear of nothing."""
    early = DailyDigest(at=time(2), zone=BERLIN, says_nothing=True)
    desk = Desk(rules=handlings(Handling(digest=early, quiet=(NIGHT,))))
    desk.live(at("10:00"), at("10:00") + DAY, 10 * MINUTE)
    assert [when for when, _, _ in desk.sent] == [at("06:00", "2026-03-04")]


def test_the_first_digest_that_has_news_and_falls_into_quiet_hours_is_made_at_their_end() -> None:
    """That it may say when there is nothing loses nothing of it."""
    early = DailyDigest(at=time(2), zone=BERLIN, says_nothing=True)
    desk = Desk(rules=handlings(Handling(digest=early, quiet=(NIGHT,))))
    desk.bring(waiting(1, at("02:00")))
    desk.live(at("02:00"), at("12:00"), 10 * MINUTE)
    assert [(when, deliveries) for when, deliveries, _ in desk.sent] == [(at("06:00"), (1,))]


def test_a_rule_has_a_digest_of_its_own() -> None:
    """Beside that of the channel; `off` is told at once."""
    rules = handlings(
        Handling(digest=MORNING),
        weekly=Handling(digest=DailyDigest(at=time(9), zone=BERLIN, days=frozenset({4}))),
        now=Handling(off=frozenset({Hold.DIGEST})),
    )
    sorting = sort([waiting(1), waiting(2, rule="weekly"), waiting(3, rule="now")], rules, NOW)
    assert sorting.alone == (3,)
    assert held(sorting) == {1: (Hold.DIGEST, at("06:00")), 2: (Hold.DIGEST, at("08:00", "2026-03-06"))}
    [digest] = sort([waiting(2, rule="weekly", hold=Hold.DIGEST)], rules, at("08:00", "2026-03-06")).together
    assert digest.title == "Digest of rule weekly of 6 March, 09:00 Europe/Berlin: 1 alert"
    assert digest.key == "digest|desk|weekly|2026-03-06 09:00 Europe/Berlin"


def test_what_a_rule_says_wins_over_its_channel_each_thing_for_itself() -> None:
    """A rule that speaks of quiet hours alone keeps the channel's digest and throttle."""
    channel = Handling(digest=MORNING, quiet=(NIGHT,), throttle=DEFAULT_THROTTLE)
    noon = QuietHours(begin=time(12), end=time(14), zone=BERLIN)
    few = Rate(most=1, per=HOUR)
    rules = handlings(
        channel,
        rested=Handling(quiet=(noon,)),
        few=Handling(throttle=few),
        free=Handling(off=frozenset(Hold)),
    )
    assert in_force(rules, CHANNEL, "storm") == channel
    assert in_force(rules, CHANNEL, "rested") == Handling(digest=MORNING, quiet=(noon,), throttle=DEFAULT_THROTTLE)
    assert in_force(rules, CHANNEL, "few") == Handling(digest=MORNING, quiet=(NIGHT,), throttle=few)
    assert in_force(rules, CHANNEL, "free") == Handling()
    assert in_force(rules, "elsewhere", "few") == Handling(throttle=few)


def test_late_news_goes_into_the_next_digest_of_the_channel() -> None:
    """Even of a rule that does not wait for it; without a digest it is sent, and marked as late by itself."""
    now = Handling(off=frozenset({Hold.DIGEST}))
    sorting = sort([waiting(1, is_late=True), waiting(2)], handlings(Handling(digest=MORNING), storm=now), NOW)
    assert (sorting.alone, list(held(sorting))) == ((2,), [1])
    assert sort([waiting(1, is_late=True)], Handlings(), NOW).alone == (1,)


def test_a_follow_up_is_told_with_its_first_alert_in_the_digest_that_both_wait_for() -> None:
    """After it, and beside it."""
    desk = Desk(rules=handlings(Handling(digest=MORNING)))
    desk.bring(waiting(1, at("10:00"), story="ferry"), waiting(2, at("11:00"), outlets=("A", "B", "C")))
    desk.sort(at("11:00"))
    desk.bring(waiting(3, at("12:00"), story="ferry", kind=UPDATE))
    desk.live(at("12:00"), at("12:00") + DAY, HOUR)
    assert desk.told() == [2, 1, 3]
    assert len(desk.together) == 1


def test_the_best_stands_first_in_a_digest() -> None:
    """By rule, then by story: more outlets, then newer; low priority last."""
    deliveries = [
        waiting(1, rule="low", priority=Priority.LOW, outlets=("A", "B", "C")),
        waiting(2, at("08:00"), outlets=("A",)),
        waiting(3, at("09:00"), outlets=("A",)),
        waiting(4, at("07:00"), outlets=("A", "B")),
        waiting(5, at("07:30"), rule="other"),
        waiting(6, at("07:40"), story="story-2", kind=UPDATE, outlets=("B",)),
        waiting(7, at("09:30"), rule="low", priority=Priority.LOW),
    ]
    [digest] = sort(deliveries, handlings(Handling(digest=MORNING)), at("06:00", "2026-03-04")).together
    assert digest.deliveries == (6, 2, 4, 3, 5, 1, 7)


def test_two_hundred_matches_in_one_poll_are_one_message() -> None:
    """None of them by itself."""
    sorting = sort([waiting(n) for n in range(200)], handlings(Handling(throttle=DEFAULT_THROTTLE)), NOW)
    assert (sorting.alone, sorting.held) == ((), ())
    [roll_up] = sorting.together
    assert sorted(roll_up.deliveries) == list(range(200))
    assert (roll_up.hold, roll_up.title) == (Hold.THROTTLE, "200 alerts of rule storm, told together")


def test_two_hundred_matches_within_a_minute_are_one_message_beside_the_first_few() -> None:
    """As many by themselves as the limit lets through, the others together as soon as one may go again."""
    desk = Desk(rules=handlings(Handling(throttle=DEFAULT_THROTTLE)))
    for number in range(200):
        when = NOW + number * timedelta(milliseconds=300)
        desk.bring(waiting(number, when))
        desk.sort(when)
    desk.live(NOW + MINUTE, NOW + 20 * MINUTE, timedelta(seconds=1))
    assert [len(deliveries) for _, deliveries, _ in desk.sent] == [1] * 10 + [190]
    assert desk.sent[-1][0] == NOW + DEFAULT_THROTTLE.per
    assert sorted(desk.told()) == list(range(200))


def test_what_stays_within_the_limit_is_told_by_itself() -> None:
    """As fast as it comes."""
    desk = Desk(rules=handlings(Handling(throttle=Rate(most=3, per=MINUTE))))
    for number in range(9):
        when = NOW + number * 21 * timedelta(seconds=1)
        desk.bring(waiting(number, when))
        desk.sort(when)
    assert [(deliveries, message) for _, deliveries, message in desk.sent] == [((n,), None) for n in range(9)]


def test_one_alert_alone_needs_no_roll_up() -> None:
    """It waits for its turn, and is then told as ever."""
    full = Standing(channel=CHANNEL, sent=(NOW - 4 * MINUTE, NOW))
    rules = handlings(Handling(throttle=Rate(most=2, per=5 * MINUTE)))
    sorting = sort([waiting(1)], rules, NOW, standing=full)
    assert held(sorting) == {1: (Hold.THROTTLE, NOW + MINUTE)}
    again = waiting(1, hold=Hold.THROTTLE, held_until=NOW + MINUTE)
    assert sort([again], rules, NOW + MINUTE, standing=full).alone == (1,)


def test_urgent_messages_do_not_keep_the_others_back_for_ever() -> None:
    """They take every place; what has waited for its turn goes all the same."""
    full = Standing(channel=CHANNEL, sent=tuple(NOW + n * timedelta(seconds=1) for n in range(60)))
    rules = handlings(Handling(throttle=Rate(most=2, per=MINUTE)))
    waited = [waiting(n, hold=Hold.THROTTLE, held_until=NOW + MINUTE) for n in (1, 2)]
    assert sort(waited[:1], rules, NOW + MINUTE, standing=full).alone == (1,)
    new = waiting(3, NOW + MINUTE)
    [roll_up] = sort([*waited, new], rules, NOW + MINUTE, standing=full).together
    assert sorted(roll_up.deliveries) == [1, 2, 3]


def test_a_rule_is_throttled_apart_from_its_channel() -> None:
    """Its own limit counts its own messages."""
    rules = handlings(Handling(throttle=Rate(most=5, per=HOUR)), loud=Handling(throttle=Rate(most=1, per=HOUR)))
    standing = Standing(channel=CHANNEL, sent=(NOW - MINUTE,), sent_of={"loud": (NOW - MINUTE,)})
    sorting = sort([waiting(1), waiting(2, rule="loud"), waiting(3, rule="loud")], rules, NOW, standing=standing)
    assert sorting.alone == (1,)
    assert held(sorting) == dict.fromkeys((2, 3), (Hold.THROTTLE, NOW + 59 * MINUTE))


def test_a_roll_up_is_named_by_what_it_tells() -> None:
    """The same alerts have the same key, in any order and after any restart; others another."""
    rules = handlings(Handling(throttle=Rate(most=1, per=HOUR)))
    keys = [
        sort([waiting(n) for n in numbers], rules, NOW + late * MINUTE).together[0].key
        for numbers, late in (((1, 2, 3), 0), ((3, 1, 2), 9), ((1, 2, 4), 0))
    ]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("mute", "why"),
    [
        (Mute(kind=MuteKind.RULE, subject="storm", at=NOW), "rule storm is muted"),
        (
            Mute(kind=MuteKind.ENTITY, subject="ada", at=NOW, until=NOW + HOUR, by="Ann"),
            "entity ada is muted until 2026-03-02 13:00 UTC by Ann",
        ),
        (Mute(kind=MuteKind.OUTLET, subject="Gazette", at=NOW, until=NOW + HOUR), None),
        (Mute(kind=MuteKind.STORY, subject="ferry", at=NOW), "story ferry is muted"),
        (Mute(kind=MuteKind.RULE, subject="ferry", at=NOW), ""),
        (Mute(kind=MuteKind.ENTITY, subject="storm", at=NOW), ""),
        (Mute(kind=MuteKind.STORY, subject="storm", at=NOW), ""),
        (Mute(kind=MuteKind.RULE, subject="storm", at=NOW - HOUR, until=NOW), ""),
    ],
)
@pytest.mark.parametrize("kind", [AlertKind.FIRST, UPDATE])
def test_a_mute_silences_what_it_names_and_says_why(mute: Mute, why: str | None, kind: AlertKind) -> None:
    """Urgent or not, updates too, until its time is over."""
    one = waiting(1, story="ferry", entities=("ada",), priority=URGENT, kind=kind, outlets=("Gazette", "Wire"))
    sorting = sort([one], handlings(QUIET_NIGHT), NOW, mutes=[mute])
    assert sorting.muted == (((1, why),) if why else ())
    assert sorting.alone == (() if why else (1,))


def test_an_outlet_is_muted_where_no_other_carries_the_story() -> None:
    """What another outlet has too is news all the same."""
    gazette = Mute(kind=MuteKind.OUTLET, subject="Gazette", at=NOW)
    wire = Mute(kind=MuteKind.OUTLET, subject="Wire", at=NOW)
    alone, both = waiting(1), waiting(2, outlets=("Gazette", "Wire"))
    assert sort([alone, both], Handlings(), NOW, mutes=[gazette]).alone == (2,)
    muted = sort([alone, both], Handlings(), NOW, mutes=[gazette, wire]).muted
    assert muted == ((1, "outlet Gazette is muted"), (2, "outlet Gazette is muted; outlet Wire is muted"))


def test_no_mute_silences_an_alarm_or_a_test() -> None:
    """What tocsin says of itself is no news."""
    mutes = [Mute(kind=MuteKind.RULE, subject="storm", at=NOW), Mute(kind=MuteKind.OUTLET, subject="Gazette", at=NOW)]
    deliveries = [waiting(1, kind=AlertKind.ALARM), waiting(2, kind=AlertKind.TEST), waiting(3)]
    sorting = sort(deliveries, handlings(QUIET_NIGHT), NOW, mutes=mutes)
    assert (sorting.alone, [delivery for delivery, _ in sorting.muted]) == ((1, 2), [3])


def test_a_mute_that_came_while_a_delivery_was_held_counts() -> None:
    """Somebody has heard enough in the evening, and the morning's digest has no more of it."""
    mute = Mute(kind=MuteKind.STORY, subject="story-1", at=at("20:00"))
    rules = handlings(Handling(digest=MORNING))
    deliveries = [waiting(1, hold=Hold.DIGEST), waiting(2, hold=Hold.DIGEST)]
    sorting = sort(deliveries, rules, at("06:00", "2026-03-04"), mutes=[mute])
    assert ([one.deliveries for one in sorting.together], sorting.muted) == ([(2,)], ((1, "story story-1 is muted"),))


def test_a_clock_that_went_wrong_and_was_set_right_holds_nothing_back() -> None:
    """Neither messages nor digests of a time that has not come."""
    wrong = NOW + 30 * DAY
    standing = Standing(channel=CHANNEL, sent=(wrong,) * 20, digested={"": wrong})
    throttled = sort([waiting(1)], handlings(Handling(throttle=DEFAULT_THROTTLE)), NOW, standing=standing)
    assert throttled.alone == (1,)
    rules = handlings(Handling(digest=MORNING))
    sorting = sort([waiting(1, wrong)], rules, NOW, standing=standing)
    assert [one.deliveries for one in sorting.together] == [(1,)], "raised by that clock: told in a digest now"
    assert held(sort([waiting(1)], rules, NOW, standing=standing)) == {1: (Hold.DIGEST, at("06:00"))}


ZONES = (BERLIN, "America/New_York", "Australia/Lord_Howe", "UTC")
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
weekdays = st.frozensets(st.integers(0, 6), min_size=1)
digests = st.builds(
    DailyDigest, at=clocks, zone=st.sampled_from(ZONES), days=weekdays, says_nothing=st.booleans()
) | st.builds(PeriodicDigest, every=st.sampled_from([10 * MINUTE, HOUR]))
# Shorter than twelve hours each: two of them cannot be without end.
quiet_hours = st.builds(
    lambda begin, length, zone, days: QuietHours(
        begin=begin, end=time((begin.hour + length) % 24, begin.minute), zone=zone, days=days
    ),
    clocks, st.integers(1, 11), st.sampled_from(ZONES), weekdays,
)  # fmt: skip
rates = st.builds(Rate, most=st.integers(1, 5), per=st.sampled_from([MINUTE, 10 * MINUTE, 2 * HOUR]))
channel_handlings = st.builds(
    Handling,
    digest=st.none() | digests,
    quiet=st.lists(quiet_hours, max_size=2).map(tuple),
    throttle=st.none() | rates,
)
rule_handlings = st.builds(
    Handling,
    digest=st.none() | digests,
    quiet=st.lists(quiet_hours, max_size=1).map(tuple),
    throttle=st.none() | rates,
    off=st.frozensets(st.sampled_from(list(Hold))),
)
all_handlings = st.builds(handlings, channel_handlings, storm=rule_handlings, flood=rule_handlings)
instants = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE)
mutes = st.builds(
    Mute, kind=st.sampled_from(list(MuteKind)), subject=st.sampled_from(["storm", "a", "s1"]), at=st.just(NOW)
)


@st.composite
def several(draw: st.DrawFn, now: datetime, most: int = 12) -> list[Waiting]:
    count = draw(st.integers(0, most))
    return [
        waiting(
            number,
            now - draw(st.integers(0, 3000)) * MINUTE,
            kind=draw(st.sampled_from([AlertKind.FIRST] * 4 + [UPDATE, AlertKind.BURST, AlertKind.ALARM])),
            rule=draw(st.sampled_from(["storm", "flood", "other"])),
            story=draw(st.sampled_from(["s1", "s2", ""])),
            outlets=tuple(draw(st.sampled_from([("a",), ("a", "b"), ("b",)]))),
            entities=tuple(draw(st.sampled_from([(), ("a",)]))),
            priority=draw(st.sampled_from([*Priority, Priority.NORMAL, Priority.NORMAL])),
            is_late=draw(st.booleans()),
        )
        for number in range(count)
    ]


@PATIENT
@given(st.data(), all_handlings, instants, st.lists(mutes, max_size=2))
def test_every_delivery_lands_in_one_place(
    data: st.DataObject, rules: Handlings, now: datetime, silenced: list[Mute]
) -> None:
    """Nothing urgent is held, alarms are neither held nor muted, a hold ends later than now."""
    deliveries = data.draw(several(now))
    standing = Standing(
        channel=CHANNEL, sent=tuple(now - n * MINUTE for n in range(data.draw(st.integers(0, 6)), 0, -1))
    )
    sorting = sort(deliveries, rules, now, mutes=silenced, standing=standing)
    assert sorted(places(sorting)) == [one.delivery for one in deliveries]
    kept = held(sorting)
    assert all(until > now for _, until in kept.values())
    silent = dict(sorting.muted)
    for one in deliveries:
        if one.kind is AlertKind.ALARM:
            assert one.delivery in sorting.alone
        elif one.priority is URGENT:
            assert one.delivery in sorting.alone or silent[one.delivery]
    keys = [one.key for one in sorting.together]
    assert len(keys) == len(set(keys))


@PATIENT
@given(st.data(), all_handlings, instants)
def test_nothing_is_sent_in_quiet_hours_but_what_may_be(data: st.DataObject, rules: Handlings, now: datetime) -> None:
    """Urgent news, alarms and tests; a digest keeps to the quiet hours of whoever makes it."""
    deliveries = {one.delivery: one for one in data.draw(several(now))}
    sorting = sort(list(deliveries.values()), rules, now)
    for delivery in sorting.alone:
        one = deliveries[delivery]
        is_free = one.kind is AlertKind.ALARM or one.priority is URGENT
        assert is_free or quiet_until(in_force(rules, CHANNEL, one.rule).quiet, now) is None
    for message in sorting.together:
        maker = message.key.split("|")[2]
        quiet = in_force(rules, CHANNEL, maker).quiet if maker else rules.channels[CHANNEL].quiet
        if message.hold is Hold.DIGEST:
            assert quiet_until(quiet, now) is None
        else:
            rule_quiet = (in_force(rules, CHANNEL, deliveries[one].rule).quiet for one in message.deliveries)
            assert [quiet_until(each, now) for each in rule_quiet] == [None] * len(message.deliveries)


@PATIENT
@given(st.data(), all_handlings, instants)
def test_sorting_again_at_the_same_moment_changes_nothing(data: st.DataObject, rules: Handlings, now: datetime) -> None:
    """Whether what is held is looked at again, or nothing is."""
    desk = Desk(rules=rules)
    desk.bring(*data.draw(several(now)))
    first = desk.sort(now)
    assert desk.sort(now) is None
    if first:
        known = {one.delivery: one for one in desk.kept()}
        again = [known[delivery] for each in first.held for delivery in each.deliveries]
        sorting = sort(again, rules, now, standing=desk.standing(now))
        assert (sorting.alone, sorting.together, sorting.muted) == ((), (), ())
        assert held(sorting) == held(first)


@FEW
@given(st.data(), all_handlings, instants)
def test_in_the_end_every_delivery_leaves_once(data: st.DataObject, rules: Handlings, start: datetime) -> None:
    """Weeks of news and of sorting at odd moments: all is told, once, and no digest has the name of another."""
    desk = Desk(rules=rules)
    number, now = 0, start
    for _ in range(data.draw(st.integers(1, 8))):
        for one in data.draw(several(now, 6)):
            desk.bring(waiting(number, now, rule=one.rule, priority=one.priority, is_late=one.is_late, story=one.story))
            number += 1
        desk.sort(now)
        now += data.draw(st.integers(1, 2000)) * MINUTE
    desk.live(now, now + 20 * DAY, 97 * MINUTE)
    assert sorted(desk.told()) == list(range(number))
    keys = [one.key for one in desk.together]
    assert len(keys) == len(set(keys))


def test_what_is_held_alike_is_held_together() -> None:
    """What is held for one reason until one moment stands together."""
    sorting = sort([waiting(1, at("02:00")), waiting(2, at("02:00"))], handlings(QUIET_NIGHT), at("02:00"))
    assert sorting.held == (Held(deliveries=(1, 2), until=at("06:00"), hold=Hold.QUIET),)
