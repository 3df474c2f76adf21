"""A courier carries one channel's messages: in order, each settled before the next."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from monitor.alerts.fields import Value
from monitor.alerts.plan import first_alert
from monitor.alerts.retry import RetryPolicy
from monitor.alerts.wording import Part, TemplateFailed
from monitor.errors import StoreBusy
from monitor.flow.deliver import Courier, Send
from monitor.model.alerts import DeliveryState, Form, Marked, Message, Rendered, Scope, SendFailed, Sent
from monitor.model.entries import Text
from monitor.model.holding import Circuit, Rate
from monitor.model.rules import Match, RuleName, RuleSpec, View
from monitor.model.stories import Known, PollPlan, Question
from monitor.model.views import DeliveryRow
from monitor.ports import OutboxStore
from tests.fakes.store import FakeStore
from tests.fakes.world import Recorder, SetClock
from tests.plain_values import FEED_URL, NOW
from tests.store_values import put_on_way

DOWN = SendFailed(scope=Scope.CHANNEL, reason="answered 503")
GONE = SendFailed(scope=Scope.CHANNEL, reason="answered 410", is_lasting=True)
UNREADABLE = SendFailed(scope=Scope.MESSAGE, reason="answered 413")


@dataclass(slots=True)
class Office:
    """An outbox with alerts for one channel, and its courier."""

    store: FakeStore = field(default_factory=FakeStore)
    channel: Recorder = field(default_factory=Recorder)
    clock: SetClock = field(default_factory=SetClock)
    sends: list[Send] = field(default_factory=list)
    courier: Courier = field(init=False)

    def __post_init__(self) -> None:
        self.courier = self.hire(self.store.outbox)

    def hire(self, outbox: OutboxStore) -> Courier:
        return Courier(
            name="desk",
            channel=self.channel,
            outbox=outbox,
            clock=self.clock,
            policy=RetryPolicy(),
            report=self.sends.append,
            past=self.store.sorting,
        )

    async def alert(self, *titles: str) -> None:
        (feed,) = await self.store.polls.register([(FEED_URL, NOW)])
        rule = RuleSpec(name=RuleName("strikes"), query="strike")
        alerts = tuple(
            first_alert(
                rule=rule,
                match=Match(rule=rule.name, evidence=()),
                view=View(text=Text(title=title), outlets=("The Harbour",)),
                story_key=title,
                channels=("desk",),
                now=NOW,
            )
            for title in titles
        )

        def decide(known: Known) -> PollPlan:
            return PollPlan(feed=known.feed, at=NOW, alerts=alerts)

        question = Question(feed=feed.id, keys=frozenset(), fingerprints=frozenset(), since=NOW)
        await self.store.polls.commit(question, decide)
        await put_on_way(self.store, self.clock.now())

    async def rows(self) -> tuple[DeliveryRow, ...]:
        return await self.store.views.outbox(1000, tuple(DeliveryState))

    async def states(self) -> list[tuple[str, str]]:
        rows = await self.store.views.outbox(1000, tuple(DeliveryState))
        return [(row.title, row.state) for row in rows]


def going_on() -> bool:
    return False


async def test_messages_go_out_in_order_and_are_marked_one_by_one() -> None:
    """More than one batch of them."""
    office = Office()
    titles = [f"Strike number {number}" for number in range(23)]
    await office.alert(*titles)
    await office.courier.drain(going_on)
    assert [message.subject for message in office.channel.messages] == titles
    assert await office.states() == [(title, "sent") for title in titles]
    assert [send.settled.fate for send in office.sends] == ["sent"] * 23


async def test_a_send_is_settled_with_what_came_back_and_how_long_it_took() -> None:
    """Also where it went well; a clock that is set back meanwhile makes no negative time."""
    office = Office()
    await office.alert("Strike one", "Strike two")
    steps = iter((timedelta(milliseconds=1500), -timedelta(hours=1)))

    def answer(_: Rendered) -> Sent:
        office.clock.pass_by(next(steps))
        return Sent(note="202 Accepted")

    office.channel.answer = answer
    await office.courier.drain(going_on)
    assert [(send.settled.note, send.settled.took_ms) for send in office.sends] == [
        ("202 Accepted", 1500),
        ("202 Accepted", 0),
    ]


async def test_a_template_that_fails_costs_its_words_and_is_told_once() -> None:
    """The alerts go out in the default words, and another channel hears why."""
    office = Office()
    await office.alert("Strike one", "Strike two")

    class Failing:
        """A template that was sound, and is not over these."""

        def show(self, pieces: Sequence[Marked]) -> str:
            """Pieces as they are."""
            return "".join(piece.words for piece in pieces)

        def __call__(self, fields: Mapping[str, Value]) -> str | TemplateFailed:
            """It fails over every message."""
            return TemplateFailed(what=f"there is no item {len(fields)}, the list is shorter")

    office.courier.wording = {Part.TEXT: Failing()}
    office.courier.others = lambda: ("phone",)
    await office.courier.drain(going_on)
    assert [message.subject for message in office.channel.messages] == ["Strike one", "Strike two"]
    assert "id: " in office.channel.messages[0].text
    assert [send.fault for send in office.sends] == ["template: there is no item 11, the list is shorter", ""]
    (alarm,) = [row for row in await office.rows() if row.channel == "phone"]
    assert alarm.title.startswith("channel desk: its template: there is no item 11")


async def test_a_channel_that_is_down_waits_with_everything_behind_it() -> None:
    """Nothing overtakes; after the recovery all arrive in order, the first with the same id."""
    office = Office()
    await office.alert("Strike one", "Strike two")
    office.channel.answer = lambda _: DOWN
    await office.courier.drain(going_on)
    assert [message.subject for message in office.channel.messages] == ["Strike one"]
    assert await office.store.outbox.ready(NOW) == ()
    office.clock.pass_by(timedelta(hours=1))
    office.channel.answer = lambda _: Sent()
    await office.courier.drain(going_on)
    assert [message.subject for message in office.channel.messages] == ["Strike one", "Strike one", "Strike two"]
    assert office.channel.messages[0].public_id == office.channel.messages[1].public_id


async def test_a_channel_that_stays_down_is_asked_ever_less() -> None:
    """Also by the messages that follow one that was given up."""
    office = Office()
    await office.alert(*(f"Strike {number}" for number in range(3)))
    office.channel.answer = lambda _: DOWN
    for _ in range(24 * 60):
        await office.courier.drain(going_on)
        office.clock.pass_by(timedelta(minutes=1))
    assert 20 <= len(office.channel.messages) <= 60


async def test_a_message_that_cannot_be_read_is_shortened_then_dead_and_the_queue_goes_on() -> None:
    """It concerns this message only."""
    office = Office()
    await office.alert("Strike one", "Strike two")
    office.channel.answer = lambda message: UNREADABLE if message.subject == "Strike one" else Sent()
    await office.courier.drain(going_on)
    assert [(message.subject, message.form) for message in office.channel.messages] == [
        ("Strike one", Form.FULL),
        ("Strike one", Form.SHORT),
        ("Strike two", Form.FULL),
    ]
    assert await office.states() == [("Strike one", "dead"), ("Strike two", "sent")]


async def test_a_channel_that_breaks_costs_one_message() -> None:
    """A bug in a channel is no reason to stop telling."""
    office = Office()
    await office.alert("Strike one", "Strike two")

    def answer(message: Rendered) -> Sent | SendFailed:
        if message.subject == "Strike one":
            raise ZeroDivisionError
        return Sent()

    office.channel.answer = answer
    await office.courier.drain(going_on)
    assert await office.states() == [("Strike one", "dead"), ("Strike two", "sent")]
    rows = await office.store.views.outbox(10, (DeliveryState.DEAD,))
    assert rows[0].last_error == "the channel broke on it: ZeroDivisionError"


async def test_a_channel_that_never_answers_is_left_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the channel itself allows."""
    monkeypatch.setattr("monitor.flow.deliver.SEND_DEADLINE", timedelta(milliseconds=20))
    office = Office()
    await office.alert("Strike one")

    class Silent(Recorder):
        async def send(self, message: Rendered) -> Sent | SendFailed:
            await asyncio.Event().wait()
            return await super().send(message)

    office.courier.channel = Silent()
    await office.courier.drain(going_on)
    (send,) = office.sends
    assert isinstance(send.outcome, SendFailed)
    assert "no answer" in send.outcome.reason


