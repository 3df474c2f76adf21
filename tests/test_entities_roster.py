"""Roster: which phrases name which entity, and what is wrong with the declarations."""

from monitor.entities.roster import build_roster
from monitor.model.rules import EntitySpec


def test_name_and_aliases_become_folded_phrases_longest_first() -> None:
    """Every alias is cut by the same code as the news, and said once."""
    roster = build_roster(
        [EntitySpec(id="mayor", type="person", name="Ana Núñez-Roe", aliases=("Núñez", "Nunez", "Ана Нуньес"))]
    )
    found = roster.phrases["mayor"]
    assert {("ana", "nunez", "roe"), ("ана", "нуньес"), ("nunez",)} <= set(found)
    assert [len(phrase) for phrase in found] == sorted(map(len, found), reverse=True)
    assert len(set(found)) == len(found)
    assert roster.types == {"mayor": "person"}
    assert roster.problems == ()


def test_bad_declarations_are_reported_and_the_first_of_an_id_counts() -> None:
    """Nothing is dropped in silence."""
    roster = build_roster(
        [
            EntitySpec(id="port", name="Port Aster", aliases=("!?",)),
            EntitySpec(id="port", name="Another Port"),
            EntitySpec(id=" ", name="Nobody"),
        ]
    )
    assert set(roster.phrases) == {"port"}
    assert ("port", "aster") in roster.phrases["port"]
    assert [(one.index, one.entity, one.key, one.what) for one in roster.problems] == [
        (0, "port", ("aliases", 0), "'!?' has no letters or digits, so it names nothing"),
        (1, "port", ("id",), "the id is used twice, first by entity number 1"),
        (2, " ", ("id",), "it has no id"),
    ]
