"""`tocsin db check`: the database looked at as a whole."""

import asyncio
from pathlib import Path

from monitor.cli.options import ANYWHERE, Places
from monitor.cli.output import say
from monitor.cli.progress import working

_MEGABYTE = 1_000_000


def check(*, places: Places = ANYWHERE) -> None:
    """Read every page of the database. Raises StoreError."""
    with working("reading the database"):
        path = asyncio.run(_check(places.find_state()))
    say(f"no damage in {path} ({path.stat().st_size / _MEGABYTE:.1f} MB)")


async def _check(state: Path) -> Path:
    from monitor.store.sqlite import SqliteStore

    store = await SqliteStore.open(state, read_only=True)
    try:
        await store.check()
        return store.path
    finally:
        await store.close()
