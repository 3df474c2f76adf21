"""Finds parts of a query that stand where they mean nothing: NOT inside NEAR, an entity in the name of an outlet."""

from collections.abc import Iterator

from monitor.rules.tree import (
    TEXT_FIELDS,
    And,
    Count,
    EntityMention,
    EntityType,
    Field,
    Fielded,
    Forms,
    Literal,
    Near,
    Node,
    Not,
    QueryMistake,
    ascend,
    children,
)

MOST_NEAR = 10
"""NEARs in one another: each multiplies the stretches of text that are tried"""


def find_misplaced(tree: Node) -> tuple[QueryMistake, ...]:
    """Return what is wrong with the places of parts, each at its column."""
    return ascend(tree, _judged)[1]


_Judged = tuple[int, tuple[QueryMistake, ...], frozenset[Field]]
"""How many NEARs stand in one another, what is wrong so far, and the text fields that words may be found in."""


def _judged(node: Node, parts: tuple[_Judged, ...], scope: Field | None) -> _Judged:
    mistakes = tuple(mistake for _, below, _ in parts for mistake in below)
    height = max((height for height, _, _ in parts), default=0) + isinstance(node, Near)
    fields = frozenset(TEXT_FIELDS if scope is None else {scope})
    if parts:
        joined = (each for _, _, each in parts)
        fields = frozenset.intersection(*joined) if isinstance(node, Near) else frozenset.union(*joined)
    if scope and scope not in TEXT_FIELDS and (what := _only_in_text(node)):
        return (
            height,
            (*mistakes, _mistake(node, f"{what} are looked for in title, summary and body, not in {scope}:")),
            fields,
        )
    if isinstance(node, Near | Count):
        mistakes += tuple(_inside(node))
    if isinstance(node, Near):
        if height > MOST_NEAR:
            return 0, (_mistake(node, f"at most {MOST_NEAR} NEAR may stand in one another"),), fields
        if not fields and not mistakes:
            mistakes = (_mistake(node, "the two sides of NEAR stand in different fields, so they are never near"),)
    return height, mistakes, fields


def _only_in_text(node: Node) -> str:
    """Name what only text has; empty for what may stand in every field."""
    match node:
        case EntityMention() | EntityType():
            return "entities"
        case Forms():
            return "word forms"
        case Near():
            return "words near each other"
        case Count():
            return "counted words"
    return ""


def _inside(node: Near | Count) -> Iterator[QueryMistake]:
    """What stands in NEAR or count(…) and has no place in a text; alternatives are looked into."""
    name = "NEAR" if isinstance(node, Near) else "count(…)"
    waiting = list(children(node))
    while waiting:
        part = waiting.pop()
        match part:
            case And() if isinstance(node, Near):
                yield _mistake(part, "AND cannot stand inside NEAR: write (a NEAR/5 b) AND (a NEAR/5 c), or a phrase")
            case And():
                yield _mistake(part, "count(…) counts one thing or its alternatives: a word, a phrase, (a OR b)")
            case Not() if isinstance(node, Near):
                yield _mistake(part, "NOT cannot stand inside NEAR: write NOT (a NEAR/5 b)")
            case Not():
                yield _mistake(part, "NOT cannot stand inside count(…)")
            case Count():
                yield _mistake(part, f"count(…) cannot stand inside {name}")
            case Literal():
                yield _mistake(part, f"a link cannot stand inside {name}")
            case Fielded() if part.field not in TEXT_FIELDS:
                yield _mistake(
                    part, f"{part.field}: cannot stand inside {name}, which looks at title, summary and body"
                )
            case Near():
                pass  # judged by itself
            case _:
                waiting.extend(children(part))


def _mistake(node: Node, what: str) -> QueryMistake:
    return QueryMistake(column=node.columns.start, what=what)
