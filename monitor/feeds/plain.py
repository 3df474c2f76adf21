"""Plain documents, read as feedparser reads them, at a fifth of the cost; all others are left to feedparser.

Most feeds are well-formed RSS or Atom that says what it says in a few elements with nothing but text in them. What
feedparser makes of those is made here from the same parser of XML. Anything else (markup that is not escaped, elements
that mean something within others, xml:base, the language of a single element, a known prefix for something else) is
`Unusual`: then None comes back, and feedparser reads the whole. `tests/test_feeds_plain.py` holds the two against each
other, over elements in any order and number.
"""

import re
from collections.abc import Mapping
from xml.parsers import expat

from monitor.feeds.bounded import Found
from monitor.feeds.fields import ENTRIES_LIMIT
from monitor.feeds.plain_names import (
    GROUPS,
    GROUPS_OF_FEEDS,
    OF_ENTRIES,
    OF_FEEDS,
    OF_GROUPS,
    PARTS,
    PASSED_OVER,
    PASSED_OVER_OF_FEEDS,
    PERSON,
    PREFIXES,
    SPACES,
    TELLING,
    Read,
)
from monitor.feeds.plain_values import Unusual, Values

_MOST_ATTRIBUTES = 50
_MOST_NAMESPACES = 100
"""less than feedparser is bounded to, see `bounded`"""
_SEPARATOR = " "
_ATOM = "http://www.w3.org/2005/atom"
_RSS_1 = "http://purl.org/rss/1.0/"
_NETSCAPE = "http://my.netscape.com/rdf/simple/0.9/"
_RDF_ROOT = "http://www.w3.org/1999/02/22-rdf-syntax-ns# RDF"
_OF_RDF = frozenset({"rss10", "rss090"})
_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_SAYING = frozenset({"base", "lang", "href", "lastmod"})
"""attributes by which an element says more than its name"""
_BASE = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*+/?)*+")
"""of a document, as most have it that have one: joined with itself it stays the same"""
_ROOT = frozenset({"lang", "base"})
_LANG, _HREF, _HARMLESS = frozenset({"lang"}), frozenset({"href"}), _SAYING - {"base"}
_ENTRIES = frozenset({"item", "entry"})
_PICTURES = frozenset({"image", "textinput"})
_APART = frozenset({"image", "source"})
_PICTURE = frozenset({"url", "width", "height"})
"""what an image of an entry may have without saying anything of the entry itself"""
_NOTHING: frozenset[str] = frozenset()


