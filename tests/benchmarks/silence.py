"""How far the alarm on a silent outlet can be trusted, over the rhythms of real outlets.

    python -m tests.benchmarks.silence HEADLINES.jsonl [--outlet NAME]… [--cuts 300]

HEADLINES.jsonl has one entry a line with `outlet` and `published`. Each outlet is polled every half hour of a virtual
clock, from its first entry to its last, and judged every hour as the daemon does. Printed is how many alarms would
have come although the outlet was well, and how long after a cut at a random moment the alarm comes: from the last
entry before the cut, so that the time counts during which nothing was missed yet. Beside it stand simpler rules: a
fixed time, and twice the longest silence of all without regard for the days of the week.
"""

import argparse
import json
import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median_high

from monitor.cadence.hearing import hear_feed
from monitor.cadence.learning import Seen, learn
from monitor.model.polls import FeedId, FeedState
from monitor.model.rhythm import Rhythm
from monitor.model.silence import Silence, Span

POLL = timedelta(minutes=30)
LOOK = timedelta(hours=1)
LEARNING = timedelta(days=28)
"""before the first cut, and before alarms are counted"""
LONGEST = timedelta(days=45)
"""after a cut: an alarm that has not come by then never comes"""
MONTH = timedelta(days=30)
WINDOW = 40
"""entries of the document"""
FEWEST, MOST_OF_A_WEEK = 500, 0.1
"""entries of an outlet that is taken by default, and the share of them that one week may have: samples are no rhythm"""

Judge = Callable[[Rhythm, datetime], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a rule comes to over one outlet."""

    alarms: int
    months: float
    delays: tuple[timedelta, ...]
    unheard: int
    """cuts after which no alarm came"""


def read(path: Path) -> Mapping[str, Sequence[datetime]]:
    """When each outlet published, in order."""
    found: dict[str, set[datetime]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row.get("published"):
                found.setdefault(row["outlet"], set()).add(datetime.fromisoformat(row["published"]).astimezone(UTC))
    return {outlet: sorted(moments) for outlet, moments in found.items()}


def is_rhythm(moments: Sequence[datetime]) -> bool:
    """Whether an outlet was captured evenly enough to say anything."""
    weeks = Counter(moment.date().isocalendar()[:2] for moment in moments)
    return len(moments) >= FEWEST and max(weeks.values()) <= MOST_OF_A_WEEK * len(moments)


def polled(moments: Sequence[datetime]) -> Sequence[tuple[datetime, Rhythm]]:
    """The rhythm after each poll that brought something, as a feed of this outlet would have learned it."""
    now, before, place = moments[0], None, 0
    rhythm, states = Rhythm(interval=POLL), []
    while place < len(moments):
        now += POLL
        new = bisect_right(moments, now, lo=place) - place
        place += new
        seen = Seen(entries=WINDOW, new=new) if new else Seen()
        rhythm = replace(learn(rhythm, seen, before=before, now=now), interval=POLL)
        before = now
        if new:
            states.append((now, rhythm))
    return states


def ours(rhythm: Rhythm, now: datetime) -> bool:
    """As tocsin judges."""
    begin = datetime(2000, 1, 1, tzinfo=UTC)
    feed = FeedState(
        id=FeedId(1), url="", origin="", next_poll_at=now, last_success_at=now, baseline_at=begin, rhythm=rhythm
    )
    always = (Span(began_at=begin, until=now),)
    return isinstance(hear_feed(feed, always, now), Silence)


def fixed(hours: int) -> Judge:
    """The same time for everybody."""
    return lambda rhythm, now: rhythm.last_new_at is not None and now - rhythm.last_new_at > timedelta(hours=hours)


def twice_the_longest(rhythm: Rhythm, now: datetime) -> bool:
    """Without regard for weekends."""
    longest = max((max(gap.weekday, gap.weekend) for gap in rhythm.gaps), default=None)
    return bool(longest and rhythm.last_new_at and now - rhythm.last_new_at > 2 * longest)


JUDGES: Mapping[str, Judge] = {
    "tocsin": ours,
    "twice the longest": twice_the_longest,
    "24 hours": fixed(24),
    "48 hours": fixed(48),
    "72 hours": fixed(72),
}


def first_alarm(judge: Judge, rhythm: Rhythm, since: datetime, until: datetime) -> datetime | None:
    """When the silence that follows this poll is told, looked at every hour."""
    now = since
    while now < until:
        now += LOOK
        if judge(rhythm, now):
            return now
    return None


def measured(judge: Judge, states: Sequence[tuple[datetime, Rhythm]], cuts: Iterable[datetime]) -> Figures:
    """False alarms over all silences that ended, and delays over these cuts."""
    begin = states[0][0] + LEARNING
    alarms = 0
    for (at, rhythm), (following, _) in pairwise(states):
        if at >= begin and following - at > LOOK:
            # A silence that ends within the hour after the alarm was due would have been told just the same.
            alarms += first_alarm(judge, rhythm, at, following - LOOK) is not None
    moments = [at for at, _ in states]
    delays: list[timedelta] = []
    unheard = 0
    for cut in cuts:
        at, rhythm = states[bisect_right(moments, cut) - 1]
        heard = first_alarm(judge, rhythm, at, at + LONGEST)
        # An alarm before the cut was a false one, and stands counted there.
        if heard is None:
            unheard += 1
        else:
            delays.append(max(heard, cut) - at)
    return Figures(alarms=alarms, months=(states[-1][0] - begin) / MONTH, delays=tuple(sorted(delays)), unheard=unheard)


def rows(moments: Sequence[datetime], cuts: int, seed: int) -> Iterable[Sequence[str]]:
    """One row for each rule."""
    states = polled(moments)
    chance = random.Random(seed)
    begin, end = states[0][0] + LEARNING, states[-1][0]
    chosen = [begin + (end - begin) * chance.random() for _ in range(cuts)]
    for name, judge in JUDGES.items():
        figures = measured(judge, states, chosen)
        delays = figures.delays
        yield (
            name,
            f"{figures.alarms}",
            f"{figures.alarms / figures.months:.2f}",
            _hours(median_high(delays)) if delays else "-",
            _hours(delays[int(len(delays) * 0.95)]) if delays else "-",
            _hours(delays[-1]) if delays else "-",
            f"{figures.unheard}",
        )


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):.0f} h"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for each outlet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("headlines", type=Path)
    parser.add_argument("--outlet", action="append", default=[])
    parser.add_argument("--cuts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    outlets = read(given.headlines)
    names = given.outlet or sorted(name for name, moments in outlets.items() if is_rhythm(moments))
    for name in names:
        moments = outlets[name]
        print(f"\n{name}: {len(moments)} moments in {(moments[-1] - moments[0]).days} days")
        header = ("rule", "false alarms", "a month", "told after, median", "p95", "longest", "never told")
        for row in (header, *rows(moments, given.cuts, given.seed)):
            print("  " + row[0].ljust(20) + "".join(cell.rjust(20) for cell in row[1:]))


if __name__ == "__main__":
    main()
