"""Entries told one after another, as if each came in a poll of its own: which story each belongs to.

They go through the same sift as in the daemon. What a store would know of those before is kept in memory, for a bounded
number of entries; of their words only as much as doubtful ids and links are judged by.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from zlib import crc32

from monitor.model.entries import Entry, ParsedFeed, Text
from monitor.model.polls import FeedId, FeedState, Habits
from monitor.model.stories import Home, Known, KnownEntry, Level, Sift, Sifted, Signs
from monitor.stories.habits import MOST_SHOWN
from monitor.stories.identity import Keyed, keyed
from monitor.stories.recollection import Recollection
from monitor.stories.sift import WINDOW, Placer, sift

MOST_REMEMBERED = 100_000
"""entries; beyond them those not seen for longest are forgotten"""
_TELLING = 1_500  # characters of summary and body together, see `stories.resemblance`
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Begin = Callable[[FeedId, tuple[str, ...], datetime, str], Placer]
"""the placer for one document: its feed, the outlet's names, the moment, and the publisher"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who tells an entry. `outlet` empty: nobody knows; two such entries may well be of two outlets."""

    outlet: str = ""
    names: tuple[str, ...] = ()
    publisher: str = ""


def placing_by(recollection: Recollection) -> Begin:
    """Let the entries be placed as the daemon does."""
    return lambda feed, names, at, publisher: recollection.begin(feed, names, at, publisher=publisher)


