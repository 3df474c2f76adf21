"""Options that many commands share, and the places they resolve to."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, TypeVar

from cyclopts import Parameter

from monitor.config.find import find_configuration, find_state
from monitor.errors import ConfigurationError
from monitor.model.settings import Mistake
from monitor.ports import ViewStore

Config = Annotated[
    Path | None,
    Parameter(name="--config", help="Folder or file; else $TOCSIN_CONFIG, ./config, the XDG and /etc places."),
]
State = Annotated[
    Path | None,
    Parameter(name="--state", help="Folder of the database; else $TOCSIN_STATE, $STATE_DIRECTORY, the XDG place."),
]
Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]
Limit = Annotated[int, Parameter(name="--limit", help="How many rows at most.")]

Answer = TypeVar("Answer")


def config_path(given: Path | None) -> Path:
    """Where the configuration is. Raises ConfigurationError naming the places looked at."""
    found = find_configuration(given, os.environ)
    if isinstance(found, Mistake):
        raise ConfigurationError((str(found),))
    return found


def state_path(given: Path | None) -> Path:
    """Where the database is."""
    return find_state(given, os.environ)


def look(state: Path | None, ask: Callable[[ViewStore], Coroutine[None, None, Answer]]) -> Answer:
    """Ask the store while a daemon may be at work. Raises StoreMissing where nothing was ever stored."""
    from monitor.store.sqlite import SqliteStore

    async def asked() -> Answer:
        store = await SqliteStore.open(state_path(state), read_only=True)
        try:
            return await ask(store.views)
        finally:
            await store.close()

    return asyncio.run(asked())
