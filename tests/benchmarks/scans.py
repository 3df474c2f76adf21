"""Three ways to find the rules that a story may concern, side by side in one run, with the same rules filed alike.

    python -m tests.benchmarks.scans STORIES.jsonl [--texts TEXTS.jsonl] [--repeat 3]

- `dictionaries` is what the program does: sets of words meet dictionaries, and what words lead to is remembered.
- `automaton` goes through the folded words, joined, once with ahocorasick_rs, and through the characters once more.
- `hybrid` looks words up in a dictionary, and takes automata for prefixes and for what regular expressions need.

The last two need ahocorasick_rs in the same environment, and are left out without it. Word forms and entities are
looked up in the same way in all three.
"""

import argparse
import gc
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Protocol

from monitor.entities.roster import Roster
from monitor.model.rules import RuleSpec, View
from monitor.rules.filing import filed_under
from monitor.rules.rarity import rarity_by
from monitor.rules.reading import Reading
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.rules.scan import KeyKind, Numbers, Scan
from monitor.text.stems import Stems
from tests.benchmarks.matching import resident_mb, views_of
from tests.benchmarks.mixed_rules import mixed_rules, town, word_rules

Filed = Mapping[KeyKind, Mapping[str, Numbers]]
ELSEWHERE = (KeyKind.FORM, KeyKind.ENTITY)
STORIES = 2_000


class Way(Protocol):
    """A way to find rules."""

    def numbers(self, reading: Reading) -> set[int]:
        """Return the rules of which a reading has a key."""


class Automaton:
    """Everything by two automata: over folded words with a space around each, and over casefolded characters."""

    def __init__(self, filed: Filed, roster: Roster) -> None:
        """Build both."""
        words = {f" {term} ": numbers for term, numbers in filed[KeyKind.TERM].items()}
        words |= {f" {start}": numbers for start, numbers in filed[KeyKind.PREFIX].items()}
        self._words = _find_all(words)
        self._characters = _find_all(filed[KeyKind.LITERAL])
        self._others = Scan({kind: filed[kind] for kind in ELSEWHERE}, roster)

    def numbers(self, reading: Reading) -> set[int]:
        """Go through the text twice."""
        found = self._others.numbers(reading)
        text = f" {'  '.join(' '.join(words.terms) for words in reading.texts.values())} "
        # Two words share the space between them, and matches that overlap are all found.
        self._words(text, found)
        self._characters(reading.plain, found)
        return found


class Hybrid:
    """Words by a dictionary, beginnings and characters by automata."""

    def __init__(self, filed: Filed, roster: Roster) -> None:
        """Build both."""
        self._beginnings = _find_all({f" {start}": numbers for start, numbers in filed[KeyKind.PREFIX].items()})
        self._characters = _find_all(filed[KeyKind.LITERAL])
        self._others = Scan({kind: filed[kind] for kind in (*ELSEWHERE, KeyKind.TERM)}, roster)

    def numbers(self, reading: Reading) -> set[int]:
        """Look words up, and go through the text twice."""
        found = self._others.numbers(reading)
        self._beginnings(f" {' '.join(reading.vocabulary)}", found)
        self._characters(reading.plain, found)
        return found


def _find_all(filed: Mapping[str, Numbers]) -> Callable[[str, set[int]], None]:
    if not filed:
        return lambda text, found: None  # noqa: ARG005 - nothing is looked for
    rules = list(filed.values())
    find = import_module("ahocorasick_rs").AhoCorasick(list(filed)).find_matches_as_indexes

    def find_all(text: str, found: set[int]) -> None:
        for number, _, _ in find(text, overlapping=True):
            found.update(rules[number])

    return find_all


WAYS: dict[str, Callable[[Filed, Roster], Way]] = {"dictionaries": Scan, "automaton": Automaton, "hybrid": Hybrid}


def main() -> int:
    """Print a line for each way and ruleset; 1 where two ways differ, 2 where the stories are absent."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stories", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    if not options.stories.is_file():
        print(f"skipped: {options.stories} is not there; give a JSON Lines file of stories with a title")
        return 2
    short = views_of(options.stories)
    here = town(view.text.title for view in short)
    sets = {"titles": short[:STORIES]} | ({"full texts": views_of(options.texts)[:STORIES]} if options.texts else {})
    rulesets = {f"{number:,} terms": (word_rules(here, number), Roster()) for number in (1_000, 10_000, 100_000)}
    rulesets["100,000 mixed"] = (mixed_rules(here, 100_000), here.roster)
    print(f"{'':<30}{'build s':>9}{'MB':>6}" + "".join(f"{name + '/s':>15}" for name in sets))
    differences = sum(_compared(name, *ruleset, sets, options.repeat) for name, ruleset in rulesets.items())
    return 1 if differences else 0


def _compared(name: str, specs: tuple[RuleSpec, ...], roster: Roster, sets: dict[str, list[View]], repeat: int) -> int:
    """Print what each way takes with the same filing; return how many stories two ways disagree about."""
    ruleset = compile_ruleset(specs, roster)
    if not isinstance(ruleset, Ruleset):
        raise SystemExit(f"the rules made from the stories have mistakes: {ruleset[0].what}")
    filed, _ = filed_under((rule.sought for rule in ruleset.rules), rarity_by({}))
    stems = Stems()
    expected: dict[str, list[set[int]]] = {}
    differences = 0
    for way, make in WAYS.items():
        gc.collect()
        before = resident_mb()
        begun = time.process_time()
        try:
            scan = make(filed, roster)
        except ModuleNotFoundError as error:
            print(f"{name:<16}{way:<14}left out: {error}")
            continue
        building = time.process_time() - begun
        grown = resident_mb() - before
        row = f"{name:<16}{way:<14}{building:>9.2f}{grown:>6.0f}"
        for kind, views in sets.items():
            found = [scan.numbers(Reading(view, stems)) for view in views]
            differences += sum(one != other for one, other in zip(expected.setdefault(kind, found), found, strict=True))
            row += f"{len(views) / _seconds(scan, views, stems, repeat):>15,.0f}"
        print(row)
    return differences


def _seconds(scan: Way, views: Sequence[View], stems: Stems, repeat: int) -> float:
    """Return the median of the CPU times to cut and scan all views."""
    taken: list[float] = []
    for _ in range(repeat):
        begun = time.process_time()
        for view in views:
            scan.numbers(Reading(view, stems))
        taken.append(time.process_time() - begun)
    return median(taken)


if __name__ == "__main__":
    raise SystemExit(main())
