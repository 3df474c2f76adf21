"""What every store promises about deliveries: SQLite and the fake must both keep it."""

from datetime import datetime, timedelta

from monitor.alerts.alarms import Cause, alarm
from monitor.model.alerts import Form, Message, PublicId, Settled, Settlement
from monitor.model.views import DeliveryRow
from tests.store_values import MINUTE, NOW, Store, alert, put_on_way, sifted, told

LEASE = timedelta(minutes=2)


async def test_an_empty_outbox_has_nothing_to_send(store: Store) -> None:
    """No channel is ready where no delivery is unfinished."""
    assert await store.outbox.ready(NOW) == ()
    assert await store.outbox.claim("desk", NOW, LEASE, 5) == ()
    assert await store.outbox.recover() == 0


async def test_a_message_brings_its_alert_back_whole(store: Store) -> None:
    """A claimed message carries the alert as it was decided, with a public id that stays."""
    await told(store, 1, channels=("desk", "ops"))

    (message,) = await store.outbox.claim("desk", NOW, LEASE, 5)
    assert message.alerts == (alert(sifted(1), channels=("desk", "ops")),)
    assert (message.public_id, message.channel) == ("bridges-1", "desk")
    assert (message.created_at, message.attempts, message.form) == (NOW, 0, Form.FULL)
    (other,) = await store.outbox.claim("ops", NOW, LEASE, 5)
    assert (other.public_id, other.channel) == ("bridges-1", "ops")
    assert other.id != message.id


async def test_messages_are_claimed_in_order_up_to_the_limit(store: Store) -> None:
    """A channel's queue keeps the order of its deliveries."""
    await told(store, 3, 1, 2)

    assert _names(await store.outbox.claim("desk", NOW, LEASE, 2)) == ["bridges-3", "bridges-1"]
    assert [row.state for row in await _rows(store)] == ["leased", "leased", "pending"]


async def test_a_leased_head_holds_up_its_channel_only(store: Store) -> None:
    """While the first message is being sent nothing of its channel is ready; other channels are not touched."""
    await told(store, 1, 2, channels=("desk", "ops"))
    assert await store.outbox.ready(NOW) == ("desk", "ops")
    await store.outbox.claim("desk", NOW, LEASE, 1)

    assert await store.outbox.ready(NOW) == ("ops",)
    assert await store.outbox.claim("desk", NOW, LEASE, 5) == ()


async def test_a_lease_that_ran_out_counts_as_given_back(store: Store) -> None:
    """A sender that vanished holds its messages no longer than the lease; the same message comes again."""
    await told(store, 1)
    (lost,) = await store.outbox.claim("desk", NOW, LEASE, 1)

    assert await store.outbox.ready(NOW + LEASE - MINUTE) == ()
    assert await store.outbox.ready(NOW + LEASE) == ("desk",)
    assert await store.outbox.claim("desk", NOW + LEASE, LEASE, 1) == (lost,)


async def test_what_was_sent_is_done(store: Store) -> None:
    """A message that the channel took leaves the queue, and the next one is the head."""
    await told(store, 1, 2)
    (message,) = await store.outbox.claim("desk", NOW, LEASE, 1)
    await _settle(store, message, Settlement.SENT)

    assert _names(await store.outbox.claim("desk", NOW, LEASE, 5)) == ["bridges-2"]
    (row,) = await store.views.outbox(5, ["sent"])
    assert (row.public_id, row.attempts, row.settled_at) == ("bridges-1", 1, NOW)
    assert (row.kind, row.rule, row.title) == ("first", "bridges", "The bridge number 1 opens")


async def test_a_message_to_be_tried_again_holds_up_its_channel(store: Store) -> None:
    """Order is kept: what stands behind waits until the head is due, in the form that was settled."""
    await told(store, 1, 2)
    (message,) = await store.outbox.claim("desk", NOW, LEASE, 1)
    await _settle(store, message, Settlement.RETRY, due_at=NOW + 5 * MINUTE, form=Form.SHORT, error="too long")

    assert await store.outbox.ready(NOW + 4 * MINUTE) == ()
    assert await store.outbox.claim("desk", NOW + 4 * MINUTE, LEASE, 5) == ()
    again, behind = await store.outbox.claim("desk", NOW + 5 * MINUTE, LEASE, 5)
    assert (again.id, again.public_id) == (message.id, message.public_id)
    assert (again.attempts, again.form, again.created_at) == (1, Form.SHORT, NOW)
    assert behind.public_id == "bridges-2"
    assert (await _rows(store))[0].last_error == "too long"