async def test_stopping_gives_back_what_was_not_tried() -> None:
    """The next daemon need not wait for a lease to run out."""
    office = Office()
    await office.alert("Strike one", "Strike two", "Strike three")
    await office.courier.drain(lambda: len(office.channel.messages) >= 1)
    assert len(office.channel.messages) == 1
    assert await office.states() == [("Strike one", "sent"), ("Strike two", "pending"), ("Strike three", "pending")]


async def test_what_cannot_be_marked_stops_the_channel_and_is_marked_before_anything_else() -> None:
    """A full disk must not become a storm of repeats."""
    office = Office()
    await office.alert("Strike one", "Strike two")

    class Full:
        """An outbox whose marks fail for a while."""

        def __init__(self) -> None:
            self.is_full = True
            self.claim = office.store.outbox.claim

        async def settle(self, *arguments: object) -> None:
            if self.is_full:
                message = "disk full"
                raise StoreBusy(message)
            await office.store.outbox.settle(*arguments)  # type: ignore[arg-type]  # passed on as they came

    outbox = Full()
    courier = office.hire(outbox)  # type: ignore[arg-type]  # claim and settle are all a courier calls
    for _ in range(3):
        with pytest.raises(StoreBusy):
            await courier.drain(going_on)
    assert [message.subject for message in office.channel.messages] == ["Strike one"]
    outbox.is_full = False
    await courier.drain(going_on)
    assert [message.subject for message in office.channel.messages] == ["Strike one", "Strike two"]
    assert await office.states() == [("Strike one", "sent"), ("Strike two", "sent")]


