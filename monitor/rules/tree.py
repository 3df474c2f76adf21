"""What a query says: its syntax tree. Each node knows its columns, which do not count when trees are compared."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


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
    """A declared entity, under any of its aliases."""

    id: str
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


Node: TypeAlias = Word | Phrase | Literal | EntityMention | Not | And | Or | Fielded


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query that was understood."""

    text: str
    tree: Node


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class QueryMistake:
    """One thing wrong in a query. `column` counts code points from 1."""

    column: int
    what: str


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts that a node is made of."""
    if isinstance(node, And | Or):
        return node.parts
    return (node.part,) if isinstance(node, Not | Fielded) else ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, in the order of the query."""
    yield node
    for child in children(node):
        yield from walk(child)
