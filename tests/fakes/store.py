"""The store in memory: what the three store ports promise, said in plain Python."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor.cadence.pauses import resting
from monitor.errors import StoreDamaged
from monitor.model.alerts import (
    Alert,
    AlertKind,
    Attempt,
    DeliveryState,
    Form,
    Hold,
    Message,
    MessageId,
    PublicId,
    Settled,
    Settlement,
)
from monitor.model.entries import Text
from monitor.model.holding import Circuit, Fared, Mute, MuteKind, Sorting, Standing, Together, Waiting
from monitor.model.moves import Hand, PastMove
from monitor.model.polls import FeedId, FeedState, Pause, PauseKind
from monitor.model.queue import NONE_APART, Apart, Overdue, PutOff
from monitor.model.rhythm import Moving
from monitor.model.rules import Match, RuleName, View
from monitor.model.silence import Heard, Span
from monitor.model.silence import Portion as FeedPortion
from monitor.model.stories import (
    MOST_SAID,
    Home,
    Inquiry,
    Known,
    KnownEntry,
    Lexicon,
    Move,
    PollPlan,
    Question,
    Remembered,
    Sifted,
    Told,
)
from monitor.model.troubles import Cause, FeedHealth, Room, Trouble
from monitor.model.upkeep import Kind, Portion, Swept
from monitor.model.views import AlertRow, CircuitRow, DeliveryRow, History, Neighbour, Sighting, Status
from monitor.store.moments import to_micros
from monitor.store.origins import origin_of
from monitor.store.outbox import MOST_ATTEMPTS
from monitor.store.placing import nothing_told, other_key
from monitor.store.polls import LONGEST_HOLD
from monitor.store.silence import BRIDGED, KEPT, MOST_CARRIERS, STEP
from monitor.store.sorting import MOST_GATHERED, MOST_NEW, MOST_RELEASED, waiting, whole
from monitor.text.addresses import same_address
from monitor.text.naming import entry_name, short_name

_OPEN = frozenset({DeliveryState.PENDING, DeliveryState.LEASED})
_NOT_ON_WAY = frozenset({DeliveryState.HELD, DeliveryState.MUTED})
_UNFINISHED = _OPEN | {DeliveryState.HELD}
_OURSELVES = frozenset({AlertKind.ALARM, AlertKind.HEARTBEAT, AlertKind.TEST, AlertKind.DIGEST})


@dataclass(slots=True, kw_only=True)
class KeptEntry:
    place: int
    """in the order of being stored"""
    feed: FeedId
    first: Sifted
    home: Home
    revisions: list[tuple[datetime, Sifted]]
    last_seen_at: datetime
    outlets: set[str] = field(default_factory=set)
    matches: dict[tuple[int, str], Match] = field(default_factory=dict)
    hashes: dict[str, set[str]] = field(default_factory=dict)
    """rule → its hashes, as it matched"""
    bare: set[int] = field(default_factory=set)
    """numbers of revisions without their words"""
    related: dict[str, float] = field(default_factory=dict)
    level: str
    score: float | None
    reason: str
    moves: list[PastMove] = field(default_factory=list)

    @property
    def story(self) -> str:
        return self.home.story_key

    @property
    def newest(self) -> Sifted:
        return self.revisions[-1][1]

    def said(self, number: int) -> Text:
        return next(one.entry.text for _, one in self.revisions if one.revision == number)


@dataclass(slots=True, kw_only=True)
class Sending:
    """A message, as far as it can change."""

    message: Message
    due_at: datetime
    lease_until: datetime | None = None
    last_error: str = ""
    settled_at: datetime | None = None
    is_dropped: bool = False
    attempts: list[Attempt] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Delivery:
    id: int
    alert: Alert
    channel: str
    created_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    send: Sending | None = None
    """shared by all deliveries of a digest"""
    sorted_at: datetime | None = None
    hold: Hold | None = None
    held_until: datetime | None = None
    why: str = ""

    @property
    def is_to_be_sorted(self) -> bool:
        return self.state is DeliveryState.PENDING and self.sorted_at is None

    def is_free(self, now: datetime) -> bool:
        if self.send is None:
            return True
        if self.state is DeliveryState.LEASED:
            return self.send.lease_until is not None and self.send.lease_until <= now
        return self.send.due_at <= now


@dataclass(slots=True)
class Memory:
    feeds: dict[FeedId, FeedState] = field(default_factory=dict)
    registered: set[FeedId] = field(default_factory=set)
    holds: dict[str, datetime] = field(default_factory=dict)
    windows: dict[FeedId, datetime] = field(default_factory=dict)
    """when a feed last had entries"""
    stories: dict[str, datetime] = field(default_factory=dict)
    """in the order of their founding, and when that was"""
    entries: dict[tuple[FeedId, str], KeptEntry] = field(default_factory=dict)
    identities: dict[tuple[str, FeedId], KeptEntry] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    outlets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """URL → who names it"""
    past: list[tuple[KeptEntry, int]] = field(default_factory=list)
    """entries and numbers of revisions, in the order in which they were stored"""
    pauses: dict[tuple[PauseKind, str], Pause] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    """story → the one that stands for it"""
    hands: dict[str, Hand] = field(default_factory=dict)
    """story → who merged it"""
    inherited: dict[str, dict[str, PublicId]] = field(default_factory=dict)
    """story → rules that had fired for what was merged into it, or for what it was split off from"""
    moves: list[Move] = field(default_factory=list)
    sketches: dict[int, tuple[KeptEntry, datetime, bytes]] = field(default_factory=dict)
    """by place"""
    lexicon: Lexicon = field(default_factory=Lexicon)
    last_place: int = 0
    mutes: dict[tuple[MuteKind, str], Mute] = field(default_factory=dict)
    one_servers: dict[str, datetime] = field(default_factory=dict)
    digests: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """(channel, rule) → up to when"""
    circuits: dict[str, Circuit] = field(default_factory=dict)
    troubles: dict[tuple[Cause, str], Trouble] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    hushed: dict[str, datetime] = field(default_factory=dict)
    room: Room = field(default_factory=lambda: Room(free=2**40, whole=2**41))
    made: set[tuple[str, str]] = field(default_factory=set)
    """(key, channel) of messages of several deliveries"""

    def oldest_home(self, entries: Iterator[KeptEntry]) -> Home | None:
        ranks = {story: rank for rank, story in enumerate(self.stories)}
        return min(((ranks[one.story], one.place, one.home) for one in entries), default=(0, 0, None))[2]

    def living(self, story: str) -> str:
        return self.merged.get(story, story)


class FakeStore:
    """A store that forgets when it is dropped."""

    def __init__(self) -> None:
        self.memory = memory = Memory()
        self.polls = FakePolls(memory)
        self.refusals = FakeRefusals(memory)
        self.outbox = FakeOutbox(memory)
        self.sorting = FakeSorting(memory)
        self.views = FakeViews(memory)
        self.recall = FakeRecall(memory)
        self.troubles = FakeTroubles(memory)
        self.silence = FakeSilence(memory)
        self.upkeep = FakeUpkeep(memory)

    async def close(self) -> None:
        """Nothing to let go of."""


def _respelled(feed: FeedState, url: str, at: datetime) -> FeedState:
    return replace(
        feed,
        url=url,
        origin=origin_of(url),
        validators=replace(feed.validators, url=feed.validators.url or feed.url),
        next_poll_at=at,
        is_gone=False,
        moving=Moving(),
    )


def _sobered(feed: FeedState, now: datetime) -> FeedState:
    return replace(
        feed,
        failing_since=feed.failing_since and min(feed.failing_since, now),
        empty_since=feed.empty_since and min(feed.empty_since, now),
        baseline_at=feed.baseline_at and min(feed.baseline_at, now),
        last_success_at=feed.last_success_at and min(feed.last_success_at, now),
    )


def _retimed(feed: FeedState, now: datetime, by: timedelta) -> FeedState:
    due, last = feed.next_poll_at + by, None if feed.last_poll_at is None else feed.last_poll_at + by
    if last is not None and last > now:
        due, last = due - last + now, now
    return replace(feed, next_poll_at=due, last_poll_at=last)


class FakeRefusals:
    """`monitor.ports.RefusalStore` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def note(self, domain: str, at: datetime, *, since: datetime) -> None:
        self._memory.one_servers = await self.known(since) | {domain: at}

    async def known(self, since: datetime) -> dict[str, datetime]:
        return {domain: at for domain, at in self._memory.one_servers.items() if at > since}


