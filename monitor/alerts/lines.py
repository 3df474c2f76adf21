"""The lines that messages are made of: words of feeds made clean, cut at words, joined without losing their marks."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from monitor.model.alerts import Marked
from monitor.text.cutting import word_end
from monitor.text.plain import clean

_SPACE = re.compile(r"\s+")

Line = Sequence[Marked]


def plain(words: str) -> Line:
    """A line of our own."""
    return [Marked(words=words)]


def one_line(text: str) -> str:
    """One line of what can be seen, as it came."""
    return _SPACE.sub(" ", clean(text)).strip()


def listed(names: Sequence[str], most: int) -> str:
    """The first names, and how many others there are."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def minute(moment: datetime) -> str:
    """A moment as people read it, with its zone."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def tidy(pieces: Iterable[Marked]) -> list[Marked]:
    """The pieces as one clean line: as `one_line`, across their borders."""
    kept: list[Marked] = []
    is_after_space = True
    for piece in pieces:
        words = _SPACE.sub(" ", clean(piece.words))
        if is_after_space:
            words = words.removeprefix(" ")
        if words:
            kept.append(Marked(words=words, is_match=piece.is_match))
            is_after_space = words.endswith(" ")
    return kept


def shortened(pieces: Sequence[Marked], longest: int) -> list[Marked]:
    """As `cut`, across the borders of pieces."""
    whole = "".join(piece.words for piece in pieces)
    if len(whole) <= longest:
        return list(pieces)
    room = word_end(whole, longest - 1)
    kept: list[Marked] = []
    for piece in pieces:
        words = piece.words[:room]
        room -= len(words)
        if words:
            kept.append(Marked(words=words, is_match=piece.is_match))
    return [*kept, Marked(words="…")]


def joined(lines: Iterable[Line]) -> tuple[Marked, ...]:
    """The lines as one run of pieces with line ends between, neighbours of one kind joined."""
    pieces: list[Marked] = []
    run: list[str] = []
    for number, line in enumerate(lines):
        if number:
            run.append("\n")
        for piece in line:
            if not piece.is_match:
                run.append(piece.words)
            elif piece.words:
                pieces += _plain_run(run)
                run.clear()
                pieces.append(piece)
    return (*pieces, *_plain_run(run))


def _plain_run(run: Sequence[str]) -> list[Marked]:
    words = "".join(run)
    return [Marked(words=words)] if words else []


def starred(pieces: Iterable[Marked]) -> str:
    """The pieces as plain text, with the matches marked `*so*`."""
    return "".join(f"*{piece.words}*" if piece.is_match else piece.words for piece in pieces)
