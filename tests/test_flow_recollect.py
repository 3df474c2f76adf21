"""A process that starts anew judges as one that never stopped; and polls that come to nothing leave nothing behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.entities.roster import build_roster
from monitor.errors import StoreBusy
from monitor.flow.poll import PollPorts, poll
from monitor.flow.recollect import Remembering, recollect
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.entries import Entry, Text
from monitor.model.polls import Fetched, NotModified, Validators
from monitor.model.stories import Inquiry, Known, Lexicon, PollPlan, Question, Remembered
from monitor.ports import PollStore, Recall, Store
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.store.sqlite import SqliteStore
from monitor.stories.lessons import MOST_UNWRITTEN
from monitor.stories.recollection import Recollection
from monitor.stories.vocabulary import Vocabulary
from tests.benchmarks.tellings import Agency
from tests.fakes.store import FakeStore
from tests.fakes.world import Publisher, Reader, SetClock
from tests.plain_values import NOW, PACE, parsed

FEEDS = tuple(f"https://outlet-{number}.example/rss" for number in range(5))
_OFTEN = 7
FERRY = "Ferry Albatross runs aground off Tasketh in thick fog"
FERRY_TOO = "Ferry Albatross aground off Tasketh in a thick fog"
Verdict = tuple[str, str, str, float | None, tuple[tuple[str, float], ...]]


@dataclass(slots=True, kw_only=True)
class Desk:
    """Five outlets that are watched over a store, each past its baseline after its first document."""

    store: Store
    polls: PollStore | None = None
    """instead of the store's"""
    clock: SetClock = field(default_factory=SetClock)
    recollection: Recollection | Remembering = field(default_factory=Recollection)
    publisher: Publisher = field(default_factory=Publisher)
    reader: Reader = field(default_factory=Reader)

    async def publish(self, outlet: int, *entries: Entry) -> list[Verdict]:
        """One document, polled; what is said of its new entries and revisions."""
        self.clock.pass_by(timedelta(minutes=37))
        url = FEEDS[outlet]
        body = f"document {len(self.reader.documents)}".encode()
        self.reader.documents[body] = parsed(*entries)
        self.publisher.answers[url] = Fetched(body=body, url=url)
        return await self.poll(outlet)

    async def poll(self, outlet: int) -> list[Verdict]:
        """Whatever the outlet answers."""
        url = FEEDS[outlet]
        (state,) = [one for one in await self.store.polls.register([(url, NOW) for url in FEEDS]) if one.url == url]
        ports = PollPorts(
            fetcher=self.publisher,
            parser=self.reader,
            store=self.polls or self.store.polls,
            clock=self.clock,
            recollection=self.recollection,
        )
        plan = await poll(state, watch(), ports)
        return [(one.entry_key, one.story_key, one.level, one.score, one.related) for one in plan.sift.fresh]

    @property
    def held(self) -> Recollection:
        """What it knows of the last days."""
        assert isinstance(self.recollection, Recollection)
        return self.recollection

    async def restart(self, most_unwritten: int = MOST_UNWRITTEN) -> None:
        """A new process: all that it knows is in the store."""
        self.recollection = await recollect(self.store.recall, self.clock.now(), most_unwritten=most_unwritten)


def watch() -> Watch:
    ruleset = compile_ruleset((), build_roster(()))
    assert isinstance(ruleset, Ruleset)
    feeds = {
        url: FeedWatch(url=url, outlets=(url,), tags=(), language="en", pace=PACE, names=("Outlet",)) for url in FEEDS
    }
    return Watch(feeds=feeds, ruleset=ruleset, channels=())


def said(number: int, title: str, summary: str = "") -> Entry:
    """An entry with an id and a link of its own, so that words alone may tell its story."""
    return Entry(
        id=f"tag:{number}", link=f"https://outlet.example/news/{number}", text=Text(title=title, summary=summary)
    )


def documents() -> list[tuple[int, tuple[Entry, ...]]]:
    """Invented news of some days in 90 documents: told by several outlets, bare or with a summary, and revised."""
    agency, made = Agency(seed=4, outlets=len(FEEDS)), []
    earlier: list[tuple[int, int]] = []
    for number in range(90):
        told = list(agency.tell(2))
        outlet = told[0].outlet
        entries = [
            said(2 * number + place, one.title, one.summary if (number + place) % 3 else "")
            for place, one in enumerate(told)
        ]
        if number % 5 == 4:
            # An entry of this outlet says something else now: what another event is told by.
            again = next((was for was in reversed(earlier) if was[0] == outlet), None)
            if again is not None:
                entries.append(said(again[1], next(agency.tell(1)).title))
        earlier.append((outlet, 2 * number))
        made.append((outlet, tuple(entries)))
    return made


