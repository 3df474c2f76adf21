"""Feeds that bring the same news in the same instant, through the real store: one story, and nobody told twice."""

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.entities.roster import build_roster
from monitor.flow.poll import PollPorts, poll
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.entries import Entry, ParsedFeed, ParseFailed, Text
from monitor.model.polls import Fetched, FetchRequest
from monitor.model.rules import RuleName, RuleSpec
from monitor.model.slices import LastRead
from monitor.model.stories import PollPlan
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.store.sqlite import SqliteStore
from monitor.stories.likeness import compare
from monitor.stories.numbering import WordNumbers
from monitor.stories.profile import Profile
from monitor.stories.recollection import Recollection
from monitor.stories.sketch import sketch
from monitor.stories.vocabulary import Vocabulary
from tests.benchmarks.tellings import Agency, Telling
from tests.fakes.world import SetClock
from tests.plain_values import NOW, PACE

COAST, WIRE, RADIO = "https://coast.example/rss", "https://wire.example/rss", "https://radio.example/rss"
OUTLETS = {COAST: "The Coast", WIRE: "The Wire", RADIO: "Radio Harbour"}
CHANNELS = ("desk", "night")
RULES = {"truce": "truce OR ceasefire", "ferries": "ferry"}


@dataclass(slots=True)
class Instant:
    """Fetcher and parser of polls that all finish reading before the first of them may commit."""

    documents: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    barrier: asyncio.Barrier | None = None
    lags: dict[str, int] = field(default_factory=dict)
    """turns of the event loop by which a feed comes later than the others"""
    count: int = 0

    async def fetch(self, request: FetchRequest) -> Fetched:
        self.count += 1
        return Fetched(body=b"document %d" % self.count, url=request.url)

    async def parse(self, document: Fetched, _known: LastRead | None = None) -> ParsedFeed | ParseFailed:
        if self.barrier is not None:
            await self.barrier.wait()
        for _ in range(self.lags.get(document.url, 0)):
            await asyncio.sleep(0)
        site = document.url.removesuffix("rss")
        return ParsedFeed(kind="rss20", site=site, language="en", entries=self.documents[document.url])


@dataclass(slots=True)
class Newsroom:
    """Feeds past their baseline, over a real store."""

    store: SqliteStore
    clock: SetClock = field(default_factory=SetClock)
    instant: Instant = field(default_factory=Instant)
    recollection: Recollection | None = None
    """where entries with other words may tell the same story"""

    @property
    def watch(self) -> Watch:
        specs = tuple(RuleSpec(name=RuleName(name), query=query) for name, query in RULES.items())
        ruleset = compile_ruleset(specs, build_roster(()))
        assert isinstance(ruleset, Ruleset)
        feeds = {
            url: FeedWatch(url=url, outlets=(name,), tags=(), language="en", pace=PACE) for url, name in OUTLETS.items()
        }
        return Watch(feeds=feeds, ruleset=ruleset, channels=CHANNELS)

    async def poll(self, documents: dict[str, tuple[Entry, ...]]) -> tuple[PollPlan, ...]:
        """Poll these feeds at once, in the order given; each document is committed only after all were read."""
        self.instant.documents = documents
        self.instant.barrier = asyncio.Barrier(len(documents))
        self.clock.pass_by(timedelta(minutes=1))
        states = await self.store.polls.register([(url, NOW) for url in OUTLETS])
        ports = PollPorts(
            fetcher=self.instant,
            parser=self.instant,
            store=self.store.polls,
            clock=self.clock,
            recollection=self.recollection,
        )
        by_url = {state.url: state for state in states}
        watch = self.watch
        return tuple(await asyncio.gather(*(poll(by_url[url], watch, ports) for url in documents)))

    async def told(self) -> Counter[str]:
        """How many alerts each rule raised so far; each must have one delivery for each channel."""
        rows = (await self.store.views.status()).alerts
        every = await self.store.views.alerts(10_000)
        assert rows == every[: len(rows)]
        assert all(dict(row.states) == dict.fromkeys(CHANNELS, "pending") for row in every)
        return Counter(row.alert.content.rule for row in every)

    async def stories(self) -> int:
        """How many stories are known."""
        return (await self.store.views.status()).stories


@pytest.fixture
async def newsroom(tmp_path: Path) -> AsyncIterator[Newsroom]:
    """Three feeds that had nothing to say yet."""
    store = await SqliteStore.open(tmp_path)
    made = Newsroom(store)
    await made.poll(dict.fromkeys(OUTLETS, ()))
    yield made
    await store.close()


def entry(url: str, number: int, title: str, *, link: str = "", summary: str = "") -> Entry:
    """An entry with the id and the link of its own outlet, unless a link is given."""
    home = url.removesuffix("/rss")
    return Entry(
        id=f"{home}#{number}",
        link=link or f"{home}/news/{number}",
        text=Text(title=title, summary=summary),
    )


