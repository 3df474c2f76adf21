"""What people ask about the past: rows of lists and the facts behind `why`."""

from dataclasses import dataclass
from datetime import datetime

from monitor.model.alerts import Alert
from monitor.model.polls import FeedState
from monitor.model.rules import Match, View


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One delivery, its alert in brief, and the message that carries it."""

    id: int
    channel: str
    state: str
    public_id: str
    kind: str
    rule: str
    title: str
    created_at: datetime
    due_at: datetime | None
    attempts: int
    last_error: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One alert with the state of each of its deliveries."""

    alert: Alert
    states: tuple[tuple[str, str], ...]
    """(channel, delivery state)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One entry under a link that somebody asks about."""

    feed_url: str
    outlets: tuple[str, ...]
    story_key: str
    level: str
    reason: str
    is_baseline: bool
    first_seen_at: datetime
    last_seen_at: datetime
    revisions: tuple[tuple[int, datetime, View], ...]
    """(number, seen at, what rules saw), oldest first"""
    matches: tuple[tuple[int, Match], ...]
    """(revision, match) as stored at the time"""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything known of one link, from fetch to delivery."""

    link: str
    sightings: tuple[Sighting, ...] = ()
    alerts: tuple[AlertRow, ...] = ()
    """alerts of the stories that these sightings belong to"""
    deliveries: tuple[DeliveryRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of the whole, at one moment."""

    feeds: tuple[FeedState, ...]
    deliveries: tuple[tuple[str, str, int], ...]
    """(channel, state, count)"""
    entries: int
    stories: int
    alerts: tuple[AlertRow, ...]
    """the last few, newest first"""
