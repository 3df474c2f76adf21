"""What every store promises about stories: what was told of them, what likeness is rebuilt from, moves by hand."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.flow.upkeep import let_go
from monitor.model.alerts import AlertKind, PublicId, Settled, Settlement
from monitor.model.entries import Text
from monitor.model.moves import Corrected, Hand, MoveKind, Refusal, Refused
from monitor.model.polls import FeedState
from monitor.model.stories import MOST_SAID, Home, Inquiry, Known, Lexicon, Move, PollPlan, Sifted
from monitor.model.upkeep import Retention
from monitor.store.sqlite import SqliteStore
from monitor.text.naming import entry_name, short_name
from tests.fakes.desks import FakeOffice
from tests.store_values import (
    MINUTE,
    NORTH,
    NOW,
    SOUTH,
    Office,
    alert,
    ask,
    ask_told,
    commit,
    feeds,
    fired,
    home,
    plan,
    question,
    sifted,
)

DAY = timedelta(days=1)
HAND = Hand(at=NOW + 5 * MINUTE, by="ada")
LATER = Hand(at=NOW + 6 * MINUTE, by="grace")
WIRE = "link:https://wire.example/1"


@pytest.fixture(params=["sqlite", "fake"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """Each store in turn, empty."""
    opened: Office = await SqliteStore.open(tmp_path) if request.param == "sqlite" else FakeOffice()
    yield opened
    await opened.close()


def name(one: Sifted, url: str = NORTH) -> str:
    """The public id of an entry."""
    return entry_name(url, one.entry_key)


def like(number: int, story: str, *, score: float | None = 0.71) -> Sifted:
    """An entry of a story that others founded."""
    return replace(sifted(number, story=story), score=score, reason="the words are alike")


async def wired(store: Office) -> FeedState:
    """A story of three entries, of which one was alerted on, and a story beside it."""
    north, south = await feeds(store, NORTH, SOUTH)
    first, second = sifted(1, story=WIRE), like(2, WIRE)
    await commit(store, plan(north, first, second, sifted(9), alerts=(alert(first),)))
    await commit(store, replace(plan(south, like(3, WIRE)), outlets=("South",)))
    return north


async def split(store: Office, *entries: Sifted, hand: Hand = HAND) -> str:
    """Split entries of the first feed off the wire's story; the key of the new one."""
    done = await store.story_desk.split(short_name(WIRE), [name(one) for one in entries], hand)
    assert isinstance(done, Corrected)
    assert done.entries == len(entries)
    return await story_of(store, entries[0])


async def merge(store: Office, story: str, into: str, hand: Hand = HAND) -> int:
    """Merge a story into another; how many entries were moved."""
    done = await store.story_desk.merge([short_name(story)], short_name(into), hand)
    assert isinstance(done, Corrected)
    assert done.story == short_name(into)
    return done.entries


async def story_of(store: Office, one: Sifted, url: str = NORTH) -> str:
    """The key of the story in which an entry stands."""
    (feed,) = (feed for feed in (await store.views.status()).feeds if feed.url == url)
    return (await ask(store, question(feed, [one]))).entries[one.entry_key].story_key


# What was told


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


# Texts


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


# What likeness is rebuilt from


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


# What is shown of it


async def test_a_sighting_says_by_what_it_stands_there(store: Office) -> None:
    """Level, score, reason, and what was near: the nearest first, with how it reads now."""
    (north,) = await feeds(store, NORTH)
    near, far = sifted(1), sifted(2)
    one = replace(like(3, WIRE), related=((far.story_key, 0.21), (near.story_key, 0.29), ("gone", 0.2)))
    await commit(store, plan(north, near, far))
    await commit(store, plan(north, one))

    (seen,) = (await store.views.history(one.keys[1], one.entry.link)).sightings
    assert (seen.public_id, seen.score, seen.reason) == (name(one), 0.71, "the words are alike")
    assert [(story.public_id, story.title, story.score) for story in seen.related] == [
        (short_name(near.story_key), "The bridge number 1 opens", 0.29),
        (short_name(far.story_key), "The bridge number 2 opens", 0.21),
    ]


