"""Twenty feeds of which four mean harm, and sixty whose host names hang: what healthy feeds notice of it.

    python -m tests.benchmarks.hostile [--seconds 40] [--healthy 16] [--names 60]

Four stretches, each with a daemon of its own: the healthy feeds alone; with a bomb, an endless feed, a dripping one and
a parser killer; with the hanging names; with all of them. Feeds stand at addresses of their own in 127.0.0.0/8. A
healthy feed brings a new entry at each poll, and each must be told once.
"""

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.siege import Siege, besiege

TREE_MB = 400.0
CUT_SECONDS = 30.0
LATE_SECONDS = 5.0
LATE_FOR_NAMES_SECONDS = 1.0
LOOKUPS_PER_SECOND = 10.0
"""over ten seconds: feeds seen for the first time begin 50 ms apart, and the beats bunch them"""
_RATE_SECONDS = 10.0
_SECOND_TURN = 4  # the killer goes on with its documents about where the first stretch ended
_ROUNDING_SECONDS = 0.5  # from the deadline to the log line


def main() -> int:
    """Print the figures; 1 where a target is missed."""
    options = _options()
    calm = _stretch("calm", options, names=0, turn=None)
    hostile = _stretch("hostile", options, names=0, turn=0)
    hanging = _stretch("hanging names", options, names=options.names, turn=None)
    everything = _stretch("both", options, names=options.names, turn=_SECOND_TURN)
    # The daemon looks for due feeds twice a second: so late a poll is in the best of times.
    usual = max(calm.lateness, default=0.0)
    flaws = [
        *(f"calm: {flaw}" for flaw in shortfalls(calm, late=LATE_SECONDS)),
        *(f"hostile: {flaw}" for flaw in shortfalls(hostile, late=LATE_SECONDS)),
        *(f"hanging names: {flaw}" for flaw in shortfalls(hanging, late=usual + LATE_FOR_NAMES_SECONDS)),
        *(f"both: {flaw}" for flaw in shortfalls(everything, late=LATE_SECONDS)),
    ]
    for flaw in flaws:
        print(f"missed  {flaw}")
    return 1 if flaws else 0


def shortfalls(seen: Siege, *, late: float) -> list[str]:
    """The targets that a stretch missed."""
    worst = max(seen.lateness, default=0.0)
    cut = max((seconds for cuts in seen.cuts.values() for seconds, _ in cuts), default=0.0)
    rate = busiest(seen.lookups, _RATE_SECONDS) / _RATE_SECONDS
    found = {
        f"a healthy poll was {worst:.2f} s late, more than {late:g} s": worst > late,
        "no healthy feed was polled": not seen.lateness,
        f"{seen.missed} alerts of healthy feeds were missed": seen.missed > 0,
        f"{seen.repeated} alerts came again": seen.repeated > 0,
        f"the process tree took {seen.highest_pss_mb:.0f} MB": seen.highest_pss_mb > TREE_MB,
        f"a hostile feed was cut after {cut:.1f} s": cut > CUT_SECONDS + _ROUNDING_SECONDS,
        f"hanging names were asked for {rate:.1f} times a second": rate > LOOKUPS_PER_SECOND,
        **{f"{name} was never cut": not cuts for name, cuts in seen.cuts.items()},
    }
    return [flaw for flaw, is_so in found.items() if is_so]


def share_of(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _stretch(name: str, options: argparse.Namespace, *, names: int, turn: int | None) -> Siege:
    with tempfile.TemporaryDirectory(prefix="tocsin-hostile-") as folder:
        seen = asyncio.run(
            besiege(
                Path(folder),
                seconds=options.seconds,
                healthy=options.healthy,
                names=names,
                turn=turn,
            )
        )
    _print(name, seen)
    return seen


def _print(name: str, seen: Siege) -> None:
    late = seen.lateness
    print(f"{name}")
    print(
        f"  healthy polls {len(late)}, late by p50 {share_of(late, 0.5):.2f} s, p99 {share_of(late, 0.99):.2f} s, "
        f"max {max(late, default=0.0):.2f} s"
    )
    print(f"  alerts told {seen.told} of {seen.expected}, missed {seen.missed}, repeated {seen.repeated}")
    print(f"  peak of the process tree: PSS {seen.highest_pss_mb:.0f} MB, RSS {seen.highest_rss_mb:.0f} MB")
    for villain, cuts in seen.cuts.items():
        longest = max((seconds for seconds, _ in cuts), default=0.0)
        print(f"  {villain}: {len(cuts)} polls, the longest cut after {longest:.1f} s")
        for ended, times in Counter(ended for _, ended in cuts).most_common():
            print(f"    {times:>3} x {ended}")
    if seen.lookups:
        print(
            f"  hanging names asked for {len(seen.lookups)} times, at most {busiest(seen.lookups, 1.0)} in a second, "
            f"{busiest(seen.lookups, _RATE_SECONDS) / _RATE_SECONDS:.1f} a second over ten"
        )
    print(f"  SIGTERM to end {seen.stop_seconds:.2f} s")
    for what, times in seen.complaints.most_common():
        print(f"  log: {times} x {what}")


def busiest(moments: Sequence[float], seconds: float) -> int:
    """The most that fall into any such stretch of time."""
    ordered = sorted(moments)
    return max((sum(start <= one < start + seconds for one in ordered) for start in ordered), default=0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=40.0, help="length of each stretch")
    parser.add_argument("--healthy", type=int, default=16)
    parser.add_argument("--names", type=int, default=60)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
