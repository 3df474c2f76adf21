"""What commands tell of a past that really happened: polls on loopback, a baseline, alerts, a hook that fails."""

import json
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from monitor.cli.application import run_command
from tests.cli_logs import restored_logs
from tests.cli_town import Run, Town, heard, town

CONFIGURATION = """\
polling: {every: 15m, allow_private: [127.0.0.0/8]}
outlets:
  - {name: The Harbour Gazette, tags: [coast], language: en, feeds: [{url: "ADDRESS/gazette"}]}
  - {name: Northern Wire, language: en, feeds: [{url: "ADDRESS/wire"}]}
  - {name: The Closed Shop, feeds: [{url: "ADDRESS/nowhere?token=open-sesame"}]}
channels:
  - {name: screen, kind: console}
  - {name: hook, kind: webhook, url: "ADDRESS/hook"}
rules:
  - {name: truce, query: '(ceasefire OR truce OR "peace talks") NOT title:chess'}
  - {name: coastal-truce, query: "truce AND tag:coast"}
"""
CEASEFIRE = ("Ceasefire agreed on the northern border", "After nine days of talks both sides signed at dawn.")

Facts = Callable[..., object]


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Three rounds: a baseline, an hour later news that a hook does not take, then the same news in the other feed."""
    with restored_logs(), town(tmp_path_factory.mktemp("past")) as here:
        here.configure(CONFIGURATION)
        gazette, wire = here.outlets["/gazette"], here.outlets["/wire"]
        gazette.publish(1, "Truce in the herring dispute holds", "It was there before anybody watched.")
        gazette.publish(2, "Ferries run on time", "Nothing else happened.")
        wire.publish(1, "A quiet night", "Nobody called.")
        assert here.once() == 0
        here.hook_status = 503
        gazette.publish(3, *CEASEFIRE)
        gazette.publish(4, "Chess players call a truce", "[red]Boards[/red] were put away.")
        assert here.once(hours_later=1) == 0
        wire.publish(9, *CEASEFIRE)
        wire.publish(10, "Harbour master retires", "After forty years.")
        assert here.once(hours_later=2) == 0
        yield here


@pytest.fixture
def run(past: Town, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the past; what it said."""
    return partial(heard, past, capsys)


@pytest.fixture
def facts(run: Run) -> Facts:
    """Run a command with --json; the value."""
    return lambda *arguments: json.loads(run(*arguments, "--json"))


def test_status_counts_feeds_and_names_those_in_trouble(run: Run) -> None:
    """Trouble comes with its reason and time; what is well is only counted."""
    said = run("status")
    assert said.startswith("daemon: not at work\n")
    assert "feeds: 3, polled at least once: 3, failing: 1" in said
    assert "/nowhere" in said
    assert "404" in said
    assert "known: 7 entries in 6 stories" in said
    assert "hook pending 2" in said
    assert "Ceasefire agreed on the northern border" in said


def test_status_as_json_has_every_feed(facts: Facts) -> None:
    """The keys that `--help` names, and moments as ISO 8601."""
    found = facts("status")
    assert isinstance(found, dict)
    assert set(found) == {
        "daemon",
        "feeds",
        "entries",
        "stories",
        "deliveries",
        "alerts",
        "pauses",
        "mutes",
        "refusing",
        "troubles",
    }
    assert {feed["outcome"] for feed in found["feeds"]} == {"fetched", "failed"}
    assert all(feed["next_poll_at"].endswith("Z") for feed in found["feeds"])
    assert {"channel": "hook", "state": "pending", "count": 2} in found["deliveries"]


@pytest.mark.parametrize("command", [("status",), ("outbox", "list", "--all"), ("why", "https://a.example/")])
def test_no_command_shows_a_token_in_the_address_of_a_feed(run: Run, command: tuple[str, ...]) -> None:
    """Neither as lines nor as JSON."""
    for said in (run(*command), run(*command, "--json")):
        assert "open-sesame" not in said


def test_alerts_are_lines_of_seven_cells_newest_first(run: Run, past: Town) -> None:
    """Plain output is stable: cells parted by tabs, no head, markup as it came."""
    rows = [line.split("\t") for line in run("alerts", "list").splitlines()]
    assert [len(row) for row in rows] == [7, 7, 7]
    alarm = rows.pop(0)
    assert alarm[2] == "-"
    assert alarm[4].startswith("channel hook: messages do not get through")
    assert [row[2] for row in rows] == ["truce", "coastal-truce"] or [row[2] for row in rows] == [
        "coastal-truce",
        "truce",
    ]
    truce = next(row for row in rows if row[2] == "truce")
    assert truce[3:] == [
        "The Harbour Gazette",
        CEASEFIRE[0],
        "screen sent, hook pending",
        f"{past.address}/gazette/news/3",
    ]


