"""The fetcher against servers that do not behave: everything becomes a value, soon, and within bounds."""

import asyncio
import gzip
import socket
import ssl
import struct
import tracemalloc
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network

import pytest
import trustme

from monitor.model.polls import FailureKind, Fetched, FetchFailed, FetchRequest, NotModified
from monitor.net.fetch import HttpFetcher
from monitor.net.guard import Networks
from monitor.net.resolver import GuardedResolver
from tests.net_loopback import Asked, Say, Script, always, answer, serving

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOOPBACK = (IPv4Network("127.0.0.0/8"),)
FEED = b"<rss version='2.0'><channel><title>The Heron</title></channel></rss>"


async def fetched(
    url: str,
    *,
    allowed: Networks = LOOPBACK,
    timeout_seconds: float = 5.0,
    trust: ssl.SSLContext | None = None,
) -> Fetched | NotModified | FetchFailed:
    """One fetch with a fetcher of its own."""
    timeout = timedelta(seconds=timeout_seconds)
    fetcher = HttpFetcher(allow_private=allowed, timeout=timeout, clock=lambda: NOW, trust=trust)
    try:
        return await fetcher.fetch(FetchRequest(url=url))
    finally:
        await fetcher.close()


async def failure_of(script: Script, path: str = "/feed", *, timeout_seconds: float = 5.0) -> FetchFailed:
    """How a fetch from such a server fails."""
    async with serving(script) as server:
        result = await fetched(server.url(path), timeout_seconds=timeout_seconds)
    assert isinstance(result, FetchFailed)
    assert "\n" not in result.reason
    return result


async def test_a_gzip_bomb_is_cut_at_the_cap() -> None:
    """200 MB in 200 kB of gzip cost neither the memory nor the time of 200 MB."""
    packer = zlib.compressobj(9, wbits=31)
    zeros = b"\0" * 1_000_000
    bomb = b"".join(packer.compress(zeros) for _ in range(200)) + packer.flush()
    tracemalloc.start()
    try:
        failed = await failure_of(always(answer(bomb, b"Content-Encoding: gzip")))
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert failed.kind is FailureKind.CONTENT
    assert "20,000,000 bytes when decompressed" in failed.reason
    assert peak_bytes < 80_000_000


async def test_a_double_bomb_is_unpacked_once_at_most() -> None:
    """Stacked codings are refused by name; where only one is named, only one is undone."""
    bomb = gzip.compress(gzip.compress(b"\0" * 5_000_000))
    failed = await failure_of(always(answer(bomb, b"Content-Encoding: gzip, gzip")))
    assert (failed.kind, "more than once" in failed.reason) == (FailureKind.CONTENT, True)
    twice = await failure_of(always(answer(bomb, b"Content-Encoding: gzip", b"Content-Encoding: deflate")))
    assert twice.kind is FailureKind.CONTENT
    async with serving(always(answer(bomb, b"Content-Encoding: gzip"))) as server:
        result = await fetched(server.url())
    assert isinstance(result, Fetched)
    assert result.body == gzip.decompress(bomb)


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        (b"br", FEED),
        (b"gzip", gzip.compress(FEED, mtime=0)[:-3]),
        (b"gzip", gzip.compress(FEED, mtime=0)[:10]),
        (b"gzip", FEED),
        (b"gzip", gzip.compress(FEED, mtime=0) + b"junk"),
        (b"gzip", gzip.compress(b"", mtime=0) * 1_002),
        (b"deflate", zlib.compress(FEED)[:-6]),
        (b"deflate", b"x"),
        (b"deflate", b"\xff\xff\xff"),
    ],
)
async def test_broken_and_unasked_codings_are_failures(coding: bytes, coded: bytes) -> None:
    """A stream that does not come to its proper end is no document."""
    failed = await failure_of(always(answer(coded, b"Content-Encoding: " + coding)))
    assert failed.kind is FailureKind.CONTENT


async def test_an_endless_body_is_cut_on_the_wire() -> None:
    """A server that never stops is left after 5 MB."""

    async def script(_asked: Asked, say: Say) -> None:
        await say(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(200):
            await say(b"x" * 100_000)

    failed = await failure_of(script)
    assert (failed.kind, "5,000,000 bytes" in failed.reason) == (FailureKind.CONTENT, True)


async def test_a_body_that_announces_too_much_is_not_read() -> None:
    """Content-Length alone is enough to refuse."""
    failed = await failure_of(always(answer(b"x", length=5_000_001)))
    assert failed.kind is FailureKind.CONTENT


@pytest.mark.parametrize("part", ["head", "body", "silence"])
async def test_a_drip_ends_at_the_deadline(part: str) -> None:
    """One byte at a time keeps no fetch alive beyond its time."""

    async def script(_asked: Asked, say: Say) -> None:
        await say(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if part == "body" else b""))
        for _ in range(600):
            await asyncio.sleep(0.02)
            await say(b"" if part == "silence" else b"x")

    began = asyncio.get_running_loop().time()
    failed = await failure_of(script, timeout_seconds=0.4)
    assert asyncio.get_running_loop().time() - began < 2
    assert failed.kind is FailureKind.CONNECTION
    assert failed.reason == "127.0.0.1 did not answer in full within 0.4 s"


