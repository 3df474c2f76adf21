"""Feeds without a network and weeks without a clock: the real cadence over invented arrivals.

A virtual feed is a window of the last entries over moments of arrival. Its polls are decided by the same pure functions
as the daemon's, from the state that the poll before them left; a server of it always sends validators, so that a poll
in between two arrivals is a 304.
"""

import random
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from monitor.cadence.interval import Pace
from monitor.flow.pacing import Pacing
from monitor.model.entries import Entry, ParsedFeed
from monitor.model.polls import FeedId, FeedState, Validators

START = datetime(2026, 3, 2, tzinfo=UTC)
"""a Monday"""
DAY = 86_400.0
WINDOW = 30
_ENTRY = Entry(id="one")
_DOCUMENTS = tuple(ParsedFeed(kind="rss20", entries=(_ENTRY,) * entries) for entries in range(1_001))


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualFeed:
    """A feed by its arrivals."""

    name: str
    arrivals: tuple[float, ...]
    """ascending, in seconds since `START`; those before the first poll are its baseline"""
    window: int = WINDOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What became of one feed's entries."""

    name: str
    days: float
    requests: int
    delays: tuple[float, ...]
    """seconds from arrival to the poll that found it, of those that were found"""
    missed: int
    """came and went between two polls"""
    state: FeedState | None = None
    """at the end; None for a fixed pace"""


def adaptive(
    feed: VirtualFeed,
    pace: Pace,
    *,
    days: float,
    begin: float = 0.0,
    chance: Callable[[], float] = lambda: 0.5,
    restart: Callable[[FeedState], FeedState] = lambda state: state,
    learning: float = 0.0,
) -> Watched:
    """Poll from `begin` (seconds) for so many days; `restart` stands for what storing and reading do to a state.

    What happens in the first `learning` days is not counted.
    """
    now, end, counted_from = begin, begin + days * DAY, begin + learning * DAY
    state = FeedState(
        id=FeedId(1),
        url=feed.name,
        origin="",
        validators=Validators(etag=b'"1"'),
        next_poll_at=START + timedelta(seconds=begin),
    )
    requests, missed, known = 0, 0, 0
    delays: list[float] = []
    while now < end:
        moment = START + timedelta(seconds=now)
        standing = bisect_right(feed.arrivals, now)
        arrived = standing - known
        entries = min(standing, feed.window, len(_DOCUMENTS) - 1)
        pacing = Pacing(pace=pace, chance=chance(), now=moment)
        if not state.last_success_at:
            document = ParsedFeed(
                kind="rss20",
                entries=tuple(_dated(at) for at in feed.arrivals[standing - entries : standing]),
            )
            state = pacing.succeeded(state, max_age_seconds=0, document=document)
        else:
            shown = min(arrived, entries)
            changed = _DOCUMENTS[entries] if arrived else None
            state = pacing.succeeded(state, max_age_seconds=0, document=changed, new=shown)
            if now >= counted_from:
                missed += arrived - shown
                delays += [now - at for at in feed.arrivals[standing - shown : standing]]
        requests += now >= counted_from
        known = standing
        state = restart(state)
        now = (state.next_poll_at - START).total_seconds()
    return Watched(
        name=feed.name,
        days=days - learning,
        requests=requests,
        delays=tuple(delays),
        missed=missed,
        state=state,
    )


def fixed(feed: VirtualFeed, every: timedelta, *, days: float, begin: float = 0.0, learning: float = 0.0) -> Watched:
    """The same at one pace for all, without jitter, which would only make it slower."""
    step = every.total_seconds()
    start, end = begin + learning * DAY, begin + days * DAY
    delays: list[float] = []
    missed, slot, filled = 0, -1, 0
    for at in reversed(feed.arrivals):
        if not start <= at < end:
            continue
        present = int((at - begin) // step)
        filled = filled + 1 if present == slot else 1
        slot = present
        if filled > feed.window:
            missed += 1
        else:
            delays.append(begin + (present + 1) * step - at)
    return Watched(
        name=feed.name, days=days - learning, requests=round((end - start) / step), delays=tuple(delays), missed=missed
    )


def poisson(
    name: str, rate: Callable[[float], float], most: float, *, days: float, seed: int, window: int = WINDOW
) -> VirtualFeed:
    """Arrivals by chance: `rate` (entries an hour) at each second, never above `most`; they begin a week early."""
    chance = random.Random(seed)
    at, end = -7 * DAY, days * DAY
    arrivals: list[float] = []
    while most > 0:
        at += chance.expovariate(most / 3600)
        if at >= end:
            break
        if chance.random() * most < rate(at):
            arrivals.append(at)
    return VirtualFeed(name=name, arrivals=tuple(arrivals), window=window)


def by_day(mean: float) -> tuple[Callable[[float], float], float]:
    """A newsroom: six times as much by day as at night, half of it at the weekend; entries an hour in the mean."""
    peak = mean / 0.566

    def rate(at: float) -> float:
        hour, day = at % DAY / 3600, int(at // DAY) % 7
        return peak * (1.0 if 6 <= hour < 20 else 1 / 6) * (0.5 if day >= 5 else 1.0)

    return rate, peak


def bursts(mean: float, seed: int) -> tuple[Callable[[float], float], float]:
    """Quiet for most of the time, and now and then two hours of twenty times as much."""
    chance = random.Random(seed)
    begun = sorted(chance.uniform(-7 * DAY, 60 * DAY) for _ in range(67))

    def rate(at: float) -> float:
        place = bisect_right(begun, at)
        return mean * (20.0 if place and at - begun[place - 1] < 7_200 else 0.5)

    return rate, mean * 20


def together(watched: Iterable[Watched]) -> Watched:
    """All of them as one: the requests of a mean feed, the delays of all entries."""
    every = tuple(watched)
    return Watched(
        name="all",
        days=sum(one.days for one in every),
        requests=sum(one.requests for one in every),
        delays=tuple(delay for one in every for delay in one.delays),
        missed=sum(one.missed for one in every),
    )


def per_day(watched: Watched) -> float:
    """Requests a feed and day."""
    return watched.requests / watched.days


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of them lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def at_the_line(points: Sequence[tuple[float, float]], requests: float) -> float:
    """The delay at so many requests on the straight lines between (requests, delay); beyond their ends as one divided
    by requests, as the delay of a fixed pace is."""
    ordered = sorted(points)
    if requests <= ordered[0][0]:
        return ordered[0][1] * ordered[0][0] / requests
    for (fewer, slow), (more, fast) in pairwise(ordered):
        if requests <= more:
            return slow + (fast - slow) * (requests - fewer) / (more - fewer)
    return ordered[-1][1] * ordered[-1][0] / requests


def _dated(at: float) -> Entry:
    return replace(_ENTRY, published_at=START + timedelta(seconds=at))
