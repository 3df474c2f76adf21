"""Options that many commands share, and the places they resolve to."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from cyclopts import Parameter
from cyclopts.validators import Number

from monitor.config.find import find_configuration, find_state
from monitor.errors import ConfigurationError
from monitor.model.settings import Mistake, Settings
from monitor.ports import ViewStore
from monitor.system.redaction import Redact, redactor

if TYPE_CHECKING:
    from monitor.app.examine import Plan
    from monitor.store.sqlite import SqliteStore


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where configuration and state are. Every command that has to do with them takes both options."""

    config: Annotated[
        Path | None,
        Parameter(name="--config", help="Folder or file; else $TOCSIN_CONFIG, ./config, the XDG and /etc places."),
    ] = None
    state: Annotated[
        Path | None,
        Parameter(name="--state", help="Folder of the database; else $TOCSIN_STATE, $STATE_DIRECTORY, the XDG place."),
    ] = None

    def find_config(self) -> Path:
        """Where the configuration is. Raises ConfigurationError naming the places looked at."""
        found = find_configuration(self.config, os.environ)
        if isinstance(found, Mistake):
            raise ConfigurationError((found.what,))
        return found

    def find_state(self) -> Path:
        """Where the database is, or will be."""
        return find_state(self.state, os.environ)

    def discretion(self) -> Redact:
        """What blots out the secrets of the configuration, so far as one can be read; mistakes in it do not matter."""
        found = find_configuration(self.config, os.environ)
        if isinstance(found, Mistake):
            return redactor(())
        from monitor.config.load import secrets_in

        return redactor(secrets_in(found, os.environ))


ANYWHERE = Places()
Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False, help="Print JSON.")]
Limit = Annotated[int, Parameter(name="--limit", validator=Number(gte=1), help="How many rows at most.")]

Until = Annotated[
    str, Parameter(name="--until", show_default=False, help="A time with its zone: 2026-03-02T08:00+01:00.")
]
Length = Annotated[str, Parameter(name="--for", show_default=False, help="For so long: 2h, 3d.")]

Sure = Annotated[
    bool, Parameter(name="--yes", negative="", show_default=False, help="Do not ask; needed where nobody can answer.")
]

Answer = TypeVar("Answer")


def examined_if_any(places: Places) -> "Plan | None":
    """The configuration, where there is one: a query needs none, but may name its entities.

    Raises ConfigurationError where there is one with mistakes, or none where `--config` says.
    """
    from monitor.app.examine import examined

    if places.config is None and isinstance(find_configuration(None, os.environ), Mistake):
        return None
    return examined(places.find_config(), os.environ)


def settings_as_read(places: Places) -> Settings:
    """The configuration as far as it can be read: a mistake in one rule must not stop work on another thing.

    Raises ConfigurationError.
    """
    from monitor.config.load import load

    loaded = load(places.find_config(), os.environ)
    if loaded.settings is None:
        raise ConfigurationError(tuple(map(str, loaded.mistakes)))
    return loaded.settings


def look(places: Places, ask: Callable[[ViewStore], Coroutine[None, None, Answer]]) -> Answer:
    """Ask the store while a daemon may be at work. Raises StoreMissing where nothing was ever stored."""
    return browse(places, lambda store: ask(store.views))


def browse(places: Places, ask: Callable[["SqliteStore"], Coroutine[None, None, Answer]]) -> Answer:
    """Ask any port of the store, which cannot be written meanwhile. Raises StoreMissing as `look`."""
    return asyncio.run(_with_store(places, ask, read_only=True))


def change(places: Places, do: Callable[["SqliteStore"], Coroutine[None, None, Answer]]) -> Answer:
    """Write to the store while a daemon may be at work. Raises StoreMissing where nothing was ever stored."""
    return asyncio.run(_with_store(places, do, read_only=False))


async def _with_store(
    places: Places, do: Callable[["SqliteStore"], Coroutine[None, None, Answer]], *, read_only: bool
) -> Answer:
    from monitor.store.sqlite import SqliteStore

    store = await SqliteStore.open(places.find_state(), create=False, read_only=read_only)
    try:
        return await do(store)
    finally:
        await store.close()
