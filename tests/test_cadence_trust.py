"""What of a server's word is believed at once, what only after a while, and for how long: moves, 304s, refusals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cadence.disbelief import is_disbelieved, longest_belief
from monitor.cadence.moving import SIGHTINGS, STANDING, seen_moving
from monitor.cadence.patience import MEANT_FOR_ALL, USUAL, patience
from monitor.flow.believing import moving_after
from monitor.model.polls import FAILURES_TO_GO_HOME, FailureKind, FeedId, FeedState, FetchFailed, NotModified
from monitor.model.rhythm import Gap, Moving, Rhythm

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOME, NEW, OTHER = "https://a.example/rss", "https://b.example/rss", "https://c.example/rss"
FEED = FeedState(id=FeedId(1), url=HOME, origin="https://a.example:443", next_poll_at=NOW)


def led(moving: Moving, *to: str, every: timedelta = DAY, began: datetime = NOW, is_same: bool = True) -> Moving:
    """Good polls in a row, one `every` so often, each led somewhere or nowhere."""
    for number, address in enumerate(to):
        is_home = not moving.adopted
        moving = seen_moving(moving, address, is_home=is_home, is_same=is_same, now=began + number * every)
    return moving


def test_a_permanent_redirect_is_believed_after_ten_sightings_over_a_week() -> None:
    """Not after nine, not within six days."""
    assert SIGHTINGS == 10
    assert timedelta(days=7) == STANDING
    assert not led(Moving(), *[NEW] * 9).adopted
    assert led(Moving(), *[NEW] * 10).adopted == NEW
    assert not led(Moving(), *[NEW] * 50, every=timedelta(hours=3)).adopted
    assert led(Moving(), *[NEW] * 58, every=timedelta(hours=3)).adopted == NEW


def test_one_poll_that_is_not_led_there_begins_it_anew() -> None:
    """An answer of its own, or another place."""
    assert not led(Moving(), *[NEW] * 9, "", *[NEW] * 9).adopted
    assert not led(Moving(), *[NEW] * 9, OTHER, *[NEW] * 9).adopted


def test_another_feed_at_the_new_address_is_never_believed() -> None:
    """A domain that changed hands: what stood there at first was not known."""
    begun = led(Moving(), NEW, is_same=False)
    assert not led(begun, *[NEW] * 60, began=NOW + DAY).adopted


def test_a_feed_that_moves_on_is_followed() -> None:
    """And at its configured address again once that knows better."""
    moved = led(Moving(), *[NEW] * 10)
    assert led(moved, *[""] * 3) == moved
    assert led(moved, *[OTHER] * 10).adopted == OTHER
    assert seen_moving(moved, NEW, is_home=True, is_same=True, now=NOW + 20 * DAY) == moved
    for to in ("", OTHER):
        assert not seen_moving(moved, to, is_home=True, is_same=True, now=NOW + 20 * DAY).adopted


def test_what_a_clock_saw_that_was_ahead_begins_anew() -> None:
    """Neither is a move put off until the clock is there, nor are 304s believed for so long."""
    ahead = Moving(address=NEW, sightings=9, first_seen_at=NOW + 1_000 * DAY, is_same=True)
    seen = seen_moving(ahead, NEW, is_home=True, is_same=True, now=NOW)
    assert (seen.sightings, seen.first_seen_at) == (1, NOW)
    quiet = replace(FEED, moving=Moving(unmodified_since=NOW + 1_000 * DAY))
    assert moving_after(quiet, NotModified(), NOW, is_same=True).unmodified_since == NOW


def test_a_feed_that_fails_where_it_moved_to_is_asked_at_home() -> None:
    """After the third failure in a row."""
    moved = replace(FEED, moving=Moving(adopted=NEW, adopted_at=NOW))
    assert (FEED.address, moved.address) == (HOME, NEW)
    assert replace(moved, failures=FAILURES_TO_GO_HOME - 1).address == NEW
    assert replace(moved, failures=FAILURES_TO_GO_HOME).address == HOME


@given(steps=st.lists(st.tuples(st.sampled_from(["", NEW, OTHER]), st.integers(0, 72), st.booleans()), max_size=80))
def test_nothing_is_ever_believed_sooner(steps: list[tuple[str, int, bool]]) -> None:
    """Whatever a server says in whatever order: ten in a row, a week, the same feed."""
    moving, now, run = Moving(), NOW, list[tuple[str, datetime, bool]]()
    for to, hours, is_same in steps:
        now += hours * HOUR
        before, moving = moving, seen_moving(moving, to, is_home=not moving.adopted, is_same=is_same, now=now)
        run = [*run, (to, now, is_same)] if run and run[-1][0] == to else [(to, now, is_same)]
        if moving.adopted != before.adopted:
            assert (len(run) >= 10, run[0][0], run[0][2]) == (True, moving.adopted, True)
            assert now - run[0][1] >= timedelta(days=7)


def test_a_304_is_doubted_after_twice_the_usual_longest_gap() -> None:
    """A day at least; three where nothing is known of the gaps."""

    def quiet(days: float) -> FeedState:
        return replace(FEED, moving=Moving(unmodified_since=NOW - days * DAY))

    assert (longest_belief(HOUR), longest_belief(10 * DAY), longest_belief(None)) == (DAY, 20 * DAY, 3 * DAY)
    assert not is_disbelieved(FEED, NOW)
    assert not is_disbelieved(quiet(2.9), NOW)
    assert is_disbelieved(quiet(3.1), NOW)
    monday = datetime(1970, 1, 5, tzinfo=UTC)
    gaps = tuple(Gap(week=(NOW - monday).days // 7 - back, weekday=10 * HOUR, weekend=10 * HOUR) for back in (2, 1))
    dense = Rhythm(since=NOW - 60 * DAY, last_new_at=NOW - 2 * DAY, gaps=gaps)
    assert not is_disbelieved(replace(quiet(0.9), rhythm=dense), NOW)
    assert is_disbelieved(replace(quiet(1.1), rhythm=dense), NOW)


@pytest.mark.parametrize(
    ("status", "retry_after", "hours"),
    [
        (429, 7_200, 2.0),
        (503, 7_200, 2.0),
        (429, 10**9, 6.0),
        (429, None, 0.25),
        (429, 0, 0.25),
        (503, None, None),
        (503, 0, 0.0),
        (500, None, None),
        (404, None, None),
        (403, None, None),
    ],
)
def test_how_long_a_whole_server_is_left_alone(status: int, retry_after: int | None, hours: float | None) -> None:
    """Its own word, six hours at most; a 429 without one a quarter of an hour; other errors are the feed's own."""
    failure = FetchFailed(kind=FailureKind.HTTP, reason="", status=status, retry_after_seconds=retry_after)
    assert patience(FEED, failure, DAY) == (None if hours is None else hours * HOUR)


def test_a_403_to_a_feed_that_was_welcome_is_a_429() -> None:
    """Some servers answer so; after a few in a row it is about that feed alone."""
    failure = FetchFailed(kind=FailureKind.HTTP, reason="", status=403)
    welcome = replace(FEED, last_success_at=NOW)
    assert patience(welcome, failure, DAY) == USUAL
    assert patience(welcome, failure, timedelta(seconds=5)) == timedelta(seconds=5)
    assert patience(replace(welcome, failures=MEANT_FOR_ALL), failure, DAY) is None
