"""Finds the parts of a query that only say what must not be there: they would match almost everything."""

from monitor.rules.tree import And, Fielded, Node, Not, Or, QueryMistake, children


def find_negative(tree: Node) -> tuple[QueryMistake, ...]:
    """Return a mistake for each alternative, each negated part, and else for the whole, that asks for nothing."""
    return tuple(_inner(tree)) or _blame(tree, "the query only says what must not be there; say what must be")


def _inner(node: Node) -> list[QueryMistake]:
    """Return what is wrong below a node, and only where that is nothing, what is wrong with its own parts."""
    mistakes = [mistake for child in children(node) for mistake in _inner(child)]
    if mistakes:
        return mistakes
    if isinstance(node, Or):
        what = "this side of OR only says what must not be there; say what must be"
        return [mistake for part in node.parts for mistake in _blame(part, what)]
    if isinstance(node, Not):
        return [*_blame(node.part, "NOT of something that is itself negative: say it without either")]
    return []


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
