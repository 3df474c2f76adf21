"""The real daemon as a process of its own: started on a configuration, listened to, stopped or killed."""

import asyncio
import json
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.benchmarks.processes import group_members

STOP_SECONDS = 30.0
ORPHAN_SECONDS = 5.0
"""what the children of a killed daemon have to notice that it is gone"""
_PAIR = re.compile(r'([A-Za-z_]+)=("(?:[^"\\]|\\.)*"|\S*)')
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of the log; `at` is when it reached us, in monotonic seconds."""

    at: float
    fields: Mapping[str, str]
    text: str = ""

    @property
    def event(self) -> str:
        """What it is about."""
        return self.fields.get("event", "")


def read_fields(line: str) -> Mapping[str, str]:
    """The `key=value` pairs of a log line, without quotes."""
    return {name: _unquoted(value) for name, value in _PAIR.findall(line)}


@dataclass(slots=True, kw_only=True)
class Daemon:
    """A running `tocsin run`."""

    process: asyncio.subprocess.Process
    began: float
    lines: list[LogLine] = field(default_factory=list)
    is_shot: bool = False
    """whether `shoot` was called"""
    _listening: "asyncio.Task[None] | None" = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def start(cls, config: Path, state: Path, *, module: str = "monitor") -> Self:
        """Start it; returns at once. `module` is what is run: the package itself, or what wraps its command."""
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *tocsin("run", "--config", str(config), "--state", str(state), module=module),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=environment(),
            limit=_LONGEST_LINE,
            process_group=0,  # Ctrl-C reaches us; we stop the daemon
        )
        started = cls(process=process, began=began)
        started._listening = asyncio.create_task(started._listen(), name="log of the daemon")
        return started

    async def wait_for(self, is_so: Callable[[], bool], seconds: float) -> bool:
        """Wait until it is so, looking at every new log line and now and then; False where time or daemon ended."""
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end or self.process.returncode is not None:
                return is_so()
            self._changed.clear()
            try:
                async with asyncio.timeout(0.1):
                    await self._changed.wait()
            except TimeoutError:
                continue
        return True

    def shoot(self) -> None:
        """SIGKILL, for the daemon alone, at once."""
        self.is_shot = True
        if self.process.returncode is None:
            self.process.kill()

    async def bury(self) -> tuple[int, ...]:
        """Wait for the end of what was shot; returns the children that outlived it for longer than `ORPHAN_SECONDS`."""
        await self.process.wait()
        end = time.monotonic() + ORPHAN_SECONDS
        while (left := group_members(self.process.pid)) and time.monotonic() < end:  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.02)
        for one in left:
            os.kill(one, signal.SIGKILL)  # else our end of its log never closes
        await self._end_listening()
        return left

    async def stop(self) -> float:
        """SIGTERM; returns how many seconds it took to end. Kills what does not end."""
        began = time.monotonic()
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self.process.wait()
            except TimeoutError:
                self.shoot()
                await self.bury()
        await self._end_listening()
        return time.monotonic() - began

    def polls(self) -> list[LogLine]:
        """The lines of polls."""
        return [line for line in self.lines if line.event == "poll"]

    def complaints(self) -> list[LogLine]:
        """Warnings and errors that are not about a poll."""
        return [
            line for line in self.lines if line.event != "poll" and line.fields.get("level") in {"warning", "error", ""}
        ]

    async def _listen(self) -> None:
        stream = self.process.stderr
        while stream is not None and (raw := await stream.readline()):
            text = raw.decode("utf-8", "replace").rstrip("\n")
            self.lines.append(LogLine(at=time.monotonic(), fields=read_fields(text), text=text))
            self._changed.set()

    async def _end_listening(self) -> None:
        if self._listening is not None:
            await self._listening


def tocsin(*words: str, module: str = "monitor") -> tuple[str, ...]:
    """The command with this interpreter, whether or not the package's script is on the PATH."""
    return (sys.executable, "-m", module, *words)


def environment() -> dict[str, str]:
    """Ours without what would change the daemon's places, and without a proxy for loopback."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}


async def ask(*words: str) -> object:
    """What a command with `--json` says. Raises RuntimeError with its complaint."""
    process = await asyncio.create_subprocess_exec(
        *tocsin(*words), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment()
    )
    out, complaint = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"tocsin {words[0]} failed: {complaint.decode('utf-8', 'replace').strip()}")
    answer: object = json.loads(out)
    return answer


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
