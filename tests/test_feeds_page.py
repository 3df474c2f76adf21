"""What a web page says of feeds, and what a site asks of programs."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.page import LARGEST, MOST, Linked, is_page, read_page
from monitor.feeds.robots import allows

HERE = "https://gazette.example/news/today"
RSS = 'rel="alternate" type="application/rss+xml"'


def urls(html: str, url: str = HERE) -> list[str]:
    return [one.url for one in read_page(html.encode(), "text/html", url).feeds]


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        (f'{RSS} href="/rss"', ["https://gazette.example/rss"]),
        ("REL=Alternate TYPE=Application/Atom+XML HREF=atom.xml", ["https://gazette.example/news/atom.xml"]),
        ('type="application/rdf+xml" rel="nofollow alternate home" href="//x.example/r"', ["https://x.example/r"]),
        ('rel="alternate" type="application/feed+json; charset=utf-8" href="?f=1"', [f"{HERE}?f=1"]),
        ('rel="alternate" type="application/json" href="/feed.json"', ["https://gazette.example/feed.json"]),
        ('rel="feed" href="/all"', ["https://gazette.example/all"]),
        ('rel="alternate" type="text/xml" href="/a?b=1&amp;c=2#top"', ["https://gazette.example/a?b=1&c=2"]),
        (f'{RSS} href=" /r\nss "', ["https://gazette.example/rss"]),
        (f'{RSS} href="feed://x.example/rss"', ["http://x.example/rss"]),
        (f'{RSS} href="feed:https://x.example/rss"', ["https://x.example/rss"]),
        ('rel="alternate" type="application/json" href="/wp-json/1"', []),
        ('rel="alternate" hreflang="fr" href="/fr"', []),
        ('rel="alternate stylesheet" type="application/rss+xml" href="/a"', []),
        ('rel="canonical" type="application/rss+xml" href="/a"', []),
        (f"{RSS}", []),
        (f'{RSS} href="javascript:alert(1)"', []),
        (f'{RSS} href="file:///etc/passwd"', []),
        (f'{RSS} href="http://[bad"', []),
    ],
)
def test_feeds_that_a_page_names_are_found(attributes: str, found: list[str]) -> None:
    """Whatever capitals, order and form they are written in; what is none, or cannot be fetched, is left out."""
    assert urls(f"<!doctype html><html><head><link {attributes}></head></html>") == found


def test_addresses_are_relative_to_the_base_of_the_page() -> None:
    """Wherever that stands; only the first counts, and one that is no address is none."""
    link = f'<link {RSS} href="rss">'
    assert urls(f'{link}<base href="/b/"><base href="/c/">') == ["https://gazette.example/b/rss"]
    assert urls(f'<base href="javascript:1">{link}') == ["https://gazette.example/news/rss"]


def test_a_feed_is_named_once_with_its_first_title() -> None:
    """In the order of the page; an address in a comment or a script is none."""
    page = read_page(
        f"""<html lang=en-GB><head><title> The
        Gazette &amp; Co </title><meta charset=utf-8>
        <link {RSS} title="News &#8211; all" href="/a"><link {RSS} title="Sport" href="/b">
        <link {RSS} title="again" href="/a"><!-- <link {RSS} href="/c"> --><script>'<link {RSS} href="/d">'</script>
        </head></html>""".encode(),
        "text/html",
        HERE,
    )
    assert page.feeds == (
        Linked(url="https://gazette.example/a", title="News – all"),
        Linked(url="https://gazette.example/b", title="Sport"),
    )
    assert (page.title, page.language) == ("The Gazette & Co", "en-GB")


def test_the_name_of_the_site_goes_before_the_title_of_the_page() -> None:
    """Which often is today's headline."""
    html = b"<title>Ferries run on time</title><meta property='og:site_name' content='The Gazette'>"
    assert read_page(html, "", HERE).title == "The Gazette"


@pytest.mark.parametrize(
    ("charset", "content_type", "meta"),
    [
        ("utf-8", "text/html", "<meta charset=utf-8>"),
        ("cp1251", "text/html", '<meta http-equiv=Content-Type content="text/html; charset=windows-1251">'),
        ("koi8-r", "text/html; charset=koi8-r", ""),
        ("utf-8", "", ""),
    ],
)
def test_a_page_is_read_in_its_charset(charset: str, content_type: str, meta: str) -> None:
    """By HTTP's word or its own."""
    html = f"{meta}<title>Новая газета и её лента новостей</title>".encode(charset)
    assert read_page(html, content_type, HERE).title == "Новая газета и её лента новостей"


def test_a_page_of_thousands_of_links_is_cut() -> None:
    """And what lies behind the first megabyte is not looked at."""
    many = "".join(f'<link {RSS} href="/{place}">' for place in range(500))
    assert len(urls(many)) == MOST
    assert urls(" " * LARGEST + f'<link {RSS} href="/a">') == []


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"<!DOCTYPE HTML><html>", "", True),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", "application/xhtml+xml", True),
        (b"<p>hello", "text/html; charset=utf-8", True),
        (b"<?xml version='1.0'?><rss><channel>", "text/html", False),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><title>&lt;html&gt;</title>", "text/html", False),
        (b"<rdf:RDF>", "text/html", False),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "application/json", False),
        (b"<rss><channel><description>&lt;html> <html>", "application/xml", False),
    ],
)
def test_a_page_is_told_from_a_feed_by_what_it_is(body: bytes, content_type: str, expected: bool) -> None:
    """Many feeds are served as pages."""
    assert is_page(body, content_type) is expected


