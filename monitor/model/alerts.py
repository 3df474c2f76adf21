"""Alerts, their deliveries and the messages that carry them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from monitor.model.entries import Text
from monitor.model.rules import Evidence, Priority
from monitor.model.troubles import Trouble

PublicId = NewType("PublicId", str)
MessageId = NewType("MessageId", int)


class AlertKind(StrEnum):
    """Why somebody must hear."""

    FIRST = "first"
    UPDATE = "update"
    SPREAD = "spread"
    BURST = "burst"
    ALARM = "alarm"
    HEARTBEAT = "heartbeat"
    """the daily line that says how things are"""
    TEST = "test"
    DIGEST = "digest"
    """there was nothing to tell, and that is said; a digest with news is a message of the alerts themselves"""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    HELD = "held"
    LEASED = "leased"
    SENT = "sent"
    DEAD = "dead"
    MUTED = "muted"
    """never sent, because somebody did not want to hear of it"""


class Hold(StrEnum):
    """Why a delivery waits, or has waited."""

    DIGEST = "digest"
    QUIET = "quiet hours"
    THROTTLE = "throttle"
    AWAY = "channel away"
    """the channel took nothing, and more waited for it than is told one by one"""


class Form(StrEnum):
    """How a message is rendered; after a refusal that concerns the message, the next plainer one."""

    FULL = "full"
    SHORT = "short"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContent:
    """What an alert says, kept with it, so that it can be told again after the entry has gone."""

    title: str
    outlets: tuple[str, ...]
    link: str = ""
    rule: str = ""
    published_at: datetime | None = None
    is_late: bool = False
    """dated more than seven days before it was seen"""
    text: Text = field(default_factory=Text)
    """the words the evidence counts in; title is that of the entry"""
    evidence: tuple[Evidence, ...] = ()
    follows: str = ""
    """public id of the first alert that this one goes on from; empty: it is the first"""
    changes: tuple[str, ...] = ()
    """what is new in an update, each in a few words: `killed: 3, now 30`, `marked as a correction`"""
    spread: int = 0
    """how many publishers carry the story by now; 0: not said"""
    also_in: tuple[str, ...] = ()
    """other outlets that carried the story when the alert was raised, one of each publisher"""
    follows_title: str = ""
    """title of the first alert that this one goes on from"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The decision that somebody must hear of a story."""

    kind: AlertKind
    dedupe_key: str
    """one alert for one key, for ever; built of stable keys, never of row ids"""
    public_id: PublicId
    priority: Priority = Priority.NORMAL
    at: datetime
    content: AlertContent
    channels: tuple[str, ...]
    """one delivery each"""
    story_key: str = ""
    """the story it is about; empty for alarms and tests"""
    begins: tuple[Trouble, ...] = ()
    """what an alarm tells of; noted with it, so that its end can be told"""
    ends: tuple[Trouble, ...] = ()
    """what a recovery note says is over"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One send of one or more deliveries to one channel."""

    id: MessageId
    public_id: PublicId
    channel: str
    alerts: tuple[Alert, ...]
    created_at: datetime
    attempts: int = 0
    """sends tried so far"""
    form: Form = Form.FULL
    is_repeat: bool = False
    """it was sent before, and somebody wants it sent again"""
    title: str = ""
    """of a digest or a roll-up; empty: its one alert has its own"""
    hold: Hold | None = None
    """what the alerts of a digest or a roll-up have waited for; None: a message of one alert"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A piece of text; `is_match` where a rule found it."""

    words: str
    is_match: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of one field with the matches in it marked."""

    field: str
    pieces: tuple[Marked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One alert, ready to be shown."""

    alert: Alert
    title: tuple[Marked, ...]
    passages: tuple[Passage, ...]
    """summary and body in context; the title stands apart"""
    matched: tuple[str, ...]
    """the words found, each once"""
    mute: str = ""
    """the command that silences the story; empty where there is nothing to silence"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What one rule found of one story: alerts of a digest or a roll-up that are read together."""

    number: int
    """counts from 1 through the whole message"""
    rule: str
    """empty: alarms and the like"""
    items: tuple[Item, ...]
    """in the order in which they were raised; at least one"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message as a channel gets it: the parts, and one plain text of them."""

    public_id: PublicId
    channel: str
    kind: AlertKind
    subject: str
    text: str
    items: tuple[Item, ...]
    form: Form = Form.FULL
    pieces: tuple[Marked, ...] = ()
    """`text` once more, without its `*` marks, for channels that can highlight; empty: `text` is all there is"""
    title: str = ""
    """of a digest, a roll-up or any message of several alerts; empty: the one alert has its own"""
    hold: Hold | None = None
    """what its alerts have waited for, as in `Message`"""
    groups: tuple[Group, ...] = ()
    """of such a message: what is shown of it, by rule and story, the best first"""
    more: int = 0
    """alerts that `groups` leaves out"""
    shorter: tuple[tuple[Marked, ...], ...] = ()
    """`pieces` with less and less of such a message, for channels that have less room: each says how much is missing"""
    html: str = ""
    """the HTML part that the owner's template made; empty: the channel's own, unless `is_templated`"""
    is_templated: bool = False
    """`text` is the owner's own; a channel that sends HTML then sends `html` or none"""


class Scope(StrEnum):
    """What a failed send is about."""

    CHANNEL = "channel"
    """network, credentials, 429, 5xx: the next message would fail as well, so the channel waits, in order"""
    MESSAGE = "message"
    """413, cannot be read: this message is tried in a plainer form, then dead; the queue goes on"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The channel took it."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFailed:
    """The channel did not take it, or did not say. `reason` is one line without secrets."""

    scope: Scope
    reason: str
    retry_after_seconds: int | None = None
    is_lasting: bool = False
    """time will not mend it, only the owner can: credentials, an address that is gone, a redirect"""


class Settlement(StrEnum):
    """How a leased message ends."""

    SENT = "sent"
    RETRY = "retry"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The fate of one leased message. `due_at` says when to try again (RETRY only)."""

    message: MessageId
    fate: Settlement
    at: datetime
    due_at: datetime | None = None
    error: str = ""
    form: Form = Form.FULL
    note: str = ""
    """what the channel said when it took it"""
    took_ms: int | None = None
    """how long the send took"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One send of a message, as it went."""

    number: int
    """counts from 1 over the whole life of the message"""
    at: datetime
    outcome: Settlement
    reason: str
    """what the channel answered, or why there was no answer; one line without secrets"""
    took_ms: int | None = None
