"""The adaptive cadence against fixed paces, on small casts: the promise, and the arithmetic that measures it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.benchmarks import cadence, summer_time
from tests.virtual_feeds import DAY, START, VirtualFeed, adaptive, at_the_line, fixed, per_day, quantile, together

MINUTE = timedelta(minutes=1)


def test_adaptive_lies_below_the_line_between_fixed_paces() -> None:
    """As many requests find the news sooner, in the median and for the latest twentieth, and no more scroll out."""
    *kinds, everything = cadence.invented(5, 8)
    told = cadence.told(everything)
    assert told.is_below
    assert quantile(told.ours.delays, 0.5) < 0.6 * quantile(told.same.delays, 0.5)
    assert quantile(told.ours.delays, 0.95) < quantile(told.same.delays, 0.95)
    assert told.ours.missed <= told.paces[5].missed
    assert told.paces[60].missed > 0, "documents of six entries, which an hour of a busy newsroom overflows"
    assert {cast.name for cast in kinds} >= {"newsrooms", "weekly", "dead"}


def test_a_fixed_pace_finds_each_entry_at_the_next_poll() -> None:
    """Late by what is left until then; of more than the document holds the first were never seen."""
    feed = VirtualFeed(name="three", arrivals=(60.0, 240.0, 660.0), window=1)
    watched = fixed(feed, 5 * MINUTE, days=1)
    assert sorted(watched.delays) == [60.0, 240.0]
    assert (watched.missed, per_day(watched)) == (1, 288)


def test_an_adaptive_pace_counts_what_it_finds_and_what_it_misses() -> None:
    """Everything that arrived after the first poll is one or the other."""
    feed = VirtualFeed(name="flood", arrivals=tuple(DAY + number for number in range(100)), window=30)
    watched = adaptive(feed, cadence.PACE, days=2)
    assert (len(watched.delays), watched.missed) == (30, 70)
    assert together([watched, watched]).missed == 140


def test_the_line_runs_through_the_fixed_paces() -> None:
    """Straight between them, and by their product beyond."""
    points = [(288.0, 2.5), (96.0, 7.5), (24.0, 30.0)]
    assert [at_the_line(points, requests) for requests in (288, 96, 60, 24, 12)] == [2.5, 7.5, 18.75, 30.0, 60.0]
    assert at_the_line(points, 576) == 1.25


def test_captured_headlines_are_polled_by_their_moments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The fullest week, every other outlet of it, and one outlet as a whole; absent files are said to be absent."""
    path = tmp_path / "headlines.jsonl"
    stories = [
        {"outlet": f"{name}.example", "seen": START.timestamp() + day * DAY + hour * 3_600}
        for day in range(7)
        for hour in range(8, 20)
        for name in ("coast", "harbour", "wire")
    ]
    stories += [
        {"outlet": "coast.example", "published": (datetime(2026, 4, day, 9, tzinfo=UTC)).isoformat()}
        for day in range(1, 20)
    ]
    path.write_text("".join(f"{json.dumps(story)}\n" for story in stories), encoding="utf-8")
    week, whole = cadence.captured(path, half="even", long=["coast.example"])
    assert [feed.name for feed in week.feeds] == ["coast.example", "wire.example"]
    assert (week.begin, week.days, len(week.feeds[0].arrivals)) == (DAY, 6, 84)
    assert len(whole.feeds[0].arrivals) == 84 + 19
    code = cadence.main([str(path), "--half", "even", "--feeds", "1", "--days", "2"])
    said = capsys.readouterr().out
    assert code in {0, 1}
    assert "week, even half: 144 entries" in said
    assert "adaptive" in said
    assert cadence.main([str(tmp_path / "none.jsonl")]) == 2


def test_a_change_of_the_clocks_moves_what_comes_after_it_and_loses_nothing() -> None:
    """The weeks after it are counted, beside the same entries without it."""
    (_, newsrooms), (_, offices) = summer_time.casts(2, 1)
    for feed in (*newsrooms, *offices):
        earlier = summer_time.changed(feed, -summer_time.HOUR)
        assert len(earlier.arrivals) == len(feed.arrivals)
        assert [at for at in earlier.arrivals if at < 27 * DAY] == [at for at in feed.arrivals if at < 27 * DAY]
        assert earlier.arrivals[-1] == pytest.approx(feed.arrivals[-1] - summer_time.HOUR)
    found = list(summer_time.rows(2, 1))
    assert [(name, week, change) for name, week, change, *_ in found] == [
        (name, "1", change) for name in ("newsrooms", "offices") for change in summer_time.CHANGES
    ]
    assert all(float(mean) < 30 and missed == "0" for *_, mean, missed in found)
