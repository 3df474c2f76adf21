"""A daemon that polls nothing although feeds are due is told from one that has nothing to do."""

from dataclasses import replace
from datetime import timedelta

from monitor.cadence.stalling import STALLED_AFTER, stalled_since
from tests.plain_values import NOW, feed_state

MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - timedelta(days=1)
OVERDUE = replace(feed_state(), next_poll_at=NOW - 10 * MINUTE, last_poll_at=NOW - 25 * MINUTE)
POLLED = replace(feed_state(), last_poll_at=NOW - MINUTE)


def test_a_daemon_that_polls_is_well() -> None:
    """One feed of many may wait its turn."""
    assert stalled_since([OVERDUE, POLLED], OVERDUE, began_at=LONG_AGO, now=NOW) is None


def test_a_daemon_that_has_nothing_to_do_is_well() -> None:
    """However long ago the last poll was: no feed is due."""
    assert stalled_since([OVERDUE], None, began_at=LONG_AGO, now=NOW) is None


def test_a_daemon_that_polls_nothing_of_what_is_due_is_not() -> None:
    """Two minutes after its last poll, or after it began."""
    assert stalled_since([OVERDUE], OVERDUE, began_at=LONG_AGO, now=NOW) == NOW - 25 * MINUTE
    begun = NOW - STALLED_AFTER
    assert stalled_since([OVERDUE], OVERDUE, began_at=begun, now=NOW) == begun
    assert stalled_since([OVERDUE], OVERDUE, began_at=begun + MINUTE, now=NOW) is None
    assert stalled_since([feed_state()], OVERDUE, began_at=LONG_AGO, now=NOW) == LONG_AGO