class FakePolls:
    """`monitor.ports.PollStore` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def register(
        self,
        urls: Sequence[tuple[str, datetime]],
        outlets: Mapping[str, Collection[str]] | None = None,
        *,
        is_read: bool = True,
    ) -> tuple[FeedState, ...]:
        memory = self._memory
        memory.outlets = {url: tuple(names) for url, names in (outlets or {}).items()}
        by_url = {feed.url: feed for feed in memory.feeds.values()}
        wanted = {url for url, _ in urls}
        dropped = {
            same_address(url): url for url in by_url if by_url[url].id in memory.registered and url not in wanted
        }
        for feed in tuple(memory.feeds.values()):
            told = feed.moving.adopted, feed.moving.address if feed.moving.is_same else ""
            for to in told:
                if to in wanted and to not in by_url and feed.url in by_url and feed.url not in wanted:
                    del by_url[feed.url]
                    by_url[to] = memory.feeds[feed.id] = replace(feed, url=to, moving=Moving())
        for url, first_at in urls:
            before = by_url.get(dropped.get(same_address(url), ""))
            if url not in by_url and before is not None:
                del by_url[before.url]
                by_url[url] = memory.feeds[before.id] = _respelled(before, url, first_at)
        for url, first_at in urls:
            if url not in by_url:
                made = FeedState(
                    id=FeedId(len(memory.feeds) + 1), url=url, origin=origin_of(url), next_poll_at=first_at
                )
                by_url[url] = memory.feeds[made.id] = made
        named = tuple(by_url[url] for url, _ in urls)
        memory.registered = {feed.id for feed in named}
        return named if is_read else ()

    async def due(self, now: datetime, limit: int, apart: Apart = NONE_APART) -> tuple[FeedState, ...]:
        memory = self._memory
        due = [
            feed
            for feed in memory.feeds.values()
            if feed.id in memory.registered
            and not feed.is_gone
            and feed.next_poll_at <= now
            and memory.holds.get(feed.origin, now) <= now
            and not resting(feed.url, memory.outlets.get(feed.url, ()), tuple(memory.pauses.values()), now)
            and feed.id not in apart.feeds
            and feed.origin not in apart.origins
            and not any(f"{mark}{domain}:" in feed.origin for domain in apart.domains for mark in (".", "://"))
            and not (apart.is_failing and feed.failures)
        ]
        chosen: list[FeedState] = []
        counts: Counter[str] = Counter()
        for feed in sorted(due, key=lambda feed: (feed.next_poll_at, feed.id)):
            counts[feed.origin] += 1
            if apart.beyond is None or counts[feed.origin] <= apart.beyond:
                chosen.append(feed)
        return tuple(chosen[:limit])

    async def overdue(self, now: datetime) -> tuple[Overdue, ...]:
        return tuple(
            Overdue(feed=feed.id, url=feed.url, due_at=feed.next_poll_at, is_new=feed.last_poll_at is None)
            for feed in await self.due(now, len(self._memory.feeds))
        )

    async def put_off(self, feeds: Sequence[PutOff], reason: str) -> None:
        known = self._memory.feeds
        for one in feeds:
            if one.feed in known and known[one.feed].next_poll_at == one.due_at:
                known[one.feed] = replace(known[one.feed], next_poll_at=one.until, next_reason=reason)

    async def retime(self, now: datetime, by: timedelta) -> None:
        memory = self._memory
        for feed in memory.feeds.values():
            memory.feeds[feed.id] = _sobered(feed if feed.is_gone else _retimed(feed, now, by), now)
        memory.holds = {origin: min(until + by, now + LONGEST_HOLD) for origin, until in memory.holds.items()}

    async def hasten(
        self,
        beyond: timedelta,
        is_long: Callable[[str, timedelta], bool],
        decide: Callable[[FeedState], FeedState | None],
    ) -> int:
        count = 0
        for feed in tuple(self._memory.feeds.values()):
            works = feed.id in self._memory.registered and not (feed.failures or feed.is_gone)
            if not works or feed.last_poll_at is None:
                continue
            length = feed.next_poll_at - feed.last_poll_at
            if length > beyond and is_long(feed.url, length) and (given := decide(feed)) is not None:
                self._memory.feeds[feed.id] = given
                count += 1
        return count

    async def commit(
        self, question: Question, decide: Callable[[Known], PollPlan | Inquiry], *, is_dry: bool = False
    ) -> PollPlan:
        known = self._known(question)
        plan = decide(known)
        if isinstance(plan, Inquiry):
            told = {story: self._told(story) for story in plan.stories if story in self._memory.stories}
            plan = decide(replace(known, told=told))
        if isinstance(plan, Inquiry):
            raise TypeError("a decision that was told what it asked for asks again")
        untold = {
            alert.dedupe_key: alert for alert in reversed(plan.alerts) if alert.dedupe_key not in self._memory.alerts
        }
        plan = replace(plan, alerts=tuple(alert for alert in plan.alerts if untold.get(alert.dedupe_key) is alert))
        if not is_dry:
            self._write(plan, question.since)
        return plan

    def _known(self, question: Question) -> Known:
        memory = self._memory
        entries = {
            key: memory.identities[key, question.feed]
            for key in question.keys
            if (key, question.feed) in memory.identities
        }
        links = {key: self._story_by_link(key) for key in question.keys if key.startswith("link:")}
        texts = {words: self._story_by_text(words, question.since) for words in question.fingerprints}
        is_asked = question.keys or question.fingerprints
        return Known(
            feed=memory.feeds[question.feed],
            entries={key: _known_entry(entry, question) for key, entry in entries.items()},
            stories_by_link={key: home for key, home in links.items() if home is not None},
            stories_by_text={words: home for words, home in texts.items() if home is not None},
            words={words: said for words in question.fingerprints if (said := self._saying(words, question))},
            moves=tuple(self._moves(question.moves_after)) if is_asked else (),
        )

    def _moves(self, after: int) -> Iterator[Move]:
        for one in self._memory.moves:
            if one.serial > after:
                yield replace(one, story_key=self._memory.entries[one.feed, one.entry_key].story)

    def _told(self, story: str) -> Told:
        memory = self._memory
        living = memory.living(story)
        fired = dict(memory.inherited.get(living, {}))
        for alert in memory.alerts.values():
            if alert.kind is AlertKind.FIRST and alert.story_key == living:
                fired.setdefault(alert.content.rule, alert.public_id)
        said = [entry.said(number) for entry, number in memory.past if entry.story == living]
        outlets = frozenset(
            outlet for entry in memory.entries.values() if entry.story == living for outlet in entry.outlets
        )
        half = MOST_SAID // 2
        some = said if len(said) <= MOST_SAID else said[:half] + said[-half:]
        texts = tuple(Text(title=text.title, summary=text.summary) for text in some)
        channels: dict[str, tuple[str, ...]] = {}
        for one in memory.deliveries:
            channels[one.alert.public_id] = (*channels.get(one.alert.public_id, ()), one.channel)
        heard = {rule: channels[alert] for rule, alert in fired.items() if alert in channels}
        titles = {one.public_id: one.content.title for one in memory.alerts.values() if one.public_id in fired.values()}
        return Told(fired=fired, titles=titles, heard=heard, outlets=outlets, said=texts if fired else ())

    def _story_by_link(self, key: str) -> Home | None:
        memory = self._memory
        return memory.oldest_home(
            entry
            for (known, feed), entry in memory.identities.items()
            if known == key and memory.feeds[feed].habits.links.doubted_since is None
        )

    def _saying(self, words: str, question: Question) -> tuple[KnownEntry, ...]:
        said = [
            entry
            for entry in self._memory.entries.values()
            if entry.feed == question.feed
            and entry.last_seen_at > question.since
            and any(sifted.fingerprint == words for _, sifted in entry.revisions)
        ]
        said.sort(key=lambda entry: entry.last_seen_at, reverse=True)
        # As SQLite answers: the date is that of the revision that said so, the link is not asked for.
        dates = {
            id(entry): next(one.entry.published_at for _, one in entry.revisions if one.fingerprint == words)
            for entry in said
        }
        return tuple(
            replace(_known_entry(entry, question), text=None, link="", published_at=dates[id(entry)]) for entry in said
        )

    def _story_by_text(self, fingerprint: str, since: datetime) -> Home | None:
        return self._memory.oldest_home(
            entry
            for entry in self._memory.entries.values()
            if entry.last_seen_at > since and any(sifted.fingerprint == fingerprint for _, sifted in entry.revisions)
        )

    def _write(self, plan: PollPlan, since: datetime) -> None:
        memory = self._memory
        for sifted in plan.sift.fresh:
            self._remember(sifted, plan)
        self._compare(plan, since)
        for key, entry_key in plan.sift.learned:
            memory.identities[key, plan.feed.id] = memory.entries[plan.feed.id, entry_key]
        for entry_key in plan.sift.seen:
            entry = memory.entries[plan.feed.id, entry_key]
            entry.last_seen_at = max(entry.last_seen_at, plan.at)
            entry.outlets |= set(plan.outlets)
        for found in plan.found:
            matches = memory.entries[plan.feed.id, found.entry_key].matches
            matches.setdefault((found.revision, found.match.rule), found.match)
            hashes = memory.entries[plan.feed.id, found.entry_key].hashes
            hashes.setdefault(found.match.rule, set()).add(found.rule_hash)
        for alert in plan.alerts:
            _tell(memory, alert, plan.at)
        memory.feeds[plan.feed.id] = replace(plan.feed, origin=origin_of(plan.feed.address))
        if plan.sift.fresh or plan.sift.seen:
            memory.windows[plan.feed.id] = max(plan.at, memory.windows.get(plan.feed.id, plan.at))
        if plan.hold_origin_until is not None:
            origin = origin_of(plan.hold_address) if plan.hold_address else plan.feed.origin
            until = memory.holds.get(origin, plan.hold_origin_until)
            memory.holds[origin] = max(until, plan.hold_origin_until)

    def _remember(self, sifted: Sifted, plan: PollPlan) -> None:
        memory = self._memory
        memory.stories.setdefault(sifted.story_key, plan.at)
        entry = memory.entries.get((plan.feed.id, sifted.entry_key))
        if entry is None:
            memory.last_place += 1
            entry = KeptEntry(
                place=memory.last_place,
                feed=plan.feed.id,
                first=sifted,
                home=Home(story_key=memory.living(sifted.story_key), text_key=sifted.text_key),
                revisions=[(plan.at, sifted)],
                last_seen_at=plan.at,
                level=sifted.level.value,
                score=sifted.score,
                reason=sifted.reason,
            )
            memory.entries[plan.feed.id, sifted.entry_key] = entry
        elif sifted.revision > entry.newest.revision:
            entry.revisions.append((plan.at, sifted))
            entry.last_seen_at = max(entry.last_seen_at, plan.at)
        entry.outlets |= set(plan.outlets)
        if entry.newest is sifted:
            memory.past.append((entry, sifted.revision))
        for key in sifted.keys:
            memory.identities[key, plan.feed.id] = entry

    def _compare(self, plan: PollPlan, since: datetime) -> None:
        memory = self._memory
        for sifted in plan.sift.fresh:
            entry = memory.entries[plan.feed.id, sifted.entry_key]
            entry.related |= {story: score for story, score in sifted.related if story in memory.stories}
            if sifted.sketch:
                memory.sketches[entry.place] = (entry, plan.at, sifted.sketch)
        if any(sifted.sketch for sifted in plan.sift.fresh):
            memory.sketches = {
                place: kept
                for place, kept in memory.sketches.items()
                if kept[1] >= since or place > memory.lexicon.place
            }
        if plan.vocabulary:
            memory.lexicon = Lexicon(vocabulary=plan.vocabulary, place=memory.last_place)


class FakeRecall:
    """`monitor.ports.Recall` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def lexicon(self) -> Lexicon:
        return self._memory.lexicon

    async def entries(self, after: int, since: datetime, limit: int) -> tuple[Remembered, ...]:
        return self._kept(after, limit, lambda seen_at: seen_at >= since)

    async def uncounted(self, after: int, limit: int) -> tuple[Remembered, ...]:
        return self._kept(after, limit, lambda _: True)

    async def last_move(self) -> int:
        return max((one.serial for one in self._memory.moves), default=0)

    def _kept(self, after: int, limit: int, is_wanted: Callable[[datetime], bool]) -> tuple[Remembered, ...]:
        kept = [
            Remembered(
                place=place,
                feed=entry.feed,
                entry_key=entry.first.entry_key,
                home=entry.home,
                seen_at=seen_at,
                sketch=sketch,
            )
            for place, (entry, seen_at, sketch) in sorted(self._memory.sketches.items())
            if place > after and is_wanted(seen_at)
        ]
        return tuple(kept[:limit])


