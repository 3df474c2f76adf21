"""What waits to be polled, among very many feeds."""

from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.polls import FeedId


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Due feeds that are not asked for just now, so that they hide no others."""

    feeds: frozenset[FeedId] = field(default=frozenset())
    origins: frozenset[str] = field(default=frozenset())
    domains: frozenset[str] = field(default=frozenset())
    """with all names below them"""
    beyond: int | None = None
    """more than so many of one origin; None: there may be any number"""
    is_failing: bool = False
    """those whose last poll failed"""


NONE_APART = Apart()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A feed that should have been polled by now."""

    feed: FeedId
    url: str
    due_at: datetime
    is_new: bool
    """it was never polled"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff:
    """An overdue feed that is polled a little later, so that not all are polled at once."""

    feed: FeedId
    due_at: datetime
    """when it was due: what has been polled meanwhile is left alone"""
    until: datetime
