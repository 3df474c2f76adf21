"""Regular expressions of users, by RE2: time grows with the text and no faster, whatever the expression.

Python's own `re` takes exponential time on some expressions and is never used on what a user wrote.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import re2

LONGEST_PATTERN = 500
"""characters"""
_MOST_MEMORY = 1 << 20
"""bytes of one expression with its automaton, compiled: what RE2 is told not to exceed"""
_LARGEST_PROGRAM = 5_000
"""instructions of RE2: what its slowest engine does for each character of a text"""
_MOST_FOUND = 2_000
"""occurrences looked at in one text: each is a search of its own, and may read to the end of the text"""
_LEAST_LITERAL = 3


class _Found(Protocol):
    def span(self) -> tuple[int, int]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression, ready to search."""

    finditer: Callable[[str], Iterable[_Found]]
    required: str
    """characters that a matching text has after `str.casefold`; empty where none are known"""

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield (start, end) in code points, end exclusive, from left to right; what is empty is no place.

        Of a text with more than 2,000 occurrences the first 2,000 are found.
        """
        if not text.isascii() and _SURROGATE.search(text):
            text = _SURROGATE.sub("\ufffd", text)
        found = (one.span() for one in islice(self.finditer(text), _MOST_FOUND))
        return ((start, end) for start, end in found if end > start)


def compile_pattern(pattern: str) -> Pattern | str:
    r"""Return the expression ready to search, or what is wrong with it.

    Case counts only where the expression has a capital letter or says `(?-i)`. `^` and `$` are the ends of the text,
    `.` is no line end, and `\b`, `\w`, `\d` know ASCII only; `\pL` is a letter of any script.
    """
    if len(pattern) > LONGEST_PATTERN:
        return f"a regular expression has {LONGEST_PATTERN} characters at most"
    if _SURROGATE.search(pattern):
        return "a regular expression with half a character (an unpaired surrogate) finds nothing"
    options = re2.Options()
    options.max_mem = _MOST_MEMORY
    options.log_errors = False
    options.case_sensitive = any(sign.isupper() for sign in _ESCAPED.sub("", pattern))
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        return _wrong(error.args[0] if error.args else "")
    if compiled.programsize > _LARGEST_PROGRAM:
        return "this regular expression is too large; say less, or let {…} repeat less"
    if compiled.search("") is not None:
        return "this regular expression is satisfied by nothing at all, so it would match every text"
    return Pattern(finditer=compiled.finditer, required=required_literal(pattern))


_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\[pP]\{[^}]*\}|\\[pP].|\\x\{[^}]*\}|\\x..|\\.|\[:\^?\w+:\]|\(\?P?<\w+>", re.DOTALL)


def _wrong(what: object) -> str:
    text = what.decode("utf-8", "replace") if isinstance(what, bytes) else str(what)
    if "too large" in text:
        return "this regular expression is too large; say less, or let {…} repeat less"
    if "(?" in text:
        return f"RE2 has no look-around and no conditions, so that no search takes for ever: {text}"
    if "escape" in text:
        return f"RE2 does not know this escape (there are no back-references): {text}"
    return f"not a regular expression of RE2: {text}"


def required_literal(pattern: str) -> str:
    """Return the longest run of characters, casefolded, that every match has; empty where none is certain.

    Reads the outermost level only, and gives up at alternatives and at what it does not know.
    """
    runs: list[str] = [""]
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "|" or pattern.startswith(("\\Q", "\\C"), at):
            return ""
        at, literal = _atom(pattern, at)
        optional, at, is_repeated = _repetition(pattern, at)
        if literal and not optional:
            runs[-1] += literal
        if not literal or optional or is_repeated:
            runs.append("")
    longest = max(runs, key=len)
    return longest if len(longest) >= _LEAST_LITERAL else ""


def _atom(pattern: str, at: int) -> tuple[int, str]:
    """Return where the atom at `at` ends and the one character it stands for, empty where it is none."""
    sign = pattern[at]
    if sign == "\\":
        return _escape(pattern, at)
    if sign == "[":
        return _class_end(pattern, at), ""
    if sign == "(":
        return _group_end(pattern, at), ""
    if sign in ".^$":
        return at + 1, ""
    return at + 1, _folded(sign)


def _escape(pattern: str, at: int) -> tuple[int, str]:
    sign = pattern[at + 1 : at + 2]
    if sign and not sign.isalnum():
        return at + 2, _folded(sign)
    named = _NAMED.match(pattern, at)
    return (named.end() if named else len(pattern)), ""


_NAMED = re.compile(r"\\[pPx]\{[^}]*\}|\\x..|\\[pP].|\\[0-7]{1,3}|\\.", re.DOTALL)
"""an escape that is no sign standing for itself"""


def _class_end(pattern: str, at: int) -> int:
    """Return where a class in brackets ends; a ] that comes first belongs to it."""
    at += 2 if pattern.startswith("[^", at) else 1
    at += pattern.startswith("]", at)
    while at < len(pattern) and pattern[at] != "]":
        if pattern.startswith("[:", at) and (closed := pattern.find(":]", at)) > 0:
            at = closed + 2
        else:
            at += 2 if pattern[at] == "\\" else 1
    return at + 1


def _group_end(pattern: str, at: int) -> int:
    depth = 0
    while at < len(pattern):
        if pattern[at] == "[":
            at = _class_end(pattern, at)
            continue
        if pattern[at] == "\\":
            at += 2
            continue
        depth += {"(": 1, ")": -1}.get(pattern[at], 0)
        at += 1
        if depth == 0:
            break
    return at


_REPETITION = re.compile(r"(?:([*?])|(\+)|\{(\d+)(,\d*)?\})\??")


def _repetition(pattern: str, at: int) -> tuple[bool, int, bool]:
    """Return whether the atom before may be missing, where its repetitions end, and whether there were any."""
    optional = is_repeated = False
    while found := _REPETITION.match(pattern, at):
        optional = optional or bool(found[1]) or (found[3] is not None and not found[3].strip("0"))
        is_repeated = True
        at = found.end()
    return optional, at, is_repeated


def _folded(sign: str) -> str:
    folded = sign.casefold()
    return folded if len(folded) == 1 else ""
