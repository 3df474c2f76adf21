"""Bad answers, through the whole flow: nothing that was known changes, the log says why, and the next news is told."""

import asyncio
import gzip
import json
import re
import socket
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from monitor.engine.embedded import Engine
from tests.fakes.world import SetClock
from tests.net_loopback import Asked, Say, Script, always, answer, serving
from tests.newsstand import Newsstand, feed, item, newsstand, open_house, rss

OLD = item(1, "An old ferry that everybody knows")
NEWS = item(2, "Ferry Alma runs aground off the mole")
GOOD = feed(OLD, etag='"good"')
NEXT = feed(NEWS, OLD)


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncIterator[Newsstand]:
    """A feed whose baseline was polled."""
    async with newsstand(tmp_path) as made:
        assert (await made.poll(GOOD)).log["outcome"] == "fetched"
        yield made


def packed(body: bytes, coding: bytes = b"gzip") -> bytes:
    return answer(body, b"Content-Encoding: " + coding)


def spaces() -> bytes:
    """A hundred megabytes in a hundred kilobytes."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(b" " * 1_000_000) for _ in range(100)) + packer.flush()


async def endless(_asked: Asked, say: Say) -> None:
    await say(b"HTTP/1.1 200 OK\r\n\r\n<rss version='2.0'><channel>")
    for number in range(100_000):
        await say(item(number).encode() * 100)


async def dripping(_asked: Asked, say: Say) -> None:
    await say(b"HTTP/1.1 200 OK\r\n\r\n<rss version='2.0'><channel>")
    for _ in range(1_000):
        await asyncio.sleep(0.05)
        await say(b" ")


async def silent(_asked: Asked, _say: Say) -> None:
    await asyncio.sleep(60)


async def hang_up(_asked: Asked, _say: Say) -> None:
    return


async def chain(asked: Asked, say: Say) -> None:
    await say(answer(b"", b"Location: " + asked.path.encode() + b"/x", status=b"302 Found"))


def moved(location: bytes, status: bytes = b"302 Found") -> bytes:
    return answer(b"", b"Location: " + location, status=status)


CUT = rss(NEWS, OLD)[:70]
JSON_FEED = "https://jsonfeed.org/version/1.1"
BAD: dict[str, tuple[Script | bytes, str]] = {
    "an HTML page": (answer(b"<!doctype html><html><body>Back soon</body></html>"), "not a feed: an HTML page"),
    "an empty body": (answer(b""), "200 OK with an empty document"),
    "white space": (answer(b"\r\n \t"), "200 OK with an empty document"),
    "plain words": (answer(b"Database error"), "not a feed"),
    "XML cut before its first item": (answer(CUT), "the document is broken: unclosed token, line 1"),
    "XML that ends in its own comment": (answer(rss("<!--" * 60_000)), "the document is broken"),
    "a body shorter than announced": (answer(rss(NEWS), length=9_999), "broke off in the middle"),
    "gzip that is cut": (packed(gzip.compress(rss(NEWS))[:-5]), "the gzip stream is broken off"),
    "gzip that is none": (packed(rss(NEWS)), "the compressed stream is damaged"),
    "a bomb": (packed(spaces()), "20,000,000 bytes when decompressed"),
    "a bomb in a bomb": (packed(gzip.compress(spaces()), b"gzip, gzip"), "compressed more than once"),
    "a bomb in a coat": (packed(gzip.compress(spaces())), "not a feed"),
    "a coding that nobody asked for": (packed(rss(NEWS), b"br"), "a content coding that was not asked for"),
    "no end": (endless, "larger than 5,000,000 bytes"),
    "a drip": (dripping, "did not answer in full within 1 s"),
    "silence": (silent, "did not answer in full within 1 s"),
    "a hang-up": (hang_up, "hung up without an answer"),
    "no HTTP": (b"SSH-2.0-Heron\r\n\r\n", "did not answer in proper HTTP"),
    "a charset that is refused": (
        answer(b"<?xml version='1.0' encoding='utf-7'?>" + rss(item(3, "Caf+AOk-"))),
        "the charset utf-7 is not accepted",
    ),
    "declared entities": (
        answer(b"<!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>" + rss(item(3, "&b;"))),
        "the document declares entities",
    ),
    "broken JSON": (answer(b'{"version": "' + JSON_FEED.encode()), "the JSON is broken"),
    "JSON without items": (answer(json.dumps({"version": JSON_FEED}).encode()), "there is no list of items"),
    "more titles than can be read in time": (
        answer(rss(item(3, more="<title><b></title>" + "<title>t</title>" * 100_000))),
        "0.5 s of CPU",
    ),
    "JSON that swells": (
        packed(gzip.compress(json.dumps({"version": JSON_FEED, "items": [{}] * 3_000_000}).encode(), 1)),
        "ran out of memory",
    ),
    "404": (answer(status=b"404 Not Found"), "answered 404 Not Found"),
    "403": (answer(status=b"403 Forbidden"), "answered 403 Forbidden"),
    "429": (answer(status=b"429 Too Many Requests"), "answered 429 Too Many Requests"),
    "500": (answer(rss(NEWS), status=b"500 Oops"), "answered 500"),
    "a redirect of an unknown kind": (moved(b"/x", b"305 Use Proxy"), "answered 305"),
    "a redirect to itself": (moved(b"/feed"), "redirects in a circle"),
    "a chain of redirects": (chain, "redirects more than 5 times"),
    "a redirect to a private address": (moved(b"http://10.0.0.1/", b"301 Moved"), "10.0.0.1 is private"),
    "a redirect to the metadata service": (moved(b"http://169.254.169.254/x"), "a cloud metadata service"),
    "a redirect to a mapped address": (moved(b"http://[::ffff:10.0.0.1]/", b"308 Moved"), "::ffff:a00:1 is private"),
    "a redirect to a NAT64 address": (moved(b"http://[64:ff9b::a00:1]/"), "is private"),
    "a redirect to a 6to4 address": (moved(b"http://[2002:a00:1::]/", b"307 Moved"), "a transition range"),
    "a redirect to a Teredo address": (moved(b"http://[2001:0:a00:1::]/"), "a transition range"),
    "a redirect to a number": (moved(b"http://167772161/"), "is not fetched"),
    "a redirect to a short address": (moved(b"http://10.1/"), "is not fetched"),
    "a redirect to an octal address": (moved(b"http://012.0.0.1/"), "is not fetched"),
    "a redirect to a file": (moved(b"file:///etc/hostname"), "only http and https are fetched"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_answer_changes_nothing_but_the_waiting(stand: Newsstand, name: str) -> None:
    """Nobody is alerted, the log says why, the validators go out as before, and what is new then is told once."""
    script, why = BAD[name]
    before = await stand.feed()
    bad = await stand.poll(script)
    assert (bad.log["outcome"], bad.log["log_level"]) == ("failed", "warning")
    assert why in bad.error
    assert "\n" not in bad.error
    assert (bad.told, bad.alarms) == ((), ())
    waiting = replace(
        before,
        next_poll_at=bad.feed.next_poll_at,
        next_reason=bad.feed.next_reason,
        last_poll_at=bad.feed.last_poll_at,
        failures=1,
        failing_since=bad.feed.last_poll_at,
        last_outcome="failed",
        last_error=bad.feed.last_error,
        fault=bad.feed.fault,
    )
    assert bad.feed.fault is not None
    assert bad.feed == waiting
    good = await stand.poll(NEXT)
    assert stand.server.asked[-1].header(b"If-None-Match") == b'"good"'
    assert good.told == ("Ferry Alma runs aground off the mole",)
    assert (good.feed.failures, good.feed.last_error) == (0, "")
    assert (await stand.poll(NEXT)).told == ()


async def test_nobody_listening_is_told_as_such(tmp_path: Path) -> None:
    """And is no baseline."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        house = await open_house(tmp_path, SetClock(), (f"http://127.0.0.1:{reserved.getsockname()[1]}/feed",))
        try:
            with capture_logs() as logs:
                await Engine(house).once()
            (feed_state,) = (await house.store.views.status()).feeds
        finally:
            await house.close()
    assert [log["error"] for log in logs if log["event"] == "poll"] == ["127.0.0.1 refused the connection"]
    assert (feed_state.failures, feed_state.baseline_at) == (1, None)


