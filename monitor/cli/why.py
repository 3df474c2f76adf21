"""`tocsin why URL`: what is known of a link, every verdict from fetch to delivery, in words."""

import os
from collections.abc import Iterator
from typing import Annotated

from cyclopts import Parameter

from monitor.app.examine import Plan, examine
from monitor.app.inquest import Finding, find_out
from monitor.cli.looking import delivery_facts, discreet_deliveries, held_words, next_try, waited_words
from monitor.cli.options import ANYWHERE, Json, Places, look
from monitor.cli.output import in_reading_order, moment, say, show_json, warn
from monitor.cli.placing import judged, moves, neighbours, placing_facts
from monitor.cli.silence_words import Account, facts_of, headline, lines_of
from monitor.cli.why_silent import account_of, accounts_of_site
from monitor.errors import ConfigurationError, UsageError
from monitor.model.alerts import AlertKind, DeliveryState
from monitor.model.views import AlertRow, DeliveryRow, History
from monitor.stories.identity import link_key
from monitor.system.redaction import Redact


def why(
    url: Annotated[
        str, Parameter(show_default=False, help="The link of a story, as a feed or a reader shows it.")
    ] = "",
    /,
    *,
    rule: Annotated[str, Parameter(name="--rule", show_default=False, help="Why nothing matches this rule.")] = "",
    outlet: Annotated[
        str, Parameter(name="--outlet", show_default=False, help="Why nothing comes from this outlet.")
    ] = "",
    places: Places = ANYWHERE,
    as_json: Json = False,
) -> None:
    """Why there was an alert, or why there was none. Raises UsageError, ConfigurationError, StoreError."""
    if sum(map(bool, (url, rule, outlet))) != 1:
        message = "give one of these: the link of a story, --rule NAME, or --outlet NAME"
        raise UsageError(message)
    if rule or outlet:
        account = account_of(places, rule=rule, outlet=outlet)
        if as_json:
            show_json(facts_of(account))
            return
        for line in lines_of(account):
            say(line)
        return
    _why_link(url, places, as_json=as_json)


def _why_link(url: str, places: Places, *, as_json: bool) -> None:
    key = link_key(url)
    if not key:
        message = f"not a web address: {url}; give the link of a story, beginning with https://"
        raise UsageError(message)
    history = look(places, lambda views: views.history(key, url))
    plan = _plan(places)
    watch = plan.watch if plan else None
    redact = places.discretion()
    findings = [find_out(sighting, history, watch) for sighting in history.sightings]
    deliveries = discreet_deliveries(history.deliveries, redact)
    unseen = accounts_of_site(places, plan, url) if plan and not history.sightings else ()
    if as_json:
        show_json(_facts(history, findings, deliveries, redact) | {"outlets": [facts_of(one) for one in unseen]})
        return
    if not history.sightings:
        say(f"never seen: no feed has brought {redact(url)} since this database began")
    told = (
        *(line for account in unseen for line in _outlet_lines(account)),
        *(line for finding in findings for line in _told(finding, redact)),
        *map(_alerted, history.alerts),
        *map(_delivered, deliveries),
    )
    for line in told:
        say(line)
    if silence := _silence(history, findings):
        say(f"no alert: {silence}")


def _outlet_lines(account: Account) -> Iterator[str]:
    yield f"an outlet of that site is watched: {headline(account)}"
    yield from (line for number, line in enumerate(lines_of(account)) if number)


def _plan(places: Places) -> Plan | None:
    """Today's rules and outlets, where there is a configuration that can be used."""
    try:
        plan = examine(places.find_config(), os.environ)
    except ConfigurationError:
        if places.config is not None:
            raise
        return None
    if isinstance(plan, Plan):
        return plan
    if places.config is not None:
        raise ConfigurationError(tuple(str(mistake) for mistake in plan))
    warn("today's rules are left out: the configuration has mistakes, see tocsin check")
    return None


