"""What the worst stories cost a large ruleset, and an ordinary story the worst ruleset: CPU seconds to match.

    python -m tests.benchmarks.hostile_rules [--rules 100000]

Everything is made up here.
"""

import argparse
import random
import time
from itertools import product

from monitor.entities.roster import Roster
from monitor.model.entries import Text
from monitor.model.rules import RuleName, RuleSpec, View
from monitor.rules.ruleset import Ruleset, compile_ruleset
from tests.benchmarks.mixed_rules import mixed_rules, town

MILLION = 1_000_000


def main() -> int:
    """Print a line for each story and each ruleset."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=100_000)
    options = parser.parse_args()
    words = _words()
    ruleset = _mixed(words, options.rules)
    print(f"{options.rules:,} rules of all kinds{'':<14}{'first, s':>10}{'again, s':>10}{'matches':>9}")
    for name, text in _stories(words).items():
        print(f"{name:<38}{_matched(ruleset, text)}", flush=True)
    print(f"\n{'an ordinary story':<38}{'first, s':>10}{'again, s':>10}{'matches':>9}")
    for name, queries in _rulesets(options.rules).items():
        print(f"{name:<38}{_matched(_compiled(queries), 'Peace talks resume in the harbour town')}", flush=True)
    return 0


def _words() -> list[str]:
    """Return 20,000 words of three syllables, in a random order that is the same each time."""
    syllables = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]
    words = ["".join(parts) for parts in product(syllables[:28], repeat=3)][:20_000]
    random.Random(1).shuffle(words)
    return words


def _mixed(words: list[str], wanted: int) -> Ruleset:
    chance = random.Random(2)
    titles = [" ".join(chance.choices(words, k=9)).title() for _ in range(5_000)]
    here = town(titles)
    made = compile_ruleset(mixed_rules(here, wanted), here.roster)
    assert isinstance(made, Ruleset)
    return made


def _stories(words: list[str]) -> dict[str, str]:
    prose = " ".join(random.Random(3).choices(words, k=MILLION // 7))
    return {
        "a million characters, one word": "a" * MILLION,
        "a million characters, one word again": f"{words[0]} " * (MILLION // 7),
        "a million characters of its words": prose,
        "300,000 different words": " ".join(f"word{number}" for number in range(300_000)),
        "300,000 words that begin as its own": " ".join(f"{word}{n}" for word in words[:3_000] for n in range(100)),
        "a million characters without spaces": "".join(random.Random(4).choices(words, k=MILLION // 6)),
    }


def _rulesets(wanted: int) -> dict[str, list[str]]:
    return {
        "all filed under one word, one matches": [f"talks unit{number}" for number in range(wanted - 1)] + ["talks"],
        "all under one word, none rarer": [f"talks NOT unit{number}" for number in range(wanted)],
        "all count one word": [f"count(talks OR unit{number}) >= 2" for number in range(wanted)],
        "all NEAR one word": [f"talks NEAR/{number % 99 + 1} (peace OR unit{number})" for number in range(wanted)],
    }


def _compiled(queries: list[str]) -> Ruleset:
    specs = tuple(RuleSpec(name=RuleName(f"rule {number}"), query=query) for number, query in enumerate(queries))
    made = compile_ruleset(specs, Roster())
    assert isinstance(made, Ruleset)
    return made


def _matched(ruleset: Ruleset, text: str) -> str:
    view = View(text=Text(title="x", body=text), language="en")
    taken: list[float] = []
    for _ in range(2):
        begun = time.process_time()
        found = ruleset.match(view)
        taken.append(time.process_time() - begun)
    return f"{taken[0]:>10.2f}{taken[1]:>10.2f}{len(found):>9,}"


if __name__ == "__main__":
    raise SystemExit(main())