# Splitting


async def test_what_is_split_off_stands_in_a_story_of_its_own(store: Office) -> None:
    """By key, by link and by words; the rest stays; both can be looked at."""
    north = await wired(store)
    one = like(2, WIRE)
    part = await split(store, one)

    assert part != WIRE
    assert await story_of(store, sifted(1)) == WIRE
    known = await ask(store, question(north, [one]))
    assert known.stories_by_link[one.keys[1]] == Home(story_key=part, text_key=one.text_key)
    assert known.stories_by_text[one.fingerprint] == Home(story_key=part, text_key=one.text_key)
    kept = await store.archive.story(short_name(WIRE))
    made = await store.archive.story(short_name(part))
    assert kept is not None
    assert made is not None
    assert (kept.story.entries, made.story.entries) == (2, 1)
    assert (made.story.founded_at, made.story.title) == (HAND.at, "The bridge number 2 opens")
    assert made.merged is None


async def test_a_part_counts_as_fired_what_its_story_did_until_then(store: Office) -> None:
    """Not what comes later; the alert stays with the story, and is shown with the part as well."""
    north = await wired(store)
    part = await split(store, like(2, WIRE))
    await commit(store, plan(north, alerts=(alert(sifted(1, story=WIRE), rule="later"),)))

    assert await fired(store, north, part, WIRE) == {("bridges", part), ("bridges", WIRE), ("later", WIRE)}
    told = (await ask_told(store, north, part))[part]
    assert told.fired == {"bridges": "bridges-1"}
    assert told.outlets == {"North"}
    assert [text.title for text in told.said] == ["The bridge number 2 opens"]
    made = await store.archive.story(short_name(part))
    assert made is not None
    assert [(row.alert.public_id, row.alert.story_key) for row in made.alerts] == [("bridges-1", WIRE)]
    assert made.story.alerts == 0


async def test_a_part_of_a_part_inherits_from_both(store: Office) -> None:
    """And what was inherited outlives the alert."""
    north = await wired(store)
    await commit(store, plan(north, like(4, WIRE)))
    part = await split(store, like(2, WIRE), like(4, WIRE))
    await commit(store, plan(north, alerts=(alert(sifted(2, story=part), rule="parts"),)))
    done = await store.story_desk.split(short_name(part), [name(like(4, WIRE))], LATER)
    assert isinstance(done, Corrected)

    smallest = await story_of(store, like(4, WIRE))
    assert await fired(store, north, smallest) == {("bridges", smallest), ("parts", smallest)}


async def test_a_revision_and_a_sighting_leave_a_moved_entry_where_it_is(store: Office) -> None:
    """Whatever the plan says of its story: somebody decided."""
    north = await wired(store)
    one = like(2, WIRE)
    part = await split(store, one)
    await commit(store, plan(north, seen=("id:2",), at=NOW + 8 * MINUTE))
    revised = sifted(2, words="Rewritten", revision=2, story=WIRE, keys=())
    await commit(store, plan(north, revised, at=NOW + 9 * MINUTE))

    assert await story_of(store, one) == part
    (seen,) = (await store.views.history(one.keys[1], one.entry.link)).sightings
    assert (seen.level, seen.score) == ("by_hand", None)


async def test_a_move_says_who_when_and_what_was_there_before(store: Office) -> None:
    """Level, score and reason of the first sight are not lost."""
    await wired(store)
    one = like(2, WIRE)
    part = await split(store, one)
    await merge(store, part, WIRE, LATER)

    (seen,) = (await store.views.history(one.keys[1], one.entry.link)).sightings
    first, second = seen.moves
    assert (first.kind, first.hand) == (MoveKind.SPLIT, HAND)
    assert (first.old_story, first.new_story) == (short_name(WIRE), short_name(part))
    assert (first.level, first.score, first.reason) == ("new", 0.71, "the words are alike")
    assert (second.kind, second.hand, second.level) == (MoveKind.MERGE, LATER, "by_hand")
    assert (second.old_story, second.new_story) == (short_name(part), short_name(WIRE))
    assert seen.reason == f"somebody merged its story {short_name(part)} into this one"


