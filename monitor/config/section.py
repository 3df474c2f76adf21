"""Where a list stands in the text of a configuration file, so that lines can be put in behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml import YAMLError, events

try:
    from yaml.cyaml import CParser
except ImportError:  # built without libyaml: all is as right, and slower
    CParser = None

BIG = 50_000
"""characters from which on it is worth while to ask libyaml first"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line and a column, both from 0."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A key and what stands under it."""

    key: Place
    start: Place
    """of the value"""
    end: Place
    """behind the value"""
    is_list: bool
    is_in_brackets: bool = False
    first: Place | None = None
    """of the list's first item"""


def stretches(text: str, key: str) -> Iterator[Stretch | None]:
    """Where a key of the file and its value stand (None: nowhere), as far as is known quickly, and then for sure.

    libyaml reads ten thousand outlets in a tenth of the time. Whoever asks knows whether an answer was right.
    """
    if len(text) >= BIG and CParser is not None:
        yield _quickly(text, key)
    yield _slowly(text, key)


def _slowly(text: str, key: str) -> Stretch | None:
    root = YAML(typ="safe", pure=True).compose(text)
    if isinstance(root, MappingNode):
        for name, value in root.value:
            if isinstance(name, ScalarNode) and name.value == key:
                return _stretch(name, value)
    return None


def _stretch(name: ScalarNode, value: Node) -> Stretch:
    is_list = isinstance(value, SequenceNode)
    return Stretch(
        key=Place(line=name.end_mark.line, column=name.start_mark.column),
        start=_place(value.start_mark),
        end=_place(value.end_mark),
        is_list=is_list,
        is_in_brackets=isinstance(value, SequenceNode) and bool(value.flow_style),
        first=_place(value.value[0].start_mark) if is_list and value.value else None,
    )


def _quickly(text: str, key: str) -> Stretch | None:
    parser = CParser(text)
    try:
        return _found(parser, key)
    except YAMLError:
        return None
    finally:
        parser.dispose()


def _found(parser: "CParser", key: str) -> Stretch | None:
    """The first value of that key in a mapping that is the only document's root."""
    while not isinstance(event := parser.get_event(), events.NodeEvent):
        if event is None:
            return None
    if not isinstance(event, events.MappingStartEvent):
        return None
    while isinstance(name := parser.get_event(), events.NodeEvent):
        is_wanted = isinstance(name, events.ScalarEvent) and name.value == key
        _after(parser, name)
        value = parser.get_event()
        if is_wanted:
            return _measured(parser, name, value)
        _after(parser, value)
    return None


def _measured(parser: "CParser", name: Any, value: Any) -> Stretch:  # noqa: ANN401 - libyaml's events have no types
    is_list = isinstance(value, events.SequenceStartEvent)
    first = parser.get_event() if is_list else value
    is_empty = isinstance(first, events.SequenceEndEvent)
    last = first if is_empty else _after(parser, value, first if is_list else None)
    return Stretch(
        key=Place(line=name.end_mark.line, column=name.start_mark.column),
        start=_place(value.start_mark),
        end=_place(last.end_mark),
        is_list=is_list,
        is_in_brackets=is_list and bool(value.flow_style),
        first=_place(first.start_mark) if is_list and not is_empty else None,
    )


def _after(parser: "CParser", begun: Any, inner: Any = None) -> Any:  # noqa: ANN401 - as above
    """The last event of a value that has begun; `inner` is what was taken of it already."""
    depth = isinstance(begun, events.CollectionStartEvent) + isinstance(inner, events.CollectionStartEvent)
    last = begun
    while depth:
        last = parser.get_event()
        depth += isinstance(last, events.CollectionStartEvent) - isinstance(last, events.CollectionEndEvent)
    return last


def _place(mark: Any) -> Place:  # noqa: ANN401 - both libraries have marks of their own
    return Place(line=mark.line, column=mark.column)
