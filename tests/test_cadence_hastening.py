"""A pace that was shortened counts from now on; one that was not moves nothing."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.cadence import catching_up
from monitor.cadence.hastening import hastened, usual_rest
from monitor.cadence.interval import Pace
from monitor.flow.pacing import Pacing
from monitor.model.entries import ParsedFeed
from monitor.model.polls import FeedState, Validators
from monitor.model.rhythm import Floors
from tests.plain_values import NOW, PACE, entry, feed_state, parsed

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DAILY = replace(PACE, every=24 * HOUR, is_stated=True)
KNOWN = replace(feed_state(), validators=Validators(etag=b'"1"'))


def polled(pace: Pace, *, ttl_seconds: int = 0, chance: float = 0.5) -> FeedState:
    document = replace(parsed(*map(entry, range(30))), ttl_seconds=ttl_seconds)
    return Pacing(pace=pace, chance=chance, now=NOW).succeeded(KNOWN, max_age_seconds=0, document=document)


def sooner(feed: FeedState, pace: Pace, *, later: timedelta = HOUR) -> timedelta | None:
    found = hastened(feed, pace, now=NOW + later, chance=0.0)
    return found.next_poll_at - NOW if found else None


def test_a_pace_of_ten_minutes_that_was_a_day_is_kept_at_once() -> None:
    """Not tomorrow; and not before its time has come, as it would have been set by the last poll."""
    feed = polled(DAILY)
    hasty = replace(PACE, every=10 * MINUTE, is_stated=True)
    assert sooner(feed, hasty) == HOUR
    assert sooner(feed, hasty, later=2 * MINUTE) == 11 * MINUTE
    assert sooner(feed, replace(PACE, every=3 * HOUR, is_stated=True)) == 3.3 * HOUR
    adapted = hastened(feed, PACE, now=NOW, chance=0.0)
    assert adapted is not None
    assert adapted.next_poll_at - NOW <= usual_rest(PACE)
    assert adapted.next_reason != feed.next_reason


def test_a_ttl_that_is_heeded_no_more_is_waited_for_no_more() -> None:
    """One that is heeded holds as before."""
    stated = replace(PACE, is_stated=True)
    feed = polled(stated, ttl_seconds=36_000)
    assert sooner(feed, stated) is None
    assert sooner(feed, replace(stated, heeds_ttl=False)) == HOUR


def test_hours_to_skip_hold_for_whoever_is_hastened() -> None:
    """It is a quarter to one, and one to three are not for polls."""
    feed = polled(DAILY)
    resting = replace(feed, rhythm=replace(feed.rhythm, floors=Floors(skip_hours=frozenset({12, 13, 14}))))
    assert sooner(resting, replace(PACE, is_stated=True), later=45 * MINUTE) == 3 * HOUR + 15 * MINUTE
    assert sooner(resting, replace(PACE, is_stated=True), later=2 * HOUR) == 3 * HOUR + 15 * MINUTE


def test_who_waits_for_another_reason_goes_on_waiting() -> None:
    """A feed that fails, is gone, was never polled, or was spread among very many."""
    feed = polled(DAILY)
    for other in (
        replace(feed, failures=1),
        replace(feed, is_gone=True),
        replace(feed, last_poll_at=None),
        replace(feed, next_reason=catching_up.REASON),
    ):
        assert sooner(other, PACE) is None


@given(
    lengths=st.tuples(*[st.timedeltas(timedelta(seconds=1), timedelta(days=2))] * 3),
    is_stated=st.booleans(),
    chance=st.floats(0, 1, exclude_max=True),
    new=st.integers(0, 30),
    later=st.timedeltas(timedelta(0), timedelta(days=3)),
    document=st.builds(
        ParsedFeed,
        kind=st.just("rss20"),
        entries=st.just(tuple(map(entry, range(30)))),
        ttl_seconds=st.integers(0, 86_400),
        skip_hours=st.frozensets(st.integers(0, 23)),
        skip_days=st.frozensets(st.integers(0, 6)),
    ),
)
def test_an_unchanged_configuration_moves_nothing(
    *,
    lengths: tuple[timedelta, ...],
    is_stated: bool,
    chance: float,
    new: int,
    later: timedelta,
    document: ParsedFeed,
) -> None:
    """A restart polls nothing that is not due, whatever a feed brought and asks for."""
    shortest, every, longest = sorted(lengths)
    pace = Pace(every=every, shortest=shortest, longest=longest, is_stated=is_stated)
    feed = Pacing(pace=pace, chance=chance, now=NOW).succeeded(KNOWN, max_age_seconds=0, document=document, new=new)
    again = Pacing(pace=pace, chance=chance, now=NOW + later).succeeded(feed, max_age_seconds=0)
    assert hastened(feed, pace, now=NOW + later, chance=chance) is None
    assert hastened(again, pace, now=NOW + 2 * later, chance=chance) is None
