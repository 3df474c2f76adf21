"""How commands speak: tables for people, tabs for pipes, and nothing that a terminal would obey."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import pytest

from monitor.cli import output
from monitor.model.alerts import Marked
from monitor.model.rules import Evidence

ROWS = [
    (
        datetime(2026, 3, 2, 7, 0, tzinfo=UTC),
        "[red]Ferries[/red]\nrun\ton \x1b[2Jtime",
        None,
        "https://a.example/" + "x" * 90,
    )
]
COLUMNS = ("at", "title", "note", "link")


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make the output a terminal of so many columns."""

    def become(columns: int) -> None:
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", "xterm-256color")

    return become


def test_in_a_pipe_a_row_is_a_line_of_cells_parted_by_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    """One line whatever the cell holds, markup as it came, a dash for nothing, no head."""
    output.show_rows(COLUMNS, ROWS, empty="none")
    link = ROWS[0][3]
    assert capsys.readouterr().out == f"2026-03-02 07:00:00 UTC\t[red]Ferries[/red] run on [2Jtime\t-\t{link}\n"


def test_no_rows_are_said_where_nobody_counts_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error: standard output has no line."""
    output.show_rows(COLUMNS, [], empty="nothing waits")
    assert capsys.readouterr() == ("", "nothing waits\n")


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_on_a_terminal_rows_are_a_table_as_wide_as_it(
    columns: int, on_terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """With a head; markup in a title is text, and no cell is cut off."""
    on_terminal(columns)
    output.show_rows(COLUMNS, ROWS, empty="none", stacked=("title", "link"))
    said = capsys.readouterr().out
    assert all(len(_without_styles(line)) <= columns for line in said.splitlines())
    assert "title" in said
    flat = "".join(_without_styles(said).split())
    assert "07:00Z" in flat
    assert "\x1b[2J" not in said
    assert flat.count("x") >= 90
    assert "…" not in said


def test_no_color_is_honoured(
    on_terminal: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """https://no-color.org: no colours where NO_COLOR is set."""
    on_terminal(120)
    monkeypatch.setenv("NO_COLOR", "1")
    output.show_rows(COLUMNS, ROWS, empty="none")
    assert "\x1b[3" not in capsys.readouterr().out


def test_nothing_that_is_said_steers_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters and direction overrides go; tabs and line ends of our own stay."""
    output.say("a\tb\nc\x1b[31m\x07\u202e\x9b1m")
    output.warn("d\x1b]0;title\x07")
    assert capsys.readouterr() == ("a\tb\nc[31m1m\n", "d]0;title\n")


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Thing:
    at: datetime
    colours: tuple[Colour, ...]
    place: Path


def test_json_is_plain_data(capsys: pytest.CaptureFixture[str]) -> None:
    """Moments in ISO 8601 with Z, enumerations by value, dataclasses as objects, the rest as text."""
    output.show_json({1: Thing(at=datetime(2026, 3, 2, tzinfo=UTC), colours=(Colour.RED,), place=Path("/a"))})
    assert json.loads(capsys.readouterr().out) == {
        "1": {"at": "2026-03-02T00:00:00Z", "colours": ["red"], "place": "/a"}
    }


def test_json_says_the_same_when_it_is_read_again(capsys: pytest.CaptureFixture[str]) -> None:
    """What must not be printed as it is, is escaped."""
    text = "é \x1b \x9b \u2028 \ud800 \x85 щ"
    output.show_json_line({"text": text})
    said = capsys.readouterr().out
    assert json.loads(said) == {"text": text}
    assert len(said.splitlines()) == 1
    assert "щ" in said


def test_matches_stand_between_asterisks() -> None:
    """As in messages."""
    assert output.marked([Marked(words="a "), Marked(words="truce", is_match=True)]) == "a *truce*"


def test_matches_are_highlighted_where_colours_are_welcome(
    on_terminal: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else they stand between asterisks; what a feed says steers nothing either way."""
    pieces = [Marked(words="a [red]\x1b[2J "), Marked(words="truce", is_match=True), Marked(words="\nb")]
    output.show_marked(pieces)
    assert capsys.readouterr().out == "a [red][2J *truce*\nb\n"
    on_terminal(80)
    output.show_marked(pieces)
    assert capsys.readouterr().out == "a [red][2J \x1b[1;33mtruce\x1b[0m\nb\n"
    monkeypatch.setenv("NO_COLOR", "1")
    output.show_marked(pieces)
    assert "*truce*" in capsys.readouterr().out


def test_evidence_is_read_from_the_title_on() -> None:
    """Then summary and body, in the order of the words, then other fields."""
    fields = ["tag", "body", "summary", "title", "title", "link"]
    evidence = [Evidence(field=field, start=9 - place, end=9, part="") for place, field in enumerate(fields)]
    ordered = output.in_reading_order(evidence)
    assert [one.field for one in ordered] == ["title", "title", "summary", "body", "link", "tag"]
    assert ordered[0].start < ordered[1].start


def _without_styles(text: str) -> str:
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text)
