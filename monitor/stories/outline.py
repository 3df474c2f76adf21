"""The form of a sketch: bytes, and the tables that they unfold into.

Nothing but whole numbers, so that sums over the entries of a story do not depend on their order, and what is read back
from the store decides exactly as before. In memory a sketch is its bytes; its tables are ten times as large.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from math import isqrt, sqrt
from struct import pack as pack_whole
from struct import unpack_from
from typing import NamedTuple

from monitor.stories.particulars import Particulars
from monitor.stories.phrases import RATES, Phrases
from monitor.stories.vocabulary import word_number

_VERSION = 1
_MOST_IN_LEAD = 80
_MOST_NAMES_BELOW = 50
_BARE = 15
_LONG_HEADLINE = 20
"""a text of so many words and no more is a bare headline, whatever field it stands in"""
_TIMES = tuple(round(16 * (1 + 0.7 * sqrt(times - 1))) for times in range(1, 34))


class NotASketch(ValueError):
    """Bytes that `pack` has not made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a sketch is assembled from: words by number, with how often they stand in each part of the text."""

    title: Mapping[int, int]
    lead: Mapping[int, int]
    names_below: Mapping[int, int]
    """of the rest of the text names alone"""
    names: Collection[int]
    stated: Particulars
    phrases: Phrases
    terms: int
    """words of the text, those of grammar included"""


class _Header(NamedTuple):
    """How many of everything follow, a byte each."""

    version: int
    rate: int
    terms: int
    title: int
    lead: int
    words: int
    numbers: int
    lead_numbers: int
    dates: int
    years: int
    runs: int
    weekdays: int


_HEADER = len(_Header._fields)
_LEAD = _Header._fields.index("lead")


class Sketch:
    """An entry as likeness sees it. Compared by value."""

    __slots__ = ("_view", "data")

    def __init__(self, data: bytes) -> None:
        """Hold what `pack` gave."""
        self.data = data
        self._view: View | None = None

    @property
    def view(self) -> "View":
        """The tables that comparisons look things up in; worked out once, and kept with the sketch."""
        if self._view is None:
            self._view = View(self.data)
        return self._view

    @property
    def words(self) -> tuple[int, ...]:
        """The distinct word numbers of title and lead: what a vocabulary learns, and by what an index finds stories."""
        if self._view is not None:
            return tuple(self._view.lead)
        # What is read back after a restart, or dropped, is asked for nothing else: no tables for that.
        return unpack_from(f"<{self.data[_LEAD]}I", self.data, _HEADER)

    @property
    def runs(self) -> tuple[int, ...]:
        """Hashes of the runs of words that were kept; likewise without tables."""
        head = _Header(*self.data[:_HEADER])
        return unpack_from(f"<{head.runs}I", self.data, _HEADER + 4 * (head.words + head.numbers))

    @property
    def lead(self) -> Mapping[int, int]:
        """Word number → weight in title and lead, 1 to 255."""
        return self.view.lead

    @property
    def length(self) -> int:
        """The Euclidean length of `lead`, at least 1: a cosine is the sum of products / the product of lengths."""
        if self._view is not None:
            return self._view.length
        head = _Header(*self.data[:_HEADER])
        start = _HEADER + 4 * (head.words + head.numbers + head.runs)
        return _length(self.data[start : start + head.lead])

    def __eq__(self, other: object) -> bool:
        """Whether both say the same."""
        return isinstance(other, Sketch) and self.data == other.data

    def __hash__(self) -> int:
        """By value."""
        return hash(self.data)

    def __repr__(self) -> str:
        """Name its size: the numbers say nothing to a reader."""
        return f"Sketch({len(self.data)} bytes)"


class View:
    """The tables of one sketch. Words are numbers with weights; `lead` is title and summary, `words` the whole text."""

    __slots__ = (
        "dates", "is_bare", "lead", "lead_names", "lead_numbers", "length", "name_length", "names", "numbers", "rate",
        "runs", "title", "title_length", "weekdays", "words", "years",
    )  # fmt: skip

    def __init__(self, data: bytes) -> None:
        """Unfold the bytes of a sketch."""
        # Field by field, and from tuples: this is made for every entry of every story that is compared.
        _, rate, terms, title, lead, many, figures, lead_figures, dates, _, runs, weekdays = data[:_HEADER]
        start = _HEADER + 4 * (many + figures + runs)
        whole: tuple[int, ...] = unpack_from(f"<{many + figures + runs}I", data, _HEADER)
        words, numbers = whole[:many], whole[many : many + figures]
        weights = data[start : start + many]
        days: tuple[int, ...] = unpack_from(f"<{(len(data) - start) // 2 - many}H", data, start + 2 * many)
        self.rate = rate
        self.is_bare = terms <= (_BARE if lead > title else _LONG_HEADLINE)
        self.weekdays = weekdays
        self.lead = dict(zip(words[:lead], weights, strict=False))
        self.length = _length(weights[:lead])
        # Where there is no headline, the lead is all there is to compare with headlines.
        self.title = dict(zip(words[:title], weights, strict=False)) if title else self.lead
        self.title_length = _length(weights[:title]) if title else self.length
        self.words = frozenset(words)
        marked = compress(zip(words, weights, strict=True), data[start + many : start + 2 * many])
        self.names = dict(marked)
        self.name_length = _length(self.names.values())
        self.lead_names = self.names.keys() & self.lead.keys()
        self.numbers = frozenset(numbers)
        self.lead_numbers = frozenset(numbers[:lead_figures])
        self.dates = frozenset(days[:dates])
        self.years = frozenset(days[dates:])
        self.runs = frozenset(whole[many + figures :])


def assemble(parts: Parts, weigh: Callable[[Sequence[int]], list[int]]) -> Sketch:
    """The sketch of these parts, with the weights that words have now."""
    lead = dict(parts.title)
    for word, times in parts.lead.items():
        lead[word] = lead.get(word, 0) + times
    if len(lead) > _MOST_IN_LEAD:
        lead = dict(list(lead.items())[:_MOST_IN_LEAD])
    below = {word: times for word, times in parts.names_below.items() if word not in lead}
    if len(below) > _MOST_NAMES_BELOW:
        below = dict(sorted(below.items(), key=lambda item: (-item[1], item[0]))[:_MOST_NAMES_BELOW])
    words = [*lead, *below]
    numbers = [word_number(number) for number in parts.stated.numbers]
    runs = parts.phrases.kept
    header = _Header(
        version=_VERSION,
        rate=parts.phrases.rate,
        terms=min(parts.terms, 255),
        title=min(len(parts.title), len(lead)),
        lead=len(lead),
        words=len(words),
        numbers=len(numbers),
        lead_numbers=parts.stated.in_lead,
        dates=len(parts.stated.days),
        years=len(parts.stated.years),
        runs=len(runs),
        weekdays=parts.stated.weekdays,
    )
    weighed = zip(weigh(words), chain(lead.values(), below.values()), strict=True)
    named = parts.names
    days, years = parts.stated.days, parts.stated.years
    columns = (
        bytes(header),
        pack_whole(f"<{len(words) + len(numbers) + len(runs)}I", *words, *numbers, *runs),
        bytes([weight if times == 1 else _times(weight, times) for weight, times in weighed]),
        bytes([word in named for word in words]),
        pack_whole(f"<{len(days) + len(years)}H", *days, *years),
    )
    return Sketch(b"".join(columns))


def pack(sketch: Sketch) -> bytes:
    """The bytes of a sketch, for the store."""
    return sketch.data


def unpack(data: bytes) -> Sketch:
    """The sketch of these bytes; raises NotASketch where their form is another."""
    if len(data) < _HEADER or data[0] != _VERSION or len(data) != _size(data):
        raise NotASketch
    return Sketch(bytes(data))


def _size(data: bytes) -> int:
    head = _Header(*data[:_HEADER])
    if not head.title <= head.lead <= head.words or head.lead_numbers > head.numbers or head.rate >= len(RATES):
        return -1
    return _HEADER + 4 * (head.words + head.numbers + head.runs) + 2 * (head.words + head.dates + head.years)


def _length(weights: Iterable[int]) -> int:
    return isqrt(sum([weight * weight for weight in weights])) or 1


def _times(weight: int, times: int) -> int:
    """The weight of a word that stands so many times: one more in the same text says less and less."""
    return min(255, weight * _TIMES[min(times, len(_TIMES)) - 1] >> 4)