async def test_the_deadline_holds_for_all_redirects_together() -> None:
    """Each hop in time, the whole too late."""

    async def script(asked: Asked, say: Say) -> None:
        await asyncio.sleep(0.15)
        await say(answer(b"", b"Location: " + asked.path.encode() + b"x", status=b"302 Found"))

    failed = await failure_of(script, timeout_seconds=0.4)
    assert "within 0.4 s" in failed.reason


async def test_redirects_end() -> None:
    """A circle is seen at once, a chain is left after five."""
    circle = {"/feed": b"/two", "/two": b"/feed"}

    async def turning(asked: Asked, say: Say) -> None:
        await say(answer(b"", b"Location: " + circle[asked.path], status=b"302 Found"))

    async def running(asked: Asked, say: Say) -> None:
        await say(answer(b"", b"Location: " + asked.path.encode() + b"/x", status=b"302 Found"))

    failed = await failure_of(turning)
    assert (failed.kind, failed.reason) == (FailureKind.REFUSED, "127.0.0.1 redirects in a circle")
    async with serving(running) as server:
        result = await fetched(server.url())
        assert len(server.asked) == 6
    assert isinstance(result, FetchFailed)
    assert (result.kind, result.reason) == (FailureKind.REFUSED, "127.0.0.1 redirects more than 5 times")


@pytest.mark.parametrize(
    "location",
    [
        b"http://10.0.0.1/feed",
        b"http://169.254.169.254/latest/meta-data",
        b"http://[::1]/",
        b"http://[::ffff:10.0.0.1]/",
        b"http://2130706433/",
        b"http://0xa.1/",
        b"http://012.0.0.1/",
        b"http://192.168.1/",
        b"file:///etc/hostname",
        b"gopher://127.0.0.1/",
        b"http://",
        b"http://127.0.0.1:99999/",
        b"http://[broken/",
        b"/a\x01b",
        b"/" + b"x" * 4_001,
    ],
)
async def test_a_redirect_leads_to_no_forbidden_place(location: bytes) -> None:
    """Every hop is guarded like the first."""
    moved = answer(b"", b"Location: " + location, status=b"301 Moved Permanently")
    failed = await failure_of(always(moved))
    # aiohttp refuses header lines with control characters before we see them.
    assert failed.kind is FailureKind.REFUSED or (failed.kind is FailureKind.CONTENT and b"\x01" in location)


@pytest.mark.parametrize("status", [b"302 Found", b"300 Choices", b"204 No Content", b"500 Oops", b"799 Odd"])
async def test_other_answers_are_failures_with_their_status(status: bytes) -> None:
    """A redirect to nowhere is one of them."""
    failed = await failure_of(always(answer(status=status)))
    assert (failed.kind, failed.status) == (FailureKind.HTTP, int(status[:3]))


async def test_gone_is_told_apart() -> None:
    """410 means: never ask again."""
    failed = await failure_of(always(answer(status=b"410 Gone")))
    assert (failed.kind, failed.status, failed.reason) == (
        FailureKind.GONE,
        410,
        "127.0.0.1 answered 410 Gone",
    )


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"120", 120),
        (b"-5", 0),
        (b"Fri, 20 Nov 2026 12:02:00 GMT", 120),
        (b"Thu, 19 Nov 2026 12:00:00 GMT", 0),
        (b"9" * 5_000, 10**9),
        (b"soon", None),
        (b"1.5", None),
        ("٣".encode(), None),
        (b"", None),
    ],
)
async def test_retry_after_is_read_in_every_form(value: bytes, seconds: int | None) -> None:
    """Seconds, dates, the past, the absurd and garbage."""
    for status in (b"429 Too Many Requests", b"503 Service Unavailable"):
        failed = await failure_of(always(answer(b"", b"Retry-After: " + value, status=status)))
        assert failed.retry_after_seconds == seconds


async def test_an_empty_document_is_a_failure() -> None:
    """Nothing, or nothing but white space, is no news."""
    for body in (b"", b" \r\n\t "):
        failed = await failure_of(always(answer(body)))
        assert (failed.kind, failed.status) == (FailureKind.CONTENT, 200)


async def test_a_body_that_is_broken_off_is_a_failure() -> None:
    """Fewer bytes than announced, or a chunk without its end."""
    failed = await failure_of(always(answer(FEED, length=len(FEED) + 5)))
    assert "broke off in the middle" in failed.reason
    half = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n<rss>"
    assert isinstance(await failure_of(always(half)), FetchFailed)
    bad = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<rss>"
    assert isinstance(await failure_of(always(bad)), FetchFailed)


