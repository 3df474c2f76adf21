"""Where the parts of a query occur in one text: what NEAR measures and count(…) counts."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from monitor.rules.pairs import Occurrence, side
from monitor.rules.reading import Reading
from monitor.rules.shapes import Matching, Range, places
from monitor.rules.sought import AnyOf, InText, InWords, Mentioned, Nearby, Sought, TextLeaf
from monitor.rules.tree import Field
from monitor.text.words import Words

MOST_PER_PART = 20
"""Occurrences kept for one part of a query, the first in the order of reading."""
MOST_PAIRS = 100_000
"""Pairs tried of a NEAR inside another part, in one text: only two words by turns, for pages, have more"""


class Hit(NamedTuple):
    """Code points at which one leaf of a query was found."""

    start: int
    end: int
    part: str


Occurrences: TypeAlias = Mapping[Occurrence, tuple[Hit, ...]]
"""Each with the leaves that are found in it."""


def ranges(sought: InText | Mentioned, words: Words, reading: Reading) -> list[Range]:
    """Return the word ranges of a leaf in one text, in order, none within another."""
    match sought:
        case InText():
            return [(at, at + len(sought.phrase)) for at in words.places(sought.phrase)]
        case Mentioned():
            return _mentions(sought, words, reading)


def occurrences(sought: Sought, field: Field, reading: Reading) -> Occurrences:
    """Return where a part occurs in a field. Alternatives occur wherever one of them does, NEAR in every pair."""
    words = reading.texts.get(field)
    if words is None:
        return {}
    match sought:
        case AnyOf():
            found: dict[Occurrence, tuple[Hit, ...]] = {}
            for part in sought.parts:
                for one, hits in occurrences(part, field, reading).items():
                    found[one] = found[one] + hits if one in found else hits
            return found
        case Nearby():
            return _pairs(sought, field, reading)
        case InText() | InWords() | Mentioned() if field in sought.fields:
            return {one: (Hit(one.start, one.end, sought.part),) for one in _of_leaf(sought, words, reading)}
    return {}


def _of_leaf(sought: TextLeaf, words: Words, reading: Reading) -> list[Occurrence]:
    if not isinstance(sought, InWords):
        found = ranges(sought, words, reading)
    elif isinstance(sought.shape, Matching):
        hits = sought.shape.pattern.places(words.text)
        return [Occurrence(*words.touched(start, end), start, end) for start, end in hits]
    else:
        found = places(sought.shape, words, reading.stems, reading.language)
    return [Occurrence(first, stop, *words.span(first, stop)) for first, stop in found]


def _mentions(sought: Mentioned, words: Words, reading: Reading) -> list[Range]:
    """Return the word ranges in which the entities are mentioned, in order, none within another."""
    mentions = reading.mentions(sought.roster)
    here = {
        (each.first, each.end)
        for entity in sought.entities
        for each in mentions.of(entity, is_possible=sought.is_possible)
        if reading.texts[Field(each.field)] is words
    }
    found: list[Range] = []
    for first, end in sorted(here, key=lambda one: (one[0], -one[1])):
        if not found or end > found[-1][1]:
            found.append((first, end))
    return found


def _pairs(near: Nearby, field: Field, reading: Reading) -> Occurrences:
    """Return the stretch of every pair, with the leaves of all pairs that make the same stretch."""
    found: dict[Occurrence, set[Hit]] = {}
    left = occurrences(near.left, field, reading)
    right = occurrences(near.right, field, reading) if left else {}
    others = side(right)
    tried = 0
    for one in side(left).by_first:
        after = others.after(one, near.distance)
        before = () if near.is_ordered else others.before(one, near.distance)
        for other in (*before, *after):
            tried += 1
            if tried > MOST_PAIRS:
                return {each: tuple(hits) for each, hits in found.items()}
            whole = Occurrence(
                min(one.first, other.first),
                max(one.stop, other.stop),
                min(one.start, other.start),
                max(one.end, other.end),
            )
            found.setdefault(whole, set()).update(left[one], right[other])
    return {each: tuple(hits) for each, hits in found.items()}
