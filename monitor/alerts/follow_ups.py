"""What follows a first alert: an update when the news of its story changed, one word when many publishers carry it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.alerts.plan import content, public_id
from monitor.model.alerts import Alert, AlertKind, PublicId
from monitor.model.rules import Match, RuleSpec, View


def update_alert(
    *,
    rule: RuleSpec,
    match: Match | None,
    view: View,
    story_key: str,
    follows: PublicId,
    changes: Mapping[str, str],
    channels: tuple[str, ...],
    now: datetime,
) -> Alert:
    """The news of a story changed: `changes` by what names each, whoever says so, with the words for people.

    `match` None: the rule does not find these words by themselves.
    """
    key = f"update|{rule.name}|{story_key}|{' '.join(sorted(changes))}"
    said = content(match=match or Match(rule=rule.name, evidence=()), view=view, now=now)
    return Alert(
        kind=AlertKind.UPDATE,
        dedupe_key=key,
        public_id=public_id(key),
        priority=rule.priority,
        at=now,
        content=replace(said, follows=follows, changes=tuple(changes.values())),
        channels=rule.channels or channels,
        story_key=story_key,
    )


def spread_alert(
    *,
    rule: RuleSpec,
    match: Match | None,
    view: View,
    story_key: str,
    follows: PublicId,
    carriers: Sequence[str],
    channels: tuple[str, ...],
    now: datetime,
) -> Alert:
    """So many publishers carry a story by now, each named by one outlet of it; the first is that of `view`."""
    key = f"spread|{rule.name}|{story_key}|{rule.spread}"
    said = content(match=match or Match(rule=rule.name, evidence=()), view=view, now=now)
    return Alert(
        kind=AlertKind.SPREAD,
        dedupe_key=key,
        public_id=public_id(key),
        priority=rule.priority,
        at=now,
        content=replace(said, outlets=tuple(carriers), follows=follows, spread=len(carriers)),
        channels=rule.channels or channels,
        story_key=story_key,
    )


def as_spread(first: Alert, spread: Alert) -> tuple[Alert, Alert]:
    """A first alert on a story that so many carry already says so itself; the other is kept in silence.

    Its row holds the key, so that it is never told later.
    """
    said = replace(first.content, outlets=spread.content.outlets, spread=spread.content.spread, also_in=())
    return replace(first, content=said), replace(spread, channels=())
