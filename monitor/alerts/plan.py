"""From matches to alerts: who must hear of what, and under which key it is never said twice."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model.alerts import Alert, AlertContent, AlertKind, PublicId
from monitor.model.entries import Text
from monitor.model.rules import Match, OncePer, RuleSpec, View
from monitor.model.stories import Sifted
from monitor.text.naming import short_name

LATE = timedelta(days=7)
"""an entry dated longer ago than this is late news: sent, and marked so"""
_AFTER_MATCH = 300  # characters of context kept with an alert behind the last match of a field
_LEAST_KEPT = 600  # characters of summary kept even where nothing was found in it


def once_for(once_per: OncePer, one: Sifted, feed_url: str) -> str:
    """What a rule alerts once for, by a stable name.

    The founding text and, mostly, the founding entry of a story are named as the story is: who changes `once_per` is
    not told of them again.
    """
    match once_per:
        case OncePer.STORY:
            return one.story_key
        case OncePer.TEXT if one.text_key:
            return one.text_key
        case OncePer.TEXT | OncePer.ENTRY:
            return f"{one.entry_key} of {feed_url}"


def first_key(rule: str, once: str) -> str:
    """The dedupe key of a rule's first alert on something: stable texts only, so that a restored backup agrees."""
    return f"first|{rule}|{once}"


def public_id(dedupe_key: str) -> PublicId:
    """The short name under which an alert is known outside: 60 bits of the key's hash, in base 32."""
    return PublicId(short_name(dedupe_key))


def first_alert(
    *,
    rule: RuleSpec,
    match: Match,
    view: View,
    story_key: str,
    channels: tuple[str, ...],
    now: datetime,
    once: str = "",
) -> Alert:
    """The alert that a rule raises once for a story, or for `once`; `channels` where the rule names none."""
    key = first_key(rule.name, once or story_key)
    return Alert(
        kind=AlertKind.FIRST,
        dedupe_key=key,
        public_id=public_id(key),
        priority=rule.priority,
        at=now,
        content=content(match=match, view=view, now=now),
        channels=rule.channels or channels,
        story_key=story_key,
    )


def content(*, match: Match, view: View, now: datetime) -> AlertContent:
    """What an alert keeps of an entry: the words around the evidence, not a hundred kilobytes of body."""
    return AlertContent(
        title=view.text.title,
        outlets=view.outlets,
        link=view.link,
        rule=match.rule,
        published_at=view.published_at,
        is_late=view.published_at is not None and view.published_at < now - LATE,
        text=_kept(view.text, match),
        evidence=match.evidence,
    )


def _kept(text: Text, match: Match) -> Text:
    ends = {"summary": _LEAST_KEPT - _AFTER_MATCH}
    for one in match.evidence:
        ends[one.field] = max(ends.get(one.field, 0), one.end)
    kept = {
        name: getattr(text, name)[: ends[name] + _AFTER_MATCH] if name in ends else "" for name in ("summary", "body")
    }
    return replace(text, **kept)
