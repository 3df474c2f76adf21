"""The real command in a process whose name server never answers for some names, and which tells when polls were due.

    python -m tests.benchmarks.witness run --config … --state …

Two steps are replaced, and nothing of the machine: a lookup of a name under `hanging.example` takes as long as glibc
takes to give up two silent name servers, and the start of a poll is told, with the moment at which it was due. Both
say so in a line of the log.
"""

import os
import socket
import time
from datetime import datetime

import pytest

from monitor.cli import main as command
from monitor.flow.poll import PollPorts, poll
from monitor.flow.watch import Watch
from monitor.model.polls import FeedState
from monitor.model.stories import PollPlan
from monitor.net import resolver
from monitor.net.resolver import Found

HANGING = ".hanging.example"
HANG_SECONDS = 20.0
"""two name servers, two attempts at each, five seconds an attempt"""

_lookup = resolver._system_lookup  # the one place that asks the system


def main() -> None:
    """Be the command, watched."""
    patch = pytest.MonkeyPatch()
    patch.setattr("monitor.net.resolver._system_lookup", _looked_up)
    patch.setattr("monitor.engine.poller.poll", _polled)
    command()


def _looked_up(host: str) -> Found:
    """Runs in a thread of the resolver."""
    if not host.endswith(HANGING):
        return _lookup(host)
    _say("lookup", host, time.time())
    time.sleep(HANG_SECONDS)
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


async def _polled(feed: FeedState, watch: Watch, ports: PollPorts) -> PollPlan:
    _say("due", feed.url, _epoch(feed.next_poll_at))
    return await poll(feed, watch, ports)


def _epoch(moment: datetime) -> float:
    return moment.timestamp()


def _say(event: str, what: str, moment: float) -> None:
    """One write: lines of several threads do not mix."""
    os.write(2, f"event={event} what={what} moment={moment:.4f}\n".encode())


if __name__ == "__main__":
    main()
