"""What every store promises about a backlog that becomes one message: SQLite and the fake must both keep it."""

from collections.abc import Sequence
from datetime import timedelta

from monitor.alerts.alarms import Cause, alarm
from monitor.model.alerts import Form, Hold, Message, PublicId, Settled, Settlement
from monitor.model.holding import Circuit, Mute, Sorting, Standing, Together, Waiting
from monitor.model.views import DeliveryRow, Wanted
from monitor.text.naming import short_name
from tests.store_values import MINUTE, NOW, Office, put_on_way, raised, told

LEASE = timedelta(minutes=2)
LATER = NOW + 10 * MINUTE
ALL = ("pending", "held", "leased", "sent", "dead", "muted")


async def test_what_waits_becomes_one_message_in_the_order_that_was_said(store: Office) -> None:
    """Under a name made of its key, with a life of its own; each delivery says what it waited for and until when."""
    await told(store, 1, 2, 3)
    assert await _gathered(store) == ["bridges-1", "bridges-2", "bridges-3"]
    (message,) = await store.outbox.claim("desk", LATER, LEASE, 5)
    assert (message.public_id, message.title, message.hold) == (short_name("backlog|desk|x"), "Three", Hold.AWAY)
    assert [one.public_id for one in message.alerts] == ["bridges-3", "bridges-2", "bridges-1"]
    assert (message.created_at, message.attempts, message.form) == (LATER, 0, Form.FULL)
    await _settle(store, message, Settlement.SENT)
    for row in await _rows(store):
        assert (row.state, row.public_id, row.is_together) == ("sent", message.public_id, True)
        assert (row.hold, row.held_until) == (Hold.AWAY, LATER)
    assert len(await store.archive.deliveries(message.public_id)) == 3


async def test_what_is_not_named_keeps_its_place_before_the_message(store: Office) -> None:
    """Alone as it was, also where it stood behind."""
    await told(store, 1, 2, 3, 4)
    await _gathered(store, leave=("bridges-2", "bridges-4"))
    messages = await store.outbox.claim("desk", LATER, LEASE, 5)
    assert [[one.public_id for one in message.alerts] for message in messages] == [
        ["bridges-2"],
        ["bridges-4"],
        ["bridges-3", "bridges-1"],
    ]


async def test_where_nothing_is_to_be_gathered_nothing_changes(store: Office) -> None:
    """Not even the messages that were claimed once and given back."""
    await told(store, 1, 2)
    claimed = await store.outbox.claim("desk", NOW, LEASE, 5)
    await store.outbox.settle([], [one.public_id for one in claimed], "desk")
    before = await _rows(store)
    assert await store.sorting.gather("desk", LATER, lambda _: None) is False
    assert await _rows(store) == before
    assert await store.outbox.claim("desk", NOW, LEASE, 5) == claimed


async def test_what_was_tried_is_not_gathered(store: Office) -> None:
    """Perhaps the channel has it: it comes again under its own name, or not at all."""
    await told(store, 1, 2, 3)
    tried, *untried = await store.outbox.claim("desk", NOW, LEASE, 5)
    await store.outbox.settle(
        [_settled(tried, Settlement.RETRY)],
        [one.public_id for one in untried],
        "desk",
        (),
        Circuit(refusals=1, since=NOW),
    )
    assert await _gathered(store) == ["bridges-2", "bridges-3"]
    first, second = await store.outbox.claim("desk", LATER, LEASE, 5)
    assert (first.public_id, first.attempts) == (tried.public_id, 1)
    assert len(second.alerts) == 2


async def test_what_was_tried_is_not_gathered_after_somebody_revived_it_either(store: Office) -> None:
    """Its tries count anew, but they were made."""
    await told(store, 1, 2, 3)
    tried, *untried = await store.outbox.claim("desk", NOW, LEASE, 5)
    await store.outbox.settle([_settled(tried, Settlement.DEAD)], [one.public_id for one in untried], "desk")
    assert await store.outbox.retry([PublicId("bridges-1")], NOW) == 1
    assert await _gathered(store) == ["bridges-2", "bridges-3"]


async def test_what_is_being_sent_or_wanted_again_or_not_sorted_is_not_gathered(store: Office) -> None:
    """Nor what is held."""
    await told(store, 1, 2)
    sent, leased = await store.outbox.claim("desk", NOW, LEASE, 5)
    await _settle(store, sent, Settlement.SENT)
    chosen = await store.outbox_desk.choose(Wanted(states=("sent",)))
    assert await store.outbox_desk.replay(chosen, NOW) == 1
    await raised(store, 3)
    await told(store, 4, 5, channels=("ops",))
    await raised(store, 6)
    assert await _gathered(store) == ["bridges-3"]
    assert {row.state for row in await _rows(store) if row.public_id == leased.public_id} == {"leased"}


async def test_what_tocsin_says_of_itself_is_not_gathered(store: Office) -> None:
    """An alarm is no news, and is read by itself."""
    await told(store, 1, 2)
    down = alarm(Cause.CHANNEL, subject="ops", says="ops is down", now=NOW, channels=("desk",))
    await store.outbox.settle([], [], "desk", [down])
    await put_on_way(store)
    assert await _gathered(store) == ["bridges-1", "bridges-2"]
    first, second = await store.outbox.claim("desk", LATER, LEASE, 5)
    assert (first.alerts[0].kind.value, len(second.alerts)) == ("alarm", 2)


