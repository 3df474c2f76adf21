"""Reading in a worker: the port that the poll flow knows."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from monitor.feeds.reader import TARGET, WorkerParser
from monitor.feeds.wire import pack, unpack
from monitor.feeds.work import parse_request
from monitor.model.entries import ParsedFeed, ParseFailed
from monitor.model.polls import Fetched
from monitor.worker.pool import WorkerPool
from monitor.worker.replies import Reply, WorkerFailed

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FEED = Fetched(
    body=(
        '<rss version="2.0"><channel><title>The Heron</title><item><title>Цапля</title><link>/1</link>'
        "<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"
    ).encode(),
    content_type="application/rss+xml",
    url="https://heron.example/feed",
)


class FakePool:
    """Answers in this very process, or with what it was given."""

    def __init__(self, answer: Reply | WorkerFailed | None = None) -> None:
        """Without an answer, do the work."""
        self._answer = answer

    async def run(self, request: bytes, meta: Mapping[str, object]) -> Reply | WorkerFailed:
        """One request."""
        return self._answer or Reply(value=parse_request(request, meta))


def parser(answer: Reply | WorkerFailed | None = None) -> WorkerParser:
    """A parser over a fake pool."""
    return WorkerParser(pool=FakePool(answer), clock=lambda: NOW)


async def test_a_feed_comes_back_as_values() -> None:
    """Through a fake pool and through real processes it is the same."""
    feed = await parser().parse(FEED)
    assert isinstance(feed, ParsedFeed)
    (entry,) = feed.entries
    assert (entry.text.title, entry.link) == ("Цапля", "https://heron.example/1")
    assert entry.published_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    pool = WorkerPool(target=TARGET, size=1, memory_bytes=400_000_000)
    try:
        assert await WorkerParser(pool=pool, clock=lambda: NOW).parse(FEED) == feed
    finally:
        await pool.close()


async def test_a_document_that_stops_its_reader_is_a_failure() -> None:
    """Nothing but its length makes this one dear."""
    # What says a base is not plain enough for the fast reader.
    killer = (
        b"<rss version='2.0' xml:base='/'><channel><item>" + b"<title>t</title>" * 100_000 + b"</item></channel></rss>"
    )
    pool = WorkerPool(target=TARGET, size=1, cpu_seconds=0.5, memory_bytes=400_000_000)
    try:
        reader = WorkerParser(pool=pool, clock=lambda: NOW)
        failed = await reader.parse(Fetched(body=killer, url="https://heron.example/"))
        assert failed == ParseFailed(reason="reading the document took more than 0.5 s of CPU", broke_reader=True)
        assert isinstance(await reader.parse(FEED), ParsedFeed)
    finally:
        await pool.close()


@pytest.mark.parametrize(
    "body",
    [
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [' + b"{}," * 3_000_000 + b"{}]}",
        b"<rss version='2.0'><channel><item><description>\xf0\x9f\x98\x80" + b"a" * 19_000_000 + b"</description>",
    ],
    ids=["objects", "an emoji"],
)
async def test_a_document_that_swells_in_memory_is_a_failure(body: bytes) -> None:
    """Within the caps of the wire, and many times as large once it is read: the worker's limit holds."""
    pool = WorkerPool(target=TARGET, size=1)
    try:
        reader = WorkerParser(pool=pool, clock=lambda: NOW)
        failed = await reader.parse(Fetched(body=body, url="https://heron.example/"))
        assert failed == ParseFailed(reason="reading the document ran out of memory", broke_reader=True)
        assert isinstance(await reader.parse(FEED), ParsedFeed)
    finally:
        await pool.close()


async def test_a_large_feed_is_read_within_the_limits() -> None:
    """Five megabytes with an emoji, which makes every character four bytes wide, are no attack."""
    words = "harbour news " * 70
    items = "".join(f"<item><guid>{number}</guid><title>{number} 😀 {words}</title></item>" for number in range(5_000))
    pool = WorkerPool(target=TARGET, size=1)
    try:
        body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        feed = await WorkerParser(pool=pool, clock=lambda: NOW).parse(Fetched(body=body, url="https://heron.example/"))
        assert isinstance(feed, ParsedFeed)
        assert (len(body) > 4_500_000, len(feed.entries)) == (True, 5_000)
    finally:
        await pool.close()


async def test_a_worker_that_failed_is_a_failure_of_the_document() -> None:
    """The reason is told on."""
    failed = await parser(WorkerFailed(reason="crashed (signal 11)")).parse(FEED)
    assert failed == ParseFailed(reason="reading the document crashed (signal 11)", broke_reader=True)


GOOD_ENTRY: dict[str, object] = {
    "id": "",
    "link": "",
    "title": "",
    "summary": "",
    "body": "",
    "authors": [],
    "categories": [],
    "language": "",
    "published_at": None,
    "updated_at": None,
}


@pytest.mark.parametrize(
    "change",
    [
        {"kind": None},
        {"title": "\ud800"},
        {"ttl_seconds": "1"},
        {"ttl_seconds": True},
        {"update_seconds": 0.5},
        {"skip_hours": 5},
        {"skip_hours": ["5"]},
        {"skip_days": [True]},
        {"skip_days": [7]},
        {"skip_hours": [-1]},
        {"entries": None},
        {"entries": [5]},
        {"entries": [{}]},
        {"entries": [{**GOOD_ENTRY, "published_at": 1e300}]},
        {"entries": [{**GOOD_ENTRY, "published_at": "now"}]},
        {"entries": [{**GOOD_ENTRY, "authors": "Ida"}]},
        {"entries": [{**GOOD_ENTRY, "categories": [None]}]},
        {"ahead": [7]},
        {"ahead": ["0"]},
        {"failed": 5},
    ],
)
async def test_a_compromised_worker_can_only_fail(change: dict[str, object]) -> None:
    """What comes back is checked field by field."""
    good = pack(ParsedFeed(kind="rss20", entries=()))
    assert unpack({**good, "entries": [GOOD_ENTRY]}) is not None
    failed = await parser(Reply(value={**good, **change})).parse(FEED)
    assert failed == ParseFailed(reason="reading the document gave what is no feed")


async def test_a_refused_document_stays_refused() -> None:
    """Failures cross the pipe too."""
    page = Fetched(body=b"<html></html>", url="https://heron.example/")
    assert await parser().parse(page) == ParseFailed(reason="not a feed: an HTML page")
    with pytest.raises(TypeError):
        parse_request(b"", {"now": "noon"})
