"""Many alerts at once become one: a feed that was refilled, or moved beyond recognition, must not ring 5,000 times."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from monitor.alerts.plan import public_id
from monitor.model.alerts import Alert, AlertContent, AlertKind
from monitor.model.entries import Text

FLOOD = 200
"""new entries in one poll of a known feed; with more, each rule that found several of them tells them together"""
_SHOWN = 10  # entries that the one message lists
_LONGEST_TITLE = 200


def gathered(alerts: Sequence[Alert], *, feed_url: str, now: datetime) -> tuple[Alert, ...]:
    """The alerts of one poll, those of a rule silenced and followed by one that counts them and names the first.

    The silenced ones go to no channel, but are kept: a story that was told in a burst has fired for its rule and
    never alerts again, and `why` finds the rule and its evidence. A rule with a single alert is told as always.
    """
    by_rule: dict[str, list[Alert]] = {}
    for alert in alerts:
        by_rule.setdefault(alert.content.rule, []).append(alert)
    told: list[Alert] = []
    for group in by_rule.values():
        if len(group) == 1:
            told += group
        else:
            told += (replace(alert, channels=()) for alert in group)
            told.append(_burst(group, feed_url=feed_url, now=now))
    return tuple(told)


def _burst(alerts: Sequence[Alert], *, feed_url: str, now: datetime) -> Alert:
    first = alerts[0]
    outlets = first.content.outlets
    # Named by what it tells: the same entries give the same public id, also after a backup was restored.
    told = sha256("\n".join(sorted(alert.dedupe_key for alert in alerts)).encode("utf-8", "surrogatepass"))
    key = f"burst|{first.content.rule}|{feed_url}|{told.hexdigest()[:32]}"
    title = f"{len(alerts):,} new entries match rule {first.content.rule} in {' + '.join(outlets)} at once"
    return Alert(
        kind=AlertKind.BURST,
        dedupe_key=key,
        public_id=public_id(key),
        priority=first.priority,
        at=now,
        content=AlertContent(
            title=title,
            outlets=outlets,
            rule=first.content.rule,
            text=Text(title=title, summary="\n".join(_listing(alerts))),
        ),
        channels=first.channels,
    )


def _listing(alerts: Sequence[Alert]) -> Iterable[str]:
    for alert in alerts[:_SHOWN]:
        title = " ".join(alert.content.title.split())[:_LONGEST_TITLE] or "(no title)"
        yield f"{title} {alert.content.link}".rstrip()
    if len(alerts) > _SHOWN:
        yield f"and {len(alerts) - _SHOWN:,} more"
