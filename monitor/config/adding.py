"""Outlets added to a configuration file, with every byte that stood there before left as it is.

The new lines are put in behind the last outlet as text: a YAML library that writes a file anew decides about quotes,
blanks and line breaks itself. That nothing else has changed its meaning is proven before anything is written: the tree
of the new text must be the tree of the old one with the outlets at the end of their list.
"""

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from monitor.config.document import LARGEST, Document, parse
from monitor.config.duration import spell
from monitor.config.section import Place, Stretch, stretches
from monitor.config.shape.outlets import Outlet
from monitor.config.tree import Plain, plain
from monitor.config.writing import indented, outlet_line, outlets_document
from monitor.errors import ConfigurationError, OutputUnwritable
from monitor.model.settings import FeedSpec, OutletSpec

_SECTION = "outlets"
_BOM = "\ufeff"
_LONE_RETURN = re.compile(r"\r(?!\n)")
"""a line break to YAML, and to nobody who counts lines"""
_PASTE = "use --print, and paste"
_TRIES = 5
"""at a file that others change"""


def flaw(outlet: OutletSpec) -> str:
    """What the configuration would not take of an outlet; empty: it fits. Shows no value."""
    try:
        Outlet.model_validate(_plain_outlet(outlet))
    except ValidationError as error:
        what = error.errors(include_url=False, include_input=False, include_context=False)[0]["msg"]
        return what[:1].lower() + what[1:]
    return ""


def add_outlets(
    path: Path, outlets: Sequence[OutletSpec], agree: Callable[[Mapping[Path, Document]], object] | None = None
) -> None:
    """Add outlets to a file in one step. Raises ConfigurationError or OutputUnwritable; then it is as it was.

    `agree` gets what the file would say, by its whole path, before it is written, and raises where that is wrong. What
    somebody saves meanwhile is read anew: to look at a large configuration takes seconds, and no change may be lost.
    """
    path = path.resolve()  # the file behind a symbolic link, not the link
    try:
        for _ in range(_TRIES):
            before = _content(path)
            after, document = with_outlets(before, str(path), outlets)
            if agree:
                agree({path: document})
            if _replace(path, before, after):
                return
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}; use --print and paste"
        raise OutputUnwritable(message) from error
    message = f"cannot write {path}: somebody else changes it again and again; try once more"
    raise OutputUnwritable(message)


def _content(path: Path) -> str:
    with path.open("r", encoding="utf-8", newline="") as file:
        return file.read()


def with_outlets(text: str, name: str, outlets: Sequence[OutletSpec]) -> tuple[str, Document]:
    """A configuration file with outlets behind those it has: its text, and as it is read. Raises ConfigurationError."""
    if _LONE_RETURN.search(text):
        raise _refused(name, f"lines that end with a carriage return alone cannot be added to: {_PASTE}")
    before = parse(text.removeprefix(_BOM), name)
    if before.root is None or before.mistakes:
        raise ConfigurationError(tuple(str(one) for one in before.mistakes))
    lines = text.removeprefix(_BOM).split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    expected = _expected(plain(before.root), outlets)
    plain_text = text.removeprefix(_BOM).replace("\r\n", "\n")
    ways = (way for found in stretches(plain_text, _SECTION) for way in _added(lines, found, outlets, end))
    for changed in ways:
        new = "\n".join(changed)
        if len(new.encode()) > LARGEST:
            what = f"it would be larger than {LARGEST // 1_000_000} MB"
            raise _refused(name, f"{what}: write a file of its own with --print, and include it")
        after = parse(new, name)
        if after.root is not None and not after.mistakes and plain(after.root) == expected:
            return text[: text.startswith(_BOM)] + new, after
    raise _refused(name, f"outlets cannot be added to a file written like this: {_PASTE}")