class FakeOutbox:
    """`monitor.ports.OutboxStore` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def ready(self, now: datetime) -> tuple[str, ...]:
        heads: dict[str, Delivery] = {}
        for delivery in self._open():
            heads.setdefault(delivery.channel, delivery)
        return tuple(channel for channel, head in heads.items() if head.is_free(now))

    async def claim(self, channel: str, now: datetime, lease: timedelta, limit: int) -> tuple[Message, ...]:
        claimed: dict[MessageId, Sending] = {}
        for delivery in self._open():
            if delivery.channel != channel or (delivery.send and delivery.send.message.id in claimed):
                continue
            if len(claimed) == limit or not delivery.is_free(now):
                break
            if delivery.send is None:
                created_at = delivery.sorted_at or delivery.created_at
                message = replace(message_of(delivery), created_at=created_at)
                delivery.send = Sending(message=message, due_at=created_at)
            claimed[delivery.send.message.id] = delivery.send
        for send in claimed.values():
            send.lease_until = now + lease
            for delivery in self._carried(send):
                delivery.state = DeliveryState.LEASED
        return tuple(send.message for send in claimed.values())

    async def settle(
        self,
        settled: Sequence[Settled],
        release: Collection[PublicId],
        channel: str,
        alarms: Sequence[Alert] = (),
        circuit: Circuit | None = None,
    ) -> None:
        sends = self._sends()
        for one in settled:
            if one.message in sends:
                carried = self._carried(sends[one.message])
                _remember_attempt(sends[one.message], one)
                _end(carried, sends[one.message], one)
        for send in sends.values():
            if send.message.channel == channel and send.message.public_id in release:
                _give_back(self._carried(send))
        if circuit is not None:
            self._memory.circuits.pop(channel, None)
            if circuit.since is not None:
                self._memory.circuits[channel] = circuit
        for alarm in alarms:
            if alarm.dedupe_key not in self._memory.alerts:
                _tell(self._memory, alarm, alarms[0].at)

    async def recover(self) -> int:
        return sum(_give_back(self._carried(send)) for send in self._sends().values())

    async def retry(self, public_ids: Collection[PublicId] | None, now: datetime, channel: str = "") -> int:
        count = 0
        for send in self._sends().values():
            carried = self._carried(send)
            names = {send.message.public_id, *(one.alert.public_id for one in carried)}
            if (public_ids is None or names & set(public_ids)) and channel in ("", send.message.channel):
                count += len(carried) * _make_due(carried, send, now, dead_only=public_ids is None)
        kept_back = [
            one
            for one in self._memory.deliveries
            if one.state in _NOT_ON_WAY and one.alert.public_id in (public_ids or ()) and channel in ("", one.channel)
        ]
        for one in kept_back:
            _to_the_end(self._memory, one)
            one.state, one.sorted_at = DeliveryState.PENDING, now
        return count + len(kept_back)

    def _open(self) -> Iterator[Delivery]:
        return (one for one in self._memory.deliveries if one.state in _OPEN and one.sorted_at is not None)

    def _sends(self) -> dict[MessageId, Sending]:
        return {one.send.message.id: one.send for one in self._memory.deliveries if one.send is not None}

    def _carried(self, send: Sending) -> list[Delivery]:
        return [one for one in self._memory.deliveries if one.send is send]


class FakeSorting:
    """`monitor.ports.SortingStore` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def unsorted(self, now: datetime) -> tuple[str, ...]:
        waiting = (one for one in self._memory.deliveries if one.is_to_be_sorted or _is_released(one, now))
        return tuple(sorted({one.channel for one in waiting}))

    async def sort(
        self,
        channel: str,
        now: datetime,
        since: datetime | None,
        decide: Callable[[Sequence[Waiting], Sequence[Mute], Standing], Sorting],
        *,
        is_anew: bool = False,
    ) -> bool:
        memory = self._memory
        own = [one for one in memory.deliveries if one.channel == channel]
        held = [one for one in own if one.state is DeliveryState.HELD and (is_anew or _is_released(one, now))]
        fresh = [one for one in own if one.is_to_be_sorted]
        found = held[:MOST_RELEASED] + fresh[:MOST_NEW]
        mutes = tuple(memory.mutes[key] for key in sorted(memory.mutes) if _is_in_force(memory.mutes[key], now))
        seen = tuple(waiting(one.id, channel, one.alert, self._story(one.alert), _held(one)) for one in found)
        sorting = decide(seen, mutes, self._standing(channel, since))
        self._write(sorting, {one.id: one for one in found}, now)
        memory.digests |= {(channel, rule): at for rule, at in sorting.digested.items()}
        return len(held) >= MOST_RELEASED or len(fresh) >= MOST_NEW

    async def gather(self, channel: str, now: datetime, decide: Callable[[Sequence[Waiting]], Together | None]) -> bool:
        memory = self._memory
        own = [one for one in memory.deliveries if one.channel == channel]
        first = [one for one in own if _is_backlog(one, now)][:MOST_GATHERED]
        groups = {name for one in first if (name := _group(one))}
        found = [one for one in own if one in first or _group(one) in groups]
        together = decide(
            tuple(
                waiting(one.id, channel, one.alert, self._story(one.alert), None, carried_by=_group(one))
                for one in found
            )
        )
        if together is None:
            return False
        by_place = {one.id: one for one in found}
        carried = [by_place[place] for place in together.deliveries]
        for one in carried:
            one.send, one.hold, one.held_until = None, together.hold, now
        self._put_together(together, carried, now)
        for one in own:
            if one.is_to_be_sorted:
                _to_the_end(memory, one)
        return len(first) >= MOST_GATHERED

    async def standing(self, channel: str) -> Standing:
        return self._standing(channel, None)

    async def fared(self, channel: str, since: datetime) -> Fared:
        memory = self._memory
        sends = {one.send.message.id: one.send for one in memory.deliveries if one.send and one.channel == channel}
        ends = sorted(send.settled_at for send in sends.values() if send.settled_at is not None)
        circuit = memory.circuits.get(channel, Circuit())
        return Fared(sends=tuple(at for at in ends if at >= since), circuit=circuit)

    def _story(self, alert: Alert) -> str:
        return short_name(self._memory.living(alert.story_key)) if alert.story_key else ""

    def _standing(self, channel: str, since: datetime | None) -> Standing:
        memory = self._memory
        on_way: dict[int, list[Delivery]] = {}
        for one in memory.deliveries:
            if one.channel != channel or one.sorted_at is None or one.state in _NOT_ON_WAY:
                continue
            if since is not None and one.sorted_at >= since:
                on_way.setdefault(one.send.message.id if one.send else -one.id, []).append(one)
        sent: list[datetime] = []
        sent_of: dict[str, list[datetime]] = {}
        for group in on_way.values():
            at = min(one.sorted_at for one in group if one.sorted_at is not None)
            sent.append(at)
            rules = {one.alert.content.rule for one in group}
            if len(rules) == 1:
                sent_of.setdefault(rules.pop(), []).append(at)
        return Standing(
            channel=channel,
            sent=tuple(sorted(sent)),
            sent_of={rule: tuple(sorted(times)) for rule, times in sent_of.items()},
            digested={rule: at for (name, rule), at in memory.digests.items() if name == channel},
        )

    def _write(self, sorting: Sorting, found: dict[int, Delivery], now: datetime) -> None:
        for place in whole(sorting, found):
            self._put(found[place], now)
        for together in sorting.together:
            self._put_together(together, [found[place] for place in together.deliveries], now)
        for held in sorting.held:
            for place in held.deliveries:
                one = found[place]
                one.state, one.hold, one.held_until, one.sorted_at = DeliveryState.HELD, held.hold, held.until, now
        for place, why in sorting.muted:
            found[place].state, found[place].why, found[place].sorted_at = DeliveryState.MUTED, why, now

    def _put(self, one: Delivery, now: datetime) -> None:
        """On its way, behind whatever is; what was never held stands in its place already, or follows such."""
        memory = self._memory
        behind = [other for other in memory.deliveries if other.sorted_at is not None and other.channel == one.channel]
        if one.hold is not None or (behind and behind[-1].id > one.id):
            _to_the_end(memory, one)
        one.state, one.sorted_at = DeliveryState.PENDING, now

    def _put_together(self, together: Together, carried: list[Delivery], now: datetime) -> None:
        memory = self._memory
        if not carried:
            alert = nothing_told(together, now)
            if alert.dedupe_key not in memory.alerts:
                _tell(memory, alert, now)
                memory.deliveries[-1].sorted_at = now
            return
        key = together.key
        if (key, together.channel) in memory.made:
            key = other_key(together, carried[0].alert.public_id)
        memory.made.add((key, together.channel))
        for one in carried:
            self._put(one, now)
        message = Message(
            id=MessageId(carried[0].id),
            public_id=PublicId(short_name(key)),
            channel=together.channel,
            alerts=tuple(one.alert for one in carried),
            created_at=now,
            title=together.title,
            hold=together.hold,
        )
        send = Sending(message=message, due_at=now)
        for one in carried:
            one.send = send


