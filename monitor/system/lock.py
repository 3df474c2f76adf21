"""One daemon for one state directory: two of them doubled most alerts in a probe."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import AlreadyRunning, StoreUnwritable


@contextmanager
def sole_daemon(state: Path) -> Iterator[None]:
    """Hold `state/tocsin.lock` while the block runs; the kernel lets go of it however the process ends.

    Raises AlreadyRunning at once where another process holds it, and StoreUnwritable where it cannot be made.
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


def _acquire(handle: int, state: Path) -> None:
    """Take the lock and sign it with our process number."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    except BlockingIOError as error:
        holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
        process = f" (process {holder})" if holder.isdigit() else ""
        message = f"another tocsin{process} works on {state}: stop it first, or choose another --state"
        raise AlreadyRunning(message) from error
    except OSError as error:
        raise _unwritable(state, error) from error


def _unwritable(state: Path, error: OSError) -> StoreUnwritable:
    return StoreUnwritable(
        f"cannot write in the state directory {state}: {error.strerror}; choose another with --state"
    )
