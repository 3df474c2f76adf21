"""Readable plain text out of what feeds state: markup removed, no word lost, nothing invisible kept."""

import html as entities
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from monitor.text.simple_markup import without_simple_tags

if TYPE_CHECKING:
    import nh3


def plain_text(html: str) -> str:
    """Return the text of an HTML fragment, a line for each block, without scripts, styles and comments.

    Any string is accepted. Text without a single tag keeps its own line breaks; text whose tags were escaped twice
    by the feed is read as the markup it was meant to be.
    """
    text = _without_controls(html)
    if _ANY_TAG.search(text):
        text = _untagged(text)
    elif "&" in text:
        text = _without_controls(entities.unescape(text))
        if _PAIR.search(text) is None:
            return _lines(_composed(text))
        text = _untagged(text)
    if "&" in text:
        text = _without_controls(entities.unescape(text))
    return _lines(_composed(text))


def plain_line(html_or_text: str) -> str:
    """Return a title as one line.

    Nobody can tell whether a title is text or HTML, so only what is certainly a tag goes: a known element, closed by
    `>`. `AT&T <3 you` and `if a < b` stay whole. A title escaped twice is unescaped twice; elements that show up
    only then are removed where they come in pairs (`<b>…</b>`) and are left as words where they stand alone.
    """
    text = html_or_text
    if text.isascii() and text.isprintable() and "<" not in text and "&" not in text:
        return _spaced(text)
    text = _without_controls(text)
    if _TAG.search(text) or "<!--" in text:
        text = _untagged(_NO_TAG.sub("&lt;", text))
    for _ in range(_ESCAPES):
        if "&" not in text:
            break
        text = entities.unescape(text)
        for _ in range(_NESTING):
            text = _PAIR.sub(r"\2", text)
    return _spaced(clean(text))


def clean(text: str) -> str:
    r"""Return `text` in NFC without control characters, lone surrogates, direction overrides and byte order marks.

    Line ends become `\n`, other white controls a space. A clean text comes back as it was.
    """
    return _composed(_without_controls(text))


def _composed(text: str) -> str:
    """Return text that has no controls in NFC, without more marks on a letter than can be meant."""
    if text.isascii():
        return text
    if _MARKS_THROUGHOUT.search(text[::_STEP]):
        text = _MANY_MARKS.sub(_with_fewer_marks, text)
    normal = unicodedata.normalize("NFC", text)
    # Composing anew may set a mark free: what is clean shall stay as it is when it is cleaned again.
    return normal if normal == text else _MANY_MARKS.sub(_with_fewer_marks, normal)


def shorten(text: str, limit: int) -> str:
    """Return at most `limit` code points of `text`, cut after a word and ended by `…` where something was left out."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    head = text[:limit]
    cut = head.rfind(" ", limit // 2)
    return (head[:cut] if cut > 0 else head[: limit - 1]).rstrip(" ,;:-–—") + "…"


_MOST_MARKS = 30
"""Combining marks in a row, as in stream-safe text (UAX 15): normalising takes the square of their number."""
_NO_LETTER = r"[^\w\s\x00-\x7f]"
"""What no word, blank or ASCII sign belongs to: all marks, and few other signs, are found by this in one pass."""
_MANY_MARKS = re.compile(f"{_NO_LETTER}{_NO_LETTER}{{{_MOST_MARKS},}}")
"""The first stands apart because it is what the search runs to; a repetition alone it would try at every place."""
_STEP = _MOST_MARKS // 2
_MARKS_THROUGHOUT = re.compile(f"{_NO_LETTER}{{2}}")
"""Too many in a row are met twice in a row by who looks at each fifteenth sign only."""


def _with_fewer_marks(run: re.Match[str]) -> str:
    """Leave out the marks after the thirtieth of one letter."""
    kept: list[str] = []
    marks = 0
    for sign in run[0]:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


_ESCAPES = 2
_NESTING = 8
"""Pairs within pairs that a title is freed of; a bound, because every layer is a pass over the text."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\t\u2028\u2029\ud800-\udfff\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)
_ASCII_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if code != ord("\n"))
_BECOMES = {"\t": " ", "\x0b": " ", "\x0c": " ", "\r": "\n", "\u2028": "\n", "\u2029": "\n"}
"""All other invisible characters become nothing."""


