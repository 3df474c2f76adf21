"""The embedded engine: ticks drive the flows, and nothing that breaks stops the rest."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from monitor.alerts.retry import RetryPolicy
from monitor.app.house import House
from monitor.cadence.interval import Pace
from monitor.daemon.pulse import pulse
from monitor.engine.crew import Crew
from monitor.engine.embedded import Engine
from monitor.engine.ticks import Tick, Ticks
from monitor.entities.roster import build_roster
from monitor.errors import StoreBusy, StoreDamaged
from monitor.flow.poll import PollPorts
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.alerts import Rendered, Scope, SendFailed, Sent
from monitor.model.entries import Entry
from monitor.model.polls import FailureKind, FeedState, Fetched, FetchFailed, FetchRequest, NotModified, Validators
from monitor.model.queue import NONE_APART, Apart
from monitor.model.rules import RuleName, RuleSpec
from monitor.model.settings import ChannelSpec, Settings
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.system.notify import ServiceManager
from monitor.worker.replies import WorkerFailed
from tests.fakes.store import FakePolls, FakeStore
from tests.fakes.world import Publisher, Reader, Recorder, SetClock
from tests.plain_values import NOW, entry, parsed

PATIENCE = 10.0
NO_TIME = timedelta(0)


class NoPool:
    """Workers that nobody needs, because the parser is a fake."""

    async def run(self, _request: bytes, _meta: Mapping[str, object]) -> WorkerFailed:
        return WorkerFailed(reason="there are none")

    async def close(self) -> None:
        return


class Closed:
    """Something to close."""

    is_closed = False

    async def close(self) -> None:
        self.is_closed = True


@dataclass(slots=True)
class Town:
    """A house over fakes, and the world around it."""

    urls: tuple[str, ...]
    publisher: Publisher = field(default_factory=Publisher)
    reader: Reader = field(default_factory=Reader)
    store: FakeStore = field(default_factory=FakeStore)
    clock: SetClock = field(default_factory=SetClock)
    channels: dict[str, Recorder] = field(default_factory=lambda: {"screen": Recorder()})

    def house(self, *, query: str = "strike", concurrency: int = 64) -> House:
        made = compile_ruleset((RuleSpec(name=RuleName("strikes"), query=query),), build_roster(()))
        assert isinstance(made, Ruleset)
        pace = Pace(
            every=timedelta(minutes=15), shortest=timedelta(minutes=5), longest=timedelta(hours=24), is_stated=True
        )
        feeds = {
            url: FeedWatch(url=url, outlets=(url.split("/")[2],), tags=(), language="", pace=pace) for url in self.urls
        }
        settings = Settings(grace=timedelta(milliseconds=200))
        return House(
            settings=replace(settings, polling=replace(settings.polling, concurrency=concurrency, origin_gap=NO_TIME)),
            watch=Watch(feeds=feeds, ruleset=made, channels=tuple(self.channels)),
            channels=self.channels,
            store=self.store,
            fetcher=Closed(),
            pool=NoPool(),
            poll_ports=PollPorts(fetcher=self.publisher, parser=self.reader, store=self.store.polls, clock=self.clock),
            clock=self.clock,
            retry=RetryPolicy(),
            wordings={},
        )

    async def open(self) -> None:
        await self.store.polls.register([(url, NOW) for url in self.urls])
        for url in self.urls:
            self.publish(url, entry(1, title=f"Old news of {url}", link=f"{url}/1"))

    def publish(self, url: str, *entries: Entry) -> None:
        body = f"{url} {len(self.reader.documents)}".encode()
        self.reader.documents[body] = parsed(*entries)
        self.publisher.answers[url] = Fetched(body=body, url=url, validators=Validators(etag=b'"1"'))

    def polls(self, url: str) -> int:
        return sum(request.url == url for request in self.publisher.requests)


@asynccontextmanager
async def running(engine: Engine) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    async with asyncio.timeout(PATIENCE):
        task = asyncio.create_task(engine.run(stop))
        try:
            yield stop
        finally:
            stop.set()
            await task


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - the fakes give no events
            await asyncio.sleep(0.005)


async def test_due_feeds_are_polled_and_their_alerts_sent() -> None:
    """Baseline first; when the next poll is due, what is new goes out at once."""
    town = Town(("https://a.example/rss", "https://b.example/rss"))
    await town.open()
    async with running(Engine(town.house())):
        await until(lambda: len(town.publisher.requests) == 2)
        town.publish(
            "https://a.example/rss", entry(2, title="Tram strike tomorrow morning", link="https://a.example/2")
        )
        town.clock.pass_by(timedelta(minutes=20))
        await until(lambda: len(town.channels["screen"].messages) == 1)
    assert town.channels["screen"].messages[0].subject == "Tram strike tomorrow morning"


async def test_one_origin_is_asked_once_at_a_time() -> None:
    """Two feeds of one host wait for one another; other hosts do not."""
    town = Town(("https://a.example/1", "https://a.example/2", "https://b.example/1"))
    await town.open()
    gate, most, now = asyncio.Event(), 0, 0

    class Slow(Publisher):
        async def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
            nonlocal most, now
            if "a.example" in request.url:
                now += 1
                most = max(most, now)
                await gate.wait()
                now -= 1
            return await Publisher.fetch(self, request)

    town.publisher = Slow(answers=town.publisher.answers)
    async with running(Engine(town.house())):
        await until(lambda: town.polls("https://b.example/1") == 1 and now == 1)
        gate.set()
        await until(lambda: len(town.publisher.requests) == 3)
    assert most == 1


async def test_no_more_polls_at_once_than_configured() -> None:
    """Sockets and memory are bounded."""
    town = Town(tuple(f"https://{name}.example/rss" for name in "abcdef"))
    await town.open()
    most = now = 0

    class Counting(Publisher):
        async def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
            nonlocal most, now
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1
            return await Publisher.fetch(self, request)

    town.publisher = Counting(answers=town.publisher.answers)
    async with running(Engine(town.house(concurrency=2))):
        await until(lambda: len(town.publisher.requests) == 6)
    assert most == 2


async def test_a_feed_that_breaks_unexpectedly_is_logged_left_alone_and_hurts_nobody() -> None:
    """A bug in one feed's path is no reason to miss the others."""
    town = Town(("https://bad.example/rss", "https://good.example/rss"))
    await town.open()
    del town.publisher.answers["https://bad.example/rss"]
    with capture_logs() as logs:
        async with running(Engine(town.house())):
            await until(lambda: town.polls("https://good.example/rss") == 1 and bool(town.publisher.requests[1:]))
            town.clock.pass_by(timedelta(minutes=20))
            await until(lambda: town.polls("https://good.example/rss") == 2)
    assert town.polls("https://bad.example/rss") == 1
    assert [log["event"] for log in logs if log["log_level"] == "error"] == ["work broke"]


