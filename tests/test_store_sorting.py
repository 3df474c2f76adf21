"""What every store promises about sorting, holds, mutes and circuits: SQLite and the fake must both keep it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model.alerts import Hold, Message, PublicId, Settled, Settlement
from monitor.model.holding import Circuit, Held, Mute, MuteKind, Sorting, Standing, Together, Waiting
from monitor.model.rules import Evidence, Priority
from monitor.model.views import DeliveryRow, Wanted
from monitor.text.naming import short_name
from tests.store_values import MINUTE, NORTH, NOW, Office, alert, commit, feeds, plan, raised, sifted, told

LEASE = timedelta(minutes=2)
LATER = NOW + 10 * MINUTE
ALL = ("pending", "held", "leased", "sent", "dead", "muted")
EMPTY = Sorting()

Decide = Callable[[Sequence[Waiting], Sequence[Mute], Standing], Sorting]


async def test_what_is_not_sorted_is_not_sent(store: Office) -> None:
    """Though it is pending: whoever sorts may hold it."""
    await raised(store, 1, channels=("desk", "ops"))
    assert await store.sorting.unsorted(NOW) == ("desk", "ops")
    assert await store.outbox.ready(NOW) == ()
    assert await store.outbox.claim("desk", NOW, LEASE, 5) == ()
    assert [row.state for row in await _rows(store)] == ["pending", "pending"]

    await store.sorting.sort("desk", NOW, None, _saying(EMPTY))
    assert await store.sorting.unsorted(NOW) == ("ops",)
    assert await store.outbox.ready(NOW) == ("desk",)
    (message,) = await store.outbox.claim("desk", NOW, LEASE, 5)
    assert (message.public_id, message.title, message.hold) == ("bridges-1", "", None)


async def test_who_sorts_sees_what_an_alert_is_about(store: Office) -> None:
    """Rule, story, outlets and the entities that were found, also one whose id needs quotes; types name nobody."""
    (feed,) = await feeds(store, NORTH)
    one = sifted(1)
    parts = ("entity:zelensky?", 'title:entity:"odd id"', "entity:type:person", '"bridge"', "entity:zelensky")
    evidence = tuple(Evidence(field="title", start=4, end=10, part=part) for part in parts)
    raised_alert = alert(one)
    content = replace(raised_alert.content, evidence=evidence)
    await commit(store, plan(feed, one, alerts=(replace(raised_alert, content=content, priority=Priority.URGENT),)))
    seen = await _sorted(store, NOW)
    (waiting,) = seen
    assert waiting == Waiting(
        delivery=waiting.delivery,
        channel="desk",
        public_id=raised_alert.public_id,
        kind=raised_alert.kind,
        rule="bridges",
        story=short_name(one.story_key),
        outlets=("North",),
        entities=("zelensky", "odd id"),
        priority=Priority.URGENT,
        is_late=True,
        raised_at=NOW,
    )


async def test_what_is_held_is_sorted_again_when_its_time_has_come(store: Office) -> None:
    """To the moment, with what it was held for; until then it is shown as held, with reason and end."""
    await raised(store, 1, 2)
    await store.sorting.sort("desk", NOW, None, lambda some, *_: _held(some[:1], Hold.QUIET))
    (row, other) = await _rows(store)
    assert (row.state, row.hold, row.held_until, other.state) == ("held", "quiet hours", LATER, "pending")
    assert await store.sorting.unsorted(LATER - MINUTE) == ()
    assert await store.sorting.unsorted(LATER) == ("desk",)

    seen = await _sorted(store, LATER)
    assert [(one.public_id, one.hold, one.held_until) for one in seen] == [("bridges-1", Hold.QUIET, LATER)]
    assert await store.sorting.unsorted(LATER) == ()


async def test_what_was_held_goes_to_the_end_of_the_queue_and_lives_from_then_on(store: Office) -> None:
    """In its old place it would be tried while the channel waits for the head; and a weekend is no failure."""
    await raised(store, 1)
    await store.sorting.sort("desk", NOW, None, lambda some, *_: _held(some, Hold.QUIET))
    await told(store, 2)
    (head,) = await store.outbox.claim("desk", NOW, LEASE, 1)
    await _settle(store, head, Settlement.RETRY, due_at=LATER + MINUTE)

    await _sorted(store, LATER)
    assert await store.outbox.ready(LATER) == (), "the channel still waits"
    first, second = await store.outbox.claim("desk", LATER + MINUTE, LEASE, 5)
    assert (first.public_id, second.public_id) == ("bridges-2", "bridges-1")
    assert second.created_at == LATER


async def test_a_sorting_keeps_its_own_order(store: Office) -> None:
    """Urgent first, if it says so."""
    await raised(store, 1, 2, 3)

    def urgent_last_first(some: Sequence[Waiting], *_: object) -> Sorting:
        one, two, three = (each.delivery for each in some)
        return Sorting(alone=(three, one, two))

    await store.sorting.sort("desk", NOW, None, urgent_last_first)
    messages = await store.outbox.claim("desk", NOW, LEASE, 5)
    assert [one.public_id for one in messages] == ["bridges-3", "bridges-1", "bridges-2"]


async def test_several_deliveries_go_as_one_message_in_the_order_that_was_said(store: Office) -> None:
    """With its title and its own public id, made of its key; all of them are sent with it."""
    await raised(store, 1, 2, 3)
    await store.sorting.sort("desk", NOW, None, _together("digest|desk||today", reverse=True))
    (message,) = await store.outbox.claim("desk", NOW, LEASE, 5)
    assert (message.public_id, message.title, message.hold) == (short_name("digest|desk||today"), "News", Hold.DIGEST)
    assert [one.public_id for one in message.alerts] == ["bridges-3", "bridges-2", "bridges-1"]
    assert {row.state for row in await _rows(store)} == {"leased"}
    await _settle(store, message, Settlement.SENT)

    rows = await _rows(store)
    assert {(row.state, row.public_id, row.is_together) for row in rows} == {("sent", message.public_id, True)}
    assert {row.alert for row in rows} == {"bridges-1", "bridges-2", "bridges-3"}
    (attempt,) = (await store.archive.deliveries("bridges-2"))[0].attempts
    assert (attempt.number, attempt.outcome) == (1, Settlement.SENT)
    assert len(await store.archive.deliveries(message.public_id)) == 3


async def test_a_digest_that_is_refused_is_tried_again_whole(store: Office) -> None:
    """As one message, at the head of its channel."""
    await raised(store, 1, 2)
    await store.sorting.sort("desk", NOW, None, _together("digest|desk||today"))
    await told(store, 3)
    message, behind = await store.outbox.claim("desk", NOW, LEASE, 5)
    await store.outbox.settle([_settled(message, Settlement.RETRY, due_at=LATER)], [behind.public_id], "desk")
    assert await store.outbox.ready(NOW) == ()
    again, behind = await store.outbox.claim("desk", LATER, LEASE, 5)
    assert (again.public_id, again.attempts, len(again.alerts)) == (message.public_id, 1, 2)
    assert behind.public_id == "bridges-3"
    assert await store.outbox.recover() == 2
    assert {row.state for row in await _rows(store)} == {"pending"}


async def test_a_key_is_used_once_and_what_comes_after_it_is_not_lost(store: Office) -> None:
    """It goes under a name of its own, the same at every try."""
    await raised(store, 1)
    await store.sorting.sort("desk", NOW, None, _together("digest|desk||today"))
    await raised(store, 2)
    await store.sorting.sort("desk", NOW, None, _together("digest|desk||today"))
    first, second = await store.outbox.claim("desk", NOW, LEASE, 5)
    assert first.public_id == short_name("digest|desk||today")
    assert second.public_id == short_name("digest|desk||today|bridges-2")
    assert [one.public_id for one in second.alerts] == ["bridges-2"]


async def test_a_digest_of_nothing_is_sent_once(store: Office) -> None:
    """Under the name of its key, and with its title."""
    empty = Together(channel="desk", key="digest|desk||today", deliveries=(), hold=Hold.DIGEST, title="Nothing new")
    for _ in range(2):
        await store.sorting.sort("desk", NOW, None, _saying(Sorting(together=(empty,))))
    assert await store.sorting.unsorted(NOW) == (), "nothing may hold it back"
    (message,) = await store.outbox.claim("desk", NOW, LEASE, 5)
    assert message.public_id == short_name("digest|desk||today")
    (only,) = message.alerts
    assert (only.kind, only.content.title) == ("digest", "Nothing new")


async def test_what_is_muted_is_never_sent_and_says_why(store: Office) -> None:
    """It is kept, and the queue goes on without it."""
    await raised(store, 1, 2)
    await store.sorting.sort("desk", NOW, None, lambda some, *_: Sorting(muted=((some[0].delivery, "Ada said so"),)))
    row, _ = await _rows(store)
    assert (row.state, row.why) == ("muted", "Ada said so")
    assert [one.public_id for one in await store.outbox.claim("desk", NOW, LEASE, 5)] == ["bridges-2"]
    assert await store.outbox.retry(None, LATER) == 0
    (history,) = await store.archive.deliveries("bridges-1")
    assert (history.delivery.state, history.attempts) == ("muted", ())


async def test_what_is_held_or_muted_goes_at_once_when_somebody_names_it(store: Office) -> None:
    """At the end of its queue; all that is dead does not mean it."""
    await raised(store, 1, 2)

    def keep_back(some: Sequence[Waiting], *_: object) -> Sorting:
        return replace(_held(some[:1], Hold.DIGEST), muted=((some[1].delivery, "Ada said so"),))

    await store.sorting.sort("desk", NOW, None, keep_back)
    await told(store, 3)
    assert await store.outbox.retry(None, NOW) == 0
    assert await store.outbox.retry([PublicId("bridges-1"), PublicId("bridges-2")], NOW, "ops") == 0
    assert await store.outbox.retry([PublicId("bridges-1"), PublicId("bridges-2")], NOW, "desk") == 2
    messages = await store.outbox.claim("desk", NOW, LEASE, 5)
    assert [one.public_id for one in messages] == ["bridges-3", "bridges-1", "bridges-2"]
    assert await store.sorting.unsorted(LATER) == ()


async def test_what_a_sorting_forgets_is_sent_at_once(store: Office) -> None:
    """Better told than lost."""
    await raised(store, 1, 2)
    await store.sorting.sort("desk", NOW, None, lambda some, *_: Sorting(alone=(some[1].delivery,)))
    messages = await store.outbox.claim("desk", NOW, LEASE, 5)
    assert {one.public_id for one in messages} == {"bridges-1", "bridges-2"}


async def test_a_sorting_that_breaks_leaves_everything_as_it_was(store: Office) -> None:
    """One transaction, or none."""
    await raised(store, 1)

    def broken(*_: object) -> Sorting:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.sorting.sort("desk", NOW, None, broken)
    assert await store.sorting.unsorted(NOW) == ("desk",)


async def test_who_sorts_is_told_how_the_channel_stands(store: Office) -> None:
    """Digests that were made; messages put on their way since a moment, each once, and of which rule they told."""
    await told(store, 1)
    await raised(store, 2, 3)
    await store.sorting.sort("desk", LATER, None, _together("roll-up", digested={"": NOW, "bridges": LATER}))
    await raised(store, 4)
    seen: list[Standing] = []

    def listen(_: object, __: object, standing: Standing) -> Sorting:
        seen.append(standing)
        return EMPTY

    for since in (None, NOW, LATER):
        await store.sorting.sort("desk", LATER, since, listen)
    assert [one.sent for one in seen] == [(), (NOW, LATER, LATER), (LATER, LATER)]
    assert seen[1].sent_of == {"bridges": (NOW, LATER, LATER)}
    assert seen[0].digested == {"": NOW, "bridges": LATER}
    assert await store.sorting.standing("desk") == Standing(channel="desk", digested={"": NOW, "bridges": LATER})
    assert await store.sorting.standing("ops") == Standing(channel="ops")


async def test_very_many_are_sorted_in_portions(store: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oldest first; whoever asked is told that there are more."""
    for place in ("monitor.store.sorting", "tests.fakes.store"):
        monkeypatch.setattr(f"{place}.MOST_NEW", 2)
    await raised(store, 1, 2, 3)
    assert await store.sorting.sort("desk", NOW, None, _saying(EMPTY))
    assert len(await store.outbox.claim("desk", NOW, LEASE, 5)) == 2
    assert not await store.sorting.sort("desk", NOW, None, _saying(EMPTY))


