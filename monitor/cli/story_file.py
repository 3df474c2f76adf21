"""Files of stories, a line at a time: JSON Lines, or plain headlines."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from monitor.cli.output import warn
from monitor.cli.progress import counting
from monitor.errors import InputUnreadable
from monitor.model.entries import Text
from monitor.model.rules import View

_MOST_COMPLAINTS = 20
_LONGEST_LINE = 10_000_000  # characters; a file without line ends must not fill the memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A line that can be judged; `id` as the file has it, else the number of the line."""

    id: str | int | float
    view: View
    given_id: str = ""
    """the id that the file gives; empty: none"""
    seen_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Complaints:
    """Lines that are no story: the first ones are told, all are counted."""

    path: Path
    count: int = 0

    def add(self, number: int, what: str) -> None:
        """Tell of one more."""
        self.count += 1
        if self.count <= _MOST_COMPLAINTS:
            warn(f"{self.path}:{number}: {what}")

    def __str__(self) -> str:
        """What a summary ends in; empty where every line was good."""
        return f", {self.count} lines that are no story" if self.count else ""


def stories_in(path: Path, what: str, *, is_watched: bool) -> Iterator[tuple[int, Story | str]]:
    """Line number with a story, or with what is wrong; never more than one line of the file is held.

    A file whose first line with anything in it begins no JSON object has a headline on each line. Where somebody
    watches, a bar shows how far `what` is done. Raises InputUnreadable.
    """
    try:
        with (
            path.open(encoding="utf-8-sig", errors="replace") as file,
            counting(what, os.fstat(file.fileno()).st_size, is_wanted=is_watched) as advance,
        ):
            is_json: bool | None = None
            for number, line in enumerate(_lines(file), 1):
                advance(len((line or "").encode("utf-8", "surrogatepass")))
                if line is None:
                    yield number, f"longer than {_LONGEST_LINE:,} characters"
                elif words := line.strip():
                    is_json = words.startswith(("{", "[")) if is_json is None else is_json
                    yield number, _story(line, number) if is_json else _headline(words, number)
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise InputUnreadable(message) from error


def _lines(file: TextIO) -> Iterator[str | None]:
    """The lines, None for one that is too long."""
    while line := file.readline(_LONGEST_LINE):
        if len(line) < _LONGEST_LINE or line.endswith("\n"):
            yield line
            continue
        while line and not line.endswith("\n"):
            line = file.readline(_LONGEST_LINE)
        yield None


def _story(line: str, number: int) -> Story | str:
    try:
        facts = json.loads(line)
    except json.JSONDecodeError as error:
        return f"not JSON: {error.msg} at column {error.colno}"
    except (ValueError, RecursionError):
        return "not JSON that can be read: a number too long, or nested too deep"
    if not isinstance(facts, Mapping):
        return "not a JSON object"
    wrong = [key for key in ("title", "summary", "body") if not isinstance(facts.get(key, "") or "", str)]
    if wrong:
        return f"{wrong[0]} is not a text"
    name = facts.get("id")
    view = View(
        text=Text(title=_text(facts, "title"), summary=_text(facts, "summary"), body=_text(facts, "body")),
        outlets=_names(facts.get("outlet")),
        tags=_names(facts.get("tags")),
        language=_text(facts, "lang").partition("-")[0].lower(),
        link=_text(facts, "link"),
        authors=_names(facts.get("authors")),
        categories=_names(facts.get("categories")),
        published_at=_moment(_text(facts, "published")),
    )
    return Story(
        id=name if isinstance(name, str | int | float) else number,
        view=view,
        given_id=str(name) if isinstance(name, str | int | float) else "",
        seen_at=_unix(facts.get("seen")),
    )


def _headline(words: str, number: int) -> Story:
    return Story(id=number, view=View(text=Text(title=words)))


def _text(facts: Mapping[str, object], key: str) -> str:
    """The words as they stand: offsets of evidence count in what the file says."""
    value = facts.get(key)
    return value if isinstance(value, str) else ""


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _unix(value: object) -> datetime | None:
    """A moment in seconds since 1970; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