async def test_a_slow_channel_delays_no_other() -> None:
    """Each has a courier of its own; at the end of the grace period the slow one is cut off."""
    town = Town(("https://a.example/rss",))

    class Stuck(Recorder):
        async def send(self, message: Rendered) -> Sent | SendFailed:
            self.messages.append(message)
            await asyncio.Event().wait()
            return Sent()

    town.channels = {"stuck": Stuck(), "screen": Recorder()}
    await town.open()
    with capture_logs() as logs:
        async with running(Engine(town.house())):
            await until(lambda: town.polls("https://a.example/rss") == 1)
            town.publish("https://a.example/rss", entry(2, title="Tram strike tomorrow", link="https://a.example/2"))
            town.clock.pass_by(timedelta(minutes=20))
            await until(lambda: all(channel.messages for channel in town.channels.values()))
    assert [log["work"] for log in logs if "grace" in str(log["event"])] == ["courier stuck"]


async def test_once_polls_and_delivers_what_is_due_and_returns() -> None:
    """Each feed once, whatever happens."""
    town = Town(("https://a.example/1", "https://a.example/2", "https://b.example/1"))
    await town.open()
    first = await Engine(town.house()).once()
    assert (first.polled, first.alerts, first.sent) == (3, 0, 0)
    town.clock.pass_by(timedelta(minutes=20))
    town.publish("https://a.example/2", entry(2, title="Tram strike tomorrow", link="https://a.example/x"))
    town.publish("https://b.example/1", entry(3, title="Docks on strike", link="https://b.example/x"))
    second = await Engine(town.house()).once()
    assert (second.polled, second.alerts, second.sent, second.failed) == (3, 2, 2, 0)


