"""The feeds behind an address that a person typed: that of a feed, or of a page whose feeds are looked for.

Polite and bounded: one request after another; a feed costs one request, a page one for itself, one for robots.txt, and
one for each feed that it names or, where it names none, for each place where feeds use to be. What robots.txt keeps
programs from is neither read as a page nor guessed at; a feed that a page names is there to be fetched.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from monitor.app.trial import typed_by_hand
from monitor.cadence.floors import document_floor
from monitor.feeds.page import Page, is_page, read_page
from monitor.feeds.reader import TARGET, WorkerParser
from monitor.feeds.robots import allows
from monitor.model.entries import ParsedFeed
from monitor.model.polls import FailureKind, Fetched, FetchFailed, FetchRequest
from monitor.model.settings import PollingSettings
from monitor.net.fetch import HttpFetcher
from monitor.ports import Fetcher, Parser
from monitor.text.addresses import same_address
from monitor.worker.pool import WorkerPool

MOST_LINKED = 12
MOST_GUESSED = 12
PATIENCE_SECONDS = 90.0
"""after so long no further address is tried"""
_ROOT = (
    *("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds/posts/default", "/?feed=rss2"),
    *("/feed.json", "/rss/"),
)
"""where publishing systems put their feeds"""
_BESIDE = ("feed", "rss.xml")
"""the same for a page within a site"""
_ALIKE = 0.8
"""of the entries of two feeds, so many in common: the same news in two formats"""
_BUSY = frozenset({429, 503})
_NOT_FOUND = range(400, 500)
_COMMENTS = ("comment", "комментар", "коментар", "kommentar", "commentaire", "comentario", "commenti")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A feed that was fetched and read."""

    url: str
    title: str
    kind: str
    """as feedparser names versions"""
    entries: int
    newest: datetime | None
    language: str
    site: str
    """absolute address of the outlet's page, by its own word"""
    asks_for: timedelta = timedelta(0)
    """what lies between two polls at least, by its ttl or updatePeriod"""
    arrived: str
    """the address that answered in the end"""
    links: frozenset[str] = field(default=frozenset(), repr=False)
    """what its entries lead to"""
    is_comments: bool = False
    same_as: str = ""
    """the address of one before it that has the same entries"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was found."""

    candidates: tuple[Candidate, ...] = ()
    """best first"""
    page: Page | None = None
    """the page that was typed, where it was one"""
    page_url: str = ""
    reason: str = ""
    """why nothing was found, in one line"""
    is_unreachable: bool = False
    """nothing was found because the address did not answer"""

    @property
    def plain_choice(self) -> Candidate | None:
        """The feed that is meant, where there is no doubt: any others are comments, or the same in other formats."""
        own = [one for one in self.candidates if not (one.is_comments or one.same_as)]
        if len(own) == 1:
            return own[0]
        return self.candidates[0] if len(self.candidates) == 1 else None


def find(typed: str, polling: PollingSettings) -> Search:
    """Look for the feeds behind an address; without a scheme, https is tried before http."""
    return asyncio.run(_find(typed, polling))


async def _find(typed: str, polling: PollingSettings) -> Search:
    has_scheme = "://" in typed
    first = typed if has_scheme else f"https://{typed}"
    fetcher = HttpFetcher(
        allow_private=(*polling.allow_private, *typed_by_hand(first)),
        timeout=polling.timeout,
        contact=polling.contact,
        clock=_now,
        proxy=polling.proxy,
    )
    pool = WorkerPool(target=TARGET, size=1)
    try:
        seeking = Seeking(fetcher=fetcher, parser=WorkerParser(pool=pool, clock=_now))
        found = await seeking.behind(first)
        if found.is_unreachable and not has_scheme:
            found = await seeking.behind(f"http://{typed}")
        return found
    finally:
        await fetcher.close()
        await pool.close()


