"""Serve the captures of one feed one after another to the real daemon, and count what it tells.

    python -m tests.benchmarks.replay FOLDER [--kill] [--kills 12] [--rule QUERY] [--every 1s] [--seed 1]
                                        [--shuffle] [--without-ids] [--mutate NAME] [--quick]

FOLDER holds consecutive captures of one address, in the order of their names; the first is the baseline. A new
capture is served only after the daemon has shown, by the validator it sends, that the poll of the one before is
committed. A rule that every entry meets sends alerts to a webhook that records them; what must have come is worked
out from the captures with plain feedparser (see `truth`). With --kill the daemon is killed (SIGKILL) again and again
at the moments where most is at stake, and started anew on the same database. With --shuffle the captures come in a
random order, so that the feed goes back in time and items vanish and return; with --without-ids no entry has a guid.
With --mutate the feed lies about its ids, links or dates (see `mutations`), or goes back in time; with --quick the
captures go through parser, flow and store in one process, without a daemon.
"""

import argparse
import asyncio
import random
import tempfile
import time
from pathlib import Path

from tests.benchmarks.judge import Verdict, judge
from tests.benchmarks.mutations import NAMES, dressed, mutate, ordered
from tests.benchmarks.rehearsal import rehearse
from tests.benchmarks.stage import KILLS, Stage, served
from tests.benchmarks.truth import Expectation, expect, read_capture

MATCH_ALL = 'outlet:"The Replayed Feed"'


def main() -> int:
    """Print the figures: 0 where the promise was kept, 1 where it was not, 2 where there are no captures."""
    options = _options()
    files = sorted(file for file in options.folder.glob("*") if file.suffix in {".xml", ".json", ".rss", ".atom"})
    if len(files) < 2:
        print(f"skipped: {options.folder} does not hold captures; give a folder of two or more *.xml of one feed")
        return 2
    chance = random.Random(options.seed)
    if options.shuffle:
        chance.shuffle(files)
    plain = [served(file.read_bytes(), without_ids=options.without_ids) for file in files]
    captures, expected = _mutated(options.mutate, plain, chance)
    if options.quick:
        return _rehearse(options, captures, expected)
    kills = _kill_plan(len(captures), options.kills, chance) if options.kill else {}
    with tempfile.TemporaryDirectory(prefix="tocsin-replay-") as folder:
        place = Stage(folder=Path(folder), captures=captures, kills=kills)
        began = time.monotonic()
        asyncio.run(place.play(rule=options.rule, every=options.every))
        seconds = time.monotonic() - began
    is_rule_for_all = options.rule == MATCH_ALL
    verdict = judge(expected, place.receipts, place.deaths, is_rule_for_all=is_rule_for_all)
    print(f"{'series':<42} {options.folder.name}")
    _print(place, expected, verdict, is_rule_for_all=is_rule_for_all)
    print(f"{'wall time':<42} {seconds:.1f} s")
    _print_end(place, verdict, is_rule_for_all=is_rule_for_all)
    return 0 if verdict.is_kept and place.is_whole else 1


def _mutated(name: str, plain: list[bytes], chance: random.Random) -> tuple[list[bytes], Expectation]:
    if not name:
        return plain, expect([read_capture(body) for body in plain])
    plain = ordered(name, plain)
    captures = mutate(name, plain, chance)
    return captures, dressed(expect([read_capture(body) for body in plain]), plain, captures)


