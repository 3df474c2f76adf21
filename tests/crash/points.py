"""Where a daemon kills itself: ports wrapped from outside, so that tocsin itself knows nothing of it.

An order stands in a file: the name of a point and, on the next line, at which time that it is reached. While there is
no such file nothing happens, so a harness arms a daemon that already runs, at a moment of its choice.
"""

import os
import signal
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from monitor.app.house import House
from monitor.flow.poll import PollPorts
from monitor.model.alerts import Alert, PublicId, Rendered, SendFailed, Sent, Settled
from monitor.model.holding import Circuit
from monitor.model.polls import Fetched, FetchFailed, FetchRequest, NotModified
from monitor.model.stories import Inquiry, Known, PollPlan, Question
from monitor.ports import Channel, Fetcher
from monitor.store.outbox import SqliteOutbox
from monitor.store.polls import SqlitePolls
from monitor.store.sorting import Decide, Gather, SqliteSorting
from monitor.store.sqlite import SqliteStore
from monitor.store.thread import StoreThread, T, Work


class Point(StrEnum):
    """A place between two steps that a crash must not be able to part."""

    AFTER_FETCH = "after fetch"
    """a document has come; nothing of it is stored"""
    IN_TRANSACTION = "in the transaction"
    """before the n-th statement after a decision that alerts, up to COMMIT"""
    AFTER_COMMIT = "after commit"
    """an alert is stored; nobody has been told"""
    IN_SORTING = "in the sorting"
    """before the n-th statement of the transaction that puts deliveries on their way"""
    AFTER_SORTING = "after sorting"
    """a message is ready; nobody has claimed it"""
    IN_GATHERING = "in the gathering"
    """before the n-th statement of the transaction that puts together what waited for a channel"""
    AFTER_GATHERING = "after gathering"
    """it is one message; the channel still counts as away"""
    BEFORE_SEND = "before send"
    """a message is leased; it has not left"""
    AFTER_SEND = "after send"
    """the receiver has it; the outbox does not know yet"""
    BEFORE_MARK = "before mark"
    """as late as can be before the outbox is told"""
    IN_MARK = "in the mark"
    """before the n-th statement of the transaction that tells the outbox"""


