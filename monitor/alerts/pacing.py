"""How fast a channel's messages may follow one another."""

from collections.abc import Iterable
from datetime import datetime

from monitor.model.holding import Rate


def room(sends: Iterable[datetime], rate: Rate, now: datetime) -> int:
    """How many messages may be sent now, given when earlier sends ended; never negative."""
    return max(0, rate.most - len(_recent(sends, rate, now)))


def ready_at(sends: Iterable[datetime], rate: Rate, now: datetime) -> datetime:
    """When there is room for the next message: `now`, or later by the rate's own time at most."""
    recent = _recent(sends, rate, now)
    return now if len(recent) < rate.most else recent[-rate.most] + rate.per


def _recent(sends: Iterable[datetime], rate: Rate, now: datetime) -> list[datetime]:
    # What was sent later than now was sent by a clock that was wrong: it must not stop the channel until that is right.
    return sorted(at for at in sends if now - rate.per < at <= now)
