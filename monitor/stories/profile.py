"""What the entries of a story have in common, as sums of whole numbers: the order of adding makes no difference.

Of a story with very many entries the first eight and the last twenty-four are looked at: what it began as, and what it
has become. So a comparison never costs more than one with thirty-two entries.
"""

from collections.abc import Iterable
from math import isqrt

from monitor.stories.outline import Sketch, View

FIRST = 8
LAST = 24
_UNIT = 1024
"""the length that an entry's weights are brought to before they are summed"""
_CORE = 0.5
"""share of the leads that have a name of the story's core"""
_STAPLE = 0.7
"""share of the whole texts that have a staple name"""


class Profile:
    """The entries of one story."""

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
        "core", "count", "dates", "full", "full_length", "is_bare", "lead", "lead_length", "lead_names", "lead_numbers",
        "name_length", "named", "names", "numbers", "phrases", "runs", "staple", "weekdays", "weights", "years",
    )  # fmt: skip

    def __init__(self, views: Iterable[View]) -> None:
        """Add all of them."""
        self.count = 0
        self.lead: dict[int, int] = {}
        self.full: dict[int, int] = {}
        self.names: dict[int, int] = {}
        self.named: dict[int, int] = {}
        self.lead_names: dict[int, int] = {}
        self.weights: dict[int, int] = {}
        self.lead_numbers: set[int] = set()
        self.numbers: dict[int, int] = {}
        self.dates: set[int] = set()
        self.years: dict[int, int] = {}
        self.weekdays = 0
        self.is_bare = True
        self.phrases: list[tuple[int, frozenset[int]]] = []
        self.runs: set[int] = set()
        for view in views:
            self._take(view)
        self._measure()

    def add(self, view: View) -> None:
        """Add one more."""
        self._take(view)
        self._measure()

    def _take(self, view: View) -> None:
        self.count += 1
        self.is_bare = self.is_bare and view.is_bare
        _sum(self.lead, view.lead, view.length)
        _sum(self.full, view.full, view.full_length)
        _sum(self.names, view.names, view.name_length)
        for word, weight in view.names.items():
            self.weights[word] = max(weight, self.weights.get(word, 0))
        _count(self.named, view.names)
        _count(self.lead_names, view.lead_names)
        _count(self.numbers, view.numbers)
        _count(self.years, view.years)
        self.lead_numbers |= view.lead_numbers
        self.dates |= view.dates
        self.weekdays |= view.weekdays
        self.phrases.append((view.rate, view.shingles))
        self.runs |= view.shingles

    def _measure(self) -> None:
        self.lead_length = _length(self.lead)
        self.full_length = _length(self.full)
        self.name_length = _length(self.names)
        self.core = [
            (word, self.weights[word] * times) for word, times in self.lead_names.items() if times >= _CORE * self.count
        ]
        self.staple = [
            (word, self.weights[word] * times) for word, times in self.named.items() if times >= _STAPLE * self.count
        ]


def _sum(sums: dict[int, int], weights: "dict[int, int]", length: int) -> None:
    for word, weight in weights.items():
        sums[word] = sums.get(word, 0) + weight * _UNIT // length


def _count(counts: dict[int, int], found: Iterable[int]) -> None:
    for one in found:
        counts[one] = counts.get(one, 0) + 1


def _length(sums: dict[int, int]) -> int:
    return isqrt(sum([number * number for number in sums.values()])) or 1
