"""Queries for entities: what is believed matches, what is not is explained."""

import pytest

from monitor.entities.roster import build_roster
from monitor.model.entries import Text
from monitor.model.rules import EntitySpec, RuleName, RuleSpec, View
from monitor.rules.ruleset import Ruleset, compile_ruleset

ROSTER = build_roster(
    [
        EntitySpec(id="aster", type="place", name="Aster", context=("harbour", "tag:coast"), unless=("Aster Tech",)),
        EntitySpec(id="ozerov", type="person", name="Дмитрий Озеров"),
    ]
)
RULE = RuleName("r")


def ruleset(query: str) -> Ruleset:
    compiled = compile_ruleset((RuleSpec(name=RULE, query=query),), ROSTER)
    assert isinstance(compiled, Ruleset)
    return compiled


@pytest.mark.parametrize(
    ("query", "title", "tags", "matches"),
    [
        ("entity:aster", "Aster votes", (), False),
        ("entity:aster?", "Aster votes", (), True),
        ("entity:aster", "Aster opens its harbour", (), True),
        ("entity:aster", "Aster votes", ("coast",), True),
        ("entity:aster?", "Aster Tech opens its harbour", (), False),
        ("NOT entity:aster votes", "Aster votes", (), True),
        ("entity:type:person", "Встреча с Озеровым", (), True),
        ("entity:ozerov NEAR/2 встреча", "Встреча с Озеровым", (), True),
        ("entity:ozerov", "Встреча с Антоном Озеровым", (), False),
    ],
)
def test_only_believed_mentions_match_unless_possible_ones_are_asked_for(
    query: str, title: str, tags: tuple[str, ...], matches: bool
) -> None:
    """By the words, the outlet's tags and the neighbours."""
    assert bool(ruleset(query).match(View(text=Text(title=title), tags=tags))) is matches


def test_evidence_covers_the_whole_name() -> None:
    """With the given name, although the surname alone is the form that was found."""
    ((match,),) = [ruleset("entity:ozerov").match(View(text=Text(title="Там был Дмитро Озеров")))]
    (evidence,) = match.evidence
    assert "Там был Дмитро Озеров"[evidence.start : evidence.end] == "Дмитро Озеров"


@pytest.mark.parametrize(
    ("title", "failed"),
    [
        ("Nothing", "needs entity:aster"),
        (
            "Aster votes",
            "needs entity:aster ('Aster' in the title is possible: without any of its context (harbour, tag:coast))",
        ),
    ],
)
def test_a_miss_says_why_a_name_was_not_believed(title: str, failed: str) -> None:
    """So that `why` answers, not only that the entity is lacking."""
    assert ruleset("entity:aster").verdict(RULE, View(text=Text(title=title))).failed == failed