async def test_an_origin_that_asks_for_time_has_its_other_feeds_left_alone() -> None:
    """Also the feeds that were seen to be due before it asked."""
    town = Town(("https://a.example/1", "https://a.example/2", "https://b.example/1"))
    await town.open()
    town.publisher.answers["https://a.example/1"] = FetchFailed(
        kind=FailureKind.HTTP, reason="429 Too Many Requests", status=429, retry_after_seconds=600
    )
    done = await Engine(town.house()).once()
    assert (done.polled, town.polls("https://a.example/2")) == (2, 0)


async def test_the_store_is_not_asked_what_is_due_at_the_end_of_every_poll() -> None:
    """Or a long queue would be read once for each of its feeds."""
    town = Town(tuple(f"https://{number}.example/rss" for number in range(50)))
    await town.open()
    asked = 0

    class Counting(FakePolls):
        async def due(self, now: datetime, limit: int, apart: Apart = NONE_APART) -> tuple[FeedState, ...]:
            nonlocal asked
            asked += 1
            return await FakePolls.due(self, now, limit, apart)

    town.store.polls = Counting(town.store.polls._memory)  # the feeds that are registered there
    done = await Engine(town.house(concurrency=5)).once()
    assert done.polled == 50
    assert asked < 10


async def test_once_does_not_wait_for_a_channel_that_is_down() -> None:
    """The failed send is counted and tried another day."""
    town = Town(("https://a.example/1",))
    town.channels["screen"].answer = lambda _: SendFailed(scope=Scope.CHANNEL, reason="down")
    await town.open()
    await Engine(town.house()).once()
    town.clock.pass_by(timedelta(minutes=20))
    town.publish("https://a.example/1", entry(2, title="Tram strike tomorrow", link="https://a.example/x"))
    done = await Engine(town.house()).once()
    assert (done.alerts, done.sent, done.failed) == (1, 0, 1)


async def test_a_new_configuration_takes_over_between_two_pieces_of_work() -> None:
    """What is under way ends with what it began with."""
    town = Town(("https://a.example/1",))
    await town.open()
    engine = Engine(town.house(query="strike"))
    async with running(engine):
        await until(lambda: town.polls("https://a.example/1") == 1)

        async def change(_: House) -> House:
            return town.house(query="regatta")

        await engine.refurnish(change)
        town.publish("https://a.example/1", entry(2, title="Regatta postponed again", link="https://a.example/x"))
        town.clock.pass_by(timedelta(minutes=20))
        await until(lambda: len(town.channels["screen"].messages) == 1)
    assert town.channels["screen"].messages[0].subject == "Regatta postponed again"


