"""Reads what a query gives literally: words, phrases, prefixes, spellings, regular expressions, pieces of links."""

import unicodedata

from monitor.rules.lexemes import Kind, Lexeme
from monitor.rules.tree import Columns, Exact, Field, Literal, Loose, Node, Phrase, Prefix, Regex, Word
from monitor.text.patterns import Pattern, compile_pattern
from monitor.text.tokens import terms, tokenise

LEAST_PREFIX = 3
"""letters or digits of a prefix"""
_SHOWN = 100


def read_literal(lexeme: Lexeme, scope: Field | None, query: str) -> Node | str:  # noqa: PLR0911 - one for each kind of literal
    """Return the node of a lexeme that stands in this field, or what is wrong with it."""
    if scope is Field.LINK and lexeme.text:
        return _link(lexeme, query)
    columns = _columns(lexeme)
    match lexeme.kind:
        case Kind.EXACT:
            words = tuple(token.exact for token in tokenise(unicodedata.normalize("NFC", lexeme.text)))
            return Exact(words=words, columns=columns) if words else _empty(lexeme)
        case Kind.REGEX:
            pattern = compile_pattern(lexeme.text)
            return Regex(pattern=lexeme.text, columns=columns) if isinstance(pattern, Pattern) else pattern
    found = tuple(terms(lexeme.text))
    if not found:
        return _empty(lexeme)
    match lexeme.kind:
        case Kind.PREFIX:
            return _prefix(lexeme, found)
        case Kind.LOOSE:
            if len(found) == 1:
                return f'"{lexeme.text[:_SHOWN]}"~{lexeme.number}: a distance needs two words at least'
            return Loose(terms=found, slop=lexeme.number, text=lexeme.text, columns=columns)
    if len(found) > 1:
        return Phrase(terms=found, text=lexeme.text, columns=columns)
    return Word(term=found[0], text=lexeme.text, columns=columns)


def _link(lexeme: Lexeme, query: str) -> Node | str:
    """A link is characters, a slash and all; only what would be a sign of the language elsewhere is refused."""
    if lexeme.kind in (Kind.LOOSE, Kind.PREFIX, Kind.EXACT):
        return "link: takes characters as they are: put them in double quotes, without = * ~"
    text = query[lexeme.start - 1 : lexeme.end - 1] if lexeme.kind is Kind.REGEX else lexeme.text
    return Literal(text=text, columns=_columns(lexeme))


def _prefix(lexeme: Lexeme, found: tuple[str, ...]) -> Node | str:
    if len(found) > 1:
        start = " ".join(found)[:_SHOWN]
        return f"a prefix is the beginning of one word, and {start!r} is {len(found)}: write a ONEAR/1 b*"
    if sum(sign.isalnum() for sign in found[0]) < LEAST_PREFIX:
        return f"{lexeme.text[:_SHOWN]}* is too short: a prefix has three letters at least"
    return Prefix(start=found[0], text=lexeme.text, columns=_columns(lexeme))


def _empty(lexeme: Lexeme) -> str:
    if lexeme.kind in (Kind.PHRASE, Kind.LOOSE, Kind.EXACT) and not lexeme.text:
        return "a phrase with nothing in it"
    return f"{lexeme.text[:_SHOWN]!r} has no letters or digits to look for"


def _columns(lexeme: Lexeme) -> Columns:
    return Columns(start=lexeme.start, end=lexeme.end)
