"""Feeds whose due time is later than the present configuration would have it: `every:` was shortened under them.

A due time outlives reloads and restarts, so that nobody is polled too soon. Where somebody wrote `every: 10m` instead
of a day, or heeds a ttl no more, the old one must not keep the feed waiting for what was true yesterday.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.cadence.catching_up import REASON
from monitor.cadence.floors import SPREAD, open_at
from monitor.cadence.interval import CALM, WHOLE_DAY, Pace, configured, steer
from monitor.cadence.next_poll import JITTER, next_poll
from monitor.model.polls import FeedState

_NONE = timedelta(0)
_LATEST = 1.0
"""the chance that makes the longest of an interval: only what is later than that is too late"""


def usual_rest(pace: Pace) -> timedelta:
    """How long a feed of this pace usually rests at most; what rests longer has reasons that must be looked at."""
    return configured(pace) * (1 if pace.is_stated else CALM) * (1 + JITTER)


def hastened(feed: FeedState, pace: Pace, *, now: datetime, chance: float) -> FeedState | None:
    """The feed with the due time that its last good poll would give it by this pace, where that is sooner.

    None where it is as it should be, and where it waits for another reason: it fails, is gone, or was spread.
    """
    last, rhythm = feed.last_poll_at, feed.rhythm
    if last is None or feed.failures or feed.is_gone or feed.next_reason == REASON:
        return None
    if rhythm.interval is not None:
        rhythm = replace(rhythm, interval=min(rhythm.interval, steer(rhythm, pace, before=None, now=last)))
    given = feed.validators
    is_unproven = feed.baseline_at is None or last - feed.baseline_at < WHOLE_DAY
    decided = next_poll(
        now=last,
        chance=_LATEST,
        pace=pace,
        rhythm=rhythm,
        is_conditional=bool(given.etag or given.last_modified) or is_unproven,
    )
    # Who waits for an hour to begin is spread over its first minutes, which is no reason to come sooner.
    slack = SPREAD if rhythm.floors.skip_hours or rhythm.floors.skip_days else _NONE
    if decided.at + slack >= feed.next_poll_at:
        return None
    at = decided.at if decided.at > now else open_at(rhythm.floors, now, now, chance)
    return replace(feed, next_poll_at=at, next_reason=decided.reason) if at < feed.next_poll_at else None
