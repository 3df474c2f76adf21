"""Writing for channels that are files: aside from the event loop, within a deadline, with the reason in plain words.

A disk that hangs (a network share whose server is gone) cannot be called back. So the work runs on a thread that no
exit waits for, and no second one is begun before the first has ended.
"""

import asyncio
import errno
import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from monitor.channels.options import OptionReader
from monitor.model.alerts import Scope, SendFailed, Sent

DEADLINE = timedelta(seconds=10)
_MEANINGS = {
    errno.ENOENT: "there is no such folder",
    errno.ENOTDIR: "there is no such folder",
    errno.EACCES: "tocsin may not write there",
    errno.EPERM: "tocsin may not write there",
    errno.EROFS: "nothing may be written there (as a service: name the folder in ReadWritePaths=)",
    errno.EISDIR: "it is a folder",
    errno.ELOOP: "its links lead in a circle",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file has grown as large as it may",
    errno.EIO: "the disk fails",
}
_LASTING = frozenset(
    {
        errno.ENOENT,
        errno.ENOTDIR,
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.EISDIR,
        errno.ELOOP,
        errno.ENAMETOOLONG,
    }
)
"""neither time nor another message mends these"""


class Disk:
    """Does one piece of work at a time for one channel."""

    def __init__(self, deadline: timedelta = DEADLINE) -> None:
        """Nothing is begun yet."""
        self._deadline = deadline
        self._ended: threading.Event | None = None

    async def told(self, where: Path, work: Callable[[], str]) -> Sent | SendFailed:
        """Have it done; `Sent` with the note that it returns, or a failure of the channel that names the place."""
        if self._ended is not None and not self._ended.is_set():
            return SendFailed(scope=Scope.CHANNEL, reason=f"{where}: the disk does not answer")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[str | OSError] = loop.create_future()
        ended = threading.Event()
        doing = threading.Thread(target=_done, args=(loop, future, work, ended), name="channel's disk", daemon=True)
        try:
            doing.start()
            self._ended = ended
            async with asyncio.timeout(self._deadline.total_seconds()):
                outcome = await future
        except TimeoutError:
            outcome = OSError(None, f"not done within {self._deadline.total_seconds():g} s")
        except RuntimeError:
            outcome = OSError(None, "the system gives no more threads")
        return _failed(where, outcome) if isinstance(outcome, OSError) else Sent(note=outcome)


def absolute_path(reader: OptionReader, name: str) -> Path:
    """The path of that option. It must be absolute: a service's working folder is not the one it was tried in."""
    given = reader.text(name, is_required=True)
    if given and (not given.startswith("/") or "\0" in given or not _is_encodable(given)):
        reader.refuse(name, "must be an absolute path, one that begins with /")
    return Path(given or "/")


def keep_folder(path: Path) -> None:
    """Have the names in a folder on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes) -> None:
    """Write all of it; the system may take it by parts."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _is_encodable(path: str) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


def _done(
    loop: asyncio.AbstractEventLoop,
    future: "asyncio.Future[str | OSError]",
    work: Callable[[], str],
    ended: threading.Event,
) -> None:
    """Runs in a thread of its own."""
    try:
        outcome: str | Exception = work()
    except Exception as error:  # noqa: BLE001 - what is no matter of disks is raised where it is waited for
        outcome = error
    ended.set()

    def settle() -> None:
        if future.done():
            return
        if isinstance(outcome, str | OSError):
            future.set_result(outcome)
        else:
            future.set_exception(outcome)

    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:  # the loop is closed: nobody waits any more
        return


def _failed(where: Path, error: OSError) -> SendFailed:
    number = error.errno or 0
    what = _MEANINGS.get(number) or error.strerror or "cannot be written"
    return SendFailed(scope=Scope.CHANNEL, reason=f"{where}: {what}", is_lasting=number in _LASTING)
