"""Sift a document: which of its entries are new, which were revised, and which story each belongs to.

This is where threading by likeness will stand: between *same text* and *new*, with the same inputs and outputs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model.entries import Text
from monitor.model.polls import FeedState
from monitor.model.stories import Known, KnownEntry, Level, Question, Sift, Sifted
from monitor.stories.identity import Keyed

WINDOW = timedelta(hours=72)
"""same text counts as the same story this long; a weekly column with unchanged words is news again"""


def question(feed: FeedState, document: Sequence[Keyed], now: datetime) -> Question:
    """What must be known before `sift`."""
    return Question(
        feed=feed.id,
        keys=frozenset(key for one in document for key in (*one.keys, one.text_key)),
        fingerprints=frozenset(one.fingerprint for one in document),
        since=now - WINDOW,
    )


def sift(document: Sequence[Keyed], known: Known) -> Sift:
    """Decide the identity of every entry of a document, given what the store knows of it."""
    old = _recognised(document, known)
    work = _Work(known=known, words={one.fingerprint: one.entry.text for one in document})
    for place, one in enumerate(document):
        entry = old.get(place)
        if entry is None:
            work.add_new(one)
        else:
            work.add_known(one, entry)
    return Sift(fresh=tuple(work.fresh), seen=tuple(work.seen), learned=tuple(work.learned))


def _recognised(document: Sequence[Keyed], known: Known) -> dict[int, KnownEntry]:
    """Which entry of the document (by its place) is which known entry; ids choose first, each entry serves once."""
    found: dict[int, KnownEntry] = {}
    taken: set[str] = set()
    for strength in ("id_key", "link_key", "text_key"):
        for place, one in enumerate(document):
            if place in found or (strength == "text_key" and one.primary != one.text_key):
                continue
            entry = known.entries.get(getattr(one, strength))
            if entry is not None and entry.entry_key not in taken:
                found[place] = entry
                taken.add(entry.entry_key)
    return found


@dataclass(slots=True, kw_only=True)
class _Work:
    """The sift under way: what earlier entries of the same document founded counts for the later ones."""

    known: Known
    words: dict[str, Text]
    fresh: list[Sifted] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    learned: list[tuple[str, str]] = field(default_factory=list)
    founded: dict[str, str] = field(default_factory=dict)

    def add_known(self, one: Keyed, entry: KnownEntry) -> None:
        new_keys = tuple(key for key in one.keys if key not in self.known.entries)
        if entry.fingerprint == one.fingerprint:
            self.seen.append(entry.entry_key)
            self.learned += [(key, entry.entry_key) for key in new_keys]
            return
        self.fresh.append(
            Sifted(
                entry=one.entry,
                entry_key=entry.entry_key,
                story_key=entry.story_key,
                keys=new_keys,
                fingerprint=one.fingerprint,
                level=Level.SAME_ENTRY,
                reason="a new revision of an entry of this feed",
                revision=entry.revision + 1,
                previous=entry.text or self.words.get(entry.fingerprint, Text()),
            )
        )

    def add_new(self, one: Keyed) -> None:
        story, level, reason = self._story_of(one)
        if one.link_key:
            self.founded.setdefault(one.link_key, story)
        if one.is_telling:
            self.founded.setdefault(one.text_key, story)
        self.fresh.append(
            Sifted(
                entry=one.entry,
                entry_key=self._free_key(one),
                story_key=story,
                # All of them, also one that led to another entry before: it is this one's now, since no two entries
                # of a document share a trusted key.
                keys=one.keys,
                fingerprint=one.fingerprint,
                level=level,
                reason=reason,
                revision=1,
                is_baseline=self.known.feed.baseline_at is None,
            )
        )

    def _free_key(self, one: Keyed) -> str:
        """The entry's own key; another where an older entry was named by it before it got an id and another link."""
        names = {entry.entry_key for entry in self.known.entries.values()}
        return f"{one.primary} {one.fingerprint}" if one.primary in names else one.primary

    def _story_of(self, one: Keyed) -> tuple[str, Level, str]:
        by_link = self.known.stories_by_link.get(one.link_key) or self.founded.get(one.link_key)
        if by_link:
            return by_link, Level.SAME_ENTRY, "another entry has the same link"
        by_text = self.known.stories_by_text.get(one.fingerprint) or self.founded.get(one.text_key)
        if one.is_telling and by_text:
            return by_text, Level.SAME_TEXT, "another entry has the same title and text"
        return _founding_key(one, self.known.feed.url), Level.NEW, "nothing known has its id, link or text"


def _founding_key(one: Keyed, feed_url: str) -> str:
    """The stable name of a story: a link means the same everywhere, an id or words only within their feed."""
    return one.link_key or f"{one.primary} of {feed_url}"
