"""One thread owns the connection; writes that wait together share a transaction, each in a savepoint of its own.

SQLite syncs to the disk once a transaction, and that is the dearest part of a small poll: under load the writes that
queue up behind one sync share the next, and a write that is in no hurry waits a moment for others. Each call still
succeeds or fails alone, unless the transaction as a whole cannot be begun or committed; then all of it fails and
nothing was written.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from monitor.store.failures import store_error

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_TOGETHER = 64
"""calls taken from the queue at once: the first of them waits for the last"""
PATIENCE_SECONDS = 0.05
"""what a write that is in no hurry waits for others at most"""
_ENOUGH = 16
"""writes that wait for nobody else: then a sync costs each of them next to nothing, and whoever asked goes on"""


@dataclass(slots=True, kw_only=True)
class _Call(Generic[T]):
    work: Work[T]
    is_write: bool | None
    """None: it needs no transaction"""
    future: asyncio.Future[T]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """How a call ended. `Any`: a batch mixes calls of every result type; `_Call` pairs them up again."""

    call: _Call[Any]
    value: Any = None
    error: Exception | None = None


class StoreThread:
    """Runs work on the one connection, in the order in which it was asked for."""

    def __init__(self, path: Path) -> None:
        """`path` is named in errors."""
        self._path = path
        self._waiting: SimpleQueue[_Call[Any] | None] = SimpleQueue()
        self._patient: list[_Call[Any]] = []
        """asked for, but not yet in the queue"""
        self._alarm: asyncio.TimerHandle | None = None
        self._ended: asyncio.Future[None] | None = None
        self._is_open = False

    async def start(self, connect: Callable[[], sqlite3.Connection]) -> None:
        """Open the connection in its thread; what `connect` raises is raised here."""
        loop = asyncio.get_running_loop()
        started: asyncio.Future[None] = loop.create_future()
        self._ended = loop.create_future()
        # A daemon: a process that forgets to close must still be able to end, and a cut transaction is undone.
        arguments = (connect, started, self._ended)
        threading.Thread(target=self._live, args=arguments, name="store", daemon=True).start()
        try:
            await started
        except BaseException:
            # Whoever stopped waiting for the opening will not close: the thread must end by itself.
            self._waiting.put(None)
            raise
        self._is_open = True

    async def read(self, work: Work[T]) -> T:
        """Run `work` over one unchanging view of the database."""
        return await self._ask(work, is_write=False)

    async def write(self, work: Work[T], *, is_patient: bool = False) -> T:
        """Run `work` inside the write transaction; when this returns, it is on the disk. Raises StoreError.

        With `is_patient` it may wait `PATIENCE_SECONDS` for others to share the transaction with.
        """
        return await self._ask(work, is_write=True, is_patient=is_patient)

    async def outside(self, work: Work[T]) -> T:
        """Run `work` outside of any transaction: for what SQLite does in none. Raises StoreError."""
        return await self._ask(work, is_write=None)

    async def close(self) -> None:
        """Finish what was asked for, then close the connection. May be called twice."""
        if self._is_open:
            self._is_open = False
            self._send()
            self._waiting.put(None)
        if self._ended is not None:
            # Shielded: somebody who stops waiting must not spoil the end for others who close as well.
            await asyncio.shield(self._ended)

    async def _ask(self, work: Work[T], *, is_write: bool | None, is_patient: bool = False) -> T:
        # Nothing may queue up behind the end: nobody would ever take it.
        if not self._is_open:
            raise RuntimeError("the store is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._patient.append(_Call(work=work, is_write=is_write, future=future))
        if not is_patient or len(self._patient) >= _ENOUGH:
            self._send()
        elif self._alarm is None:
            self._alarm = loop.call_later(PATIENCE_SECONDS, self._send)
        return await future

    def _send(self) -> None:
        """Put what was asked for into the queue, in its order."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        for call in self._patient:
            self._waiting.put(call)
        self._patient.clear()

    def _live(
        self,
        connect: Callable[[], sqlite3.Connection],
        started: asyncio.Future[None],
        ended: asyncio.Future[None],
    ) -> None:
        try:
            connection = connect()
        except Exception as error:  # noqa: BLE001 - handed to whoever called `start`
            _tell_loop(ended, ended.set_result, None)
            _tell_loop(started, _settle, started, None, error)
            return
        _tell_loop(started, _settle, started, None, None)
        try:
            while self._serve(connection):
                pass
        finally:
            connection.close()
            _tell_loop(ended, ended.set_result, None)

    def _serve(self, connection: sqlite3.Connection) -> bool:
        """Take what waits and do it; False once the end was asked for."""
        taken = [self._waiting.get()]
        while len(taken) < _TOGETHER and taken[-1] is not None:
            try:
                taken.append(self._waiting.get_nowait())
            except Empty:
                break
        calls = [call for call in taken if call is not None and not call.future.cancelled()]
        for is_write, group in groupby(calls, key=lambda call: call.is_write):
            outcomes = (_write if is_write else _read)(connection, tuple(group), self._path)
            _tell_loop(outcomes[0].call.future, _deliver, outcomes)
        return taken[-1] is not None


def _write(connection: sqlite3.Connection, calls: Sequence[_Call[Any]], path: Path) -> Sequence[_Outcome]:
    try:
        connection.execute("BEGIN IMMEDIATE")
        outcomes = [_attempt(connection, call, path) for call in calls]
        connection.execute("COMMIT")
    except Exception as error:  # noqa: BLE001 - handed to every caller: the whole transaction is undone
        _roll_back(connection)
        return [_Outcome(call=call, error=store_error(error, path)) for call in calls]
    return outcomes


def _attempt(connection: sqlite3.Connection, call: _Call[Any], path: Path) -> _Outcome:
    connection.execute("SAVEPOINT one_call")
    try:
        value = call.work(connection)
    except Exception as error:
        if not connection.in_transaction:  # a full disk may undo everything at once
            raise
        connection.execute("ROLLBACK TO one_call")
        connection.execute("RELEASE one_call")
        return _Outcome(call=call, error=store_error(error, path))
    connection.execute("RELEASE one_call")
    return _Outcome(call=call, value=value)


def _read(connection: sqlite3.Connection, calls: Sequence[_Call[Any]], path: Path) -> Sequence[_Outcome]:
    outcomes = []
    for call in calls:
        try:
            if call.is_write is not None:
                connection.execute("BEGIN")
            outcomes.append(_Outcome(call=call, value=call.work(connection)))
        except Exception as error:  # noqa: BLE001 - handed to the caller
            outcomes.append(_Outcome(call=call, error=store_error(error, path)))
        finally:
            _roll_back(connection)
    return outcomes


def _roll_back(connection: sqlite3.Connection) -> None:
    """Leave the transaction, if SQLite has not left it by itself already."""
    # What went wrong first is what callers hear. Should a sick disk fail here as well, the next BEGIN says so.
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _deliver(outcomes: Sequence[_Outcome]) -> None:
    for outcome in outcomes:
        _settle(outcome.call.future, outcome.value, outcome.error)


def _settle(future: asyncio.Future[T], value: T, error: Exception | None) -> None:
    if future.done():  # the caller was cancelled meanwhile
        return
    if error is None:
        future.set_result(value)
    else:
        future.set_exception(error)


def _tell_loop(future: asyncio.Future[Any], callback: Callable[..., object], *arguments: object) -> None:
    try:
        future.get_loop().call_soon_threadsafe(callback, *arguments)
    except RuntimeError:
        # The loop is closed, so nobody waits for an answer; what was committed stays.
        return
