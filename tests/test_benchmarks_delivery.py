"""The benchmark of delivery, in small: what it counts was really sent."""

import pytest

from tests.benchmarks import carrying
from tests.benchmarks.delivery import KINDS, Figures, main, measured, shortfalls, sinks


async def test_a_few_alerts_are_measured_through_kinds_that_start_nothing() -> None:
    """All arrive, and the figures are of what was done."""
    figures = await measured(["console", "file", "feed", "telegram", "email"], 5)
    assert [one.kind for one in figures] == ["console", "file", "feed", "telegram", "email"]
    for one in figures:
        assert (one.alerts, one.failed, one.processes) == (5, 0, 1)
        assert one.seconds > 0
        assert one.per_second == pytest.approx(5 / one.seconds)
        assert one.rss_mb >= one.before_mb - 1


def test_every_kind_that_is_built_in_is_measured() -> None:
    """A new one must not be forgotten."""
    from monitor.channels.kinds import KINDS as BUILT_IN

    assert set(KINDS) == set(BUILT_IN)


def test_the_figures_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """A line a kind; nothing was missed."""
    assert main(["--alerts", "2", "--kinds", "file"]) == 0
    head, line = capsys.readouterr().out.splitlines()
    assert head.startswith("kind")
    assert line.startswith("file ")
    assert len(line.split()) == 7


def test_what_was_missed_is_told() -> None:
    """A send that failed, and Apprise below its target."""
    slow = Figures(
        kind="apprise", alerts=100, failed=3, seconds=1.0, cpu_seconds=0.2, before_mb=30, rss_mb=90, processes=2
    )
    assert shortfalls([slow]) == [
        "apprise: 3 of 100 were not sent",
        "apprise: 100 alerts a second are fewer than 300",
    ]


async def test_what_the_whole_daemon_sends_is_counted() -> None:
    """All of the news, none of the baseline, and the last mark was written later than the first."""
    async with sinks() as (http, smtp):
        outcome = await carrying.measured("telegram", 4, http, smtp)
    assert (outcome.kind, outcome.alerts, outcome.sent) == ("telegram", 4, 4)
    assert outcome.seconds > 0
    assert outcome.cpu_seconds > 0
    assert outcome.processes >= 1