def test_the_limit_counts_rows(run: Run, facts: Facts) -> None:
    """`--limit 1` shows one alert, in both forms."""
    assert len(run("alerts", "list", "--limit", "1").splitlines()) == 1
    found = facts("alerts", "list", "--limit", "1")
    assert isinstance(found, list)
    assert len(found) == 1


def test_alerts_as_json_have_evidence_and_deliveries(facts: Facts) -> None:
    """The keys that `--help` names."""
    found = facts("alerts", "list")
    assert isinstance(found, list)
    (truce,) = (one for one in found if one["rule"] == "truce")
    assert truce["deliveries"] == {"screen": "sent", "hook": "pending"}
    assert truce["evidence"][0]["field"] == "title"
    assert truce["evidence"][0]["start"] == 0
    assert set(truce) == {
        *("id", "kind", "at", "rule", "priority", "title", "outlets", "link", "published_at", "is_late"),
        *("follows", "changes", "spread", "evidence", "deliveries"),
    }


def test_the_outbox_lists_what_is_not_done(run: Run, facts: Facts) -> None:
    """What was sent comes with `--all` only; the last error says why a delivery waits."""
    rows = [line.split("\t") for line in run("outbox", "list").splitlines()]
    assert [(row[2], row[3]) for row in rows] == [("hook", "pending")] * 2
    assert {len(row) for row in rows} == {9}
    assert "503" in rows[0][7]
    done = [line.split("\t") for line in run("outbox", "list", "--all").splitlines() if "\tsent\t" in line]
    assert [row[2] for row in done] == ["screen"] * 3
    assert done[2][6].startswith("channel hook: messages do not get through")
    found = facts("outbox", "list")
    assert isinstance(found, list)
    assert [one["attempts"] > 0 for one in found] == [True, False]
    assert "id" in found[0]
    assert found[0]["channel"] == "hook"


def test_why_of_a_link_that_was_never_seen(run: Run, facts: Facts) -> None:
    """Never seen is said, and so is that no alert came of it."""
    said = run("why", "https://elsewhere.example/news")
    assert "never seen" in said
    assert "no alert: it was never seen" in said
    found = facts("why", "https://elsewhere.example/news")
    assert isinstance(found, dict)
    assert found["was_seen"] is False
    assert found["silence"]


def test_why_of_an_entry_of_the_baseline_that_matched(run: Run, past: Town) -> None:
    """No rule was tried on it then; today's are, and it is told to have been there before."""
    said = run("why", f"{past.address}/gazette/news/1")
    assert "baseline:" in said
    assert "rule truce matches; none was tried on it then" in said
    assert "no alert: it stood in a baseline" in said


def test_why_of_an_entry_that_no_rule_wanted(run: Run, facts: Facts, past: Town) -> None:
    """Each rule says what it lacked."""
    said = run("why", f"{past.address}/wire/news/10")
    assert "rule truce does not match: none of" in said
    assert "no alert: no rule matched" in said
    found = facts("why", f"{past.address}/wire/news/10")
    assert isinstance(found, dict)
    (sighting,) = found["sightings"]
    assert {one["rule"] for one in sighting["revisions"][0]["rules_today"]} == {"truce", "coastal-truce"}


def test_why_of_an_alert_tells_its_deliveries(run: Run, facts: Facts, past: Town) -> None:
    """From the words that matched to the last answer of the hook; tracking parameters do not hide a link."""
    said = run("why", f"{past.address}/gazette/news/3?utm_source=letter#top")
    assert "rule truce matched then: ceasefire" in said
    assert "alert " in said
    assert "to screen: sent" in said
    assert "to hook: pending" in said
    assert "next try" not in said, "it waits for the one before it"
    assert "no alert" not in said
    found = facts("why", f"{past.address}/gazette/news/3")
    assert isinstance(found, dict)
    assert [one["rule"] for one in found["alerts"]] == ["truce"]
    assert {one["channel"]: one["state"] for one in found["deliveries"]} == {"screen": "sent", "hook": "pending"}
    assert found["silence"] == ""