def _without_controls(text: str) -> str:
    # Most texts have none, which the search is not the quickest way to know.
    if text.isascii():
        if len(text.encode("ascii").translate(None, _ASCII_CONTROLS)) == len(text):
            return text
    elif text.replace("\n", " ").isprintable() or _INVISIBLE.search(text) is None:
        return text
    text = text.replace("\r\n", "\n")
    return _INVISIBLE.sub(lambda sign: _BECOMES.get(sign[0], ""), text)


_BLOCK_NAMES = (
    "address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section summary table tr ul"
)
_INLINE_NAMES = (
    "a abbr acronym b bdi bdo big cite code del dfn em embed font i iframe img ins kbd mark math noscript object q s "
    "samp script small source span strike strong style sub sup svg tbody td tfoot th thead time title tt u var video"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_UNREAD = frozenset({"script", "style", "template"})

_NAMES = "|".join((*_BLOCK_NAMES.split(), *_INLINE_NAMES.split()))
_TAG = re.compile(rf"</?(?:{_NAMES})(?:[\s/][^<>]*)?>", re.IGNORECASE)
_NO_TAG = re.compile(rf"<(?!/?(?:{_NAMES})(?:[\s/][^<>]*)?>|!--)", re.IGNORECASE)
_PAIR = re.compile(rf"<({_NAMES})(?:\s[^<>]*)?>([^<]*)</\1\s*>", re.IGNORECASE)
_KEPT_TAG = re.compile(r"<[^<>]*>")
_CELL = re.compile(r"<(?=t[dhr]\b)", re.IGNORECASE)
"""Cells outside a table are no elements to a tree parser: the space is put in before it sees them."""

_MOST_TAGS = 10_000
"""A tree parser takes time by the square of the depth of nesting: 0.7 s at this many open tags, 22 s at 100,000."""


@cache
def _cleaner() -> "nh3.Cleaner":
    """Return the parser, loaded when markup first appears."""
    import nh3

    return nh3.Cleaner(
        tags=_BLOCKS,
        clean_content_tags=_UNREAD,
        attributes={},
        link_rel=None,
    )


def _untagged(html: str) -> str:
    """Remove the tags, each block becoming a line; character references stay as they are, or leave no controls."""
    html = _spaced(html.replace("\n", " "))
    simple = without_simple_tags(html)
    return _without_controls(_untagged_by_tree(html)) if simple is None else simple


def _untagged_by_tree(html: str) -> str:
    """The same for any markup whatever, in single blanks."""
    html = _CELL.sub(" <", html)
    kept = _cleaner().clean(html) if html.count("<") <= _MOST_TAGS else _roughly_untagged(html)
    return _KEPT_TAG.sub("\n", kept)


def _roughly_untagged(html: str) -> str:
    """Remove what looks like tags in one pass, for documents too deep for a tree. A lone `<` becomes `&lt;`."""
    pieces: list[str] = []
    at = 0
    while (opened := html.find("<", at)) >= 0:
        pieces.append(html[at:opened])
        tag = _ANY_TAG.match(html, opened)
        if tag is None:
            pieces.append("&lt;")
            at = opened + 1
            continue
        name = tag[1].lower()
        closer = "-->" if name == "!--" else f"</{name}" if name in _UNREAD else ">"
        at = _end_of(html, closer, opened)
        pieces.append("\n" if name.lstrip("/") in _BLOCKS else "")
    return "".join((*pieces, html[at:]))


_ANY_TAG = re.compile(r"<(!--|/?[A-Za-z][A-Za-z0-9]*|[!?])")


def _end_of(html: str, closer: str, start: int) -> int:
    """Return where the text goes on after `closer`; at the end where it never comes, which ends the search too."""
    match = re.compile(re.escape(closer), re.IGNORECASE).search(html, start)
    if match is None:
        return len(html)
    return _end_of(html, ">", match.start()) if closer.startswith("</") else match.end()


def _lines(text: str) -> str:
    """Return the lines of clean text with single spaces and without empty lines."""
    if "\n" not in text:
        return _spaced(text)
    lines = text.split("\n")
    if "  " not in text and (text.isascii() or text.replace("\n", " ").isprintable()):
        return "\n".join(stripped for line in lines if (stripped := line.strip()))
    return "\n".join(spaced for line in lines if (spaced := " ".join(line.split())))


def _spaced(text: str) -> str:
    """Return a text without controls with single blanks for all white space.

    What has no line ends, and is ASCII or can be printed, has blanks alone for white space.
    """
    if "  " in text or not (text.isprintable() if not text.isascii() else "\n" not in text):
        return " ".join(text.split())
    return text.strip()
