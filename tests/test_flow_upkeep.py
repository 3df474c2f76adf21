"""Letting go of the past changes no verdict on what stands in a feed's window."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.entities.roster import build_roster
from monitor.flow.outcry import cry_out
from monitor.flow.poll import PollPorts, poll
from monitor.flow.upkeep import let_go
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.alerts import AlertKind, Rendered, Scope, SendFailed, Sent
from monitor.model.entries import Entry
from monitor.model.polls import Fetched
from monitor.model.rules import RuleName, RuleSpec
from monitor.model.upkeep import Kind, Retention
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.store.sqlite import SqliteStore
from tests.fakes.store import FakeStore
from tests.fakes.world import Publisher, Reader, Recorder, SetClock
from tests.plain_values import FEED_URL, NOW, PACE, entry, parsed
from tests.store_values import Store

DAY = timedelta(days=1)
WIDTH = 4
"""entries that the feed shows at once"""
HEADLINES = (
    "Strike at the northern harbour",
    "Ferries are back",
    "Strike goes on as ferries wait",
    "Fog over the quay",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """So many days later the feed has moved on by so many entries, and some have other words."""

    days: int
    moved: int
    words: tuple[int, ...]
    """of each entry in the window: which headline"""


steps = st.lists(
    st.builds(
        Step,
        days=st.sampled_from([0, 1, 100, 400]),
        moved=st.integers(0, 2),
        words=st.tuples(*[st.integers(0, len(HEADLINES) - 1)] * WIDTH),
    ),
    min_size=2,
    max_size=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=steps)
async def test_whoever_lets_go_tells_the_same_as_whoever_remembers_everything(steps: Sequence[Step]) -> None:
    """Whatever is edited, however long a feed was silent, in both stores; what is in the window is told once."""
    with tempfile.TemporaryDirectory() as folder:
        sqlite = await SqliteStore.open(Path(folder))
        try:
            remembering, forgetting, on_disk = FakeStore(), FakeStore(), sqlite
            first = 0
            clock = SetClock()
            for step in steps:
                clock.pass_by(step.days * DAY + timedelta(minutes=15))
                gone = [
                    await let_go(store.upkeep, Retention(), clock.now(), pause=0.0) for store in (forgetting, on_disk)
                ]
                assert gone[0] == gone[1]
                first += step.moved
                window = [
                    entry(first + place, title=f"{HEADLINES[words]}, page {first + place}", summary="It is so. " * 9)
                    for place, words in enumerate(step.words)
                ]
                told = await publish(remembering, clock, window)
                assert await publish(forgetting, clock, window) == told
                assert await publish(on_disk, clock, window) == told
        finally:
            await sqlite.close()


async def test_the_same_document_after_years_of_silence_tells_nothing() -> None:
    """A feed that stands still for three years, and then is asked for the same and one more."""
    store, clock = FakeStore(), SetClock()
    window = [entry(number, title=f"Strike number {number}") for number in range(WIDTH)]
    await publish(store, clock, window)
    for _ in range(36):
        clock.pass_by(31 * DAY)
        await let_go(store.upkeep, Retention(), clock.now(), pause=0.0)
    assert await publish(store, clock, window) == []
    assert await publish(store, clock, [*window, entry(9, title="Strike number 9")]) == ["Strike number 9"]


async def test_each_kind_has_an_age_of_its_own() -> None:
    """And what is counted is told by kind."""
    store, clock = FakeStore(), SetClock()
    await publish(store, clock, [entry(1)])
    await publish(store, clock, [entry(2, title="Strike!")])
    clock.pass_by(10 * DAY)
    await publish(store, clock, [entry(3)])
    clock.pass_by(10 * DAY)
    gone = await let_go(store.upkeep, Retention(text=15 * DAY, seen=15 * DAY), clock.now(), pause=0.0)
    assert gone == {Kind.TEXTS: 2, Kind.ENTRIES: 2, Kind.ALERTS: 0}


async def test_an_outcry_reaches_every_channel_that_can_hear() -> None:
    """One that refuses and one that breaks keep it from nobody; it says what to do, and is marked as an alarm."""

    def breaks(_: Rendered) -> Sent:
        raise RuntimeError("a bug")

    refusal = SendFailed(scope=Scope.CHANNEL, reason="401")
    deaf, broken, sound = Recorder(answer=lambda _: refusal), Recorder(answer=breaks), Recorder()
    heard = await cry_out({"a": deaf, "b": broken, "c": sound}, "the file is corrupt: restore a backup", NOW)
    assert heard == {"a": refusal, "b": None, "c": Sent()}
    (message,) = sound.messages
    assert message.kind is AlertKind.ALARM
    assert "restore a backup" in message.text


async def publish(store: Store, clock: SetClock, window: Sequence[Entry]) -> list[str]:
    """Poll a document with these entries; the titles that were told."""
    body = repr([(one.id, one.text.title) for one in window]).encode()
    publisher, reader = Publisher(), Reader()
    reader.documents[body] = parsed(*window)
    publisher.answers[FEED_URL] = Fetched(body=body, url=FEED_URL)
    made = compile_ruleset((RuleSpec(name=RuleName("strikes"), query="strike"),), build_roster(()))
    assert isinstance(made, Ruleset)
    feeds = {FEED_URL: FeedWatch(url=FEED_URL, outlets=("The Harbour",), tags=(), language="en", pace=PACE)}
    watch = Watch(feeds=feeds, ruleset=made, channels=("desk",))
    (feed,) = await store.polls.register([(FEED_URL, NOW)])
    ports = PollPorts(fetcher=publisher, parser=reader, store=store.polls, clock=clock)
    plan = await poll(feed, watch, ports)
    return [alert.content.title for alert in plan.alerts]
