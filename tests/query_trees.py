"""Random syntax trees of every kind of node, and random stories of the same few words."""

from functools import partial
from unicodedata import normalize

from hypothesis import strategies as st

from monitor.entities.roster import build_roster
from monitor.model.entries import Text
from monitor.model.rules import EntitySpec, View
from monitor.rules.placement import find_misplaced
from monitor.rules.tree import (
    TEXT_FIELDS,
    And,
    Count,
    EntityMention,
    EntityType,
    Exact,
    Field,
    Fielded,
    Forms,
    Literal,
    Loose,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Regex,
    Word,
)
from monitor.text.folding import fold
from monitor.text.tokens import terms, tokenise

ROSTER = build_roster(
    [
        EntitySpec(id="mayor", type="person", name="Ana Roe", aliases=("Roe", "Ana Roe Talks", "会")),
        EntitySpec(id="clerk", type="person", name="Roe Peace", aliases=("Talks",)),
        EntitySpec(id="nameless", name="?!"),
        EntitySpec(id="the port", type="place", name="Peace"),
    ]
)

WORDS = (
    "peace", "Talks", "talk", "truce", "ANA", "roe", "Roe’s", "sport", "AND", "cease-fire", "fire", "ﬁring", "会談",
    "мой", "моего", "мои", "a", "𝐩eace", "Ana\u0301", "Truces",
)  # fmt: skip
"""ligatures, astral and combining signs among them: their folds have other lengths"""
PREFIXES = ("pea", "Tal", "roe", "fir", "мое", "tru")
PATTERNS = ("fi.e", "ro[ea]", "[a-c]+", "мо", "T.lk", "e", "(?-i)roe", "peace talks?", "a\\/|-", "[а-яa-z]{4}", "truce")


def _words(text: str) -> Node:
    found = tuple(terms(text))
    return Word(term=found[0], text=text) if len(found) == 1 else Phrase(terms=found, text=text)


def _loose(text: str, slop: int) -> Node:
    found = tuple(terms(text))
    return Loose(terms=found, slop=slop, text=text) if len(found) > 1 else Word(term=found[0], text=text)


def joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    flat = tuple(each for part in parts for each in (part.parts if isinstance(part, kind) else (part,)))
    return kind(parts=flat) if len(flat) > 1 else flat[0]


def _grown(leaves: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Trees over `leaves` whose every alternative and negated part asks for something."""

    def grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        unwanted = st.lists(inner.map(lambda part: Not(part=part)), max_size=2)
        wanted = st.lists(inner, min_size=1, max_size=3)
        every = st.tuples(unwanted, wanted, unwanted).map(lambda lists: joined(And, [*lists[0], *lists[1], *lists[2]]))
        return st.one_of(every, st.lists(inner, min_size=1, max_size=3).map(partial(joined, Or)))

    return st.recursive(leaves, grow, max_leaves=6)


def _in_places(leaves: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """What has places in a text: leaves, alternatives of them, and both near each other."""

    def grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        near = st.builds(
            Near, left=inner, right=inner, distance=st.sampled_from((1, 2, 3, 9)), is_ordered=st.booleans()
        )
        return st.one_of(near, near, st.lists(inner, min_size=2, max_size=3).map(partial(joined, Or)))

    return st.recursive(leaves, grow, max_leaves=4)


def _fielded(field: Field, leaf: Node) -> Node:
    return Fielded(field=field, part=leaf)


_texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
phrases = _texts.map(_words)
literal_words: st.SearchStrategy[Node] = st.one_of(
    phrases,
    phrases,
    st.builds(_loose, _texts, st.integers(0, 4)),
    st.sampled_from(PREFIXES).map(lambda text: Prefix(start=fold(text), text=text)),
    _texts.map(lambda text: Exact(words=tuple(word.exact for word in tokenise(normalize("NFC", text))))),
    st.sampled_from(PATTERNS).map(lambda pattern: Regex(pattern=pattern)),
)
entities: st.SearchStrategy[Node] = st.one_of(
    st.builds(EntityMention, id=st.sampled_from(sorted(ROSTER.phrases)), is_possible=st.booleans()),
    st.builds(EntityType, type=st.sampled_from(sorted(set(ROSTER.types.values()))), is_possible=st.booleans()),
)
forms: st.SearchStrategy[Node] = st.sampled_from(("talk", "Truces", "мой", "fire")).map(
    lambda text: Forms(term=fold(text), text=text)
)
text_leaves: st.SearchStrategy[Node] = st.one_of(literal_words, literal_words, entities, forms)


def _with_places(leaves: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Leaves, and now and then NEAR and count over them."""
    near = _in_places(leaves)
    return st.one_of(leaves, near, st.builds(Count, part=near, least=st.integers(1, 4)))


_either = st.one_of(text_leaves, st.builds(_fielded, st.sampled_from(TEXT_FIELDS), text_leaves))
literals: st.SearchStrategy[Node] = st.text(alphabet="/a.RoeÉ?", min_size=1, max_size=3).map(
    lambda text: Literal(text=text)
)
_others = tuple(field for field in Field if field not in TEXT_FIELDS and field is not Field.LINK)
fielded: st.SearchStrategy[Node] = st.one_of(
    st.builds(_fielded, st.sampled_from(TEXT_FIELDS), _grown(_with_places(text_leaves))),
    st.builds(_fielded, st.sampled_from(_others), _grown(literal_words)),
    st.builds(_fielded, st.just(Field.LINK), _grown(literals)),
)
trees = _grown(st.one_of(_with_places(_either), text_leaves, fielded)).filter(lambda tree: not find_misplaced(tree))

texts = st.one_of(
    st.just(""),
    st.lists(st.sampled_from((*WORDS, "—", "e\u0301")), max_size=9).map(" ".join),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(lambda words: " ".join(words * 13)),
)
_values = st.lists(texts, max_size=2).map(tuple)
views = st.builds(
    View,
    text=st.builds(Text, title=texts, summary=texts, body=texts),
    outlets=_values,
    tags=_values,
    language=st.sampled_from(("", "en", "ru", "a", "a-roe", "roe")),
    link=st.text(alphabet="/a.RoeÉ?", max_size=12),
    authors=_values,
    categories=_values,
)
