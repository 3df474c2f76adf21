"""What is wrong with a template that can be seen without carrying it out, each slip at its place."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import nodes

from monitor.alerts.fields import FIELDS
from monitor.alerts.template_filters import FILTERS

LOOP = frozenset({"index", "index0", "first", "last", "length", "revindex", "revindex0", "previtem", "nextitem"})
"""what a loop tells of itself"""
TESTS = frozenset({"defined", "undefined", "odd", "even", "eq", "ne", "lt", "gt", "le", "ge", "in", "true", "false"})
_NAMES = frozenset(FIELDS["message"])
_PARTS = frozenset({*FIELDS["alert"], *FIELDS["group"], *LOOP})
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem,
    nodes.Slice, nodes.Filter, nodes.Test, nodes.If, nodes.For, nodes.Assign, nodes.Compare, nodes.Operand, nodes.And,
    nodes.Or, nodes.Not, nodes.CondExpr, nodes.Concat, nodes.Add, nodes.Sub, nodes.List, nodes.Tuple, nodes.Pos,
    nodes.Neg, nodes.Keyword,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What is wrong with a template, and where: a place in its text."""

    place: int
    what: str


def slips(tree: nodes.Template, source: str) -> Iterator[Slip]:
    """Names that do not exist, and parts of the language that are not for messages, in the order of the text."""
    assigned = {one.name for one in tree.find_all(nodes.Name) if one.ctx != "load"} | {"loop"}
    line = 1
    for node in _walk(tree):
        line = node.lineno or line  # some nodes have none
        if not isinstance(node, _ALLOWED):
            name = type(node).__name__
            what = _FORBIDDEN.get(name, f"{name.lower()} is not part of templates here")
            yield Slip(place=find(source, line), what=what)
        elif isinstance(node, nodes.For) and node.recursive:
            yield Slip(place=find(source, line, "recursive"), what="a loop cannot call itself")
        elif isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in _NAMES | assigned:
            what = f"unknown field {node.name}{_hint(node.name, _NAMES | assigned)}"
            yield Slip(place=find(source, line, node.name), what=what)
        elif isinstance(node, nodes.Getattr) and node.attr not in _PARTS:
            yield Slip(place=find(source, line, node.attr), what=f"unknown field {node.attr}{_hint(node.attr, _PARTS)}")
        elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
            what = f"unknown filter {node.name}{_hint(node.name, FILTERS)}"
            yield Slip(place=find(source, line, node.name), what=what)
        elif isinstance(node, nodes.Test) and node.name not in TESTS:
            what = f"unknown test {node.name}{_hint(node.name, TESTS)}"
            yield Slip(place=find(source, line, node.name), what=what)


_FORBIDDEN = {
    "Call": "nothing can be called in a template",
    "Mul": "only + and - count in a template",
    "Div": "only + and - count in a template",
    "Pow": "only + and - count in a template",
    "Mod": "only + and - count in a template",
    "FloorDiv": "only + and - count in a template",
    "Include": "a template stands for itself: include is not part of it",
    "Import": "a template stands for itself: import is not part of it",
    "FromImport": "a template stands for itself: import is not part of it",
    "Extends": "a template stands for itself: extends is not part of it",
    "Macro": "macros are not part of templates here",
    "CallBlock": "macros are not part of templates here",
    "AssignBlock": "set takes a value here: {% set name = value %}",
}


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    """The nodes in the order of the text; of what is not allowed, nothing inside of it."""
    yield node
    if isinstance(node, _ALLOWED):
        for child in node.iter_child_nodes():
            yield from _walk(child)


def _hint(name: str, known: Iterable[str]) -> str:
    nearest = get_close_matches(name, sorted(known), n=1)
    return f", did you mean {nearest[0]}?" if nearest else ""


def find(source: str, line: int, *words: str) -> int:
    """The place of the first of the words in a line, else where the line's first sign stands."""
    lines = source.split("\n")
    line = min(max(line, 1), len(lines))
    start = sum(len(one) + 1 for one in lines[: line - 1])
    for word in words:
        found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", lines[line - 1])
        if found:
            return start + found.start()
    return start + len(lines[line - 1]) - len(lines[line - 1].lstrip())
