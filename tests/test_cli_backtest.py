"""`tocsin rules backtest` on a past that really happened: polls on loopback, then other rules."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor.cli.application import run_command
from monitor.cli.backtest_report import Report, told
from monitor.flow.backtest import Coverage, Period, Trial
from monitor.model.rules import RuleName, RuleSpec
from tests.cli_logs import restored_logs
from tests.cli_town import Town, town
from tests.plain_values import NOW
from tests.test_flow_backtest import compiled

CONFIGURATION = """\
polling: {every: 15m, allow_private: [127.0.0.0/8]}
outlets:
  - {name: The Harbour Gazette, tags: [coast], language: en, feeds: [{url: "ADDRESS/gazette"}]}
  - {name: Northern Wire, language: en, feeds: [{url: "ADDRESS/wire"}]}
channels: [{name: screen, kind: console}]
entities: [{id: ferry-line, type: organisation, name: Northern Ferries}]
rules:
  - {name: truce, query: '(ceasefire OR truce OR "peace talks") NOT title:chess'}
  - {name: coastal-truce, query: "truce AND tag:coast"}
  - {name: nothing, query: zeppelin}
"""
NEW_RULES = """\
rules:
  - {name: truce, query: 'ceasefire OR "herring prices"', channels: [elsewhere]}
  - {name: ferries, query: 'entity:ferry-line'}
  - {name: nothing, query: zeppelin}
"""


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A baseline, and an hour later news in both feeds."""
    with restored_logs(), town(tmp_path_factory.mktemp("past")) as here:
        here.configure(CONFIGURATION)
        gazette, wire = here.outlets["/gazette"], here.outlets["/wire"]
        gazette.publish(1, "Truce in the herring dispute holds", "It was there before anybody watched.")
        wire.publish(1, "A quiet night", "Nobody called.")
        assert here.once() == 0
        gazette.publish(2, "Ceasefire agreed on the northern border", "A [b]truce[/b] was signed at dawn.")
        gazette.publish(3, "Northern Ferries sail again", "Nothing else happened.")
        gazette.publish(4, "Chess players call a truce", "Boards were put away.")
        wire.publish(2, "Ceasefire agreed on the northern border", "A [b]truce[/b] was signed at dawn.")
        wire.publish(3, "Herring prices fall", "After the peace talks of the fishers.")
        assert here.once(hours_later=1) == 0
        (here.folder / "new.yaml").write_text(NEW_RULES, encoding="utf-8")
        yield here


