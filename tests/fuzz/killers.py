"""Documents that parsers are known to choke on, and what each costs.

    python -m tests.fuzz.killers [--seconds 30] [--times 1]

Each is read in a process of its own, which is stopped after so many CPU seconds. Exits 1 where one costs more than the
promise: 1 CPU second for each 100 kB begun.
"""

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from monitor.feeds.parse import parse_document
from monitor.model.entries import ParsedFeed

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://heron.example/feed"
MEASURE_BYTES = 100_000
"""the promise is made for so much of a document"""


def _rss(item: str, channel: str = "", root: str = "") -> str:
    return f"<rss version='2.0'{root}><channel><title>The Heron</title>{channel}<item>{item}</item></channel></rss>"


def _atom(entry: str, feed: str = "") -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>The Heron</title>{feed}<entry>{entry}</entry></feed>"


def _opening_only(item: str) -> str:
    """Not well-formed, so that the loose parser takes over."""
    return f"<rss version='2.0'><channel><item><b></i>{item}</item></channel></rss>"


def _attributes(count: int) -> str:
    return " ".join(f"a{number}='{number}'" for number in range(count))


def _namespaces(count: int) -> str:
    return "".join(f" xmlns:n{number}='urn:n{number}'" for number in range(count))


KILLERS: Mapping[str, Callable[[int], str]] = {
    "author of 16 kB": lambda s: _rss(f"<title>t</title><author>{'a' * 16_000 * s}</author>"),
    "author of 100 kB": lambda s: _rss(f"<title>t</title><author>{'a' * 100_000 * s}</author>"),
    "author of 100 kB, with @": lambda s: _rss(f"<title>t</title><author>{'a@b' * 33_000 * s}</author>"),
    "author of 100 kB, parentheses": lambda s: _rss(f"<title>t</title><author>{'(' * 100_000 * s}</author>"),
    "author of 100 kB in CDATA": lambda s: _rss(f"<title>t</title><author><![CDATA[{'a' * 100_000 * s}]]></author>"),
    "author of 100 kB of references": lambda s: _rss(f"<title>t</title><author>{'&#97;' * 20_000 * s}</author>"),
    "author of 100 kB in pieces": lambda s: _rss(f"<title>t</title><author>{'aaaaaaaa<x/>' * 8_000 * s}</author>"),
    "author of 100 kB, loose": lambda s: _opening_only(f"<title>t</title><author>{'a' * 100_000 * s}</author>"),
    "dc:creator of 100 kB": lambda s: _rss(
        f"<dc:creator>{'a' * 100_000 * s}</dc:creator>", root=" xmlns:dc='http://purl.org/dc/elements/1.1/'"
    ),
    "creator under a strange prefix": lambda s: _rss(
        f"<q:creator>{'a' * 100_000 * s}</q:creator>", root=" xmlns:q='http://purl.org/dc/elements/1.1/'"
    ),
    "itunes:author of 100 kB": lambda s: _rss(
        f"<i:author>{'a' * 100_000 * s}</i:author>", root=" xmlns:i='http://www.itunes.com/dtds/podcast-1.0.dtd'"
    ),
    "managingEditor of 100 kB": lambda s: _rss(
        "<title>t</title>", f"<managingEditor>{'a' * 100_000 * s}</managingEditor>"
    ),
    "webMaster of 100 kB": lambda s: _rss("<title>t</title>", f"<webMaster>{'a' * 100_000 * s}</webMaster>"),
    "atom name of 100 kB": lambda s: _atom(f"<author><name>{'a' * 100_000 * s}</name></author>"),
    "atom email of 100 kB": lambda s: _atom(f"<author><email>{'a' * 100_000 * s}</email></author>"),
    "atom contributor of 100 kB": lambda s: _atom(f"<contributor><name>{'a' * 100_000 * s}</name></contributor>"),
    "1,000 authors of an entry": lambda s: _rss(
        "".join(f"<author>a{n}@b.example (A)</author>" for n in range(1_000 * s))
    ),
    "3,000 atom authors": lambda s: _atom("<author><name>a</name></author>" * 3_000 * s),
    "8,000 attributes": lambda s: _rss(f"<title {_attributes(8_000 * s)}>t</title>"),
    "8,000 attributes, loose": lambda s: _opening_only(f"<title {_attributes(8_000 * s)}>t</title>"),
    "8,000 attributes of the root": lambda s: _rss("<title>t</title>", root=f" {_attributes(8_000 * s)}"),
    "attribute of 1 MB": lambda s: _rss(f"<title a='{'b' * 1_000_000 * s}'>t</title>"),
    "attribute of 1 MB, loose": lambda s: _opening_only(f"<title a='{'b' * 1_000_000 * s}'>t</title>"),
    "240 kB of <!--": lambda s: _rss("<!--" * 60_000 * s),
    "240 kB of <!-- before the feed": lambda s: "<!--" * 60_000 * s + _rss("<title>t</title>"),
    "240 kB of <!-- -->": lambda s: _rss("<!-- -->" * 30_000 * s),
    "240 kB of <!": lambda s: _rss("<!" * 120_000 * s),
    "240 kB of <?": lambda s: _rss("<?" * 120_000 * s),
    "240 kB of <![CDATA[": lambda s: _rss("<title>" + "<![CDATA[" * 26_000 * s + "</title>"),
    "240 kB of <![": lambda s: _rss("<![" * 80_000 * s),
    "240 kB of <": lambda s: _rss("<" * 240_000 * s),
    "240 kB of <a": lambda s: _rss("<a" * 120_000 * s),
    "240 kB of </": lambda s: _rss("</" * 120_000 * s),
    "240 kB of &": lambda s: _rss("<title>" + "&" * 240_000 * s + "</title>"),
    "240 kB of &#": lambda s: _rss("<title>" + "&#" * 120_000 * s + "</title>"),
    "240 kB of &amp;": lambda s: _rss("<title>" + "&amp;" * 48_000 * s + "</title>"),
    "240 kB of ]]>": lambda s: _rss("<title>" + "]]>" * 80_000 * s + "</title>"),
    "240 kB of <!DOCTYPE": lambda s: "<!DOCTYPE " * 24_000 * s + _rss("<title>t</title>"),
    "240 kB of <?xml": lambda s: "<?xml " * 40_000 * s + _rss("<title>t</title>"),
    "one < without an end": lambda s: _rss("<title a='" + "b='" * 80_000 * s),
    "20,000 elements deep": lambda s: _rss("<x>" * 20_000 * s + "</x>" * 20_000 * s),
    "20,000 elements deep, loose": lambda s: _opening_only("<x>" * 20_000 * s),
    "20,000 items deep": lambda s: _rss("<item>" * 20_000 * s),
    "20,000 divs in a description": lambda s: _rss(
        "<description>" + "&lt;div&gt;" * 20_000 * s + "</description><title>t</title>"
    ),
    "5,000 xhtml divs in content": lambda s: _atom(
        "<content type='xhtml'>"
        + "<div xmlns='http://www.w3.org/1999/xhtml'>" * 5_000 * s
        + "</div>" * 5_000 * s
        + "</content>"
    ),
    "20,000 xhtml paragraphs": lambda s: _atom("<content type='xhtml'>" + "<p>a</p>" * 20_000 * s + "</content>"),
    "20,000 svg elements": lambda s: _atom(
        "<content type='xhtml'><svg xmlns='http://www.w3.org/2000/svg'>" + "<path/>" * 20_000 * s + "</svg></content>"
    ),
    "text of 1 MB": lambda s: _rss(f"<title>{'word ' * 200_000 * s}</title>"),
    "text of 1 MB without spaces": lambda s: _rss(f"<description>{'w' * 1_000_000 * s}</description>"),
    "text of 1 MB, loose": lambda s: _opening_only(f"<title>{'word ' * 200_000 * s}</title>"),
    "date of 100 kB of digits": lambda s: _rss(f"<pubDate>{'1' * 100_000 * s}</pubDate>"),
    "date of 100 kB of spaces": lambda s: _rss(f"<pubDate>1{' ' * 100_000 * s}x</pubDate>"),
    "date of 100 kB of words": lambda s: _rss(f"<pubDate>{'Mon, ' * 20_000 * s}</pubDate>"),
    "date of 100 kB of -": lambda s: _rss(f"<pubDate>2026{'-01' * 33_000 * s}</pubDate>"),
    "1,000 dates": lambda s: _rss("<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate>" * 1_000 * s),
    "2,000 unreadable dates": lambda s: _rss("<pubDate>20. listopadu kolem desáté</pubDate>" * 2_000 * s),
    "guid of 1 MB": lambda s: _rss(f"<guid>{'g' * 1_000_000 * s}</guid>"),
    "link of 1 MB": lambda s: _rss(f"<link>http://heron.example/{'l' * 1_000_000 * s}</link>"),
    "20,000 links of an entry": lambda s: _atom("<link href='http://heron.example/1'/>" * 20_000 * s),
    "20,000 rss links of an entry": lambda s: _rss("<link>http://heron.example/1</link>" * 20_000 * s),
    "20,000 categories": lambda s: _rss("".join(f"<category>c{number}</category>" for number in range(20_000 * s))),
    "20,000 equal categories": lambda s: _rss("<category>c</category>" * 20_000 * s),
    "category of 100 kB of commas": lambda s: _rss(
        f"<i:keywords>{'a,' * 50_000 * s}</i:keywords>", root=" xmlns:i='http://www.itunes.com/dtds/podcast-1.0.dtd'"
    ),
    "20,000 enclosures": lambda s: _rss("<enclosure url='http://heron.example/1' length='1'/>" * 20_000 * s),
    "20,000 contents": lambda s: _atom("<content>c</content>" * 20_000 * s),
    "20,000 titles": lambda s: _rss("<title>t</title>" * 20_000 * s),
    "5,000 media thumbnails": lambda s: _rss(
        "<m:thumbnail url='http://heron.example/1'/>" * 5_000 * s, root=" xmlns:m='http://search.yahoo.com/mrss/'"
    ),
    "5,000 namespaces of the root": lambda s: _rss("<title>t</title>", root=_namespaces(5_000 * s)),
    "namespaces, a new one for each element": lambda s: _rss(
        "".join(f"<n{number}:x xmlns:n{number}='urn:n{number}'/>" for number in range(5_000 * s))
    ),
    "namespace of 1 MB": lambda s: _rss("<title>t</title>", root=f" xmlns:n='{'n' * 1_000_000 * s}'"),
    "element name of 1 MB": lambda s: _rss(f"<{'n' * 1_000_000 * s}>t</{'n' * 1_000_000 * s}>"),
    "5,000 xml:base within one another": lambda s: _rss("<x xml:base='a/'>" * 5_000 * s + "</x>" * 5_000 * s),
    "xml:base of 1 MB": lambda s: _rss(f"<link>a</link><x xml:base='{'a/' * 500_000 * s}'/>"),
    "base64 of 1 MB": lambda s: _atom(f"<content type='application/octet-stream'>{'QUJD' * 250_000 * s}</content>"),
    "georss of 100 kB": lambda s: _rss(
        f"<g:polygon>{'1 2 ' * 25_000 * s}</g:polygon>", root=" xmlns:g='http://www.georss.org/georss'"
    ),
    "20,000 items": lambda s: _rss("<title>t</title>" + "</item><item><title>t</title>" * 20_000 * s),
    "JSON nested 100,000 deep": lambda s: (
        '{"version": "https://jsonfeed.org/version/1.1", "items": ' + "[" * 100_000 * s
    ),
    "JSON number of 100,000 digits": lambda s: (
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": ' + "1" * 100_000 * s + "}]}"
    ),
    "title of 100 kB of <b>": lambda s: _rss(f"<title>{'&lt;b&gt;' * 11_000 * s}</title>"),
    "title of 240 kB of <b a": lambda s: _rss(f"<title>{'&lt;b a' * 34_000 * s}</title>"),
    "title of 240 kB of &lt;!--": lambda s: _rss(f"<title>{'&lt;!--' * 34_000 * s}</title>"),
    "combining marks, 100 kB": lambda s: _rss(f"<title>a{chr(0x301) * 50_000 * s}</title>"),
    "combining marks in turns, 100 kB": lambda s: _rss(f"<title>a{(chr(0x301) + chr(0x316)) * 25_000 * s}</title>"),
    "100,000 lines before the root": lambda s: "<?xml version='1.0'?>" + "\n" * 100_000 * s + _rss("<title>t</title>"),
    "many DOCTYPEs with a subset": lambda s: "<!DOCTYPE a []>" * 20_000 * s + _rss("<title>t</title>"),
    "many DOCTYPEs, and an entity": lambda s: "<!DOCTYPE a []>" * 20_000 * s + "<!ENTITY a>" + _rss("<title>t</title>"),
    "many endings of a subset": lambda s: "<!DOCTYPE a [" + "]" * 100_000 * s + _rss("<title>t</title>"),
    "dates of the Hungarian kind": lambda s: _rss(
        "<title>t</title>" + "<dc:date>2004-július-13T9:15</dc:date>" * 2_500 * s
    ),
    "white space, 1 MB": lambda s: " " * 1_000_000 * s + _rss("<title>t</title>"),
    "NUL, 1 MB": lambda s: "\0" * 1_000_000 * s + _rss("<title>t</title>"),
    "doctype of 1 MB": lambda s: f"<!DOCTYPE rss {'x' * 1_000_000 * s}>" + _rss("<title>t</title>"),
    "doctype with attribute lists": lambda s: (
        "<!DOCTYPE rss [" + "<!ATTLIST item a CDATA 'b'>" * 10_000 * s + "]>" + _rss("<title>t</title>")
    ),
}


