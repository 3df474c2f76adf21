"""What rounds of polling cost, beside what a user would pick instead, over the same feeds in the same run.

    python -m tests.benchmarks.polling [--feeds 500] [--entries 30] [--times 3] [--terms 1000] [--venvs DIR]
                                       [--every 20] [--without NAME …]

Rounds: (a) the first update, (b) every feed answers 304, (c) one feed in twenty has one or two new entries.
CPU is user and system time of the whole tree of processes. Python's peers live in virtual environments of their own
below `--venvs`, made with pip where they are missing; newsboat and sfeed are compared where they are on the PATH.
"""

import argparse
import asyncio
import compileall
import resource
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import monitor
from tests.benchmarks.installed_rivals import installed
from tests.benchmarks.loopback import serving
from tests.benchmarks.newsstand import Newsstand, hosts
from tests.benchmarks.processes import Watcher
from tests.benchmarks.rivals import Once, Reader, Rival, Rss2email, python_of
from tests.benchmarks.standing import measure_daemon
from tests.benchmarks.tables import Cost, print_table

_LOOK_SECONDS = 0.05
_ROUND_SECONDS = 900.0
_PEERS = ("reader", "rss2email")
_INSTALLED = ("newsboat", "sfeed")
_DAEMON = "tocsin run"

Rounds = Mapping[str, Cost]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """The feeds while they are served."""

    news: Newsstand
    urls: Sequence[str]


def main() -> int:
    """Print the table; 1 where tocsin is behind a peer in a column, 0 else."""
    options = _options()
    # As pip does when it installs tocsin and the peers; else every start would compile the sources anew.
    compileall.compile_dir(Path(monitor.__file__).parent, quiet=1)
    rivals = _rivals(options)
    return asyncio.run(_measure(options, rivals))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--entries", type=int, default=30)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--terms", type=int, default=1_000, help="words in all rules together")
    parser.add_argument("--venvs", type=Path, default=Path(tempfile.gettempdir()) / "tocsin-benchmark-venvs")
    parser.add_argument("--every", type=int, default=20, metavar="SECONDS", help="between two polls of the daemon")
    parser.add_argument("--without", action="append", default=[], choices=("once", "run", *_PEERS, *_INSTALLED))
    return parser.parse_args()


def _rivals(options: argparse.Namespace) -> list[Rival]:
    rivals: list[Rival] = [] if "once" in options.without else [Once(terms=options.terms)]
    for package in _PEERS:
        if package in options.without:
            continue
        python = python_of(options.venvs, package)
        if isinstance(python, str):
            print(f"{package} is missing: it could not be installed ({python})", file=sys.stderr)
        elif package == "reader":
            rivals += [Reader(python=python, workers=1), Reader(python=python, workers=10)]
        else:
            rivals.append(Rss2email(python=python))
    found, absent = installed()
    for name in absent:
        if name not in options.without:
            print(f"{name} is absent: it is not on the PATH", file=sys.stderr)
    return rivals + [rival for rival in found if rival.name not in options.without]


async def _measure(options: argparse.Namespace, rivals: Sequence[Rival]) -> int:
    news = Newsstand(feeds=options.feeds, entries=options.entries)
    news.print_all()
    runs: dict[str, list[Rounds]] = {}
    async with serving(news.answer, hosts=hosts(options.feeds)) as addresses:
        stand = Stand(news=news, urls=[f"{address}/{number}" for number, address in enumerate(addresses)])
        for turn in range(options.times):
            for rival in rivals:
                _say(f"{turn + 1} of {options.times}: {rival.name}")
                with tempfile.TemporaryDirectory(prefix="tocsin-polling-") as folder:
                    runs.setdefault(rival.name, []).append(await _rounds(rival, Path(folder), stand))
            if "run" not in options.without:
                _say(f"{turn + 1} of {options.times}: {_DAEMON}")
                with tempfile.TemporaryDirectory(prefix="tocsin-polling-") as folder:
                    measured = await measure_daemon(
                        Path(folder), news, stand.urls, terms=options.terms, every=options.every
                    )
                    runs.setdefault(_DAEMON, []).append(measured)
    print(
        f"{options.feeds} feeds x {options.entries} entries, rules of {options.terms} terms, median of {options.times}"
    )
    return print_table({name: _medians(rounds) for name, rounds in runs.items()})


async def _rounds(rival: Rival, folder: Path, stand: Stand) -> Rounds:
    stand.news.rewind()
    rival.settle(folder, stand.urls)
    first = await _round(rival, folder, stand, fetched=stand.news.feeds)
    everything = None if rival.asks_conditionally else stand.news.feeds
    unchanged = await _round(rival, folder, stand, fetched=everything or 0)
    changed = stand.news.publish()
    return {"a": first, "b": unchanged, "c": await _round(rival, folder, stand, fetched=everything or changed)}


async def _round(rival: Rival, folder: Path, stand: Stand, *, fetched: int) -> Cost:
    """Raises RuntimeError where a round failed, left a feed out, or fetched another number of documents."""
    rival.make_due(folder)
    stand.news.answered.clear()
    command, environment = rival.round(folder)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    watcher = Watcher(process.pid, period=_LOOK_SECONDS)
    watching = asyncio.create_task(watcher.run(), name="watcher")
    try:
        async with asyncio.timeout(_ROUND_SECONDS):
            _, said = await process.communicate()
    finally:
        watching.cancel()
        if process.returncode is None:
            process.kill()
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    answers = stand.news.answered
    found = (len({feed for feed, _ in answers}), sum(n for (_, status), n in answers.items() if status == 200))
    if process.returncode or found != (stand.news.feeds, fetched):
        last = said.decode("utf-8", "replace").strip()[-500:]
        raise RuntimeError(
            f"{rival.name}: exit {process.returncode}, {found[0]} feeds asked, {found[1]} documents fetched "
            f"where it should have been {fetched}: {last}"
        )
    return Cost(
        cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        wall_seconds=ended - began,
        rss_mb=watcher.highest_rss_mb,
        pss_mb=watcher.highest_pss_mb,
    )


def _medians(rounds: Sequence[Rounds]) -> Rounds:
    return {letter: _median([one[letter] for one in rounds]) for letter in rounds[0]}


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        cpu_seconds=median(one.cpu_seconds for one in costs),
        wall_seconds=median(one.wall_seconds for one in costs),
        rss_mb=median(one.rss_mb for one in costs),
        pss_mb=median(one.pss_mb for one in costs),
    )


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
