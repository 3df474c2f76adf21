"""What a query says: its syntax tree. Each node knows its columns, which do not count when trees are compared."""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, TypeVar


class Field(StrEnum):
    """What a part of a query may be restricted to."""

    TITLE = "title"
    SUMMARY = "summary"
    BODY = "body"
    OUTLET = "outlet"
    TAG = "tag"
    LANG = "lang"
    LINK = "link"
    AUTHOR = "author"
    CATEGORY = "category"


TEXT_FIELDS = (Field.TITLE, Field.SUMMARY, Field.BODY)
"""The fields that an unrestricted word is looked for in, in the order of reading."""

FIELD_NAMES = {each.value: each for each in Field} | {
    "headline": Field.TITLE,
    "intitle": Field.TITLE,
    "lead": Field.SUMMARY,
    "source": Field.OUTLET,
}
"""Every name that a field may be called by."""

ENTITY_TYPES = ("person", "organisation", "place", "product", "event", "other")
"""Every type that an entity may be declared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where a node stands in its query: columns from 1, end exclusive."""

    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One term. `text` is how it was written."""

    term: str
    text: str = dataclasses.field(default="", compare=False)
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Two or more terms, one after another. `text` is how it was written."""

    terms: tuple[str, ...]
    text: str = dataclasses.field(default="", compare=False)
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """Characters looked for as they are but for case: what `link:` takes."""

    text: str
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityMention:
    """A declared entity, under any of its aliases; `is_possible`: also where only its name may be meant."""

    id: str
    is_possible: bool = False
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityType:
    """Any declared entity of a type."""

    type: str
    is_possible: bool = False
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """Two or more terms in any order, with at most `slop` other words among them. `text` is how they were written."""

    terms: tuple[str, ...]
    slop: int
    text: str = dataclasses.field(default="", compare=False)
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """A word that begins with these folded letters. `text` is how they were written, without the star."""

    start: str
    text: str = dataclasses.field(default="", compare=False)
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """One or more words, one after another, in this very spelling and case, in Unicode's NFC."""

    words: tuple[str, ...]
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """A word in any of its forms. `text` is how it was written."""

    term: str
    text: str = dataclasses.field(default="", compare=False)
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regex:
    """A regular expression of RE2, as it stands between the two slashes."""

    pattern: str
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Both sides in one field, their nearest ends at most `distance` words apart; adjacent words are 1 apart."""

    left: "Node"
    right: "Node"
    distance: int
    is_ordered: bool = False
    """the left side stands before the right one"""
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The part occurs at least so often."""

    part: "Node"
    least: int
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The part must not be found."""

    part: "Node"
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """All of two or more parts, none of which is an `And`."""

    parts: "tuple[Node, ...]"
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """Any of two or more parts, none of which is an `Or`."""

    parts: "tuple[Node, ...]"
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fielded:
    """The part, looked for in one field. No `Fielded` stands inside another."""

    field: Field
    part: "Node"
    columns: Columns = dataclasses.field(default=Columns(), compare=False)


Leaf: TypeAlias = Word | Phrase | Loose | Prefix | Exact | Forms | Regex | Literal | EntityMention | EntityType
Joint: TypeAlias = Not | And | Or | Fielded | Near | Count
Node: TypeAlias = Leaf | Joint
LEAVES = (Word, Phrase, Loose, Prefix, Exact, Forms, Regex, Literal, EntityMention, EntityType)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class QueryNote:
    """Something in a query that is allowed and may not be meant. `column` counts code points from 1."""

    column: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query that was understood."""

    text: str
    tree: Node
    notes: tuple[QueryNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class QueryMistake:
    """One thing wrong in a query. `column` counts code points from 1."""

    column: int
    what: str


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts that a node is made of."""
    match node:
        case And() | Or():
            return node.parts
        case Near():
            return (node.left, node.right)
        case Not() | Fielded() | Count():
            return (node.part,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, in the order of the query."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


Result = TypeVar("Result")


def ascend(node: Node, combine: "Callable[[Node, tuple[Result, ...], Field | None], Result]") -> Result:
    """Return what `combine` makes of a node, of the results for its parts, and of the field it stands in.

    The parts come first. Without recursion: a query is as deep as its writer likes, and Python's stack is not.
    """
    done: list[Result] = []
    waiting: list[tuple[Node, Field | None, bool]] = [(node, None, False)]
    while waiting:
        here, scope, is_ready = waiting.pop()
        if isinstance(here, LEAVES):  # most nodes are, and nothing stands below them
            done.append(combine(here, (), scope))
            continue
        parts = children(here)
        if is_ready:
            first = len(done) - len(parts)
            results = tuple(done[first:])
            del done[first:]
            done.append(combine(here, results, scope))
        else:
            waiting.append((here, scope, True))
            inner = here.field if isinstance(here, Fielded) else scope
            waiting += [(part, inner, False) for part in reversed(parts)]
    return done[0]
