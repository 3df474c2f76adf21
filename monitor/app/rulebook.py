"""One rule looked at closely: what it says of a headline, what it was compiled to, what it costs."""

from dataclasses import dataclass

from monitor.app.examine import Plan
from monitor.config.nearest import nearest
from monitor.entities.roster import Roster, build_roster
from monitor.errors import UsageError
from monitor.model.rules import RuleName, RuleSpec, View
from monitor.model.settings import Mistake
from monitor.rules.explain import Verdict, explain
from monitor.rules.filing import filing_keys
from monitor.rules.near_misses import near_misses
from monitor.rules.parser import parse
from monitor.rules.printer import print_query
from monitor.rules.rarity import rarity_by
from monitor.rules.reading import Reading
from monitor.rules.ruleset import Rule, Ruleset, compile_ruleset
from monitor.rules.scan import Key, KeyKind
from monitor.rules.tree import Query
from monitor.system.languages import lemmas

_TRIED = RuleName("query")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What became of a rule."""

    spec: RuleSpec
    hash: str
    meaning: str
    """the query as it was understood"""
    filed: tuple[Key, ...] | None
    """a story is looked at only if it has one of these; None: every story is"""
    required: tuple[str, ...]
    """words without which it cannot match"""
    notes: tuple[Mistake, ...]


def rule_named(plan: Plan, name: str) -> int:
    """The number of a rule. Raises UsageError with the nearest name."""
    numbers = plan.watch.ruleset.numbers
    if name in numbers:
        return numbers[RuleName(name)]
    meant = nearest(name, numbers)
    hint = f"did you mean {meant}?" if meant else f"there are {', '.join(numbers)}"
    message = f"unknown rule {name}: {hint}"
    raise UsageError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a query says of a view."""

    verdict: Verdict
    near_misses: tuple[str, ...]
    """of one that does not match: which of its parts are there all the same, or almost"""


def judge(rule: Rule, view: View) -> Judgement:
    """What a query says of a view; what the rule is limited to does not count."""
    reading = Reading(view)
    verdict = explain(rule.sought, reading)
    return Judgement(verdict=verdict, near_misses=() if verdict.matched else near_misses(rule.sought, reading))


def single_rule(query: str, plan: Plan | None) -> Rule:
    """A rule made of one query, with the entities of a configuration. Raises UsageError with every mistake."""
    spec = RuleSpec(name=_TRIED, query=query)
    ruleset = compile_ruleset((spec,), _roster(plan), lemmas=lemmas())
    if isinstance(ruleset, Ruleset):
        return ruleset.rules[0]
    where = (f"column {one.column}: {one.what}" if one.column else one.what for one in ruleset)
    message = f"--query: {'; '.join(where)}"
    raise UsageError(message)


def compiled(plan: Plan, number: int) -> Compiled:
    """What a rule was compiled to."""
    rule = plan.watch.ruleset.rules[number]
    query = parse(rule.spec.query, _roster(plan))
    keys = filing_keys(rule.sought, rarity_by({}))
    return Compiled(
        spec=rule.spec,
        hash=rule.hash,
        meaning=print_query(query.tree) if isinstance(query, Query) else rule.spec.query,
        filed=None if keys is None else tuple(sorted(keys)),
        required=tuple(sorted(rule.required)),
        notes=tuple(note for note in plan.notes if note.path.startswith(f"rules.{number + 1}.")),
    )


def spelled(key: Key) -> str:
    """A key in words."""
    match key.kind:
        case KeyKind.TERM:
            return key.text
        case KeyKind.PREFIX:
            return f"{key.text}*"
        case KeyKind.FORM:
            return f"forms({key.text})"
        case KeyKind.LITERAL:
            return f"the characters {key.text!r}"
        case KeyKind.ENTITY:
            return f"entity:{key.text}"


def _roster(plan: Plan | None) -> Roster:
    return build_roster(plan.settings.entities if plan else ())