def parse(document: bytes) -> Found | None:
    """The document, in UTF-8, as feedparser would read it; None where that is not certain. Never raises."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.pieces.append
    parser.StartNamespaceDeclHandler = reader.declare
    parser.StartDoctypeDeclHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    try:
        parser.Parse(document, True)
    except (Unusual, expat.ExpatError, ArithmeticError, LookupError, TypeError, ValueError):
        return None
    return Found(version=reader.version, feed=reader.feed.raw, entries=reader.entries, error=None)


def _refuse(*_: object) -> None:
    raise Unusual


class _Reader:
    """Where in the document we are, and what has been read so far."""

    def __init__(self) -> None:
        self.version = ""
        self.feed = Values(is_entry=False)
        self.entries: list[Mapping[str, object]] = []
        self.pieces: list[str] = []
        """of text since the last tag"""
        self._names: dict[str, str] = {}
        self._spaces: dict[str, str] = {}
        """by what feedparser calls them"""
        self._prefixes: dict[str, str] = {}
        self._depth = 0
        self._home = self.feed
        self._home_depth = 0
        """of the element whose children are read: a feed, its channel or an entry; 0: none is open"""
        self._is_entry = False
        self._channel_depth = 0
        """where entries are among the children of what states the feed's title; 0: not there, or not any more"""
        self._had_channel = False
        self._open: Read | None = None
        """the element under way whose text is read"""
        self._part = ""
        """of the author under way"""
        self._passing = 0
        """the depth of the element that is passed over; 0: none is"""
        self._parts: frozenset[str] | None = None
        """what may stand in there; None: whatever tells nothing"""

    def declare(self, prefix: str | None, uri: str) -> None:
        """A prefix, which must mean the same throughout, and what feedparser takes it for."""
        known = SPACES.get((uri or "").lower())
        if not uri or len(uri.split()) > 1 or "backend.userland.com/rss" in uri.lower():
            raise Unusual
        if prefix is not None and (prefix != prefix.lower() or self._prefixes.setdefault(prefix, uri) != uri):
            raise Unusual
        if known and prefix in PREFIXES and prefix != known:
            raise Unusual
        if (name := prefix if known is None else known) and self._spaces.setdefault(name, uri) != uri:
            raise Unusual
        if len(self._prefixes) > _MOST_NAMESPACES:
            raise Unusual
        if not self.version:
            self.version = {_RSS_1: "rss10", _ATOM: "atom10"}.get(uri.lower(), "")
            if prefix is None and uri.lower() == _NETSCAPE:
                self.version = "rss090"

    def start(self, raw: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        name = self._names.get(raw) or self._named(raw)
        if self._passing:
            self._check_passed(name, attributes)
        elif self._open is not None:
            self._start_part(name, attributes)
        elif not self._home_depth:
            self._start_above(raw, name, attributes)
        elif name in _ENTRIES:
            self._start_entry(attributes)
        elif name in (GROUPS if self._is_entry else GROUPS_OF_FEEDS) and self._depth == self._home_depth + 1:
            _local(attributes, _NOTHING)
        elif (read := (OF_ENTRIES if self._is_entry else OF_FEEDS).get(name)) is not None:
            self._start_read(read, attributes)
        else:
            self._pass_over(name, attributes)

    def end(self, raw: str) -> None:
        """An element ends."""
        depth, self._depth = self._depth, self._depth - 1
        if self._passing:
            if depth == self._passing:
                self._passing = 0
            elif self._parts and self._names[raw] == "title" and self._text():
                self._home.title_depth = depth
        elif self._part:
            self._home.end_part(self._part, self._text())
            self._part = ""
        elif self._open is not None:
            self._home.end(self._open, self._text(), depth)
            self._open = None
        elif depth == self._home_depth:
            self._end_home()
        self.pieces.clear()

    def _start_above(self, raw: str, name: str, attributes: Mapping[str, str]) -> None:
        """The root, or the channel within it, or what stands beside the channel in RSS 1.0."""
        stated = _local(attributes, _ROOT if self._depth == 1 else _LANG)
        if self._depth == 1:
            self._start_root(raw, name, stated)
        elif name == "channel" and not self._had_channel and "lang" not in stated:
            self._had_channel = True
            self._channel_depth = self._home_depth = self._depth
        elif name in _ENTRIES and self.version in _OF_RDF:
            self._start_entry(attributes)
        elif name in OF_FEEDS:
            raise Unusual
        else:
            self._pass_over(name, attributes)

    def _start_root(self, raw: str, name: str, stated: Mapping[str, str]) -> None:
        if name == "rss":
            if not self.version.startswith("rss"):
                version = stated.get("version", "")
                self.version = _VERSIONS.get(version) or ("rss20" if version.startswith("2.") else "rss")
        elif name == "feed" and self.version == "atom10":
            self._had_channel = True
            self._channel_depth = self._home_depth = self._depth
        elif raw != _RDF_ROOT or self.version not in _OF_RDF:
            raise Unusual
        self.feed.base = stated.get("base", "")
        if self.feed.base and not _BASE.fullmatch(self.feed.base):
            raise Unusual
        if language := stated.get("lang"):
            self.feed.language = language
            if raw != _RDF_ROOT:  # feedparser looks for that one under a name that it has no more by then
                self.feed.raw["language"] = language.replace("_", "-")

    def _start_entry(self, attributes: Mapping[str, str]) -> None:
        if self._is_entry or len(self.entries) > ENTRIES_LIMIT:
            raise Unusual
        entry = Values(is_entry=True, language=self.feed.language, base=self.feed.base)
        if about := _local(attributes, _NOTHING).get("rdf:about"):
            entry.raw["id"] = about
        self.entries.append(entry.raw)
        self._home, self._home_depth, self._is_entry = entry, self._depth, True

    def _end_home(self) -> None:
        if self._is_entry:
            self.feed.title_depth = self._home.title_depth
            self._home, self._is_entry = self.feed, False
        else:
            self._channel_depth = 0
        self._home_depth = self._channel_depth

    def _start_read(self, read: Read, attributes: Mapping[str, str]) -> None:
        if self._depth != self._home_depth + 1 and read not in OF_GROUPS:
            raise Unusual
        if self._home.begin(read, _local(attributes, _HREF)):
            self._open = read
        else:
            self._passing, self._parts = self._depth, _NOTHING
        self.pieces.clear()

    def _start_part(self, name: str, attributes: Mapping[str, str]) -> None:
        """Only a person has parts."""
        if not self._home.is_person or self._part or attributes or name not in PERSON or self._text():
            raise Unusual
        self._part = PERSON[name]
        self.pieces.clear()

    def _pass_over(self, name: str, attributes: Mapping[str, str]) -> None:
        _local(attributes, _HARMLESS)
        self._passing, self._parts = self._depth, _NOTHING
        if self._is_entry:
            if name in _APART:
                self._home.title_depth = -1
                self._parts = _PICTURE if name == "image" else _NOTHING
            elif name not in PASSED_OVER:
                self._pass_over_unknown(name)
            return
        self._parts = PARTS.get(name, _NOTHING)
        if name in _PICTURES:
            self._home.title_depth = -1
        elif name == "itunes_owner":
            # feedparser makes an author of the owner, whom the entries of Atom inherit.
            if not self.version.startswith("rss"):
                raise Unusual
        elif name not in PASSED_OVER_OF_FEEDS:
            self._pass_over_unknown(name)

    def _pass_over_unknown(self, name: str) -> None:
        if name in TELLING:
            raise Unusual
        self._parts = None

    def _check_passed(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in TELLING if self._parts is None else name not in self._parts:
            raise Unusual
        _local(attributes, _HARMLESS)
        self.pieces.clear()

    def _text(self) -> str:
        return "".join(self.pieces).strip()

    def _named(self, raw: str) -> str:
        space, _, local = raw.rpartition(_SEPARATOR)
        prefix = SPACES.get(space.lower())
        if prefix is None:
            # Then feedparser goes by the document's own prefix, if it has one.
            prefix = next((one for one, uri in self._spaces.items() if uri == space), "")
        name = f"{prefix}_{local}".lower() if prefix else local.lower()
        self._names[raw] = name
        return name


def _local(attributes: Mapping[str, str], allowed: frozenset[str]) -> dict[str, str]:
    """The attributes as feedparser has them, by their names in lower case. Raises Unusual for others that say much."""
    stated: dict[str, str] = {}
    if not attributes:
        return stated
    if len(attributes) > _MOST_ATTRIBUTES:
        raise Unusual
    for raw, value in attributes.items():
        space, _, local = raw.rpartition(_SEPARATOR)
        name = local.lower()
        if name in stated or (name in _SAYING and name not in allowed):
            raise Unusual
        stated[name] = (value.lower() or value) if name in {"rel", "type"} else value
        if space and (prefix := SPACES.get(space.lower())):
            stated[f"{prefix}:{name}"] = value
    return stated
