"""What it costs that rhythms are learned in UTC, when the clocks of an outlet are changed.

    python -m tests.benchmarks.summer_time [--feeds 30] [--weeks 3]

No network and no clock, as in `cadence`: invented newsrooms, and offices that speak in office hours only, are polled
for four weeks. Then everything comes an hour earlier, or an hour later, as it does by UTC when a country changes its
clocks. Beside that stand the very same entries without the change: what a tocsin that knew the time zone would come to.
Printed are, week by week, requests a feed and day, and the delay of the median, of the latest twentieth, in the mean.
"""

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tests.benchmarks.cadence import PACE
from tests.virtual_feeds import DAY, VirtualFeed, Watched, adaptive, by_day, per_day, poisson, quantile, together

BEFORE = 28
"""days until the clocks are changed"""
WEEK = 7
HOUR, MINUTE = 3600.0, 60.0
CHANGES = {"known": 0.0, "an hour earlier": -HOUR, "an hour later": HOUR}
_MEANS = (0.2, 0.5, 1.0, 2.0, 5.0)
_OFFICE_MEANS = (0.2, 0.5, 1.0)


def office(mean: float) -> tuple[Callable[[float], float], float]:
    """From eight to five on weekdays, and next to nothing else; entries an hour in the mean."""
    peak = mean * 168 / (45 + 123 / 50)

    def rate(at: float) -> float:
        hour, day = at % DAY / HOUR, int(at // DAY) % WEEK
        return peak * (1.0 if 8 <= hour < 17 and day < 5 else 1 / 50)

    return rate, peak


def changed(feed: VirtualFeed, by: float) -> VirtualFeed:
    """The same entries, those after the change so many seconds later."""
    moved = (at if at < BEFORE * DAY else at + by for at in feed.arrivals)
    return replace(feed, arrivals=tuple(sorted(moved)))


def casts(feeds: int, weeks: int) -> Iterator[tuple[str, Sequence[VirtualFeed]]]:
    """So many feeds of each kind."""
    days = BEFORE + WEEK * weeks + 1
    yield (
        "newsrooms",
        [poisson("newsroom", *by_day(_MEANS[seed % len(_MEANS)]), days=days, seed=seed) for seed in range(feeds)],
    )
    yield (
        "offices",
        [
            poisson("office", *office(_OFFICE_MEANS[seed % len(_OFFICE_MEANS)]), days=days, seed=seed)
            for seed in range(feeds)
        ],
    )


def watched(feeds: Sequence[VirtualFeed], week: int, by: float) -> Watched:
    """What the week after the change came to, from 0."""
    chance = random.Random(1).random
    learning = BEFORE + WEEK * week
    every = (changed(feed, by) for feed in feeds)
    return together(adaptive(one, PACE, days=learning + WEEK, chance=chance, learning=learning) for one in every)


def rows(feeds: int, weeks: int) -> Iterator[tuple[str, ...]]:
    """One for each kind, week and change."""
    for name, cast in casts(feeds, weeks):
        for week in range(weeks):
            for change, by in CHANGES.items():
                found = watched(cast, week, by)
                mean = sum(found.delays) / max(1, len(found.delays))
                delays = (quantile(found.delays, 0.5), quantile(found.delays, 0.95), mean)
                minutes = (f"{delay / MINUTE:.2f}" for delay in delays)
                yield (name, f"{week + 1}", change, f"{per_day(found):.1f}", *minutes, f"{found.missed}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=30)
    parser.add_argument("--weeks", type=int, default=3)
    given = parser.parse_args(arguments)
    header = ("feeds", "week", "clocks", "requests", "median min", "p95", "mean", "missed")
    for row in (header, *rows(given.feeds, given.weeks)):
        print("".join(cell.ljust(18) for cell in row).rstrip())


if __name__ == "__main__":
    main()
