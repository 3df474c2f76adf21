"""Where a character of a scalar's value stands in the file, whatever its style.

YAML folds white space, doubles quotes and escapes; other characters of the value stand in the file in the same order.
So the two are laid side by side, white space not counted, and a mismatch (which no known case gives) leads to None.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.model.settings import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a file says. Its repr shows nothing of it, which may be anything."""

    file: str
    text: str = field(repr=False)
    _lines: list[int] = field(default_factory=list, init=False, repr=False, compare=False)
    """where each line starts, once somebody has asked: hardly ever, and then maybe for thousands of mistakes"""

    def mark(self, offset: int) -> Mark:
        """Line and column of a character; those of YAML, which counts no byte order marks."""
        if not self._lines:
            self._lines.extend((0, *(found.end() for found in _LINE_BREAK.finditer(self.text))))
        line = bisect_right(self._lines, offset)
        start = self._lines[line - 1]
        return Mark(file=self.file, line=line, column=offset - start - self.text.count("\ufeff", start, offset) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A stretch of a file's text, end exclusive."""

    text: str
    start: int
    end: int

    def __repr__(self) -> str:
        """Only where it stands: the text may be anything."""
        return f"Source({self.start}, {self.end})"


_LINE_BREAK = re.compile(r"\n|\r(?!\n)")


_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")
_BLOCK_HEADER = re.compile(r"[|>][^\n]*\n")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\n[ \t]*)|(.))", re.DOTALL)
_NAMED = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def offset_of(source: Source, value: str, index: int) -> int | None:
    """Offset into `source.text` of `value[index]`; for `index == len(value)` the one after the last character."""
    written = tuple(_written(source))
    solid = [place for place, (sign, _) in enumerate(written) if not sign.isspace()]
    spelt = "".join(written[place][0] for place in solid)
    if not value or not written or not spelt.startswith("".join(sign for sign in value if not sign.isspace())):
        return None if value else _start(source)
    wanted = min(max(index, 0), len(value))
    if wanted == len(value):
        return written[_place(value, wanted - 1, solid, len(written))][1] + 1
    return written[_place(value, wanted, solid, len(written))][1]


def _place(value: str, index: int, solid: list[int], length: int) -> int:
    """Which of the written characters is `value[index]`; white space hangs on the word before it."""
    before = sum(not sign.isspace() for sign in value[:index])
    if not value[index].isspace():
        return solid[before]
    blanks = index - len(value[:index].rstrip())
    first = solid[before - 1] + 1 if before else 0
    limit = solid[before] if before < len(solid) else length
    return max(min(first + blanks, limit - 1), 0)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column from one."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _start(source: Source) -> int:
    properties = _PROPERTIES.match(source.text, source.start, source.end)
    return properties.end() if properties else source.start


def _written(source: Source) -> Iterator[tuple[str, int]]:
    """The characters that the file spells out, each with its offset."""
    start, end, text = _start(source), source.end, source.text
    style = text[start : min(start + 1, end)]  # a plain scalar begins with none of these
    if style in ("|", ">"):
        header = _BLOCK_HEADER.match(text, start, end)
        yield from ((text[at], at) for at in range(header.end() if header else end, end))
    elif style == "'":
        yield from _single_quoted(text, start + 1, end - 1)
    elif style == '"':
        yield from _double_quoted(text, start + 1, end - 1)
    else:
        yield from ((text[at], at) for at in range(start, end))


def _single_quoted(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    at = start
    while at < end:
        yield text[at], at
        at += 2 if text[at] == "'" else 1


def _double_quoted(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    at = start
    while at < end:
        escape = _ESCAPE.match(text, at, end)
        if escape is None:
            yield text[at], at
            at += 1
            continue
        byte, short, long, joint, letter = escape.groups()
        if code := byte or short or long:
            yield chr(int(code, 16)), at
        elif joint is None:
            yield _NAMED.get(letter, letter), at
        at = escape.end()
