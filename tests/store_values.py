"""Polls, plans and alerts of invented outlets, for the tests of the store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from monitor.model.alerts import Alert, AlertContent, AlertKind, PublicId
from monitor.model.entries import Entry, Text
from monitor.model.holding import Sorting
from monitor.model.polls import FeedState
from monitor.model.rules import Evidence, Match, RuleName
from monitor.model.stories import Found, Home, Inquiry, Known, Level, PollPlan, Question, Sift, Sifted, Told
from monitor.ports import (
    Annals,
    Archive,
    FeedDesk,
    MuteDesk,
    OutboxDesk,
    OutboxStore,
    PollStore,
    Recall,
    RefusalStore,
    SilenceStore,
    SortingStore,
    StoryDesk,
    TroubleStore,
    UpkeepStore,
    ViewStore,
)
from monitor.text.naming import entry_name

NOW = datetime(2026, 3, 2, 12, 0, 0, 250, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NORTH = "https://north.example/feed"
SOUTH = "https://south.example/feed"
WIRE = "link:https://wire.example/1"


class Store(Protocol):
    """What the contract tests ask of any store."""

    @property
    def polls(self) -> PollStore: ...
    @property
    def refusals(self) -> RefusalStore: ...
    @property
    def outbox(self) -> OutboxStore: ...
    @property
    def sorting(self) -> SortingStore: ...
    @property
    def views(self) -> ViewStore: ...
    @property
    def recall(self) -> Recall: ...
    @property
    def troubles(self) -> TroubleStore: ...
    @property
    def silence(self) -> SilenceStore: ...
    @property
    def upkeep(self) -> UpkeepStore: ...
    async def close(self) -> None: ...


class Office(Store, Protocol):
    """A store with the desks of people in it."""

    @property
    def archive(self) -> Archive: ...
    @property
    def annals(self) -> Annals: ...
    @property
    def feed_desk(self) -> FeedDesk: ...
    @property
    def outbox_desk(self) -> OutboxDesk: ...
    @property
    def mute_desk(self) -> MuteDesk: ...
    @property
    def story_desk(self) -> StoryDesk: ...


def sifted(
    number: int,
    *,
    words: str = "",
    story: str = "",
    revision: int = 1,
    keys: tuple[str, ...] | None = None,
    is_baseline: bool = False,
) -> Sifted:
    """An entry whose keys, words and story follow from its number unless said otherwise."""
    title = words or f"The bridge number {number} opens"
    link = f"https://news.example/{number}"
    return Sifted(
        entry=Entry(
            id=f"{number}",
            link=link,
            text=Text(title=title, summary="A ribbon was cut.", body="Мост открыт."),
            authors=("A. Writer",),
            categories=("bridges", "öffnung"),
            language="en",
            published_at=NOW - timedelta(hours=1),
        ),
        entry_key=f"id:{number}",
        story_key=story or f"link:{link}",
        text_key=f"link:{link}",
        keys=(f"id:{number}", f"link:{link}") if keys is None else keys,
        fingerprint=f"print of {title}",
        level=Level.NEW if revision == 1 else Level.SAME_ENTRY,
        reason="nothing known is like it",
        revision=revision,
        is_baseline=is_baseline,
    )


def home(entry: Sifted) -> Home:
    """Where an entry belongs."""
    return Home(story_key=entry.story_key, text_key=entry.text_key)


def found(entry: Sifted, rule: str = "bridges") -> Found:
    """A match of a rule in the title of an entry."""
    evidence = (Evidence(field="title", start=4, end=10, part='"bridge"'),)
    match = Match(rule=RuleName(rule), evidence=evidence)
    return Found(entry_key=entry.entry_key, revision=entry.revision, rule_hash="cafe", match=match)


def alert(entry: Sifted, *, rule: str = "bridges", channels: tuple[str, ...] = ("desk",)) -> Alert:
    """The first alert of a rule about the story of an entry."""
    return Alert(
        kind=AlertKind.FIRST,
        dedupe_key=f"first|{rule}|{entry.story_key}",
        public_id=PublicId(f"{rule}-{entry.entry_key.removeprefix('id:')}"),
        at=NOW,
        content=AlertContent(
            title=entry.entry.text.title,
            outlets=("North",),
            link=entry.entry.link,
            rule=rule,
            published_at=entry.entry.published_at,
            is_late=True,
            text=entry.entry.text,
            evidence=(Evidence(field="title", start=4, end=10, part='"bridge"'),),
        ),
        channels=channels,
        story_key=entry.story_key,
    )


def question(feed: FeedState, entries: Sequence[Sifted] = (), *, since: datetime = NOW - timedelta(days=3)) -> Question:
    """What a poll that found these entries asks."""
    return Question(
        feed=feed.id,
        keys=frozenset(key for entry in entries for key in entry.keys),
        fingerprints=frozenset(entry.fingerprint for entry in entries),
        since=since,
    )


def plan(
    feed: FeedState, *fresh: Sifted, at: datetime = NOW, alerts: tuple[Alert, ...] = (), seen: tuple[str, ...] = ()
) -> PollPlan:
    """A good poll that brought these entries."""
    polled = replace(feed, last_poll_at=at, last_success_at=at, next_poll_at=at + 15 * MINUTE, last_outcome="fetched")
    return PollPlan(feed=polled, at=at, sift=Sift(fresh=fresh, seen=seen), outlets=("North",), alerts=alerts)


def decided(decision: PollPlan) -> Callable[[Known], PollPlan]:
    """A decision that does not depend on what is known."""
    return lambda _: decision


async def commit(store: Store, decision: PollPlan) -> PollPlan:
    """Write a plan that was decided beforehand."""
    return await store.polls.commit(question(decision.feed, decision.sift.fresh), decided(decision))


async def ask(store: Store, asked: Question) -> Known:
    """What the store knows, learnt by a dry poll."""
    heard: list[Known] = []

    def listen(known: Known) -> PollPlan:
        heard.append(known)
        return PollPlan(feed=known.feed, at=NOW)

    await store.polls.commit(asked, listen, is_dry=True)
    return heard[0]


async def ask_told(store: Store, feed: FeedState, *stories: str) -> Mapping[str, Told]:
    """What was told of stories, learnt by a dry poll."""
    heard: list[Known] = []

    def listen(known: Known) -> PollPlan | Inquiry:
        heard.append(known)
        return PollPlan(feed=known.feed, at=NOW) if len(heard) > 1 else Inquiry(stories=frozenset(stories))

    await store.polls.commit(question(feed), listen, is_dry=True)
    return heard[-1].told


async def fired(store: Store, feed: FeedState, *stories: str) -> set[tuple[str, str]]:
    """(rule, story) pairs that have a first alert, of these stories."""
    told = await ask_told(store, feed, *stories)
    return {(rule, story) for story, of_story in told.items() for rule in of_story.fired}


async def feeds(store: Store, *urls: str) -> tuple[FeedState, ...]:
    """Register feeds that are due now."""
    return await store.polls.register([(url, NOW) for url in urls])


def entry_id(one: Sifted, url: str = NORTH) -> str:
    """The public id of an entry."""
    return entry_name(url, one.entry_key)


def like(number: int, story: str, *, score: float | None = 0.71) -> Sifted:
    """An entry of a story that others founded."""
    return replace(sifted(number, story=story), score=score, reason="the words are alike")


async def wired(store: Store) -> FeedState:
    """A story of three entries, of which one was alerted on, and a story beside it."""
    north, south = await feeds(store, NORTH, SOUTH)
    first, second = sifted(1, story=WIRE), like(2, WIRE)
    await commit(store, plan(north, first, second, sifted(9), alerts=(alert(first),)))
    await commit(store, replace(plan(south, like(3, WIRE)), outlets=("South",)))
    return north


async def put_on_way(store: Store, now: datetime = NOW) -> None:
    """Sort everything that is to be sorted, and hold nothing back."""
    for channel in await store.sorting.unsorted(now):
        await store.sorting.sort(channel, now, None, lambda *_: Sorting())


async def raised(store: Store, *numbers: int, channels: tuple[str, ...] = ("desk",)) -> None:
    """Write one alert for each number, in this order, each with a delivery to these channels: not sorted yet."""
    (feed,) = await feeds(store, NORTH)
    entries = tuple(sifted(number) for number in numbers)
    alerts = tuple(alert(entry, channels=channels) for entry in entries)
    await commit(store, plan(feed, *entries, alerts=alerts))


async def told(store: Store, *numbers: int, channels: tuple[str, ...] = ("desk",)) -> None:
    """The same, on their way."""
    await raised(store, *numbers, channels=channels)
    await put_on_way(store)
