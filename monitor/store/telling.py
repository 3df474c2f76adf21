"""Reading what was told of stories: four queries at most, one where the stories are new."""

import sqlite3
from collections.abc import Collection

from monitor.model.alerts import PublicId
from monitor.model.entries import Text
from monitor.model.stories import MOST_SAID, Told
from monitor.store.content import pack
from monitor.store.queries import query


def read_told(connection: sqlite3.Connection, stories: Collection[str]) -> dict[str, Told]:
    """By story key, for those that exist; a merged one has what was told of the story that stands for it."""
    if not stories:
        return {}
    rows: dict[str, int] = {}
    fired: dict[int, dict[str, PublicId]] = {}
    titles: dict[int, dict[PublicId, str]] = {}
    for story_key, story, rule, public_id, title, _ in connection.execute(
        query("told_rules"), {"stories": pack(stories)}
    ):
        rows[story_key] = story
        first = fired.setdefault(story, {})
        if rule is not None:
            first.setdefault(rule, public_id)
            titles.setdefault(story, {})[public_id] = title or ""
    if not rows:
        return {}
    outlets = _outlets(connection, fired)
    said = _said(connection, [story for story, rules in fired.items() if rules])
    channels = _channels(connection, {alert for rules in fired.values() for alert in rules.values()})
    return {
        story_key: Told(
            fired=fired[story],
            titles=titles.get(story, {}),
            heard={rule: tuple(channels[alert]) for rule, alert in fired[story].items() if alert in channels},
            outlets=frozenset(outlets.get(story, ())),
            said=tuple(said.get(story, ())),
        )
        for story_key, story in rows.items()
    }


def _channels(connection: sqlite3.Connection, alerts: Collection[PublicId]) -> dict[str, list[str]]:
    channels: dict[str, list[str]] = {}
    if alerts:
        for alert, channel in connection.execute(query("channels_of_alerts"), {"alerts": pack(alerts)}):
            channels.setdefault(alert, []).append(channel)
    return channels


def _outlets(connection: sqlite3.Connection, stories: Collection[int]) -> dict[int, list[str]]:
    outlets: dict[int, list[str]] = {}
    for story, outlet in connection.execute(query("outlets_of_stories"), {"stories": pack(stories)}):
        outlets.setdefault(story, []).append(outlet)
    return outlets


def _said(connection: sqlite3.Connection, stories: Collection[int]) -> dict[int, list[Text]]:
    said: dict[int, list[Text]] = {}
    if stories:
        asked = {"stories": pack(stories), "half": MOST_SAID // 2}
        for story, title, summary in connection.execute(query("said_in_stories"), asked):
            said.setdefault(story, []).append(Text(title=title, summary=summary))
    return said
