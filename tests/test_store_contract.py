"""What every store promises about polls: SQLite and the fake must both keep it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model.alerts import AlertKind, PublicId
from monitor.model.entries import Text
from monitor.model.polls import FeedId, Validators
from monitor.model.rhythm import Moving
from monitor.model.stories import Known, PollPlan, Question, Sift
from tests.store_values import (
    MINUTE,
    NORTH,
    NOW,
    SOUTH,
    Store,
    alert,
    ask,
    ask_told,
    commit,
    decided,
    feeds,
    fired,
    found,
    home,
    plan,
    question,
    sifted,
)


async def test_registering_gives_states_in_the_order_asked(store: Store) -> None:
    """Returns the states, in the order of `urls`; a new feed has its first due time and its origin."""
    south, north = await store.polls.register([(SOUTH, NOW + MINUTE), (NORTH, NOW)])

    assert (south.url, south.next_poll_at) == (SOUTH, NOW + MINUTE)
    assert (north.url, north.next_poll_at) == (NORTH, NOW)
    assert north.origin == "https://north.example:443"
    assert (north.last_poll_at, north.baseline_at, north.validators) == (None, None, Validators())


async def test_a_known_feed_keeps_its_state_and_due_time(store: Store) -> None:
    """Registering again changes nothing of what polls have written, down to the last byte and microsecond."""
    (feed,) = await feeds(store, NORTH)
    polled = replace(
        feed,
        validators=Validators(etag=b'W/"\xff"', last_modified=b"Mon, 02 Mar 2026 12:00:00 GMT"),
        next_poll_at=NOW + timedelta(microseconds=1),
        last_poll_at=NOW,
        last_success_at=NOW,
        baseline_at=NOW,
        body_digest=b"\x00digest",
        failures=3,
        failing_since=NOW - MINUTE,
        last_outcome="failed",
        last_error="the server said nothing",
    )
    await commit(store, PollPlan(feed=polled, at=NOW))

    assert await store.polls.register([(NORTH, NOW + 60 * MINUTE)]) == (polled,)


async def test_a_feed_that_is_not_named_is_kept_but_not_due(store: Store) -> None:
    """Feeds that are not named stay in the store but are not due, until they are named again."""
    north, south = await feeds(store, NORTH, SOUTH)
    assert await feeds(store, SOUTH) == (south,)
    assert await store.polls.due(NOW, 10) == (south,)
    assert (await store.views.status()).feeds == (south,)

    assert await feeds(store, NORTH) == (north,)
    assert await store.polls.due(NOW, 10) == (north,)


async def test_due_feeds_come_longest_overdue_first(store: Store) -> None:
    """Registered feeds to be polled now, longest overdue first, at most `limit`."""
    await store.polls.register([(NORTH, NOW), (SOUTH, NOW - MINUTE), ("http://later.example/", NOW + MINUTE)])

    assert [feed.url for feed in await store.polls.due(NOW, 10)] == [SOUTH, NORTH]
    assert [feed.url for feed in await store.polls.due(NOW, 1)] == [SOUTH]
    assert await store.polls.due(NOW - 2 * MINUTE, 10) == ()


async def test_a_feed_that_is_gone_is_not_due(store: Store) -> None:
    """A feed that answered 410 is never asked again."""
    (feed,) = await feeds(store, NORTH)
    await commit(store, PollPlan(feed=replace(feed, is_gone=True), at=NOW))

    assert await store.polls.due(NOW + 60 * MINUTE, 10) == ()
    assert (await feeds(store, NORTH))[0].is_gone


async def test_retry_after_holds_the_whole_origin(store: Store) -> None:
    """No feed of a held origin is due before the hold is over; the longest wish counts; others are not touched."""
    first, _, south = await feeds(store, NORTH, "https://north.example/sport", SOUTH)
    for minutes in (30, 10):
        held = PollPlan(feed=first, at=NOW, hold_origin_until=NOW + minutes * MINUTE)
        await commit(store, held)

    assert await store.polls.due(NOW, 10) == (south,)
    assert await store.polls.due(NOW + 29 * MINUTE, 10) == (south,)
    assert len(await store.polls.due(NOW + 30 * MINUTE, 10)) == 3
    led_away = PollPlan(
        feed=replace(first, next_poll_at=NOW + 60 * MINUTE),
        at=NOW + 31 * MINUTE,
        hold_origin_until=NOW + 40 * MINUTE,
        hold_address=f"{SOUTH}?where=it#led",
    )
    await commit(store, led_away)
    assert [feed.url for feed in await store.polls.due(NOW + 39 * MINUTE, 10)] == ["https://north.example/sport"]


async def test_a_feed_that_has_moved_belongs_to_its_new_server(store: Store) -> None:
    """What is believed of a server is kept; the origin is that of the address which is asked."""
    first, _ = await feeds(store, NORTH, SOUTH)
    believed = Moving(
        address="https://far.example/",
        sightings=3,
        first_seen_at=NOW,
        is_same=True,
        adopted="https://new.example/rss",
        adopted_at=NOW,
        unmodified_since=NOW - MINUTE,
    )
    await commit(store, PollPlan(feed=replace(first, moving=believed), at=NOW))
    moved, _ = await feeds(store, NORTH, SOUTH)
    assert (moved.moving, moved.origin) == (believed, "https://new.example:443")
    await commit(store, PollPlan(feed=replace(moved, failures=3), at=NOW))
    assert (await feeds(store, NORTH))[0].origin == "https://north.example:443"


async def test_a_feed_that_is_configured_by_its_new_address_is_the_same_feed(store: Store) -> None:
    """But not while its old one is named as well, or where the new one has been a feed already."""
    new = "https://new.example/rss"
    first, _ = await feeds(store, NORTH, SOUTH)
    moved = replace(first, moving=Moving(adopted=new, adopted_at=NOW), baseline_at=NOW)
    await commit(store, PollPlan(feed=moved, at=NOW))

    (same,) = await feeds(store, new)
    assert (same.id, same.baseline_at, same.moving) == (first.id, NOW, Moving())
    assert await store.polls.due(NOW, 10) == (same,)

    await commit(store, PollPlan(feed=replace(same, moving=Moving(adopted=SOUTH, adopted_at=NOW)), at=NOW))
    (south,) = await feeds(store, SOUTH)
    assert south.id != first.id


async def test_a_feed_that_is_led_elsewhere_for_good_is_the_same_where_somebody_writes_that(store: Store) -> None:
    """Without waiting for a week; but only where what stood there was known of it."""
    new, other = "https://new.example/rss", "https://other.example/rss"
    north, south = await feeds(store, NORTH, SOUTH)
    led = Moving(address=new, sightings=2, first_seen_at=NOW, is_same=True)
    await commit(store, PollPlan(feed=replace(north, moving=led, baseline_at=NOW), at=NOW))
    strange = replace(led, address=other, is_same=False)
    await commit(store, PollPlan(feed=replace(south, moving=strange, baseline_at=NOW), at=NOW))
    same, stranger = await feeds(store, new, other)
    assert (same.id, same.url, same.baseline_at, same.moving) == (north.id, new, NOW, Moving())
    assert (stranger.id != south.id, stranger.baseline_at) == (True, None)


@pytest.mark.parametrize(
    "spelled", [NORTH.replace("https:", "http:"), f"{NORTH.rstrip('/')}/", NORTH.upper()[:12] + NORTH[12:]]
)
async def test_a_feed_whose_address_is_only_written_otherwise_is_the_same_feed(store: Store, spelled: str) -> None:
    """It is asked there at once, without the validators of the other spelling, and what it brought is known."""
    north, _ = await feeds(store, NORTH, SOUTH)
    given = Validators(etag=b'"1"')
    known = replace(north, baseline_at=NOW, validators=given, next_poll_at=NOW + 60 * MINUTE, is_gone=True)
    await commit(store, PollPlan(feed=known, at=NOW))
    same, _ = await store.polls.register([(spelled, NOW + MINUTE), (SOUTH, NOW)])
    assert (same.id, same.url, same.baseline_at, same.is_gone) == (north.id, spelled, NOW, False)
    assert (same.next_poll_at, same.validators) == (NOW + MINUTE, replace(given, url=NORTH))

    both = await feeds(store, spelled, NORTH, SOUTH)
    assert len({one.id for one in both}) == 3, "while both are named they are two feeds"
    again, _ = await feeds(store, spelled, SOUTH)
    assert again.id == north.id


async def test_a_clock_that_was_set_moves_what_is_to_be_and_what_was(store: Store) -> None:
    """Due times, last polls and holds lie as far from now as before; a feed that is gone stays so."""
    north, south = await feeds(store, NORTH, SOUTH)
    polled = replace(north, next_poll_at=NOW + 10 * MINUTE, last_poll_at=NOW - 5 * MINUTE)
    await commit(store, PollPlan(feed=polled, at=NOW, hold_origin_until=NOW + 20 * MINUTE))
    await commit(store, PollPlan(feed=replace(south, is_gone=True), at=NOW))
    for by in (-1440 * MINUTE, 720 * MINUTE):
        now = NOW + by
        await store.polls.retime(now, by)
        moved, gone = await feeds(store, NORTH, SOUTH)
        assert (moved.next_poll_at, moved.last_poll_at) == (now + 10 * MINUTE, now - 5 * MINUTE)
        assert gone.next_poll_at == south.next_poll_at
        assert [feed.url for feed in await store.polls.due(now + 19 * MINUTE, 10)] == []
        assert [feed.url for feed in await store.polls.due(now + 20 * MINUTE, 10)] == [NORTH]
        await store.polls.retime(NOW, -by)


async def test_a_feed_that_was_polled_in_the_future_counts_as_polled_now(store: Store) -> None:
    """By a clock that was wrong; nor is a hold longer than any server may ask for."""
    north, south = await feeds(store, NORTH, SOUTH)
    later = NOW + 100_000 * MINUTE
    polled = replace(north, next_poll_at=later + 10 * MINUTE, last_poll_at=later)
    await commit(store, PollPlan(feed=polled, at=NOW, hold_origin_until=later))
    await store.polls.retime(NOW, 0 * MINUTE)
    again, same = await feeds(store, NORTH, SOUTH)
    assert (again.next_poll_at, again.last_poll_at, same) == (NOW + 10 * MINUTE, NOW, south)
    assert [feed.url for feed in await store.polls.due(NOW + 359 * MINUTE, 10)] == [SOUTH]
    assert [feed.url for feed in await store.polls.due(NOW + 360 * MINUTE, 10)] == [SOUTH, NORTH]


async def test_nothing_has_been_so_since_a_moment_that_is_still_to_come(store: Store) -> None:
    """An alarm after a day of failing would wait for years; what is past stays as it was."""
    north, south = await feeds(store, NORTH, SOUTH)
    early, later = NOW - 60 * MINUTE, NOW + 100_000 * MINUTE
    failing = replace(
        north, failures=3, failing_since=later, empty_since=later, baseline_at=early, last_success_at=later
    )
    well = replace(south, baseline_at=early, last_success_at=early)
    await commit(store, PollPlan(feed=failing, at=NOW))
    await commit(store, PollPlan(feed=well, at=NOW))
    await store.polls.retime(NOW, 0 * MINUTE)
    assert await feeds(store, NORTH, SOUTH) == (
        replace(failing, failing_since=NOW, empty_since=NOW, last_success_at=NOW),
        well,
    )


async def test_nothing_is_known_of_a_new_feed(store: Store) -> None:
    """A first question is answered with the feed alone."""
    (feed,) = await feeds(store, NORTH)

    assert await ask(store, question(feed, [sifted(1)])) == Known(feed=feed)


async def test_an_entry_is_known_by_each_of_its_keys(store: Store) -> None:
    """Identity keys lead to the entry of this same feed, and links to its story from any feed."""
    north, south = await feeds(store, NORTH, SOUTH)
    one = sifted(1, is_baseline=True)
    await commit(store, plan(north, one))

    known = await ask(store, question(north, [one]))
    entry = known.entries["id:1"]
    assert set(known.entries) == set(one.keys)
    assert (entry.entry_key, entry.story_key, entry.revision) == ("id:1", one.story_key, 1)
    assert (entry.fingerprint, entry.was_baseline) == (one.fingerprint, True)
    assert known.stories_by_link == {"link:https://news.example/1": home(one)}
    elsewhere = await ask(store, question(south, [one]))
    assert elsewhere.entries == {}
    assert elsewhere.stories_by_link == known.stories_by_link


async def test_words_are_told_only_where_they_differ(store: Store) -> None:
    """The text of a known entry comes with it unless its fingerprint is among those asked for."""
    (feed,) = await feeds(store, NORTH)
    one = sifted(1)
    await commit(store, plan(feed, one))

    same = await ask(store, question(feed, [one]))
    assert same.entries["id:1"].text is None
    changed = await ask(store, question(feed, [sifted(1, words="The bridge number 1 stays shut")]))
    assert changed.entries["id:1"].text == Text(
        title="The bridge number 1 opens", summary="A ribbon was cut.", body="Мост открыт."
    )


async def test_a_revision_becomes_the_newest_words(store: Store) -> None:
    """After a revision the entry answers with its number and words, and stays in the story of its first sight."""
    (feed,) = await feeds(store, NORTH)
    await commit(store, plan(feed, sifted(1)))
    revised = sifted(1, words="The bridge number 1 stays shut", revision=2, story="story of somebody else", keys=())
    await commit(store, plan(feed, revised, at=NOW + MINUTE))

    entry = (await ask(store, question(feed, [sifted(1)]))).entries["id:1"]
    assert (entry.revision, entry.fingerprint) == (2, revised.fingerprint)
    assert entry.story_key == "link:https://news.example/1"
    assert entry.text == revised.entry.text


async def test_an_older_revision_changes_nothing(store: Store) -> None:
    """A revision that is known already stays as it was: writing a plan twice is safe."""
    (feed,) = await feeds(store, NORTH)
    decision = plan(feed, sifted(1))
    await commit(store, decision)
    await commit(store, plan(feed, sifted(1, words="Rewritten", revision=2)))
    await commit(store, decision)

    known = await ask(store, question(feed, [sifted(1)]))
    assert known.entries["id:1"].revision == 2
    assert (await store.views.status()).entries == 1


async def test_a_learned_key_leads_to_its_entry(store: Store) -> None:
    """Keys newly seen for a known entry are remembered with it."""
    (feed,) = await feeds(store, NORTH)
    await commit(store, plan(feed, sifted(1)))
    learned = Sift(learned=(("id:new", "id:1"),))
    await commit(store, PollPlan(feed=feed, at=NOW, sift=learned))

    asked = Question(feed=feed.id, keys=frozenset({"id:new"}), fingerprints=frozenset(), since=NOW)
    assert (await ask(store, asked)).entries["id:new"].entry_key == "id:1"


async def test_a_key_moves_to_the_entry_that_has_it_now(store: Store) -> None:
    """A link that a feed gives to a new entry is that entry's from then on."""
    (feed,) = await feeds(store, NORTH)
    one, two = sifted(1), sifted(2, keys=("id:2", "link:https://news.example/1"))
    await commit(store, plan(feed, one))
    await commit(store, plan(feed, two))

    known = await ask(store, question(feed, [one]))
    assert known.entries["link:https://news.example/1"].entry_key == "id:2"
    assert known.entries["id:1"].entry_key == "id:1"


