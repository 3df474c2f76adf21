"""What the entries of a story have in common, as sums of whole numbers: the order of adding makes no difference.

Of a story with very many entries the first eight and the last twenty-four are looked at: what it began as, and what it
has become. So a comparison never costs more than one with thirty-two entries.
"""

from collections.abc import Iterable, Mapping
from math import isqrt

from monitor.stories.outline import Sketch, View
from monitor.stories.places import places_in

FIRST = 8
LAST = 24
UNIT = 1024
"""the length that an entry's weights are brought to before they are summed"""
_CORE = 0.5
"""share of the leads that have a name or a place which is the story's"""


class Profile:
    """The entries of one story: bytes, some 300 for a headline and 500 with a summary, and sums while it is awake.

    Sums take 6 to 17 kB for one entry. Whoever holds very many stories lets those rest that nothing is compared with.
    """

    __slots__ = ("_members", "_sums")

    def __init__(self, sketches: Iterable[Sketch] = ()) -> None:
        """Hold these entries."""
        self._members = [sketch.data for sketch in sketches]
        self._sums: Sums | None = None

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._members)

    @property
    def members(self) -> tuple[Sketch, ...]:
        """The sketches of its entries, in the order in which they came."""
        return tuple(map(Sketch, self._members))

    @property
    def sums(self) -> "Sums":
        """What comparisons look at; worked out when first asked for, and kept until `rest`."""
        if self._sums is None:
            self._sums = Sums(map(View, self._looked_at()))
        return self._sums

    def add(self, sketch: Sketch) -> None:
        """Take one more entry in."""
        self._members.append(sketch.data)
        if self._sums is not None and len(self._members) <= FIRST + LAST:
            self._sums.add(sketch.view)
        else:
            self._sums = None

    def remove(self, sketch: Sketch) -> None:
        """Undo one `add` of an equal sketch; raises ValueError where there was none."""
        self._members.remove(sketch.data)
        self._sums = None

    def rest(self) -> None:
        """Forget what can be worked out again: for a story that nothing was compared with for a while."""
        self._sums = None

    def _looked_at(self) -> list[bytes]:
        if len(self._members) <= FIRST + LAST:
            return self._members
        return self._members[:FIRST] + self._members[-LAST:]


class Sums:
    """How often, and with what weight, the entries looked at have each word, name, number and day."""

    __slots__ = (
        "_lead_names", "_places", "_weights", "core", "count", "dates", "is_bare", "lead", "lead_length",
        "lead_numbers", "lead_size", "name_length", "names", "numbers", "phrases", "runs", "settings", "title",
        "title_length", "title_size", "weekdays", "words", "years",
    )  # fmt: skip

    def __init__(self, views: Iterable[View]) -> None:
        """Add all of them; one at least."""
        first, *others = views
        self._begin(first)
        for view in others:
            self._take(view)
        self._measure()

    def add(self, view: View) -> None:
        """Add one more."""
        self._take(view)
        self._measure()

    def _begin(self, view: View) -> None:
        """Say of one entry what `_take` adds up of several: most stories have no more."""
        self.count = 1
        self.is_bare = view.is_bare
        self.lead = _scaled(view.lead, view.length)
        self.title = _scaled(view.title, view.title_length)
        self.title_size = view.title_length
        self.lead_size = len(view.lead)
        self.names = _scaled(view.names, view.name_length)
        self.numbers = dict.fromkeys(view.numbers, 1)
        self.years = dict.fromkeys(view.years, 1)
        self._lead_names = dict.fromkeys(view.lead_names, 1)
        self._places = dict.fromkeys(places_in(view.lead), 1)
        self._weights = dict(view.names)
        self.words = view.words
        self.lead_numbers = view.lead_numbers
        self.dates = view.dates
        self.weekdays = view.weekdays
        self.phrases = [(view.rate, view.runs)]
        self.runs = view.runs

    def _take(self, view: View) -> None:
        self.count += 1
        self.is_bare = self.is_bare and view.is_bare
        _sum(self.lead, view.lead, view.length)
        _sum(self.title, view.title, view.title_length)
        self.title_size += view.title_length
        self.lead_size += len(view.lead)
        _sum(self.names, view.names, view.name_length)
        _count(self.numbers, view.numbers)
        _count(self.years, view.years)
        _count(self._lead_names, view.lead_names)
        _count(self._places, places_in(view.lead))
        for word, weight in view.names.items():
            self._weights[word] = max(weight, self._weights.get(word, 0))
        self.words |= view.words
        self.lead_numbers |= view.lead_numbers
        self.dates |= view.dates
        self.weekdays |= view.weekdays
        self.phrases.append((view.rate, view.runs))
        self.runs |= view.runs

    def _measure(self) -> None:
        self.lead_length = _length(self.lead)
        self.title_length = _length(self.title)
        self.name_length = _length(self.names)
        most = _CORE * self.count
        self.core = [(word, self._weights[word] * times) for word, times in self._lead_names.items() if times >= most]
        self.settings = places_in([word for word, times in self._places.items() if times >= most])


def _scaled(weights: Mapping[int, int], length: int) -> dict[int, int]:
    return {word: weight * UNIT // length for word, weight in weights.items()}


def _sum(sums: dict[int, int], weights: "dict[int, int]", length: int) -> None:
    for word, weight in weights.items():
        sums[word] = sums.get(word, 0) + weight * UNIT // length


def _count(counts: dict[int, int], found: Iterable[int]) -> None:
    for one in found:
        counts[one] = counts.get(one, 0) + 1


def _length(sums: dict[int, int]) -> int:
    return isqrt(sum([number * number for number in sums.values()])) or 1
