"""What every store promises to people who work by hand: SQLite and the fake must both keep it."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.alerts.alarms import Cause, alarm
from monitor.model.alerts import Attempt, Message, PublicId, Settled, Settlement
from monitor.model.entries import Text
from monitor.model.past import PastRevision
from monitor.model.polls import FeedState, Pause, PauseKind, Refresh
from monitor.model.upkeep import Kind, Portion
from monitor.model.views import Chosen, DeliveryHistory, FeedRow, Named, Wanted
from monitor.store.outbox import MOST_ATTEMPTS
from monitor.text.naming import short_name
from tests.store_values import MINUTE, NORTH, NOW, SOUTH, Office, alert, commit, feeds, found, plan, sifted, told

LEASE = timedelta(minutes=2)
NOT_SENT = ("pending", "held", "leased", "dead")
DONE = ("sent", "dead")
LATER = NOW + 10 * MINUTE


async def test_hastening_writes_what_is_decided_and_nothing_else(store: Office) -> None:
    """In the order asked for; what is not registered is left out; the hold of the origin is shown to who decides."""
    north, south = await feeds(store, NORTH, SOUTH)
    await commit(store, replace(plan(north), hold_origin_until=LATER))
    seen: list[datetime | None] = []

    def decide(feed: FeedState, held_until: datetime | None) -> Refresh:
        seen.append(held_until)
        return Refresh(feed=replace(feed, next_poll_at=NOW - MINUTE), at=NOW)

    refreshes = await store.feed_desk.hasten([SOUTH, NORTH, "https://nobody.example/"], decide)
    assert [one.feed.url for one in refreshes] == [SOUTH, NORTH]
    assert seen == [None, LATER]
    assert [feed.url for feed in await store.polls.due(NOW, 5)] == [SOUTH], "the origin of the other is held"
    kept = {feed.url: feed for feed in (await store.views.status()).feeds}
    assert kept[SOUTH] == replace(south, next_poll_at=NOW - MINUTE)
    assert kept[NORTH].last_poll_at == NOW


async def test_a_feed_is_looked_at_with_what_holds_it(store: Office) -> None:
    """Its outlets, the hold of its origin, its own pause and theirs; nothing of others, and nothing is written."""
    names = {NORTH: ["The Wire", "The Bell"], SOUTH: ["The Coast"]}
    north, south = await store.polls.register([(NORTH, NOW), (SOUTH, NOW)], names)
    await commit(store, replace(plan(north), hold_origin_until=LATER))
    own = Pause(kind=PauseKind.FEED, subject=NORTH, at=NOW)
    theirs = Pause(kind=PauseKind.OUTLET, subject="The Bell", at=NOW, until=LATER, by="ida")
    for pause in (theirs, own, Pause(kind=PauseKind.OUTLET, subject="The Coast Alike", at=NOW)):
        await store.feed_desk.pause(pause)
    rows = await store.feed_desk.look([SOUTH, "https://nobody.example/", NORTH])
    assert rows[0] == FeedRow(state=south, outlets=("The Coast",))
    assert (rows[1].state.last_poll_at, rows[1].held_until) == (NOW, LATER)
    assert (rows[1].outlets, rows[1].pauses) == (("The Bell", "The Wire"), (own, theirs))
    assert len(rows) == 2


async def test_a_feed_that_left_the_configuration_is_not_hastened(store: Office) -> None:
    """It is not polled, whatever its due time says."""
    await feeds(store, NORTH, SOUTH)
    await feeds(store, SOUTH)
    assert await store.feed_desk.hasten([NORTH], lambda feed, _: Refresh(feed=feed, at=NOW)) == ()


async def test_a_paused_feed_is_not_due_until_its_pause_is_over(store: Office) -> None:
    """To the moment; the others go on."""
    await feeds(store, NORTH, SOUTH)
    pause = Pause(kind=PauseKind.FEED, subject=NORTH, at=NOW, until=LATER, by="ada")
    await store.feed_desk.pause(pause)

    assert [feed.url for feed in await store.polls.due(LATER - MINUTE, 5)] == [SOUTH]
    assert [feed.url for feed in await store.polls.due(LATER, 5)] == [NORTH, SOUTH]
    assert (await store.views.status()).pauses == (pause,)


async def test_a_feed_rests_only_where_every_outlet_that_names_it_is_paused(store: Office) -> None:
    """Whoever silences one outlet must not silence another by it."""
    urls = [(NORTH, NOW), (SOUTH, NOW)]
    await store.polls.register(urls, {NORTH: ("North", "Alike"), SOUTH: ("South",)})
    await store.feed_desk.pause(Pause(kind=PauseKind.OUTLET, subject="North", at=NOW))
    assert [feed.url for feed in await store.polls.due(NOW, 5)] == [NORTH, SOUTH]
    await store.feed_desk.pause(Pause(kind=PauseKind.OUTLET, subject="Alike", at=NOW))
    assert [feed.url for feed in await store.polls.due(NOW, 5)] == [SOUTH]
    assert (await store.views.status()).outlets == {NORTH: ("Alike", "North"), SOUTH: ("South",)}


async def test_a_pause_outlives_registration(store: Office) -> None:
    """A reload, or a configuration without the outlet for a while, does not end it."""
    await store.polls.register([(NORTH, NOW)], {NORTH: ("North",)})
    await store.feed_desk.pause(Pause(kind=PauseKind.OUTLET, subject="North", at=NOW))
    await store.polls.register([(SOUTH, NOW)], {SOUTH: ("South",)})
    await store.polls.register([(NORTH, NOW), (SOUTH, NOW)], {NORTH: ("North",), SOUTH: ("South",)})
    assert [feed.url for feed in await store.polls.due(LATER, 5)] == [SOUTH]


async def test_the_last_pause_of_the_same_counts_and_resuming_ends_it(store: Office) -> None:
    """What was ended is returned; to end what does not rest is no mistake."""
    await store.polls.register([(NORTH, NOW)], {NORTH: ("North",)})
    await store.feed_desk.pause(Pause(kind=PauseKind.OUTLET, subject="North", at=NOW, until=LATER))
    last = Pause(kind=PauseKind.OUTLET, subject="North", at=NOW + MINUTE, by="ada")
    await store.feed_desk.pause(last)

    assert await store.polls.due(LATER, 5) == ()
    assert await store.feed_desk.resume(PauseKind.FEED, "North") is None
    assert await store.feed_desk.resume(PauseKind.OUTLET, "North") == last
    assert await store.feed_desk.resume(PauseKind.OUTLET, "North") is None
    assert [feed.url for feed in await store.polls.due(LATER, 5)] == [NORTH]


async def test_every_attempt_is_kept_with_its_reason(store: Office) -> None:
    """In the transaction that settles it: when, how it ended, what came back, how long it took."""
    await told(store, 1)
    message = await _claim(store)
    await _settle(store, message, Settlement.RETRY, error="503 from the hook", took_ms=1200)
    message = await _claim(store, LATER)
    await _settle(store, message, Settlement.SENT, note="204", at=LATER)

    (history,) = await store.archive.deliveries("bridges-1")
    assert history.attempts == (
        Attempt(number=1, at=NOW, outcome=Settlement.RETRY, reason="503 from the hook", took_ms=1200),
        Attempt(number=2, at=LATER, outcome=Settlement.SENT, reason="204"),
    )
    assert (history.delivery.state, history.is_repeat, history.is_dropped) == ("sent", False, False)


async def test_of_very_many_attempts_the_first_and_the_last_are_kept(store: Office) -> None:
    """Their numbers say how many are missing between; a message that is tried for years does not grow."""
    await told(store, 1)
    message = await _claim(store)
    for _ in range(MOST_ATTEMPTS + 20):
        await _settle(store, message, Settlement.RETRY, error="still shut")

    (history,) = await store.archive.deliveries("bridges-1")
    half = MOST_ATTEMPTS // 2
    assert [one.number for one in history.attempts] == [*range(1, half + 1), *range(half + 21, MOST_ATTEMPTS + 21)]


async def test_attempts_are_numbered_on_after_a_message_began_anew(store: Office) -> None:
    """Reviving sets the tries of a message back, not its history."""
    await told(store, 1)
    await _settle(store, await _claim(store), Settlement.DEAD, error="refused")
    await store.outbox.retry(None, LATER)
    await _settle(store, await _claim(store, LATER), Settlement.SENT)

    (history,) = await store.archive.deliveries("bridges-1")
    assert [(one.number, one.outcome) for one in history.attempts] == [(1, "dead"), (2, "sent")]
    assert history.delivery.attempts == 1


async def test_choosing_asks_for_what_is_said_and_for_nothing_else(store: Office) -> None:
    """By state, id, channel, rule and moment of the alert, in the order of the queue."""
    await told(store, 2, 1, channels=("desk", "ops"))
    await _settle(store, await _claim(store), Settlement.SENT)

    assert [_brief(one) for one in await _chosen(store)] == [
        ("bridges-2", "ops", "pending"),
        ("bridges-1", "desk", "pending"),
        ("bridges-1", "ops", "pending"),
    ]
    assert len(await _chosen(store, channel="ops")) == 2
    assert [_brief(one) for one in await _chosen(store, ids=("bridges-2",))] == [("bridges-2", "ops", "pending")]
    assert await _chosen(store, rule="tunnels") == ()
    assert len(await _chosen(store, rule="bridges")) == 3
    assert len(await _chosen(store, since=NOW)) == 3
    assert await _chosen(store, since=NOW + MINUTE) == ()
    assert [_brief(one) for one in await _chosen(store, states=DONE)] == [("bridges-2", "desk", "sent")]


async def test_what_is_dropped_is_dead_with_the_reason_and_never_sent(store: Office) -> None:
    """Also one that never was a message, and one whose trouble so far is not forgotten; the queue goes on."""
    await told(store, 1, 2, 3)
    await _settle(store, await _claim(store), Settlement.RETRY, error="503")

    assert await store.outbox_desk.drop(await _chosen(store, ids=("bridges-1", "bridges-2")), LATER) == 2
    rows = await store.views.outbox(5, ["dead"])
    assert [(row.public_id, row.last_error, row.settled_at) for row in rows] == [
        ("bridges-1", "dropped by hand; before: 503", LATER),
        ("bridges-2", "dropped by hand", LATER),
    ]
    assert [one.public_id for one in await store.outbox.claim("desk", LATER, LEASE, 5)] == ["bridges-3"]
    (history,) = await store.archive.deliveries("bridges-2")
    assert history.is_dropped


async def test_a_delivery_that_is_being_sent_or_was_sent_is_not_dropped(store: Office) -> None:
    """The outbox must not call dead what arrives; a lease that ran out holds nothing."""
    await told(store, 1, 2)
    chosen = await _chosen(store)
    await _settle(store, await _claim(store), Settlement.SENT)
    await _claim(store)

    assert await store.outbox_desk.drop(chosen, NOW + MINUTE) == 0
    assert await store.outbox_desk.drop(chosen, NOW + LEASE) == 1
    assert await store.outbox_desk.drop(chosen, NOW + LEASE) == 0, "dropped before"
    assert await _state(store, "bridges-2") == "dead"


async def test_a_late_failure_does_not_revive_what_was_dropped(store: Office) -> None:
    """A sender that was overtaken by its lease and by a hand; a late success is told as what it is."""
    await told(store, 1)
    message = await _claim(store)
    await store.outbox_desk.drop(await _chosen(store), NOW + LEASE)
    await _settle(store, message, Settlement.RETRY, error="503")
    assert await _state(store, "bridges-1") == "dead"
    await _settle(store, message, Settlement.SENT)
    (history,) = await store.archive.deliveries("bridges-1")
    assert (history.delivery.state, history.is_dropped) == ("sent", False)


async def test_retrying_all_leaves_alone_what_was_dropped_unless_it_is_named(store: Office) -> None:
    """A hand's word holds until a hand takes it back."""
    await told(store, 1, 2)
    await _settle(store, await _claim(store), Settlement.DEAD)
    await store.outbox_desk.drop(await _chosen(store, ids=("bridges-2",)), NOW)

    assert await store.outbox.retry(None, LATER) == 1
    assert await _state(store, "bridges-2") == "dead"
    assert await store.outbox.retry([PublicId("bridges-2")], LATER) == 1
    (history,) = await store.archive.deliveries("bridges-2")
    assert (history.delivery.state, history.is_dropped) == ("pending", False)


