"""One daemon for one state directory: two of them doubled most alerts in a probe."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from monitor.errors import AlreadyRunning, StoreUnwritable

_LOOKS = 20
_LOOK_SECONDS = 0.01


@contextmanager
def sole_daemon(state: Path) -> Iterator[None]:
    """Hold `state/tocsin.lock` while the block runs; the kernel lets go of it however the process ends.

    Raises AlreadyRunning within a quarter of a second where another process holds it, and StoreUnwritable where it
    cannot be made.
    """
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(state / "tocsin.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _unwritable(state, error) from error
    try:
        _acquire(handle, state)
        yield
    finally:
        os.close(handle)


def daemon_at_work(state: Path) -> int | None:
    """The process number of the daemon that holds the lock, 0 where it cannot be read; None: there is no daemon."""
    try:
        handle = os.open(state / "tocsin.lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        # Shared and let go of at once: a daemon that starts in this moment asks again.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _signature(handle) or 0
    except OSError:
        return None
    else:
        return None
    finally:
        os.close(handle)


def at_work_since(state: Path) -> datetime | None:
    """When the daemon that holds the lock signed it; None where that cannot be read."""
    try:
        return datetime.fromtimestamp((state / "tocsin.lock").stat().st_mtime, UTC)
    except OSError:
        return None


def _signature(handle: int) -> int | None:
    """The number that a holder of the lock signed it with."""
    holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
    return int(holder) if holder.isascii() and holder.isdigit() else None


def _exclusively(handle: int) -> None:
    """Lock, though somebody may be looking just now whether it is locked. Raises BlockingIOError."""
    for _ in range(_LOOKS):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOOK_SECONDS)
        else:
            return
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _acquire(handle: int, state: Path) -> None:
    """Take the lock and sign it with our process number."""
    try:
        _exclusively(handle)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    except BlockingIOError as error:
        holder = _signature(handle)
        process = f" (process {holder})" if holder is not None else ""
        message = f"another tocsin{process} works on {state}: stop it first, or choose another --state"
        raise AlreadyRunning(message) from error
    except OSError as error:
        raise _unwritable(state, error) from error


def _unwritable(state: Path, error: OSError) -> StoreUnwritable:
    return StoreUnwritable(
        f"cannot write in the state directory {state}: {error.strerror}; choose another with --state"
    )
