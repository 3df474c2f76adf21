"""What is told of a silence to whoever asks, over both stores: what the alarms go by, and when they come."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.app.silence import Sources, Standing, Stillness, of_outlet, of_rule
from monitor.flow.silence import SilencePorts
from monitor.flow.watch import Watch
from monitor.model.holding import Mute, MuteKind
from monitor.model.polls import FailureKind, FeedState, FetchFailed, NotModified, Pause, PauseKind, Refresh
from tests.store_values import Office
from tests.test_flow_poll import HOME, rules
from tests.test_flow_silence import BROKEN, DAY, HOUR, STEP, Newsroom

GONE = FetchFailed(kind=FailureKind.GONE, status=410, reason="answered 410 Gone")


def sources(room: Newsroom) -> Sources:
    store = room.store
    ports = SilencePorts(silence=store.silence, troubles=store.troubles, outbox=store.outbox)
    return Sources(ports=ports, feeds=store.feed_desk)


async def outlet(room: Newsroom, watch: Watch | None = None) -> Stillness:
    return await of_outlet(sources(room), watch or room.watch, "The Harbour", room.now)


async def rule(room: Newsroom, watch: Watch | None = None) -> Stillness:
    watched = watch or room.watch
    return await of_rule(sources(room), watched, watched.ruleset.rules[0], room.now)


async def test_an_outlet_is_foreseen_to_be_told_when_it_is_told(store: Office) -> None:
    """Usual until then, suspicious from then on, and over when it brings something."""
    room = await Newsroom(store).open()
    last = room.now - 12 * HOUR
    before = await outlet(room)
    assert (before.standing, before.last_at, before.told) == (Standing.USUAL, last, None)
    assert before.alarm_at is not None
    assert before.usual is not None
    assert before.unheard == timedelta(0)
    while not await room.told():
        await room.desk.answer(NotModified())
        now = await outlet(room)
        assert (now.standing is Standing.SUSPICIOUS) is (room.now >= before.alarm_at)
        assert now.alarm_at is not None
        assert max(before.alarm_at, room.now) <= now.alarm_at < max(before.alarm_at, room.now) + HOUR
        await room.listen()
        room.desk.clock.pass_by(STEP)
    assert before.alarm_at <= room.now - STEP < before.alarm_at + STEP
    told = await outlet(room)
    assert told.standing is Standing.SUSPICIOUS
    assert told.told is not None
    assert told.told.told_at == room.now - STEP
    await room.days(1)
    after = await outlet(room)
    assert (after.standing, after.told) == (Standing.USUAL, None)


async def test_a_rule_is_foreseen_to_be_told_when_it_is_told(store: Office) -> None:
    """While its outlet goes on."""
    room = await Newsroom(store).open()
    room.titles = ("Tram {} stops",)
    before = await rule(room)
    assert before.standing is Standing.USUAL
    assert before.outlets == ("The Harbour",)
    assert before.alarm_at is not None
    while not await room.told():
        assert (await rule(room)).standing is (Standing.SUSPICIOUS if room.now >= before.alarm_at else Standing.USUAL)
        await room.publish()
        await room.listen()
        room.desk.clock.pass_by(STEP)
    assert before.alarm_at <= room.now - STEP < before.alarm_at + STEP
    after = await rule(room)
    assert after.standing is Standing.SUSPICIOUS
    assert after.told is not None


async def test_a_rule_whose_outlet_fell_silent_is_explained_by_it(store: Office) -> None:
    """And is told to get no alarm of its own; once the outlet is back, when it would."""
    room = await Newsroom(store).open()
    await room.days(5, news=False)
    explained = await rule(room)
    assert (explained.standing, explained.alarm_at) == (Standing.EXPLAINED, None)
    assert explained.reason == "nothing was heard since from where it used to match: The Harbour"
    room.titles = ("Tram {} stops",)
    await room.publish()
    await room.listen()
    back = await rule(room)
    assert back.standing is Standing.USUAL
    assert back.alarm_at is not None
    assert back.alarm_at > room.now + 12 * HOUR
    while not any(one.startswith("rule strikes") for one in await room.told()):
        room.desk.clock.pass_by(STEP)
        await room.publish()
        await room.listen()
    assert back.alarm_at <= room.now < back.alarm_at + STEP


async def test_who_asks_is_no_listener(store: Office) -> None:
    """A stop stays a stop however often somebody asks, and is told as one."""
    room = await Newsroom(store).open()
    spans = await store.silence.listen(room.now - STEP)
    room.desk.clock.pass_by(2 * DAY)
    for _ in range(12):
        await outlet(room)
        await rule(room)
        room.desk.clock.pass_by(STEP)
    now = await outlet(room)
    assert now.standing is Standing.USUAL
    assert 3 * DAY <= now.unheard <= 3 * DAY + 15 * HOUR
    assert (await store.silence.listen(room.now))[:-1] == spans


@pytest.mark.parametrize("how", ["failing", "gone", "paused", "never read"])
async def test_what_cannot_be_heard_says_nothing(store: Office, how: str) -> None:
    """Of the outlet, nor of a rule that looks at it alone: silence there is no lack of news."""
    room = Newsroom(store)
    if how != "never read":
        await room.open()
    if how == "paused":
        await store.feed_desk.pause(Pause(kind=PauseKind.OUTLET, subject="The Harbour", at=room.now))
        await store.polls.register([(HOME, room.now)], {HOME: ("The Harbour",)})
    elif how != "never read":
        await room.desk.answer(BROKEN if how == "failing" else GONE)
    else:
        await room.desk.feed()
    for still in (await outlet(room), await rule(room)):
        assert (still.standing, still.alarm_at) == (Standing.UNHEARD, None)
        assert still.reason == "its feeds fail, rest, are gone, or were never read"


async def test_what_the_daemon_does_not_know_yet_is_said_to_be_unknown(store: Office) -> None:
    """An outlet that was written into the configuration a moment ago."""
    still = await outlet(Newsroom(store))
    assert (still.standing, still.rows) == (Standing.UNHEARD, ())
    assert still.reason == "the daemon does not know its feeds yet, or was not started"


async def test_nothing_is_heard_while_most_feeds_fail(store: Office) -> None:
    """It is at our side, whatever the outlet does."""
    room = await Newsroom(store).open()
    urls = [f"https://{number}.example/rss" for number in range(3)]
    watched = next(iter(room.watch.feeds.values()))
    watch = replace(room.watch, feeds={**room.watch.feeds, **{url: replace(watched, url=url) for url in urls}})
    await store.polls.register([(url, room.now) for url in watch.feeds])
    await store.feed_desk.hasten(urls, _broken)
    assert (await outlet(room, watch)).reason == "most feeds fail, which is at our side: nobody listens meanwhile"


async def test_a_young_outlet_is_not_judged_yet(store: Office) -> None:
    """Since when it is watched is said."""
    room = Newsroom(store)
    await room.days(9)
    still = await outlet(room)
    assert still.standing is Standing.UNJUDGED
    assert still.reason == "not all of its feeds have been watched for two weeks: since 2026-03-02 only"


async def test_an_outlet_that_hardly_ever_speaks_is_not_judged(store: Office) -> None:
    """No silence of it was ever seen to end."""
    room = Newsroom(store)
    await room.publish()
    await room.days(15, news=False)
    still = await outlet(room)
    assert (still.standing, still.usual, still.alarm_at) == (Standing.UNJUDGED, None, None)
    assert still.reason == "it brings news too rarely for its silence to say anything"


async def test_a_rule_of_which_nothing_is_usual_is_not_judged(store: Office) -> None:
    """It never matched, or not daily: what there is to know is said."""
    room = Newsroom(store)
    await room.days(9)
    assert (await rule(room)).reason == (
        "it matched on 9 of the 28 days up to its last match: only of a rule that matches daily silence says anything"
    )
    room.desk.ruleset = rules({"strikes": "strike AND ferry"})
    never = await rule(room)
    assert (never.standing, never.last_at, never.alarm_at) == (Standing.UNJUDGED, None, None)
    assert never.reason.startswith("nothing has matched it yet as it stands now")
    assert never.outlets == ("The Harbour",)


async def test_an_outlet_that_somebody_muted_is_not_judged(store: Office) -> None:
    """Nobody is told of its silence."""
    room = await Newsroom(store).open()
    await store.mute_desk.mute(Mute(kind=MuteKind.OUTLET, subject="The Harbour", at=room.now))
    still = await outlet(room)
    assert (still.standing, still.alarm_at) == (Standing.UNJUDGED, None)
    assert still.reason.startswith("somebody muted it")


@pytest.mark.parametrize("how", ["muted", "expired"])
async def test_a_rule_that_nobody_waits_for_says_so(store: Office, how: str) -> None:
    """And foresees no alarm."""
    room = await Newsroom(store).open()
    if how == "muted":
        await store.mute_desk.mute(Mute(kind=MuteKind.RULE, subject="strikes", at=room.now))
    else:
        expired = tuple(replace(one, spec=replace(one.spec, expires=room.now)) for one in room.desk.ruleset.rules)
        room.desk.ruleset = replace(room.desk.ruleset, rules=expired)
    still = await rule(room)
    assert (still.standing, still.alarm_at) == (Standing.UNJUDGED, None)
    assert still.reason.startswith("somebody muted it" if how == "muted" else "it expired on ")


async def test_a_rule_looks_at_the_feeds_of_its_outlets_and_tags_only(store: Office) -> None:
    """What fails elsewhere explains nothing."""
    room = Newsroom(store)
    await room.desk.feed()
    watch = room.desk.watch
    seen = []
    spec = watch.ruleset.rules[0].spec
    for limited in (
        replace(spec, outlets=("The Wire",)),
        replace(spec, tags=("coast",)),
        replace(spec, tags=("hills",)),
        spec,
    ):
        still = await of_rule(sources(room), watch, replace(watch.ruleset.rules[0], spec=limited), room.now)
        seen.append(still.outlets)
    assert seen == [("The Wire",), ("The Harbour", "The Wire"), (), ("The Harbour", "The Wire")]


def _broken(feed: FeedState, _held: object) -> Refresh:
    return Refresh(feed=replace(feed, failures=1, failing_since=feed.next_poll_at), at=feed.next_poll_at)
