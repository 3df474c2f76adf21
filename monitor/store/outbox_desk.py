"""What people do to deliveries by hand, on SQLite."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.model.alerts import DeliveryState, Form
from monitor.model.views import Chosen, Wanted
from monitor.store.content import pack, pack_pairs
from monitor.store.moments import to_micros
from monitor.store.outbox import follow, make_message
from monitor.store.queries import query
from monitor.store.rows import column
from monitor.store.thread import StoreThread

DROPPED = "dropped by hand"
"""the reason of a delivery that is dead because somebody said so"""

_DONE = (DeliveryState.SENT, DeliveryState.DEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A delivery that was named, as it stands now; `delivery` is None where there is none yet."""

    delivery: int | None
    message: int | None
    state: str
    lease_until: int | None
    created_at: int
    alert: int
    public_id: str
    channel: str


class SqliteOutboxDesk:
    """Deliveries dropped and sent again; see `monitor.ports.OutboxDesk`."""

    def __init__(self, thread: StoreThread) -> None:
        """Work through this thread."""
        self._thread = thread

    async def choose(self, wanted: Wanted) -> tuple[Chosen, ...]:
        """The deliveries that are meant, in the order of the queue; those to be added last."""
        return await self._thread.read(lambda connection: tuple(_choose(connection, wanted)))

    async def drop(self, chosen: Sequence[Chosen], now: datetime) -> int:
        """Make unfinished and dead deliveries dead for good, with the reason; returns how many."""
        return await self._thread.write(lambda connection: _drop(connection, chosen, to_micros(now)))

    async def replay(self, chosen: Sequence[Chosen], now: datetime) -> int:
        """Send what was sent or is dead again, behind what waits; returns how many are on their way now."""
        return await self._thread.write(lambda connection: _replay(connection, chosen, to_micros(now)))


def _choose(connection: sqlite3.Connection, wanted: Wanted) -> Iterator[Chosen]:
    asked = {
        "states": pack(wanted.states),
        "ids": pack(wanted.ids),
        "channel": wanted.channel,
        "rule": wanted.rule,
        "since": to_micros(wanted.since),
        "is_news": wanted.is_news,
    }
    names = ("chosen_deliveries", "undelivered_alerts") if wanted.may_be_added else ("chosen_deliveries",)
    for name in names:
        for public_id, channel, state, title in connection.execute(query(name), asked):
            yield Chosen(public_id=public_id, channel=channel, state=state, title=title)


def _found(connection: sqlite3.Connection, chosen: Sequence[Chosen]) -> Iterator[_Found]:
    pairs = pack_pairs(dict.fromkeys((one.public_id, one.channel) for one in chosen))
    for row in connection.execute(query("named_deliveries"), {"pairs": pairs}).fetchall():
        delivery, message, state, lease_until, created_at, alert, public_id, channel = row
        yield _Found(
            delivery=delivery,
            message=message,
            state=state or "",
            lease_until=lease_until,
            created_at=created_at or 0,
            alert=alert,
            public_id=public_id,
            channel=channel,
        )


def _drop(connection: sqlite3.Connection, chosen: Sequence[Chosen], now: int) -> int:
    messages: list[int] = []
    for one in _found(connection, chosen):
        is_being_sent = one.state == DeliveryState.LEASED and one.lease_until is not None and one.lease_until > now
        if one.delivery is None or one.state == DeliveryState.SENT or is_being_sent:
            continue
        # One that never was a message becomes one: its end needs a place to stand in.
        made = one.message or make_message(connection, one.channel, one.delivery, one.created_at, one.public_id)
        messages.append(made)
    asked = {"ids": pack(dict.fromkeys(messages)), "at": now, "reason": DROPPED}
    dropped = [row[0] for row in connection.execute(query("drop_messages"), asked).fetchall()]
    follow(connection, dropped)
    return column(connection, "count_deliveries_of", {"ids": pack(dropped)})[0]


def _replay(connection: sqlite3.Connection, chosen: Sequence[Chosen], now: int) -> int:
    found = tuple(_found(connection, chosen))
    repeated = [one for one in found if one.message is not None and one.state in _DONE]
    missing = [one for one in found if one.delivery is None]
    messages = dict.fromkeys(one.message for one in repeated if one.message is not None)
    connection.execute(query("repeat_messages"), {"ids": pack(messages), "now": now, "form": Form.FULL.value})
    # To the end of the queue: news that waits must not wait for what was told before. A digest goes there whole.
    last = column(connection, "last_delivery", {})[0]
    carried = column(connection, "deliveries_of_messages", {"ids": pack(messages)})
    moves = [(last + place, delivery) for place, delivery in enumerate(carried, 1)]
    connection.executemany(query("move_delivery"), moves)
    follow(connection, messages)
    # Somebody wants it now: nothing holds it back.
    connection.executemany(query("add_delivery"), [(one.alert, one.channel, now, now) for one in missing])
    return len(carried) + len(missing)
