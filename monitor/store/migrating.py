"""How a database gets the present schema: numbered files, each applied whole or not at all."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.text.naming import short_name

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations


MIGRATIONS = Path(__file__).with_name("migrations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step of the schema; `number` is the `user_version` it leads to."""

    number: int
    name: str
    sql: str


def read_migrations(folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """The migrations of a folder in order; ValueError where the numbers are not 1, 2, 3 and so on."""
    found = tuple(
        Migration(number=int(path.name[:4]), name=path.stem, sql=path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    )
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"{folder}: the numbers of the migrations must be 1, 2, 3 … without a gap")
    return found


def version_of(connection: sqlite3.Connection) -> int:
    """The number of the last migration that this database has; 0 = none."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def migrate(connection: sqlite3.Connection, migrations: tuple[Migration, ...]) -> None:
    """Bring the database to the last of these migrations; a kill leaves it at one of them, never between."""
    if version_of(connection) >= len(migrations):
        return
    # sqlite-utils takes a tenth of a second to import: only when there is something to migrate.
    from sqlite_utils import Database, Migrations

    connection.create_function("short_name", 1, short_name, deterministic=True)  # SQLite itself cannot hash
    steps = Migrations("tocsin")
    for migration in migrations:
        _add_step(steps, migration)
    steps.apply(Database(connection, execute_plugins=False))


def _add_step(steps: "Migrations", migration: Migration) -> None:
    def step(database: "Database") -> None:
        database.executescript(migration.sql)
        # The version is written in the same transaction as the tables it speaks of.
        database.execute(f"PRAGMA user_version = {migration.number:d}")

    steps(name=migration.name)(step)
