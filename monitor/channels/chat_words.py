"""A message as one chat's text: its words harmless there, its matches marked, all of it within the chat's length.

What is cut is cut after a word, never within a link: first the passages go, from the last one, then the end of the
headline; the link and the id stay.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from monitor.channels.apprise_words import harmless
from monitor.model.alerts import Marked, Rendered
from monitor.text.cutting import word_end
from monitor.text.plain import clean

_BREAK = "\u200b"
_LINK = re.compile(r"https?://\S*", re.IGNORECASE)
_LINK_AT_END = re.compile(r"https?://\S*\Z", re.IGNORECASE)
_HALF = ("@", "<", "]")
"""with what the next piece begins they could call, open a tag or hide a link"""
_LEAST_PASSAGE = 20
"""characters of a passage that are worth a line"""

Line = tuple[Marked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a service writes and measures."""

    longest: int
    """in what `length` counts"""
    length: Callable[[str], int] = len
    words: Callable[[str], str] = harmless
    """words of the message as the service shows them literally"""
    mark: str = ""
    """what stands before and behind a match; empty: the service is told otherwise, or not at all"""


def laid_out(message: Rendered, manner: Manner, *, is_headed: bool = True) -> tuple[Marked, ...]:
    """The message in pieces, as they are to be sent one after another: whole, or a shorter form of it, or cut.

    Without `is_headed` the first line is left out where the subject says the same, which is then shown by the service.
    """
    forms = [_lines(form) for form in (message.pieces or (Marked(words=message.text),), *message.shorter)]
    if not is_headed and text_of(forms[0][0]) == message.subject:
        forms = [_without_headline(lines) for lines in forms]
    fitting = (lines for lines in forms if _measured(lines, manner) <= manner.longest)
    return _joined([_written(line, manner) for line in next(fitting, None) or _fitted(forms[-1], manner)])


def text_of(pieces: Sequence[Marked]) -> str:
    """The pieces as one text."""
    return "".join(piece.words for piece in pieces)


def shortened(text: str, longest: int, length: Callable[[str], int] = len) -> str:
    """The text in at most `longest`, cut after a word, never within a link or a letter and its accents."""
    if length(text) <= longest:
        return text
    return text_of(_cut((Marked(words=text),), lambda line: length(text_of(line)), longest))


def utf16_units(text: str) -> int:
    """What Telegram counts in: signs beyond the basic plane count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_bytes(text: str) -> int:
    """Bytes of the text in UTF-8."""
    return len(text.encode("utf-8", "replace"))


def _measured(lines: list[Line], manner: Manner) -> int:
    return manner.length(text_of(_joined([_written(line, manner) for line in lines])))


def _without_headline(lines: list[Line]) -> list[Line]:
    rest = lines[1:]
    while rest and not text_of(rest[0]).strip():
        rest = rest[1:]
    return rest or lines


def _fitted(lines: list[Line], manner: Manner) -> list[Line]:
    def measure(line: Line) -> int:
        return manner.length(text_of(_written(line, manner)))

    line_end = manner.length("\n")
    title, *middle = lines
    tail = [middle.pop()] if middle else []
    if middle and _LINK.fullmatch(text_of(middle[-1])):
        tail.insert(0, middle.pop())
    while tail and sum(measure(line) + line_end for line in tail) > manner.longest // 2:
        tail.pop(0)  # a link that leaves no room for the headline is none to send
    room = manner.longest - sum(measure(line) + line_end for line in tail)
    if measure(title) > room:
        title = _cut(title, measure, room)
    room -= measure(title)
    kept: list[Line] = []
    for line in middle:
        needed = measure(line) + line_end
        if needed > room:
            if room >= _LEAST_PASSAGE:
                kept.append(_cut(line, measure, room - line_end))
            break
        kept.append(line)
        room -= needed
    return [title, *kept, *tail]


def _cut(line: Line, measure: Callable[[Line], int], room: int) -> Line:
    """The longest beginning of a line that fits with `…` behind it."""
    least, most = 0, len(text_of(line))
    while least < most:
        middle = (least + most + 1) // 2
        if measure(_beginning(line, middle)) <= room:
            least = middle
        else:
            most = middle - 1
    if room <= 0:
        return ()
    text = text_of(line)
    at = word_end(text, least)
    # A shorter beginning may be a little longer as it is written: what it ends with may have to be made harmless.
    while at and measure(_beginning(line, at)) > room:
        at = word_end(text, at - 1)
    return _beginning(line, at)


def _beginning(line: Line, characters: int) -> Line:
    kept: list[Marked] = []
    for piece in line:
        words = piece.words[:characters]
        characters -= len(words)
        if words:
            kept.append(Marked(words=words, is_match=piece.is_match))
    if _LINK_AT_END.search(text_of(kept).rstrip(" ")):
        return (*_stripped(kept, " "), Marked(words=" …"))  # against a link it would be taken for a part of it
    return (*_stripped(kept, " ,;:-–—"), Marked(words="…"))


def _stripped(line: list[Marked], signs: str) -> list[Marked]:
    last = [Marked(words=piece.words.rstrip(signs), is_match=piece.is_match) for piece in line[-1:]]
    return [*line[:-1], *last]


def _written(line: Line, manner: Manner) -> Line:
    """A line as the service gets it."""
    written: list[Marked] = []
    for place, piece in enumerate(line):
        is_followed = place + 1 < len(line)
        words = manner.words(piece.words + _BREAK * (is_followed and piece.words.endswith(_HALF)))
        if piece.is_match and words.strip():
            words = f"{manner.mark}{words}{manner.mark}"
        written.append(Marked(words=words, is_match=piece.is_match))
    return tuple(written)


def _lines(pieces: Iterable[Marked]) -> list[Line]:
    lines: list[list[Marked]] = [[]]
    for piece in pieces:
        first, *others = clean(piece.words).split("\n")
        lines[-1].append(Marked(words=first, is_match=piece.is_match))
        lines += ([Marked(words=words, is_match=piece.is_match)] for words in others)
    return [tuple(piece for piece in line if piece.words) for line in lines]


def _joined(lines: Sequence[Line]) -> tuple[Marked, ...]:
    pieces: list[Marked] = []
    for number, line in enumerate(lines):
        pieces += (*([Marked(words="\n")] if number else []), *line)
    return tuple(pieces)
