"""`tocsin add`: from the address of a page on loopback to a configuration that is polled."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli import adding
from monitor.cli.application import run_command
from monitor.config.load import load
from monitor.system.lock import sole_daemon
from tests.cli_logs import restored_logs
from tests.cli_town import Town, town
from tests.loopback_proxy import proxying

CONFIGURATION = """\
# ours
polling: {allow_private: [127.0.0.0/8]}
include: [more.yaml]
rules:
  - {name: truce, query: truce}
"""
MORE = """\
outlets:
  - name: The Closed Shop    # theirs
    feeds:
      - url: ADDRESS/nowhere
"""
RSS = 'rel="alternate" type="application/rss+xml"'
COMMENTS = (
    b"<rss version='2.0'><channel><title>Comments on the Gazette</title>"
    b"<item><title>I think</title><link>https://a.example/c</link></item></channel></rss>"
)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    """A site with a page, two outlets' feeds and one of comments, and a configuration of two files."""
    with restored_logs(), town(tmp_path) as one:
        one.configure(CONFIGURATION)
        (one.config / "more.yaml").write_text(MORE.replace("ADDRESS", one.address), encoding="utf-8")
        one.outlets["/gazette"].publish(1, "Ferries run on time", "Nothing else.")
        one.outlets["/wire"].publish(1, "Storm in the north", "A lot.")
        one.pages["/comments"] = ("application/rss+xml", COMMENTS)
        one.pages["/"] = linking("/comments", "/gazette")
        one.pages["/both"] = linking("/gazette", "/wire")
        one.pages["/none"] = linking()
        yield one


def linking(*feeds: str) -> tuple[str, bytes]:
    links = "".join(f'<link {RSS} href="{feed}">' for feed in feeds)
    return "text/html", f"<!doctype html><html lang=en-GB><title>The Town</title>{links}</html>".encode()


def written(here: Town) -> str:
    return (here.config / "more.yaml").read_text(encoding="utf-8")


def before(here: Town) -> str:
    return MORE.replace("ADDRESS", here.address)


