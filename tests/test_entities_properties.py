"""Properties of forms and mentions, over random names and texts."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.entities.expansion import MOST_FORMS, expand
from monitor.entities.mentions import find_mentions
from monitor.entities.roster import Roster, build_roster
from monitor.entities.scrutiny import TYPES
from monitor.model.rules import AliasSpec, EntitySpec
from monitor.text.folding import fold
from monitor.text.tokens import terms
from monitor.text.words import Words

WORDS = (
    "Анна",
    "Озеров",
    "Озерова",
    "Ozerov",
    "Ana",
    "Roe",
    "МИД",
    "Польши",
    "WHO",
    "may",
    "Kyiv",
    "Post",
    "D",
    "-",
    ".",
)
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
ANY = st.text(max_size=30)


@given(st.one_of(NAMES, ANY), st.sampled_from(TYPES), st.sampled_from(("", "m", "f")))
def test_forms_contain_the_name_and_are_bounded_folded_and_repeatable(name: str, type_: str, gender: str) -> None:
    """Whatever string is called a name."""
    shapes = list(expand(name, type_, gender=gender))
    assert shapes == list(expand(name, type_, gender=gender))
    phrases = [shape.phrase for shape in shapes]
    assert len(phrases) == len(set(phrases)) <= MOST_FORMS
    assert [tuple(terms(name))] == phrases[:1] or not terms(name)
    assert all(fold(term) == term for phrase in phrases for term in phrase)


aliases = st.one_of(
    NAMES,
    st.builds(
        AliasSpec,
        name=NAMES,
        case=st.sampled_from(("", "exact", "any")),
        context=st.lists(st.sampled_from(("truce", "entity:e1", "tag:x", "lang:ru")), max_size=2).map(tuple),
        unless=st.lists(st.sampled_from(("Kyiv Post", "peace", "entity:e0")), max_size=1).map(tuple),
        forms=st.booleans(),
    ),
)


@st.composite
def declared(draw: st.DrawFn) -> list[EntitySpec]:
    number = draw(st.integers(1, 4))
    return [
        EntitySpec(
            id=f"e{place}",
            type=draw(st.sampled_from(TYPES)),
            name=draw(NAMES),
            aliases=tuple(draw(st.lists(aliases, max_size=2))),
            inside=draw(st.booleans()),
            surname=draw(st.booleans()),
        )
        for place in range(number)
    ]


texts = st.lists(st.sampled_from((*WORDS, "truce", "Озеровым", "мида", "Georgia")), max_size=14).map(" ".join)


def told(roster: Roster, *said: str) -> list[tuple[object, ...]]:
    mentions = find_mentions(roster, {f"f{place}": Words(text) for place, text in enumerate(said)}, tags=("x",))
    every = [each for entity in sorted(mentions.found) for each in mentions.found[entity]]
    return [(one.entity, one.field, one.first, one.end, one.certainty) for one in every]


@settings(max_examples=60)
@given(declared(), texts, texts, st.randoms(use_true_random=False))
def test_the_order_of_declaration_changes_no_verdict(
    specs: list[EntitySpec], title: str, body: str, chance: object
) -> None:
    """Certainty is decided in rounds, not by who comes first."""
    shuffled = list(specs)
    getattr(chance, "shuffle")(shuffled)  # noqa: B009 - Hypothesis gives its random source no public type
    assert told(build_roster(specs), title, body) == told(build_roster(shuffled), title, body)


@settings(max_examples=60)
@given(declared(), st.one_of(texts, ANY), ANY)
def test_mentions_of_an_entity_never_overlap_and_lie_in_their_text(
    specs: list[EntitySpec], title: str, body: str
) -> None:
    """And no string raises."""
    roster = build_roster(specs)
    said = {"title": Words(title), "body": Words(body)}
    for listed in find_mentions(roster, said).found.values():
        for field, words in said.items():
            here = [(one.first, one.end) for one in listed if one.field == field]
            assert here == sorted(here)
            assert all(end <= first for (_, end), (first, _) in pairwise(here))
            assert all(0 <= first < end <= len(words.terms) for first, end in here)


@settings(max_examples=60)
@given(declared(), texts)
def test_every_text_with_a_mention_has_a_filing_term(specs: list[EntitySpec], title: str) -> None:
    """The presearcher loses nothing."""
    roster = build_roster(specs)
    words = Words(title)
    for entity in find_mentions(roster, {"title": words}).found:
        assert not roster.filing_terms(entity).isdisjoint(words.terms)
