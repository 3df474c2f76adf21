"""When a server's "nothing has changed" is not believed any more.

Some servers give an ETag that never changes again, and would be asked with it for ever: the feed is blind, and looks
healthy. So once in a long while the document is asked for without conditions.
"""

from datetime import datetime, timedelta

from monitor.model.polls import FeedState

LEAST = timedelta(hours=24)
UNLEARNED = timedelta(days=3)
"""where the usual gaps of a feed are not known yet: a long weekend"""


def is_disbelieved(feed: FeedState, usual_longest_gap: timedelta | None, now: datetime) -> bool:
    """Whether this feed is to be asked without conditions: its 304s have lasted twice its usual longest gap."""
    since = feed.moving.unmodified_since
    if since is None:
        return False
    limit = UNLEARNED if usual_longest_gap is None else max(2 * usual_longest_gap, LEAST)
    return now - since > limit
