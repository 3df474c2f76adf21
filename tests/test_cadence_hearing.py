"""Silences that are too long, over invented rhythms: no alarm in ordinary weeks and holidays, one after a cut."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.cadence.hearing import hear_feed, hear_outlet, hear_rule, is_daily, listened, resting_days
from monitor.cadence.learning import Seen, learn
from monitor.model.polls import FeedState
from monitor.model.rhythm import Floors, Rhythm
from monitor.model.silence import Hearing, Silence, Span
from tests.plain_values import feed_state

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
POLL = timedelta(minutes=30)
ALWAYS = (Span(began_at=MONDAY - 52 * WEEK, until=MONDAY + 520 * WEEK),)
EASTER = frozenset(MONDAY + 12 * WEEK + days * DAY for days in (4, 7))
"""a Friday and the Monday after it"""
CHRISTMAS = frozenset(MONDAY + 12 * WEEK + days * DAY for days in (2, 3))
"""a Wednesday and a Thursday"""

Days = Iterator[datetime]


def days(weeks: int) -> Days:
    return (MONDAY + number * DAY for number in range(7 * weeks))


def columnist(weeks: int, chance: random.Random, _holidays: frozenset[datetime]) -> Days:
    """One piece every day, in the morning."""
    return (day + 8 * HOUR + 2 * HOUR * chance.random() for day in days(weeks))


def ministry(weeks: int, chance: random.Random, holidays: frozenset[datetime]) -> Days:
    """A few releases in office hours, Monday to Friday, and none on holidays."""
    for day in days(weeks):
        if day.weekday() < 5 and day not in holidays:
            yield from (day + 8 * HOUR + 9 * HOUR * chance.random() for _ in range(chance.choice((1, 2, 2, 3, 5))))


def magazine(weeks: int, chance: random.Random, _holidays: frozenset[datetime]) -> Days:
    """Ten pieces at once, every Thursday."""
    return (MONDAY + week * WEEK + 3 * DAY + (9 + 3 * chance.random()) * HOUR for week in range(weeks))


def wire(weeks: int, chance: random.Random, _holidays: frozenset[datetime]) -> Days:
    """Two hundred a day, day and night, a third of that at the weekend."""
    now = MONDAY
    while now < MONDAY + weeks * WEEK:
        now += timedelta(minutes=chance.expovariate(1 / (21 if now.weekday() >= 5 else 7)))
        yield now


RHYTHMS = (columnist, ministry, magazine, wire)
Rhythmical = Callable[[int, random.Random, frozenset[datetime]], Days]


def learned(moments: Sequence[datetime], floor: timedelta = POLL) -> Iterator[FeedState]:
    """The feed at each of its polls, every half hour, or as seldom as its publisher asks for, and a little more."""
    feed, now, place = replace(feed_state(), baseline_at=MONDAY), MONDAY, 0
    rhythm, before, chance = Rhythm(interval=POLL, floors=Floors(document=floor)), None, random.Random(7)
    while place < len(moments):
        now += POLL if floor == POLL else floor * (1 + 0.1 * chance.random())
        new = 0
        while place < len(moments) and moments[place] <= now:
            new, place = new + 1, place + 1
        seen = Seen(entries=30, new=new) if new else Seen()
        rhythm = replace(learn(rhythm, seen, before=before, now=now), interval=POLL)
        before = now
        yield replace(feed, rhythm=rhythm, last_success_at=now)


def alarms(
    rhythm: Rhythmical, holidays: frozenset[datetime] = frozenset(), seed: int = 1, floor: timedelta = POLL
) -> list[datetime]:
    """When this outlet would have been called silent, looked at every poll for four months."""
    moments = sorted(rhythm(17, random.Random(seed), holidays))
    return [
        feed.last_success_at
        for feed in learned(moments, floor)
        if feed.last_success_at and isinstance(hear_feed(feed, ALWAYS, feed.last_success_at), Silence)
    ]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_no_outlet_is_called_silent_in_ordinary_weeks(rhythm: Rhythmical, seed: int) -> None:
    """Nights, weekends and the days between two issues are no news."""
    assert alarms(rhythm, seed=seed) == []


@pytest.mark.parametrize("floor", [10 * HOUR, 24 * HOUR], ids=["every 10 h", "every day"])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_no_outlet_is_called_silent_for_being_polled_seldom(rhythm: Rhythmical, seed: int, floor: timedelta) -> None:
    """At its publisher's wish: the first poll without news says that a day was silent, as many are."""
    assert alarms(rhythm, seed=seed, floor=floor) == []


