"""The benchmark of imports, on a short list: what it counts is there, and a loss would be seen."""

from pathlib import Path

import pytest

from tests.benchmarks import importing


def test_a_short_list_comes_through_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With groups as tags, broken outlines named and repetitions left out."""
    assert importing.measure(100, 10, tmp_path) == 0
    said = capsys.readouterr().out
    assert "import: 83 outlets with 83 feeds added to" in said
    assert "17 outlines passed over (5 broken, 12 there already)" in said
    watched = importing.outlets(tmp_path / "other")
    assert len(watched) == 93
    assert {one.tags for one in watched} == {(), ("world", "group-0"), ("group-1",)}


def test_a_loss_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1."""
    for name in ("config", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "tocsin.yaml").write_text(importing.configuration(3), encoding="utf-8")
    assert importing._lost(tmp_path / "config", tmp_path / "other", 10, 3) == 1
    assert "outlets that were not imported: 6" in capsys.readouterr().out