async def test_retrying_may_be_kept_to_one_channel(store: Office) -> None:
    """Named or not."""
    await told(store, 1, channels=("desk", "ops"))
    for channel in ("desk", "ops"):
        (message,) = await store.outbox.claim(channel, NOW, LEASE, 1)
        await _settle(store, message, Settlement.DEAD)

    assert await store.outbox.retry(None, LATER, "ops") == 1
    assert await store.outbox.ready(LATER) == ("ops",)
    assert await store.outbox.retry([PublicId("bridges-1")], LATER, "desk") == 1


async def test_a_replay_sends_again_under_the_same_id_behind_what_waits(store: Office) -> None:
    """Marked as a repeat where it was sent before; what waits is not touched; nothing is sent twice for one wish."""
    await told(store, 1, 2, 3)
    await _settle(store, await _claim(store), Settlement.SENT)
    await _settle(store, await _claim(store), Settlement.DEAD)
    chosen = await _chosen(store, states=DONE)

    assert await store.outbox_desk.replay(chosen, LATER) == 2
    assert await store.outbox_desk.replay(chosen, LATER) == 0
    messages = await store.outbox.claim("desk", LATER, LEASE, 5)
    assert [(one.public_id, one.is_repeat, one.attempts) for one in messages] == [
        ("bridges-3", False, 0),
        ("bridges-1", True, 0),
        ("bridges-2", False, 0),
    ]
    assert messages[1].created_at == LATER, "with a whole time to live"
    assert messages[1].alerts == (alert(sifted(1)),)


