"""A query made ready to be looked for: fields settled, entities resolved to phrases, parts printed once.

The language grows by new leaves here (a prefix, words near each other, a count): each needs its `find` in
`matching` and its filing terms in `filing`; the parts that join them stay as they are.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

from monitor.entities.roster import Roster
from monitor.rules.printer import print_query
from monitor.rules.tree import (
    TEXT_FIELDS,
    And,
    EntityMention,
    Field,
    Fielded,
    Literal,
    Node,
    Not,
    Or,
    Phrase,
    Word,
)
from monitor.text.words import Phrase as Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class InText:
    """Any of these phrases, in any of these text fields."""

    phrases: tuple[Terms, ...]
    """longest first"""
    fields: tuple[Field, ...]
    part: str
    """the part of the query, printed with its field"""
    label: str
    """the same without its field"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InValues:
    """These terms, one after another, in a value that an outlet or entry states.

    `outlet:"moscow times"` finds *The Moscow Times*: outlets are named with and without articles and legal forms.
    A language is matched from its beginning: `lang:en` finds *en* and *en-GB*, `lang:gb` neither.
    """

    field: Field
    phrase: Terms
    is_anchored: bool
    part: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InLink:
    """These characters in the entry's link, whatever their case."""

    pattern: re.Pattern[str]
    """an escaped literal, so it takes linear time"""
    part: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every one of these."""

    parts: "tuple[Sought, ...]"
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """At least one of these."""

    parts: "tuple[Sought, ...]"
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """Not this."""

    unwanted: "Sought"
    label: str


Leaf: TypeAlias = InText | InValues | InLink
Sought: TypeAlias = Leaf | AllOf | AnyOf | Without


def resolve(tree: Node, roster: Roster) -> Sought:
    """Return what a tree, parsed with this same roster, looks for."""
    return _resolve(tree, roster, None)


def _resolve(node: Node, roster: Roster, scope: Field | None) -> Sought:
    match node:
        case And():
            return AllOf(parts=tuple(_resolve(part, roster, scope) for part in node.parts), label=print_query(node))
        case Or():
            return AnyOf(parts=tuple(_resolve(part, roster, scope) for part in node.parts), label=print_query(node))
        case Not():
            return Without(unwanted=_resolve(node.part, roster, scope), label=print_query(node))
        case Fielded():
            return _resolve(node.part, roster, node.field)
    return _leaf(node, roster, scope)


def _leaf(node: Word | Phrase | Literal | EntityMention, roster: Roster, scope: Field | None) -> Leaf:
    label = print_query(node)
    part = print_query(Fielded(field=scope, part=node)) if scope else label
    match node:
        case Literal():
            return InLink(pattern=re.compile(re.escape(node.text), re.IGNORECASE), part=part, label=label)
        case EntityMention():
            phrases = roster.phrases[node.id]
        case Word():
            phrases = ((node.term,),)
        case Phrase():
            phrases = (node.terms,)
    if scope is None or scope in TEXT_FIELDS:
        return InText(phrases=phrases, fields=(scope,) if scope else TEXT_FIELDS, part=part, label=label)
    return InValues(field=scope, phrase=phrases[0], is_anchored=scope is Field.LANG, part=part, label=label)
