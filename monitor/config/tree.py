"""A configuration as it stands in its files: values that know their place.

Paths are keys and positions from zero, such as `("rules", 3, "query")`. In messages people count from one, and within
the file they are looking at: that path reads `rules.2.query` where the second rule of an included file is meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from monitor.config.scalars import Page, Source, offset_of
from monitor.model.settings import Mark

Path: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"
Node: TypeAlias = "Scalar | Listing | Table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Substituted:
    """What became of a text with `${…}` in it. Its repr shows nothing of that."""

    written: str = field(repr=False)
    """the text before"""
    origins: tuple[int, ...] = field(repr=False)
    """for each character of the value, its index in `written`"""
    secrets: tuple[str, ...] = field(repr=False)


# None of the following is frozen, although nobody ever changes one: a hundred thousand feeds have a million of them,
# and to make a frozen one takes three times as long. For the same reason they know offsets, not lines and columns.


@dataclass(slots=True, kw_only=True)
class Scalar:
    """One value. Its repr shows no value, which may be a secret."""

    page: Page
    start: int
    end: int
    """exclusive; the same as `start` where nothing is written: people look at the key, and so there it stands"""
    value: str | int | float | bool | None
    substituted: Substituted | None = None
    is_broken: bool = False
    """a mistake is already known here; what follows from it is none"""

    def __repr__(self) -> str:
        """Only where it stands."""
        return f"Scalar({self.mark})"

    @property
    def mark(self) -> Mark:
        """Where it starts."""
        return self.page.mark(self.start)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What was substituted in it."""
        return self.substituted.secrets if self.substituted else ()

    def mark_at(self, index: int) -> Mark:
        """Where `value[index]` stands in the file; where the value starts if that cannot be said."""
        text = self.value
        if self.substituted is not None:
            origins, text = self.substituted.origins, self.substituted.written
            index = origins[index] if 0 <= index < len(origins) else len(text)
        source = Source(text=self.page.text, start=self.start, end=self.end)
        offset = offset_of(source, text, index) if isinstance(text, str) else None
        return self.mark if offset is None else self.page.mark(offset)


@dataclass(slots=True, kw_only=True)
class Listing:
    """A list. `numbers` says how people count each item in its own file."""

    page: Page
    start: int
    items: tuple[Node, ...]
    numbers: tuple[int, ...]

    @property
    def mark(self) -> Mark:
        """Where it starts."""
        return self.page.mark(self.start)


@dataclass(slots=True, kw_only=True)
class Pair:
    """A key and its value."""

    page: Page
    start: int
    value: Node

    @property
    def mark(self) -> Mark:
        """Where the key starts."""
        return self.page.mark(self.start)


@dataclass(slots=True, kw_only=True)
class Table:
    """A mapping. It starts at its first key, or at the brace before it."""

    page: Page
    start: int
    pairs: Mapping[str, Pair]

    @property
    def mark(self) -> Mark:
        """Where it starts."""
        return self.page.mark(self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What a path leads to."""

    node: Node
    """the deepest value that exists on the path"""
    pair: Pair | None
    """the key that leads to it; None where it has none"""
    is_whole: bool
    """the path exists to its end"""

    @property
    def key(self) -> Mark:
        """Where the key of it stands; the value itself where it has none."""
        return (self.pair or self.node).mark


def follow(root: Node, path: Path) -> Spot:
    """Go along `path` as far as it exists."""
    node: Node = root
    pair: Pair | None = None
    for step in path:
        if isinstance(node, Table) and isinstance(step, str) and step in node.pairs:
            pair = node.pairs[step]
            node = pair.value
        elif isinstance(node, Listing) and isinstance(step, int) and 0 <= step < len(node.items):
            node, pair = node.items[step], None
        else:
            return Spot(node=node, pair=pair, is_whole=False)
    return Spot(node=node, pair=pair, is_whole=True)


def at(root: Node, path: Path) -> "Node | None":
    """What stands at the end of `path`, if it exists to there: all that most questions want, of very many values."""
    node = root
    for step in path:
        if isinstance(node, Table):
            pair = node.pairs.get(step) if isinstance(step, str) else None
            if pair is None:
                return None
            node = pair.value
        elif isinstance(node, Listing) and isinstance(step, int) and 0 <= step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def spelled(root: Node, path: Path) -> str:
    """The path as people read it."""
    words = []
    for depth, step in enumerate(path):
        if isinstance(step, str):
            words.append(" ".join(step.split())[:60])
            continue
        spot = follow(root, path[:depth])
        is_item = spot.is_whole and isinstance(spot.node, Listing) and step < len(spot.node.items)
        words.append(str(spot.node.numbers[step] if is_item and isinstance(spot.node, Listing) else step + 1))
    return ".".join(words)


def plain(node: Node) -> Plain:
    """The values alone. A broken scalar is an empty text."""
    if isinstance(node, Scalar):
        return "" if node.is_broken else node.value
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return {key: plain(pair.value) for key, pair in node.pairs.items()}


def secrets(node: Node) -> tuple[str, ...]:
    """Every substituted value in it, each once, in order."""
    found: tuple[str, ...]
    if isinstance(node, Scalar):
        found = node.secrets
    elif isinstance(node, Listing):
        found = tuple(secret for item in node.items for secret in secrets(item))
    else:
        found = tuple(secret for pair in node.pairs.values() for secret in secrets(pair.value))
    return tuple(dict.fromkeys(found))
