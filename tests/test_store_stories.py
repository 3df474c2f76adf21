"""What every store promises about stories: what was told of them, and what likeness is rebuilt from."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model.alerts import AlertKind, PublicId
from monitor.model.entries import Text
from monitor.model.polls import FeedState
from monitor.model.stories import MOST_SAID, Inquiry, Known, Lexicon, PollPlan
from monitor.text.naming import short_name
from tests.store_values import (
    MINUTE,
    NORTH,
    NOW,
    SOUTH,
    WIRE,
    Office,
    alert,
    ask,
    ask_told,
    commit,
    entry_id,
    feeds,
    home,
    like,
    plan,
    question,
    sifted,
    wired,
)

DAY = timedelta(days=1)


async def test_a_decision_that_asks_is_told_and_decides_then(store: Office) -> None:
    """The second call has all that the first had, and what was told of the stories that exist."""
    north = await wired(store)
    heard: list[Known] = []

    def decide(known: Known) -> PollPlan | Inquiry:
        heard.append(known)
        return Inquiry(stories=frozenset({WIRE, "none"})) if len(heard) == 1 else PollPlan(feed=known.feed, at=NOW)

    await store.polls.commit(question(north, [sifted(1)]), decide, is_dry=True)
    first, second = heard
    assert first.told == {}
    assert set(second.told) == {WIRE}
    assert replace(second, told={}) == first


async def test_a_decision_may_not_ask_twice(store: Office) -> None:
    """It would go on for ever: that is a bug, and nothing is written."""
    north = await wired(store)
    with pytest.raises(TypeError, match="asks again"):
        await store.polls.commit(question(north), lambda _: Inquiry(stories=frozenset({WIRE})))


async def test_told_has_first_alerts_outlets_and_words(store: Office) -> None:
    """Rules with the public id of their oldest first alert; who carries the story; what its entries say and said."""
    north = await wired(store)
    revised = sifted(1, words="The bridge number 1 stays shut", revision=2, keys=())
    second = replace(alert(like(2, WIRE)), dedupe_key="first|bridges|text", public_id=PublicId("bridges-2"))
    spread = replace(alert(sifted(1, story=WIRE), rule="wide"), kind=AlertKind.SPREAD)
    await commit(store, plan(north, revised, at=NOW + MINUTE, alerts=(second, spread)))

    told = (await ask_told(store, north, WIRE))[WIRE]
    assert told.fired == {"bridges": "bridges-1"}
    assert told.heard == {"bridges": ("desk",)}
    assert told.outlets == {"North", "South"}
    titles = ["The bridge number 1 opens", "The bridge number 2 opens", "The bridge number 3 opens"]
    assert [text.title for text in told.said] == [*titles, "The bridge number 1 stays shut"]
    assert told.said[0] == Text(title=titles[0], summary="A ribbon was cut.")


async def test_words_are_told_only_where_a_rule_has_fired(store: Office) -> None:
    """Nothing goes on from what nobody was told."""
    north = await wired(store)
    quiet = sifted(9)
    told = (await ask_told(store, north, quiet.story_key))[quiet.story_key]
    assert not told.fired
    assert told.outlets == {"North"}
    assert not told.said


async def test_of_very_many_words_the_first_and_the_last_are_told(store: Office) -> None:
    """As many as `MOST_SAID`, in the order in which they came."""
    (north,) = await feeds(store, NORTH)
    entries = [sifted(number, story=WIRE) for number in range(MOST_SAID + 5)]
    await commit(store, plan(north, *entries, alerts=(alert(entries[0]),)))

    said = (await ask_told(store, north, WIRE))[WIRE].said
    half = MOST_SAID // 2
    kept = [*range(half), *range(half + 5, MOST_SAID + 5)]
    assert [text.title for text in said] == [f"The bridge number {number} opens" for number in kept]


async def test_a_text_keeps_its_name_by_link_by_words_and_by_key(store: Office) -> None:
    """Also where it is not that of its story; a revision changes nothing about it."""
    north, south = await feeds(store, NORTH, SOUTH)
    one = like(2, WIRE)
    await commit(store, plan(north, sifted(1, story=WIRE), one))
    await commit(store, plan(north, sifted(2, words="Rewritten", revision=2, story=WIRE, keys=())))

    at_home = await ask(store, question(north, [one]))
    assert at_home.entries["id:2"].text_key == one.text_key
    assert at_home.words[one.fingerprint][0].text_key == one.text_key
    elsewhere = await ask(store, question(south, [one]))
    assert elsewhere.stories_by_link == {one.keys[1]: home(one)}
    assert elsewhere.stories_by_text == {one.fingerprint: home(one)}


async def test_of_several_texts_of_a_story_the_first_that_said_so_is_named(store: Office) -> None:
    """Two entries of one story came to say the same: the older one has the name."""
    north, south = await feeds(store, NORTH, SOUTH)
    one, two = sifted(1, story=WIRE), like(2, WIRE)
    await commit(store, plan(north, two))
    await commit(store, plan(south, one))
    await commit(store, plan(south, replace(one, revision=2, fingerprint=two.fingerprint, keys=())))

    assert (await ask(store, question(south, [two]))).stories_by_text == {two.fingerprint: home(two)}


async def test_the_past_names_texts_too(store: Office) -> None:
    """As a poll would know them today."""
    north = await wired(store)
    extent = await store.annals.extent()
    past = await store.annals.revisions((extent.first, extent.last + 1), NOW, None)
    assert [(one.story_key, one.text_key) for one in past[:2]] == [
        (WIRE, "link:https://news.example/1"),
        (WIRE, "link:https://news.example/2"),
    ]
    assert north.url == past[0].feed_url


async def test_sketches_come_back_in_the_order_of_places(store: Office) -> None:
    """With the newest words' moment; a revision replaces the sketch and keeps the place; portions go on behind it."""
    (north,) = await feeds(store, NORTH)
    entries = [replace(sifted(number, story=WIRE), sketch=b"%d" % number) for number in (1, 2, 3)]
    await commit(store, plan(north, *entries, sifted(4)))
    revised = replace(sifted(1, words="Rewritten", revision=2, keys=()), sketch=b"new")
    await commit(store, plan(north, revised, at=NOW + MINUTE))

    one, two, three = await store.recall.entries(0, NOW, 10)
    assert one.place < two.place < three.place
    assert (one.feed, one.entry_key, one.home) == (north.id, "id:1", home(entries[0]))
    assert [(kept.seen_at, kept.sketch) for kept in (one, two)] == [(NOW + MINUTE, b"new"), (NOW, b"2")]
    assert await store.recall.entries(0, NOW, 1) == (one,)
    assert await store.recall.entries(one.place, NOW, 10) == (two, three)
    assert await store.recall.entries(0, NOW + MINUTE, 10) == (one,)
    assert await store.recall.uncounted(two.place, 10) == (three,)


