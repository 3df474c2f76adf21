"""The harness's end of `tests.crash.daemon`: start a daemon, watch it, kill it."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_PATIENCE = 30.0
_HOME = Path(__file__).resolve().parents[2]


class Nursery:
    """Runs one process at a time. `status` is that of the last one that ended: an exit code, or minus a signal."""

    def __init__(self, pipes: "subprocess.Popen[bytes]") -> None:
        self._pipes = pipes
        self._process = 0
        self.status = 0
        self.started_at = 0.0

    @property
    def process(self) -> int:
        """The id of the process that runs; 0: none."""
        if self._process and (status := self._number(0.0)) is not None:
            self._process, self.status = 0, status
        return self._process

    @contextmanager
    def emptied(self) -> Iterator["Nursery"]:
        """The nursery itself, without a process before and after the block."""
        self.kill()
        try:
            yield self
        finally:
            self.kill()

    def start(self, arguments: Sequence[str], *, environment: Mapping[str, str], log: Path, orders: Path) -> None:
        """Start `tocsin ARGUMENTS`, which hurries and obeys the orders that will stand in that file."""
        assert not self._process, "one at a time"
        line = {
            "arguments": list(arguments),
            "environment": dict(environment),
            "log": str(log),
            "orders": str(orders),
        }
        _pipe(self._pipes.stdin).write(json.dumps(line).encode() + b"\n")
        started = self._number(_PATIENCE)
        assert started, "no daemon was born"
        self._process, self.started_at = started, time.monotonic()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if the process is still there."""
        if process := self.process:
            os.kill(process, number)

    def wait(self, seconds: float = _PATIENCE) -> int:
        """The status of the process, which must end within this time."""
        if self._process:
            status = self._number(seconds)
            assert status is not None, f"still alive after {seconds:g} s"
            self._process, self.status = 0, status
        return self.status

    def kill(self) -> None:
        """kill −9, and wait until it is gone."""
        self.signal(signal.SIGKILL)
        self.wait()

    def _number(self, seconds: float) -> int | None:
        """The next number that is said within this time; none comes alone, so a line is never read by half."""
        pipe = _pipe(self._pipes.stdout)
        if not select.select([pipe], [], [], seconds)[0]:
            return None
        return int(pipe.readline() or b"0")


@contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery, and the end of whatever it still runs."""
    command = [sys.executable, "-m", "tests.crash.daemon"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    with subprocess.Popen(
        command, cwd=_HOME, env=environment, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as pipes:
        try:
            with Nursery(pipes).emptied() as made:
                yield made
        finally:
            _pipe(pipes.stdin).close()
            pipes.wait(_PATIENCE)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
