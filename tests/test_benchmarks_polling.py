"""The benchmarks of polling: their smallest runs, and what they say of programs that are not there."""

import stat
from pathlib import Path

import pytest

from tests.benchmarks import fetching, latency, polling
from tests.benchmarks.installed_rivals import installed
from tests.benchmarks.rivals import _WORD, _queries, python_of

PEERS = ("reader", "rss2email", "newsboat", "sfeed")


def test_rounds_of_polling_are_measured(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A small run without peers, which would need the network to be installed; the daemon has a harness of its own."""
    small = ("--feeds", "20", "--entries", "5", "--times", "1", "--every", "1", "--terms", "100")
    without = [word for name in PEERS for word in ("--without", name)]
    monkeypatch.setattr("sys.argv", ["benchmark", *small, *without])
    assert polling.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "20 feeds x 5 entries, rules of 100 terms, median of 1"
    assert [line[:20].strip() for line in lines[2:]] == ["tocsin once", "tocsin run"]


def test_a_peer_that_cannot_be_installed_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-python"))
    assert "No such file" in str(python_of(tmp_path, "reader"))


def test_rules_have_as_many_terms_as_were_asked_for() -> None:
    """The last rule may have more than what was left."""
    queries = _queries(1_000)
    assert 1_000 <= sum(len(_WORD.findall(query)) for query in queries) < 1_004
    assert _WORD.findall(queries[2])[-1] == "bell2"


def test_programs_that_are_not_on_the_path_are_named(tmp_path: Path) -> None:
    assert installed(str(tmp_path)) == ([], ["newsboat", "sfeed"])


def test_programs_on_the_path_are_given_every_feed(tmp_path: Path) -> None:
    """As their manuals say: a file of addresses for the one, a shell script with a line a feed for the other."""
    for program in ("newsboat", "sfeed_update"):
        (tmp_path / program).write_text("#!/bin/sh\n", encoding="utf-8")
        (tmp_path / program).chmod(stat.S_IRWXU)
    (newsboat, sfeed), absent = installed(str(tmp_path))
    assert (newsboat.name, newsboat.asks_conditionally) == ("newsboat", True)
    assert (sfeed.name, sfeed.asks_conditionally) == ("sfeed", False)
    assert not absent
    urls = ("http://127.0.1.1:80/0", "http://127.0.1.2:80/1")
    for rival in (newsboat, sfeed):
        rival.settle(tmp_path, urls)
    assert (tmp_path / "urls").read_text(encoding="utf-8").splitlines() == list(urls)
    assert '\tfeed "outlet 1" "http://127.0.1.2:80/1"\n' in (tmp_path / "sfeedrc").read_text(encoding="utf-8")
    assert newsboat.round(tmp_path)[0][-2:] == ("-x", "reload")
    assert sfeed.round(tmp_path)[0] == (str(tmp_path / "sfeed_update"), str(tmp_path / "sfeedrc"))


def test_an_exchange_is_measured_beside_bare_aiohttp(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """So few say nothing of the targets: only that both answers come, each way, and that a missed target is named."""
    monkeypatch.setattr("sys.argv", ["benchmark", "--fetches", "8", "--at-once", "4", "--times", "1", "--entries", "3"])
    missed = fetching.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "8 fetches, 4 at once, µs of CPU each, median of 1"
    assert [line[:30].strip() for line in lines[2:5]] == [
        "tocsin",
        "aiohttp, a connection each",
        "aiohttp as it comes",
    ]
    assert missed == any(line.startswith("missed:") for line in lines)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="addresses of 127.0.0.0/8 and /proc are Linux's")
def test_the_way_of_news_is_timed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Three entries on the real daemon: all of them come, once; how late they were depends on the machine."""
    monkeypatch.setattr("sys.argv", ["benchmark", "--feeds", "3", "--every", "1", "--seconds", "3"])
    latency.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "3 feeds every 1 s, 3 entries, one a second"
    rows = [line[:30].strip() for line in lines[2:5]]
    assert rows == ["from served to received", "beyond the poll interval", "from changed to received"]
    assert lines[5].startswith("missed 0, repeated 0;")
