"""The outbox on SQLite. A channel's queue is in the order of its deliveries, and its head holds up the rest."""

import asyncio
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from monitor.model.alerts import Alert, Form, Hold, Message, MessageId, PublicId, Settled, Settlement
from monitor.model.holding import Circuit
from monitor.store.content import pack
from monitor.store.journal import Journal
from monitor.store.moments import to_micros, to_moment
from monitor.store.plans import raise_alarms
from monitor.store.queries import query
from monitor.store.rows import column, read_alerts
from monitor.store.thread import StoreThread

MOST_ATTEMPTS = 100
"""of one message that are kept: the first half and the last half of them"""

_FATES = {
    Settlement.SENT: "settle_sent",
    Settlement.RETRY: "settle_retry",
    Settlement.DEAD: "settle_dead",
}


class SqliteOutbox:
    """Deliveries that are not done; see `monitor.ports.OutboxStore`."""

    def __init__(self, thread: StoreThread, journal: Journal) -> None:
        """Work through this thread; what was told is noted in this journal as well."""
        self._thread = thread
        self._journal = journal

    async def ready(self, now: datetime) -> tuple[str, ...]:
        """Names of the channels whose first unfinished message may be sent now, longest waiting first."""
        return await self._thread.read(lambda connection: _ready(connection, now))

    async def claim(self, channel: str, now: datetime, lease: timedelta, limit: int) -> tuple[Message, ...]:
        """Lease the channel's first messages in order, as far as they are free; a lease that ran out counts as free."""
        return await self._thread.write(lambda connection: _claim(connection, channel, now, lease, limit))

    async def settle(
        self,
        settled: Sequence[Settled],
        release: Collection[PublicId],
        channel: str,
        alarms: Sequence[Alert] = (),
        circuit: Circuit | None = None,
    ) -> None:
        """Write how sends ended and how the channel stands, give back what was not tried, and raise alarms."""

        def work(connection: sqlite3.Connection) -> Sequence[tuple[datetime, str]]:
            told = _settle(connection, settled, release, channel)
            if circuit is not None:
                _note(connection, channel, circuit)
            if alarms:
                raise_alarms(connection, alarms, alarms[0].at)
            return told

        told = await self._thread.write(work)
        if told:
            # Should it fail, the caller settles once more, which changes nothing in the outbox.
            await asyncio.to_thread(self._journal.note, [(at, public_id, channel) for at, public_id in told])

    async def recover(self) -> int:
        """Give back every lease; returns how many there were."""
        return await self._thread.write(_recover)

    async def retry(self, public_ids: Collection[PublicId] | None, now: datetime, channel: str = "") -> int:
        """Make dead or waiting deliveries due now (None: all dead ones that nobody dropped); returns how many."""
        return await self._thread.write(lambda connection: _retry(connection, public_ids, now, channel))


def _ready(connection: sqlite3.Connection, now: datetime) -> tuple[str, ...]:
    return tuple(channel for (channel,) in connection.execute(query("ready_channels"), {"now": to_micros(now)}))


def _claim(
    connection: sqlite3.Connection, channel: str, now: datetime, lease: timedelta, limit: int
) -> tuple[Message, ...]:
    ids = _free_messages(connection, channel, now, limit)
    if not ids:
        return ()
    asked = {"ids": pack(ids)}
    connection.execute(query("lease_messages"), asked | {"until": to_micros(now + lease)})
    connection.execute(query("follow_messages"), asked)
    return _read_messages(connection, ids)


def _free_messages(connection: sqlite3.Connection, channel: str, now: datetime, limit: int) -> list[int]:
    """Rows of the longest run of free messages from the head, each made if a delivery has none yet."""
    picked: list[tuple[int | None, int, int, str]] = []
    known: set[int] = set()
    queue = connection.execute(query("channel_queue"), {"channel": channel, "now": to_micros(now)})
    for delivery, message, sorted_at, public_id, is_free in queue:
        if message in known:
            continue
        if not is_free or len(picked) == limit:
            break
        picked.append((message, delivery, sorted_at, public_id))
        if message is not None:
            known.add(message)
    queue.close()
    return [
        message or make_message(connection, channel, delivery, sorted_at, public_id)
        for message, delivery, sorted_at, public_id in picked
    ]


def make_message(connection: sqlite3.Connection, channel: str, delivery: int, created_at: int, public_id: str) -> int:
    """The row of a new message that carries this delivery."""
    made = {"channel": channel, "public_id": public_id, "created_at": created_at, "form": Form.FULL.value}
    ((message,),) = connection.execute(query("add_message"), made | {"title": "", "hold": ""}).fetchall()
    carry(connection, message, delivery)
    return int(message)


