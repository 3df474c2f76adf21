"""Entities in the configuration: every mistake at its place, and the packs."""

from pathlib import Path

import pytest

from monitor.app.examine import Plan, examine
from monitor.config.load import load
from monitor.config.packs.reading import packed
from monitor.entities.roster import build_roster
from monitor.model.rules import AliasSpec, EntitySpec

_GOOD = """\
outlets: [{name: Gazette, feeds: [{url: "https://a.example/f"}]}]
rules: [{name: r, query: x}]
entities:
"""


def said(folder: Path, entities: str) -> list[str]:
    (folder / "tocsin.yaml").write_text(_GOOD + entities, encoding="utf-8")
    found = examine(folder, {})
    return [] if isinstance(found, Plan) else [str(one).replace(f"{folder}/", "") for one in found]


def test_an_alias_is_a_text_or_says_more_of_itself(tmp_path: Path) -> None:
    """Options of the entity beside those of an alias."""
    (tmp_path / "tocsin.yaml").write_text(
        _GOOD + "  - {id: a, name: A B, aliases: [C, {name: D, case: exact, context: [x], not: [y], forms: false}],\n"
        "     case: any, context: [p], not: [q], surname: false, inside: true}\n",
        encoding="utf-8",
    )
    loaded = load(tmp_path, {})
    assert loaded.settings is not None
    assert loaded.settings.entities == (
        EntitySpec(
            id="a",
            name="A B",
            aliases=("C", AliasSpec(name="D", case="exact", context=("x",), unless=("y",), forms=False)),
            case="any",
            context=("p",),
            unless=("q",),
            surname=False,
            inside=True,
        ),
    )


def test_an_entity_that_is_declared_twice_is_noted_at_both_places(tmp_path: Path) -> None:
    """Nothing is wrong, and yet hardly meant."""
    (tmp_path / "tocsin.yaml").write_text(
        _GOOD + "  - {id: a, name: Aster}\n  - {id: b, name: Aster}\n  - {id: c, name: Port}\n", encoding="utf-8"
    )
    found = examine(tmp_path, {})
    assert isinstance(found, Plan)
    said = [str(note).partition("tocsin.yaml:")[2] for note in found.notes]
    advice = "rules on either find both; keep one, or give each an alias of its own"
    assert said == [
        f"4:19: entities.1.name: declared twice, as 'b' too: {advice}",
        f"5:19: entities.2.name: declared twice, as 'a' too: {advice}",
    ]


@pytest.mark.parametrize(
    ("entity", "mistake"),
    [
        ("  - {id: a, name: the}\n", "4:19: entities.1.name: 'the' is an ordinary word"),
        ("  - {id: a, name: Aster, aliases: [Port, president]}\n", "4:42: entities.1.aliases.2: 'president' is an ord"),
        ("  - {id: a, name: '!?'}\n", "4:19: entities.1.name: '!?' has no letters"),
        ("  - {id: a, name: Aster, aliases: [Aster]}\n", "4:36: entities.1.aliases.1: 'Aster' is stated twice"),
        ("  - {id: a, name: Aster}\n  - {id: a, name: Port}\n", "5:10: entities.2.id: the id 'a' is used twice"),
        (
            "  - {id: aster, name: Aster}\n  - {id: b, name: Port, context: ['entity:astre']}\n",
            "5:35: entities.2.context.1: unknown entity 'astre', did you mean 'aster'?",
        ),
        ("  - {id: a, name: Aster, context: ['entity:a']}\n", "4:36: entities.1.context.1: an entity cannot"),
        ("  - {id: a, name: Aster, not: ['?']}\n", "4:32: entities.1.not.1: '?' has no letters or digits"),
        ("  - {id: a, name: Aster, aliases: [{nme: x}]}\n", "4:37: entities.1.aliases.1.nme: unknown key"),
        ("  - {id: a, name: Aster, nt: [x]}\n", "4:26: entities.1.nt: unknown key, did you mean not?"),
        ("  - {id: a, name: Aster, case: exakt}\n", "4:32: entities.1.case: unknown value 'exakt'"),
    ],
)  # fmt: skip
def test_a_mistake_stands_at_the_alias_that_is_wrong(tmp_path: Path, entity: str, mistake: str) -> None:
    """With the nearest right word."""
    found = said(tmp_path, entity)
    assert any(line.startswith(f"tocsin.yaml:{mistake}") for line in found), found


@pytest.mark.parametrize("options", ["context: [harbour]", "case: exact"])
def test_an_ordinary_word_is_a_name_once_something_tells_it_apart(tmp_path: Path, options: str) -> None:
    """Apple is one of them."""
    assert said(tmp_path, f"  - {{id: a, name: Apple, {options}}}\n") == []


def test_an_unknown_pack_is_a_mistake(tmp_path: Path) -> None:
    """There are two."""
    text = _GOOD.replace("entities:\n", "packs: [new]\n")
    (tmp_path / "tocsin.yaml").write_text(text, encoding="utf-8")
    (mistake,) = load(tmp_path, {}).mistakes
    assert "packs.1: unknown value 'new', did you mean 'news'?" in str(mistake)


def test_packs_declare_nothing_wrong_and_nothing_twice() -> None:
    """All of both together."""
    specs = packed(["news", "countries", "news"])
    roster = build_roster(specs)
    assert roster.problems == ()
    assert len(specs) == len(roster.ids) > 350
    assert {spec.origin for spec in specs} == {"news", "countries"}
    assert {"znpp", "kyiv", "zelensky", "putin", "un", "nato", "ukraine", "georgia"} <= set(roster.ids)
    assert ("украины",) in roster.phrases["ukraine"]
    assert ("ukrainians",) in roster.phrases["ukraine"]


def test_what_the_user_declares_takes_the_name_from_a_pack() -> None:
    """Under whatever id."""
    mine = EntitySpec(id="city", type="place", name="Kyiv")
    roster = build_roster([mine, *packed(["news"])])
    assert {form.name.entity for form in roster.forms["kyiv",]} == {"city"}
    assert ("kiev",) in roster.phrases["kyiv"]
