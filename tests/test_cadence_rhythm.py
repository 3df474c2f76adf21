"""What polls teach of a feed's rhythm, and the interval that follows from it."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cadence.interval import CALM, Pace, steer
from monitor.cadence.learning import Seen, learn
from monitor.model.polls import FeedState
from monitor.model.rhythm import Rhythm
from monitor.store.rhythm import pack_rhythm, unpack_rhythm
from tests.plain_values import NOW, PACE
from tests.virtual_feeds import DAY, START, VirtualFeed, adaptive, by_day, poisson

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
STATED = replace(PACE, is_stated=True)
FIVE_DAYS = 5


def regular(every: timedelta, *, days: float, window: int = 30) -> VirtualFeed:
    """Arrivals like clockwork, a week before the first poll already."""
    step = every.total_seconds()
    count = round((days + 7) * DAY / step)
    return VirtualFeed(
        name="clockwork", arrivals=tuple(-7 * DAY + step * number for number in range(count)), window=window
    )


def last_interval(feed: VirtualFeed, *, days: float, pace: Pace = PACE) -> timedelta:
    state = adaptive(feed, pace, days=days).state
    assert state is not None
    assert state.rhythm.interval is not None
    return state.rhythm.interval


def polled(rhythm: Rhythm, *polls: Seen, apart: timedelta = 15 * MINUTE) -> Rhythm:
    """The rhythm after these polls, the last of them at `NOW`."""
    begun = NOW - apart * len(polls)
    for number, seen in enumerate(polls, start=1):
        now = begun + apart * number
        rhythm = learn(rhythm, seen, before=now - apart, now=now)
    return rhythm


def test_an_unknown_feed_is_polled_at_the_configured_pace() -> None:
    """Until something is known of it."""
    begun = learn(Rhythm(), Seen(entries=30), before=None, now=NOW)
    assert steer(begun, PACE, before=None, now=NOW) == timedelta(minutes=15)


def test_the_dates_of_the_first_document_are_a_first_hint() -> None:
    """Thirty entries of the last hours are a busy feed, thirty of the last weeks a calm one."""
    busy = Seen(entries=30, dates=[NOW - number * 10 * MINUTE for number in range(30)])
    calm = Seen(entries=30, dates=[NOW - number * 11 * HOUR for number in range(30)])
    often = steer(learn(Rhythm(), busy, before=None, now=NOW), PACE, before=None, now=NOW)
    seldom = steer(learn(Rhythm(), calm, before=None, now=NOW), PACE, before=None, now=NOW)
    assert often < timedelta(minutes=10) < timedelta(minutes=30) < seldom


def test_an_archive_that_is_dated_today_is_no_month_of_news() -> None:
    """Some give all that they have the date of the document: a day later such a feed is as calm as it is."""
    archive = Seen(entries=5_000, dates=[NOW] * 5_000)
    rhythm = learn(learn(Rhythm(), archive, before=None, now=NOW), Seen(), before=NOW, now=NOW + 24 * HOUR)
    assert steer(rhythm, PACE, before=NOW, now=NOW + 24 * HOUR) > 15 * MINUTE


def test_dates_of_other_years_are_no_hint() -> None:
    """An archive, or a clock that is wrong."""
    old = Seen(entries=30, dates=[NOW - timedelta(days=400) + number * HOUR for number in range(30)])
    ahead = Seen(entries=30, dates=[NOW + number * HOUR for number in range(1, 31)])
    for seen in (old, ahead):
        assert learn(Rhythm(), seen, before=None, now=NOW) == Rhythm(since=NOW, window=30)


@pytest.mark.parametrize(
    ("every", "least", "most"),
    [
        (timedelta(minutes=6), 5, 6),
        (timedelta(hours=1), 12, 18),
        (timedelta(hours=4), 24, 36),
        (timedelta(days=3), 50, 60),
    ],
)
def test_a_constant_rhythm_is_settled_on(every: timedelta, least: int, most: int) -> None:
    """One entry an hour keeps the configured 15 minutes; the interval grows with the root of the time between two."""
    assert least <= last_interval(regular(every, days=21), days=21) / MINUTE <= most


def test_everything_known_makes_it_slower_and_news_make_it_faster() -> None:
    """Poll by poll, in the direction of what came."""
    known = polled(Rhythm(since=NOW - 30 * HOUR, window=30), *[Seen()] * 120)
    news = polled(Rhythm(since=NOW - 8 * HOUR, window=30), *[Seen(entries=30, new=3)] * 30)
    assert steer(news, PACE, before=NOW - 15 * MINUTE, now=NOW) == PACE.shortest
    assert steer(known, PACE, before=NOW - 15 * MINUTE, now=NOW) > timedelta(minutes=25)


def test_the_silence_of_a_first_night_is_no_reason_to_ask_more_seldom() -> None:
    """A day is watched first."""
    silent = VirtualFeed(name="silent", arrivals=())
    assert last_interval(silent, days=0.9) == PACE.every
    assert last_interval(silent, days=1.5) > PACE.every


def test_a_clock_that_was_years_ahead_is_forgotten_at_the_next_poll() -> None:
    """Else nothing would fade until then, and the feed would be asked as if all of it had come this hour."""
    news = [Seen(entries=30, new=1)] * 40
    ahead = polled(Rhythm(), Seen(entries=30), *news)
    years = timedelta(days=1_500)
    wrong = replace(
        ahead,
        since=ahead.since and ahead.since + years,
        counted_at=ahead.counted_at and ahead.counted_at + years,
        last_new_at=ahead.last_new_at and ahead.last_new_at + years,
        missed_at=NOW + years,
    )
    right = learn(wrong, Seen(), before=NOW, now=NOW + HOUR)
    assert {right.since, right.counted_at, right.last_new_at, right.missed_at} == {NOW + HOUR}
    settled = polled(right, *[Seen()] * 400, apart=HOUR)
    assert steer(settled, PACE, before=None, now=NOW + 400 * HOUR) >= 30 * MINUTE


def test_no_overlap_halves_the_interval_and_is_kept() -> None:
    """Entries may have come and gone between the two polls."""
    rhythm = polled(Rhythm(since=NOW - 90 * HOUR, window=20), Seen(entries=20, new=20), apart=HOUR)
    assert rhythm.missed_at == NOW
    assert steer(rhythm, PACE, before=NOW - HOUR, now=NOW) <= timedelta(minutes=30)
    later = learn(rhythm, Seen(entries=20, new=1), before=NOW, now=NOW + HOUR)
    assert later.missed_at == NOW


@pytest.mark.parametrize(
    "seen",
    [
        Seen(entries=20, new=19),
        Seen(entries=2, new=2),
        Seen(entries=0, new=0),
        Seen(entries=20, new=20, is_whole=False),
        Seen(),
    ],
)
def test_what_says_nothing_of_missed_entries(seen: Seen) -> None:
    """One that is known, a document of two, an empty or a broken one, a 304."""
    assert polled(Rhythm(since=NOW - HOUR, window=20), seen).missed_at is None


def test_a_first_document_after_an_empty_one_misses_nothing() -> None:
    """There was nothing that it could share."""
    assert polled(Rhythm(since=NOW - HOUR), Seen(entries=20, new=20)).missed_at is None


def test_a_small_window_is_polled_before_it_fills() -> None:
    """Ten entries an hour in a document of six would scroll out at the pace of the feed's rate alone."""
    pace = replace(PACE, every=timedelta(hours=1))
    feed = regular(timedelta(minutes=6), days=7, window=6)
    assert last_interval(feed, days=7, pace=pace) <= timedelta(minutes=12)
    assert adaptive(feed, pace, days=7, learning=1).missed == 0


