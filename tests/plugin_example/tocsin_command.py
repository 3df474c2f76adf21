"""The kind of channel `command`: a program of the owner's gets each alert on its standard input.

    channels:
      - {name: lamp, kind: command, run: [/usr/local/bin/lamp, --blink], timeout: 10s}

It is told the message's id in TOCSIN_ID, the same at every repeat. Exit code 0 means that it took the message, 65 (bad
data) that it never will; any other, that it cannot take any just now.
"""

import asyncio
import os
import shutil
from datetime import timedelta

from monitor.channels.plugin import ChannelSpec, OptionMistake, OptionReader, Rendered, Scope, SendFailed, Sent

_BAD_DATA = 65


def build(spec: ChannelSpec) -> "Command | tuple[OptionMistake, ...]":
    """The channel, or everything that is wrong with its options. Starts nothing."""
    reader = OptionReader(spec.options, known=("run", "timeout"))
    within = reader.duration("timeout", timedelta(seconds=10), least=timedelta(seconds=1), most=timedelta(seconds=55))
    run = spec.options.get("run")
    words = [str(word) for word in run] if isinstance(run, list | tuple) else []
    if not words:
        reader.refuse("run", "must be a list: the program, and what it is called with")
    elif shutil.which(words[0]) is None:
        reader.refuse("run", "names no program that can be run")
    return reader.mistakes or Command(words, within)


class Command:
    """Runs the program once for each message."""

    def __init__(self, words: list[str], within: timedelta) -> None:
        self._words = words
        self._seconds = within.total_seconds()

    async def send(self, message: Rendered) -> Sent | SendFailed:
        """Run it, and say truthfully how it ended."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._words,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env={"PATH": os.defpath, "TOCSIN_ID": message.public_id},  # no secret of the service
            )
        except OSError as error:
            reason = f"the program cannot be started: {error.strerror}"
            return SendFailed(scope=Scope.CHANNEL, reason=reason, is_lasting=True)
        try:
            async with asyncio.timeout(self._seconds):
                await process.communicate(message.text.encode())
        except TimeoutError:
            return SendFailed(scope=Scope.CHANNEL, reason=f"the program did not end within {self._seconds:g} s")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode == 0:
            return Sent(note="the program took it")
        scope = Scope.MESSAGE if process.returncode == _BAD_DATA else Scope.CHANNEL
        return SendFailed(scope=scope, reason=f"the program ended with {process.returncode}")

    async def close(self) -> None:
        """Nothing stays open between messages."""
