"""The shapes that words may have in a query, and where they stand in a text.

Places are ranges of words, end exclusive, in the order of the text. Within one shape none stands inside another.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from monitor.text.patterns import Pattern
from monitor.text.stems import Stems
from monitor.text.words import Phrase as Terms
from monitor.text.words import Words

Range = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """These terms, one after another."""

    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """These terms in any order, in a stretch that has at most `slop` other words and holds no shorter one."""

    terms: Terms
    slop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A word that begins with these folded letters."""

    start: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelt:
    """These words, one after another, as they are written; `terms` are the same folded."""

    terms: Terms
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyForm:
    """A word that has the same stem as this folded one in the language of the story."""

    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Characters that satisfy a regular expression."""

    pattern: Pattern


WordShape: TypeAlias = Together | Within | Beginning | Spelt | AnyForm
Shape: TypeAlias = WordShape | Matching


def places(shape: WordShape, words: Words, stems: Stems, language: str) -> list[Range]:
    """Return the word ranges where a shape stands."""
    match shape:
        case Together():
            return [(at, at + len(shape.terms)) for at in words.places(shape.terms)]
        case Within():
            return list(_within(shape, words))
        case Beginning():
            return [(at, at + 1) for at in words.beginning(shape.start)]
        case Spelt():
            return [(at, at + len(shape.words)) for at in words.places(shape.terms) if _is_spelt(shape, words, at)]
        case AnyForm():
            return _forms(shape, words, stems, language)


def spans(shape: Shape, words: Words, stems: Stems, language: str) -> Iterator[Range]:
    """Yield the code points where a shape stands, in order."""
    if isinstance(shape, Matching):
        return shape.pattern.places(words.text)
    return (words.span(first, end) for first, end in places(shape, words, stems, language))


def _is_spelt(shape: Spelt, words: Words, first: int) -> bool:
    for number, wanted in enumerate(shape.words):
        start, end = words.span(first + number, first + number + 1)
        if unicodedata.normalize("NFC", words.text[start:end]) != wanted:
            return False
    return True


def _forms(shape: AnyForm, words: Words, stems: Stems, language: str) -> list[Range]:
    return [(at, at + 1) for at in words.sharing(shape.term, stems, language)]


def _within(shape: Within, words: Words) -> Iterator[Range]:
    """Slide over the places of the terms: for each end the latest beginning that has all, unless one ended before."""
    needed = Counter(shape.terms)
    held: Counter[str] = Counter()
    missing = len(shape.terms)
    stops = sorted((at, term) for term in needed for at in words.places((term,)))
    left = 0
    last = -1
    for at, term in stops:
        held[term] += 1
        missing -= held[term] <= needed[term]
        if missing:
            continue
        while held[stops[left][1]] > needed[stops[left][1]]:
            held[stops[left][1]] -= 1
            left += 1
        first = stops[left][0]
        if first > last and at + 1 - first <= len(shape.terms) + shape.slop:
            yield first, at + 1
        last = first
