"""Reading what a poll asks about the past: six queries at most, however many entries the document has."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.model.entries import Text
from monitor.model.polls import FeedId, FeedState
from monitor.model.stories import Known, KnownEntry, Question
from monitor.store.content import pack
from monitor.store.moments import to_micros, to_moment
from monitor.store.queries import query
from monitor.store.rows import Row, feed_state

_LINK = "link:"


def read_known(connection: sqlite3.Connection, question: Question) -> Known:
    """The answer, read where the plan will be written; LookupError for a feed that was never registered."""
    feed = _read_feed(connection, question.feed)
    if not question.keys and not question.fingerprints:
        return Known(feed=feed)
    stories: set[int] = set()
    entries = _read_entries(connection, question, stories)
    links = {key for key in question.keys if key.startswith(_LINK)}
    by_link = _read_stories(connection, "known_links", {"links": pack(links)}, stories)
    asked = {"fingerprints": pack(question.fingerprints), "since": to_micros(question.since)}
    by_text = _read_stories(connection, "known_texts", asked, stories)
    words = _read_words(connection, question, entries, stories)
    fired = connection.execute(query("fired"), {"stories": pack(stories)}) if stories else ()
    return Known(
        feed=feed,
        entries=entries,
        stories_by_link=by_link,
        stories_by_text=by_text,
        words=words,
        fired=frozenset((rule, story_key) for rule, story_key in fired),
    )


def _read_feed(connection: sqlite3.Connection, feed: FeedId) -> FeedState:
    row = connection.execute(query("feed_by_id"), {"feed": feed}).fetchone()
    if row is None:
        raise LookupError(f"feed {feed} was never registered")
    return feed_state(row)


def _read_entries(connection: sqlite3.Connection, question: Question, stories: set[int]) -> dict[str, KnownEntry]:
    asked = {
        "feed": question.feed,
        "keys": pack(question.keys),
        "fingerprints": pack(question.fingerprints),
    }
    entries: dict[str, KnownEntry] = {}
    by_entry_key: dict[str, KnownEntry] = {}
    for row in connection.execute(query("known_entries"), asked):
        stories.add(row[2])
        entry = by_entry_key.get(row[1])
        if entry is None:
            entry = by_entry_key[row[1]] = _known_entry(row)
        entries[row[0]] = entry
    return entries


def _known_entry(row: Row) -> KnownEntry:
    _, entry_key, _, story_key, fingerprint, revision, is_baseline, title, summary, body, link, dated = row
    return KnownEntry(
        entry_key=entry_key,
        story_key=story_key,
        fingerprint=fingerprint,
        revision=revision,
        text=None if title is None else Text(title=title, summary=summary, body=body),
        was_baseline=bool(is_baseline),
        link=link or "",
        published_at=to_moment(dated),
    )


def _read_stories(
    connection: sqlite3.Connection, name: str, asked: dict[str, object], stories: set[int]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, story, story_key in connection.execute(query(name), asked):
        stories.add(story)
        found[key] = story_key
    return found


def _read_words(
    connection: sqlite3.Connection, question: Question, entries: Mapping[str, KnownEntry], stories: set[int]
) -> dict[str, tuple[KnownEntry, ...]]:
    """Who of this feed said these words. Where keys led to somebody who still does, nobody else is asked for."""
    words: dict[str, dict[str, KnownEntry]] = {}
    for entry in entries.values():
        if entry.fingerprint in question.fingerprints:
            words.setdefault(entry.fingerprint, {}).setdefault(entry.entry_key, entry)
    if unsaid := question.fingerprints - words.keys():
        asked = {"feed": question.feed, "fingerprints": pack(unsaid), "since": to_micros(question.since)}
        for print_, story, entry_key, *said in connection.execute(query("known_words"), asked):
            stories.add(story)
            words.setdefault(print_, {}).setdefault(entry_key, _speaker(entry_key, said))
    return {print_: tuple(speakers.values()) for print_, speakers in words.items()}


def _speaker(entry_key: str, said: Sequence[Any]) -> KnownEntry:
    story_key, fingerprint, revision, is_baseline, dated = said
    return KnownEntry(
        entry_key=entry_key,
        story_key=story_key,
        fingerprint=fingerprint,
        revision=revision,
        text=None,
        was_baseline=bool(is_baseline),
        published_at=to_moment(dated),
    )
