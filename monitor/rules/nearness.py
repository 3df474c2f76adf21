"""Whether two parts of a query stand near each other, and how often a part occurs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from monitor.model.rules import Evidence
from monitor.rules.occurrences import MOST_PER_PART, Hit, Occurrences, occurrences
from monitor.rules.pairs import side
from monitor.rules.reading import Reading
from monitor.rules.sought import AtLeast, Nearby
from monitor.rules.tree import TEXT_FIELDS, Field


def near_evidence(near: Nearby, reading: Reading) -> list[Evidence]:
    """Return every leaf that takes part in a pair near enough; nothing where there is no such pair."""
    found: list[tuple[Field, Hit]] = []
    for field in reading.texts:
        left = occurrences(near.left, field, reading)
        right = occurrences(near.right, field, reading) if left else {}
        if right:
            found += ((field, hit) for hit in _taking_part(near, left, right))
    return _evidence(found)


def _taking_part(near: Nearby, left: Occurrences, right: Occurrences) -> Iterator[Hit]:
    """Yield the leaves of each side that have a partner on the other; no pair is listed, for there may be many."""
    lefts, rights = side(left), side(right)
    for one in lefts.by_first:
        after = rights.nearest_after(one)
        before = None if near.is_ordered else rights.nearest_before(one)
        if any(distance is not None and distance <= near.distance for distance in (after, before)):
            yield from left[one]
    for one in rights.by_first:
        before = lefts.nearest_before(one)
        after = None if near.is_ordered else lefts.nearest_after(one)
        if any(distance is not None and distance <= near.distance for distance in (after, before)):
            yield from right[one]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How often a part occurs, and where, if that is often enough."""

    number: int
    evidence: list[Evidence] | None


def count(sought: AtLeast, reading: Reading) -> Counted:
    """Count occurrences in all fields, from left to right: none within another, none overlapping one counted before."""
    number = 0
    hits: list[tuple[Field, Hit]] = []
    for field in reading.texts:
        found = occurrences(sought.part, field, reading)
        reached = taken = 0
        for one in sorted(found, key=lambda one: (one.start, -one.end)):
            is_outermost = one.end > reached
            reached = max(reached, one.end)
            if is_outermost and one.start >= taken:
                taken = one.end
                number += 1
                hits += ((field, hit) for hit in found[one])
    return Counted(number=number, evidence=_evidence(hits) if number >= sought.least else None)


def _evidence(found: Iterable[tuple[Field, Hit]]) -> list[Evidence]:
    """Return the first of each part in the order of reading."""
    by_part: dict[str, set[tuple[int, int, int]]] = {}
    for field, hit in found:
        by_part.setdefault(hit.part, set()).add((TEXT_FIELDS.index(field), hit.start, hit.end))
    return [
        Evidence(field=TEXT_FIELDS[field].value, start=start, end=end, part=part)
        for part, places in by_part.items()
        for field, start, end in islice(sorted(places), MOST_PER_PART)
    ]