async def test_polls_hear_of_moves_since_the_last_one_they_know(store: Office) -> None:
    """In order, each with the story in which the entry is now."""
    north = await wired(store)
    one, two = like(2, WIRE), sifted(1, story=WIRE)
    assert await store.recall.last_move() == 0
    assert (await ask(store, question(north, [one]))).moves == ()
    await split(store, one)
    serial = await store.recall.last_move()
    part = await split(store, two, hand=LATER)

    heard = (await ask(store, replace(question(north, [one]), moves_after=serial))).moves
    last = await store.recall.last_move()
    assert heard == (Move(serial=last, feed=north.id, entry_key="id:1", story_key=part),)
    assert [move.entry_key for move in (await ask(store, question(north, [one]))).moves] == ["id:2", "id:1"]
    assert serial < last


async def test_what_is_recalled_after_a_move_stands_where_it_was_moved(store: Office) -> None:
    """A restart keeps what somebody decided, and texts keep their names."""
    (north,) = await feeds(store, NORTH)
    one, two = (replace(one, sketch=b"words") for one in (sifted(1, story=WIRE), like(2, WIRE)))
    await commit(store, plan(north, one, two))
    part = await split(store, two)

    kept = await store.recall.entries(0, NOW, 10)
    assert [entry.home for entry in kept] == [home(one), Home(story_key=part, text_key=two.text_key)]


@pytest.mark.parametrize("is_dry", [False, True])
async def test_a_split_that_makes_no_sense_is_refused(store: Office, is_dry: bool) -> None:
    """With the reason; nothing is written."""
    await wired(store)
    wire, one, two = short_name(WIRE), name(sifted(1)), name(sifted(2))
    south = name(sifted(3), SOUTH)
    desk = store.story_desk
    assert await desk.split("none", [one], HAND, is_dry=is_dry) == Refused(why=Refusal.NO_STORY, subject="none")
    stranger = name(sifted(9))
    asked = await desk.split(wire, [one, stranger], HAND, is_dry=is_dry)
    assert asked == Refused(why=Refusal.NO_ENTRY, subject=stranger)
    assert await desk.split(wire, [], HAND, is_dry=is_dry) == Refused(why=Refusal.NO_ENTRY, subject="")
    everything = await desk.split(wire, [one, two, south], HAND, is_dry=is_dry)
    assert everything == Refused(why=Refusal.ALL_ENTRIES, subject=wire)
    assert await store.recall.last_move() == 0
    assert (await store.views.status()).stories == 2


async def test_a_dry_correction_changes_nothing(store: Office) -> None:
    """It says what it would do."""
    await wired(store)
    done = await store.story_desk.split(short_name(WIRE), [name(sifted(2))], HAND, is_dry=True)
    assert isinstance(done, Corrected)
    assert done.entries == 1
    beside = short_name(sifted(9).story_key)
    merged = await store.story_desk.merge([short_name(WIRE)], beside, HAND, is_dry=True)
    assert merged == Corrected(story=beside, entries=3)
    assert await store.recall.last_move() == 0
    assert await story_of(store, sifted(2)) == WIRE


# Merging


async def test_after_a_merge_a_rule_has_fired_if_it_had_for_either_part(store: Office) -> None:
    """Alerts stay with the story that they were raised for, and are shown with the whole."""
    north = await wired(store)
    beside = sifted(9)
    await commit(store, plan(north, alerts=(alert(beside, rule="beside"),)))
    assert await merge(store, WIRE, beside.story_key) == 3

    told = (await ask_told(store, north, beside.story_key))[beside.story_key]
    assert told.fired == {"bridges": "bridges-1", "beside": "beside-9"}
    assert told.outlets == {"North", "South"}
    assert len(told.said) == 4
    whole = await store.archive.story(short_name(beside.story_key))
    assert whole is not None
    assert [(row.alert.public_id, row.alert.story_key) for row in whole.alerts] == [
        ("bridges-1", WIRE),
        ("beside-9", beside.story_key),
    ]
    assert (whole.story.entries, whole.story.alerts) == (4, 2)
    history = await store.views.history(sifted(2).keys[1], sifted(2).entry.link)
    assert {row.alert.public_id for row in history.alerts} == {"bridges-1", "beside-9"}


