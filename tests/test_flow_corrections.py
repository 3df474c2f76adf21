"""Stories that somebody splits and merges while polls go on: likeness goes by what was decided, after a restart too."""

import pytest

from monitor.flow.recollect import recollect
from monitor.model.moves import Corrected, Hand
from monitor.model.rules import RuleName, RuleSpec
from monitor.model.views import StoryHistory
from monitor.text.naming import short_name
from tests.store_values import Office
from tests.wire_desk import WireDesk

OUTLETS = ("Gazette", "Herald", "Observer", "Wire")
SINKS = (
    "Ferry Aurora sinks off Norhaven, three dead",
    "The ferry Aurora sank in the night off Norhaven after hitting a reef; three sailors drowned, said the coast.",
)
SANK = (
    "Three dead as ferry Aurora sinks near Norhaven",
    "The coast guard said the ferry Aurora had hit a reef off Norhaven and sunk in the night; three sailors drowned.",
)
BUDGET = (
    "Parliament passes the budget after a long night",
    "Deputies agreed on the budget by a narrow majority; the finance minister had threatened to resign.",
)


def desk(store: Office) -> WireDesk:
    """Four outlets, and a rule that finds both pieces of news."""
    rules = (RuleSpec(name=RuleName("news"), query="ferry OR budget"),)
    return WireDesk(polls=store.polls, rules=rules, outlets=OUTLETS)


async def story(store: Office, link: str) -> StoryHistory:
    """The one story with that entry."""
    (sighting,) = (await store.views.history(f"link:{link.removeprefix('https://')}", link)).sightings
    found = await store.archive.story(short_name(sighting.story_key))
    assert found is not None
    return found


def links(found: StoryHistory) -> list[str]:
    """The outlets of a story's entries, by their links."""
    hosts = [one.revisions[0][2].link.removeprefix("https://") for one in found.sightings]
    return sorted(host.split(".")[0] for host in hosts)


async def restarted(one: WireDesk, store: Office) -> None:
    """What likeness knows is what the store has kept."""
    one._recollection = await recollect(store.recall, one.clock.now())


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_what_is_like_a_part_comes_to_the_part(store: Office, is_restarted: bool) -> None:
    """Not to the story that it was split off from; and it is not told again, for the rule has fired for both."""
    one = desk(store)
    first = one.entry("Gazette", *SINKS)
    assert len(await one.carry_all("Gazette", first)) == 1
    second = one.entry("Wire", *SANK)
    assert await one.carry_all("Wire", second) == ()
    whole = await story(store, first.link)
    assert links(whole) == ["gazette", "wire"]
    await one.carry("Herald", *BUDGET)

    part = [sighting.public_id for sighting in whole.sightings if "Wire" in sighting.outlets]
    done = await store.story_desk.split(whole.story.public_id, part, Hand(at=one.clock.now(), by="ada"))
    assert isinstance(done, Corrected)
    if is_restarted:
        await restarted(one, store)
    third = one.entry("Observer", SANK[0], SANK[1].replace("had hit", "hit"))
    assert await one.carry_all("Observer", third) == ()

    found = await story(store, third.link)
    assert found.story.public_id == done.story
    assert links(found) == ["observer", "wire"]
    assert await one.carry("Wire", "Three dead as ferry Aurora sinks", again=second.link) == ()
    assert (await story(store, second.link)).story.public_id == done.story


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_what_is_like_either_of_two_merged_stories_comes_to_the_whole(store: Office, is_restarted: bool) -> None:
    """Nobody is told again of either, whoever carries it next."""
    one = desk(store)
    ferry, budget = one.entry("Gazette", *SINKS), one.entry("Wire", *BUDGET)
    assert len(await one.carry_all("Gazette", ferry)) == 1
    assert len(await one.carry_all("Wire", budget)) == 1
    part, whole = (await story(store, ferry.link)).story, (await story(store, budget.link)).story
    done = await store.story_desk.merge([part.public_id], whole.public_id, Hand(at=one.clock.now(), by="ada"))
    assert isinstance(done, Corrected)
    if is_restarted:
        await restarted(one, store)

    for outlet, (title, summary) in (("Herald", SINKS), ("Observer", BUDGET)):
        assert await one.carry(outlet, f"{title}: what is known", f"{summary} More is to follow.") == ()
    found = await story(store, ferry.link)
    assert found.story.public_id == whole.public_id
    assert links(found) == ["gazette", "herald", "observer", "wire"]
