"""How rules are looked up: what words lead to is remembered, bounded, and never mixed up."""

from collections.abc import Iterator

from monitor.entities.roster import build_roster
from monitor.model.entries import Text
from monitor.model.rules import EntitySpec, RuleName, RuleSpec, View
from monitor.rules import memory
from monitor.rules.memory import Memory
from monitor.rules.rarity import rarity_by
from monitor.rules.reading import Reading
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.rules.scan import KeyKind, Scan
from monitor.rules.sought import AnyOf

ROSTER = build_roster(
    [EntitySpec(id="mayor", type="person", name="Ana Roe"), EntitySpec(id="port", type="place", name="Harbour Quay")]
)


def reading(text: str, language: str = "en") -> Reading:
    """A title to scan."""
    return Reading(View(text=Text(title=text), language=language))


def compiled(*queries: str) -> Ruleset:
    """Rules numbered as their queries."""
    specs = tuple(RuleSpec(name=RuleName(str(number)), query=query) for number, query in enumerate(queries))
    ruleset = compile_ruleset(specs, ROSTER)
    assert isinstance(ruleset, Ruleset), ruleset
    return ruleset


def test_literals_are_found_inside_words_across_spaces_and_without_letters() -> None:
    """Each by three characters of one of its pieces; what has no such piece is looked for by itself."""
    scan = Scan({KeyKind.LITERAL: {"easefir": (0,), "fire talks": (1,), "a b c": (2,), "→→→": (3,), "停火協": (4,)}})
    assert scan.numbers(reading("Ceasefire talks")) == {0, 1}
    assert scan.numbers(reading("ceasefire  talks")) == {0}
    assert scan.numbers(reading("a b c →→→→ 談停火協議")) == {2, 3, 4}
    assert scan.numbers(reading("fire")) == set()


def test_a_prefix_is_found_in_every_word_that_begins_with_it() -> None:
    """Prefixes of prefixes too; a word that was seen before leads to the same rules again."""
    scan = Scan({KeyKind.PREFIX: {"neg": (0,), "negoti": (1, 2), "talk": (3,)}})
    for _ in range(2):
        assert scan.numbers(reading("negotiators talked")) == {0, 1, 2, 3}
        assert scan.numbers(reading("negligent small talk")) == {0, 3}
        assert scan.numbers(reading("renegotiate")) == set()


def test_stems_are_remembered_for_each_language_by_itself() -> None:
    """The same word has other forms in another language."""
    rules = compiled("forms(gift)")
    english, german = View(text=Text(title="gifts"), language="en"), View(text=Text(title="giften"), language="de")
    for _ in range(2):
        assert [len(rules.match(view)) for view in (english, german)] == [1, 1]
        assert rules.match(View(text=Text(title="giften"), language="en")) == ()


def test_nonsense_languages_do_not_pile_up() -> None:
    """A feed may state any language, story after story."""
    rules = compiled("forms(talk)")
    for number in range(200):
        assert len(rules.match(View(text=Text(title="talk"), language=f"x{number}"))) == 1
    assert len(rules.filing.scan._stemmed) <= 50  # what is bounded can only be seen inside


def test_a_rule_on_an_entity_is_a_candidate_where_the_entity_is_mentioned() -> None:
    """Not where a part of its name is: who is meant has been decided before."""
    rules = compiled("entity:mayor", "entity:port", "entity:type:place OR truce")
    assert rules.candidates(Reading(View(text=Text(title="Ana Roe opens Harbour Quay")))) == [0, 1, 2]
    assert rules.candidates(Reading(View(text=Text(title="A quiet harbour")))) == []
    assert rules.candidates(Reading(View(text=Text(title="Truce")))) == [2]


def test_rules_that_ask_for_the_same_share_it() -> None:
    """A hundred thousand rules have far fewer different words; where a word stands in a story is found once."""
    rules = compiled("truce", "title:truce", "truce OR peace", "TRUCE")
    first, titled, either, loud = (rule.sought for rule in rules.rules)
    assert isinstance(either, AnyOf)
    assert either.parts[0] is first
    assert first is not titled
    assert first is not loud, "evidence tells a word as its rule wrote it"
    parts = [match.evidence[0].part for match in rules.match(View(text=Text(title="Truce")))]
    assert parts == ["truce", "title:truce", "truce", "TRUCE"]


def test_what_words_lead_to_is_looked_up_once_and_forgotten_when_it_is_too_much() -> None:
    """A long word is looked up each time: it would be a way to fill the memory."""
    asked: list[str] = []

    def find(word: str) -> Iterator[int]:
        asked.append(word)
        return iter((len(word),) if word.startswith("x") else ())

    known = Memory(find)

    def under(*words: str) -> list[int]:
        return sorted(number for numbers in known.under(frozenset(words)) for number in numbers)

    for _ in range(2):
        assert under("a", "xy", "b") == [2]
    assert sorted(asked) == ["a", "b", "xy"]
    long = "x" * 1_000
    for _ in range(2):
        assert under(long) == [1_000]
    assert asked[3:] == [long, long]
    assert under(*(f"x{number:06}" for number in range(memory._MOST))) == [7] * memory._MOST
    assert len(known._barren) + len(known._fruitful) <= memory._MOST


def test_words_that_all_news_is_made_of_are_expected_more_than_any_long_word() -> None:
    """In three languages; what was counted is believed before any table."""
    rarity = rarity_by({"zugzwang": 0.5})
    assert rarity("the") > rarity("president") > rarity("xylophone")
    assert rarity("президент") > rarity("ксилофон")
    assert rarity("уряд") > rarity("жито")
    assert rarity("zugzwang") == 0.5


def test_everything_filed_under_one_word_is_judged_by_its_other_words() -> None:
    """The commonest word of many rules is not what makes them candidates."""
    rules = compiled(*(f"talks unit{number}" for number in range(500)))
    assert rules.candidates(Reading(View(text=Text(title="Talks of unit7")))) == [7]
