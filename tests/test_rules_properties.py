"""Random rules over random views: printing reads back, and matching equals an evaluator that tries everything."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.rules import Match, RuleName, RuleSpec, View
from monitor.rules.parser import parse
from monitor.rules.printer import print_folded, print_query
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.rules.tree import Node, Query
from tests.brute.evaluator import evaluate
from tests.query_trees import ROSTER, WORDS, trees, views


@given(trees)
def test_a_printed_tree_reads_back_as_itself(tree: Node) -> None:
    """Printing and parsing are inverse, so evidence and hashes may be told in printed parts."""
    parsed = parse(print_query(tree), ROSTER)
    assert isinstance(parsed, Query), (print_query(tree), parsed)
    assert parsed.tree == tree
    again = parse(print_folded(tree), ROSTER)
    assert isinstance(again, Query)
    assert again.tree == tree


@given(st.lists(trees, min_size=1, max_size=6), views, st.dictionaries(st.sampled_from(WORDS), st.floats(0, 9)))
def test_candidates_lose_no_match_and_no_evidence(trees: list[Node], view: View, frequencies: dict[str, float]) -> None:
    """The index, whatever it believes about frequencies, changes the cost and nothing else."""
    specs = tuple(RuleSpec(name=RuleName(f"r{n}"), query=print_query(tree)) for n, tree in enumerate(trees))
    ruleset = compile_ruleset(specs, ROSTER, frequencies)
    assert isinstance(ruleset, Ruleset), ruleset
    expected = [(spec.name, evaluate(tree, view, ROSTER)) for spec, tree in zip(specs, trees, strict=True)]
    found = ruleset.match(view)
    assert found == tuple(
        Match(rule=name, evidence=tuple(sorted(evidence))) for name, evidence in expected if evidence is not None
    )
    for name, evidence in expected:
        verdict = ruleset.verdict(name, view)
        assert verdict.matched is (evidence is not None)
        assert bool(verdict.failed) is not verdict.matched


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
