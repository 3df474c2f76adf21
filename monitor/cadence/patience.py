"""How long a whole server is left alone because one of its feeds was refused.

429 and 503 with Retry-After say it themselves. A 429 that says nothing, and a 403 to a feed that was welcome before
(some servers answer so where they mean 429), count as a wish for the usual time. After a few refusals in a row a 403 is
about that feed alone.
"""

from datetime import timedelta
from http import HTTPStatus

from monitor.cadence.next_poll import LONGEST_RETRY_AFTER
from monitor.model.polls import FeedState, FetchFailed

USUAL = timedelta(minutes=15)
"""where the server does not say how long; never longer than the feed itself waits"""
MEANT_FOR_ALL = 3
"""403s in a row that are taken to be about the whole server"""


def patience(feed: FeedState, failure: FetchFailed, own_wait: timedelta) -> timedelta | None:
    """How long no feed of this server is asked; None: only this feed waits. `feed` is as it was before the failure."""
    asked = failure.retry_after_seconds
    if asked is not None and (asked > 0 or failure.status != HTTPStatus.TOO_MANY_REQUESTS):
        return min(timedelta(seconds=asked), LONGEST_RETRY_AFTER)
    was_welcome = feed.last_success_at is not None and feed.failures < MEANT_FOR_ALL
    if failure.status == HTTPStatus.TOO_MANY_REQUESTS or (failure.status == HTTPStatus.FORBIDDEN and was_welcome):
        return min(USUAL, own_wait)
    return None