@dataclass(slots=True, kw_only=True)
class Seeking:
    """One search, over the ports that polls use."""

    fetcher: Fetcher
    parser: Parser
    _until: float = 0.0
    _asked: set[str] = field(default_factory=set)
    _is_busy: bool = False

    async def behind(self, url: str) -> Search:
        """The feeds behind one address."""
        self._until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        answer = await self._fetched(url)
        if not isinstance(answer, Fetched):
            reason = answer.reason if answer else "it answered that nothing has changed, although nothing was known"
            is_unreachable = answer is not None and answer.kind is FailureKind.CONNECTION
            return Search(reason=reason, is_unreachable=is_unreachable)
        if not is_page(answer.body, answer.content_type):
            parsed = await self.parser.parse(answer)
            if isinstance(parsed, ParsedFeed):
                return Search(candidates=(_candidate(url, answer, parsed),))
            if not answer.body.lstrip().startswith(b"<"):
                return Search(reason=f"neither a feed nor a page: {parsed.reason}")
        return await self._on_page(answer)

    async def _on_page(self, answer: Fetched) -> Search:
        host = urlsplit(answer.url).hostname or ""
        robots = await self._robots(answer.url)
        if not _may(robots, answer.url):
            asks = "cannot be read, which forbids it" if robots is None else "asks programs not to read this page"
            what = f"robots.txt of {host} {asks}"
            return Search(reason=f"{what}: give the address of its feed")
        page = read_page(answer.body, answer.content_type, answer.url)
        linked = [(one.url, one.title) for one in page.feeds[:MOST_LINKED]]
        found = [one async for one in self._read(linked)]
        if not found:
            guessed = (url for url in _guesses(answer.url) if _may(robots, url))
            async for one in self._read((url, "") for url in guessed):
                found.append(one)
                break  # others would be the same in other formats
        reason = "" if found else self._nothing(host, has_links=bool(linked))
        return Search(candidates=ranked(found), page=page, page_url=answer.url, reason=reason)

    async def _read(self, addresses: Iterable[tuple[str, str]]) -> AsyncIterator[Candidate]:
        """The feeds among some addresses, each with what a page calls it."""
        arrived: set[str] = set()
        for url, title in addresses:
            if self._is_busy or asyncio.get_running_loop().time() > self._until:
                return
            answer = await self._fetched(url)
            if not isinstance(answer, Fetched) or answer.url in arrived:
                continue
            arrived.add(answer.url)
            if is_page(answer.body, answer.content_type):
                continue
            parsed = await self.parser.parse(answer)
            if isinstance(parsed, ParsedFeed):
                yield _candidate(url, answer, parsed, title)

    async def _robots(self, url: str) -> bytes | None:
        """The site's robots.txt; empty where it has none, None where it cannot be known: then it forbids everything."""
        answer = await self._fetched(urljoin(url, "/robots.txt"))
        if isinstance(answer, Fetched):
            return answer.body
        if answer is None:
            return None
        is_empty = answer.status == 200  # noqa: PLR2004 - OK, and nothing in it
        return b"" if is_empty or (answer.status in _NOT_FOUND and answer.status not in _BUSY) else None

    async def _fetched(self, url: str) -> Fetched | FetchFailed | None:
        """One request; None where there is nothing to be had of it."""
        if url in self._asked:
            return None
        self._asked.add(url)
        answer = await self.fetcher.fetch(FetchRequest(url=url))
        if isinstance(answer, FetchFailed):
            self._is_busy = self._is_busy or answer.status in _BUSY
            return answer
        return answer if isinstance(answer, Fetched) else None

    def _nothing(self, host: str, *, has_links: bool) -> str:
        if self._is_busy:
            return f"{host} asks for fewer requests: try again later, or give the address of its feed"
        if has_links:
            return f"the page names feeds, but none of them can be read: give the address of a feed of {host}"
        return f"the page names no feed, and none was found where feeds use to be: give the address of a feed of {host}"


def ranked(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Best first: those with news of their own, the same in other formats, those without entries, comments last."""
    marked: list[Candidate] = []
    for one in sorted(found, key=lambda one: one.is_comments):  # a feed of comments is nobody's original
        twin = next((other for other in marked if not other.same_as and _are_alike(one, other)), None)
        marked.append(replace(one, same_as=twin.url) if twin else one)
    return tuple(sorted(marked, key=lambda one: (one.is_comments, not one.entries, bool(one.same_as))))


def _are_alike(one: Candidate, other: Candidate) -> bool:
    if same_address(one.arrived) == same_address(other.arrived):
        return True
    either = one.links | other.links
    return bool(either) and len(one.links & other.links) >= _ALIKE * len(either)


def _candidate(url: str, answer: Fetched, feed: ParsedFeed, linked_as: str = "") -> Candidate:
    dates = [date for entry in feed.entries if (date := entry.published_at or entry.updated_at)]
    path = urlsplit(answer.url)
    said = f"{urlsplit(url).path} {path.path} {path.query} {feed.title} {linked_as}".lower()
    return Candidate(
        url=url,
        title=feed.title or linked_as,
        kind=feed.kind,
        entries=len(feed.entries),
        newest=max(dates, default=None),
        language=feed.language,
        site=feed.site,
        asks_for=document_floor(feed),
        arrived=answer.url,
        links=frozenset(entry.link for entry in feed.entries if entry.link),
        is_comments=any(word in said for word in _COMMENTS),
    )


def _may(robots: bytes | None, url: str) -> bool:
    return robots is not None and allows(robots, url)


def _guesses(page: str) -> Iterator[str]:
    beside = (
        [] if urlsplit(page).path in ("", "/") else [f"{page.partition('?')[0].rstrip('/')}/{one}" for one in _BESIDE]
    )
    places = (*beside, *(urljoin(page, place) for place in _ROOT))
    yield from dict.fromkeys(places[:MOST_GUESSED])


def _now() -> datetime:
    return datetime.now(UTC)
