"""Stories and alerts told whole; deliveries dropped and sent again."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from functools import partial

import pytest

from tests.cli_logs import restored_logs
from tests.cli_town import Run, Town, heard, town

CONFIGURATION = """\
polling: {every: 15m, allow_private: [127.0.0.0/8]}
outlets:
  - {name: The Harbour Gazette, feeds: [{url: "ADDRESS/gazette"}]}
  - {name: Northern Wire, feeds: [{url: "ADDRESS/wire"}]}
channels:
  - {name: screen, kind: console}
  - {name: hook, kind: webhook, url: "ADDRESS/hook?token=open-sesame"}
rules:
  - {name: truce, query: 'ceasefire OR truce'}
"""
LATER_CHANNEL = '  - {name: ops, kind: webhook, url: "ADDRESS/ops"}\nrules:\n'
CEASEFIRE = ("Ceasefire agreed on the northern border", "After nine days of talks both sides signed at dawn.")


@pytest.fixture
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A ceasefire in both outlets, edited in one; a ferry that nobody wanted; a hook that took nothing."""
    with restored_logs(), town(tmp_path_factory.mktemp("past")) as here:
        here.configure(CONFIGURATION)
        gazette, wire = here.outlets["/gazette"], here.outlets["/wire"]
        gazette.publish(1, "Ferries run on time", "Nothing else happened.")
        assert here.once() == 0
        here.hook_status = 503
        gazette.publish(3, *CEASEFIRE)
        assert here.once(hours_later=1) == 0
        wire.publish(9, *CEASEFIRE)
        gazette.publish(3, "Ceasefire signed on the northern border", CEASEFIRE[1])
        gazette.publish(4, "Truce between the ferry lines", "It holds.")
        assert here.once(hours_later=2) == 0
        yield here


