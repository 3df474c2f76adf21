"""A virtual week: the real engine, fetcher, parser and store against every kind of publisher, on a clock that is set.

The process is ended and begun anew on the same database again and again, once in the middle of a commit. No second of
real time is waited: when nothing is to be done, the clock is set on to the next moment at which something is.
"""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from monitor.app.examine import examined
from monitor.app.house import House, furnish
from monitor.cadence.refresh import refresh
from monitor.engine.poller import Poller
from monitor.engine.reports import Trouble
from monitor.engine.ticks import Tick
from monitor.errors import StoreBusy
from monitor.feeds.reader import WorkerParser
from monitor.feeds.work import parse_request
from monitor.flow.ourselves import look_at_ourselves
from monitor.model.polls import FeedId, Pause, PauseKind
from monitor.model.stories import Inquiry, Known, PollPlan, Question
from monitor.model.troubles import Cause, Reading
from monitor.net.fetch import HttpFetcher
from monitor.net.resolver import Found, GuardedResolver
from monitor.store import thread
from monitor.store.opening import DATABASE
from monitor.store.polls import SqlitePolls
from monitor.store.sqlite import SqliteStore
from monitor.worker.replies import Reply
from tests.politeness.publishers import Stand
from tests.politeness.record import Record, Restart, Terms
from tests.politeness.server import Server, serving

BEGAN = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
EVERY, SHORTEST = timedelta(minutes=15), timedelta(minutes=5)
DAYS = 8.5
_RESTARTS = {10.3: 0.0, 33.0: 0.1, 51.2: 0.0, 75.0: 0.5, 100.7: 0.0, 120.5: 14.0, 150.0: 0.0, 180.0: 0.0}
"""hours since the beginning → for how many hours we are off then"""
_KILLED_AT, _PAUSED = 90.0, (45.0, 93.0)
_BY_HAND = tuple(66.0 + seconds / 3_600 for seconds in (0, 10, 20, 70, 75, 150))
_LONGEST_STEP = timedelta(minutes=5)
_DURATIONS = {"3h": 3, "4h": 4, "1d": 24}


@dataclass(slots=True)
class WeekClock:
    """A clock that is set on, and chance that can be repeated."""

    moment: datetime = BEGAN
    random: Random = field(default_factory=lambda: Random(7))

    def now(self) -> datetime:
        return self.moment

    def steady(self) -> float:
        return (self.moment - BEGAN).total_seconds()

    def chance(self) -> float:
        return self.random.random()

    @property
    def hours(self) -> float:
        """Since the week began."""
        return self.steady() / 3_600


class MortalPolls(SqlitePolls):
    """A poll store whose process dies in the middle of one commit."""

    victim: FeedId | None = None
    has_died = False

    async def commit(
        self, question: Question, decide: Callable[[Known], PollPlan | Inquiry], *, is_dry: bool = False
    ) -> PollPlan:
        if question.feed == self.victim:
            self.has_died = True
            raise StoreBusy("the process was killed")
        return await super().commit(question, decide, is_dry=is_dry)


class AtHome:
    """What workers do, done in this process: nothing here is hostile to them."""

    async def run(self, request: bytes, meta: Mapping[str, object]) -> Reply:
        return Reply(value=parse_request(request, meta))