async def test_a_channel_that_fails_for_good_is_told_through_the_others_within_a_quarter_of_an_hour() -> None:
    """Whatever chance makes of the waits: written with the mark, once a day, and never through the channel itself."""
    for luck in (0.0, 0.5, 0.999):
        office = Office(clock=SetClock(luck=luck))
        office.courier.others = lambda: ("ops",)
        office.channel.answer = lambda _: GONE
        await office.alert("Strike one", "Strike two")
        for minute in range(60):
            await office.courier.drain(going_on)
            alarms = [row for row in await office.rows() if row.kind == "alarm"]
            if minute <= 1:
                assert alarms == []
            if minute >= 15:
                assert [row.channel for row in alarms] == ["ops"]
            office.clock.pass_by(timedelta(minutes=1))


async def test_an_outage_that_began_before_a_restart_is_told_at_the_next_try() -> None:
    """A new process knows of it from the message; a daemon that restarts every minute must not be silent."""
    office = Office()
    office.channel.answer = lambda _: GONE
    await office.alert("Strike one")
    await office.courier.drain(going_on)
    office.clock.pass_by(timedelta(minutes=20))
    office.courier = office.hire(office.store.outbox)
    office.courier.others = lambda: ("ops",)
    await office.courier.drain(going_on)
    assert [row.channel for row in await office.rows() if row.kind == "alarm"] == ["ops"]


async def test_a_channel_that_works_again_begins_anew() -> None:
    """An outage counts from its own first refusal."""
    office = Office()
    office.courier.others = lambda: ("ops",)
    await office.alert("Strike one", "Strike two", "Strike three")
    answers: Iterator[Sent | SendFailed] = iter([DOWN, Sent(), DOWN])
    office.channel.answer = lambda _: next(answers)
    await office.courier.drain(going_on)
    office.clock.pass_by(timedelta(minutes=59))
    await office.courier.drain(going_on)
    office.clock.pass_by(timedelta(minutes=2))
    assert all(row.kind != "alarm" for row in await office.rows())
    assert office.courier.failing_since == NOW + timedelta(minutes=59)


