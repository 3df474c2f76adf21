"""Whether a daemon that is at work polls at all: one whose scheduler is dead must not look well."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.model.polls import FeedState

STALLED_AFTER = timedelta(minutes=2)
"""without any poll although feeds are due: an exchange takes half a minute at most, and the next begins at once"""


def stalled_since(
    feeds: Iterable[FeedState], overdue: FeedState | None, *, began_at: datetime, now: datetime
) -> datetime | None:
    """Since when nothing was polled although something is due; None: all is well.

    `overdue` is a feed that was due `STALLED_AFTER` ago and could have been polled; the daemon began at `began_at`.
    """
    if overdue is None:
        return None
    last = max((feed.last_poll_at for feed in feeds if feed.last_poll_at is not None), default=began_at)
    since = max(last, began_at)
    return since if now - since >= STALLED_AFTER else None