def test_a_stated_pace_is_kept_whatever_the_feed_brings() -> None:
    """Never more seldom than its owner said; more often only where entries could scroll out."""
    silent = VirtualFeed(name="silent", arrivals=())
    assert last_interval(silent, days=60, pace=STATED) == STATED.every
    assert last_interval(regular(timedelta(minutes=8), days=7), days=7, pace=STATED) == STATED.every
    hourly = replace(STATED, every=timedelta(hours=1))
    assert last_interval(regular(timedelta(minutes=6), days=7, window=6), days=7, pace=hourly) < timedelta(minutes=20)


def test_a_feed_that_lives_rests_an_hour_at_most_and_a_dead_one_ever_longer() -> None:
    """By a two hundredth of its silence, up to the maximum."""
    silent = VirtualFeed(name="silent", arrivals=())
    assert last_interval(silent, days=7) <= PACE.every * CALM
    assert timedelta(hours=6) < last_interval(silent, days=60) < timedelta(hours=8)
    assert timedelta(hours=22) < last_interval(silent, days=250) <= PACE.longest


def test_the_morning_finds_a_feed_awake() -> None:
    """It rests at night, and after a few nights that does not cost the first news of the day."""
    found: dict[bool, list[float]] = {True: [], False: []}
    polls: dict[bool, int] = {True: 0, False: 0}
    for seed in range(20):
        rate, most = by_day(1.0)
        feed = poisson("newsroom", rate, most, days=19, seed=seed)
        moments: list[datetime] = []

        def note(state: FeedState, moments: list[datetime] = moments) -> FeedState:
            assert state.last_poll_at is not None
            moments.append(state.last_poll_at)
            return state

        adaptive(feed, PACE, days=19, restart=note)
        counted = [
            moment for moment in moments if moment >= START + timedelta(days=14) and moment.weekday() < FIVE_DAYS
        ]
        for moment in counted:
            if moment.hour in {1, 2, 3} or moment.hour in {7, 8, 9}:
                polls[moment.hour > 3] += 1
        for at in feed.arrivals:
            moment = START + timedelta(seconds=at)
            if at > 14 * DAY and moment.weekday() < FIVE_DAYS and moment.hour in {6, 7}:
                later = [one for one in moments if one > moment]
                found[True].append((later[0] - moment) / MINUTE)
    assert polls[True] > 1.8 * polls[False]
    assert sorted(found[True])[len(found[True]) // 2] < 8
    assert max(found[True]) < 45


def test_a_restart_anywhere_changes_nothing() -> None:
    """What is kept between two polls is all there is."""
    rate, most = by_day(2.0)
    feed = poisson("newsroom", rate, most, days=20, seed=7)

    def kept(state: FeedState) -> FeedState:
        return replace(state, rhythm=unpack_rhythm(pack_rhythm(state.rhythm)))

    chances = [random.Random(3), random.Random(3)]
    through = adaptive(feed, PACE, days=20, chance=chances[0].random)
    stopped = adaptive(feed, PACE, days=20, chance=chances[1].random, restart=kept)
    assert through == stopped


seen = st.builds(
    lambda entries, new, is_whole: Seen(entries=entries, new=min(new, entries or 0), is_whole=is_whole),
    st.none() | st.integers(0, 5_000),
    st.integers(0, 5_000),
    st.booleans(),
)
paces = st.builds(
    lambda lengths, is_stated: Pace(
        every=timedelta(seconds=sorted(lengths)[1]),
        shortest=timedelta(seconds=min(lengths)),
        longest=timedelta(seconds=max(lengths)),
        is_stated=is_stated,
    ),
    st.tuples(st.integers(1, 100_000), st.integers(1, 100_000), st.integers(1, 100_000)),
    st.booleans(),
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - it is given one


@given(
    polls=st.lists(st.tuples(seen, st.integers(-100_000, 10_000_000)), max_size=30),
    pace=paces,
    begun=moments,
    dates=st.lists(moments, max_size=5),
)
def test_the_interval_stays_within_its_limits_whatever_was_polled(
    polls: list[tuple[Seen, int]], pace: Pace, begun: datetime, dates: list[datetime]
) -> None:
    """For any sequence of polls and any clock; and what is stored comes back as it was."""
    rhythm = learn(Rhythm(), Seen(entries=9, dates=dates), before=None, now=begun)
    before = begun
    for one, seconds in polls:
        now = before + timedelta(seconds=seconds)
        rhythm = learn(rhythm, one, before=before, now=now)
        interval = steer(rhythm, pace, before=before, now=now)
        assert pace.shortest <= interval <= pace.longest
        assert not pace.is_stated or interval <= pace.every
        rhythm = replace(rhythm, interval=interval)
        assert unpack_rhythm(pack_rhythm(rhythm)) == rhythm
        assert len(pack_rhythm(rhythm)) < 1_200
        before = now
