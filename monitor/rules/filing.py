"""Files every rule under words that a text must have before the rule is worth evaluating.

This is the presearcher's whole knowledge of queries: what each part contributes are keys, of which a text that
satisfies the part has one. A faster scan can take the place of the dictionaries without the rules noticing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from monitor.rules.reading import Reading
from monitor.rules.shapes import AnyForm, Beginning, Matching, Shape, Spelt, Together, Within
from monitor.rules.sought import AllOf, AnyOf, AtLeast, InText, InWords, Mentioned, Nearby, Sought
from monitor.text.stems import Stems

Rarity = Callable[[str], float]
"""Term → how often it is expected, relative to others: the rule is filed where it is looked at least."""


class KeyKind(IntEnum):
    """What a key is looked up among."""

    TERM = 0
    """the words of a text"""
    PREFIX = 1
    """their beginnings"""
    FORM = 2
    """their stems in the language of the story"""
    LITERAL = 3
    """its characters, casefolded: looked for one after another, so filed so only where nothing better is known"""


class Key(NamedTuple):
    """What a text must have."""

    kind: KeyKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Rules by number, under the keys of which a text must have one."""

    filed: Mapping[str, tuple[int, ...]]
    """by term"""
    always: tuple[int, ...]
    """rules that no word of the text can rule out"""
    prefixes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    forms: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """by the word as the query has it"""
    literals: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()
    """of the prefixes, each once"""
    stemmed: dict[str, dict[str, tuple[int, ...]]] = field(default_factory=dict, compare=False)
    """language → stem → rules: worked out from `forms` when a story of the language first comes"""

    def candidates(self, reading: Reading) -> list[int]:
        """Return the numbers of the rules worth evaluating, in order."""
        filed = self.filed
        numbers = set(self.always)
        for term in reading.vocabulary & filed.keys():
            numbers.update(filed[term])
        if self.prefixes:
            numbers.update(self._by_prefix(reading))
        if self.forms:
            numbers.update(self._by_form(reading))
        if self.literals:
            numbers.update(self._by_literal(reading))
        return sorted(numbers)

    def _by_prefix(self, reading: Reading) -> Iterator[int]:
        for term in reading.vocabulary:
            for length in self.lengths:
                yield from self.prefixes.get(term[:length], ())

    def _by_form(self, reading: Reading) -> Iterator[int]:
        by_stem = self._by_stem(reading.language, reading.stems)
        for term in reading.vocabulary:
            yield from by_stem.get(reading.stems.stem(term, reading.language), ())

    def _by_literal(self, reading: Reading) -> Iterator[int]:
        for literal, those in self.literals.items():
            if literal in reading.plain:
                yield from those

    def _by_stem(self, language: str, stems: Stems) -> dict[str, tuple[int, ...]]:
        known = self.stemmed.get(language)
        if known is None:
            known = {}
            for word, numbers in self.forms.items():
                stem = stems.stem(word, language)
                known[stem] = (*known.get(stem, ()), *numbers)
            if len(self.stemmed) >= _MOST_LANGUAGES:
                self.stemmed.clear()
            self.stemmed[language] = known
        return known


_MOST_LANGUAGES = 50
"""that a table of stems is kept for: feeds may state any nonsense as their language"""


def file_rules(rules: Iterable[Sought], rarity: Rarity) -> Filing:
    """Return the filing of `rules`, numbered as they come: each under all keys of its cheapest set."""
    filed: dict[KeyKind, dict[str, list[int]]] = {kind: {} for kind in KeyKind}
    always: list[int] = []
    for number, sought in enumerate(rules):
        chosen = filing_keys(sought, rarity)
        if chosen is None:
            always.append(number)
            continue
        for key in chosen:
            filed[key.kind].setdefault(key.text, []).append(number)
    by_kind = {kind: {text: tuple(numbers) for text, numbers in those.items()} for kind, those in filed.items()}
    return Filing(
        filed=by_kind[KeyKind.TERM],
        always=tuple(always),
        prefixes=by_kind[KeyKind.PREFIX],
        forms=by_kind[KeyKind.FORM],
        literals=by_kind[KeyKind.LITERAL],
        lengths=tuple(sorted({len(prefix) for prefix in by_kind[KeyKind.PREFIX]})),
    )


def filing_keys(sought: Sought, rarity: Rarity) -> frozenset[Key] | None:  # noqa: PLR0911 - one for each kind of part
    """Return the least common set of keys of which a matching text has at least one; None where there is none."""
    match sought:
        case InText():
            return _rarest(sought.phrase, rarity)
        case InWords():
            return _of_shape(sought.shape, rarity)
        case Mentioned():
            rarest = (_rarest(phrase, rarity) for phrases in sought.phrases for phrase in phrases)
            return frozenset().union(*rarest)
        case AllOf():
            return _cheapest([filing_keys(part, rarity) for part in sought.parts], rarity)
        case Nearby():
            return _cheapest([filing_keys(part, rarity) for part in (sought.left, sought.right)], rarity)
        case AtLeast():
            return filing_keys(sought.part, rarity)
        case AnyOf():
            found = [filing_keys(part, rarity) for part in sought.parts]
            whole = [keys for keys in found if keys is not None]
            return frozenset().union(*whole) if len(whole) == len(found) else None
    return None


def cost(keys: Iterable[Key], rarity: Rarity) -> float:
    """Return how often a text is expected to have one of these keys, relative to others."""
    return sum(_FACTORS[key.kind] * rarity(key.text) for key in keys)


_FACTORS = {KeyKind.TERM: 1.0, KeyKind.PREFIX: 4.0, KeyKind.FORM: 4.0, KeyKind.LITERAL: 1000.0}
"""Several words begin alike or have one stem; a literal costs a search through the text of every story."""


def _cheapest(sets: list[frozenset[Key] | None], rarity: Rarity) -> frozenset[Key] | None:
    known = [keys for keys in sets if keys is not None]
    return min(known, key=lambda keys: cost(keys, rarity)) if known else None


def _of_shape(shape: Shape, rarity: Rarity) -> frozenset[Key] | None:
    match shape:
        case Together() | Within() | Spelt():
            return _rarest(shape.terms, rarity)
        case Beginning():
            return frozenset({Key(KeyKind.PREFIX, shape.start)})
        case AnyForm():
            return frozenset({Key(KeyKind.FORM, shape.term)})
        case Matching():
            required = shape.pattern.required
            return frozenset({Key(KeyKind.LITERAL, required)}) if required else None


def _rarest(terms: tuple[str, ...], rarity: Rarity) -> frozenset[Key]:
    return frozenset({Key(KeyKind.TERM, min(terms, key=rarity))})


def required_terms(sought: Sought) -> frozenset[str]:  # noqa: PLR0911 - one for each kind of part
    """Return terms that a matching text has, every one of them."""
    match sought:
        case InText():
            return frozenset(sought.phrase)
        case InWords() if isinstance(sought.shape, Together | Within | Spelt):
            return frozenset(sought.shape.terms)
        case Mentioned() if len(sought.phrases) == 1 and len(sought.phrases[0]) == 1:
            return frozenset(sought.phrases[0][0])
        case AllOf():
            return frozenset().union(*(required_terms(part) for part in sought.parts))
        case Nearby():
            return required_terms(sought.left) | required_terms(sought.right)
        case AtLeast():
            return required_terms(sought.part)
    return frozenset()


def rarity_by(frequencies: Mapping[str, float]) -> Rarity:
    """Return a rarity by counted stories, and by length where a term was never counted: long words are rare."""
    return lambda term: frequencies.get(term, 0.0) + 2.0 ** -len(term)
