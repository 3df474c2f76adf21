"""A query made ready to be looked for: fields settled, entities resolved to phrases, parts printed once.

The language grows by new leaves and shapes here: each needs its `places` in `shapes` and its filing terms in
`filing`; the parts that join them stay as they are.
"""

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from monitor.entities.roster import Roster
from monitor.rules.printer import joined, print_query
from monitor.rules.shapes import AnyForm, Beginning, Matching, Shape, Spelt, Together, Within
from monitor.rules.tree import (
    LEAVES,
    TEXT_FIELDS,
    And,
    Count,
    EntityMention,
    EntityType,
    Exact,
    Field,
    Fielded,
    Forms,
    Joint,
    Leaf,
    Literal,
    Loose,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Regex,
    Word,
    ascend,
)
from monitor.text.folding import fold
from monitor.text.patterns import Pattern, compile_pattern
from monitor.text.words import Phrase as Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class InText:
    """A phrase, in any of these text fields: what most queries are made of."""

    phrase: Terms
    fields: tuple[Field, ...]
    part: str
    """the part of the query, printed with its field"""
    label: str
    """the same without its field"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InWords:
    """Words of this shape, in any of these text fields."""

    shape: Shape
    fields: tuple[Field, ...]
    part: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """One of these entities, in any of these text fields."""

    entities: tuple[str, ...]
    phrases: tuple[tuple[Terms, ...], ...]
    """what names each of them, longest first"""
    roster: Roster = field(repr=False, compare=False)
    """all entities: which of them a name means, they decide together"""
    is_possible: bool
    """also where only its name may be meant"""
    fields: tuple[Field, ...]
    part: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InValues:
    """Words of this shape, in a value that an outlet or entry states.

    `outlet:"moscow times"` finds *The Moscow Times*: outlets are named with and without articles and legal forms.
    A language is matched from its beginning: `lang:en` finds *en* and *en-GB*, `lang:gb` neither.
    """

    field: Field
    shape: Shape
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """Two things in one field whose nearest ends are at most `distance` words apart."""

    left: "Sought"
    right: "Sought"
    distance: int
    is_ordered: bool
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """Something that occurs so often."""

    part: "Sought"
    least: int
    label: str


TextLeaf: TypeAlias = InText | InWords | Mentioned
SoughtLeaf: TypeAlias = TextLeaf | InValues | InLink
Sought: TypeAlias = SoughtLeaf | AllOf | AnyOf | Without | Nearby | AtLeast


Leaves: TypeAlias = dict[tuple[str, Field | None], SoughtLeaf]
"""Leaves by how they are printed and the field they stand in: rules that ask for the same share them."""


def resolve(tree: Node, roster: Roster, leaves: Leaves | None = None) -> Sought:
    """Return what a tree, parsed with this same roster, looks for; takes known leaves from `leaves`, and adds to it."""
    known = {} if leaves is None else leaves

    def resolved(node: Node, parts: tuple[tuple[Sought, str], ...], scope: Field | None) -> tuple[Sought, str]:
        printed = joined(node, tuple(label for _, label in parts))
        if not isinstance(node, LEAVES):
            return _joined(node, tuple([sought for sought, _ in parts]), printed), printed
        leaf = known.get((printed, scope))
        if leaf is None:
            leaf = known[printed, scope] = _leaf(node, printed, scope, roster)
        return leaf, leaf.label

    return ascend(tree, resolved)[0]


def _joined(node: Joint, parts: tuple[Sought, ...], label: str) -> Sought:
    match node:
        case And():
            return AllOf(parts=parts, label=label)
        case Or():
            return AnyOf(parts=parts, label=label)
        case Not():
            return Without(unwanted=parts[0], label=label)
        case Fielded():
            return parts[0]
        case Near():
            return Nearby(
                left=parts[0], right=parts[1], distance=node.distance, is_ordered=node.is_ordered, label=label
            )
        case Count():
            return AtLeast(part=parts[0], least=node.least, label=label)


def _leaf(node: Leaf, label: str, scope: Field | None, roster: Roster) -> SoughtLeaf:
    part = print_query(Fielded(field=scope, part=node)) if scope else label
    fields = (scope,) if scope else TEXT_FIELDS
    match node:
        case Literal():
            return InLink(pattern=re.compile(re.escape(node.text), re.IGNORECASE), part=part, label=label)
        case EntityMention() | EntityType():
            ids = (node.id,) if isinstance(node, EntityMention) else _of_type(node.type, roster)
            return Mentioned(
                entities=ids,
                phrases=tuple(roster.phrases[one] for one in ids),
                roster=roster,
                is_possible=node.is_possible,
                fields=fields,
                part=part,
                label=label,
            )
    shape = _shape(node)
    if scope and scope not in TEXT_FIELDS:
        return InValues(field=scope, shape=shape, is_anchored=scope is Field.LANG, part=part, label=label)
    if isinstance(shape, Together):
        return InText(phrase=shape.terms, fields=fields, part=part, label=label)
    return InWords(shape=shape, fields=fields, part=part, label=label)


def _of_type(name: str, roster: Roster) -> tuple[str, ...]:
    return tuple(one for one, type_ in roster.types.items() if type_ == name)


def _shape(  # noqa: PLR0911 - one for each kind of leaf
    node: Word | Phrase | Loose | Prefix | Exact | Forms | Regex,
) -> Shape:
    match node:
        case Word():
            return Together(terms=(node.term,))
        case Phrase():
            return Together(terms=node.terms)
        case Loose():
            return Within(terms=node.terms, slop=node.slop)
        case Prefix():
            return Beginning(start=node.start)
        case Exact():
            return Spelt(terms=tuple(map(fold, node.words)), words=node.words)
        case Forms():
            return AnyForm(term=node.term)
        case Regex():
            pattern = compile_pattern(node.pattern)
            assert isinstance(pattern, Pattern)  # noqa: S101 - the parser has compiled it before
            return Matching(pattern=pattern)
