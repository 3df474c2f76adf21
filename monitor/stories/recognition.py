"""Which entries of a document are entries that this feed brought before, however its keys lie.

A key leads to a known entry; whether it may be followed depends on what else is known of the two.

1. Two signs that agree (id, link, exact words) settle it. Only where links never told two entries apart, and words
   and date are others under the same id and link, is it another entry: one place for whatever is the newest.
2. Exact words against a lone id or link that leads elsewhere: the words win, because keys are reused (ids that are
   positions in the list, say) and texts are not. Likewise a link wins that leads to words like these, against an id.
   Where that happens more often in a document than a key proves right, the key is not followed in it at all.
3. A lone id is followed where the words are alike. Where they are not, only once the feed has shown that its ids tell
   entries apart, and then where the date is the same (an editor may replace the title and with it the address, but
   the day of publication stays), or where no link speaks against it and more ids of the document proved right than
   are in doubt, in a feed whose ids did not lie of late (an evergreen page written anew). A constant id brings
   another link, other words and another date. A feed that never showed a second id gets less credit: there another
   link means another entry, however alike its headlines are, unless the date is the same.
4. A lone link is followed wherever the feed has shown that its links tell entries apart, because on real history
   most headlines change beyond likeness at the same address. Else the words must be alike, and where the ids differ
   the date the same: a single entry that always links to the same live page is different news each time.
5. Entries whose keys lead nowhere, but whose words stood at an entry that is not in this document, moved: ids and
   links changed at once. Words that tell little ("Morning briefing") count only when most of the document moved so,
   and never under another date.
6. Without id and link the words are the key, and the title where the words behind it are alike.

A false split repeats an alert, a false merge hides news; where nothing speaks for either, an entry is new.
Each known entry serves once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.model.entries import Text
from monitor.model.polls import Habits
from monitor.model.stories import Known, KnownEntry
from monitor.stories.identity import Keyed, link_key
from monitor.stories.resemblance import is_alike

_PROVEN = 2  # entries that a key must have told apart before it is believed against other signs
_ID_KEY, _LINK_KEY = "id_key", "link_key"
_MASS = 3  # entries that moved at once: then also short titles count


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The entries of a document that are known, by their places, and the keys that led astray."""

    found: Mapping[int, KnownEntry]
    refuted: frozenset[str]
    """keys that lead to an entry which their holder in this document is not"""


def recognise(document: Sequence[Keyed], known: Known) -> Recognised:
    """Find the known entries of a document of `believed` keys, each at most once."""
    habits = known.feed.habits
    search = _Search(
        document=document,
        known=known,
        habits=habits,
        has_proven_ids=max(habits.ids.shown, sum(bool(one.id_key) for one in document)) >= _PROVEN,
        has_proven_links=max(habits.links.shown, sum(bool(one.link_key) for one in document)) >= _PROVEN,
        texts={one.fingerprint: one.entry.text for one in document},
        dates=_telling_dates(document),
    )
    search.by_agreement()
    search.by_words_against_a_key()
    search.by_link_against_an_id()
    search.by_id()
    search.by_link()
    search.by_words_that_moved()
    search.by_words_and_title()
    return Recognised(found=search.found, refuted=frozenset(search.refuted))


def words_of(entry: KnownEntry, texts: Mapping[str, Text]) -> Text:
    """The newest words of a known entry, which the store leaves out where the document itself has them."""
    return entry.text or texts.get(entry.fingerprint, Text())


def has_said(entry: KnownEntry, one: Keyed, known: Known) -> bool:
    """Whether the known entry had the words of this one, in any revision."""
    if entry.fingerprint == one.fingerprint:
        return True
    return any(entry.entry_key == other.entry_key for other in known.words.get(one.fingerprint, ()))


@dataclass(slots=True, kw_only=True)
class _Search:
    """The recognition under way."""

    document: Sequence[Keyed]
    known: Known
    habits: Habits
    has_proven_ids: bool
    has_proven_links: bool
    texts: Mapping[str, Text]
    dates: frozenset[datetime]
    """that stand at one entry of the document only"""
    found: dict[int, KnownEntry] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    refuted: set[str] = field(default_factory=set)

    def by_agreement(self) -> None:
        for wanted in (3, 2):
            for place, one in self._open():
                for entry in (self._led(one.id_key), self._led(one.link_key)):
                    if entry is None or self._votes(one, entry) < wanted:
                        continue
                    if self._is_ever_changing_page(one, entry):
                        self.refuted |= {one.id_key, one.link_key}
                    elif self._take(place, entry):
                        break

    def by_words_against_a_key(self) -> None:
        for place, one in self._open():
            led = [entry for entry in (self._led(one.id_key), self._led(one.link_key)) if entry is not None]
            former = self._former(one)
            if led and one.is_telling and former:
                self._take(place, former)

    def by_link_against_an_id(self) -> None:
        """An honest link that leads to words like these says more than an id that leads elsewhere."""
        for place, one in self._open():
            named, entry = self._led(one.id_key), self._led(one.link_key)
            if named is None or entry is None or _is(named, entry) or not self.has_proven_links:
                continue
            if self._is_alike(one, entry):
                self._take(place, entry)

    def by_id(self) -> None:
        led = [(place, one, entry) for place, one in self._open() if (entry := self._led(one.id_key)) is not None]
        alike = {place for place, one, entry in led if self._is_alike(one, entry)}
        right = self._right(_ID_KEY)
        is_worthless = self._misled(_ID_KEY) > right
        is_upright = right + len(alike) > len(led) - len(alike) and not self.habits.ids.lies
        for place, one, entry in led:
            is_same = (
                self._is_same_by_id(one, entry)
                if place in alike
                else self._is_rewritten(one, entry, is_upright=is_upright)
            )
            if is_worthless or not is_same:
                self.refuted.add(one.id_key)
            else:
                self._take(place, entry)

    def by_link(self) -> None:
        is_worthless = self._misled(_LINK_KEY) > self._right(_LINK_KEY)
        for place, one in self._open():
            entry = self._led(one.link_key)
            if entry is None:
                continue
            if is_worthless or not self._is_same_by_link(one, entry):
                self.refuted.add(one.link_key)
            else:
                self._take(place, entry)

    def by_words_that_moved(self) -> None:
        """Entries whose own keys say nothing, and whose words stood at a known entry that is gone."""
        moved = {
            place: former
            for place, one in self._open()
            if self._is_lost(one) and (former := self._former(one)) is not None
        }
        is_upheaval = len(moved) >= max(_MASS, len(self.found) + 1)
        for place, former in moved.items():
            one = self.document[place]
            if one.is_telling or (is_upheaval and one.entry.published_at == former.published_at):
                self._take(place, former)

    def by_words_and_title(self) -> None:
        for place, one in self._open():
            if one.primary != one.text_key:
                continue
            by_words, by_title = self._led(one.text_key), self._led(one.title_key)
            if by_words is not None and self._take(place, by_words):
                continue
            if by_title is not None and (self._goes_on_alike(one, by_title) or self._has_same_date(one, by_title)):
                self._take(place, by_title)

    def _open(self) -> Iterator[tuple[int, Keyed]]:
        return ((place, one) for place, one in enumerate(self.document) if place not in self.found)

    def _led(self, key: str) -> KnownEntry | None:
        return self.known.entries.get(key) if key else None

    def _take(self, place: int, entry: KnownEntry) -> bool:
        if entry.entry_key in self.taken:
            return False
        self.found[place] = entry
        self.taken.add(entry.entry_key)
        return True

    def _votes(self, one: Keyed, entry: KnownEntry) -> int:
        led = sum(_is(self._led(key), entry) for key in (one.id_key, one.link_key))
        return led + (not one.is_wordless and has_said(entry, one, self.known))

    def _former(self, one: Keyed) -> KnownEntry | None:
        """The entry not taken yet that said this last and most recently."""
        if one.is_wordless:
            return None
        others = (entry for entry in self.known.words.get(one.fingerprint, ()) if entry.entry_key not in self.taken)
        return next((entry for entry in others if entry.fingerprint == one.fingerprint), None)

    def _is_lost(self, one: Keyed) -> bool:
        keys = [key for key in (one.id_key, one.link_key) if key]
        return all(self._led(key) is None or key in self.refuted for key in keys)

    def _right(self, name: str) -> int:
        return sum(_is(self._led(getattr(self.document[place], name)), entry) for place, entry in self.found.items())

    def _misled(self, name: str) -> int:
        led = ((self._led(getattr(self.document[place], name)), entry) for place, entry in self.found.items())
        return sum(other is not None and not _is(other, entry) for other, entry in led)

    def _is_same_by_id(self, one: Keyed, entry: KnownEntry) -> bool:
        """Whether an entry with words like these, under the same id, is the same."""
        return self.has_proven_ids or not self._is_elsewhere(one, entry) or self._has_same_date(one, entry)

    def _is_rewritten(self, one: Keyed, entry: KnownEntry, *, is_upright: bool) -> bool:
        """Whether an entry with quite other words, under the same id, is the same."""
        if not self.has_proven_ids:
            return False
        return self._has_same_date(one, entry) or (is_upright and not self._is_elsewhere(one, entry))

    def _is_same_by_link(self, one: Keyed, entry: KnownEntry) -> bool:
        if self.has_proven_links:
            return True
        if not self._is_alike(one, entry):
            return False
        return not self._has_other_id(one, entry) or self._has_same_date(one, entry)

    def _is_ever_changing_page(self, one: Keyed, entry: KnownEntry) -> bool:
        if self.has_proven_links or has_said(entry, one, self.known):
            return False
        return not (self._is_alike(one, entry) or self._has_same_date(one, entry))

    def _is_alike(self, one: Keyed, entry: KnownEntry) -> bool:
        return is_alike(one.entry.text, words_of(entry, self.texts))

    def _goes_on_alike(self, one: Keyed, entry: KnownEntry) -> bool:
        """Whether the words behind equal titles are alike."""
        return is_alike(replace(one.entry.text, title=""), replace(words_of(entry, self.texts), title=""))

    def _is_elsewhere(self, one: Keyed, entry: KnownEntry) -> bool:
        """Whether both have a link of their own, and not the same, in a feed that does not change all of them."""
        before = link_key(entry.link) if entry.link else ""
        return bool(before and one.link_key) and before != one.link_key and not self.habits.links.changes

    def _has_other_id(self, one: Keyed, entry: KnownEntry) -> bool:
        """Likewise of ids."""
        had_id = entry.entry_key.startswith("id:")
        return had_id and bool(one.id_key) and not _is(self._led(one.id_key), entry) and not self.habits.ids.changes

    def _has_same_date(self, one: Keyed, entry: KnownEntry) -> bool:
        return one.entry.published_at in self.dates and one.entry.published_at == entry.published_at


def _is(one: KnownEntry | None, other: KnownEntry) -> bool:
    return one is not None and one.entry_key == other.entry_key


def _telling_dates(document: Iterable[Keyed]) -> frozenset[datetime]:
    """Dates of one entry only: what many share (the time the file was made) says nothing of any of them."""
    times = Counter(one.entry.published_at for one in document)
    return frozenset(moment for moment, number in times.items() if moment is not None and number == 1)
