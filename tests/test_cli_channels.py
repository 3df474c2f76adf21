"""`tocsin channels`: what there is, and whether it works."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli.application import run_command
from tests.cli_logs import restored_logs
from tests.cli_town import Town, town

CONFIGURATION = """\
polling: {every: 15m, allow_private: [127.0.0.0/8]}
outlets:
  - {name: The Harbour Gazette, feeds: [{url: "ADDRESS/gazette"}]}
channels:
  - {name: screen, kind: console}
  - {name: hook, kind: webhook, url: "ADDRESS/hook/open-sesame", secret: "geheim-geheim"}
rules:
  - {name: truce, query: truce}
  - {name: ferries, query: ferries, channels: [screen]}
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with restored_logs(), town(tmp_path) as one:
        one.configure(CONFIGURATION)
        yield one


def test_channels_are_listed_without_their_addresses(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Name, kind, the rules that use them, what waits and what is dead."""
    assert run_command(["channels", "list", *here.places]) == 0
    assert capsys.readouterr().out == (
        "screen\tconsole\ttruce, ferries\t0\t0\tclosed\nhook\twebhook\ttruce\t0\t0\tclosed\n"
    )
    assert here.once() == 0
    here.hook_status = 503
    here.outlets["/gazette"].publish(1, "Truce holds", "It does.")
    assert here.once(hours_later=1) == 0
    capsys.readouterr()
    assert run_command(["channels", "list", "--json", *here.places]) == 0
    said = capsys.readouterr().out
    screen, hook = json.loads(said)
    assert screen == {
        "name": "screen",
        "kind": "console",
        "rules": ["truce", "ferries"],
        "waiting": 0,
        "dead": 0,
        "circuit": "closed",
    }
    assert (hook["name"], hook["rules"], hook["waiting"], hook["dead"]) == ("hook", ["truce"], 1, 0)
    assert hook["circuit"].startswith("open since")
    assert "sesame" not in said
    assert "geheim" not in said


def test_a_test_message_goes_through_the_channel_as_it_is_configured(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is marked as a test, and what came back is said."""
    assert run_command(["channels", "test", "hook", *here.places]) == 0
    assert capsys.readouterr().out == "hook: sent: 127.0.0.1 answered 204\n"
    (post,) = here.posts
    sent = json.loads(post)
    assert sent["kind"] == "test"
    assert sent["channel"] == "hook"
    assert "test" in sent["subject"].lower()


def test_all_channels_are_tested_and_each_answer_is_told(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """One that fails does not hide one that works; exit 69; no address and no secret is shown."""
    here.hook_status = 401
    assert run_command(["channels", "test", "all", *here.places]) == 69
    heard = capsys.readouterr()
    assert "The channel screen works" in heard.out
    assert "screen: sent: printed\nhook: not sent: 127.0.0.1 answered 401: the credentials" in heard.out
    assert "sesame" not in heard.out + heard.err
    assert "geheim" not in heard.out + heard.err
    assert not here.state.exists(), "nothing is stored"


def test_answers_as_json_stand_alone(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """A console speaks on standard error meanwhile."""
    here.hook_status = 500
    assert run_command(["channels", "test", "all", "--json", *here.places]) == 69
    heard = capsys.readouterr()
    assert json.loads(heard.out) == [
        {"name": "screen", "kind": "console", "sent": True, "said": "printed"},
        {"name": "hook", "kind": "webhook", "sent": False, "said": "127.0.0.1 answered 500"},
    ]
    assert "The channel screen works" in heard.err


@pytest.mark.parametrize(
    ("name", "words"),
    [("hok", "did you mean hook?"), ("zzzzzzzz", "there are screen, hook; or say all"), ("al", "did you mean all?")],
)
def test_a_channel_that_nobody_configured_is_refused(
    name: str, words: str, here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 64, and nothing is sent."""
    assert run_command(["channels", "test", name, *here.places]) == 64
    assert words in capsys.readouterr().err
    assert here.posts == []


def test_channels_of_a_configuration_with_mistakes_are_not_tested(here: Town) -> None:
    """Exit 78."""
    here.configure("channels: [{name: a, kind: fax}]")
    assert run_command(["channels", "test", "all", *here.places]) == 78
    assert run_command(["channels", "list", *here.places]) == 78


def test_check_asks_channels_whether_they_can_be_reached(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """As far as that can be known without sending; exit 69 where one cannot."""
    assert run_command(["check", "--channels", *here.places]) == 0
    assert "channel hook: not known: only sending would tell: tocsin channels test hook" in capsys.readouterr().out
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    mail = f"{{name: ops, kind: email, url: 'smtp://me:geheim@127.0.0.1:{port}', to: a@b.example, from: a@b.example}}"
    here.configure(CONFIGURATION.replace("rules:", f"  - {mail}\nrules:"))
    assert run_command(["check", "--channels", "--json", *here.places]) == 69
    said = capsys.readouterr().out
    assert [one["is_reached"] for one in json.loads(said)["reached"]] == [None, None, False]
    assert "geheim" not in said
    assert run_command(["check", "--channels", *here.places]) == 69
    assert "channel ops: failed: 127.0.0.1 " in capsys.readouterr().out
    assert here.posts == []
