"""What the worst queries and the worst stories cost: milliseconds to compile, to match and to say why not.

    python -m tests.benchmarks.hostile_queries

Everything is made up here. Nothing is judged: tests/test_rules_language.py holds that each case ends.
"""

import time

from monitor.entities.roster import Roster
from monitor.model.entries import Text
from monitor.model.rules import RuleName, RuleSpec, View
from monitor.rules.ruleset import RuleMistake, Ruleset, compile_ruleset

NAME = RuleName("hostile")

QUERIES = (
    ("100,000 characters", "a " * 50_000),
    ("20,000 characters of OR", "ab OR " * 3_333 + "ab"),
    ("10,000 brackets", "(" * 10_000 + "a"),
    ("100 groups deep", "(a OR b NOT " * 99 + "(c d)" + ")" * 99),
    ("2,000 NEAR", "a NEAR/3 " * 2_000 + "a"),
    ("(a+)+$", "/(a+)+$/"),
    ("x{1000}{1000}", "/x{1000}{1000}/"),
    ("letters of all scripts", "/(" + r"\pL" * 100 + "){9}/"),
    ("20,000 quotes", '"' * 19_999),
    ("half characters", "\ud800" * 20_000),
)
STORIES = (
    ("a million letters", "/(a+)+$/ OR aaaa*", "a" * 1_000_000 + "b"),
    ("a million letters, ambiguous", "/[ab]*a[ab]{12}c/", "ab" * 500_000),
    ("a search to the end, 2,000 times", "count(/a.*b|a/) >= 1000", "a" * 1_000_000),
    ("NEAR, a million characters", "a NEAR/100 b", "a b " * 250_000),
    ("NEAR in NEAR", "(a NEAR/100 b) NEAR/100 (a NEAR/100 b)", "a b " * 25_000),
    ("count of NEAR", "count(a NEAR/100 b) >= 1000", "a b " * 250_000),
    ("loose phrase", '"a b a"~100', "a b " * 250_000),
    ("forms of 100,000 words", "forms(talk)", " ".join(f"word{number}" for number in range(100_000))),
    ("Chinese", "会 NEAR/3 談", "会談" * 500_000),
    ("Thai", "ไทย NEAR/3 ข่าว", "ไทยข่าว" * 142_000),
    ("Arabic with vowels", "سلام*", "سَلام " * 166_000),
    ("emoji sequences", "/👩/ OR peace", "👩‍👩‍👧‍👦" * 142_000),
    ("half characters", "peace OR /x/", "\ud800" * 1_000_000),
)


def main() -> int:
    """Print a line for each case."""
    print(f"{'query':<36}{'compile ms':>12}  outcome")
    for name, query in QUERIES:
        compiled, cost = _compiled(query)
        outcome = "compiled" if isinstance(compiled, Ruleset) else f"refused: {compiled[0].what[:60]}"
        print(f"{name:<36}{cost:>12.1f}  {outcome}".encode(errors="replace").decode())
    print(f"\n{'story':<36}{'match ms':>12}{'why ms':>12}  evidence")
    for name, query, text in STORIES:
        compiled, _ = _compiled(query)
        if not isinstance(compiled, Ruleset):
            print(f"{name:<36}refused: {compiled[0].what}")
            continue
        view = View(text=Text(title="x", body=text))
        begun = time.process_time()
        found = compiled.match(view)
        matched = time.process_time()
        compiled.verdict(NAME, view)
        why = time.process_time() - matched
        evidence = sum(len(match.evidence) for match in found)
        print(f"{name:<36}{(matched - begun) * 1000:>12.1f}{why * 1000:>12.1f}  {evidence}")
    return 0


def _compiled(query: str) -> tuple[Ruleset | tuple[RuleMistake, ...], float]:
    begun = time.process_time()
    compiled = compile_ruleset((RuleSpec(name=NAME, query=query),), Roster())
    return compiled, (time.process_time() - begun) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