async def test_a_store_that_fails_for_a_while_stops_nothing_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for due feeds fails, is logged, and works again at a later beat."""
    town = Town(("https://a.example/1",))
    await town.open()
    engine, failures = Engine(town.house()), 0
    due = town.store.polls.due

    async def failing(*arguments: object) -> object:
        nonlocal failures
        failures += 1
        if failures == 1:
            message = "locked"
            raise StoreBusy(message)
        return await due(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(town.store.polls, "due", failing)
    with capture_logs() as logs:
        async with running(engine):
            await until(lambda: town.polls("https://a.example/1") == 1)
    assert any(log["event"] == "store failed" for log in logs)


async def test_a_name_whose_work_the_store_failed_rests() -> None:
    """A locked database must not make us ask a publisher every second."""
    ended: list[str] = []
    damage: list[StoreDamaged] = []
    crew = Crew("poll", lambda: ended.append("x"), on_damage=damage.append)

    async def fails() -> None:
        message = "locked"
        raise StoreBusy(message)

    with capture_logs():
        async with asyncio.TaskGroup() as group:
            crew.start(group, "7", fails())
            assert not crew.is_free("7")
    assert not crew.is_free("7")
    assert crew.is_free("8")
    assert ended == ["x"]
    assert not damage


async def test_ticks_beat_at_once_and_again() -> None:
    """The first beat does not wait for a period to pass."""
    tick = Tick("test", 0.02)
    async with asyncio.timeout(PATIENCE), Ticks(tick):
        for _ in range(3):
            await tick.wait()


async def test_a_wait_ends_although_no_beat_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the wall clock was set back APScheduler is silent for as long; the work goes on."""
    monkeypatch.setattr("monitor.engine.ticks.MISSED_BEAT_SECONDS", 0.01)
    async with asyncio.timeout(PATIENCE):
        assert not await Tick("test", 0.001).wait()


async def test_a_tick_that_was_put_off_for_an_hour_is_armed_anew() -> None:
    """As after the wall clock was set back."""
    tick = Tick("test", 3600.0)
    async with asyncio.timeout(PATIENCE), Ticks(tick) as ticks:
        assert await tick.wait()
        ticks.rearm(tick)
        assert await tick.wait()


async def test_an_engine_is_alive_while_its_loops_look_for_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that answers with errors is alive; one that hangs is not."""
    town = Town(("https://a.example/1",))
    await town.open()
    engine, gate = Engine(town.house()), asyncio.Event()
    due = town.store.polls.due

    async def hanging(*arguments: object) -> object:
        await gate.wait()
        return await due(*arguments)  # type: ignore[arg-type]  # passed on as they came

    async with running(engine):
        await until(lambda: town.polls("https://a.example/1") == 1)
        assert engine.is_alive()
        monkeypatch.setattr("monitor.engine.embedded.LONGEST_SILENCE", 0.05)
        monkeypatch.setattr(town.store.polls, "due", hanging)
        await until(lambda: not engine.is_alive())
        gate.set()
        monkeypatch.setattr("monitor.engine.embedded.LONGEST_SILENCE", 45.0)
        await until(engine.is_alive)


async def test_a_scheduler_that_is_dead_for_long_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work goes on by itself, but the watchdog is to start the service anew."""
    monkeypatch.setattr("monitor.engine.ticks.MISSED_BEAT_SECONDS", 0.01)
    monkeypatch.setattr("monitor.engine.embedded.POLL_PERIOD", 0.001)
    monkeypatch.setattr("monitor.engine.embedded.DELIVER_PERIOD", 0.001)

    async def dead(_: object) -> None:
        return

    monkeypatch.setattr("monitor.engine.ticks._beat", dead)
    town = Town(("https://a.example/1",))
    await town.open()
    engine = Engine(town.house())
    async with running(engine):
        await until(lambda: not engine.is_alive())
        await until(lambda: town.polls("https://a.example/1") == 1)


