"""Alerts as lines of JSON in a file (jsonlines.org), one message a line, in the shape that webhooks get.

A line is on the disk (fsync) before it counts as sent, so power cuts lose none; a repeat has the same `id`. A line that
could not be written whole is taken back, one that a power cut left half is removed before the next is written. Several
processes may write to one file (the daemon and `channels test`): each locks it.
"""

import fcntl
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from monitor.channels.disk import Disk, absolute_path, keep_folder, write_all
from monitor.channels.options import OptionMistake, OptionReader
from monitor.channels.payload import encode
from monitor.model.alerts import Rendered, SendFailed, Sent
from monitor.model.settings import ChannelSpec

_OPTIONS = ("path", "size", "keep")
_SIZE, _LEAST_SIZE, _MOST_SIZE = 10_000_000, 10_000, 10_000_000_000
_KEEP, _MOST_KEPT = 5, 1000
_OURS = b'{"id":'
_BLOCK = 65_536
_TRIES = 5


def build_file(spec: ChannelSpec) -> "LinesFile | tuple[OptionMistake, ...]":
    """A file of the options `path`, `size` and `keep`, or all that is wrong with them. Opens nothing."""
    reader = OptionReader(spec.options, known=_OPTIONS)
    path = absolute_path(reader, "path")
    size = reader.size("size", _SIZE, least=_LEAST_SIZE, most=_MOST_SIZE)
    keep = reader.number("keep", _KEEP, least=1, most=_MOST_KEPT)
    return reader.mistakes or LinesFile(path, size=size, keep=keep)


class LinesFile:
    """Appends each message, and begins a new file where the present one would grow too large."""

    def __init__(
        self,
        path: Path,
        *,
        size: int = _SIZE,
        keep: int = _KEEP,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`keep` older files are kept, as PATH.1 (the last one) and so on; `now` dates the lines."""
        self._path = path
        self._size = size
        self._keep = keep
        self._now = now
        self._disk = Disk()

    async def send(self, message: Rendered) -> Sent | SendFailed:
        """Append it whole, or not at all."""
        line = encode(message, self._now()) + b"\n"
        return await self._disk.told(self._path, lambda: self._append(line))

    async def close(self) -> None:
        """Nothing stays open between messages."""

    def _append(self, line: bytes) -> str:
        for _ in range(_TRIES):
            handle = self._opened()
            try:
                if not self._is_in_place(handle):
                    continue  # another process has turned the file meanwhile
                whole = _without_half_a_line(handle)
                if whole and whole + len(line) > self._size:
                    self._turn()
                    continue
                _written(handle, whole, line)
                if not whole:
                    keep_folder(self._path.parent)
            finally:
                os.close(handle)
            return "written"
        raise OSError(None, "other processes change the file all the time")

    def _opened(self) -> int:
        """The file, locked; it is made for the owner's eyes alone."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
        handle = os.open(self._path, flags, 0o600)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError(None, "it is no file that lines can be added to")
        fcntl.flock(handle, fcntl.LOCK_EX)
        return handle

    def _is_in_place(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self._path.stat())
        except FileNotFoundError:
            return False

    def _turn(self) -> None:
        """Make room: PATH becomes PATH.1, PATH.1 becomes PATH.2; the oldest goes."""
        for number in range(self._keep - 1, 0, -1):
            if self._numbered(number).exists():
                self._numbered(number).replace(self._numbered(number + 1))
        self._path.replace(self._numbered(1))
        keep_folder(self._path.parent)

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


def _written(handle: int, whole: int, line: bytes) -> None:
    try:
        write_all(handle, line)
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, whole)  # never half a line, nor one that may not last
        raise


def _without_half_a_line(handle: int) -> int:
    """The length of what is whole. The beginning of a line of ours is cut off; to what others left, an end is added."""
    length = os.fstat(handle).st_size
    tail, at = b"", length
    while at and b"\n" not in tail:
        at = max(at - _BLOCK, 0)
        tail = os.pread(handle, min(_BLOCK, length - at), at) + tail
    half = tail.rpartition(b"\n")[2]
    if not half:
        return length
    if half.startswith(_OURS) or _OURS.startswith(half):
        os.ftruncate(handle, length - len(half))
        return length - len(half)
    write_all(handle, b"\n")
    return length + 1