@dataclass(slots=True)
class Week:
    """What is under way."""

    folder: Path
    server: Server
    clock: WeekClock
    until: datetime
    restarts: list[Restart] = field(default_factory=list)
    refreshes: list[tuple[datetime, str]] = field(default_factory=list)
    alarmed: set[str] = field(default_factory=set)
    events: list[tuple[float, str]] = field(default_factory=list)
    """hours, and what happens then; the next one first"""

    def url(self, host: str) -> str:
        """Of the first feed of a host."""
        return next(self.server.street.url(one) for one in self.server.street.stands if one.host == host)

    async def run(self) -> None:
        """One life after another, until the week is over."""
        configuration = self.folder / "tocsin.yaml"
        configuration.write_text(_configuration(self.server), encoding="utf-8")
        while self.clock.now() < self.until:
            async with self._living(configuration) as (house, mortal):
                await self._live(house, mortal)

    @asynccontextmanager
    async def _living(self, configuration: Path) -> AsyncIterator[tuple[House, MortalPolls]]:
        house = await furnish(examined(configuration, {}), self.folder / "state", self.clock)
        assert isinstance(house.store, SqliteStore)
        await house.fetcher.close()
        await house.pool.close()
        allowed = house.settings.polling.allow_private
        fetcher = HttpFetcher(
            allow_private=allowed,
            contact=house.settings.polling.contact,
            clock=self.clock.now,
            resolver=GuardedResolver(allowed, lookup=_all_here),
        )
        mortal = MortalPolls(house.store.polls._thread)
        ports = replace(
            house.poll_ports, fetcher=fetcher, parser=WorkerParser(pool=AtHome(), clock=self.clock.now), store=mortal
        )
        house = replace(house, fetcher=fetcher, poll_ports=ports)
        try:
            yield house, mortal
        finally:
            await house.close()

    async def _live(self, house: House, mortal: MortalPolls) -> None:
        """Until the next restart, or the end."""
        poller = Poller(
            Tick("poll", 1.0), Tick("deliver", 1.0), on_damage=_fail, trouble=Trouble(), monotonic=self.clock.steady
        )
        async with asyncio.TaskGroup() as group:
            while self.clock.now() < self.until:
                if mortal.has_died:
                    self._forget_last(self.url("killed"))
                    self.restarts.append(Restart(at=self.clock.now(), due={}))
                    self.clock.moment += timedelta(seconds=3)
                    return
                has_begun = await poller.start_due(group, house)
                if under_way := poller.crew.under_way:
                    await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                elif not has_begun and await self._pass(poller.soonest, house, mortal):
                    return

    async def _pass(self, soonest: float, house: House, mortal: MortalPolls) -> bool:
        """Set the clock on to whatever is next; whether it is the end of this life."""
        now = self.clock.now()
        steps = [now + _LONGEST_STEP, self._next_due(now)]
        if soonest:
            steps.append(now + timedelta(seconds=soonest))
        at = BEGAN + timedelta(hours=self.events[0][0]) if self.events else self.until
        if at > min(steps):
            self.clock.moment = min(steps)
            return False
        self.clock.moment = max(at, now)
        if not self.events:
            return True
        return await self._happen(self.events.pop(0)[1], house, mortal)

    async def _happen(self, what: str, house: House, mortal: MortalPolls) -> bool:
        store, now = house.store, self.clock.now()
        assert isinstance(store, SqliteStore)
        word, _, rest = what.partition(" ")
        match word:
            case "restart":
                off = timedelta(hours=float(rest))
                self.restarts.append(Restart(at=now, due=self._due(), off=off))
                self.clock.moment = now + off
                return True
            case "kill":
                states = (await store.views.status()).feeds
                mortal.victim = next(one.id for one in states if one.url == self.url("killed"))
            case "pause":
                await store.feed_desk.pause(Pause(kind=PauseKind.FEED, subject=self.url("paused"), at=now))
            case "resume":
                await store.feed_desk.resume(PauseKind.FEED, self.url("paused"))
            case "refresh":
                url = self.url("byhand")
                await store.feed_desk.hasten(
                    [url],
                    lambda feed, held: refresh(feed, now=now, shortest=SHORTEST, held_until=held, is_gone_asked=False),
                )
                self.refreshes.append((now, url))
            case "look":
                alarms = await look_at_ourselves(store.troubles, store.outbox, house.watch, Reading(), now)
                gone = (one for alarm in alarms for one in alarm.begins if one.cause is Cause.GONE)
                self.alarmed.update(one.subject for one in gone)
        return False

    def _forget_last(self, url: str) -> None:
        """Nobody wrote down what the last answer was."""
        seen = self.server.exchanges
        place = max(place for place, one in enumerate(seen) if one.url == url)
        seen[place] = replace(seen[place], is_committed=False)

    def _next_due(self, now: datetime) -> datetime:
        (at,) = self._ask("SELECT min(next_poll_at) FROM feed WHERE is_gone = 0 AND next_poll_at > ?", _micros(now))[0]
        return self.until if at is None else _moment(at)

    def _due(self) -> dict[str, datetime]:
        rows = self._ask("SELECT url, next_poll_at FROM feed WHERE is_gone = 0 AND last_poll_at > ?", 0)
        return {url: _moment(at) for url, at in rows}

    def entries(self, host: str) -> int:
        """How many entries of a host's feeds were stored."""
        like = f"http://{host}.%"
        found = self._ask("SELECT count(*) FROM entry JOIN feed ON feed.id = feed_id WHERE feed.url LIKE ?", like)
        return int(found[0][0])

    def _ask(self, sql: str, parameter: object) -> list[tuple[Any, ...]]:
        file = self.folder / "state" / DATABASE
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            return connection.execute(sql, (parameter,)).fetchall()
        finally:
            connection.close()

    def record(self) -> Record:
        """What the score is counted by."""
        stands = self.server.street.stands
        return Record(
            exchanges=tuple(self.server.exchanges),
            feeds={self.server.street.url(one): _terms(one) for one in stands if one.is_named},
            until=self.until,
            every=EVERY,
            shortest=SHORTEST,
            restarts=tuple(self.restarts),
            refreshes=tuple(self.refreshes),
            alarmed=frozenset(self.alarmed),
            strangers=frozenset(self.server.street.url(one) for one in stands if one.is_stranger),
        )