async def test_the_lexicon_counts_up_to_the_last_entry(store: Office) -> None:
    """Its place is that of the last entry of the plan that it came with; what follows is uncounted."""
    (north,) = await feeds(store, NORTH)
    assert await store.recall.lexicon() == Lexicon()
    counted = [replace(sifted(number), sketch=b"words") for number in (1, 2)]
    await commit(store, replace(plan(north, *counted), vocabulary=b"common"))
    await commit(store, plan(north, replace(sifted(3), sketch=b"words")))

    lexicon = await store.recall.lexicon()
    assert lexicon.vocabulary == b"common"
    assert [one.place for one in await store.recall.entries(0, NOW, 10)][1] == lexicon.place
    assert [one.entry_key for one in await store.recall.uncounted(lexicon.place, 10)] == ["id:3"]


async def test_sketches_go_once_they_are_old_and_counted(store: Office) -> None:
    """Not before both; a few for each new one, so that no poll pays for all of them."""
    (north,) = await feeds(store, NORTH)
    old = [replace(sifted(number), sketch=b"old") for number in (1, 2)]
    await commit(store, plan(north, *old))
    await sketch(store, north, 3, at=NOW + 2 * DAY)
    await sketch(store, north, 4, at=NOW + 4 * DAY)
    assert await sketched(store) == ["id:1", "id:2", "id:3", "id:4"]

    await commit(store, replace(plan(north, at=NOW + 4 * DAY), vocabulary=b"common"))
    await sketch(store, north, 5, at=NOW + 4 * DAY)
    assert await sketched(store) == ["id:3", "id:4", "id:5"]


async def test_a_dry_poll_leaves_nothing_for_likeness(store: Office) -> None:
    """No sketch, no lexicon."""
    (north,) = await feeds(store, NORTH)
    decision = replace(plan(north, replace(sifted(1), sketch=b"words")), vocabulary=b"common")
    await store.polls.commit(question(north), lambda _: decision, is_dry=True)
    assert await store.recall.lexicon() == Lexicon()
    assert await store.recall.uncounted(0, 10) == ()


async def sketch(store: Office, feed: FeedState, number: int, *, at: datetime) -> None:
    """A poll at that moment that brings an entry with a sketch."""
    decision = plan(feed, replace(sifted(number), sketch=b"words"), at=at)
    await store.polls.commit(question(feed, since=at - 3 * DAY), lambda _: decision)


async def sketched(store: Office) -> list[str]:
    """Entries that have a sketch."""
    return [one.entry_key for one in await store.recall.uncounted(0, 100)]


async def test_a_sighting_says_by_what_it_stands_there(store: Office) -> None:
    """Level, score, reason, and what was near: the nearest first, with how it reads now."""
    (north,) = await feeds(store, NORTH)
    near, far = sifted(1), sifted(2)
    one = replace(like(3, WIRE), related=((far.story_key, 0.21), (near.story_key, 0.29), ("gone", 0.2)))
    await commit(store, plan(north, near, far))
    await commit(store, plan(north, one))

    (seen,) = (await store.views.history(one.keys[1], one.entry.link)).sightings
    assert (seen.public_id, seen.score, seen.reason) == (entry_id(one), 0.71, "the words are alike")
    assert [(story.public_id, story.title, story.score) for story in seen.related] == [
        (short_name(near.story_key), "The bridge number 1 opens", 0.29),
        (short_name(far.story_key), "The bridge number 2 opens", 0.21),
    ]
