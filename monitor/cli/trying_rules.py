"""`tocsin try rules`: the configured rules on stories from a JSON Lines file, a line at a time."""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from monitor.app.examine import examined
from monitor.cli.options import Config, Json, config_path
from monitor.cli.output import say, show_json_line, warn
from monitor.errors import UsageError
from monitor.model.entries import Text
from monitor.model.rules import Evidence, View

_DATA = 65
_MOST_COMPLAINTS = 20


def try_rules(
    *,
    on: Annotated[Path, Parameter(name="--on", help="JSON Lines: id, outlet, link, title, summary, body, published, lang.")],
    config: Config = None,
    as_json: Json = False,
) -> int:
    """Match the rules of a configuration on stories from a file: one line a match.

    Fields that are not known are passed over; lines that are no story are reported with their number, and the rest
    goes on; the exit code then is 65.

    Example: tocsin try rules --config config --on stories.jsonl --json
    """
    ruleset = examined(config_path(config), os.environ).watch.ruleset
    stories = matches = mistakes = 0
    for number, story in _lines(on):
        if isinstance(story, str):
            mistakes += 1
            if mistakes <= _MOST_COMPLAINTS:
                warn(f"{on}:{number}: {story}")
            continue
        stories += 1
        name, view = story
        for match in ruleset.match(view):
            matches += 1
            evidence = [_evidence(view.text, one) for one in match.evidence]
            if as_json:
                show_json_line({"id": name, "rule": match.rule, "evidence": evidence})
            else:
                words = ", ".join(dict.fromkeys(f"{one['field']}: {one['text']}" for one in evidence))
                say(f"{name}\t{match.rule}\t{words}\t{' '.join(view.text.title.split())}")
    warn(f"{stories} stories, {matches} matches" + (f", {mistakes} lines that are no story" if mistakes else ""))
    return _DATA if mistakes else 0


def _lines(path: Path) -> Iterator[tuple[int, tuple[str, View] | str]]:
    """Line number with story and id, or with what is wrong."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, _story(line, number)
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise UsageError(message) from error


def _story(line: str, number: int) -> tuple[str, View] | str:
    try:
        facts = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}".splitlines()[0]
    if not isinstance(facts, Mapping):
        return "not a JSON object"
    wrong = [key for key in ("title", "summary", "body") if not isinstance(facts.get(key, "") or "", str)]
    if wrong:
        return f"{wrong[0]} is not a text"
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
    return str(facts.get("id", number)), view


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


def _evidence(text: Text, one: Evidence) -> dict[str, object]:
    words = getattr(text, one.field, "")
    return {
        "field": one.field,
        "start": one.start,
        "end": one.end,
        "text": words[one.start : one.end] if isinstance(words, str) else "",
        "part": one.part,
    }
