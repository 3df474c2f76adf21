"""Rulesets: every mistake of every rule at once, names, hashes and verdicts in words."""

import pytest

from monitor.entities.roster import build_roster
from monitor.model.entries import Text
from monitor.model.rules import EntitySpec, Examples, RuleName, RuleSpec, View
from monitor.rules.ruleset import RuleMistake, Ruleset, compile_ruleset

ROSTER = build_roster([EntitySpec(id="mayor", name="Ana Roe")])
NAME = RuleName("peace")


def compiled(*specs: RuleSpec) -> Ruleset:
    """Return the ruleset, or fail with its mistakes."""
    ruleset = compile_ruleset(specs, ROSTER)
    assert isinstance(ruleset, Ruleset), ruleset
    return ruleset


def rule(query: str, name: str = "peace", examples: Examples | None = None) -> RuleSpec:
    """Return a rule as the configuration would state it."""
    return RuleSpec(name=RuleName(name), query=query, examples=examples or Examples())


def why_not(query: str, view: View) -> str:
    """Return what made the query fail."""
    verdict = compiled(rule(query)).verdict(NAME, view)
    assert not verdict.matched
    assert verdict.evidence == ()
    return verdict.failed


def test_all_mistakes_of_all_rules_are_told_at_once() -> None:
    """Queries, names and examples, each with the rule and the part it stands in."""
    mistakes = compile_ruleset(
        (
            rule("titel:a AND", "one"),
            rule("truce", "two", Examples(match=("Truce holds", "War goes on"), no_match=("Final truce of the cup",))),
            rule("peace", "two"),
            rule("peace", " "),
        ),
        ROSTER,
    )
    assert mistakes == (
        RuleMistake(rule_index=0, part="query", column=1, what="unknown field 'titel', did you mean 'title'?"),
        RuleMistake(rule_index=0, part="query", column=9, what="AND has nothing after it"),
        RuleMistake(rule_index=1, part="examples.match.1", column=None, what="does not match: needs truce"),
        RuleMistake(rule_index=1, part="examples.no_match.0", column=None, what="must not match, but has truce"),
        RuleMistake(rule_index=2, part="name", column=None, what="there is another rule named 'two', number 2"),
        RuleMistake(rule_index=3, part="name", column=None, what="a rule needs a name"),
    )


def test_examples_that_hold_load_the_rule() -> None:
    """A headline is judged as an entry that has a title and nothing else."""
    examples = Examples(match=("Roe says truce talks resume", "Ana Roe’s truce"), no_match=("Ana Roe opens school",))
    query = "(entity:mayor OR roe) AND (truce OR ceasefire)"
    assert compiled(rule(query, examples=examples)).names == (NAME,)


def test_rules_keep_their_order_their_spec_and_their_names() -> None:
    """Matches come in the order of the configuration."""
    ruleset = compiled(rule("talks", "b"), rule("lang:en", "c"), rule("truce", "a"))
    view = View(text=Text(title="truce talks"), language="en")
    assert ruleset.names == ("b", "c", "a")
    assert [match.rule for match in ruleset.match(view)] == ["b", "c", "a"]
    assert ruleset.spec(RuleName("a")).query == "truce"
    with pytest.raises(KeyError):
        ruleset.spec(NAME)


def test_the_hash_changes_with_the_meaning_only() -> None:
    """Spacing, case, synonyms and quotes keep it; a word more changes it."""
    ruleset = compiled(
        rule("headline:Truce  -sport", "a"), rule('title:truce AND NOT "sport"', "b"), rule("truce -sport", "c")
    )
    one, two, three = (ruleset.rule_hash(RuleName(name)) for name in "abc")
    assert one == two != three
    assert len(one) == 12


def test_a_hash_survives_any_code_point() -> None:
    """A lone surrogate in a query is a query like any other."""
    assert len(compiled(rule("a \U0001d7d8b link:\udc80")).rule_hash(NAME)) == 12


@pytest.mark.parametrize(
    ("query", "failed"),
    [
        ('truce "peace talks"', 'needs "peace talks"'),
        ("truce title:harbour", "needs harbour in the title"),
        ("truce entity:mayor", "needs entity:mayor"),
        ('outlet:"old times" truce', 'needs "old times" as outlet'),
        ("lang:ru truce", "needs ru as language"),
        ("link:/opinion/ truce", 'needs "/opinion/" in the link'),
        ("ceasefire OR peace", "none of ceasefire, peace"),
        ("title:(ceasefire OR peace)", "none of ceasefire, peace in the title"),
        ("title:ceasefire OR peace", "none of ceasefire in the title, peace"),
        ("truce (lang:ru OR tag:war)", "none of ru as language, war as tag"),
        ("(peace ceasefire) OR war", "none of peace AND ceasefire, war"),
        ("truce NOT sport", "excluded by sport (title)"),
        ("truce NOT title:sport", "excluded by sport (title)"),
        ("truce NOT quiet", "excluded by quiet (summary, body)"),
        ("truce NOT (sport quiet)", "excluded by sport AND quiet (title, summary, body)"),
        ("truce NOT (quiet NOT peace)", "excluded by quiet AND NOT peace (summary, body)"),
        ("truce NOT lang:en", "excluded by en (lang)"),
        ("truce NOT sport peace", "needs peace"),
        ("peace OR (truce NOT sport)", "excluded by sport (title)"),
    ],
)
def test_a_miss_names_the_smallest_part_that_failed(query: str, failed: str) -> None:
    """What is missing comes before what is too much; an exclusion says where it was found."""
    view = View(text=Text(title="Sport truce", summary="all quiet", body="quiet"), language="en")
    assert why_not(query, view) == failed


def test_a_hit_comes_with_its_evidence() -> None:
    """The verdict says what `match` would."""
    ruleset = compiled(rule("truce"))
    view = View(text=Text(title="Truce"))
    verdict = ruleset.verdict(NAME, view)
    assert verdict.matched
    assert verdict.failed == ""
    assert verdict.evidence == ruleset.match(view)[0].evidence
