"""All rules together: compiled once, with every mistake of all of them, and matched on candidates only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType

from monitor.entities.roster import Roster
from monitor.model.rules import Match, RuleName, RuleSpec, View
from monitor.rules.examples import failing_examples
from monitor.rules.explain import Verdict, explain
from monitor.rules.filing import Filing, file_rules, required_terms
from monitor.rules.matching import match
from monitor.rules.parser import parse
from monitor.rules.printer import print_folded
from monitor.rules.rarity import rarity_by
from monitor.rules.reading import Reading
from monitor.rules.scope import is_limited, out_of_scope
from monitor.rules.sought import Leaves, Sought, resolve
from monitor.rules.tree import Query
from monitor.text.stems import Lemmas, Stems


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
class RuleNote:
    """Something in one rule that is allowed and may not be meant. The rule is in force all the same."""

    rule_index: int
    part: str
    """`query`, `expires`"""
    column: int | None
    """in the query, from 1"""
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that is ready to look."""

    spec: RuleSpec
    hash: str
    sought: Sought
    required: tuple[str, ...]
    """terms without which it cannot match"""
    is_limited: bool = False
    """to outlets, tags, languages or a time"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """The rules in force."""

    rules: tuple[Rule, ...] = ()
    filing: Filing = field(default_factory=Filing)
    numbers: Mapping[RuleName, int] = field(default_factory=dict)
    notes: tuple[RuleNote, ...] = ()
    """in the order of the rules"""
    stems: Stems = field(default_factory=Stems, compare=False)
    """remembers the stems of words from one view to the next"""

    @property
    def names(self) -> tuple[RuleName, ...]:
        """The names of all rules, in the order of the configuration."""
        return tuple(rule.spec.name for rule in self.rules)

    def spec(self, name: RuleName) -> RuleSpec:
        """Return what the configuration says of a rule; raises KeyError for an unknown name."""
        return self.rules[self.numbers[name]].spec

    def rule_hash(self, name: RuleName) -> str:
        """Return what changes when the query's meaning changes: 12 hex digits of SHA-256 over the folded query.

        Case, spacing, synonyms of fields and the way to write NOT do not count; the order of the parts does, and
        what the rule is limited to.
        Raises KeyError for an unknown name.
        """
        return self.rules[self.numbers[name]].hash

    def match(self, view: View, now: datetime | None = None) -> tuple[Match, ...]:
        """Return the rules found in a view, in the order of the configuration, each with its evidence.

        A rule that has expired at `now` finds nothing; without it, expiry does not count.
        """
        reading = Reading(view, self.stems)
        found: list[Match] = []
        for number in self.candidates(reading):
            rule = self.rules[number]
            if rule.is_limited and out_of_scope(rule.spec, view, now):
                continue
            evidence = match(rule.sought, reading)
            if evidence is not None:
                found.append(Match(rule=rule.spec.name, evidence=evidence))
        return tuple(found)

    def candidates(self, reading: Reading) -> list[int]:
        """Return the numbers of the rules worth evaluating, in order."""
        rules = self.rules
        has_all = reading.vocabulary.issuperset
        return [number for number in self.filing.candidates(reading) if has_all(rules[number].required)]

    def verdict(self, name: RuleName, view: View, now: datetime | None = None) -> Verdict:
        """Return whether one rule finds a view, and else why not; raises KeyError for an unknown name."""
        rule = self.rules[self.numbers[name]]
        if reason := out_of_scope(rule.spec, view, now):
            return Verdict(matched=False, failed=reason)
        return explain(rule.sought, Reading(view, self.stems))


def compile_ruleset(
    specs: tuple[RuleSpec, ...],
    roster: Roster,
    frequencies: Mapping[str, float] = MappingProxyType({}),
    lemmas: Lemmas = MappingProxyType({}),
) -> Ruleset | tuple[RuleMistake, ...]:
    """Return the rules ready to match, or every mistake of all of them.

    `frequencies` says of a folded term in what share of stories it stands; it only makes matching cheaper.
    `lemmas` gives by language the dictionary form of a word, for forms(…); other languages are stemmed.
    Examples are judged as `rules.examples` says.
    """
    rules: list[Rule] = []
    mistakes: list[RuleMistake] = []
    notes: list[RuleNote] = []
    numbers: dict[RuleName, int] = {}
    leaves: Leaves = {}
    for index, spec in enumerate(specs):
        mistakes += _wrong_name(index, spec, numbers)
        numbers.setdefault(spec.name, index)
        query = parse(spec.query, roster)
        if not isinstance(query, Query):
            mistakes += [
                RuleMistake(rule_index=index, part="query", column=each.column, what=each.what) for each in query
            ]
            continue
        sought = resolve(query.tree, roster, leaves)
        rules.append(
            Rule(
                spec=spec,
                hash=_hash(query, spec),
                sought=sought,
                required=tuple(sorted(required_terms(sought))),
                is_limited=is_limited(spec),
            )
        )
        notes += _notes(index, query)
        mistakes += [
            RuleMistake(rule_index=index, part=f"examples.{part}", column=None, what=what)
            for part, what in failing_examples(spec.examples, sought)
        ]
    if mistakes:
        return tuple(mistakes)
    filing = file_rules((rule.sought for rule in rules), rarity_by(frequencies), roster)
    stems = Stems(lemmas)
    return Ruleset(
        rules=tuple(rules), filing=filing, numbers=MappingProxyType(numbers), notes=tuple(notes), stems=stems
    )


_HASH_DIGITS = 12


def _hash(query: Query, spec: RuleSpec) -> str:
    meaning = print_folded(query.tree)
    if limits := [f"{kind}={','.join(sorted(names))}" for kind, names in _limits(spec) if names]:
        meaning = "\n".join((meaning, *limits))
    return sha256(meaning.encode("utf-8", "replace")).hexdigest()[:_HASH_DIGITS]


def _limits(spec: RuleSpec) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("outlets", spec.outlets), ("tags", spec.tags), ("languages", spec.languages)


def _notes(index: int, query: Query) -> Iterator[RuleNote]:
    for note in query.notes:
        yield RuleNote(rule_index=index, part="query", column=note.column, what=note.what)


def _wrong_name(index: int, spec: RuleSpec, numbers: Mapping[RuleName, int]) -> list[RuleMistake]:
    if not spec.name.strip():
        what = "a rule needs a name"
    elif spec.name in numbers:
        what = f"there is another rule named {spec.name!r}, number {numbers[spec.name] + 1}"
    else:
        return []
    return [RuleMistake(rule_index=index, part="name", column=None, what=what)]
