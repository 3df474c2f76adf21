"""Hostile documents: never an exception, and every promise of the model kept.

The same documents at every run: a suite that fails shall mean a change. New ones are sought by `tests.fuzz.parse`.
"""

import gzip
import json
import zlib
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.fields import BODY_LIMIT_BYTES, TITLE_LIMIT, link_of, moment_of, plausible, words
from monitor.feeds.mend import DECLARATION, declares_entities, mended, names_netscape
from monitor.model.entries import ParsedFeed
from monitor.net.headers import max_age_seconds, retry_after_seconds, text_of, validators
from monitor.stories.links import canonical_link
from monitor.text.plain import clean, plain_line, plain_text, shorten
from tests.fuzz import promises
from tests.fuzz.seeds import CONTENT_TYPES, FEEDS, OPML, SCRAPS, WIRES

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOME = settings(deadline=None, derandomize=True, max_examples=100)
MANY = settings(deadline=None, derandomize=True, max_examples=300)

SEEDS = [text.encode() for text in FEEDS.values()]
TYPES = st.sampled_from(CONTENT_TYPES)
EDITS = st.lists(
    st.tuples(
        st.integers(0, 4_000),
        st.sampled_from([0, 0, 0, 1, 6, 40, 400]),
        st.one_of(
            st.sampled_from(SCRAPS),
            st.binary(max_size=4),
            st.tuples(st.sampled_from(SCRAPS), st.sampled_from([3, 50, 700])).map(lambda each: each[0] * each[1]),
        ),
    ),
    max_size=8,
)
CHARSETS = st.sampled_from(
    ["utf-8"] * 8 + ["utf-16", "utf-16-be", "utf-32", "cp1251", "iso8859-15", "koi8-r", "shift_jis"]
)


def edited(seed: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """The seed with pieces cut out and scraps put in; a place beyond its end is taken round."""
    body = seed
    for place, cut, scrap in edits:
        at = place % (len(body) + 1)
        body = body[:at] + scrap + body[at + cut :]
    return body


# What documents are made of, put together as no publisher would.
NAMES = st.sampled_from(
    [
        "title",
        "link",
        "guid",
        "id",
        "pubDate",
        "updated",
        "published",
        "dc:date",
        "dc:creator",
        "dc:subject",
        "author",
        "name",
        "email",
        "uri",
        "contributor",
        "summary",
        "description",
        "content",
        "content:encoded",
        "category",
        "itunes:author",
        "itunes:summary",
        "itunes:keywords",
        "media:group",
        "media:content",
        "media:title",
        "media:description",
        "media:thumbnail",
        "media:credit",
        "image",
        "url",
        "width",
        "height",
        "textInput",
        "textinput",
        "source",
        "cloud",
        "enclosure",
        "comments",
        "generator",
        "managingEditor",
        "webMaster",
        "ttl",
        "language",
        "rights",
        "item",
        "entry",
        "channel",
        "feed",
        "div",
        "p",
        "b",
        "svg",
        "math",
        "x",
        "a:b",
        "georss:point",
        "georss:where",
        "gml:pos",
        "psc:chapters",
        "psc:chapter",
        "cc:license",
        "feedburner:origLink",
        "rdf:li",
        "xhtml:body",
    ]
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        [
            "type",
            "mode",
            "rel",
            "href",
            "url",
            "src",
            "isPermaLink",
            "xml:lang",
            "xml:base",
            "term",
            "label",
            "scheme",
            "domain",
            "start",
            "length",
            "width",
            "xmlns",
            "xmlns:a",
            "rdf:resource",
            "rdf:about",
            "version",
        ]
    ),
    st.sampled_from(
        [
            "",
            "text",
            "html",
            "xhtml",
            "text/plain",
            "text/html",
            "base64",
            "escaped",
            "application/octet-stream",
            "self",
            "alternate",
            "enclosure",
            "false",
            "true",
            "http://[",
            "//",
            "/1",
            "javascript:x",
            "10000",
            "not one name",
            "é",
            "http://www.w3.org/1999/xhtml",
            "http://www.w3.org/2005/Atom",
            "urn:x",
            "de_DE",
            "2.0",
        ]
    ),
    max_size=3,
)
LEAVES = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "Otters",
            "a@heron.example (Ann)",
            "http://heron.example/1",
            "/1",
            "2026-11-20T10:00:00Z",
            "0",
            "-1",
            "Fri, 20 Nov 2026 10:00:00 GMT",
            "10000-01-01",
            "2026-11-20T24:60:60Z",
            "&amp;#8217;",
            "&lt;b>x&lt;/b>",
            "&#x202e;",
            "&#133;",
            "<![CDATA[<p>a</p>]]>",
            "<![CDATA[ ]]]]><![CDATA[> ]]>",
            "<!-- c -->",
            "<?pi?>",
            "&shy;",
            "<br/>",
            "&lt;script>x&lt;/script>",
            "1 2 3",
            "1:2:3",
            "yes",
            "RWF1",
            "word " * 400,
            "й",
            "é" * 50,
        ]
    ),
    st.text(max_size=12).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
)


