"""Looks for a query in a view, and says where it was found."""

from monitor.model.rules import Evidence
from monitor.rules.reading import Reading
from monitor.rules.sought import AllOf, AnyOf, InLink, InText, InValues, Sought, Without
from monitor.rules.tree import Field
from monitor.text.words import Words

MOST_PER_PART = 20
"""Occurrences kept for one part of a query, the first in the order of reading."""


def match(sought: Sought, reading: Reading) -> tuple[Evidence, ...] | None:
    """Return the evidence, sorted and without repetition, or None where the query does not hold."""
    found = find(sought, reading)
    return None if found is None else tuple(sorted(set(found)))


def find(sought: Sought, reading: Reading) -> list[Evidence] | None:
    """Return where every part that holds was found; None where `sought` does not hold.

    Of alternatives all that hold give evidence. What must not be there gives none.
    """
    match sought:
        case InText():
            return _in_text(sought, reading) or None
        case AllOf():
            return _all_of(sought, reading)
        case AnyOf():
            found = [each for part in sought.parts if (each := find(part, reading)) is not None]
            return [evidence for each in found for evidence in each] if found else None
        case Without():
            return [] if find(sought.unwanted, reading) is None else None
        case InValues():
            return _in_values(sought, reading) or None
        case InLink():
            return _in_link(sought, reading) or None


def _all_of(sought: AllOf, reading: Reading) -> list[Evidence] | None:
    found: list[Evidence] = []
    for part in sought.parts:
        here = find(part, reading)
        if here is None:
            return None
        found += here
    return found


def _in_text(sought: InText, reading: Reading) -> list[Evidence]:
    found: list[Evidence] = []
    for field in sought.fields:
        if words := reading.texts.get(field):
            for first, end in _outermost(sought, words)[: MOST_PER_PART - len(found)]:
                found.append(_evidence(field, words, (first, end), sought.part))
    return found


def _outermost(sought: InText, words: Words) -> list[tuple[int, int]]:
    """Return the word ranges found, in order, none within another: of *Jane Roe* and *Roe*, the full name."""
    if len(sought.phrases) == 1:
        length = len(sought.phrases[0])
        return [(at, at + length) for at in words.places(sought.phrases[0])]
    ranges: list[tuple[int, int]] = []
    covered: dict[int, int] = {}
    for phrase in sought.phrases:
        for first in words.places(phrase):
            end = first + len(phrase)
            if covered.get(first, 0) >= end:
                continue
            ranges.append((first, end))
            covered |= {at: max(end, covered.get(at, 0)) for at in range(first, end)}
    return sorted(ranges)


def _in_values(sought: InValues, reading: Reading) -> list[Evidence]:
    found = [
        _evidence(sought.field, words, (at, at + len(sought.phrase)), sought.part)
        for words in reading.values(sought.field)
        for at in words.places(sought.phrase)
        if not (sought.is_anchored and at)
    ]
    return found[:MOST_PER_PART]


def _in_link(sought: InLink, reading: Reading) -> list[Evidence]:
    found = sought.pattern.finditer(reading.view.link)
    places = (Evidence(field=Field.LINK.value, start=each.start(), end=each.end(), part=sought.part) for each in found)
    return [each for each, _ in zip(places, range(MOST_PER_PART), strict=False)]


def _evidence(field: Field, words: Words, within: tuple[int, int], part: str) -> Evidence:
    start, end = words.span(*within)
    return Evidence(field=field.value, start=start, end=end, part=part)
