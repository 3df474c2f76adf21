"""`channels.webhook`: signed JSON to a real receiver on loopback, and the truth about what came back."""

import asyncio
import base64
import hashlib
import hmac
import json
import socket
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from monitor import __version__
from monitor.channels.kinds import build
from monitor.channels.webhook import Target, Webhook
from monitor.model.alerts import (
    Alert,
    AlertContent,
    AlertKind,
    Form,
    Item,
    Marked,
    Passage,
    PublicId,
    Rendered,
    Scope,
    SendFailed,
    Sent,
)
from monitor.model.entries import Text
from monitor.model.rules import Evidence, Priority
from monitor.model.settings import ChannelSpec
from monitor.net.post import Poster
from tests.channel_receiver import ENDLESS_HEAD, Receiver, answer

NOW = datetime(2026, 11, 22, 23, 10, tzinfo=UTC)
OK = answer("200 OK", body="thanks")


def message(title: str = "Ferry strike ends", form: Form = Form.FULL) -> Rendered:
    alert = Alert(
        kind=AlertKind.UPDATE,
        dedupe_key="first|ferries|x",
        public_id=PublicId("a1"),
        priority=Priority.URGENT,
        at=datetime(2026, 11, 22, 23, 8, tzinfo=UTC),
        content=AlertContent(
            title=title,
            outlets=("Harbour Post", "Island Radio"),
            link="https://harbour.example/ferry",
            rule="ferries",
            published_at=datetime(2026, 11, 23, 1, 5, tzinfo=timezone(timedelta(hours=2))),
            is_late=True,
            follows="a0",
            changes=("killed: 3, now 30",),
            text=Text(title=title, summary="The strike is over."),
            evidence=(Evidence(field="summary", start=4, end=10, part="strike"),),
        ),
        channels=("hook",),
    )
    passage = Passage(
        field="summary",
        pieces=(Marked(words="The "), Marked(words="strike", is_match=True), Marked(words=" is over.")),
    )
    item = Item(alert=alert, title=(Marked(words=title),), passages=(passage,), matched=("strike",))
    return Rendered(
        public_id=PublicId("m1"),
        channel="hook",
        kind=AlertKind.UPDATE,
        subject=f"update: {title}",
        text=f"update: {title}\nid: m1",
        items=(item,),
        form=form,
    )


async def send(url: str, *, one: Rendered | None = None, **options: object) -> Sent | SendFailed:
    """Send through a channel that was built as the configuration builds it."""
    channel = build(ChannelSpec(name="hook", kind="webhook", options={"url": url, **options}))
    assert not isinstance(channel, tuple)
    try:
        return await channel.send(one or message())
    finally:
        await channel.close()


async def received(one: Rendered) -> dict[str, Any]:
    async with Receiver(OK) as receiver:
        channel = Webhook(Target(url=receiver.url()), Poster(), now=lambda: NOW)
        assert isinstance(await channel.send(one), Sent)
        await channel.close()
    document: dict[str, Any] = json.loads(receiver.requests[0].body)
    return document


async def test_the_body_has_the_promised_shape() -> None:
    """Receivers are built on these names: they stay."""
    assert await received(message()) == {
        "id": "m1",
        "kind": "update",
        "form": "full",
        "channel": "hook",
        "subject": "update: Ferry strike ends",
        "text": "update: Ferry strike ends\nid: m1",
        "sent_at": "2026-11-22T23:10:00Z",
        "title": "",
        "hold": "",
        "alerts": [
            {
                "id": "a1",
                "kind": "update",
                "rule": "ferries",
                "priority": "urgent",
                "title": "Ferry strike ends",
                "outlets": ["Harbour Post", "Island Radio"],
                "also_in": [],
                "link": "https://harbour.example/ferry",
                "published_at": "2026-11-22T23:05:00Z",
                "at": "2026-11-22T23:08:00Z",
                "is_late": True,
                "follows": "a0",
                "changes": ["killed: 3, now 30"],
                "spread": 0,
                "matched": ["strike"],
                "evidence": [{"field": "summary", "start": 4, "end": 10, "part": "strike"}],
                "passages": [
                    {
                        "field": "summary",
                        "pieces": [
                            {"words": "The ", "is_match": False},
                            {"words": "strike", "is_match": True},
                            {"words": " is over.", "is_match": False},
                        ],
                    }
                ],
            }
        ],
    }


