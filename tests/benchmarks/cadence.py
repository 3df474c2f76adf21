"""Poll virtual feeds at the adaptive cadence and at fixed paces, and print what each costs and how late news are found.

    python -m tests.benchmarks.cadence [HEADLINES.jsonl] [--half odd|even] [--long OUTLET …] [--feeds 60] [--days 14]

No network and no clock: weeks go by in seconds, over the same pure decisions as in the daemon (`tests.virtual_feeds`).

- Invented feeds: --feeds of them a kind, for --days. Newsrooms that rest at night and at the weekend, feeds of an even
  rate, feeds with bursts, weekly ones, dead ones, and newsrooms whose document holds six entries only.
- HEADLINES.jsonl: one JSON object a line with outlet and published, else seen (seconds since 1970). Each outlet is a
  feed of 30 entries over the week, Monday to Sunday, that has most of them; its Monday is there before the first poll.
  --half takes every other outlet by name: constants are tuned on one half, and told of the other. --long takes all that
  there is of one outlet, from the third day on; what the file has of it must be complete.

A delay is the time from an arrival to the poll that finds it; requests are of a mean feed and day. *The line* is what
lies between the fixed paces of 5, 15 and 60 minutes, at as many requests; *same* is a fixed pace with as many requests,
which lies below that line. Exit 1 where all invented feeds, a week or a long outlet are not below the line.
"""

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor.cadence.interval import Pace
from monitor.model.settings import PollingSettings
from tests.virtual_feeds import (
    DAY,
    START,
    VirtualFeed,
    Watched,
    adaptive,
    at_the_line,
    bursts,
    by_day,
    fixed,
    per_day,
    poisson,
    quantile,
    together,
)

MINUTE = 60.0
FIXED = (5, 15, 60)
_LEAST_A_WEEK = 7  # stories of an outlet, below which its week says nothing
_MEANS = (0.2, 0.5, 1.0, 2.0, 5.0)
_SETTINGS = PollingSettings()
PACE = Pace(every=_SETTINGS.every, shortest=_SETTINGS.min_interval, longest=_SETTINGS.max_interval)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Feeds that are told of together."""

    name: str
    feeds: Sequence[VirtualFeed]
    days: float
    begin: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of one cast."""

    name: str
    paces: Mapping[int, Watched]
    """minutes → at that fixed pace"""
    same: Watched
    """at a fixed pace with as many requests as the adaptive one"""
    ours: Watched
    seconds: float
    """of processor time that the adaptive cadence took"""

    def at_the_line(self, share: float) -> float:
        """The delay on the line between the fixed paces, at as many requests as ours."""
        points = [(per_day(one), quantile(one.delays, share)) for one in self.paces.values()]
        return at_the_line(points, per_day(self.ours))

    @property
    def is_below(self) -> bool:
        """Both the median and the delay of the latest twentieth lie below the line."""
        return all(quantile(self.ours.delays, share) < self.at_the_line(share) for share in (0.5, 0.95))


def told(cast: Cast, *, seed: int = 1) -> Told:
    """Poll one cast at every pace."""
    chance = random.Random(seed).random
    begun = time.process_time()
    ours = together(adaptive(feed, PACE, days=cast.days, begin=cast.begin, chance=chance) for feed in cast.feeds)
    seconds = time.process_time() - begun

    def at(pace: timedelta) -> Watched:
        return together(fixed(feed, pace, days=cast.days, begin=cast.begin) for feed in cast.feeds)

    return Told(
        name=cast.name,
        paces={minutes: at(timedelta(minutes=minutes)) for minutes in FIXED},
        same=at(timedelta(days=1) / per_day(ours)),
        ours=ours,
        seconds=seconds,
    )


def invented(feeds: int, days: float) -> list[Cast]:
    """So many feeds of each kind, and all of them together."""

    def newsroom(seed: int, window: int = 30) -> VirtualFeed:
        rate, most = by_day(_MEANS[seed % len(_MEANS)])
        return poisson("newsroom", rate, most, days=days, seed=seed, window=window)

    def even(seed: int) -> VirtualFeed:
        mean = _MEANS[seed % len(_MEANS)]
        return poisson("even", lambda _: mean, mean, days=days, seed=seed)

    def bursting(seed: int) -> VirtualFeed:
        rate, most = bursts(0.5, seed)
        return poisson("bursts", rate, most, days=days, seed=seed)

    kinds: dict[str, Callable[[int], VirtualFeed]] = {
        "newsrooms": newsroom,
        "even rates": even,
        "bursts": bursting,
        "weekly": lambda seed: poisson("weekly", lambda _: 1 / 168, 1 / 168, days=days, seed=seed),
        "dead": lambda _: VirtualFeed(name="dead", arrivals=()),
        "six entries": lambda seed: newsroom(seed, window=6),
    }
    casts = [Cast(name=name, feeds=[make(seed) for seed in range(feeds)], days=days) for name, make in kinds.items()]
    return [*casts, Cast(name="all invented", feeds=[feed for cast in casts for feed in cast.feeds], days=days)]


