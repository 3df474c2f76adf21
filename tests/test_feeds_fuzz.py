"""Hostile documents: never an exception, and always something that the pipe can carry."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.fields import link_of, moment_of, words
from monitor.feeds.mend import DECLARATION, declares_entities, mended
from monitor.feeds.parse import parse_document
from monitor.feeds.wire import pack, unpack
from monitor.model.entries import ParsedFeed

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEED = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>The Heron</title><item><title>Otters</title>'
    b"<link>/1</link><guid>1</guid><pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate><author>a@b.example (A)</author>"
    b"<description>&lt;p&gt;Hi&lt;/p&gt;</description></item></channel></rss>"
)
SCRAPS = st.sampled_from(
    [
        b"<", b">", b"&", b"&#xD800;", b"&#x1;", b"&#99999999999;", b"\0", b"\xff", b"<![CDATA[", b"]]>", b"<!--",
        b"<item>", b"</item>", b"<entry>", b"<feed>", b"<link href='//[x'/>", b"<guid isPermaLink='false'>",
        b"<title type='xhtml'>", b"<content mode='base64'>!</content>", b"<updated>10000-01-01T00:00:00Z</updated>",
        b" xml:base='http://['", b"<image>", b"<textInput>", b"<width/>", b"<category>", b"<source url='x'>",
        b"<svg>", b"&nbsp;", b"{", b"xmlns:a='b'", b"<a:b>", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"\xed\xa0\x80",
    ]
)  # fmt: skip
TYPES = st.sampled_from(
    ["", "text/xml", "text/html; charset=utf-16", "x; charset=idna", "a/b; charset=\0", "; charset=koi8-r"]
)


def check(body: bytes, content_type: str) -> None:
    """The document is read or refused, the outcome survives the pipe, and every promise of the model holds."""
    parsed = parse_document(body, content_type=content_type, url="https://heron.example/feed", now=NOW)
    assert unpack(json.loads(json.dumps(pack(parsed)))) == parsed
    if isinstance(parsed, ParsedFeed):
        for entry in parsed.entries:
            assert entry.link == "" or entry.link.startswith(("http://", "https://"))
            assert len(entry.text.title) <= 500
            assert "\0" not in entry.text.title + entry.text.summary + entry.text.body + entry.id


@given(st.binary(max_size=300), TYPES)
def test_any_bytes_are_read_or_refused(body: bytes, content_type: str) -> None:
    """Noise."""
    check(body, content_type)


@settings(max_examples=250)
@given(st.lists(st.tuples(st.integers(0, len(SEED)), st.integers(0, 8), SCRAPS), max_size=8), TYPES)
def test_any_mutilated_feed_is_read_or_refused(edits: list[tuple[int, int, bytes]], content_type: str) -> None:
    """A good document with pieces cut out and scraps put in."""
    body = SEED
    for at, cut, scrap in edits:
        body = body[:at] + scrap + body[at + cut :]
    check(body, content_type)


@given(st.text(max_size=200))
def test_mending_is_done_once(text: str) -> None:
    """A mended document needs no mending."""
    once = mended(text)
    assert once.startswith(DECLARATION)
    assert mended(once) == once
    declares_entities(text)


@given(st.text(max_size=60))
def test_links_are_absolute_or_none(stated: str) -> None:
    """Whatever stands in a link."""
    link = link_of(stated, "https://heron.example/a/")
    assert link == "" or link.startswith(("http://", "https://"))


@given(st.lists(st.integers(-(10**12), 10**12), max_size=10).map(tuple))
def test_any_numbers_are_a_date_or_none(stated: tuple[int, ...]) -> None:
    """feedparser's date parsers give what they like."""
    moment = moment_of(stated, NOW)
    assert moment is None or moment.tzinfo is UTC


@given(st.text(max_size=80), st.text(max_size=200), st.text(max_size=200))
def test_words_are_kept(title: str, summary: str, body: str) -> None:
    """Short texts pass as they are; only a body that says the summary again is left out."""
    text = words(title, summary, body)
    assert text.summary == summary
    assert text.body in {body, ""}
    assert not title or text.title == title
