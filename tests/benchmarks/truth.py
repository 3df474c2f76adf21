"""What a series of captures must lead to, worked out from the captures alone with plain feedparser.

Nothing of `monitor` is used here, or it would agree with its own mistakes.

- An entry of a later capture is *new* when neither its id nor its link stood in an earlier capture. The first
  capture is the baseline: it makes everything known and must alert nobody.
- An id or a link that stands at two different entries of one document says nothing; without either, the words do.
- A new entry whose words (five at least; case, punctuation and white space do not count) are those of another entry
  is the same *story* as that one: one alert for both, however often it is told.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import feedparser

_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^>]*>")
_TELLING_WORDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry as plain feedparser gives it."""

    id: str
    link: str
    title: str
    words: str
    """title, summary and contents, folded"""

    @property
    def is_telling(self) -> bool:
        """Whether its words are enough to recognise them elsewhere."""
        return self.words.count(" ") + 1 >= _TELLING_WORDS


@dataclass(slots=True, kw_only=True)
class Story:
    """New entries that are one piece of news, all of which together must give exactly one alert."""

    items: list[Item]
    capture: int
    """number of the capture that brought the first of them, counted from 0"""
    is_old: bool = False
    """its words stood in the baseline at another address"""


@dataclass(slots=True, kw_only=True)
class Expectation:
    """What the whole series must lead to."""

    entries: int = 0
    """over all captures, each time counted"""
    baseline: list[Item] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)
    retitled: int = 0
    """times a known entry came back under another title"""
    revised: int = 0
    """times a known entry came back with other words, retitled ones included"""


def read_capture(body: bytes) -> tuple[Item, ...]:
    """The entries of one document, in its order; those that agree in everything count once."""
    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    return tuple(dict.fromkeys(item_of(entry) for entry in parsed.entries))


def expect(captures: Sequence[Sequence[Item]]) -> Expectation:
    """Work out what must happen when these documents are served one after another at one address."""
    work = _Work()
    for number, items in enumerate(captures):
        work.read(number, items)
    return work.expected


@dataclass(slots=True, kw_only=True)
class _Work:
    expected: Expectation = field(default_factory=Expectation)
    latest: dict[str, Item] = field(default_factory=dict)
    """key → the entry it led to when it was last seen"""
    by_words: dict[str, Story | None] = field(default_factory=dict)
    """words → the story that they first stood in; None: the baseline"""

    def read(self, number: int, items: Sequence[Item]) -> None:
        self.expected.entries += len(items)
        doubtful = _repeated(item.id for item in items) | _repeated(item.link for item in items)
        known = dict(self.latest)  # of earlier captures: entries of one document do not make each other known
        for item in items:
            keys = [key for key in (item.id, item.link) if key and key not in doubtful] or [item.words]
            before = next((known[key] for key in keys if key in known), None)
            if before is None:
                self._add(number, item)
            else:
                self.expected.retitled += before.title != item.title
                self.expected.revised += before.words != item.words
            self.latest |= dict.fromkeys(keys, item)

    def _add(self, number: int, item: Item) -> None:
        if number == 0:
            self.expected.baseline.append(item)
            self.by_words.setdefault(item.words, None)
            return
        told = self.by_words.get(item.words) if item.is_telling else None
        if told is not None:
            told.items.append(item)
            return
        story = Story(items=[item], capture=number, is_old=item.is_telling and item.words in self.by_words)
        self.by_words[item.words] = story
        self.expected.stories.append(story)


def item_of(entry: feedparser.FeedParserDict) -> Item:
    """An entry as plain feedparser gives it."""
    title = str(entry.get("title", "")).strip()
    contents = [str(part.get("value", "")) for part in entry.get("content", []) if isinstance(part, dict)]
    text = " ".join(dict.fromkeys([title, str(entry.get("summary", "")), *contents]))
    return Item(
        id=str(entry.get("id", "")).strip(),
        link=str(entry.get("link", "")).strip(),
        title=title,
        words=" ".join(_WORD.findall(_TAG.sub(" ", text).casefold())),
    )


def _repeated(values: Iterable[str]) -> frozenset[str]:
    return frozenset(value for value, times in Counter(values).items() if times > 1)