def _to_the_end(memory: Memory, one: Delivery) -> None:
    memory.deliveries.remove(one)
    one.id = _next(memory)
    memory.deliveries.append(one)


def _next(memory: Memory) -> int:
    return max((one.id for one in memory.deliveries), default=0) + 1


def _held(one: Delivery) -> tuple[Hold, datetime] | None:
    return None if one.hold is None or one.held_until is None else (one.hold, one.held_until)


def _is_backlog(one: Delivery, now: datetime) -> bool:
    if one.state is not DeliveryState.PENDING or one.sorted_at is None or one.alert.kind in _OURSELVES:
        return False
    if one.send is None:
        return True
    message = one.send.message
    is_just_made = message.hold is Hold.AWAY and message.created_at == now
    return not (message.attempts or one.send.attempts or message.is_repeat or is_just_made)


def _group(one: Delivery) -> str:
    """The message of several that carries it; empty: none."""
    return one.send.message.public_id if one.send and one.send.message.hold is not None else ""


def _is_released(one: Delivery, now: datetime) -> bool:
    return one.state is DeliveryState.HELD and one.held_until is not None and one.held_until <= now


def _is_in_force(mute: Mute, now: datetime) -> bool:
    return mute.until is None or mute.until > now


class FakeViews:
    """`monitor.ports.ViewStore` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def status(self) -> Status:
        memory = self._memory
        stands = [(delivery.channel, delivery.state.value) for delivery in memory.deliveries]
        return Status(
            feeds=tuple(feed for feed in memory.feeds.values() if feed.id in memory.registered),
            deliveries=tuple((*stand, stands.count(stand)) for stand in sorted(set(stands))),
            entries=len(memory.entries),
            stories=len(memory.stories) - len(memory.merged),
            alerts=await self.alerts(5),
            pauses=tuple(memory.pauses[key] for key in sorted(memory.pauses)),
            outlets={url: tuple(sorted(names)) for url, names in memory.outlets.items() if names},
            mutes=tuple(memory.mutes[key] for key in sorted(memory.mutes)),
            circuits=tuple(self._circuits()),
            troubles=_known_troubles(memory),
        )

    def _circuits(self) -> Iterator[CircuitRow]:
        for name, circuit in sorted(self._memory.circuits.items()):
            queue = (one for one in self._memory.deliveries if one.channel == name and one.state in _OPEN)
            head = next((one for one in queue if one.sorted_at is not None), None)
            send = head.send if head else None
            yield CircuitRow(
                channel=name,
                circuit=circuit,
                is_trying=head is not None and head.state is DeliveryState.LEASED,
                due_at=send.due_at if send else None,
                error=send.last_error if send else "",
            )

    async def alerts(self, limit: int) -> tuple[AlertRow, ...]:
        return tuple(self.alert_row(alert) for alert in reversed(self._memory.alerts.values()))[:limit]

    async def outbox(self, limit: int, states: Collection[str]) -> tuple[DeliveryRow, ...]:
        return tuple(delivery_row(one) for one in self._memory.deliveries if one.state in states)[:limit]

    async def history(self, link_key: str, link: str) -> History:
        memory = self._memory
        found = [entry for entry in memory.entries.values() if memory.identities.get((link_key, entry.feed)) is entry]
        rows = self.alerts_of({entry.story for entry in found}, link)
        alerts = [row.alert for row in rows]
        return History(
            link=link,
            sightings=tuple(self.sighting(entry) for entry in found),
            alerts=rows,
            deliveries=tuple(delivery_row(one) for one in memory.deliveries if one.alert in alerts),
        )

    def alerts_of(self, stories: Collection[str], link: str = "") -> tuple[AlertRow, ...]:
        memory = self._memory
        inherited = {name for story in stories for name in memory.inherited.get(story, {}).values()}
        return tuple(
            self.alert_row(alert)
            for alert in memory.alerts.values()
            if alert.story_key in stories
            or memory.merged.get(alert.story_key) in stories
            or alert.public_id in inherited
            or (link and alert.content.link == link)
        )

    def title_of(self, story: str) -> str:
        titles = (one.newest.entry.text.title for one in self._memory.entries.values() if one.story == story)
        return next(titles, "")

    def _related(self, entry: KeptEntry) -> tuple[Neighbour, ...]:
        memory = self._memory
        near: dict[str, float] = {}
        for story, score in entry.related.items():
            living = memory.living(story)
            if living != entry.story:
                near[living] = max(score, near.get(living, 0.0))
        return tuple(
            Neighbour(public_id=short_name(story), title=self.title_of(story), score=score)
            for story, score in sorted(near.items(), key=lambda one: -one[1])
        )

    def alert_row(self, alert: Alert) -> AlertRow:
        states = tuple((one.channel, one.state.value) for one in self._memory.deliveries if one.alert is alert)
        return AlertRow(alert=alert, states=states)

    def sighting(self, entry: KeptEntry) -> Sighting:
        outlets = tuple(sorted(entry.outlets))
        return Sighting(
            feed_url=self._memory.feeds[entry.feed].url,
            outlets=outlets,
            story_key=entry.story,
            level=entry.level,
            reason=entry.reason,
            public_id=entry_name(self._memory.feeds[entry.feed].url, entry.first.entry_key),
            score=entry.score,
            related=self._related(entry),
            moves=tuple(entry.moves),
            is_baseline=entry.first.is_baseline,
            first_seen_at=entry.revisions[0][0],
            last_seen_at=entry.last_seen_at,
            revisions=tuple((one.revision, at, view_of(one, outlets)) for at, one in entry.revisions),
            matches=tuple((revision, match) for (revision, _), match in sorted(entry.matches.items())),
            bare=frozenset(entry.bare),
        )


def _known_entry(entry: KeptEntry, question: Question) -> KnownEntry:
    newest = entry.newest
    return KnownEntry(
        entry_key=newest.entry_key,
        story_key=entry.story,
        text_key=entry.home.text_key,
        fingerprint=newest.fingerprint,
        revision=newest.revision,
        text=None if newest.fingerprint in question.fingerprints else newest.entry.text,
        was_baseline=entry.first.is_baseline,
        link="" if newest.fingerprint in question.fingerprints else newest.entry.link,
        published_at=None if newest.fingerprint in question.fingerprints else newest.entry.published_at,
    )


def _tell(memory: Memory, alert: Alert, at: datetime) -> None:
    channels = tuple(dict.fromkeys(alert.channels))
    told = replace(alert, channels=channels, story_key=memory.living(alert.story_key), begins=(), ends=())
    memory.alerts[alert.dedupe_key] = told
    _note_troubles(memory, alert)
    for channel in told.channels:
        memory.deliveries.append(Delivery(id=_next(memory), alert=told, channel=channel, created_at=at))


def _note_troubles(memory: Memory, alert: Alert) -> None:
    for one in alert.begins:
        before = memory.troubles.get((one.cause, one.subject))
        heard = {*one.channels, *(before.channels if before else ())}
        memory.troubles[one.cause, one.subject] = replace(
            one, since=before.since if before else one.since, told_at=alert.at, channels=tuple(sorted(heard))
        )
    for one in alert.ends:
        memory.troubles.pop((one.cause, one.subject), None)


def message_of(delivery: Delivery) -> Message:
    return Message(
        id=MessageId(delivery.id),
        public_id=delivery.alert.public_id,
        channel=delivery.channel,
        alerts=(delivery.alert,),
        created_at=delivery.created_at,
    )


def _remember_attempt(send: Sending, end: Settled) -> None:
    number = send.attempts[-1].number + 1 if send.attempts else 1
    made = Attempt(number=number, at=end.at, outcome=end.fate, reason=end.error or end.note, took_ms=end.took_ms)
    send.attempts.append(made)
    if number > MOST_ATTEMPTS:
        del send.attempts[MOST_ATTEMPTS // 2]


def _end(carried: Sequence[Delivery], send: Sending, end: Settled) -> None:
    state = carried[0].state
    if state is DeliveryState.SENT:
        return
    if state is DeliveryState.DEAD and end.fate is Settlement.RETRY:
        return
    send.message = replace(send.message, attempts=send.message.attempts + 1)
    send.lease_until, send.last_error = None, end.error
    if end.fate is Settlement.RETRY:
        state = DeliveryState.PENDING
        send.message = replace(send.message, form=end.form)
        send.due_at, send.settled_at = end.due_at or end.at, None
    else:
        state = DeliveryState(end.fate.value)
        send.settled_at = end.at
        send.is_dropped = send.is_dropped and end.fate is not Settlement.SENT
    for delivery in carried:
        delivery.state = state


def _give_back(carried: Sequence[Delivery]) -> bool:
    if carried[0].send is None or carried[0].state is not DeliveryState.LEASED:
        return False
    carried[0].send.lease_until = None
    for delivery in carried:
        delivery.state = DeliveryState.PENDING
    return True


def _make_due(carried: Sequence[Delivery], send: Sending, now: datetime, *, dead_only: bool) -> bool:
    state = carried[0].state
    if state is DeliveryState.DEAD and not (dead_only and send.is_dropped):
        send.message = replace(send.message, created_at=now, attempts=0, form=Form.FULL)
    elif dead_only or state is not DeliveryState.PENDING or send.due_at <= now:
        return False
    send.due_at, send.settled_at, send.is_dropped = now, None, False
    for delivery in carried:
        delivery.state = DeliveryState.PENDING
    return True


def delivery_row(delivery: Delivery) -> DeliveryRow:
    alert, send = delivery.alert, delivery.send
    return DeliveryRow(
        id=delivery.id,
        channel=delivery.channel,
        state=delivery.state.value,
        public_id=send.message.public_id if send else alert.public_id,
        kind=alert.kind.value,
        rule=alert.content.rule,
        title=alert.content.title,
        created_at=delivery.created_at,
        due_at=send.due_at if send else None,
        attempts=send.message.attempts if send else 0,
        last_error=send.last_error if send else "",
        settled_at=send.settled_at if send else None,
        hold=delivery.hold.value if delivery.hold else "",
        held_until=delivery.held_until,
        why=delivery.why,
        alert=alert.public_id,
        is_together=send is not None and send.message.hold is not None,
    )


def _known_troubles(memory: Memory) -> tuple[Trouble, ...]:
    return tuple(sorted(memory.troubles.values(), key=lambda one: (one.since, one.cause, one.subject)))


class FakeTroubles:
    """What is wrong with ourselves."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def known(self) -> tuple[Trouble, ...]:
        return _known_troubles(self._memory)

    async def feeds(self) -> FeedHealth:
        memory = self._memory
        feeds = [memory.feeds[feed] for feed in sorted(memory.registered)]
        strange = {one.subject.partition(" ")[0] for one in memory.troubles.values() if one.cause is Cause.IDENTITY}
        return FeedHealth(
            feeds=sum(not feed.is_gone for feed in feeds),
            failing=tuple(feed for feed in feeds if feed.failures or feed.is_gone),
            empty=tuple(feed for feed in feeds if feed.empty_since is not None),
            strange=tuple(feed for feed in feeds if feed.url in strange),
            pauses=tuple(memory.pauses[key] for key in sorted(memory.pauses)),
        )

    async def refusing(self) -> tuple[str, ...]:
        return tuple(sorted(self._memory.circuits))

    async def alerts_since(self, since: datetime) -> int:
        return sum(one.at >= since and one.kind not in _OURSELVES for one in self._memory.alerts.values())

    async def room(self) -> Room:
        return self._memory.room


