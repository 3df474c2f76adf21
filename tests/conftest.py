"""What tests of several modules begin with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.store.sqlite import SqliteStore
from tests.fakes.desks import FakeOffice
from tests.store_values import Office


@pytest.fixture(params=["sqlite", "fake"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """Each store in turn, empty."""
    opened: Office = await SqliteStore.open(tmp_path) if request.param == "sqlite" else FakeOffice()
    yield opened
    await opened.close()