@pytest.fixture(params=["sqlite", "fake"])
async def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Callable[[str], Awaitable[Store]]]:
    """Makes stores that are closed at the end."""
    made: list[Store] = []

    async def make(name: str) -> Store:
        made.append(await SqliteStore.open(tmp_path / name) if request.param == "sqlite" else FakeStore())
        return made[-1]

    yield make
    for store in made:
        await store.close()


async def replayed(store: Store, cuts: Sequence[int]) -> list[list[Verdict]]:
    """The verdicts of all documents, with a new process before some of them; the vocabulary is written often."""
    desk = Desk(store=store, recollection=Recollection(most_unwritten=_OFTEN))
    told = []
    for number, (outlet, entries) in enumerate(documents()):
        if number in cuts:
            await desk.restart(_OFTEN)
        told.append(await desk.publish(outlet, *entries))
    return told


async def test_a_restart_in_the_middle_of_a_replay_changes_no_verdict(
    new_store: Callable[[str], Awaitable[Store]],
) -> None:
    """Wherever it comes: story, level, score and what is related are the same to the last digit."""
    never_stopped = await replayed(await new_store("whole"), ())
    levels = [verdict[2] for document in never_stopped for verdict in document]
    assert levels.count("same_story") > 20
    assert levels.count("same_entry") > 5
    for cuts in ((1,), (30,), (45, 46), (10, 20, 60, 89)):
        assert await replayed(await new_store(f"cut {cuts}"), cuts) == never_stopped


async def test_a_story_goes_on_after_a_restart_for_72_hours(
    new_store: Callable[[str], Awaitable[Store]],
) -> None:
    desk = Desk(store=await new_store("one"))
    await desk.publish(0, said(1, "Dockers of Velmora walk out over the night shifts of the container cranes"))
    ((_, story, *_),) = await desk.publish(1, said(2, FERRY))
    desk.clock.pass_by(timedelta(hours=71))
    await desk.restart()
    assert len(desk.held) == 2
    ((_, same, level, *_),) = await desk.publish(2, said(3, FERRY_TOO))
    assert (same, level) == (story, "same_story")
    desk.clock.pass_by(timedelta(hours=73))
    await desk.restart()
    assert len(desk.held) == 0


@dataclass(slots=True)
class Failing:
    """A poll store that decides, and then cannot write."""

    polls: PollStore
    fails: bool = True

    async def register(self, *_: object, is_read: bool = True) -> tuple[()]:
        raise NotImplementedError

    async def due(self, *_: object, **__: object) -> tuple[()]:
        raise NotImplementedError

    async def overdue(self, now: datetime) -> tuple[()]:
        raise NotImplementedError

    async def put_off(self, *_: object, **__: object) -> None:
        raise NotImplementedError

    async def hasten(self, *_: object) -> int:
        raise NotImplementedError

    async def retime(self, *_: object) -> None:
        raise NotImplementedError

    async def commit(
        self, question: Question, decide: Callable[[Known], PollPlan | Inquiry], *, is_dry: bool = False
    ) -> PollPlan:
        if not self.fails:
            return await self.polls.commit(question, decide, is_dry=is_dry)
        await self.polls.commit(question, decide, is_dry=True)
        raise StoreBusy("another process writes")


async def test_a_poll_that_was_not_committed_leaves_nothing_in_the_recollection(
    new_store: Callable[[str], Awaitable[Store]],
) -> None:
    """The next poll of the same document finds its entries new, and not alike to themselves; each counts once."""
    store = await new_store("one")
    failing = Failing(store.polls)
    desk = Desk(store=store, polls=failing)
    document = (said(1, FERRY), said(2, "Bakers bake a loaf"))
    for _ in range(3):
        with pytest.raises(StoreBusy):
            await desk.publish(0, *document)
    failing.fails = False
    told = await desk.publish(0, *document)
    assert [(level, score) for _, _, level, score, _ in told] == [("new", None), ("new", None)]
    assert len(desk.held) == 2
    assert desk.held._lessons.vocabulary.documents == Vocabulary.starting().documents + 2


