"""Evaluates a syntax tree by trying everything: every stretch of words, every pair, in every field.

It follows docs/queries.md, works on plain lists of words, and shares with the program only the tree, the printer that
names parts, and the cutting of texts into words. Nothing here is fast.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import snowballstemmer

from monitor.entities.mentions import find_mentions
from monitor.entities.roster import Roster
from monitor.model.rules import Evidence, View
from monitor.rules.printer import print_query
from monitor.rules.tree import (
    TEXT_FIELDS,
    And,
    Count,
    EntityMention,
    EntityType,
    Exact,
    Field,
    Fielded,
    Forms,
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
)
from monitor.text.tokens import Token, tokenise
from monitor.text.words import Words

SHOWN = 20
"""occurrences of one part that are told"""

Hit = tuple[int, int, str]


@dataclass(frozen=True)
class Stretch:
    """Words from `first` up to `stop`, characters from `start` up to `end`, and the leaves found in it."""

    first: int
    stop: int
    start: int
    end: int
    hits: frozenset[Hit]


def evaluate(  # noqa: PLR0911 - one for each kind of part
    node: Node, view: View, roster: Roster, scope: Field | None = None
) -> set[Evidence] | None:
    """Where every part that holds was found; None where the query does not hold."""
    match node:
        case Not():
            return set() if evaluate(node.part, view, roster, scope) is None else None
        case Fielded():
            return evaluate(node.part, view, roster, node.field)
        case And() | Or():
            found = [evaluate(part, view, roster, scope) for part in node.parts]
            held = [each for each in found if each is not None]
            enough = len(held) == len(found) if isinstance(node, And) else bool(held)
            return set().union(*held) if enough else None
        case Near():
            pairs = [(field, one) for field in TEXT_FIELDS for one in stretches(node, field, view, roster, scope)]
            return _told([(field, hit) for field, one in pairs for hit in one.hits]) or None
        case Count():
            counted = [
                (field, one)
                for field in TEXT_FIELDS
                for one in _apart(stretches(node.part, field, view, roster, scope))
            ]
            if len(counted) < node.least:
                return None
            return _told([(field, hit) for field, one in counted for hit in one.hits])
    return set(_leaf(node, view, roster, scope)) or None


def stretches(node: Node, field: Field, view: View, roster: Roster, scope: Field | None) -> list[Stretch]:
    """Every occurrence of what NEAR and count(…) may hold, in one text field."""
    match node:
        case Fielded():
            return stretches(node.part, field, view, roster, node.field)
        case Or():
            return [one for part in node.parts for one in stretches(part, field, view, roster, scope)]
        case Near():
            left = stretches(node.left, field, view, roster, scope)
            right = stretches(node.right, field, view, roster, scope)
            return [_both(one, other) for one, other in product(left, right) if _is_near(one, other, node)]
    if scope not in (None, field):
        return []
    part = print_query(Fielded(field=scope, part=node) if scope else node)
    text = _stated(view, field)[0]
    return [
        Stretch(first=first, stop=stop, start=start, end=end, hits=frozenset({(start, end, part)}))
        for first, stop, start, end in _places_in(node, field, text, view, roster)
    ]


def _is_near(one: Stretch, other: Stretch, near: Near) -> bool:
    if one.first == one.stop or other.first == other.stop:
        return False  # a regular expression that touches no word
    if one.stop <= other.first:
        return other.first - (one.stop - 1) <= near.distance
    if other.stop <= one.first and not near.is_ordered:
        return one.first - (other.stop - 1) <= near.distance
    return False


def _both(one: Stretch, other: Stretch) -> Stretch:
    return Stretch(
        first=min(one.first, other.first),
        stop=max(one.stop, other.stop),
        start=min(one.start, other.start),
        end=max(one.end, other.end),
        hits=one.hits | other.hits,
    )


def _apart(found: list[Stretch]) -> list[Stretch]:
    """Of all occurrences those within no other, and of these from left to right what overlaps none taken before."""
    merged: dict[tuple[int, int], Stretch] = {}
    for one in found:
        before = merged.get((one.start, one.end))
        merged[one.start, one.end] = _both(before, one) if before else one
    outer = [
        one
        for one in merged.values()
        if not any(other is not one and other.start <= one.start and one.end <= other.end for other in merged.values())
    ]
    taken: list[Stretch] = []
    for one in sorted(outer, key=lambda one: one.start):
        if not taken or taken[-1].end <= one.start:
            taken.append(one)
    return taken


def _told(hits: list[tuple[Field, Hit]]) -> set[Evidence]:
    told: set[Evidence] = set()
    for part in {part for _, (_, _, part) in hits}:
        mine = {(TEXT_FIELDS.index(field), start, end) for field, (start, end, name) in hits if name == part}
        told |= {
            Evidence(field=TEXT_FIELDS[field].value, start=start, end=end, part=part)
            for field, start, end in sorted(mine)[:SHOWN]
        }
    return told


def _stated(view: View, field: Field) -> tuple[str, ...]:
    return {
        Field.TITLE: (view.text.title,),
        Field.SUMMARY: (view.text.summary,),
        Field.BODY: (view.text.body,),
        Field.OUTLET: view.outlets,
        Field.TAG: view.tags,
        Field.LANG: (view.language,),
        Field.LINK: (view.link,),
        Field.AUTHOR: view.authors,
        Field.CATEGORY: view.categories,
    }[field]


def _leaf(node: Node, view: View, roster: Roster, scope: Field | None) -> list[Evidence]:
    part = print_query(Fielded(field=scope, part=node) if scope else node)
    found = [
        Evidence(field=field.value, start=start, end=end, part=part)
        for field in ((scope,) if scope else TEXT_FIELDS)
        for text in _stated(view, field)
        for first, _, start, end in _places_in(node, field, text, view, roster)
        if field is not Field.LANG or first == 0
    ]
    return found[:SHOWN]


def _places_in(node: Node, field: Field, text: str, view: View, roster: Roster) -> list[tuple[int, int, int, int]]:
    if isinstance(node, EntityMention | EntityType):
        return _mentions(node, field, view, roster)
    return places(node, text)


def _mentions(
    node: EntityMention | EntityType, field: Field, view: View, roster: Roster
) -> list[tuple[int, int, int, int]]:
    """Whatever the entities say that a story mentions of them, the outermost of each stretch."""
    texts = {name.value: Words(_stated(view, name)[0]) for name in TEXT_FIELDS}
    mentions = find_mentions(roster, texts, tags=view.tags)
    ids = (
        [node.id] if isinstance(node, EntityMention) else [one for one in roster.ids if roster.types[one] == node.type]
    )
    whole = {
        (each.first, each.end)
        for one in ids
        for each in mentions.of(one, is_possible=node.is_possible)
        if each.field == field
    }
    kept = [one for one in whole if not any(two[0] <= one[0] and one[1] <= two[1] and one != two for two in whole)]
    return [(*one, *texts[field.value].span(*one)) for one in sorted(kept)]


def places(node: Node, text: str) -> list[tuple[int, int, int, int]]:
    """(first word, end word, start, end) of every occurrence of a leaf, in the order of the text."""
    words = tokenise(text)
    match node:
        case Literal():
            return [(0, 0, start, end) for start, end in _characters(node.text, text)]
        case Regex():
            flags = 0 if any(sign.isupper() for sign in node.pattern) or "(?-i)" in node.pattern else re.IGNORECASE
            found = re.finditer(node.pattern.replace("(?-i)", ""), text, flags)
            return [(*_touched(words, *one.span()), *one.span()) for one in found if one.end() > one.start()]
        case Exact():
            ranges = _runs(words, len(node.words), lambda run: _spelling(run) == node.words)
        case Loose():
            ranges = _loose(words, node)
        case Word():
            ranges = _runs(words, 1, lambda run: run[0].term == node.term)
        case Phrase():
            ranges = _runs(words, len(node.terms), lambda run: _terms(run) == node.terms)
        case Prefix():
            ranges = _runs(words, 1, lambda run: run[0].term.startswith(node.start))
        case Forms():
            ranges = _runs(words, 1, lambda run: _stem(run[0].term) == _stem(node.term))
        case _:
            raise AssertionError(node)
    return [(first, end, words[first].start, words[end - 1].end) for first, end in ranges]


def _runs(words: tuple[Token, ...], length: int, holds: Callable[[tuple[Token, ...]], bool]) -> list[tuple[int, int]]:
    firsts = range(len(words) - length + 1)
    return [(first, first + length) for first in firsts if holds(words[first : first + length])]


def _terms(run: tuple[Token, ...]) -> tuple[str, ...]:
    return tuple(word.term for word in run)


def _spelling(run: tuple[Token, ...]) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", word.exact) for word in run)


def _loose(words: tuple[Token, ...], node: Loose) -> list[tuple[int, int]]:
    """Stretches that hold every word of the phrase and no shorter such stretch, with few enough others."""
    ends = [(first, end) for first in range(len(words)) for end in range(first + 1, len(words) + 1)]
    whole = [(first, end) for first, end in ends if Counter(node.terms) <= Counter(_terms(words[first:end]))]
    shortest = [(first, end) for first, end in whole if (first + 1, end) not in whole and (first, end - 1) not in whole]
    return [(first, end) for first, end in shortest if end - first - len(node.terms) <= node.slop]


def _stem(term: str) -> str:
    name = "russian" if "\u0400" <= term[0] < "\u0530" else "english" if term[0] < "\u0250" else ""
    return snowballstemmer.stemmer(name).stemWord(term) if name else term


def _touched(words: tuple[Token, ...], start: int, end: int) -> tuple[int, int]:
    inside = [at for at, word in enumerate(words) if word.start < end and start < word.end]
    before = sum(word.end <= start for word in words)
    return (inside[0], inside[-1] + 1) if inside else (before, before)


def _characters(wanted: str, text: str) -> list[tuple[int, int]]:
    """Where characters stand, whatever their case; a search goes on after each find."""
    found: list[tuple[int, int]] = []
    for at in range(len(text)):
        end = at + len(wanted)
        if text[at:end].lower() == wanted.lower() and (not found or at >= found[-1][1]):
            found.append((at, end))
    return found