@pytest.mark.parametrize("by", [-HOUR, HOUR], ids=["summer", "winter"])
@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_no_outlet_is_called_silent_for_a_change_of_its_clocks(rhythm: Rhythmical, by: timedelta) -> None:
    """By UTC everything comes an hour earlier or later from one Sunday on."""

    def changed(weeks: int, chance: random.Random, holidays: frozenset[datetime]) -> Days:
        sunday = MONDAY + 12 * WEEK + 6 * DAY
        return (moment if moment < sunday else moment + by for moment in rhythm(weeks, chance, holidays))

    assert alarms(changed) == []


@pytest.mark.parametrize("holidays", [EASTER, CHRISTMAS], ids=["Easter", "Christmas"])
@pytest.mark.parametrize("seed", range(3))
def test_an_office_keeps_its_holidays(seed: int, holidays: frozenset[datetime]) -> None:
    """Two days running, or with a weekend between them."""
    assert alarms(ministry, holidays, seed) == []


@pytest.mark.parametrize(
    ("rhythm", "soonest", "latest"),
    [
        (columnist, 2 * DAY, 3 * DAY),
        (ministry, 2.5 * DAY, 6.5 * DAY),
        (magazine, 13 * DAY, 16 * DAY),
        (wire, 12 * HOUR, 14 * HOUR),
    ],
)
def test_an_outlet_that_is_cut_is_called_silent(rhythm: Rhythmical, soonest: timedelta, latest: timedelta) -> None:
    """At whatever moment of the week: after twice what is usual, weekends aside."""
    moments = sorted(rhythm(16, random.Random(5), frozenset()))
    for hours in range(0, 7 * 24, 31):
        cut = MONDAY + 15 * WEEK + hours * HOUR
        *_, last = learned([moment for moment in moments if moment <= cut])
        assert last.rhythm.last_new_at is not None
        since = last.rhythm.last_new_at
        told = next(
            after
            for after in range(1, 24 * 30)
            if isinstance(
                hear_feed(replace(last, last_success_at=since + after * HOUR), ALWAYS, since + after * HOUR), Silence
            )
        )
        assert soonest <= told * HOUR <= latest, f"cut at {cut:%a %H:%M}, last news {since:%a %H:%M}"


def wired() -> FeedState:
    """A wire's feed after eight weeks."""
    *_, last = learned(sorted(wire(8, random.Random(2), frozenset())))
    return last


def at(feed: FeedState, after: timedelta) -> tuple[FeedState, datetime]:
    """The feed so long after its last news, polled until then without any."""
    assert feed.rhythm.last_new_at is not None
    now = feed.rhythm.last_new_at + after
    return replace(feed, last_success_at=now), now


def test_a_silence_says_since_when_and_what_is_usual() -> None:
    """As the alarm words it."""
    feed, now = at(wired(), DAY)
    silence = hear_feed(feed, ALWAYS, now)
    assert isinstance(silence, Silence)
    assert silence.since == now - DAY
    assert timedelta(minutes=20) < silence.usual < 4 * HOUR


def test_a_stop_of_ours_is_no_silence_of_theirs() -> None:
    """Three days in which nobody listened; the hours before and after them count."""
    feed, now = at(wired(), 3 * DAY + 2 * HOUR)
    began = now - 3 * DAY - 2 * HOUR
    stop = (
        Span(began_at=MONDAY, until=began + HOUR),
        Span(began_at=now - HOUR, until=now + WEEK),
    )
    assert hear_feed(feed, stop, now) is Hearing.SPEAKS
    later, after = at(feed, 3 * DAY + 14 * HOUR)
    assert isinstance(hear_feed(later, stop, after), Silence)


