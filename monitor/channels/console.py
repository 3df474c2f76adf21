"""Alerts on a terminal, or as plain lines in a pipe or file."""

import asyncio
import os
import select
import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import TextIO

from monitor.channels.options import OptionMistake, OptionReader
from monitor.model.alerts import Rendered, Scope, SendFailed, Sent
from monitor.model.settings import ChannelSpec
from monitor.text.plain import clean

DEADLINE = timedelta(seconds=10)
_MARK, _UNMARK = "\x1b[1;33m", "\x1b[0m"  # bold yellow


def build_console(spec: ChannelSpec) -> "Console | tuple[OptionMistake, ...]":
    """A console on standard output. It has no options."""
    return OptionReader(spec.options, known=()).mistakes or Console(sys.stdout, environment=os.environ)


class Console:
    """Prints each alert, an empty line behind it, with the matches highlighted where colours are welcome."""

    def __init__(self, stream: TextIO, *, environment: Mapping[str, str], deadline: timedelta = DEADLINE) -> None:
        """Colours need a terminal that can show them, and no NO_COLOR (https://no-color.org)."""
        self._stream = stream
        self._deadline = deadline
        is_plain = bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
        self._is_coloured = not is_plain and not stream.closed and stream.isatty()

    async def send(self, message: Rendered) -> Sent | SendFailed:
        """Print it whole within the deadline: a reader that has stopped reading holds up nobody else."""
        text = self._shown(message) + "\n\n"
        encoding = self._stream.encoding or "utf-8"
        try:
            async with asyncio.timeout(self._deadline.total_seconds()):
                await self._write(text.encode(encoding, errors="replace"), encoding)
        except TimeoutError:
            return _failed("nobody reads the output")
        except BrokenPipeError:
            return _failed("the reader of the output has gone")
        except OSError as error:
            return _failed(f"the output cannot be written: {error.strerror or 'unknown error'}")
        except ValueError:  # what Python raises for a stream that was closed
            return _failed("the output is closed")
        return Sent(note="printed")

    async def close(self) -> None:
        """Nothing to let go of: the stream belongs to whoever gave it."""

    def _shown(self, message: Rendered) -> str:
        """Cleaned once more, for here it would be the reader's terminal that obeys an escape sequence."""
        if not self._is_coloured or not message.pieces:
            return clean(message.text)
        parts = ((clean(piece.words), piece.is_match) for piece in message.pieces)
        return "".join(f"{_MARK}{words}{_UNMARK}" if is_match else words for words, is_match in parts)

    async def _write(self, data: bytes, encoding: str) -> None:
        self._stream.flush()
        try:
            handle = self._stream.fileno()
        except OSError:  # a stream in memory has no file behind it
            self._stream.write(data.decode(encoding))
            self._stream.flush()
            return
        # Past the stream's buffer: what a broken pipe left there would be printed twice at the next try.
        while data:
            # Waited for only where needed, so that nothing else is printed into the middle of an alert.
            if not _is_writable(handle):
                await _writable(handle)
            try:
                data = data[os.write(handle, data[: select.PIPE_BUF]) :]
            except BlockingIOError:
                await asyncio.sleep(0)


def _is_writable(handle: int) -> bool:
    """Whether PIPE_BUF bytes can be written without blocking; a broken pipe "can": the write then says so."""
    poll = select.poll()
    poll.register(handle, select.POLLOUT)
    return bool(poll.poll(0))


async def _writable(handle: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    # A duplicate, because a loop knows one watcher a handle and two consoles may share standard output.
    watched = os.dup(handle)
    try:
        loop.add_writer(watched, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_writer(watched)
    finally:
        os.close(watched)


def _failed(reason: str) -> SendFailed:
    return SendFailed(scope=Scope.CHANNEL, reason=reason)
