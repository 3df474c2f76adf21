"""A configuration as it stands in its files: values that know their place.

Paths are keys and positions from zero, such as `("rules", 3, "query")`. In messages people count from one, and within
the file they are looking at: that path reads `rules.2.query` where the second rule of an included file is meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from monitor.config.scalars import Source, offset_of, position
from monitor.model.settings import Mark

Path: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"
Node: TypeAlias = "Scalar | Listing | Table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """One value. Its repr shows no value, which may be a secret."""

    mark: Mark
    value: str | int | float | bool | None
    source: Source | None = None
    written: str | None = None
    """after substitution: the text before"""
    origins: tuple[int, ...] = ()
    """after substitution: for each character, its index in `written`"""
    secrets: tuple[str, ...] = ()
    is_broken: bool = False
    """a mistake is already known here; what follows from it is none"""

    def __repr__(self) -> str:
        """Only where it stands."""
        return f"Scalar({self.mark})"

    def mark_at(self, index: int) -> Mark:
        """Where `value[index]` stands in the file; where the value starts if that cannot be said."""
        text = self.value
        if self.written is not None:
            index = self.origins[index] if 0 <= index < len(self.origins) else len(self.written)
            text = self.written
        offset = offset_of(self.source, text, index) if self.source and isinstance(text, str) else None
        if self.source is None or offset is None:
            return self.mark
        line, column = position(self.source.text, offset)
        return replace(self.mark, line=line, column=column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list. `numbers` says how people count each item in its own file."""

    mark: Mark
    items: tuple[Node, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A key and its value; `mark` is the key's."""

    mark: Mark
    value: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A mapping. Its mark is that of its first key, or of the brace before it."""

    mark: Mark
    pairs: Mapping[str, Pair]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What a path leads to."""

    node: Node
    """the deepest value that exists on the path"""
    key: Mark
    """where the key of it stands; the value itself where it has none"""
    is_whole: bool
    """the path exists to its end"""


def follow(root: Node, path: Path) -> Spot:
    """Go along `path` as far as it exists."""
    node, key = root, root.mark
    for step in path:
        if isinstance(node, Table) and isinstance(step, str) and step in node.pairs:
            pair = node.pairs[step]
            node, key = pair.value, pair.mark
        elif isinstance(node, Listing) and isinstance(step, int) and 0 <= step < len(node.items):
            node = node.items[step]
            key = node.mark
        else:
            return Spot(node=node, key=key, is_whole=False)
    return Spot(node=node, key=key, is_whole=True)


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