async def test_a_replay_of_what_was_dropped_takes_the_word_back(store: Office) -> None:
    """Dropped or dead for another reason: it is on its way again."""
    await told(store, 1)
    await store.outbox_desk.drop(await _chosen(store), NOW)
    assert await store.outbox_desk.replay(await _chosen(store, states=DONE), LATER) == 1
    (history,) = await store.archive.deliveries("bridges-1")
    assert (history.delivery.state, history.is_dropped, history.is_repeat) == ("pending", False, False)


async def test_of_news_alone_no_alarm_is_meant(store: Office) -> None:
    """What is said again, or to a channel that came later, is news; a drop means alarms as well."""
    await told(store, 1)
    down = alarm(Cause.CHANNEL, subject="desk", says="desk is down", now=NOW, channels=("ops",))
    await store.outbox.settle((), (), "desk", (down,))
    for wanted in (Wanted(states=NOT_SENT, channel="ops"), Wanted(states=DONE, channel="late", may_be_added=True)):
        assert down.public_id in {one.public_id for one in await store.outbox_desk.choose(wanted)}
        of_news = await store.outbox_desk.choose(replace(wanted, is_news=True))
        assert down.public_id not in {one.public_id for one in of_news}


async def test_a_channel_that_was_added_later_gets_what_it_never_had(store: Office) -> None:
    """Once, oldest alert first; what is on its way to it already is not asked for."""
    await told(store, 1, 2)
    wanted = Wanted(states=DONE, channel="ops", may_be_added=True)
    chosen = await store.outbox_desk.choose(wanted)
    assert [_brief(one) for one in chosen] == [("bridges-1", "ops", ""), ("bridges-2", "ops", "")]

    assert await store.outbox_desk.replay(chosen, LATER) == 2
    assert await store.outbox_desk.replay(chosen, LATER) == 0
    assert await store.outbox_desk.choose(wanted) == ()
    assert [one.public_id for one in await store.outbox.claim("ops", LATER, LEASE, 5)] == ["bridges-1", "bridges-2"]


