"""What very many feeds cost a daemon that has nothing to do with most of them.

    python -m tests.benchmarks.many [--feeds 10000] [--seconds 60] [--polled 10000] [--every 900]

Three tables. *The store*: what a beat of the scheduler and the commit of a 304 take with a thousand feeds and with so
many (0: left out). *At rest*: a daemon that watches so many feeds, none of which is due: its first start, its second,
what it uses while it idles, a reload, the commands that list feeds; memory is also said for a tenth of the feeds, and
what a feed adds. *At work*: a daemon with so many feeds in full swing, each asked every so many seconds at loopback
addresses that answer 304 but for one in twenty.
"""

import argparse
import asyncio
import json
import signal
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from monitor.model.polls import FeedState, Validators
from monitor.model.queue import PutOff
from monitor.model.stories import Known, PollPlan, Question
from monitor.store.sqlite import SqliteStore
from tests.benchmarks.daemon import Daemon, environment, tocsin
from tests.benchmarks.loopback import Handler, Reply, Request, serving
from tests.benchmarks.processes import Usage, usage

_PATIENCE_SECONDS = 300.0
_SETTLE_SECONDS = 5.0
_TO_A_FILE = 10_000
"""outlets; a file of the configuration is a megabyte at most"""
_HOSTS = 200
_CHANGED = 20
"""one request in so many brings news"""
_TIMES = 200
_ENTRIES = 30
# The pace is stated with each outlet, which keeps it: one that is only the default would be adapted to what comes.
_CONFIGURATION = """\
include: {files}
polling: {{every: {every}s, min_interval: 1s, allow_private: [127.0.0.0/8]}}
channels:
  - {{name: screen, kind: console}}
rules:
  - {{name: bell, query: 'tocsin OR "alarm bell"'}}
"""
Addresses = Callable[[int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A daemon with nothing to do; seconds, shares of a core, megabytes."""

    first: float
    second: float
    second_cpu: float
    idle: float
    usage: Usage
    reload: float
    listed: float
    status: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A daemon at work over some seconds."""

    seconds: float
    polls: int
    news: int
    cpu_seconds: float
    usage: Usage


def main() -> int:
    """Print the tables."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="tocsin-many-") as folder:
        asyncio.run(_measure(Path(folder), options))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--polled", type=int, default=10_000)
    parser.add_argument("--every", type=int, default=900, help="seconds between two polls of a feed at work")
    return parser.parse_args()


async def _measure(folder: Path, options: argparse.Namespace) -> None:
    if options.feeds:
        for feeds in sorted({1_000, options.feeds}):
            await print_store(folder / f"store-{feeds}", feeds)
        small = await rest(folder / "tenth", max(options.feeds // 10, 1), min(options.seconds, _SETTLE_SECONDS))
        large = await rest(folder / "all", options.feeds, options.seconds)
        _print_rest(options, small, large)
    if options.polled:
        _print_work(options, await work(folder / "work", options.polled, options.seconds, options.every))


async def print_store(state: Path, feeds: int) -> None:
    """What the scheduler asks of the store, in milliseconds of CPU."""
    now = datetime.now(UTC)
    store = await SqliteStore.open(state)
    try:
        states = await store.polls.register([(_nowhere(one), now) for one in range(feeds)])
        full = await _each(20, lambda: store.polls.due(now, 320))
        await _put_off(store, now + timedelta(hours=12))
        idle = await _each(_TIMES, lambda: store.polls.due(now, 320))
        chosen = iter(states[:: max(len(states) // _TIMES, 1)][:_TIMES])
        commit = await _each(_TIMES, lambda: _not_modified(store, next(chosen), now))
        look = await _each(20, store.troubles.feeds)
    finally:
        await store.close()
    print(
        f"{feeds:>7,} feeds in the store: a beat {idle:.2f} ms, with all of them due {full:.1f} ms; "
        f"the commit of a 304 {commit:.2f} ms; the look at failing feeds {look:.2f} ms"
    )


async def rest(folder: Path, feeds: int, seconds: float) -> Rest:
    """Start twice, idle, reload, ask."""
    config, state = folder / "tocsin.yaml", folder / "state"
    _configure(config, feeds, 900, _nowhere)
    first = await Daemon.start(config, state)
    try:
        started = await _started(first, "started")
    finally:
        await first.stop()
    store = await SqliteStore.open(state)
    await _put_off(store, datetime.now(UTC) + timedelta(hours=12))
    await store.close()
    daemon = await Daemon.start(config, state)
    try:
        again = await _started(daemon, "started")
        cpu = usage(daemon.process.pid, is_exact=False).cpu_seconds
        await asyncio.sleep(_SETTLE_SECONDS)
        idle = await _idle(daemon, seconds)
        after = usage(daemon.process.pid)
        listed = await _command("outlets", "list", config, state)
        status = await _command("status", "", config, state)
        daemon.process.send_signal(signal.SIGHUP)
        began = time.monotonic()
        reloaded = await _started(daemon, "reloaded") + daemon.began - began
    finally:
        await daemon.stop()
    return Rest(
        first=started,
        second=again,
        second_cpu=cpu,
        idle=idle,
        usage=after,
        reload=reloaded,
        listed=listed,
        status=status,
    )


async def work(folder: Path, feeds: int, seconds: float, every: int) -> Work:
    """Every feed was polled once, and each is due at its own moment."""
    config, state = folder / "tocsin.yaml", folder / "state"
    asked: list[bool] = []
    hosts = [f"127.0.1.{host + 1}" for host in range(_HOSTS)]
    async with serving(_publisher(asked), hosts=hosts) as addresses:
        _configure(config, feeds, every, lambda one: f"{addresses[one % _HOSTS]}/{one}")
        await _in_full_swing(state, feeds, every, addresses)
        daemon = await Daemon.start(config, state)
        try:
            await _started(daemon, "started")
            await asyncio.sleep(_SETTLE_SECONDS)
            before, began, polls, news = usage(daemon.process.pid), time.monotonic(), len(asked), sum(asked)
            await asyncio.sleep(seconds)
            after, ended = usage(daemon.process.pid), time.monotonic()
            return Work(
                seconds=ended - began,
                polls=len(asked) - polls,
                news=sum(asked) - news,
                cpu_seconds=after.cpu_seconds - before.cpu_seconds,
                usage=after,
            )
        finally:
            await daemon.stop()


async def _in_full_swing(state: Path, feeds: int, every: int, addresses: Sequence[str]) -> None:
    """A database as it is after many hours: validators and baselines there, due times spread over the interval."""
    now = datetime.now(UTC)
    store = await SqliteStore.open(state)
    try:
        states = await store.polls.register([(f"{addresses[one % _HOSTS]}/{one}", now) for one in range(feeds)])
        lasted = timedelta(seconds=every)
        await asyncio.gather(
            *(
                store.polls.commit(
                    _question(feed), _decided(_polled(feed, now - lasted + lasted * place / feeds, lasted))
                )
                for place, feed in enumerate(states)
            )
        )
    finally:
        await store.close()


def _polled(feed: FeedState, at: datetime, every: timedelta) -> FeedState:
    return replace(
        feed,
        validators=Validators(etag=b'"quiet"'),
        last_poll_at=at,
        last_success_at=at,
        baseline_at=at,
        next_poll_at=at + every,
        last_outcome="not modified",
    )


def _question(feed: FeedState) -> Question:
    return Question(feed=feed.id, keys=frozenset(), fingerprints=frozenset(), since=feed.next_poll_at)


def _decided(feed: FeedState) -> Callable[[Known], PollPlan]:
    return lambda _: PollPlan(feed=feed, at=feed.last_poll_at or feed.next_poll_at)


async def _not_modified(store: SqliteStore, feed: FeedState, now: datetime) -> None:
    await store.polls.commit(_question(feed), _decided(_polled(feed, now, timedelta(minutes=15))))


async def _put_off(store: SqliteStore, first: datetime) -> None:
    """Nothing is due before `first`."""
    far = first + timedelta(days=1)
    later = [
        PutOff(feed=one.feed, due_at=one.due_at, until=first + timedelta(milliseconds=10) * place)
        for place, one in enumerate(await store.polls.overdue(far))
    ]
    await store.polls.put_off(later, "")


def _publisher(asked: list[bool]) -> Handler:
    async def answer(request: Request) -> Reply:
        is_news = len(asked) % _CHANGED == 0
        asked.append(is_news)
        headers = {"ETag": '"quiet"', "Content-Type": "application/rss+xml"}
        if request.headers.get("if-none-match") and not is_news:
            return Reply(status="304 Not Modified", headers=headers)
        return Reply(headers=headers, body=_document(request.path, len(asked)))

    return answer


def _document(path: str, number: int) -> bytes:
    items = "".join(
        f"<item><guid>{path}/{each}</guid><link>http://quay.example{path}/{each}</link>"
        f"<title>Ship number {each} of quay {path} has come into port</title>"
        f"<description>{'It carries timber, wool and letters. ' * 8}</description></item>"
        for each in (number, *range(_ENTRIES - 1))
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Quay {path}</title>'
        f"<link>http://quay.example/</link><language>en</language>{items}</channel></rss>"
    ).encode()


def _nowhere(one: int) -> str:
    """Nobody listens there."""
    return f"http://127.{one // 60_000 + 1}.{one // 250 % 240}.{one % 250 + 1}:9/{one}"


def _configure(config: Path, feeds: int, every: int, address: Addresses) -> None:
    config.parent.mkdir(parents=True)
    names = []
    for part, first in enumerate(range(0, feeds, _TO_A_FILE)):
        names.append(f"outlets-{part}.yaml")
        outlets = "".join(
            f"  - name: Quay {one}\n    every: {every}s\n    feeds:\n      - url: {address(one)}\n"
            for one in range(first, min(first + _TO_A_FILE, feeds))
        )
        (config.parent / names[-1]).write_text(f"outlets:\n{outlets}", encoding="utf-8")
    config.write_text(_CONFIGURATION.format(files=json.dumps(names), every=every), encoding="utf-8")


async def _started(daemon: Daemon, event: str) -> float:
    """Seconds from its start to the line of the log. Raises RuntimeError with the log where it does not come."""
    seen = len(daemon.lines)
    await daemon.wait_for(lambda: any(line.event == event for line in daemon.lines[seen:]), _PATIENCE_SECONDS)
    for line in daemon.lines[seen:]:
        if line.event == event:
            return line.at - daemon.began
    raise RuntimeError("the daemon did not get there:\n" + "\n".join(line.text for line in daemon.lines[-20:]))


async def _idle(daemon: Daemon, seconds: float) -> float:
    before, began = usage(daemon.process.pid, is_exact=False), time.monotonic()
    await asyncio.sleep(seconds)
    after = usage(daemon.process.pid, is_exact=False)
    return (after.cpu_seconds - before.cpu_seconds) / (time.monotonic() - began)


async def _command(group: str, name: str, config: Path, state: Path) -> float:
    """Seconds from start to end. Raises RuntimeError where it fails."""
    words = [group, *([name] if name else []), "--config", str(config), "--state", str(state)]
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *tocsin(*words), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, env=environment()
    )
    _, complaint = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"tocsin {' '.join(words)} failed: {complaint.decode('utf-8', 'replace').strip()}")
    return time.monotonic() - began


async def _each(times: int, piece: Callable[[], Awaitable[object]]) -> float:
    """The median of so many, in milliseconds of CPU of this process."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        await piece()
        taken.append(time.process_time() - began)
    return median(taken) * 1000


def _print_rest(options: argparse.Namespace, small: Rest, large: Rest) -> None:
    print(
        f"\n{'feeds':>8} {'first start':>12} {'second':>8} {'(CPU)':>7} {'idle':>7} {'RSS MB':>7} {'PSS MB':>7}", end=""
    )
    print(f" {'reload':>7} {'outlets list':>13} {'status':>7}")
    for feeds, one in ((max(options.feeds // 10, 1), small), (options.feeds, large)):
        print(
            f"{feeds:>8,} {one.first:>10.1f} s {one.second:>6.1f} s {one.second_cpu:>5.1f} s {one.idle:>7.2%} "
            f"{one.usage.rss_mb:>7.0f} {one.usage.pss_mb:>7.0f} {one.reload:>5.1f} s {one.listed:>11.1f} s "
            f"{one.status:>5.1f} s"
        )
    grown = (large.usage.pss_mb - small.usage.pss_mb) * 1e6 / max(options.feeds - options.feeds // 10, 1)
    print(f"a feed adds {grown:,.0f} bytes of memory; idle over {options.seconds:.0f} s")


def _print_work(options: argparse.Namespace, done: Work) -> None:
    share = done.cpu_seconds / done.seconds
    print(
        f"\n{options.polled:,} feeds every {options.every} s: {done.polls / done.seconds:.1f} polls/s, {done.news} of "
        f"{done.polls} with news; {share:.1%} of a core over {done.seconds:.0f} s, "
        f"{done.cpu_seconds / max(done.polls, 1) * 1000:.2f} ms a poll; "
        f"RSS {done.usage.rss_mb:.0f} MB, PSS {done.usage.pss_mb:.0f} MB in {done.usage.processes} processes"
    )


if __name__ == "__main__":
    raise SystemExit(main())
