"""A house is put together, changed by a reload, and taken apart."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.app.examine import examined
from monitor.app.house import furnish, refurnish
from monitor.errors import StoreError
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
