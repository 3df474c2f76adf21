"""All rules together: compiled once, with every mistake of all of them, and matched on candidates only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType

from monitor.entities.roster import Roster
from monitor.model.rules import Match, RuleName, RuleSpec, View
from monitor.rules.examples import failing_examples
from monitor.rules.explain import Verdict, explain
from monitor.rules.filing import Filing, file_rules, rarity_by, required_terms
from monitor.rules.matching import match
from monitor.rules.parser import parse
from monitor.rules.printer import print_folded
from monitor.rules.reading import Reading
from monitor.rules.sought import Sought, resolve
from monitor.rules.tree import Query
from monitor.text.stems import Stems


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMistake:
    """One thing wrong in one rule."""

    rule_index: int
    """the place in the specs that were given, from 0"""
    part: str
    """`name`, `query`, `examples.match.0`, `examples.no_match.0`"""
    column: int | None
    """in the query, from 1"""
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that is ready to look."""

    spec: RuleSpec
    hash: str
    sought: Sought
    required: frozenset[str]
    """terms without which it cannot match"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """The rules in force."""

    rules: tuple[Rule, ...] = ()
    filing: Filing = field(default_factory=lambda: Filing(filed={}, always=()))
    numbers: Mapping[RuleName, int] = field(default_factory=dict)
    stems: Stems = field(default_factory=Stems, compare=False)

    @property
    def names(self) -> tuple[RuleName, ...]:
        """The names of all rules, in the order of the configuration."""
        return tuple(rule.spec.name for rule in self.rules)

    def spec(self, name: RuleName) -> RuleSpec:
        """Return what the configuration says of a rule; raises KeyError for an unknown name."""
        return self.rules[self.numbers[name]].spec

    def rule_hash(self, name: RuleName) -> str:
        """Return what changes when the query's meaning changes: 12 hex digits of SHA-256 over the folded query.

        Case, spacing, synonyms of fields and the way to write NOT do not count; the order of the parts does.
        Raises KeyError for an unknown name.
        """
        return self.rules[self.numbers[name]].hash

    def match(self, view: View) -> tuple[Match, ...]:
        """Return the rules found in a view, in the order of the configuration, each with its evidence."""
        reading = Reading(view, self.stems)
        found: list[Match] = []
        for number in self.filing.candidates(reading):
            rule = self.rules[number]
            if len(rule.required) > 1 and not rule.required <= reading.vocabulary:
                continue
            evidence = match(rule.sought, reading)
            if evidence is not None:
                found.append(Match(rule=rule.spec.name, evidence=evidence))
        return tuple(found)

    def candidates(self, reading: Reading) -> list[int]:
        """Return the numbers of the rules worth evaluating, in order."""
        return self.filing.candidates(reading)

    def verdict(self, name: RuleName, view: View) -> Verdict:
        """Return whether one rule finds a view, and else why not; raises KeyError for an unknown name."""
        return explain(self.rules[self.numbers[name]].sought, Reading(view, self.stems))


def compile_ruleset(
    specs: tuple[RuleSpec, ...],
    roster: Roster,
    frequencies: Mapping[str, float] = MappingProxyType({}),
) -> Ruleset | tuple[RuleMistake, ...]:
    """Return the rules ready to match, or every mistake of all of them.

    `frequencies` says of a folded term in how many stories it stands; it only makes matching cheaper.
    Examples are judged as `rules.examples` says.
    """
    rules: list[Rule] = []
    mistakes: list[RuleMistake] = []
    numbers: dict[RuleName, int] = {}
    for index, spec in enumerate(specs):
        mistakes += _wrong_name(index, spec, numbers)
        numbers.setdefault(spec.name, index)
        query = parse(spec.query, roster)
        if not isinstance(query, Query):
            mistakes += [
                RuleMistake(rule_index=index, part="query", column=each.column, what=each.what) for each in query
            ]
            continue
        sought = resolve(query.tree, roster)
        digest = sha256(print_folded(query.tree).encode("utf-8", "replace")).hexdigest()[:_HASH_DIGITS]
        rules.append(Rule(spec=spec, hash=digest, sought=sought, required=required_terms(sought)))
        mistakes += [
            RuleMistake(rule_index=index, part=f"examples.{part}", column=None, what=what)
            for part, what in failing_examples(spec.examples, sought)
        ]
    if mistakes:
        return tuple(mistakes)
    filing = file_rules((rule.sought for rule in rules), rarity_by(frequencies))
    return Ruleset(rules=tuple(rules), filing=filing, numbers=MappingProxyType(numbers))


_HASH_DIGITS = 12


def _wrong_name(index: int, spec: RuleSpec, numbers: Mapping[RuleName, int]) -> list[RuleMistake]:
    if not spec.name.strip():
        what = "a rule needs a name"
    elif spec.name in numbers:
        what = f"there is another rule named {spec.name!r}, number {numbers[spec.name] + 1}"
    else:
        return []
    return [RuleMistake(rule_index=index, part="name", column=None, what=what)]
