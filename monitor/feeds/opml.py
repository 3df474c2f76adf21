"""Lists of feeds as OPML, which every feed reader writes: read with bounds, and written.

Read with expat rather than listparser 0.20 (tried): that takes a list which was broken off for a whole one, reads
UTF-8 alone, tells no lines, and takes the square of the number of categories (10,000 of them: 3 s). A hostile list
costs expat one pass, so it needs no worker process.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from monitor.feeds.charset import CharsetRefused, decode
from monitor.feeds.mend import declares_entities, mended
from monitor.text.plain import plain_line, shorten

LARGEST = 5_000_000
"""bytes of one list"""
MOST = 25_000
"""outlines of one list"""
_LONGEST_TEXT = 2_000
_MOST_CATEGORIES = 20
_ENTITIES = "it declares entities, which no list of feeds needs"
_LISTS = frozenset({"include", "link"})
"""kinds of outline that name another list, not a feed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One feed in a list, as it is stated: nothing in it was checked. `url` may be empty."""

    title: str
    url: str
    categories: tuple[str, ...] = ()
    """its own, then the folders it lies in, outermost first"""
    language: str = ""
    line: int = 0
    """where it stands, from 1"""
    is_list: bool = False
    """it names a further list instead of a feed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoList:
    """A document that is no list of feeds; nothing of it was used."""

    reason: str
    line: int = 0
    """0: nowhere in particular"""


def read(body: bytes) -> tuple[Subscription, ...] | NoList:
    """Every outline that is or should be a feed, in document order. Raises nothing, whatever the document says."""
    text = _text(body)
    if isinstance(text, NoList):
        return text
    reading = _Reading()
    try:
        reading.parser.Parse(mended(text), True)
    except _Stopped as stopped:
        return NoList(reason=str(stopped), line=reading.line)
    except expat.ExpatError as error:
        return NoList(reason=f"not well-formed XML: {expat.ErrorString(error.code)}", line=error.lineno)
    return tuple(reading.found)


def write(subscriptions: Iterable[Subscription], *, title: str) -> str:
    """The list as OPML 2.0, a line a feed."""
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", '<opml version="2.0">']
    lines += [f"<head><title>{escape(title)}</title></head>", "<body>"]
    lines += [f"  <outline {_attributes(one)}/>" for one in subscriptions]
    return "\n".join([*lines, "</body>", "</opml>", ""])


def _text(body: bytes) -> str | NoList:
    if len(body) > LARGEST:
        return NoList(reason=f"larger than {LARGEST // 1_000_000} MB")
    if not body.strip():
        return NoList(reason="empty")
    try:
        text = decode(body, "")
    except CharsetRefused as refused:
        return NoList(reason=str(refused))
    return NoList(reason=_ENTITIES) if declares_entities(text) else text


def _attributes(one: Subscription) -> str:
    stated = {
        "type": "rss",
        "text": one.title,
        "title": one.title,
        "xmlUrl": one.url,
        "category": ",".join(one.categories),
        "language": one.language,
    }
    return " ".join(f"{name}={quoteattr(value)}" for name, value in stated.items() if value)


class _Stopped(Exception):
    """Reading ends here, and why."""


@dataclass(slots=True, kw_only=True)
class _Open:
    """An outline whose end is not read yet."""

    title: str
    line: int
    is_feed: bool
    kind: str
    folders: tuple[str, ...]
    """of what lies in it; short, so that a list nested ten thousand deep does not cost the square of that"""
    has_children: bool = False


@dataclass(slots=True)
class _Reading:
    """Follows the parser through one document."""

    found: list[Subscription] = field(default_factory=list)
    parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)
    line: int = 0
    _open: list[_Open] = field(default_factory=list)
    _count: int = 0
    _has_root: bool = False

    def __post_init__(self) -> None:
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        # Whatever the look at the prolog missed: an entity is refused where it is declared.
        self.parser.EntityDeclHandler = self._refuse_entity

    def _refuse_entity(self, *_: object) -> None:
        self._stop(_ENTITIES)

    def _stop(self, why: str) -> None:
        self.line = self.parser.CurrentLineNumber
        raise _Stopped(why)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._has_root:
            self._has_root = True
            if name.lower() != "opml":
                self._stop("not OPML: a list of feeds begins with <opml>")
        if name.lower() != "outline":
            return
        self._count += 1
        if self._count > MOST:
            self._stop(f"more than {MOST:,} outlines")
        self._outline({key.lower(): value[:_LONGEST_TEXT].strip() for key, value in attributes.items()})

    def _outline(self, stated: dict[str, str]) -> None:
        parent = self._open[-1] if self._open else None
        if parent:
            parent.has_children = True
        folders = parent.folders if parent else ()
        title = shorten(plain_line(stated.get("text") or stated.get("title", "")), 200)
        kind = stated.get("type", "").lower()
        # Some programs write a feed's address into `url`, where the format keeps that of a further list.
        url = stated.get("xmlurl") or (stated.get("url", "") if kind in ("rss", "atom") else "")
        one = _Open(
            title=title,
            line=self.parser.CurrentLineNumber,
            is_feed=bool(url) or "xmlurl" in stated or kind in ("rss", "atom"),
            kind=kind,
            folders=(*folders, title)[:_MOST_CATEGORIES] if title else folders,
        )
        if one.is_feed:
            own = stated.get("category", "").replace("/", ",").split(",", _MOST_CATEGORIES)
            stated_categories = (word.strip() for word in (*own[:_MOST_CATEGORIES], *folders))
            self.found.append(
                Subscription(
                    title=title,
                    url=url,
                    categories=tuple(dict.fromkeys(filter(None, stated_categories))),
                    language=stated.get("language", ""),
                    line=one.line,
                )
            )
        self._open.append(one)

    def _end(self, name: str) -> None:
        if name.lower() != "outline":
            return
        one = self._open.pop()
        if not one.is_feed and not one.has_children:
            # A folder of nothing, or a feed whose address got lost: people must hear of the latter.
            is_list = one.kind in _LISTS
            self.found.append(Subscription(title=one.title, url="", line=one.line, is_list=is_list))
