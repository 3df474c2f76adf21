"""Looks for a query in a view, and says where it was found."""

from collections.abc import Iterable
from itertools import islice

from monitor.model.rules import Evidence
from monitor.rules.nearness import count, near_evidence
from monitor.rules.occurrences import MOST_PER_PART, ranges
from monitor.rules.reading import Reading
from monitor.rules.shapes import spans
from monitor.rules.sought import (
    AllOf,
    AnyOf,
    AtLeast,
    InLink,
    InText,
    InValues,
    InWords,
    Mentioned,
    Nearby,
    Sought,
    Without,
)
from monitor.rules.tree import Field
from monitor.text.words import Words

__all__ = ["MOST_PER_PART", "find", "match"]


def match(sought: Sought, reading: Reading) -> tuple[Evidence, ...] | None:
    """Return the evidence, sorted and without repetition, or None where the query does not hold."""
    found = find(sought, reading)
    if found is None or len(found) <= 1:
        return None if found is None else tuple(found)
    return tuple(sorted(set(found)))


def find(sought: Sought, reading: Reading) -> list[Evidence] | None:  # noqa: PLR0911 - one for each kind of part
    """Return where every part that holds was found; None where `sought` does not hold.

    Of alternatives all that hold give evidence. What must not be there gives none.
    """
    match sought:
        case InText():
            # Most words that are asked for are not there: a set says so, before any text is looked at.
            return (_in_text(sought, reading) or None) if reading.vocabulary.issuperset(sought.phrase) else None
        case InWords() | Mentioned():
            return _in_text(sought, reading) or None
        case AllOf():
            return _all_of(sought, reading)
        case AnyOf():
            found = [each for part in sought.parts if (each := find(part, reading)) is not None]
            return [evidence for each in found for evidence in each] if found else None
        case Without():
            return [] if find(sought.unwanted, reading) is None else None
        case Nearby():
            return near_evidence(sought, reading) or None
        case AtLeast():
            return count(sought, reading).evidence
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


def _phrase(sought: InText, reading: Reading) -> list[Evidence]:
    """What most queries are made of, by the shortest way."""
    found: list[Evidence] = []
    length = len(sought.phrase)
    for field in sought.fields:
        if words := reading.texts.get(field):
            for first in words.places(sought.phrase)[: MOST_PER_PART - len(found)]:
                start, end = words.span(first, first + length)
                found.append(Evidence(field=field.value, start=start, end=end, part=sought.part))
    return found


def _in_text(sought: InText | InWords | Mentioned, reading: Reading) -> list[Evidence]:
    """Rules share their leaves, so what one has found in a reading another need not look for."""
    known = reading.found.get(id(sought))
    if known is None:
        known = reading.found[id(sought)] = sought, _found(sought, reading)
    return known[1]


def _found(sought: InText | InWords | Mentioned, reading: Reading) -> list[Evidence]:
    if isinstance(sought, InText):
        return _phrase(sought, reading)
    found: list[Evidence] = []
    for field in sought.fields:
        if words := reading.texts.get(field):
            for start, end in islice(_spans(sought, words, reading), MOST_PER_PART - len(found)):
                found.append(Evidence(field=field.value, start=start, end=end, part=sought.part))
    return found


def _spans(sought: InWords | Mentioned, words: Words, reading: Reading) -> Iterable[tuple[int, int]]:
    if isinstance(sought, InWords):
        return spans(sought.shape, words, reading.stems, reading.language)
    return (words.span(first, end) for first, end in ranges(sought, words, reading))


def _in_values(sought: InValues, reading: Reading) -> list[Evidence]:
    found = (
        Evidence(field=sought.field.value, start=start, end=end, part=sought.part)
        for words in reading.values(sought.field)
        for start, end in spans(sought.shape, words, reading.stems, reading.language)
        if not (sought.is_anchored and words.touched(start, end)[0])
    )
    return list(islice(found, MOST_PER_PART))


def _in_link(sought: InLink, reading: Reading) -> list[Evidence]:
    found = sought.pattern.finditer(reading.view.link)
    places = (Evidence(field=Field.LINK.value, start=each.start(), end=each.end(), part=sought.part) for each in found)
    return list(islice(places, MOST_PER_PART))
