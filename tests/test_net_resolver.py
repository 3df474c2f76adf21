"""Looking up names without being held up by them."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from monitor.net.resolver import AddressRefused, GuardedResolver, LookupFailed

Found = Sequence[tuple[socket.AddressFamily, str]]
PUBLIC: Found = ((socket.AF_INET6, "2606:4700::1111"), (socket.AF_INET, "1.1.1.1"))


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """What hanging lookups wait for; set at the end, so that no thread outlives its test for long."""
    event = threading.Event()
    yield event
    event.set()


def answering(found: Found) -> Callable[[str], Found]:
    """A lookup that always finds the same."""

    def lookup(_host: str) -> Found:
        return found

    return lookup


async def test_addresses_come_with_port_and_family() -> None:
    """As aiohttp expects them; only the family that was asked for."""
    resolver = GuardedResolver((), lookup=answering(PUBLIC))
    every = await resolver.resolve("news.example", 443, socket.AF_UNSPEC)
    assert [(one["host"], one["port"], one["family"]) for one in every] == [
        ("2606:4700::1111", 443, socket.AF_INET6),
        ("1.1.1.1", 443, socket.AF_INET),
    ]
    only = await resolver.resolve("news.example", 80, socket.AF_INET)
    assert [one["host"] for one in only] == ["1.1.1.1"]
    await resolver.close()


async def test_forbidden_addresses_are_left_out_and_alone_they_are_a_refusal() -> None:
    """One good address is enough; none is an error with the reason."""
    mixed = GuardedResolver((), lookup=answering((*PUBLIC, (socket.AF_INET, "127.0.0.1"))))
    assert len(await mixed.resolve("news.example", 80, socket.AF_UNSPEC)) == 2
    inner = GuardedResolver((), lookup=answering(((socket.AF_INET, "10.0.0.1"),)))
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1 is private"):
        await inner.resolve("news.example", 80, socket.AF_UNSPEC)


@pytest.mark.parametrize("error", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")])
async def test_a_name_without_address_is_a_failure(error: Exception) -> None:
    """Unknown, or no name at all."""

    def lookup(_host: str) -> Found:
        raise error

    with pytest.raises(LookupFailed):
        await GuardedResolver((), lookup=lookup).resolve("absent.example", 80)
    with pytest.raises(LookupFailed, match="no address"):
        await GuardedResolver((), lookup=answering(())).resolve("empty.example", 80)


async def test_hanging_names_do_not_hold_up_healthy_ones(release: threading.Event) -> None:
    """Sixty names hang; the sixty-first is found at once, and the hanging ones end at the deadline."""

    def lookup(host: str) -> Found:
        if host.startswith("hanging"):
            release.wait(10)
        return PUBLIC

    resolver = GuardedResolver((), deadline_seconds=0.8, limit=64, lookup=lookup)
    hanging = [asyncio.create_task(resolver.resolve(f"hanging{number}", 80)) for number in range(60)]
    await asyncio.sleep(0)
    assert await asyncio.wait_for(resolver.resolve("healthy.example", 80), 0.7)
    assert all(isinstance(end, LookupFailed) for end in await asyncio.gather(*hanging, return_exceptions=True))


async def test_a_name_is_asked_for_once_however_many_wait(release: threading.Event) -> None:
    """Later callers share the first lookup, and each has its own patience."""
    asked: list[str] = []

    def lookup(host: str) -> Found:
        asked.append(host)
        release.wait(10)
        return PUBLIC

    resolver = GuardedResolver((), deadline_seconds=5, limit=1, lookup=lookup)
    tasks = [asyncio.create_task(resolver.resolve("news.example", 80)) for _ in range(5)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    release.set()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(ends[0], asyncio.CancelledError)
    assert all(isinstance(end, list) for end in ends[1:])
    assert asked == ["news.example"]


async def test_when_every_thread_hangs_others_fail_in_time(release: threading.Event) -> None:
    """The bound holds, and so does the deadline; afterwards lookups work again."""

    def lookup(host: str) -> Found:
        if host == "hanging":
            release.wait(10)
        return PUBLIC

    resolver = GuardedResolver((), deadline_seconds=0.1, limit=1, lookup=lookup)
    ends = await asyncio.gather(
        resolver.resolve("hanging", 80), resolver.resolve("waiting", 80), return_exceptions=True
    )
    assert all(isinstance(end, LookupFailed) for end in ends)
    release.set()
    async with asyncio.timeout(5):
        while True:
            try:
                assert await resolver.resolve("healthy.example", 80)
                break
            except LookupFailed:
                continue
