"""Letting go of the past, a portion at a time: each is a transaction of a few milliseconds between two polls.

A pass walks each table once, from its oldest rows on. It may be broken off anywhere: what was not reached is reached
by the next pass.
"""

import sqlite3
from collections.abc import Sequence

from monitor.model.upkeep import START, Kind, Place, Portion, Swept
from monitor.store.content import pack
from monitor.store.moments import to_micros
from monitor.store.queries import query
from monitor.store.rows import column


def sweep(connection: sqlite3.Connection, portion: Portion, *, is_dry: bool) -> Swept:
    """Let go of what is spent in a portion, or only count it."""
    moment, row = portion.after
    asked = {"before": to_micros(portion.before), "limit": portion.limit}
    if portion.kind is Kind.TEXTS:
        return _sweep_texts(connection, asked | {"moment": moment, "row": row}, is_dry=is_dry)
    if portion.kind is Kind.ENTRIES:
        return _sweep_entries(connection, asked | {"row": row}, is_dry=is_dry)
    if portion.after == START and not is_dry:
        connection.execute(query("forget_told"), {"before": asked["before"]})
    return _sweep_alerts(connection, asked | {"row": row}, is_dry=is_dry)


def _sweep_texts(connection: sqlite3.Connection, asked: dict[str, int], *, is_dry: bool) -> Swept:
    rows = connection.execute(query("old_texts"), asked).fetchall()
    spent = [row for row, _, is_spent in rows if is_spent]
    if spent and not is_dry:
        connection.execute(query("let_texts_go"), {"ids": pack(spent)})
    is_end = len(rows) < asked["limit"]
    return Swept(gone=len(spent), after=None if is_end else (rows[-1][1], rows[-1][0]))


def _sweep_entries(connection: sqlite3.Connection, asked: dict[str, int], *, is_dry: bool) -> Swept:
    rows = connection.execute(query("old_entries"), asked).fetchall()
    spent = [row for row, _, is_spent in rows if is_spent]
    if spent and not is_dry:
        ids = {"ids": pack(spent)}
        stories = column(connection, "stories_of_entries", dict(ids))
        for name in (
            "forget_sightings",
            "forget_matches",
            "forget_identities",
            "forget_revisions",
            "forget_sketches",
            "forget_related",
            "forget_moves",
            "forget_entries",
        ):
            connection.execute(query(name), ids)
        _end_stories(connection, stories)
    return Swept(gone=len(spent), after=_going_on(rows, asked["limit"]))


def _sweep_alerts(connection: sqlite3.Connection, asked: dict[str, int], *, is_dry: bool) -> Swept:
    rows = connection.execute(query("old_alerts"), asked).fetchall()
    over = [(row, has_story, is_full) for row, is_old, is_open, has_story, is_full in rows if is_old and not is_open]
    bare = [row for row, has_story, is_full in over if has_story and is_full]
    spent = [row for row, has_story, _ in over if not has_story]
    if (bare or spent) and not is_dry:
        ids = {"ids": pack(bare + spent)}
        messages = column(connection, "messages_of_alerts", dict(ids))
        connection.execute(query("forget_deliveries"), ids)
        connection.execute(query("forget_messages"), {"ids": pack(messages)})
        connection.execute(query("strip_alerts"), {"ids": pack(bare)})
        stories = column(connection, "stories_of_alerts", {"ids": pack(spent)})
        connection.execute(query("forget_alerts"), {"ids": pack(spent)})
        _end_stories(connection, stories)
    return Swept(gone=len(bare) + len(spent), after=_going_on(rows, asked["limit"]))


def _end_stories(connection: sqlite3.Connection, stories: Sequence[int]) -> None:
    """Forget those of which nothing is left, with what is said of them."""
    ended = column(connection, "ended_stories", {"ids": pack(stories)})
    for name in ("forget_nearness", "forget_inheritance", "forget_stories"):
        connection.execute(query(name), {"ids": pack(ended)})


def _going_on(rows: Sequence[tuple[int, ...]], limit: int) -> Place | None:
    """Rows come in the order of time; a clock that once went wrong may put a few out of place, but not all."""
    if len(rows) < limit or not any(is_old for _, is_old, *_ in rows):
        return None
    return (0, rows[-1][0])
