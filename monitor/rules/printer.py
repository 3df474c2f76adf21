"""Writes a syntax tree as a query that reads back as the same tree."""

import re
from collections.abc import Callable

from monitor.rules.tree import And, EntityMention, Fielded, Literal, Node, Not, Or, Phrase, Word


def print_query(node: Node) -> str:
    """Return the query in one agreed shape, with the words as they were written."""
    return _print(node, lambda words: words.text or _folded(words))


def print_folded(node: Node) -> str:
    """Return the query in the same shape with folded words: the same text for every way to write the same query."""
    return _print(node, _folded)


_BARE_WORD = re.compile(r"[^\W_]+")
_BARE_ID = re.compile(r"\w[\w.-]*")
_RESERVED = frozenset({"AND", "OR", "NOT", "NEAR", "ONEAR"})

_Spelling = Callable[[Word | Phrase], str]


def _folded(words: Word | Phrase) -> str:
    return words.term if isinstance(words, Word) else " ".join(words.terms)


def _print(node: Node, spell: _Spelling) -> str:
    match node:
        case And() | Or():
            join = " AND " if isinstance(node, And) else " OR "
            return join.join(_side(part, spell) for part in node.parts)
        case Not():
            return f"NOT {_operand(node.part, spell)}"
        case Fielded():
            return f"{node.field}:{_operand(node.part, spell)}"
    return _print_leaf(node, spell)


def _print_leaf(node: Word | Phrase | Literal | EntityMention, spell: _Spelling) -> str:
    match node:
        case Word():
            text = spell(node)
            return text if _BARE_WORD.fullmatch(text) and text not in _RESERVED else f'"{text}"'
        case Phrase():
            return f'"{spell(node)}"'
        case Literal():
            return f'"{node.text}"'
        case EntityMention():
            return f"entity:{node.id}" if _BARE_ID.fullmatch(node.id) else f'entity:"{node.id}"'


def _side(node: Node, spell: _Spelling) -> str:
    return _print(node, spell) if isinstance(node, Not) else _operand(node, spell)


def _operand(node: Node, spell: _Spelling) -> str:
    text = _print(node, spell)
    return f"({text})" if isinstance(node, And | Or | Not) else text
