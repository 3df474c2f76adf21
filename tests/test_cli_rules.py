"""`tocsin rules list`, `test` and `explain`, and the notes of `tocsin check`."""

import json
from pathlib import Path

import pytest

from monitor.cli.application import run_command

CONFIGURATION = """\
outlets:
  - {name: Gazette, tags: [coast], language: en, feeds: [{url: "https://a.example/feed"}]}
channels: [{name: desk, kind: console}]
entities: [{id: ferry-line, type: organisation, name: Northern Ferries}]
rules:
  - {name: truce, query: 'ceasefire OR truce NOT chess', expires: 2020-12-31}
  - {name: ferries, query: 'entity:ferry-line NEAR/3 forms(strike)', outlets: [Gazette], tags: [coast], languages: [en]}
  - {name: anything, query: 'lang:en', channels: [desk], once_per: text, updates: thread, spread: 2}
  - {name: shapes, query: 'negoti* OR /cease.?fire/ OR forms(talk)', expires: '2999-01-01T12:00+02:00'}
"""


@pytest.fixture
def config(tmp_path: Path) -> str:
    (tmp_path / "tocsin.yaml").write_text(CONFIGURATION, encoding="utf-8")
    return str(tmp_path)


def test_the_rules_are_listed_with_their_limits(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In a pipe a line each, and as JSON with everything that is known."""
    assert run_command(["rules", "list", "--config", config]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines] == ["truce", "ferries", "anything", "shapes"]
    assert lines[0][3] == "until 2021-01-01 00:00 UTC"
    assert lines[1][3] == "outlet Gazette; tag coast; language en"
    assert lines[3][3] == "until 2999-01-01 10:00 UTC"
    assert run_command(["rules", "list", "--config", config, "--json"]) == 0
    rules = json.loads(capsys.readouterr().out)
    assert rules[0]["filed_under"] == ["ceasefire", "truce"]
    assert rules[0]["expires"] == "2021-01-01T00:00:00Z"
    assert rules[1]["filed_under"] == ["entity:ferry-line"]
    assert rules[2]["filed_under"] is None
    assert [rules[2][key] for key in ("once_per", "updates", "spread")] == ["text", "thread", 2]
    assert [rules[0][key] for key in ("once_per", "updates", "spread")] == ["story", "off", None]
    assert rules[3]["filed_under"] == ["negoti*", "forms(talk)", "the characters 'cease'"]


def test_check_tells_notes_beside_no_mistake(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each at its place; the configuration is good all the same."""
    assert run_command(["check", "--config", config]) == 0
    notes = [line for line in capsys.readouterr().out.splitlines() if line.startswith("note: ")]
    assert len(notes) == 3
    assert ":6:" in notes[0]
    assert "excludes from the last alternative only" in notes[0]
    assert "rules.1.expires: this rule has expired and matches nothing" in notes[1]
    assert "rules.3.spread: never reached: the outlets here have 1 publisher" in notes[2]
    assert run_command(["check", "--config", config, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["notes"]) == 3


def test_a_headline_is_tried_on_a_rule_or_a_query(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1 where it does not match; the part that fails is named."""
    at = ["--config", config]
    assert run_command(["rules", "test", "ferries", "Northern Ferries strikes", *at]) == 0
    assert capsys.readouterr().out == "matches: entity:ferry-line in title, forms(strike) in title\n"
    assert run_command(["rules", "test", "truce", "Calm", "--summary", "Chess truce", *at]) == 1
    assert capsys.readouterr().out == "does not match: excluded by chess (summary)\nnearly: has truce in the summary\n"
    assert run_command(["rules", "test", "ferries", "Northern Ferries sail", "--json", *at]) == 1
    assert json.loads(capsys.readouterr().out)["near_misses"] == ["has entity:ferry-line in the title"]
    asked = ["rules", "test", "--query", "tag:coast outlet:gazette forms(санкция)", "Против санкций", "--lang", "ru"]
    assert run_command([*asked, "--tag", "coast", "--outlet", "Gazette", "--json", *at]) == 0
    assert json.loads(capsys.readouterr().out)["matched"] is True


def test_a_query_needs_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And its mistakes are told with their columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert run_command(["rules", "test", "--query", "talks NEAR/2 Miami", "Miami talks"]) == 0
    assert run_command(["rules", "test", "--query", "titel:a OR ab*", "Miami talks"]) == 64
    assert "--query: column 1: unknown field 'titel'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["truze", "Calm"], "unknown rule truze: did you mean truce?"),
        (["zzz", "Calm"], "unknown rule zzz: there are truce, ferries, anything, shapes"),
        (["truce"], "give the name of a rule and one headline"),
        (["--query", "a"], "give --query QUERY and one headline"),
    ],
)
def test_a_wrong_call_is_told(config: str, words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the nearest name."""
    assert run_command(["rules", "test", *words, "--config", config]) == 64
    assert said in capsys.readouterr().err


def test_a_rule_is_explained_with_what_it_costs(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The share of stories that it is looked at for is counted on a file."""
    stories = tmp_path / "stories.jsonl"
    titles = ["Talks go on", "Northern lights", "Northern Ferries strike", "Calm"]
    stories.write_text("".join(json.dumps({"title": title, "outlet": "Gazette"}) + "\n" for title in titles) + "no\n")
    at = ["--config", config]
    assert run_command(["rules", "explain", "shapes", "--on", str(stories), *at]) == 0
    out = capsys.readouterr().out
    assert "query: negoti* OR /cease.?fire/ OR forms(talk)" in out
    assert "cost: looked at for 1 of 4 stories (25.00 %), matches 1" in out
    assert run_command(["rules", "explain", "ferries", "--json", *at]) == 0
    assert json.loads(capsys.readouterr().out)["cost"] is None
    assert run_command(["rules", "explain", "anything", *at]) == 0
    assert "no word rules it out" in capsys.readouterr().out
    assert run_command(["rules", "explain", "truce", *at]) == 0
    assert "note: " in capsys.readouterr().out
