"""The last alerts as feeds, for any reader or web server: `alerts.atom` and `alerts.json` in a folder.

Both are written beside and then put in place (rename), so whoever reads them sees the old or the new one, never half.
The JSON Feed is the memory as well: what stood in it is read back, so a restart forgets nothing. An alert is one entry
for ever, known by its id; one that is sent again replaces itself.
"""

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitor.channels.addresses import web_address
from monitor.channels.disk import Disk, absolute_path, keep_folder, write_all
from monitor.channels.feed_words import About, Entry, atom, entries_of, json_feed, read_back
from monitor.channels.options import OptionMistake, OptionReader
from monitor.model.alerts import Rendered, SendFailed, Sent
from monitor.model.settings import ChannelSpec

ATOM, JSON = "alerts.atom", "alerts.json"
_OPTIONS = ("folder", "items", "title", "url")
_ITEMS, _MOST_ITEMS = 50, 1000
_LARGEST = 50_000_000
"""bytes of a file that is read back"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where feeds stand, and how many alerts they hold."""

    folder: Path
    about: About
    items: int = _ITEMS


def build_feed(spec: ChannelSpec) -> "FeedFiles | tuple[OptionMistake, ...]":
    """Feeds of the options `folder`, `items`, `title` and `url`, or all that is wrong with them. Opens nothing."""
    reader = OptionReader(spec.options, known=_OPTIONS)
    folder = absolute_path(reader, "folder")
    items = reader.number("items", _ITEMS, least=1, most=_MOST_ITEMS)
    title = reader.text("title") or f"tocsin: {spec.name}"
    url = web_address(reader, "url") if "url" in spec.options else ""
    about = About(name=spec.name, title=title, url=url.rstrip("/"), atom=ATOM, json=JSON)
    return reader.mistakes or FeedFiles(Shelf(folder=folder, about=about, items=items))


class FeedFiles:
    """Puts each message's alerts in front, and lets go of the oldest."""

    def __init__(self, shelf: Shelf, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`now` dates messages without alerts."""
        self._shelf = shelf
        self._now = now
        self._disk = Disk()

    async def send(self, message: Rendered) -> Sent | SendFailed:
        """Have both files written and on the disk."""
        new = entries_of(message, self._now())
        return await self._disk.told(self._shelf.folder, lambda: self._add(new))

    async def close(self) -> None:
        """Nothing stays open between messages."""

    def _add(self, new: tuple[Entry, ...]) -> str:
        shelf = self._shelf
        handle = os.open(shelf.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)  # `channels test` may write while the daemon does
            before = self._before()
            names = {entry.id for entry in new}
            kept = (*new, *(entry for entry in before or () if entry.id not in names))[: shelf.items]
            # Atom first: were we killed between the two, the JSON Feed would not have it, and it would come again.
            _put(shelf.folder / ATOM, atom(shelf.about, kept))
            _put(shelf.folder / JSON, json_feed(shelf.about, kept))
            keep_folder(shelf.folder)
        finally:
            os.close(handle)
        return "written" if before is not None else f"written; {JSON} could not be read, so the feed begins anew"

    def _before(self) -> tuple[Entry, ...] | None:
        try:
            with (self._shelf.folder / JSON).open("rb") as file:
                return read_back(file.read(_LARGEST))
        except FileNotFoundError:
            return ()


def _put(path: Path, data: bytes) -> None:
    """Put a file in its place, whole; a web server may read it, whatever the umask."""
    beside = path.with_name(f".{path.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        os.fchmod(handle, 0o644)
        write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    beside.replace(path)
