"""When a server's "nothing has changed" is not believed any more.

Some servers give an ETag that never changes again, and would be asked with it for ever: the feed is blind, and looks
healthy. So once in a long while the document is asked for without conditions.
"""

from datetime import datetime, timedelta

from monitor.cadence.silence import usual_longest_gap
from monitor.model.polls import FeedState

LEAST = timedelta(hours=24)
UNLEARNED = timedelta(days=3)
"""where the usual gaps of a feed are not known yet: a long weekend"""


def is_disbelieved(feed: FeedState, now: datetime) -> bool:
    """Whether this feed is to be asked without conditions: its 304s have lasted for too long."""
    since = feed.moving.unmodified_since
    if since is None or now - since <= LEAST:
        return False
    return now - since > longest_belief(usual_longest_gap(feed.rhythm, now))


def longest_belief(usual: timedelta | None) -> timedelta:
    """How long 304s in a row are believed, by the usual longest gap of the feed: twice as long."""
    return UNLEARNED if usual is None else max(2 * usual, LEAST)
