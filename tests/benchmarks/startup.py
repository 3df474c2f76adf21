"""How long it takes to begin, and what an idle daemon costs.

    python -m tests.benchmarks.startup [--times 5] [--feeds 50] [--seconds 20] [--every 5s]

Medians, beside a bare `python -c pass` of the same run. Then a daemon with so many loopback feeds that answer 304,
each at a port of its own: CPU and memory of its process tree over so many seconds, once asleep between polls
(`every: 1h`) and once polling (`every: 5s`).
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks.daemon import Daemon, environment, tocsin
from tests.benchmarks.loopback import Handler, Reply, Request, serving
from tests.benchmarks.processes import Usage, usage

_PATIENCE_SECONDS = 60.0
_SETTLE_SECONDS = 2.0
_FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>The Quiet Quay</title><link>http://quay.example/</link>
<item><guid>1</guid><title>Nothing happened on the quay today</title><link>http://quay.example/1</link></item>
</channel></rss>"""
_CONFIGURATION = """\
polling: {{every: {every}, min_interval: 1s, allow_private: [127.0.0.0/8]}}
channels:
  - {{name: screen, kind: console}}
rules:
  - {{name: bell, query: 'tocsin OR "alarm bell"'}}
outlets: {outlets}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Seconds from the start of the process to what a user waits for."""

    started: float
    """the log says so"""
    asked: float
    """the first feed is asked"""
    polled: float
    """the first poll is committed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What a daemon used over some seconds."""

    seconds: float
    polls: int
    before: Usage
    after: Usage

    @property
    def cpu_seconds(self) -> float:
        """Of the whole process tree."""
        return self.after.cpu_seconds - self.before.cpu_seconds


def main() -> int:
    """Print the figures."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="tocsin-startup-") as folder:
        asyncio.run(_measure(Path(folder), options))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--feeds", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--every", default="5s")
    return parser.parse_args()


async def _measure(folder: Path, options: argparse.Namespace) -> None:
    asked: list[float] = []
    async with serving(_quiet(asked), options.feeds) as addresses:
        config = folder / "tocsin.yaml"
        _configure(config, addresses, "1h")
        bare = _seconds((sys.executable, "-c", "pass"), options.times)
        _print_times("python -c pass", bare, bare)
        _print_times("tocsin --version", _seconds(tocsin("--version"), options.times), bare)
        _print_times("tocsin --help", _seconds(tocsin("--help"), options.times), bare)
        _print_times("tocsin check", _seconds(tocsin("check", "--config", str(config)), options.times), bare)
        starts = [await _start(config, folder / f"state{turn}", asked) for turn in range(options.times)]
        _print_times("tocsin run: started", median(one.started for one in starts), bare)
        _print_times("tocsin run: first feed asked", median(one.asked for one in starts), bare)
        _print_times("tocsin run: first poll committed", median(one.polled for one in starts), bare)
        for every in ("1h", options.every):
            _configure(config, addresses, every)
            stretch = await _idle(config, folder / f"idle-{every}", asked, options)
            _print_stretch(f"{options.feeds} feeds, every {every}", stretch)


async def _start(config: Path, state: Path, asked: list[float]) -> Start:
    asked.clear()
    daemon = await Daemon.start(config, state)
    try:
        is_polled = await daemon.wait_for(lambda: bool(daemon.polls()), _PATIENCE_SECONDS)
        if not is_polled:
            raise RuntimeError("the daemon did not poll:\n" + "\n".join(line.text for line in daemon.lines))
        started = next(line.at for line in daemon.lines if line.event == "started")
        return Start(
            started=started - daemon.began, asked=asked[0] - daemon.began, polled=daemon.polls()[0].at - daemon.began
        )
    finally:
        await daemon.stop()


async def _idle(config: Path, state: Path, asked: list[float], options: argparse.Namespace) -> Stretch:
    """Wait until every feed was polled once, then look at the beginning and the end of the time given."""
    daemon = await Daemon.start(config, state)
    pid = daemon.process.pid
    try:
        await daemon.wait_for(_all_polled(daemon, options.feeds), _PATIENCE_SECONDS)
        await asyncio.sleep(_SETTLE_SECONDS)
        before, began, polls = usage(pid), time.monotonic(), len(asked)
        await asyncio.sleep(options.seconds)
        after, ended = usage(pid), time.monotonic()
        return Stretch(seconds=ended - began, polls=len(asked) - polls, before=before, after=after)
    finally:
        await daemon.stop()


def _all_polled(daemon: Daemon, feeds: int) -> Callable[[], bool]:
    return lambda: len({line.fields.get("feed") for line in daemon.polls()}) >= feeds


def _quiet(asked: list[float]) -> Handler:
    async def answer(request: Request) -> Reply:
        asked.append(time.monotonic())
        headers = {"ETag": '"quiet"', "Content-Type": "application/rss+xml"}
        if request.headers.get("if-none-match"):
            return Reply(status="304 Not Modified", headers=headers)
        return Reply(headers=headers, body=_FEED)

    return answer


def _configure(config: Path, addresses: Sequence[str], every: str) -> None:
    outlets = [{"name": f"Quay {n}", "feeds": [{"url": f"{address}/feed"}]} for n, address in enumerate(addresses)]
    config.write_text(_CONFIGURATION.format(every=every, outlets=json.dumps(outlets)), encoding="utf-8")


def _seconds(command: Sequence[str], times: int) -> float:
    """The median of so many runs. Raises CalledProcessError where the command fails."""
    taken = []
    for _ in range(times):
        began = time.monotonic()
        subprocess.run(command, check=True, capture_output=True, env=environment())
        taken.append(time.monotonic() - began)
    return median(taken)


def _print_times(name: str, seconds: float, bare: float) -> None:
    print(f"{name:<36} {seconds * 1000:>7.0f} ms   {seconds / bare:>5.1f} x python")


def _print_stretch(name: str, stretch: Stretch) -> None:
    share = stretch.cpu_seconds / stretch.seconds
    each = f", {stretch.cpu_seconds / stretch.polls * 1000:.1f} ms each" if stretch.polls else ""
    print(
        f"{name:<36} {share:.2%} of a core over {stretch.seconds:.0f} s ({stretch.polls} polls{each}); "
        f"RSS {stretch.after.rss_mb:.0f} MB, PSS {stretch.after.pss_mb:.0f} MB in {stretch.after.processes} processes"
    )


if __name__ == "__main__":
    raise SystemExit(main())