def _told(finding: Finding, redact: Redact) -> Iterator[str]:
    one = finding.sighting
    outlets = ", ".join(one.outlets) or "no outlet"
    when = f"first {moment(one.first_seen_at)}, last {moment(one.last_seen_at)}"
    yield f"seen in {outlets} ({redact(one.feed_url)}), {when}"
    if one.is_baseline:
        yield "  baseline: it stood in the feed at its first poll, and what was there before alerts nobody"
    yield f"  story: {redact(one.story_key)} ({judged(one.level, one.score, one.reason)})"
    for line in (*neighbours(one), *moves(one)):
        yield f"    {line}"
    for revision in finding.revisions:
        name = "as first seen" if revision.number == 1 else f"revision {revision.number}, {moment(revision.seen_at)}"
        yield f"  {name}: {revision.title}"
        if revision.is_bare:
            yield "    only its title is kept by now: no rule can be tried on it any more"
        for match in revision.matches:
            words = ", ".join(dict.fromkeys(piece.part for piece in in_reading_order(match.evidence)))
            yield f"    rule {match.rule} matched then{': ' if words else ''}{words}"
        for rule, verdict in revision.verdicts:
            if verdict.matched and one.is_baseline and revision.number == 1:
                yield f"    rule {rule} matches; none was tried on it then"
            elif verdict.matched:
                yield f"    rule {rule} matches today, but did not then: rule or outlet have changed since"
            else:
                yield f"    rule {rule} does not match: {verdict.failed}"
    for quiet in finding.quiet:
        yield f"  no alert by rule {quiet.rule} here: {quiet.reason}"


def _alerted(row: AlertRow) -> str:
    alert, content = row.alert, row.alert.content
    name = alert.kind if alert.kind in {AlertKind.UPDATE, AlertKind.SPREAD} else "alert"
    changes = f"{'; '.join(content.changes)} — " if content.changes else ""
    spread = f"now in {content.spread} outlets — " if content.spread else ""
    follows = f" (follows alert {content.follows})" if content.follows else ""
    said = f"{changes}{spread}{content.title}{follows}"
    return f"{name} {alert.public_id} by rule {content.rule} at {moment(alert.at)}: {said}"


def _delivered(row: DeliveryRow) -> str:
    tries = f"{row.attempts} {'try' if row.attempts == 1 else 'tries'}"
    again = f", next try {moment(due)}" if (due := next_try(row)) else ""
    settled = f" at {moment(row.settled_at)}" if row.settled_at else ""
    trouble = f", last error: {row.last_error}" if row.last_error else ""
    if row.state in {DeliveryState.HELD, DeliveryState.MUTED}:
        held = f": {words}" if (words := held_words(row)) else ""
        return f"delivery {row.alert} to {row.channel}: {row.state}{held}"
    waited = f", had waited {waited_words(row)}" if row.hold else ""
    return f"delivery {row.public_id} to {row.channel}: {row.state}{settled}, {tries}{again}{waited}{trouble}"


def _silence(history: History, findings: list[Finding]) -> str:
    """Why there is no alert at all; empty where there is one."""
    if history.alerts:
        return ""
    if not findings:
        return "it was never seen"
    return "; ".join(dict.fromkeys(quiet.reason for one in findings for quiet in one.quiet)) or "no rule matched"


def _facts(
    history: History, findings: list[Finding], deliveries: tuple[DeliveryRow, ...], redact: Redact
) -> dict[str, object]:
    return {
        "link": history.link,
        "was_seen": bool(history.sightings),
        "sightings": [_sighting_facts(finding, redact) for finding in findings],
        "alerts": [
            {
                "id": row.alert.public_id,
                "kind": row.alert.kind,
                "rule": row.alert.content.rule,
                "at": row.alert.at,
                "follows": row.alert.content.follows,
                "changes": row.alert.content.changes,
                "spread": row.alert.content.spread,
            }
            for row in history.alerts
        ],
        "deliveries": [delivery_facts(row) for row in deliveries],
        "silence": _silence(history, findings),
    }


def _sighting_facts(finding: Finding, redact: Redact) -> dict[str, object]:
    one = finding.sighting
    return {
        "feed": redact(one.feed_url),
        "outlets": one.outlets,
        "story": redact(one.story_key),
        **placing_facts(one),
        "is_baseline": one.is_baseline,
        "first_seen_at": one.first_seen_at,
        "last_seen_at": one.last_seen_at,
        "revisions": [
            {
                "number": revision.number,
                "seen_at": revision.seen_at,
                "title": revision.title,
                "is_bare": revision.is_bare,
                "matches": [{"rule": match.rule, "evidence": match.evidence} for match in revision.matches],
                "rules_today": [
                    {"rule": rule, "matched": verdict.matched, "failed": verdict.failed}
                    for rule, verdict in revision.verdicts
                ],
            }
            for revision in finding.revisions
        ],
        "quiet": [{"rule": quiet.rule, "reason": quiet.reason} for quiet in finding.quiet],
    }
