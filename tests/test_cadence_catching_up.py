"""After a night without the machine, nobody is asked in a wave, and nobody waits longer than one interval more."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.cadence.catching_up import BETWEEN_NEW, FEWEST, catch_up, usually_due
from monitor.cadence.interval import Pace
from monitor.model.polls import FeedId
from monitor.model.queue import Overdue, PutOff

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def pace(every: timedelta) -> Pace:
    return Pace(every=every, shortest=SECOND, longest=24 * HOUR)


def late(number: int, by: timedelta, *, is_new: bool = False) -> Overdue:
    return Overdue(feed=FeedId(number), url=f"https://{number}.example/", due_at=NOW - by, is_new=is_new)


def caught_up(feeds: list[tuple[Overdue, timedelta]], *, others: tuple[timedelta, ...] = ()) -> tuple[PutOff, ...]:
    paces = {one.url: pace(every) for one, every in feeds}
    usual = usually_due([*paces.values(), *map(pace, others)])
    return catch_up([one for one, _ in feeds], paces, usual=usual, now=NOW)


def most_in(span: timedelta, polls: tuple[PutOff, ...]) -> int:
    return max(Counter((one.until - NOW) // span for one in polls).values())


def test_after_a_night_ten_thousand_feeds_are_spread_over_their_interval() -> None:
    """As many a second as on any other day, the longest overdue first."""
    night = [(late(n, 8 * HOUR - n * 90 * timedelta(milliseconds=1)), 15 * MINUTE) for n in range(10_000)]
    polls = caught_up(night)
    assert len(polls) == 10_000
    assert [one.feed for one in polls] == list(range(10_000))
    assert max(one.until for one in polls) < NOW + 15 * MINUTE
    assert most_in(SECOND, polls) <= 12  # 11.1 a second are usual


def test_frequent_feeds_do_not_wait_for_rare_ones() -> None:
    """Ten that are asked every minute are through within one, whatever else is overdue."""
    rare = [(late(n, 48 * HOUR), 24 * HOUR) for n in range(5_000)]
    frequent = [(late(n, 47 * HOUR), MINUTE) for n in range(5_000, 5_010)]
    polls = {one.feed: one.until for one in caught_up(rare + frequent)}
    assert all(polls[FeedId(n)] < NOW + MINUTE for n in range(5_000, 5_010))


def test_a_restart_puts_nothing_off() -> None:
    """What falls due in two minutes is polled at once, and so are a few hundred of however few feeds."""
    rest = (15 * MINUTE,) * 9_000
    assert caught_up([(late(n, SECOND), 15 * MINUTE) for n in range(1_000)], others=rest) == ()
    assert caught_up([(late(n, 8 * HOUR), 15 * MINUTE) for n in range(FEWEST)]) == ()
    assert len(caught_up([(late(n, 8 * HOUR), 15 * MINUTE) for n in range(FEWEST + 1)])) == FEWEST + 1


def test_after_a_short_stop_nothing_waits_longer_than_the_stop() -> None:
    """Ten minutes away are ten minutes to catch up, not a whole interval."""
    polls = caught_up([(late(n, 10 * MINUTE * n / 6_000), 15 * MINUTE) for n in range(6_000)], others=(15 * MINUTE,))
    assert NOW + 9 * MINUTE < max(one.until for one in polls) < NOW + 10 * MINUTE


def test_new_feeds_begin_one_after_the_other() -> None:
    """A list of ten thousand is through in eight minutes; feeds that are asked every minute, within one."""
    polls = caught_up([(late(n, SECOND, is_new=True), 15 * MINUTE) for n in range(10_000)])
    assert max(one.until for one in polls) == NOW + BETWEEN_NEW * 9_999
    polls = caught_up([(late(n, SECOND, is_new=True), MINUTE) for n in range(10_000)])
    assert max(one.until for one in polls) < NOW + MINUTE


def test_a_feed_that_is_not_watched_is_left_alone() -> None:
    """A reload may take it away at any moment."""
    overdue = [late(n, 8 * HOUR) for n in range(1_000)]
    paces = {one.url: pace(HOUR) for one in overdue[1:]}
    assert FeedId(0) not in {one.feed for one in catch_up(overdue, paces, usual=1.0, now=NOW)}


@given(
    st.lists(
        st.tuples(st.integers(0, 40_000), st.sampled_from([1, 5, 15, 60, 1_440]), st.booleans()),
        min_size=1,
        max_size=40,
    )
)
def test_nobody_waits_longer_than_one_interval_more(drawn: list[tuple[int, int, bool]]) -> None:
    """Nor beyond the time that tocsin was away; each that is overdue has its turn, and only once."""
    drawn *= FEWEST // len(drawn) + 1
    feeds = [
        (late(n, seconds * SECOND, is_new=is_new), minutes * MINUTE)
        for n, (seconds, minutes, is_new) in enumerate(drawn)
    ]
    polls = caught_up(feeds)
    if not polls:
        usual = usually_due([pace(every) for _, every in feeds])
        assert len(feeds) <= max(FEWEST, usual)
        return
    away = max(NOW - one.due_at for one, _ in feeds)
    by_feed = {one.feed: one for one in polls}
    assert len(by_feed) == len(polls) == len(feeds)
    for one, every in feeds:
        until = by_feed[one.feed].until
        assert until >= NOW
        assert until <= NOW + every
        assert one.is_new or until <= NOW + away
        assert by_feed[one.feed].due_at == one.due_at
