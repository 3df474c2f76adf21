"""When a feed is polled next."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.cadence.interval import Pace
from monitor.cadence.next_poll import Setback, next_poll
from monitor.model.rhythm import Floors, Rhythm
from tests.plain_values import NOW, PACE

NO_FLOOR = timedelta(0)


def asking(floor: timedelta) -> Rhythm:
    return Rhythm(floors=Floors(header=floor))


def wait(
    *, chance: float = 0.0, floor: timedelta = NO_FLOOR, setback: Setback | None = None, pace: Pace = PACE
) -> timedelta:
    return next_poll(now=NOW, chance=chance, pace=pace, rhythm=asking(floor), setback=setback).at - NOW


def test_a_good_poll_is_followed_by_the_next_as_configured() -> None:
    """Jitter only adds, a tenth at most."""
    assert wait() == timedelta(minutes=15)
    assert timedelta(minutes=15) < wait(chance=0.999) <= timedelta(minutes=16.5)


def test_a_wish_outside_the_limits_is_bounded() -> None:
    """As a reload may change the limits under a feed."""
    assert wait(pace=Pace(every=timedelta(seconds=1), shortest=PACE.shortest, longest=PACE.longest)) == PACE.shortest
    assert wait(pace=Pace(every=timedelta(days=9), shortest=PACE.shortest, longest=PACE.longest)) == PACE.longest


def test_a_publishers_floor_makes_it_later_and_says_so() -> None:
    """An hour asked for by max-age is an hour; a year is a day."""
    decided = next_poll(now=NOW, chance=0.0, pace=PACE, rhythm=asking(timedelta(hours=1)))
    assert decided.at - NOW == timedelta(hours=1)
    assert "publisher" in decided.reason
    assert wait(floor=timedelta(days=365)) == timedelta(hours=24)
    assert wait(floor=timedelta(minutes=1)) == timedelta(minutes=15)


def test_refusals_grow_faster_than_silence() -> None:
    """A server that answers with errors is left alone sooner than one that cannot be reached."""
    refused = [wait(setback=Setback(failures=number)) for number in range(1, 6)]
    silent = [wait(setback=Setback(failures=number, is_connection=True)) for number in range(1, 6)]
    assert refused == [timedelta(minutes=15 * 2**number) for number in range(5)]
    assert all(one < other for one, other in zip(silent[1:], refused[1:], strict=True))


def test_retry_after_is_obeyed_up_to_six_hours() -> None:
    """Longer than our own backoff it counts; shorter it changes nothing."""
    asked = Setback(failures=1, retry_after=timedelta(hours=2))
    assert wait(setback=asked) == timedelta(hours=2)
    assert wait(setback=Setback(failures=1, retry_after=timedelta(days=30))) == timedelta(hours=6)
    assert wait(setback=Setback(failures=1, retry_after=timedelta(seconds=1))) == timedelta(minutes=15)


def test_a_feed_that_is_gone_is_never_asked_again() -> None:
    """410 means it."""
    assert wait(setback=Setback(failures=1, is_gone=True)) > timedelta(days=30_000)


@given(failures=st.integers(1, 10_000), chance=st.floats(0, 1, exclude_max=True), is_connection=st.booleans())
def test_backoff_grows_is_capped_and_never_undercuts_the_pace(
    failures: int, chance: float, is_connection: bool
) -> None:
    """For any number of failures."""
    one = wait(chance=chance, setback=Setback(failures=failures, is_connection=is_connection))
    more = wait(chance=chance, setback=Setback(failures=failures + 1, is_connection=is_connection))
    assert PACE.every <= one <= more <= PACE.longest * 1.1
