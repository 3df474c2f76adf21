"""Roster: which phrases name which entity, and what is wrong with the declarations."""

from monitor.entities.roster import build_roster
from monitor.model.rules import EntitySpec


def test_name_and_aliases_become_folded_phrases_longest_first() -> None:
    """Every alias is cut by the same code as the news, and said once."""
    roster = build_roster(
        [EntitySpec(id="mayor", type="person", name="Ana Núñez-Roe", aliases=("Núñez", "Nunez", "Ана Нуньес"))]
    )
    assert roster.phrases == {"mayor": (("ana", "nunez", "roe"), ("ана", "нуньес"), ("nunez",))}
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
    assert roster.phrases == {"port": (("port", "aster"),)}
    assert roster.problems == (
        "entity 'port': '!?' has no letters or digits, so it names nothing",
        "entity 'port' is declared twice",
        "entity named 'Nobody' has no id",
    )
