"""`tocsin entities`: what there is, and by which forms it is found."""

import json
from pathlib import Path

import pytest

from monitor.cli.application import run_command

CONFIGURATION = """\
outlets: [{name: Gazette, feeds: [{url: "https://a.example/f"}]}]
packs: [news]
entities:
  - {id: ozerov, type: person, name: Дмитрий Озеров, aliases: [{name: Хозяин, context: [порт]}]}
  - {id: port, type: place, name: Port Aster, not: [Astercorp]}
  - {id: kyiv, type: place, name: Kyiv}
rules: [{name: r, query: "entity:ozerov OR entity:putin"}]
"""


@pytest.fixture
def config(tmp_path: Path) -> list[str]:
    (tmp_path / "tocsin.yaml").write_text(CONFIGURATION, encoding="utf-8")
    return ["--config", str(tmp_path)]


def test_entities_are_listed_by_type_with_their_pack(config: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Those of a pack beside one's own; one's own wins, with a note."""
    assert run_command(["entities", "list", "--type", "place", *config]) == 0
    captured = capsys.readouterr()
    rows = [line.split("\t") for line in captured.out.splitlines()]
    assert ["port", "place", "Port Aster"] in [row[:3] for row in rows]
    assert {row[1] for row in rows} == {"place"}
    assert [row[4] for row in rows if row[0] in ("kyiv", "lviv")] == ["-", "news"]
    assert "kyiv: declared here, so the one of the pack news is left out" in captured.err
    assert run_command(["entities", "list", "--json", *config]) == 0
    facts = {one["id"]: one for one in json.loads(capsys.readouterr().out)}
    assert facts["ozerov"]["aliases"] == ["Хозяин"]
    assert facts["putin"]["pack"] == "news"


def test_forms_are_shown_with_where_they_come_from(config: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """And whether they are enough by themselves."""
    assert run_command(["entities", "forms", "ozerov", *config]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    by_form = {row[0]: row for row in rows}
    assert by_form["дмитрий озеров"][1:4] == ["sure", "Дмитрий Озеров", "as declared"]
    assert by_form["озеровым"][3].startswith("surname; instrumental")
    assert by_form["хозяина"][1] == "possible"
    assert by_form["хозяина"][4] == "needs one of порт"
    assert run_command(["entities", "forms", "ozerov", "--json", *config]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "person"


def test_an_unknown_entity_is_told_with_the_nearest(config: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the hand is no search."""
    assert run_command(["entities", "forms", "ozreov", *config]) == 64
    assert capsys.readouterr().err == "tocsin: there is no entity 'ozreov', did you mean ozerov?\n"
    assert run_command(["entities", "forms", "zzzz", *config]) == 64
    assert "tocsin entities list" in capsys.readouterr().err


def test_an_entity_is_found_by_any_of_its_forms(config: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """As somebody meets it in a headline; the id outweighs a name."""
    assert run_command(["entities", "forms", "ozerov", *config]) == 0
    by_id = capsys.readouterr().out
    assert run_command(["entities", "forms", "Дмитрием Озеровым", *config]) == 0
    assert capsys.readouterr().out == by_id


def test_a_name_of_several_entities_is_asked_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tocsin.yaml").write_text(
        CONFIGURATION.replace(
            "rules:", "  - {id: aster, type: organisation, name: Aster Lines, aliases: [Port Aster]}\nrules:"
        ),
        encoding="utf-8",
    )
    assert run_command(["entities", "forms", "port aster", "--config", str(tmp_path)]) == 64
    assert capsys.readouterr().err == "tocsin: 'port aster' names several entities: aster, port; say which\n"
