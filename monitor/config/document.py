"""One YAML 1.2 file as a tree: safe (no tags, no objects), bounded, every key and value with its place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import assert_never

from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from monitor.config.quick import DEEPEST, quickly
from monitor.config.scalars import Page, position
from monitor.config.tree import Listing, Node, Pair, Scalar, Table
from monitor.model.settings import Mark, Mistake

LARGEST = 5_000_000
"""bytes of one file: forty thousand outlets"""
BIG = 50_000
"""characters from which on it is worth while to try the quick reader first"""
_MOST_ALIASED = 10_000
"""values reached through aliases, in one file: nested aliases double with every line"""
_CORE = "tag:yaml.org,2002:"
_ALLOWED = frozenset(
    _CORE + kind for kind in ("null", "bool", "int", "float", "str", "seq", "map", "timestamp", "merge")
)

_OLDER = re.compile(r"^%YAML[ \t]+(?!1\.2\b)", re.MULTILINE)
"""a directive under which `no` would not be a word"""

YamlNode = ScalarNode | SequenceNode | MappingNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file: what could be read of it, and what is wrong with it. `root` None: nothing could be."""

    name: str
    root: Table | None
    mistakes: tuple[Mistake, ...] = ()


def read(path: Path) -> Document:
    """The file's tree. Whatever stands in the file or becomes of it, this raises nothing."""
    name = str(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        return _unreadable(name, f"cannot be read: {error.strerror or 'input/output error'}")
    if len(content) > LARGEST:
        return _unreadable(name, f"larger than {LARGEST // 1_000_000} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        return _unreadable(name, "not UTF-8", *position(before, len(before)))
    return parse(text, name)


def parse(text: str, name: str) -> Document:
    """The tree of `text`; a syntax error is one mistake at its place."""
    page = Page(file=name, text=text.replace("\r\n", "\n"))
    if len(page.text) >= BIG and (root := quickly(page, _value)) is not None:
        return Document(name=name, root=root)
    node = _composed(page.text, name)
    if isinstance(node, Document):
        return node
    if node is None:
        return Document(name=name, root=Table(page=page, start=0, pairs={}))
    growing = _Growing(page=page)
    tree = growing.grow(node)
    if isinstance(tree, Table):
        return Document(name=name, root=tree, mistakes=tuple(growing.mistakes))
    growing.mistake(tree.mark, "expected keys such as outlets: and rules:")
    return Document(name=name, root=None, mistakes=tuple(growing.mistakes))


def _composed(text: str, name: str) -> YamlNode | Document | None:
    """The YAML library's own tree (None: there is nothing but comments), or what is wrong with the syntax."""
    if older := _OLDER.search(text):
        return _unreadable(name, "only YAML 1.2 is read", *position(text, older.start()))
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = DEEPEST
    yaml.composer.warn_double_anchors = False  # YAML allows an anchor to be set again
    try:
        node: YamlNode | None = yaml.compose(text)
    except MaxDepthExceededError as error:
        return _refused(name, text, error, "nested too deeply")
    except YAMLError as error:
        return _refused(name, text, error, "not YAML")
    except (ValueError, RecursionError):
        return _unreadable(name, "not YAML: something in it that the parser cannot bear")
    return node


def _unreadable(name: str, what: str, line: int = 1, column: int = 1) -> Document:
    mark = Mark(file=name, line=line, column=column)
    return Document(name=name, root=None, mistakes=(Mistake(mark=mark, path="", what=what),))


def _refused(name: str, text: str, error: YAMLError, what: str) -> Document:
    if isinstance(error, ReaderError):
        line, column = position(text, int(error.position))
        return _unreadable(name, f"{what}: a control character is not allowed", line, column)
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    problem = error.problem if isinstance(error, MarkedYAMLError) and what == "not YAML" else None
    if problem == "but found another document":
        problem = "more than one document in a file"
    said = f"{what}: {' '.join(str(problem).split())}" if problem else what
    return _unreadable(name, said, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)


@dataclass(slots=True, kw_only=True)
class _Growing:
    """Turns YAML nodes into ours, and notes what it refuses."""

    page: Page
    mistakes: list[Mistake] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)
    _open: set[int] = field(default_factory=set)
    _aliased: int = 0
    _depth_of_aliases: int = 0

    def mistake(self, mark: Mark, what: str) -> None:
        """Note what is wrong."""
        self.mistakes.append(Mistake(mark=mark, path="", what=what))

    def grow(self, node: YamlNode) -> Node:
        """Our tree of a YAML node; aliases are written out, within a bound."""
        is_alias = id(node) in self._seen
        self._depth_of_aliases += is_alias
        try:
            if node_is_refused := self._refusal(node):
                return self._broken(node, node_is_refused)
            self._seen.add(id(node))
            self._open.add(id(node))
            return self._grown(node)
        finally:
            self._open.discard(id(node))
            self._depth_of_aliases -= is_alias

    def _refusal(self, node: YamlNode) -> str:
        if id(node) in self._open:
            return "an alias inside of what it stands for"
        if self._depth_of_aliases:
            self._aliased += 1
            if self._aliased > _MOST_ALIASED:
                return f"aliases stand for more than {_MOST_ALIASED:,} values"
        return "" if str(node.tag) in _ALLOWED else "tags are not allowed"

    def _broken(self, node: YamlNode, why: str) -> Scalar:
        start = node.start_mark.index
        if self._aliased <= _MOST_ALIASED + 1:  # once said is enough
            self.mistake(self.page.mark(start), why)
        return Scalar(page=self.page, start=start, end=start, value=None, is_broken=True)

    def _grown(self, node: YamlNode) -> Node:
        match node:
            case ScalarNode():
                return self._scalar(node)
            case SequenceNode():
                items = tuple(self.grow(item) for item in node.value)
                numbers = tuple(range(1, len(items) + 1))
                return Listing(page=self.page, start=node.start_mark.index, items=items, numbers=numbers)
            case MappingNode():
                return self._table(node)
            case _:
                assert_never(node)

    def _table(self, node: MappingNode) -> Table:
        pairs: dict[str, Pair] = {}
        for key, value in node.value:
            start = key.start_mark.index
            grown = self._hung(self.grow(value), start)
            if why := _refusal_of_key(key, pairs):
                self.mistake(self.page.mark(start), why)
            else:
                pairs[key.value] = Pair(page=self.page, start=start, value=grown)
        return Table(page=self.page, start=node.start_mark.index, pairs=pairs)

    def _hung(self, node: Node, key: int) -> Node:
        """A value that is not written stands, for YAML, somewhere below; people look at the key."""
        is_unwritten = isinstance(node, Scalar) and not node.is_broken and node.start == node.end
        return Scalar(page=self.page, start=key, end=key, value=None) if is_unwritten else node

    def _scalar(self, node: ScalarNode) -> Scalar:
        start, end = node.start_mark.index, node.end_mark.index
        try:
            return Scalar(page=self.page, start=start, end=end, value=_value(str(node.tag), node.value))
        except ValueError:
            return self._broken(node, "not a value of the kind its tag says")


def _refusal_of_key(key: YamlNode, before: Mapping[str, Pair]) -> str:
    if not isinstance(key, ScalarNode):
        return "a key must be a word"
    if str(key.tag) == f"{_CORE}merge":
        return "<< is no part of YAML 1.2: write the keys out"
    first = before.get(key.value)
    return f"the same key again, first at line {first.mark.line}" if first else ""


def _value(tag: str, text: str) -> str | int | float | bool | None:
    """The value that YAML 1.2's core schema gives `text`. Raises ValueError."""
    match tag.removeprefix(_CORE):
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return int(text, 0 if text.lower().lstrip("+-").startswith(("0x", "0o", "0b")) else 10)
        case "float":
            return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        case _:
            return text  # dates too: nothing of ours is a date