async def test_after_a_reload_what_is_held_is_looked_at_again(store: Office) -> None:
    """Before its time, if somebody asks for that."""
    await raised(store, 1)
    await store.sorting.sort("desk", NOW, None, lambda some, *_: _held(some, Hold.QUIET))
    await store.sorting.sort("desk", NOW, None, _saying(EMPTY))
    assert [row.state for row in await _rows(store)] == ["held"]
    await store.sorting.sort("desk", NOW, None, _saying(EMPTY), is_anew=True)
    assert [row.state for row in await _rows(store)] == ["pending"]


async def test_a_mute_counts_until_it_is_over_or_ended(store: Office) -> None:
    """The last one of the same counts; those that are over are forgotten."""
    await store.mute_desk.mute(Mute(kind=MuteKind.RULE, subject="bridges", at=NOW))
    short = Mute(kind=MuteKind.RULE, subject="bridges", at=NOW, until=LATER, by="ada")
    lasting = Mute(kind=MuteKind.STORY, subject="abcd", at=NOW, by="bo")
    await store.mute_desk.mute(short)
    await store.mute_desk.mute(lasting)
    assert await store.mute_desk.mutes(LATER - MINUTE) == (short, lasting)
    assert await store.mute_desk.mutes(LATER) == (lasting,)
    assert (await store.views.status()).mutes == (short, lasting)

    await raised(store, 1)
    seen: list[Sequence[Mute]] = []

    def listen(_: object, mutes: Sequence[Mute], __: object) -> Sorting:
        seen.append(mutes)
        return EMPTY

    await store.sorting.sort("desk", LATER, None, listen)
    assert [tuple(mutes) for mutes in seen] == [(lasting,)]
    assert await store.mute_desk.unmute(MuteKind.STORY, "abcd") == lasting
    assert await store.mute_desk.unmute(MuteKind.STORY, "abcd") is None
    await store.mute_desk.mute(replace(lasting, at=LATER))
    assert (await store.views.status()).mutes == (replace(lasting, at=LATER),)