async def test_its_own_first_alert_is_named_before_an_inherited_one(store: Office) -> None:
    """What goes on from it goes on in its own thread."""
    north = await wired(store)
    beside = sifted(9)
    await commit(store, plan(north, alerts=(alert(beside),)))
    await merge(store, WIRE, beside.story_key)
    assert (await ask_told(store, north, beside.story_key))[beside.story_key].fired == {"bridges": "bridges-9"}


async def test_the_key_of_a_merged_story_leads_to_the_other_for_ever(store: Office) -> None:
    """For what is asked, for what is founded, for alerts, and for what is near; also through several merges."""
    north = await wired(store)
    beside, third = sifted(9), sifted(8)
    await commit(store, plan(north, third))
    await merge(store, WIRE, beside.story_key)
    await merge(store, beside.story_key, third.story_key, LATER)

    told = await ask_told(store, north, WIRE, third.story_key)
    assert told[WIRE] == told[third.story_key]
    assert told[WIRE].fired == {"bridges": "bridges-1"}
    newcomer = replace(sifted(5, story=WIRE), related=((beside.story_key, 0.25),))
    stranger = replace(sifted(6), related=((beside.story_key, 0.25), (WIRE, 0.28)))
    raised = alert(newcomer, rule="newcomers")
    written = await commit(store, plan(north, newcomer, stranger, alerts=(raised,)))
    assert written.alerts == (raised,)
    assert await story_of(store, newcomer) == third.story_key
    assert ("newcomers", third.story_key) in await fired(store, north, third.story_key)
    (at_home,) = (await store.views.history(newcomer.keys[1], "")).sightings
    assert at_home.related == ()
    (near,) = (await store.views.history(stranger.keys[1], "")).sightings
    assert [(story.public_id, story.score) for story in near.related] == [(short_name(third.story_key), 0.28)]


async def test_a_merged_story_says_where_it_went_and_is_listed_no_more(store: Office) -> None:
    """Under its own public id, with its own alerts; it is no story of its own in any count."""
    await wired(store)
    beside = sifted(9)
    await merge(store, WIRE, beside.story_key)

    gone = await store.archive.story(short_name(WIRE))
    assert gone is not None
    assert gone.merged is not None
    assert (gone.merged.into, gone.merged.hand) == (short_name(beside.story_key), HAND)
    assert (gone.sightings, [row.alert.public_id for row in gone.alerts]) == ((), ["bridges-1"])
    assert [row.story_key for row in await store.archive.stories(10, None, "")] == [beside.story_key]
    assert (await store.views.status()).stories == 1


async def test_a_part_that_is_merged_back_is_as_if_nothing_had_been(store: Office) -> None:
    """But for the moves, which are remembered; fired once is fired."""
    north = await wired(store)
    part = await split(store, like(2, WIRE))
    await merge(store, part, WIRE, LATER)

    assert await story_of(store, like(2, WIRE)) == WIRE
    assert (await ask_told(store, north, WIRE))[WIRE].fired == {"bridges": "bridges-1"}
    known = await ask(store, question(north, [like(2, WIRE)]))
    assert known.entries["id:2"].text_key == like(2, WIRE).text_key


@pytest.mark.parametrize("is_dry", [False, True])
async def test_a_merge_that_makes_no_sense_is_refused(store: Office, is_dry: bool) -> None:
    """With the reason; where one of several is refused, none is merged."""
    north = await wired(store)
    await commit(store, plan(north, sifted(8)))
    wire, beside, third = short_name(WIRE), short_name(sifted(9).story_key), short_name(sifted(8).story_key)
    desk = store.story_desk
    assert await desk.merge([wire], "none", HAND, is_dry=is_dry) == Refused(why=Refusal.NO_STORY, subject="none")
    assert await desk.merge(["none"], wire, HAND, is_dry=is_dry) == Refused(why=Refusal.NO_STORY, subject="none")
    assert await desk.merge([wire], wire, HAND, is_dry=is_dry) == Refused(why=Refusal.ITSELF, subject=wire)
    some = await desk.merge([third, wire], wire, HAND, is_dry=is_dry)
    assert some == Refused(why=Refusal.ITSELF, subject=wire)
    assert await store.recall.last_move() == 0

    await merge(store, WIRE, sifted(9).story_key)
    merged = Refused(why=Refusal.MERGED, subject=wire, instead=beside)
    assert await desk.merge([wire], third, HAND, is_dry=is_dry) == merged
    assert await desk.merge([third], wire, HAND, is_dry=is_dry) == merged
    assert await desk.split(wire, [name(sifted(1))], HAND, is_dry=is_dry) == merged


