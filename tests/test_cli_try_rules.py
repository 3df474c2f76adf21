"""`tocsin try rules`: rules on stories from a file, a line at a time."""

import gc
import json
import tracemalloc
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import pytest

from monitor.cli.application import run_command
from monitor.cli.story_file import stories_in
from monitor.model.rules import View

CONFIGURATION = """\
outlets: [{name: Gazette, feeds: [{url: "https://a.example/feed"}]}]
entities: [{id: ferry-line, name: Northern Ferries, aliases: [Северные паромы]}]
rules:
  - {name: truce, query: '(ceasefire OR truce) NOT chess'}
  - {name: ferries, query: 'entity:ferry-line'}
  - {name: coast, query: 'tag:coast AND lang:en'}
"""

Try = Callable[..., tuple[int, str, str]]


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Try:
    """Run on these lines; exit code, output, errors."""
    (tmp_path / "tocsin.yaml").write_text(CONFIGURATION, encoding="utf-8")

    def tried(lines: Sequence[object], *options: str) -> tuple[int, str, str]:
        text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
        (tmp_path / "stories.jsonl").write_text(text, encoding="utf-8")
        on = str(tmp_path / "stories.jsonl")
        code = run_command(["try", "rules", "--config", str(tmp_path), "--on", on, *options])
        return (code, *capsys.readouterr())

    return tried


def test_a_line_for_each_match(trial: Try) -> None:
    """id, rule, evidence, title, parted by tabs; a story may match several rules or none."""
    code, out, err = trial(
        [
            {"id": "a", "title": "Truce at Northern\tFerries", "outlet": "Gazette"},
            {"id": "b", "title": "Chess truce"},
            {"id": "c", "title": "Calm", "tags": ["coast"], "lang": "en-GB"},
        ]
    )
    assert code == 0
    assert out.splitlines() == [
        "a\ttruce\ttitle: Truce\tTruce at Northern Ferries",
        "a\tferries\ttitle: Northern Ferries\tTruce at Northern Ferries",
        "c\tcoast\tlang: lang:en, tag: tag:coast\tCalm",
    ] or out.splitlines()[2].startswith("c\tcoast\t")
    assert err == "3 stories, 3 matches\n"


def test_json_has_evidence_in_characters_of_the_field(trial: Try) -> None:
    """Offsets count in the text as the file has it, whatever the script; the id keeps its type."""
    text = "🚢 Северные паромы встали"
    code, out, _ = trial([{"id": 7, "title": "-", "summary": text}], "--json")
    assert code == 0
    (found,) = (json.loads(line) for line in out.splitlines())
    assert (found["id"], found["rule"]) == (7, "ferries")
    (one,) = found["evidence"]
    assert one["field"] == "summary"
    assert text[one["start"] : one["end"]] == one["text"] == "Северные паромы"
    assert set(one) == {"field", "start", "end", "text", "part"}


def test_lines_that_are_no_story_are_told_and_the_rest_goes_on(trial: Try) -> None:
    """With file and number; the exit code says that there were some; a story without an id has its line's number."""
    code, out, err = trial(
        [
            "{broken",
            [1],
            {"title": 5},
            "[" * 100_000,
            '{"title": ' + "9" * 5000 + "}",
            "",
            {"title": "Truce", "published": "yesterday", "authors": "A. Writer", "categories": [1, "sea"]},
            {"title": "Ceasefire", "summary": None, "published": "2026-03-02T07:00:00", "id": None},
        ]
    )
    assert code == 65
    assert [line.split("\t")[0] for line in out.splitlines()] == ["7", "8"]
    lines = err.splitlines()
    assert [line.split(":", 2)[1] for line in lines[:-1]] == ["1", "2", "3", "4", "5"]
    assert "not JSON: Expecting property name" in lines[0]
    assert "not a JSON object" in lines[1]
    assert "title is not a text" in lines[2]
    assert lines[-1] == "2 stories, 2 matches, 5 lines that are no story"


def test_of_many_wrong_lines_only_the_first_are_told(trial: Try) -> None:
    """A binary file must not fill the screen; the sum counts all."""
    code, out, err = trial(["{nonsense"] * 50)
    assert (code, out) == (65, "")
    assert err.count("\n") == 21
    assert "50 lines that are no story" in err