async def test_the_same_words_lead_to_the_oldest_story(store: Store) -> None:
    """A fingerprint names the oldest story that told it, in any feed and any revision."""
    north, south = await feeds(store, NORTH, SOUTH)
    one, two = sifted(1, words="A wire report"), sifted(2, words="A wire report")
    await commit(store, plan(north, one))
    await commit(store, plan(south, two))
    await commit(store, plan(north, sifted(1, words="A wire report, amended", revision=2)))

    known = await ask(store, question(south, [two]))
    assert known.stories_by_text == {one.fingerprint: home(one)}


async def test_the_same_link_leads_to_the_oldest_story(store: Store) -> None:
    """Where feeds gave one link to two stories, the older is meant."""
    north, south = await feeds(store, NORTH, SOUTH)
    one, stray = sifted(1), sifted(1, story="a younger story")
    await commit(store, plan(north, one))
    await commit(store, plan(south, stray))

    assert (await ask(store, question(south, [one]))).stories_by_link == {"link:https://news.example/1": home(one)}


async def test_words_not_seen_since_are_forgotten(store: Store) -> None:
    """Same text counts only in stories with an entry seen after `since`; being seen again renews it."""
    (feed,) = await feeds(store, NORTH)
    one = sifted(1)
    await commit(store, plan(feed, one))

    assert (await ask(store, question(feed, [one], since=NOW))).stories_by_text == {}
    await commit(store, plan(feed, at=NOW + MINUTE, seen=("id:1",)))
    assert (await ask(store, question(feed, [one], since=NOW))).stories_by_text == {one.fingerprint: home(one)}


