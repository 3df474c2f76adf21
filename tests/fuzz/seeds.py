"""Invented documents in every format that is read, rich enough that small changes reach deep."""

import gzip
import zlib
from collections.abc import Mapping

RSS = """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:atom="http://www.w3.org/2005/Atom" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">
<channel><title>The Heron</title><link>https://heron.example/</link><description>River news</description>
<language>en-GB</language><ttl>15</ttl><managingEditor>ed@heron.example (Ed Itor)</managingEditor>
<webMaster>web@heron.example</webMaster><atom:link rel="self" href="https://heron.example/feeds/all"/>
<image><url>https://heron.example/i.png</url><title>Heron</title><link>/</link><width>8</width></image>
<textInput><title>Find</title><name>q</name><link>/find</link></textInput>
<item><title>Otters &amp; &#8220;eels&#8221; return</title><link>/news/1?utm_source=x</link>
<guid isPermaLink="false">tag:heron.example,2026:1</guid><pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate>
<author>a@heron.example (Ann Otter)</author><category domain="d">Rivers</category><comments>/c/1</comments>
<description>&lt;p&gt;They &lt;b&gt;came&lt;/b&gt; back&amp;nbsp;again.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>They came <i>back</i>.</p>
<script>x()</script><table><tr><td>1<td>2</table>]]></content:encoded>
<media:content url="https://heron.example/1.jpg" medium="image"><media:title>Otter</media:title></media:content>
<enclosure url="https://heron.example/1.mp3" length="12" type="audio/mpeg"/>
<source url="https://other.example/feed">Other</source></item>
<item><title><![CDATA[Weir <em>closed</em> & drained]]></title>
<dc:creator>Bo Eel</dc:creator><dc:date>2026-11-19T08:00:00Z</dc:date>
<guid>https://heron.example/news/2</guid><itunes:summary>The weir is shut.</itunes:summary>
<feedburner:origLink>https://heron.example/news/2</feedburner:origLink></item>
<item><description>No title, only words about a lock.</description><pubDate>20 Nov 26 09:00 +0200</pubDate></item>
</channel></rss>
"""
ATOM = """\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://heron.example/de/"
  xmlns:media="http://search.yahoo.com/mrss/"><title type="text">Der Reiher</title>
<id>urn:uuid:60a76c80-d399-11d9-b93C-0003939e0af6</id><updated>2026-11-20T10:00:00Z</updated>
<link rel="alternate" href="./"/><link rel="self" href="feed"/><author><name>Anna</name><uri>/anna</uri></author>
<entry xml:base="2026/"><title type="html">Otter &amp;amp; &lt;b&gt;Aal&lt;/b&gt;</title><id>urn:1</id>
<link rel="alternate" type="text/html" href="1"/><link rel="enclosure" href="1.mp3"/>
<published>2026-11-19T23:00:00+01:00</published><updated>2026-11-20T09:00:00.5Z</updated>
<author><name>Bert</name><email>b@heron.example</email></author><category term="fluss" label="Fluss"/>
<summary>Kurz &amp; gut</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Lang &lt; gut</p></div></content>
</entry>
<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Ein <em>Wehr</em></div></title><id>urn:2</id>
<updated>2026-11-18T00:00:00Z</updated><content type="html">&lt;p&gt;Zwei&lt;/p&gt;</content>
<media:group><media:title>Wehr</media:title><media:description>Ein Film</media:description></media:group>
<source><title>Anderswo</title><id>urn:3</id></source></entry></feed>
"""
ATOM_03 = """\
<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="fr"><title mode="escaped">Le H&amp;eacute;ron</title>
<link rel="alternate" type="text/html" href="https://heron.example/fr"/><tagline>t</tagline>
<modified>2026-11-20T10:00:00Z</modified><entry><title>Loutres</title><id>tag:h,1</id><issued>2026-11-20T08:00:00</issued>
<created>2026-11-19T08:00:00Z</created><modified>2026-11-20T09:00:00Z</modified><link rel="alternate" href="/fr/1"/>
<author><name>Zo\u00e9</name></author><content type="text/html" mode="escaped">&lt;p&gt;Eau&lt;/p&gt;</content>
<content type="text/plain" mode="base64">RWF1</content></entry></feed>
"""
RDF = """\
<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="https://heron.example/"><title>Heron RDF</title><link>https://heron.example/</link>
<dc:language>nl</dc:language><items><rdf:Seq><rdf:li rdf:resource="https://heron.example/1"/></rdf:Seq></items></channel>
<item rdf:about="https://heron.example/1"><title>Otters terug</title><link>https://heron.example/1</link>
<description>In de beek</description><dc:creator>Jan</dc:creator><dc:subject>natuur</dc:subject>
<dc:date>2026-11-20T09:00+01:00</dc:date></item></rdf:RDF>
"""
RSS_090 = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>Old Heron</title><link>http://heron.example</link><description>d</description></channel>
<item><title>Weir &amp;amp; lock</title><link>http://heron.example/w</link></item></rdf:RDF>
"""
RSS_091 = """\
<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://x.example/rss.dtd">
<rss version="0.91"><channel><title>Older Heron</title><link>http://heron.example</link><language>en</language>
<webMaster>w@heron.example</webMaster><item><title>Mill</title><link>http://heron.example/m</link>
<description>A mill &lt;i&gt;turns&lt;/i&gt;</description></item></channel></rss>
"""
RSS_092 = """\
<rss version="0.92"><channel><title>H</title><link>http://heron.example</link><item><description>Only words &amp; more
</description><source url="http://o.example/x.xml">O</source><enclosure url="a.mp3" length="1" type="x"/></item>
<item><title>  </title><link>javascript:alert(1)</link><description>&lt;a href="/x">x&lt;/a></description></item>
</channel></rss>
"""
LOOSE = """\
<rss version=2.0><channel><title>Heron & co</title><item><title>A <b>bold</i> otter &nbsp;&copy; &#150;</title>
<link>http://heron.example/?a=1&b=2<guid>x</guid><description><![CDATA[half <p>]]> &lt;p&gt</description>
<pubDate>yesterday</pubDate></item><item><title>second</title><dc:creator>nobody declared me</dc:creator>
"""
JSON_1 = """\
{"version": "https://jsonfeed.org/version/1", "title": "Heron", "home_page_url": "https://heron.example/",
 "author": {"name": "Ann"}, "items": [{"id": 1, "url": "/1", "title": "Otters &amp; eels", "content_text": "They < we",
 "date_published": "2026-11-20T09:00:00+01:00", "tags": ["a", "b"]}, {"id": "2", "external_url": "https://o.example/",
 "content_html": "<p>Words</p>", "summary": "s"}]}
