"""Feeds behind an address: which requests are made, in which order, and what is made of the answers."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from monitor.app.finding import MOST_LINKED, Candidate, Search, Seeking, ranked
from monitor.app.proposing import proposal
from monitor.feeds.page import Page
from monitor.model.entries import Entry, ParsedFeed, ParseFailed
from monitor.model.polls import FailureKind, Fetched, FetchFailed, FetchRequest, NotModified
from monitor.model.settings import FeedSpec, OutletSpec
from monitor.model.slices import LastRead
from tests.plain_values import NOW

SITE = "https://gazette.example"
RSS = 'rel="alternate" type="application/rss+xml"'
NOT_FOUND = FetchFailed(kind=FailureKind.HTTP, reason="gazette.example answered 404 Not Found", status=404)


@dataclass(slots=True)
class Web:
    """A fetcher over a few pages; whatever it does not have is not found."""

    pages: dict[str, bytes | FetchFailed | str]
    """address → document, failure, or the address that it leads to"""
    asked: list[str] = field(default_factory=list)

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
        self.asked.append(request.url)
        url = request.url
        while isinstance(target := self.pages.get(url, NOT_FOUND), str):
            url = target
        return target if isinstance(target, FetchFailed) else Fetched(body=target, url=url)


class Reader:
    """A parser of documents such as `<rss>title|link link`."""

    async def parse(self, document: Fetched, _known: LastRead | None = None, /) -> ParsedFeed | ParseFailed:
        text = document.body.decode()
        if not text.startswith("<rss>"):
            return ParseFailed(reason="not a feed")
        title, _, links = text.removeprefix("<rss>").partition("|")
        entries = tuple(
            Entry(link=link, published_at=datetime(2026, 11, day + 1, tzinfo=UTC))
            for day, link in enumerate(links.split())
        )
        return ParsedFeed(kind="rss20", title=title, entries=entries)


def sought(url: str, **pages: bytes | FetchFailed | str) -> tuple[Search, list[str]]:
    """What was found at `url`, and what was asked; names are paths of the site, `_` the page itself."""
    web = Web({SITE + "/" + name.replace("_", "").replace("DOT", "."): page for name, page in pages.items()})
    search = asyncio.run(Seeking(fetcher=web, parser=Reader()).behind(url))
    return search, [one.removeprefix(SITE) for one in web.asked]


def page(*links: str, title: str = "The Gazette") -> bytes:
    named = "".join(f"<link {RSS} {link}>" for link in links)
    return f"<html lang=en><title>{title}</title>{named}</html>".encode()


def found(search: Search) -> list[str]:
    return [one.url.removeprefix(SITE) for one in search.candidates]


def test_a_feed_costs_one_request() -> None:
    """It is taken as it is, and nobody is asked for robots.txt."""
    search, asked = sought(f"{SITE}/rss", rss=b"<rss>The Gazette|a b")
    assert asked == ["/rss"]
    (one,) = search.candidates
    assert (one.title, one.kind, one.entries) == ("The Gazette", "rss20", 2)
    assert one.newest == datetime(2026, 11, 2, tzinfo=UTC)
    assert search.plain_choice == one


def test_a_page_is_asked_for_the_feeds_that_it_names() -> None:
    """One after another, and for nothing else; comments come last."""
    search, asked = sought(
        f"{SITE}/",
        _=page("href=/comments/feed", "href=/feed", "href=/gone"),
        feed=b"<rss>News|a b",
        comments=b"",
        **{"comments/feed": b"<rss>Comments on News|c d"},
    )
    assert asked == ["/", "/robots.txt", "/comments/feed", "/feed", "/gone"]
    assert found(search) == ["/feed", "/comments/feed"]
    assert search.plain_choice == search.candidates[0]
    assert search.candidates[1].is_comments


def test_the_same_news_in_two_formats_is_one_choice() -> None:
    """Also where both addresses lead to one; different news has to be chosen from."""
    search, _ = sought(
        f"{SITE}/", _=page("href=/rss", "href=/atom", "href=/rss2"), rss=b"<rss>N|a b", atom=b"<rss>N|b a"
    )
    assert found(search) == ["/rss", "/atom"]
    assert search.candidates[1].same_as == f"{SITE}/rss"
    assert search.plain_choice == search.candidates[0]
    search, _ = sought(f"{SITE}/", _=page("href=/rss", "href=/moved"), rss=b"<rss>N|a b", moved=f"{SITE}/rss")
    assert found(search) == ["/rss"]
    search, _ = sought(f"{SITE}/", _=page("href=/world", "href=/sport"), world=b"<rss>W|a b", sport=b"<rss>S|c d")
    assert search.plain_choice is None


def test_where_a_page_names_none_the_usual_places_are_tried_until_one_is_a_feed() -> None:
    """A page that is served there instead is none."""
    search, asked = sought(f"{SITE}/", _=page(), feed=page(), rssDOTxml=b"<rss>News|a", atomDOTxml=b"<rss>News|a")
    assert asked == ["/", "/robots.txt", "/feed", "/rss", "/rss.xml"]
    assert found(search) == ["/rss.xml"]


def test_a_page_within_a_site_may_have_its_own_feed() -> None:
    """It is tried before those of the site."""
    search, asked = sought(f"{SITE}/blog/?p=1", **{"blog/?p=1": page(), "blog/feed": b"<rss>Blog|a"})
    assert asked == ["/blog/?p=1", "/robots.txt", "/blog/feed"]
    assert found(search) == ["/blog/feed"]


def test_robots_txt_is_kept_to_for_guesses() -> None:
    """What it forbids is not asked for."""
    robots = b"User-agent: *\nDisallow: /feed\nDisallow: /rss\n"
    search, asked = sought(f"{SITE}/", _=page(), robotsDOTtxt=robots, atomDOTxml=b"<rss>News|a")
    assert asked == ["/", "/robots.txt", "/atom.xml"]
    assert found(search) == ["/atom.xml"]


def test_a_page_that_robots_txt_keeps_programs_from_is_not_read() -> None:
    """A feed at such an address is: whoever publishes one wants it fetched."""
    robots = b"User-agent: *\nDisallow: /\n"
    search, asked = sought(f"{SITE}/", _=page("href=/feed"), robotsDOTtxt=robots, feed=b"<rss>News|a")
    assert asked == ["/", "/robots.txt"]
    assert search.reason.startswith("robots.txt of gazette.example asks programs not to read this page")
    search, asked = sought(f"{SITE}/feed", robotsDOTtxt=robots, feed=b"<rss>News|a")
    assert found(search) == ["/feed"]


@pytest.mark.parametrize(
    ("robots", "is_read"),
    [
        (FetchFailed(kind=FailureKind.HTTP, reason="403", status=403), True),
        (FetchFailed(kind=FailureKind.CONTENT, reason="empty", status=200), True),
        (FetchFailed(kind=FailureKind.HTTP, reason="500", status=500), False),
        (FetchFailed(kind=FailureKind.HTTP, reason="429", status=429), False),
        (FetchFailed(kind=FailureKind.CONNECTION, reason="time-out"), False),
    ],
)
def test_a_robots_txt_that_cannot_be_known_forbids_and_one_that_is_not_there_does_not(
    robots: FetchFailed, is_read: bool
) -> None:
    """As RFC 9309 says."""
    search, _ = sought(f"{SITE}/", _=page("href=/feed"), robotsDOTtxt=robots, feed=b"<rss>News|a")
    assert bool(search.candidates) is is_read
    assert search.reason.startswith("" if is_read else "robots.txt of gazette.example cannot be read, which forbids it")


def test_a_site_that_asks_for_fewer_requests_gets_no_more() -> None:
    """And the person is told."""
    busy = FetchFailed(kind=FailureKind.HTTP, reason="429", status=429)
    search, asked = sought(f"{SITE}/", _=page(), feed=busy, rss=b"<rss>News|a")
    assert asked == ["/", "/robots.txt", "/feed"]
    assert "asks for fewer requests" in search.reason


def test_what_a_page_names_is_bounded() -> None:
    """Twelve requests for feeds are enough for anybody."""
    _, asked = sought(f"{SITE}/", _=page(*(f"href=/{place}" for place in range(19))), **{"3": b"<rss>News|a"})
    assert len(asked) == 2 + MOST_LINKED


def test_nothing_found_says_what_to_do() -> None:
    """In one line each."""
    search, _ = sought(f"{SITE}/", _=page())
    assert search.reason.startswith("the page names no feed, and none was found where feeds use to be")
    search, _ = sought(f"{SITE}/", _=page("href=/x"))
    assert search.reason.startswith("the page names feeds, but none of them can be read")
    search, _ = sought(f"{SITE}/", _=b"plain words")
    assert search.reason == "neither a feed nor a page: not a feed"
    search, _ = sought(f"{SITE}/")
    assert search.reason == "gazette.example answered 404 Not Found"
    assert not search.is_unreachable


def candidate(url: str, **more: object) -> Candidate:
    facts: dict[str, object] = {
        "title": "T", "kind": "rss20", "entries": 1, "newest": NOW, "language": "", "site": "", "arrived": url,
    }  # fmt: skip
    return Candidate(url=url, **{**facts, **more})  # type: ignore[arg-type]


def test_feeds_without_entries_come_after_those_with_some() -> None:
    """And comments after all."""
    empty, news = candidate("https://a/1", entries=0), candidate("https://a/2", links=frozenset("ab"))
    comments, same = candidate("https://a/3", is_comments=True), candidate("https://a/4", links=frozenset("ab"))
    order = ["https://a/2", "https://a/4", "https://a/1", "https://a/3"]
    assert [one.url for one in ranked((comments, empty, news, same))] == order


def test_news_are_no_copy_of_a_feed_of_comments() -> None:
    """Which a page may name first."""
    comments = candidate("https://a/1", is_comments=True, links=frozenset("ab"))
    news = candidate("https://a/2", links=frozenset("ab"))
    search = Search(candidates=ranked((comments, news)))
    assert search.plain_choice is not None
    assert search.plain_choice.url == "https://a/2"


@pytest.mark.parametrize(
    ("one", "search", "expected"),
    [
        (candidate("https://www.a.example/rss", title="The  Heron\n"), Search(), ("The Heron", "", "")),
        (candidate("https://www.a.example/rss", title=""), Search(page=Page(title="Site")), ("Site", "", "")),
        (candidate("https://www.a.example/rss", title=""), Search(), ("a.example", "", "")),
        (candidate("https://a.example/", title="the gazette"), Search(), ("the gazette (a.example)", "", "")),
        (candidate("https://a.example/", language="en-US"), Search(page=Page(language="ru")), ("T", "en", "")),
        (candidate("https://a.example/"), Search(page=Page(language="ru-RU")), ("T", "ru", "")),
        (candidate("https://a.example/"), Search(page_url="https://www.b.example/x"), ("T", "", "b.example")),
        (candidate("https://rss.a.example/"), Search(page_url="https://www.a.example/x"), ("T", "", "")),
        (candidate("https://feeds.feedburner.com/x", site="https://b.example/"), Search(), ("T", "", "b.example")),
        (candidate("https://a.example/", site="https://b.example/"), Search(), ("T", "", "")),
        (candidate("http://127.0.0.1:8/"), Search(page_url="http://127.0.0.1:8/"), ("T", "", "")),
    ],
)
def test_name_language_and_publisher_are_taken_from_feed_and_page(
    one: Candidate, search: Search, expected: tuple[str, str, str]
) -> None:
    """A feed's own word about its site counts only where its address says nothing."""
    outlet = proposal(one, search, [OutletSpec(name="The Gazette", feeds=(FeedSpec(url="https://g.example/"),))])
    assert (outlet.name, outlet.language, outlet.publisher) == expected
