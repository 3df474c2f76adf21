"""Sift a document: which of its entries are new, which were revised, and which story each belongs to.

Id, link and words decide first; likeness (`Placer`) is asked only about what they say nothing of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.model.entries import Text
from monitor.model.polls import FeedState
from monitor.model.stories import Home, Known, KnownEntry, Level, Question, Sift, Sifted
from monitor.stories.identity import Keyed, believed
from monitor.stories.recognition import has_said, recognise, words_of
from monitor.stories.signs import signs_of

WINDOW = timedelta(hours=72)
"""same text counts as the same story this long; a weekly column with unchanged words is news again"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an entry belongs, and by what."""

    home: Home | None
    """None: it founds a story"""
    level: Level
    reason: str
    score: float | None = None
    """of the nearest story, from 0 to 1; None where there was nothing to compare it with"""
    related: tuple[tuple[str, float], ...] = ()
    """(story_key, score) of other stories that are near, the nearest first"""


class Placer(Protocol):
    """Places entries by likeness."""

    def find(self, one: Keyed) -> Placement:
        """Where an entry belongs that no id, link or text tells of."""
        ...

    def hold(self, one: Keyed, entry_key: str, home: Home, *, is_new: bool) -> bytes:
        """Remember the words of an entry, new or revised, for those that come after it; returns its sketch."""
        ...


class Nowhere:
    """Places nothing: stories of other words are other stories."""

    def find(self, one: Keyed) -> Placement:  # noqa: ARG002 - it looks at nothing
        """Everything is new."""
        return Placement(home=None, level=Level.NEW, reason=UNKNOWN)

    def hold(self, one: Keyed, entry_key: str, home: Home, *, is_new: bool) -> bytes:  # noqa: ARG002 - likewise
        """Remember nothing."""
        return b""


UNKNOWN = "nothing known has its id, link or text"
"""the reason of what founds a story"""
_UNTOLD = Placement(home=None, level=Level.NEW, reason=f"{UNKNOWN}, and its words are too few to be compared")
"""*Morning recap* and *Here is the latest* stand over other news each time"""


def question(feed: FeedState, document: Sequence[Keyed], now: datetime, *, moves_after: int = 0) -> Question:
    """What must be known before `sift`."""
    keys = (key for one in document for key in (*one.keys, one.text_key, one.title_key))
    return Question(
        feed=feed.id,
        keys=frozenset(key for key in keys if key),
        fingerprints=frozenset(one.fingerprint for one in document if not one.is_wordless),
        since=now - WINDOW,
        moves_after=moves_after,
    )


def sift(document: Sequence[Keyed], known: Known, placer: Placer | None = None) -> Sift:
    """Decide the identity of every entry of a document, given what the store knows of it; none: `Nowhere`."""
    trusted = believed(document, known.feed.habits)
    recognised = recognise(trusted, known)
    texts = {one.fingerprint: one.entry.text for one in trusted}
    work = _Work(known=known, texts=texts, refuted=recognised.refuted, placer=placer or Nowhere())
    for place, one in enumerate(trusted):
        entry = recognised.found.get(place)
        if entry is None:
            work.add_new(one)
        else:
            work.add_known(one, entry)
    signs = signs_of(document, trusted, recognised.found, known)
    return Sift(fresh=tuple(work.fresh), seen=tuple(work.seen), learned=tuple(work.learned), signs=signs)


@dataclass(slots=True, kw_only=True)
class _Work:
    """The sift under way: what earlier entries of the same document founded counts for the later ones."""

    known: Known
    texts: Mapping[str, Text]
    refuted: frozenset[str]
    placer: Placer
    fresh: list[Sifted] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    learned: list[tuple[str, str]] = field(default_factory=list)
    founded: dict[str, Home] = field(default_factory=dict)

    def add_known(self, one: Keyed, entry: KnownEntry) -> None:
        new_keys = tuple(key for key in one.keys if key not in self.known.entries)
        # Words that it had before are no news: caches that take turns must not add revisions for ever.
        if has_said(entry, one, self.known):
            self.seen.append(entry.entry_key)
            self.learned += [(key, entry.entry_key) for key in new_keys]
            return
        self.fresh.append(
            Sifted(
                entry=one.entry,
                entry_key=entry.entry_key,
                story_key=entry.story_key,
                text_key=entry.text_key,
                keys=new_keys,
                fingerprint=one.fingerprint,
                level=Level.SAME_ENTRY,
                reason="a new revision of an entry of this feed",
                revision=entry.revision + 1,
                previous=words_of(entry, self.texts),
                sketch=self.placer.hold(
                    one, entry.entry_key, Home(story_key=entry.story_key, text_key=entry.text_key), is_new=False
                ),
            )
        )

    def add_new(self, one: Keyed) -> None:
        entry_key = self._free_key(one)
        founding_key = self._founding_key(one, entry_key)
        placed = self._placed(one)
        home = placed.home or Home(story_key=founding_key)
        home = replace(home, text_key=home.text_key or founding_key)
        if one.link_key:
            self.founded.setdefault(one.link_key, home)
        if one.is_telling:
            self.founded.setdefault(one.text_key, home)
        self.fresh.append(
            Sifted(
                entry=one.entry,
                entry_key=entry_key,
                story_key=home.story_key,
                text_key=home.text_key,
                # All of them, also one that led to another entry before: it is this one's now, since no two entries
                # of a document share a trusted key.
                keys=one.keys,
                fingerprint=one.fingerprint,
                level=placed.level,
                reason=placed.reason,
                revision=1,
                is_baseline=self.known.feed.baseline_at is None,
                score=placed.score,
                related=placed.related,
                sketch=self.placer.hold(one, entry_key, home, is_new=True),
            )
        )

    def _free_key(self, one: Keyed) -> str:
        """The entry's own key; another where an older entry may be named by it, whoever has that key by now."""
        if one.primary not in self.known.entries:
            return one.primary
        # An entry that agrees in all three, and was forgotten by each of its keys since, may well be taken up again.
        return " ".join((*one.keys, one.fingerprint))

    def _founding_key(self, one: Keyed, entry_key: str) -> str:
        """A link means the same everywhere, an id or words only within their feed."""
        return self._link(one) or f"{entry_key} of {self.known.feed.url}"

    def _link(self, one: Keyed) -> str:
        return "" if one.link_key in self.refuted else one.link_key

    def _placed(self, one: Keyed) -> Placement:
        link = self._link(one)
        by_link = self.known.stories_by_link.get(link) or self.founded.get(link)
        if by_link:
            return Placement(home=by_link, level=Level.SAME_ENTRY, reason="another entry has the same link")
        by_text = self.known.stories_by_text.get(one.fingerprint) or self.founded.get(one.text_key)
        if one.is_telling and by_text:
            return Placement(home=by_text, level=Level.SAME_TEXT, reason="another entry has the same title and text")
        placed = self.placer.find(one) if one.is_telling else _UNTOLD
        if placed.level is Level.NEW and not self.refuted.isdisjoint(one.keys):
            return replace(placed, reason="its id or link stood at an entry with other words before")
        return placed