def lines(past: Town, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    capsys.readouterr()
    code = run_command(["rules", "backtest", *arguments, "--since", "2d", "--until", "2999-01-01T00:00Z", *past.places])
    told = capsys.readouterr()
    assert code == 0, told.err
    return told.out.splitlines()


def test_each_rule_is_told_with_its_yield_its_neighbours_and_marked_headlines(
    past: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """Newest headline first; where the title shows no match, the passage that does."""
    told = lines(past, capsys)
    assert told[0].startswith("tried on 5 entries and 0 revisions seen from 2")
    assert told[0].endswith(", and on 2 of baselines")
    at = next(place for place, line in enumerate(told) if line.startswith("truce: "))
    assert told[at].startswith("truce: 3 entries in 2 stories, 2 alerts (")
    assert told[at].endswith("; in baselines 1")
    assert told[at + 1] == "  also alerted on by: coastal-truce 50%"
    # Which of the two outlets had the ceasefire first is chance.
    assert {line.split(": ", 1)[1] for line in told[at + 2 : at + 4]} == {
        "*Ceasefire* agreed on the northern border",
        "Herring prices fall — After the *peace talks* of the fishers.",
    }
    assert "nothing: 0 entries in 0 stories, 0 alerts; in baselines 0" in told


def test_the_named_rules_alone_are_told(past: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """With the neighbours that were not named; no headline where none is wanted."""
    told = lines(past, capsys, "coastal-truce", "--samples", "0")
    assert [line.split(":")[0] for line in told[2:]] == ["coastal-truce", "  also alerted on by"]
    assert lines(past, capsys, "all") == lines(past, capsys)
    assert run_command(["rules", "backtest", "truse", "--since", "2d", *past.places]) == 64
    assert "did you mean truce?" in capsys.readouterr().err


def test_a_query_needs_no_rule(past: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """It may name the entities of the configuration; its mistakes are told with their column."""
    told = lines(past, capsys, "--query", "entity:ferry-line")
    assert told[2].startswith("query: 1 entry in 1 story, 1 alert (")
    assert told[3].endswith("*Northern Ferries* sail again")
    assert run_command(["rules", "backtest", "--query", "truce AND", "--since", "2d", *past.places]) == 64
    assert "--query: column" in capsys.readouterr().err
    assert run_command(["rules", "backtest", "truce", "--query", "a", "--since", "2d", *past.places]) == 64
    assert "or --query" in capsys.readouterr().err


def test_rules_are_held_against_a_file_of_other_rules(past: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """The file need not know outlets, channels and entities; stories gained and lost, rules added and removed."""
    old = past.folder / "new.yaml"
    told = lines(past, capsys, "--against", str(old))
    assert told.count(f"  against {old}: the same stories") == 2  # truce by other words, and nothing
    assert told.count(f"  not in {old}: new") == 1
    assert told[-1] == f"ferries: only in {old}, where it alerts on 1 story"
    assert not any("only in" in line for line in lines(past, capsys, "truce", "--against", str(old)))


def test_both_sides_are_compared_by_the_stories_that_they_tell(
    past: Town, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Against another whole configuration as against a file; as JSON with everything."""
    (tmp_path / "tocsin.yaml").write_text(
        CONFIGURATION.replace("ADDRESS", past.address).replace(' OR "peace talks"', ' OR "ferries sail"'),
        encoding="utf-8",
    )
    told = lines(past, capsys, "truce", "--against", str(tmp_path))
    at = told.index(f"  against {tmp_path}: 1 story gained, 1 lost")
    assert told[at + 1].startswith("    + ")
    assert told[at + 1].endswith("Northern Wire: Herring prices fall — After the *peace talks* of the fishers.")
    assert told[at + 2].startswith("    - ")
    assert told[at + 2].endswith("The Harbour Gazette: Northern *Ferries sail* again")
    facts = json.loads("\n".join(lines(past, capsys, "--against", str(tmp_path), "--json")))
    truce = facts["rules"][0]
    assert (truce["rule"], truce["entries"], truce["stories"], truce["alerts"]) == ("truce", 3, 2, 2)
    assert sum(truce["alerts_by_day"].values()) == 2
    assert truce["overlap"] == [{"rule": "coastal-truce", "share": 0.5}]
    assert (truce["gained"]["stories"], truce["lost"]["stories"]) == (1, 1)
    assert truce["lost"]["samples"][0]["marked"] == "Northern *Ferries sail* again"
    assert (facts["new_rules"], facts["removed_rules"]) == ([], [])
    assert (facts["entries"], facts["baseline"], facts["words_not_kept"]) == (5, 2, 0)


def test_mistakes_of_the_other_side_are_told_at_their_place(
    past: Town, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """In a file of rules, in a whole configuration, and where there is none."""
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules: [{name: truce, query: 'truce AND'}]\n", encoding="utf-8")
    against = ["rules", "backtest", "--since", "2d", *past.places, "--against"]
    assert run_command([*against, str(rules)]) == 78
    assert f"{rules}:1:" in capsys.readouterr().err
    rules.write_text("rules: [{name: truce, query: truce, chanels: [screen]}]\n", encoding="utf-8")
    assert run_command([*against, str(rules)]) == 78
    assert "did you mean channels?" in capsys.readouterr().err
    assert run_command([*against, str(tmp_path / "nowhere")]) == 66
    assert "there is no file" in capsys.readouterr().err
    rules.write_text("channels: []\n", encoding="utf-8")
    assert run_command([*against, str(rules)]) == 78


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--since", "soon"), "--since: expected a duration such as 2d"),
        (("--since", "1d", "--until", "2d"), "--until: it must be later than --since"),
        (("--since", "1d", "--query", "a", "--against", "x"), "a --query has none"),
    ],
)
def test_what_makes_no_sense_is_refused(
    arguments: tuple[str, ...], says: str, past: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line."""
    assert run_command(["rules", "backtest", *arguments, *past.places]) == 64
    assert says in capsys.readouterr().err


def test_a_period_without_anything_says_so(past: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """And the rules found nothing in it."""
    arguments = ("--since", "2001-01-01T00:00Z", "--until", "2001-01-02T00:00Z")
    assert run_command(["rules", "backtest", "truce", *arguments, *past.places]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "nothing is stored from 2001-01-01 00:00:00 UTC to 2001-01-02 00:00:00 UTC"
    assert told[2] == "truce: 0 entries in 0 stories, 0 alerts; in baselines 0"


def test_words_let_go_and_bursts_are_said() -> None:
    """How many entries no rule could be tried on, since when words go, and how many stories came in one message."""
    trial = Trial(compiled(RuleSpec(name=RuleName("truce"), query="truce")), {}, samples=5)
    found = trial.yields[RuleName("truce")]
    found.alerts[date(2026, 3, 1)] = 2
    found.bursts, found.burst_stories = 1, 1250
    day = timedelta(days=1)
    coverage = Coverage(entries=4000, bare=31022, first_at=NOW - 100 * day, last_at=NOW)
    report = Report(
        period=Period(since=NOW - 100 * day, until=NOW),
        coverage=coverage,
        trial=trial,
        comparison=None,
        names=(RuleName("truce"),),
        is_of_all=True,
        against="",
        words_kept=90 * day,
        samples=5,
    )
    assert list(told(report)) == [
        (
            "tried on 4,000 entries and 0 revisions seen from 2025-11-22 12:00:00 UTC to 2026-03-02 12:00:00 UTC, "
            "and on 0 of baselines"
        ),
        "not tried on 31,022 more: older than 90 d: words no longer kept",
        "",
        "truce: 0 entries in 0 stories, 2 alerts (0.0 a day, at most 2 on 2026-03-01); in baselines 0",
        "  bursts: 1, which tell 1,250 stories in one message each",
    ]


def test_without_a_configuration_a_query_is_tried_alone(
    past: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And names of rules mean nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    asked = ["rules", "backtest", "--since", "2d", "--until", "2999-01-01T00:00Z", "--state", str(past.state)]
    assert run_command([*asked, "--query", "truce OR ceasefire"]) == 0
    assert "query: 3 entries in 2 stories, 2 alerts (" in capsys.readouterr().out
    assert run_command([*asked, "truce"]) == 64
    assert "no configuration: give --query QUERY, or --config" in capsys.readouterr().err