class Orders:
    """Reads the order and obeys it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._times: dict[str, int] = {}

    def reach(self, point: Point) -> None:
        """Die here if it is time."""
        try:
            order = self._file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        name, _, times = order.partition("\n")
        if name != point:
            return
        self._times[order] = self._times.get(order, 0) + 1
        if self._times[order] == int(times):
            os.kill(os.getpid(), signal.SIGKILL)


async def rigged(house: House, orders: Orders) -> House:
    """The same house with every step between two ports watched."""
    store = house.store
    assert isinstance(store, SqliteStore)
    trace = _Trace(orders)
    await store._thread.write(lambda connection: connection.set_trace_callback(trace.statement))  # from inside only
    watched = _Store(store, orders, trace)
    ports = PollPorts(
        fetcher=_Fetcher(house.poll_ports.fetcher, orders),
        parser=house.poll_ports.parser,
        store=watched.polls,
        clock=house.poll_ports.clock,
        recollection=house.poll_ports.recollection,
        tally=house.poll_ports.tally,
    )
    channels = {name: _Channel(channel, orders) for name, channel in house.channels.items()}
    return replace(house, store=watched, poll_ports=ports, channels=channels)


class _Store:
    def __init__(self, inner: SqliteStore, orders: Orders, trace: "_Trace") -> None:
        self.polls = _Polls(inner._thread, orders, trace)
        self.refusals = inner.refusals
        self.outbox = _Outbox(inner, orders, trace)
        self.sorting = _Sorting(inner, orders, trace)
        self.views = inner.views
        self.recall = inner.recall
        self.troubles = inner.troubles
        self.silence = inner.silence
        self.upkeep = inner.upkeep
        self._inner = inner

    async def close(self) -> None:
        await self._inner.close()


class _Fetcher:
    def __init__(self, inner: Fetcher, orders: Orders) -> None:
        self._inner = inner
        self._orders = orders

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
        answer = await self._inner.fetch(request)
        if isinstance(answer, Fetched):
            self._orders.reach(Point.AFTER_FETCH)
        return answer


class _Channel:
    def __init__(self, inner: Channel, orders: Orders) -> None:
        self._inner = inner
        self._orders = orders

    async def send(self, message: Rendered) -> Sent | SendFailed:
        self._orders.reach(Point.BEFORE_SEND)
        outcome = await self._inner.send(message)
        if isinstance(outcome, Sent):
            self._orders.reach(Point.AFTER_SEND)
        return outcome

    async def close(self) -> None:
        await self._inner.close()


class _Polls(SqlitePolls):
    def __init__(self, thread: StoreThread, orders: Orders, trace: "_Trace") -> None:
        super().__init__(thread)
        self._orders = orders
        self._trace = trace

    async def commit(
        self, question: Question, decide: Callable[[Known], PollPlan | Inquiry], *, is_dry: bool = False
    ) -> PollPlan:
        def watched(known: Known) -> PollPlan | Inquiry:
            plan = decide(known)
            if isinstance(plan, PollPlan) and plan.alerts:
                self._trace.follow(Point.IN_TRANSACTION)
            return plan

        plan = await super().commit(question, watched, is_dry=is_dry)
        if plan.alerts:
            self._orders.reach(Point.AFTER_COMMIT)
        return plan


class _Outbox(SqliteOutbox):
    def __init__(self, store: SqliteStore, orders: Orders, trace: "_Trace") -> None:
        super().__init__(store._thread, store.outbox._journal)
        self._orders = orders
        self._marks = SqliteOutbox(_Followed(store._thread, trace, Point.IN_MARK), store.outbox._journal)

    async def settle(
        self,
        settled: Sequence[Settled],
        release: Collection[PublicId],
        channel: str,
        alarms: Sequence[Alert] = (),
        circuit: Circuit | None = None,
    ) -> None:
        if settled:
            self._orders.reach(Point.BEFORE_MARK)
        await self._marks.settle(settled, release, channel, alarms, circuit)


class _Sorting(SqliteSorting):
    def __init__(self, store: SqliteStore, orders: Orders, trace: "_Trace") -> None:
        super().__init__(_Followed(store._thread, trace, Point.IN_SORTING))
        self._orders = orders
        self._gathering = SqliteSorting(_Followed(store._thread, trace, Point.IN_GATHERING))

    async def sort(
        self, channel: str, now: datetime, since: datetime | None, decide: Decide, *, is_anew: bool = False
    ) -> bool:
        is_more = await super().sort(channel, now, since, decide, is_anew=is_anew)
        self._orders.reach(Point.AFTER_SORTING)
        return is_more

    async def gather(self, channel: str, now: datetime, decide: Gather) -> bool:
        is_more = await self._gathering.gather(channel, now, decide)
        self._orders.reach(Point.AFTER_GATHERING)
        return is_more


class _Followed(StoreThread):
    """The store's own thread; the transactions of these writes are followed."""

    def __init__(self, inner: StoreThread, trace: "_Trace", point: Point) -> None:
        self._inner = inner
        self._trace = trace
        self._point = point

    async def read(self, work: Work[T]) -> T:
        return await self._inner.read(work)

    async def write(self, work: Work[T], *, is_patient: bool = False) -> T:
        def followed(connection: sqlite3.Connection) -> T:
            self._trace.follow(self._point)
            return work(connection)

        return await self._inner.write(followed, is_patient=is_patient)


class _Trace:
    """Follows the store statement by statement, in its own thread, to the end of the transaction.

    The thread itself sees that end: by the time that a caller has its answer, it may be at other work already.
    """

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._point: Point | None = None

    def follow(self, point: Point) -> None:
        """Every statement from here on is a place to die."""
        self._point = point

    def statement(self, words: str) -> None:
        """SQLite is about to run this."""
        if self._point is not None:
            self._orders.reach(self._point)
            if words in {"COMMIT", "ROLLBACK"}:
                self._point = None
