"""How far two stretches of a text are from each other, counted in words.

The distance is the difference of the word positions of their nearest ends: adjacent words are at distance 1. Stretches
that share a word have no distance: no word is near itself.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Occurrence(NamedTuple):
    """A stretch of text: its words, empty where it touches none, and its code points; ends exclusive."""

    first: int
    stop: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Everything that one side of NEAR may be, in one text."""

    by_first: tuple[Occurrence, ...]
    by_stop: tuple[Occurrence, ...]
    firsts: tuple[int, ...]
    stops: tuple[int, ...]

    def after(self, one: Occurrence, distance: int) -> Iterator[Occurrence]:
        """Yield what begins after `one`, at most so far from it."""
        begin = bisect_left(self.firsts, one.stop)
        end = bisect_right(self.firsts, one.stop - 1 + distance)
        return (self.by_first[at] for at in range(begin, end))

    def before(self, one: Occurrence, distance: int) -> Iterator[Occurrence]:
        """Yield what ends before `one`, at most so far from it."""
        begin = bisect_left(self.stops, one.first + 1 - distance)
        end = bisect_right(self.stops, one.first)
        return (self.by_stop[at] for at in range(begin, end))

    def nearest_after(self, one: Occurrence) -> int | None:
        """Return the distance to the next that begins after `one`; None where none does."""
        at = bisect_left(self.firsts, one.stop)
        return self.firsts[at] - one.stop + 1 if at < len(self.firsts) else None

    def nearest_before(self, one: Occurrence) -> int | None:
        """Return the distance to the last that ends before `one`; None where none does."""
        at = bisect_right(self.stops, one.first)
        return one.first - self.stops[at - 1] + 1 if at else None


def side(found: Iterable[Occurrence]) -> Side:
    """Return one side, made of what touches a word."""
    kept = [one for one in found if one.first < one.stop]
    by_first = tuple(sorted(kept))
    by_stop = tuple(sorted(kept, key=lambda one: one.stop))
    return Side(
        by_first=by_first,
        by_stop=by_stop,
        firsts=tuple(one.first for one in by_first),
        stops=tuple(one.stop for one in by_stop),
    )
