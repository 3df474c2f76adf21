"""The fetcher against servers that behave: what is asked, and what comes back."""

import asyncio
import gzip
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network

import pytest
import trustme
from multidict import CIMultiDict

from monitor.model.polls import FailureKind, Fetched, FetchFailed, FetchRequest, NotModified, Validators
from monitor.net.asking import request_head
from monitor.net.fetch import HttpFetcher, user_agent
from monitor.net.resolver import Found, GuardedResolver
from tests.net_loopback import Asked, Loopback, Say, Script, always, answer, serving

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOOPBACK = (IPv4Network("127.0.0.0/8"),)
FEED = b"<rss version='2.0'><channel><title>The Heron</title></channel></rss>"

Serve = Callable[[Script], Awaitable[Loopback]]


@pytest.fixture
async def fetcher() -> AsyncIterator[HttpFetcher]:
    """A fetcher that may talk to loopback."""
    made = HttpFetcher(
        allow_private=LOOPBACK,
        timeout=timedelta(seconds=5),
        contact="desk@example.org",
        clock=lambda: NOW,
    )
    yield made
    await made.close()


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start servers that live as long as the test."""
    async with AsyncExitStack() as stack:

        async def start(script: Script) -> Loopback:
            return await stack.enter_async_context(serving(script))

        yield start


async def test_a_feed_is_fetched_with_its_validators_and_its_floor(fetcher: HttpFetcher, serve: Serve) -> None:
    """A 200 gives the body, its type, its address, both validators and max-age."""
    server = await serve(
        always(
            answer(
                FEED,
                b"Content-Type: application/rss+xml; charset=utf-8",
                b'ETag: W/"a-1"',
                b"Last-Modified: Thu, 19 Nov 2026 07:00:00 GMT",
                b"Cache-Control: public, max-age=900",
            )
        )
    )
    assert await fetcher.fetch(FetchRequest(url=server.url("/a?b=c#top"))) == Fetched(
        body=FEED,
        content_type="application/rss+xml; charset=utf-8",
        url=server.url("/a?b=c"),
        validators=Validators(etag=b'W/"a-1"', last_modified=b"Thu, 19 Nov 2026 07:00:00 GMT"),
        max_age_seconds=900,
    )


async def test_a_request_says_who_asks_and_nothing_more(fetcher: HttpFetcher, serve: Serve) -> None:
    """Name, version and contact; no cookie, no referrer, no condition that was not given."""
    server = await serve(always(answer(FEED, b"Set-Cookie: a=b")))
    for _ in range(2):
        await fetcher.fetch(FetchRequest(url=server.url("/a%7Eb?sign=%2f%41+x")))
    asked = server.asked[1]
    names = {line.partition(b":")[0].lower() for line in asked.head.split(b"\r\n")[1:] if line}
    assert names == {b"host", b"user-agent", b"accept", b"accept-encoding", b"connection"}
    assert asked.header(b"user-agent") == b"tocsin/0.1.0 (+desk@example.org)"
    assert asked.header(b"accept-encoding") == b"gzip, deflate"
    assert b"application/rss+xml" in (asked.header(b"accept") or b"")
    assert asked.path == "/a%7Eb?sign=%2f%41+x"


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("", "tocsin/0.1.0"),
        ("https://desk.example/monitor", "tocsin/0.1.0 (+https://desk.example/monitor)"),
        ("a\r\nX-Evil: 1 (b)", "tocsin/0.1.0 (+aX-Evil: 1 b)"),
        ("Ж", "tocsin/0.1.0"),
    ],
)
def test_the_contact_cannot_break_out_of_its_header(contact: str, expected: str) -> None:
    """Only printable ASCII reaches the User-Agent."""
    assert user_agent(contact) == expected


@pytest.mark.parametrize("etag", [b'W/"v1"', b'"caf\xe9"', '"жук"'.encode(), b"bare \xff\x80 tag", b'"a, b"'])
async def test_validators_go_back_byte_for_byte(fetcher: HttpFetcher, serve: Serve, etag: bytes) -> None:
    """Whatever bytes an ETag has, the next request carries the same ones."""

    async def script(asked: Asked, say: Say) -> None:
        known = asked.header(b"if-none-match") == etag and asked.header(b"if-modified-since") == b"yesterday"
        head = (b"ETag: " + etag, b"Last-Modified: yesterday")
        await say(answer(b"", *head, status=b"304 Not Modified") if known else answer(FEED, *head))

    server = await serve(script)
    first = await fetcher.fetch(FetchRequest(url=server.url()))
    assert isinstance(first, Fetched)
    assert first.validators == Validators(etag=etag, last_modified=b"yesterday")
    second = await fetcher.fetch(FetchRequest(url=server.url(), validators=first.validators))
    assert second == NotModified(validators=first.validators)


async def test_a_304_brings_changed_validators_and_its_own_floor(fetcher: HttpFetcher, serve: Serve) -> None:
    """What a 304 states is passed on; what it does not state is empty."""
    server = await serve(always(answer(b"", b'ETag: "2"', b"Cache-Control: max-age=60", status=b"304 Not Modified")))
    request = FetchRequest(url=server.url(), validators=Validators(etag=b'"1"', last_modified=b"then"))
    assert await fetcher.fetch(request) == NotModified(validators=Validators(etag=b'"2"'), max_age_seconds=60)


async def test_a_304_that_nobody_asked_for_is_a_failure(fetcher: HttpFetcher, serve: Serve) -> None:
    """Without validators there is nothing that could be unchanged."""
    server = await serve(always(answer(status=b"304 Not Modified")))
    failed = await fetcher.fetch(FetchRequest(url=server.url()))
    assert isinstance(failed, FetchFailed)
    assert (failed.kind, failed.status) == (FailureKind.CONTENT, 304)


async def test_unsafe_validators_are_never_sent(fetcher: HttpFetcher, serve: Serve) -> None:
    """Line breaks, control characters and giants count as no validator."""
    server = await serve(always(answer(FEED)))
    unsafe = Validators(etag=b'"a"\r\nX-Evil: 1', last_modified=b"x" * 1_001)
    assert isinstance(await fetcher.fetch(FetchRequest(url=server.url(), validators=unsafe)), Fetched)
    assert server.asked[0].header(b"if-none-match") is None
    assert server.asked[0].header(b"if-modified-since") is None
    assert b"Evil" not in server.asked[0].head


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        (b"gzip", gzip.compress(FEED, mtime=0)),
        (b"x-gzip", gzip.compress(FEED, mtime=0)),
        (b"identity, GZIP", gzip.compress(FEED, mtime=0)),
        (b"deflate", zlib.compress(FEED)),
        (b"deflate", zlib.compress(FEED, wbits=-15)),
        (b"gzip", gzip.compress(FEED[:20], mtime=0) + gzip.compress(FEED[20:], mtime=0) + b"\0" * 9),
        (b"identity", FEED),
    ],
)
async def test_codings_that_we_asked_for_are_read(
    fetcher: HttpFetcher, serve: Serve, coding: bytes, coded: bytes
) -> None:
    """gzip, also in members, and both forms of deflate."""
    server = await serve(always(answer(coded, b"Content-Encoding: " + coding)))
    fetched = await fetcher.fetch(FetchRequest(url=server.url()))
    assert isinstance(fetched, Fetched)
    assert fetched.body == FEED


async def test_chunked_answers_and_answers_ended_by_closing_are_read(fetcher: HttpFetcher, serve: Serve) -> None:
    """HTTP/1.1 chunks, and the HTTP/1.0 way."""

    async def script(asked: Asked, say: Say) -> None:
        if asked.path == "/old":
            await say(b"HTTP/1.0 200 OK\r\n\r\n" + FEED)
        else:
            await say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            await say(b"%x\r\n%b\r\n0\r\n\r\n" % (len(FEED), FEED))

    server = await serve(script)
    for path in ("/old", "/chunked"):
        fetched = await fetcher.fetch(FetchRequest(url=server.url(path)))
        assert isinstance(fetched, Fetched)
        assert fetched.body == FEED


async def test_credentials_in_the_address_stay_with_their_origin(fetcher: HttpFetcher, serve: Serve) -> None:
    """They become an Authorization header there, follow no redirect elsewhere and are shown nowhere."""
    elsewhere = await serve(always(answer(FEED)))
    moved = b"Location: " + elsewhere.url().replace("http://", "http://x:y@").encode()
    hops = {"/start": b"Location: /next", "/next": moved}

    async def script(asked: Asked, say: Say) -> None:
        await say(answer(b"", hops[asked.path], status=b"302 Found"))

    server = await serve(script)
    url = server.url("/start").replace("http://", "http://reader:s%20ecret@")
    fetched = await fetcher.fetch(FetchRequest(url=url))
    assert isinstance(fetched, Fetched)
    assert fetched.url == elsewhere.url()
    assert [asked.header(b"authorization") for asked in server.asked] == [b"Basic cmVhZGVyOnMgZWNyZXQ="] * 2
    assert elsewhere.asked[0].header(b"authorization") is None


async def test_failures_never_show_credentials_or_paths(fetcher: HttpFetcher, serve: Serve) -> None:
    """A reason names the host and nothing else of the address."""
    server = await serve(always(answer(status=b"404 Leave me alone")))
    url = server.url("/t0ken?key=hush").replace("http://", "http://reader:sesame@")
    failed = await fetcher.fetch(FetchRequest(url=url))
    assert failed == FetchFailed(kind=FailureKind.HTTP, reason="127.0.0.1 answered 404 Not Found", status=404)


@pytest.mark.parametrize("status", [b"301 Moved", b"302 Found", b"303 See", b"307 Temporary", b"308 Permanent"])
async def test_every_kind_of_redirect_is_followed(fetcher: HttpFetcher, serve: Serve, status: bytes) -> None:
    """The final address is reported; validators are not sent where they did not come from."""

    async def script(asked: Asked, say: Say) -> None:
        moved = answer(b"", b"Location: ../new/feed?x=1#part", status=status)
        await say(moved if asked.path == "/old/feed" else answer(FEED))

    server = await serve(script)
    request = FetchRequest(url=server.url("/old/feed"), validators=Validators(etag=b'"1"'))
    fetched = await fetcher.fetch(request)
    assert isinstance(fetched, Fetched)
    assert fetched.url == server.url("/new/feed?x=1")
    assert [asked.header(b"if-none-match") for asked in server.asked] == [b'"1"', None]


async def test_a_redirect_that_leaves_the_scheme_out_is_followed(fetcher: HttpFetcher, serve: Serve) -> None:
    """`//host/path`, as servers write that have http and https; a path of two slashes is no host."""
    other = await serve(always(answer(FEED)))
    server = await serve(
        always(answer(b"", b"Location: //127.0.0.1:%d/new" % other.port, status=b"301 Moved Permanently"))
    )
    fetched = await fetcher.fetch(FetchRequest(url=server.url("/old")))
    assert isinstance(fetched, Fetched)
    assert (fetched.url, fetched.moved_to) == (other.url("/new"), other.url("/new"))


@pytest.mark.parametrize(
    ("hops", "kind"),
    [
        ((), FailureKind.GONE),
        ((b"301 Moved", b"308 Permanent"), FailureKind.GONE),
        ((b"302 Found",), FailureKind.HTTP),
        ((b"301 Moved", b"307 Temporary"), FailureKind.HTTP),
    ],
)
async def test_gone_is_what_the_address_itself_says_or_whoever_it_leads_to_for_good(
    fetcher: HttpFetcher, serve: Serve, hops: tuple[bytes, ...], kind: FailureKind
) -> None:
    """A page to log in at, or a cache of today, must not end a feed for ever; nor must a new address that is lost."""

    async def script(asked: Asked, say: Say) -> None:
        place = int(asked.path.removeprefix("/"))
        end = answer(b"", status=b"410 Gone")
        await say(answer(b"", b"Location: /%d" % (place + 1), status=hops[place]) if place < len(hops) else end)

    server = await serve(script)
    failed = await fetcher.fetch(FetchRequest(url=server.url("/0")))
    assert isinstance(failed, FetchFailed)
    assert (failed.kind, failed.status) == (kind, 410)
    moved = await fetcher.fetch(FetchRequest(url=server.url("/old"), moved_to=server.url("/0")))
    assert isinstance(moved, FetchFailed)
    assert moved.kind is FailureKind.HTTP, "it is asked at its configured address again, which may know better"


async def test_who_refuses_behind_a_redirect_is_named(fetcher: HttpFetcher, serve: Serve) -> None:
    """The server that led there did nothing; within one server there is nothing to tell."""
    busy = answer(b"", b"Retry-After: 9", status=b"429 Slow")
    other = await serve(always(busy))

    async def script(asked: Asked, say: Say) -> None:
        places = {"/away": other.url("/feed").encode(), "/here": b"/busy"}
        to = places.get(asked.path)
        await say(answer(b"", b"Location: " + to, status=b"302 Found") if to else busy)

    server = await serve(script)
    failures = [await fetcher.fetch(FetchRequest(url=server.url(path))) for path in ("/away", "/here", "/busy")]
    assert [(one.address, one.retry_after_seconds) for one in failures if isinstance(one, FetchFailed)] == [
        (other.url("/feed"), 9),
        ("", 9),
        ("", 9),
    ]


async def test_headers_of_any_size_that_a_browser_takes_are_taken(fetcher: HttpFetcher, serve: Serve) -> None:
    """Policies of ten kilobytes and two hundred fields are what content networks send; a megabyte is not."""
    policy = b"Content-Security-Policy: default-src " + b"https://a.example " * 1_500
    many = [b"X-%d: y" % number for number in range(200)]
    server = await serve(always(answer(FEED, policy, *many)))
    assert isinstance(await fetcher.fetch(FetchRequest(url=server.url())), Fetched)
    endless = await serve(always(answer(FEED, b"X: " + b"y" * 1_000_000)))
    failed = await fetcher.fetch(FetchRequest(url=endless.url()))
    assert isinstance(failed, FetchFailed)
    assert (failed.kind, failed.reason) == (FailureKind.CONTENT, "127.0.0.1 did not answer in proper HTTP")


async def test_a_redirected_feed_is_asked_conditionally_where_it_really_is(fetcher: HttpFetcher, serve: Serve) -> None:
    """Validators that the end of a redirect gave are sent there, and only there."""

    async def script(asked: Asked, say: Say) -> None:
        if asked.path == "/old":
            await say(answer(b"", b"Location: /new", status=b"301 Moved Permanently"))
        elif asked.header(b"if-none-match") == b'"n"':
            await say(answer(status=b"304 Not Modified"))
        else:
            await say(answer(FEED, b'ETag: "n"'))

    server = await serve(script)
    first = await fetcher.fetch(FetchRequest(url=server.url("/old")))
    assert isinstance(first, Fetched)
    again = FetchRequest(url=server.url("/old"), validators=first.validators)
    assert await fetcher.fetch(again) == NotModified(moved_to=server.url("/new"))
    assert [asked.header(b"if-none-match") for asked in server.asked] == [None, None, None, b'"n"']


@pytest.mark.parametrize(
    ("hops", "is_told"),
    [
        ((b"301 Moved",), True),
        ((b"308 Permanent", b"301 Moved"), True),
        ((b"302 Found",), False),
        ((b"307 Temporary",), False),
        ((b"301 Moved", b"302 Found"), False),
        ((b"303 See", b"308 Permanent"), False),
    ],
)
async def test_only_redirects_that_are_all_permanent_tell_of_a_move(
    fetcher: HttpFetcher, serve: Serve, hops: tuple[bytes, ...], is_told: bool
) -> None:
    """One temporary hop, and where it leads today says nothing of tomorrow."""

    async def script(asked: Asked, say: Say) -> None:
        place = int(asked.path.removeprefix("/"))
        end = answer(FEED, b'ETag: "n"')
        await say(answer(b"", b"Location: /%d" % (place + 1), status=hops[place]) if place < len(hops) else end)

    server = await serve(script)
    fetched = await fetcher.fetch(FetchRequest(url=server.url("/0")))
    assert isinstance(fetched, Fetched)
    assert fetched.moved_to == (server.url(f"/{len(hops)}") if is_told else "")


async def test_a_feed_that_has_moved_is_asked_at_its_new_address_alone(fetcher: HttpFetcher, serve: Serve) -> None:
    """With the validators of that address, and with credentials only where they belong."""

    async def script(asked: Asked, say: Say) -> None:
        known = asked.header(b"if-none-match") == b'"n"'
        await say(answer(status=b"304 Not Modified") if known else answer(FEED, b'ETag: "n"'))

    server, other = await serve(script), await serve(script)
    home = server.url("/old").replace("http://", "http://reader:sesame@")
    for there, is_ours in ((server, True), (other, False)):
        first = await fetcher.fetch(FetchRequest(url=home, moved_to=there.url("/new")))
        assert isinstance(first, Fetched)
        assert (first.validators.url, first.moved_to) == (there.url("/new"), "")
        again = FetchRequest(url=home, moved_to=there.url("/new"), validators=first.validators)
        assert await fetcher.fetch(again) == NotModified()
        assert [asked.path for asked in there.asked] == ["/new", "/new"]
        assert (there.asked[0].header(b"authorization") is not None) == is_ours
        back = await fetcher.fetch(FetchRequest(url=server.url("/old"), validators=first.validators))
        assert isinstance(back, Fetched), "the configured address gets no validators of the other"
        server.asked.clear()


async def test_an_answer_that_asks_for_time_says_how_long_it_holds(fetcher: HttpFetcher, serve: Serve) -> None:
    """max-age counts also on a 429; an error page's own freshness does not."""
    server = await serve(always(answer(b"", b"Cache-Control: max-age=3600", status=b"429 Too Many Requests")))
    failed = await fetcher.fetch(FetchRequest(url=server.url()))
    assert isinstance(failed, FetchFailed)
    assert (failed.status, failed.max_age_seconds) == (429, 3600)
    server = await serve(always(answer(b"", b"Cache-Control: max-age=3600", status=b"404 Not Found")))
    failed = await fetcher.fetch(FetchRequest(url=server.url()))
    assert isinstance(failed, FetchFailed)
    assert failed.max_age_seconds == 0


