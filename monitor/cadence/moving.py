"""Whether a feed has moved: a permanent redirect is believed once it has stood for long, and led to the same feed.

A 301 is set up in error as often as anything else: a whole site led to its front page for an evening, a hotel's login
page, a domain that changed hands. So it is followed from the first day, and believed after ten good polls in a row over
a week at least, and only where it led to entries that were known.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model.rhythm import Moving

SIGHTINGS = 10
"""good polls in a row that must have been led there"""
STANDING = timedelta(days=7)
"""between the first of them and the last, at least"""


def seen_moving(moving: Moving, to: str, *, is_home: bool, is_same: bool, now: datetime) -> Moving:
    """What a good poll teaches of where a feed is.

    `to` is where permanent redirects led, empty where none did; `is_home`: it was asked at its configured address;
    `is_same`: what stood there was known.
    """
    if is_home and moving.adopted:
        if to == moving.adopted:
            return moving
        # The configured address knows better by now: it answers itself, or leads elsewhere.
        moving = replace(moving, adopted="", adopted_at=None)
    if not to:
        return replace(moving, address="", sightings=0, first_seen_at=None, is_same=False)
    if to != moving.address or moving.first_seen_at is None or moving.first_seen_at > now:
        # Seen in the future, it was seen by a clock that was wrong.
        return replace(moving, address=to, sightings=1, first_seen_at=now, is_same=is_same)
    seen = replace(moving, sightings=moving.sightings + 1)
    if seen.sightings < SIGHTINGS or now - moving.first_seen_at < STANDING or not seen.is_same:
        return seen
    return Moving(adopted=to, adopted_at=now, unmodified_since=moving.unmodified_since)
