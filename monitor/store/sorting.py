"""What stands between an alert and its sending, on SQLite: one transaction for a channel and sorting.

A crash leaves each delivery either as it was or sorted, and a message of several deliveries whole or not there.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model.alerts import Alert, Hold
from monitor.model.holding import Circuit, Fared, Mute, Sorting, Standing, Together, Waiting
from monitor.store.content import pack
from monitor.store.moments import to_micros, to_moment
from monitor.store.mutes import read_mutes
from monitor.store.placing import Placing
from monitor.store.queries import query
from monitor.store.rows import column, read_alerts
from monitor.store.thread import StoreThread

MOST_NEW = 1000
"""new deliveries that are sorted at once: the others follow in the next transaction, and polls come between"""
MOST_RELEASED = 5000
"""deliveries whose hold is over that are sorted at once: more, because a digest is to be one message"""
MOST_GATHERED = 5000
"""deliveries that waited for a channel which become one message"""
_ANY_TIME = 2**62
_LAST_SENDS = 500  # messages that are looked at for the pace of a channel

Decide = Callable[[Sequence[Waiting], Sequence[Mute], Standing], Sorting]
Gather = Callable[[Sequence[Waiting]], Together | None]

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

    async def gather(self, channel: str, now: datetime, decide: Gather) -> bool:
        """Let `decide` say which of the alerts that wait for a channel and were never tried become one message."""
        return await self._thread.write(lambda connection: _gather(connection, channel, now, decide))

    async def standing(self, channel: str) -> Standing:
        """Which digests a channel has had."""
        return await self._thread.read(lambda connection: _standing(connection, channel, None))

    async def fared(self, channel: str, since: datetime) -> Fared:
        """How a channel has fared: its sends since a moment, and its refusals in a row."""
        return await self._thread.read(lambda connection: _fared(connection, channel, since))


def waiting(
    delivery: int, channel: str, alert: Alert, story: str, held: tuple[Hold, datetime] | None, *, carried_by: str = ""
) -> Waiting:
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
        carried_by=carried_by,
    )


def whole(sorting: Sorting, deliveries: Iterable[int]) -> tuple[int, ...]:
    """Those that go alone, and behind them whatever the sorting has not named: better told at once than never."""
    named = {one for one, _ in sorting.muted}
    named.update(sorting.alone)
    named.update(one for group in sorting.together for one in group.deliveries)
    named.update(one for group in sorting.held for one in group.deliveries)
    return (*sorting.alone, *(one for one in deliveries if one not in named))


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
    placing = Placing(connection, found, now)
    placing.put_alone(whole(sorting, places))
    for together in sorting.together:
        placing.put_together(together)
    for held in sorting.held:
        asked = {"ids": pack(held.deliveries), "hold": held.hold.value, "until": to_micros(held.until)}
        connection.execute(query("sort_held"), asked | {"now": to_micros(now)})
    connection.executemany(query("sort_muted"), [(to_micros(now), why, delivery) for delivery, why in sorting.muted])
    for rule, at in sorting.digested.items():
        connection.execute(query("note_digest"), {"channel": channel, "rule": rule, "at": to_micros(at)})
    return is_more


def _waiting(connection: sqlite3.Connection, channel: str, until: int) -> tuple[tuple[Waiting, ...], bool]:
    """What is new, and what is held no longer than that; and whether there may be more."""
    asked = {"channel": channel, "now": until}
    rows = connection.execute(query("released_deliveries"), asked | {"limit": MOST_RELEASED}).fetchall()
    is_more = len(rows) == MOST_RELEASED
    fresh = connection.execute(query("unsorted_deliveries"), asked | {"limit": MOST_NEW}).fetchall()
    is_more |= len(fresh) == MOST_NEW
    rows += fresh
    alerts, stories = _told_of(connection, [alert for _, alert, _, _ in rows])
    found = tuple(
        waiting(
            delivery,
            channel,
            alerts[alert],
            stories.get(alert, ""),
            (Hold(hold), to_moment(until)) if hold else None,
        )
        for delivery, alert, hold, until in rows
    )
    return found, is_more


def _told_of(connection: sqlite3.Connection, ids: Sequence[int]) -> tuple[dict[int, Alert], dict[int, str]]:
    """Alerts by row, and the stories that they are about."""
    alerts = {row: found.alert for row, found in read_alerts(connection, ids).items()}
    return alerts, dict(connection.execute(query("story_names_of_alerts"), {"ids": pack(ids)}))


def _gather(connection: sqlite3.Connection, channel: str, now: datetime, decide: Gather) -> bool:
    asked = {"channel": channel, "now": to_micros(now), "limit": MOST_GATHERED, "hold": Hold.AWAY.value}
    rows = connection.execute(query("backlog_of_channel"), asked).fetchall()
    alerts, stories = _told_of(connection, [alert for _, alert, _, _ in rows])
    found = tuple(
        waiting(delivery, channel, alerts[alert], stories.get(alert, ""), None, carried_by=together)
        for delivery, alert, _, together in rows
    )
    together = decide(found)
    if together is None:
        return False
    ids = set(together.deliveries)
    before = {message for delivery, _, message, _ in rows if delivery in ids and message is not None}
    # As if held until now: so they stand at the end of the queue, behind what goes by itself.
    held = {"ids": pack(together.deliveries), "hold": together.hold.value, "until": to_micros(now)}
    connection.execute(query("sort_held"), held | {"now": to_micros(now)})
    gathering = [replace(one, hold=together.hold, held_until=now) for one in found if one.delivery in ids]
    Placing(connection, gathering, now).put_together(together)
    connection.execute(query("forget_messages"), {"ids": pack(before)})
    # What came in this very moment, and is sorted next, must not stand before them.
    last = column(connection, "last_delivery", {})[0]
    fresh = column(connection, "unsorted_in_channel", {"channel": channel})
    moves = [(last + place, delivery) for place, delivery in enumerate(fresh, 1)]
    connection.executemany(query("move_delivery"), moves)
    return len(rows) >= MOST_GATHERED


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
