"""What a feed has shown of its pace and its whereabouts: learned poll by poll, kept with the feed."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a feed brings news."""

    interval: timedelta | None = None
    """between two polls, as steered by what they brought; None: nothing was learned yet"""
    last_new_at: datetime | None = None
    """the last poll that brought an entry never seen before, its baseline not counted"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """What a server says of a feed that is believed only for a while, or after one: it has moved, nothing changed."""

    address: str = ""
    """where a permanent redirect (301, 308) leads; empty: nowhere"""
    sightings: int = 0
    """good polls in a row that were led there"""
    first_seen_at: datetime | None = None
    is_same: bool = False
    """what stood there at first was known of this feed, or nothing was known of it yet"""
    adopted: str = ""
    """where it is asked instead of the configured address, which led there long enough; empty: nowhere"""
    adopted_at: datetime | None = None
    unmodified_since: datetime | None = None
    """the first of the 304s in a row that it answers with; None: its last good answer was a document"""
