"""Polling by hand: when a feed is polled that somebody wants polled now, and which feeds rest."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cadence.pauses import in_force, resting
from monitor.cadence.refresh import LEAST_BETWEEN, refresh
from monitor.model.polls import FeedId, FeedState, Pause, PauseKind, Refresh

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
SPANS = st.timedeltas(min_value=-24 * HOUR, max_value=24 * HOUR)


def feed(*, next_in: timedelta = HOUR, polled: timedelta | None = -HOUR, is_gone: bool = False) -> FeedState:
    return FeedState(
        id=FeedId(1),
        url="https://a.example/rss",
        origin="https://a.example:443",
        next_poll_at=NOW + next_in,
        last_poll_at=None if polled is None else NOW + polled,
        is_gone=is_gone,
    )


def refreshed(
    one: FeedState, *, shortest: timedelta = 5 * 60 * SECOND, held: timedelta | None = None, is_gone_asked: bool = False
) -> Refresh:
    held_until = None if held is None else NOW + held
    return refresh(one, now=NOW, shortest=shortest, held_until=held_until, is_gone_asked=is_gone_asked)


def test_a_feed_that_was_not_polled_lately_is_polled_at_once() -> None:
    """However far its next poll was, by cadence or by backoff."""
    made = refreshed(feed(next_in=24 * HOUR))
    assert (made.at, made.feed.next_poll_at, made.reason) == (NOW, NOW, "")
    assert refreshed(feed(polled=None)).at == NOW


def test_a_minute_lies_between_two_polls_of_one_feed() -> None:
    """A script in a loop must not become a storm; where the configured minimum is shorter, that holds."""
    made = refreshed(feed(polled=-10 * SECOND))
    assert (made.at, made.reason) == (NOW + 50 * SECOND, "polled a moment ago")
    assert refreshed(feed(polled=-10 * SECOND), shortest=15 * SECOND).at == NOW + 5 * SECOND


def test_what_a_server_asked_for_is_kept() -> None:
    """Retry-After of any feed of the origin."""
    made = refreshed(feed(), held=HOUR)
    assert (made.at, made.feed.next_poll_at) == (NOW + HOUR, NOW + HOUR)
    assert "Retry-After" in made.reason
    assert refreshed(feed(), held=-HOUR).at == NOW


def test_a_feed_that_is_due_before_is_not_put_off() -> None:
    """A refresh brings forward and nothing else; who asks hears when the hold is over."""
    one = feed(next_in=-HOUR)
    assert refreshed(one) == Refresh(feed=one, at=NOW)
    held = refreshed(one, held=HOUR)
    assert (held.feed, held.at) == (one, NOW + HOUR)


def test_a_feed_that_is_gone_comes_back_on_the_owners_word_only() -> None:
    """410 was meant for good."""
    gone = feed(next_in=24 * HOUR * 365, is_gone=True)
    assert refreshed(gone) == Refresh(feed=gone, at=None, reason="gone (410): --gone asks again")
    back = refreshed(gone, is_gone_asked=True)
    assert (back.at, back.feed.is_gone, back.feed.next_poll_at) == (NOW, False, NOW)


def test_a_clock_that_was_set_back_does_not_keep_a_feed_waiting() -> None:
    """A last poll in the future was none a moment ago."""
    assert refreshed(feed(polled=5 * HOUR)).at == NOW


@given(SPANS, st.none() | SPANS, st.none() | SPANS, st.booleans())
def test_a_refresh_is_never_sooner_than_it_may_and_never_later_than_it_was(
    next_in: timedelta, polled: timedelta | None, held: timedelta | None, is_gone: bool
) -> None:
    """Whatever the feed's past; twice is once."""
    one = feed(next_in=next_in, polled=polled, is_gone=is_gone)
    made = refreshed(one, held=held, is_gone_asked=True)
    assert made.at is not None
    assert made.at >= (NOW + held if held is not None else NOW)
    assert is_gone or made.feed.next_poll_at <= max(one.next_poll_at, made.at)
    if polled is not None and polled <= timedelta(0) and made.feed.next_poll_at != one.next_poll_at:
        assert made.at - (NOW + polled) >= LEAST_BETWEEN
    assert refreshed(made.feed, held=held).at == made.at


def outlet(name: str, until: timedelta | None = None) -> Pause:
    return Pause(kind=PauseKind.OUTLET, subject=name, at=NOW, until=None if until is None else NOW + until)


@pytest.mark.parametrize(
    ("names", "pauses", "expected"),
    [
        ((), (outlet("A"),), None),
        (("A",), (), None),
        (("A",), (outlet("A"),), outlet("A")),
        (("A", "B"), (outlet("A"),), None),
        (("A", "B"), (outlet("A"), outlet("B", HOUR)), outlet("B", HOUR)),
        (("A", "B"), (outlet("A", 2 * HOUR), outlet("B", HOUR)), outlet("B", HOUR)),
        (("A",), (outlet("A", timedelta(0)),), None),
        (("A",), (outlet("A", SECOND),), outlet("A", SECOND)),
    ],
)
def test_a_feed_rests_where_all_that_name_it_are_paused(
    names: tuple[str, ...], pauses: tuple[Pause, ...], expected: Pause | None
) -> None:
    """And until the first of these pauses is over."""
    assert resting("https://a.example/rss", names, pauses, NOW) == expected


def test_a_feed_that_is_paused_itself_rests_whoever_names_it() -> None:
    """Its own pause is the one that is told."""
    own = Pause(kind=PauseKind.FEED, subject="https://a.example/rss", at=NOW)
    assert resting("https://a.example/rss", ("A",), (own, outlet("A", HOUR)), NOW) == own
    assert resting("https://b.example/rss", ("B",), (own,), NOW) is None
    assert in_force((own, outlet("A", -HOUR)), NOW) == (own,)
