"""One outlet on loopback that answers byte for byte as a test says, polled by the real fetcher, workers and store."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from structlog.testing import capture_logs

from monitor.app.examine import examined
from monitor.app.house import House, furnish
from monitor.engine.embedded import Engine
from monitor.feeds.reader import TARGET, WorkerParser
from monitor.model.alerts import AlertKind
from monitor.model.polls import FeedState
from monitor.worker.pool import WorkerPool
from tests.fakes.world import SetClock
from tests.net_loopback import Asked, Loopback, Say, Script, always, answer, serving

CPU_SECONDS = 0.5
"""of a parse; less than in life, so that a test of what takes too long is short"""
_A_DAY = timedelta(hours=25)  # longer than any wait after a failure
_MOST_ALERTS = 10_000
_CONFIGURATION = """\
polling: {{every: 15m, timeout: 1s, allow_private: [{allowed}]}}
outlets: [{outlets}]
channels:
  - {{name: screen, kind: console}}
rules:
  - {{name: everything, query: 'outlet:"The Harbour"', once_per: text}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a user can see of one poll."""

    log: Mapping[str, object]
    feed: FeedState
    told: tuple[str, ...]
    """titles of new alerts that go to a channel, oldest first"""
    links: tuple[str, ...]
    """where these lead"""
    alarms: tuple[str, ...]

    @property
    def error(self) -> str:
        """Why it failed; "" where it did not."""
        return str(self.log.get("error", ""))


@dataclass(slots=True, kw_only=True)
class Newsstand:
    """The outlet, and the house that watches it."""

    house: House
    server: Loopback
    clock: SetClock
    script: Script

    async def poll(self, script: Script | bytes) -> Polled:
        """Let a day go by, answer like this, and poll once."""
        self.script = always(script) if isinstance(script, bytes) else script
        self.clock.pass_by(_A_DAY)
        views = self.house.store.views
        before = {row.alert.public_id for row in await views.alerts(_MOST_ALERTS)}
        with capture_logs() as logs:
            await Engine(self.house).once()
        rows = [row for row in await views.alerts(_MOST_ALERTS) if row.alert.public_id not in before]
        told = [row.alert.content for row in reversed(rows) if row.states and row.alert.kind is not AlertKind.ALARM]
        (log,) = [log for log in logs if log["event"] == "poll"]
        return Polled(
            log=log,
            feed=await self.feed(),
            told=tuple(content.title for content in told),
            links=tuple(content.link for content in told),
            alarms=tuple(row.alert.content.title for row in rows if row.alert.kind is AlertKind.ALARM),
        )

    async def feed(self) -> FeedState:
        """What is remembered of the feed."""
        return (await self.house.store.views.status()).feeds[0]


@asynccontextmanager
async def newsstand(folder: Path) -> AsyncIterator[Newsstand]:
    """A stand on a database of its own in `folder`; nothing was polled yet."""
    clock = SetClock()

    async def script(asked: Asked, say: Say) -> None:
        await stand.script(asked, say)

    async with serving(script) as server:
        house = await open_house(folder, clock, (server.url(),))
        stand = Newsstand(house=house, server=server, clock=clock, script=always(answer()))
        try:
            yield stand
        finally:
            await house.close()


async def open_house(folder: Path, clock: SetClock, urls: tuple[str, ...], *, allowed: str = "127.0.0.0/8") -> House:
    """A house that watches these feeds of The Harbour. The caller closes it."""
    outlets = ", ".join(f'{{name: The Harbour, feeds: [{{url: "{url}"}}]}}' for url in urls[:1])
    outlets += "".join(f', {{name: Outlet {place}, feeds: [{{url: "{url}"}}]}}' for place, url in enumerate(urls[1:]))
    config = folder / "tocsin.yaml"
    config.write_text(_CONFIGURATION.format(allowed=allowed, outlets=outlets), encoding="utf-8")
    house = await furnish(examined(config, {}), folder / "state", clock)
    await house.pool.close()
    pool = WorkerPool(target=TARGET, size=1, cpu_seconds=CPU_SECONDS)
    parser = WorkerParser(pool=pool, clock=clock.now)
    return replace(house, pool=pool, poll_ports=replace(house.poll_ports, parser=parser))


def item(number: int, title: str = "", *, more: str = "") -> str:
    """One honest item of RSS, with whatever more is said in it."""
    title = title or f"Ferry number {number} leaves the northern harbour"
    link = f"http://harbour.example/news/{number}"
    return f"<item><guid isPermaLink='false'>{number}</guid><title>{title}</title><link>{link}</link>{more}</item>"


def rss(*items: str) -> bytes:
    """An RSS document."""
    return f"<rss version='2.0'><channel><title>The Harbour</title>{''.join(items)}</channel></rss>".encode()


def feed(*items: str, etag: str = "") -> bytes:
    """A good answer with these items."""
    return answer(rss(*items), *([f"ETag: {etag}".encode()] if etag else []))
