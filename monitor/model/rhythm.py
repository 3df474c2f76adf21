"""What a feed has shown of its pace and its whereabouts: learned poll by poll, kept with the feed."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The longest silences of a feed that ended in one week."""

    week: int
    """weeks since 1970, Monday to Sunday in UTC"""
    weekday: timedelta = timedelta(0)
    """of silences that touch no Saturday and no Sunday; zero: there was none"""
    weekend: timedelta = timedelta(0)
    """of those that do"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """What the publisher asks of whoever polls; kept, for a 304 says nothing of it."""

    header: timedelta = timedelta(0)
    """Cache-Control max-age or Expires"""
    document: timedelta = timedelta(0)
    """RSS `ttl`, or `sy:updatePeriod` and `sy:updateFrequency`, whichever is longer"""
    skip_hours: frozenset[int] = frozenset()
    """0 to 23, UTC"""
    skip_days: frozenset[int] = frozenset()
    """0 is Monday, UTC"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a feed brings news."""

    interval: timedelta | None = None
    """between two polls, as steered by what they brought; None: nothing was learned yet"""
    last_new_at: datetime | None = None
    """the last poll that brought an entry never seen before, its baseline not counted"""
    missed_at: datetime | None = None
    """the last poll that shared no entry with the one before it: some may have come and gone unseen"""
    window: int = 0
    """entries in the last document"""
    fresh: int = 0
    """of them, those that the last good poll found new; a 304 finds none"""
    floors: Floors = Floors()
    since: datetime | None = None
    """when what is known of its hours begins"""
    counted_at: datetime | None = None
    """when `hours`, `days` and `lately` were true: they fade from then on"""
    hours: tuple[float, ...] = ()
    """new entries by hour of the day, UTC; older ones count less; empty or 24"""
    days: tuple[float, ...] = ()
    """likewise by day of the week, Monday first; empty or 7"""
    lately: float = 0.0
    """new entries of the last hours; older ones count less"""
    gaps: tuple[Gap, ...] = ()
    """of the last weeks in which a silence ended, oldest first"""


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