async def test_a_circuit_is_remembered_until_the_channel_takes_something(store: Office) -> None:
    """With the marks of its sends; and `status` shows which message is tried next."""
    await told(store, 1)
    assert await store.sorting.fared("desk", NOW) == await store.sorting.fared("ops", NOW)
    (message,) = await store.outbox.claim("desk", NOW, LEASE, 1)
    opened = Circuit(refusals=3, since=NOW)
    again = _settled(message, Settlement.RETRY, due_at=LATER, error="503")
    await store.outbox.settle([again], [], "desk", (), opened)
    assert (await store.sorting.fared("desk", NOW)).circuit == opened
    (row,) = (await store.views.status()).circuits
    assert (row.channel, row.circuit, row.is_trying, row.due_at, row.error) == ("desk", opened, False, LATER, "503")

    (message,) = await store.outbox.claim("desk", LATER, LEASE, 1)
    assert [row.is_trying for row in (await store.views.status()).circuits] == [True]
    await store.outbox.settle([_settled(message, Settlement.SENT, at=LATER)], [], "desk", (), Circuit())
    fared = await store.sorting.fared("desk", NOW)
    assert (fared.circuit, fared.sends) == (Circuit(), (LATER,))
    assert (await store.views.status()).circuits == ()


async def test_what_is_dropped_while_it_waits_is_not_sorted_any_more(store: Office) -> None:
    """Neither what is new nor what is held; sent again by hand it is held by nothing."""
    await raised(store, 1, 2)
    await store.sorting.sort("desk", NOW, None, lambda some, *_: _held(some, Hold.DIGEST))
    await raised(store, 3)
    chosen = await store.outbox_desk.choose(Wanted(states=("held", "pending")))
    assert await store.outbox_desk.drop(chosen, NOW) == 3
    assert await store.sorting.unsorted(LATER) == ()
    dead = await store.outbox_desk.choose(Wanted(states=("dead",)))
    assert await store.outbox_desk.replay(dead, LATER) == 3
    assert await store.sorting.unsorted(LATER) == ()
    assert len(await store.outbox.claim("desk", LATER, LEASE, 5)) == 3


