"""`tocsin try threading`: stories of a file, told one after another: which are the same news."""

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from monitor.cli.application import run_command

Try = Callable[..., tuple[int, str, str]]
STORM = "Ferries stop as the storm comes in"


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Try:
    """Run on these lines; exit code, output, errors."""

    def tried(lines: Sequence[object], *options: str) -> tuple[int, str, str]:
        text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
        file = tmp_path / "stories.jsonl"
        file.write_text(text, encoding="utf-8")
        code = run_command(["try", "threading", "--on", str(file), *options])
        return (code, *capsys.readouterr())

    return tried


def line(name: str, title: str, **more: object) -> dict[str, object]:
    return {"id": name, "outlet": "gazette.example", "link": f"https://gazette.example/{name}", "title": title, **more}


def test_json_has_a_line_for_each_story_in_the_order_of_the_file(trial: Try) -> None:
    """Id, story, kind and score; what is the same news has the same story."""
    code, out, err = trial(
        [
            line("a", STORM),
            line("b", STORM, outlet="wire.example", link="https://wire.example/1"),
            line("c", "Mayor opens a bridge in the valley"),
            line("a", "Ferries run again after the storm"),
            line("c", "Mayor opens a bridge in the valley"),
        ],
        "--json",
    )
    assert code == 0
    found = [json.loads(one) for one in out.splitlines()]
    assert [one["id"] for one in found] == ["a", "b", "c", "a", "c"]
    assert [one["kind"] for one in found] == ["new", "same_text", "new", "update", "same_entry"]
    a, b, c, again, c_again = (one["story"] for one in found)
    assert a == b == again != c == c_again
    assert all(set(one) == {"id", "story", "kind", "score"} for one in found)
    assert err == "5 entries, 2 stories\n"


def test_why_adds_the_reason_and_what_is_related(trial: Try) -> None:
    """For each line, and under each headline."""
    lines = [line("a", STORM), line("a", STORM)]
    _, out, _ = trial(lines, "--json", "--why")
    first, again = (json.loads(one) for one in out.splitlines())
    assert set(first) == {"id", "story", "kind", "score", "reason", "related"}
    assert (first["related"], again["reason"]) == ([], "an entry of this outlet, unchanged")
    _, out, _ = trial(lines, "--why")
    assert "    an entry of this outlet, unchanged" in out.splitlines()


def test_without_json_the_largest_stories_are_shown(trial: Try) -> None:
    """After the kinds, the pace and the sizes; a story of one entry is not worth a look, and a long one is cut."""
    lines = [line(f"s{number}", STORM, outlet=f"o{number % 3}.example") for number in range(20)]
    lines += [line("m", "Mayor opens a bridge\tin the valley"), line("m", "Bridge in the valley is open")]
    lines += [line("x", "Chess: a truce after forty moves", seen=1772600000)]
    lines[0]["seen"] = 1772600000 - 2 * 86_400
    code, out, err = trial(lines)
    assert code == 0
    said = out.splitlines()
    assert said[0].startswith("3 new, ")
    assert said[0].endswith(", 1 updated")
    assert said[1:5] == [
        "over 2.0 days: 12 entries and 2 stories a day",
        "1 entry: 1 story",
        "2 entries: 1 story",
        "11 to 20 entries: 1 story",
    ]
    assert said[6].endswith(": 20 entries, 3 outlets")
    assert said[7] == f"  new: {STORM} (o0.example)"
    assert "  and 8 more" in said
    assert said[-3].endswith(": 2 entries, 1 outlet")
    assert said[-1] == "  update: Bridge in the valley is open (gazette.example)"
    assert err == "23 entries, 3 stories\n"
    _, out, _ = trial(lines, "--largest", "0")
    assert len(out.splitlines()) == 5


def test_time_comes_from_the_file_and_never_goes_back(trial: Try) -> None:
    """Seen, else published, else a minute on; the same words are news again after three days."""
    start = 1772600000
    lines = [
        line("a", STORM, seen=start),
        line("b", STORM, seen=start - 400_000),  # earlier than what came before it: it came now
        line("c", STORM, published="2026-03-04T04:53:20Z"),
        line("d", STORM),
        line("e", STORM, seen=start + 260_000, outlet="late.example"),
        line("f", STORM, seen=True, published="not a day", outlet="other.example"),
        line("g", STORM, seen=1e300, outlet="third.example"),
    ]
    for number, one in enumerate(lines):
        one |= {"outlet": f"o{number}.example", "link": f"https://o{number}.example/"}
    _, out, _ = trial(lines, "--json")
    stories = [json.loads(one)["story"] for one in out.splitlines()]
    assert len(set(stories[:4])) == 1
    assert len(set(stories[4:])) == 1
    assert stories[0] != stories[4]


def test_lines_that_are_no_story_are_told_and_the_rest_goes_on(trial: Try) -> None:
    """With file and number; the exit code says that there were some, and nothing is lost."""
    code, out, err = trial(["{broken", line("a", STORM), [1], {"title": 5}, "", line("b", STORM)], "--json")
    assert code == 65
    assert [json.loads(one)["id"] for one in out.splitlines()] == ["a", "b"]
    said = err.splitlines()
    assert [one.split(":", 2)[1] for one in said[:-1]] == ["1", "3", "4"]
    assert said[-1] == "2 entries, 1 stories, 3 lines that are no story"


def test_a_story_needs_nothing(trial: Try) -> None:
    """Neither id nor outlet nor words; the number of the line stands for an id. Plain headlines do as well."""
    _, out, _ = trial([{}, {"id": 7, "summary": STORM}, {"body": STORM, "outlet": ["a", "b"]}], "--json")
    assert [json.loads(one)["id"] for one in out.splitlines()] == [1, 7, 3]
    code, out, _ = trial([STORM, "Calm", STORM], "--json")
    found = [json.loads(one) for one in out.splitlines()]
    assert (code, [one["kind"] for one in found]) == (0, ["new", "new", "same_entry"])


def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 66, one line."""
    assert run_command(["try", "threading", "--on", str(tmp_path / "none")]) == 66
    assert capsys.readouterr().err.count("\n") == 1


def test_answers_come_as_the_lines_do() -> None:
    """Whoever pipes stories in has each answer before the next story is there."""
    command = [sys.executable, "-u", "-m", "monitor", "try", "threading", "--on", "/dev/stdin", "--json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in ("a", "b"):
            process.stdin.write(json.dumps(line(name, STORM)) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == name
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def test_memory_grows_by_headlines_and_not_by_texts(
    tmp_path: Path, trial: Try, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a story some kilobytes are kept, whatever the length of its body."""
    trial([])
    peaks = []
    for number, length in ((300, 1), (300, 2_000)):
        file = tmp_path / "many.jsonl"
        with file.open("w", encoding="utf-8") as writing:
            for place in range(number):
                body = f"word{place} " * 10 * length
                writing.write(json.dumps(line(str(place), f"Ferry {place} leaves {place * 7}", body=body)) + "\n")
        tracemalloc.start()
        assert run_command(["try", "threading", "--on", str(file)]) == 0
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert "300 entries, " in capsys.readouterr().err
    assert peaks[1] - peaks[0] < 300 * 20_000
