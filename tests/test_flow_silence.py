"""Listening over both stores, day after day: what is told of outlets, rules and feeds, and what is not."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from monitor.flow.silence import SilencePorts, listen
from monitor.flow.watch import Watch
from monitor.model.alerts import AlertKind
from monitor.model.entries import Entry
from monitor.model.holding import Mute, MuteKind
from monitor.model.polls import FailureKind, FeedState, FetchFailed, NotModified, Pause, PauseKind, Refresh
from monitor.model.troubles import Cause
from tests.plain_values import entry
from tests.store_values import Office
from tests.test_flow_poll import HOME, OTHER, Desk, rules

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STEP = timedelta(hours=3)
BROKEN = FetchFailed(kind=FailureKind.HTTP, status=500, reason="answered 500")


@dataclass(slots=True)
class Newsroom:
    """One outlet that brings a piece each morning and evening, polled and listened to every few hours."""

    store: Office
    desk: Desk = field(init=False)
    titles: tuple[str, ...] = ("Strike {} begins", "Ferry {} leaves")
    number: int = 0
    document: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        self.desk = Desk(store=self.store)

    @property
    def watch(self) -> Watch:
        feeds = {HOME: self.desk.watch.feeds[HOME]}
        return replace(self.desk.watch, feeds=feeds)

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    async def open(self) -> "Newsroom":
        """After some weeks of it, the first poll of which is the baseline."""
        await self.days(24)
        assert await self.told() == []
        return self

    async def days(self, count: int, *, news: bool = True, listens: bool = True) -> None:
        """So many days pass by."""
        for hour in range(0, 24 * count, STEP // HOUR):
            if hour % 12 == 0:
                await (self.publish() if news else self.desk.answer(NotModified()))
            elif hour % 6 == 0:
                await self.desk.answer(NotModified())
            if listens:
                await self.listen()
            self.desk.clock.pass_by(STEP)

    async def publish(self) -> None:
        self.number += 1
        title = self.titles[self.number % len(self.titles)].format(self.number)
        made = entry(self.number, title=title, link=f"https://harbour.example/news/{self.number}")
        self.document = (made, *self.document)[:5]
        await self.desk.publish(*self.document)

    async def listen(self, watch: Watch | None = None) -> None:
        store = self.store
        ports = SilencePorts(silence=store.silence, troubles=store.troubles, outbox=store.outbox)
        await listen(ports, watch or self.watch, self.now)

    async def told(self) -> list[str]:
        """The alarms and notes that are on their way, oldest first, without their ends."""
        rows = await self.store.views.alerts(1000)
        alarms = [row.alert.content.title for row in reversed(rows) if row.alert.kind is AlertKind.ALARM]
        return [title.partition(";")[0] for title in alarms]


async def test_an_outlet_that_falls_silent_is_told_once_and_its_return_too(store: Office) -> None:
    """The rule that used to match there gets no alarm of its own: the outlet explains it."""
    room = await Newsroom(store).open()
    last = room.now - 12 * HOUR
    await room.days(5, news=False)
    said = f"The Harbour: nothing new since {last:%Y-%m-%d %H:%M} UTC, although it answers"
    assert await room.told() == [said]
    (known,) = await store.troubles.known()
    assert (known.cause, known.subject, known.since) == (Cause.SILENT, "The Harbour", last)
    await room.days(1)
    assert await room.told() == [
        said,
        f"over: The Harbour: it brings something new again, after trouble since {last:%Y-%m-%d %H:%M} UTC",
    ]
    assert await store.troubles.known() == ()


async def test_an_outlet_that_rests_is_not_told(store: Office) -> None:
    """Somebody paused it."""
    room = await Newsroom(store).open()
    await store.feed_desk.pause(Pause(kind=PauseKind.FEED, subject=HOME, at=room.now, by="somebody"))
    await room.days(5, news=False)
    assert await room.told() == []


async def test_an_outlet_that_fails_is_not_told_as_silent(store: Office) -> None:
    """Nor is the rule that used to match in it; after that it has time to speak."""
    room = await Newsroom(store).open()
    for _ in range(20):
        await room.desk.answer(BROKEN)
        await room.listen()
        room.desk.clock.pass_by(STEP)
    assert await room.told() == []


async def test_after_a_long_stop_of_ours_nobody_is_silent_at_once(store: Office) -> None:
    """Whether or not something came meanwhile; the silence counts from then on, with what it was before."""
    room = await Newsroom(store).open()
    room.desk.clock.pass_by(4 * DAY)
    for _ in range(2):
        await room.listen()
        await room.desk.answer(NotModified())
        room.desk.clock.pass_by(STEP)
    assert await room.told() == []
    await room.days(4, news=False)
    assert len(await room.told()) == 1


async def test_nobody_listens_while_most_feeds_fail(store: Office) -> None:
    """It is at our side, and told as that."""
    room = await Newsroom(store).open()
    urls = [HOME, *(f"https://{number}.example/rss" for number in range(3))]
    watched = room.watch.feeds[HOME]
    watch = replace(room.watch, feeds={url: replace(watched, url=url) for url in urls})
    states = await store.polls.register([(url, room.now) for url in urls])
    for state in states[1:]:
        broken = replace(state, failures=1, failing_since=room.now)
        await store.feed_desk.hasten([state.url], lambda _feed, _held, broken=broken: _as_it_is(broken))  # type: ignore[misc]  # a default binds it
    before = await store.silence.listen(room.now - STEP)
    for _ in range(20):
        room.desk.clock.pass_by(STEP)
        await room.listen(watch)
    assert await room.told() == []
    assert (await store.silence.listen(room.now))[:-1] == before


async def test_a_rule_that_stops_matching_is_told_while_its_outlets_go_on(store: Office) -> None:
    """And that it matches again."""
    room = await Newsroom(store).open()
    last = room.now - 24 * HOUR if room.number % 2 else room.now - 12 * HOUR
    room.titles = ("Tram {} stops",)
    await room.days(5)
    (said,) = await room.told()
    assert said.startswith(f"rule strikes: no match since {last:%Y-%m-%d %H:%M} UTC")
    room.titles = ("Walkout {} ends",)
    await room.days(1)
    assert (await room.told())[1:] == [
        f"over: rule strikes: it matches again, after trouble since {last:%Y-%m-%d %H:%M} UTC"
    ]


@pytest.mark.parametrize("how", ["silent", "failing"])
async def test_a_rule_gets_its_whole_time_once_its_outlet_is_heard_again(store: Office, how: str) -> None:
    """It could match nothing meanwhile; if it matches nothing afterwards either, that is told."""
    room = await Newsroom(store).open()
    for _ in range(5 * 8):
        await room.desk.answer(NotModified() if how == "silent" else BROKEN)
        await room.listen()
        room.desk.clock.pass_by(STEP)
    before = await room.told()
    assert not any("rule" in one.partition(":")[0] for one in before)
    room.titles = ("Tram {} stops",)
    await room.days(1)
    assert not any(one.startswith("rule") for one in await room.told())
    await room.days(2)
    assert len([one for one in await room.told() if one.startswith("rule strikes: no match since")]) == 1


async def test_a_changed_rule_begins_anew(store: Office) -> None:
    """What its old words matched says nothing of the new ones."""
    room = await Newsroom(store).open()
    room.titles = ("Tram {} stops",)
    await room.days(1)
    room.desk.ruleset = rules({"strikes": "strike AND harbour"})
    await room.days(5)
    assert await room.told() == []


async def test_a_rule_that_was_told_and_is_changed_then_is_over(store: Office) -> None:
    """Its owner has seen to it."""
    room = await Newsroom(store).open()
    room.titles = ("Tram {} stops",)
    await room.days(5)
    room.desk.ruleset = rules({"strikes": "tram"})
    await room.listen()
    assert [one.partition(",")[0] for one in (await room.told())[1:]] == [
        "over: rule strikes: it was changed or taken out"
    ]


@pytest.mark.parametrize("how", ["muted", "expired"])
async def test_a_rule_that_nobody_waits_for_is_not_told(store: Office, how: str) -> None:
    """Somebody muted it, or its time is over."""
    room = await Newsroom(store).open()
    if how == "muted":
        await store.mute_desk.mute(Mute(kind=MuteKind.RULE, subject="strikes", at=room.now))
    else:
        made = room.desk.ruleset.rules
        expired = tuple(replace(rule, spec=replace(rule.spec, expires=room.now)) for rule in made)
        room.desk.ruleset = replace(room.desk.ruleset, rules=expired)
    room.titles = ("Tram {} stops",)
    await room.days(5)
    assert await room.told() == []


async def test_an_outlet_that_is_taken_out_is_over(store: Office) -> None:
    """There is nothing to wait for any more."""
    room = await Newsroom(store).open()
    await room.days(5, news=False)
    other = replace(room.watch, feeds={OTHER: room.desk.watch.feeds[OTHER]})
    await room.listen(other)
    assert [one.partition(",")[0] for one in (await room.told())[1:]] == [
        "over: The Harbour: it is not in the configuration any more"
    ]


async def test_entries_that_may_have_been_missed_are_told_and_so_is_a_day_without(store: Office) -> None:
    """A document that shares nothing with the one before it; not the one after a stop of ours."""
    room = await Newsroom(store).open()
    room.desk.clock.pass_by(3 * DAY)
    room.document = ()
    for _ in range(5):
        room.number += 1
        room.document = (*room.document, entry(room.number, link=f"https://harbour.example/news/{room.number}"))
    await room.desk.publish(*room.document)
    await room.listen()
    await room.days(2)
    assert await room.told() == []
    flood = tuple(entry(1000 + n, link=f"https://harbour.example/news/{1000 + n}") for n in range(5))
    room.document = flood
    at = room.now
    await room.desk.publish(*flood)
    await room.listen()
    (said,) = await room.told()
    assert said.startswith(f"The Harbour: entries may have come and gone unseen before {at:%Y-%m-%d %H:%M} UTC: ")
    await room.days(2)
    assert [one.partition(",")[0] for one in (await room.told())[1:]] == [
        "over: The Harbour: nothing more was missed for a day"
    ]


async def test_a_feed_that_used_to_have_entries_is_told_when_it_has_none(store: Office) -> None:
    """The feed remembers since when, over polls that say that nothing has changed; one that never had any is well."""
    room = Newsroom(store)
    await room.desk.publish()
    assert (await room.desk.feed()).empty_since is None
    await room.publish()
    await room.desk.publish()
    began = room.now
    for _ in range(3):
        room.desk.clock.pass_by(STEP)
        await room.desk.answer(NotModified())
    health = await store.troubles.feeds()
    assert [(feed.url, feed.empty_since) for feed in health.empty] == [(HOME, began)]
    await room.publish()
    assert (await store.troubles.feeds()).empty == ()


async def test_a_feed_remembers_why_it_failed(store: Office) -> None:
    """Until it is read again."""
    room = Newsroom(store)
    await room.publish()
    await room.desk.answer(FetchFailed(kind=FailureKind.CERTIFICATE, reason="the certificate has expired"))
    (failing,) = (await store.troubles.feeds()).failing
    assert failing.fault is FailureKind.CERTIFICATE
    await room.publish()
    assert (await room.desk.feed()).fault is None


def _as_it_is(feed: FeedState) -> Refresh:
    return Refresh(feed=feed, at=feed.next_poll_at)
