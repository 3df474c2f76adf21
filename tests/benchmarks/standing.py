"""The marginal cost of rounds for a daemon that runs anyway: `tocsin run` over feeds that it asks again and again.

Between two rounds nothing ends and nothing starts, so a round is a stretch of time in which every feed was asked at
least once. Its jitter lets some be asked twice: what those cost, at the price of a 304, is taken off again.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.daemon import Daemon
from tests.benchmarks.newsstand import Newsstand
from tests.benchmarks.processes import Watcher, usage
from tests.benchmarks.rivals import configure
from tests.benchmarks.tables import Cost

_LOOK_SECONDS = 0.2
_PATIENCE_SECONDS = 300.0


async def measure_daemon(
    folder: Path, news: Newsstand, urls: Sequence[str], *, terms: int, every: int
) -> dict[str, Cost]:
    """The three rounds; (a) from the start of the process, (b) and (c) of a daemon that has settled.

    `every` in seconds. Raises RuntimeError where the daemon does not do its work.
    """
    config = folder / "tocsin.yaml"
    configure(config, urls, terms=terms, every=f"{every}s")
    news.rewind()
    daemon = await Daemon.start(config, folder / "state")
    watcher = Watcher(daemon.process.pid, period=_LOOK_SECONDS)
    watching = asyncio.create_task(watcher.run(), name="watcher")
    try:
        first = await _stretch(daemon, watcher, news, fetched=news.feeds, is_start=True)
        unchanged = await _stretch(daemon, watcher, news, fetched=0)
        price = unchanged.cpu_seconds / max(sum(news.answered.values()), 1)
        unchanged = replace(unchanged, cpu_seconds=price * news.feeds)
        changed = await _stretch(daemon, watcher, news, fetched=news.publish())
        again = sum(news.answered.values()) - news.feeds
        changed = replace(changed, cpu_seconds=changed.cpu_seconds - again * price)
    finally:
        watching.cancel()
        await daemon.stop()
    return {"a": first, "b": unchanged, "c": changed}


async def _stretch(daemon: Daemon, watcher: Watcher, news: Newsstand, *, fetched: int, is_start: bool = False) -> Cost:
    """From now until every feed was asked and the last of these polls has been committed."""
    news.answered.clear()
    polls = len(daemon.polls())
    watcher.highest_rss_mb = watcher.highest_pss_mb = 0.0
    before, began = 0.0 if is_start else usage(daemon.process.pid, is_exact=False).cpu_seconds, time.monotonic()
    if not await daemon.wait_for(_all_asked(daemon, news, polls, fetched), _PATIENCE_SECONDS):
        raise RuntimeError(f"the daemon did not finish a round: {[line.text for line in daemon.complaints()][:3]}")
    after = usage(daemon.process.pid)
    return Cost(
        cpu_seconds=after.cpu_seconds - before,
        wall_seconds=time.monotonic() - began,
        rss_mb=max(watcher.highest_rss_mb, after.rss_mb),
        pss_mb=max(watcher.highest_pss_mb, after.pss_mb),
    )


def _all_asked(daemon: Daemon, news: Newsstand, polls: int, fetched: int) -> Callable[[], bool]:
    def is_so() -> bool:
        answers = news.answered
        whole = sum(times for (_, status), times in answers.items() if status == 200)
        is_asked = len({feed for feed, _ in answers}) == news.feeds and whole >= fetched
        return is_asked and len(daemon.polls()) - polls >= sum(answers.values())

    return is_so