def test_why_of_a_match_without_an_alert_names_the_alert_that_was_raised_before(run: Run, past: Town) -> None:
    """The same words in another feed are the same story."""
    said = run("why", f"{past.address}/wire/news/9")
    assert "same_text" in said
    assert "no alert by rule truce here: a rule alerts once for a story, and this one did with alert" in said


def test_why_judges_by_the_tags_of_the_outlet(run: Run, past: Town) -> None:
    """Tags are the configuration's: a rule that asks for one is not told to lack it."""
    said = run("why", f"{past.address}/gazette/news/4")
    assert "rule coastal-truce matched then" in said
    assert "rule truce does not match: excluded by" in said


def test_why_without_a_configuration_leaves_todays_rules_out(
    past: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored is told all the same."""
    monkeypatch.chdir(past.folder.parent)
    monkeypatch.setenv("HOME", str(past.folder))
    assert run_command(["why", f"{past.address}/gazette/news/3", "--state", str(past.state)]) == 0
    said = capsys.readouterr().out
    assert "rule truce matched then" in said
    assert "does not match" not in said


def test_why_with_a_broken_configuration_that_nobody_named_says_so_and_goes_on(
    past: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configuration that was named must be right; one that lies around must not hide the past."""
    broken = past.folder / "elsewhere" / "config"
    broken.mkdir(parents=True, exist_ok=True)
    (broken / "tocsin.yaml").write_text("rules: [{name: r, query: '('}]\n", encoding="utf-8")
    monkeypatch.chdir(broken.parent)
    link = f"{past.address}/gazette/news/3"
    assert run_command(["why", link, "--state", str(past.state)]) == 0
    heard = capsys.readouterr()
    assert "today's rules are left out" in heard.err
    assert "rule truce matched then" in heard.out
    assert run_command(["why", link, "--state", str(past.state), "--config", str(broken)]) == 78


def test_a_rehearsal_says_what_would_be_sent_and_remembers_nothing(
    run: Run, past: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dry run asks the publishers and sends nothing."""
    before = run("alerts", "list"), run("outbox", "list")
    polls, posts = past.outlets["/wire"].polls, len(past.posts)
    past.outlets["/wire"].publish(11, "Truce between the two ferry lines", "It was signed tonight.")
    assert past.once("--dry-run", hours_later=3) == 0
    said = capsys.readouterr().out
    assert (run("alerts", "list"), run("outbox", "list")) == before
    assert "would send to screen: Truce between the two ferry lines" in said
    assert "would raise 1 alerts; nothing was sent or remembered" in said
    assert past.outlets["/wire"].polls > polls
    assert len(past.posts) == posts


def test_retry_makes_a_waiting_delivery_due(past: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Named by its public id it goes out in the next round, whatever its next try was; the others wait in order."""
    assert run_command(["outbox", "list", "--json", *past.places]) == 0
    waiting = json.loads(capsys.readouterr().out)
    past.hook_status = 204
    assert run_command(["outbox", "retry", waiting[0]["id"], *past.places]) == 0
    assert "1 delivery will be tried" in capsys.readouterr().out
    assert past.once() == 0
    assert "sent" in capsys.readouterr().out
    assert any(waiting[0]["id"].encode() in post for post in past.posts)


def test_retry_of_an_id_that_nobody_knows_is_refused(past: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, exit 64, and where to look."""
    assert run_command(["outbox", "retry", "zzzzzzzzzzzz", *past.places]) == 64
    assert capsys.readouterr().err == ("tocsin: no dead or waiting delivery has such an id: see tocsin outbox list\n")


def test_retry_of_the_dead_where_none_is_dead(run: Run) -> None:
    """That is no error."""
    assert run("outbox", "retry", "--dead") == "no delivery is dead\n"


def test_retry_wants_names_or_dead_but_not_both(past: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """What it would do without either is not guessed."""
    assert run_command(["outbox", "retry", *past.places]) == 64
    assert run_command(["outbox", "retry", "x", "--dead", *past.places]) == 64
    assert capsys.readouterr().err.count("name the public ids") == 2


def test_a_rehearsal_before_the_first_round_leaves_no_trace(past: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to copy: every feed would give its baseline."""
    state = past.folder / "never"
    assert run_command(["once", "--dry-run", "--config", str(past.config), "--state", str(state)]) == 0
    assert "dry run: polled 3, would raise 0 alerts" in capsys.readouterr().out
    assert not state.exists()
