"""The cadence through whole polls: what is kept with a feed from one to the next."""

from dataclasses import replace
from datetime import timedelta

from monitor.cadence.interval import WHOLE_DAY
from monitor.cadence.next_poll import Setback
from monitor.flow.pacing import Pacing
from monitor.model.entries import Entry, ParsedFeed
from monitor.model.polls import FeedState, Validators
from tests.plain_values import NOW, PACE, entry, feed_state, parsed

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
KNOWN = replace(feed_state(), validators=Validators(etag=b'"1"'))


def paced(minutes: float = 0, *, chance: float = 0.0) -> Pacing:
    return Pacing(pace=PACE, chance=chance, now=NOW + minutes * MINUTE)


def asking(*, ttl_seconds: int = 0, update_seconds: int = 0, skip_hours: frozenset[int] = frozenset()) -> ParsedFeed:
    document = parsed(*map(entry, range(30)))
    return replace(document, ttl_seconds=ttl_seconds, update_seconds=update_seconds, skip_hours=skip_hours)


def wait(feed: FeedState) -> timedelta:
    assert feed.last_poll_at is not None
    return feed.next_poll_at - feed.last_poll_at


def test_what_a_document_asks_for_holds_through_304s_and_failures() -> None:
    """Until the next document says otherwise; what a 304 itself asks for comes on top."""
    feed = paced().succeeded(KNOWN, max_age_seconds=0, document=asking(ttl_seconds=7_200))
    assert wait(feed) == 2 * HOUR
    unchanged = paced(120).succeeded(feed, max_age_seconds=0)
    assert wait(unchanged) == 2 * HOUR
    assert "ttl" in unchanged.next_reason
    assert wait(paced(240).succeeded(unchanged, max_age_seconds=10_800)) == 3 * HOUR
    assert paced(240).failed(unchanged, Setback(failures=1)).at == NOW + 240 * MINUTE + 2 * HOUR
    free = paced(240).succeeded(unchanged, max_age_seconds=0, document=asking(), new=1)
    assert wait(free) < HOUR


def test_a_feed_is_watched_for_as_long_as_it_is_left_alone() -> None:
    """With a ttl of ten hours that is heeded, the eight until the next poll were watched; else we were away."""
    gaps = {}
    for heeds_ttl in (True, False):
        pace = replace(PACE, is_stated=True, heeds_ttl=heeds_ttl)
        feed = replace(KNOWN, rhythm=replace(KNOWN.rhythm, last_new_at=NOW - HOUR, since=NOW - 90 * HOUR))
        for minutes, new in ((0, 0), (480, 1)):
            paced = Pacing(pace=pace, chance=0.0, now=NOW + minutes * MINUTE)
            feed = paced.succeeded(feed, max_age_seconds=0, document=asking(ttl_seconds=36_000), new=new)
        gaps[heeds_ttl] = feed.rhythm.gaps[-1].weekday
    assert gaps == {True: 9 * HOUR, False: HOUR + 15 * MINUTE}


def test_what_a_server_asks_for_ends_when_it_says_so() -> None:
    """A year that was a mistake holds for the day that it may, not until the document changes: a 304 can take it back,
    and so can the very same document; one that says nothing leaves it."""
    feed = paced().succeeded(KNOWN, max_age_seconds=86_400, document=asking())
    assert wait(feed) == 24 * HOUR
    assert wait(paced(24 * 60).succeeded(feed, max_age_seconds=None)) == 24 * HOUR
    assert wait(paced(24 * 60).succeeded(feed, max_age_seconds=0)) < 2 * HOUR
    assert wait(paced(24 * 60).succeeded(feed, max_age_seconds=60)) < 2 * HOUR


def test_the_update_period_and_hours_to_skip_reach_the_next_poll() -> None:
    """At noon, with an update a day; and with the hours until three to be skipped."""
    daily = paced().succeeded(KNOWN, max_age_seconds=60, document=asking(update_seconds=86_400))
    assert wait(daily) == 24 * HOUR
    skipping = paced().succeeded(KNOWN, max_age_seconds=0, document=asking(skip_hours=frozenset({12, 13, 14})))
    assert skipping.next_poll_at == NOW + 3 * HOUR
    assert "asks to skip" in skipping.next_reason


def test_a_first_document_sets_the_pace_by_its_dates() -> None:
    """A busy feed is asked sooner than configured from the first poll on."""
    entries = tuple(Entry(id=str(number), published_at=NOW - number * 6 * MINUTE) for number in range(30))
    feed = paced().succeeded(feed_state(has_baseline=False), max_age_seconds=0, document=parsed(*entries))
    assert wait(feed) < 10 * MINUTE
    assert (feed.rhythm.window, feed.rhythm.last_new_at) == (30, None)


def test_a_server_without_validators_is_asked_less_from_the_second_day() -> None:
    """That it never sends any is not known before; one validator is enough."""
    bare = feed_state()
    first = paced().succeeded(bare, max_age_seconds=0, document=asking())
    assert wait(first) == 15 * MINUTE
    old = replace(bare, baseline_at=NOW - WHOLE_DAY)
    assert wait(paced().succeeded(old, max_age_seconds=0, document=asking())) == 30 * MINUTE
    dated = replace(old, validators=Validators(last_modified=b"yesterday"))
    assert wait(paced().succeeded(dated, max_age_seconds=0, document=asking())) == 15 * MINUTE


def test_jitter_only_adds() -> None:
    """A tenth at most."""
    feed = paced(chance=0.999).succeeded(KNOWN, max_age_seconds=0, document=asking())
    assert 15 * MINUTE < wait(feed) <= 16.5 * MINUTE
