"""`channels.console`: readable on a terminal, plain in a pipe, deaf to what feeds would tell the terminal."""

import asyncio
import io
import os
import pty
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TextIO

import pytest

from monitor.channels.console import Console
from monitor.channels.kinds import build
from monitor.model.alerts import AlertKind, Marked, PublicId, Rendered, Scope, SendFailed, Sent
from monitor.model.settings import ChannelSpec

TEXT = "Ferry *strike* ends\nHarbour Post\nid: a1"
PIECES = (Marked(words="Ferry "), Marked(words="strike", is_match=True), Marked(words=" ends\nHarbour Post\nid: a1"))


def message(text: str = TEXT, pieces: tuple[Marked, ...] = PIECES) -> Rendered:
    return Rendered(
        public_id=PublicId("a1"),
        channel="screen",
        kind=AlertKind.FIRST,
        subject="Ferry strike ends",
        text=text,
        items=(),
        pieces=pieces,
    )


@pytest.fixture
def pipe() -> Iterator[tuple[TextIO, int]]:
    """(stream to write to, descriptor to read from); the reader may be closed by the test."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        yield stream, reader
    try:
        os.close(reader)
    except OSError:
        return


@pytest.fixture
def terminal() -> Iterator[tuple[TextIO, int]]:
    """(stream on a terminal, descriptor of what the terminal is shown)."""
    screen, keyboard = pty.openpty()
    with os.fdopen(keyboard, "w", encoding="utf-8") as stream:
        yield stream, screen
    os.close(screen)


async def test_a_pipe_gets_the_plain_text(pipe: tuple[TextIO, int]) -> None:
    """At once, with an empty line behind it, and without a single escape."""
    stream, reader = pipe
    assert await Console(stream, environment={}).send(message()) == Sent(note="printed")
    assert os.read(reader, 4096).decode() == TEXT + "\n\n"


async def test_a_terminal_gets_the_matches_highlighted(terminal: tuple[TextIO, int]) -> None:
    """Bold yellow instead of asterisks."""
    stream, screen = terminal
    await Console(stream, environment={"TERM": "xterm"}).send(message())
    shown = os.read(screen, 4096).decode()
    assert shown.startswith("Ferry \x1b[1;33mstrike\x1b[0m ends\r\n")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
async def test_colours_can_be_declined(terminal: tuple[TextIO, int], environment: dict[str, str]) -> None:
    """NO_COLOR is honoured, and so is a terminal that has none."""
    stream, screen = terminal
    await Console(stream, environment=environment).send(message())
    assert os.read(screen, 4096).decode().startswith("Ferry *strike* ends\r\n")


@pytest.mark.parametrize("is_coloured", [True, False])
async def test_no_escape_of_a_feed_reaches_the_terminal(terminal: tuple[TextIO, int], is_coloured: bool) -> None:
    """Not even where rendering had let it through: only our own two sequences are ever written."""
    stream, screen = terminal
    evil = "\x1b]0;owned\x07 \x1b[2J \x9b31m \x08\x08 \u202e"
    pieces = (Marked(words=evil), Marked(words=evil, is_match=True))
    await Console(stream, environment={} if is_coloured else {"NO_COLOR": "1"}).send(message(evil, pieces))
    shown = os.read(screen, 4096).decode()
    ours = shown.replace("\x1b[1;33m", "").replace("\x1b[0m", "")
    assert not set("\x1b\x07\x08\x9b\u202e") & set(ours)
    assert "]0;owned" in ours


async def test_a_message_without_pieces_is_shown_as_its_text(terminal: tuple[TextIO, int]) -> None:
    """Pieces are a convenience, the text is the message."""
    stream, screen = terminal
    await Console(stream, environment={}).send(message(pieces=()))
    assert os.read(screen, 4096).decode().startswith("Ferry *strike* ends\r\n")


async def test_a_stream_in_memory_will_do() -> None:
    """A test, or an embedding program, may give any text stream."""
    stream = io.StringIO()
    console = Console(stream, environment={})
    await console.send(message())
    await console.send(message())
    await console.close()
    assert stream.getvalue() == (TEXT + "\n\n") * 2


async def test_an_ordinary_file_will_do(tmp_path: Path) -> None:
    """Output may be redirected; what the program printed before stays before."""
    path = tmp_path / "out"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("started\n")
        await Console(stream, environment={}).send(message())
    assert path.read_text(encoding="utf-8") == "started\n" + TEXT + "\n\n"


async def test_letters_that_the_output_does_not_know_are_replaced(tmp_path: Path) -> None:
    """A terminal in the C locale still gets its alerts."""
    path = tmp_path / "out"
    with path.open("w", encoding="ascii") as stream:
        assert await Console(stream, environment={}).send(message("Паром … *strike*", ())) == Sent(note="printed")
    assert path.read_text(encoding="ascii") == "????? ? *strike*\n\n"


async def test_a_broken_pipe_is_a_failure_of_the_channel(pipe: tuple[TextIO, int]) -> None:
    """The reader has gone: the message waits."""
    stream, reader = pipe
    os.close(reader)
    assert await Console(stream, environment={}).send(message()) == SendFailed(
        scope=Scope.CHANNEL, reason="the reader of the output has gone"
    )


async def test_a_closed_stream_is_a_failure_of_the_channel() -> None:
    """A daemon whose standard output was closed loses no alert."""
    stream = io.StringIO()
    console = Console(stream, environment={})
    stream.close()
    assert await console.send(message()) == SendFailed(scope=Scope.CHANNEL, reason="the output is closed")
    assert isinstance(await Console(stream, environment={}).send(message()), SendFailed)


@pytest.fixture
def full_disk() -> Iterator[TextIO]:
    with Path("/dev/full").open("w", encoding="utf-8") as stream:
        yield stream


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
async def test_a_full_disk_is_a_failure_of_the_channel(full_disk: TextIO) -> None:
    """And the next try prints it once, for nothing of it was kept back in a buffer."""
    outcome = await Console(full_disk, environment={}).send(message())
    assert outcome == SendFailed(scope=Scope.CHANNEL, reason="the output cannot be written: No space left on device")


async def test_a_reader_that_does_not_read_holds_nobody_up(pipe: tuple[TextIO, int]) -> None:
    """The event loop goes on, and the send ends at its deadline."""
    stream, _ = pipe
    console = Console(stream, environment={}, deadline=timedelta(seconds=0.2))
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.01)

    living = asyncio.ensure_future(others())
    outcome = await console.send(message("x" * 200_000, ()))
    living.cancel()
    assert outcome == SendFailed(scope=Scope.CHANNEL, reason="nobody reads the output")
    assert turns > 5


async def test_a_slow_reader_gets_everything(pipe: tuple[TextIO, int]) -> None:
    """More than a pipe holds arrives whole and in order, two consoles on one output included."""
    stream, reader = pipe
    texts = ["a" * 100_000, "b" * 100_000]
    consoles = [Console(stream, environment={}), Console(stream, environment={})]

    def read() -> bytes:
        got = b""
        while len(got) < 200_004:
            got += os.read(reader, 1000)
        return got

    outcomes = asyncio.gather(*(one.send(message(text, ())) for one, text in zip(consoles, texts, strict=True)))
    got = await asyncio.to_thread(read)
    assert await outcomes == [Sent(note="printed")] * 2
    assert (got.count(b"a"), got.count(b"b"), got.count(b"\n")) == (100_000, 100_000, 4)


async def test_the_kind_prints_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """What `kind: console` in the configuration means."""
    console = build(ChannelSpec(name="screen", kind="console"))
    assert not isinstance(console, tuple)
    await console.send(message())
    assert capsys.readouterr().out == TEXT + "\n\n"