async def test_names_are_found_by_their_beginning(store: Office) -> None:
    """In order, and no more than asked for; a name of one kind is none of another."""
    await told(store, 2, 10, 1)
    assert await store.archive.names(Named.ALERT, "bridges-1", 5) == ("bridges-1", "bridges-10")
    assert await store.archive.names(Named.DELIVERY, "bridges-", 2) == ("bridges-1", "bridges-10")
    assert await store.archive.names(Named.ALERT, "tunnel", 5) == ()
    story = short_name("link:https://news.example/1")
    assert await store.archive.names(Named.STORY, story[:6], 5) == (story,)
    assert await store.archive.names(Named.ALERT, story[:6], 5) == ()


async def test_an_alert_is_told_whole(store: Office) -> None:
    """As it was decided, with its deliveries; no such alert, no answer."""
    await told(store, 1, channels=("desk", "ops"))
    row = await store.archive.alert("bridges-1")
    assert row is not None
    assert row.alert == alert(sifted(1), channels=("desk", "ops"))
    assert row.states == (("desk", "pending"), ("ops", "pending"))
    assert await store.archive.alert("bridges-2") is None
    assert await store.archive.deliveries("bridges-2") == ()


async def test_stories_are_listed_newest_first(store: Office) -> None:
    """With the title as it reads now, the outlets, and counts of entries and alerts; by founding and by outlet."""
    north, south = await feeds(store, NORTH, SOUTH)
    one, two = sifted(1), sifted(2)
    await commit(store, replace(plan(north, one, alerts=(alert(one),)), outlets=("North", "Alike")))
    edited = sifted(1, words="The bridge number 1 stays shut", revision=2, keys=())
    await commit(store, replace(plan(north, edited, at=NOW + MINUTE), outlets=("North", "Alike")))
    again = replace(one, entry_key="id:other", keys=("id:other",))
    await commit(store, replace(plan(south, two, again, at=LATER), outlets=("South",)))

    newest, oldest = await store.archive.stories(5, None, "")
    assert (newest.title, newest.entries, newest.outlets) == ("The bridge number 2 opens", 1, ("South",))
    assert (oldest.title, oldest.entries) == ("The bridge number 1 stays shut", 2)
    assert (oldest.outlets, oldest.alerts, newest.alerts) == (("Alike", "North", "South"), 1, 0)
    assert (oldest.public_id, oldest.founded_at) == (short_name(one.story_key), NOW)
    assert await store.archive.stories(1, None, "") == (newest,)
    assert await store.archive.stories(5, LATER, "") == (newest,)
    assert await store.archive.stories(5, None, "Alike") == (oldest,)
    assert await store.archive.stories(5, None, "Nobody") == ()


