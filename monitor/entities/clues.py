"""What in or around a story speaks for one meaning of a name: words, other entities, the outlet's tags, language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitor.entities.inflection import inflections
from monitor.text.tokens import terms
from monitor.text.words import Phrase, Words


class ClueKind(StrEnum):
    """What a clue is looked for in."""

    WORDS = "words"
    ENTITY = "entity"
    TAG = "tag"
    LANGUAGE = "lang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One thing that may stand in or around a story."""

    text: str
    """as declared"""
    kind: ClueKind
    phrases: tuple[Phrase, ...] = ()
    """of words: how they may stand in the text"""

    @property
    def value(self) -> str:
        """The entity's id, the tag or the language, without what says which."""
        return self.text.partition(":")[2].strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """A story as clues are looked for in it."""

    texts: Mapping[str, Words]
    vocabulary: frozenset[str]
    tags: frozenset[str]
    language: str
    entities: frozenset[str]
    """ids of the entities that are certainly mentioned"""

    def show(self, clue: Clue) -> bool:
        """Whether a clue is there."""
        match clue.kind:
            case ClueKind.ENTITY:
                return clue.value in self.entities
            case ClueKind.TAG:
                return clue.value.casefold() in self.tags
            case ClueKind.LANGUAGE:
                return clue.value.casefold() == self.language.partition("-")[0].casefold()
        return any(
            phrase[0] in self.vocabulary
            and (len(phrase) == 1 or any(words.places(phrase) for words in self.texts.values()))
            for phrase in clue.phrases
        )


def read_clue(text: str) -> Clue | None:
    """Return the clue that a configuration states; None where it has neither letters nor digits."""
    prefix = text.partition(":")[0].strip()
    for kind in (ClueKind.ENTITY, ClueKind.TAG, ClueKind.LANGUAGE):
        if prefix == kind and text.partition(":")[2].strip():
            return Clue(text=text, kind=kind)
    plain = tuple(terms(text))
    if not plain:
        return None
    shapes = dict.fromkeys((plain, *(one.phrase for one in inflections(text, "other"))))
    return Clue(text=text, kind=ClueKind.WORDS, phrases=tuple(shapes))


def vocabulary_of(texts: Iterable[Words]) -> frozenset[str]:
    """Return every term of the texts."""
    return frozenset(term for words in texts for term in words.terms)
