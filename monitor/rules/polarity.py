"""Finds the parts of a query that only say what must not be there: they would match almost everything."""

from monitor.rules.tree import And, Columns, Field, Near, Node, Not, Or, QueryMistake, ascend


def find_negative(tree: Node) -> tuple[QueryMistake, ...]:
    """Return a mistake for each alternative, each negated part, and else for the whole, that asks for nothing."""
    asks, mistakes = ascend(tree, _judged)
    if mistakes or asks:
        return mistakes
    return _blame(tree.columns, "the query only says what must not be there; say what must be")


_Judged = tuple[bool, tuple[QueryMistake, ...]]
"""Whether something must be found for a node to hold, and what is wrong in it."""


def _judged(node: Node, parts: tuple[_Judged, ...], _: Field | None) -> _Judged:
    """Judge a node by its parts: what is wrong with them themselves only where nothing is wrong within them."""
    below = tuple(mistake for _, mistakes in parts for mistake in mistakes)
    if isinstance(node, Or):
        what = "this side of OR only says what must not be there; say what must be"
        own = [
            mistake
            for part, (asks, _) in zip(node.parts, parts, strict=True)
            if not asks
            for mistake in _blame(part.columns, what)
        ]
        return all(asks for asks, _ in parts), below or tuple(own)
    if isinstance(node, Not):
        what = "NOT of something that is itself negative: say it without either"
        return False, below or (() if parts[0][0] else _blame(node.part.columns, what))
    if isinstance(node, And | Near):
        return any(asks for asks, _ in parts), below
    return (parts[0][0] if parts else True), below


def _blame(columns: Columns, what: str) -> tuple[QueryMistake, ...]:
    return (QueryMistake(column=columns.start, what=what),)
