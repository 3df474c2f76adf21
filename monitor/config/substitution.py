"""`${NAME}`, `${file:/path}` and `${credential:NAME}` in texts: how secrets stay out of the files."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.config.scalars import Page
from monitor.config.tree import Listing, Node, Scalar, Substituted, Table, spelled
from monitor.config.tree import Path as TreePath
from monitor.model.settings import Mark, Mistake

LARGEST = 64_000
"""bytes of one substituted file"""

_PLACE = re.compile(r"\$\$\{|\$\{([^{}\n]*)\}|\$\{")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CREDENTIAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]*")
_FORMS = "write ${NAME}, ${file:PATH} or ${credential:NAME}, and $${ for the characters ${ themselves"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where values come from. Relative paths of `${file:…}` start in `folder`, that of the main file."""

    environment: Mapping[str, str]
    folder: Path

    def look_up(self, what: str) -> "Found | Missing":
        """The value that the inside of `${…}` stands for."""
        kind, colon, name = what.partition(":")
        if colon and kind == "file" and name:
            return _read(self.folder / name, f"${{file:{name}}}")
        if colon and kind == "credential" and _CREDENTIAL.fullmatch(name):
            return self._credential(name) or Missing(f"there is no credential {name}")
        if _NAME.fullmatch(what):
            return self._variable(what)
        return Missing(f"not understood: {_FORMS}")

    def _variable(self, name: str) -> "Found | Missing":
        value = self.environment.get(name)
        if value is None:
            return self._credential(name) or Missing(
                f"the environment variable {name} is not set, nor is there a credential of that name"
            )
        return Found(value) if value else Missing(f"the environment variable {name} is empty")

    def _credential(self, name: str) -> "Found | Missing | None":
        folder = self.environment.get("CREDENTIALS_DIRECTORY")
        if not folder or not (Path(folder) / name).exists():
            return None
        return _read(Path(folder) / name, f"the credential {name}")


@dataclass(frozen=True, slots=True)
class Found:
    """A value; not shown in its repr."""

    value: str

    def __repr__(self) -> str:
        """Without the value."""
        return "Found(…)"


@dataclass(frozen=True, slots=True)
class Missing:
    """Why there is no value."""

    why: str


def substitute(root: Table, sources: Sources) -> tuple[Table, tuple[Mistake, ...]]:
    """The tree of one file with every `${…}` in a value replaced, and a mistake for each that cannot be."""
    if not may_have_places(root.page):
        return root, ()
    mistakes: list[Mistake] = []

    def note(path: TreePath, mark: Mark, what: str) -> None:
        mistakes.append(Mistake(mark=mark, path=spelled(root, path), what=what))

    filled = _filled(root, (), sources, note)
    return (filled if isinstance(filled, Table) else root), tuple(mistakes)


def may_have_places(page: Page) -> bool:
    """Whether a value of the file may have a `${…}` in it; an escape may stand for a part of that."""
    return "${" in page.text or "\\" in page.text


def _filled(node: Node, path: TreePath, sources: Sources, note: Callable[[TreePath, Mark, str], None]) -> Node:
    # What holds no `${…}` comes back as it is: a copy of a hundred thousand outlets takes a second.
    match node:
        case Table():
            changed = {
                key: replace(pair, value=filled)
                for key, pair in node.pairs.items()
                if (filled := _filled(pair.value, (*path, key), sources, note)) is not pair.value
            }
            return replace(node, pairs={**node.pairs, **changed}) if changed else node
        case Listing():
            items = tuple([_filled(item, (*path, place), sources, note) for place, item in enumerate(node.items)])
            is_same = all(map(operator.is_, items, node.items))
            return node if is_same else replace(node, items=items)
        case Scalar():
            return _filled_scalar(node, sources, lambda mark, what: note(path, mark, what))


def _filled_scalar(node: Scalar, sources: Sources, note: Callable[[Mark, str], None]) -> Scalar:
    text = node.value
    if not isinstance(text, str) or "${" not in text:
        return node
    pieces: list[str] = []
    origins: list[int] = []
    secrets: list[str] = []
    is_broken, at = False, 0
    for place in _PLACE.finditer(text):
        found = Found("${") if place[0] == "$${" else sources.look_up(place[1] or "")
        if isinstance(found, Missing):
            note(node.mark_at(place.start()), found.why)
            is_broken = True
            continue
        pieces += (text[at : place.start()], found.value)
        origins += [*range(at, place.start()), *[place.start()] * len(found.value)]
        secrets += () if place[0] == "$${" else (found.value,)
        at = place.end()
    value = "".join((*pieces, text[at:]))
    origins += range(at, len(text))
    filled = Substituted(written=text, origins=tuple(origins), secrets=tuple(secrets))
    return replace(node, substituted=filled, value=text if is_broken else value, is_broken=is_broken)


def _read(path: Path, shown: str) -> Found | Missing:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode().removesuffix("\n").removesuffix("\r")
    except OSError as error:
        return Missing(f"{shown} cannot be read: {error.strerror or 'input/output error'}")
    except ValueError:
        return Missing(f"{shown} is not UTF-8 text")
    if len(content) > LARGEST:
        return Missing(f"{shown} is larger than {LARGEST // 1000} kB")
    return Found(text) if text else Missing(f"{shown} is empty")