async def test_the_watchdog_is_fed_while_the_work_is_alive_and_not_after(tmp_path: Path) -> None:
    """And the log says why it is not."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.setblocking(False)
        manager = ServiceManager(address=str(tmp_path / "notify"), watchdog=timedelta(milliseconds=40))
        states = [True, True, False]
        with capture_logs() as logs:
            task = asyncio.create_task(pulse(manager, lambda: states.pop(0) if len(states) > 1 else states[0]))
            await until(lambda: bool(logs))
            task.cancel()
        assert [listener.recv(100) for _ in range(2)] == [b"WATCHDOG=1"] * 2
        with pytest.raises(BlockingIOError):
            listener.recv(100)
    await pulse(ServiceManager(), lambda: True)


GONE = SendFailed(scope=Scope.CHANNEL, reason="answered 410", is_lasting=True)


async def test_the_fallback_hears_of_a_channel_that_fails_for_good() -> None:
    """And nobody else; the alarm is never sent through the channel that it is about."""
    town = Town(("https://a.example/rss",), channels={"desk": Recorder(), "ops": Recorder(), "screen": Recorder()})
    town.channels["desk"].answer = lambda _: GONE
    specs = tuple(
        ChannelSpec(name=name, kind="console", fallback="ops" if name == "desk" else "") for name in town.channels
    )
    await _failing(town, specs)
    assert [message.kind for message in town.channels["ops"].messages] == ["first", "alarm"]
    assert {message.kind for message in town.channels["desk"].messages} == {"first"}
    assert {message.kind for message in town.channels["screen"].messages} == {"first"}


async def test_without_a_fallback_all_that_work_are_told() -> None:
    """A channel that fails as well is left out, so that two dead ones do not fill each other's queues."""
    town = Town(("https://a.example/rss",), channels={name: Recorder() for name in ("desk", "dead", "ops", "screen")})
    for name in ("desk", "dead"):
        town.channels[name].answer = lambda _: GONE
    await _failing(town, ())
    for name in ("ops", "screen"):
        alarms = [one.subject for one in town.channels[name].messages if one.kind == "alarm"]
        assert sorted(subject.split(":")[1].strip() for subject in alarms) == ["channel dead", "channel desk"]
    waiting = [row for row in await town.store.views.outbox(100, ("pending", "leased")) if row.kind == "alarm"]
    assert waiting == []


async def test_an_alarm_about_the_fallback_goes_to_the_others() -> None:
    """The chain never comes back to a channel that is known to fail."""
    town = Town(("https://a.example/rss",), channels={name: Recorder() for name in ("desk", "ops", "screen")})
    for name in ("desk", "ops"):
        town.channels[name].answer = lambda _: GONE
    specs = tuple(
        ChannelSpec(name=name, kind="console", fallback="ops" if name == "desk" else "") for name in town.channels
    )
    await _failing(town, specs)
    assert sum(one.kind == "alarm" for one in town.channels["screen"].messages) == 2


async def _failing(town: Town, specs: tuple[ChannelSpec, ...]) -> None:
    """News for every channel, and an hour of tries by the minute."""
    await town.open()
    house = town.house()
    engine = Engine(replace(house, settings=replace(house.settings, channels=specs)))
    async with running(engine):
        await until(lambda: len(town.publisher.requests) == 1)
        town.publish(town.urls[0], entry(2, title="Tram strike tomorrow", link=f"{town.urls[0]}/2"))
        town.clock.pass_by(timedelta(minutes=20))
        await until(lambda: all(channel.messages for channel in town.channels.values()))
        for _ in range(5):
            tries = {name: len(channel.messages) for name, channel in town.channels.items()}
            town.clock.pass_by(timedelta(minutes=10))
            await until(lambda tries=tries: _all_tried(town, tries))  # type: ignore[misc]  # bound now, not later
        await until(lambda: all(one.messages[-1].kind == "alarm" for one in _told(town)))


def _all_tried(town: Town, before: Mapping[str, int]) -> bool:
    """Whether every channel that fails was asked again."""
    failing = [name for name, channel in town.channels.items() if channel.answer(channel.messages[0]) == GONE]
    return all(len(town.channels[name].messages) > before[name] for name in failing)


def _told(town: Town) -> list[Recorder]:
    """The channels that have an alarm to tell or told one."""
    return [channel for channel in town.channels.values() if any(one.kind == "alarm" for one in channel.messages)]