@pytest.mark.parametrize(
    "piece",
    [b"<", b"<a ", b"<!--", b"<![", b"<![CDATA[", b"<script>", b"</", b"a=b ", b"&", b"&#", b"<title>", b"<!DOCTYPE ["],
)
def test_a_hostile_page_costs_one_pass(piece: bytes) -> None:
    """A megabyte of what parsers stumble over."""
    begun = time.process_time()
    read_page(b"<link " + piece * (LARGEST // len(piece)), "text/html", HERE)
    assert time.process_time() - begun < 10


@given(st.binary(max_size=300), st.text(max_size=30), st.text(max_size=30))
def test_whatever_a_page_says_it_raises_nothing(body: bytes, content_type: str, href: str) -> None:
    """And every address found can be fetched."""
    page = read_page(body + f"<link {RSS} href='{href}'>".encode("utf-8", "replace"), content_type, HERE)
    assert all(one.url.startswith(("http://", "https://")) for one in page.feeds)


@pytest.mark.parametrize(
    ("robots", "expected"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: tocsin\nAllow: /\n", True),
        ("User-agent: Tocsin\nDisallow: /feed\n\nUser-agent: *\nAllow: /\n", False),
        ("User-agent: googlebot\nDisallow: /\n", True),
        ("User-agent: *\nDisallow: /private\n", True),
        ("\ufeffUser-agent: *\nDisallow: /feed\n", False),
        ("<html>no such page</html>", True),
        ("User-agent: *\r\nDisallow: %2\r\n\x00\r\n", True),
        ("User-agent: *\nDisallow: /\nAllow: /feed\n", True),
        ("User-agent: *\nAllow: /feed\nDisallow: /feed\n", True),
        ("User-agent: *\nAllow: /\nDisallow: /fee\n", False),
        ("User-agent: *\nDisallow: /*ee\n", False),
        ("User-agent: *\nDisallow: /*d$\n", False),
        ("User-agent: *\nDisallow: /f*e$\n", True),
        ("User-agent: *\nDisallow: /fee$\n", True),
        ("User-agent: *\nDisallow: /feed$ # all of it\n", False),
        ("User-agent: *\nDisallow: /%66eed\n", False),
        ("User-agent: *\nDisallow: /*ed*d\n", True),
        ("User-agent: *\nDisallow:\n", True),
        ("User-agent: a\nUser-agent: TOCSIN/1.0\nUser-agent: b\nDisallow: /\n", False),
        ("User-agent: tocsin\nUser-agent: *\nDisallow: /x\nUser-agent: *\nDisallow: /\n", True),
        ("User-agent: tocsin\nCrawl-delay: 5\nUser-agent: *\nDisallow: /\n", False),
        ("Disallow: /\n", True),
    ],
)
def test_a_sites_wish_is_heard(robots: str, expected: bool) -> None:
    """By our name, else as everybody's; what is no robots.txt forbids nothing."""
    assert allows(robots.encode(), "https://gazette.example/feed") is expected


@pytest.mark.parametrize("line", [f"Crawl-delay: {'9' * 5_000}", "Request-rate: ²/²", "Visit-time: x", ""])
def test_what_else_a_robots_file_says_neither_breaks_it_nor_ends_a_group(line: str) -> None:
    """The standard library raises for numbers that are none; an empty line means nothing (RFC 9309)."""
    robots = f"User-agent: *\n{line}\nDisallow: /private\n".encode()
    assert not allows(robots, "https://gazette.example/private/feed")
    assert allows(robots, "https://gazette.example/feed")


@given(st.binary(max_size=300), st.text(max_size=60))
def test_whatever_a_robots_file_says_it_raises_nothing(robots: bytes, path: str) -> None:
    """Nor does it for any path; what forbids everything does."""
    allows(b"User-agent: *\nDisallow: " + robots, f"https://gazette.example/{path}")
    assert not allows(b"User-agent: *\nDisallow: *\n", f"https://gazette.example/{path}")


def test_a_robots_file_of_any_size_takes_a_moment() -> None:
    """It is half a megabyte at most, and a path is looked at once for each rule."""
    began = time.process_time()
    for rule in ("Disallow: /" + "*a" * 240_000, "Disallow: /*a*b\n" * 30_000, "User-agent: x\n" * 35_000):
        allows(f"User-agent: *\n{rule}".encode(), f"https://gazette.example/{'a' * 3_000}")
    assert time.process_time() - began < 10


def test_a_robots_file_that_is_no_text_forbids_nothing() -> None:
    """Nor does it fail."""
    assert allows(bytes(range(256)) * 100, "https://gazette.example/feed")