async def test_the_short_form_leaves_the_evidence_out() -> None:
    """What was refused as too long comes back small."""
    document = await received(message(form=Form.SHORT))
    assert document["form"] == "short"
    assert document["alerts"][0]["evidence"] == []


async def test_the_headers_say_who_and_what() -> None:
    """A receiver can drop repeats by the key alone; the owner's own headers come along."""
    async with Receiver(OK) as receiver:
        await send(receiver.url(), headers={"X-Desk": "north"})
    headers = receiver.requests[0].headers
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["user-agent"] == f"tocsin/{__version__}"
    assert headers["idempotency-key"] == headers["webhook-id"] == "m1"
    assert headers["x-desk"] == "north"
    assert "webhook-signature" not in headers
    assert "x-tocsin-signature" not in headers


@pytest.mark.parametrize(
    ("secret", "key"),
    [
        ("plain words, пароль", "plain words, пароль".encode()),
        ("whsec_" + base64.b64encode(b"\x00\xff32 bytes of key").decode(), b"\x00\xff32 bytes of key"),
        ("\udcff\udcfe", b"\xff\xfe"),  # as the environment gives bytes that are not UTF-8
    ],
)
async def test_the_signatures_verify_independently(secret: str, key: bytes) -> None:
    """By the Standard Webhooks recipe and by the simple one, over the very bytes that arrived."""
    async with Receiver(OK) as receiver:
        await send(receiver.url(), secret=secret)
    request = receiver.requests[0]
    stamp = request.headers["webhook-timestamp"]
    assert abs(int(stamp) - datetime.now(UTC).timestamp()) < 60
    signed = f"m1.{stamp}.".encode() + request.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"
    simple = hmac.new(key, request.body, hashlib.sha256).hexdigest()
    assert request.headers["x-tocsin-signature"] == f"sha256={simple}"


async def test_a_retry_has_the_same_key_and_a_new_signature() -> None:
    """The id names the message, the timestamp the try: receivers refuse old timestamps."""
    moments = iter([NOW, NOW + timedelta(hours=1)])
    async with Receiver(OK) as receiver:
        channel = Webhook(Target(url=receiver.url(), key=b"k"), Poster(), now=lambda: next(moments))
        await channel.send(message())
        await channel.send(message())
        await channel.close()
    first, second = (request.headers for request in receiver.requests)
    assert first["idempotency-key"] == second["idempotency-key"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 3600
    assert first["webhook-signature"] != second["webhook-signature"]


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "204 No Content"])
async def test_a_taken_message_is_sent(status: str) -> None:
    """Every 2xx, with or without a body."""
    async with Receiver(answer(status)) as receiver:
        assert await send(receiver.url()) == Sent(note=f"127.0.0.1 answered {status[:3]}")


@pytest.mark.parametrize(
    ("status", "scope", "meaning"),
    [
        (302, Scope.CHANNEL, ": redirects are not followed"),
        (308, Scope.CHANNEL, ": redirects are not followed"),
        (400, Scope.MESSAGE, ": it cannot read the message"),
        (401, Scope.CHANNEL, ": the credentials are not accepted"),
        (403, Scope.CHANNEL, ": sending there is forbidden"),
        (404, Scope.CHANNEL, ": there is nothing at this address"),
        (410, Scope.CHANNEL, ": this address is closed for good"),
        (413, Scope.MESSAGE, ": the message is too long"),
        (414, Scope.MESSAGE, ": the address is too long"),
        (415, Scope.MESSAGE, ": it does not take JSON"),
        (418, Scope.CHANNEL, ""),
        (422, Scope.MESSAGE, ": it does not accept the message"),
        (429, Scope.CHANNEL, ": it asks to be sent less"),
        (500, Scope.CHANNEL, ""),
        (503, Scope.CHANNEL, ""),
    ],
)
async def test_a_refusal_says_whom_it_concerns(status: int, scope: Scope, meaning: str) -> None:
    """The message, and the queue goes on; else the channel, and the queue waits. A redirect is no success."""
    async with Receiver(answer(f"{status} Whatever", "Location: http://127.0.0.1:9/")) as receiver:
        outcome = await send(receiver.url())
    is_lasting = status in (302, 308, 401, 403, 404, 410)
    reason = f"127.0.0.1 answered {status}{meaning}"
    assert outcome == SendFailed(scope=scope, reason=reason, is_lasting=is_lasting)


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [("7", 7, 7), ("999999999999999999999", 10**9, 10**9), ("Thu, 01 Jan 2037 00:00:00 GMT", 86_400, 10**9)],
)
async def test_a_receiver_may_ask_for_rest(value: str, least: int, most: int) -> None:
    """Retry-After is handed on uncapped; how much of it to obey is the policy's affair."""
    async with Receiver(answer("429 Slow Down", f"Retry-After: {value}")) as receiver:
        outcome = await send(receiver.url())
    assert isinstance(outcome, SendFailed)
    assert outcome.retry_after_seconds is not None
    assert least <= outcome.retry_after_seconds <= most


