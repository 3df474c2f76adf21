"""What is tried on the past: the rules of a configuration, or one query, and the rules they are held against."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.app.examine import Plan, examined, rule_mistakes
from monitor.app.rulebook import rule_named, single_rule
from monitor.config.load import load
from monitor.entities.roster import build_roster
from monitor.errors import ConfigurationError, InputUnreadable, UsageError
from monitor.flow.backtest import Trial
from monitor.flow.watch import FeedWatch
from monitor.model.rules import RuleName, RuleSpec
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.system.languages import lemmas

ALL = "all"
QUERY = RuleName("query")
"""the name of a rule that is made of one query"""
_OF_OTHER_FILES = re.compile(r"outlets|rules\.\d+\.(channels|outlets|tags)(\.\d+)?")
"""what a file of rules alone cannot know: its outlets and channels stand elsewhere"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The rules that are tried, all of them for the overlap, and those that somebody asked about."""

    ruleset: Ruleset
    feeds: Mapping[str, FeedWatch]
    names: tuple[RuleName, ...]

    def trial(self, samples: int) -> Trial:
        """A trial of them that has seen nothing yet."""
        return Trial(self.ruleset, self.feeds, samples=samples)


def tried(plan: Plan | None, names: tuple[str, ...], query: str) -> Tried:
    """The named rules, or a query beside those of a configuration. Raises UsageError."""
    if query:
        if names:
            message = "give names of rules, or --query QUERY"
            raise UsageError(message)
        single_rule(query, plan)  # tells the mistakes of the query; the other rules have none
        others = tuple(rule for rule in plan.settings.rules if rule.name != QUERY) if plan else ()
        specs = (RuleSpec(name=QUERY, query=query), *others)
        ruleset = compile_ruleset(specs, plan.roster if plan else build_roster(()), lemmas=lemmas())
        assert isinstance(ruleset, Ruleset)  # noqa: S101 - each of them was compiled before
        return Tried(ruleset=ruleset, feeds=plan.watch.feeds if plan else {}, names=(QUERY,))
    if plan is None:
        message = "no configuration: give --query QUERY, or --config"
        raise UsageError(message)
    ruleset = plan.watch.ruleset
    if ALL in names and ALL not in ruleset.numbers:
        names = ()
    wanted = dict.fromkeys(ruleset.names[rule_named(plan, name)] for name in names)
    return Tried(ruleset=ruleset, feeds=plan.watch.feeds, names=tuple(wanted) or ruleset.names)


def held_against(path: Path, plan: Plan | None, environment: Mapping[str, str]) -> Tried:
    """The rules of another configuration, or of a file of rules alone, with the outlets and entities of `plan`.

    Raises InputUnreadable, ConfigurationError with every mistake.
    """
    if not path.exists():
        message = f"there is no file {path}"
        raise InputUnreadable(message)
    loaded = load(path, environment)
    settings = loaded.settings
    if settings is None or path.is_dir() or settings.outlets or not settings.rules:
        watch = examined(path, environment).watch
        return Tried(ruleset=watch.ruleset, feeds=watch.feeds, names=watch.ruleset.names)
    if others := [str(one) for one in loaded.mistakes if not _OF_OTHER_FILES.fullmatch(one.path)]:
        raise ConfigurationError(tuple(others))
    roster = build_roster(settings.entities) if settings.entities or plan is None else plan.roster
    ruleset = compile_ruleset(settings.rules, roster, lemmas=lemmas())
    if not isinstance(ruleset, Ruleset):
        raise ConfigurationError(tuple(str(one) for one in rule_mistakes(ruleset, loaded)))
    return Tried(ruleset=ruleset, feeds=plan.watch.feeds if plan else {}, names=ruleset.names)