async def test_fired_names_the_rules_that_alerted_on_the_stories_asked_for(store: Store) -> None:
    """By rule and story; alarms and updates do not count, and a story that does not exist has no answer."""
    (north,) = await feeds(store, NORTH)
    one, two, far = sifted(1), sifted(2, words="A wire report"), sifted(3)
    update = replace(alert(one, rule="updated"), kind=AlertKind.UPDATE)
    alerts = (alert(one), alert(two, rule="wires"), alert(far, rule="unasked"), update)
    await commit(store, plan(north, one, two, far, alerts=alerts))

    both = {("bridges", one.story_key), ("wires", two.story_key)}
    assert await fired(store, north, one.story_key, two.story_key, "nothing like it") == both
    assert await fired(store, north, one.story_key) == {("bridges", one.story_key)}
    assert await fired(store, north) == set()


async def test_heard_names_the_channels_of_first_alerts(store: Store) -> None:
    """In their order; one that was told in a burst went to none by itself."""
    (north,) = await feeds(store, NORTH)
    one, two = sifted(1), sifted(2, words="A wire report")
    silent = alert(two, rule="wires", channels=())
    await commit(store, plan(north, one, two, alerts=(alert(one, channels=("ops", "desk")), silent)))

    told = await ask_told(store, north, one.story_key, two.story_key)
    assert told[one.story_key].heard == {"bridges": ("ops", "desk")}
    assert set(told[one.story_key].titles) == set(told[one.story_key].fired.values())
    assert all(told[one.story_key].titles.values())
    assert (told[two.story_key].fired, told[two.story_key].heard) == ({"wires": "wires-2"}, {})


