"""Words of feeds are data in every channel: the same headlines through all four kinds, looked at where they arrive."""

import io
import json
import re
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from email.parser import HeaderParser

import pytest

from monitor.channels.console import Console
from monitor.channels.kinds import build
from monitor.model.alerts import Rendered, Sent
from monitor.model.settings import ChannelSpec
from tests.channel_receiver import Receiver, answer
from tests.test_channels_mail import Postbox, mail, rendered, serving

HOSTILE = {
    "everyone": "Strike @everyone and @here",
    "slack": "Strike <!channel> <@U123>",
    "bold": "Strike <b>bold</b> <script>alert(1)</script>",
    "javascript": "Strike [x](javascript:alert(1)) ![y](https://bad.example/p.png)",
    "line ends": "Strike\r\nBcc: victim@h.example\r\n\r\nGET / HTTP/1.1",
    "bidi": "Strike \u202egnp.exe\u2066",
    "nul": "Strike \x00 and \x07",
    "ansi": "Strike \x1b[2J\x1b]0;owned\x07\x9b31m",
    "half a character": "Strike \ud800",
    "long": "Strike " + "word " * 2_000,
}
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CHAT = {"mmost": "/3ccdd113474722377935511fc85d3dd4", "ntfy": "/desk", "rocket": "/#desk", "gotify": "/token"}
_DATA = ("json", "xml", "form")

Arrived = Callable[[Rendered], Awaitable[str]]


async def on_console(message: Rendered) -> str:
    stream = io.StringIO()
    assert isinstance(await Console(stream, environment={}).send(message), Sent)
    return stream.getvalue()


async def in_mail(message: Rendered) -> str:
    postbox = Postbox()
    async with serving(postbox) as port:
        assert isinstance(await mail(port).send(message), Sent)
    letter = postbox.mail()
    raw = postbox.envelopes[0].content
    assert isinstance(raw, bytes)
    # Line by line as a server reads them: no header but ours, and none twice.
    headers = HeaderParser().parsestr(raw.decode("utf-8", "replace")).keys()
    assert "Bcc" not in headers
    assert len(headers) == len(set(headers))
    text = letter.get_body(("plain",))
    assert isinstance(text, EmailMessage)
    return f"{letter['Subject']}\n{text.get_content()}"


async def at(url: str, message: Rendered, kind: str) -> str:
    """What a channel posts to a receiver on loopback; every string of it, where it is JSON."""
    async with Receiver(
        answer("200 OK", body='{"status": "success", "data": {"authToken": "a", "userId": "b"}}')
    ) as sink:
        channel = build(
            ChannelSpec(name="desk", kind=kind, options={"url": url.replace("SINK", f"127.0.0.1:{sink.port}")})
        )
        assert not isinstance(channel, tuple)
        assert isinstance(await channel.send(message), Sent)
        await channel.close()
    bodies = [request.body.decode() for request in sink.requests if b"trike" in request.body]
    assert len(bodies) == 1
    return "\n".join(_strings(json.loads(bodies[0]))) if bodies[0].startswith("{") else bodies[0]


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("arrived", [on_console, in_mail], ids=["console", "email"])
async def test_people_read_the_words_and_nothing_obeys_them(arrived: Arrived, title: str) -> None:
    """No control reaches a terminal, no line end a header; what is only text stays as it came."""
    seen = await arrived(rendered(title))
    assert "trike" in seen
    assert not _CONTROLS.search(seen.replace("\r\n", "\n"))
    if title.isprintable() and len(title) < 100:
        assert title in seen.replace("*", "")


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
async def test_a_webhook_gets_the_words_literally(title: str) -> None:
    """In JSON they can do no harm; half a character has no UTF-8 and becomes a question mark."""
    seen = await at("http://SINK/hook", rendered(title), "webhook")
    assert title.replace("\ud800", "?") in seen


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("scheme", _CHAT)
async def test_a_chat_gets_words_that_call_nobody(scheme: str, title: str) -> None:
    """Through Apprise's own plugin, over the wire, in one message."""
    user = "user:password@" if scheme == "rocket" else ""
    seen = await at(f"{scheme}://{user}SINK{_CHAT[scheme]}", rendered(title), "apprise")
    assert not _CONTROLS.search(seen.replace("\r\n", "\n"))
    for call in ("@everyone", "@here", "<!channel", "<@U123", "<b>", "<script", "](", "\\]\\("):
        assert call not in seen


@pytest.mark.parametrize("scheme", _DATA)
async def test_a_program_behind_apprise_gets_the_words_as_they_are(scheme: str) -> None:
    """Like a webhook, but for what no message of ours ever holds."""
    seen = await at(f"{scheme}://SINK/", rendered("".join(HOSTILE.values())[:200]), "apprise")
    assert "trike" in seen
    assert not _CONTROLS.search(seen)


def _strings(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case list():
            return [one for item in value for one in _strings(item)]
        case dict():
            return [one for item in value.values() for one in _strings(item)]
        case _:
            return []
