"""`tocsin why --outlet` and `--rule`, over polls on loopback, and the words for every verdict."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine

from monitor.app.silence import Standing, Stillness
from monitor.cadence.interval import Pace
from monitor.cli.silence_words import Account, facts_of, lines_of
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.polls import FeedState, Pause, PauseKind
from monitor.model.rhythm import Floors, Moving, Rhythm
from monitor.model.troubles import Cause, Trouble
from monitor.model.views import FeedRow
from monitor.rules.ruleset import Ruleset
from monitor.system.redaction import redactor
from tests.cli_logs import restored_logs
from tests.cli_town import Run, Town, heard, town
from tests.plain_values import feed_state

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL = "https://harbour.example/rss"
CONFIGURATION = """\
polling: {every: 15m, allow_private: [127.0.0.0/8]}
outlets:
  - {name: The Harbour Gazette, tags: [coast], feeds: [{url: "ADDRESS/gazette"}, {url: "ADDRESS/nowhere?token=sesame"}]}
  - {name: Northern Wire, feeds: [{url: "ADDRESS/wire"}]}
channels: [{name: screen, kind: console}]
rules:
  - {name: truce, query: truce}
  - {name: coastal, query: storm, tags: [coast]}
"""


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A baseline, and an hour later one match in one outlet."""
    with restored_logs(), town(tmp_path_factory.mktemp("silence")) as here:
        here.configure(CONFIGURATION)
        here.outlets["/gazette"].publish(1, "Ferries run on time", "Nothing else happened.")
        here.outlets["/wire"].publish(1, "A quiet night", "Nobody called.")
        assert here.once() == 0
        here.outlets["/wire"].publish(2, "Truce on the pier", "It was signed.")
        assert here.once(hours_later=1) == 0
        yield here


