"""The main file and those it includes, as one tree. Lists are joined; anything else may be said only once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from monitor.config.document import Document, read
from monitor.config.substitution import Sources, substitute
from monitor.config.tree import Listing, Pair, Scalar, Table, secrets, spelled
from monitor.model.settings import Mark, Mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All files as one tree."""

    root: Table | None
    """None: not even the main file can be read"""
    is_complete: bool
    """False: a file is missing from it, so that nothing follows from what is not there"""
    files: tuple[Path, ...]
    mistakes: tuple[Mistake, ...]
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """every substituted value, each once"""


def gather(main: Path, sources: Sources, instead: Mapping[Path, Document] | None = None) -> Gathered:
    """Read `main` and what it includes; `instead`, by whole paths, is taken for what files say."""
    gathering = _Gathering(sources=sources, files=[main], instead=instead or {})
    root = gathering.read(main)
    if root is None:
        return gathering.done(None)
    merged = dict(root.pairs)
    include = merged.pop("include", None)
    for mark, name in gathering.included(root, include):
        added = gathering.include(main, mark, name)
        if added is not None:
            gathering.merge(merged, added)
    return gathering.done(replace(root, pairs=merged))


@dataclass(slots=True, kw_only=True)
class _Gathering:
    sources: Sources
    files: list[Path]
    instead: Mapping[Path, Document]
    mistakes: list[Mistake] = field(default_factory=list)
    secrets: dict[str, None] = field(default_factory=dict)
    is_complete: bool = True

    def done(self, root: Table | None) -> Gathered:
        return Gathered(
            root=root,
            is_complete=self.is_complete,
            files=tuple(self.files),
            mistakes=tuple(self.mistakes),
            secrets=tuple(self.secrets),
        )

    def note(self, mark: Mark, path: str, what: str) -> None:
        self.mistakes.append(Mistake(mark=mark, path=path, what=what))

    def read(self, path: Path) -> Table | None:
        document = self.instead.get(path.resolve()) or read(path)
        self.mistakes += document.mistakes
        if document.root is None:
            self.is_complete = False
            return None
        root, mistakes = substitute(document.root, self.sources)
        self.mistakes += mistakes
        if root is not document.root:
            self.secrets |= dict.fromkeys(secrets(root))
        return root

    def included(self, root: Table, include: Pair | None) -> list[tuple[Mark, str]]:
        """The names under `include:`, each with its place."""
        if include is None or (isinstance(include.value, Scalar) and include.value.value is None):
            return []
        if not isinstance(include.value, Listing):
            self.note(include.value.mark, "include", "expected a list of files")
            self.is_complete = False
            return []
        names = []
        for place, item in enumerate(include.value.items):
            if isinstance(item, Scalar) and isinstance(item.value, str) and not (item.is_broken or item.secrets):
                names.append((item.mark, item.value))
            else:
                self.is_complete = False
                if not (isinstance(item, Scalar) and item.is_broken):
                    self.note(item.mark, spelled(root, ("include", place)), "expected the name of a file, as it is")
        return names

    def include(self, main: Path, mark: Mark, name: str) -> Table | None:
        path = main.parent / name
        if "\0" in name or not path.is_file():
            self.is_complete = False
            self.note(mark, "include", "there is no such file beside this one")
            return None
        if any(path.samefile(known) for known in self.files):
            self.note(mark, "include", "this file is already read")
            return None
        self.files.append(path)
        root = self.read(path)
        if root is not None and "include" in root.pairs:
            self.note(root.pairs["include"].mark, "include", f"only the main file, {main.name}, includes others")
            return replace(root, pairs={key: pair for key, pair in root.pairs.items() if key != "include"})
        return root

    def merge(self, merged: dict[str, Pair], added: Table) -> None:
        for key, pair in added.pairs.items():
            before = merged.get(key)
            if before is None or _is_empty(before):
                merged[key] = pair
            elif isinstance(before.value, Listing) and isinstance(pair.value, Listing):
                merged[key] = replace(before, value=_joined(before.value, pair.value))
            elif not _is_empty(pair):
                first = f"{before.mark.file}:{before.mark.line}:{before.mark.column}"
                self.note(pair.mark, key, f"said twice, first at {first}")


def _is_empty(pair: Pair) -> bool:
    return isinstance(pair.value, Scalar) and pair.value.value is None and not pair.value.is_broken


def _joined(one: Listing, other: Listing) -> Listing:
    return replace(one, items=one.items + other.items, numbers=one.numbers + other.numbers)