def element(name: str, attributes: dict[str, str], children: list[str]) -> str:
    """XML of one element."""
    stated = "".join(f" {key}='{value}'" for key, value in attributes.items())
    return f"<{name}{stated}>{''.join(children)}</{name}>"


ELEMENTS = st.recursive(
    LEAVES,
    lambda inner: st.builds(element, NAMES, ATTRIBUTES, st.lists(inner, max_size=3)),
    max_leaves=12,
)
SPACES = (
    "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/' "
    "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:media='http://search.yahoo.com/mrss/' "
    "xmlns:a='urn:a' xmlns:georss='http://www.georss.org/georss' xmlns:gml='http://www.opengis.net/gml' "
    "xmlns:psc='http://podlove.org/simple-chapters' xmlns:cc='http://web.resource.org/cc/' "
    "xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0' xmlns:xhtml='http://www.w3.org/1999/xhtml' "
    "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
)
FRAMES = st.sampled_from(
    [
        (f"<rss version='2.0' {SPACES}><channel>", "item", "</channel></rss>"),
        (f"<rss version='0.91' {SPACES}><channel>", "item", "</channel></rss>"),
        (f"<feed xmlns='http://www.w3.org/2005/Atom' {SPACES}>", "entry", "</feed>"),
        (f"<feed version='0.3' xmlns='http://purl.org/atom/ns#' {SPACES}>", "entry", "</feed>"),
        (f"<rdf:RDF xmlns='http://purl.org/rss/1.0/' {SPACES}><channel/>", "item", "</rdf:RDF>"),
        (f"<rdf:RDF xmlns='http://my.netscape.com/rdf/simple/0.9/' {SPACES}><channel/>", "item", "</rdf:RDF>"),
    ]
)
JSON_VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.sampled_from(["/1", "2026"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                ["name", "id", "url", "title", "content_html", "content_text", "summary", "tags", "authors"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=10,
)


@SOME
@given(st.binary(max_size=300), TYPES)
def test_any_bytes_are_read_or_refused(body: bytes, content_type: str) -> None:
    """Noise."""
    promises.read_document(body, content_type)
    promises.read_text(body, content_type)
    promises.read_list(body)


@MANY
@given(st.sampled_from(SEEDS), EDITS, CHARSETS, TYPES)
def test_any_mutilated_feed_is_read_or_refused(
    seed: bytes, edits: list[tuple[int, int, bytes]], charset: str, content_type: str
) -> None:
    """A good document of any format with pieces cut out, repeated and put in, in any charset, rightly told or not."""
    body = edited(seed, edits)
    if charset != "utf-8":
        body = body.decode("utf-8", "replace").encode(charset, "replace")
    promises.read_document(body, content_type)


@MANY
@given(FRAMES, st.lists(st.lists(ELEMENTS, max_size=6), max_size=3), st.lists(ELEMENTS, max_size=3))
def test_any_well_formed_feed_gives_its_entries(
    frame: tuple[str, str, str], entries: list[list[str]], head: list[str]
) -> None:
    """Known elements where nobody expects them, within one another, many times, with strange values."""
    opening, name, closing = frame
    items = "".join(f"<{name}>{''.join(children)}</{name}>" for children in entries)
    parsed = promises.read_document(f"{opening}{''.join(head)}{items}{closing}".encode("utf-8", "replace"))
    assert isinstance(parsed, ParsedFeed)
    assert len(parsed.entries) >= len(entries) or not parsed.is_whole or "feed" in "".join(head)


@MANY
@given(JSON_VALUES, st.lists(JSON_VALUES, max_size=3), st.sampled_from(["1", "1.1", "2", ""]))
def test_any_values_in_a_json_feed_are_read_or_passed_over(extra: object, items: list[object], version: str) -> None:
    """Fields of wrong types, numbers without end, objects where text should be."""
    feed = {"version": f"https://jsonfeed.org/version/{version}", "title": extra, "items": items, "authors": extra}
    if isinstance(extra, dict):
        feed |= extra
    promises.read_document(json.dumps(feed).encode())


@SOME
@given(EDITS)
def test_any_mutilated_list_of_feeds_is_read_or_refused(edits: list[tuple[int, int, bytes]]) -> None:
    promises.read_list(edited(OPML.encode(), edits))


@SOME
@given(
    st.sampled_from(list(WIRES.values())),
    EDITS,
    st.sampled_from(["", "gzip", "deflate", "br", "gzip, gzip", "Identity"]),
)
def test_any_mutilated_stream_is_decoded_within_bounds_or_refused(
    wire: tuple[bytes, str], edits: list[tuple[int, int, bytes]], stated: str
) -> None:
    """Also under another name than its own."""
    stream, coding = wire
    promises.read_wire(edited(stream, edits), coding)
    promises.read_wire(edited(stream, edits), stated)


@SOME
@given(st.lists(st.binary(min_size=1, max_size=200_000 // 8), max_size=8), st.sampled_from(["gzip", "deflate"]))
def test_what_was_compressed_comes_back(parts: list[bytes], coding: str) -> None:
    whole = b"".join(parts)
    wire = gzip.compress(whole) if coding == "gzip" else zlib.compress(whole)
    assert promises.read_wire(wire, coding) == whole


@SOME
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [b"Retry-After", b"ETag", b"Last-Modified", b"Cache-Control", b"Expires", b"Date", b"etag"]
            ),
            st.one_of(
                st.binary(max_size=40),
                st.sampled_from(
                    [
                        b"120",
                        b"-1",
                        b"9" * 400,
                        b"Fri, 20 Nov 2026 13:00:00 GMT",
                        b"Fri, 99 Nov 0000 25:61:61 +9999",
                        b"0",
                        b"max-age=60",
                        b"max-age=-1, no-cache",
                        b'max-age="7"',
                        b'W/"x"',
                        b"\xff",
                        b"x" * 2000,
                        b"1e9",
                        b"\xb2",
                    ]
                ),
            ),
        ),
        max_size=5,
    )
)
def test_any_headers_are_read_or_passed_over(headers: list[tuple[bytes, bytes]]) -> None:
    """Waits are within what a clock can add, validators are what could be sent back."""
    wait = retry_after_seconds(headers, NOW)
    assert wait is None or 0 <= wait <= 10**9
    assert 0 <= max_age_seconds(headers, NOW) <= 86_400
    stated = validators(headers)
    for one in (stated.etag, stated.last_modified):
        assert len(one) <= 1_000
        assert not set(one) & set(b"\r\n\0")
    assert isinstance(text_of(headers, b"retry-after"), str)


@SOME
@given(st.text(max_size=200))
def test_mending_is_done_once(text: str) -> None:
    """A mended document needs no mending."""
    once = mended(text)
    assert once.startswith(DECLARATION)
    assert mended(once) == once
    assert isinstance(declares_entities(text), bool)
    assert isinstance(names_netscape(text), bool)


@SOME
@given(
    st.lists(st.sampled_from(["<", ">", "<!", "<!--", "-->", "<?", "?>", "<!DOCTYPE ", "[", "]", "a", "<a", "\n", "&"]))
)
def test_mending_a_prolog_is_done_once(pieces: list[str]) -> None:
    """However it is nested."""
    once = mended("".join(pieces))
    assert mended(once) == once


@SOME
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                [
                    "http",
                    "HTTPS",
                    "ftp",
                    ":",
                    "/",
                    "//",
                    "?",
                    "#",
                    "@",
                    "[",
                    "]",
                    "::1",
                    "heron.example",
                    ":80",
                    ":443",
                    ":0",
                    "%",
                    "%2",
                    "é",
                    ".",
                    "..",
                    "utm_x=1",
                    "&",
                    "=",
                    "\\",
                    "\xa0",
                ]
            )
        ).map("".join),
    )
)
def test_links_are_absolute_or_none(stated: str) -> None:
    """Whatever stands in a link; and canonical twice is canonical once."""
    link = link_of(stated, "https://heron.example/a/")
    assert link == "" or link.startswith(("http://", "https://"))
    canonical = canonical_link(link)
    assert not canonical or canonical_link(f"https://{canonical}") == canonical