async def test_a_garbled_retry_after_asks_for_nothing() -> None:
    """The usual wait then holds."""
    async with Receiver(answer("429 Slow Down", "Retry-After: when pigs fly")) as receiver:
        outcome = await send(receiver.url())
    assert isinstance(outcome, SendFailed)
    assert outcome.retry_after_seconds is None


async def test_no_answer_concerns_the_channel() -> None:
    """Hung up, refused, dripping: nobody knows whether it arrived, so it is sent again with the same id."""
    async with Receiver(b"") as receiver:
        hung_up = await send(receiver.url())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        refused = await send(f"http://127.0.0.1:{taken.getsockname()[1]}/")
    async with Receiver(ENDLESS_HEAD, is_dripping=True) as receiver:
        dripping = await send(receiver.url(), timeout="1s")
    assert dripping == SendFailed(scope=Scope.CHANNEL, reason="127.0.0.1 did not answer within 1 s")
    for outcome in (hung_up, refused):
        assert isinstance(outcome, SendFailed)
        assert outcome.scope is Scope.CHANNEL


async def test_a_dripping_body_takes_no_success_back() -> None:
    """The status was there: to send again would be to send twice."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    async with Receiver(head, is_dripping=True) as receiver:
        assert await send(receiver.url(), timeout="1s") == Sent(note="127.0.0.1 answered 200")


async def test_a_send_can_be_cancelled() -> None:
    """Shutdown does not wait for a receiver."""
    async with Receiver(ENDLESS_HEAD, is_dripping=True) as receiver:
        sending = asyncio.ensure_future(send(receiver.url()))
        await receiver.asked.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending


@pytest.mark.parametrize(
    "reply", [answer("404 Not Found", body="Cannot POST /c4nary?t=c4nary"), b"", b"c4nary\r\n\r\n"]
)
async def test_no_secret_shows_in_what_is_told(reply: bytes) -> None:
    """Not the path, the query, the user, the key or a header, even where the receiver repeats them."""
    async with Receiver(reply) as receiver:
        url = receiver.url("/c4nary?t=c4nary").replace("//", "//u:c4nary@", 1)
        outcome = await send(url, secret="c4nary-key", headers={"X-Token": "c4nary"})
    assert isinstance(outcome, SendFailed)
    assert "c4nary" not in repr(outcome)
    assert "c4nary" not in repr(Target(url=url, key=b"c4nary", headers=(("X-Token", "c4nary"),)))


@pytest.mark.parametrize(
    "title",
    [
        "@everyone <!channel> *look* [here](https://bad.example) <script>alert(1)</script>",
        'quotes " and \\ back\\slashes',
        "two\r\nlines\x00 and \x1b[31mred\x1b[0m",
        "exe.\u202efdp.txt",
        "Паром 渡輪 🚢 \u2028",
        "x" * 10_000,
    ],
)
async def test_a_hostile_title_arrives_literally(title: str) -> None:
    """As data, to the last character: JSON has room for everything."""
    document = await received(message(title))
    assert document["alerts"][0]["title"] == title


async def test_half_a_character_becomes_a_question_mark() -> None:
    """A lone surrogate has no UTF-8; the message goes all the same."""
    document = await received(message("lone \ud800 half"))
    assert document["alerts"][0]["title"] == "lone ? half"
