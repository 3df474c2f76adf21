"""Sift a document: which of its entries are new, which were revised, and which story each belongs to.

This is where threading by likeness will stand: between *same text* and *new*, with the same inputs and outputs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model.entries import Text
from monitor.model.polls import FeedState
from monitor.model.stories import Known, KnownEntry, Level, Question, Sift, Sifted
from monitor.stories.identity import Keyed, believed
from monitor.stories.recognition import has_said, recognise, words_of
from monitor.stories.signs import signs_of

WINDOW = timedelta(hours=72)
"""same text counts as the same story this long; a weekly column with unchanged words is news again"""


def question(feed: FeedState, document: Sequence[Keyed], now: datetime) -> Question:
    """What must be known before `sift`."""
    keys = (key for one in document for key in (*one.keys, one.text_key, one.title_key))
    return Question(
        feed=feed.id,
        keys=frozenset(key for key in keys if key),
        fingerprints=frozenset(one.fingerprint for one in document if not one.is_wordless),
        since=now - WINDOW,
    )


def sift(document: Sequence[Keyed], known: Known) -> Sift:
    """Decide the identity of every entry of a document, given what the store knows of it."""
    trusted = believed(document, known.feed.habits)
    recognised = recognise(trusted, known)
    texts = {one.fingerprint: one.entry.text for one in trusted}
    work = _Work(known=known, texts=texts, refuted=recognised.refuted)
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
    fresh: list[Sifted] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    learned: list[tuple[str, str]] = field(default_factory=list)
    founded: dict[str, str] = field(default_factory=dict)

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
                keys=new_keys,
                fingerprint=one.fingerprint,
                level=Level.SAME_ENTRY,
                reason="a new revision of an entry of this feed",
                revision=entry.revision + 1,
                previous=words_of(entry, self.texts),
            )
        )

    def add_new(self, one: Keyed) -> None:
        entry_key = self._free_key(one)
        story, level, reason = self._story_of(one, entry_key)
        if one.link_key:
            self.founded.setdefault(one.link_key, story)
        if one.is_telling:
            self.founded.setdefault(one.text_key, story)
        self.fresh.append(
            Sifted(
                entry=one.entry,
                entry_key=entry_key,
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
        """The entry's own key; another where an older entry may be named by it, whoever has that key by now."""
        if one.primary not in self.known.entries:
            return one.primary
        # An entry that agrees in all three, and was forgotten by each of its keys since, may well be taken up again.
        return " ".join((*one.keys, one.fingerprint))

    def _story_of(self, one: Keyed, entry_key: str) -> tuple[str, Level, str]:
        link = "" if one.link_key in self.refuted else one.link_key
        by_link = self.known.stories_by_link.get(link) or self.founded.get(link)
        if by_link:
            return by_link, Level.SAME_ENTRY, "another entry has the same link"
        by_text = self.known.stories_by_text.get(one.fingerprint) or self.founded.get(one.text_key)
        if one.is_telling and by_text:
            return by_text, Level.SAME_TEXT, "another entry has the same title and text"
        # A link means the same everywhere, an id or words only within their feed.
        founding_key = link or f"{entry_key} of {self.known.feed.url}"
        if self.refuted.isdisjoint(one.keys):
            return founding_key, Level.NEW, "nothing known has its id, link or text"
        return founding_key, Level.NEW, "its id or link stood at an entry with other words before"
