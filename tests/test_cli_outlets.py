"""`tocsin outlets`: the list of them, lists of feeds taken in and given out."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor.cli.application import run_command
from monitor.cli.pages import PAGES
from monitor.config.load import load
from monitor.store.opening import DATABASE
from monitor.system.lock import sole_daemon
from tests.cli_logs import restored_logs
from tests.cli_town import Town, town

CONFIGURATION = """\
# ours
polling: {every: 20m, allow_private: [127.0.0.0/8]}
include: [more.yaml]
outlets:
  - {name: The Harbour Gazette, tags: [coast], language: en, feeds: [{url: "ADDRESS/gazette", every: 10m}]}
rules:
  - {name: truce, query: truce}
"""
MORE = """\
outlets:
  - name: The Closed Shop
    feeds:
      - url: ADDRESS/nowhere?token=open-sesame    # theirs
"""
LIST = """\
<opml version="2.0"><body>
<outline text="Wires">
<outline text="Northern Wire" xmlUrl="https://wire.example/rss"/>
<outline text="The Gazette again" xmlUrl="ADDRESS/gazette"/>
<outline text="A trap" xmlUrl="javascript:alert(1)"/>
</outline>
</body></opml>
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    """A configuration of two files that was polled once."""
    with restored_logs(), town(tmp_path) as one:
        one.configure(CONFIGURATION)
        (one.config / "more.yaml").write_text(MORE.replace("ADDRESS", one.address), encoding="utf-8")
        (one.folder / "feeds.opml").write_text(LIST.replace("ADDRESS", one.address), encoding="utf-8")
        yield one