class Kind(StrEnum):
    """What an entry turned out to be."""

    NEW = "new"
    """it founds a story"""
    SAME_ENTRY = "same_entry"
    """its id or link is known"""
    SAME_TEXT = "same_text"
    SAME_STORY = "same_story"
    UPDATE = "update"
    """an entry of this outlet that is known, with other words than before"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """Where an entry belongs, as `Sifted` has it."""

    kind: Kind
    story_key: str
    reason: str
    score: float | None = None
    related: tuple[tuple[str, float], ...] = ()


@dataclass(slots=True, kw_only=True, eq=False)
class _Held:
    """An entry that is remembered, with whatever leads to it."""

    feed: FeedId
    entry: KnownEntry
    rank: int
    """of its story, by age"""
    last_seen_at: datetime
    keys: list[str] = field(default_factory=list)
    prints: list[str] = field(default_factory=list)

    @property
    def home(self) -> Home:
        return Home(story_key=self.entry.story_key, text_key=self.entry.text_key)


@dataclass(slots=True, kw_only=True)
class Retelling:
    """Everything that was told so far."""

    begin: Begin
    most_remembered: int = MOST_REMEMBERED
    _feeds: dict[str, FeedState] = field(default_factory=dict)
    _held: dict[tuple[FeedId, str], _Held] = field(default_factory=dict)
    """by entry key; the last seen stands last"""
    _keys: dict[tuple[FeedId, str], _Held] = field(default_factory=dict)
    _links: dict[str, dict[FeedId, _Held]] = field(default_factory=dict)
    """who has a link, one in each feed"""
    _prints: dict[str, list[_Held]] = field(default_factory=dict)
    """who said these words, in the order in which they did first"""
    _ranks: dict[str, tuple[int, int]] = field(default_factory=dict)
    """story → its rank by age, and how many of its entries are remembered"""
    _told: int = 0

    def tell(self, entry: Entry, source: Source, at: datetime) -> Retold:
        """Tell the next entry; entries of one outlet are one feed. Moments never go back."""
        feed = self._feed(source.outlet)
        document = keyed(ParsedFeed(kind="", entries=(entry,)))
        known = self._known(feed, document[0], at)
        found = sift(document, known, self._begin(feed.id, document[0], source, at))
        self._feeds[source.outlet] = replace(feed, habits=shown(feed.habits, found.signs))
        held = self._note(feed.id, found, document[0], at)
        return _retold(found, held.entry.story_key)

    def _begin(self, feed: FeedId, one: Keyed, source: Source, at: datetime) -> Placer:
        if source.outlet:
            return self.begin(feed, source.names, at, source.publisher or source.outlet)
        # Compared as one outlet's, entries of nobody knows whom would seem to share what that outlet says each time.
        alone = FeedId(-1 - crc32(one.primary.encode("utf-8", "surrogatepass")))
        return self.begin(alone, source.names, at, "")

    def _feed(self, outlet: str) -> FeedState:
        found = self._feeds.get(outlet)
        if found is None:
            made = FeedId(len(self._feeds) + 1)
            # Its baseline lies long back: everything that is told here is news.
            found = self._feeds[outlet] = FeedState(
                id=made, url=f"outlet:{outlet}", origin="", next_poll_at=_LONG_AGO, baseline_at=_LONG_AGO
            )
        return found

    def _known(self, feed: FeedState, one: Keyed, at: datetime) -> Known:
        keys = (*one.keys, one.text_key, one.title_key)
        entries = {key: held.entry for key in keys if (held := self._keys.get((feed.id, key))) is not None}
        linking = self._links.get(one.link_key, {}).values()
        saying = [] if one.is_wordless else self._prints.get(one.fingerprint, [])
        saying = [held for held in saying if held.last_seen_at > at - WINDOW]
        ours = sorted((held for held in saying if held.feed == feed.id), key=lambda held: held.last_seen_at)
        return Known(
            feed=feed,
            entries=entries,
            stories_by_link={one.link_key: min(linking, key=_age).home} if linking else {},
            stories_by_text={one.fingerprint: min(saying, key=_age).home} if saying else {},
            words={one.fingerprint: tuple(held.entry for held in reversed(ours))} if ours else {},
        )

    def _note(self, feed: FeedId, found: Sift, one: Keyed, at: datetime) -> _Held:
        """Remember what was found, and give way to it."""
        fresh = found.fresh[0] if found.fresh else None
        entry_key = fresh.entry_key if fresh else found.seen[0]
        held = self._held.pop((feed, entry_key), None)
        if held is None:
            assert fresh is not None  # noqa: S101 - what was seen unchanged is held
            held = _Held(feed=feed, entry=_entry(fresh), rank=self._rank(fresh.story_key), last_seen_at=at)
        elif fresh:
            held.entry = _entry(fresh)
        held.last_seen_at = at
        self._held[feed, entry_key] = held
        for key in (*(fresh.keys if fresh else ()), *(key for key, _ in found.learned)):
            self._lead(key, held)
        if one.fingerprint not in held.prints and not one.is_wordless:
            held.prints.append(one.fingerprint)
            self._prints.setdefault(one.fingerprint, []).append(held)
        if len(self._held) > self.most_remembered:
            self._forget(self._held.pop(next(iter(self._held))))
        return held

    def _rank(self, story_key: str) -> int:
        self._told += 1
        rank, entries = self._ranks.get(story_key, (self._told, 0))
        self._ranks[story_key] = rank, entries + 1
        return rank

    def _lead(self, key: str, held: _Held) -> None:
        self._keys[held.feed, key] = held
        held.keys.append(key)
        if key.startswith("link:"):
            self._links.setdefault(key, {})[held.feed] = held

    def _forget(self, held: _Held) -> None:
        for key in held.keys:
            if self._keys.get((held.feed, key)) is held:
                del self._keys[held.feed, key]
            linking = self._links.get(key, {})
            if linking.get(held.feed) is held:
                del linking[held.feed]
                if not linking:
                    del self._links[key]
        for fingerprint in held.prints:
            others = [other for other in self._prints[fingerprint] if other is not held]
            if others:
                self._prints[fingerprint] = others
            else:
                del self._prints[fingerprint]
        rank, entries = self._ranks.pop(held.entry.story_key)
        if entries > 1:
            self._ranks[held.entry.story_key] = rank, entries - 1


def _age(held: _Held) -> int:
    return held.rank


def shown(habits: Habits, signs: Signs) -> Habits:
    """The habits after one entry more: that ids and links tell entries apart is all that single entries can show.

    What makes a feed's keys doubtful shows in whole documents, which hold most entries again and again.
    """
    ids = replace(habits.ids, shown=min(habits.ids.shown + signs.ids.novel, MOST_SHOWN))
    links = replace(habits.links, shown=min(habits.links.shown + signs.links.novel, MOST_SHOWN))
    return Habits(ids=ids, links=links)


def _entry(fresh: Sifted) -> KnownEntry:
    text = fresh.entry.text
    summary = text.summary[:_TELLING]
    return KnownEntry(
        entry_key=fresh.entry_key,
        story_key=fresh.story_key,
        text_key=fresh.text_key,
        fingerprint=fresh.fingerprint,
        revision=fresh.revision,
        text=Text(title=text.title[:_TELLING], summary=summary, body=text.body[: _TELLING - len(summary)]),
        was_baseline=False,
        link=fresh.entry.link,
        published_at=fresh.entry.published_at,
    )


def _retold(found: Sift, story_key: str) -> Retold:
    if not found.fresh:
        return Retold(kind=Kind.SAME_ENTRY, story_key=story_key, reason="an entry of this outlet, unchanged")
    one = found.fresh[0]
    if one.revision > 1:
        return Retold(kind=Kind.UPDATE, story_key=story_key, reason=one.reason)
    kind = _KINDS[one.level]
    return Retold(kind=kind, story_key=story_key, reason=one.reason, score=one.score, related=one.related)


_KINDS = {
    Level.NEW: Kind.NEW,
    Level.SAME_ENTRY: Kind.SAME_ENTRY,
    Level.SAME_TEXT: Kind.SAME_TEXT,
    Level.SAME_STORY: Kind.SAME_STORY,
    Level.BY_HAND: Kind.SAME_STORY,
}