def test_the_feed_of_a_page_is_written_behind_the_last_outlet(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Into the file where that stands, whose comments stay; then it is polled."""
    options = ["--tag", "coast", "--tag", "north", "--every", "10m"]
    assert run_command(["add", f"{here.address}/", *options, *here.places]) == 0
    heard = capsys.readouterr()
    rows = [line.split("\t") for line in heard.out.splitlines()[:2]]
    assert [(row[0], row[4], row[5], row[6]) for row in rows] == [
        ("1", "The Harbour Gazette", "-", f"{here.address}/gazette"),
        ("2", "Comments on the Gazette", "comments", f"{here.address}/comments"),
    ]
    target = here.config / "more.yaml"
    assert heard.out.splitlines()[2] == f"The Harbour Gazette ({here.address}/gazette) added to {target}"
    assert written(here) == before(here) + (
        f"  - name: The Harbour Gazette\n    language: en\n    tags: [coast, north]\n    feeds:\n"
        f'      - url: "{here.address}/gazette"\n        every: 10m\n'
    )
    assert run_command(["check", *here.places]) == 0
    assert here.once() == 0
    assert here.outlets["/gazette"].polls == 2


def test_a_feed_is_taken_as_it_is(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Under the name that was given; --json says what was done."""
    assert run_command(["add", f"{here.address}/wire", "--name", "Wire", "--json", *here.places]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["added"], said["file"]) == (True, str(here.config / "more.yaml"))
    assert said["outlet"] == {
        "name": "Wire", "publisher": "Wire", "language": "en", "tags": [], "url": f"{here.address}/wire", "every": None,
    }  # fmt: skip
    assert [one["title"] for one in said["candidates"]] == ["Northern Wire"]
    assert here.outlets["/wire"].polls == 1


@pytest.mark.parametrize(
    ("options", "polling", "is_told"),
    [
        (["--every", "10m"], "", True),
        ([], "", True),
        (["--every", "10h"], "", False),
        ([], ", heed_ttl: false", False),
    ],
)
def test_a_feed_with_a_ttl_beyond_its_pace_is_added_with_a_note(
    here: Town, capsys: pytest.CaptureFixture[str], options: list[str], polling: str, *, is_told: bool
) -> None:
    """It would be polled every ten hours, and nobody would know why."""
    here.pages["/slow"] = (
        "application/rss+xml",
        b"<rss version='2.0'><channel><title>Slow</title><ttl>600</ttl><item><title>One</title></item></channel></rss>",
    )
    here.configure(CONFIGURATION.replace("/8]", f"/8]{polling}"))
    assert run_command(["add", f"{here.address}/slow", *options, "--yes", *here.places]) == 0
    told = capsys.readouterr().err
    assert ("ttl or updatePeriod asks for 10 h between two polls" in told) is is_told
    assert ("heed_ttl: false with its outlet" in told) is is_told


def test_where_several_are_found_a_pipe_lists_them_and_adds_nothing(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 64, with what to type; a number or an address then says which."""
    for more in ([], ["--print"], ["--json"]):
        assert run_command(["add", f"{here.address}/both", *more, *here.places]) == 64
        heard = capsys.readouterr()
        assert heard.err.splitlines()[-1] == ("tocsin: 2 feeds were found: say which, with --feed 1 or --feed ADDRESS")
        assert f"{here.address}/wire" in heard.out + heard.err
        assert written(here) == before(here)
    assert run_command(["add", f"{here.address}/both", "--feed", "3", *here.places]) == 64
    assert "there is a number from 1 to 2, or an address" in capsys.readouterr().err
    assert run_command(["add", f"{here.address}/both", "--feed", "2", *here.places]) == 0
    assert run_command(["add", f"{here.address}/both", "--feed", f"{here.address}/gazette/", *here.places]) == 0
    settings = load(here.config, {}).settings
    assert settings is not None
    assert [one.name for one in settings.outlets] == ["The Closed Shop", "Northern Wire", "The Harbour Gazette"]


@pytest.mark.parametrize(("answers", "code", "names"), [
    (["2", "y"], 0, ["Northern Wire"]), (["1", ""], 0, ["The Harbour Gazette"]), (["", ""], 0, []), (["2", "n"], 0, []),
    (["9", ""], 0, []),
])  # fmt: skip
def test_a_terminal_is_asked_which_and_whether(
    here: Town, monkeypatch: pytest.MonkeyPatch, answers: list[str], code: int, names: list[str]
) -> None:
    """What is not a number of the list is none of them."""
    given = iter(answers)
    monkeypatch.setattr(adding, "ask", lambda _: next(given))
    monkeypatch.setattr(adding, "is_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert run_command(["add", f"{here.address}/both", *here.places]) == code
    settings = load(here.config, {}).settings
    assert settings is not None
    assert [one.name for one in settings.outlets] == ["The Closed Shop", *names]


def test_yes_asks_nothing_where_there_is_no_doubt(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal or not."""
    monkeypatch.setattr(adding, "ask", pytest.fail)
    monkeypatch.setattr(adding, "is_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert run_command(["add", f"{here.address}/", "--yes", *here.places]) == 0
    assert "The Harbour Gazette" in written(here)


@pytest.mark.parametrize("slash", ["", "/"])
def test_what_is_watched_already_is_refused_and_named(
    here: Town, capsys: pytest.CaptureFixture[str], slash: str
) -> None:
    """With the place in the file, before anybody is asked; and behind a page as well."""
    assert run_command(["add", f"{here.address}/nowhere{slash}", *here.places]) == 65
    where = f"{here.config}/more.yaml:4:14"
    assert capsys.readouterr().err == f"{where}: already watched, as a feed of The Closed Shop\n"
    assert not here.was_asked.is_set()
    assert run_command(["add", f"{here.address}/gazette", *here.places]) == 0
    capsys.readouterr()
    after = written(here)
    assert run_command(["add", f"{here.address}/", *here.places]) == 65
    assert "already watched, as a feed of The Harbour Gazette" in capsys.readouterr().err
    assert written(here) == after


def test_a_mistake_in_the_whole_is_found_before_anything_is_written(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as a pace that the polling section forbids, at the place where it would stand."""
    assert run_command(["add", f"{here.address}/gazette", "--every", "1s", *here.places]) == 78
    heard = capsys.readouterr().err.splitlines()
    assert heard[0].startswith(
        f"{here.config}/more.yaml:9:16: outlets.2.feeds.1.every: shorter than polling.min_interval"
    )
    assert heard[1] == "tocsin: nothing was written"
    assert written(here) == before(here)
    main = here.config / "tocsin.yaml"
    main.write_text(main.read_text(encoding="utf-8").replace("query: truce", "query: (truce"), encoding="utf-8")
    assert run_command(["add", f"{here.address}/gazette", *here.places]) == 78
    assert written(here) == before(here)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["ADDRESS/none"], 65, "the page names no feed, and none was found"),
        (["ADDRESS/gone"], 65, "answered 404 Not Found"),
        (["http://127.0.0.1:9/"], 69, "127.0.0.1 refused the connection"),
        (["http://10.0.0.1/"], 65, "10.0.0.1 is not fetched: 10.0.0.1 is private"),
        (["ftp://a.example/"], 64, "expected an address such as https://example.org/rss"),
        (["https://me:geheim@a.example/"], 64, "a user or password in an address is not supported"),
        (["ADDRESS/gazette", "--tag", "a b"], 64, "expected one word"),
        (["ADDRESS/gazette", "--every", "soon"], 64, "--every: expected a duration such as 15m"),
        (["ADDRESS/gazette", "--name", "the closed shop"], 64, "there is an outlet named the closed shop"),
        (["ADDRESS/gazette", "--feed", "2"], 64, "no such feed was found; there is 1, or an address"),
    ],
)
def test_what_cannot_be_added_is_told_in_one_line(
    here: Town, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    """And the configuration is as it was."""
    filled = [one.replace("ADDRESS", here.address) for one in arguments]
    assert run_command(["add", *filled, *here.places]) == code
    heard = capsys.readouterr()
    assert words in heard.err
    assert heard.err.count("\n") == 1
    assert "geheim" not in heard.err
    assert written(here) == before(here)


def test_print_needs_no_configuration(
    here: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The YAML alone goes to standard output."""
    (here.folder / "empty").mkdir()
    monkeypatch.chdir(here.folder / "empty")
    monkeypatch.setenv("HOME", str(here.folder / "empty"))
    for name in ("XDG_CONFIG_HOME", "TOCSIN_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    assert run_command(["add", f"{here.address}/", "--print"]) == 0
    assert capsys.readouterr().out.startswith("outlets:\n  - name: The Harbour Gazette\n    language: en\n")
    assert run_command(["add", f"{here.address}/"]) == 78


def test_loopback_may_be_tried_by_hand_but_polls_need_leave(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """The person is told so."""
    here.configure("rules: [{name: r, query: truce}]\n")
    assert run_command(["add", f"{here.address}/gazette", *here.places]) == 0
    assert "polls refuse an address of this machine unless polling: {allow_private: " in capsys.readouterr().err


def test_a_daemon_at_work_must_be_told(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """As after an import."""
    with sole_daemon(here.state):
        assert run_command(["add", f"{here.address}/gazette", *here.places]) == 0
    assert f"kill -HUP {os.getpid()}" in capsys.readouterr().out


def test_the_proxy_of_polling_is_used(here: Town) -> None:
    """Names that only it knows are found through it."""
    with proxying() as proxy:
        proxy.names["town.example"] = int(here.address.rpartition(":")[2])
        here.configure(f"polling: {{proxy: '{proxy.url()}'}}\nrules: [{{name: r, query: truce}}]\n")
        assert run_command(["add", "http://town.example/", *here.places]) == 0
        assert len(proxy.heads) == 4
    assert "http://town.example/gazette" in (here.config / "tocsin.yaml").read_text(encoding="utf-8")


def test_a_page_leads_nobody_to_private_addresses(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """What it names is the publisher's word: only what a person typed may lie on this machine."""
    here.pages["/trap"] = linking(f"{here.address}/gazette", "http://10.0.0.1/rss", "http://localhost/rss")
    with proxying() as proxy:
        proxy.names["town.example"] = int(here.address.rpartition(":")[2])
        here.configure(f"polling: {{proxy: '{proxy.url()}'}}\nrules: [{{name: r, query: truce}}]\n")
        assert run_command(["add", "http://town.example/trap", *here.places]) == 65
        assert {head.split()[1].removeprefix("http://").partition("/")[0] for head in proxy.heads} == {"town.example"}
    assert "none of them can be read" in capsys.readouterr().err
    assert here.outlets["/gazette"].polls == 0


def test_an_address_without_a_scheme_is_tried_as_https_first(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """And as http where nobody answers that."""
    assert run_command(["add", here.address.removeprefix("http://") + "/wire", *here.places]) == 0
    assert f'- url: "{here.address}/wire"' in written(here)
    assert run_command(["add", "no-such-host.invalid", *here.places]) == 69
    assert "no-such-host.invalid cannot be found" in capsys.readouterr().err
