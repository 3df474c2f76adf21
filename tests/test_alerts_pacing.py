"""How fast messages may follow one another."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.pacing import ready_at, room
from monitor.model.holding import Rate
from tests.plain_values import NOW

SECOND = timedelta(seconds=1)
RATE = Rate(most=2, per=timedelta(minutes=1))


def test_a_channel_that_was_sent_nothing_has_room() -> None:
    """At once, for as many as the rate says."""
    assert room((), RATE, NOW) == 2
    assert ready_at((), RATE, NOW) == NOW


def test_beyond_the_rate_the_next_waits_until_the_oldest_has_left_the_window() -> None:
    """To the moment."""
    sends = (NOW - 50 * SECOND, NOW - 20 * SECOND)
    assert room(sends, RATE, NOW) == 0
    assert ready_at(sends, RATE, NOW) == NOW + 10 * SECOND
    assert room(sends, RATE, NOW + 10 * SECOND) == 1


def test_a_clock_that_was_wrong_stops_no_channel() -> None:
    """Sends that lie in the future were marked by it."""
    sends = (NOW + timedelta(hours=1), NOW + timedelta(hours=2))
    assert room(sends, RATE, NOW) == 2


@given(st.lists(st.integers(0, 600), max_size=40), st.integers(1, 5), st.integers(1, 120), st.integers(0, 600))
def test_who_waits_until_ready_never_exceeds_the_rate(gaps: list[int], most: int, per: int, start: int) -> None:
    """In no window of that length are there more sends; and the wait is never longer than the window."""
    rate = Rate(most=most, per=per * SECOND)
    sends: list[datetime] = []
    now = NOW + start * SECOND
    for gap in gaps:
        now += gap * SECOND
        at = ready_at(sends, rate, now)
        assert now <= at <= now + rate.per
        assert room(sends, rate, at) >= 1
        now = at
        sends.append(now)
    for place in range(len(sends) - most):
        assert sends[place + most] - sends[place] >= rate.per
