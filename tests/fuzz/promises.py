"""What must hold of everything that is read, however hostile the document; each check raises AssertionError."""

import json
import re
from datetime import UTC, datetime, timedelta

from monitor.feeds import opml
from monitor.feeds.charset import CharsetRefused, decode
from monitor.feeds.fields import (
    BODY_LIMIT_BYTES,
    ENTRIES_LIMIT,
    ID_LIMIT,
    LINK_LIMIT,
    NAME_LIMIT,
    NAMES_LIMIT,
    SUMMARY_LIMIT,
    TITLE_LIMIT,
)
from monitor.feeds.parse import parse_document
from monitor.feeds.wire import pack, unpack
from monitor.model.entries import Entry, ParsedFeed, ParseFailed
from monitor.net.decode import STEP_BYTES, BadBody, Body
from monitor.stories.links import canonical_link
from monitor.text.plain import clean

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://heron.example/feeds/all"
OLDEST, NEWEST = NOW - timedelta(days=7_310), NOW + timedelta(days=1)
DECODED_LIMIT_BYTES = 2_000_000

_INVISIBLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_LANGUAGE = re.compile(r"(?:[a-z]{2,3})?")


def read_document(body: bytes, content_type: str = "") -> ParsedFeed | ParseFailed:
    """The outcome of reading, which keeps every promise and survives the pipe."""
    parsed = parse_document(body, content_type=content_type, url=URL, now=NOW)
    assert unpack(json.loads(json.dumps(pack(parsed)))) == parsed, "the pipe changes it"
    if isinstance(parsed, ParseFailed):
        assert parsed.reason, "a failure without a reason"
        _check_line(parsed.reason, 400)
        return parsed
    assert len(parsed.entries) <= ENTRIES_LIMIT
    assert parsed.is_whole == (not parsed.flaw), "a flaw must be told, and only a flaw"
    _check_line(parsed.title, TITLE_LIMIT)
    _check_link(parsed.site)
    assert _LANGUAGE.fullmatch(parsed.language)
    for entry in parsed.entries:
        check_entry(entry)
    return parsed


def check_entry(entry: Entry) -> None:
    """Limits, no control characters, links of the web, dates that can be meant."""
    _check_line(entry.text.title, TITLE_LIMIT)
    _check_text(entry.text.summary, SUMMARY_LIMIT)
    _check_text(entry.text.body, BODY_LIMIT_BYTES)
    assert len(entry.text.body.encode("utf-8")) <= BODY_LIMIT_BYTES
    assert entry.text.title or not (entry.text.summary or entry.text.body), "words, but no title"
    _check_text(entry.id, ID_LIMIT)
    assert entry.id == clean(entry.id).strip(), "an id that changes when it is cleaned again"
    _check_link(entry.link)
    for names in (entry.authors, entry.categories):
        assert len(names) <= NAMES_LIMIT
        assert len(set(names)) == len(names)
        for name in names:
            assert name
            _check_line(name, NAME_LIMIT)
    assert _LANGUAGE.fullmatch(entry.language)
    for moment in (entry.published_at, entry.updated_at):
        assert moment is None or (moment.tzinfo is UTC and OLDEST <= moment <= NEWEST), "a date that cannot be meant"


def read_list(body: bytes) -> tuple[opml.Subscription, ...] | opml.NoList:
    """The outcome of reading a list of feeds, bounded; writing it and reading that finds the same addresses."""
    found = opml.read(body)
    if isinstance(found, opml.NoList):
        assert found.reason
        return found
    assert len(found) <= opml.MOST
    for one in found:
        _check_line(one.title, 200)
        _check_text(one.url, 2_000)
        assert len(one.categories) <= 2 * 20
    again = opml.read(opml.write(found, title="again").encode("utf-8"))
    assert not isinstance(again, opml.NoList), "what is written cannot be read"
    return found


def read_text(body: bytes, content_type: str) -> str | None:
    """The text of a document; None where its charset is refused."""
    try:
        text = decode(body, content_type)
    except CharsetRefused:
        return None
    clean(text).encode("utf-8")
    return text


def read_wire(wire: bytes, coding: str) -> bytes | None:
    """The body that came over the wire, decoded in bounded steps; None where it is refused."""
    try:
        body = Body(coding, body_limit=DECODED_LIMIT_BYTES)
        steps = sum(1 for _ in body.feed(wire))
        whole = body.finish()
    except BadBody:
        return None
    assert len(whole) <= DECODED_LIMIT_BYTES
    assert len(whole) <= steps * STEP_BYTES
    return whole


def _check_line(text: str, limit: int) -> None:
    _check_text(text, limit)
    assert "\n" not in text, "two lines where one was promised"


def _check_text(text: str, limit: int) -> None:
    text.encode("utf-8")
    assert len(text) <= limit, f"longer than {limit}"
    assert _INVISIBLE.search(text) is None, "an invisible character"


def _check_link(link: str) -> None:
    if not link:
        return
    _check_line(link, LINK_LIMIT)
    assert link.startswith(("http://", "https://")), "not an address of the web"
    assert " " not in link
    canonical = canonical_link(link)
    assert canonical_link(f"https://{canonical}") == canonical or not canonical, "canonical twice is not canonical once"
