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
    """A permanent redirect (301, 308) that a feed answers with, until it is believed."""

    address: str = ""
    """where it leads; empty: nowhere"""
    sightings: int = 0
    """polls in a row that were led there"""
    first_seen_at: datetime | None = None
