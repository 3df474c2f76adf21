"""Tell the stories of a file one after another, and print what becomes of them: figures, and clusters to be read.

    python -m tests.benchmarks.stream STORIES.jsonl [--largest 50] [--random 50] [--seed 1] [--outlet NAME]
                                                     [--sample 200]

STORIES.jsonl has one JSON object a line, in the order in which they were seen: id, outlet, link, title, summary, body,
lang, `seen` (seconds since 1970) or `published`; and `titles`, [[moment, title], …], where a headline was changed: each
later title is told at its moment, at the same link. They go through the sift, likeness and vocabulary of the daemon.

- *retitled*: a later title that is given another story than the title before would be told again.
- *story of a day*: stories founded on it. Sizes count entries, a retitled one once.
- With --outlet only that outlet's stories are told, and --sample of the entries that joined the story of an entry at
  another link are printed beside the headline that founded it: whoever reads them counts those that are other news.
"""

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from monitor.app.publishers import source_named
from monitor.flow.retelling import Kind, Retelling, Retold, placing_by
from monitor.model.entries import Entry, Text
from monitor.stories.recollection import Recollection

_SIZES = (1, 2, 3, 5, 10, 20, 50, 100)
_MOST_PRINTED = 30  # entries of a cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An entry as it was seen at one moment."""

    at: datetime
    id: str
    outlet: str
    entry: Entry
    is_retitled: bool = False


@dataclass(slots=True, kw_only=True)
class Member:
    """An entry with what became of it."""

    telling: Telling
    told: Retold


@dataclass(slots=True, kw_only=True)
class Stream:
    """What has been told so far, by story."""

    kinds: Counter[Kind] = field(default_factory=Counter)
    stories: dict[str, list[Member]] = field(default_factory=lambda: defaultdict(list))
    founded: dict[str, datetime] = field(default_factory=dict)
    retitled: int = 0
    repeated: list[Telling] = field(default_factory=list)
    """retitled entries that were given another story than before"""
    homes: dict[str, str] = field(default_factory=dict)
    """id → story"""
    micros: list[float] = field(default_factory=list)

    def add(self, one: Telling, told: Retold, micros: float) -> None:
        """One more was told."""
        self.micros.append(micros)
        self.kinds[told.kind] += 1
        self.founded.setdefault(told.story_key, one.at)
        if one.is_retitled:
            self.retitled += 1
            # Where its words stand at another entry of the outlet, that one was seen again, and nothing is told.
            if told.story_key != self.homes[one.id] and told.kind is not Kind.SAME_ENTRY:
                self.repeated.append(one)
        self.homes[one.id] = told.story_key
        if not one.is_retitled:
            self.stories[told.story_key].append(Member(telling=one, told=told))


def run(arguments: list[str] | None = None) -> int:
    """Print the figures: 0, or 1 where a retitled entry was given another story; 2 where there is no file."""
    options = _options(arguments)
    if not options.file.is_file():
        print(f"skipped: there is no file {options.file}; give stories as JSON Lines")
        return 2
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    stream = play(tellings(row for row in rows if options.outlet in ("", row.get("outlet"))))
    _print_figures(stream)
    chance = random.Random(options.seed)
    if options.outlet:
        _print_sample(stream, options.sample, chance)
    else:
        _print_clusters(stream, options.largest, options.random, chance)
    return 1 if stream.repeated else 0


def tellings(rows: Iterator[Mapping[str, Any]]) -> list[Telling]:
    """Every story at its moment, and every later title of it at its own."""
    told: list[Telling] = []
    last = datetime(2000, 1, 1, tzinfo=UTC)
    for number, row in enumerate(rows):
        last = max(last, _moment(row) or last)
        told.append(_telling(row, number, last, str(row.get("title") or "")))
        for moment, title in (row.get("titles") or ())[1:]:
            at = max(last, datetime.fromisoformat(moment).astimezone(UTC))
            told.append(_telling(row, number, at, title, is_retitled=True))
    return sorted(told, key=lambda one: one.at)


def play(told: list[Telling]) -> Stream:
    """Tell them one after another."""
    retelling = Retelling(begin=placing_by(Recollection()))
    stream, sources = Stream(), {name: source_named(name) for name in {one.outlet for one in told}}
    for one in told:
        began = time.process_time_ns()
        found = retelling.tell(one.entry, sources[one.outlet], one.at)
        stream.add(one, found, (time.process_time_ns() - began) / 1000)
    return stream