async def test_the_same_text_from_two_feeds_at_once_is_one_story_and_one_alert_a_hundred_times(
    newsroom: Newsroom,
) -> None:
    """Whoever commits first, in one transaction or in two."""
    before = await newsroom.stories()
    for number in range(100):
        words = f"Both sides sign truce number {number} at the northern harbour"
        order = (COAST, WIRE) if number % 2 else (WIRE, COAST)
        newsroom.instant.lags = {order[1]: number % 7}

        plans = await newsroom.poll({url: (entry(url, number, words),) for url in order})

        assert [len(plan.sift.fresh) for plan in plans] == [1, 1]
        assert sum(len(plan.alerts) for plan in plans) == 1
        assert await newsroom.stories() == before + number + 1
        assert await newsroom.told() == {"truce": number + 1}


async def test_the_same_text_from_three_feeds_and_for_two_rules_is_one_alert_for_each_rule(newsroom: Newsroom) -> None:
    """However many carry it."""
    for number in range(20):
        words = f"A truce keeps ferry number {number} in the harbour"
        await newsroom.poll({url: (entry(url, number, words),) for url in OUTLETS})

    assert await newsroom.told() == {"truce": 20, "ferries": 20}


async def test_the_same_link_in_two_feeds_at_once_is_one_story_and_one_alert(newsroom: Newsroom) -> None:
    """Even where each outlet has its own words for it."""
    before = await newsroom.stories()
    for number in range(20):
        link = f"https://agency.example/news/{number}"
        await newsroom.poll(
            {
                COAST: (entry(COAST, number, f"Truce number {number} is signed at last", link=link),),
                WIRE: (entry(WIRE, number, f"Ceasefire, the {number}th of its kind", link=f"{link}?utm_source=wire"),),
            }
        )

    assert await newsroom.stories() == before + 20
    assert await newsroom.told() == {"truce": 20}


async def test_one_feed_polled_twice_at_once_tells_its_news_once(newsroom: Newsroom) -> None:
    """A poll is safe to repeat, also while it is under way."""
    states = await newsroom.store.polls.register([(url, NOW) for url in OUTLETS])
    ports = PollPorts(
        fetcher=newsroom.instant, parser=newsroom.instant, store=newsroom.store.polls, clock=newsroom.clock
    )
    for number in range(20):
        words = f"Both sides sign truce number {number} at the northern harbour"
        newsroom.instant.documents = {COAST: (entry(COAST, number, words),)}
        newsroom.instant.barrier = asyncio.Barrier(2)
        await asyncio.gather(*(poll(states[0], newsroom.watch, ports) for _ in range(2)))

    assert await newsroom.told() == {"truce": 20}


async def test_a_story_that_was_told_is_not_told_again_for_another_outlet(newsroom: Newsroom) -> None:
    """The rule has fired for the story, whoever carries it, for as long as the same text counts as the same story."""
    words = "Both sides sign a truce at the northern harbour"
    await newsroom.poll({COAST: (entry(COAST, 1, words),)})
    newsroom.clock.pass_by(timedelta(hours=71))

    (plan, other) = await newsroom.poll({WIRE: (entry(WIRE, 7, words),), RADIO: (entry(RADIO, 3, words),)})

    assert (plan.alerts, other.alerts) == ((), ())
    assert await newsroom.told() == {"truce": 1}


async def test_a_rule_that_only_a_later_outlet_s_words_satisfy_alerts_then_and_once(newsroom: Newsroom) -> None:
    """Another outlet adds what the rule looks for; a third that says it too, even at once, tells nothing new."""
    link = "https://agency.example/news/talks"
    await newsroom.poll({COAST: (entry(COAST, 1, "Talks go on at the northern harbour tonight", link=link),)})
    assert not await newsroom.told()

    await newsroom.poll(
        {
            WIRE: (entry(WIRE, 1, "Talks at the harbour end with a truce", link=link),),
            RADIO: (entry(RADIO, 1, "A ceasefire is what the talks have brought", link=link),),
        }
    )

    assert await newsroom.told() == {"truce": 1}


async def test_revisions_that_newly_match_at_once_alert_once(newsroom: Newsroom) -> None:
    """Two outlets edit the same story in the same instant; later edits that match as before say nothing."""
    for number in range(20):
        link = f"https://agency.example/news/{number}"
        for words in ("goes on", "ends with a truce", "ends with a lasting truce"):
            title = f"Meeting number {number} {words} at the northern harbour"
            await newsroom.poll({url: (entry(url, number, title, link=link),) for url in (COAST, WIRE)})
        assert await newsroom.told() == {"truce": number + 1}


