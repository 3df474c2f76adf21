"""The one error tree. Expected failures of feeds and channels are values (`model.polls`, `model.delivery`), not these.

TocsinError
├── ConfigurationError   the configuration cannot be used; exit 78
├── UsageError           a command was called with arguments that make no sense; exit 64
├── InputUnreadable      a file that was named cannot be read; exit 66
├── OutputUnwritable     a file cannot be created; exit 73
├── AlreadyRunning       another daemon holds the state directory; exit 75
└── StoreError
    ├── StoreDamaged     the database is corrupt, emptied or not ours; exit 65
    ├── StoreTooNew      the database was written by a newer tocsin; exit 65
    ├── StoreMissing     a database is needed and there is none; exit 69
    ├── StoreUnwritable  the state directory or the database cannot be written; exit 73
    └── StoreBusy        the database stayed locked, or the disk is full: try again later; exit 75
"""

from typing import ClassVar


class TocsinError(Exception):
    """Something an operator can mend; its text is one line that says what to do."""

    exit_code: ClassVar[int] = 70


class ConfigurationError(TocsinError):
    """The configuration cannot be used. `mistakes` holds one line per mistake, all of them."""

    exit_code = 78

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        """Keep every mistake, and join them for a plain `str()`."""
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class UsageError(TocsinError):
    """A command was called with arguments that make no sense."""

    exit_code = 64


class InputUnreadable(TocsinError):
    """A file that was named cannot be read."""

    exit_code = 66


class OutputUnwritable(TocsinError):
    """A file cannot be created."""

    exit_code = 73


class AlreadyRunning(TocsinError):
    """Another daemon holds the state directory."""

    exit_code = 75


class StoreError(TocsinError):
    """The database cannot serve."""

    exit_code = 65


class StoreDamaged(StoreError):
    """The database is corrupt, was emptied, or is not tocsin's. The file is kept as it is."""


class StoreTooNew(StoreError):
    """The database was written by a newer tocsin."""


class StoreMissing(StoreError):
    """A database is needed and there is none."""

    exit_code = 69


class StoreUnwritable(StoreError):
    """The state directory or the database cannot be written."""

    exit_code = 73


class StoreBusy(StoreError):
    """The database stayed locked or the disk is full; what was asked is undone and may be tried again."""

    exit_code = 75
