"""Alerts a second through the outbox: `python -m tests.benchmarks.outbox [--alerts 2000]`.

From deliveries that are stored and not sorted to marks that are on the disk, through a channel that takes everything at
once: what is measured is ours. First where nothing is held back, then with a throttle, quiet hours and mutes that fit
nothing; and what a look at an outbox costs in which nothing is to be done.
"""

import argparse
import asyncio
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from monitor.alerts.retry import RetryPolicy
from monitor.flow.deliver import Courier, Send
from monitor.flow.sort import sort
from monitor.model.alerts import Alert, AlertContent, AlertKind, PublicId, Rendered, SendFailed, Sent
from monitor.model.entries import Text
from monitor.model.holding import Handling, Handlings, Mute, MuteKind, QuietHours, Rate
from monitor.model.stories import PollPlan, Question
from monitor.store.sqlite import SqliteStore
from monitor.system.clock import SystemClock

_FEED = "https://harbour.example/rss"
_LOOKS = 500
_HELD_BACK = Handlings(
    channels={
        "desk": Handling(
            throttle=Rate(most=1_000_000, per=timedelta(minutes=5)),
            quiet=(QuietHours(begin=clock_time(3), end=clock_time(3, 1), zone="Europe/Berlin"),),
        )
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds that the parts took."""

    alerts: int
    sorting: float
    sending: float
    cpu: float
    """seconds of the processor, for both"""
    look: float

    def __str__(self) -> str:
        """One line."""
        rate = self.alerts / (self.sorting + self.sending)
        sorted_rate = self.alerts / self.sorting
        share = self.sorting / (self.sorting + self.sending)
        return (
            f"{rate:,.0f} alerts/s, {self.cpu / self.alerts * 1e6:,.0f} µs of CPU each; sorting alone"
            f" {sorted_rate:,.0f}/s, {share:.1%} of the time; a look without work {self.look * 1e6:,.0f} µs"
        )


class _Taker:
    async def send(self, _: Rendered) -> Sent | SendFailed:
        return Sent()

    async def close(self) -> None:
        return


async def measure(alerts: int, handlings: Handlings, *, mutes: int = 0) -> Pace:
    """Store so many alerts, then sort and send them."""
    with tempfile.TemporaryDirectory(prefix="tocsin-outbox-") as folder:
        store = await SqliteStore.open(Path(folder))
        try:
            await _raise(store, alerts)
            for number in range(mutes):
                subject = f"other-{number}"
                await store.mute_desk.mute(Mute(kind=MuteKind.RULE, subject=subject, at=datetime.now(UTC)))
            clock = SystemClock()
            courier = Courier(
                name="desk", channel=_Taker(), outbox=store.outbox, clock=clock, policy=RetryPolicy(), report=_unheard
            )
            cpu = time.process_time()
            began = time.perf_counter()
            await sort(store.sorting, handlings, ("desk",), clock.now())
            between = time.perf_counter()
            await courier.drain(lambda: False)
            end = time.perf_counter()
            cpu = time.process_time() - cpu
            counts = (await store.views.status()).deliveries
            assert counts == (("desk", "sent", alerts),), counts
            looks = time.perf_counter()
            for _ in range(_LOOKS):
                await sort(store.sorting, handlings, ("desk",), clock.now())
            look = (time.perf_counter() - looks) / _LOOKS
            return Pace(alerts=alerts, sorting=between - began, sending=end - between, cpu=cpu, look=look)
        finally:
            await store.close()


async def _raise(store: SqliteStore, count: int) -> None:
    now = datetime.now(UTC)
    (feed,) = await store.polls.register([(_FEED, now)])
    text = Text(title="A ferry sails", summary="The harbour council met in the evening. " * 10)
    told = tuple(
        Alert(
            kind=AlertKind.FIRST,
            dedupe_key=f"first|ferries|{number}",
            public_id=PublicId(f"alert-{number}"),
            at=now,
            content=AlertContent(title=text.title, outlets=("The Harbour",), rule="ferries", text=text),
            channels=("desk",),
        )
        for number in range(count)
    )
    question = Question(feed=feed.id, keys=frozenset(), fingerprints=frozenset(), since=now)
    await store.polls.commit(question, lambda known: PollPlan(feed=replace(known.feed), at=now, alerts=told))


def _unheard(_: Send) -> None:
    return


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=2000)
    alerts = parser.parse_args().alerts
    print("nothing holds back:", asyncio.run(measure(alerts, Handlings())))
    print("throttle, quiet hours and 100 mutes:", asyncio.run(measure(alerts, _HELD_BACK, mutes=100)))


if __name__ == "__main__":
    main()
