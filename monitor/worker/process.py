"""One worker as its parent sees it: started, asked, and buried."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import monitor
from monitor.worker.child import EXIT_IDLE, EXIT_MEMORY
from monitor.worker.frames import HEAD, REPLY_LIMIT_BYTES, BadFrame, head, read_object
from monitor.worker.replies import Idle, Reply, WorkerFailed

START_SECONDS = 30.0
LARGE_BYTES = 1_000_000
"""from here on JSON is read in a thread: the event loop would be held up for tens of milliseconds"""
PIECE_BYTES = 262_144

_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")
"""nothing else goes to a worker: the environment holds the owner's secrets"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may use."""

    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    """address space of the process, interpreter and libraries included"""
    idle_seconds: float = 0
    """a process that is asked nothing for so long leaves by itself; 0: it stays"""


class Worker:
    """A running process. Anything unexpected on its pipe ends it."""

    def __init__(self, process: Process, limits: Limits) -> None:
        """Take a process that has said it is ready; use `start`."""
        self._process = process
        self._limits = limits
        self._is_doomed = False
        self.served = 0
        self.is_swollen = False

    @classmethod
    async def start(cls, target: str, limits: Limits) -> "Worker | WorkerFailed":
        """Start a process and wait until it has loaded its target."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # the working directory is no place to import from
            "-s",
            "-m",
            "monitor.worker.child",
            target,
            str(limits.memory_bytes),
            str(limits.cpu_seconds),
            str(limits.idle_seconds),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=_environment(),
        )
        worker = cls(process, limits)
        try:
            async with asyncio.timeout(START_SECONDS):
                ready = await worker._receive()
        except (TimeoutError, EOFError, ConnectionError, BadFrame):
            await worker.end()
            return WorkerFailed(reason="could not start its process")
        except BaseException:
            # Nobody else knows of it yet: without an end its pipes would outlive it.
            await worker.end()
            raise
        if ready == {"ready": True}:
            return worker
        await worker.end()
        return WorkerFailed(reason="could not start its process")

    @property
    def is_alive(self) -> bool:
        """Whether it may be asked; it may still die before it answers."""
        return self._process.returncode is None and not self._is_doomed

    async def ask(self, payload: bytes, meta: Mapping[str, object]) -> Reply | WorkerFailed | Idle:
        """One request. After a failure of the process itself it is dead and `is_alive` is False."""
        self.served += 1
        try:
            async with asyncio.timeout(self._limits.wall_seconds):
                frame = await self._exchange(meta, payload)
            self.is_swollen = frame.get("is_swollen") is True
            return _outcome(frame)
        except TimeoutError:
            await self.end()
            return WorkerFailed(reason=f"took more than {self._limits.wall_seconds:g} s")
        except (EOFError, ConnectionError):
            code = await self.end()
            return Idle() if code == EXIT_IDLE else WorkerFailed(reason=self._epitaph(code))
        except BadFrame:
            await self.end()
            return WorkerFailed(reason="answered with what is no answer")
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """End it at once, without waiting."""
        self._is_doomed = True
        if self._process.returncode is None:
            # Not `Process.kill`: it looks first whether the process has ended, which takes the exit code away from
            # asyncio, whose watcher then warns of an unknown child and calls the code 255.
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def end(self) -> int:
        """End it and wait until it is gone; the exit code, negative for a signal.

        A worker that has closed its pipe is about to go: its own cause of death is worth a moment's wait.
        """
        self._is_doomed = True
        pipe = self._process.stdin
        if pipe is not None:
            pipe.close()
        if not self._at_eof():
            self.kill()
        try:
            async with asyncio.timeout(1):
                return await self._gone()
        except TimeoutError:
            self.kill()
            return await self._process.wait()

    async def _gone(self) -> int:
        """The exit code, once what it left in its pipe is read: an unread pipe would stay open behind the process."""
        code = await self._process.wait()
        pipe = self._process.stdout
        while pipe is not None and await pipe.read(LARGE_BYTES):
            continue
        return code

    async def _exchange(self, meta: Mapping[str, object], payload: bytes) -> dict[str, object]:
        pipe = self._process.stdin
        if pipe is None:
            raise EOFError
        pipe.write(head(meta, len(payload)))
        # In pieces: of a document of 20 MB in one, the transport would keep a second copy until it is read.
        rest = memoryview(payload)
        while rest:
            pipe.write(rest[:PIECE_BYTES])
            await pipe.drain()
            rest = rest[PIECE_BYTES:]
        return await self._receive()

    async def _receive(self) -> dict[str, object]:
        pipe = self._process.stdout
        if pipe is None:
            raise EOFError
        meta_length, payload_length = HEAD.unpack(await pipe.readexactly(HEAD.size))
        if meta_length > REPLY_LIMIT_BYTES or payload_length:
            raise BadFrame("it is too long")
        text = await pipe.readexactly(meta_length)
        if meta_length < LARGE_BYTES:
            return read_object(text)
        return await asyncio.to_thread(read_object, text)

    def _at_eof(self) -> bool:
        pipe = self._process.stdout
        return pipe is None or pipe.at_eof()

    def _epitaph(self, code: int) -> str:
        if code == EXIT_MEMORY:
            return "ran out of memory"
        if code in (-signal.SIGPROF, -signal.SIGXCPU):
            return f"took more than {self._limits.cpu_seconds:g} s of CPU"
        if code < 0:
            return f"crashed (signal {-code})"
        return f"ended by itself (exit code {code})"


def _outcome(frame: Mapping[str, object]) -> Reply | WorkerFailed:
    match frame:
        case {"reply": dict(value)}:
            return Reply(value=value)
        case {"failed": str(name)}:
            return WorkerFailed(reason=f"failed ({name[:60]})")
        case _:
            raise BadFrame("it is neither a reply nor a failure")


def _environment() -> dict[str, str]:
    """A clean environment in which this very package is found."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    home = str(Path(monitor.__file__).resolve().parent.parent)
    return {**kept, "PYTHONPATH": home, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
