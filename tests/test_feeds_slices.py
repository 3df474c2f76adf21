"""Cutting documents into entries: what is cut, what is not, and that nothing is read otherwise for it."""

import asyncio
import time
from datetime import UTC, datetime

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from monitor.feeds.slices import LARGEST_BYTES, Sliced, cut
from monitor.model.polls import Fetched
from tests.benchmarks.unread import Comparer, Verdict
from tests.fuzz.seeds import FEEDS
from tests.test_feeds_fuzz import EDITS, ELEMENTS, FRAMES, edited

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://heron.example/feed"
COMPARER = Comparer(now=NOW)
NEVER = settings(deadline=None, derandomize=True, max_examples=200)


def rss(*items: str, head: str = "", tail: str = "", root: str = "") -> bytes:
    return f"<rss version='2.0'{root}><channel><title>H</title>{head}{''.join(items)}{tail}</channel></rss>".encode()


def item(number: int, inner: str = "") -> str:
    return f"<item><guid>{number}</guid><title>Otters, part {number}</title>{inner}</item>\n"


def cut_at(body: bytes, content_type: str = "", url: str = URL) -> Sliced | None:
    return cut(body, content_type=content_type, url=url)


def slices(body: bytes) -> list[bytes]:
    sliced = cut_at(body)
    assert sliced is not None
    return [sliced.document[start:end] for start, end in sliced.spans]


def found(body: bytes) -> Fetched:
    return Fetched(body=body, url=URL)


async def thirds(body: bytes) -> set[Verdict]:
    return {await COMPARER.every_third(found(body), start) for start in range(3)}


FOUR = [item(number) for number in range(4)]
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://heron.example/de/"><title>H</title>'
    "<author><name>Ann</name></author><updated>2026-11-20T10:00:00Z</updated>{}</feed>"
)
ATOM_ENTRY = '<entry><id>urn:{0}</id><title>Otter {0}</title><link href="{0}.html"/>{1}</entry>'
SHAPES = {
    "plain": rss(*FOUR),
    "attributes with >": rss(*(f'<item about="a > b" n="{n}"><title>{n}</title></item>' for n in range(4))),
    "sections that speak of items": rss(
        *(item(n, f"<description><![CDATA[</item><item>{n}]]></description>") for n in range(4))
    ),
    "comments that speak of items": rss(*(item(n, f"<!-- </item><item> {n} -->") for n in range(4))),
    "comments between them": rss(*(item(n) + f"<!-- part {n} -->" for n in range(4))),
    "elements that begin alike": rss(*(item(n, "<items><itemized/></items>") for n in range(4))),
    "a head with dates and comments": rss(*FOUR, head="<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate><!-- 3 ms -->"),
    "a tail": rss(*FOUR, tail="<link>https://heron.example/</link><language>el</language>"),
    "atom": ATOM.format("".join(ATOM_ENTRY.format(n, "") for n in range(4))).encode(),
    "atom, xhtml": ATOM.format(
        "".join(
            ATOM_ENTRY.format(
                n, f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Otter {n}</p></div></content>'
            )
            for n in range(4)
        )
    ).encode(),
    "atom, prefixed": (
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>H</a:title>'
        + "".join(f"<a:entry><a:id>{n}</a:id><a:title>Otter {n}</a:title></a:entry>" for n in range(4))
        + "</a:feed>"
    ).encode(),
    "namespaces at the entries": rss(
        *(item(n, f'<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">Ann {n}</dc:creator>') for n in range(4))
    ),
    "cyrillic": rss(*(item(n, f"<description>Выдра {n}</description>") for n in range(4))),
    "byte order mark": b"\xef\xbb\xbf" + rss(*FOUR),
    "named references": rss(*(item(n, f"<description>&eacute;&nbsp;{n} & Co</description>") for n in range(4))),
    **{name: text.encode() for name, text in FEEDS.items()},
    "windows-1251": (
        '<?xml version="1.0" encoding="windows-1251"?>'
        + rss(*(item(n, f"<description>Выдра {n}</description>") for n in range(4))).decode()
    ).encode("windows-1251"),
}
WHOLE = {
    "an item in an item": rss(item(1, item(2)), item(3)),
    "an entry within xhtml": ATOM.format("".join(ATOM_ENTRY.format(n, "<entry/>") for n in range(4))).encode(),
    "something between them": rss(item(1), "<ttl>5</ttl>", item(2)),
    "an instruction among them": rss(item(1), "<?php print(1) ?>", item(2)),
    "a declaration": b"<!DOCTYPE rss [<!ELEMENT rss ANY>]>" + rss(*FOUR),
    "one that never ends": rss(item(1), "<item><title>cut"),
    "an end too many": rss(item(1), "</item>", item(2)),
    "a section that never ends": rss(item(1, "<![CDATA["), item(2)),
    "a comment that never ends": rss(item(1, "<!--"), item(2)),
    "characters that XML forbids": rss(item(1, "\x0b"), item(2)),
    "no characters at all": rss(item(1, "\uffff"), item(2)),
    "two names": rss(item(1), "<entry><title>two</title></entry>"),
    "a prefix for two namespaces": rss(item(1, '<a:b xmlns:a="urn:a"/>'), item(2, '<a:b xmlns:a="urn:b"/>')),
    "no entries": rss(),
    "JSON": b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "<item></item>"}]}',
    "a charset that is refused": b'<?xml version="1.0" encoding="utf-7"?>' + rss(*FOUR),
    "empty": b"",
    "more than is read of any": rss(*(f"<item><guid>{number}</guid></item>" for number in range(5_001))),
}