def test_what_cannot_be_read_is_not_silent() -> None:
    """It is told as failing; and what was read last counts, not what the clock says."""
    feed, now = at(wired(), 2 * DAY)
    assert hear_feed(replace(feed, failures=1), ALWAYS, now) is Hearing.SPEAKS
    assert hear_feed(replace(feed, last_success_at=now - 2 * DAY + HOUR), ALWAYS, now) is Hearing.SPEAKS
    assert hear_feed(replace(feed, last_success_at=None), ALWAYS, now) is Hearing.SPEAKS


def test_a_feed_that_never_said_anything_says_nothing_either_way() -> None:
    """Not while it is new: then it holds up the judgement on its outlet."""
    young = replace(
        feed_state(), baseline_at=MONDAY, last_success_at=MONDAY + DAY, rhythm=Rhythm(since=MONDAY - 9 * DAY)
    )
    assert hear_feed(young, ALWAYS, MONDAY + DAY) is Hearing.SPEAKS
    assert hear_feed(young, ALWAYS, MONDAY + 15 * DAY) is Hearing.UNKNOWN


def test_a_feed_is_not_judged_before_it_was_watched_for_two_weeks() -> None:
    """However far back the dates of its first document go."""
    feed, now = at(wired(), DAY)
    begun = replace(feed, baseline_at=now - 13 * DAY)
    assert hear_feed(begun, ALWAYS, now) is Hearing.SPEAKS
    assert hear_feed(replace(feed, baseline_at=None), ALWAYS, now) is Hearing.SPEAKS
    assert isinstance(hear_feed(replace(feed, baseline_at=now - 14 * DAY), ALWAYS, now), Silence)


def test_a_feed_that_speaks_too_rarely_to_be_judged_holds_nothing_up() -> None:
    """Once in these weeks, and that is a while ago."""
    rare = Rhythm(since=MONDAY, last_new_at=MONDAY + 10 * DAY)
    feed = replace(feed_state(), baseline_at=MONDAY, last_success_at=MONDAY + 30 * DAY, rhythm=rare)
    assert hear_feed(feed, ALWAYS, MONDAY + 20 * DAY) is Hearing.SPEAKS
    assert hear_feed(feed, ALWAYS, MONDAY + 24 * DAY) is Hearing.UNKNOWN


def test_an_outlet_is_silent_when_all_of_its_feeds_are() -> None:
    """Since the last of them said something; feeds that never say anything do not count."""
    early, late = (Silence(since=MONDAY + number * DAY, usual=HOUR) for number in (0, 1))
    assert hear_outlet([early, late, Hearing.UNKNOWN]) == late
    assert hear_outlet([early, Hearing.SPEAKS]) is None
    assert hear_outlet([Hearing.UNKNOWN]) is None
    assert hear_outlet([]) is None


def matched(weeks: int, on: Callable[[datetime], bool]) -> list[datetime]:
    """A rule that matches at nine, noon and six on some days."""
    return [day + hour * HOUR for day in days(weeks) if on(day) for hour in (9, 12, 18)]


def test_a_rule_that_matched_daily_is_silent_after_twice_its_longest_silence() -> None:
    """A day at least."""
    moments = matched(6, lambda _: True)
    last = moments[-1]
    assert hear_rule(moments, ALWAYS, last + 30 * HOUR) is None
    assert hear_rule(moments, ALWAYS, last + 31 * HOUR) == Silence(since=last, usual=15 * HOUR)
    often = [MONDAY + number * HOUR for number in range(24 * 40)]
    assert hear_rule(often, ALWAYS, often[-1] + 24 * HOUR) is None
    assert hear_rule(often, ALWAYS, often[-1] + 25 * HOUR) is not None


