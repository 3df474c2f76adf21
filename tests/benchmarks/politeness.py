"""The politeness score over a virtual week: requests, marks, and the worst rate that one server saw.

`python -m tests.benchmarks.politeness [--days 8.5] [--siblings 200] [--healthy 240]`
"""

import argparse
import asyncio
import logging
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from tests.politeness.record import Exchange, Record
from tests.politeness.score import marks
from tests.politeness.trials import EVERY, clock_is_set, machine_sleeps, names_are_gone
from tests.politeness.week import virtual_week
from tests.virtual_time import run

_SET_BY = (1, -1, -24, 720)

WORDS = (
    "one unconditional request a feed",
    "If-Modified-Since byte for byte",
    "If-None-Match byte for byte",
    "both validators replaced by a 200",
    "changed validators of a 304",
    "none from errors or lost polls",
    "never sooner than the minimum",
    "due times outlive a restart",
    "max-age, Expires, ttl, skipHours",
    "Retry-After holds the server",
    "410 stops, and is told",
    "moves believed after a week",
    "no cookies, Referer, queries",
    "User-Agent with a contact",
    "gzip and deflate",
    "one connection, and a pause",
    "one URL fetched once",
    "nothing but feeds",
    "a manual refresh has a floor",
    "304 is success",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of a week."""

    record: Record
    seconds: float
    cpu: float


async def lived(folder: Path, *, days: float, siblings: int) -> Seen:
    """A week of so many days, in `folder`."""
    began, cpu = time.perf_counter(), time.process_time()
    async with virtual_week(folder, days=days, siblings=siblings) as week:
        record = week.record()
    return Seen(record=record, seconds=time.perf_counter() - began, cpu=time.process_time() - cpu)


def worst(exchanges: Iterable[Exchange], within: timedelta) -> tuple[int, str]:
    """The most requests that one server saw within a span of time, and which server."""
    by_origin: dict[str, list[datetime]] = defaultdict(list)
    for one in exchanges:
        by_origin[one.origin].append(one.at)
    most, where = 0, ""
    for origin, moments in by_origin.items():
        first = 0
        for last, moment in enumerate(moments):
            while moment - moments[first] >= within:
                first += 1
            if last - first + 1 > most:
                most, where = last - first + 1, origin
    return most, where


def report(seen: Seen) -> str:
    """As it is printed."""
    record, given = seen.record, marks(seen.record)
    rows = [
        f"{number:>2}  {words:<36}{'won' if not given[number] else f'{len(given[number])} times: {given[number][0]}'}"
        for number, words in enumerate(WORDS, 1)
    ]
    a_second, at_second = worst(record.exchanges, timedelta(seconds=1))
    a_minute, at_minute = worst(record.exchanges, timedelta(minutes=1))
    return "\n".join(
        (
            *rows,
            f"{sum(not complaints for complaints in given.values())} of 20 points",
            f"{len(record.exchanges)} requests for {len(record.feeds)} feeds, {len(record.restarts)} restarts",
            f"most requests to one server: {a_second} in a second ({at_second}), {a_minute} in a minute ({at_minute})",
            f"{seen.seconds:.1f} s, {seen.cpu:.1f} s of CPU",
        )
    )


def trials(*, healthy: int, hanging: int) -> str:
    """Hard times, on a virtual clock."""
    outage = run(names_are_gone(healthy=healthy, hanging=hanging))
    lines = [
        (
            f"no names for an hour, {hanging} of {outage.feeds} names hang all the time: every healthy feed read again "
            f"within {outage.recovered_after:.0f} s (interval {EVERY.total_seconds():.0f} s), at most "
            f"{outage.most_a_second} requests in a second, healthy feeds {outage.latest:.1f} s late at most"
        )
    ]
    set_by = {f"clock set by {hours:+} h": clock_is_set(timedelta(hours=hours), feeds=healthy) for hours in _SET_BY}
    for what, work in {**set_by, "machine asleep for 8 h": machine_sleeps(timedelta(hours=8), feeds=healthy)}.items():
        borne = run(work)
        lines.append(f"{what}: {borne.shortest:.0f} to {borne.longest:.0f} s between two requests for a feed")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Live a week and print the marks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=float, default=8.5)
    parser.add_argument("--siblings", type=int, default=200, help="feeds on one server")
    parser.add_argument("--healthy", type=int, default=240, help="feeds in hard times")
    options = parser.parse_args(arguments)
    began = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="tocsin-politeness-") as folder:
        print(report(asyncio.run(lived(Path(folder), days=options.days, siblings=options.siblings))))
    print(trials(healthy=options.healthy, hanging=60))
    structlog.configure(**began)


if __name__ == "__main__":
    main()
