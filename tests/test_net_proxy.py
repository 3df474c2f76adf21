"""Feeds asked through an HTTP proxy: what it is told, what it may be asked for, and who is at fault when it fails."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network

import pytest
import trustme

from monitor.model.polls import FailureKind, Fetched, FetchFailed, FetchRequest
from monitor.model.settings import Access, Proxy
from monitor.net.fetch import HttpFetcher
from monitor.net.guard import refusal_of_name
from tests.loopback_proxy import LoopbackProxy, proxying
from tests.net_loopback import always, answer, serving

FEED = b"<rss version='2.0'><channel><title>The Heron</title></channel></rss>"
LOGIN = "Basic bWU6Z2VoZWlt"
DIRECT = Access(proxy=Proxy(address=""))

Make = Callable[..., HttpFetcher]


@pytest.fixture
def proxy() -> Iterator[LoopbackProxy]:
    """A proxy on loopback."""
    with proxying() as one:
        yield one


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """Fetchers that are closed in the end; none may ask loopback unless told so."""
    async with AsyncExitStack() as stack:

        def made(proxy: Proxy | None, **more: object) -> HttpFetcher:
            fetcher = HttpFetcher(timeout=timedelta(seconds=5), clock=lambda: datetime.now(UTC), proxy=proxy, **more)  # type: ignore[arg-type]
            stack.push_async_callback(fetcher.close)
            return fetcher

        yield made


async def test_a_plain_feed_is_asked_of_the_proxy(make: Make, proxy: LoopbackProxy) -> None:
    """By its whole address, with the login; the proxy looks the name up, and may lie on a private address."""
    proxy.login = LOGIN
    async with serving(always(answer(FEED))) as server:
        proxy.names["feed.example"] = server.port
        fetcher = make(Proxy(address=proxy.url(), authorization=LOGIN))
        fetched = await fetcher.fetch(FetchRequest(url="http://feed.example/rss?a=b"))
    assert isinstance(fetched, Fetched)
    assert (fetched.body, fetched.url) == (FEED, "http://feed.example/rss?a=b")
    assert proxy.heads[0].splitlines()[0] == "GET http://feed.example/rss?a=b HTTP/1.1"
    assert server.asked[0].header(b"proxy-authorization") is None


async def test_a_secure_feed_goes_through_a_tunnel(make: Make, proxy: LoopbackProxy) -> None:
    """The proxy hears the host and the login; the feed's server hears neither the login nor of the proxy."""
    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    certified = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("feed.example").configure_cert(certified)
    heads: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer(FEED))
        await writer.drain()
        writer.close()

    proxy.login = LOGIN
    async with await asyncio.start_server(talk, "127.0.0.1", 0, ssl=certified) as server:
        proxy.names["feed.example"] = server.sockets[0].getsockname()[1]
        fetcher = make(Proxy(address=proxy.url(), authorization=LOGIN), trust=trusting)
        fetched = await fetcher.fetch(FetchRequest(url="https://feed.example/rss"))
    assert isinstance(fetched, Fetched)
    assert fetched.body == FEED
    tunnel = proxy.heads[0].splitlines()
    assert tunnel[0] == "CONNECT feed.example:443 HTTP/1.1"
    assert f"Proxy-Authorization: {LOGIN}" in tunnel
    assert any(line.startswith("User-Agent: tocsin/") for line in tunnel)
    assert heads[0].startswith(b"GET /rss HTTP/1.1\r\n")
    assert b"proxy" not in heads[0].lower()


async def test_a_feed_may_have_a_proxy_of_its_own_or_none(make: Make, proxy: LoopbackProxy) -> None:
    """Whatever all the others are asked through."""
    async with serving(always(answer(FEED))) as server:
        proxy.names["own.example"] = server.port
        own = Access(proxy=Proxy(address=proxy.url()))
        fetcher = make(
            Proxy(address="http://127.0.0.1:9"),  # nobody listens there
            access={"http://own.example/": own, server.url("/direct"): DIRECT},
            allow_private=(IPv4Network("127.0.0.0/8"),),
        )
        assert isinstance(await fetcher.fetch(FetchRequest(url="http://own.example/")), Fetched)
        assert isinstance(await fetcher.fetch(FetchRequest(url=server.url("/direct"))), Fetched)
        failed = await fetcher.fetch(FetchRequest(url="http://other.example/"))
    assert failed == FetchFailed(kind=FailureKind.CONNECTION, reason="the proxy refused the connection")
    assert len(proxy.heads) == 1


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.0.0.7", "[::1]", "169.254.169.254", "2130706433", "127.1", "0x7f000001", "0x7f.1", "0177.0.0.1",
     "localhost", "printer.localhost", "localhost.", "127.0.0.1."],
)  # fmt: skip
async def test_no_proxy_is_asked_for_what_is_private(make: Make, proxy: LoopbackProxy, host: str) -> None:
    """Numbers in any form that a resolver takes, and the machine itself; the proxy hears nothing of it."""
    failed = await make(Proxy(address=proxy.url())).fetch(FetchRequest(url=f"http://{host}/"))
    assert isinstance(failed, FetchFailed)
    assert failed.kind is FailureKind.REFUSED
    assert proxy.heads == []


