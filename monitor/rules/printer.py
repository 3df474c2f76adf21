"""Writes a syntax tree as a query that reads back as the same tree."""

import re
from collections.abc import Callable

from monitor.rules.tree import (
    And,
    Count,
    EntityMention,
    EntityType,
    Exact,
    Fielded,
    Forms,
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


def print_query(node: Node) -> str:
    """Return the query in one agreed shape, with the words as they were written."""
    return ascend(node, lambda here, parts, _: joined(here, parts))


def print_folded(node: Node) -> str:
    """Return the query in the same shape with folded words: the same text for every way to write the same query."""
    return ascend(node, lambda here, parts, _: _joined(here, parts, _folded))


def joined(node: Node, parts: tuple[str, ...]) -> str:
    """Return a node printed, from its parts printed: one step of `print_query`."""
    return _joined(node, parts, _as_written)


_BARE_WORD = re.compile(r"[^\W_]+")
_BARE_ID = re.compile(r"\w[\w.-]*")
_RESERVED = frozenset({"AND", "OR", "NOT", "NEAR", "ONEAR"})

_Spelt = Word | Phrase | Loose | Prefix | Forms
_Spelling = Callable[[_Spelt], str]


def _joined(node: Node, parts: tuple[str, ...], spell: _Spelling) -> str:
    match node:
        case And() | Or():
            join = " AND " if isinstance(node, And) else " OR "
            return join.join(map(_side, node.parts, parts))
        case Not():
            return f"NOT {_operand(node.part, parts[0])}"
        case Fielded():
            return f"{node.field}:{_operand(node.part, parts[0])}"
        case Near():
            left = parts[0] if isinstance(node.left, Near) else _operand(node.left, parts[0])
            return f"{left} {'ONEAR' if node.is_ordered else 'NEAR'}/{node.distance} {_operand(node.right, parts[1])}"
        case Count():
            return f"count({parts[0]}) >= {node.least}"
    return _leaf(node, spell)


def _as_written(words: _Spelt) -> str:
    return words.text or _folded(words)


def _folded(words: _Spelt) -> str:
    match words:
        case Word() | Forms():
            return words.term
        case Prefix():
            return words.start
    return " ".join(words.terms)


def _leaf(node: Leaf, spell: _Spelling) -> str:
    match node:
        case Word():
            text = spell(node)
            return text if _BARE_WORD.fullmatch(text) and text not in _RESERVED else f'"{text}"'
        case Phrase():
            return f'"{spell(node)}"'
        case Loose():
            return f'"{spell(node)}"~{node.slop}'
        case Prefix():
            return f"{spell(node)}*"
        case Forms():
            text = spell(node)
            return f"forms({text})" if _BARE_WORD.fullmatch(text) and text not in _RESERVED else f'forms("{text}")'
    return _unspelt(node)


def _unspelt(node: Literal | Exact | Regex | EntityMention | EntityType) -> str:
    match node:
        case Literal():
            return f'"{node.text}"'
        case Exact():
            words = " ".join(node.words)
            return f"={words}" if _BARE_WORD.fullmatch(words) else f'="{words}"'
        case Regex():
            return f"/{node.pattern}/"
        case EntityMention():
            id_ = node.id if _BARE_ID.fullmatch(node.id) else f'"{node.id}"'
            return f"entity:{id_}{'?' * node.is_possible}"
        case EntityType():
            return f"entity:type:{node.type}{'?' * node.is_possible}"


def _side(node: Node, text: str) -> str:
    return text if isinstance(node, Not | Near) else _operand(node, text)


def _operand(node: Node, text: str) -> str:
    return f"({text})" if isinstance(node, And | Or | Not | Near) else text