async def test_messages_of_several_alerts_are_seen_whole_and_nothing_of_them_stays(store: Office) -> None:
    """A roll-up that was never tried goes into the message; its own name is not known any more."""
    await raised(store, 1, 2)
    await store.sorting.sort("desk", NOW, None, _rolled_up)
    await told(store, 3)
    seen: list[Waiting] = []
    await _gathered(store, seen=seen)
    assert [one.carried_by for one in seen] == [short_name("roll-up"), short_name("roll-up"), ""]
    (message,) = await store.outbox.claim("desk", LATER, LEASE, 5)
    assert len(message.alerts) == 3
    assert await store.archive.deliveries(PublicId(short_name("roll-up"))) == ()


async def test_what_comes_at_that_moment_stands_behind_the_message(store: Office) -> None:
    """It is newer, and must not be tried before it."""
    await told(store, 1, 2)
    await raised(store, 3)
    await _gathered(store)
    await put_on_way(store, LATER)
    messages = await store.outbox.claim("desk", LATER, LEASE, 5)
    assert [len(message.alerts) for message in messages] == [2, 1]


async def test_a_backlog_that_is_away_again_before_it_was_tried_joins_the_next_one(store: Office) -> None:
    """It is one message in the end; at the same moment it is not looked at again."""
    await told(store, 1, 2)
    await _gathered(store)
    assert await _gathered(store) == []
    await told(store, 3)
    assert sorted(await _gathered(store, key="backlog|desk|y", minutes=20)) == ["bridges-1", "bridges-2", "bridges-3"]
    (message,) = await store.outbox.claim("desk", LATER + 20 * MINUTE, LEASE, 5)
    assert (message.public_id, len(message.alerts)) == (short_name("backlog|desk|y"), 3)


async def test_a_backlog_that_was_tried_stays_as_it_is(store: Office) -> None:
    """It comes again under its own name, and what came later follows it."""
    await told(store, 1, 2)
    await _gathered(store)
    (message,) = await store.outbox.claim("desk", LATER, LEASE, 5)
    await _settle(store, message, Settlement.RETRY)
    await told(store, 3, 4)
    assert await _gathered(store, key="backlog|desk|y", minutes=20) == ["bridges-3", "bridges-4"]
    first, second = await store.outbox.claim("desk", LATER + 20 * MINUTE, LEASE, 5)
    assert (first.public_id, first.attempts, len(second.alerts)) == (message.public_id, 1, 2)


async def test_a_retry_or_a_replay_of_one_alert_of_it_is_one_of_the_whole_message(store: Office) -> None:
    """It was one message, and it stays one."""
    await told(store, 1, 2)
    await _gathered(store)
    (message,) = await store.outbox.claim("desk", LATER, LEASE, 5)
    await _settle(store, message, Settlement.DEAD)
    assert await store.outbox.retry([PublicId("bridges-2")], LATER) == 2
    (again,) = await store.outbox.claim("desk", LATER, LEASE, 5)
    assert (again.public_id, len(again.alerts), again.is_repeat) == (message.public_id, 2, False)
    await _settle(store, again, Settlement.SENT)
    chosen = await store.outbox_desk.choose(Wanted(states=("sent",), ids=("bridges-1",)))
    assert await store.outbox_desk.replay(chosen, LATER) == 2
    (repeat,) = await store.outbox.claim("desk", LATER, LEASE, 5)
    assert (repeat.public_id, len(repeat.alerts), repeat.is_repeat) == (message.public_id, 2, True)


async def test_the_message_counts_once_for_a_throttle(store: Office) -> None:
    """What waited is put on its way anew."""
    await told(store, 1, 2, 3)
    await _gathered(store)
    await raised(store, 4)
    stood: list[Standing] = []

    def decide(_some: Sequence[Waiting], _mutes: Sequence[Mute], standing: Standing) -> Sorting:
        stood.append(standing)
        return Sorting()

    await store.sorting.sort("desk", LATER, NOW, decide)
    assert [one.sent for one in stood] == [(LATER,)]


async def _gathered(
    store: Office,
    *,
    leave: Sequence[str] = (),
    key: str = "backlog|desk|x",
    minutes: int = 0,
    seen: list[Waiting] | None = None,
) -> list[str]:
    """Gather all but those, the last first; returns the alerts that could have been."""
    found: list[Waiting] = [] if seen is None else seen

    def decide(waiting: Sequence[Waiting]) -> Together | None:
        found.extend(waiting)
        some = [one.delivery for one in waiting if one.public_id not in leave]
        if not some:
            return None
        return Together(channel="desk", key=key, deliveries=tuple(reversed(some)), hold=Hold.AWAY, title="Three")

    assert await store.sorting.gather("desk", LATER + minutes * MINUTE, decide) is False
    return [one.public_id for one in found]


def _rolled_up(some: Sequence[Waiting], *_: object) -> Sorting:
    places = tuple(one.delivery for one in some)
    one = Together(channel="desk", key="roll-up", deliveries=places, hold=Hold.THROTTLE, title="Two")
    return Sorting(together=(one,))


async def _rows(store: Office) -> list[DeliveryRow]:
    return list(await store.views.outbox(100, ALL))


def _settled(message: Message, fate: Settlement) -> Settled:
    return Settled(message=message.id, fate=fate, at=LATER, due_at=LATER, error="503")


async def _settle(store: Office, message: Message, fate: Settlement) -> None:
    await store.outbox.settle([_settled(message, fate)], [], message.channel)
