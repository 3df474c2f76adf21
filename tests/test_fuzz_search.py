"""The search for hostile documents: what it finds is counted, kept and told, and it says when it cannot run."""

import json
from pathlib import Path

import pytest

from tests.fuzz import parse, search
from tests.fuzz.killers import KILLERS, allowed_seconds, body_of


def test_every_starting_point_keeps_the_promises(tmp_path: Path) -> None:
    """And every target is reached by one."""
    seeds = list(search.starting_points(None))
    looking = search.Search(tmp_path)
    for data in seeds:
        looking.take(data)
    looking.save()
    tally = json.loads((tmp_path / "tally.json").read_text(encoding="utf-8"))
    assert (tally["executions"], tally["escaped"]) == (len(seeds), {})
    assert tally["documents_read"] > 20
    assert {data[0] for data in seeds} == set(range(5))


def test_what_escapes_is_counted_by_kind_and_its_shortest_example_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(data: bytes) -> object:
        if data.startswith(b"bad"):
            raise KeyError("otter")
        return None

    monkeypatch.setattr(search, "run_one", breaks)
    looking = search.Search(tmp_path)
    for data in (b"bad input", b"good", b"bad", b"bad again"):
        looking.take(data)
    looking.save()
    (kept,) = tmp_path.glob("escaped-*")
    assert kept.read_bytes() == b"bad"
    assert list(looking.tally.escaped.values()) == [3]
    assert parse._report(tmp_path) == 1, "something found is a failure"
    assert "KeyError" in capsys.readouterr().out


def test_without_atheris_the_command_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, so that a script can tell it from a finding."""
    monkeypatch.setattr("sys.argv", ["fuzz"])
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert parse.main() == 2
    assert capsys.readouterr().out.startswith("skipped:")


def test_killers_are_as_large_as_they_say() -> None:
    """The bound begins with 1 s, and grows by one with each 100 kB begun."""
    assert [allowed_seconds(b"a" * size) for size in (1, 100_000, 100_001)] == [1, 1, 2]
    assert all(len(body_of(name)) > 10_000 for name in KILLERS)
