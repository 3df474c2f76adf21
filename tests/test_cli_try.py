"""`tocsin try`: a feed from loopback or a file, a query, a test alert, and YAML to paste."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli.application import run_command
from monitor.cli.trying import pasteable
from tests.cli_town import Town, town

PLAIN = "application/rss+xml"
QUERY = 'ceasefire OR "peace talks"'


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """An outlet with two stories, a JSON Feed, and a page that is no feed."""
    with town(tmp_path_factory.mktemp("town")) as one:
        gazette = one.outlets["/gazette"]
        gazette.publish(1, "Ferries run on [red]time[/red]", "Nothing else happened.")
        gazette.publish(2, "Ceasefire on the border", "After peace talks.\tAt last.")
        items = [{"id": "1", "url": "https://a.example/1", "title": "Ceasefire in the north", "content_text": "So."}]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Jay", "items": items}
        one.pages["/feed.json"] = ("application/feed+json", json.dumps(feed).encode())
        one.pages["/page"] = ("text/html", b"<!doctype html><html><title>News</title><p>Ceasefire</p></html>")
        one.pages["/empty"] = (PLAIN, b"<rss version='2.0'><channel><title>Nobody</title></channel></rss>")
        one.pages["/broken"] = (PLAIN, b"<rss version='2.0'><channel><item><title>Ceasefire</title></item><item><ti")
        yield one


@pytest.fixture(autouse=True)
def hook_works(here: Town) -> None:
    here.posts.clear()
    here.hook_status = 204


def test_a_query_is_shown_with_what_it_found(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """In a pipe rows alone on standard output: published, title with marks, matched parts, link."""
    assert run_command(["try", f"{here.address}/gazette", "--match", QUERY]) == 0
    heard = capsys.readouterr()
    first, second = (line.split("\t") for line in heard.out.splitlines())
    assert first[1:] == [
        "*Ceasefire* on the border",
        'ceasefire in title, "peace talks" in summary',
        f"{here.address}/gazette/news/2",
    ]
    assert second[1:3] == ["Ferries run on [red]time[/red]", "-"]
    assert "The Harbour Gazette (rss20, 2 entries)" in heard.err
    assert "1 of 2 entries match" in heard.err


def test_the_yaml_to_paste_is_a_configuration_without_mistakes(
    here: Town, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Whatever the query and the title hold."""
    assert run_command(["try", f"{here.address}/gazette", "--match", QUERY]) == 0
    pasted = capsys.readouterr().err.partition("outlets:")
    (tmp_path / "tocsin.yaml").write_text(
        "polling: {allow_private: [127.0.0.0/8]}\noutlets:" + pasted[2].rpartition("\n1 of")[0], encoding="utf-8"
    )
    assert run_command(["check", "--config", str(tmp_path)]) == 0
    (tmp_path / "tocsin.yaml").write_text(
        pasteable("https://a.example/feed", 'The "${HOME}" \\ Gazette: # 1', '"${USER}" OR a\\b'), encoding="utf-8"
    )
    assert run_command(["check", "--config", str(tmp_path)]) == 0


def test_json_has_every_entry(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """The keys that `--help` names; matches carry evidence."""
    assert run_command(["try", f"{here.address}/gazette", "--match", QUERY, "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert [entry["matches"] for entry in entries] == [True, False]
    assert set(entries[0]) == {
        *("title", "summary", "link", "published_at", "lang", "authors", "categories", "matches", "evidence")
    }
    assert entries[0]["evidence"][1] == {"field": "title", "start": 0, "end": 9, "part": "ceasefire"}


def test_a_file_is_read_without_a_network(tmp_path: Path, here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """A JSON Feed too; a file cannot be watched, so there is nothing to paste."""
    (tmp_path / "feed.json").write_bytes(here.pages["/feed.json"][1])
    assert run_command(["try", str(tmp_path / "feed.json")]) == 0
    heard = capsys.readouterr()
    assert heard.out.split("\t")[1:] == ["Ceasefire in the north", "-", "https://a.example/1\n"]
    assert "To watch it" not in heard.err


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("/page", 65, "not a feed"),
        ("/missing", 69, "404"),
    ],
)
def test_what_is_no_feed_is_told_in_one_line(
    here: Town, capsys: pytest.CaptureFixture[str], path: str, code: int, words: str
) -> None:
    """A web page is data that does not fit, a missing one is not available."""
    assert run_command(["try", f"{here.address}{path}"]) == code
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err.startswith(f"tocsin: {here.address}{path}: ")
    assert words in heard.err
    assert heard.err.count("\n") == 1


def test_a_private_address_is_refused_unless_it_is_loopback(capsys: pytest.CaptureFixture[str]) -> None:
    """What a person typed as loopback is allowed; the rest of the private world is not."""
    assert run_command(["try", "http://10.11.12.13/feed"]) == 69
    assert "10.11.12.13 is not fetched" in capsys.readouterr().err


def test_a_binary_file_is_no_feed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bytes of any kind end in one line."""
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 300)
    assert run_command(["try", str(tmp_path / "noise")]) == 65
    assert capsys.readouterr().err.count("\n") == 1


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The limit is that of a fetched document."""
    with (tmp_path / "large").open("wb") as file:
        file.truncate(20_000_001)
    assert run_command(["try", str(tmp_path / "large")]) == 66
    assert "is larger than 20 MB" in capsys.readouterr().err


def test_a_feed_that_breaks_off_is_shown_with_its_flaw(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """The entries before the break are good."""
    assert run_command(["try", f"{here.address}/broken"]) == 0
    heard = capsys.readouterr()
    assert "Ceasefire" in heard.out
    assert "not whole" in heard.err


def test_a_feed_without_entries(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to show is said, and nothing can be sent."""
    assert run_command(["try", f"{here.address}/empty", "--to", f"{here.address}/hook"]) == 65
    heard = capsys.readouterr()
    assert heard.out == ""
    assert "no entries" in heard.err
    assert "no test alert sent: there is no entry to send" in heard.err
    assert here.posts == []


def test_one_marked_test_alert_is_sent(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the first entry that matches, and marked as a test."""
    assert run_command(["try", f"{here.address}/gazette", "--match", "ferries", "--to", f"{here.address}/hook"]) == 0
    assert "test alert sent" in capsys.readouterr().err
    (post,) = here.posts
    assert b"test alert: Ferries run on" in post
    assert b'"test"' in post


def test_a_hook_that_refuses_is_told(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 69 and the answer of the hook; nothing is tried again."""
    here.hook_status = 500
    assert run_command(["try", f"{here.address}/gazette", "--to", f"{here.address}/hook"]) == 69
    assert "tocsin: test alert not sent: 127.0.0.1 answered 500" in capsys.readouterr().err


def test_a_password_in_the_address_is_never_shown(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither where the feed is shown nor where it fails; and what cannot be configured is not offered."""
    secret = here.address.replace("//", "//reader:open-sesame@")
    for path in ("gazette", "missing", "page"):
        for options in ([], ["--json"]):
            run_command(["try", f"{secret}/{path}", *options])
            heard = capsys.readouterr()
            assert "open-sesame" not in heard.out + heard.err
            assert "outlets:" not in heard.err
    run_command(["try", f"{secret}/gazette"])
    assert "takes no address with a user or a password" in capsys.readouterr().err
