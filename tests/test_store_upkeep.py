"""What every store promises about letting go of the past: SQLite and the fake must both keep it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.flow.upkeep import let_go
from monitor.model.alerts import Alert, AlertContent, AlertKind, PublicId, Settled, Settlement
from monitor.model.entries import Text
from monitor.model.polls import FeedState
from monitor.model.stories import Sifted
from monitor.model.upkeep import Kind, Retention
from tests.store_values import (
    MINUTE,
    NORTH,
    NOW,
    SOUTH,
    Store,
    alert,
    ask,
    commit,
    feeds,
    fired,
    found,
    home,
    plan,
    put_on_way,
    question,
    sifted,
)

DAY = timedelta(days=1)
RETENTION = Retention(seen=365 * DAY, text=90 * DAY, alerts=365 * DAY)


async def test_what_stands_in_the_window_stays_however_old_it_is(store: Store) -> None:
    """A feed that says the same for years must not lose it: the first new entry would bring all of it as news."""
    (feed,) = await feeds(store, NORTH)
    await commit(store, plan(feed, sifted(1), sifted(2)))

    assert await forget(store, NOW + 1000 * DAY) == (0, 0, 0)
    assert await is_known(store, feed, sifted(1))
    assert (await text_of(store, feed, sifted(1))).summary == "A ribbon was cut."


async def test_an_entry_is_forgotten_a_year_after_it_left_the_window(store: Store) -> None:
    """With its keys, words and story."""
    (feed,) = await feeds(store, NORTH)
    await commit(store, plan(feed, sifted(1), sifted(2)))
    await see(store, feed, sifted(2), at=NOW + 100 * DAY)

    assert await forget(store, NOW + 364 * DAY) == (1, 0, 0)
    assert await is_known(store, feed, sifted(1))
    assert await forget(store, NOW + 366 * DAY) == (0, 1, 0)
    assert not await is_known(store, feed, sifted(1))
    assert await is_known(store, feed, sifted(2))
    status = await store.views.status()
    assert (status.entries, status.stories) == (1, 1)


async def test_what_has_lost_its_words_is_recognised_by_all_else(store: Store) -> None:
    """Key, fingerprint, title, date, story and fired rules stay; a later look finds nothing new in it."""
    (feed, other) = await feeds(store, NORTH, SOUTH)
    one = sifted(1)
    await commit(store, replace(plan(feed, one, sifted(2), alerts=(alert(one),)), found=(found(one),)))
    await see(store, feed, sifted(2), at=NOW + MINUTE)

    assert await forget(store, NOW + 91 * DAY) == (1, 0, 0)
    known = await ask(store, question(feed, [one]))
    assert known.entries["id:1"].fingerprint == one.fingerprint
    assert await fired(store, feed, one.story_key) == {("bridges", one.story_key)}
    assert (await ask(store, question(other, [one]))).stories_by_link == {one.keys[1]: home(one)}
    assert await text_of(store, feed, one) == Text(title=one.entry.text.title)
    (sighting,) = (await store.views.history(one.keys[1], one.entry.link)).sightings
    assert sighting.bare == {1}
    assert [match.rule for _, match in sighting.matches] == ["bridges"]


async def test_words_that_were_replaced_go_though_the_entry_stays(store: Store) -> None:
    """The newest words stay: a revision is told by them from what was there before."""
    (feed,) = await feeds(store, NORTH)
    await commit(store, plan(feed, sifted(1)))
    revised = sifted(1, words="The bridge number 1 stays shut", revision=2, keys=())
    await commit(store, plan(feed, revised, at=NOW + MINUTE))

    assert await forget(store, NOW + 91 * DAY) == (1, 0, 0)
    assert await text_of(store, feed, sifted(1)) == revised.entry.text
    (sighting,) = (await store.views.history("link:https://news.example/1", "")).sightings
    assert sighting.bare == {1}


async def test_an_alert_of_a_story_that_is_known_leaves_its_key(store: Store) -> None:
    """It is not raised again, though its deliveries and words are gone; once the story is forgotten it goes as well."""
    (feed,) = await feeds(store, NORTH)
    one, two = sifted(1), sifted(2)
    await commit(store, plan(feed, one, two, alerts=(alert(one),)))
    await send(store, NOW)

    assert await forget(store, NOW + 366 * DAY) == (0, 0, 1)
    assert await fired(store, feed, one.story_key) == {("bridges", one.story_key)}
    assert (await commit(store, plan(feed, alerts=(alert(one),)))).alerts == ()
    assert (await store.views.status()).deliveries == ()
    (row,) = await store.views.alerts(5)
    assert (row.alert.content.title, row.alert.content.text, row.states) == (one.entry.text.title, Text(), ())
    assert await forget(store, NOW + 367 * DAY) == (0, 0, 0)

    await see(store, feed, two, at=NOW + 367 * DAY)
    assert await forget(store, NOW + 368 * DAY) == (1, 1, 1)
    assert await store.views.alerts(5) == ()
    assert (await store.views.status()).stories == 1


@pytest.mark.parametrize("is_leased", [False, True])
async def test_what_waits_to_be_sent_is_never_let_go(store: Store, *, is_leased: bool) -> None:
    """Years of silence of a channel cost no alert."""
    (feed,) = await feeds(store, NORTH)
    await commit(store, plan(feed, sifted(1), alerts=(alert(sifted(1)),)))
    await put_on_way(store)
    await see(store, feed, sifted(2), at=NOW + MINUTE, is_new=True)
    if is_leased:
        assert await store.outbox.claim("desk", NOW, 5000 * DAY, 1)

    assert (await forget(store, NOW + 1000 * DAY))[2] == 0
    if is_leased:
        await store.outbox.recover()
    (message,) = await store.outbox.claim("desk", NOW + 1000 * DAY, MINUTE, 1)
    assert message.alerts[0].content.text.title == sifted(1).entry.text.title


async def test_alarms_go_after_their_time(store: Store) -> None:
    """They belong to no story."""
    (feed,) = await feeds(store, NORTH)
    alarm = Alert(
        kind=AlertKind.ALARM,
        dedupe_key="alarm|failing",
        public_id=PublicId("alarm-1"),
        at=NOW,
        content=AlertContent(title="It fails", outlets=()),
        channels=(),
    )
    await commit(store, plan(feed, alerts=(alarm,)))

    assert await forget(store, NOW + 364 * DAY) == (0, 0, 0)
    assert await forget(store, NOW + 366 * DAY) == (0, 0, 1)
    assert await store.views.alerts(5) == ()


async def test_counting_keeps_everything(store: Store) -> None:
    """A dry pass says what a real one then does, if there were one."""
    (feed,) = await feeds(store, NORTH)
    await commit(store, plan(feed, *(sifted(number) for number in range(250)), alerts=(alert(sifted(7)),)))
    await send(store, NOW)
    await see(store, feed, sifted(7), at=NOW + MINUTE)
    before = await store.views.status()

    counted = await forget(store, NOW + 366 * DAY, is_dry=True)
    assert counted == (249, 249, 1)
    assert await store.views.status() == before
    assert await forget(store, NOW + 366 * DAY) == counted


async def test_a_pass_that_was_broken_off_is_taken_up_by_the_next(store: Store) -> None:
    """Nothing is written down about how far it came."""
    (feed,) = await feeds(store, NORTH)
    await commit(store, plan(feed, *(sifted(number) for number in range(250))))
    await see(store, feed, sifted(999), at=NOW + MINUTE, is_new=True)
    asked = iter([False, False, True])
    gone = await let_go(store.upkeep, RETENTION, NOW + 366 * DAY, pause=0.0, is_stopping=lambda: next(asked, True))
    rest = await forget(store, NOW + 366 * DAY)

    assert gone[Kind.TEXTS] + rest[0] == 250
    assert gone[Kind.ENTRIES] + rest[1] == 250


async def forget(store: Store, now: datetime, *, is_dry: bool = False) -> tuple[int, int, int]:
    """How many texts, entries and alerts went."""
    gone = await let_go(store.upkeep, RETENTION, now, is_dry=is_dry, pause=0.0)
    return gone[Kind.TEXTS], gone[Kind.ENTRIES], gone[Kind.ALERTS]


async def see(store: Store, feed: FeedState, entry: Sifted, *, at: datetime, is_new: bool = False) -> None:
    """A poll that finds this entry alone."""
    fresh = (entry,) if is_new else ()
    await commit(store, plan(feed, *fresh, at=at, seen=() if is_new else (entry.entry_key,)))


async def is_known(store: Store, feed: FeedState, entry: Sifted) -> bool:
    """Whether a poll would know it again."""
    return bool((await ask(store, question(feed, [entry]))).entries)


async def text_of(store: Store, feed: FeedState, entry: Sifted) -> Text:
    """What a poll that finds it changed is told of its words before."""
    changed = replace(entry, fingerprint="another")
    text = (await ask(store, question(feed, [changed]))).entries[entry.entry_key].text
    assert text is not None
    return text


async def send(store: Store, at: datetime) -> None:
    """Everything that waits is sent."""
    await put_on_way(store)
    messages = await store.outbox.claim("desk", at, MINUTE, 100)
    settled = [Settled(message=message.id, fate=Settlement.SENT, at=at) for message in messages]
    await store.outbox.settle(settled, (), "desk")
