"""`tocsin try rules`: the configured rules on stories from a file, a line at a time: JSON Lines, or plain headlines."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TextIO

from cyclopts import Parameter

from monitor.app.examine import examined
from monitor.app.rulebook import rule_named
from monitor.cli.options import ANYWHERE, Json, Places
from monitor.cli.output import cell, in_reading_order, is_terminal, say, show_json_line, warn
from monitor.cli.progress import counting
from monitor.errors import InputUnreadable
from monitor.model.entries import Text
from monitor.model.rules import Evidence, View

_DATA = 65
_MOST_COMPLAINTS = 20
_LONGEST_LINE = 10_000_000  # characters; a file without line ends must not fill the memory


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    """A line that can be judged; `id` as the file has it, else the number of the line."""

    id: str | int | float
    view: View


def try_rules(
    *,
    on: Annotated[Path, Parameter(name="--on", help="The file of stories, or /dev/stdin.")],
    rules: Annotated[
        tuple[str, ...], Parameter(name="--rules", show_default=False, help="Only these rules; else all of them.")
    ] = (),
    places: Places = ANYWHERE,
    as_json: Json = False,
) -> int:
    """Match the rules on stories from a file, one line a match.

    Raises ConfigurationError, InputUnreadable, UsageError for an unknown rule.
    """
    plan = examined(places.find_config(), os.environ)
    ruleset = plan.watch.ruleset
    wanted = {ruleset.names[rule_named(plan, name)] for name in rules} or {*ruleset.names}
    stories = matches = mistakes = 0
    for number, story in stories_in(on):
        if isinstance(story, str):
            mistakes += 1
            if mistakes <= _MOST_COMPLAINTS:
                warn(f"{on}:{number}: {story}")
            continue
        stories += 1
        for match in ruleset.match(story.view):
            if match.rule not in wanted:
                continue
            matches += 1
            evidence = [_facts(story.view.text, one) for one in in_reading_order(match.evidence)]
            if as_json:
                show_json_line({"id": story.id, "rule": match.rule, "evidence": evidence})
            else:
                words = dict.fromkeys(f"{one['field']}: {one['text'] or one['part']}" for one in evidence)
                say("\t".join(map(cell, (story.id, match.rule, ", ".join(words), story.view.text.title))))
    bad = f", {mistakes} lines that are no story" if mistakes else ""
    warn(f"{stories} stories, {matches} matches{bad}")
    return _DATA if mistakes else 0


def stories_in(path: Path) -> Iterator[tuple[int, _Story | str]]:
    """Line number with a story, or with what is wrong; never more than one line of the file is held.

    A file whose first line with anything in it begins no JSON object has a headline on each line.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            # Where the answers go to the terminal as well, they show by themselves that the work goes on.
            is_watched = not is_terminal()
            with counting("matching", os.fstat(file.fileno()).st_size, is_wanted=is_watched) as advance:
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


def _story(line: str, number: int) -> _Story | str:
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
    return _Story(id=name if isinstance(name, str | int | float) else number, view=view)


def _headline(words: str, number: int) -> _Story:
    return _Story(id=number, view=View(text=Text(title=words)))


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


def _facts(text: Text, one: Evidence) -> dict[str, object]:
    """Evidence with the words it points at; other fields than the text have no stored words to point at."""
    words = getattr(text, one.field, "")
    return {
        "field": one.field,
        "start": one.start,
        "end": one.end,
        "text": words[one.start : one.end],
        "part": one.part,
    }
