"""What people ask about the past: rows of lists and the facts behind `why`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.model.alerts import Alert, Attempt
from monitor.model.holding import Circuit, Mute
from monitor.model.moves import Hand, PastMove
from monitor.model.polls import FeedState, Pause
from monitor.model.rules import Match, View
from monitor.model.troubles import Trouble


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
    hold: str = ""
    """what it waits for, or has waited for last"""
    held_until: datetime | None = None
    why: str = ""
    """why it was muted"""
    alert: str = ""
    """public id of its alert; `public_id` is that of the message that carries it, once there is one"""
    is_together: bool = False
    """its message is a digest or a roll-up"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One alert with the state of each of its deliveries."""

    alert: Alert
    states: tuple[tuple[str, str], ...]
    """(channel, delivery state)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A story that was near an entry when it came, but not near enough."""

    public_id: str
    title: str
    """as the entry that founded it reads now"""
    score: float


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
    bare: frozenset[int] = frozenset()
    """numbers of revisions of which the title alone is kept: of these nothing can be judged anew"""
    public_id: str = ""
    """names the entry"""
    score: float | None = None
    """from 0 to 1: how likely its story is the right one; None where likeness was not asked"""
    related: tuple[Neighbour, ...] = ()
    """the nearest first"""
    moves: tuple[PastMove, ...] = ()
    """made by hand, oldest first"""


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
    pauses: tuple[Pause, ...] = ()
    """by name; those that are over may still stand here"""
    outlets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """URL of a feed → the outlets that name it"""
    mutes: tuple[Mute, ...] = ()
    """by kind and subject; those that are over may still stand here"""
    circuits: tuple["CircuitRow", ...] = ()
    """channels that refuse what they are sent, by name"""
    troubles: tuple[Trouble, ...] = ()
    """what was told of ourselves, of feeds and of rules, and is not over, oldest first"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One registered feed and what keeps it from being polled."""

    state: FeedState
    held_until: datetime | None = None
    """no feed of its origin is asked before"""
    outlets: tuple[str, ...] = ()
    """that name it"""
    pauses: tuple[Pause, ...] = ()
    """of itself and of those outlets; those that are over may still stand here"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitRow:
    """A channel that refused its last message, and the one that it is tried with next."""

    channel: str
    circuit: Circuit
    is_trying: bool = False
    """a message is on its way at this moment"""
    due_at: datetime | None = None
    error: str = ""


class Named(StrEnum):
    """What a public id is the name of."""

    ALERT = "alert"
    STORY = "story"
    DELIVERY = "delivery"
    """named by its alert or by the message that carries it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryHistory:
    """One delivery with every send of it."""

    delivery: DeliveryRow
    is_repeat: bool
    """it was sent before, and somebody wants it sent again"""
    is_dropped: bool
    """dead because somebody dropped it"""
    attempts: tuple[Attempt, ...]
    """oldest first; of very many those in the middle are missing"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """One story in brief."""

    public_id: str
    story_key: str
    founded_at: datetime
    title: str
    """of the entry that founded it, as it reads now"""
    entries: int
    outlets: tuple[str, ...]
    """that carry it, by name"""
    alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHistory:
    """Everything known of one story."""

    story: StoryRow
    sightings: tuple[Sighting, ...]
    """oldest first"""
    alerts: tuple[AlertRow, ...]
    """oldest first; also those of stories that were merged into it, and those by which a rule had fired before somebody
    split it off"""
    merged: "Merger | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """Where a story went that somebody merged into another."""

    into: str
    """public id of the story that stands for it now"""
    hand: Hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which deliveries a person means; what is empty asks for nothing."""

    states: tuple[str, ...]
    ids: tuple[str, ...] = ()
    """public ids of alerts or messages"""
    channel: str = ""
    rule: str = ""
    since: datetime | None = None
    """alerts raised then or later"""
    is_news: bool = False
    """no alarms: what we once had to say of ourselves is over"""
    may_be_added: bool = False
    """also alerts that have no delivery to `channel` yet"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A delivery that is meant, by names that stay."""

    public_id: str
    """of its alert"""
    channel: str
    state: str
    """empty: there is no such delivery yet"""
    title: str
