"""Finds which rules a reading may concern: one look at its words, whatever the number of rules.

Everything that is known of how rules are looked up stands here: another scan needs `numbers` alone. Dictionaries were
measured beside an Aho-Corasick automaton over the whole text, and beside dictionaries for words with automata for the
rest (tests/benchmarks/scans.py). For words they win, most at a hundred thousand. For beginnings and for characters an
automaton is quicker, but looking up is a small part of matching: too little for one more compiled dependency.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntEnum
from typing import NamedTuple

from monitor.entities.roster import Roster
from monitor.rules.memory import Memory
from monitor.rules.reading import Reading

Numbers = tuple[int, ...]
"""Rules, by their places in the ruleset."""


class KeyKind(IntEnum):
    """What a key is looked up among."""

    TERM = 0
    """the words of a text"""
    PREFIX = 1
    """their beginnings"""
    FORM = 2
    """their stems in the language of the story"""
    LITERAL = 3
    """its characters, casefolded"""
    ENTITY = 4
    """the entities that it mentions, surely or possibly"""


class Key(NamedTuple):
    """What a text must have."""

    kind: KeyKind
    text: str


class Scan:
    """Rules filed under keys, and the rules whose keys a reading has."""

    __slots__ = (
        "_entities",
        "_forms",
        "_literals",
        "_lone",
        "_names",
        "_pieces",
        "_prefixes",
        "_roster",
        "_stemmed",
        "terms",
    )

    def __init__(self, filed: Mapping[KeyKind, Mapping[str, Numbers]], roster: Roster | None = None) -> None:
        """Take the rules under each key; `roster` is where the entities come from, if any rule is filed under one."""
        self.terms = filed.get(KeyKind.TERM, {})
        self._forms = filed.get(KeyKind.FORM, {})
        self._stemmed: dict[str, Memory[int]] = {}
        prefixes = filed.get(KeyKind.PREFIX, {})
        self._prefixes = Memory(_beginning(prefixes)) if prefixes else None
        self._roster = roster or Roster()
        self._entities = filed.get(KeyKind.ENTITY, {})
        self._names = frozenset[str]().union(*(self._roster.filing_terms(entity) for entity in self._entities))
        self._literals = filed.get(KeyKind.LITERAL, {})
        grams, self._lone = _by_gram(self._literals)
        self._pieces = Memory(_holding(grams)) if grams else None

    def numbers(self, reading: Reading) -> set[int]:
        """Return the rules of which a reading has a key."""
        vocabulary = reading.vocabulary
        terms = self.terms
        found = set[int]().union(*[terms[term] for term in vocabulary & terms.keys()])
        if self._prefixes:
            found.update(*self._prefixes.under(vocabulary))
        if self._forms:
            found.update(*self._by_form(reading))
        if self._entities and not self._names.isdisjoint(vocabulary):
            mentioned = reading.mentions(self._roster).found
            for entity in mentioned.keys() & self._entities.keys():
                found.update(self._entities[entity])
        if self._literals:
            found.update(self._by_literal(reading.plain))
        return found

    def _by_form(self, reading: Reading) -> list[Numbers]:
        by_stem = self._stemmed.get(reading.language)
        if by_stem is None:
            if len(self._stemmed) >= _MOST_LANGUAGES:
                self._stemmed.clear()
            by_stem = self._stemmed[reading.language] = Memory(_sharing(self._forms, reading))
        return by_stem.under(reading.vocabulary)

    def _by_literal(self, plain: str) -> Iterator[int]:
        maybe = set(self._lone)
        if self._pieces:
            maybe.update(*self._pieces.under(frozenset(plain.split())))
        for literal in maybe:
            if literal in plain:
                yield from self._literals[literal]


_MOST_LANGUAGES = 50
"""that stems are kept for: feeds may state any nonsense as their language"""
_GRAM = 3
"""characters in a row by which literals are looked up; no literal is shorter"""


def _beginning(prefixes: Mapping[str, Numbers]) -> Callable[[str], Iterable[int]]:
    """Return what gives the rules that are filed under a beginning of a word."""
    lengths = sorted({len(prefix) for prefix in prefixes})
    return lambda term: (number for length in lengths for number in prefixes.get(term[:length], ()))


def _sharing(forms: Mapping[str, Numbers], reading: Reading) -> Callable[[str], Iterable[int]]:
    """Return what gives the rules that are filed under a word of the same stem in the language of the reading."""
    stems, language = reading.stems, reading.language
    by_stem: dict[str, Numbers] = {}
    for word, numbers in forms.items():
        stem = stems.stem(word, language)
        by_stem[stem] = (*by_stem.get(stem, ()), *numbers)
    return lambda term: by_stem.get(stems.stem(term, language), ())


def _by_gram(literals: Iterable[str]) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """Return the literals under one each of their grams without a space, and those that have none.

    A gram without a space lies within one piece of the text between spaces, and pieces come again from story to story.
    """
    filed: dict[str, list[str]] = {}
    lone: list[str] = []
    for literal in literals:
        grams = {piece[at : at + _GRAM] for piece in literal.split() for at in range(len(piece) - _GRAM + 1)}
        if not grams:
            lone.append(literal)
            continue
        # The least used one yet: no gram shall lead to many literals.
        filed.setdefault(min(grams, key=lambda gram: (len(filed.get(gram, ())), gram)), []).append(literal)
    return filed, tuple(lone)


def _holding(grams: Mapping[str, list[str]]) -> Callable[[str], Iterable[str]]:
    """Return what gives the literals of whose grams a piece of text has one."""

    def literals(piece: str) -> Iterator[str]:
        for at in range(len(piece) - _GRAM + 1):
            yield from grams.get(piece[at : at + _GRAM], ())

    return literals