async def test_a_feed_is_fetched_over_tls_and_by_name() -> None:
    """The certificate is for the name, not for the address that it leads to."""
    authority = trustme.CA()
    trusting, certified = ssl.create_default_context(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.configure_trust(trusting)
    authority.issue_cert("feed.example").configure_cert(certified)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(FEED))
        await writer.drain()
        writer.close()

    def leads_to_loopback(_host: str) -> Found:
        return [(socket.AF_INET, "127.0.0.1")]

    resolver = GuardedResolver(LOOPBACK, lookup=leads_to_loopback)
    fetcher = HttpFetcher(allow_private=LOOPBACK, clock=lambda: NOW, resolver=resolver, trust=trusting)
    async with await asyncio.start_server(talk, "127.0.0.1", 0, ssl=certified) as server:
        port = server.sockets[0].getsockname()[1]
        fetched = await fetcher.fetch(FetchRequest(url=f"https://feed.example.:{port}/rss"))
    assert isinstance(fetched, Fetched)
    assert fetched.body == FEED


async def test_a_host_with_several_addresses_is_asked_at_one_that_answers(serve: Serve) -> None:
    """The first may be dead."""
    server = await serve(always(answer(FEED)))

    def leads_to_two(_host: str) -> Found:
        return [(socket.AF_INET, "127.0.0.9"), (socket.AF_INET, "127.0.0.1")]

    resolver = GuardedResolver(LOOPBACK, lookup=leads_to_two)
    fetcher = HttpFetcher(allow_private=LOOPBACK, clock=lambda: NOW, resolver=resolver)
    fetched = await fetcher.fetch(FetchRequest(url=f"http://feed.example:{server.port}/"))
    assert isinstance(fetched, Fetched)
    assert server.asked[0].header(b"host") == f"feed.example:{server.port}".encode()


