"""Starts polls of due feeds: at most `concurrency` at once, and one for an origin."""

import asyncio
import time

import structlog

from monitor.app.house import House
from monitor.engine.crew import Crew
from monitor.engine.reports import log_poll
from monitor.engine.ticks import Tick
from monitor.flow.poll import poll
from monitor.model.polls import FeedState

_LOOK_AHEAD = 256  # due feeds looked at beyond those in flight, so that one busy origin does not hide the others


class Poller:
    """The poll loop's hands."""

    def __init__(self, tick: Tick, alerted: Tick) -> None:
        """`tick` is given when a poll ends, `alerted` when it raised an alert."""
        self.crew = Crew("poll", tick.give)
        self.polled = 0
        self.alerts = 0
        self._alerted = alerted
        self._busy_origins: set[str] = set()

    async def start_due(self, group: asyncio.TaskGroup, house: House, skip: set[str] | None = None) -> bool:
        """Start polls as far as there is room; whether any was started.

        Feeds whose URL is in `skip` are passed over, and those started are added to it. Raises StoreError.
        """
        room = house.settings.polling.concurrency - len(self.crew.under_way)
        if room <= 0:
            return False
        done = set() if skip is None else skip
        limit = room + len(self.crew.under_way) + len(done) + _LOOK_AHEAD
        started = 0
        for feed in await house.store.polls.due(house.clock.now(), limit):
            if started == room:
                break
            if feed.origin in self._busy_origins or feed.url in done or not self.crew.is_free(str(feed.id)):
                continue
            if skip is not None:
                skip.add(feed.url)
            self._busy_origins.add(feed.origin)
            self.crew.start(group, str(feed.id), self._poll(feed, house))
            started += 1
        return started > 0

    async def _poll(self, feed: FeedState, house: House) -> None:
        began = time.monotonic()
        try:
            plan = await poll(feed, house.watch, house.poll_ports)
        finally:
            self._busy_origins.discard(feed.origin)
        self.polled += 1
        self.alerts += len(plan.alerts)
        log_poll(structlog.get_logger(), house.watch, plan, time.monotonic() - began)
        if plan.alerts:
            self._alerted.give()