class FakeSilence:
    """`monitor.ports.SilenceStore` in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def listen(self, now: datetime, *, is_dry: bool = False) -> tuple[Span, ...]:
        kept = [one for one in self._memory.spans if now - KEPT <= one.until and one.began_at <= now]
        spans = [replace(one, until=min(one.until, now)) for one in kept]
        if spans and now - spans[-1].until <= BRIDGED:
            spans[-1] = replace(spans[-1], until=now)
        else:
            spans.append(Span(began_at=now, until=now))
        if not is_dry:
            self._memory.spans = tuple(spans)
        return tuple(spans)

    async def feeds(self, after: int, quiet_since: datetime, missed_since: datetime, limit: int) -> FeedPortion:
        memory = self._memory
        ids = sorted(feed for feed in memory.feeds if feed > after)[:limit]
        feeds = tuple(memory.feeds[feed] for feed in ids if feed in memory.registered)
        told = tuple(one for one in feeds if _is_quiet(one, quiet_since, missed_since))
        return FeedPortion(feeds=told, last=ids[-1] if ids else None)

    async def heard(
        self, rules: Sequence[tuple[RuleName, str]], quiet_since: datetime, back: timedelta
    ) -> tuple[Heard, ...]:
        found = (self._heard(rule, digest, quiet_since, back) for rule, digest in rules)
        return tuple(one for one in found if one is not None)

    async def hush(self, outlets: Collection[str], now: datetime, *, is_dry: bool = False) -> Mapping[str, datetime]:
        hushed = {outlet: until for outlet, until in self._memory.hushed.items() if now - KEPT <= until <= now}
        hushed |= dict.fromkeys(outlets, now)
        if not is_dry:
            self._memory.hushed = hushed
        return hushed

    async def muted(self, kind: MuteKind, now: datetime) -> frozenset[str]:
        mutes = self._memory.mutes.values()
        return frozenset(one.subject for one in mutes if one.kind is kind and _is_in_force(one, now))

    def _heard(self, rule: RuleName, digest: str, quiet_since: datetime, back: timedelta) -> Heard | None:
        matched = [one for one in self._memory.entries.values() if digest in one.hashes.get(rule, ())]
        matched.sort(key=lambda one: one.place)
        news = [one.revisions[0][0] for one in matched if not one.first.is_baseline]
        if not news:
            return None
        if news[-1] > quiet_since:
            return Heard(rule=rule, digest=digest, moments=(news[-1],))
        steps: dict[int, datetime] = {}
        for moment in news[:-1]:
            if _step(moment) >= _step(news[-1] - back):
                steps.setdefault(_step(moment), moment)
        outlets = [outlet for one in matched[-MOST_CARRIERS:] for outlet in one.outlets]
        carriers = {outlet: outlets.count(outlet) for outlet in outlets}
        return Heard(rule=rule, digest=digest, moments=(*steps.values(), news[-1]), carriers=carriers)


def _step(moment: datetime) -> int:
    return to_micros(moment) // (STEP // timedelta(microseconds=1))


def _is_quiet(feed: FeedState, quiet_since: datetime, missed_since: datetime) -> bool:
    last, missed = feed.rhythm.last_new_at, feed.rhythm.missed_at
    is_missed = missed is not None and missed >= missed_since
    return last is None or last <= quiet_since or is_missed or bool(feed.moving.adopted)


class FakeUpkeep:
    """`monitor.ports.UpkeepStore` in memory: one portion is all there is; nothing is damaged, and no copy is made."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.damage: StoreDamaged | None = None
        self.copies: list[datetime] = []
        self.is_there = True
        self.tidied = 0
        self.looked = 0

    async def sweep(self, portion: Portion, *, is_dry: bool = False) -> Swept:
        sweeps = {Kind.TEXTS: self._texts, Kind.ENTRIES: self._entries, Kind.ALERTS: self._alerts}
        return Swept(gone=sweeps[portion.kind](portion.before, is_dry=is_dry), after=None)

    async def tidy(self) -> None:
        self.tidied += 1

    async def check(self) -> None:
        if self.damage is not None:
            raise self.damage

    async def is_in_place(self) -> bool:
        self.looked += 1
        return self.is_there

    async def back_up(self, at: datetime, keep: int, every: timedelta | None = None) -> Path | None:
        if every is not None and self.copies and at < self.copies[-1] + every:
            return None
        self.copies = [*self.copies, at][-keep:]
        return Path(f"{at:%Y%m%dT%H%M%SZ}")

    def _has_left(self, entry: KeptEntry, before: datetime) -> bool:
        return entry.last_seen_at < before and entry.last_seen_at < self._memory.windows[entry.feed]

    def _texts(self, before: datetime, *, is_dry: bool) -> int:
        spent = [
            (entry, place)
            for entry in self._memory.entries.values()
            for place, (seen_at, sifted) in enumerate(entry.revisions)
            if sifted.revision not in entry.bare and seen_at < before
            if sifted is not entry.newest or self._has_left(entry, before)
        ]
        for entry, place in () if is_dry else spent:
            seen_at, sifted = entry.revisions[place]
            bare = replace(sifted.entry, text=Text(title=sifted.entry.text.title), authors=(), categories=())
            entry.revisions[place] = (seen_at, replace(sifted, entry=bare))
            entry.bare.add(sifted.revision)
        return len(spent)

    def _entries(self, before: datetime, *, is_dry: bool) -> int:
        memory = self._memory
        spent = {key: entry for key, entry in memory.entries.items() if self._has_left(entry, before)}
        if not is_dry:
            gone = {id(entry) for entry in spent.values()}
            memory.entries = {key: entry for key, entry in memory.entries.items() if key not in spent}
            memory.past = [kept for kept in memory.past if id(kept[0]) not in gone]
            memory.sketches = {place: kept for place, kept in memory.sketches.items() if id(kept[0]) not in gone}
            memory.moves = [one for one in memory.moves if (one.feed, one.entry_key) not in spent]
            memory.identities = {key: entry for key, entry in memory.identities.items() if id(entry) not in gone}
            self._end_stories()
        return len(spent)

    def _alerts(self, before: datetime, *, is_dry: bool) -> int:
        memory = self._memory
        known = {entry.story for entry in memory.entries.values()}
        waiting = {one.alert.dedupe_key for one in memory.deliveries if one.state in _UNFINISHED}
        delivered = {one.alert.dedupe_key for one in memory.deliveries}
        spent: set[str] = set()
        bare: set[str] = set()
        for key, alert in memory.alerts.items():
            if alert.at >= before or key in waiting:
                continue
            if not alert.story_key or memory.living(alert.story_key) not in known:
                spent.add(key)
            elif key in delivered or alert.content.text != Text():
                bare.add(key)
        if not is_dry:
            memory.deliveries = [one for one in memory.deliveries if one.alert.dedupe_key not in spent | bare]
            memory.alerts = {
                key: _stripped(alert) if key in bare else alert
                for key, alert in memory.alerts.items()
                if key not in spent
            }
            self._end_stories()
        return len(spent | bare)

    def _end_stories(self) -> None:
        memory = self._memory
        carried = {entry.story for entry in memory.entries.values()}
        kept = carried | {alert.story_key for alert in memory.alerts.values()}
        kept |= {story for story, living in memory.merged.items() if living in carried}
        kept |= {memory.living(story) for story in kept}
        memory.stories = {story: at for story, at in memory.stories.items() if story in kept}
        memory.merged = {story: living for story, living in memory.merged.items() if story in kept}
        memory.inherited = {story: rules for story, rules in memory.inherited.items() if story in kept}
        for entry in memory.entries.values():
            entry.related = {story: score for story, score in entry.related.items() if story in kept}


def _stripped(alert: Alert) -> Alert:
    return replace(alert, content=replace(alert.content, text=Text(), evidence=()), channels=())


def view_of(sifted: Sifted, outlets: tuple[str, ...]) -> View:
    entry = sifted.entry
    return View(
        text=entry.text,
        outlets=outlets,
        language=entry.language,
        link=entry.link,
        authors=entry.authors,
        categories=entry.categories,
        published_at=entry.published_at,
    )
