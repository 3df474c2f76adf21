"""What people see of a channel that was away and is back, over `tocsin once`."""

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
  - {name: hook, kind: webhook, url: "ADDRESS/hook", backlog_digest: 3}
rules:
  - {name: truce, query: truce}
"""
TITLES = tuple(
    f"Truce between the {what}" for what in ("ferry lines", "bakers of the hill", "two choirs", "chess clubs")
)


@pytest.fixture
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Four truces that the hook did not take."""
    with restored_logs(), town(tmp_path_factory.mktemp("away")) as made:
        made.configure(CONFIGURATION)
        gazette = made.outlets["/gazette"]
        gazette.publish(1, "Ferries run on time", "Nothing else happened.")
        assert made.once() == 0
        made.hook_status = 503
        for number, title in enumerate(TITLES, start=2):
            gazette.publish(number, title, "It holds.")
        assert made.once(hours_later=1) == 0
        yield made


@pytest.fixture
def run(here: Town, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; what it said."""
    return partial(heard, here, capsys)


def posted(here: Town) -> list[list[str]]:
    """The titles in each message that the hook took."""
    return [[alert["title"] for alert in json.loads(body)["alerts"]] for body in here.posts]


def test_while_it_is_away_everything_waits_in_its_own_message(here: Town, run: Run) -> None:
    """And one of them was tried."""
    rows = json.loads(run("outbox", "list", "--json"))
    assert [(row["state"], row["is_together"], row["hold"]) for row in rows] == [("pending", False, "")] * 4
    assert sorted(row["attempts"] for row in rows) == [0, 0, 0, 1]
    assert "hook: open since" in run("status")
    assert here.posts == []


def test_one_round_tells_what_waited_in_two_messages(here: Town, run: Run) -> None:
    """The one that was tried, then all the others, which say so; nothing is left, and the channel is well."""
    here.hook_status = 204
    assert here.once(hours_later=2) == 0
    first, others = posted(here)
    assert sorted([*first, *others]) == sorted(TITLES)
    said = json.loads(here.posts[1])
    assert (said["kind"], said["hold"]) == ("digest", "channel away")
    assert (said["title"], len(others)) == ("3 alerts that came while this channel took none", 3)
    assert run("outbox", "list") == "nothing waits\n"
    assert "hook: open" not in run("status")
    assert here.once(hours_later=3) == 0
    assert len(here.posts) == 2


def test_its_past_says_what_it_waited_for_and_with_whom_it_went(here: Town, run: Run) -> None:
    """By the id of an alert, by that of the message, and by the link."""
    here.hook_status = 204
    assert here.once(hours_later=2) == 0
    message = json.loads(here.posts[1])
    one = message["alerts"][0]
    for said in (run("alerts", "show", one["id"]), run("outbox", "show", message["id"])):
        assert f"delivery {message['id']} to hook: sent at" in said
        assert "had waited while its channel was away until" in said
        assert "attempt 1 at" in said
    assert "with alert" in run("alerts", "show", one["id"])
    assert run("outbox", "show", message["id"]).count(f"delivery {message['id']} to hook") == 3
    assert "1 try, had waited while its channel was away" in run("why", one["link"])
    tried = json.loads(here.posts[0])["alerts"][0]
    said = run("alerts", "show", tried["id"])
    assert "503" in said
    assert "attempt 2 at" in said
    assert "had waited" not in said


def test_sent_again_it_is_the_whole_message_once_more(here: Town, run: Run) -> None:
    """Under its id: it was one message, and stays one."""
    here.hook_status = 204
    assert here.once(hours_later=2) == 0
    message = json.loads(here.posts[1])
    assert "4 deliveries will be sent again" in run("outbox", "replay", "--since", "2d", "--channel", "hook", "--yes")
    assert here.once(hours_later=3) == 0
    again = [json.loads(body) for body in here.posts[2:]]
    assert sorted(len(one["alerts"]) for one in again) == [1, 3]
    assert message["id"] in {one["id"] for one in again}
