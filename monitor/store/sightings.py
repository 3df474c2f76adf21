"""Sightings as people see them: what an entry said and when, who carries it, which rules found it."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from monitor.model.entries import Text
from monitor.model.moves import Hand, MoveKind, PastMove
from monitor.model.rules import Match, RuleName, View
from monitor.model.views import Neighbour, Sighting
from monitor.store.content import pack, unpack, unpack_evidence
from monitor.store.moments import to_moment
from monitor.store.queries import query
from monitor.store.rows import Row
from monitor.text.naming import entry_name, short_name

T = TypeVar("T")


def read_sightings(connection: sqlite3.Connection, entries: Sequence[Row]) -> tuple[Sighting, ...]:
    """The entries of these rows, as `sightings_of_…` return them, with all that is known of each."""
    asked = {"ids": pack(row[0] for row in entries)}
    outlets = _by_entry((row[0], row[1]) for row in connection.execute(query("outlets_of_entries"), asked))
    revisions = _by_entry((row[0], row) for row in connection.execute(query("revisions_of_entries"), asked))
    matches = _by_entry(
        (row[0], (row[1], Match(rule=RuleName(row[2]), evidence=unpack_evidence(row[3]))))
        for row in connection.execute(query("matches_of_entries"), asked)
    )
    related = _by_entry(
        (entry, Neighbour(public_id=public_id, title=title, score=score))
        for entry, public_id, title, score in connection.execute(query("related_of_entries"), asked)
    )
    moves = _by_entry((row[0], _move(row)) for row in connection.execute(query("moves_of_entries"), asked))
    return tuple(
        Sighting(
            public_id=entry_name(feed_url, entry_key),
            feed_url=feed_url,
            outlets=tuple(outlets.get(entry, ())),
            story_key=story_key,
            level=level,
            reason=reason,
            score=score,
            related=tuple(related.get(entry, ())),
            moves=tuple(moves.get(entry, ())),
            is_baseline=bool(is_baseline),
            first_seen_at=to_moment(first_seen_at),
            last_seen_at=to_moment(last_seen_at),
            revisions=tuple(_revision(row, tuple(outlets.get(entry, ()))) for row in revisions.get(entry, ())),
            matches=tuple(matches.get(entry, ())),
            bare=frozenset(row[1] for row in revisions.get(entry, ()) if not row[11]),
        )
        for (
            entry,
            feed_url,
            _,
            story_key,
            level,
            reason,
            is_baseline,
            first_seen_at,
            last_seen_at,
            entry_key,
            score,
        ) in entries
    )


def _by_entry(pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    grouped: dict[int, list[T]] = {}
    for entry, value in pairs:
        grouped.setdefault(entry, []).append(value)
    return grouped


def _move(row: Row) -> PastMove:
    _, kind, at, by, old_story, new_story, level, score, reason = row
    return PastMove(
        kind=MoveKind(kind),
        hand=Hand(at=to_moment(at), by=by),
        old_story=short_name(old_story),
        new_story=short_name(new_story),
        level=level,
        score=score,
        reason=reason,
    )


def _revision(row: Row, outlets: tuple[str, ...]) -> tuple[int, datetime, View]:
    _, number, seen_at, published_at, link, language, authors, categories, title, summary, body, _ = row
    view = View(
        text=Text(title=title, summary=summary, body=body),
        outlets=outlets,
        language=language,
        link=link,
        authors=unpack(authors),
        categories=unpack(categories),
        published_at=to_moment(published_at),
    )
    return number, to_moment(seen_at), view
