"""Plain documents, read as feedparser reads them, at an eighth of the cost; all others are left to feedparser.

Most feeds are well-formed RSS or Atom that says what it says in a few elements. What feedparser makes of those is made
here from the same parser of XML, which puts up a tree of some entries at a time. Anything else (elements that mean
something within others, bases that change, a known prefix for something else) is `Unusual`: then None comes back, and
feedparser reads the whole. `tests/test_feeds_plain.py` holds the two against each other, over elements in any order
and number.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from monitor.feeds.bounded import Found
from monitor.feeds.fields import ENTRIES_LIMIT
from monitor.feeds.plain_elements import attributes_of, text_of
from monitor.feeds.plain_entries import Entries
from monitor.feeds.plain_markup import LINKING
from monitor.feeds.plain_names import (
    GROUPS_OF_FEEDS,
    LENDING,
    OF_FEEDS,
    OF_GROUPS,
    PARTS,
    PASSED_OVER_OF_FEEDS,
    TELLING,
    Read,
    Unusual,
)
from monitor.feeds.plain_passed import pass_over, pass_over_parts, pass_over_unknown
from monitor.feeds.plain_readers import READERS
from monitor.feeds.plain_spaces import XLINK, Spaces
from monitor.feeds.plain_values import Values

_CHUNK_BYTES = 262_144
_MOST_ELEMENTS = 200_000
"""that wait for the end of an entry, at a hundred bytes and more each"""
_ROOT = re.compile(rb"(?:<\?xml[^<>]*\?>)?\s*<[^!?]")
_ATOM = "http://www.w3.org/2005/atom"
_RSS_1 = "http://purl.org/rss/1.0/"
_NETSCAPE = "http://my.netscape.com/rdf/simple/0.9/"
_RDF_ROOT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
_OF_RDF = frozenset({"rss10", "rss090"})
_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_VERSIONS_OF_ATOM = {"0.1": "atom01", "0.2": "atom02", "0.3": "atom03"}
_LANG, _LANG_AND_BASE = frozenset({"lang"}), frozenset({"lang", "base"})
_ENTRIES = frozenset({"item", "entry"})
_PICTURES = frozenset({"image", "textinput"})


def parse(document: bytes) -> Found | None:
    """The document, in UTF-8, as feedparser would read it; None where that is not certain. Never raises."""
    reading = _Reading()
    try:
        if not _ROOT.match(document):
            return None
        reading.read(document)
    except (Unusual, ParseError, ArithmeticError, LookupError, TypeError, ValueError):
        return None
    return Found(version=reading.version, feed=reading.feed.raw, entries=reading.entries, error=None)


class _Reading:
    """What has been read of a document so far, and where its entries are."""

    def __init__(self) -> None:
        self.version = ""
        self.entries: list[Mapping[str, object]] = []
        self._spaces = Spaces()
        self._entries = Entries(self._spaces)
        self.feed = Values(spaces=self._spaces, is_entry=False)
        self._root: Element | None = None
        self._home: Element | None = None
        """whose children the entries are, or what states the feed's title; None: not there, or not any more"""
        self._had_home = False
        self._waiting = 0
        self._is_lent = False
        """whether the feed has a summary, by which the next becomes content"""

    def read(self, document: bytes) -> None:
        """Read the whole. Raises Unusual and what the parser raises."""
        parser: XMLPullParser[Element] = XMLPullParser(("start-ns", "start", "pi"))
        for start in range(0, len(document), _CHUNK_BYTES):
            parser.feed(document[start : start + _CHUNK_BYTES])
            self._follow(parser.read_events())
            if start + _CHUNK_BYTES < len(document):
                self._advance(is_end=False)
        parser.close()
        self._follow(parser.read_events())
        self._advance(is_end=True)

    def _follow(self, events: Iterable[tuple[Any, ...]]) -> None:
        """Take note of namespaces and of the root; all else is looked at in the tree."""
        is_linking = False
        for kind, value in events:
            if kind == "start":
                self._waiting += 1
                if is_linking:
                    value.set(LINKING, XLINK)
                    is_linking = False
                if self._root is None:
                    self._root = value
                    self._begin(value)
            elif kind == "start-ns":
                prefix, uri = value
                self._declare(prefix, uri)
                is_linking = is_linking or uri == XLINK
            else:
                raise Unusual
        if self._waiting > _MOST_ELEMENTS:
            raise Unusual

    def _declare(self, prefix: str, uri: str) -> None:
        uri = self._spaces.declare(prefix, uri, is_above=self._root is None)
        if not self.version:
            self.version = {_RSS_1: "rss10", _ATOM: "atom10"}.get(uri, "")
            if not prefix and uri == _NETSCAPE:
                self.version = "rss090"

    def _begin(self, root: Element) -> None:
        stated = attributes_of(root, _LANG_AND_BASE)
        name = self._spaces.named(root.tag)
        if name == "rss":
            if not self.version.startswith("rss"):
                version = stated.get("version", "")
                self.version = _VERSIONS.get(version) or ("rss20" if version.startswith("2.") else "rss")
        elif name == "feed" and self.version in {"", "atom10"}:
            self.version = self.version or _VERSIONS_OF_ATOM.get(stated.get("version", ""), "atom")
            self._had_home = True
            self._home = root
        elif root.tag != _RDF_ROOT or self.version not in _OF_RDF:
            raise Unusual
        self.feed.is_atom = self.version == "atom10"
        self.feed.rebase(stated)
        self.feed.is_based = self.feed.base != ""
        if language := stated.get("lang"):
            self.feed.language = language
            if root.tag != _RDF_ROOT:  # feedparser looks for that one under a name that it has no more by then
                self.feed.raw["language"] = language.replace("_", "-")

    def _advance(self, *, is_end: bool) -> None:
        """Read what is complete, and drop it."""
        root = self._root
        if root is None:
            return
        if self._home is root:
            self._drain(root, is_end=is_end)
            return
        complete = len(root) if is_end else len(root) - 1
        for place, child in enumerate(root):
            self._read_above(child, is_complete=place < complete)
        del root[: max(complete, 0)]

    def _drain(self, home: Element, *, is_end: bool) -> None:
        complete = len(home) if is_end else len(home) - 1
        if complete > 0:
            for child in home[:complete]:
                self._read_below(child)
            del home[:complete]
            self._waiting = 0

    def _read_above(self, child: Element, *, is_complete: bool) -> None:
        """The channel within the root, or what stands beside the channel in RSS 1.0."""
        name = self._spaces.named(child.tag)
        if name == "channel" and not self._had_home:
            if "lang" in attributes_of(child, _LANG):
                raise Unusual
            self._had_home = True
            self._home = child
        if child is self._home:
            self._drain(child, is_end=is_complete)
            if is_complete:
                self._home = None
        elif is_complete:
            self._waiting = 0
            if name in _ENTRIES and self.version in _OF_RDF:
                self._read_entry(child, 2)
            elif name in OF_FEEDS:
                raise Unusual
            else:
                attributes_of(child, _LANG)
                self._pass_over(child, name, 2)

    def _read_below(self, child: Element) -> None:
        """What stands in the channel, or in an Atom feed."""
        depth = 2 if self._home is self._root else 3
        name = self._spaces.named(child.tag)
        if name in _ENTRIES:
            self._read_entry(child, depth)
        elif name in GROUPS_OF_FEEDS:
            attributes_of(child)
            for part in child:
                if OF_FEEDS.get(self._spaces.named(part.tag), Read.HOUR) not in OF_GROUPS:
                    raise Unusual
                self._read_value_of_feed(part, depth + 1)
        else:
            self._read_value_of_feed(child, depth)

    def _read_value_of_feed(self, child: Element, depth: int) -> None:
        name = self._spaces.named(child.tag)
        read = OF_FEEDS.get(name)
        if read is None:
            self._pass_over(child, name, depth)
        else:
            READERS[read](self.feed, child, depth)

    def _read_entry(self, element: Element, depth: int) -> None:
        if len(self.entries) > ENTRIES_LIMIT:
            raise Unusual
        self.entries.append(self._entries.read(element, depth, self.feed).raw)

    def _pass_over(self, element: Element, name: str, depth: int) -> None:
        """Something of the feed that changes nothing of what is read."""
        feed = self.feed
        if name in PARTS:
            if name in _PICTURES:
                feed.title_depth = -1
            elif name == "itunes_owner" and not self.version.startswith("rss"):
                raise Unusual  # feedparser makes an author of the owner, whom the entries of Atom inherit
            pass_over_parts(element, PARTS[name], self._spaces)
            if any(self._spaces.named(part.tag) == "title" and text_of(part) for part in element):
                feed.title_depth = depth + 1
        elif name in PASSED_OVER_OF_FEEDS:
            pass_over(element)
            if name in LENDING and self._is_lent and not feed.has_content:
                feed.has_content = True
            elif name == "itunes_summary":
                self._is_lent = True
        elif name in TELLING:
            raise Unusual
        else:
            pass_over_unknown(element, self._spaces)
