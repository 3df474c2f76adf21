"""Plain documents are read by a reader of our own: exactly as feedparser reads them, or not at all."""

from datetime import UTC, datetime

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from monitor.feeds import bounded, plain
from monitor.feeds.mend import mended, unmended
from monitor.feeds.normalise import normalise
from monitor.model.entries import ParsedFeed
from tests.fuzz.seeds import FEEDS
from tests.test_feeds_fuzz import ATTRIBUTES, EDITS, ELEMENTS, FRAMES, LEAVES, SPACES, edited, element

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://heron.example/feed"
MANY = settings(deadline=None, derandomize=True, max_examples=400)


def both(document: str) -> tuple[ParsedFeed | None, ParsedFeed | None]:
    """As it is read here and by feedparser; None where not read here, or not to its end."""
    body = mended(document).encode("utf-8", "replace")
    ours = plain.parse(body)
    if ours is None:
        return None, None
    theirs = bounded.parse(body)
    return as_feed(ours), as_feed(theirs) if theirs.error is None else None


def words_of(document: str) -> tuple[object, object]:
    """Titles, summaries and contents with all their markup, as they are found here and by feedparser."""
    body = mended(document).encode("utf-8", "replace")
    ours, theirs = plain.parse(body), bounded.parse(body)
    return None if ours is None else _raw_words(ours), _raw_words(theirs)


def _raw_words(found: bounded.Found) -> list[list[object]]:
    names = ("title", "summary", "content")
    raw = [[dict.get(dict(entry), name) for name in names] for entry in found.entries]
    return [[title, summary, _values(content)] for title, summary, content in raw]


def _values(content: object) -> list[object]:
    return [dict.get(part, "value") for part in content] if isinstance(content, list) else []


def as_feed(found: bounded.Found) -> ParsedFeed:
    return normalise({"version": found.version, "feed": found.feed, "entries": found.entries}, URL, NOW)


def rss(*items: str, head: str = "", root: str = "") -> str:
    channel = f"<title>Heron</title><link>https://heron.example/</link>{head}{''.join(items)}"
    return f"<rss version='2.0' {SPACES}{root}><channel>{channel}</channel></rss>"


def atom(*entries: str, head: str = "") -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom' {SPACES}><title>Heron</title>{head}{''.join(entries)}</feed>"


def item(*parts: str) -> str:
    return f"<item>{''.join(parts)}</item>"


def entry(*parts: str) -> str:
    return f"<entry>{''.join(parts)}</entry>"


