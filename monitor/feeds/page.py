"""A web page that is no feed: which feeds it names, and what it says of itself."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from monitor.feeds.charset import CharsetRefused, decode
from monitor.text.plain import plain_line, shorten

LARGEST = 1_000_000
"""bytes of a page that are looked at; links to feeds stand in its head"""
MOST = 20
"""feeds of one page"""

_TYPES = frozenset(
    (
        *("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"),
        *("application/xml", "text/xml", "text/rss+xml", "text/atom+xml", "application/x-rss+xml"),
    )
)
_JSON = "application/json"
"""the type of JSON Feed 1.0, and of much that is no feed: it counts where the address says so too"""
_PIECE = 65_536
_LONGEST = 2_000
_OPENING = 4_000
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body")
_FEED = (b"<rss", b"<feed", b"<rdf:rdf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A feed that a page names; whether it is one is not known yet."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says."""

    feeds: tuple[Linked, ...] = ()
    """in its order, each address once"""
    title: str = ""
    """the name of the site where it is said, else the title of the page"""
    language: str = ""


def is_page(body: bytes, content_type: str) -> bool:
    """Whether a document is a page for people, and not a feed, whatever its server calls it."""
    opening = body[:_OPENING].lower()
    if any(mark in opening for mark in _FEED):
        return False
    return any(mark in opening for mark in _MARKUP) or content_type.lower().startswith("text/html")


def read_page(body: bytes, content_type: str, url: str) -> Page:
    """The page at `url`, as far as it can be read: this raises nothing, whatever stands in it."""
    reading = _Reading()
    text = _text(body[:LARGEST], content_type)
    try:
        for start in range(0, len(text), _PIECE):
            reading.feed(text[start : start + _PIECE])
    except (AssertionError, ValueError, RecursionError):  # seen from html.parser for broken declarations
        pass
    # An address that is not closed leaves its base as it was; a page without one is its own.
    base = _joined(url, reading.base) or url
    found = {address: title for href, title in reversed(reading.links) if (address := _joined(base, href))}
    in_order = [address for address in dict.fromkeys(_joined(base, href) for href, _ in reading.links) if address]
    return Page(
        feeds=tuple(Linked(url=address, title=_line(found[address])) for address in in_order[:MOST]),
        title=_line(reading.site) or _line(reading.title),
        language=reading.language[:40].strip(),
    )


@dataclass
class _Reading(HTMLParser):
    """Follows one page. Not slotted: its library's class has attributes of its own."""

    links: list[tuple[str, str]] = field(default_factory=list)
    base: str = ""
    title: str = ""
    site: str = ""
    language: str = ""
    _is_in_title: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element begins."""
        if tag not in ("link", "base", "html", "meta", "title", "body"):
            return
        stated = {name: (value or "").strip()[:_LONGEST] for name, value in reversed(attrs)}
        match tag:
            case "link" if len(self.links) < _LONGEST and _is_feed(stated):
                self.links.append((stated["href"], stated.get("title", "")))
            case "base":
                self.base = self.base or stated.get("href", "")
            case "html":
                self.language = self.language or stated.get("lang", "") or stated.get("xml:lang", "")
            case "meta" if stated.get("property", "").lower() == "og:site_name":
                self.site = self.site or stated.get("content", "")
        self._is_in_title = tag == "title" and not self.title

    def handle_endtag(self, tag: str) -> None:
        """One element ends."""
        if tag == "title":
            self._is_in_title = False

    def handle_data(self, data: str) -> None:
        """Text between elements."""
        if self._is_in_title and len(self.title) < _LONGEST:
            self.title += data[:_LONGEST]


def _is_feed(stated: dict[str, str]) -> bool:
    relations = stated.get("rel", "").lower().split()
    kind = stated.get("type", "").partition(";")[0].strip().lower()
    href = stated.get("href", "")
    if not href or "stylesheet" in relations:
        return False
    is_json_feed = kind == _JSON and "feed" in href.lower()
    return ("alternate" in relations and (kind in _TYPES or is_json_feed)) or "feed" in relations


def _joined(base: str, href: str) -> str:
    """The whole address, without its fragment; empty where it is none that can be fetched."""
    href = re.sub(r"[\t\r\n]", "", href).strip()
    if href.lower().startswith("feed:"):
        rest = href[5:]
        href = f"http:{rest}" if rest.startswith("//") else rest
    try:
        parts = urlsplit(urljoin(base, href))
        return parts._replace(fragment="").geturl() if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def _text(body: bytes, content_type: str) -> str:
    meta = _META.search(body[:_OPENING])
    if meta and "charset" not in content_type.lower():
        content_type = f"{content_type or 'text/html'}; charset={meta[1].decode('ascii')}"
    try:
        return decode(body, content_type)
    except CharsetRefused:
        return body.decode("latin-1")  # what is looked for is ASCII


def _line(text: str) -> str:
    return shorten(plain_line(text), 200)
