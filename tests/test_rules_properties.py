"""Random rules over random views: printing reads back, and matching equals a plain evaluator without any index."""

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from monitor.entities.roster import Roster, build_roster
from monitor.model.entries import Text
from monitor.model.rules import EntitySpec, Evidence, Match, RuleName, RuleSpec, View
from monitor.rules.matching import MOST_PER_PART
from monitor.rules.parser import parse
from monitor.rules.printer import print_folded, print_query
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.rules.tree import (
    TEXT_FIELDS,
    And,
    EntityMention,
    Field,
    Fielded,
    Literal,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Word,
)
from monitor.text.tokens import terms, tokenise

ROSTER = build_roster(
    [
        EntitySpec(id="mayor", name="Ana Roe", aliases=("Roe", "Ana Roe Talks", "会")),
        EntitySpec(id="nameless", name="?!"),
        EntitySpec(id="the port", name="Peace"),
    ]
)

WORDS = ("peace", "Talks", "truce", "ANA", "roe", "Roe’s", "sport", "AND", "cease-fire", "fire", "会談", "мой", "a")


def _words(text: str) -> Node:
    found = tuple(terms(text))
    return Word(term=found[0], text=text) if len(found) == 1 else Phrase(terms=found, text=text)


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    flat = tuple(each for part in parts for each in (part.parts if isinstance(part, kind) else (part,)))
    return kind(parts=flat) if len(flat) > 1 else flat[0]


def _grown(leaves: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Trees over `leaves` whose every alternative and negated part asks for something."""

    def grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        unwanted = st.lists(inner.map(lambda part: Not(part=part)), max_size=2)
        wanted = st.lists(inner, min_size=1, max_size=3)
        every = st.tuples(unwanted, wanted, unwanted).map(lambda lists: _joined(And, [*lists[0], *lists[1], *lists[2]]))
        return st.one_of(every, st.lists(inner, min_size=1, max_size=3).map(partial(_joined, Or)))

    return st.recursive(leaves, grow, max_leaves=6)


phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join).map(_words)
entities = st.sampled_from(sorted(ROSTER.phrases)).map(lambda name: EntityMention(id=name))
literals = st.text(alphabet="/a.RoeÉ?", min_size=1, max_size=3).map(lambda text: Literal(text=text))
text_leaves: st.SearchStrategy[Node] = st.one_of(phrases, phrases, entities)
others = tuple(field for field in Field if field not in TEXT_FIELDS and field is not Field.LINK)
fielded: st.SearchStrategy[Node] = st.one_of(
    st.builds(Fielded, field=st.sampled_from(TEXT_FIELDS), part=_grown(text_leaves)),
    st.builds(Fielded, field=st.sampled_from(others), part=_grown(phrases)),
    st.builds(Fielded, field=st.just(Field.LINK), part=_grown(literals)),
)
trees = _grown(st.one_of(text_leaves, text_leaves, fielded))

texts = st.one_of(
    st.just(""),
    st.lists(st.sampled_from((*WORDS, "—", "e\u0301")), max_size=9).map(" ".join),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(lambda words: " ".join(words * 13)),
)
values = st.lists(texts, max_size=2).map(tuple)
views = st.builds(
    View,
    text=st.builds(Text, title=texts, summary=texts, body=texts),
    outlets=values,
    tags=values,
    language=st.sampled_from(("", "a", "a-roe", "roe")),
    link=st.text(alphabet="/a.RoeÉ?", max_size=12),
    authors=values,
    categories=values,
)


def plainly(node: Node, view: View, roster: Roster, scope: Field | None = None) -> set[Evidence] | None:
    """Evaluate a tree by the definition of the language alone."""
    match node:
        case Not():
            return set() if plainly(node.part, view, roster, scope) is None else None
        case Fielded():
            return plainly(node.part, view, roster, node.field)
        case And() | Or():
            found = [plainly(part, view, roster, scope) for part in node.parts]
            held = [each for each in found if each is not None]
            enough = len(held) == len(found) if isinstance(node, And) else bool(held)
            return set().union(*held) if enough else None
    return set(_leaf(node, view, roster, scope)) or None


def _leaf(
    node: Word | Phrase | Literal | EntityMention, view: View, roster: Roster, scope: Field | None
) -> list[Evidence]:
    part = print_query(Fielded(field=scope, part=node) if scope else node)
    stated = {
        Field.TITLE: (view.text.title,),
        Field.SUMMARY: (view.text.summary,),
        Field.BODY: (view.text.body,),
        Field.OUTLET: view.outlets,
        Field.TAG: view.tags,
        Field.LANG: (view.language,),
        Field.LINK: (view.link,),
        Field.AUTHOR: view.authors,
        Field.CATEGORY: view.categories,
    }
    found = [
        Evidence(field=field, start=start, end=end, part=part)
        for field in ((scope,) if scope else TEXT_FIELDS)
        for text in stated[field]
        for start, end in _places(node, text, roster)
        if field is not Field.LANG or start == 0
    ]
    return found[:MOST_PER_PART]


def _places(node: Word | Phrase | Literal | EntityMention, text: str, roster: Roster) -> list[tuple[int, int]]:
    wanted: set[tuple[str, ...]]
    match node:
        case Literal():
            size = len(node.text)
            found = [at for at in range(len(text)) if text[at : at + size].lower() == node.text.lower()]
            apart = [at for number, at in enumerate(found) if not _overlaps(found[:number], at, size)]
            return [(at, at + size) for at in apart]
        case Word():
            wanted = {(node.term,)}
        case Phrase():
            wanted = {node.terms}
        case EntityMention():
            wanted = set(roster.phrases[node.id])
    words = tokenise(text)
    ends = [(first, end) for first in range(len(words)) for end in range(first + 1, len(words) + 1)]
    whole = [(first, end) for first, end in ends if tuple(word.term for word in words[first:end]) in wanted]
    outer = [
        (first, end)
        for first, end in whole
        if not any(a <= first and end <= b and (a, b) != (first, end) for a, b in whole)
    ]
    return [(words[first].start, words[end - 1].end) for first, end in outer]


def _overlaps(earlier: list[int], at: int, size: int) -> bool:
    """Whether a leftmost search, which goes on after each hit, is still inside a hit at `at`."""
    last = -size
    for each in earlier:
        if each >= last + size:
            last = each
    return at < last + size


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
    expected = [(spec.name, plainly(tree, view, ROSTER)) for spec, tree in zip(specs, trees, strict=True)]
    found = ruleset.match(view)
    assert found == tuple(
        Match(rule=name, evidence=tuple(sorted(evidence))) for name, evidence in expected if evidence is not None
    )
    for name, evidence in expected:
        verdict = ruleset.verdict(name, view)
        assert verdict.matched is (evidence is not None)
        assert bool(verdict.failed) is not verdict.matched


@given(st.text(alphabet=st.sampled_from("ab AND OR NOT()\"“-:/*?~=titleny{[|&!+0'’entityink."), max_size=60))
def test_any_query_is_understood_or_refused(query: str) -> None:
    """No query raises; a mistake stands at a column of the query, and what was understood prints and reads back."""
    parsed = parse(query, ROSTER)
    if isinstance(parsed, Query):
        again = parse(print_query(parsed.tree), ROSTER)
        assert isinstance(again, Query)
        assert again.tree == parsed.tree
    else:
        assert parsed
        assert all(1 <= mistake.column <= len(query) + 1 for mistake in parsed)
