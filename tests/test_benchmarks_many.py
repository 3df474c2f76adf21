"""The benchmark of very many feeds, with few: its tables stand, and its daemons do what they are measured at."""

from pathlib import Path

import pytest

from tests.benchmarks import many

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="figures of processes come from /proc")


async def test_a_daemon_at_rest_is_measured(tmp_path: Path) -> None:
    """It starts twice, idles, reloads and answers."""
    one = await many.rest(tmp_path / "rest", 30, 0.2)
    assert one.first > 0
    assert one.second > 0
    assert one.reload > 0
    assert one.usage.pss_mb > 0


async def test_a_daemon_at_work_asks_each_feed_once_an_interval(tmp_path: Path) -> None:
    """Conditionally, so that most answers are 304."""
    done = await many.work(tmp_path / "work", 40, 6.0, 4)
    assert 30 <= done.polls <= 90  # ten a second are due, at once where the start took long
    assert 1 <= done.news < done.polls / 4
    assert done.cpu_seconds > 0


async def test_what_the_scheduler_asks_of_the_store_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In milliseconds, a line for each number of feeds."""
    await many.print_store(tmp_path, 400)
    assert capsys.readouterr().out.startswith("    400 feeds in the store: a beat ")