async def test_an_alert_is_told_once(store: Store) -> None:
    """Alerts whose dedupe key exists are not written again, nor are their deliveries; the plan says which were."""
    north, south = await feeds(store, NORTH, SOUTH)
    one, two = sifted(1), sifted(2)
    first = await commit(store, plan(north, one, alerts=(alert(one), alert(one, channels=("ops",)))))
    again = await commit(store, plan(south, one, two, alerts=(alert(one, channels=("ops",)), alert(two))))

    assert first.alerts == (alert(one),)
    assert again.alerts == (alert(two),)
    deliveries = await store.views.outbox(10, ["pending"])
    assert [(one.public_id, one.channel) for one in deliveries] == [("bridges-1", "desk"), ("bridges-2", "desk")]


async def test_a_dry_poll_leaves_no_trace(store: Store) -> None:
    """With `is_dry` nothing is written, and the plan holds the alerts that would have been."""
    (feed,) = await feeds(store, NORTH)
    one = sifted(1)
    decision = plan(feed, one, alerts=(alert(one),))

    assert await store.polls.commit(question(feed, [one]), decided(decision), is_dry=True) == decision
    status = await store.views.status()
    assert (status.feeds, status.entries, status.stories, status.alerts) == ((feed,), 0, 0, ())


async def test_a_decision_that_fails_leaves_no_trace(store: Store) -> None:
    """What `decide` raises is raised, nothing is written, and the store goes on."""
    (feed,) = await feeds(store, NORTH)

    def stumble(_: Known) -> PollPlan:
        raise ArithmeticError("a bug in a rule")

    with pytest.raises(ArithmeticError, match="a bug in a rule"):
        await store.polls.commit(question(feed, [sifted(1)]), stumble)
    await commit(store, plan(feed, sifted(2)))
    assert (await store.views.status()).entries == 1