def test_outlets_before_the_first_poll(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was stored yet, and that is no error."""
    assert run_command(["outlets", "list", *here.places]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert rows == [
        ["The Harbour Gazette", "not polled yet", "-", "-", "coast", f"{here.address}/gazette"],
        ["The Closed Shop", "not polled yet", "-", "-", "-", f"{here.address}/nowhere?token=***"],
    ]


def test_outlets_and_how_they_fare(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Well, or since when and why not; no token is shown, in neither form."""
    assert here.once() == 0
    capsys.readouterr()
    assert run_command(["outlets", "list", *here.places]) == 0
    said = capsys.readouterr().out
    well, failing = (line.split("\t") for line in said.splitlines())
    assert well[1] == "well"
    assert well[2].endswith("UTC")
    assert failing[1].startswith("failing since ")
    assert "404" in failing[1]
    assert run_command(["outlets", "list", "--json", *here.places]) == 0
    as_json = capsys.readouterr().out
    found = json.loads(as_json)
    assert [one["every"] for one in found] == ["10m", "20m"]
    assert [one["outcome"] for one in found] == ["fetched", "failed"]
    assert set(found[0]) == {
        *(
            "outlet",
            "publisher",
            "url",
            "language",
            "tags",
            "every",
            "outcome",
            "error",
            "failures",
            "failing_since",
            "is_gone",
        ),
        *("last_poll_at", "last_success_at", "next_poll_at", "pause", "is_resting", "silent_since", "overruled"),
    }
    assert "open-sesame" not in said + as_json


def shown(here: Town, capsys: pytest.CaptureFixture[str], *name: str) -> str:
    capsys.readouterr()
    assert run_command(["outlets", "show", *name, *here.places]) == 0
    return capsys.readouterr().out


def test_an_outlet_is_shown_with_why_it_is_polled_when(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Before the first poll, after it, after a failure, and where somebody asked for it; no token is shown."""
    assert "not polled yet" in shown(here, capsys, "the harbour gazette")
    assert here.once() == 0
    lines = [line.strip() for line in shown(here, capsys, "The Harbour Gazette").splitlines()]
    assert lines[0] == f"{here.address}/gazette"
    assert "state: well" in lines
    assert "why then: every 10 min, as configured for this feed" in lines
    assert "configured: every 10m, said of this feed: kept" in lines
    assert any(line.startswith("news: about ") for line in lines)
    (coming,) = (line for line in lines if line.startswith("next poll: "))
    minutes = coming.partition(" UTC, in ")[2].removesuffix(" min")
    assert 9 <= float(minutes) <= 11  # chance adds up to a tenth
    failing = shown(here, capsys, f"{here.address}/nowhere?token=***")
    assert "open-sesame" not in failing
    assert "state: failed once since " in failing
    assert "why then: after 20 min: failed" in failing
    assert run_command(["outlets", "refresh", "The Harbour Gazette", *here.places]) == 0
    assert "why then: somebody asked for it" in shown(here, capsys, "The Harbour Gazette")


def test_a_ttl_that_overrules_a_stated_pace_is_told_with_the_word_against_it(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the list and on the outlet's page; once the word is written, that it is not heeded."""
    here.pages["/slow"] = (
        "application/rss+xml",
        b"<rss version='2.0'><channel><title>Slow</title><ttl>600</ttl><item><title>One</title></item></channel></rss>",
    )
    here.configure(CONFIGURATION.replace("ADDRESS/gazette", "ADDRESS/slow"))
    assert here.once() == 0
    said = "its ttl or updatePeriod asks for 10 h, not the 10 min stated: heed_ttl: false ends that"
    assert f"  overruled: {said}\n" in shown(here, capsys, "The Harbour Gazette")
    (facts,) = json.loads(shown(here, capsys, "The Harbour Gazette", "--json"))
    assert (facts["heeds_ttl"], facts["overruled"]) == (True, said)
    assert run_command(["outlets", "list", *here.places]) == 0
    assert f"The Harbour Gazette\twell, but {said}\t" in capsys.readouterr().out
    here.configure(
        CONFIGURATION.replace("ADDRESS/gazette", "ADDRESS/slow").replace("language", "heed_ttl: false, language")
    )
    page = shown(here, capsys, "The Harbour Gazette")
    assert "overruled" not in page
    assert "asks for 10 h by ttl or updatePeriod, which is not heeded (heed_ttl: false)" in page


def test_what_rests_or_is_gone_has_no_next_poll(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is said of why it would be."""
    assert here.once() == 0
    assert run_command(["outlets", "pause", "The Harbour Gazette", *here.places]) == 0
    said = shown(here, capsys, "The Harbour Gazette")
    assert "next poll: none: paused since " in said
    assert "why then" not in said
    facts = json.loads(shown(here, capsys, "The Harbour Gazette", "--json"))
    assert (facts[0]["next_poll_at"], facts[0]["pause"]["kind"]) == (None, "outlet")


def test_an_outlet_as_json(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Every key that the help promises."""
    assert here.once() == 0
    (facts,) = json.loads(shown(here, capsys, "The Closed Shop", "--json"))
    promised = next(page.text for page in PAGES if page.name == "outlets show").split("--json:")[1]
    assert {key for key in facts if key not in promised} == set()
    assert (facts["outcome"], facts["failures"], facts["every"], facts["is_stated"]) == ("failed", 1, "20m", False)
    assert facts["why"] == "after 20 min: failed"
    assert facts["publisher"] == {"header_seconds": 0.0, "document_seconds": 0.0, "skip_hours": [], "skip_days": []}
    assert "open-sesame" not in json.dumps(facts)


def test_an_unknown_outlet_is_no_feed_page(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """The nearest name is offered."""
    assert run_command(["outlets", "show", "The Harbour Gazete", *here.places]) == 64
    assert "did you mean The Harbour Gazette?" in capsys.readouterr().err


def test_a_feed_that_is_gone_says_so(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """It has no next poll."""
    here.gone.add("/gazette")
    assert here.once() == 0
    capsys.readouterr()
    assert run_command(["outlets", "list", *here.places]) == 0
    gone = capsys.readouterr().out.splitlines()[0].split("\t")
    assert (gone[1], gone[3]) == ("gone, not polled any more", "-")


def test_a_feed_that_has_moved_says_where_to(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """In the list, and on its page."""
    assert here.once() == 0
    moving = '{"adopted":"https://new.example/rss","adopted_at":1700000000000000,"address":"https://x.example/","sightings":2}'
    with closing(sqlite3.connect(here.state / DATABASE)) as connection, connection:
        connection.execute("UPDATE feed SET moving = ? WHERE url LIKE '%/gazette'", (moving,))
    capsys.readouterr()
    assert run_command(["outlets", "list", *here.places]) == 0
    assert "well, moved to https://new.example/rss" in capsys.readouterr().out
    said = shown(here, capsys, "The Harbour Gazette")
    assert "moved for good to https://new.example/rss, where it is asked since 2023-11-14" in said
    assert "led to https://x.example/ at 2 polls since" in said
    facts = json.loads(shown(here, capsys, "The Harbour Gazette", "--json"))[0]
    assert (facts["moving"]["adopted"], facts["moving"]["sightings"]) == ("https://new.example/rss", 2)


def test_outlets_of_a_configuration_with_mistakes_are_listed_as_far_as_they_go(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """And that there are mistakes is said."""
    path = here.config / "tocsin.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("query: truce", "qery: truce"), encoding="utf-8")
    assert run_command(["outlets", "list", *here.places]) == 0
    heard = capsys.readouterr()
    assert "see tocsin check" in heard.err
    assert len(heard.out.splitlines()) == 2
    path.write_text("outlets: [", encoding="utf-8")
    assert run_command(["outlets", "list", *here.places]) == 78


def test_a_list_is_imported_behind_the_last_outlet(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Into the file where that stands, whose comments stay; what was not taken is named with its line; exit 65."""
    main = (here.config / "tocsin.yaml").read_bytes()
    assert run_command(["outlets", "import", str(here.folder / "feeds.opml"), *here.places]) == 65
    heard = capsys.readouterr()
    target = here.config / "more.yaml"
    assert (
        heard.out == f"1 outlets with 1 feeds added to {target}, 2 outlines passed over (1 broken, 1 there already)\n"
    )
    assert heard.err.splitlines() == [
        f"{here.folder}/feeds.opml:5: A trap: expected an address such as https://example.org/rss",
        f"{here.folder}/feeds.opml:4: The Gazette again: already watched",
    ]
    assert (here.config / "tocsin.yaml").read_bytes() == main
    assert target.read_text(encoding="utf-8") == MORE.replace("ADDRESS", here.address) + (
        '  - name: Northern Wire\n    tags: [wires]\n    feeds:\n      - url: "https://wire.example/rss"\n'
    )
    assert run_command(["check", *here.places]) == 0


def test_an_import_twice_adds_nothing_the_second_time(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """What is there already is no error; the file is not touched."""
    path = here.folder / "good.opml"
    path.write_text(LIST.replace("javascript:alert(1)", "https://trap.example/"), encoding="utf-8")
    assert run_command(["outlets", "import", str(path), *here.places]) == 65  # ADDRESS/gazette is no address
    before = (here.config / "more.yaml").stat().st_mtime_ns
    capsys.readouterr()
    path.write_text(LIST.replace("javascript:alert(1)", "https://trap.example/").replace("ADDRESS", here.address))
    assert run_command(["outlets", "import", str(path), *here.places]) == 0
    assert capsys.readouterr().out == "nothing to add, 3 outlines passed over (3 there already)\n"
    assert (here.config / "more.yaml").stat().st_mtime_ns == before


def test_print_shows_the_yaml_and_writes_nothing(
    here: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a configuration only what is new, without one everything."""
    before = {path: path.read_bytes() for path in here.config.iterdir()}
    listed = str(here.folder / "feeds.opml")
    assert run_command(["outlets", "import", listed, "--print", *here.places]) == 65
    shown = capsys.readouterr()
    assert shown.out.startswith("outlets:\n  - name: Northern Wire\n")
    assert "1 outlets with 1 feeds to add" in shown.err
    assert {path: path.read_bytes() for path in here.config.iterdir()} == before
    (here.folder / "empty").mkdir()
    monkeypatch.chdir(here.folder / "empty")
    monkeypatch.setenv("HOME", str(here.folder / "empty"))
    for name in ("XDG_CONFIG_HOME", "TOCSIN_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    assert run_command(["outlets", "import", listed, "--print"]) == 65
    assert "The Gazette again" in capsys.readouterr().out
    assert run_command(["outlets", "import", listed]) == 78


def test_rules_may_come_before_the_first_outlet(here: Town) -> None:
    """That there are no outlets is the one mistake that an import mends."""
    (here.config / "tocsin.yaml").write_text("rules: [{name: r, query: truce}]\n", encoding="utf-8")
    assert run_command(["outlets", "import", str(here.folder / "feeds.opml"), *here.places]) == 65
    loaded = load(here.config, {})
    assert loaded.mistakes == ()


def test_a_configuration_with_mistakes_is_mended_first(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 78, each at its place, and the files are as they were."""
    path = here.config / "tocsin.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("query: truce", "qery: truce"), encoding="utf-8")
    before = path.read_bytes()
    assert run_command(["outlets", "import", str(here.folder / "feeds.opml"), *here.places]) == 78
    assert "did you mean query?" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_daemon_at_work_must_be_told(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """With the process to signal."""
    with sole_daemon(here.state):
        assert run_command(["outlets", "import", str(here.folder / "feeds.opml"), *here.places]) == 65
    assert f"kill -HUP {os.getpid()}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"<opml><body>\n<outline", 65, "list.opml:2: not well-formed XML"),
        (b"<html/>", 65, "list.opml:1: not OPML"),
        (b"", 65, "tocsin: list.opml: empty"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><opml/>", 65, "tocsin: list.opml: it declares entities"),
        (b"<opml>" + b" " * 5_000_000, 65, "tocsin: list.opml: larger than 5 MB"),
        (None, 66, "tocsin: cannot read list.opml: No such file"),
    ],
)
def test_what_is_no_list_is_told_in_one_line(
    content: bytes | None, code: int, words: str, here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the configuration is as it was."""
    path = here.folder / "list.opml"
    before = {path: path.read_bytes() for path in here.config.iterdir()}
    if content is not None:
        path.write_bytes(content)
    assert run_command(["outlets", "import", str(path), *here.places]) == code
    heard = capsys.readouterr()
    assert heard.err.replace(f"{here.folder}/", "").startswith(words)
    assert heard.err.count("\n") == 1
    assert heard.out == ""
    assert {path: path.read_bytes() for path in here.config.iterdir()} == before


def test_fifty_megabytes_are_refused_without_being_read(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is sparse; reading stops at the bound."""
    path = here.folder / "huge.opml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert run_command(["outlets", "import", str(path), *here.places]) == 65
    assert "larger than 5 MB" in capsys.readouterr().err


def test_everything_broken_is_named_and_the_rest_is_counted(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Each broken outline is for somebody to mend; of what is there already twenty are enough."""
    path = here.folder / "bad.opml"
    broken = "<outline text='X' type='rss'/>\n<outline text='Y' xmlUrl='gopher://y.example/'/>\n" * 15
    again = f"<outline text='Z' xmlUrl='{here.address}/gazette/'/>\n" * 30
    path.write_text(f"<opml><body>\n{broken}{again}</body></opml>", encoding="utf-8")
    assert run_command(["outlets", "import", str(path), *here.places]) == 65
    heard = capsys.readouterr()
    lines = heard.err.splitlines()
    assert len(lines) == 30 + 20 + 1
    assert lines[0] == f"{path}:2: X: it has no address of a feed"
    assert lines[29] == f"{path}:31: Y: expected an address such as https://example.org/rss"
    assert lines[-1] == f"{path}: and 10 more: already watched"
    assert heard.out == "nothing to add, 60 outlines passed over (30 broken, 30 there already)\n"


def test_after_a_thousand_broken_outlines_they_are_counted_by_what_is_wrong(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody reads on."""
    path = here.folder / "bad.opml"
    outlines = "<outline text='X' type='rss'/><outline text='Y' xmlUrl='gopher://y.example/'/>" * 510
    path.write_text(f"<opml><body>{outlines}</body></opml>", encoding="utf-8")
    assert run_command(["outlets", "import", str(path), *here.places]) == 65
    assert capsys.readouterr().err.splitlines()[1000:] == [
        f"{path}: and 10 more: it has no address of a feed",
        f"{path}: and 10 more: expected an address such as https://example.org/rss",
    ]


def test_what_is_exported_is_imported_as_it_was(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Into another configuration."""
    assert run_command(["outlets", "export", *here.places]) == 0
    exported = capsys.readouterr().out
    assert 'category="coast"' in exported
    listed = here.folder / "out.opml"
    listed.write_text(exported, encoding="utf-8")
    other = here.folder / "other"
    other.mkdir()
    (other / "tocsin.yaml").write_text("rules: [{name: r, query: truce}]\n", encoding="utf-8")
    assert run_command(["outlets", "import", str(listed), "--config", str(other)]) == 0
    before, after = load(here.config, {}).settings, load(other, {}).settings
    assert before is not None
    assert after is not None
    assert [one.name for one in after.outlets] == [one.name for one in before.outlets]
    assert [[feed.url for feed in one.feeds] for one in after.outlets] == [
        [feed.url for feed in one.feeds] for one in before.outlets
    ]