@MANY
@given(
    st.lists(st.sampled_from([*"ab/.?#;&=:@%é", "..", "/./", "/../", "%20", "?a=1", "//"]), max_size=8).map("".join),
    st.sampled_from(["https://heron.example/", "http://heron.example", "https://", "HTTPS://h.example/"]),
)
def test_a_usual_link_is_seen_to_be_one_without_taking_it_apart(path: str, start: str) -> None:
    """With a blank before it, it is taken apart; that comes to the same."""
    stated = start + path
    assert link_of(stated, "https://heron.example/a/b") == link_of(f" {stated}", "https://heron.example/a/b")


@SOME
@given(st.lists(st.integers(-(10**12), 10**12), max_size=10).map(tuple))
def test_any_numbers_are_a_date_or_none(stated: tuple[int, ...]) -> None:
    """feedparser's date parsers give what they like."""
    read = moment_of(stated)
    moment = None if read is None else plausible(read, NOW)
    assert moment is None or (moment.tzinfo is UTC and promises.OLDEST <= moment <= promises.NEWEST)


@SOME
@given(st.text(max_size=80), st.text(max_size=200), st.text(max_size=200))
def test_words_are_kept(title: str, summary: str, body: str) -> None:
    """Short texts pass as they are; only a body that says the summary again is left out."""
    text = words(title, summary, body)
    assert text.summary == summary
    assert text.body in {body, ""}
    assert not title or text.title == title


MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<b>",
                "</b>",
                "<script>",
                "</script>",
                "<!--",
                "-->",
                "<",
                ">",
                "&",
                "&amp;",
                "&lt;",
                "&gt;",
                "&#60;",
                "&#x3c;",
                "&#0;",
                "&#xd800;",
                "&#1114112;",
                "&nbsp;",
                "&amp;amp;lt;b&gt;",
                "<td>",
                "<br/>",
                "\x00",
                "\u202e",
                "\r",
                "\u2028",
                "́" * 40,
                "̈́" * 40,
                "ạ̈̄",
                "<a href='x'>",
                "<![CDATA[",
                "]]>",
                "<svg",
                "=",
                '"',
                "'",
            ]
        ),
        st.text(max_size=5),
    ),
    max_size=12,
).map("".join)


@MANY
@given(MARKUP, st.integers(0, 40))
def test_plain_text_is_clean_and_stays_so(markup: str, limit: int) -> None:
    """One line where one is promised; nothing invisible; shortened within the limit."""
    for plain in (plain_text(markup), plain_line(markup), clean(markup)):
        assert clean(plain) == plain
        plain.encode("utf-8")
        assert len(shorten(plain, limit)) <= limit
    assert "\n" not in plain_line(markup)
    text = words(plain_line(markup * 90), plain_text(markup), plain_text(markup * 900))
    assert len(text.title) <= TITLE_LIMIT
    assert len(text.body.encode("utf-8")) <= BODY_LIMIT_BYTES
