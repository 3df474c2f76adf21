"""feedparser's two parsers, driven by us, kept from what takes them too long and from what stops them.

An author of 100 kB, 20,000 categories, 16,000 attributes of one element or 10,000 namespaces each cost feedparser
6.0.14 from six seconds to some minutes, and its search for a DOCTYPE as long for 100 kB of empty lines before the root.
None of these bounds can be set, and which element is an author or a category it knows best: so its parsers are
derived from, and each bound is put where the work is done. And an image whose `<width/>` is empty raises TypeError,
which would cost the reader all entries: what one element's handler raises costs that element alone.
"""

import io
import re
import xml.sax
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.util import FeedParserDict

AUTHOR_LIMIT = 500
"""characters of an author that are searched for an address; names are cut at fewer"""
CATEGORIES_LIMIT = 500
"""of one entry; each is compared with all before it"""
ATTRIBUTES_LIMIT = 200
"""of one element: each is looked for among all others"""
NAMESPACES_LIMIT = 200
"""of one document; every element's is looked for among them"""
SKIPS_LIMIT = 48
"""hours, or days, that a document asks not to be polled at: there are 24, and some state them twice"""

_ADDRESS = re.compile(r"[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9-]{2,63}")
_SPOILT = (ArithmeticError, LookupError, TypeError, ValueError)
"""what handlers of elements were seen to raise for bad values"""
_PAIR = 2
"""a namespace and a name in it"""
_BASE, _LANGUAGE, _CHARSET = "", None, "utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What feedparser made of a document, as it made it."""

    version: str
    """as feedparser names versions; "" where the document is no feed"""
    feed: Mapping[str, object]
    entries: list[Mapping[str, object]]
    error: Exception | None
    """what the XML parser stopped at; the loose parser has then read the whole"""


def parse(document: bytes) -> Found:
    """The document, in UTF-8, as feedparser reads it. May raise whatever feedparser raises."""
    error: Exception | None = None
    parser = _Strict(_BASE, _LANGUAGE, _CHARSET)
    try:
        _read_strictly(document, parser)
    except xml.sax.SAXException as stopped:
        error = stopped
        parser = _Loose(_BASE, _LANGUAGE, _CHARSET, {})
        _switch_off(parser)
        parser.feed(document.decode("utf-8"))
    return Found(version=parser.version, feed=parser.feeddata, entries=parser.entries, error=error)


def _read_strictly(document: bytes, parser: "_Strict") -> None:
    _switch_off(parser)
    reader = xml.sax.make_parser()  # noqa: S317 - entity declarations were refused before, and expat bounds the rest
    reader.setFeature(feature_namespaces, True)
    reader.setFeature(feature_external_ges, False)
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(document))
    reader.parse(source)


def _switch_off(parser: "_Strict | _Loose") -> None:
    """We clean and resolve ourselves, at half the cost."""
    parser.sanitize_html = False
    parser.resolve_relative_uris = False


