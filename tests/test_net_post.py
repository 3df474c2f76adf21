"""`net.post`: one exchange, told truthfully, whatever the peer does."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta

import pytest

from monitor.net.post import Answer, NoAnswer, Poster
from tests.channel_receiver import ENDLESS_HEAD, Receiver, answer

NOW = datetime(2026, 11, 22, 23, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def poster() -> Poster:
    return Poster(now=lambda: NOW)


async def post(url: str, within: timedelta = 5 * SECOND) -> Answer | NoAnswer:
    one = poster()
    try:
        return await one.post(url, b"{}", {"X-Desk": "north"}, within)
    finally:
        await one.close()


async def test_the_body_and_the_headers_arrive_as_given() -> None:
    """What is sent is what was handed over, without cookies and without asking for compression."""
    async with Receiver(answer("204 No Content")) as receiver:
        outcome = await post(receiver.url("/a/b?c=d"))
    assert outcome == Answer(status=204)
    (request,) = receiver.requests
    assert request.line == "POST /a/b?c=d HTTP/1.1"
    assert request.body == b"{}"
    assert request.headers["x-desk"] == "north"
    assert request.headers["accept-encoding"] == "identity"
    assert "cookie" not in request.headers


@pytest.mark.parametrize("status", [200, 201, 302, 400, 404, 429, 500, 599])
async def test_every_status_is_an_answer(status: int) -> None:
    """No status is an exception; what it means is for the channel to say."""
    async with Receiver(answer(f"{status} Whatever")) as receiver:
        outcome = await post(receiver.url())
    assert isinstance(outcome, Answer)
    assert outcome.status == status


async def test_a_redirect_is_not_followed() -> None:
    """A message goes where its owner said, and nowhere else."""
    async with Receiver(answer("200 OK")) as elsewhere:
        async with Receiver(answer("307 Temporary Redirect", f"Location: {elsewhere.url()}")) as receiver:
            outcome = await post(receiver.url())
        assert outcome == Answer(status=307)
        assert elsewhere.requests == []


async def test_cookies_are_not_kept() -> None:
    """No receiver may recognise a sender by what an earlier answer set."""
    one = poster()
    async with Receiver(answer("200 OK", "Set-Cookie: track=1; Path=/")) as receiver:
        await one.post(receiver.url(), b"", {})
        await one.post(receiver.url(), b"", {})
    await one.close()
    assert [request.headers.get("cookie") for request in receiver.requests] == [None, None]


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message, with its secrets, must not pass by a third party that some shell profile names."""
    async with Receiver(answer("502 Bad Gateway")) as proxy, Receiver(answer("200 OK")) as receiver:
        monkeypatch.setenv("http_proxy", proxy.url(""))
        monkeypatch.setenv("HTTP_PROXY", proxy.url(""))
        assert await post(receiver.url()) == Answer(status=200)
        assert proxy.requests == []


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Sun, 22 Nov 2026 23:06:00 GMT", 60),
        ("Sun, 22 Nov 2026 22:00:00 GMT", 0),
        ("soon", None),
        ("", None),
    ],
)
async def test_retry_after_is_read_as_seconds_or_date(value: str, seconds: int | None) -> None:
    """What cannot be read is as good as not said; a moment gone by asks for nothing."""
    async with Receiver(answer("429 Too Many Requests", f"Retry-After: {value}")) as receiver:
        outcome = await post(receiver.url())
    assert outcome == Answer(status=429, retry_after_seconds=seconds)


async def test_the_note_is_a_short_visible_line_of_the_body() -> None:
    """A receiver's answer cannot bring control characters, line ends or a flood into our terminal."""
    body = "no\r\nsuch \x1b[31mroom\x00 " + "z" * 5000
    async with Receiver(answer("404 Not Found", body=body)) as receiver:
        outcome = await post(receiver.url())
    assert isinstance(outcome, Answer)
    assert outcome.note.startswith("no such [31mroom zzz")
    assert len(outcome.note) == 200


async def test_a_coded_body_gives_no_note() -> None:
    """It was not asked for, and is not worth unpacking."""
    async with Receiver(answer("500 Oh", "Content-Encoding: gzip", body="\x1f")) as receiver:
        assert await post(receiver.url()) == Answer(status=500)


