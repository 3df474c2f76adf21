"""What becomes of the entries of a feed over its captures: revised, dated anew, gone and back; and what is told.

    python -m tests.benchmarks.series FOLDER [FOLDER ...] [--once-per text|entry|story]

Each FOLDER holds consecutive captures of one address, in the order of their names; the first is the baseline. They
go through parser, flow and store in one process, a quarter of an hour apart, with a rule that every entry meets. The
columns of plain feedparser (see `truth`) know an entry by its id or link and are worked out from the captures alone.

retitled, revised   a known entry came with another title; with any other words
re-dated            it came with another date and the very same words: no revision, and nothing to tell
back                it was absent from a capture, and stood in a later one: nothing to tell either
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from monitor.model.rules import OncePer
from monitor.model.stories import PollPlan
from tests.benchmarks.judge import judge
from tests.benchmarks.rehearsal import rehearse
from tests.benchmarks.truth import expect, read_capture


def main() -> int:
    """Print a row a series: 0 where nothing was told twice or missed, 1 where it was, 2 without captures."""
    options = _options()
    print(
        f"{'series':<20} {'entries':>7} {'new':>5} {'told':>5} {'twice':>5} {'missed':>6} {'strange':>7} "
        f"{'retitled':>8} {'plain':>5} {'revised':>7} {'plain':>5} {'re-dated':>8} {'back':>5}"
    )
    is_kept, has_read = True, False
    for folder in options.folders:
        captures = [file.read_bytes() for file in sorted(folder.glob("*.xml"))]
        if len(captures) < 2:
            print(f"skipped: {folder} does not hold captures; give a folder of two or more *.xml of one feed")
            continue
        has_read = True
        is_kept &= _row(folder.name, captures, OncePer(options.once_per))
    if not has_read:
        return 2
    return 0 if is_kept else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument(
        "--once-per",
        default=OncePer.TEXT.value,
        choices=[one.value for one in OncePer],
        help="with story, entries that are one piece of news are told once: more is missed than plain feedparser knows",
    )
    return parser.parse_args()


def _row(name: str, captures: Sequence[bytes], once_per: OncePer) -> bool:
    expected = expect([read_capture(body) for body in captures])
    watcher = _Watcher()
    with tempfile.TemporaryDirectory(prefix="tocsin-series-") as folder:
        done = asyncio.run(rehearse(captures, Path(folder), once_per=once_per, observe=watcher.take))
    verdict = judge(expected, done.receipts, [], is_rule_for_all=True)
    print(
        f"{name:<20} {expected.entries:>7} {len(expected.stories):>5} {verdict.told:>5} {len(verdict.repeated):>5} "
        f"{len(verdict.missed):>6} {len(verdict.strange):>7} {watcher.retitled:>8} {expected.retitled:>5} "
        f"{done.revised:>7} {expected.revised:>5} {watcher.dated_anew:>8} {watcher.back:>5}"
    )
    for line in verdict.discrepancies:
        print(f"  ! {line}")
    return verdict.is_kept


@dataclass(slots=True)
class _Watcher:
    """What the plans of a series say, one after another."""

    captures: int = 0
    retitled: int = 0
    dated_anew: int = 0
    back: int = 0
    last: dict[str, int] = field(default_factory=dict)
    """entry → number of the capture that had it last"""
    dates: dict[str, datetime | None] = field(default_factory=dict)

    def take(self, plan: PollPlan, dates: dict[str, datetime | None]) -> None:
        """One more poll; `dates` are those that its document gives, by the key of the entry."""
        self.captures += 1
        fresh = {one.entry_key: one for one in plan.sift.fresh}
        for entry_key in (*fresh, *plan.sift.seen):
            one = fresh.get(entry_key)
            if one is not None and one.previous is not None:
                self.retitled += one.previous.title != one.entry.text.title
            self.back += entry_key in self.last and self.last[entry_key] < self.captures - 1
            self.last[entry_key] = self.captures
            dated = dates.get(entry_key, self.dates.get(entry_key))
            self.dated_anew += one is None and entry_key in self.dates and self.dates[entry_key] != dated
            self.dates[entry_key] = dated


if __name__ == "__main__":
    raise SystemExit(main())