async def test_a_redirect_is_judged_as_well(make: Make, proxy: LoopbackProxy) -> None:
    """It is the publisher's word, not the owner's."""
    async with serving(always(answer(b"", b"Location: http://0x7f.0.0.1/", status=b"302 Found"))) as server:
        proxy.names["feed.example"] = server.port
        failed = await make(Proxy(address=proxy.url())).fetch(FetchRequest(url="http://feed.example/"))
    assert isinstance(failed, FetchFailed)
    assert failed.reason == "0x7f.0.0.1 is not fetched: 127.0.0.1 is loopback"
    assert len(proxy.heads) == 1


@pytest.mark.parametrize(
    "host", ["feed.example", "7.example", "0x.example", "1.2.3.4.example", "8.8.8.8", "localhosts"]
)
def test_other_names_are_left_to_the_proxy(host: str) -> None:
    """So are public addresses."""
    assert refusal_of_name(host, ()) is None


def test_a_private_address_may_be_allowed_by_its_network() -> None:
    """As without a proxy."""
    assert refusal_of_name("localhost", (IPv4Network("127.0.0.0/8"),)) is None
    assert refusal_of_name("0x7f.1", (IPv4Network("127.0.0.0/8"),)) is None


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_wants_another_login_is_not_the_feeds_fault(
    make: Make, proxy: LoopbackProxy, scheme: str
) -> None:
    """It counts like a connection that fails, and says who refused."""
    proxy.login = LOGIN
    failed = await make(Proxy(address=proxy.url())).fetch(FetchRequest(url=f"{scheme}://feed.example/"))
    reason = "the proxy answered 407 Proxy Authentication Required when it was asked for feed.example"
    assert failed == FetchFailed(kind=FailureKind.CONNECTION, reason=reason)


async def test_a_tunnel_that_is_refused_says_so(make: Make, proxy: LoopbackProxy) -> None:
    """With the proxy's status."""
    proxy.refusal = 403
    failed = await make(Proxy(address=proxy.url())).fetch(FetchRequest(url="https://feed.example/"))
    assert isinstance(failed, FetchFailed)
    assert failed.reason == "the proxy answered 403 Forbidden when it was asked for feed.example"


@pytest.mark.parametrize("said", [b"", b"220 the heron greets you\r\n"], ids=["hangs up", "speaks no TLS"])
async def test_a_tunnel_that_leads_nowhere_is_a_failure(make: Make, said: bytes) -> None:
    """The proxy has agreed, and behind it is nobody, or somebody else."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.drain()
        if said:
            await reader.read(1)  # the other side has begun to speak TLS
            writer.write(said)
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        failed = await make(Proxy(address=address)).fetch(FetchRequest(url="https://feed.example/"))
    assert isinstance(failed, FetchFailed)
    assert failed.kind is FailureKind.CONNECTION
    assert "feed.example" in failed.reason


async def test_a_proxy_that_cannot_be_found_is_named_as_such(make: Make) -> None:
    """And not the feed, whose name nobody looked up."""
    failed = await make(Proxy(address="http://proxy.invalid:3128")).fetch(FetchRequest(url="http://feed.example/"))
    assert isinstance(failed, FetchFailed)
    assert failed.reason.startswith("the proxy cannot be found")


async def test_the_proxies_of_the_environment_are_not_used(
    make: Make, proxy: LoopbackProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What polls are sent through stands in the configuration, where it can be seen."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url())
    async with serving(always(answer(FEED))) as server:
        fetcher = make(None, allow_private=(IPv4Network("127.0.0.0/8"),))
        assert isinstance(await fetcher.fetch(FetchRequest(url=server.url())), Fetched)
    assert proxy.heads == []