async def test_a_feed_that_was_never_registered_cannot_be_polled(store: Store) -> None:
    """A question about an unknown feed is a bug, and is said to be one."""
    asked = Question(feed=FeedId(999), keys=frozenset(), fingerprints=frozenset(), since=NOW)
    with pytest.raises(LookupError, match="999"):
        await ask(store, asked)


async def test_status_counts_what_is_remembered(store: Store) -> None:
    """Feeds, counts of deliveries by channel and state, entries, stories, and the last alerts, newest first."""
    (feed,) = await feeds(store, NORTH)
    entries = tuple(sifted(number) for number in range(7))
    alerts = tuple(alert(entry, channels=("desk", "ops")) for entry in entries)
    await commit(store, plan(feed, *entries, alerts=alerts))

    status = await store.views.status()
    assert status.deliveries == (("desk", "pending", 7), ("ops", "pending", 7))
    assert (status.entries, status.stories) == (7, 7)
    assert [row.alert for row in status.alerts] == list(reversed(alerts))[:5]
    assert status.alerts[0].states == (("desk", "pending"), ("ops", "pending"))
    assert await store.views.alerts(2) == status.alerts[:2]


async def test_history_tells_all_that_is_known_of_a_link(store: Store) -> None:
    """Every feed's entry, what it said and when, which rules matched, the story's alerts and their deliveries."""
    north, south = await feeds(store, NORTH, SOUTH)
    one, revised = sifted(1), sifted(1, words="The bridge number 1 stays shut", revision=2, keys=())
    decision = replace(plan(north, one, alerts=(alert(one),)), found=(found(one),), outlets=("North", "Alike"))
    await commit(store, decision)
    await commit(store, replace(plan(south, one, at=NOW + MINUTE), outlets=("South",)))
    await commit(store, plan(north, revised, at=NOW + 2 * MINUTE))
    link = one.entry.link

    history = await store.views.history(f"link:{link}", link)
    first, second = history.sightings
    assert (first.feed_url, first.outlets) == (NORTH, ("Alike", "North"))
    assert (first.first_seen_at, first.last_seen_at) == (NOW, NOW + 2 * MINUTE)
    assert [(number, at) for number, at, _ in first.revisions] == [(1, NOW), (2, NOW + 2 * MINUTE)]
    said = first.revisions[0][2]
    assert (said.text, said.authors, said.categories) == (one.entry.text, one.entry.authors, one.entry.categories)
    assert (said.link, said.language, said.published_at) == (link, "en", one.entry.published_at)
    assert first.matches == ((1, found(one).match),)
    assert (first.level, first.reason, first.story_key) == ("new", one.reason, one.story_key)
    assert (second.feed_url, second.outlets, second.matches) == (SOUTH, ("South",), ())
    assert [row.alert for row in history.alerts] == [alert(one)]
    assert [row.public_id for row in history.deliveries] == ["bridges-1"]