@asynccontextmanager
async def virtual_week(folder: Path, *, days: float = DAYS, siblings: int = 200) -> AsyncIterator[Week]:
    """So many days, lived; `siblings` feeds are one server's."""
    clock = WeekClock()
    until = BEGAN + timedelta(days=days)
    async with serving(BEGAN, clock.now, siblings=siblings) as server:
        week = Week(folder=folder, server=server, clock=clock, until=until, events=_events(days * 24))
        # The store would wait for others by a clock that a virtual week does not keep: four minutes in all.
        patience, thread.PATIENCE_SECONDS = thread.PATIENCE_SECONDS, 0.0
        try:
            await week.run()
        finally:
            thread.PATIENCE_SECONDS = patience
        yield week


def _events(hours: float) -> list[tuple[float, str]]:
    events = [(at, f"restart {off}") for at, off in _RESTARTS.items()]
    events += [(_KILLED_AT, "kill"), (_PAUSED[0], "pause"), (_PAUSED[1], "resume")]
    events += [(at, "refresh") for at in _BY_HAND]
    events += [(at + 0.01, "look") for at in range(0, int(hours), 3)]
    return sorted(one for one in events if one[0] < hours)


def _configuration(server: Server) -> str:
    lines = [
        "polling: {allow_private: [127.0.0.0/8], contact: desk@quay.example}",
        "channels: [{name: screen, kind: console}]",
        "rules: [{name: ferries, query: ferry}]",
        "outlets:",
    ]
    for stand in server.street.stands:
        if not stand.is_named:
            continue
        every = f", every: {stand.every}" if stand.every else ""
        for number in range(stand.named_by):
            name = f"{stand.host}{stand.path} {number}"
            lines.append(f'  - {{name: "{name}", feeds: [{{url: "{server.street.url(stand)}"{every}}}]}}')
    return "\n".join(lines) + "\n"


def _terms(stand: Stand) -> Terms:
    every = timedelta(hours=_DURATIONS[stand.every]) if stand.every else None
    return Terms(every=every, named_by=stand.named_by, is_plain=stand.is_plain)


def _all_here(_: str) -> Found:
    return ((socket.AF_INET, "127.0.0.1"),)


def _fail(error: Exception) -> None:
    raise error


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


def _moment(micros: object) -> datetime:
    assert isinstance(micros, int)
    return datetime.fromtimestamp(micros / 1_000_000, UTC)
