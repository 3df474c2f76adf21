"""Whatever people split and merge, and whatever comes between: SQLite and the fake agree, and nothing is told again."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.alerts import PublicId
from monitor.model.moves import Corrected, Hand, Refused
from monitor.model.polls import FeedState
from monitor.model.stories import Move, Sifted, Told
from monitor.store.sqlite import SqliteStore
from monitor.text.naming import short_name
from tests.fakes.desks import FakeOffice
from tests.store_values import (
    MINUTE,
    NORTH,
    NOW,
    Office,
    alert,
    ask,
    ask_told,
    commit,
    entry_id,
    feeds,
    plan,
    question,
    sifted,
)

ENTRIES = range(6)
STORIES = tuple(f"link:https://wire.example/{number}" for number in range(3))
RULES = ("bridges", "ferries")

an_entry, a_story, a_rule = st.sampled_from(ENTRIES), st.sampled_from(STORIES), st.sampled_from(RULES)
Step = tuple[str, int, int | str]
steps = st.lists(
    st.tuples(st.just("alert"), an_entry, a_rule)
    | st.tuples(st.just("split"), an_entry, an_entry)
    | st.tuples(st.just("merge"), an_entry, an_entry),
    min_size=2,
    max_size=10,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a store says at the end."""

    stories: Mapping[int, str]
    """entry → key of its story"""
    told: Mapping[str, Told]
    moves: tuple[Move, ...]
    answers: tuple[Corrected | Refused, ...]
    shown: tuple[object, ...]


@dataclass(slots=True)
class Desk:
    """Takes steps in one store, as polls and people do."""

    store: Office
    feed: FeedState
    answers: list[Corrected | Refused] = field(default_factory=list)
    fired: dict[int, set[str]] = field(default_factory=dict)
    """entry → rules that alerted on the story in which it was"""
    at: int = 0

    async def take(self, step: Step) -> None:
        self.at += 1
        kind, entry, other = step
        stories = await self.stories()
        if kind == "bring":
            if entry not in stories:
                await commit(self.store, plan(self.feed, sifted(entry, story=str(other)), at=self.now))
        elif entry not in stories:
            return
        elif kind == "alert":
            await self.alert(entry, str(other), stories)
        elif kind == "split":
            names = [entry_id(sifted(number)) for number in dict.fromkeys((entry, int(other)))]
            hand = Hand(at=self.now, by="ada")
            self.answers.append(await self.store.story_desk.split(short_name(stories[entry]), names, hand))
        elif int(other) in stories:
            part, whole = (short_name(stories[one]) for one in (entry, int(other)))
            self.answers.append(await self.store.story_desk.merge([part], whole, Hand(at=self.now, by="ada")))

    async def alert(self, entry: int, rule: str, stories: Mapping[int, str]) -> None:
        """As a poll would: only where the rule has not fired for the story."""
        story = stories[entry]
        told = (await ask_told(self.store, self.feed, story))[story]
        if rule not in told.fired:
            about = sifted(entry, story=story)
            raised = replace(alert(about, rule=rule), public_id=PublicId(short_name(f"{rule}|{story}")))
            await commit(self.store, plan(self.feed, at=self.now, alerts=(raised,)))
        for one, its_story in stories.items():
            if its_story == story:
                self.fired.setdefault(one, set()).add(rule)

    async def stories(self) -> Mapping[int, str]:
        """Entry → key of its story."""
        known = await ask(self.store, question(self.feed, [sifted(number) for number in ENTRIES]))
        keys = {number: known.entries.get(f"id:{number}") for number in ENTRIES}
        return {number: entry.story_key for number, entry in keys.items() if entry is not None}

    async def standing(self) -> Standing:
        stories = await self.stories()
        asked = {*STORIES, *stories.values()}
        whole: Sequence[Sifted] = [sifted(number) for number in ENTRIES]
        moves = (await ask(self.store, question(self.feed, whole))).moves
        return Standing(
            stories=stories,
            told=await ask_told(self.store, self.feed, *asked),
            moves=moves,
            answers=tuple(self.answers),
            shown=tuple([await self.store.archive.story(short_name(key)) for key in sorted(asked)]),
        )

    @property
    def now(self) -> datetime:
        return NOW + self.at * MINUTE


async def run(store: Office, taken: Sequence[Step]) -> tuple[Standing, Mapping[int, set[str]]]:
    """Take the steps; what the store says then, and what was alerted on."""
    try:
        (feed,) = await feeds(store, NORTH)
        desk = Desk(store, feed)
        for step in taken:
            await desk.take(step)
        return await desk.standing(), desk.fired
    finally:
        await store.close()


async def both(folder: Path, taken: Sequence[Step]) -> None:
    fake, fired = await run(FakeOffice(), taken)
    real, _ = await run(await SqliteStore.open(folder), taken)
    assert real == fake
    for entry, rules in fired.items():
        assert rules <= real.told[real.stories[entry]].fired.keys()


@settings(max_examples=25, deadline=timedelta(seconds=10))
@given(st.lists(st.tuples(st.just("bring"), an_entry, a_story), min_size=4, max_size=8), steps)
def test_no_correction_makes_a_story_be_told_again(first: list[Step], then: list[Step]) -> None:
    """What was alerted on while an entry stood in a story has fired for whichever story it stands in later."""
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        asyncio.run(both(Path(folder), first + then))