async def test_a_story_is_told_whole(store: Office) -> None:
    """Every sighting with its revisions and matches, and its alerts; the stories beside it are not mixed in."""
    (north,) = await feeds(store, NORTH)
    one, two = sifted(1), sifted(2)
    decision = replace(plan(north, one, two, alerts=(alert(one), alert(two))), found=(found(one), found(two)))
    await commit(store, decision)
    edited = sifted(1, words="The bridge number 1 stays shut", revision=2, keys=())
    await commit(store, plan(north, edited, at=LATER))

    history = await store.archive.story(short_name(one.story_key))
    assert history is not None
    (sighting,) = history.sightings
    assert [(number, view.text.title) for number, _, view in sighting.revisions] == [
        (1, "The bridge number 1 opens"),
        (2, "The bridge number 1 stays shut"),
    ]
    assert sighting.matches == ((1, found(one).match),)
    assert (sighting.feed_url, sighting.outlets, sighting.last_seen_at) == (NORTH, ("North",), LATER)
    assert [row.alert.public_id for row in history.alerts] == ["bridges-1"]
    assert history.story == (await store.archive.stories(5, None, ""))[1]
    assert await store.archive.story("zzzzzzzzzzzz") is None


async def test_the_past_is_read_in_the_order_in_which_it_was_stored(store: Office) -> None:
    """Every revision with the words before it, its outlets and its story; between two places and two moments."""
    assert await _past(store) == ()
    north, south = await feeds(store, NORTH, SOUTH)
    one, two = sifted(1, is_baseline=True), sifted(2)
    await commit(store, plan(north, one))
    again = replace(one, entry_key="id:other", keys=("id:other",), is_baseline=False)
    await commit(store, replace(plan(south, two, again, at=NOW + MINUTE), outlets=("South", "Alike")))
    edited = sifted(1, words="The bridge number 1 stays shut", revision=2, keys=())
    await commit(store, plan(north, edited, at=LATER))

    past = await _past(store)
    assert [(each.feed_url, each.number, each.is_baseline) for each in past] == [
        (NORTH, 1, True),
        (SOUTH, 1, False),
        (SOUTH, 1, False),
        (NORTH, 2, False),
    ]
    first, other, same, last = past
    assert (first.entry, first.story) == (last.entry, last.story)
    assert len({first.entry, other.entry, same.entry}) == 3
    assert (same.story, same.story_key) == (first.story, one.story_key)
    assert other.story != first.story
    assert (first.previous, last.previous) == (None, one.entry.text)
    assert (last.view.text, last.seen_at) == (edited.entry.text, LATER)
    assert set(other.view.outlets) == {"South", "Alike"}
    assert (first.view.authors, first.view.categories) == (("A. Writer",), ("bridges", "öffnung"))
    assert all(each.is_worded for each in past)

    extent = await store.annals.extent()
    places = (extent.first, extent.last + 1)
    assert extent.last - extent.first == 3
    assert await store.annals.revisions((extent.first, extent.first + 2), NOW, None) == past[:2]
    assert await store.annals.revisions((extent.first + 2, extent.last + 1), NOW, None) == past[2:]
    assert await store.annals.revisions(places, NOW + MINUTE, LATER) == past[1:3]


