"""What of a query that fails is there all the same, or almost."""

import pytest

from monitor.entities.roster import Roster, build_roster
from monitor.model.entries import Text
from monitor.model.rules import EntitySpec, RuleName, RuleSpec, View
from monitor.rules.near_misses import MOST, near_misses
from monitor.rules.reading import Reading
from monitor.rules.ruleset import Ruleset, compile_ruleset

ENTITIES = (EntitySpec(id="roe", name="Roe", context=("minister",)), EntitySpec(id="jay", name="Jay"))


def nearly(query: str, title: str, summary: str = "", roster: Roster | None = None) -> tuple[str, ...]:
    ruleset = compile_ruleset((RuleSpec(name=RuleName("rule"), query=query),), roster or build_roster(ENTITIES))
    assert isinstance(ruleset, Ruleset)
    reading = Reading(View(text=Text(title=title, summary=summary)))
    return near_misses(ruleset.rules[0].sought, reading)


@pytest.mark.parametrize(
    ("query", "title", "told"),
    [
        ("truce harbour", "A truce at last", ["has truce in the title"]),
        ("truce NOT chess", "Chess truce", ["has truce in the title"]),
        ("ceasefire", "Two ceasefires fail", ["has 'ceasefires' for ceasefire"]),
        ("negotiato*", "Negotiation fails", ["has 'Negotiation' for negotiato*"]),
        ("forms(treaty)", "Treatment goes on", []),
        ("car", "Cars on the quay", []),
        ("=Apple", "An apple a day", ["has 'apple' for =Apple"]),
        (
            '"peace talks"',
            "Talks about peace",
            ['has the words of "peace talks" in the title, but not one after another'],
        ),
        (
            '"peace talks"~1',
            "Peace at last, after many talks",
            ['has the words of "peace talks"~1 in the title, but not with at most 1 words between'],
        ),
        ('"peace talks"', "Peace at last", ["has 'peace' of \"peace talks\", not 'talks'"]),
        ("peace NEAR/2 talks", "Peace comes after very many talks", ["peace and talks stand 5 words apart, needs 2"]),
        ("peace NEAR/2 talks", "Peace", ["has peace in the title"]),
        ("count(peace) >= 2", "Peace", ["peace is there 1 times, needs 2"]),
        ("count(peaceful) >= 2", "Peace", ["has 'Peace' for peaceful"]),
        (
            "entity:roe",
            "Roe speaks",
            ["entity:roe ('Roe' in the title is possible: without any of its context (minister))"],
        ),
        ("entity:jay", "Nobody speaks", []),
        ("/cease.?fire/ OR tag:coast OR link:a", "Truce", []),
        ("ship OR boat", "Nothing sails", []),
    ],
)
def test_what_comes_near_is_named(query: str, title: str, told: list[str]) -> None:
    """In the order of the query; what must not be there never comes near."""
    assert list(nearly(query, title)) == told


def test_words_of_another_field_are_named_with_both() -> None:
    """The commonest reason why a rule on titles is silent."""
    assert nearly("title:truce", "Calm", "A truce holds") == ("has truce in the summary, not in the title",)
    assert nearly("body:truce", "Calm", "A truce holds") == ("has truce in the summary, not in the body",)


def test_a_long_query_is_told_in_part() -> None:
    """Eight lines are enough for a person."""
    words = [f"word{number}" for number in range(20)]
    assert len(nearly(f"{' '.join(words)} missing", " ".join(words))) == MOST