async def test_history_finds_an_alert_by_its_link_alone(store: Store) -> None:
    """An alert that names the link is found where no entry has it; an unknown link has no history."""
    (feed,) = await feeds(store, NORTH)
    alarm = replace(alert(sifted(1)), kind=AlertKind.ALARM, story_key="", dedupe_key="alarm|silent")
    await commit(store, replace(plan(feed), alerts=(alarm,)))

    history = await store.views.history("link:https://news.example/1", "https://news.example/1")
    assert history.sightings == ()
    assert [row.alert for row in history.alerts] == [alarm]
    nothing = await store.views.history("link:", "")
    assert (nothing.sightings, nothing.alerts, nothing.deliveries) == ((), (), ())


async def test_being_seen_gives_each_outlet_its_sighting(store: Store) -> None:
    """An outlet that names the feed later gets sightings of the entries that still stand in it."""
    (feed,) = await feeds(store, NORTH)
    await commit(store, plan(feed, sifted(1)))
    await commit(store, replace(plan(feed, seen=("id:1",), at=NOW + MINUTE), outlets=("North", "Newcomer")))

    link = "https://news.example/1"
    (sighting,) = (await store.views.history(f"link:{link}", link)).sightings
    assert sighting.outlets == ("Newcomer", "North")
    assert (sighting.first_seen_at, sighting.last_seen_at) == (NOW, NOW + MINUTE)


async def test_an_empty_registration_leaves_nothing_due(store: Store) -> None:
    """A configuration without outlets polls nothing and forgets nothing."""
    await feeds(store, NORTH)
    assert await store.polls.register([]) == ()
    assert await store.polls.due(NOW, 10) == ()


async def test_an_update_says_what_it_goes_on_from(store: Store) -> None:
    """The first alert that it follows, what is new, and how far the story has spread come back as they were raised."""
    (feed,) = await feeds(store, NORTH)
    first = alert(sifted(1))
    content = replace(first.content, follows=first.public_id, changes=("3 killed, now 30", "a correction"), spread=5)
    update = replace(
        first,
        kind=AlertKind.UPDATE,
        dedupe_key="update|bridges|1",
        public_id=PublicId("update-1"),
        content=content,
    )
    await commit(store, plan(feed, sifted(1), alerts=(first, update)))

    assert [row.alert for row in await store.views.alerts(2)] == [update, first]