# Letting go


RETENTION = Retention(seen=365 * DAY, text=90 * DAY, alerts=365 * DAY)


async def test_what_is_said_of_entries_goes_with_them(store: Office) -> None:
    """Sketches, what was near, moves; and a story that nothing leads to any more."""
    north = await wired(store)
    one = replace(like(4, WIRE), sketch=b"words", related=((sifted(9).story_key, 0.25),))
    await commit(store, plan(north, one))
    await split(store, one)
    serial = await store.recall.last_move()
    await commit(store, plan(north, sifted(50), at=NOW + 400 * DAY))
    (_, south) = await feeds(store, NORTH, SOUTH)
    await commit(store, plan(south, sifted(51), at=NOW + 400 * DAY))
    await let_go(store.upkeep, RETENTION, NOW + 400 * DAY, pause=0)

    assert await store.recall.uncounted(0, 10) == ()
    assert (await ask(store, question(north, [one]))).moves == ()
    assert (await store.views.status()).stories == 3  # two that are new, and one whose alert waits to be sent
    await commit(store, plan(north, sifted(52), sifted(53, story="link:https://news.example/52")))
    await store.story_desk.split(short_name("link:https://news.example/52"), [name(sifted(53))], HAND)
    assert await store.recall.last_move() > serial


async def test_a_merged_key_leads_on_for_as_long_as_there_is_anything_to_lead_to(store: Office) -> None:
    """Its alerts and entries may be long gone; with the last entry of the other story the key goes as well."""
    north = await wired(store)
    beside = sifted(9)
    await merge(store, WIRE, beside.story_key)
    await sent(store)
    (_, south) = await feeds(store, NORTH, SOUTH)
    await commit(store, plan(south, sifted(60), at=NOW + 400 * DAY))
    await commit(store, plan(north, sifted(61), at=NOW + 400 * DAY, seen=("id:9",)))
    await let_go(store.upkeep, RETENTION, NOW + 400 * DAY, pause=0)
    assert set(await ask_told(store, north, WIRE)) == {WIRE}

    await commit(store, plan(north, sifted(62), at=NOW + 800 * DAY))
    await let_go(store.upkeep, RETENTION, NOW + 800 * DAY, pause=0)
    assert await store.archive.story(short_name(beside.story_key)) is None
    assert await store.archive.story(short_name(WIRE)) is None


async def test_what_was_inherited_outlives_the_alert(store: Office) -> None:
    """The alert is let go of with the story that it was raised for; the part goes on and is not told again."""
    north = await wired(store)
    part = await split(store, like(2, WIRE))
    await sent(store)
    (_, south) = await feeds(store, NORTH, SOUTH)
    await commit(store, plan(south, sifted(60), at=NOW + 400 * DAY))
    await commit(store, plan(north, sifted(61), at=NOW + 400 * DAY, seen=("id:2",)))
    for _ in range(2):  # the first pass lets the entries go, the second one the alert that had them
        await let_go(store.upkeep, RETENTION, NOW + 400 * DAY, pause=0)

    assert await store.archive.alert("bridges-1") is None
    assert await fired(store, north, part) == {("bridges", part)}


async def sent(store: Office) -> None:
    """Everything that waits is sent."""
    messages = await store.outbox.claim("desk", NOW, MINUTE, 100)
    await store.outbox.settle([Settled(message=one.id, fate=Settlement.SENT, at=NOW) for one in messages], (), "desk")
