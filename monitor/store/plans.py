"""Writing what a poll decided: each table in one go, however many entries there are."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model.alerts import Alert
from monitor.model.polls import FeedState
from monitor.model.stories import PollPlan, Sifted
from monitor.store.content import pack, pack_content, pack_evidence, pack_pairs
from monitor.store.moments import to_micros
from monitor.store.origins import origin_of
from monitor.store.queries import query
from monitor.store.rows import feed_parameters
from monitor.store.sketches import write_likeness
from monitor.store.troubles import note_troubles
from monitor.text.naming import short_name

MOST_REVISIONS = 50
"""of one entry that are kept, beside its first: a live page may change at every poll for years"""


def untold(connection: sqlite3.Connection, plan: PollPlan) -> PollPlan:
    """The plan with those alerts only that were never told, each dedupe key once."""
    return replace(plan, alerts=_untold(connection, plan.alerts)) if plan.alerts else plan


def raise_alarms(connection: sqlite3.Connection, alarms: Sequence[Alert], at: datetime) -> None:
    """Write those alerts about ourselves that were never told, with their deliveries; the caller holds the transaction.

    None of them is about a story.
    """
    write_alerts(connection, _untold(connection, alarms), at, {})


def _untold(connection: sqlite3.Connection, alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    by_key: dict[str, Alert] = {}
    for alert in alerts:
        by_key.setdefault(alert.dedupe_key, alert)
    for (told,) in connection.execute(query("told_already"), {"keys": pack(by_key)}):
        del by_key[told]
    return tuple(by_key.values())


def write_plan(connection: sqlite3.Connection, plan: PollPlan, before: FeedState, since: datetime) -> None:
    """Write all of a plan whose alerts are untold; the caller holds the transaction.

    `before` is its feed as it stands there. What came before `since` is not compared any more.
    """
    if _has_more(plan):
        stories = _write_stories(connection, plan)
        entries = _write_entries(connection, plan, stories)
        _write_sightings(connection, plan, entries)
        write_likeness(connection, plan, entries, stories, since)
        _write_matches(connection, plan, entries)
        write_alerts(connection, plan.alerts, plan.at, stories)
    connection.execute(query("save_feed"), feed_parameters(plan.feed, before))
    if plan.feed.slices != before.slices:
        connection.execute(query("save_last_read"), {"feed": plan.feed.id, "slices": plan.feed.slices})
    if plan.sift.fresh or plan.sift.seen:
        connection.execute(query("note_window"), {"feed": plan.feed.id, "at": to_micros(plan.at)})
    if plan.hold_origin_until is not None:
        connection.execute(query("release_origins"), {"now": to_micros(plan.at)})
        origin = origin_of(plan.hold_address) if plan.hold_address else plan.feed.origin
        hold = {"origin": origin, "until": to_micros(plan.hold_origin_until)}
        connection.execute(query("hold_origin"), hold)


def _has_more(plan: PollPlan) -> bool:
    """Whether there is more to write than its feed: most polls are answered 304, and are stored by the thousand."""
    sifted = plan.sift
    return bool(sifted.fresh or sifted.seen or sifted.learned or plan.found or plan.alerts or plan.vocabulary)


def _write_stories(connection: sqlite3.Connection, plan: PollPlan) -> Mapping[str, int]:
    """Found the stories that are new; story_key → row of every story that the plan names."""
    founded = dict.fromkeys(sifted.story_key for sifted in plan.sift.fresh)
    named = founded | dict.fromkeys(alert.story_key for alert in plan.alerts if alert.story_key)
    named |= dict.fromkeys(story_key for sifted in plan.sift.fresh for story_key, _ in sifted.related)
    if founded:
        pairs = pack_pairs((story_key, short_name(story_key)) for story_key in founded)
        connection.execute(query("found_stories"), {"stories": pairs, "at": to_micros(plan.at)})
    return dict(connection.execute(query("story_ids"), {"stories": pack(named)})) if named else {}


def _write_entries(connection: sqlite3.Connection, plan: PollPlan, stories: Mapping[str, int]) -> Mapping[str, int]:
    """Write fresh entries, their revisions and all keys; entry_key → row of every entry that the plan names."""
    at = to_micros(plan.at)
    entries = _entry_rows(connection, plan)
    (row,) = connection.execute(query("last_entry")).fetchone() if plan.sift.fresh else (0,)
    added, revised = [], []
    for sifted in plan.sift.fresh:
        if sifted.entry_key in entries:
            revised.append((sifted.revision, sifted.fingerprint, at, entries[sifted.entry_key]))
        else:
            row += 1
            entries[sifted.entry_key] = row
            added.append(_entry_row(row, sifted, plan, stories[sifted.story_key], at))
    identities = [(key, plan.feed.id, entries[sifted.entry_key]) for sifted in plan.sift.fresh for key in sifted.keys]
    identities += [(key, plan.feed.id, entries[entry_key]) for key, entry_key in plan.sift.learned]
    _write_many(connection, "add_entry", added)
    _write_many(connection, "revise_entry", revised)
    revisions = [_revision_row(entries[sifted.entry_key], sifted, at) for sifted in plan.sift.fresh]
    _write_many(connection, "add_revision", revisions)
    surplus = [(row, number - MOST_REVISIONS) for number, _, _, row in revised if number > MOST_REVISIONS]
    _write_many(connection, "drop_revisions", surplus)
    _write_many(connection, "add_identity", identities)
    return entries


def _entry_rows(connection: sqlite3.Connection, plan: PollPlan) -> dict[str, int]:
    named = dict.fromkeys(sifted.entry_key for sifted in plan.sift.fresh)
    named |= dict.fromkeys(plan.sift.seen)
    named |= dict.fromkeys(entry_key for _, entry_key in plan.sift.learned)
    named |= dict.fromkeys(found.entry_key for found in plan.found)
    if not named:
        return {}
    return dict(connection.execute(query("entry_ids"), {"entries": pack(named), "feed": plan.feed.id}))


def _entry_row(row: int, sifted: Sifted, plan: PollPlan, story: int, at: int) -> tuple[object, ...]:
    return (
        row,
        plan.feed.id,
        sifted.entry_key,
        story,
        sifted.revision,
        sifted.fingerprint,
        sifted.is_baseline,
        sifted.level.value,
        sifted.reason,
        sifted.score,
        sifted.text_key,
        at,
    )


def _revision_row(row: int, sifted: Sifted, at: int) -> tuple[object, ...]:
    entry = sifted.entry
    return (
        row,
        sifted.revision,
        sifted.fingerprint,
        at,
        to_micros(entry.published_at),
        entry.link,
        entry.language,
        pack(entry.authors) if entry.authors else "[]",
        pack(entry.categories) if entry.categories else "[]",
        entry.text.title,
        entry.text.summary,
        entry.text.body,
    )


def _write_sightings(connection: sqlite3.Connection, plan: PollPlan, entries: Mapping[str, int]) -> None:
    seen = [entries[entry_key] for entry_key in plan.sift.seen if entry_key in entries]
    if seen:
        connection.execute(query("touch_entries"), {"ids": pack(seen), "at": to_micros(plan.at)})
    carried = seen + [entries[sifted.entry_key] for sifted in plan.sift.fresh]
    if carried and plan.outlets:
        asked = {"ids": pack(carried), "outlets": pack(plan.outlets)}
        connection.execute(query("add_sightings"), asked)


def _write_matches(connection: sqlite3.Connection, plan: PollPlan, entries: Mapping[str, int]) -> None:
    rows = [
        (
            entries[found.entry_key],
            found.revision,
            found.match.rule,
            found.rule_hash,
            pack_evidence(found.match.evidence),
            found.is_new,
        )
        for found in plan.found
    ]
    _write_many(connection, "add_match", rows)


def write_alerts(
    connection: sqlite3.Connection,
    alerts: Sequence[Alert],
    at: datetime,
    stories: Mapping[str, int],
    *,
    is_sorted: bool = False,
) -> None:
    """Write untold alerts with their deliveries, which are still to be sorted unless nothing may hold them back."""
    if not alerts:
        return
    (last,) = connection.execute(query("last_alert")).fetchone()
    rows = [_alert_row(row, alert, stories) for row, alert in enumerate(alerts, last + 1)]
    _write_many(connection, "add_alert", rows)
    deliveries = [
        (row, channel, to_micros(at), to_micros(at) if is_sorted else None)
        for row, alert in enumerate(alerts, last + 1)
        for channel in dict.fromkeys(alert.channels)
    ]
    _write_many(connection, "add_delivery", deliveries)
    for alert in alerts:
        if alert.begins or alert.ends:
            note_troubles(connection, alert)


def _alert_row(row: int, alert: Alert, stories: Mapping[str, int]) -> tuple[object, ...]:
    return (
        row,
        alert.kind.value,
        alert.dedupe_key,
        alert.public_id,
        alert.content.rule,
        stories[alert.story_key] if alert.story_key else None,
        alert.priority.value,
        to_micros(alert.at),
        alert.content.title,
        alert.content.link,
        pack_content(alert.content),
    )


def _write_many(connection: sqlite3.Connection, name: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        connection.executemany(query(name), rows)
