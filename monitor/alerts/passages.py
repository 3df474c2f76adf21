"""Where the matches stand: evidence turned into marked pieces of text, and cut so that they can be read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from monitor.model.alerts import AlertContent, Marked, Passage
from monitor.model.rules import Evidence
from monitor.text.cutting import word_end, word_start

MOST_PASSAGES = 3
LONGEST_PASSAGE = 300
"""characters of a passage, ellipses included"""
_CONTEXT = 80  # characters wanted on each side of a match
_NEAR = 40  # passages with less than this between them read better as one
_ELLIPSIS = "…"
_ROOM = LONGEST_PASSAGE - 2 * len(_ELLIPSIS + " ")


def mark_title(content: AlertContent) -> tuple[Marked, ...]:
    """The alert's title with the matches marked; joined, the pieces are the title. There is at least one."""
    spans = _spans(content, "title") if content.title == content.text.title else ()
    return _pieces(content.title, 0, len(content.title), spans) or (Marked(words=content.title),)


def passages(content: AlertContent) -> tuple[Passage, ...]:
    """At most three stretches of summary and body, in their order, with every match in them marked.

    What shows a part of the query that the title and earlier passages do not show goes first into the choice.
    Evidence outside the text is passed over. A title that the alert does not show gives passages as well.
    """
    is_title_shown = content.title == content.text.title
    fields = ("summary", "body") if is_title_shown else ("title", "summary", "body")
    windows = [window for name in fields for window in _windows(content, name)]
    shown = {part for span in _spans(content, "title") for part in span.parts} if is_title_shown else set[str]()
    return tuple(_passage(content, window) for window in _choose(content, windows, shown))


def matched_words(content: AlertContent) -> tuple[str, ...]:
    """The words found, each once whatever its case, in reading order; behind them parts like `tag:russia`."""
    found: dict[str, str] = {}
    for name in ("title", "summary", "body"):
        text = _field(content, name) or ""
        for span in _spans(content, name):
            words = " ".join(text[span.start : span.end].split())
            found.setdefault(words.casefold(), words)
    for one in content.evidence:
        if _field(content, one.field) is None:
            found.setdefault(one.part.casefold(), one.part)
    return tuple(words for key, words in found.items() if key)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """A stretch to be marked, and the parts of the query found in it."""

    start: int
    end: int
    parts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """A stretch to be shown."""

    field: str
    start: int
    end: int
    spans: tuple[_Span, ...]


def _field(content: AlertContent, name: str) -> str | None:
    match name:
        case "title":
            return content.text.title
        case "summary":
            return content.text.summary
        case "body":
            return content.text.body
        case _:
            return None


def _spans(content: AlertContent, name: str) -> tuple[_Span, ...]:
    """The evidence of one field in order, merged where it touches; what lies outside the text is left out."""
    text = _field(content, name) or ""
    inside = sorted(one for one in content.evidence if one.field == name and 0 <= one.start < one.end <= len(text))
    return tuple(_merged(inside))


def _merged(evidence: Iterable[Evidence]) -> Iterator[_Span]:
    start, end = -1, -1
    parts: set[str] = set()
    for one in evidence:
        if one.start > end:
            if parts:
                yield _Span(start=start, end=end, parts=frozenset(parts))
            start, end, parts = one.start, one.end, set()
        end = max(end, one.end)
        parts.add(one.part)
    if parts:
        yield _Span(start=start, end=end, parts=frozenset(parts))


def _windows(content: AlertContent, name: str) -> list[_Window]:
    text = _field(content, name) or ""
    windows: list[_Window] = []
    for span in _spans(content, name):
        start, end = _reach(text, span)
        if not windows:
            windows.append(_Window(field=name, start=start, end=end, spans=(span,)))
            continue
        last = windows[-1]
        if start - last.end <= _NEAR and end - last.start <= _ROOM:
            windows[-1] = replace(last, end=end, spans=(*last.spans, span))
            continue
        # The one before must not run into this match: a match is shown whole and marked, or not at all.
        border = min(last.end, span.start)
        windows[-1] = replace(last, end=border)
        windows.append(_Window(field=name, start=max(start, border), end=end, spans=(span,)))
    return windows


def _reach(text: str, span: _Span) -> tuple[int, int]:
    """What to show around one match; of one that alone is too long, the beginning."""
    context = min(_CONTEXT, (_ROOM - (span.end - span.start)) // 2)
    if context < 0:
        return span.start, span.start + _ROOM
    return (
        word_start(text, span.start - context, span.start),
        word_end(text, span.end + context, span.end),
    )


def _choose(content: AlertContent, windows: list[_Window], shown: set[str]) -> list[_Window]:
    telling: list[_Window] = []
    others: list[_Window] = []
    for window in windows:
        parts = {part for span in window.spans for part in span.parts}
        (telling if parts - shown else others).append(window)
        shown |= parts
    chosen: list[_Window] = []
    texts: list[str] = []
    for window in telling + others:
        words = (_field(content, window.field) or "")[window.start : window.end]
        # Many feeds repeat the summary at the head of the body: to read it once is enough.
        if not any(words in text for text in texts):
            chosen.append(window)
            texts.append(words)
        if len(chosen) == MOST_PASSAGES:
            break
    return [window for window in windows if window in chosen]


def _passage(content: AlertContent, window: _Window) -> Passage:
    text = _field(content, window.field) or ""
    before = (Marked(words=_ELLIPSIS + " "),) if text[: window.start].strip() else ()
    after = (Marked(words=" " + _ELLIPSIS),) if text[window.end :].strip() else ()
    pieces = _pieces(text, window.start, window.end, window.spans)
    return Passage(field=window.field, pieces=before + pieces + after)


def _pieces(text: str, start: int, end: int, spans: Iterable[_Span]) -> tuple[Marked, ...]:
    """`text[start:end]` in pieces, those of `spans` marked."""
    pieces: list[Marked] = []
    at = start
    for span in spans:
        until = min(span.end, end)
        pieces.append(Marked(words=text[at : span.start]))
        pieces.append(Marked(words=text[span.start : until], is_match=True))
        at = until
    pieces.append(Marked(words=text[at:end]))
    return tuple(piece for piece in pieces if piece.words)