def _telling(row: Mapping[str, Any], number: int, at: datetime, title: str, *, is_retitled: bool = False) -> Telling:
    text = Text(title=title, summary=row.get("summary") or "", body=row.get("body") or "")
    id_ = str(row.get("id", number))
    entry = Entry(id=id_, link=row.get("link") or "", text=text, language=row.get("lang") or "")
    return Telling(at=at, id=id_, outlet=row.get("outlet") or "", entry=entry, is_retitled=is_retitled)


def _moment(row: Mapping[str, Any]) -> datetime | None:
    if isinstance(row.get("seen"), int | float):
        return datetime.fromtimestamp(row["seen"], UTC)
    return datetime.fromisoformat(row["published"]).astimezone(UTC) if row.get("published") else None


def _print_figures(stream: Stream) -> None:
    sizes = [len(members) for members in stream.stories.values()]
    entries = sum(sizes)
    print(f"{entries} entries, {len(sizes)} stories, {entries - len(sizes)} joined another")
    print("kinds: " + ", ".join(f"{kind} {stream.kinds[kind]}" for kind in Kind))
    print(f"retitled: {stream.retitled}, given another story: {len(stream.repeated)}")
    for one in stream.repeated[:20]:
        print(f"  {one.id} {one.entry.text.title}")
    spent = sorted(stream.micros)
    print(
        f"µs a story: median {median(spent):.0f}, p99 {spent[len(spent) * 99 // 100]:.0f}, sum {sum(spent) / 1e6:.1f} s"
    )
    days = Counter(at.date() for at in stream.founded.values())
    seen = Counter(member.telling.at.date() for members in stream.stories.values() for member in members)
    print(f"stories a day: median {median(days.values()):.0f}; the fullest days:")
    for day, number in sorted(seen.most_common(10)):
        print(f"  {day}: {number} entries, {days[day]} stories founded")
    print("sizes (entries): stories")
    for first, end in zip(_SIZES, (*_SIZES[1:], 10**9), strict=True):
        number = sum(first <= size < end for size in sizes)
        if number:
            print(f"  {first if end == first + 1 else f'{first}+'}: {number}")
    publishers = Counter(len({member.telling.outlet for member in members}) for members in stream.stories.values())
    print("outlets: stories  " + ", ".join(f"{count}: {publishers[count]}" for count in sorted(publishers)))


def _print_clusters(stream: Stream, largest: int, others: int, chance: random.Random) -> None:
    grown = sorted((members for members in stream.stories.values() if len(members) > 1), key=lambda each: -len(each))
    print(f"\n== the {largest} largest")
    for members in grown[:largest]:
        _print_cluster(members)
    rest = grown[largest:]
    print(f"\n== {others} at random of the other {len(rest)} of two entries or more")
    for members in chance.sample(rest, min(others, len(rest))):
        _print_cluster(members)


def _print_cluster(members: list[Member]) -> None:
    outlets = len({member.telling.outlet for member in members})
    print(f"\n-- {len(members)} entries, {outlets} outlets")
    for member in members[:_MOST_PRINTED]:
        score = "" if member.told.score is None else f" {member.told.score:.2f}"
        when = f"{member.telling.at:%m-%d %H:%M}"
        print(f"   {when} {member.told.kind}{score} | {member.telling.entry.text.title} | {member.telling.outlet}")
    if len(members) > _MOST_PRINTED:
        print(f"   and {len(members) - _MOST_PRINTED} more")


def _print_sample(stream: Stream, number: int, chance: random.Random) -> None:
    joined = [
        (members[0], member)
        for members in stream.stories.values()
        for member in members[1:]
        if member.told.kind in (Kind.SAME_STORY, Kind.SAME_TEXT)
    ]
    print(f"\n== {min(number, len(joined))} at random of {len(joined)} entries that joined the story of another")
    for first, member in chance.sample(joined, min(number, len(joined))):
        score = "" if member.told.score is None else f" {member.told.score:.2f}"
        print(f"-- {member.told.kind}{score}: {member.told.reason}")
        print(f"   {first.telling.at:%m-%d %H:%M} {first.telling.entry.text.title}")
        print(f"   {member.telling.at:%m-%d %H:%M} {member.telling.entry.text.title}")


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--largest", type=int, default=50)
    parser.add_argument("--random", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--outlet", default="")
    parser.add_argument("--sample", type=int, default=200)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(run())
