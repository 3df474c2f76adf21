"""`tocsin try rules`: the configured rules on stories from a file, a line at a time: JSON Lines, or plain headlines."""

import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from monitor.app.examine import examined
from monitor.app.rulebook import rule_named
from monitor.cli.options import ANYWHERE, Json, Places
from monitor.cli.output import cell, in_reading_order, is_terminal, say, show_json_line, warn
from monitor.cli.story_file import Complaints, stories_in
from monitor.model.entries import Text
from monitor.model.rules import Evidence

_DATA = 65


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
    stories = matches = 0
    complaints = Complaints(path=on)
    # Where the answers go to the terminal as well, they show by themselves that the work goes on.
    for number, story in stories_in(on, "matching", is_watched=not is_terminal()):
        if isinstance(story, str):
            complaints.add(number, story)
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
    warn(f"{stories} stories, {matches} matches{complaints}")
    return _DATA if complaints.count else 0


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
