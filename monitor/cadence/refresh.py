"""When a feed is polled that somebody wants polled now.

A person may be sooner than the cadence, and sooner than the backoff after failures: the wish to know has a reason.
But a key that is held down, or a script in a loop, must not become a storm: a minute lies between two polls of one
feed, or the configured minimum where that is shorter. Retry-After is a server's own word and is never undercut.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model.polls import FeedState, Refresh

LEAST_BETWEEN = timedelta(seconds=60)


def refresh(
    feed: FeedState, *, now: datetime, shortest: timedelta, held_until: datetime | None, is_gone_asked: bool
) -> Refresh:
    """Decide. `shortest` is the configured minimum, `held_until` the Retry-After of the origin; a 410 needs a word."""
    if feed.is_gone and not is_gone_asked:
        return Refresh(feed=feed, at=None, reason="gone (410): --gone asks again")
    least = min(shortest, LEAST_BETWEEN)
    at, reason = now, ""
    # A moment still to come is a clock that was set back: the feed was not polled just now.
    if feed.last_poll_at is not None and now < feed.last_poll_at + least <= now + least:
        at, reason = feed.last_poll_at + least, "polled a moment ago"
    if held_until is not None and held_until > at:
        at, reason = held_until, "the server asked for it (Retry-After)"
    if not feed.is_gone and feed.next_poll_at < at:
        # Already due sooner, which only a hold of the whole origin puts off.
        return Refresh(feed=feed, at=max(feed.next_poll_at, held_until or now), reason=reason)
    told = f"somebody asked for it; {reason}" if reason else "somebody asked for it"
    hastened = replace(feed, next_poll_at=at, next_reason=told, is_gone=False)
    return Refresh(feed=hastened, at=at, reason=reason)