@pytest.fixture
def run(past: Town, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the past; what it said."""
    return partial(heard, past, capsys)


def ids(run: Run) -> dict[str, str]:
    """Title of an alert → its id."""
    return {row["title"]: row["id"] for row in json.loads(run("alerts", "list", "--json"))}


def test_stories_are_listed_newest_first_with_their_counts(run: Run) -> None:
    """Title as it reads now; the id is no row, and the limit counts rows."""
    rows = [line.split("\t") for line in run("stories", "list").splitlines()]
    assert [row[2:] for row in rows] == [
        ["1", "1", "1", "Truce between the ferry lines"],
        ["2", "2", "1", "Ceasefire signed on the northern border"],
        ["1", "1", "0", "Ferries run on time"],
    ]
    assert len({row[1] for row in rows}) == 3
    assert run("stories", "list", "--limit", "1").count("\n") == 1
    assert run("stories", "list", "--outlet", "northern wire").count("\n") == 1
    assert run("stories", "list", "--since", "90m").count("\n") == 3, "the rounds of later are later than now"
    found = json.loads(run("stories", "list", "--json", "--outlet", "Northern Wire"))
    assert set(found[0]) == {"id", "key", "founded_at", "title", "entries", "outlets", "publishers", "alerts"}


def test_a_story_tells_every_sighting_and_what_was_edited(run: Run, past: Town) -> None:
    """By its id, the beginning of it, or the link of any of its entries."""
    name = run("stories", "list").splitlines()[1].split("\t")[1]
    said = run("stories", "show", name[:6])
    assert said == run("stories", "show", f"{past.address}/wire/news/9")
    assert f"story {name}: Ceasefire signed on the northern border" in said
    assert "  same_text: " in said
    assert "title “Ceasefire agreed on the northern border” became “Ceasefire signed on the northern border”" in said
    assert "    rule truce matched: ceasefire" in said
    assert "screen sent, hook pending" in said
    (found,) = json.loads(run("stories", "show", name, "--json"))
    first, second = found["sightings"]
    assert [one["title_before"] for one in first["revisions"]] == [None, CEASEFIRE[0]]
    assert (first["outlets"], second["level"]) == (["The Harbour Gazette"], "same_text")
    assert found["alerts"][0]["deliveries"] == {"screen": "sent", "hook": "pending"}


def test_an_alarm_is_told_as_such_where_a_rule_would_stand(run: Run) -> None:
    said = run("status")
    assert "[truce]" in said
    assert "[alarm]  channel hook: messages do not get through" in said


def test_a_story_that_alerted_nobody_says_where_to_ask(run: Run) -> None:
    """Which rule lacked what is for `why` to tell."""
    name = run("stories", "list").splitlines()[2].split("\t")[1]
    said = run("stories", "show", name)
    assert "baseline" in said
    assert "no alert: see tocsin why LINK" in said


def test_an_alert_tells_what_it_says_why_and_every_attempt(run: Run) -> None:
    """With the reason of each; a secret in the address of a channel or feed is not shown."""
    name = ids(run)[CEASEFIRE[0]]
    said = run("alerts", "show", name[:5].upper())
    assert "*Ceasefire* agreed on the northern border" in said
    assert "rule truce: ceasefire in title" in said
    assert "story " in said
    assert "to screen: sent at " in said
    assert ": sent: printed" in said
    assert "to hook: pending" in said
    assert "  attempt 1 at " in said
    assert "  attempt 2 at " in said
    assert said.count("failed, to be tried again: ") == 2
    found = json.loads(run("alerts", "show", name, "--json"))
    assert [one["channel"] for one in found["deliveries"]] == ["screen", "hook"]
    assert [one["outcome"] for one in found["deliveries"][1]["tries"]] == ["retry", "retry"]
    assert "503" in found["deliveries"][1]["tries"][0]["reason"]
    assert found["deliveries"][1]["tries"][0]["took_ms"] >= 0
    assert found["story"] in run("stories", "list")
    assert "open-sesame" not in said + json.dumps(found)


def test_the_outbox_shows_a_delivery_attempt_by_attempt(run: Run) -> None:
    """Channel by channel."""
    name = ids(run)[CEASEFIRE[0]]
    said = run("outbox", "show", name)
    assert said.startswith("Ceasefire agreed on the northern border (rule truce)\n")
    found = json.loads(run("outbox", "show", name, "--json"))
    assert [(one["channel"], one["is_repeat"], one["is_dropped"]) for one in found] == [
        ("screen", False, False),
        ("hook", False, False),
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("alerts show abc", "abc is too short for an id: give its first 4 characters at least"),
        ("alerts show uuuu", "no alert has an id that begins with uuuu: see tocsin alerts list"),
        ("stories show uuuu", "no story has an id that begins with uuuu: see tocsin stories list"),
        ("outbox show uuuu", "no delivery has an id that begins with uuuu"),
        ("stories show https://nowhere.example/1", "no entry has the link https://nowhere.example/1"),
        ("stories show ftp://x", "no entry has the link ftp://x"),
        ("stories list --outlet Northern-Wyre", "unknown outlet Northern-Wyre: did you mean Northern Wire?"),
        ("stories list --since yesterday", "--since: expected a duration such as 2d or 12h, or a time with its zone"),
        ("outbox drop", "name the public ids to drop, or --channel with --dead or --all"),
        ("outbox drop --all", "name the public ids to drop, or --channel with --dead or --all"),
        ("outbox drop --channel hook", "name the public ids to drop"),
        ("outbox drop --channel hok --all", "unknown channel hok: did you mean hook?"),
        ("outbox drop --channel hook --all", "nobody is here to be asked: add --yes to drop 2 deliveries"),
        ("outbox retry --dead --channel hok", "unknown channel hok: did you mean hook?"),
        ("outbox replay --since 9d", "add --yes to send 2 deliveries again"),
        ("outbox replay --since 9d --channel scren", "unknown channel scren: did you mean screen?"),
        ("outbox replay --since 9d --rule truse", "unknown rule truse: did you mean truce?"),
        ("outbox replay", "--since requires an argument"),
    ],
)
def test_a_slip_is_told_in_one_line(arguments: str, words: str, run: Run) -> None:
    """Exit 64, and nothing was changed."""
    before = run("outbox", "list", "--all")
    said = run(*arguments.split(), code=64)
    assert words in said
    assert said.count("\n") == 1
    assert run("outbox", "list", "--all") == before


def test_a_beginning_that_several_ids_share_says_so(run: Run, past: Town) -> None:
    """And names some of them; a whole id is never ambiguous."""
    import sqlite3

    name = ids(run)[CEASEFIRE[0]]
    connection = sqlite3.connect(past.state / "tocsin.db")
    connection.execute("UPDATE alert SET public_id = ? || printf('%06d', id) WHERE public_id <> ?", (name[:6], name))
    connection.commit()
    connection.close()
    said = run("alerts", "show", name[:5], code=64)
    assert f"{name[:5]} is the beginning of several ids: " in said
    assert name in said
    assert CEASEFIRE[0].removeprefix("Ceasefire") in run("alerts", "show", name)


def test_what_is_dropped_stays_to_be_seen_and_is_not_sent(run: Run, past: Town) -> None:
    """Dead with the reason; the rest of the queue goes out; retry --dead leaves it alone, its name does not."""
    name = ids(run)[CEASEFIRE[0]]
    said = run("outbox", "drop", name, "--yes")
    assert "1 delivery dropped" in said
    assert "hook\tdead" in run("outbox", "list")
    assert "dropped by hand; before: " in run("outbox", "show", name)
    assert "nothing to drop: what was sent cannot be called back" in run(
        "outbox", "drop", name, "--channel", "screen", "--yes"
    )
    assert "dropped before" in run("outbox", "drop", name, "--yes")
    past.hook_status = 204
    assert past.once(hours_later=9) == 0
    assert [b"ferry" in post for post in past.posts] == [True]
    assert run("outbox", "retry", "--dead") == "no delivery is dead\n"
    assert "1 delivery will be tried" in run("outbox", "retry", name[:8], "--channel", "hook")
    assert past.once(hours_later=9) == 0
    assert len(past.posts) == 2


def test_a_channel_can_be_emptied_at_once(run: Run, past: Town) -> None:
    """All that waits for it; nothing else is touched, and nothing is sent later."""
    assert "2 deliveries dropped" in run("outbox", "drop", "--channel", "hook", "--all", "--yes")
    assert "2 left alone: dropped before" in run("outbox", "drop", "--channel", "hook", "--dead", "--yes")
    assert run("outbox", "drop", "--channel", "screen", "--dead", "--yes") == "nothing to drop\n"
    past.hook_status = 204
    assert past.once(hours_later=9) == 0
    assert past.posts == []


def test_a_person_is_asked_before_anything_is_dropped(past: Town, run: Run) -> None:
    """On a terminal; whoever does not say yes has changed nothing."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    for answer, state in ((b"n\n", "pending"), (b"y\n", "dead")):
        ours, theirs = pty.openpty()
        os.write(ours, answer)
        command = [sys.executable, "-m", "monitor", "outbox", "drop", "--channel", "hook", "--all", *past.places]
        done = subprocess.run(
            command, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True, env=environment, check=True
        )
        os.close(theirs)
        assert b"drop 2 deliveries? [y/N]" in os.read(ours, 10_000)
        os.close(ours)
        assert ("nothing was dropped" in done.stdout) == (state == "pending")
        assert run("outbox", "list").count(f"hook\t{state}") == 2


def test_a_replay_sends_again_under_the_same_id_and_says_so(run: Run, past: Town) -> None:
    """A receiver that knows the id takes nothing twice; a reader is told that it was sent before."""
    past.hook_status = 204
    assert past.once(hours_later=9) == 0
    first = {json.loads(post)["id"] for post in past.posts}
    listed = run("outbox", "replay", "--since", "2d", "--channel", "hook", "--dry-run")
    assert [line.split("\t")[1:3] for line in listed.splitlines()] == [["hook", "sent"]] * 2
    assert "2 deliveries will be sent again" in run("outbox", "replay", "--since", "2d", "--channel", "hook", "--yes")
    assert past.once(hours_later=9) == 0
    again = [json.loads(post) for post in past.posts[2:]]
    assert {post["id"] for post in again} == first
    assert all("again: it was sent before" in post["text"] for post in again)
    assert "again:" not in json.loads(past.posts[0])["text"]
    shown = json.loads(run("outbox", "show", next(iter(first)), "--json"))
    assert [one["is_repeat"] for one in shown] == [False, True]
    assert shown[1]["tries"][-1]["outcome"] == "sent"


def test_a_channel_that_was_added_later_can_be_given_the_past(run: Run, past: Town) -> None:
    """Its deliveries are made; those that wait elsewhere are not touched."""
    text = CONFIGURATION.replace("rules:\n", LATER_CHANNEL)
    past.configure(text)
    listed = run("outbox", "replay", "--since", "2d", "--channel", "ops", "--dry-run")
    assert [line.split("\t")[1:3] for line in listed.splitlines()] == [["ops", "never sent"]] * 2
    assert "2 deliveries will be sent again" in run("outbox", "replay", "--since", "2d", "--channel", "ops", "--yes")
    assert run("outbox", "replay", "--since", "2d", "--channel", "ops", "--rule", "truce", "--yes") == (
        "nothing to send again\n"
    )
    assert run("outbox", "list").count("ops\tpending") == 2


def test_a_long_replay_goes_in_parts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a daemon's polls and sends come between; all of it is counted."""
    monkeypatch.setattr("monitor.cli.outbox_desk._BATCH", 1)
    run("outbox", "drop", "--channel", "hook", "--all", "--yes")
    assert "4 deliveries will be sent again" in run("outbox", "replay", "--since", "2d", "--yes")
    waiting = [line for line in run("outbox", "list").splitlines() if "\tpending\t" in line]
    assert len([line for line in waiting if "channel hook:" not in line]) == 4, "its alarm may wait as well"


def test_a_channel_that_is_no_more_gets_nothing_again(run: Run, past: Town) -> None:
    """What would wait for ever is left out, and that is said."""
    past.configure(CONFIGURATION.replace("  - {name: screen, kind: console}\n", ""))
    said = run("outbox", "replay", "--since", "2d", "--yes")
    assert "left out, for there is no such channel any more: screen" in said
    assert "nothing to send again" in said
