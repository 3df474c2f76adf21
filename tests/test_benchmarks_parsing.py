"""The benchmark of reading documents, in small: what it compares is what it says."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.feeds.reader import WorkerParser
from monitor.model.entries import ParsedFeed
from monitor.model.polls import Fetched
from tests.benchmarks import parsing
from tests.benchmarks.unread import Comparer, Hands, Verdict, beside_feedparser, remembered, verdict
from tests.test_flow_slices import news, rss

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def found(body: bytes) -> Fetched:
    return Fetched(body=body, url="https://heron.example/feed")


@pytest.fixture
def captures(tmp_path: Path) -> Path:
    """Three captures of one feed, a JSON feed, and a document that is not well-formed."""
    series = tmp_path / "heron"
    series.mkdir()
    for number in range(3):
        (series / f"{number}.xml").write_bytes(rss([news(one) for one in range(number, number + 6)], built=number))
    (tmp_path / "wader.json").write_text('{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1"}]}')
    (tmp_path / "cut.xml").write_bytes(rss([news(1), news(2)], is_cut=True))
    return tmp_path


def run(arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["parsing", *arguments])
    return parsing.main()


def test_speeds_and_differences_are_printed(
    captures: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each of the ways to read, what fell back, and every poll of the series."""
    assert run([str(captures), "--series", "--repeat", "1"], monkeypatch) == 0
    told = capsys.readouterr().out
    assert "fastfeedparser: not measured" in told
    rows = {line[:24].strip(): line.split() for line in told.splitlines() if line.startswith(("tocsin", "feedparser"))}
    assert [int(row[-5]) for row in rows.values()] == [5, 5, 3, 3]
    assert "equal: 3, fell back: 2, no entries: 0, differs: 0" in told
    assert "equal: 9, fell back: 6, no entries: 0, differs: 0" in told
    assert "heron: 3 polls, 0 plans differ; 8 entries read instead of 18" in told


def test_invented_documents_are_read_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without any captures too, though these are missed."""
    assert run([str(tmp_path), "--invented", "2", "--repeat", "1"], monkeypatch) == 2
    told = capsys.readouterr().out
    assert "equal: 2, fell back: 0, no entries: 0, differs: 0" in told
    assert [line.split()[2] for line in told.splitlines() if line.startswith("the pipe")] == ["2"]


def test_a_folder_without_captures_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With exit code 2."""
    assert run([str(tmp_path)], monkeypatch) == 2


async def test_what_is_read_otherwise_is_found() -> None:
    """A comparison that calls everything equal would prove nothing."""
    comparer, body = Comparer(now=NOW), rss([news(1), news(2)])
    assert await comparer.compare(found(body), found(body)) is Verdict.EQUAL
    other = rss([news(3), news(2)])
    assert await comparer.compare(found(body), found(other)) is Verdict.EQUAL
    assert await comparer.compare(found(other), found(rss([news(4)]))) is Verdict.FELL_BACK
    assert beside_feedparser(found(body), NOW) is Verdict.EQUAL
    assert beside_feedparser(found(b"{}"), NOW) is Verdict.FELL_BACK
    parser = WorkerParser(pool=Hands(), clock=lambda: NOW)
    first, whole = await parser.parse(found(body)), await parser.parse(found(other))
    assert isinstance(first, ParsedFeed)
    assert isinstance(whole, ParsedFeed)
    rest = await parser.parse(found(other), remembered(first))
    assert verdict(first, whole, rest) is Verdict.EQUAL
    assert verdict(replace(first, entries=first.entries[::-1]), whole, rest) is Verdict.DIFFERS
    assert verdict(first, replace(whole, language="el"), rest) is Verdict.DIFFERS
    assert verdict(first, replace(whole, entries=whole.entries[:1]), rest) is Verdict.DIFFERS
