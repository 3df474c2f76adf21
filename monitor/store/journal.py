"""What was told, on record outside the database, so that a restored backup does not tell it again.

An alert that was sent after a backup was made is not in that backup. Its public id would be the same, but receivers
such as a mailbox or a chat do not compare ids. So every send that a channel took is a line in a file of its month
beside the database: when (in microseconds), public id, channel, parted by tabs. The record is per channel, because an
alert may have reached one channel and not yet another.

What it cannot know: a story is named by the entry that founded it, and if another outlet's entry of the same story is
polled first after the restore, the name is another and the story is told once more.

Lines are written after the outbox is marked and are not synced: one that a power cut swallows costs a repeat, and only
if an older backup is restored as well. At every start the last line is compared with the database; one that is not
known there says that the database is older than the record, whoever put it in place, and the whole record is read.
"""

import os
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from monitor.store.failures import told_as_store_errors
from monitor.store.moments import to_micros

Line = tuple[int, str, str]
"""at, public id, channel"""

_MOST_DIGITS = 18  # of a moment: what has more is no moment, and too large for a column
_NAME = re.compile(r"told-\d{4}-\d{2}\.log")


class Journal:
    """The record of one state directory."""

    def __init__(self, folder: Path) -> None:
        """Nothing is opened yet."""
        self._folder = folder

    def note(self, told: Iterable[tuple[datetime, str, str]]) -> None:
        """Add sends that a channel took: when, public id, channel. Raises StoreError."""
        by_file: dict[Path, str] = {}
        for at, public_id, channel in told:
            file = self._folder / f"told-{at:%Y-%m}.log"
            by_file[file] = by_file.get(file, "") + f"{to_micros(at)}\t{public_id}\t{channel}\n"
        for file, lines in by_file.items():
            with told_as_store_errors(file):
                descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
                try:
                    size = os.fstat(descriptor).st_size
                    # Half a line that a full disk left must not run into the next.
                    end = "\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else ""
                    os.write(descriptor, (end + lines).encode("utf-8", "surrogatepass"))
                finally:
                    os.close(descriptor)

    def last(self) -> Line | None:
        """The last line that is whole."""
        for file in reversed(self._files()):
            found = tuple(_lines(file))
            if found:
                return found[-1]
        return None

    def lines(self) -> Iterator[Line]:
        """Every whole line, the oldest file first; a line that a full disk or a crash cut short is passed over."""
        for file in self._files():
            yield from _lines(file)

    def forget(self, before: datetime) -> None:
        """Remove files of months that were over at this moment. Raises StoreError."""
        for file in self._files():
            if file.name < f"told-{before:%Y-%m}.log":
                with told_as_store_errors(file):
                    file.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return sorted(file for file in self._folder.glob("told-*.log") if _NAME.fullmatch(file.name))


def _lines(file: Path) -> Iterator[Line]:
    with told_as_store_errors(file):
        text = file.read_text(encoding="utf-8", errors="surrogatepass")
    for line in text.splitlines(keepends=True):
        at, _, rest = line.partition("\t")
        public_id, _, channel = rest.partition("\t")
        if line.endswith("\n") and at.isdigit() and len(at) < _MOST_DIGITS and public_id and channel.strip():
            yield int(at), public_id, channel.removesuffix("\n")