@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
async def test_a_dripping_body_does_not_take_the_status_back(status: str) -> None:
    """Once the status is there the answer is known; the deadline ends the rest."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: 100000\r\n\r\n".encode()
    async with Receiver(head, is_dripping=True) as receiver:
        async with asyncio.timeout(5):
            outcome = await post(receiver.url(), timedelta(seconds=0.3))
    assert isinstance(outcome, Answer)
    assert outcome.status == int(status.split(maxsplit=1)[0])


async def test_a_body_that_breaks_off_does_not_take_the_status_back() -> None:
    """The receiver took the message before it stumbled."""
    async with Receiver(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly") as receiver:
        outcome = await post(receiver.url())
    assert isinstance(outcome, Answer)
    assert outcome.status == 200


async def test_a_dripping_head_meets_the_deadline() -> None:
    """One deadline for the whole: every byte that trickles in does not begin it anew."""
    async with Receiver(ENDLESS_HEAD, is_dripping=True) as receiver:
        async with asyncio.timeout(5):
            outcome = await post(receiver.url(), timedelta(seconds=0.2))
    assert outcome == NoAnswer(reason="127.0.0.1 did not answer within 0.2 s")


@pytest.mark.parametrize("reply", [b"", b"SSH-2.0-something\r\n", b"HTTP/1.1 200 OK\r\nX-Sec"])
async def test_no_proper_answer_is_told_in_words(reply: bytes) -> None:
    """A reason is one line; it names the host and nothing else of the address."""
    async with Receiver(reply) as receiver:
        outcome = await post(receiver.url("/s3cret/path?token=s3cret"))
    assert isinstance(outcome, NoAnswer)
    assert "127.0.0.1" in outcome.reason
    assert "s3cret" not in outcome.reason
    assert "\n" not in outcome.reason


async def test_a_refused_port_is_told_in_words() -> None:
    """The commonest trouble has a sentence of its own."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: refused for certain
        outcome = await post(f"http://user:s3cret@127.0.0.1:{taken.getsockname()[1]}/")
    assert outcome == NoAnswer(reason="127.0.0.1 refused the connection")


async def test_plain_http_behind_https_is_told_in_words() -> None:
    """A receiver without TLS is no surprise either."""

    async def speak_first(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 this is no TLS\r\n")
        writer.close()

    async with await asyncio.start_server(speak_first, "127.0.0.1", 0) as server:
        outcome = await post(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/s3cret")
    assert outcome == NoAnswer(reason="no secure connection to 127.0.0.1 could be made")


@pytest.mark.parametrize("url", ["http://a..b/s3cret", "http://[::1/s3cret", "gopher://hole/s3cret", "s3cret"])
async def test_an_impossible_address_is_told_in_words(url: str) -> None:
    """What the configuration should have caught still does not raise, and shows nothing."""
    outcome = await post(url)
    assert isinstance(outcome, NoAnswer)
    assert "s3cret" not in outcome.reason


async def test_a_user_in_the_address_becomes_credentials() -> None:
    """Basic authentication works as owners expect it from an address, whatever alphabet the password is in."""
    async with Receiver(answer("200 OK")) as receiver:
        outcome = await post(receiver.url().replace("127.0.0.1", "desk:пароль@127.0.0.1"))
    assert outcome == Answer(status=200)
    assert receiver.requests[0].headers["authorization"] == "Basic ZGVzazrQv9Cw0YDQvtC70Yw="


async def test_a_send_can_be_cancelled() -> None:
    """Shutdown waits for nobody who does not answer."""
    one = poster()
    async with Receiver(ENDLESS_HEAD, is_dripping=True) as receiver:
        sending = asyncio.ensure_future(one.post(receiver.url(), b"", {}))
        await receiver.asked.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
    await one.close()


async def test_a_closed_poster_opens_anew() -> None:
    """Closing lets go of connections and forbids nothing; closing twice is closing once."""
    one = poster()
    await one.close()
    async with Receiver(answer("200 OK")) as receiver:
        assert await one.post(receiver.url(), b"", {}) == Answer(status=200)
        await one.close()
        await one.close()
        assert await one.post(receiver.url(), b"", {}) == Answer(status=200)
    await one.close()