def test_entries_are_found_as_they_stand_in_the_document() -> None:
    """From the first character of the one to the last of it; the digest is of these bytes alone."""
    assert slices(rss(*FOUR)) == [one.strip().encode() for one in FOUR]
    sliced, other = cut_at(rss(*FOUR)), cut_at(rss(FOUR[3], item(7), FOUR[0]))
    assert sliced is not None
    assert other is not None
    assert [one in sliced.digests for one in other.digests] == [True, False, True]
    assert sliced.frame == other.frame


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES)
async def test_every_third_entry_as_new_is_read_as_in_the_whole(body: bytes) -> None:
    """All fields of the entries, and what is said of the feed."""
    verdicts, sliced = await thirds(body), cut_at(body)
    assert Verdict.DIFFERS not in verdicts
    assert Verdict.EQUAL in verdicts or sliced is None or len(sliced.digests) == 1


@pytest.mark.parametrize("body", WHOLE.values(), ids=WHOLE)
async def test_what_is_out_of_the_ordinary_is_read_whole(body: bytes) -> None:
    """There the parser alone knows what an entry is."""
    assert cut_at(body) is None
    assert await thirds(body) <= {Verdict.FELL_BACK, Verdict.NO_ENTRIES}


def test_a_frame_is_what_entries_inherit_and_where_they_were_found() -> None:
    """A date or a comment in it is no other frame; a link, a language, a namespace, another address are."""

    def frame(body: bytes, url: str = URL) -> bytes:
        sliced = cut_at(body, url=url)
        assert sliced is not None
        return sliced.frame

    plain = frame(rss(item(1)))
    assert frame(rss(item(2), item(3))) == plain
    assert frame(rss(item(1), head="<lastBuildDate>Fri, 20 Nov 2026</lastBuildDate><!-- 0.3 s -->")) == plain
    assert frame(rss(item(1), tail="<!-- 0.3 s -->")) == plain
    others = [
        frame(rss(item(1)), url="https://wader.example/feed"),
        frame(rss(item(1), head="<link>https://heron.example/</link>")),
        frame(rss(item(1), tail="<language>el</language>")),
        frame(rss(item(1), root=" xml:lang='el'")),
        frame(rss(item(1), head="<lastBuildDate>Fri & Sat</lastBuildDate>")),
    ]
    assert len({plain, *others}) == 1 + len(others)