class _Bounds:
    """The bounds that both parsers need; stands before them in the order of methods."""

    def _sync_author_detail(self, key: str = "author") -> None:
        context = self._get_context()  # type: ignore[attr-defined]
        stated, listed = dict.get(context, key), dict.get(context, f"{key}s")
        detail = listed[-1] if listed else FeedParserDict()
        if detail or not isinstance(stated, str) or not stated:
            super()._sync_author_detail(key)  # type: ignore[misc]
            return
        # feedparser's own way knows no top-level domain of more than four letters: of ann@heron.agency (Ann) it
        # makes the name "cy (Ann".
        name, address = name_and_address(stated[:AUTHOR_LIMIT])
        detail.update({part: text for part, text in (("name", name), ("email", address)) if text})

    def _add_tag(self, term: object, scheme: object, label: object) -> None:
        tags = dict.get(self._get_context(), "tags")  # type: ignore[attr-defined]
        if not isinstance(tags, list) or len(tags) < CATEGORIES_LIMIT:
            super()._add_tag(term, scheme, label)  # type: ignore[misc]

    def push_content(self, tag: str, attributes: Mapping[str, str], kind: str, expecting_text: object) -> None:
        """Feedparser's, which asks for the kind of content at every piece of text: of a dict a tenth as long."""
        super().push_content(tag, attributes, kind, expecting_text)  # type: ignore[misc]
        self.contentparams = dict(self.contentparams)  # type: ignore[has-type]

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        if len(self.namespaces_in_use) < NAMESPACES_LIMIT:  # type: ignore[attr-defined]
            super().track_namespace(prefix, uri)  # type: ignore[misc]

    def pop(self, element: str, strip_whitespace: int = 1) -> object:
        """feedparser's; what cannot be stored where it belongs is left out."""
        try:
            return super().pop(element, strip_whitespace)  # type: ignore[misc]
        except _SPOILT:
            return ""

    def _end_hour(self) -> None:
        self._skipped("hour", "skip_hours")

    def _end_day(self) -> None:
        self._skipped("day", "skip_days")

    def _skipped(self, element: str, name: str) -> None:
        """Feedparser keeps the last one alone."""
        value = self.pop(element)
        stated = self.feeddata.setdefault(name, [])  # type: ignore[attr-defined]
        if isinstance(value, str) and isinstance(stated, list) and len(stated) < SKIPS_LIMIT:
            stated.append(value)

    def _start_textinput(self, attributes: Mapping[str, str]) -> None:
        super()._start_textinput(attributes)  # type: ignore[misc]
        # Within an image it is kept elsewhere than it is looked for.
        self.feeddata.setdefault("textinput", FeedParserDict())  # type: ignore[attr-defined]

    _start_textInput = _start_textinput  # noqa: N815 - the name of the element


def name_and_address(author: str) -> tuple[str, str]:
    """The two parts of `ann@heron.example (Ann)`, `Ann <ann@heron.example>` and their like; either may be empty."""
    found = _ADDRESS.search(author)
    if found is None:
        return author.strip(), ""
    name = author.replace(found[0], "")
    for remains in ("mailto:", "()", "<>", "[]", "&lt;&gt;"):
        name = name.replace(remains, "")
    name = name.strip()
    return (name[1:-1].strip() if name.startswith("(") and name.endswith(")") else name), found[0]


def _steady(handle: Callable[..., object]) -> Callable[..., object]:
    """A handler that fails as feedparser expects it: then the element is treated as one that it does not know."""

    def steady(parser: object, *attributes: Mapping[str, str]) -> object:
        try:
            return handle(parser, *attributes)
        except _SPOILT as error:
            raise AttributeError("the element is spoilt") from error

    return steady


for _name in dir(LooseFeedParser):
    if _name.startswith(("_start_", "_end_")):
        setattr(_Bounds, _name, _steady(getattr(_Bounds, _name, getattr(LooseFeedParser, _name))))


ELEMENTS = frozenset(
    name.removeprefix("_start_").removeprefix("_end_") for name in dir(_Bounds) if name.startswith(("_start_", "_end_"))
)
"""that mean something to the parsers, by feedparser's names"""


class _Strict(_Bounds, StrictFeedParser):  # type: ignore[misc]
    """Behind an XML parser."""

    def startElementNS(self, name: Sequence[str], qname: object, attrs: AttributesNSImpl) -> None:  # noqa: N802
        """SAX's."""
        if len(attrs) > ATTRIBUTES_LIMIT or any(len(one) != _PAIR for one in attrs.getNames()):
            kept = {name: value for name, value in islice(attrs.items(), ATTRIBUTES_LIMIT) if len(name) == _PAIR}
            attrs = AttributesNSImpl(kept, {one: attrs.getQNameByName(one) for one in kept})
        super().startElementNS(_pair(name), qname, attrs)

    def endElementNS(self, name: Sequence[str], qname: object) -> None:  # noqa: N802
        """SAX's."""
        super().endElementNS(_pair(name), qname)


def _pair(name: Sequence[str]) -> Sequence[str]:
    """Namespace and name; Python's reader splits a namespace that has blanks in it."""
    return name if len(name) == _PAIR else (name[0], name[-1])


class _Loose(_Bounds, LooseFeedParser):  # type: ignore[misc]
    """For what is not well-formed."""

    def handle_charref(self, ref: str) -> None:
        """sgmllib's; a reference to a character that does not exist is left out."""
        with suppress(*_SPOILT):
            super().handle_charref(ref)
