"""A house is put together, changed by a reload, and taken apart."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.app.examine import examined
from monitor.app.house import furnish, refurnish
from monitor.errors import StoreError
from monitor.model.stories import PollPlan, Question
from tests.fakes.world import SetClock
from tests.plain_values import NOW
from tests.test_app_examine import GOOD, written


async def test_feeds_that_are_new_are_due_at_once(tmp_path: Path) -> None:
    """A single round would end between them if they were not. A daemon spreads them where they are many."""
    house = await furnish(examined(written(tmp_path, GOOD), {}), tmp_path / "state", SetClock(NOW))
    try:
        due = await house.store.polls.due(NOW, 10)
        assert [(feed.url, feed.next_poll_at) for feed in due] == [
            ("https://a.example/f", NOW),
            ("https://b.example/f", NOW),
        ]
    finally:
        await house.close()


async def test_after_a_reload_only_what_is_configured_now_is_watched(tmp_path: Path) -> None:
    """The store stays; feeds that are named no more are not due."""
    house = await furnish(examined(written(tmp_path, GOOD), {}), tmp_path / "state", SetClock(NOW))
    fewer = "\n".join(line for line in GOOD.splitlines() if "Wire" not in line)
    changed = await refurnish(house, examined(written(tmp_path, fewer), {}))
    try:
        assert changed.store is house.store
        due = await changed.store.polls.due(NOW + timedelta(minutes=1), 10)
        assert [feed.url for feed in due] == ["https://a.example/f"]
    finally:
        await changed.close()


async def test_a_shorter_pace_counts_from_the_reload_and_from_the_start_on(tmp_path: Path) -> None:
    """A feed that was to be polled tomorrow is polled in ten minutes; an unchanged one keeps its time."""
    daily = GOOD.replace("every: 10m", "every: 1d").replace('b.example/f"}', 'b.example/f", every: 1d}')
    clock, minute = SetClock(NOW), timedelta(minutes=1)
    house = await furnish(examined(written(tmp_path, daily), {}), tmp_path / "state", clock)
    for feed in await house.store.polls.due(NOW, 10):
        resting = replace(
            feed, last_poll_at=NOW, last_success_at=NOW, baseline_at=NOW, next_poll_at=NOW + timedelta(days=1)
        )
        await house.store.polls.commit(
            Question(feed=feed.id, keys=frozenset(), fingerprints=frozenset(), since=NOW),
            lambda _, resting=resting: PollPlan(feed=resting, at=NOW),  # type: ignore[misc]
        )
    shorter = daily.replace('a.example/f", every: 1d', 'a.example/f", every: 10m')
    house = await refurnish(house, examined(written(tmp_path, shorter), {}))
    due = await house.store.polls.due(NOW + 11 * minute, 10)
    assert [(feed.url, feed.next_poll_at) for feed in due] == [("https://a.example/f", NOW + 11 * minute)]
    await house.close()
    house = await furnish(examined(written(tmp_path, GOOD), {}), tmp_path / "state", clock)
    due = await house.store.polls.due(NOW + 33 * minute, 10)
    assert {feed.url for feed in due} == {"https://a.example/f", "https://b.example/f"}
    await house.close()


async def test_a_house_that_cannot_be_furnished_leaves_no_database_open(tmp_path: Path) -> None:
    """A clock that fails stands for anything that may go wrong on the way."""

    class Broken(SetClock):
        def now(self) -> datetime:
            raise RuntimeError("no time")

    with pytest.raises(RuntimeError, match="no time"):
        await furnish(examined(written(tmp_path, GOOD), {}), tmp_path / "state", Broken(NOW))
    (tmp_path / "state" / "tocsin.db").write_bytes(b"")
    with pytest.raises(StoreError):
        await furnish(examined(written(tmp_path, GOOD), {}), tmp_path / "state", SetClock(NOW))