async def test_a_dead_message_lets_the_queue_go_on(store: Store) -> None:
    """What will not be tried again is kept as dead, with its reason."""
    await told(store, 1, 2)
    (message,) = await store.outbox.claim("desk", NOW, LEASE, 1)
    await _settle(store, message, Settlement.DEAD, error="gone for good")

    assert await store.outbox.ready(NOW) == ("desk",)
    (row,) = await store.views.outbox(5, ["dead"])
    assert (row.public_id, row.last_error, row.attempts) == ("bridges-1", "gone for good", 1)


async def test_what_was_not_tried_is_given_back_without_a_count(store: Store) -> None:
    """Released messages are free at once and were not attempted; the same ids in other channels stay leased."""
    await told(store, 1, 2, channels=("desk", "ops"))
    sent, untried = await store.outbox.claim("desk", NOW, LEASE, 2)
    await store.outbox.claim("ops", NOW, LEASE, 2)
    await store.outbox.settle([_settled(sent, Settlement.SENT)], [untried.public_id], "desk")

    assert await store.outbox.ready(NOW) == ("desk",)
    (again,) = await store.outbox.claim("desk", NOW, LEASE, 2)
    assert (again.id, again.attempts) == (untried.id, 0)


async def test_a_message_behind_one_that_waits_is_not_overtaken(store: Store) -> None:
    """A claim takes free messages from the head as far as they go, and stops at the first that is not."""
    await told(store, 1, 2, 3)
    first, second = await store.outbox.claim("desk", NOW, LEASE, 2)
    retry = _settled(second, Settlement.RETRY, due_at=NOW + 5 * MINUTE)
    await store.outbox.settle([retry], [first.public_id], "desk")

    assert _names(await store.outbox.claim("desk", NOW, LEASE, 5)) == ["bridges-1"]


async def test_recovery_gives_back_every_lease(store: Store) -> None:
    """After a crash the only process there is takes up all that was being sent, and counts it."""
    await told(store, 1, 2, channels=("desk", "ops"))
    await store.outbox.claim("desk", NOW, LEASE, 2)
    await store.outbox.claim("ops", NOW, LEASE, 1)

    assert await store.outbox.recover() == 3
    assert await store.outbox.ready(NOW) == ("desk", "ops")
    assert await store.outbox.recover() == 0


async def test_late_answers_do_not_revive_what_was_sent(store: Store) -> None:
    """A sender that was overtaken by its own lease cannot turn *sent* into another try."""
    await told(store, 1)
    (slow,) = await store.outbox.claim("desk", NOW, LEASE, 1)
    (fast,) = await store.outbox.claim("desk", NOW + LEASE, LEASE, 1)
    await _settle(store, fast, Settlement.SENT)
    await _settle(store, slow, Settlement.RETRY, due_at=NOW)
    await _settle(store, slow, Settlement.DEAD)

    assert await store.outbox.ready(NOW + 60 * MINUTE) == ()
    assert [row.state for row in await _rows(store)] == ["sent"]


async def test_retrying_all_revives_the_dead_only(store: Store) -> None:
    """Dead messages begin anew: due now, no attempts, a whole time to live; those that wait go on waiting."""
    await told(store, 1, 2, channels=("desk",))
    first, second = await store.outbox.claim("desk", NOW, LEASE, 2)
    await _settle(store, first, Settlement.DEAD, form=Form.SHORT)
    await _settle(store, second, Settlement.RETRY, due_at=NOW + 60 * MINUTE)
    later = NOW + 10 * MINUTE

    assert await store.outbox.retry(None, later) == 1
    (revived,) = await store.outbox.claim("desk", later, LEASE, 5)
    assert (revived.id, revived.attempts, revived.created_at) == (first.id, 0, later)
    assert revived.form is Form.FULL