async def test_a_bad_answer_before_the_first_good_one_is_no_baseline(tmp_path: Path) -> None:
    """What stands in the first document that can be read is known and silent, however late that comes."""
    async with newsstand(tmp_path) as stand:
        for script, _ in (BAD["an HTML page"], BAD["XML cut before its first item"], BAD["404"]):
            assert (await stand.poll(script)).feed.baseline_at is None
        assert (await stand.poll(GOOD)).told == ()
        assert (await stand.poll(NEXT)).told == ("Ferry Alma runs aground off the mole",)


async def test_a_day_of_bad_answers_is_an_alarm_and_recovery_tells_what_was_missed(stand: Newsstand) -> None:
    """Whatever the answers were; once a day."""
    first = await stand.poll(BAD["an HTML page"][0])
    second = await stand.poll(BAD["XML cut before its first item"][0])
    third = await stand.poll(BAD["a drip"][0])
    assert (len(first.alarms), len(second.alarms), len(third.alarms)) == (0, 1, 1)
    assert re.match(r"The Harbour: the feed has failed since .* UTC: the document is broken", second.alarms[0])
    assert (await stand.poll(NEXT)).told == ("Ferry Alma runs aground off the mole",)


async def test_gone_is_an_alarm_and_the_feed_is_not_asked_again(stand: Newsstand) -> None:
    """410: the row says so, and days later nobody has asked."""
    gone = await stand.poll(answer(status=b"410 Gone"))
    assert gone.feed.is_gone
    assert gone.alarms[0].startswith("The Harbour: the feed is gone for good (410)")
    asked = len(stand.server.asked)
    stand.clock.pass_by(timedelta(days=30))
    with capture_logs() as logs:
        await Engine(stand.house).once()
    assert (len(stand.server.asked), [log for log in logs if log["event"] == "poll"]) == (asked, [])


