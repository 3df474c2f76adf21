"""`tocsin why URL`: what is known of a link, every verdict from fetch to delivery, in words."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from monitor.app.examine import Plan, examine
from monitor.cli.options import Config, Json, State, config_path, look
from monitor.cli.output import moment, say, show_json
from monitor.errors import ConfigurationError, UsageError
from monitor.model.views import AlertRow, History, Sighting
from monitor.rules.explain import Verdict
from monitor.rules.ruleset import Ruleset
from monitor.stories.identity import link_key


def why(
    url: Annotated[str, Parameter(help="The link of a story, as a feed or a reader shows it.")],
    /,
    *,
    config: Config = None,
    state: State = None,
    as_json: Json = False,
) -> None:
    """Why there was an alert for a link, or why there was none.

    Says whether the link was ever seen, in which feed and when, whether it was part of a baseline, for each rule
    which words matched or which part failed, and how each delivery went.

    Example: tocsin why https://www.themoscowtimes.com/2026/03/02/some-story
    """
    key = link_key(url)
    if not key:
        message = f"not a web address: {url}"
        raise UsageError(message)
    history = look(state, lambda views: views.history(key, url))
    ruleset = _ruleset(config)
    if as_json:
        show_json(_facts(history, ruleset))
        return
    for line in explain(history, ruleset):
        say(line)


def explain(history: History, ruleset: Ruleset | None) -> Iterator[str]:
    """The whole story of a link, a line at a time."""
    if not history.sightings:
        yield f"never seen: no feed has brought {history.link} since this database began"
    for sighting in history.sightings:
        yield from _seen(sighting, ruleset)
    for row in history.alerts:
        yield _alerted(row)
    for delivery in history.deliveries:
        trouble = f", last error: {delivery.last_error}" if delivery.last_error else ""
        again = f", next try {moment(delivery.due_at)}" if delivery.state == "pending" and delivery.due_at else ""
        tries = f"{delivery.attempts} {'try' if delivery.attempts == 1 else 'tries'}"
        yield f"delivery {delivery.public_id} to {delivery.channel}: {delivery.state}, {tries}{again}{trouble}"
    if history.sightings and not history.alerts:
        yield "no alert: " + _silence(history, ruleset)


def _ruleset(config: Path | None) -> Ruleset | None:
    """Today's rules, where there is a configuration: verdicts are theirs."""
    try:
        plan = examine(config_path(config), os.environ)
    except ConfigurationError:
        if config is not None:
            raise
        return None
    if not isinstance(plan, Plan):
        raise ConfigurationError(tuple(str(mistake) for mistake in plan))
    return plan.watch.ruleset


def _seen(sighting: Sighting, ruleset: Ruleset | None) -> Iterator[str]:
    outlets = ", ".join(sighting.outlets) or "no outlet"
    yield f"seen in {outlets} ({sighting.feed_url}), first {moment(sighting.first_seen_at)}, last {moment(sighting.last_seen_at)}"
    if sighting.is_baseline:
        yield "  baseline: it stood in the feed at its first poll, and what was there before tocsin alerts nobody"
    yield f"  story: {sighting.story_key} ({sighting.level}: {sighting.reason})"
    for number, seen_at, view in sighting.revisions:
        name = "as first seen" if number == 1 else f"revision {number}, {moment(seen_at)}"
        yield f"  {name}: {view.text.title}"
        stored = [match for revision, match in sighting.matches if revision == number]
        for match in stored:
            words = sorted({one.part for one in match.evidence})
            yield f"    rule {match.rule} matched then: {', '.join(words)}"
        if ruleset is None:
            continue
        for rule in ruleset.names:
            verdict = ruleset.verdict(rule, view)
            if verdict.matched and not any(match.rule == rule for match in stored):
                yield f"    rule {rule} matches as it is today, but did not exist in this form then"
            elif not verdict.matched:
                yield f"    rule {rule} does not match: {verdict.failed}"


def _alerted(row: AlertRow) -> str:
    return f"alert {row.alert.public_id} by rule {row.alert.content.rule} at {moment(row.alert.at)}: {row.alert.content.title}"


def _silence(history: History, ruleset: Ruleset | None) -> str:
    matched = any(sighting.matches for sighting in history.sightings)
    if matched and all(sighting.is_baseline for sighting in history.sightings):
        return "it matched, but only in a baseline"
    if matched:
        return "it matched, but a rule alerts once for a story and matched this one before"
    return "no rule matched" if ruleset is not None else "no rule matched when it was seen"


def _facts(history: History, ruleset: Ruleset | None) -> dict[str, object]:
    def verdicts(sighting: Sighting) -> list[dict[str, object]]:
        if ruleset is None:
            return []
        view = sighting.revisions[-1][2]
        return [_verdict_facts(rule, ruleset.verdict(rule, view)) for rule in ruleset.names]

    return {
        "link": history.link,
        "was_seen": bool(history.sightings),
        "sightings": [
            {
                "feed": one.feed_url,
                "outlets": one.outlets,
                "story": one.story_key,
                "level": one.level,
                "reason": one.reason,
                "is_baseline": one.is_baseline,
                "first_seen_at": one.first_seen_at,
                "last_seen_at": one.last_seen_at,
                "revisions": [
                    {"number": number, "seen_at": at, "title": view.text.title} for number, at, view in one.revisions
                ],
                "matches": [
                    {"revision": number, "rule": match.rule, "evidence": match.evidence}
                    for number, match in one.matches
                ],
                "rules_today": verdicts(one),
            }
            for one in history.sightings
        ],
        "alerts": [
            {"id": row.alert.public_id, "rule": row.alert.content.rule, "at": row.alert.at} for row in history.alerts
        ],
        "deliveries": history.deliveries,
    }


def _verdict_facts(rule: str, verdict: Verdict) -> dict[str, object]:
    return {"rule": rule, "matched": verdict.matched, "failed": verdict.failed, "evidence": verdict.evidence}