def _added(lines: list[str], section: Stretch | None, outlets: Sequence[OutletSpec], end: str) -> Iterator[list[str]]:
    """The lines with the new ones among them, in ways of which one is right; in a shape not foreseen, none is."""
    if section is None:
        kept = lines if lines[-1] else lines[:-1]
        gap = [end] if kept and kept[-1].strip() else []
        yield [*kept, *gap, *(line + end for line in outlets_document(outlets).split("\n")[:-1]), ""]
        return
    if section.is_in_brackets:
        written = ", ".join(map(outlet_line, outlets))
        yield _added_in_brackets(lines, section.end, written, end)  # the list is empty, or ends with a comma
        yield _added_in_brackets(lines, section.end, f", {written}", end)
        return
    if section.is_list:
        column = section.first.column if section.first else 0
        dash = _dash_before(lines[section.start.line], column, section.start.column)
        # Behind a list stands the next key, or the end of the file: on the last line even, where that is not ended.
        is_end = section.end.line == len(lines) - 1 and section.end.column >= len(lines[-1].rstrip("\r"))
        last = _last_line(lines, section.end.line + is_end, dash)
    else:
        dash, last = section.key.column + 2, section.key.line
    new = [line + end for line in indented(outlets, dash)]
    if last == len(lines) - 1:  # it has no line end yet
        yield [*lines[:last], lines[last].removesuffix("\r") + end, *new, ""]
    else:
        yield [*lines[: last + 1], *new, *lines[last + 1 :]]


def _dash_before(line: str, column: int, default: int) -> int:
    """Where the dash of the first item stands."""
    dash = line.rfind("-", 0, column)
    return dash if dash >= 0 and not line[:dash].strip() else default


def _last_line(lines: Sequence[str], until: int, dash: int) -> int:
    """The last line of a list that ends before line `until`, with the comments that stand deeper than its dashes."""
    last = until - 1
    while last > 0 and _says_nothing(lines[last]):
        last -= 1
    for number in range(last + 1, until):
        line = lines[number]
        if line.lstrip().startswith("#") and len(line) - len(line.lstrip()) > dash:
            last = number
        elif line.strip():
            break
    return last


def _says_nothing(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _added_in_brackets(lines: list[str], behind: Place, written: str, end: str) -> list[str]:
    place, column = behind.line, behind.column - 1
    head, tail = lines[place][:column], lines[place][column:]
    if not head.strip():
        return [*lines[:place], f"{head}  {written}{end}", *lines[place:]]
    return [*lines[:place], f"{head.rstrip()}{written}{tail}", *lines[place + 1 :]]


def _expected(before: Plain, outlets: Sequence[OutletSpec]) -> Plain:
    """What the new tree must be."""
    known = before if isinstance(before, dict) else {}
    had = known.get(_SECTION)
    listed: list[Plain] = had if isinstance(had, list) else []
    return {**known, _SECTION: [*listed, *map(_written_outlet, outlets)]}


def _written_outlet(outlet: OutletSpec) -> Plain:
    return _escaped(_plain_outlet(outlet))


def _escaped(value: Plain) -> Plain:
    """As it stands in a file, where `$${` is how to write `${`."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, list):
        return [_escaped(one) for one in value]
    return {key: _escaped(one) for key, one in value.items()} if isinstance(value, dict) else value


def _plain_outlet(outlet: OutletSpec) -> dict[str, Plain]:
    facts: dict[str, Plain] = {"name": outlet.name}
    if outlet.publisher:
        facts["publisher"] = outlet.publisher
    if outlet.language:
        facts["language"] = outlet.language
    if outlet.tags:
        facts["tags"] = list(outlet.tags)
    return {**facts, "feeds": [_plain_feed(feed) for feed in outlet.feeds]}


def _plain_feed(feed: FeedSpec) -> Plain:
    return {"url": feed.url} if feed.every is None else {"url": feed.url, "every": spell(feed.every)}


def _refused(name: str, what: str) -> ConfigurationError:
    return ConfigurationError((f"{name}: {what}",))


def _replace(path: Path, before: str, text: str) -> bool:
    """Whole or not at all, whenever the power fails; owner and rights stay. False: it is not as it was `before`."""
    had = path.stat()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    scratch = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fchmod(file.fileno(), had.st_mode & 0o7777)
            with suppress(PermissionError):  # only root can give files away; others have just their own
                os.fchown(file.fileno(), had.st_uid, had.st_gid)
            os.fsync(file.fileno())
        is_same = _content(path) == before
        if is_same:
            scratch.replace(path)
        else:
            scratch.unlink()
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise
    return is_same
