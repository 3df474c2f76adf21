"""What a feed is asked with by its owner's wish: sent to its own origin, and to nobody else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network

from monitor.model.polls import Fetched, FetchRequest, Validators
from monitor.model.settings import Access
from monitor.net.fetch import HttpFetcher
from tests.net_loopback import Asked, Say, Script, always, answer, serving

FEED = b"<rss version='2.0'><channel><title>The Heron</title></channel></rss>"
SECRETS = Access(
    headers=(("X-Api-Key", "canary-key"), ("Accept", "text/xml")),
    authorization="Basic Y2FuYXJ5",
    user_agent="Reader/1.0 (canary-name)",
)


@asynccontextmanager
async def fetcher(access: dict[str, Access]) -> AsyncIterator[HttpFetcher]:
    """One that may ask loopback."""
    made = HttpFetcher(
        allow_private=(IPv4Network("127.0.0.0/8"),),
        timeout=timedelta(seconds=5),
        clock=lambda: datetime.now(UTC),
        access=access,
    )
    try:
        yield made
    finally:
        await made.close()


def leading(target: str) -> Script:
    """A script that leads `/feed` to `target`."""

    async def script(asked: Asked, say: Say) -> None:
        is_start = asked.path == "/feed"
        await say(answer(b"", b"Location: " + target.encode(), status=b"302 Found") if is_start else answer(FEED))

    return script


async def test_headers_login_and_name_are_sent_with_the_feed_they_belong_to() -> None:
    """Validators as well; and not with another feed of the same server."""
    async with serving(always(answer(FEED))) as server, fetcher({server.url("/feed"): SECRETS}) as one:
        await one.fetch(FetchRequest(url=server.url("/feed"), validators=Validators(etag=b'"a"')))
        await one.fetch(FetchRequest(url=server.url("/other")))
    own, other = server.asked
    assert own.header(b"x-api-key") == b"canary-key"
    assert own.header(b"accept") == b"text/xml"
    assert own.header(b"authorization") == b"Basic Y2FuYXJ5"
    assert own.header(b"user-agent") == b"Reader/1.0 (canary-name)"
    assert own.header(b"if-none-match") == b'"a"'
    assert b"canary" not in other.head.lower()
    assert other.header(b"authorization") is None


async def test_a_redirect_on_the_same_origin_takes_them_along() -> None:
    """It is the same server."""
    async with serving(leading("/moved")) as server, fetcher({server.url("/feed"): SECRETS}) as one:
        assert isinstance(await one.fetch(FetchRequest(url=server.url("/feed"))), Fetched)
    assert [asked.header(b"x-api-key") for asked in server.asked] == [b"canary-key", b"canary-key"]


async def test_a_redirect_to_another_origin_takes_nothing_along() -> None:
    """Not even to another port of the same machine, which somebody else may have."""
    async with (
        serving(always(answer(FEED))) as elsewhere,
        serving(leading(elsewhere.url("/got"))) as server,
        fetcher({server.url("/feed"): SECRETS}) as one,
    ):
        assert isinstance(await one.fetch(FetchRequest(url=server.url("/feed"))), Fetched)
    assert server.asked[0].header(b"x-api-key") == b"canary-key"
    (stranger,) = elsewhere.asked
    assert b"canary" not in stranger.head.lower()
    assert stranger.header(b"authorization") is None
    assert (stranger.header(b"user-agent") or b"").startswith(b"tocsin/")


async def test_a_login_beside_the_address_goes_before_one_in_it() -> None:
    """An address with a login is not taken from a configuration; who types one by hand is understood."""
    async with serving(always(answer(FEED))) as server:
        url = server.url("/feed").replace("http://", "http://me:geheim@")
        async with fetcher({url: SECRETS}) as one:
            await one.fetch(FetchRequest(url=url))
        async with fetcher({}) as one:
            await one.fetch(FetchRequest(url=url))
    assert [asked.header(b"authorization") for asked in server.asked] == [b"Basic Y2FuYXJ5", b"Basic bWU6Z2VoZWlt"]


async def test_a_feed_that_has_moved_for_good_takes_them_along_only_within_its_origin() -> None:
    """They were written for the server that the owner named, wherever the feed is asked by now."""
    async with (
        serving(always(answer(FEED))) as elsewhere,
        serving(always(answer(FEED))) as server,
        fetcher({server.url("/feed"): SECRETS}) as one,
    ):
        await one.fetch(FetchRequest(url=server.url("/feed"), moved_to=server.url("/new")))
        await one.fetch(FetchRequest(url=server.url("/feed"), moved_to=elsewhere.url("/new")))
    assert server.asked[0].header(b"x-api-key") == b"canary-key"
    (stranger,) = elsewhere.asked
    assert b"canary" not in stranger.head.lower()
    assert stranger.header(b"authorization") is None
