"""Rules as data, and what they find."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from monitor.model.entries import Text

RuleName = NewType("RuleName", str)


class Priority(StrEnum):
    """How much an alert may disturb."""

    URGENT = "urgent"
    NORMAL = "normal"
    LOW = "low"


class OncePer(StrEnum):
    """What a rule alerts once for."""

    STORY = "story"
    TEXT = "text"
    ENTRY = "entry"


class Updates(StrEnum):
    """What a rule says of a story that it has alerted on, once the news has changed."""

    OFF = "off"
    """nothing"""
    THREAD = "thread"
    """one follow-up for each change of the news: figures, corrections, retractions"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Headlines that a rule must and must not match; a rule that fails one is not loaded."""

    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasSpec:
    """Another name of an entity that needs more said of it than how it is written.

    A clue is a word or phrase of the text, `entity:id`, `tag:word` or `lang:code`.
    """

    name: str
    case: str = ""
    """`exact`: only with these capitals; `any`: whatever its capitals; empty: as the entity says"""
    context: tuple[str, ...] = ()
    """clues of which one must stand in the story; without, a mention is only possible"""
    unless: tuple[str, ...] = ()
    """clues that reject it, and longer names that it is a part of: `not` in the configuration"""
    forms: bool = True
    """whether inflected and respelt shapes of it are names too"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitySpec:
    """A person, organisation, place … that the configuration declares. Options apply to its names of one word."""

    id: str
    type: str = "other"
    name: str
    aliases: tuple[str | AliasSpec, ...] = ()
    case: str = ""
    context: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    forms: bool = True
    surname: bool = True
    """whether a person's surname alone is a name, where no other entity has the same"""
    inside: bool = False
    """whether it is mentioned within longer names of other entities too: Kyiv in *Kyiv Post*"""
    origin: str = ""
    """the pack it comes from; empty: the user's own configuration"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec:
    """What a user watches for. No channels, outlets, tags or languages means: all of them."""

    name: RuleName
    query: str
    channels: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    examples: Examples = field(default_factory=Examples)
    outlets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    """such as `en`, without a country"""
    once_per: OncePer = OncePer.STORY
    updates: Updates = Updates.OFF
    spread: int = 0
    """tell once when so many publishers carry a story that was alerted on; 0: never"""
    expires: datetime | None = None
    """from this moment on it matches nothing; in UTC"""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a rule sees: one entry or one revision, with the outlet around it."""

    text: Text
    outlets: tuple[str, ...] = ()
    """names of the outlets whose feed carries it"""
    tags: tuple[str, ...] = ()
    """tags of those outlets"""
    language: str = ""
    link: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Evidence:
    """Where a part of a query was found: code points of the stored plain text of `field`, end exclusive."""

    field: str
    """`title`, `summary`, `body`; for the others the field's name, over the matched value"""
    start: int
    end: int
    part: str
    """the part of the query it satisfied, as printed from its tree"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A rule found in an entry's text."""

    rule: RuleName
    evidence: tuple[Evidence, ...]
