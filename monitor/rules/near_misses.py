"""What of a query that does not hold is there all the same, or almost: for whoever writes the rule."""

from collections.abc import Iterator
from dataclasses import replace

from monitor.rules.explain import blame
from monitor.rules.matching import find
from monitor.rules.reading import Reading
from monitor.rules.shapes import AnyForm, Beginning, Matching, Spelt, Together, Within
from monitor.rules.sought import (
    AllOf,
    AnyOf,
    AtLeast,
    InText,
    InWords,
    Mentioned,
    Nearby,
    Sought,
    Without,
)
from monitor.rules.tree import Field
from monitor.text.words import Words

MOST = 8
"""near misses that are told of one query"""
_LEAST_START = 4  # letters that two words must begin with to be taken for kin
_LONGEST_END = 3  # letters by which they may differ then


def near_misses(sought: Sought, reading: Reading) -> tuple[str, ...]:
    """Say of the parts of a query which of them a view has, and what comes near to one that it has not.

    Such as `has truce in the title`, `has "talks" and "peace", not as "peace talks"`, `has 'apple' for =Apple`; in the
    order of the query, eight at most.
    """
    return tuple(dict.fromkeys(_told(sought, reading)))[:MOST]


def _told(sought: Sought, reading: Reading) -> Iterator[str]:
    match sought:
        case AllOf() | AnyOf():
            for part in sought.parts:
                yield from _told(part, reading)
        case Without():
            return
        case _ if found := find(sought, reading):
            yield f"has {sought.label} in the {found[0].field}"
        case Nearby():
            yield from _of_whole(sought, (sought.left, sought.right), reading)
        case AtLeast():
            yield from _of_whole(sought, (sought.part,), reading)
        case InText() | InWords() | Mentioned():
            yield from _of_leaf(sought, reading)


def _of_whole(sought: Nearby | AtLeast, parts: tuple[Sought, ...], reading: Reading) -> Iterator[str]:
    """How far it is from what it needs, where all its parts are there; else what is nearly there of these."""
    if all(find(part, reading) is not None for part in parts):
        yield blame(sought, reading)
        return
    for part in parts:
        yield from _told(part, reading)


def _of_leaf(sought: InText | InWords | Mentioned, reading: Reading) -> Iterator[str]:
    if isinstance(sought, Mentioned):
        if " is possible: " in (why := blame(sought, reading)) or " is rejected: " in why:
            yield why.removeprefix("needs ")
        return
    for field, words in reading.texts.items():
        if almost := _almost(sought, words, field, reading):
            yield almost
            return


def _almost(  # noqa: PLR0911 - one for each shape
    sought: InText | InWords, words: Words, field: Field, reading: Reading
) -> str:
    """What one field has instead; empty where it has nothing of the kind."""
    shape = Together(terms=sought.phrase) if isinstance(sought, InText) else sought.shape
    if field not in sought.fields:
        is_elsewhere = find(replace(sought, fields=(field,)), reading) is not None
        return f"has {sought.label} in the {field}, not in the {sought.fields[0]}" if is_elsewhere else ""
    match shape:
        case Together() | Within() if len(shape.terms) > 1:
            there = [term for term in dict.fromkeys(shape.terms) if term in words.vocabulary]
            if len(there) < len(set(shape.terms)):
                missing = [term for term in dict.fromkeys(shape.terms) if term not in words.vocabulary]
                return f"has {_quoted(there)} of {sought.label}, not {_quoted(missing)}" if there else ""
            how = "one after another" if isinstance(shape, Together) else f"with at most {shape.slop} words between"
            return f"has the words of {sought.label} in the {field}, but not {how}"
        case Spelt():
            places = words.places(shape.terms)
            return f"has {_written(words, places[0], len(shape.terms))} for {sought.label}" if places else ""
        case Together():
            return _kin(shape.terms[0], sought.label, words)
        case AnyForm():
            return _kin(shape.term, sought.label, words)
        case Beginning():
            return _kin(shape.start, sought.label, words)
        case Matching() | Within():
            return ""


def _kin(term: str, label: str, words: Words) -> str:
    """A word that begins the same and differs by a few letters at its end."""
    for at, other in enumerate(words.terms):
        common = _common(term, other)
        if common >= _LEAST_START and max(len(term), len(other)) - common <= _LONGEST_END:
            return f"has {_written(words, at, 1)} for {label}"
    return ""


def _common(one: str, other: str) -> int:
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return at
    return min(len(one), len(other))


def _written(words: Words, first: int, length: int) -> str:
    start, end = words.span(first, first + length)
    return repr(words.text[start:end])


def _quoted(terms: list[str]) -> str:
    return ", ".join(map(repr, terms))