async def test_a_dry_run_is_not_held() -> None:
    """A flood is looked at in a transaction of its own before the one that counts: that holds each entry once."""
    desk = Desk(store=FakeStore())
    agency = Agency(seed=2)
    flood = [said(number, one.title, one.summary) for number, one in enumerate(agency.tell(230))]
    told = await desk.publish(0, *flood)
    assert len(desk.held) == len(told) == 230
    assert desk.held._lessons.vocabulary.documents == Vocabulary.starting().documents + 230


async def test_a_flood_is_placed_as_it_would_be_in_small_documents() -> None:
    """Its words are read before its turn comes, and weighed when it has come."""
    entries = [said(number, one.title, one.summary) for number, one in enumerate(Agency(seed=3).tell(230))]
    at_once, one_by_one = Desk(store=FakeStore()), Desk(store=FakeStore())
    told = await at_once.publish(0, *entries)
    one_by_one.clock.pass_by(timedelta(minutes=-37))
    few = []
    for start in range(0, len(entries), 10):
        few += await one_by_one.publish(0, *entries[: start + 10])
        one_by_one.clock.pass_by(timedelta(minutes=-37))
    assert [verdict[2] for verdict in told].count("same_story") > 20
    assert told == few


async def test_what_is_remembered_is_read_when_the_first_document_comes_and_once() -> None:
    """A round in which every feed answers 304 is spared it; a store that is busy is asked again by the next."""
    store = FakeStore()
    desk = Desk(store=store)
    await desk.publish(0, said(1, FERRY))
    counted = Counted(store.recall)
    begun: list[bool] = []
    ended: list[bool] = []

    @contextmanager
    def settling() -> Iterator[None]:
        begun.append(not counted.asked)
        yield
        ended.append(True)

    desk.recollection = Remembering(counted, desk.clock, settling)
    desk.publisher.answers[FEEDS[1]] = NotModified(validators=Validators())
    await desk.poll(1)
    assert counted.asked == 0
    with pytest.raises(StoreBusy):
        await desk.publish(1, said(2, FERRY_TOO))
    ((*_, level, _, _),) = await desk.publish(1, said(2, FERRY_TOO))
    assert (level, counted.asked) == ("same_story", 2)
    first, second = await asyncio.gather(desk.recollection.ready(), desk.recollection.ready())
    assert (first is second, counted.asked) == (True, 2)
    assert (begun, ended) == ([True, False], [True])  # whatever is to be done about what stays is done around each try


@dataclass(slots=True)
class Counted:
    """A recall that counts who asks for it, and is busy the first time."""

    inner: Recall
    asked: int = 0

    async def lexicon(self) -> Lexicon:
        self.asked += 1
        if self.asked == 1:
            raise StoreBusy("another process writes")
        return await self.inner.lexicon()

    async def entries(self, after: int, since: datetime, limit: int) -> tuple[Remembered, ...]:
        return await self.inner.entries(after, since, limit)

    async def uncounted(self, after: int, limit: int) -> tuple[Remembered, ...]:
        return await self.inner.uncounted(after, limit)

    async def last_move(self) -> int:
        return await self.inner.last_move()


@dataclass(slots=True)
class Damaged:
    """A recall whose vocabulary cannot be read."""

    async def lexicon(self) -> Lexicon:
        return Lexicon(vocabulary=b"no vocabulary", place=900)

    async def entries(self, *_: object) -> tuple[Remembered, ...]:
        return ()

    async def uncounted(self, *_: object) -> tuple[Remembered, ...]:
        return ()

    async def last_move(self) -> int:
        return 7


async def test_a_vocabulary_that_cannot_be_read_does_not_keep_a_process_from_starting() -> None:
    """Words weigh a little less exactly for some days; nothing is missed for it."""
    recollection = await recollect(Damaged(), NOW)
    assert recollection.last_move == 7
    assert recollection._lessons.vocabulary.documents == Vocabulary.starting().documents


async def test_rebuilding_does_not_hold_up_the_event_loop() -> None:
    """Other work goes on between portions."""
    desk = Desk(store=FakeStore())
    await desk.publish(0, *(said(number, one.title) for number, one in enumerate(Agency().tell(60))))
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    await desk.restart()
    counting.cancel()
    assert turns > 3
