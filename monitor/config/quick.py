"""A big file read by libyaml, where it is written plainly; whatever is not, or is wrong, is left to the slow reader.

Ten thousand outlets take the reader that is written in Python four seconds. It alone says what is wrong and where, in
words that are ours, and knows what a file may do beyond plain lists and keys. So this one answers only where both say
the same: a test lays their trees side by side.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from yaml import YAMLError, events

try:
    from yaml.cyaml import CParser
except ImportError:  # built without libyaml: all is as right, and slower
    CParser = None

from monitor.config.scalars import Page
from monitor.config.tree import Listing, Node, Pair, Scalar, Table

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


def quickly(page: Page, value: Value) -> Table | None:
    """The tree of `page`, the same that the slow reader gives; None: ask that one."""
    if CParser is None or _NOT_PLAIN.search(page.text):
        return None
    parser = CParser(page.text)
    try:
        root = _Growing(parser=parser, page=page, value=value).whole()
    except (YAMLError, NotPlain, ValueError):
        return None
    finally:
        parser.dispose()
    return root if isinstance(root, Table) else None


@dataclass(slots=True, kw_only=True)
class _Growing:
    """Turns what libyaml finds, one after another, into our tree."""

    parser: CParser
    page: Page
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

    # The order of these questions is that of how often the answer is yes, in files with a million of such events.

    def _grown(self, event: events.Event) -> Node:
        if not isinstance(event, events.NodeEvent) or event.anchor is not None:
            raise NotPlain
        if isinstance(event, events.ScalarEvent) and event.tag is None:
            return self._scalar(event)
        if isinstance(event, events.MappingStartEvent) and event.tag is None:
            return self._within(event.start_mark.index, self._table)
        if isinstance(event, events.SequenceStartEvent) and event.tag is None:
            return self._within(event.start_mark.index, self._listing)
        raise NotPlain

    def _within(self, start: int, grown: Callable[[int], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotPlain
        node = grown(start)
        self._depth -= 1
        return node

    def _listing(self, start: int) -> Listing:
        items: list[Node] = []
        while not isinstance(event := self.parser.get_event(), events.SequenceEndEvent):
            items.append(self._grown(event))
        return Listing(page=self.page, start=start, items=tuple(items), numbers=tuple(range(1, len(items) + 1)))

    def _table(self, start: int) -> Table:
        pairs: dict[str, Pair] = {}
        while isinstance(event := self.parser.get_event(), events.ScalarEvent):
            key, at = event.value, event.start_mark.index
            if event.anchor is not None or event.tag is not None or key == "<<" or key in pairs:
                raise NotPlain
            grown = self._grown(self.parser.get_event())
            if isinstance(grown, Scalar) and grown.start == grown.end:
                grown = Scalar(page=self.page, start=at, end=at, value=None)  # not written: people look at the key
            pairs[sys.intern(key)] = Pair(page=self.page, start=at, value=grown)
        if not isinstance(event, events.MappingEndEvent):
            raise NotPlain
        return Table(page=self.page, start=start, pairs=pairs)

    def _scalar(self, event: events.ScalarEvent) -> Scalar:
        text, start = event.value, event.start_mark.index
        found: str | int | float | bool | None = text
        if not event.style:
            if not text or text[0] in _MAY_BE_MORE:
                tag = _tag(text)
                if tag not in _KNOWN:
                    raise NotPlain
                found = self.value(tag, text)
        elif event.style in _BLOCKS and not _HEADER.match(self.page.text, start):
            raise NotPlain
        return Scalar(page=self.page, start=start, end=event.end_mark.index, value=found)


@cache
def _resolver() -> VersionedResolver:
    return VersionedResolver()


@lru_cache(maxsize=1_000)
def _tag(text: str) -> str:
    """What YAML 1.2 takes a plain scalar for, by the slow reader's own rules. Outlets have few different paces."""
    return str(_resolver().resolve(ScalarNode, text, (True, False)))
