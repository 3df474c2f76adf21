"""Where the number of entries differs from plain feedparser's, and the likely reason."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import feedparser

from tests.benchmarks.truth import Item, read_capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One feed. `is_explained` False: somebody should look."""

    file: str
    ours: int
    plain: int
    reason: str
    is_explained: bool = True
    detail: str = ""


def compare(
    files: Sequence[Path], outcomes: Mapping[str, tuple[int, str]], counted: Mapping[str, int]
) -> tuple[Difference, ...]:
    """All differences. `outcomes`: file name → entries and reason of failure; `counted`: plain feedparser's."""
    found = []
    for file in files:
        ours, failure = outcomes[file.name]
        body = file.read_bytes()
        plain = counted[file.name] if file.name in counted else _count(body)
        if ours != plain:
            found.append(_explained(file.name, ours, plain, failure, body))
    return tuple(found)


def distinct(items: Sequence[Item]) -> int:
    """How many entries there are by what names them: id, else link, else words; a name that two share names neither."""
    items = tuple(dict.fromkeys(items))
    ids, links = [item.id for item in items], [item.link for item in items]
    names = {
        item.id
        if item.id and ids.count(item.id) == 1
        else item.link
        if item.link and links.count(item.link) == 1
        else item.words
        for item in items
    }
    return len(names)


def _explained(file: str, ours: int, plain: int, failure: str, body: bytes) -> Difference:
    def difference(reason: str, *, is_explained: bool = True, detail: str = "") -> Difference:
        return Difference(file=file, ours=ours, plain=plain, reason=reason, is_explained=is_explained, detail=detail)

    if failure:
        return difference("failed", is_explained=not plain, detail=failure)
    if body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return difference("JSON Feed, which feedparser does not read")
    items = read_capture(body)
    different = distinct(items)
    if ours == different:
        return difference(
            "entries repeated in the document count once", detail=f"({plain - different} of {plain} are repetitions)"
        )
    if ours == different - 1 and _is_broken(body):
        return difference("the document is broken off in its last entry, which is not used")
    return difference("unknown", is_explained=False, detail=f"({different} by id, link or words)")


def _count(body: bytes) -> int:
    return len(_parsed(body).entries)


def _is_broken(body: bytes) -> bool:
    return bool(_parsed(body).bozo)


def _parsed(body: bytes) -> feedparser.FeedParserDict:
    return feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
