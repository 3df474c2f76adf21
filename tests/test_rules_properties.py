"""Random rules over random views: printing reads back, and matching equals an evaluator that tries everything."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.rules import Match, RuleName, RuleSpec, View
from monitor.rules.parser import parse
from monitor.rules.printer import print_folded, print_query
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.rules.tree import And, Node, Not, Or, Query
from tests.brute.evaluator import evaluate
from tests.query_trees import ROSTER, WORDS, joined, trees, views


@given(trees)
def test_a_printed_tree_reads_back_as_itself(tree: Node) -> None:
    """Printing and parsing are inverse, so evidence and hashes may be told in printed parts."""
    parsed = parse(print_query(tree), ROSTER)
    assert isinstance(parsed, Query), (print_query(tree), parsed)
    assert parsed.tree == tree
    again = parse(print_folded(tree), ROSTER)
    assert isinstance(again, Query)
    assert again.tree == tree


def _matching(ruleset: Ruleset, trees: list[Node], view: View) -> tuple[Match, ...]:
    """What the evaluator that tries everything says of each rule, in the order of the rules."""
    expected = ((name, evaluate(tree, view, ROSTER)) for name, tree in zip(ruleset.names, trees, strict=True))
    return tuple(Match(rule=name, evidence=tuple(sorted(found))) for name, found in expected if found is not None)


def _compiled(trees: list[Node], frequencies: dict[str, float]) -> Ruleset:
    specs = tuple(RuleSpec(name=RuleName(f"r{n}"), query=print_query(tree)) for n, tree in enumerate(trees))
    ruleset = compile_ruleset(specs, ROSTER, frequencies)
    assert isinstance(ruleset, Ruleset), ruleset
    return ruleset


believed = st.dictionaries(st.sampled_from(WORDS), st.floats(0, 9))


@settings(deadline=None)  # the evaluator that tries everything takes its time, and more on a busy machine
@given(st.lists(trees, min_size=1, max_size=6), views, believed)
def test_candidates_lose_no_match_and_no_evidence(trees: list[Node], view: View, frequencies: dict[str, float]) -> None:
    """The index, whatever it believes about frequencies, changes the cost and nothing else."""
    ruleset = _compiled(trees, frequencies)
    expected = _matching(ruleset, trees, view)
    assert ruleset.match(view) == expected
    matched = {match.rule for match in expected}
    for name in ruleset.names:
        verdict = ruleset.verdict(name, view)
        assert verdict.matched is (name in matched)
        assert bool(verdict.failed) is not verdict.matched


@settings(max_examples=10, deadline=None)  # some hundred evaluations by trying everything, in each
@given(st.lists(trees, min_size=6, max_size=7), st.lists(views, min_size=2, max_size=3), believed)
def test_many_rules_that_share_parts_find_in_story_after_story_what_each_would_alone(
    trees: list[Node], views: list[View], frequencies: dict[str, float]
) -> None:
    """Of 36 to 49 rules: what a ruleset remembers of one story, and what its rules share, changes no other verdict."""
    pairs = list(combinations(trees, 2))
    either = [joined(Or, [one, other]) for one, other in pairs]
    without = [joined(And, [one, Not(part=other)]) for one, other in pairs]
    many = [*trees, *either, *without]
    ruleset = _compiled(many, frequencies)
    for view in (*views, views[0]):
        assert ruleset.match(view) == _matching(ruleset, many, view)


SIGNS = "ab AND OR NOT()\"“-:/*?~=titleny{[|&!+0'’entityink.<>cofrms\\7"


PIECES = (
    "a", "NEAR/3", "ONEAR/2", "count(", ")", "(", ">= 2", "forms(", "b*", "fire*", "=A", '"a b"~2', "/a.b/", "NOT ",
    "OR", "AND", "title:", "link:", "entity:mayor", "entity:type:person?", '"', "-", "and",
)  # fmt: skip


@given(
    st.one_of(
        st.text(alphabet=st.sampled_from(SIGNS), max_size=60),
        st.lists(
            st.sampled_from(PIECES),
            max_size=14,
        ).map(" ".join),
    )
)
def test_any_query_is_understood_or_refused(query: str) -> None:
    """No query raises; a mistake stands at a column of the query, and what was understood prints and reads back."""
    parsed = parse(query, ROSTER)
    if isinstance(parsed, Query):
        again = parse(print_query(parsed.tree), ROSTER)
        assert isinstance(again, Query)
        assert again.tree == parsed.tree
        assert all(1 <= note.column <= len(query) + 1 for note in parsed.notes)
    else:
        assert parsed
        assert all(1 <= mistake.column <= len(query) + 1 for mistake in parsed)