async def test_the_past_says_which_words_were_let_go(store: Office) -> None:
    """A replaced revision keeps its title: that is all that the one behind it can be held against."""
    (north,) = await feeds(store, NORTH)
    await commit(store, plan(north, sifted(1)))
    edited = sifted(1, words="The bridge number 1 stays shut", revision=2, keys=())
    await commit(store, plan(north, edited, at=LATER))
    await store.upkeep.sweep(Portion(kind=Kind.TEXTS, before=LATER, limit=10))

    bare, last = await _past(store)
    assert (bare.is_worded, bare.view.text) == (False, Text(title="The bridge number 1 opens"))
    assert (last.is_worded, last.previous) == (True, Text(title="The bridge number 1 opens"))


async def _past(store: Office) -> tuple[PastRevision, ...]:
    extent = await store.annals.extent()
    return await store.annals.revisions((extent.first, extent.last + 1), NOW - 100 * MINUTE, None)


async def _chosen(
    store: Office,
    *,
    states: tuple[str, ...] = NOT_SENT,
    ids: tuple[str, ...] = (),
    channel: str = "",
    rule: str = "",
    since: datetime | None = None,
) -> tuple[Chosen, ...]:
    wanted = Wanted(states=states, ids=ids, channel=channel, rule=rule, since=since)
    return await store.outbox_desk.choose(wanted)


async def _claim(store: Office, now: datetime = NOW) -> Message:
    (message,) = await store.outbox.claim("desk", now, LEASE, 1)
    return message


async def _settle(
    store: Office,
    message: Message,
    fate: Settlement,
    *,
    error: str = "",
    note: str = "",
    at: datetime = NOW,
    took_ms: int | None = None,
) -> None:
    settled = Settled(message=message.id, fate=fate, at=at, due_at=at, error=error, note=note, took_ms=took_ms)
    await store.outbox.settle([settled], [], message.channel)


async def _state(store: Office, name: str) -> str:
    (history,) = await _histories(store, name)
    return history.delivery.state


async def _histories(store: Office, name: str) -> tuple[DeliveryHistory, ...]:
    return await store.archive.deliveries(name)


def _brief(one: Chosen) -> tuple[str, str, str]:
    return one.public_id, one.channel, one.state
