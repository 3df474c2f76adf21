"""Identity of entries and stories: what is asked of the store, what it knows, and what a poll decides.

A poll asks one `Question`, gets one `Known`, and answers with one `PollPlan`; the store writes the plan in the same
transaction. Entries are referred to by `entry_key`, stories by `story_key`: stable texts, never row ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.model.alerts import Alert, PublicId
from monitor.model.entries import Entry, Text
from monitor.model.polls import FeedId, FeedState
from monitor.model.rules import Match


class Level(StrEnum):
    """By what an entry was given its story."""

    NEW = "new"
    """nothing known is like it: it founds a story"""
    SAME_ENTRY = "same_entry"
    """the feed's id, or the canonical link"""
    SAME_TEXT = "same_text"
    """the same words at another address"""
    SAME_STORY = "same_story"
    """other words about the same news"""
    BY_HAND = "by_hand"
    """somebody moved it there"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where an entry belongs."""

    story_key: str
    text_key: str = ""
    """names the text, of all that say the same at whatever address; empty: nobody knows it any more"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Somebody gave an entry another story, by hand."""

    serial: int
    """grows from move to move"""
    feed: FeedId
    entry_key: str
    story_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a poll must know of the past before it decides. All keys are those of `stories.identity`."""

    feed: FeedId
    keys: frozenset[str]
    """identity keys of every entry in the document: `id:…`, `link:…` and `text:…`"""
    fingerprints: frozenset[str]
    """of the texts in the document that have any words, to find the same text and to spot revisions"""
    since: datetime
    """same text counts only in stories with an entry seen after this"""
    moves_after: int = 0
    """serial of the last move that is known"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What a decision asks on top of a `Question`, once it knows which stories its entries belong to."""

    stories: frozenset[str]
    """story keys"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was told of a story so far.

    A story counts what was told of those that were merged into it, and of the one that it was split off from until
    then.
    """

    fired: Mapping[str, PublicId] = field(default_factory=dict)
    """rule → public id of its first alert"""
    titles: Mapping[PublicId, str] = field(default_factory=dict)
    """of those alerts, as far as they are kept"""
    heard: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """rule → channels that its first alert went to, of rules that told it by itself"""
    outlets: frozenset[str] = frozenset()
    """names of those that carry it"""
    said: tuple[Text, ...] = ()
    """what its entries say and said, titles and summaries, oldest first, at most `MOST_SAID`; empty where no rule
    has fired"""


MOST_SAID = 40
"""texts of a story that an update is held against: its first ones and its last ones"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry that this feed brought before."""

    entry_key: str
    story_key: str
    text_key: str = ""
    fingerprint: str
    """of its newest revision"""
    revision: int
    """number of its newest revision, the first is 1"""
    text: Text | None
    """words of the newest revision; None where its fingerprint is among those asked for"""
    was_baseline: bool
    link: str = ""
    """of the newest revision; empty where `text` is None"""
    published_at: datetime | None = None
    """of the newest revision, None where `text` is; in `Known.words` that of the revision that said so"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows, read inside the transaction that will write the plan."""

    feed: FeedState
    entries: Mapping[str, KnownEntry] = field(default_factory=dict)
    """identity key → entry of this same feed"""
    stories_by_link: Mapping[str, Home] = field(default_factory=dict)
    """`link:…` key → where that is known, from any feed whose links are not doubted"""
    stories_by_text: Mapping[str, Home] = field(default_factory=dict)
    """fingerprint → where that is known, from any feed, newer than `Question.since`; the oldest story wins"""
    words: Mapping[str, tuple[KnownEntry, ...]] = field(default_factory=dict)
    """fingerprint → entries of this same feed that said so in any revision, as new; the last seen stands first"""
    moves: tuple[Move, ...] = ()
    """made by hand since `Question.moves_after`, oldest first"""
    told: Mapping[str, Told] = field(default_factory=dict)
    """story_key → what was told of it, for those of an `Inquiry` that exist"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """An entry with its identity decided; what a revision changed; what rules should look at it."""

    entry: Entry
    entry_key: str
    story_key: str
    text_key: str
    """names the text: that of the first entry that said so, at whatever address; a revision changes nothing about it"""
    keys: tuple[str, ...]
    """identity keys to remember for it; a key that led to another entry of the feed leads to this one from now on"""
    fingerprint: str
    level: Level
    reason: str
    """one line for `why` and `stories show`"""
    revision: int
    """1 for a new entry"""
    previous: Text | None = None
    """the words before this revision; None for a new entry"""
    is_baseline: bool = False
    score: float | None = None
    """from 0 to 1: how likely the story is the right one; None where likeness was not asked"""
    related: tuple[tuple[str, float], ...] = ()
    """(story_key, score) of stories that are near, but not near enough; the nearest first"""
    sketch: bytes = b""
    """what likeness needs to know of these words, see `stories.sketch`; empty: nothing is kept"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySigns:
    """How the ids, or the links, of one document behaved; each figure counts entries."""

    told: int = 0
    """have one of their own in this document"""
    novel: int = 0
    """new entries that came with one never seen"""
    missing: int = 0
    shared: int = 0
    """have one that stands at other entries as well, or at the outlet's own page"""
    huge: int = 0
    kept: int = 0
    """known entries that it led to"""
    changed: int = 0
    """known entries that came with one never seen"""
    lied: int = 0
    """entries that are not what it led to"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What one document lets learn about its feed."""

    entries: int = 0
    ids: KeySigns = KeySigns()
    links: KeySigns = KeySigns()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sift:
    """Everything a document says that was not known."""

    fresh: tuple[Sifted, ...] = ()
    """new entries and revisions, in document order"""
    seen: tuple[str, ...] = ()
    """entry keys that stand in the document unchanged"""
    learned: tuple[tuple[str, str], ...] = ()
    """(identity key, entry_key) pairs newly seen for entries already known, such as a changed id"""
    signs: Signs = Signs()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A match to be stored: rule, entry and revision; `is_new` False where the previous revision matched too."""

    entry_key: str
    revision: int
    rule_hash: str
    match: Match
    is_new: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPlan:
    """All that one poll writes, in one transaction."""

    feed: FeedState
    at: datetime
    sift: Sift = field(default_factory=Sift)
    outlets: tuple[str, ...] = ()
    """names of the outlets that name this feed: each gets a sighting of every entry"""
    found: tuple[Found, ...] = ()
    alerts: tuple[Alert, ...] = ()
    hold_origin_until: datetime | None = None
    """Retry-After: no feed of this origin is asked before"""
    hold_address: str = ""
    """whose origin that is, where redirects led the feed to another one; empty: its own"""
    notes: tuple[str, ...] = ()
    """what the log should tell of this poll beside how it ended"""
    vocabulary: bytes = b""
    """how common words are, counted over all entries up to the last of this plan; empty: not written this time"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """An entry of the last days, as likeness is rebuilt from it at the start."""

    place: int
    """grows in the order in which entries were stored"""
    feed: FeedId
    entry_key: str
    home: Home
    seen_at: datetime
    """when its newest words came"""
    sketch: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The counts of words as they were written last."""

    vocabulary: bytes = b""
    """empty: never yet"""
    place: int = 0
    """of the last entry that they count"""
