"""A big file read by libyaml, where it is written plainly; whatever is not, or is wrong, is left to the slow reader.

Ten thousand outlets take the reader that is written in Python four seconds. It alone says what is wrong and where, in
words that are ours, and knows what a file may do beyond plain lists and keys. So this one answers only where both say
the same: a test lays their trees side by side.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from yaml import YAMLError, events

try:
    from yaml.cyaml import CParser
except ImportError:  # built without libyaml: all is as right, and slower
    CParser = None

from monitor.config.scalars import Source
from monitor.config.tree import Listing, Node, Pair, Scalar, Table
from monitor.model.settings import Mark

DEEPEST = 30
_KNOWN = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float", "str", "timestamp"))
_BLOCKS = ("|", ">")
_HEADER = re.compile(r"[|>][-+0-9]*(?: *| +#[^\n]*)(?:\n(?! *\n)|$)")
"""what both take for the beginning of a block"""
_NOT_PLAIN = re.compile(r"[\t\x85\u2028\u2029\ufeff]|^%|(?:^|[\[{,-]) *\?\s", re.MULTILINE)
"""what the two read differently, as far as it is known: separators, directives, keys behind a question mark"""
_MAY_BE_MORE = frozenset("tTfFnN-+.~<=0123456789")
"""first characters of plain scalars that may stand for something else than a text"""

Value = Callable[[str, str], str | int | float | bool | None]
"""what a tag makes of a text; raises ValueError"""


class NotPlain(Exception):
    """Something that the slow reader has to look at."""


def quickly(text: str, name: str, value: Value) -> Table | None:
    """The tree of `text`, the same that the slow reader gives; None: ask that one."""
    if CParser is None or _NOT_PLAIN.search(text):
        return None
    parser = CParser(text)
    try:
        root = _Growing(parser=parser, name=name, text=text, value=value).whole()
    except (YAMLError, NotPlain, ValueError):
        return None
    finally:
        parser.dispose()
    return root if isinstance(root, Table) else None


@dataclass(slots=True, kw_only=True)
class _Growing:
    """Turns what libyaml finds, one after another, into our tree."""

    parser: CParser
    name: str
    text: str
    value: Value
    _depth: int = field(default=0)

    def whole(self) -> Node:
        """The only document. Raises NotPlain."""
        self._expect(events.StreamStartEvent)
        self._expect(events.DocumentStartEvent)
        root = self._grown(self.parser.get_event())
        self._expect(events.DocumentEndEvent)
        self._expect(events.StreamEndEvent)
        return root

    def _expect(self, kind: type[events.Event]) -> None:
        if not isinstance(self.parser.get_event(), kind):
            raise NotPlain

    def _grown(self, event: events.Event) -> Node:
        match event:
            case events.ScalarEvent(anchor=None, tag=None):
                return self._scalar(event)
            case events.MappingStartEvent(anchor=None, tag=None):
                return self._within(event, self._table)
            case events.SequenceStartEvent(anchor=None, tag=None):
                return self._within(event, self._listing)
            case _:
                raise NotPlain

    def _within(self, event: events.Event, grown: Callable[[Mark], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotPlain
        node = grown(self._mark(event))
        self._depth -= 1
        return node

    def _listing(self, mark: Mark) -> Listing:
        items: list[Node] = []
        while not isinstance(event := self.parser.get_event(), events.SequenceEndEvent):
            items.append(self._grown(event))
        return Listing(mark=mark, items=tuple(items), numbers=tuple(range(1, len(items) + 1)))

    def _table(self, mark: Mark) -> Table:
        pairs: dict[str, Pair] = {}
        while not isinstance(event := self.parser.get_event(), events.MappingEndEvent):
            if not isinstance(event, events.ScalarEvent) or event.anchor or event.tag or event.value in pairs:
                raise NotPlain
            if event.value == "<<":
                raise NotPlain
            start = event.start_mark
            # Most tables begin where their first key does.
            at = mark if (start.line + 1, start.column + 1) == (mark.line, mark.column) else self._mark(event)
            grown = self._grown(self.parser.get_event())
            if isinstance(grown, Scalar) and grown.source is not None and grown.source.start == grown.source.end:
                grown = Scalar(mark=at, value=None)  # not written: people look at the key
            pairs[sys.intern(event.value)] = Pair(mark=at, value=grown)
        return Table(mark=mark, pairs=pairs)

    def _scalar(self, event: events.ScalarEvent) -> Scalar:
        text, style = event.value, event.style or ""
        found: str | int | float | bool | None = text
        if not style and (not text or text[0] in _MAY_BE_MORE):
            tag = _tag(text)
            if tag not in _KNOWN:
                raise NotPlain
            found = self.value(tag, text)
        elif style in _BLOCKS and not _HEADER.match(self.text, event.start_mark.index):
            raise NotPlain
        source = Source(text=self.text, start=event.start_mark.index, end=event.end_mark.index, style=style)
        return Scalar(mark=self._mark(event), value=found, source=source)

    def _mark(self, event: events.Event) -> Mark:
        start = event.start_mark
        return Mark(file=self.name, line=start.line + 1, column=start.column + 1)


@cache
def _resolver() -> VersionedResolver:
    return VersionedResolver()


def _tag(text: str) -> str:
    """What YAML 1.2 takes a plain scalar for, by the slow reader's own rules."""
    return str(_resolver().resolve(ScalarNode, text, (True, False)))