READ = {
    "everything": rss(
        item(
            "<title>Otters &amp; herons</title><link>https://heron.example/1?a=1&amp;b=2</link>",
            "<guid>https://heron.example/g</guid>",
            "<description>&lt;p&gt;Words&lt;/p&gt;</description><content:encoded><![CDATA[<p>Body</p>]]></content:encoded>",
            "<pubDate>Fri, 20 Nov 2026 10:00:00 +0100</pubDate><dc:creator>Ann</dc:creator>",
            "<author>b@heron.example (Bo)</author>",
            "<category>rivers</category><category domain='x'>rivers</category><dc:subject>water</dc:subject>",
            "<enclosure url='https://heron.example/a.mp3' type='audio/mpeg'/>",
            "<source url='https://wader.example/'>Wader</source>",
            "<media:content url='a.jpg'/><media:thumbnail url='b.jpg'/><slash:x xmlns:slash='urn:x'>4</slash:x>",
        ),
        head="<ttl>15</ttl><language>de-AT</language><image><title>Other</title><url>/u</url><link>/l</link></image>",
    ),
    "an empty title, then one": rss(item("<title/><title>Otters</title>")),
    "two titles": rss(item("<title>Otters</title><title>Herons</title>")),
    "a title of the picture": rss(item("<media:title>Picture</media:title><title>Otters</title>")),
    "an empty title and one of the picture": rss(
        item("<title/><media:group><media:title>Picture</media:title></media:group>")
    ),
    "the words of a film": rss(
        item("<media:group><media:description>Film</media:description></media:group><title>x</title>")
    ),
    "content, then description": rss(item("<content:encoded>Body</content:encoded><description>Words</description>")),
    "an empty description, then content": rss(item("<description/><content:encoded>Body</content:encoded>")),
    "ids that are no pages": rss(
        item("<guid isPermaLink='false'>7</guid>"), item("<guid isPermaLink='FALSE'>7/8</guid>")
    ),
    "an id before an empty link": rss(item("<guid>https://heron.example/g</guid><link></link>")),
    "a link of another kind": rss(item("<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='SELF' href='/x'/>")),
    "an origin": rss(item("<link>/p</link><feedburner:origLink>https://heron.example/o</feedburner:origLink>")),
    "words encoded twice": rss(item("<title>Ã¼ber \x93Otter\x94</title><description>nur Ã¼</description>")),
    "a picture of an entry": rss(item("<title>Otters</title><image>/i.png</image><title>Herons</title>")),
    "an address of a picture of an entry": rss(item("<image><url>/i.png</url></image><title>Otters</title>")),
    "a base at the root": rss(
        item("<link>1?a=b</link><guid>/2</guid>"),
        item("<guid isPermaLink='false'>3</guid>"),
        item("<link href='../4'/><guid/>"),
        root=" xml:base='https://wader.example/a/'",
    ),
    "keywords": rss(item("<itunes:keywords>a, b,,</itunes:keywords><media:keywords>c</media:keywords>")),
    "the owner and the category of a podcast": rss(
        head="<itunes:owner><itunes:name>Ann</itunes:name></itunes:owner>"
        "<itunes:category text='a'><itunes:category text='b'/></itunes:category>"
    ),
    "a language at the root": rss(item("<title>Otters</title>"), root=" xml:lang='fr_CA'"),
    "a title after the entries": rss(item("<title>Otters</title>")).replace(
        "</channel>", "<title>Late</title></channel>"
    ),
    "unknown elements": rss(item("<a:b><a:c>1</a:c></a:b><a:d e='1'>2</a:d><title>Otters</title>")),
    "a namespace of its own": rss(item("<site xmlns='urn:site'>7</site><title xmlns='urn:site'>Otters</title>")),
    "an address that nobody knows for a prefix that all know": rss(
        item("<dc:creator>Ann</dc:creator><dc:title>Otters</dc:title>")
    ).replace("http://purl.org/dc/elements/1.1/", "https://purl.org/dc/elements/1.1/"),
    "when to come back": rss(
        head="<skipHours><hour>3</hour><hour>04</hour></skipHours><skipDays><day>Sunday</day></skipDays>"
        "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency> 2 </sy:updateFrequency>",
        root=" xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'",
    ),
    "dates that are none": rss(item("<pubDate>soon</pubDate><dc:date>2026-11-20T10:00:00Z</dc:date>")),
    "atom": atom(
        entry(
            "<id>urn:1</id><title type='html'>Otters &amp;amp; &lt;b&gt;</title>",
            "<link href='/1'/><link rel='enclosure' href='/e'/>",
            "<author><name>Ann</name><email>a@heron.example</email><uri>/ann</uri></author><author><name/></author>",
            "<updated>2026-11-20T10:00:00Z</updated><published>2026-11-19T10:00:00Z</published><summary>Words</summary>",
            "<content type='html'>&lt;p&gt;Body&lt;/p&gt;</content><category term='rivers' label='Rivers'/>",
        ),
        entry(
            "<title>&lt;b&gt; as it stands</title><content type='text'>a &lt; b</content>",
            "<summary type='html'>s</summary>",
        ),
        head="<id>urn:f</id><author><name>Bo</name></author>"
        "<link rel='alternate' type='text/html' href='https://heron.example/'/>",
    ),
    "rss 1.0": (
        f"<rdf:RDF xmlns='http://purl.org/rss/1.0/' {SPACES} xml:lang='nl'>"
        "<channel rdf:about='/'><title>Heron</title><link>/</link>"
        "<items><rdf:Seq><rdf:li rdf:resource='/1'/></rdf:Seq></items><image rdf:resource='/i'/></channel>"
        "<image rdf:about='/i'><title>Other</title><url>/u</url></image>"
        "<item rdf:about='/1'><title>Otters</title><link>/1</link><dc:date>2026-11-20</dc:date></item></rdf:RDF>"
    ),
    "no entries": rss(),
    "atom 0.3": (
        f"<feed version='0.3' xmlns='http://purl.org/atom/ns#' {SPACES}><title mode='escaped'>Heron</title><entry>"
        "<title>Otters</title><issued>2026-11-20T10:00:00Z</issued><modified>2026-11-20T11:00:00Z</modified>"
        "<created>2026-11-19T10:00:00Z</created><content type='text/html' mode='escaped'>&lt;p&gt;a</content>"
        "</entry></feed>"
    ),
    "markup that is not escaped": rss(
        item("<title>A<b>b</b> &amp; c</title><description>\n1 &lt; 2 <p class='x'>Words<br/></p></description>")
    ),
    "two descriptions": rss(
        item("<description>a</description><description>b</description><itunes:summary>longest</itunes:summary>")
    ),
    "words in xhtml": atom(
        entry(
            "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Otters &lt;3 <i>herons</i></div></title>",
            "<summary type='xhtml'> <xhtml:div>a <xhtml:b>b</xhtml:b></xhtml:div> </summary>",
            "<content type='xhtml'><div>a</div><div>b &amp;amp; c</div></content>",
        ),
        entry(
            "<content type='xhtml'>1 &lt; 2 <div>a</div></content><summary type='xhtml'>AT&amp;amp;T &lt;b></summary>"
        ),
        entry(
            "<content type='xhtml'><div><svg xmlns='http://www.w3.org/2000/svg'><path d='M'/></svg>a</div></content>"
        ),
    ),
    "pictures in xhtml": atom(
        entry(
            "<content type='xhtml'><div><svg:svg xmlns:svg='http://www.w3.org/2000/svg'/></div></content>",
        ).replace("svg:svg xmlns:svg", "svg id='1' xmlns:xlink='http://www.w3.org/1999/xlink' xmlns"),
        entry(
            "<content type='xhtml'><b xml:space='preserve'><use xmlns:xlink='http://www.w3.org/1999/xlink' "
            "xlink:href='#&quot;&amp;a'/></b></content>",
            "<content type='text'>as long as the picture with all that belongs to its attributes would be</content>",
        ),
    ),
    "languages of entries and words": atom(
        entry("<title xml:lang='el'>a</title><content xml:lang='fr_CA'>b</content>"),
        entry("<title xml:lang=''>a</title>"),
    ).replace("<entry>", "<entry xml:lang='nl'>", 1),
    "a base that is not forgotten": atom(
        entry("<id>1</id><content xml:base='https://wader.example/a/'>b</content><link href='2'/>"),
        entry("<id>3</id><content xml:base='https://wader.example/a/'>b</content>"),
    ),
    "bases below one of the root": atom(
        entry("<content xml:base='//[a'>b</content><link href='1'/>"),
        entry("<link href='2'/><summary xml:base='/a'>b</summary>").replace(
            "<entry>", "<entry xml:base='https://c.example/b/'>"
        ),
        entry("<link href='3'/>"),
    ).replace("<feed ", "<feed xml:base='https://wader.example/a/' "),
    "categories of a podcast": rss(
        item(
            "<itunes:category text='a'> b <itunes:category text='c'/><itunes:category>d</itunes:category>"
            "</itunes:category>"
        ),
        item("<itunes:category>a<itunes:category text='b'>c</itunes:category> d </itunes:category><itunes:category/>"),
    ),
    "a picture with a title": rss(
        item("<title>Otters</title><image><url>/i</url><title>Picture</title><link>/l</link></image>"),
        item("<image><title>Picture</title></image><title>Otters</title><image><title>Picture</title></image>"),
        item("<image><title>Picture</title></image>", "<media:title>Otters</media:title>"),
        head="<image><url>/u</url></image>",
    ),
    "a film within a film": rss(
        item(
            "<media:group><media:content url='/f' lang='en'/><media:content url='/f'><media:title>Film</media:title>"
            "<media:description>Words</media:description><media:credit role='a'>Ann</media:credit></media:content>"
            "</media:group><title>Otters</title><media:category>rivers</media:category>"
        )
    ),
    "a summary of the feed before its description": rss(
        item("<description>a</description><description>b</description>"),
        item("<description>a</description><description>b</description>"),
        head="<itunes:summary>x</itunes:summary><description>y</description>",
    ),
    "a prefix in capitals": rss(item("<B:b/><title>Otters</title>"), root=" xmlns:B='urn:B'"),
    "a prefix for something else": rss(item("<title>a</title>")).replace(
        "http://web.resource.org/cc/", "http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html"
    ),
    "a namespace of userland": rss(item("<title>a</title>"), root=" xmlns='http://backend.userland.com/rss2'"),
    "a picture of a podcast": rss(item("<itunes:link href='/i'>Otters</itunes:link><title>a</title>")),
    "dates in many ways": rss(
        *(
            item(f"<pubDate>{date}</pubDate>")
            for date in (
                "Fri, 20 Nov 2026 10:00:00 -0130",
                "Sat, 21 Nov 2026 23:59:59 GMT",
                "1 Oct 2026 00:00:00 UTC",
                "Tue, 31 Nov 2026 10:00:00 GMT",
                "Wed, 01 Jan 0001 00:00:00 +0100",
                "2026-11-20T10:00:00.123+05:30",
                "2026-11-20T24:00:00Z",
                "2026-11-20 10:00:00",
            )
        )
    ),
}
LEFT = {
    "a div in what says that it is text": rss(item("<description><div>Words</div></description>")),
    "markup that means something to feedparser": rss(item("<description><p><source>a</source></p></description>")),
    "a language of the channel": rss(item("<title>a</title>")).replace("<channel>", "<channel xml:lang='nl'>"),
    "a base": rss(item("<link xml:base='https://wader.example/'>a</link>")),
    "a base within a base": atom(
        entry(
            "<content xml:base='https://wader.example/'>a</content><content xml:base='https://heron.example/'>b</content>"
        )
    ),
    "a strange base": rss(item("<link>a</link>"), root=" xml:base='//wader.example'"),
    "a title within something": rss(item("<a:b><title>a</title></a:b>")),
    "an element with a prefix for something else": rss(
        item("<cc:license/><x:y xmlns:x='http://web.resource.org/cc/'/>")
    ).replace(
        "xmlns:cc='http://web.resource.org/cc/'",
        "xmlns:cc='http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html'",
    ),
    "a blank in the name of a namespace": rss(item("<a:b/>"), root=" xmlns:c='urn:&nbsp;c'"),
    "a blank behind the name of a namespace": rss(item("<a:b/>"), root=" xmlns:c='urn:c '"),
    "two prefixes but for their case": rss(item("<A:b/>"), root=" xmlns:A='urn:B'"),
    "a prefix that changes": rss(item("<a:b xmlns:a='urn:b'/>")),
    "html that says it is a feed": "<html><body><rss/></body></html>",
    "base64": atom(entry("<content mode='base64'>RWF1</content>")),
    "an entry in an entry": rss(item(item())),
    "not well-formed": rss(item("<title>a</b>")),
    "an end that is missing": rss(item("<title>a</title>"))[:-20],
}


@pytest.mark.parametrize("document", READ.values(), ids=READ)
def test_a_plain_document_is_read_as_feedparser_reads_it(document: str) -> None:
    """All that we take of it."""
    ours, theirs = both(document)
    assert ours is not None
    assert ours == theirs


@pytest.mark.parametrize("document", READ.values(), ids=READ)
def test_markup_is_written_as_feedparser_writes_it(document: str) -> None:
    """Attributes too, which nobody will see: which content is the longest depends on them."""
    ours, theirs = words_of(document)
    assert ours == theirs


@pytest.mark.parametrize("document", READ.values(), ids=READ)
def test_a_document_is_read_alike_in_pieces(document: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long one is never in memory as a tree: what is complete of it is read and dropped."""
    body = mended(document).encode()
    whole = plain.parse(body)
    monkeypatch.setattr(plain, "_CHUNK_BYTES", 50)  # so that a short document is a long one
    assert plain.parse(body) == whole


def test_what_never_ends_is_not_waited_for() -> None:
    """An entry of very many elements would fill the memory."""
    assert plain.parse(mended(rss(item("<a:b/>" * 250_000))).encode()) is None
    assert plain.parse(mended(rss(*(item("<a:b/>" * 25_000) for _ in range(10)))).encode()) is not None


@pytest.mark.parametrize("document", LEFT.values(), ids=LEFT)
def test_what_is_not_plain_is_left_to_feedparser(document: str) -> None:
    """Its ways with that are long and strange."""
    assert plain.parse(mended(document).encode()) is None


@pytest.mark.parametrize("document", FEEDS.values(), ids=FEEDS)
def test_the_documents_of_other_tests_are_read_alike_or_left(document: str) -> None:
    """They have something of every format."""
    ours, theirs = both(document)
    assert ours == theirs


@MANY
@given(FRAMES, st.lists(st.lists(ELEMENTS, max_size=4), max_size=2), st.lists(ELEMENTS, max_size=2))
def test_any_elements_are_read_alike_or_left(
    frame: tuple[str, str, str], entries: list[list[str]], head: list[str]
) -> None:
    """Known ones where nobody expects them, within one another, with strange values."""
    opening, name, closing = frame
    items = "".join(f"<{name}>{''.join(children)}</{name}>" for children in entries)
    ours, theirs = both(f"{opening}{''.join(head)}{items}{closing}")
    event("left" if ours is None else "read")
    assert ours == theirs


_PLAIN_NAMES = (
    "title link guid id description summary content content:encoded author dc:creator itunes:author pubDate published "
    "updated dc:date category dc:subject media:title media:description media:keywords itunes:keywords itunes:summary "
    "feedburner:origLink source enclosure media:content media:thumbnail image ttl language a:b rights comments "
    "georss:point lastBuildDate managingEditor generator skipHours skipDays hour day media:category itunes:link "
    "modified issued created dc:description itunes:category"
)
PLAIN_NAMES = st.sampled_from(_PLAIN_NAMES.split())
_MARKUP_NAMES = st.sampled_from(
    ["p", "p", "b", "b", "i", "div", "xhtml:div", "xhtml:p", "svg", "a:b", "title", "source", "math", "x"]
)
_MARKUP_ATTRIBUTES = st.dictionaries(
    st.sampled_from(["class", "rel", "title", "xml:lang", "xml:base", "xmlns", "xmlns:xlink", "a:b"]),
    st.sampled_from(
        [
            "http://www.w3.org/1999/xlink",
            "a",
            "A",
            "<b>",
            '"',
            "http://www.w3.org/1999/xhtml",
            "http://www.w3.org/2000/svg",
            "é&",
        ]
    ),
    max_size=2,
).map(lambda stated: {name: value.replace("&", "&amp;").replace("<", "&lt;") for name, value in stated.items()})
MARKUP = st.recursive(
    LEAVES,
    lambda inner: st.builds(element, _MARKUP_NAMES, _MARKUP_ATTRIBUTES, st.lists(inner, max_size=3)),
    max_leaves=8,
)
WORDS = st.builds(
    element,
    st.sampled_from(["title", "description", "summary", "content", "content:encoded", "media:title", "itunes:summary"]),
    st.dictionaries(
        st.sampled_from(["type", "type", "mode", "xml:lang", "xml:base"]),
        st.sampled_from(
            ["xhtml", "html", "text", "text/html", "application/xhtml+xml", "de_DE", "https://wader.example/a/", ""]
        ),
        max_size=2,
    ),
    st.lists(MARKUP, max_size=3),
)
BASES = st.sampled_from(["", "", "", " xml:base='https://wader.example/a/b'", " base='/'", " xml:lang='el'"])
STATED: st.SearchStrategy[dict[str, str]] = st.one_of(st.just({}), st.just({}), ATTRIBUTES)
PICTURES = st.builds(
    element,
    st.sampled_from(["image", "itunes:category", "media:content", "media:group"]),
    STATED,
    st.lists(
        st.builds(
            element,
            st.sampled_from(["title", "link", "url", "width", "itunes:category", "media:title", "media:description"]),
            STATED,
            st.lists(LEAVES, max_size=1),
        ),
        max_size=3,
    ),
)
PLAIN = st.one_of(
    *[st.builds(element, PLAIN_NAMES, STATED, st.lists(LEAVES, max_size=2))] * 5,
    PICTURES,
)


@MANY
@given(
    FRAMES,
    st.lists(st.lists(PLAIN, max_size=7), max_size=3),
    st.lists(PLAIN, max_size=4),
    st.lists(PLAIN, max_size=2),
    BASES,
)
def test_any_plain_elements_are_read_alike_or_left(
    frame: tuple[str, str, str], entries: list[list[str]], head: list[str], tail: list[str], base: str
) -> None:
    """In any order, any number of times, with any text, before the entries and after them."""
    opening, name, closing = frame
    items = "".join(f"<{name}>{''.join(children)}</{name}>" for children in entries)
    opening = opening.replace(" xmlns:dc=", f"{base} xmlns:dc=", 1)
    ours, theirs = both(f"{opening}{''.join(head)}{items}{''.join(tail)}{closing}")
    event("left" if ours is None else "read")
    assert ours == theirs


@MANY
@given(
    FRAMES,
    st.lists(st.lists(st.one_of(WORDS, WORDS, PLAIN), max_size=5), max_size=3),
    st.lists(PLAIN, max_size=2),
    BASES,
)
def test_any_markup_is_read_alike_or_left(
    frame: tuple[str, str, str], entries: list[list[str]], head: list[str], base: str
) -> None:
    """Not escaped, in any kind of words, with attributes, in any language."""
    opening, name, closing = frame
    items = "".join(f"<{name}>{''.join(children)}</{name}>" for children in entries)
    opening = opening.replace(" xmlns:dc=", f"{base} xmlns:dc=", 1)
    document = f"{opening}{''.join(head)}{items}{closing}"
    ours, theirs = both(document)
    event("left" if ours is None else "read")
    assert ours == theirs
    if ours is not None:
        words, their_words = words_of(document)
        assert words == their_words


@MANY
@given(st.sampled_from([*READ.values()]), EDITS)
def test_a_mutilated_document_is_read_alike_or_left(seed: str, edits: list[tuple[int, int, bytes]]) -> None:
    """With pieces cut out, repeated and put in."""
    ours, theirs = both(edited(seed.encode(), edits[:2]).decode("utf-8", "replace"))
    event("left" if ours is None else "read")
    assert ours == theirs


@MANY
@given(st.sampled_from([*READ.values(), *FEEDS.values()]), EDITS)
def test_what_can_be_read_as_it_is_needs_no_mending(seed: str, edits: list[tuple[int, int, bytes]]) -> None:
    """What mending changes stops the parser, or means the same."""
    document = edited(seed.encode(), edits[:2]).decode("utf-8", "replace")
    as_it_is = unmended(document)
    ours = None if as_it_is is None else plain.parse(as_it_is.encode("utf-8", "surrogatepass"))
    event("left" if ours is None else "read")
    assert ours is None or ours == plain.parse(mended(document).encode("utf-8", "replace"))