def _rehearse(options: argparse.Namespace, captures: list[bytes], expected: Expectation) -> int:
    with tempfile.TemporaryDirectory(prefix="tocsin-rehearsal-") as folder:
        done = asyncio.run(rehearse(captures, Path(folder), rule=options.rule))
    verdict = judge(expected, done.receipts, [], is_rule_for_all=options.rule == MATCH_ALL)
    print(
        f"{options.folder.name:<20} {options.mutate or 'as it was':<13} entries {expected.entries:>5}  "
        f"expected {len(expected.stories):>4}  told {verdict.told:>4}  repeats {len(verdict.repeated):>3}  "
        f"strange {len(verdict.strange):>3}  missed {len(verdict.missed):>3}  revised {done.revised:>4}"
    )
    for line in verdict.discrepancies:
        print(f"  ! {line}")
    for line in done.alarms:
        print(f"  alarm: {line}")
    return 0 if verdict.is_kept else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kill", action="store_true", help="kill -9 the daemon again and again")
    parser.add_argument("--kills", type=int, default=12, help="how often, spread over the series")
    parser.add_argument("--rule", default=MATCH_ALL, help="a query; only the default can tell what was missed")
    parser.add_argument("--every", default="1s", help="how often the feed is polled")
    parser.add_argument("--seed", type=int, default=1, help="of the order and of the delays before kills")
    parser.add_argument("--shuffle", action="store_true", help="serve the captures in a random order")
    parser.add_argument("--without-ids", action="store_true", help="take every guid away first")
    parser.add_argument("--mutate", default="", choices=NAMES, help="a lie that the feed tells")
    parser.add_argument("--quick", action="store_true", help="in one process, without a daemon and without kills")
    return parser.parse_args()


def _kill_plan(captures: int, kills: int, chance: random.Random) -> dict[int, tuple[str, float]]:
    """Capture → (moment, delay in seconds), spread evenly; the moments take turns."""
    places = sorted({round(number * captures / kills) for number in range(kills)} & set(range(captures)))
    return {place: (KILLS[turn % len(KILLS)], chance.uniform(0, 0.05)) for turn, place in enumerate(places)}


def _print(place: Stage, expected: Expectation, verdict: Verdict, *, is_rule_for_all: bool) -> None:
    kills = ", ".join(f"{death.capture}:{death.moment}" for death in place.deaths)
    same = sum(story.is_old for story in expected.stories)
    doubled = sum(len(story.items) - 1 for story in expected.stories)
    rows = (
        ("captures served", f"{place.served} of {len(place.captures)}"),
        ("  given", f"{place.given} times"),
        ("entries in them", expected.entries),
        ("  baseline", len(expected.baseline)),
        ("  new after it", sum(len(story.items) for story in expected.stories)),
        ("  of these told as another entry's words", f"{doubled} (not expected), {same} of the baseline (expected)"),
        ("retitled / revised, by plain feedparser", f"{expected.retitled} / {expected.revised}"),
        (
            "revised, by the daemon's log",
            f"{place.revised}{' (polls cut off by kills are not logged)' if kills else ''}",
        ),
        ("alerts expected", f"{'' if is_rule_for_all else 'at most '}{len(expected.stories)}"),
        ("stories told", verdict.told),
        ("messages received", len(place.receipts)),
        ("stories told twice (other id)", len(verdict.repeated)),
        ("repeats in flight at a kill (same id)", len(verdict.in_flight)),
        ("repeats without a reason (same id)", len(verdict.unexplained)),
        ("new stories missed", len(verdict.missed)),
        ("alerts about nothing new", len(verdict.strange)),
        ("captures fetched, but never taken", len(place.refused)),
        ("kills (capture:moment)", f"{len(place.deaths)}  {kills}"),
        ("children that outlived a kill", sum(death.orphans for death in place.deaths)),
        ("left in the outbox", place.left),
        ("SIGTERM to end", f"{place.stop_seconds:.2f} s"),
    )
    for name, value in rows:
        print(f"{name:<42} {value}")


def _print_end(place: Stage, verdict: Verdict, *, is_rule_for_all: bool) -> None:
    for line in verdict.discrepancies:
        print(f"  ! {line}")
    for line in place.complaints:
        print(f"  log: {line}")
    is_kept = verdict.is_kept and place.is_whole
    print(
        f"promise kept: {'nothing missed, ' if is_rule_for_all else ''}nothing told twice"
        if is_kept
        else "PROMISE NOT KEPT"
    )


if __name__ == "__main__":
    raise SystemExit(main())