"""
JSON_11 = """\
{"version": "https://jsonfeed.org/version/1.1", "title": "Heron", "language": "en-US", "authors": [{"name": "Ann"}],
 "items": [{"id": "https://heron.example/1", "content_html": "<p>One &amp; only</p>", "date_modified": "2026-11-20",
 "authors": [{"name": "Bo", "url": "u"}, {}], "language": "de", "image": "i.png", "attachments": [{"url": "x"}]}]}
"""
OPML = """\
<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>Rivers</title></head><body>
<outline text="News"><outline type="rss" text="The Heron" xmlUrl="https://heron.example/feed"
 category="/a/b,c" language="en"/>
<outline type="link" text="more" url="https://heron.example/more.opml"/></outline><outline text="empty"/></body></opml>
"""
FEEDS: Mapping[str, str] = {
    "rss20": RSS,
    "atom10": ATOM,
    "atom03": ATOM_03,
    "rss10": RDF,
    "rss090": RSS_090,
    "rss091": RSS_091,
    "rss092": RSS_092,
    "loose": LOOSE,
    "json1": JSON_1,
    "json11": JSON_11,
}
WIRES: Mapping[str, tuple[bytes, str]] = {
    "gzip": (gzip.compress(RSS.encode(), mtime=0), "gzip"),
    "gzip of members": (gzip.compress(b"a" * 70_000, mtime=0) + gzip.compress(b"b", mtime=0) + b"\0\0", "gzip"),
    "deflate": (zlib.compress(ATOM.encode()), "deflate"),
    "raw deflate": (zlib.compress(ATOM.encode())[2:-4], "deflate"),
}
SCRAPS: tuple[bytes, ...] = (
    b"<", b">", b"&", b"&#xD800;", b"&#x1;", b"&#99999999999;", b"&#150;", b"&amp;#8217;", b"&bogus;", b"\0", b"\xff",
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?x ", b"?>", b"<!", b"<item>", b"</item>", b"<entry>", b"</entry>",
    b"<feed>", b"<channel>", b"<rss>", b"<rdf:RDF>", b"<link href='//[x'/>", b"<link>http://[::1", b"<link/>",
    b"<guid isPermaLink='false'>", b"<guid>", b"<title type='xhtml'>", b"<title type='html'>", b"<title>", b"</title>",
    b"<content mode='base64'>!</content>", b"<content type='xhtml'><div>", b"<content src='x'/>", b"<summary>",
    b"<updated>10000-01-01T00:00:00Z</updated>", b"<pubDate>-1</pubDate>", b"<pubDate>Mon, 32 Feb 0000 25:61:61 +9999",
    b" xml:base='http://['", b" xml:base='javascript:'", b" xml:lang=''", b"<image>", b"<textInput>", b"<width/>",
    b"<category>", b"<category term=''/>", b"<source url='x'>", b"<svg>", b"<math>", b"&nbsp;", b"{", b"}", b"[", b"]",
    b'"', b",", b":", b"null", b"1e999", b"\\ud800", b"xmlns:a='b'", b" xmlns=''", b"<a:b>", b"<dc:creator>",
    b"<dc:date>", b"<itunes:author>", b"<author><name>", b"<contributor>", b"<media:group>", b"<media:content/>",
    b"<psc:chapters><psc:chapter start='x'/>", b"<georss:point>1 x</georss:point>", b"<cc:license>", b"<gml:pos>",
    b"<enclosure/>", b"<managingEditor>", b"<webMaster>", b"<cloud/>", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"]>",
    b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\xff\xfe", b"\xcc\x81", b"\xe2\x80\xa8", b"\xc2\x85", b"\r",
    b"mailto:a@b.example", b"javascript:alert(1)", b"data:,x", b"ftp://x/", b"http://h:99999/", b"//", b"?", b"#",
    b"encoding='utf-7'", b"encoding='idna'", b"encoding='koi8-r'", b"<?xml version='1.0' encoding='utf-16'?>",
    b"<outline", b" xmlUrl='", b"/>", b" a='1' a='2'", b"'", b"<script>", b"<p>", b"</p>", b"&lt;p&gt;", b"<td>",
)  # fmt: skip
CONTENT_TYPES: tuple[str, ...] = (
    "", "text/xml", "application/rss+xml; charset=utf-8", "text/html; charset=utf-16",
    "text/xml; charset=windows-1251",
    "x; charset=idna", "a/b; charset=\0", "; charset=koi8-r", "; charset=iso-2022-jp", "; charset=gb2312",
    "; charset=utf-32",
)  # fmt: skip