def captured(path: Path, *, half: str, long: Sequence[str]) -> list[Cast]:
    """The fullest week of a file, and whole outlets of it."""
    arrivals = _arrivals(path)
    weeks: dict[int, int] = defaultdict(int)
    for moments in arrivals.values():
        for at in moments:
            weeks[int(at // (7 * DAY))] += 1
    begin = max(weeks, key=lambda week: weeks[week]) * 7 * DAY
    of_week = {
        name: tuple(at for at in all_of_it if begin <= at < begin + 7 * DAY) for name, all_of_it in arrivals.items()
    }
    names = sorted(name for name, moments in of_week.items() if len(moments) >= _LEAST_A_WEEK)
    taken = names[{"odd": slice(1, None, 2), "even": slice(0, None, 2)}.get(half, slice(None))]
    feeds = [VirtualFeed(name=name, arrivals=of_week[name]) for name in taken]
    name = f"week, {half} half" if half else "week"
    casts = [Cast(name=name, feeds=feeds, days=6, begin=begin + DAY)]
    for outlet in long:
        first = arrivals[outlet][0] // DAY * DAY + 2 * DAY
        whole = VirtualFeed(name=outlet, arrivals=arrivals[outlet])
        casts.append(Cast(name=outlet, feeds=[whole], days=(whole.arrivals[-1] - first) / DAY, begin=first))
    return casts


def _arrivals(path: Path) -> dict[str, tuple[float, ...]]:
    found: dict[str, list[float]] = defaultdict(list)
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            story = json.loads(line)
            published = story.get("published")
            moment = datetime.fromisoformat(published).timestamp() if published else float(story["seen"])
            found[story["outlet"]].append(moment - START.timestamp())
    return {outlet: tuple(sorted(moments)) for outlet, moments in found.items()}


def print_told(one: Told) -> None:
    """A row a pace, and how ours stands to the line between them."""
    print(f"\n{one.name}: {len(one.ours.delays) + one.ours.missed:,} entries")
    print(f"  {'pace':<14}{'requests/day':>13}{'median min':>12}{'p95 min':>9}{'missed':>8}")
    rows = {f"{minutes} min": watched for minutes, watched in one.paces.items()} | {
        "same": one.same,
        "adaptive": one.ours,
    }
    for name, watched in rows.items():
        late = [quantile(watched.delays, share) / MINUTE for share in (0.5, 0.95)]
        print(f"  {name:<14}{per_day(watched):>13.1f}{late[0]:>12.1f}{late[1]:>9.1f}{watched.missed:>8}")
    if not one.ours.delays:
        return
    for word, share in (("median", 0.5), ("p95", 0.95)):
        ours, line = quantile(one.ours.delays, share), one.at_the_line(share)
        same = quantile(one.same.delays, share)
        print(
            f"  {word}: {ours / MINUTE:.1f} min, on the line {line / MINUTE:.1f}: {ours / line:.2f} of it; "
            f"{ours / same:.2f} of the same"
        )
    print(f"  {one.seconds / one.ours.requests * 1e6:.0f} µs of CPU a virtual poll")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; 1 where ours is not below the line, 2 where the file is absent."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cadence", description=__doc__)
    parser.add_argument("headlines", type=Path, nargs="?")
    parser.add_argument("--half", choices=("odd", "even"), default="")
    parser.add_argument("--long", action="append", default=[])
    parser.add_argument("--feeds", type=int, default=60)
    parser.add_argument("--days", type=float, default=14)
    options = parser.parse_args(arguments)
    if options.headlines is not None and not options.headlines.is_file():
        print(f"there is no {options.headlines}: captured headlines are not part of this repository")
        return 2
    casts = invented(options.feeds, options.days)
    results = [told(cast) for cast in casts]
    if options.headlines is not None:
        results += [told(cast) for cast in captured(options.headlines, half=options.half, long=options.long)]
    for one in results:
        print_told(one)
    promised = results[len(casts) - 1 :]
    above = [one.name for one in promised if not one.is_below]
    print(f"\nnot below the line: {', '.join(above)}" if above else "\nbelow the line: all of them")
    return 1 if above else 0


if __name__ == "__main__":
    raise SystemExit(main())