async def test_a_drop_or_a_replay_of_one_alert_of_a_digest_is_one_of_the_whole_message(store: Office) -> None:
    """It was one message, and it stays one."""
    await raised(store, 1, 2)
    await store.sorting.sort("desk", NOW, None, _together("digest|desk||today"))
    await told(store, 3)
    chosen = await store.outbox_desk.choose(Wanted(states=("pending",), ids=("bridges-2",)))
    assert await store.outbox_desk.drop(chosen, NOW) == 2
    assert [row.state for row in await _rows(store)] == ["dead", "dead", "pending"]
    chosen = await store.outbox_desk.choose(Wanted(states=("dead",), ids=("bridges-2",)))
    assert await store.outbox_desk.replay(chosen, LATER) == 2
    first, second = await store.outbox.claim("desk", LATER, LEASE, 5)
    assert (first.public_id, len(second.alerts)) == ("bridges-3", 2)


def _saying(sorting: Sorting) -> Decide:
    return lambda *_: sorting


def _held(some: Sequence[Waiting], hold: Hold) -> Sorting:
    return Sorting(held=(Held(deliveries=tuple(one.delivery for one in some), until=LATER, hold=hold),))


def _together(key: str, *, reverse: bool = False, digested: dict[str, datetime] | None = None) -> Decide:
    def decide(some: Sequence[Waiting], *_: object) -> Sorting:
        places = sorted((one.delivery for one in some), reverse=reverse)
        one = Together(channel="desk", key=key, deliveries=tuple(places), hold=Hold.DIGEST, title="News")
        return Sorting(together=(one,), digested=digested or {})

    return decide


async def _sorted(store: Office, now: datetime) -> list[Waiting]:
    seen: list[Waiting] = []

    def decide(some: Sequence[Waiting], *_: object) -> Sorting:
        seen.extend(some)
        return EMPTY

    await store.sorting.sort("desk", now, None, decide)
    return seen


async def _rows(store: Office) -> list[DeliveryRow]:
    return list(await store.views.outbox(100, ALL))


def _settled(
    message: Message, fate: Settlement, *, at: datetime = NOW, due_at: datetime | None = None, error: str = ""
) -> Settled:
    return Settled(message=message.id, fate=fate, at=at, due_at=due_at, error=error)


async def _settle(store: Office, message: Message, fate: Settlement, *, due_at: datetime | None = None) -> None:
    await store.outbox.settle([_settled(message, fate, due_at=due_at)], [], message.channel)
