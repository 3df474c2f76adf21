"""The real daemon, `tocsin run`, in processes that die where they are told to.

`python -m tests.crash.daemon` imports everything once and then forks a process for each line on its standard input: a
JSON object with `arguments` of the command, `environment`, `log` and `orders` (see `points`). It writes
the process's id and, once that has ended, its exit status (negative for a signal). A fork starts in milliseconds, so
that hundreds of kills are affordable, and is as mortal as any process.
"""

import json
import os
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts.retry import RetryPolicy
from monitor.app.examine import Plan
from monitor.app.house import House, furnish
from monitor.cadence.interval import Pace
from monitor.cli import main as command
from tests.crash.points import Orders, rigged

_PERIOD = 0.03
_REST_SECONDS = 0.5
_PACE = Pace(every=timedelta(milliseconds=60), shortest=timedelta(0), longest=timedelta(seconds=1))
_RETRY = RetryPolicy(first=timedelta(milliseconds=40), cap=timedelta(milliseconds=200))


def main() -> None:
    """Fork a daemon for each line, one at a time, until there are no more."""
    _warm()
    while line := sys.stdin.buffer.readline():
        order = json.loads(line)
        process = os.fork()
        if not process:
            _live(order)
        _say(process)
        _, status = os.waitpid(process, 0)
        _say(os.waitstatus_to_exitcode(status))


def _warm() -> None:
    """What the daemon would import when it first needs it."""
    import aiohttp  # noqa: F401
    import sqlite_utils  # noqa: F401

    import monitor.channels.webhook
    import monitor.cli.running
    import monitor.net.fetch  # noqa: F401


def _live(order: dict[str, Any]) -> None:
    """Be the daemon."""
    os.environ.update(order["environment"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    threading.Thread(target=_end_with_harness, daemon=True).start()
    _rig(Orders(Path(order["orders"])))
    command(order["arguments"])


def _rig(orders: Orders) -> None:
    """Let the daemon furnish a house whose steps are watched, and hurry, so that a test takes seconds."""

    async def furnished(plan: Plan, state: Path) -> House:
        feeds = {url: replace(feed, pace=_PACE) for url, feed in plan.watch.feeds.items()}
        house = await furnish(replace(plan, watch=replace(plan.watch, feeds=feeds)), state)
        return await rigged(replace(house, retry=_RETRY), orders)

    patch = pytest.MonkeyPatch()
    patch.setattr("monitor.daemon.serve.furnish", furnished)
    patch.setattr("monitor.engine.embedded.POLL_PERIOD", _PERIOD)
    patch.setattr("monitor.engine.embedded.DELIVER_PERIOD", _PERIOD)
    patch.setattr("monitor.engine.embedded.UPKEEP_PERIOD", _PERIOD)
    patch.setattr("monitor.engine.crew.REST_SECONDS", _REST_SECONDS)
    if seconds := os.environ.get("DAY_SECONDS"):
        patch.setattr("monitor.engine.upkeep.DAY", timedelta(seconds=float(seconds)))


def _end_with_harness() -> None:
    """Nothing is ever said on this pipe while a daemon lives; its end means that the harness has died."""
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGKILL)


def _say(number: int) -> None:
    with suppress(BrokenPipeError):  # the harness has died, and the end of its other pipe will end us
        os.write(1, b"%d\n" % number)


if __name__ == "__main__":
    main()
