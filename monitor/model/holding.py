"""What stands between an alert and its sending: routes, mutes, digests, quiet hours, throttles, pacing.

The order is fixed: mute → (urgent passes digest, quiet hours and throttle, never mute or pacing) → digest → quiet
hours → throttle → pacing. Local times name their zone; what is stored is UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from monitor.model.alerts import AlertKind, PublicId
from monitor.model.alerts import Hold as Hold  # noqa: PLC0414 - stands there, because messages say it too
from monitor.model.rules import Priority

EVERY_DAY = frozenset(range(7))
"""weekdays, Monday is 0"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyDigest:
    """One message a local date, at a local time; a time that a change of clocks leaves out or doubles counts once."""

    at: time
    zone: str
    """IANA name, such as `Europe/Berlin`"""
    days: frozenset[int] = EVERY_DAY
    says_nothing: bool = False
    """a channel's: whether a digest without news is sent, and says so"""

    def __post_init__(self) -> None:
        """Without a day it would keep alerts for ever."""
        if not self.days:
            raise ValueError("a digest needs a day")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodicDigest:
    """One message for each stretch of time in which there was news; one that divides a day begins at midnight UTC."""

    every: timedelta


Digest = DailyDigest | PeriodicDigest


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From a local time to the next time the clock shows the other: over midnight, or a whole day where they are one.

    The days are those on which they begin.
    """

    begin: time
    end: time
    zone: str
    days: frozenset[int] = EVERY_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many messages in so much time, at most."""

    most: int
    per: timedelta


DEFAULT_THROTTLE = Rate(most=10, per=timedelta(minutes=5))
"""of a channel that people read and that says nothing: nobody reads the eleventh message of five minutes by itself"""
DEFAULT_BACKLOG = 50
"""alerts, of the same channels: more than these that waited for such a channel are told in one message"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """How alerts are held back; what a rule says wins over what its channel says, each thing for itself."""

    digest: Digest | None = None
    quiet: tuple[QuietHours, ...] = ()
    throttle: Rate | None = None
    """beyond it, alerts are told together: how many, the first few, and where the others are"""
    off: frozenset[Hold] = frozenset()
    """a rule only: what does not hold its alerts back, whatever the channel says"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlings:
    """All of the configuration that holds alerts back."""

    channels: Mapping[str, Handling] = field(default_factory=dict)
    rules: Mapping[str, Handling] = field(default_factory=dict)
    pacing: Mapping[str, Rate] = field(default_factory=dict)
    """channel → how fast messages may follow one another"""
    backlogs: Mapping[str, int] = field(default_factory=dict)
    """channel → more alerts than these that waited while it took none are told in one message"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Who hears of what: every condition that it has must hold, by one of its values; without any it takes all."""

    channels: tuple[str, ...]
    rules: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """of the outlet"""
    outlets: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = ()
    languages: tuple[str, ...] = ()
    """of the entry"""


class MuteKind(StrEnum):
    """What can be silenced."""

    RULE = "rule"
    ENTITY = "entity"
    OUTLET = "outlet"
    STORY = "story"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Somebody does not want to hear of something, for a time."""

    kind: MuteKind
    subject: str
    """name of the rule or outlet, id of the entity, public id of the story"""
    at: datetime
    until: datetime | None = None
    """None: until somebody ends it"""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A delivery that is to be sorted: new, or at the end of a hold."""

    delivery: int
    channel: str
    public_id: PublicId
    """of its alert"""
    kind: AlertKind
    rule: str
    story: str
    """public id, empty where it is about no story"""
    outlets: tuple[str, ...]
    entities: tuple[str, ...]
    """ids of entities among what the rule found"""
    priority: Priority
    is_late: bool
    """late news: goes into the next digest, where there is one"""
    raised_at: datetime
    hold: Hold | None = None
    """what it was held for"""
    held_until: datetime | None = None
    """… and until when; None: until now"""
    carried_by: str = ""
    """public id of the message that already carries it with others"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one channel has sent lately, and which digests it has had."""

    channel: str
    sent: tuple[datetime, ...] = ()
    """when messages were sent, or put on their way, within the longest throttle; oldest first"""
    sent_of: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    """rule → those of them that told of this rule alone, where it has a throttle of its own"""
    digested: Mapping[str, datetime] = field(default_factory=dict)
    """digest (the rule's name; empty: the channel's own) → up to which moment it was last made"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Wait until then, and be sorted again."""

    deliveries: tuple[int, ...]
    until: datetime
    hold: Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """One message of several deliveries, or a digest of none. `key` names it for ever, once per channel."""

    channel: str
    key: str
    """of stable texts, such as `digest|desk||2026-03-29 07:00 Europe/Berlin`; the same key is never made twice"""
    deliveries: tuple[int, ...]
    hold: Hold
    """what they have waited for"""
    title: str
    """such as “Digest of 29 March, 07:00 Europe/Berlin: 12 alerts”"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting:
    """What becomes of the deliveries of one channel that were to be sorted; each stands in one place."""

    alone: tuple[int, ...] = ()
    """each a message of its own, in this order"""
    together: tuple[Together, ...] = ()
    held: tuple[Held, ...] = ()
    muted: tuple[tuple[int, str], ...] = ()
    """(delivery, why): never sent; kept, so that `why` can tell"""
    digested: Mapping[str, datetime] = field(default_factory=dict)
    """digests that were made or had nothing to say → up to which moment"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """Whether a channel takes what it is sent: closed where it does; open where it refused its last message.

    An open one is tried with one message at a time, at growing intervals; it is half-open while that is under way.
    """

    refusals: int = 0
    """in a row, over all its messages"""
    since: datetime | None = None
    """when the first of them was refused; None: closed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fared:
    """What a courier that begins has to know of its channel's past."""

    sends: tuple[datetime, ...] = ()
    """when sends ended, oldest first"""
    circuit: Circuit = field(default_factory=Circuit)
