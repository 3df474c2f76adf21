"""The benchmarks of silence count rightly: a steady rhythm gives no alarm, a cut is told; and at what cost."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.benchmarks import listening, silence

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def written(folder: Path) -> Path:
    """An outlet that speaks every three hours for twelve weeks, but for two days of them; and a sample of another."""
    moments = [MONDAY + number * 3 * HOUR for number in range(8 * 84)]
    kept = [moment for moment in moments if not timedelta(days=58) < moment - MONDAY < timedelta(days=60)]
    rows = [{"outlet": "steady.example", "published": moment.isoformat()} for moment in kept]
    rows += [{"outlet": "sample.example", "published": MONDAY.isoformat()}, {"outlet": "none.example"}]
    path = folder / "headlines.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_only_whole_rhythms_are_taken(tmp_path: Path) -> None:
    """A sample says nothing of silence."""
    outlets = silence.read(written(tmp_path))
    assert [name for name, moments in outlets.items() if silence.is_rhythm(moments)] == ["steady.example"]


def test_a_silence_that_ends_by_itself_is_one_false_alarm(tmp_path: Path) -> None:
    """And a cut is told after twelve hours, by a rule of 24 hours after 25."""
    states = silence.polled(silence.read(written(tmp_path))["steady.example"])
    cuts = [MONDAY + timedelta(days=40, hours=hours) for hours in (1, 5)]
    ours = silence.measured(silence.ours, states, cuts)
    assert (ours.alarms, ours.unheard) == (1, 0)
    assert all(12 * HOUR < delay <= 13 * HOUR for delay in ours.delays)
    fixed = silence.measured(silence.fixed(24), states, cuts)
    assert (fixed.alarms, fixed.delays) == (1, (25 * HOUR, 25 * HOUR))
    assert silence.measured(silence.fixed(2000), states, cuts).unheard == 2


def test_it_prints_a_row_for_each_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the outlet above them."""
    silence.main([str(written(tmp_path)), "--cuts", "3"])
    said = capsys.readouterr().out
    assert "steady.example: " in said
    assert [name for name in silence.JUDGES if f"  {name} " in said] == list(silence.JUDGES)


def test_the_cost_of_listening_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a small house; nobody in it is silent."""
    listening.main(["--feeds", "30", "--rules", "5", "--days", "3"])
    said = capsys.readouterr().out
    assert said.startswith("30 feeds, 5 rules: ")
    assert said.rstrip().endswith("; 0 alarms")
