"""What stands between an alert and its sending, on SQLite: one transaction for a channel and sorting.

A crash leaves each delivery either as it was or sorted, and a message of several deliveries whole or not there.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from monitor.model.alerts import Alert, AlertContent, AlertKind, Form, Hold, PublicId
from monitor.model.holding import Circuit, Fared, Mute, Sorting, Standing, Together, Waiting
from monitor.store.content import pack
from monitor.store.moments import to_micros, to_moment
from monitor.store.mutes import read_mutes
from monitor.store.outbox import carry
from monitor.store.plans import write_alerts
from monitor.store.queries import query
from monitor.store.rows import column, read_alerts
from monitor.store.thread import StoreThread
from monitor.text.naming import short_name

MOST_NEW = 1000
"""new deliveries that are sorted at once: the others follow in the next transaction, and polls come between"""
MOST_RELEASED = 5000
"""deliveries whose hold is over that are sorted at once: more, because a digest is to be one message"""
_ANY_TIME = 2**62
_LAST_SENDS = 500  # messages that are looked at for the pace of a channel

Decide = Callable[[Sequence[Waiting], Sequence[Mute], Standing], Sorting]

_ENTITY = re.compile(r"\bentity:(?!type:)(?:\"([^\"]+)\"|([^\s?()\"]+))")


class SqliteSorting:
    """Deliveries sorted; see `monitor.ports.SortingStore`."""

    def __init__(self, thread: StoreThread) -> None:
        """Work through this thread."""
        self._thread = thread

    async def unsorted(self, now: datetime) -> tuple[str, ...]:
        """Names of the channels that have deliveries to sort, by name."""
        asked = {"now": to_micros(now)}
        return await self._thread.read(
            lambda connection: tuple(row[0] for row in connection.execute(query("unsorted_channels"), asked))
        )

    async def sort(
        self, channel: str, now: datetime, since: datetime | None, decide: Decide, *, is_anew: bool = False
    ) -> bool:
        """Let `decide` say what becomes of the deliveries that are to be sorted, and write that."""
        until = _ANY_TIME if is_anew else to_micros(now)
        return await self._thread.write(lambda connection: _sort(connection, channel, (now, until), since, decide))

    async def standing(self, channel: str) -> Standing:
        """Which digests a channel has had."""
        return await self._thread.read(lambda connection: _standing(connection, channel, None))

    async def fared(self, channel: str, since: datetime) -> Fared:
        """How a channel has fared: its sends since a moment, and its refusals in a row."""
        return await self._thread.read(lambda connection: _fared(connection, channel, since))


def waiting(delivery: int, channel: str, alert: Alert, story: str, held: tuple[Hold, datetime] | None) -> Waiting:
    """A delivery as those who sort it see it; `held`: what it has waited for, and until when."""
    content = alert.content
    found = (quoted or bare for one in content.evidence for quoted, bare in _ENTITY.findall(one.part))
    return Waiting(
        delivery=delivery,
        channel=channel,
        public_id=alert.public_id,
        kind=alert.kind,
        rule=content.rule,
        story=story,
        outlets=(*content.outlets, *content.also_in),
        entities=tuple(dict.fromkeys(found)),
        priority=alert.priority,
        is_late=content.is_late,
        raised_at=alert.at,
        hold=held[0] if held else None,
        held_until=held[1] if held else None,
    )


def whole(sorting: Sorting, deliveries: Iterable[int]) -> tuple[int, ...]:
    """Those that go alone, and behind them whatever the sorting has not named: better told at once than never."""
    named = {one for one, _ in sorting.muted}
    named.update(sorting.alone)
    named.update(one for group in sorting.together for one in group.deliveries)
    named.update(one for group in sorting.held for one in group.deliveries)
    return (*sorting.alone, *(one for one in deliveries if one not in named))


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


def _sort(
    connection: sqlite3.Connection,
    channel: str,
    moments: tuple[datetime, int],
    since: datetime | None,
    decide: Decide,
) -> bool:
    now, until = moments
    found, is_more = _waiting(connection, channel, until)
    places = [one.delivery for one in found]
    sorting = decide(found, read_mutes(connection, to_micros(now)), _standing(connection, channel, since))
    writing = _Writing(connection, found, now)
    writing.put_alone(whole(sorting, places))
    for together in sorting.together:
        writing.put_together(together)
    for held in sorting.held:
        asked = {"ids": pack(held.deliveries), "hold": held.hold.value, "until": to_micros(held.until)}
        connection.execute(query("sort_held"), asked | {"now": to_micros(now)})
    connection.executemany(query("sort_muted"), [(to_micros(now), why, delivery) for delivery, why in sorting.muted])
    for rule, at in sorting.digested.items():
        connection.execute(query("note_digest"), {"channel": channel, "rule": rule, "at": to_micros(at)})
    return is_more


class _Writing:
    """Puts deliveries on their way: those that were held, or that are to follow such, go to the end of the queue.

    In their old places, before what waits already, they would be tried while the channel waits for a refused message.
    """

    def __init__(self, connection: sqlite3.Connection, found: Sequence[Waiting], now: datetime) -> None:
        self._connection = connection
        self._found = {one.delivery: one for one in found}
        self._now = now
        self._last = 0
        self._end: int | None = None

    def put_alone(self, deliveries: Sequence[int]) -> None:
        asked = {"ids": pack(self._placed(deliveries)), "now": to_micros(self._now)}
        self._connection.execute(query("sort_alone"), asked)

    def put_together(self, together: Together) -> None:
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


def _waiting(connection: sqlite3.Connection, channel: str, until: int) -> tuple[tuple[Waiting, ...], bool]:
    """What is new, and what is held no longer than that; and whether there may be more."""
    asked = {"channel": channel, "now": until}
    rows = connection.execute(query("released_deliveries"), asked | {"limit": MOST_RELEASED}).fetchall()
    is_more = len(rows) == MOST_RELEASED
    fresh = connection.execute(query("unsorted_deliveries"), asked | {"limit": MOST_NEW}).fetchall()
    is_more |= len(fresh) == MOST_NEW
    rows += fresh
    ids = [alert for _, alert, _, _ in rows]
    alerts = read_alerts(connection, ids)
    stories = dict(connection.execute(query("story_names_of_alerts"), {"ids": pack(ids)}))
    found = tuple(
        waiting(
            delivery,
            channel,
            alerts[alert].alert,
            stories.get(alert, ""),
            (Hold(hold), to_moment(until)) if hold else None,
        )
        for delivery, alert, hold, until in rows
    )
    return found, is_more


def _standing(connection: sqlite3.Connection, channel: str, since: datetime | None) -> Standing:
    sent: list[datetime] = []
    sent_of: dict[str, tuple[datetime, ...]] = {}
    if since is not None:
        asked = {"channel": channel, "since": to_micros(since)}
        for at, first_rule, last_rule in connection.execute(query("put_on_way"), asked):
            sent.append(to_moment(at))
            if first_rule == last_rule:
                sent_of[first_rule] = (*sent_of.get(first_rule, ()), to_moment(at))
    digested = connection.execute(query("digests_of_channel"), {"channel": channel})
    return Standing(
        channel=channel,
        sent=tuple(sent),
        sent_of=sent_of,
        digested={rule: to_moment(at) for rule, at in digested},
    )


def _fared(connection: sqlite3.Connection, channel: str, since: datetime) -> Fared:
    asked = {"channel": channel, "since": to_micros(since), "limit": _LAST_SENDS}
    row = connection.execute(query("circuit_of_channel"), {"channel": channel}).fetchone()
    return Fared(
        sends=tuple(to_moment(at) for at in column(connection, "last_sends", asked)),
        circuit=Circuit() if row is None else Circuit(refusals=row[0], since=to_moment(row[1])),
    )