def body_of(name: str, times: int = 1) -> bytes:
    """The killer of that name, so many times as large as it says."""
    return KILLERS[name](times).encode("utf-8")


def allowed_seconds(body: bytes) -> float:
    """What a document may cost."""
    return -(-len(body) // MEASURE_BYTES) * 1.0


def main() -> int:
    """Print the table; 1 where the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=30, help="CPU seconds after which a document is given up")
    parser.add_argument("--times", type=int, default=1, help="so many times as large; shows what grows by the square")
    options = parser.parse_args()
    too_dear = 0
    print(f"{'document':<42} {'kB':>6} {'CPU s':>7} {'allowed':>7}  outcome", flush=True)
    for name in KILLERS:
        body = body_of(name, options.times)
        seconds, outcome = _measured(body, options.seconds)
        is_dear = seconds > allowed_seconds(body)
        too_dear += is_dear
        mark = "  TOO DEAR" if is_dear else ""
        print(
            f"{name:<42} {len(body) / 1000:>6.0f} {seconds:>7.2f} {allowed_seconds(body):>7.0f}  {outcome}{mark}",
            flush=True,
        )
    print(f"{len(KILLERS)} documents, {too_dear} cost more than 1 CPU second for each 100 kB")
    return 1 if too_dear else 0


def _measured(body: bytes, limit_seconds: int) -> tuple[float, str]:
    """CPU seconds and what came of it; the limit itself where it was reached."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_read, args=(body, limit_seconds, theirs))
    process.start()
    theirs.close()
    try:
        seconds, outcome = ours.recv()
    except EOFError:
        seconds, outcome = float(limit_seconds), "given up"
    process.join()
    return seconds, outcome


def _read(body: bytes, limit_seconds: int, answer: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limit_seconds, limit_seconds))
    began = time.process_time()
    parsed = parse_document(body, content_type="", url=URL, now=NOW)
    seconds = time.process_time() - began
    if isinstance(parsed, ParsedFeed):
        answer.send((seconds, f"{len(parsed.entries)} entries; {parsed.flaw}"))
    else:
        answer.send((seconds, parsed.reason))


if __name__ == "__main__":
    raise SystemExit(main())
