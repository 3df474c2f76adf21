"""Deliveries put on their way, alone or together, in the queue of their channel on SQLite."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from monitor.model.alerts import Alert, AlertContent, AlertKind, Form, PublicId
from monitor.model.holding import Together, Waiting
from monitor.store.content import pack
from monitor.store.moments import to_micros
from monitor.store.outbox import carry
from monitor.store.plans import write_alerts
from monitor.store.queries import query
from monitor.store.rows import column
from monitor.text.naming import short_name


class Placing:
    """Puts deliveries on their way: those that were held, or that are to follow such, go to the end of the queue.

    In their old places, before what waits already, they would be tried while the channel waits for a refused message.
    """

    def __init__(self, connection: sqlite3.Connection, found: Sequence[Waiting], now: datetime) -> None:
        """`found`: all of those that will be put."""
        self._connection = connection
        self._found = {one.delivery: one for one in found}
        self._now = now
        self._last = 0
        self._end: int | None = None

    def put_alone(self, deliveries: Sequence[int]) -> None:
        """Each as a message of its own."""
        asked = {"ids": pack(self._placed(deliveries)), "now": to_micros(self._now)}
        self._connection.execute(query("sort_alone"), asked)

    def put_together(self, together: Together) -> None:
        """As one message; under a name of its own where that of its key was used."""
        key = together.key
        if not together.deliveries:
            if not self._connection.execute(query("told_already"), {"keys": pack([key])}).fetchall():
                write_alerts(self._connection, (nothing_told(together, self._now),), self._now, {}, is_sorted=True)
            return
        if self._is_made(together.channel, key):
            key = other_key(together, self._found[together.deliveries[0]].public_id)
        if self._is_made(together.channel, key):
            self.put_alone(together.deliveries)
            return
        at = to_micros(self._now)
        made = {"channel": together.channel, "public_id": short_name(key), "created_at": at, "form": Form.FULL.value}
        made |= {"title": together.title, "hold": together.hold.value}
        ((message,),) = self._connection.execute(query("add_message"), made).fetchall()
        places = self._placed(together.deliveries)
        self._connection.execute(query("sort_alone"), {"ids": pack(places), "now": at})
        for place in places:
            carry(self._connection, message, place)

    def _is_made(self, channel: str, key: str) -> bool:
        asked = {"public_id": short_name(key), "channel": channel}
        return bool(self._connection.execute(query("is_message_made"), asked).fetchone()[0])

    def _placed(self, deliveries: Sequence[int]) -> list[int]:
        """Their rows, in this order, behind those that were placed before."""
        places, moves = [], []
        for delivery in deliveries:
            if self._end is None and (delivery < self._last or self._found[delivery].hold is not None):
                self._end = column(self._connection, "last_delivery", {})[0]
            if self._end is None:
                self._last = delivery
            else:
                self._end += 1
                moves.append((self._end, delivery))
                self._last = self._end
            places.append(self._last)
        self._connection.executemany(query("move_delivery"), moves)
        return places


def other_key(together: Together, first: PublicId) -> str:
    """Names a message whose key has been used: made of what it carries, so that it is the same at every try."""
    return f"{together.key}|{first}"


def nothing_told(together: Together, now: datetime) -> Alert:
    """The alert that a digest without news is."""
    return Alert(
        kind=AlertKind.DIGEST,
        dedupe_key=together.key,
        public_id=PublicId(short_name(together.key)),
        at=now,
        content=AlertContent(title=together.title, outlets=()),
        channels=(together.channel,),
    )