async def test_a_refused_connection_is_a_failure() -> None:
    """Nobody listens."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        result = await fetched(f"http://127.0.0.1:{reserved.getsockname()[1]}/")
    assert result == FetchFailed(kind=FailureKind.CONNECTION, reason="127.0.0.1 refused the connection")


async def test_a_hang_up_is_a_failure_and_is_not_asked_again() -> None:
    """No answer, a reset, and something that is not HTTP; one connection each."""

    async def hang_up(_asked: Asked, _say: Say) -> None:
        return

    for script in (hang_up, always(b"SSH-2.0-Heron\r\n\r\n"), always(b"HTTP/1.1 abc\r\n\r\n")):
        async with serving(script) as server:
            result = await fetched(server.url())
            assert server.connections == 1
        assert isinstance(result, FetchFailed)
        assert result.kind in {FailureKind.CONNECTION, FailureKind.CONTENT}


async def test_a_reset_is_a_failure() -> None:
    """The peer drops the connection on the floor."""
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)

        async def reset() -> None:
            peer, _ = await loop.sock_accept(listener)
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()

        port = listener.getsockname()[1]
        result, _ = await asyncio.gather(fetched(f"http://127.0.0.1:{port}/"), reset())
    assert isinstance(result, FetchFailed)
    assert result.kind is FailureKind.CONNECTION


@pytest.mark.parametrize(
    ("host", "age", "is_known", "said"),
    [
        ("127.0.0.1", timedelta(days=-1), True, "certificate has expired"),
        ("127.0.0.1", timedelta(days=1), False, "unable to get local issuer certificate"),
        ("other.example", timedelta(days=1), True, "not valid for '127.0.0.1'"),
    ],
    ids=["expired", "signed by nobody we know", "of another host"],
)
async def test_a_certificate_that_is_not_accepted_says_so(
    host: str, age: timedelta, *, is_known: bool, said: str
) -> None:
    """Which it is, so that somebody can do something about it sooner than about a server that is down."""
    authority = trustme.CA()
    own = authority.issue_cert(host, not_after=datetime.now(UTC) + age)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.configure_cert(context)
    trust = _trusting(authority) if is_known else None
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=context) as server:
        result = await fetched(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/", trust=trust)
    assert isinstance(result, FetchFailed)
    assert result.kind is FailureKind.CERTIFICATE
    assert said in result.reason


def _trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    return context


async def test_tls_with_a_plain_server_is_a_failure() -> None:
    """The other side does not speak TLS."""

    def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 the heron greets you\r\n")
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        result = await fetched(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert isinstance(result, FetchFailed)
    assert (result.kind, result.reason) == (
        FailureKind.CONNECTION,
        "no secure connection to 127.0.0.1 could be made",
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "[::ffff:7f00:1]"])
async def test_loopback_is_refused_unless_it_is_allowed(host: str) -> None:
    """Whatever way it is written."""
    async with serving(always(answer(FEED))) as server:
        result = await fetched(f"http://{host}:{server.port}/", allowed=())
        assert server.connections == 0
    assert isinstance(result, FetchFailed)
    assert result.kind is FailureKind.REFUSED


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed",
        "ftp://example.org/",
        "file:///etc/hostname",
        "http:///x",
        "http://a b/",
        "http://h\n/",
        "//x/y",
    ],
)
async def test_what_is_no_web_address_is_refused(url: str) -> None:
    """Before anything is looked up."""
    result = await fetched(url)
    assert isinstance(result, FetchFailed)
    assert result.kind is FailureKind.REFUSED


async def test_an_impossible_name_is_a_failure() -> None:
    """A label of 70 characters, and one with nothing in it."""
    for host in ("x" * 70 + ".invalid", "a..invalid"):
        result = await fetched(f"http://{host}/")
        assert isinstance(result, FetchFailed)
        assert result.kind in {FailureKind.CONNECTION, FailureKind.REFUSED}


async def test_an_answer_of_names_that_changes_is_caught_at_the_connection() -> None:
    """A resolver that was fooled does not matter: the socket itself is guarded."""

    class Fooled(GuardedResolver):
        """Lets everything through."""

        def __init__(self) -> None:
            super().__init__(LOOPBACK, lookup=_looks_like_loopback)

    def _looks_like_loopback(_host: str) -> Sequence[tuple[socket.AddressFamily, str]]:
        return [(socket.AF_INET, "127.0.0.1")]

    fetcher = HttpFetcher(timeout=timedelta(seconds=5), clock=lambda: NOW, resolver=Fooled())
    try:
        result = await fetcher.fetch(FetchRequest(url="http://news.example/"))
    finally:
        await fetcher.close()
    assert isinstance(result, FetchFailed)
    assert result.kind is FailureKind.REFUSED
    assert result.reason == "news.example is not fetched: 127.0.0.1 is loopback"


async def test_cancellation_passes_through() -> None:
    """A fetch that is cancelled ends as cancelled, and at once."""
    asked = asyncio.Event()

    async def script(_asked: Asked, _say: Say) -> None:
        asked.set()
        await asyncio.Event().wait()

    async with serving(script) as server:
        task = asyncio.create_task(fetched(server.url()))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