async def test_a_baseline_is_silent_and_a_later_sighting_elsewhere_speaks_once(tmp_path: Path) -> None:
    """In the same instant, too: a feed's first poll says nothing, another's tenth may."""
    words = "Both sides sign a truce at the northern harbour"
    newsroom = Newsroom(await SqliteStore.open(tmp_path))
    await newsroom.poll({WIRE: (), RADIO: ()})
    await newsroom.poll({COAST: (entry(COAST, 1, words),)})
    assert not await newsroom.told()

    await newsroom.poll({url: (entry(url, 1, words),) for url in (COAST, WIRE, RADIO)})

    assert await newsroom.told() == {"truce": 1}
    assert await newsroom.stories() == 1
    await newsroom.store.close()


async def test_a_baseline_in_the_same_instant_as_the_news_hides_nothing(tmp_path: Path) -> None:
    """The newcomer may found the story a moment before: the outlet that was watched still tells it, once."""
    for lag in range(8):
        (home := tmp_path / str(lag)).mkdir()
        newsroom = Newsroom(await SqliteStore.open(home))
        await newsroom.poll({WIRE: ()})
        newsroom.instant.lags = {(COAST, WIRE)[lag % 2]: lag}
        await newsroom.poll({url: (entry(url, 1, "Both sides sign a truce at the harbour"),) for url in (COAST, WIRE)})
        assert await newsroom.told() == {"truce": 1}
        assert await newsroom.stories() == 1
        await newsroom.store.close()


def retold() -> list[dict[str, tuple[Entry, ...]]]:
    """Events that two outlets tell in words of their own, and plainly enough: what is tried here is not likeness."""
    events: dict[int, list[Telling]] = {}
    for one in Agency(seed=5).tell(200):
        events.setdefault(one.event, []).append(one)
    return [
        {
            url: (entry(url, number, f"{one.title}: truce", summary=one.summary),)
            for url, one in zip((COAST, WIRE), told, strict=False)
        }
        for number, told in events.items()
        if len(told) > 1 and _likeness(told[0], told[1]) > _PLAIN
    ]


_PLAIN = 0.75


def _likeness(*told: Telling) -> float:
    vocabulary, numbers = Vocabulary.starting(), WordNumbers()
    one, other = (
        sketch(
            Text(title=telling.title, summary=telling.summary),
            language="en",
            names=(),
            vocabulary=vocabulary,
            numbers=numbers,
        )
        for telling in told
    )
    return compare(other, Profile([one])).score


async def test_other_words_about_one_event_from_two_feeds_at_once_are_one_story_and_one_alert(
    newsroom: Newsroom,
) -> None:
    """Whoever commits first, in one transaction or in two."""
    newsroom.recollection = Recollection()
    before = await newsroom.stories()
    for number, documents in enumerate(retold()[:20]):
        order = (COAST, WIRE) if number % 2 else (WIRE, COAST)
        newsroom.instant.lags = {order[1]: number % 7}

        plans = await newsroom.poll({url: documents[url] for url in order})

        assert sorted(one.level for plan in plans for one in plan.sift.fresh) == ["new", "same_story"]
        assert await newsroom.stories() == before + number + 1
        assert await newsroom.told() == {"truce": number + 1}


async def test_polls_that_share_a_transaction_see_one_another_s_entries(newsroom: Newsroom) -> None:
    """The writer is busy until both wait for it, and takes them together."""
    states = {state.url: state for state in await newsroom.store.polls.register([(url, NOW) for url in OUTLETS])}
    thread = newsroom.store._thread  # who waits for the writer is seen from inside only
    ports = PollPorts(
        fetcher=newsroom.instant,
        parser=newsroom.instant,
        store=newsroom.store.polls,
        clock=newsroom.clock,
        recollection=Recollection(),
    )
    for documents in retold()[:5]:
        newsroom.instant.documents, newsroom.instant.barrier = documents, asyncio.Barrier(len(documents))
        taken, gate = threading.Event(), threading.Event()

        def hold(_: object, taken: threading.Event = taken, gate: threading.Event = gate) -> bool:
            taken.set()
            return gate.wait(30)

        busy = asyncio.create_task(thread.write(hold))
        await asyncio.to_thread(taken.wait, 30)
        polls = [asyncio.create_task(poll(states[url], newsroom.watch, ports)) for url in documents]
        async with asyncio.timeout(30):
            while thread._waiting.qsize() < len(polls):  # noqa: ASYNC110 - a queue of threads sets no event
                await asyncio.sleep(0)
        gate.set()
        assert await busy
        levels = [one.level for plan in await asyncio.gather(*polls) for one in plan.sift.fresh]
        assert sorted(levels) == ["new", "same_story"]

    assert await newsroom.told() == {"truce": 5}
