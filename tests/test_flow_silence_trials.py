"""Trials of the alarms on silence by whoever would have them cry twice, for nobody, or not at all; over both stores."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from monitor.flow.ourselves import look_at_ourselves
from monitor.flow.watch import Watch
from monitor.model.holding import Mute, MuteKind
from monitor.model.polls import FailureKind, FeedState, FetchFailed, NotModified, Refresh
from monitor.model.troubles import Reading
from tests.plain_values import entry
from tests.store_values import Office
from tests.test_flow_poll import HOME, OTHER, rules
from tests.test_flow_silence import BROKEN, DAY, HOUR, STEP, Newsroom

GONE = FetchFailed(kind=FailureKind.GONE, status=410, reason="answered 410 Gone")


@dataclass(slots=True)
class Bureau(Newsroom):
    """A newsroom whose outlet may have other names and feeds, and that looks at itself as well as it listens."""

    outlets: tuple[str, ...] = ("The Harbour",)
    feeds: tuple[str, ...] = (HOME,)

    @property
    def watch(self) -> Watch:
        one = self.desk.watch.feeds[HOME]
        feeds = {url: replace(one, url=url, outlets=self.outlets) for url in self.feeds}
        return replace(self.desk.watch, feeds=feeds)

    async def listen(self, watch: Watch | None = None) -> None:
        await Newsroom.listen(self, watch)
        store = self.store
        await look_at_ourselves(store.troubles, store.outbox, watch or self.watch, Reading(), self.now)

    async def causes(self) -> list[str]:
        """What was told, by what it begins with: a name, and what is wrong or over."""
        return [" ".join(one.replace(",", "").split()[:8]) for one in await self.told()]


async def opened(store: Office) -> Bureau:
    room = Bureau(store)
    await room.open()
    return room


async def test_two_outlets_with_one_feed_are_one_trouble(store: Office) -> None:
    """One alarm names both, and one note."""
    room = Bureau(store)
    room.outlets = ("The Harbour", "The Pier")
    await room.open()
    await room.days(5, news=False)
    (said,) = await room.told()
    assert said.startswith("The Harbour + The Pier: nothing new since ")
    assert [one.subject for one in await store.troubles.known()] == ["The Harbour", "The Pier"]
    await room.days(1)
    assert (await room.told())[1].startswith("over: The Harbour + The Pier: it brings something new again, ")
    assert len(await room.told()) == 2
    assert await store.troubles.known() == ()


async def test_a_muted_outlet_is_not_told(store: Office) -> None:
    """Nobody wants to hear of it; once the mute is over it is."""
    room = await opened(store)
    await store.mute_desk.mute(Mute(kind=MuteKind.OUTLET, subject="The Harbour", at=room.now, until=room.now + 6 * DAY))
    await room.days(5, news=False)
    assert await room.told() == []
    await room.days(2, news=False)
    assert len(await room.told()) == 1


async def test_a_feed_that_empties_is_told_once_for_its_outlet_or_for_itself(store: Office) -> None:
    """An outlet that fell silent for it is no second trouble, nor is the feed on any day after that."""
    room = await opened(store)
    await room.desk.publish()
    await room.days(5, news=False)
    told = await room.told()
    assert [one.startswith("The Harbour: nothing new since ") for one in told] == [True]


async def test_one_dead_feed_hides_the_silence_of_the_others_for_a_day_at_most(store: Office) -> None:
    """It is told as failing, and the outlet as silent."""
    room = await opened(store)
    room.feeds = (HOME, OTHER)
    for hour in range(0, 24 * 5, STEP // HOUR):
        await room.desk.answer(BROKEN, OTHER)
        if hour % 6 == 0:
            await room.desk.answer(NotModified())
        await room.listen()
        room.desk.clock.pass_by(STEP)
    assert any(one.startswith("The Harbour: nothing new since ") for one in await room.told())
    assert any(one.startswith("The Harbour: the feed has failed since ") for one in await room.told())


async def test_a_new_feed_hides_the_silence_of_the_others_for_three_days_at_most(store: Office) -> None:
    """As long as it brings something it speaks."""
    room = await opened(store)
    await room.desk.publish(entry(900, title="Old", link="https://harbour.example/old"), url=OTHER)
    room.feeds = (HOME, OTHER)
    began = room.now
    while not await room.told():
        for url in room.feeds:
            await room.desk.answer(NotModified(), url)
        await room.listen()
        room.desk.clock.pass_by(STEP)
    assert 3 * DAY <= room.now - STEP - began <= 3 * DAY + STEP


async def test_the_same_entries_with_new_dates_are_no_news(store: Office) -> None:
    """The feed is alive, and the outlet silent."""
    room = await opened(store)
    for hour in range(0, 24 * 5, STEP // HOUR):
        if hour % 6 == 0:
            again = tuple(replace(one, published_at=room.now, updated_at=room.now) for one in room.document)
            await room.desk.publish(*again)
        await room.listen()
        room.desk.clock.pass_by(STEP)
    (said,) = await room.told()
    assert said.startswith("The Harbour: nothing new since ")


async def test_an_outlet_that_is_renamed_does_not_hide_that_a_rule_matches_no_more(store: Office) -> None:
    """Under its old name nothing is heard of it for ever, and that explains nothing."""
    room = await opened(store)
    room.outlets = ("The Harbour Gazette",)
    room.titles = ("Tram {} stops",)
    await room.days(5)
    (said,) = await room.told()
    assert said.startswith("rule strikes: no match since ")


async def test_an_outlet_that_is_renamed_while_it_is_silent_is_told_by_its_new_name(store: Office) -> None:
    """And is over by the old one: who reads either knows which outlet is meant."""
    room = await opened(store)
    await room.days(5, news=False)
    room.outlets = ("The Harbour Gazette",)
    await room.days(2, news=False)
    assert await room.causes() == [
        "The Harbour: nothing new since " + f"{room.now - 7 * DAY - 12 * HOUR:%Y-%m-%d %H:%M} UTC",
        "The Harbour Gazette: nothing new since " + f"{room.now - 7 * DAY - 12 * HOUR:%Y-%m-%d %H:%M}",
        "over: The Harbour: it is not in the",
    ]


async def test_a_rule_that_lives_by_an_outlet_that_is_gone_is_not_told_beside_it(store: Office) -> None:
    """Taken out of the configuration the outlet explains nothing more."""
    room = await opened(store)
    await room.desk.answer(GONE)
    for _ in range(5 * 8):
        await room.listen()
        room.desk.clock.pass_by(STEP)
    assert [one.partition(":")[2] for one in await room.told()] == [
        " the feed is gone for good (410) and is not asked any more: answered 410 Gone"
    ]


async def test_nothing_is_told_twice_over_restarts_and_reloads(store: Office) -> None:
    """What was told stands in the store: each hour may be another process, with the same configuration read anew."""
    room = await opened(store)
    for hour in range(0, 24 * 6, STEP // HOUR):
        if hour % 6 == 0:
            await room.desk.answer(NotModified())
        for _ in range(3):
            room.desk.ruleset = rules({"strikes": "strike OR walkout", "bridges": "bridge"})
            await room.listen()
        room.desk.clock.pass_by(STEP)
    assert len(await room.told()) == 1


@pytest.mark.parametrize("returns", [False, True], ids=["for good", "for a day"])
@pytest.mark.parametrize("by", [-HOUR, -DAY, HOUR, DAY, 30 * DAY], ids=["-1 h", "-1 day", "+1 h", "+1 day", "+30 days"])
async def test_a_clock_that_is_set_cries_for_nobody_and_hides_nobody(
    store: Office, by: timedelta, *, returns: bool
) -> None:
    """Nobody is silent for a step of the clock; who is, is told within his time by the new one."""
    room = await opened(store)
    for step in (by, -by) if returns else (by,):
        room.desk.clock.pass_by(step)
        await store.polls.retime(room.now, step)
        await room.days(1)
        assert await room.told() == []
    await room.days(4, news=False)
    (said,) = await room.told()
    assert said.startswith("The Harbour: nothing new since ")


async def test_a_list_of_which_most_is_dead_is_listened_to_all_the_same(store: Office) -> None:
    """For a week it may be our own line; after that it is the list."""
    room = await opened(store)
    room.feeds = (HOME, *(f"https://{number}.example/rss" for number in range(4)))
    await store.polls.register([(url, room.now) for url in room.feeds])
    began = room.now

    def fail(feed: FeedState, _held: datetime | None) -> Refresh:
        dead = replace(feed, failures=9, failing_since=began, last_poll_at=room.now, last_error="no such host")
        return Refresh(feed=dead, at=room.now)

    for hour in range(0, 24 * 12, STEP // HOUR):
        if hour % 6 == 0:
            await room.desk.answer(NotModified())
            await store.polls.register([(url, room.now) for url in room.feeds])
            await store.feed_desk.hasten(room.feeds[1:], fail)
        await room.listen()
        room.desk.clock.pass_by(STEP)
        silent = any(one.startswith("The Harbour: nothing new since ") for one in await room.told())
        assert not silent or room.now - began > 7 * DAY
    assert silent


async def test_most_feeds_are_not_called_read_again_because_they_are_asked_seldom(store: Office) -> None:
    """After days without a line each is asked once a day and a tenth."""
    room = await opened(store)
    room.feeds = (HOME, *(f"https://{number}.example/rss" for number in range(2)))
    began, hours = room.now, 0
    await store.polls.register([(url, room.now) for url in room.feeds])

    def fail(feed: FeedState, _held: datetime | None) -> Refresh:
        return Refresh(feed=replace(feed, failures=9, failing_since=began, last_poll_at=room.now), at=room.now)

    for hours in range(0, 24 * 5, 2):
        await room.listen()
        if hours % 26 == 0:
            await store.feed_desk.hasten(room.feeds, fail)
        room.desk.clock.pass_by(2 * HOUR)
    assert not [one for one in await room.told() if one.startswith("over")]


async def test_a_feed_that_is_asked_once_a_day_has_not_failed_for_a_day_by_one_answer(store: Office) -> None:
    """The second says so."""
    room = await opened(store)
    await room.desk.answer(BROKEN)
    room.desk.clock.pass_by(DAY + HOUR)
    await room.listen()
    assert await room.told() == []
    await room.desk.answer(BROKEN)
    await room.listen()
    assert len(await room.told()) == 1
