"""A house: every part of a running tocsin, put together, and taken apart again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from monitor.alerts.retry import RetryPolicy
from monitor.alerts.wording import Wording
from monitor.app.examine import Plan
from monitor.cadence.floors import LONGEST_FLOOR
from monitor.cadence.hastening import hastened, usual_rest
from monitor.feeds.reader import TARGET, Pool, WorkerParser
from monitor.flow.poll import PollPorts
from monitor.flow.recollect import Remembering
from monitor.flow.tally import Tally
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.settings import Settings
from monitor.net.fetch import HttpFetcher
from monitor.ports import Channel, Clock, Store
from monitor.store.sqlite import SqliteStore
from monitor.stories.recollection import Recollection
from monitor.system.clock import SystemClock
from monitor.system.collector import settling
from monitor.system.languages import detector
from monitor.worker.pool import WorkerPool

_PARSERS = 2
_PARSER_IDLE_SECONDS = 600.0
"""then a parser leaves, and the next new document starts another, in a quarter of a second: each is 17 MB"""


class Closing(Protocol):
    """Something that holds connections."""

    async def close(self) -> None:
        """Let go of them."""
        ...


class ClosingPool(Pool, Closing, Protocol):
    """Workers that can be sent home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The parts of a running tocsin."""

    settings: Settings
    watch: Watch
    channels: Mapping[str, Channel]
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    """the templates of channels that have some"""
    store: Store
    fetcher: Closing
    pool: ClosingPool
    poll_ports: PollPorts
    clock: Clock
    retry: RetryPolicy

    async def close(self) -> None:
        """Take everything apart; the store last."""
        await self._close_edges()
        await self.pool.close()
        await self.store.close()

    async def _close_edges(self) -> None:
        await self.fetcher.close()
        for channel in self.channels.values():
            await channel.close()


async def furnish(plan: Plan, state: Path, clock: Clock | None = None) -> House:
    """Open the store and put everything together. Raises StoreError. The caller holds the state directory's lock."""
    clock = clock or SystemClock()
    store = await SqliteStore.open(state)
    try:
        await store.outbox.recover()
        await _register(plan, store, clock)
    except BaseException:
        await store.close()
        raise
    pool = WorkerPool(target=TARGET, size=_PARSERS, idle_seconds=_PARSER_IDLE_SECONDS)
    return _assembled(plan, store, pool, clock, Remembering(store.recall, clock, settling), Tally(since=clock.now()))


async def refurnish(house: House, plan: Plan) -> House:
    """The house after a reload: store, recollection and parsers stay, everything that the configuration rules is new.

    Raises StoreError; then the old house is untouched.
    """
    await _register(plan, house.store, house.clock)
    await house._close_edges()  # noqa: SLF001 - its other half
    ports = house.poll_ports
    return _assembled(plan, house.store, house.pool, house.clock, ports.recollection, ports.tally)


async def _register(plan: Plan, store: Store, clock: Clock) -> None:
    """Feeds seen for the first time are due at once; where they are many, the engine spreads them."""
    now = clock.now()
    await store.polls.register(
        [(url, now) for url in plan.watch.feeds],
        {url: feed.outlets for url, feed in plan.watch.feeds.items()},
        is_read=False,
    )
    await _hasten(plan.watch.feeds, store, clock)


async def _hasten(feeds: Mapping[str, FeedWatch], store: Store, clock: Clock) -> None:
    """Due times that an earlier configuration set later than this one would: who shortens a pace means from now on."""
    usual, now = {pace: usual_rest(pace) for pace in {feed.pace for feed in feeds.values()}}, clock.now()
    await store.polls.hasten(
        min(usual.values(), default=LONGEST_FLOOR),
        lambda url, length: url in feeds and length > usual[feeds[url].pace],
        lambda feed: hastened(feed, feeds[feed.url].pace, now=now, chance=clock.chance()),
    )


def _assembled(  # noqa: PLR0917 - what outlives a reload, each thing once
    plan: Plan,
    store: Store,
    pool: ClosingPool,
    clock: Clock,
    recollection: Recollection | Remembering | None,
    tally: Tally | None,
) -> House:
    polling = plan.settings.polling
    fetcher = HttpFetcher(
        allow_private=polling.allow_private,
        timeout=polling.timeout,
        contact=polling.contact,
        clock=clock.now,
        access=plan.accesses,
        proxy=polling.proxy,
    )
    ports = PollPorts(
        fetcher=fetcher,
        parser=WorkerParser(pool=pool, clock=clock.now),
        store=store.polls,
        clock=clock,
        detect=detector(),
        recollection=recollection,
        tally=tally,
    )
    return House(
        settings=plan.settings,
        watch=plan.watch,
        channels=plan.channels,
        wordings=plan.wordings,
        store=store,
        fetcher=fetcher,
        pool=pool,
        poll_ports=ports,
        clock=clock,
        retry=RetryPolicy(),
    )
