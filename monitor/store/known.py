"""Reading what a poll asks about the past: six queries at most, however many entries the document has."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.model.entries import Text
from monitor.model.polls import FeedId, FeedState
from monitor.model.stories import Home, Known, KnownEntry, Move, Question
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
    entries = _read_entries(connection, question)
    links = {key for key in question.keys if key.startswith(_LINK)}
    return Known(
        feed=feed,
        entries=entries,
        stories_by_link=_read_homes(connection, "known_links", {"links": pack(links)}),
        stories_by_text=_read_homes(
            connection,
            "known_texts",
            {"fingerprints": pack(question.fingerprints), "since": to_micros(question.since)},
        ),
        words=_read_words(connection, question, entries),
        moves=_read_moves(connection, question.moves_after),
    )


def _read_feed(connection: sqlite3.Connection, feed: FeedId) -> FeedState:
    row = connection.execute(query("feed_by_id"), {"feed": feed}).fetchone()
    if row is None:
        raise LookupError(f"feed {feed} was never registered")
    return feed_state(row)


def _read_entries(connection: sqlite3.Connection, question: Question) -> dict[str, KnownEntry]:
    asked = {
        "feed": question.feed,
        "keys": pack(question.keys),
        "fingerprints": pack(question.fingerprints),
    }
    entries: dict[str, KnownEntry] = {}
    by_entry_key: dict[str, KnownEntry] = {}
    for row in connection.execute(query("known_entries"), asked):
        entry = by_entry_key.get(row[1])
        if entry is None:
            entry = by_entry_key[row[1]] = _known_entry(row)
        entries[row[0]] = entry
    return entries


def _known_entry(row: Row) -> KnownEntry:
    _, entry_key, story_key, text_key, fingerprint, revision, is_baseline, title, summary, body, link, dated = row
    return KnownEntry(
        entry_key=entry_key,
        story_key=story_key,
        text_key=text_key,
        fingerprint=fingerprint,
        revision=revision,
        text=None if title is None else Text(title=title, summary=summary, body=body),
        was_baseline=bool(is_baseline),
        link=link or "",
        published_at=to_moment(dated),
    )


def _read_homes(connection: sqlite3.Connection, name: str, asked: dict[str, object]) -> dict[str, Home]:
    rows = connection.execute(query(name), asked)
    return {key: Home(story_key=story_key, text_key=text_key) for key, story_key, text_key in rows}


def _read_moves(connection: sqlite3.Connection, after: int) -> tuple[Move, ...]:
    return tuple(
        Move(serial=serial, feed=FeedId(feed), entry_key=entry_key, story_key=story_key)
        for serial, feed, entry_key, story_key in connection.execute(query("moves_after"), {"after": after})
    )


def _read_words(
    connection: sqlite3.Connection, question: Question, entries: Mapping[str, KnownEntry]
) -> dict[str, tuple[KnownEntry, ...]]:
    """Who of this feed said these words. Where keys led to somebody who still does, nobody else is asked for."""
    words: dict[str, dict[str, KnownEntry]] = {}
    for entry in entries.values():
        if entry.fingerprint in question.fingerprints:
            words.setdefault(entry.fingerprint, {}).setdefault(entry.entry_key, entry)
    if unsaid := question.fingerprints - words.keys():
        asked = {"feed": question.feed, "fingerprints": pack(unsaid), "since": to_micros(question.since)}
        for print_, entry_key, *said in connection.execute(query("known_words"), asked):
            words.setdefault(print_, {}).setdefault(entry_key, _speaker(entry_key, said))
    return {print_: tuple(speakers.values()) for print_, speakers in words.items()}


def _speaker(entry_key: str, said: Sequence[Any]) -> KnownEntry:
    story_key, text_key, fingerprint, revision, is_baseline, dated = said
    return KnownEntry(
        entry_key=entry_key,
        story_key=story_key,
        text_key=text_key,
        fingerprint=fingerprint,
        revision=revision,
        text=None,
        was_baseline=bool(is_baseline),
        published_at=to_moment(dated),
    )