async def test_retrying_by_name_makes_waiting_ones_due(store: Store) -> None:
    """A named message that waits is due now with its attempts kept; sent, leased and untold names are not touched."""
    await told(store, 1, 2, 3, 4)
    sent, waiting, leased = await store.outbox.claim("desk", NOW, LEASE, 3)
    await _settle(store, sent, Settlement.SENT)
    await _settle(store, waiting, Settlement.RETRY, due_at=NOW + 60 * MINUTE)
    names = [sent.public_id, waiting.public_id, leased.public_id, PublicId("bridges-4"), PublicId("nobody")]

    assert await store.outbox.retry(names, NOW + MINUTE) == 1
    (again,) = await store.outbox.claim("desk", NOW + MINUTE, LEASE, 1)
    assert (again.id, again.attempts, again.created_at) == (waiting.id, 1, NOW)
    assert await store.outbox.retry([waiting.public_id], NOW + MINUTE) == 0


async def test_retrying_by_name_revives_the_dead_of_every_channel(store: Store) -> None:
    """One public id may be dead in several channels; each delivery counts."""
    await told(store, 1, channels=("desk", "ops"))
    for channel in ("desk", "ops"):
        (message,) = await store.outbox.claim(channel, NOW, LEASE, 1)
        await _settle(store, message, Settlement.DEAD)

    assert await store.outbox.retry([message.public_id], NOW + MINUTE) == 2
    assert await store.outbox.ready(NOW + MINUTE) == ("desk", "ops")
    assert {row.attempts for row in await _rows(store)} == {0}


async def test_alarms_are_written_with_the_marks_and_once_for_a_key(store: Store) -> None:
    """A delivery for each of their channels; the same cause again writes nothing, also beside a new one."""
    await told(store, 1, 2)
    first, second = await store.outbox.claim("desk", NOW, LEASE, 2)
    gone = alarm(Cause.CHANNEL, subject="desk", says="desk is gone", now=NOW, channels=("ops", "screen"))
    died = alarm(Cause.DIED, subject="desk", says="a message died", now=NOW, channels=("ops",))
    await store.outbox.settle([_settled(first, Settlement.SENT)], [], "desk", [gone])
    await store.outbox.settle([_settled(second, Settlement.DEAD)], [], "desk", [gone, died, died])

    rows = [row for row in await _rows(store) if row.kind == "alarm"]
    assert [(row.channel, row.title) for row in rows] == [
        ("ops", "desk is gone"),
        ("screen", "desk is gone"),
        ("ops", "a message died"),
    ]
    await put_on_way(store)
    told_first, _ = await store.outbox.claim("ops", NOW, LEASE, 5)
    assert told_first.public_id == gone.public_id
    assert told_first.alerts[0].content.title == "desk is gone"


async def test_the_outbox_shows_what_is_asked_for_oldest_first(store: Store) -> None:
    """Rows of the wanted states, at most `limit`; one never claimed has no due time and no error."""
    await told(store, 1, 2, 3)
    await store.outbox.claim("desk", NOW, LEASE, 1)

    rows = await store.views.outbox(1, ["pending"])
    assert [(row.public_id, row.due_at, row.attempts, row.last_error) for row in rows] == [("bridges-2", None, 0, "")]
    assert await store.views.outbox(5, []) == ()


async def _rows(store: Store) -> tuple[DeliveryRow, ...]:
    return await store.views.outbox(100, ["pending", "leased", "sent", "dead"])


async def _settle(
    store: Store,
    message: Message,
    fate: Settlement,
    *,
    due_at: datetime | None = None,
    form: Form = Form.FULL,
    error: str = "",
) -> None:
    settled = _settled(message, fate, due_at=due_at, form=form, error=error)
    await store.outbox.settle([settled], [], message.channel)


def _settled(
    message: Message,
    fate: Settlement,
    *,
    due_at: datetime | None = None,
    form: Form = Form.FULL,
    error: str = "",
) -> Settled:
    return Settled(message=message.id, fate=fate, at=NOW, due_at=due_at, form=form, error=error)


def _names(messages: tuple[Message, ...]) -> list[str]:
    return [message.public_id for message in messages]
