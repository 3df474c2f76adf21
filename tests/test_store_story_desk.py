"""What every store promises about stories that people split and merge, and about letting go of them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.flow.upkeep import let_go
from monitor.model.alerts import Settled, Settlement
from monitor.model.moves import Corrected, Hand, MoveKind, Refusal, Refused
from monitor.model.stories import Home, Move, Sifted
from monitor.model.upkeep import Retention
from monitor.store.sqlite import SqliteStore
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
    fired,
    home,
    like,
    plan,
    put_on_way,
    question,
    sifted,
    wired,
)

DAY = timedelta(days=1)
HAND = Hand(at=NOW + 5 * MINUTE, by="ada")
LATER = Hand(at=NOW + 6 * MINUTE, by="grace")
RETENTION = Retention(seen=365 * DAY, text=90 * DAY, alerts=365 * DAY)


async def split(store: Office, *entries: Sifted, hand: Hand = HAND) -> str:
    """Split entries of the first feed off the wire's story; the key of the new one."""
    done = await store.story_desk.split(short_name(WIRE), [entry_id(one) for one in entries], hand)
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
    done = await store.story_desk.split(short_name(part), [entry_id(like(4, WIRE))], LATER)
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
    wire, one, two = short_name(WIRE), entry_id(sifted(1)), entry_id(sifted(2))
    south = entry_id(sifted(3), SOUTH)
    desk = store.story_desk
    assert await desk.split("none", [one], HAND, is_dry=is_dry) == Refused(why=Refusal.NO_STORY, subject="none")
    stranger = entry_id(sifted(9))
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
    done = await store.story_desk.split(short_name(WIRE), [entry_id(sifted(2))], HAND, is_dry=True)
    assert isinstance(done, Corrected)
    assert done.entries == 1
    beside = short_name(sifted(9).story_key)
    merged = await store.story_desk.merge([short_name(WIRE)], beside, HAND, is_dry=True)
    assert merged == Corrected(story=beside, entries=3)
    assert await store.recall.last_move() == 0
    assert await story_of(store, sifted(2)) == WIRE


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
    assert await desk.split(wire, [entry_id(sifted(1))], HAND, is_dry=is_dry) == merged


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
    await store.story_desk.split(short_name("link:https://news.example/52"), [entry_id(sifted(53))], HAND)
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
    await put_on_way(store)
    messages = await store.outbox.claim("desk", NOW, MINUTE, 100)
    await store.outbox.settle([Settled(message=one.id, fate=Settlement.SENT, at=NOW) for one in messages], (), "desk")


async def test_a_daemon_hears_at_its_next_poll_of_what_another_process_moved(tmp_path: Path) -> None:
    """Both have the database open; the move is there for the next one that opens it, too."""
    daemon, person = await SqliteStore.open(tmp_path), await SqliteStore.open(tmp_path, create=False)
    north = await wired(daemon)
    part = await split(person, like(2, WIRE))
    await person.close()
    (heard,) = (await ask(daemon, question(north, [like(2, WIRE)]))).moves
    assert (heard.entry_key, heard.story_key) == ("id:2", part)
    await daemon.close()

    again = await SqliteStore.open(tmp_path)
    assert await story_of(again, like(2, WIRE)) == part
    assert await again.recall.last_move() == heard.serial
    await again.close()
