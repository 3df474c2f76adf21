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
    Updates of a rule, and what it says of spread, are told together likewise, apart from what is new, and so is what
    goes to other channels; what was silent stays so.
    """
    groups: dict[tuple[str, AlertKind, tuple[str, ...]], list[Alert]] = {}
    told: list[Alert] = []
    for alert in alerts:
        if alert.kind is AlertKind.SPREAD and not alert.channels:
            told.append(alert)
        else:
            groups.setdefault((alert.content.rule, alert.kind, alert.channels), []).append(alert)
    for group in groups.values():
        if len(group) == 1:
            told += group
        else:
            told += (replace(alert, channels=()) for alert in group)
            told.append(_burst(group, feed_url=feed_url, now=now))
    return tuple(told)


def _burst(alerts: Sequence[Alert], *, feed_url: str, now: datetime) -> Alert:
    first = alerts[0]
    # Where a story has spread, the first one is that of this feed.
    outlets = first.content.outlets[:1] if first.content.spread else first.content.outlets
    # Named by what it tells: the same entries give the same public id, also after a backup was restored.
    told = sha256("\n".join(sorted(alert.dedupe_key for alert in alerts)).encode("utf-8", "surrogatepass"))
    key = f"burst|{first.content.rule}|{feed_url}|{told.hexdigest()[:32]}"
    title = _TITLES[first.kind].format(count=f"{len(alerts):,}", rule=first.content.rule, outlets=" + ".join(outlets))
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


_TITLES = {
    AlertKind.FIRST: "{count} new entries match rule {rule} in {outlets} at once",
    AlertKind.UPDATE: "{count} stories that rule {rule} told have news in {outlets} at once",
    AlertKind.SPREAD: "{count} stories that rule {rule} told have spread with {outlets} at once",
}


def _listing(alerts: Sequence[Alert]) -> Iterable[str]:
    for alert in alerts[:_SHOWN]:
        title = " ".join(alert.content.title.split())[:_LONGEST_TITLE] or "(no title)"
        news = f"{'; '.join(alert.content.changes)} — " if alert.content.changes else ""
        yield f"{news}{title} {alert.content.link}".rstrip()
    if len(alerts) > _SHOWN:
        yield f"and {len(alerts) - _SHOWN:,} more"
