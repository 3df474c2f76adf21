"""The whole history of an alert: what it was sent with, what it waited for, who told that it was given up."""

import json
from collections.abc import Iterator
from functools import partial

import pytest

from tests.cli_logs import restored_logs
from tests.cli_town import Run, Town, heard, town

CONFIGURATION = """\
polling: {every: 15m, allow_private: [127.0.0.0/8]}
outlets:
  - {name: The Harbour Gazette, feeds: [{url: "ADDRESS/gazette"}]}
channels:
  - {name: screen, kind: console, digest: every 1h}
  - {name: hook, kind: webhook, url: "ADDRESS/hook?token=open-sesame"}
rules:
  - {name: truce, query: 'ceasefire OR truce'}
"""
CEASEFIRE = "Ceasefire agreed on the northern border"
FERRIES = "Truce between the ferry lines"


@pytest.fixture
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two stories in the digest of one channel; the other would read neither."""
    with restored_logs(), town(tmp_path_factory.mktemp("past")) as here:
        here.configure(CONFIGURATION)
        gazette = here.outlets["/gazette"]
        gazette.publish(1, "Ferries run on time", "Nothing else happened.")
        assert here.once() == 0
        here.hook_status = 413
        gazette.publish(3, CEASEFIRE, "Both sides signed at dawn.")
        gazette.publish(4, FERRIES, "It holds.")
        for hours in (1, 3, 5):
            assert here.once(hours_later=hours) == 0
        yield here


@pytest.fixture
def run(past: Town, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the past; what it said."""
    return partial(heard, past, capsys)


def ids(run: Run) -> dict[str, str]:
    return {one["title"]: one["id"] for one in json.loads(run("alerts", "list", "--json"))}


def test_an_alert_that_waited_is_shown_with_what_it_was_sent_with(run: Run) -> None:
    """What it waited for, until when, and the others of its digest."""
    known = ids(run)
    said = run("alerts", "show", known[CEASEFIRE])
    assert "  had waited for digest until " in said
    assert f"    with alert {known[FERRIES]}: {FERRIES}" in said
    found = json.loads(run("alerts", "show", known[CEASEFIRE], "--json"))
    assert found["sent_with"] == {"screen": [known[FERRIES]]}


def test_a_message_that_was_given_up_is_shown_with_the_alarm_that_told_of_it(run: Run) -> None:
    """Every attempt with what came back, and who heard."""
    said = run("alerts", "show", ids(run)[CEASEFIRE])
    assert "to hook: dead" in said
    assert said.count("413") >= 2
    (line,) = [line for line in said.splitlines() if line.startswith("  told by alarm ")]
    assert "screen " in line
    assert "open-sesame" not in said
    found = json.loads(run("alerts", "show", ids(run)[CEASEFIRE], "--json"))
    assert list(found["told_by"]) == ["hook"]
    assert found["told_by"]["hook"]["id"] in line
