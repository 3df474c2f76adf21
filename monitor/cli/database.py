"""`tocsin db`: the database looked at as a whole, copied, put back, and freed of what is old."""

import asyncio
import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from monitor.cli.options import ANYWHERE, Places
from monitor.cli.output import say
from monitor.cli.progress import working
from monitor.model.upkeep import BackupSettings, Kind, Retention

_MEGABYTE = 1_000_000
_KEPT = BackupSettings().keep
_NOUNS = {Kind.TEXTS: "texts", Kind.ENTRIES: "entries", Kind.ALERTS: "alerts"}

Keep = Annotated[
    int, Parameter(name="--keep", validator=Number(gte=1), help="How many copies in the usual place are kept.")
]
DryRun = Annotated[
    bool, Parameter(name="--dry-run", negative="", show_default=False, help="Count what would go, and keep it.")
]


def check(*, places: Places = ANYWHERE) -> None:
    """Read every page of the database. Raises StoreError."""
    with working("reading the database"):
        path = asyncio.run(_check(places.find_state()))
    say(f"no damage in {path} ({_size(path)})")


def prune(*, places: Places = ANYWHERE, dry_run: DryRun = False) -> None:
    """Let go of what is older than the configuration keeps. Raises ConfigurationError, StoreError."""
    retention = _retention(places)
    with working("looking for what is old" if dry_run else "letting go of what is old"):
        gone = asyncio.run(_prune(places.find_state(), retention, is_dry=dry_run))
    for kind in Kind:
        older = f"{retention.of(kind).days} days"
        say(f"{_NOUNS[kind]}: {gone[kind]} older than {older} {'would go' if dry_run else 'are gone'}")


def backup(
    file: Annotated[
        Path | None, Parameter(help="Where to; else a dated name in the folder backups of the state.")
    ] = None,
    /,
    *,
    places: Places = ANYWHERE,
    keep: Keep = _KEPT,
) -> None:
    """Copy the database while a daemon may be at work. Raises OutputUnwritable, StoreError."""
    from monitor.store.backups import place_for, thin, write_copy
    from monitor.store.opening import DATABASE, open_database

    state = places.find_state()
    source = state / DATABASE
    target = file or place_for(state, datetime.now(UTC))
    with working(f"copying to {target}"), closing(open_database(source, read_only=True)) as connection:
        write_copy(connection, source, target)
    say(f"backup: {target} ({_size(target)}), read back whole")
    if file is None:
        for removed in thin(state, keep):
            say(f"removed: {removed}")


def restore(
    file: Annotated[Path, Parameter(help="A backup, or any whole database of tocsin.")],
    /,
    *,
    places: Places = ANYWHERE,
) -> None:
    """Put a copy in the database's place. Raises AlreadyRunning, InputUnreadable, StoreError."""
    from monitor.store.backups import put_back
    from monitor.system.lock import sole_daemon

    state = places.find_state()
    with sole_daemon(state), working(f"reading {file}"):
        kept = put_back(file, state, datetime.now(UTC))
    say(f"restored: {file} is the database now; what was told since it was made is not told again")
    if kept is not None:
        say(f"kept: the database before is {kept}")


def _retention(places: Places) -> Retention:
    from monitor.app.examine import examined

    return examined(places.find_config(), os.environ).settings.retention


async def _prune(state: Path, retention: Retention, *, is_dry: bool) -> dict[Kind, int]:
    from monitor.flow.upkeep import let_go
    from monitor.store.sqlite import SqliteStore

    store = await SqliteStore.open(state, create=False, read_only=is_dry)
    try:
        gone = await let_go(store.upkeep, retention, datetime.now(UTC), is_dry=is_dry, pause=0.0)
        if not is_dry:
            await store.upkeep.tidy()
        return dict(gone)
    finally:
        await store.close()


async def _check(state: Path) -> Path:
    from monitor.store.sqlite import SqliteStore

    store = await SqliteStore.open(state, read_only=True)
    try:
        await store.upkeep.check()
        return store.path
    finally:
        await store.close()


def _size(path: Path) -> str:
    return f"{path.stat().st_size / _MEGABYTE:.1f} MB"