def test_a_rule_of_weekdays_rests_at_the_weekend() -> None:
    """Neither Saturday nor Sunday counts, nor a holiday; three working days do."""
    moments = matched(6, lambda day: day.weekday() < 5)
    friday = moments[-1]
    assert hear_rule(moments, ALWAYS, friday + 3 * DAY) is None
    assert hear_rule(moments, ALWAYS, friday + 4 * DAY) is None, "a Monday off"
    assert hear_rule(moments, ALWAYS, friday + 2 * DAY + 15 * HOUR + 2 * DAY + HOUR) == Silence(
        since=friday, usual=15 * HOUR
    )


def test_a_rule_that_does_not_match_daily_is_never_silent() -> None:
    """Now and then, every other day, for a week only, or never."""
    now = MONDAY + 60 * DAY
    for moments in (
        [],
        [MONDAY],
        matched(8, lambda day: day.day % 2 == 0),
        matched(1, lambda _: True),
        matched(8, lambda day: day.weekday() == 3),
    ):
        assert hear_rule(moments, ALWAYS, now) is None


def test_what_counts_as_daily() -> None:
    """Twenty days of twenty-eight, or fourteen weekdays running, up to the last match."""
    assert is_daily(matched(4, lambda day: day.weekday() < 5))
    assert is_daily(matched(3, lambda day: day.weekday() < 5)[:-1])
    assert not is_daily(matched(3, lambda day: day.weekday() < 4))
    assert is_daily(matched(4, lambda day: day.weekday() != 0)[:-12])
    assert not is_daily(matched(2, lambda _: True))


def test_who_speaks_once_a_week_does_not_rest_on_six_days() -> None:
    """Days of rest are those of an office."""
    assert resting_days(Rhythm(days=(9.0, 8.0, 9.0, 9.0, 9.0, 0.1, 0.0))) == {5, 6}
    assert resting_days(Rhythm(days=(0.0, 0.0, 0.0, 9.0, 0.0, 0.0, 0.0))) == frozenset()
    assert resting_days(Rhythm()) == frozenset()


@settings(max_examples=100)
@given(
    began=st.integers(min_value=0, max_value=1000),
    length=st.integers(min_value=0, max_value=1000),
    cuts=st.lists(st.integers(min_value=0, max_value=2000), max_size=6),
    resting=st.frozensets(st.integers(min_value=0, max_value=6)),
)
def test_no_more_is_listened_than_time_goes_by(
    began: int, length: int, cuts: list[int], resting: frozenset[int]
) -> None:
    """Whatever the spans; days of rest and stops only ever take away, and hours are counted by the hour."""
    edges = sorted(set(cuts))
    spans = tuple(
        Span(began_at=MONDAY + begin * HOUR, until=MONDAY + end * HOUR)
        for begin, end in zip(edges[::2], edges[1::2], strict=False)
    )
    start, end = MONDAY + began * HOUR, MONDAY + (began + length) * HOUR
    hours = [start + number * HOUR for number in range(length)]
    expected = sum(
        any(span.began_at <= hour < span.until for span in spans) and hour.weekday() not in resting for hour in hours
    )
    assert listened(spans, start, end, resting) == expected * HOUR


@pytest.mark.parametrize(("heeds_ttl", "longest"), [(True, 10 * HOUR), (False, POLL)])
def test_a_silence_counts_as_long_as_a_feed_is_left_alone_while_it_is_watched(
    *, heeds_ttl: bool, longest: timedelta
) -> None:
    """By what its document asks for, unless nobody heeds that; beyond it we did not look."""
    begun = Rhythm(interval=POLL, floors=Floors(document=10 * HOUR), since=MONDAY, last_new_at=MONDAY)
    seen = Seen(entries=30, new=1)
    learned = learn(begun, seen, before=MONDAY, now=MONDAY + 3 * DAY, heeds_ttl=heeds_ttl)
    assert [gap.weekday for gap in learned.gaps] == [longest]