async def test_a_message_given_up_is_told_through_the_others() -> None:
    """With its title, and the queue goes on."""
    office = Office()
    office.courier.others = lambda: ("ops", "screen")
    await office.alert("Strike one", "Strike two")
    office.channel.answer = lambda message: UNREADABLE if message.subject == "Strike one" else Sent()
    await office.courier.drain(going_on)
    alarms = [row for row in await office.rows() if row.kind == "alarm"]
    assert [row.channel for row in alarms] == ["ops", "screen"]
    assert "Strike one" in alarms[0].title


async def test_messages_follow_one_another_no_faster_than_the_pace_of_their_channel() -> None:
    """The courier says when the channel is ready again, and holds nothing leased until then."""
    office = Office()
    office.courier.pace = Rate(most=2, per=timedelta(seconds=60))
    await office.alert(*(f"Strike {number}" for number in range(5)))
    moments = []
    for _ in range(400):
        now = office.clock.now()
        if office.courier.ready_at(now) == now:
            before = len(office.channel.messages)
            await office.courier.drain(going_on)
            moments += [now] * (len(office.channel.messages) - before)
            assert {state for _, state in await office.states()} <= {"sent", "pending"}
        office.clock.pass_by(timedelta(seconds=1))
    assert [(moment - NOW).total_seconds() for moment in moments] == [0, 0, 60, 60, 120]


async def test_the_pace_is_kept_over_a_restart() -> None:
    """A new courier asks when the last sends ended."""
    office = Office()
    office.courier.pace = Rate(most=1, per=timedelta(seconds=60))
    await office.alert("Strike one", "Strike two")
    await office.courier.drain(going_on)
    office.clock.pass_by(timedelta(seconds=10))
    office.courier = office.hire(office.store.outbox)
    office.courier.pace = Rate(most=1, per=timedelta(seconds=60))
    await office.courier.drain(going_on)
    assert len(office.channel.messages) == 1
    assert office.courier.ready_at(office.clock.now()) == NOW + timedelta(seconds=60)


async def test_an_open_circuit_is_tried_with_one_message_and_closes_when_it_is_taken() -> None:
    """What waits behind it is not even claimed; how the channel stands is written with the marks."""
    office = Office()
    await office.alert(*(f"Strike {number}" for number in range(12)))
    office.channel.answer = lambda _: DOWN
    await office.courier.drain(going_on)
    opened = (await office.store.sorting.fared("desk", NOW)).circuit
    assert (opened.refusals, opened.since) == (1, NOW)
    claimed: list[int] = []
    claim = office.store.outbox.claim

    class Watched:
        """An outbox that counts what is claimed at once."""

        settle = office.store.outbox.settle

        async def claim(self, channel: str, now: datetime, lease: timedelta, limit: int) -> tuple[Message, ...]:
            claimed.append(limit)
            return await claim(channel, now, lease, limit)

    office.courier = office.hire(Watched())  # type: ignore[arg-type]  # claim and settle are all a courier calls
    office.clock.pass_by(timedelta(hours=1))
    office.channel.answer = lambda _: Sent()
    await office.courier.drain(going_on)
    assert claimed == [1, 10, 10, 10]
    assert (await office.store.sorting.fared("desk", NOW)).circuit == Circuit()
    assert {state for _, state in await office.states()} == {"sent"}


async def test_a_channel_that_was_refusing_before_a_restart_is_not_asked_more_often_after_it() -> None:
    """Its refusals are remembered, also by messages that were never tried."""
    office = Office()
    await office.alert("Strike one")
    office.channel.answer = lambda _: DOWN
    for _ in range(8):
        await office.courier.drain(going_on)
        office.clock.pass_by(timedelta(hours=1))
    office.courier = office.hire(office.store.outbox)
    await office.courier.drain(going_on)
    assert office.courier.refusals == 9
    assert office.courier.failing_since == NOW
    due_at = office.sends[-1].settled.due_at
    assert due_at is not None
    assert due_at - office.clock.now() >= timedelta(minutes=30)