async def test_hints_before_the_answer_are_passed_over(fetcher: HttpFetcher, serve: Serve) -> None:
    """As 103 Early Hints gives them; a switch of protocols that nobody asked for is no document."""

    async def script(asked: Asked, say: Say) -> None:
        if asked.path == "/switch":
            await say(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
        else:
            await say(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" * 2 + answer(FEED))

    server = await serve(script)
    fetched = await fetcher.fetch(FetchRequest(url=server.url()))
    assert isinstance(fetched, Fetched)
    assert fetched.body == FEED
    failed = await fetcher.fetch(FetchRequest(url=server.url("/switch")))
    assert isinstance(failed, FetchFailed)
    assert failed.status == 101


def test_no_header_ends_its_line() -> None:
    """Whoever lets one in has made a mistake: it must not become a request of somebody else's."""
    for value in ("a\r\nX-Evil: 1", "a\nb", "a\0"):
        with pytest.raises(ValueError, match="end its line"):
            request_head("GET", "/", "feed.example", CIMultiDict({"X-Api-Key": value}))


async def test_one_host_gets_one_connection_at_a_time(fetcher: HttpFetcher, serve: Serve) -> None:
    """A second fetch of the same origin waits for the first to end."""
    open_now, most = 0, 0

    async def script(_asked: Asked, say: Say) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0)
        open_now -= 1
        await say(answer(FEED))

    server = await serve(script)
    requests = [FetchRequest(url=server.url(f"/{number}")) for number in range(6)]
    results = await asyncio.gather(*(fetcher.fetch(request) for request in requests))
    assert all(isinstance(result, Fetched) for result in results)
    assert most == 1


async def test_closing_twice_is_fine_and_a_closed_fetcher_starts_afresh(fetcher: HttpFetcher, serve: Serve) -> None:
    """`close` lets go; nothing forbids another fetch."""
    await fetcher.close()
    server = await serve(always(answer(FEED)))
    assert isinstance(await fetcher.fetch(FetchRequest(url=server.url())), Fetched)
    await fetcher.close()
    await fetcher.close()
    assert isinstance(await fetcher.fetch(FetchRequest(url=server.url())), Fetched)
