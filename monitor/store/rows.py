"""Rows as the model's nouns: feeds, alerts and deliveries, as the queries of those names return them."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from monitor.model.alerts import Alert, AlertKind, PublicId
from monitor.model.polls import FailureKind, FeedId, FeedState, Pause, PauseKind, Validators
from monitor.model.rules import Priority
from monitor.model.views import AlertRow, DeliveryRow
from monitor.store.content import pack, unpack_content
from monitor.store.habits import pack_habits, unpack_habits
from monitor.store.moments import to_micros, to_moment
from monitor.store.origins import origin_of
from monitor.store.queries import query
from monitor.store.rhythm import pack_moving, pack_rhythm, unpack_moving, unpack_rhythm

Row = tuple[Any, ...]
"""What SQLite returns: the edge where types begin."""


def feed_state(row: Row) -> FeedState:
    """A row of the feed queries."""
    return FeedState(
        id=FeedId(row[0]),
        url=row[1],
        origin=row[2],
        validators=Validators(etag=row[3], last_modified=row[4], url=row[15]),
        next_poll_at=to_moment(row[5]),
        last_poll_at=to_moment(row[6]),
        last_success_at=to_moment(row[7]),
        baseline_at=to_moment(row[8]),
        body_digest=row[9],
        failures=row[10],
        failing_since=to_moment(row[11]),
        last_outcome=row[12],
        last_error=row[13],
        is_gone=bool(row[14]),
        habits=unpack_habits(row[16]),
        rhythm=unpack_rhythm(row[17]),
        next_reason=row[18],
        moving=unpack_moving(row[19]),
        fault=FailureKind(row[20]) if row[20] else None,
        empty_since=to_moment(row[21]),
        slices=row[22] or b"",
    )


def feed_parameters(feed: FeedState, before: FeedState | None = None) -> dict[str, object]:
    """The parameters of `save_feed`; what is the same as before is not written as JSON anew."""
    return {
        "id": feed.id,
        "origin": origin_of(feed.address),
        "etag": feed.validators.etag,
        "last_modified": feed.validators.last_modified,
        "validated_url": feed.validators.url,
        "next_poll_at": to_micros(feed.next_poll_at),
        "last_poll_at": to_micros(feed.last_poll_at),
        "last_success_at": to_micros(feed.last_success_at),
        "baseline_at": to_micros(feed.baseline_at),
        "body_digest": feed.body_digest,
        "failures": feed.failures,
        "failing_since": to_micros(feed.failing_since),
        "last_outcome": feed.last_outcome,
        "last_error": feed.last_error,
        "is_gone": feed.is_gone,
        "habits": None if before and feed.habits == before.habits else pack_habits(feed.habits),
        "rhythm": None if before and feed.rhythm == before.rhythm else pack_rhythm(feed.rhythm),
        "next_reason": feed.next_reason,
        "moving": None if before and feed.moving == before.moving else pack_moving(feed.moving),
        "fault": feed.fault.value if feed.fault else "",
        "empty_since": to_micros(feed.empty_since),
    }


def pause_of(row: Row) -> Pause:
    """A row of the pause queries."""
    kind, subject, at, until, by = row
    return Pause(kind=PauseKind(kind), subject=subject, at=to_moment(at), until=to_moment(until), by=by)


def read_alerts(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, AlertRow]:
    """Alerts by row id, with where each of their deliveries stands; in the order of `ids`."""
    asked = {"ids": pack(ids)}
    states: dict[int, list[tuple[str, str]]] = {}
    for alert_id, channel, state in connection.execute(query("alert_channels"), asked):
        states.setdefault(alert_id, []).append((channel, state))
    return {
        row[0]: _alert_row(row, tuple(states.get(row[0], ())))
        for row in connection.execute(query("alerts_by_id"), asked)
    }


def read_deliveries(connection: sqlite3.Connection, ids: Sequence[int]) -> tuple[DeliveryRow, ...]:
    """Deliveries by row id, oldest first."""
    rows = connection.execute(query("deliveries_by_id"), {"ids": pack(ids)})
    return tuple(_delivery_row(row) for row in rows)


def column(connection: sqlite3.Connection, name: str, parameters: dict[str, object]) -> list[int]:
    """The first column of a named query: row ids."""
    return [row[0] for row in connection.execute(query(name), parameters)]


def _alert_row(row: Row, states: tuple[tuple[str, str], ...]) -> AlertRow:
    alert = Alert(
        kind=AlertKind(row[1]),
        dedupe_key=row[2],
        public_id=PublicId(row[3]),
        story_key=row[5],
        priority=Priority(row[6]),
        at=to_moment(row[7]),
        content=unpack_content(row[10], title=row[8], link=row[9], rule=row[4]),
        channels=tuple(channel for channel, _ in states),
    )
    return AlertRow(alert=alert, states=states)


def _delivery_row(row: Row) -> DeliveryRow:
    return DeliveryRow(
        id=row[0],
        channel=row[1],
        state=row[2],
        public_id=row[3],
        kind=row[4],
        rule=row[5],
        title=row[6],
        created_at=to_moment(row[7]),
        due_at=to_moment(row[8]),
        attempts=row[9],
        last_error=row[10],
        settled_at=to_moment(row[11]),
        hold=row[12],
        held_until=to_moment(row[13]),
        why=row[14],
        alert=row[15],
        is_together=bool(row[16]),
    )
