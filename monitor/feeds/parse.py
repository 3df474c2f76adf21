"""A feed document read, from bytes to values. Made to run in a worker process: hostile input can take its time here.

feedparser gets a document that is, as far as we can help it, well-formed, without entity declarations, and without its
own address: it would build ids from it, and they would change when the feed moves. Links are resolved here.
"""

import re
from dataclasses import replace
from datetime import datetime
from xml.sax import SAXException, SAXParseException

from monitor.feeds import bounded, plain
from monitor.feeds.bounded import Found
from monitor.feeds.charset import CharsetRefused, decode
from monitor.feeds.fields import ENTRIES_LIMIT
from monitor.feeds.jsonfeed import looks_like_json, read_json_feed
from monitor.feeds.mend import declares_entities, looks_like_feed, mended, names_netscape, unmended
from monitor.feeds.normalise import normalise
from monitor.model.entries import ParsedFeed, ParseFailed

_ENTRY_START = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>", re.IGNORECASE)
_FLAW_LIMIT = 200
_HEAD_BYTES = 2_000
_NETSCAPE_VERSION = "rss091n"
"""feedparser's name for the RSS 0.91 of a DOCTYPE, which tells more than the version that the root states"""


def parse_document(body: bytes, *, content_type: str, url: str, now: datetime) -> ParsedFeed | ParseFailed:
    """The feed in `body`, which stands at `url`; or why there is none. Never raises, but may take long."""
    try:
        text = decode(body, content_type)
    except CharsetRefused as error:
        return ParseFailed(reason=str(error))
    if looks_like_json(text):
        return read_json_feed(text, url, now)
    if not looks_like_feed(text):
        return ParseFailed(reason=_what_else(text))
    if declares_entities(text):
        return ParseFailed(reason="the document declares entities, which feeds have no need of")
    is_netscape = names_netscape(text)
    if (found := _read_unmended(text)) is not None:
        return _normalised(found, b"", url, now, is_netscape=is_netscape)
    document = mended(text).encode("utf-8")
    # One emoji makes every character of a text four bytes wide, and feedparser makes copies of its own.
    del text
    return _read_mended(document, url, now, is_netscape=is_netscape)


def _read_unmended(text: str) -> Found | None:
    """Most documents need no mending, which takes longer than reading them."""
    unchanged = unmended(text)
    return None if unchanged is None else plain.parse(unchanged.encode("utf-8", "surrogatepass"))


def _read_mended(document: bytes, url: str, now: datetime, *, is_netscape: bool) -> ParsedFeed | ParseFailed:
    try:
        found = plain.parse(document) or bounded.parse(document)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - fuzzing found six kinds, and another is still this document's failure
        return ParseFailed(reason=f"the document cannot be read ({type(error).__name__})")
    return _normalised(found, document, url, now, is_netscape=is_netscape)


def _normalised(
    found: Found, document: bytes, url: str, now: datetime, *, is_netscape: bool
) -> ParsedFeed | ParseFailed:
    """The feed that was found in the document, which is looked at where something is wrong with it."""
    version = _NETSCAPE_VERSION if is_netscape else found.version
    if not version:
        return ParseFailed(reason=_what_else(document[:_HEAD_BYTES].decode("utf-8", "ignore")))
    flaw = _flaw(found.error)
    entries = found.entries
    if flaw and entries and _is_cut_in_entry(document):
        # Half an entry would be news today and a revision tomorrow.
        entries = entries[:-1]
    if not flaw and len(entries) > ENTRIES_LIMIT:
        flaw = f"more than {ENTRIES_LIMIT:,} entries: the rest was not read"
    feed = normalise({"version": version, "feed": found.feed, "entries": entries}, url, now)
    return replace(feed, is_whole=False, flaw=flaw) if flaw else feed


def _flaw(error: Exception | None) -> str:
    """What the XML parser stopped at."""
    if isinstance(error, SAXParseException):
        return f"{error.getMessage()}, line {error.getLineNumber()}"[:_FLAW_LIMIT]
    return str(error).splitlines()[0][:_FLAW_LIMIT] if isinstance(error, SAXException) and str(error) else ""


def _is_cut_in_entry(document: bytes) -> bool:
    last_end = max((match.start() for match in _ENTRY_END.finditer(document)), default=-1)
    return _ENTRY_START.search(document, last_end + 1) is not None


def _what_else(text: str) -> str:
    """What came instead of a feed."""
    head = text[:_HEAD_BYTES].lower()
    if "<html" in head or "<!doctype html" in head:
        return "not a feed: an HTML page"
    return "not a feed"
