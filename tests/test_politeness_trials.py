"""Polling in hard times, on a virtual clock: no names for an hour, names that hang, clocks that are set, sleep."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from tests.benchmarks import politeness
from tests.politeness.record import Exchange
from tests.politeness.trials import EVERY, SHORTEST, Setting, clock_is_set, machine_sleeps, names_are_gone
from tests.virtual_time import run

INTERVAL = EVERY.total_seconds()
LATEST = INTERVAL * 1.1
"""jitter included"""


def test_an_hour_without_names_is_over_within_an_interval() -> None:
    """Sixty names hang all the time; nobody is asked in a rush, and no healthy feed waits for them."""
    with capture_logs():
        outage = run(names_are_gone(healthy=240, hanging=60))
    assert outage.recovered_after <= LATEST
    assert outage.most_a_second <= 10
    assert outage.latest <= 1.0


@pytest.mark.parametrize("hours", [1, -1, -24, 720])
def test_a_clock_that_is_set_changes_nothing_for_anybody(hours: int) -> None:
    """No feed is asked again before its least interval, and none is missed."""
    with capture_logs():
        borne = run(clock_is_set(timedelta(hours=hours), feeds=30))
    assert borne.shortest >= SHORTEST.total_seconds()
    assert borne.longest <= LATEST + 2.0


def test_a_machine_that_slept_asks_everybody_within_an_interval() -> None:
    """And nobody twice."""
    with capture_logs():
        borne: Setting = run(machine_sleeps(timedelta(hours=8), feeds=30))
    assert borne.shortest >= SHORTEST.total_seconds()
    assert borne.longest <= 2 * LATEST


def test_the_benchmark_prints_marks_rates_and_hard_times(capsys: pytest.CaptureFixture[str]) -> None:
    """An afternoon of it, with few feeds."""
    politeness.main(["--days", "0.5", "--siblings", "5", "--healthy", "10"])
    printed = capsys.readouterr().out
    for said in ("of 20 points", "requests for 50 feeds, 1 restarts", "requests to one server: 1 in a second"):
        assert said in printed
    assert len(printed.splitlines()) == 30


def test_the_worst_rate_is_that_of_one_server() -> None:
    """Within any span, wherever it begins."""
    begun = datetime(2026, 3, 2, tzinfo=UTC)
    seen = [
        Exchange(at=begun + timedelta(seconds=seconds), url=f"http://{host}.example/{seconds}", head=b"")
        for seconds, host in ((0, "a"), (1, "b"), (40, "a"), (50, "a"), (99, "a"), (100, "b"))
    ]
    assert politeness.worst(seen, timedelta(minutes=1)) == (3, "http://a.example")
    assert politeness.worst(seen, timedelta(seconds=1)) == (1, "http://a.example")
