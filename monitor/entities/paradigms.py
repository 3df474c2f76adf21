"""How words of a language change: tables of endings, and the one way to read them.

A language is a module with two tables, nouns and adjectives. A row says which words it is for (a pattern of their
nominative, what they name, of which gender), what remains of the word, and its endings.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Case(StrEnum):
    """A grammatical case; nominative is the name as declared."""

    NOMINATIVE = "nominative"
    GENITIVE = "genitive"
    DATIVE = "dative"
    ACCUSATIVE = "accusative"
    INSTRUMENTAL = "instrumental"
    LOCATIVE = "locative"


class Kind(StrEnum):
    """What a word is within a name, as far as its endings depend on it."""

    GIVEN = "given"
    SURNAME = "surname"
    PLACE = "place"
    NOUN = "noun"
    """the head of an organisation, a product, an event …"""


OBLIQUE = (Case.GENITIVE, Case.DATIVE, Case.ACCUSATIVE, Case.INSTRUMENTAL, Case.LOCATIVE)

PEOPLE = frozenset({Kind.GIVEN, Kind.SURNAME})
THINGS = frozenset({Kind.PLACE, Kind.NOUN})
ALL = PEOPLE | THINGS

Shapes = Mapping[Case, tuple[str, ...]]
"""the shapes of one word, case by case; more than one where usage wavers"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paradigm:
    """A row: words like this have these endings."""

    name: str
    pattern: re.Pattern[str]
    """of the folded nominative"""
    stem: str
    """what the matched part is replaced by; empty: it is cut off"""
    soft: str
    """the same before endings that soften the stem, which are marked by `*`"""
    kinds: frozenset[Kind]
    gender: str
    """`m`, `f` or empty; only people have one that matters, since a thing's shows in its own ending"""
    endings: tuple[tuple[str, ...], ...]
    """for each oblique case"""
    is_last: bool
    """whether the search for further rows ends here"""

    def shapes(self, word: str) -> Shapes:
        """Return the shapes of a word that the pattern fits."""
        hard, soft = self.pattern.sub(self.stem, word), self.pattern.sub(self.soft, word)
        found = {
            case: tuple(soft + each[1:] if each.startswith("*") else hard + each for each in endings)
            for case, endings in zip(OBLIQUE, self.endings, strict=True)
        }
        return {Case.NOMINATIVE: (word,), **found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language that inflects names."""

    code: str
    nouns: tuple[Paradigm, ...]
    adjectives: tuple[Paradigm, ...]

    def inflected(self, word: str, kind: Kind, gender: str = "") -> tuple[tuple[str, Shapes], ...]:
        """Return (paradigm, shapes) for every reading of a noun or a name; none where it does not change."""
        return _applied(self.nouns, word, kind, gender)

    def agreeing(self, word: str, kind: Kind = Kind.NOUN, gender: str = "") -> tuple[tuple[str, Shapes], ...]:
        """Return the same for an adjective; none where the word is no adjective."""
        return _applied(self.adjectives, word, kind, gender)


def paradigm(
    name: str,
    pattern: str,
    endings: str,
    *,
    stem: str = "",
    soft: str = "",
    kinds: frozenset[Kind] = ALL,
    gender: str = "",
    more: bool = False,
) -> Paradigm:
    """Return a row. `endings`: five cases parted by blanks, alternatives by `/`, `-` for no ending, `*` for soft."""
    cases = tuple(tuple(each.replace("-", "") for each in case.split("/")) for case in endings.split())
    return Paradigm(
        name=name,
        pattern=re.compile(pattern),
        stem=stem,
        soft=soft or stem,
        kinds=kinds,
        gender=gender,
        endings=cases,
        is_last=not more,
    )


def _applied(rows: tuple[Paradigm, ...], word: str, kind: Kind, gender: str) -> tuple[tuple[str, Shapes], ...]:
    found: list[tuple[str, Shapes]] = []
    for row in rows:
        fits = kind in row.kinds and (not gender or not row.gender or kind not in PEOPLE or row.gender == gender)
        if fits and row.pattern.search(word):
            found.append((row.name, row.shapes(word)))
            if row.is_last:
                break
    return tuple(found)
