"""What is told of an update: a story on loopback whose figures grew, by commands, on a screen and to a webhook."""

import json
from collections.abc import Iterator
from functools import partial

import pytest

from tests.cli_logs import restored_logs
from tests.cli_town import Run, Town, heard, town

CONFIGURATION = """\
polling: {every: 15m, allow_private: [127.0.0.0/8]}
outlets:
  - {name: The Harbour Gazette, language: en, feeds: [{url: "ADDRESS/gazette"}]}
  - {name: Northern Wire, language: en, feeds: [{url: "ADDRESS/wire"}]}
channels:
  - {name: screen, kind: console}
  - {name: hook, kind: webhook, url: "ADDRESS/hook"}
rules:
  - {name: fires, query: "warehouse AND fire", updates: thread}
"""
FIRE = "Warehouse fire at the northern docks kills {}"
LEAD = "Flames broke out in a grain store before dawn and spread to two barges."


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A baseline, a story, and an hour later the same page with another figure."""
    with restored_logs(), town(tmp_path_factory.mktemp("past")) as here:
        here.configure(CONFIGURATION)
        gazette, wire = here.outlets["/gazette"], here.outlets["/wire"]
        gazette.publish(1, "A quiet night", "Nobody called.")
        wire.publish(1, "Another quiet night", "Nobody called there either.")
        assert here.once() == 0
        gazette.publish(2, FIRE.format(3), LEAD)
        assert here.once(hours_later=1) == 0
        gazette.publish(2, FIRE.format(30), LEAD)
        assert here.once(hours_later=2) == 0
        yield here


@pytest.fixture
def run(past: Town, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the past; what it said."""
    return partial(heard, past, capsys)


def test_a_webhook_is_told_what_changed_and_what_it_goes_on_from(past: Town) -> None:
    """By names that a program can follow."""
    first, update = (json.loads(body)["alerts"][0] for body in past.posts)
    assert (first["kind"], first["follows"], first["changes"], first["spread"]) == ("first", "", [], 0)
    assert (update["kind"], update["follows"], update["changes"]) == ("update", first["id"], ["killed: 3, now 30"])


def test_why_names_the_update_and_what_changed(run: Run, past: Town) -> None:
    """Both alerts of the entry, and no rule that kept silent."""
    link = f"{past.address}/gazette/news/2"
    first, update = (json.loads(body)["alerts"][0]["id"] for body in past.posts)
    said = run("why", link)
    assert f"alert {first} by rule fires at " in said
    assert f"update {update} by rule fires at " in said
    assert f": killed: 3, now 30 — {FIRE.format(30)} (follows alert {first})" in said
    assert "no alert by rule" not in said
    alerts = json.loads(run("why", link, "--json"))["alerts"]
    assert [(one["kind"], one["follows"], one["changes"]) for one in alerts] == [
        ("first", "", []),
        ("update", first, ["killed: 3, now 30"]),
    ]


def test_the_update_is_shown_with_the_alert_that_it_follows(run: Run, past: Town) -> None:
    """In words, and where to look."""
    first, update = (json.loads(body)["alerts"][0]["id"] for body in past.posts)
    said = run("alerts", "show", update)
    assert f"update: killed: 3, now 30 — {FIRE.format(30)}" in said.replace("*", "")
    assert f"follows alert {first}: see tocsin alerts show {first}" in said


def test_the_first_alert_is_shown_with_the_update_that_followed(run: Run, past: Town) -> None:
    """With what became of it, and by what the entry stands in its story."""
    first, update = (json.loads(body)["alerts"][0]["id"] for body in past.posts)
    said = run("alerts", "show", first)
    assert f"followed by alert {update}: update (killed: 3, now 30), raised " in said
    assert "  entry " in said
    found = json.loads(run("alerts", "show", first, "--json"))
    assert [(one["id"], one["kind"], one["changes"]) for one in found["followed_by"]] == [
        (update, "update", ["killed: 3, now 30"])
    ]
    assert found["entries"]
    assert all({"id", "outlets", "level", "score", "reason"} == set(one) for one in found["entries"])


def test_a_backtest_says_that_it_counts_no_follow_ups(run: Run) -> None:
    """One alert, as the rule raised one first alert."""
    said = run("rules", "backtest", "fires", "--since", "2d", "--until", "2999-01-01T00:00Z")
    assert "1 alert " in said
    assert "  not counted: updates" in said