@pytest.fixture
def run(past: Town, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command two hours after it began; what it said."""
    with time_machine.travel(datetime.now(UTC) + 2 * HOUR, tick=True):
        yield partial(heard, past, capsys)


@pytest.fixture
def facts(run: Run) -> Callable[..., dict[str, object]]:
    return lambda *arguments: json.loads(run(*arguments, "--json"))


def test_why_of_an_outlet_says_what_its_silence_is_worth_and_how_each_feed_fares(run: Run, past: Town) -> None:
    """Whatever the case of its name; the address of a feed will do as well."""
    said = run("why", "--outlet", "northern wire").splitlines()
    assert said[0].startswith("Northern Wire: its silence is not judged: not all of its feeds have been watched for ")
    assert said[1].startswith("  last: brought something new at ")
    assert said[2] == "  alarm: none, as it stands"
    assert said[3] == "  listening: nobody does at this moment, for no daemon is at work"
    assert said[-1].startswith(f"    {past.address}/wire: well; polled at ")
    assert run("why", "--outlet", f"{past.address}/wire").splitlines()[0] == said[0]


def test_why_of_a_rule_names_the_feeds_that_keep_it_from_matching(
    run: Run, facts: Callable[..., dict[str, object]]
) -> None:
    """Of those that it looks at; no token is shown."""
    said = run("why", "--rule", "coastal")
    assert said.startswith("rule coastal: its silence is not judged: nothing has matched it yet as it stands now")
    assert "  looks at: The Harbour Gazette; it looks at 2 feeds, 1 of them not as it should be\n" in said
    assert "has failed since" in said
    assert "sesame" not in said
    found = facts("why", "--rule", "coastal")
    assert (found["rule"], found["standing"], found["last_at"]) == ("coastal", "unjudged", None)
    assert "sesame" not in json.dumps(found)


def test_why_of_a_rule_says_when_it_matched_last(run: Run) -> None:
    """And where."""
    said = run("why", "--rule", "truce")
    assert "  last: matched at " in said
    assert "  used to match in: Northern Wire; it looks at 3 feeds, 1 of them not as it should be\n" in said


def test_why_of_a_link_that_nobody_has_seen_says_whether_its_outlet_was_heard(
    run: Run, facts: Callable[..., dict[str, object]], past: Town
) -> None:
    """It may not have been published, or not have been read."""
    link = f"{past.address}/wire/news/99"
    said = run("why", link)
    assert "never seen" in said
    assert "an outlet of that site is watched: The Harbour Gazette: its silence is " in said
    assert "an outlet of that site is watched: Northern Wire: its silence is " in said
    outlets = facts("why", link)["outlets"]
    assert isinstance(outlets, list)
    assert [one["outlet"] for one in outlets] == ["The Harbour Gazette", "Northern Wire"]
    assert facts("why", f"{past.address}/wire/news/2")["outlets"] == []
    assert "an outlet of that site" not in run("why", "https://elsewhere.example/1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rule", "truse"), "unknown rule truse: did you mean truce?"),
        (("--outlet", "Norther Wire"), "unknown outlet or feed Norther Wire: did you mean Northern Wire?"),
        (
            ("--outlet", "Northern Wire", "--rule", "truce"),
            "give one of these: the link of a story, --rule NAME, or --outlet NAME",
        ),
        ((), "give one of these: the link of a story, --rule NAME, or --outlet NAME"),
    ],
)
def test_what_is_asked_for_must_exist_and_be_one_thing(run: Run, arguments: tuple[str, ...], said: str) -> None:
    """The nearest name is offered."""
    assert run("why", *arguments, code=64) == f"tocsin: {said}\n"


def state(**changes: object) -> FeedState:
    return replace(
        feed_state(),
        url=URL,
        baseline_at=NOW - 30 * DAY,
        last_poll_at=NOW - HOUR,
        last_success_at=NOW - HOUR,
        next_poll_at=NOW + HOUR,
        next_reason="every 2 h",
        last_outcome="fetched",
        **changes,  # type: ignore[arg-type]  # the fields of a case
    )


def account(
    kind: str = "outlet", *, is_at_work: bool = True, rows: tuple[FeedRow, ...] = (), **known: object
) -> Account:
    still = Stillness(standing=Standing.USUAL, reason="so it is", last_at=NOW - 5 * HOUR, rows=rows)
    pace = Pace(every=timedelta(minutes=15), shortest=timedelta(minutes=5), longest=DAY)
    feeds = {URL: FeedWatch(url=URL, outlets=("The Harbour",), tags=(), language="", pace=pace)}
    return Account(
        kind=kind,
        name="The Harbour" if kind == "outlet" else "truce",
        still=replace(still, **known),  # type: ignore[arg-type]  # the fields of a case
        watch=Watch(feeds=feeds, ruleset=Ruleset(), channels=()),
        is_at_work=is_at_work,
        now=NOW,
        redact=redactor(("sesame",)),
    )


def row(**changes: object) -> FeedRow:
    return FeedRow(state=state(**changes), outlets=("The Harbour",))


def test_a_usual_silence_says_from_when_on_it_is_told() -> None:
    """And that somebody listened."""
    one = account(rows=(row(),), usual=14 * HOUR, alarm_at=NOW + 23 * HOUR)
    assert list(lines_of(one)) == [
        "The Harbour: its silence is usual: so it is",
        "  last: brought something new at 2026-03-05 07:00:00 UTC, 5 h ago",
        "  usual: 14 h at the longest",
        "  alarm: at 2026-03-06 11:00:00 UTC at the earliest, unless it brings something new",
        "  listening: all the time since then",
        f"    {URL}: well; polled at 2026-03-05 11:00:00 UTC, next at 2026-03-05 13:00:00 UTC (every 2 h)",
    ]


TOLD = Trouble(cause=Cause.SILENT, subject="The Harbour", about="The Harbour", since=NOW - DAY, told_at=NOW - HOUR)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (account(told=TOLD), "  alarm: raised at 2026-03-05 11:00:00 UTC; it is over when it brings something new"),
        (account("rule", alarm_at=NOW), "  alarm: within the hour, at the daemon's next look"),
        (account("rule", alarm_at=NOW + DAY), "  alarm: at 2026-03-06 12:00:00 UTC at the earliest, unless it matches"),
        (
            account(alarm_at=NOW, is_at_work=False),
            "  alarm: once a daemon is at work: it has to listen as long as that ",
        ),
        (account("rule", standing=Standing.EXPLAINED), "  alarm: on these outlets, not on the rule"),
        (account(), "  alarm: none, as it stands"),
        (
            account(unheard=3 * DAY),
            "  listening: not for 3 days of that time: no daemon was at work, or most feeds failed",
        ),
        (account(is_at_work=False), "  listening: nobody does at this moment, for no daemon is at work"),
        (
            account(is_at_work=False, unheard=DAY),
            "  listening: nobody does at this moment, for no daemon is at work; not ",
        ),
        (account(last_at=None), "  last: nothing new since the first poll"),
        (account("rule", last_at=None), "  last: no match is stored of it"),
        (account("rule", usual=15 * HOUR), "  usual: 15 h between two matches at the longest"),
        (account("rule", outlets=("A",), rows=(row(),)), "  used to match in: A; it looks at 1 feed, all of them well"),
    ],
)
def test_what_is_known_of_a_silence_is_a_line_each(one: Account, expected: str) -> None:
    """In words that a stranger understands."""
    assert [line for line in lines_of(one) if line.startswith(expected)]


PAUSE = Pause(kind=PauseKind.FEED, subject=URL, at=NOW - DAY, by="ann")


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (row(is_gone=True), "gone (410), not polled any more"),
        (
            row(failures=3, failing_since=NOW - DAY, last_error="no sesame"),
            "has failed since 2026-03-04 12:00:00 UTC: no ***",
        ),
        (replace(row(), pauses=(PAUSE,)), "paused since 2026-03-04 12:00:00 UTC by ann, until it is resumed"),
        (row(empty_since=NOW - DAY), "answers without any entries since 2026-03-04 12:00:00 UTC"),
        (
            row(rhythm=Rhythm(floors=Floors(document=10 * HOUR))),
            "polled every 10 h only, for its publisher asks for that (ttl or updatePeriod of the feed)",
        ),
        (row(rhythm=Rhythm(floors=Floors(document=timedelta(minutes=5)))), ""),
        (
            replace(row(), held_until=NOW + HOUR),
            "its server asked that nothing is asked before 2026-03-05 13:00:00 UTC",
        ),
        (
            row(rhythm=Rhythm(missed_at=NOW - DAY)),
            "entries may have come and gone unseen before 2026-03-04 12:00:00 UTC",
        ),
        (row(rhythm=Rhythm(missed_at=NOW - 8 * DAY)), ""),
        (row(moving=Moving(unmodified_since=NOW - DAY)), "says that nothing has changed since 2026-03-04 12:00:00 UTC"),
        (row(moving=Moving(unmodified_since=NOW - HOUR)), ""),
        (
            row(moving=Moving(adopted="https://new.example/rss?key=sesame")),
            "moved for good, is read at https://new.example/rss?key=***",
        ),
        (replace(row(), state=replace(state(), baseline_at=None, last_poll_at=None)), "was not read yet"),
    ],
)
def test_what_keeps_news_of_a_feed_from_being_heard_is_said(one: FeedRow, expected: str) -> None:
    """Of a rule's feeds as well as of an outlet's; what is well is well."""
    feeds = facts_of(account(rows=(one,)))["feeds"]
    assert isinstance(feeds, list)
    assert feeds[0]["remarks"] == ([expected] if expected else [])
    *_, line = lines_of(account(rows=(one,)))
    assert line.startswith(f"    {URL}: {expected or 'well'}; ")
    *_, line = lines_of(account("rule", rows=(one,)))
    assert line == (f"    The Harbour ({URL}): {expected}" if expected else line)


def test_a_ttl_that_is_not_heeded_keeps_nothing_from_being_heard() -> None:
    """Nobody is sent after it."""
    one = account(rows=(row(rhythm=Rhythm(floors=Floors(document=10 * HOUR))),))
    feeds = {url: replace(feed, pace=replace(feed.pace, heeds_ttl=False)) for url, feed in one.watch.feeds.items()}
    *_, line = lines_of(replace(one, watch=replace(one.watch, feeds=feeds)))
    assert line.startswith(f"    {URL}: well; ")


def test_of_very_many_feeds_only_the_first_are_told() -> None:
    """And where the rest stands."""
    lines = list(lines_of(account("rule", rows=(row(is_gone=True),) * 50, outlets=tuple(map(str, range(30))))))
    assert lines[-1] == "    and 30 more: tocsin outlets list shows every feed"
    assert (
        "  used to match in: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 20 more; it looks at 50 feeds, 50 of them not "
        in "\n".join(lines)
    )
