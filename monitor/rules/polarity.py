"""Finds the parts of a query that only say what must not be there: they would match almost everything."""

from monitor.rules.tree import And, Fielded, Node, Not, Or, QueryMistake, children


def find_negative(tree: Node) -> tuple[QueryMistake, ...]:
    """Return a mistake for each alternative, each negated part, and else for the whole, that asks for nothing."""
    return tuple(_inner(tree)) or _blame(tree, "the query only says what must not be there; say what must be")


def _inner(node: Node) -> list[QueryMistake]:
    mistakes: list[QueryMistake] = []
    if isinstance(node, Or):
        for part in node.parts:
            mistakes += _blame(part, "this side of OR only says what must not be there; say what must be")
    elif isinstance(node, Not):
        mistakes += _blame(node.part, "NOT of something that is itself negative: say it without either")
    if not mistakes:
        for child in children(node):
            mistakes += _inner(child)
    return mistakes


def _blame(node: Node, what: str) -> tuple[QueryMistake, ...]:
    return () if _asks(node) else (QueryMistake(column=node.columns.start, what=what),)


def _asks(node: Node) -> bool:
    """Whether something must be found for the node to hold."""
    match node:
        case Not():
            return False
        case And():
            return any(_asks(part) for part in node.parts)
        case Or():
            return all(_asks(part) for part in node.parts)
        case Fielded():
            return _asks(node.part)
    return True