@pytest.mark.parametrize("status", [b"301 Moved", b"302 Found", b"307 Temporary", b"308 Permanent"])
async def test_a_redirect_is_followed_and_the_address_stays(stand: Newsstand, status: bytes) -> None:
    """The news behind it is told; the feed is still asked where the owner said."""

    async def script(asked: Asked, say: Say) -> None:
        await say(moved(b"/new", status) if asked.path == "/feed" else NEXT)

    polled = await stand.poll(script)
    assert polled.told == ("Ferry Alma runs aground off the mole",)
    assert polled.feed.url == stand.server.url()
    await stand.poll(script)
    assert [asked.path for asked in stand.server.asked[-2:]] == ["/feed", "/new"]


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        (b"7200", timedelta(hours=2), timedelta(hours=2)),
        (b"Sun, 31 Dec 2028 12:00:00 GMT", timedelta(hours=6), timedelta(hours=6)),
        (b"9" * 400, timedelta(hours=6), timedelta(hours=6)),
        (b"in a while", timedelta(minutes=15), timedelta(minutes=15)),
        (b"-1", timedelta(minutes=15), timedelta(minutes=15)),
    ],
    ids=["seconds", "a date", "huge", "garbage", "negative"],
)
async def test_too_many_requests_is_obeyed(stand: Newsstand, value: bytes, least: timedelta, most: timedelta) -> None:
    """Never sooner than asked, six hours at most, and as after any failure where nothing can be understood."""
    polled = await stand.poll(answer(b"", b"Retry-After: " + value, status=b"429 Too Many Requests"))
    assert least <= polled.feed.next_poll_at - stand.clock.now() <= most


HOMES: tuple[Callable[[int], str], ...] = (
    lambda port: f"http://127.0.0.1:{port}/a",
    lambda port: f"http://localhost:{port}/b",
    lambda port: f"http://127.1:{port}/c",
    lambda port: f"http://2130706433:{port}/d",
    lambda port: f"http://0177.0.0.1:{port}/e",
    lambda port: f"http://[::ffff:127.0.0.1]:{port}/f",
    lambda port: f"http://[::1]:{port}/g",
    lambda port: f"http://[64:ff9b::7f00:1]:{port}/h",
    lambda port: f"http://[2002:7f00:1::]:{port}/i",
)


async def test_feeds_inside_are_not_fetched_unless_that_is_allowed(tmp_path: Path) -> None:
    """Whatever way the address is written, and whatever the name stands for: the server never hears of it."""
    clock = SetClock()
    async with serving(always(GOOD)) as server:
        house = await open_house(tmp_path, clock, tuple(home(server.port) for home in HOMES), allowed="")
        try:
            clock.pass_by(timedelta(hours=1))
            with capture_logs() as logs:
                await Engine(house).once()
        finally:
            await house.close()
        assert server.connections == 0
    polls = [log for log in logs if log["event"] == "poll"]
    assert len(polls) == len(HOMES)
    assert all("is not fetched" in log["error"] for log in polls)
