"""`tocsin rules list`, `tocsin rules test` and `tocsin rules explain`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from monitor.app.examine import Plan, examined
from monitor.app.hearing import hearers
from monitor.app.rulebook import Compiled, compiled, judge, rule_named, single_rule, spelled
from monitor.cli.options import ANYWHERE, Json, Places, examined_if_any
from monitor.cli.output import in_reading_order, say, show_json, show_rows
from monitor.cli.story_file import stories_in
from monitor.errors import UsageError
from monitor.model.entries import Text
from monitor.model.rules import RuleSpec, View
from monitor.rules.reading import Reading

_NO_MATCH = 1


def list_rules(*, places: Places = ANYWHERE, as_json: Json = False) -> None:
    """The rules, their queries and what they are limited to. Raises ConfigurationError."""
    plan = examined(places.find_config(), os.environ)
    if as_json:
        show_json([_facts(plan, number) for number in range(len(plan.watch.ruleset.rules))])
        return
    rows = [
        (rule.name, rule.priority.value, _heard(plan, rule), _limits(rule) or None, rule.query)
        for rule in plan.settings.rules
    ]
    columns = ("name", "priority", "channels", "limited to", "query")
    show_rows(columns, rows, empty="no rules", stacked=("query", "limited to"))


def try_out(
    *words: Annotated[str, Parameter(help="NAME HEADLINE; with --query only the headline.")],
    query: Annotated[str, Parameter(name="--query", show_default=False, help="A query instead of a rule.")] = "",
    summary: Annotated[str, Parameter(name="--summary", show_default=False, help="The text below the headline.")] = "",
    lang: Annotated[str, Parameter(name="--lang", show_default=False, help="Its language, such as ru.")] = "",
    outlet: Annotated[str, Parameter(name="--outlet", show_default=False, help="Who says it.")] = "",
    tag: Annotated[tuple[str, ...], Parameter(name="--tag", show_default=False, help="Tags of the outlet.")] = (),
    places: Places = ANYWHERE,
    as_json: Json = False,
) -> int:
    """Say whether a rule matches a headline; 1 where it does not. Raises ConfigurationError, UsageError."""
    if len(words) != (1 if query else 2):
        message = (
            "give --query QUERY and one headline" if query else "give the name of a rule and one headline, in quotes"
        )
        raise UsageError(message)
    if query:
        rule = single_rule(query, examined_if_any(places))
    else:
        plan = examined(places.find_config(), os.environ)
        rule = plan.watch.ruleset.rules[rule_named(plan, words[0])]
    text = Text(title=words[-1], summary=summary)
    view = View(text=text, language=lang, outlets=(outlet,) if outlet else (), tags=tag)
    judgement = judge(rule, view)
    verdict = judgement.verdict
    if as_json:
        facts = {"matched": verdict.matched, "failed": verdict.failed, "evidence": verdict.evidence}
        show_json(facts | {"near_misses": judgement.near_misses})
    elif verdict.matched:
        say(f"matches: {', '.join(f'{one.part} in {one.field}' for one in in_reading_order(verdict.evidence))}")
    else:
        say(f"does not match: {verdict.failed}")
        for near in judgement.near_misses:
            say(f"nearly: {near}")
    return 0 if verdict.matched else _NO_MATCH


def explain(
    name: Annotated[str, Parameter(name="NAME", help="The rule.")],
    /,
    *,
    on: Annotated[
        Path | None, Parameter(name="--on", help="A JSON Lines file of stories, to count how many it is looked at for.")
    ] = None,
    places: Places = ANYWHERE,
    as_json: Json = False,
) -> None:
    """What a rule was compiled to and what it costs. Raises ConfigurationError, UsageError, InputUnreadable."""
    plan = examined(places.find_config(), os.environ)
    number = rule_named(plan, name)
    rule = compiled(plan, number)
    counts = _counts(plan, number, on) if on else None
    if as_json:
        share = dict(zip(("stories", "looked_at", "matches"), counts, strict=True)) if counts else None
        show_json(_facts(plan, number) | {"cost": share})
        return
    for line in _told(rule, _heard(plan, rule.spec)):
        say(line)
    if counts:
        stories, looked_at, matches = counts
        percent = 100 * looked_at / stories if stories else 0
        say(f"cost: looked at for {looked_at} of {stories} stories ({percent:.2f} %), matches {matches}")


def _told(rule: Compiled, heard: str) -> Iterator[str]:
    yield f"rule {rule.spec.name} ({rule.hash})"
    yield f"query: {rule.meaning}"
    if rule.filed is None:
        yield "filed: nowhere; it is looked at for every story, for no word rules it out"
    else:
        yield f"filed: under {', '.join(map(spelled, rule.filed)) or 'nothing: it can never match'}"
    if len(rule.required) > 1:
        yield f"needs every one of: {', '.join(rule.required)}"
    yield f"limited to: {_limits(rule.spec) or 'nothing'}"
    yield f"channels: {heard}; priority: {rule.spec.priority.value}"
    for note in rule.notes:
        yield f"note: {note}"


def _counts(plan: Plan, number: int, on: Path) -> tuple[int, int, int]:
    """Stories in a file, those that the rule is looked at for, and its matches."""
    ruleset = plan.watch.ruleset
    rule = ruleset.rules[number]
    stories = looked_at = matches = 0
    for _, story in stories_in(on, "matching", is_watched=True):
        if isinstance(story, str):
            continue
        stories += 1
        if number in ruleset.candidates(Reading(story.view, ruleset.stems)):
            looked_at += 1
            matches += any(match.rule == rule.spec.name for match in ruleset.match(story.view))
    return stories, looked_at, matches


def _heard(plan: Plan, spec: RuleSpec) -> str:
    """The channels that may hear of its alerts."""
    heard = hearers(spec, plan.settings)
    return "all" if len(heard) == len(plan.settings.channels) and not spec.channels else ", ".join(heard)


def _limits(spec: RuleSpec) -> str:
    limits = [f"outlet {' or '.join(spec.outlets)}"] if spec.outlets else []
    limits += [f"tag {' or '.join(spec.tags)}"] if spec.tags else []
    limits += [f"language {' or '.join(spec.languages)}"] if spec.languages else []
    limits += [f"until {spec.expires:%Y-%m-%d %H:%M} UTC"] if spec.expires else []
    return "; ".join(limits)


def _facts(plan: Plan, number: int) -> dict[str, object]:
    rule = compiled(plan, number)
    spec = rule.spec
    return {
        "name": spec.name,
        "query": spec.query,
        "understood": rule.meaning,
        "hash": rule.hash,
        "filed_under": None if rule.filed is None else [spelled(key) for key in rule.filed],
        "required": rule.required,
        "channels": hearers(spec, plan.settings),
        "priority": spec.priority,
        "outlets": spec.outlets,
        "tags": spec.tags,
        "languages": spec.languages,
        "once_per": spec.once_per,
        "updates": spec.updates,
        "spread": spec.spread or None,
        "expires": spec.expires,
        "notes": [str(note) for note in rule.notes],
    }