def test_a_file_of_plain_lines_has_a_headline_on_each(trial: Try) -> None:
    """The number of the line is its id; what begins like JSON further down is a headline as well."""
    code, out, err = trial(["", "  Truce at sea ", "Calm", '{"title": "Ceasefire"}'])
    assert (code, err) == (0, "3 stories, 2 matches\n")
    assert out.splitlines() == [
        "2\ttruce\ttitle: Truce\tTruce at sea",
        '4\ttruce\ttitle: Ceasefire\t{"title": "Ceasefire"}',
    ]


def test_only_the_named_rules_are_tried(trial: Try) -> None:
    """As many as are named; an unknown one is told with the nearest name."""
    stories = [{"title": "Truce at Northern Ferries", "tags": ["coast"], "lang": "en"}]
    code, out, _ = trial(stories, "--rules", "ferries", "--rules", "coast")
    assert (code, [line.split("\t")[1] for line in out.splitlines()]) == (0, ["ferries", "coast"])
    code, _, err = trial(stories, "--rules", "feries")
    assert (code, "did you mean ferries?" in err) == (64, True)


def test_one_story_at_a_time_is_in_memory(tmp_path: Path) -> None:
    """The file is read line by line, and what was judged is let go."""
    file = tmp_path / "stories.jsonl"
    file.write_text("".join(f'{{"title": "Ferry {number}"}}\n' for number in range(500)), encoding="utf-8")
    stories = stories_in(file, "matching", is_watched=False)
    assert isinstance(stories, Generator)
    most = 0
    for number, _ in stories:
        if number % 50 == 0:
            most = max(most, sum(isinstance(one, View) for one in gc.get_objects()))
    assert most - sum(isinstance(one, View) for one in gc.get_objects()) <= 2


def test_escape_sequences_in_stories_reach_no_terminal(trial: Try) -> None:
    """Neither as rows nor as JSON, which stays readable line by line."""
    story = {"id": "a\u2028b\x1b[2J", "title": "Truce\x1b]0;owned\x07 \x9b31m\ud800 now\u2028"}
    for options in ([], ["--json"]):
        code, out, _ = trial([story], *options)
        assert code == 0
        assert not {"\x1b", "\x07", "\x9b", "\u2028", "\ud800"} & set(out)
        assert len(out.splitlines()) == 1
    assert json.loads(out)["id"] == story["id"]


def test_a_file_with_a_byte_order_mark_or_wrong_bytes_is_read(
    tmp_path: Path, trial: Try, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be decoded is replaced, and the words around it are found."""
    trial([])
    file = tmp_path / "odd.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"id": "x", "title": "Truce \xff\xfe"}\r\n')
    assert run_command(["try", "rules", "--config", str(tmp_path), "--on", str(file)]) == 0
    assert capsys.readouterr().out.startswith("x\ttruce\t")


def test_a_file_that_cannot_be_read(tmp_path: Path, trial: Try, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 66, one line."""
    trial([])
    assert run_command(["try", "rules", "--config", str(tmp_path), "--on", str(tmp_path)]) == 66
    assert capsys.readouterr().err == f"tocsin: cannot read {tmp_path}: Is a directory\n"


def test_a_line_without_end_does_not_fill_the_memory(trial: Try, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as too long, and the next line is read."""
    monkeypatch.setattr("monitor.cli.story_file._LONGEST_LINE", 1000)
    code, out, err = trial([{"id": "long", "title": "Truce " * 1000}, {"id": "short", "title": "Truce"}])
    assert code == 65
    assert out.startswith("short\t")
    assert ":1: longer than 1,000 characters" in err


def test_memory_does_not_grow_with_the_number_of_stories(
    tmp_path: Path, trial: Try, capsys: pytest.CaptureFixture[str]
) -> None:
    """Many times the stories need as much memory: each is forgotten once it is judged."""
    trial([])
    peaks = []
    for number in (300, 5_000):
        file = tmp_path / f"{number}.jsonl"
        with file.open("w", encoding="utf-8") as writing:
            writing.writelines(
                json.dumps({"id": place, "title": f"Ferry {place} leaves", "body": f"word{place} " * 20}) + "\n"
                for place in range(number)
            )
        tracemalloc.start()
        assert run_command(["try", "rules", "--config", str(tmp_path), "--on", str(file), "--json"]) == 0
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert f"{number} stories, 0 matches" in capsys.readouterr().err
    assert peaks[1] < peaks[0] + 2_000_000
