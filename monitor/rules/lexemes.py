"""What a query is cut into."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a lexeme is."""

    WORD = "word"
    PHRASE = "phrase"
    LOOSE = "loose"
    """a phrase with a distance, which is its `number`"""
    PREFIX = "prefix"
    EXACT = "exact"
    REGEX = "regex"
    RAW = "raw"
    """characters after `link:`, to be taken as they are"""
    ENTITY = "entity"
    """`number` 1: possible mentions too"""
    ENTITY_TYPE = "entity type"
    FIELD = "field"
    CALL = "call"
    """a function with its ("""
    COMPARED = "compared"
    """`number` is the least count"""
    NEAR = "near"
    """`number` is the distance"""
    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    REFUSED = "refused"
    """stands for an operand that has a mistake of its own"""
    END = "end"


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of a query: columns from 1, end exclusive. `text` is what it says, without its quotes or prefix."""

    kind: Kind
    text: str
    start: int
    end: int
    number: int = 0
