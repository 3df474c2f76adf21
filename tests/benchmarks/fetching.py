"""What one exchange costs, beside bare aiohttp in the same run.

    python -m tests.benchmarks.fetching [--fetches 1000] [--at-once 32] [--times 5]

A conditional GET that is answered 304, and a document of 79 kB that comes gzipped (`--entries` says how many entries it
has). The server is a process of its own; CPU is ours alone, user and system, medians of so many turns. Three ways take
turns: our fetcher; aiohttp with a connection for each exchange, as ours; aiohttp as it comes, which keeps connections.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from ipaddress import ip_network
from statistics import median

import aiohttp

from monitor.model.polls import Fetched, FetchRequest, NotModified, Validators
from monitor.net.fetch import ACCEPT_ENCODING, HttpFetcher
from tests.benchmarks.loopback import serving
from tests.benchmarks.newsstand import Newsstand, hosts

_TARGETS = {"304": 250.0, "body": 750.0}
"""µs of CPU an exchange: aiohttp's own, and a little"""
_TAG = '"0-0"'
_ORIGINS = 32

Exchange = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to fetch: what is asked for, and by whom."""

    name: str
    what: str
    """"304" or "body" """
    exchange: Exchange


def main() -> int:
    """Print the table, or serve; 1 where our fetcher takes more than a target, 0 else."""
    options = _options()
    if options.serve:
        asyncio.run(_serve(options))
        return 0
    return asyncio.run(_measure(options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fetches", type=int, default=1_000)
    parser.add_argument("--at-once", type=int, default=32)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--entries", type=int, default=22)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


async def _serve(options: argparse.Namespace) -> None:
    """Tell where the feeds stand, and answer until standard input ends."""
    news = Newsstand(feeds=_ORIGINS, entries=options.entries)
    news.print_all()
    async with serving(news.answer, hosts=hosts(_ORIGINS)) as addresses:
        print(json.dumps([f"{address}/0" for address in addresses]), flush=True)
        await asyncio.to_thread(sys.stdin.read)


@asynccontextmanager
async def _served(options: argparse.Namespace) -> AsyncIterator[list[str]]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.fetching", "--serve", "--entries", str(options.entries)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        line = await process.stdout.readline() if process.stdout else b""
        yield json.loads(line)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


async def _measure(options: argparse.Namespace) -> int:
    fetcher = HttpFetcher(allow_private=(ip_network("127.0.0.0/8"),), clock=lambda: datetime.now(UTC))
    fresh = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True, limit=0))
    kept = aiohttp.ClientSession()
    spent: dict[tuple[str, str], list[float]] = {}
    async with _served(options) as urls, fresh, kept:
        ways = (*_ours(fetcher), *_bare("aiohttp, a connection each", fresh), *_bare("aiohttp as it comes", kept))
        try:
            for way in ways:  # what is loaded and opened once is nobody's cost
                await _run(way, urls, len(urls), options.at_once)
            for _ in range(options.times):
                for way in ways:
                    spent.setdefault((way.name, way.what), []).append(
                        await _run(way, urls, options.fetches, options.at_once)
                    )
        finally:
            await fetcher.close()
    print(f"{options.fetches} fetches, {options.at_once} at once, µs of CPU each, median of {options.times}")
    return _print({key: median(figures) for key, figures in spent.items()})


def _ours(fetcher: HttpFetcher) -> tuple[Way, Way]:
    known = Validators(etag=_TAG.encode())

    async def unchanged(url: str) -> None:
        answer = await fetcher.fetch(FetchRequest(url=url, validators=known))
        if not isinstance(answer, NotModified):
            raise TypeError(answer)

    async def body(url: str) -> None:
        answer = await fetcher.fetch(FetchRequest(url=url, validators=Validators()))
        if not isinstance(answer, Fetched):
            raise TypeError(answer)

    return Way(name="tocsin", what="304", exchange=unchanged), Way(name="tocsin", what="body", exchange=body)


def _bare(name: str, session: aiohttp.ClientSession) -> tuple[Way, Way]:
    async def unchanged(url: str) -> None:
        async with session.get(url, headers={"If-None-Match": _TAG}) as response:
            await response.read()
        _expect(response, HTTPStatus.NOT_MODIFIED)

    async def body(url: str) -> None:
        async with session.get(url, headers={"Accept-Encoding": ACCEPT_ENCODING}) as response:
            await response.read()
        _expect(response, HTTPStatus.OK)

    return Way(name=name, what="304", exchange=unchanged), Way(name=name, what="body", exchange=body)


def _expect(response: aiohttp.ClientResponse, status: HTTPStatus) -> None:
    if response.status != status:
        raise RuntimeError(f"the server answered {response.status}")


async def _run(way: Way, urls: Sequence[str], fetches: int, at_once: int) -> float:
    """So many exchanges; µs of CPU each."""
    waiting = [urls[number % len(urls)] for number in range(fetches)]

    async def work() -> None:
        while waiting:
            await way.exchange(waiting.pop())

    before = time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work())
    return (time.process_time() - before) / fetches * 1e6


def _print(figures: dict[tuple[str, str], float]) -> int:
    names = dict.fromkeys(name for name, _ in figures)
    print(f"{'':<30}{'304':>8}{'body':>8}")
    for name in names:
        print(f"{name:<30}{figures[name, '304']:>8.0f}{figures[name, 'body']:>8.0f}")
    for name in list(names)[1:]:
        told = ", ".join(f"{what} {figures['tocsin', what] / figures[name, what]:.2f}" for what in _TARGETS)
        print(f"tocsin / {name}: {told}")
    missed = [what for what, most in _TARGETS.items() if figures["tocsin", what] > most]
    for what in missed:
        print(f"missed: {what} takes more than {_TARGETS[what]:.0f} µs")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