def test_the_list_of_entries_that_rss_1_begins_with_is_no_other_frame() -> None:
    """It names each of them."""

    def rdf(*numbers: int) -> bytes:
        spaces = 'xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        listed = "".join(f'\n  <rdf:li rdf:resource="/{n}?a=1&amp;b" />' for n in numbers)
        items = "".join(f'<item rdf:about="/{n}"><title>{n}</title></item>' for n in numbers)
        channel = f"<channel><items><rdf:Seq>{listed}\n</rdf:Seq></items></channel>"
        return f"<rdf:RDF {spaces}>{channel}{items}</rdf:RDF>".encode()

    one, other = cut_at(rdf(1, 2, 3)), cut_at(rdf(4, 1, 2))
    assert one is not None
    assert other is not None
    assert one.frame == other.frame


async def test_an_entry_whose_date_means_nothing_yet_is_read_each_time() -> None:
    """The day after tomorrow it will mean something."""
    body = rss(item(1, "<pubDate>Sun, 29 Nov 2026 10:00:00 GMT</pubDate>"), item(2))
    assert await COMPARER.compare(found(body), found(body + b"\n")) is Verdict.EQUAL
    dated = rss(item(1, "<pubDate>Sun, 29 Nov 2026 10:00:00 GMT</pubDate>"))
    assert await COMPARER.compare(found(dated), found(dated)) is Verdict.FELL_BACK
    for never in ("soon", "Fri, 20 Nov 1998 10:00:00 GMT", ""):
        undated = rss(item(1, f"<pubDate>{never}</pubDate>"))
        assert await COMPARER.compare(found(undated), found(undated)) is Verdict.EQUAL


@pytest.mark.parametrize(
    "piece",
    [
        "<item>",
        "</item>",
        "<item",
        "<!--",
        "<![CDATA[",
        "<?",
        "<",
        "<a:" + "a" * 50,
        "<item></item >",
        "xmlns:a=",
        "<!---",
    ],
)
def test_cutting_takes_time_in_proportion_to_the_length_whatever_comes(piece: str) -> None:
    """It happens in the daemon itself: a megabyte of anything must not hold it."""
    body = rss(item(1)) + piece.encode() * (1_000_000 // len(piece))
    began = time.process_time()
    cut_at(body)
    assert time.process_time() - began < 0.25, "ten times what it takes"
    assert cut_at(rss(item(1)) + b" " * LARGEST_BYTES) is None


@NEVER
@given(st.sampled_from([*SHAPES.values()]), EDITS, EDITS)
def test_a_mutilated_document_is_never_read_otherwise(
    seed: bytes, before: list[tuple[int, int, bytes]], after: list[tuple[int, int, bytes]]
) -> None:
    """A good document, then one with pieces cut out, repeated and put in; or both so."""
    first = edited(seed, before[:1])
    second = edited(first, after[:2])
    verdict = asyncio.run(COMPARER.compare(found(first), found(second)))
    event(verdict)
    assert verdict is not Verdict.DIFFERS


@NEVER
@given(FRAMES, st.lists(st.lists(ELEMENTS, max_size=5), min_size=2, max_size=4), st.lists(ELEMENTS, max_size=2))
def test_any_entries_among_others_are_read_as_they_are_among_fewer(
    frame: tuple[str, str, str], entries: list[list[str]], head: list[str]
) -> None:
    """Known elements where nobody expects them, within one another, with strange values."""
    opening, name, closing = frame
    items = [f"<{name} n='{number}'>{''.join(children)}</{name}>" for number, children in enumerate(entries)]
    begun = f"{opening}{''.join(head)}"
    first = f"{begun}{''.join(items[1:])}{closing}".encode("utf-8", "replace")
    second = f"{begun}{''.join(items)}{closing}".encode("utf-8", "replace")
    verdict = asyncio.run(COMPARER.compare(found(first), found(second)))
    event(verdict)
    assert verdict is not Verdict.DIFFERS
