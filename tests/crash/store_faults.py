"""The store in trouble under a real daemon: `python -m tests.crash.store_faults [R4 R5 R7 R9] [--seconds 60]`.

Prints a line for each fault with the figures measured; leaves with 1 where a promise was not kept. The suite calls the
same functions with fewer seconds.
"""

import argparse
import os
import resource
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Self

from monitor.store.opening import DATABASE
from tests.crash.loopback import Story
from tests.crash.migrations import kill_at_every_statement
from tests.crash.scene import Scene, comes_true, scene

_STORIES = 8
_PULSE_SECONDS = 0.1
_HUNG_SECONDS = 5.0
"""without a pulse, at which an event loop is taken to hang, however busy the machine"""
_PAGE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What came of one fault."""

    row: str
    fault: str
    measured: str
    flaws: tuple[str, ...] = ()
    """promises that were not kept"""


def _large(number: int) -> str:
    """Some 55 kB in words of its own: no other text, and too much for the pages that are there already."""
    return "".join(f"pier{number}x{place} reads {place} today. " for place in range(2_000))


def full_disk(stage: Scene, seconds: float, filled: Callable[[Scene], "Filling"]) -> Figure:
    """No room for a while, then room again (R4)."""
    stage.begin()
    filling = filled(stage)
    process = stage.nursery.process
    with filling:
        titles = [f"A truce in the bay, number {number}" for number in range(_STORIES)]
        for number, title in enumerate(titles):
            stage.gazette.publish(Story(number=1000 + number, title=title, summary=_large(number)))
            stage.expect(title)
        stage.wait_for_log("store failed")
        reads = _reads_until(stage, time.monotonic() + seconds)
    stage.wait_until(lambda: stage.is_quiet, "everything told once there was room")
    return _judged(
        stage,
        "R4",
        f"disk full {seconds:g} s ({filling.how})",
        [
            (stage.nursery.process == process, "the daemon was started anew"),
            (reads > 0, "nothing could be read"),
            (_complaints(stage) <= 1 + seconds / 60, "more than a line a minute"),
        ],
        f"{reads} reads meanwhile, {_complaints(stage)} log lines about it",
    )


class Filling:
    """Fills on entering and frees on leaving."""

    how = ""

    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


class FileLimit(Filling):
    """No file of the daemon may grow any more: needs no rights, and looks like a disk that fails."""

    how = "RLIMIT_FSIZE"

    def __init__(self, stage: Scene) -> None:
        self._process = stage.nursery.process
        log = stage.state / f"{DATABASE}-wal"
        self._size = log.stat().st_size if log.exists() else _PAGE
        self._before = resource.prlimit(self._process, resource.RLIMIT_FSIZE)

    def __enter__(self) -> None:
        resource.prlimit(self._process, resource.RLIMIT_FSIZE, (self._size, self._before[1]))

    def __exit__(self, *_: object) -> None:
        resource.prlimit(self._process, resource.RLIMIT_FSIZE, self._before)


class FullDisk(Filling):
    """A file that takes what is left of the small disk which the state lies on."""

    how = "tmpfs"

    def __init__(self, stage: Scene) -> None:
        self._file = stage.state / "filler"

    def __enter__(self) -> None:
        with self._file.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"\0" * _PAGE)

    def __exit__(self, *_: object) -> None:
        self._file.unlink()


@contextmanager
def small_disk(place: Path) -> Iterator[bool]:
    """A disk of 8 MB at that place while the block runs; False where this user may not mount one."""
    place.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "tocsin-test", str(place)]
    with suppress(FileNotFoundError):
        if os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True, timeout=20).returncode == 0:
            try:
                yield True
            finally:
                subprocess.run(["umount", "--lazy", str(place)], check=True, timeout=20)
            return
    yield False


def locked(stage: Scene, seconds: float) -> Figure:
    """Another writer holds the database (R5)."""
    with _Pulse(stage) as pulse:
        stage.begin()
        process = stage.nursery.process
        with closing(sqlite3.connect(stage.state / DATABASE, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(_STORIES):
                stage.publish(stage.gazette)
            pulse.listen(seconds)
            other.execute("ROLLBACK")
        stage.wait_until(lambda: stage.is_quiet, "everything told once the lock was gone")
    longest = max(pulse.gaps, default=seconds)
    return _judged(
        stage,
        "R5",
        f"locked {seconds:g} s by another writer",
        [
            (stage.nursery.process == process, "the daemon was started anew"),
            (not pulse.hung, "the watchdog would have tripped"),
            (_complaints(stage) <= 1 + seconds / 60, "more than a line a minute"),
        ],
        f"longest gap in a pulse of {_PULSE_SECONDS * 1e3:.0f} ms: {longest * 1e3:.0f} ms of {len(pulse.gaps)},"
        f" {_complaints(stage)} log lines about it",
    )


class _Pulse:
    """The service manager's end: when the daemon said that it is alive.

    It reads all the time: a socket that nobody reads is full after ten messages, and whoever writes to it then waits.
    """

    def __init__(self, stage: Scene) -> None:
        self._stage = stage
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._is_over = threading.Event()
        self._beats: list[float] = []
        self.gaps: list[float] = []
        self.hung = False

    def __enter__(self) -> Self:
        address = str(self._stage.home / "notify")
        self._socket.bind(address)
        self._socket.settimeout(0.2)
        self._reader.start()
        watchdog = str(round(4 * _PULSE_SECONDS * 1e6))
        self._stage.environment |= {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": watchdog}
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._reader.join()
        self._socket.close()

    def listen(self, seconds: float) -> None:
        """Keep the gaps of so long a time, the one to its very end included."""
        begin = time.monotonic()
        comes_true(lambda: False, seconds)
        end = time.monotonic()
        beats = [begin, *(beat for beat in self._beats if begin <= beat <= end), end]
        self.gaps = [after - before for before, after in pairwise(beats)]
        self.hung = max(self.gaps) > _HUNG_SECONDS

    def _read(self) -> None:
        while not self._is_over.is_set():
            with suppress(TimeoutError):
                if self._socket.recv(1000) == b"WATCHDOG=1":
                    self._beats.append(time.monotonic())


@dataclass(slots=True)
class Damage:
    """A way to spoil the file of a daemon that is not running."""

    name: str
    spoil: Callable[[Path], None]
    says: str


def _overwrite(offset: Callable[[int], int], data: bytes) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(offset(path.stat().st_size))
            file.write(data)

    return spoil


def _make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 9999")


def _remove(path: Path) -> None:
    path.unlink()


DAMAGES = (
    Damage("corrupt page", _overwrite(lambda size: size // 2 // _PAGE * _PAGE, b"\xa5" * _PAGE), "corrupt"),
    Damage("damaged header", _overwrite(lambda _: 0, b"\xa5" * 100), "not a database"),
    Damage("zero length", lambda path: os.truncate(path, 0), "emptied"),
    Damage("cut in half", lambda path: os.truncate(path, path.stat().st_size // 2), ""),
    Damage("newer schema", _make_newer, "newer tocsin"),
    Damage("removed", _remove, "is gone"),
)


def damaged(stage: Scene) -> Iterator[Figure]:
    """Every damage, found at the start and left as it is (R7)."""
    stage.begin()
    stage.publish(stage.gazette)
    stage.wait_until(lambda: stage.is_quiet, "news told")
    stage.stop()
    whole = (stage.state / DATABASE).read_bytes()
    for damage in DAMAGES:
        path = stage.state / DATABASE
        path.write_bytes(whole)
        damage.spoil(path)
        before = path.read_bytes() if path.exists() else None
        began = time.monotonic()
        stage.start()
        status = stage.nursery.wait()
        took = time.monotonic() - began
        after = path.read_bytes() if path.exists() else None
        line = stage.log.read_text(encoding="utf-8").splitlines()[-1]
        said = [
            (status == 65, f"exit {status}"),
            (before == after, "the file was changed"),
            (damage.says in line, f"said {line}"),
        ]
        yield _figure("R7", f"{damage.name}, at the start", said, f"exit {status} after {took * 1e3:.0f} ms")
    (stage.state / DATABASE).write_bytes(whole)


def damaged_while_running(stage: Scene) -> Figure:
    """A page goes bad under a daemon: found by the check that is made once a day, here every second (R7)."""
    stage.environment |= {"DAY_SECONDS": "1"}
    stage.begin()
    stage.publish(stage.gazette)
    stage.wait_until(lambda: stage.is_quiet, "news told")
    with closing(sqlite3.connect(stage.state / DATABASE)) as database:
        database.execute("PRAGMA wal_checkpoint(PASSIVE)")
        (root,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'revision_fingerprint'").fetchone()
    began = time.monotonic()
    _overwrite(lambda _: (root - 1) * _PAGE, b"\xa5" * _PAGE)(stage.state / DATABASE)
    status = stage.nursery.wait()
    took = time.monotonic() - began
    told = Counter(post.channel for post in stage.sink.posts if "tocsin stops" in post.title)
    said = [
        (status == 65, f"exit {status}"),
        ((stage.state / DATABASE).stat().st_size > _PAGE, "the file is gone"),
        (told == {"desk": 1, "night": 1}, f"told {dict(told)}"),
    ]
    return _figure("R7", "corrupt page under a daemon", said, f"exit {status} after {took:.1f} s, told {dict(told)}")


def removed_while_running(stage: Scene) -> Figure:
    """The state directory is taken away under a daemon: what it wrote from then on would be lost."""
    stage.begin()
    began = time.monotonic()
    stage.state.rename(stage.home / "elsewhere")
    status = stage.nursery.wait()
    told = Counter(post.channel for post in stage.sink.posts if "tocsin stops" in post.title)
    said = [(status == 65, f"exit {status}"), (told == {"desk": 1, "night": 1}, f"told {dict(told)}")]
    measured = f"exit {status} after {time.monotonic() - began:.1f} s, told {dict(told)}"
    return _figure("R7", "state directory removed under a daemon", said, measured)


def killed_migrations(folder: Path) -> Figure:
    """Old or new schema, never between (R9)."""
    kills, flaws = kill_at_every_statement(folder)
    said = [(kills > 0, "no kills"), *((False, flaw) for flaw in flaws)]
    return _figure("R9", "migration killed at each statement", said, f"{kills} kills, {len(flaws)} flaws")


def _reads_until(stage: Scene, end: float) -> int:
    """How often the database could be read meanwhile; 0 if it once could not."""
    reads = 0
    while time.monotonic() < end:
        try:
            with closing(sqlite3.connect(f"file:{stage.state}/{DATABASE}?mode=ro", uri=True)) as database:
                database.execute("SELECT count(*) FROM entry").fetchone()
        except sqlite3.Error:
            return 0
        reads += 1
        comes_true(lambda: False, 0.05)
    return reads


def _complaints(stage: Scene) -> int:
    return stage.log.read_text(encoding="utf-8").count("store failed")


def _judged(stage: Scene, row: str, fault: str, said: list[tuple[bool, str]], measured: str) -> Figure:
    verdict = stage.verdict
    repeats = Counter(channel for channel, _ in verdict.repeated)
    worst = max(repeats.values(), default=0)
    said += [
        (not verdict.lost, f"lost {verdict.lost}"),
        (not verdict.unwanted, f"unwanted {verdict.unwanted}"),
        (not verdict.doubled, f"two ids {verdict.doubled}"),
        (worst <= 1, f"repeats {dict(repeats)}"),
    ]
    return _figure(row, fault, said, f"lost {len(verdict.lost)}, repeats a channel {worst}, {measured}")


def _figure(row: str, fault: str, said: list[tuple[bool, str]], measured: str) -> Figure:
    return Figure(row=row, fault=fault, measured=measured, flaws=tuple(flaw for is_so, flaw in said if not is_so))


def _figures(rows: set[str], seconds: float) -> Iterator[Figure]:
    if "R9" in rows:  # first, while this process has one thread
        with tempfile.TemporaryDirectory() as folder:
            yield killed_migrations(Path(folder))
    if "R4" in rows:
        with scene() as stage:
            yield full_disk(stage, seconds, FileLimit)
        with scene() as stage, small_disk(stage.state) as is_there:
            if is_there:
                yield full_disk(stage, seconds, FullDisk)
                stage.nursery.kill()
            else:
                yield Figure(row="R4", fault="disk full (tmpfs)", measured="skipped: this user may not mount one")
    if "R5" in rows:
        with scene() as stage:
            yield locked(stage, seconds)
    if "R7" in rows:
        with scene() as stage:
            yield from damaged(stage)
        with scene() as stage:
            yield damaged_while_running(stage)
        with scene() as stage:
            yield removed_while_running(stage)


def main() -> None:
    """Run the faults that are named, all by default."""
    parser = argparse.ArgumentParser(description="Faults of the store under a real daemon.")
    parser.add_argument("rows", nargs="*", help="R4 R5 R7 R9; all by default")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long a disk is full or a lock is held")
    asked = parser.parse_args()
    is_good = True
    for figure in _figures(set(asked.rows) or {"R4", "R5", "R7", "R9"}, asked.seconds):
        verdict = "; ".join(figure.flaws) or "kept"
        print(f"{figure.row}  {figure.fault:42}  {verdict:6}  {figure.measured}", flush=True)
        is_good &= not figure.flaws
    sys.exit(not is_good)


if __name__ == "__main__":
    main()