def carry(connection: sqlite3.Connection, message: int, delivery: int) -> None:
    """Let this message carry this delivery."""
    connection.execute(query("carry_delivery"), {"message": message, "delivery": delivery})


def _read_messages(connection: sqlite3.Connection, ids: Sequence[int]) -> tuple[Message, ...]:
    asked = {"ids": pack(ids)}
    carried: dict[int, list[int]] = {}
    for message, alert in connection.execute(query("message_alerts"), asked):
        carried.setdefault(message, []).append(alert)
    alerts = read_alerts(connection, [alert for rows in carried.values() for alert in rows])
    return tuple(
        Message(
            id=MessageId(message),
            public_id=PublicId(public_id),
            channel=channel,
            alerts=tuple(alerts[alert].alert for alert in carried[message]),
            created_at=to_moment(created_at),
            attempts=attempts,
            form=Form(form),
            is_repeat=bool(is_repeat),
            title=title,
            hold=Hold(hold) if hold else None,
        )
        for message, public_id, channel, created_at, attempts, form, is_repeat, title, hold in connection.execute(
            query("messages_by_id"), asked
        )
    )


def _settle(
    connection: sqlite3.Connection, settled: Sequence[Settled], release: Collection[PublicId], channel: str
) -> list[tuple[datetime, str]]:
    """Returns when which alert was told."""
    for one in settled:
        outcome = {
            "message": one.message,
            "at": to_micros(one.at),
            "due_at": to_micros(one.due_at or one.at),
            "error": one.error,
            "form": one.form.value,
        }
        connection.execute(query(_FATES[one.fate]), outcome)
        _add_attempt(connection, one)
    released = column(connection, "release_messages", {"channel": channel, "public_ids": pack(release)})
    follow(connection, [*(one.message for one in settled), *released])
    return [
        (one.at, public_id)
        for one in settled
        if one.fate is Settlement.SENT
        for public_id, _ in connection.execute(query("carried"), {"ids": pack([one.message])})
    ]


def _note(connection: sqlite3.Connection, channel: str, circuit: Circuit) -> None:
    if circuit.since is None:
        connection.execute(query("close_circuit"), {"channel": channel})
        return
    row = {"channel": channel, "refusals": circuit.refusals, "since": to_micros(circuit.since)}
    connection.execute(query("note_circuit"), row)


def _add_attempt(connection: sqlite3.Connection, one: Settled) -> None:
    attempt = {
        "message": one.message,
        "at": to_micros(one.at),
        "outcome": one.fate.value,
        "reason": one.error or one.note,
        "took_ms": one.took_ms,
    }
    for (number,) in connection.execute(query("add_attempt"), attempt).fetchall():
        if number > MOST_ATTEMPTS:
            middle = {"message": one.message, "number": number - MOST_ATTEMPTS // 2}
            connection.execute(query("drop_attempt"), middle)


def _recover(connection: sqlite3.Connection) -> int:
    recovered = column(connection, "recover_messages", {})
    follow(connection, recovered)
    return len(recovered)


def _retry(connection: sqlite3.Connection, public_ids: Collection[PublicId] | None, now: datetime, channel: str) -> int:
    asked: dict[str, object] = {"now": to_micros(now), "form": Form.FULL.value, "channel": channel}
    if public_ids is None:
        revived, released = column(connection, "revive_dead", asked), 0
    else:
        revived = column(connection, "revive_named", asked | {"public_ids": pack(public_ids)})
        released = _release(connection, public_ids, now, channel)
    follow(connection, revived)
    return column(connection, "count_deliveries_of", {"ids": pack(revived)})[0] + released


def _release(connection: sqlite3.Connection, public_ids: Collection[PublicId], now: datetime, channel: str) -> int:
    """Put what is held or muted at the end of its queue; how many there were."""
    kept_back = column(connection, "kept_back", {"public_ids": pack(public_ids), "channel": channel})
    last = column(connection, "last_delivery", {})[0]
    places = list(range(last + 1, last + 1 + len(kept_back)))
    connection.executemany(query("move_delivery"), list(zip(places, kept_back, strict=True)))
    connection.execute(query("sort_alone"), {"ids": pack(places), "now": to_micros(now)})
    return len(kept_back)


def follow(connection: sqlite3.Connection, messages: Iterable[int]) -> None:
    """Let the deliveries of these messages stand where they stand."""
    connection.execute(query("follow_messages"), {"ids": pack(messages)})
