"""Names to addresses: within a deadline, past the guard, and no hanging name holds up the others."""

import asyncio
import functools
import socket
import threading
from collections.abc import Callable, Sequence

from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.net.guard import Networks, refusal

LOOKUP_SECONDS = 10.0
LOOKUPS_LIMIT = 128
"""threads at once: sixty names that hang for a minute must leave room for healthy ones"""

Found = Sequence[tuple[socket.AddressFamily, str]]
Lookup = Callable[[str], Found]
_Running = asyncio.Future[Found]


class AddressRefused(OSError):
    """The guard forbids this address. An OSError, because that is what aiohttp carries through unchanged."""


class LookupFailed(OSError):
    """The name has no address, or none was found in time."""


class GuardedResolver(AbstractResolver):
    """aiohttp's resolver port over getaddrinfo in daemon threads.

    Threads of our own, not an executor: the interpreter waits for an executor's threads at exit, and a lookup
    that hangs cannot be stopped. A name that is being looked up is not asked for twice: later callers wait
    for the first.
    """

    def __init__(
        self,
        allowed: Networks,
        *,
        deadline_seconds: float = LOOKUP_SECONDS,
        limit: int = LOOKUPS_LIMIT,
        lookup: Lookup | None = None,
    ) -> None:
        """`lookup` takes a host and gives (family, address) pairs, or raises OSError; it may block."""
        self._allowed = allowed
        self._deadline_seconds = deadline_seconds
        self._slots = asyncio.Semaphore(limit)
        self._lookup = lookup or _system_lookup
        self._running: dict[str, _Running] = {}

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AddressFamily.AF_INET,
    ) -> list[ResolveResult]:
        """Addresses that may be connected to. Raises LookupFailed or AddressRefused."""
        try:
            async with asyncio.timeout(self._deadline_seconds):
                found = await self._find(host)
        except TimeoutError:
            raise LookupFailed("no address was found in time") from None
        wanted = [pair for pair in found if family in (socket.AF_UNSPEC, pair[0])]
        if not wanted:
            raise LookupFailed("it has no address")
        results, reason = [], ""
        for its_family, address in wanted:
            why_not = refusal(address, self._allowed)
            reason = why_not or reason
            if why_not is None:
                results.append(_result(host, port, its_family, address))
        if not results:
            raise AddressRefused(reason)
        return results

    async def close(self) -> None:
        """Nothing to wait for: lookups that still hang are on daemon threads."""

    async def _find(self, host: str) -> Found:
        running = self._running.get(host)
        if running is None:
            await self._slots.acquire()
            # Another caller may have begun the same lookup while this one waited for a slot.
            running = self._running.get(host)
            if running is not None:
                self._slots.release()
            else:
                running = self._begin(host)
        return await asyncio.shield(running)

    def _begin(self, host: str) -> _Running:
        loop = asyncio.get_running_loop()
        future: _Running = loop.create_future()
        work = functools.partial(self._work, loop, host, future)
        try:
            threading.Thread(target=work, name="lookup", daemon=True).start()
        except RuntimeError as error:  # the system gives no more threads
            self._slots.release()
            raise LookupFailed("no thread was free to look it up") from error
        self._running[host] = future
        return future

    def _work(
        self,
        loop: asyncio.AbstractEventLoop,
        host: str,
        future: _Running,
    ) -> None:
        """Runs in a thread of its own."""
        try:
            found: Found | OSError = self._lookup(host)
        except OSError as error:
            found = LookupFailed(error.strerror or "no address was found")
        except UnicodeError:  # the idna codec, for labels that no name can have
            found = LookupFailed("it is not a valid name")
        try:
            loop.call_soon_threadsafe(self._settle, host, future, found)
        except RuntimeError:  # the loop is closed: nobody waits any more
            return

    def _settle(
        self,
        host: str,
        future: _Running,
        found: Found | OSError,
    ) -> None:
        self._slots.release()
        self._running.pop(host, None)
        if future.cancelled():
            return
        if isinstance(found, OSError):
            future.set_exception(found)
            # Every caller may have gone; an exception nobody fetches would be reported as lost.
            future.exception()
        else:
            future.set_result(found)


def _system_lookup(host: str) -> Found:
    infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [(family, str(sockaddr[0])) for family, _, _, _, sockaddr in infos]


def _result(host: str, port: int, family: socket.AddressFamily, address: str) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=family,
        proto=0,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )
