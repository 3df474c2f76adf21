"""Feed documents of every kind, read to the same nouns."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.parse import parse_document
from monitor.model.entries import Entry, ParsedFeed, ParseFailed, Text

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://heron.example/feeds/news.xml"


def read(document: str | bytes, content_type: str = "application/xml", url: str = URL) -> ParsedFeed:
    """A document that must be a feed."""
    parsed = attempt(document, content_type, url)
    assert isinstance(parsed, ParsedFeed), parsed
    return parsed


def attempt(document: str | bytes, content_type: str = "", url: str = URL) -> ParsedFeed | ParseFailed:
    """A document that may be anything."""
    body = document.encode() if isinstance(document, str) else document
    return parse_document(body, content_type=content_type, url=url, now=NOW)


def rss(items: str, channel: str = "<link>https://heron.example/</link>") -> str:
    """An RSS 2.0 document."""
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Heron</title>'
        f"{channel}{items}</channel></rss>"
    )


def atom(entries: str, feed: str = "", attributes: str = "") -> str:
    """An Atom 1.0 document."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>The Heron</title>{feed}{entries}</feed>'


def only(document: str | bytes) -> Entry:
    """The one entry of a document."""
    (entry,) = read(document).entries
    return entry


def test_an_rss_document_is_read_whole() -> None:
    """Every field that RSS states."""
    feed = read(
        rss(
            "<item><title>Otters &amp;amp; herons agree</title><link>/news/1?a=1&amp;b=2</link>"
            '<guid isPermaLink="false">heron-1</guid><pubDate>Fri, 20 Nov 2026 10:00:00 +0200</pubDate>'
            "<dc:creator>Ida Reed</dc:creator><dc:creator>Jon Moss</dc:creator>"
            "<category>Rivers</category><category>Peace</category><category>Rivers</category>"
            "<description>&lt;p&gt;A &lt;b&gt;treaty&lt;/b&gt;.&lt;/p&gt;"
            "&lt;script&gt;evil()&lt;/script&gt;</description>"
            "<content:encoded><![CDATA[<p>A treaty.</p><p>More.</p>]]></content:encoded></item>",
            "<link>https://heron.example/</link><language>en-GB</language><ttl>30</ttl>",
        )
    )
    assert feed == ParsedFeed(
        kind="rss20",
        title="The Heron",
        site="https://heron.example/",
        language="en",
        ttl_seconds=1_800,
        entries=(
            Entry(
                id="heron-1",
                link="https://heron.example/news/1?a=1&b=2",
                text=Text(title="Otters & herons agree", summary="A treaty.", body="A treaty.\nMore."),
                authors=("Ida Reed", "Jon Moss"),
                categories=("Rivers", "Peace"),
                language="en",
                published_at=datetime(2026, 11, 20, 8, tzinfo=UTC),
            ),
        ),
    )


def test_an_atom_document_is_read_whole() -> None:
    """Every field that Atom states, xml:base and xml:lang included."""
    feed = read(
        atom(
            '<entry xml:lang="ru-RU" xml:base="/ru/"><id>tag:heron.example,2026:1</id>'
            '<link rel="enclosure" href="https://heron.example/a.mp3"/><link href="one"/>'
            '<title type="html">Цапли &lt;i&gt;договорились&lt;/i&gt;</title>'
            '<summary>Коротко.</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
            "<p>Коротко.</p><p>Длинно.</p></div></content>"
            '<category term="реки" label="Реки"/><published>2026-11-20T09:00:00Z</published>'
            "<updated>2026-11-20T10:00:00+01:00</updated></entry>",
            '<link href="https://heron.example/"/><author><name>The desk</name></author>',
            'xml:base="https://heron.example/"',
        )
    )
    assert (feed.kind, feed.site) == ("atom10", "https://heron.example/")
    assert feed.entries == (
        Entry(
            id="tag:heron.example,2026:1",
            link="https://heron.example/ru/one",
            text=Text(title="Цапли договорились", summary="Коротко.", body="Коротко.\nДлинно."),
            authors=("The desk",),
            categories=("реки",),
            language="ru",
            published_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
            updated_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
        ),
    )


def test_an_rdf_document_is_read() -> None:
    """RSS 1.0: dc:date is the date of publication, dc:creator the author, rdf:about the id."""
    feed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://heron.example/">'
        "<title>The Heron</title><link>https://heron.example/</link><dc:language>de</dc:language></channel>"
        '<item rdf:about="https://heron.example/1"><title>Reiher</title><link>https://heron.example/1</link>'
        "<dc:date>2026-11-19T07:00:00+01:00</dc:date><dc:creator>Ida Reed</dc:creator></item></rdf:RDF>"
    )
    (entry,) = feed.entries
    assert feed.kind == "rss10"
    assert (entry.id, entry.authors, entry.language) == ("https://heron.example/1", ("Ida Reed",), "de")
    assert (entry.published_at, entry.updated_at) == (datetime(2026, 11, 19, 6, tzinfo=UTC), None)


def test_atom_that_was_only_updated_was_not_published() -> None:
    """Atom has both dates; the one is not taken for the other, and nothing warns."""
    entry = only(atom("<entry><title>A</title><updated>2026-11-20T10:00:00Z</updated></entry>"))
    assert (entry.published_at, entry.updated_at) == (None, datetime(2026, 11, 20, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("item", "link", "identity"),
    [
        ("<guid>https://heron.example/1</guid>", "https://heron.example/1", "https://heron.example/1"),
        (
            '<guid isPermaLink="false">https://heron.example/1</guid>',
            "https://heron.example/1",
            "https://heron.example/1",
        ),
        ('<guid isPermaLink="false">urn:1</guid><link>/2</link>', "https://heron.example/2", "urn:1"),
        ("<guid>123</guid>", "", "123"),
        ("<guid>/123</guid>", "https://heron.example/123", "/123"),
        ("<link>www.heron.example/1</link>", "http://www.heron.example/1", ""),
        ('<guid isPermaLink="false">7</guid><link>a b</link>', "", "7"),
        ("<guid>plain-7</guid><link>https://o.example/a b</link>", "https://o.example/a%20b", "plain-7"),
        ("<link>javascript:alert(1)</link>", "", ""),
        ("<link>ftp://heron.example/x</link>", "", ""),
        ("<link>//cdn.example/x</link>", "https://cdn.example/x", ""),
        ("<link><![CDATA[ https://heron.example/?a=1&b=2 ]]></link>", "https://heron.example/?a=1&b=2", ""),
        ("<link>https://[broken/</link>", "", ""),
        ("<link>https://heron.example:99999/</link>", "", ""),
        (f"<link>https://heron.example/{'x' * 5_000}</link>", "", ""),
    ],
)
def test_links_lead_to_web_pages_or_nowhere(item: str, link: str, identity: str) -> None:
    """http and https, absolute, from the link, else from an id that is an address; no id is made into one."""
    entry = only(rss(f"<item><title>A</title>{item}</item>"))
    assert (entry.link, entry.id) == (link, identity)


def test_an_id_stays_as_stated_wherever_the_feed_moves() -> None:
    """A guid that is called a permalink and is none is not joined with the feed's address."""
    document = rss("<item><title>A</title><guid>item-7</guid></item>", "")
    assert {read(document, url=url).entries[0].id for url in (URL, "http://other.example/f")} == {"item-7"}


def test_relative_links_are_meant_from_the_site_in_rss_and_from_the_feed_in_atom() -> None:
    """A feed may be hosted elsewhere than the site it is of."""
    hosted = "https://feeds.example/heron/rss"
    item = "<item><title>A</title><link>news/1</link></item>"
    assert read(rss(item), url=hosted).entries[0].link == "https://heron.example/news/1"
    assert read(rss(item, ""), url=hosted).entries[0].link == "https://feeds.example/heron/news/1"
    entry = '<entry><title>A</title><link href="news/1"/></entry>'
    assert read(atom(entry), url=hosted).entries[0].link == "https://feeds.example/heron/news/1"


def test_the_original_link_is_preferred_to_a_proxys() -> None:
    """FeedBurner names what it stands for."""
    entry = only(
        '<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>'
        "<title>A</title><link>https://proxy.example/~r/1</link>"
        "<feedburner:origLink>https://heron.example/1</feedburner:origLink></item></channel></rss>"
    )
    assert entry.link == "https://heron.example/1"


def test_a_very_long_id_is_known_by_its_digest() -> None:
    """It still tells entries apart."""
    items = "".join(f"<item><guid isPermaLink='false'>{'x' * 3_000}{n}</guid></item>" for n in (1, 2))
    first, second = read(rss(items)).entries
    assert first.id.startswith("sha256:")
    assert len(first.id) < 80
    assert first.id != second.id


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Fri, 20 Nov 2026 10:00:00 GMT", NOW - timedelta(hours=2)),
        ("Sat, 21 Nov 2026 12:00:00 GMT", NOW + timedelta(days=1)),
        ("Sat, 21 Nov 2026 12:00:01 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Mon, 20 Nov 2006 12:00:00 GMT", NOW.replace(year=2006)),
        ("0000-00-00", None),
        ("-0001-01-01T00:00:00Z", None),
        ("10000-01-01T00:00:00Z", None),
        ("99999999999", None),
        ("2026/11/20 10:00:00", None),
        ("yesterday", None),
    ],
)
def test_dates_are_plausible_or_unknown(date: str, expected: datetime | None) -> None:
    """Between twenty years ago and tomorrow; never corrected, never a crash."""
    assert only(rss(f"<item><title>A</title><pubDate>{date}</pubDate></item>")).published_at == expected


def test_a_missing_title_is_lent_by_the_summary() -> None:
    """Its beginning, in one line; else the body's; else there is none."""
    entry = only(rss(f"<item><description>One\n two {'three ' * 60}</description></item>"))
    assert entry.text.title.startswith("One two three")
    assert len(entry.text.title) <= 120
    assert entry.text.title.endswith("…")
    assert only(rss("<item><link>https://heron.example/1</link></item>")).text == Text()


def test_texts_are_bounded() -> None:
    """Title 500 characters, summary 20,000, body 100,000 bytes; a body that repeats the summary is left out."""
    entry = only(
        rss(
            f"<item><title>{'Цапля ' * 200}</title><description>{'слово ' * 5_000}</description>"
            f"<content:encoded>{'текст ' * 30_000}</content:encoded></item>"
        )
    )
    assert len(entry.text.title) <= 500
    assert len(entry.text.summary) <= 20_000
    assert 90_000 < len(entry.text.body.encode()) <= 100_000
    same = only(rss("<item><title>A</title><description>x</description><content:encoded>x</content:encoded></item>"))
    assert same.text == Text(title="A", summary="x")


def test_a_long_content_without_summary_is_kept_whole() -> None:
    """The summary is its beginning, the body all of it."""
    entry = only(rss(f"<item><title>A</title><content:encoded>{'word ' * 6_000}</content:encoded></item>"))
    assert len(entry.text.summary) <= 20_000
    assert len(entry.text.body) == 6_000 * 5 - 1


def test_nothing_invisible_or_active_gets_through() -> None:
    """Scripts, control characters, direction overrides and lone surrogates."""
    entry = only(
        rss(
            "<item><title>He\x00r\x08on &lt;script&gt;alert(1)&lt;/script&gt;\u202e&#x1;&#xD800; lands</title>"
            "<dc:creator>Ida\u202e\nReed</dc:creator>"
            "<description>&lt;img src=x onerror=alert(1)&gt;ok</description></item>"
        )
    )
    assert entry.text.summary == "ok"
    assert entry.authors == ("Ida Reed",)
    everything = "".join((entry.text.title, *entry.authors))
    assert "<script" not in everything
    assert not any(
        character < " " or character == "\u202e" or "\ud800" <= character < "\ue000" for character in everything
    )


def test_an_atom_title_that_says_it_is_text_keeps_its_angle_brackets() -> None:
    """`type="text"` is a promise."""
    assert only(atom("<entry><title>Why &lt;b> is no news</title></entry>")).text.title == "Why <b> is no news"


@pytest.mark.parametrize(
    ("document", "content_type"),
    [
        (rss("<item><title>Жук</title></item>").encode("utf-8"), "text/xml"),
        (rss("<item><title>Жук</title></item>").encode("utf-8"), "text/xml; charset=iso-8859-1"),
        (rss("<item><title>Жук</title></item>").encode("cp1251"), "text/xml; charset=windows-1251"),
        (rss("<item><title>Жук</title></item>").encode("koi8-r"), 'application/rss+xml; CHARSET="KOI8-R"'),
        (b"\xef\xbb\xbf" + rss("<item><title>Жук</title></item>").encode(), "text/html; charset=utf-16"),
        (rss("<item><title>Жук</title></item>").encode("utf-16"), ""),
        (rss("<item><title>Жук</title></item>").encode("utf-16-be"), "text/xml; charset=bogus-1"),
        (rss("<item><title>Жук</title></item>").encode("utf-32"), ""),
        (rss("<item><title>Жук</title></item>").encode("utf-32-le"), ""),
        (
            rss("<item><title>Жук</title></item>").replace('"1.0"', '"1.0" encoding="windows-1251"').encode("cp1251"),
            "application/octet-stream",
        ),
        (b"\n " + rss("<item><title>Жук</title></item>").encode(), "; charset=utf-16"),
    ],
)
def test_charsets_are_read_as_they_are_meant(document: bytes, content_type: str) -> None:
    """Byte order marks, valid UTF-8, HTTP, the XML declaration, in this order."""
    feed = read(document, content_type)
    assert feed.entries[0].text.title == "Жук"
    assert feed.is_whole


def test_one_bad_byte_spoils_one_character_only() -> None:
    """The rest of a UTF-8 document stays UTF-8; a document that is none is taken for Windows-1252."""
    good = rss("<item><title>Жук и жаба</title></item>").encode()
    assert read(good.replace("аба".encode(), b"\xff" + "аба".encode())).entries[0].text.title == "Жук и ж\ufffdаба"
    assert read(rss("<item><title>" + "é" * 90 + "</title></item>").encode("cp1252")).entries[0].text.title == "é" * 90


def test_bytes_that_cannot_be_utf8_refute_who_says_so() -> None:
    """Servers call everything UTF-8: then what the document says of itself counts, else the charset of the West."""
    item = rss("<item><title>Жук летит над рекой</title></item>")
    russian = item.replace('"1.0"', '"1.0" encoding="windows-1251"', 1).encode("cp1251")
    assert read(russian, "text/xml; charset=utf-8").entries[0].text.title == "Жук летит над рекой"
    french = rss("<item><title>Un héron à Genève</title></item>").encode("cp1252")
    assert read(french, "text/xml; charset=utf-8").entries[0].text.title == "Un héron à Genève"


@pytest.mark.parametrize("title", ["Größe: „schön“, für Übermut – naïve", "Жук — и рыба", "“Otters’ café” ✓ 🦦 à"])
def test_text_that_was_encoded_twice_is_read_once(title: str) -> None:
    """As UTF-8 that somebody took for Windows-1252, whose unused bytes came along as they were."""
    twice = "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte)
        for byte in rss(f"<item><title>{title}</title></item>").encode()
    )
    assert only(twice).text.title == title


@pytest.mark.parametrize("title", ["LE CAFÉ» ET «LE CAFÉ» ET LE CAFÉ» à l’été", "Ã©", "Größe schön für"])
def test_text_that_only_looks_encoded_twice_stays(title: str) -> None:
    """A few such pairs among other signs, or a single one."""
    assert only(rss(f"<item><title>{title} ø</title></item>")).text.title == f"{title} ø"


@pytest.mark.parametrize(
    ("stated", "title", "summary"),
    [
        ("<title><![CDATA[<![CDATA[Otters & eels]]>]]></title>", "Otters & eels", ""),
        ("<title>&lt;![CDATA[Otters &amp; eels]]&gt;</title>", "Otters & eels", ""),
        ("<title>A</title><description><![CDATA[a <![CDATA[b]]> c]]></description>", "A", "a b c"),
        ("<title>It&amp;#8217;s an otter</title>", "It’s an otter", ""),
    ],
)
def test_what_was_wrapped_twice_is_unwrapped_twice(stated: str, title: str, summary: str) -> None:
    """And the document is well-formed for all that."""
    feed = read(rss(f"<item>{stated}</item>"))
    assert feed.is_whole
    assert (feed.entries[0].text.title, feed.entries[0].text.summary) == (title, summary)


@pytest.mark.parametrize(
    ("tag", "language"), [("en-GB", "en"), ("zh-Hans-CN", "zh"), ("rss_0.91.language", ""), ("english", "")]
)
def test_a_language_is_a_tag_or_unknown(tag: str, language: str) -> None:
    assert read(rss("", f"<language>{tag}</language>")).language == language


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "idna", "cp037", "punycode", "base64"])
def test_other_charsets_are_refused(charset: str) -> None:
    """What Python calls a codec is not for that a charset of feeds."""
    for content_type, declared in ((f"text/xml; charset={charset}", ""), ("", f' encoding="{charset}"')):
        parsed = attempt(rss("").replace('"1.0"', '"1.0"' + declared), content_type)
        assert parsed == ParseFailed(reason=f"the charset {charset} is not accepted")


def test_small_faults_leave_a_document_whole() -> None:
    """Bare ampersands, HTML entities, leading lines and stray control characters are mended, CDATA is not touched."""
    feed = read(
        "\n\n"
        + rss(
            "<item><title>Fish&nbsp;& chips &copy; R&D &bogus; \x0b</title>"
            "<link>https://heron.example/?a=1&b=2</link>"
            "<description><![CDATA[<!-- a -->5 &lt; 6 & more]]></description></item><!-- & -->"
        )
    )
    assert (feed.is_whole, feed.flaw) == (True, "")
    (entry,) = feed.entries
    assert entry.text.title == "Fish & chips © R&D &bogus;"
    assert entry.link == "https://heron.example/?a=1&b=2"
    assert entry.text.summary == "5 < 6 & more"


def test_a_document_that_is_broken_off_keeps_its_whole_entries() -> None:
    """The entry that the cut went through is left out: it would come back changed."""
    document = rss("".join(f"<item><title>Number {n}</title></item>" for n in range(5)))
    feed = read(document[: document.index("mber 3")])
    assert not feed.is_whole
    assert feed.flaw
    assert [entry.text.title for entry in feed.entries] == ["Number 0", "Number 1", "Number 2"]
    between = read(document[: document.index("<item><title>Number 3")])
    assert (len(between.entries), between.is_whole) == (3, False)


def test_a_document_that_is_not_well_formed_says_so() -> None:
    """Its entries are there, and the flaw names the line."""
    feed = read(rss("<item><title>A</title><b></item>\n<item><title>B</title></item>"))
    assert [entry.text.title for entry in feed.entries] == ["A", "B"]
    assert (feed.is_whole, feed.flaw) == (False, "mismatched tag, line 1")


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("<!DOCTYPE html><html><head><title>Not here</title></head></html>", "not a feed: an HTML page"),
        ("<html><body><feedback/></body></html>", "not a feed: an HTML page"),
        ("", "not a feed"),
        ("Service unavailable", "not a feed"),
        ("<opml><body/></opml>", "not a feed"),
        ("<?xml version='1.0'?><sitemap><channel/></sitemap>", "not a feed"),
        ("{", "the JSON is broken"),
        ("{}", "not a feed: JSON, but not a JSON Feed"),
    ],
)
def test_what_is_no_feed_is_a_failure(document: str, reason: str) -> None:
    """And is not taken for an empty feed."""
    assert attempt(document) == ParseFailed(reason=reason)


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE rss [<!ENTITY a "b">]>',
        '<?xml version="1.0"?><!-- <rss --> <!DOCTYPE rss [ <!ELEMENT x ANY> <!entity % a SYSTEM "file:///x">]>',
        '<!ENTITY a "b">',
        '<?a <x?><!DOCTYPE rss PUBLIC "a" "b" [\n<!ENTITY a "b">]>',
    ],
)
def test_entity_declarations_are_refused(prolog: str) -> None:
    """Wherever in the prolog they hide, and in whatever charset."""
    document = prolog + rss("").removeprefix('<?xml version="1.0"?>')
    for body in (document.encode(), document.encode("utf-16")):
        parsed = attempt(body)
        assert isinstance(parsed, ParseFailed)
        assert "entities" in parsed.reason


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">' + rss("")[21:],
        rss("<item><title>A</title><description><![CDATA[<!DOCTYPE x [<!ENTITY y 'z'>]>]]></description></item>"),
        "<!-- <!ENTITY --><?x <!ENTITY ?>" + rss("")[21:],
    ],
)
def test_talking_of_entities_is_no_declaration(document: str) -> None:
    """An article about XML is news like any other."""
    assert read(document).is_whole


def test_there_is_an_end_to_entries() -> None:
    """Five thousand are read; that there were more is a flaw."""
    feed = read(rss("<item><title>A</title></item>" * 5_001))
    assert len(feed.entries) == 5_000
    assert not feed.is_whole
    assert "5,000" in feed.flaw


@pytest.mark.parametrize(
    ("ttl", "seconds"), [("60", 3_600), (" 5 ", 300), ("9999", 86_400), ("-1", 0), ("1.5", 0), ("9" * 50, 0), ("x", 0)]
)
def test_the_time_to_live_is_in_minutes(ttl: str, seconds: int) -> None:
    """A day at most, nonsense is none."""
    assert read(rss("", f"<ttl>{ttl}</ttl>")).ttl_seconds == seconds


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3_600),
        ("<sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency> 4 </sy:updateFrequency>", 21_600),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", 86_400),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 3_600),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>often</sy:updateFrequency>", 3_600),
        ("<sy:updatePeriod>now and then</sy:updatePeriod>", 0),
        ("<sy:updateFrequency>2</sy:updateFrequency>", 0),
    ],
)
def test_the_update_period_is_divided_by_its_frequency(channel: str, seconds: int) -> None:
    """A day at most; words that the module does not have are none."""
    document = rss("", channel).replace("<rss ", '<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" ')
    assert read(document).update_seconds == seconds


def test_every_hour_and_day_to_skip_is_kept() -> None:
    """Whichever way hours are counted and days are written; what is neither is passed over."""
    hours = "".join(f"<hour>{hour}</hour>" for hour in ("0", " 1 ", "23", "24", "-3", "x", "111", "99"))
    days = "".join(f"<day>{day}</day>" for day in ("Saturday", " sunday ", "Someday"))
    for document in (
        rss("<item><title>A</title></item>", f"<skipHours>{hours}</skipHours><skipDays>{days}</skipDays>"),
        rss("<item><title>A</title></item>", f"<skipHours>{hours}</skipHours><skipDays>{days}</skipDays>") + "<",
    ):
        feed = read(document)
        assert (feed.skip_hours, feed.skip_days) == (frozenset({0, 1, 23}), frozenset({5, 6}))
    endless = read(rss("", f"<skipHours>{'<hour>7</hour>' * 100_000}</skipHours>"))
    assert endless.skip_hours == frozenset({7})
    assert read(rss("")).skip_hours == frozenset()


def test_a_feedparser_exception_is_this_documents_failure() -> None:
    """The library can raise; nothing gets past us."""
    parsed = attempt(rss("<textInput><name>a</name></textInput><b>"))
    assert isinstance(parsed, ParsedFeed | ParseFailed)


def test_a_feeds_authors_do_not_swell_every_entry() -> None:
    """A hundred authors and thousands of entries, 200 kB on the wire, would be 100 MB in the database."""
    authors = "".join(f"<author><name>Author {number}</name></author>" for number in range(100))
    feed = read(f"<feed xmlns='http://www.w3.org/2005/Atom'>{authors}<entry><id>1</id><title>A</title></entry></feed>")
    assert feed.entries[0].authors == tuple(f"Author {number}" for number in range(10))
