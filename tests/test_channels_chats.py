"""Telegram, Slack, Discord and ntfy natively: what they get over the wire, and the truth about what they answer."""

import json
from dataclasses import replace

import pytest

from monitor.app.reach import reach
from monitor.channels.kinds import build
from monitor.model.alerts import Rendered, Scope, SendFailed, Sent
from monitor.model.rules import Priority
from monitor.model.settings import ChannelSpec
from tests.channel_receiver import ENDLESS_HEAD, Receiver, answer
from tests.chat_sinks import CHATS, SECRET, TAKEN, TEXT_OF, TOKEN, options, seen_by, sent_to
from tests.test_channels_mail import rendered

NAMES = {"telegram": "Telegram", "slack": "Slack", "discord": "Discord", "ntfy": "ntfy"}
HEADLINE = "Докеры 🚢: strike ends"


def of_priority(priority: Priority) -> Rendered:
    message = rendered()
    (item,) = message.items
    return replace(message, items=(replace(item, alert=replace(item.alert, priority=priority)),))


async def test_telegram_gets_plain_words_and_bold_by_place() -> None:
    """Without a parse mode nothing can be refused for its markup; places are counted in UTF-16, as Telegram does."""
    async with Receiver(TAKEN["telegram"]) as receiver:
        assert await sent_to("telegram", receiver, rendered(HEADLINE), topic=42) == Sent(note="Telegram took it")
    (request,) = receiver.requests
    assert request.line == f"POST /bot{TOKEN}/sendMessage HTTP/1.1"
    body = json.loads(request.body)
    assert (body["chat_id"], body["message_thread_id"]) == ("-1001234567890", 42)
    assert "parse_mode" not in body
    assert body["link_preview_options"] == {"is_disabled": True}
    assert body["text"].splitlines()[0] == HEADLINE
    units = body["text"].encode("utf-16-le")
    shown = [
        units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le") for one in body["entities"]
    ]
    assert shown == ["strike"]
    assert {one["type"] for one in body["entities"]} == {"bold"}


async def test_slack_gets_its_three_signs_escaped_and_the_match_in_bold() -> None:
    """As Slack's documentation asks for; names are not looked for and links not unfolded."""
    body = await seen_by("slack", rendered("Dock strike <b> & so > on", link="https://harbour.example/?a=1&b=2"))
    assert body["text"].splitlines()[0] == "Dock *strike* &lt;\u200bb&gt; &amp; so &gt; on"
    assert "https://harbour.example/?a=1&amp;b=2" in body["text"]
    assert (body["link_names"], body["unfurl_links"], body["unfurl_media"]) == (False, False, False)


async def test_discord_rings_for_nobody_and_shows_signs_as_they_are() -> None:
    """By its own switch, and by escaping; a link keeps its underlines."""
    link = "https://harbour.example/a_b_c"
    async with Receiver(TAKEN["discord"]) as receiver:
        outcome = await sent_to(
            "discord", receiver, rendered("# Dock_strike_ *strike* ||ends||", link=link), thread="1234567890"
        )
    assert outcome == Sent(note="Discord took it")
    (request,) = receiver.requests
    assert request.line == f"POST /api/webhooks/123/{SECRET}?wait=true&thread_id=1234567890 HTTP/1.1"
    body = json.loads(request.body)
    assert body["allowed_mentions"] == {"parse": []}
    assert body["flags"] == 4
    assert body["content"].splitlines()[0].startswith("\\# Dock\\_**strike**\\_ \\*")
    assert "\\|\\|ends\\|\\|" in body["content"]
    assert link in body["content"]


@pytest.mark.parametrize(("priority", "number"), [(Priority.URGENT, 5), (Priority.NORMAL, 3), (Priority.LOW, 2)])
async def test_ntfy_gets_title_link_and_priority(priority: Priority, number: int) -> None:
    """The topic stands in the body and the token in a header, so that no address holds a secret."""
    async with Receiver(TAKEN["ntfy"]) as receiver:
        assert await sent_to("ntfy", receiver, of_priority(priority)) == Sent(note="ntfy took it")
    (request,) = receiver.requests
    assert request.line == "POST / HTTP/1.1"
    assert request.headers["authorization"] == f"Bearer tk_{SECRET}"
    body = json.loads(request.body)
    assert body["topic"] == f"desk-{SECRET}"
    assert body["title"] == "Dock strike ends"
    assert not body["message"].startswith("Dock")
    assert "id: " in body["message"]
    assert body["click"] == "https://harbour.example/1"
    assert body["priority"] == number


@pytest.mark.parametrize(("priority", "is_silent"), [(Priority.URGENT, False), (Priority.LOW, True)])
async def test_low_priority_makes_no_sound_in_telegram(priority: Priority, is_silent: bool) -> None:
    """What may wait need not ring."""
    assert (await seen_by("telegram", of_priority(priority))).get("disable_notification", False) is is_silent


@pytest.mark.parametrize("kind", CHATS)
async def test_a_repeat_is_the_same_message_with_the_same_id(kind: str) -> None:
    """Chats know no keys of ours: whoever reads it twice can tell by the id."""
    message = rendered()
    first, second = await seen_by(kind, message), await seen_by(kind, message)
    assert first == second
    assert f"id: {message.public_id}" in first[TEXT_OF[kind]]


@pytest.mark.parametrize(
    ("kind", "reply", "seconds"),
    [
        (
            "telegram",
            answer(
                "429 Too Many Requests",
                body='{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35",'
                '"parameters":{"retry_after":35}}',
            ),
            35,
        ),
        ("slack", answer("429 Too Many Requests", "Retry-After: 30", body="rate_limited"), 30),
        (
            "discord",
            answer(
                "429 Too Many Requests",
                "Retry-After: 64",
                body='{"message": "You are being rate limited.", "retry_after": 64.57, "global": false}',
            ),
            65,
        ),
        (
            "ntfy",
            answer(
                "429 Too Many Requests", body='{"code":42901,"http":429,"error":"limit reached: too many requests"}'
            ),
            None,
        ),
    ],
)
async def test_each_may_ask_for_rest_in_its_own_way(kind: str, reply: bytes, seconds: int | None) -> None:
    """In the header or in the body, the longer one counts; it concerns the channel, and time mends it."""
    async with Receiver(reply) as receiver:
        outcome = await sent_to(kind, receiver, rendered())
    assert outcome == SendFailed(
        scope=Scope.CHANNEL,
        reason=f"{NAMES[kind]} answered 429: it asks to be sent less",
        retry_after_seconds=seconds,
    )


LASTING = [
    (
        "telegram",
        "400 Bad Request",
        '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}',
        "no such chat",
    ),
    (
        "telegram",
        "400 Bad Request",
        '{"ok":false,"description":"Bad Request: group chat was upgraded to a supergroup chat"}',
        "another id",
    ),
    (
        "telegram",
        "400 Bad Request",
        '{"ok":false,"description":"Bad Request: message thread not found"}',
        "no such topic",
    ),
    (
        "telegram",
        "400 Bad Request",
        '{"ok":false,"description":"Bad Request: not enough rights to send text messages to the chat"}',
        "may not write",
    ),
    ("telegram", "403 Forbidden", '{"ok":false,"description":"Forbidden: bot was blocked by the user"}', "blocked"),
    ("telegram", "404 Not Found", '{"ok":false,"error_code":404,"description":"Not Found"}', "no such bot"),
    ("telegram", "401 Unauthorized", '{"ok":false,"error_code":401,"description":"Unauthorized"}', "token"),
    ("slack", "404 Not Found", "no_service", "gone"),
    ("slack", "410 Gone", "channel_is_archived", "archived"),
    ("slack", "403 Forbidden", "action_prohibited", "does not let"),
    ("slack", "400 Bad Request", "user_not_found", "gone or archived"),
    ("discord", "404 Not Found", '{"message": "Unknown Webhook", "code": 10015}', "gone"),
    ("discord", "401 Unauthorized", '{"message": "Invalid Webhook Token", "code": 50027}', "gone"),
    ("discord", "400 Bad Request", '{"message": "Unknown Channel", "code": 10003}', "thread"),
    (
        "discord",
        "400 Bad Request",
        '{"message": "Webhooks posted to forum channels must have a thread_name or thread_id", "code": 220001}',
        "forum",
    ),
    ("ntfy", "401 Unauthorized", '{"code":40101,"http":401,"error":"unauthorized"}', "token"),
    ("ntfy", "403 Forbidden", '{"code":40301,"http":403,"error":"forbidden"}', "not open"),
    (
        "ntfy",
        "400 Bad Request",
        '{"code":40010,"http":400,"error":"invalid request: topic name is not allowed"}',
        "topic",
    ),
    ("ntfy", "404 Not Found", "404 page not found", "base_url"),
]


@pytest.mark.parametrize(
    ("kind", "status", "body", "said"), LASTING, ids=[f"{one[0]}-{one[2][:60]}" for one in LASTING]
)
async def test_what_only_the_owner_can_mend_stalls_the_channel_for_good(
    kind: str, status: str, body: str, said: str
) -> None:
    """Each service says so in its own words; ours tell what to do, and repeat none of theirs."""
    async with Receiver(answer(status, body=body)) as receiver:
        outcome = await sent_to(kind, receiver, rendered())
    assert isinstance(outcome, SendFailed)
    assert (outcome.scope, outcome.is_lasting) == (Scope.CHANNEL, True)
    assert outcome.reason.startswith(f"{NAMES[kind]} answered {status[:3]}: ")
    assert said in outcome.reason


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("telegram", "400 Bad Request", '{"ok":false,"description":"Bad Request: message is too long"}'),
        ("slack", "400 Bad Request", "invalid_payload"),
        ("discord", "400 Bad Request", '{"message": "Invalid Form Body", "code": 50035}'),
        ("ntfy", "413 Request Entity Too Large", '{"code":41303,"http":413,"error":"JSON body too large"}'),
    ],
)
async def test_a_message_that_is_refused_for_itself_lets_the_queue_go_on(kind: str, status: str, body: str) -> None:
    """It is tried in the short form, then dead."""
    async with Receiver(answer(status, body=body)) as receiver:
        outcome = await sent_to(kind, receiver, rendered())
    assert isinstance(outcome, SendFailed)
    assert (outcome.scope, outcome.is_lasting) == (Scope.MESSAGE, False)


@pytest.mark.parametrize("kind", CHATS)
@pytest.mark.parametrize(
    ("reply", "is_lasting"),
    [
        (answer("500 Internal Server Error", body="rollup_error"), False),
        (answer("502 Bad Gateway", body="<html>bad gateway</html>"), False),
        (answer("302 Found", "Location: https://login.example/"), True),
        (answer("200 OK", body="<!doctype html><title>Sign in to the network</title>"), False),
        (answer("200 OK", body='{"ok":false,"error":"fatal_error"}'), False),
        (b"", False),
        (b"HTTP/1.1 2", False),
        (b"not http at all\r\n\r\n", False),
    ],
    ids=["500", "502", "302", "portal", "ok false", "hang-up", "half a status", "garbage"],
)
async def test_nothing_that_was_not_taken_counts_as_sent(kind: str, reply: bytes, is_lasting: bool) -> None:
    """It concerns the channel, which waits; a page of some portal that answers 200 is no taking."""
    async with Receiver(reply) as receiver:
        outcome = await sent_to(kind, receiver, rendered())
    assert isinstance(outcome, SendFailed)
    assert (outcome.scope, outcome.is_lasting) == (Scope.CHANNEL, is_lasting)


@pytest.mark.parametrize("kind", CHATS)
async def test_one_that_drips_is_given_up_in_time(kind: str) -> None:
    """And a body that drips behind its status takes nothing back."""
    async with Receiver(ENDLESS_HEAD, is_dripping=True) as receiver:
        outcome = await sent_to(kind, receiver, rendered(), timeout="1s")
    assert outcome == SendFailed(scope=Scope.CHANNEL, reason=f"{NAMES[kind]}: 127.0.0.1 did not answer within 1 s")
    half = b'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{"ok":tr'
    async with Receiver(half, is_dripping=True) as receiver:
        assert isinstance(await sent_to(kind, receiver, rendered(), timeout="1s"), Sent)


@pytest.mark.parametrize("kind", CHATS)
@pytest.mark.parametrize("reply", [answer(f"404 {SECRET}", body=f"nothing at /bot{TOKEN} {SECRET}"), b"", b"\x00" * 50])
async def test_no_secret_shows_in_what_is_told(kind: str, reply: bytes) -> None:
    """Not the token in Telegram's address, nor a webhook's path, nor a topic, even where the service repeats them."""
    async with Receiver(reply) as receiver:
        spec = ChannelSpec(name="desk", kind=kind, options=options(kind, receiver.url("")))
        channel = build(spec)
        assert not isinstance(channel, tuple)
        outcome = await channel.send(rendered())
        await channel.close()
    assert isinstance(outcome, SendFailed)
    shown = f"{outcome!r} {channel!r} {vars(channel)!r} {spec!r}"
    assert SECRET not in shown


@pytest.mark.parametrize(
    ("kind", "wrong", "mistakes"),
    [
        ("telegram", {}, {"token": "is missing", "chat": "is missing"}),
        (
            "telegram",
            {"token": f"bot {SECRET}", "chat": f"{SECRET}", "topic": "7", "base_url": "telegram.org"},
            {
                "token": "is no token of a bot, such as 123456:AbCd…",
                "chat": "must be the number of a chat, such as -1001234567890, or the @name of a public one",
                "topic": f"must be a whole number between 0 and {2**53}",
                "base_url": "must be an address that begins with http:// or https:// and names a host",
            },
        ),
        ("slack", {}, {"url": "is missing"}),
        (
            "slack",
            {"url": SECRET, "chanel": "x"},
            {
                "chanel": "unknown option, there is timeout, url",
                "url": "must be an address that begins with http:// or https:// and names a host",
            },
        ),
        (
            "discord",
            {"url": "https://discord.example/api/webhooks/1/x", "thread": SECRET, "timeout": "2m"},
            {
                "thread": "must be the id of a thread, a number of about 18 digits",
                "timeout": "must be between 1s and 55s",
            },
        ),
        ("ntfy", {"topic": f"{SECRET} {SECRET}"}, {"topic": "must be at most 64 letters, digits, - and _"}),
        (
            "ntfy",
            {"topic": "desk", "base_url": f"https://me:{SECRET}@ntfy.example", "token": SECRET},
            {"token": "is one too many: base_url names a user as well"},
        ),
        (
            "ntfy",
            {"topic": True, "token": "two\nlines"},
            {
                "topic": "must be a text: put it in quotes",
                "token": "must be one line of ASCII characters without space",
            },
        ),
    ],
)
def test_every_mistake_in_the_options_is_told_at_once(
    kind: str, wrong: dict[str, object], mistakes: dict[str, str]
) -> None:
    """And none repeats a value."""
    built = build(ChannelSpec(name="desk", kind=kind, options=wrong))
    assert isinstance(built, tuple)
    assert {one.option: one.what for one in built} == mistakes
    assert SECRET not in repr(built)


async def test_a_server_of_ones_own_may_want_a_user_and_a_password() -> None:
    """They stand in its address and travel as basic authentication."""
    async with Receiver(TAKEN["ntfy"]) as receiver:
        url = receiver.url("").replace("//", "//me:pass@", 1)
        channel = build(ChannelSpec(name="desk", kind="ntfy", options={"topic": "desk", "base_url": url}))
        assert not isinstance(channel, tuple)
        assert isinstance(await channel.send(rendered()), Sent)
        await channel.close()
    assert receiver.requests[0].headers["authorization"] == "Basic bWU6cGFzcw=="


async def test_telegram_can_be_asked_for_the_chat_without_sending() -> None:
    """`check --channels` learns whether bot and chat are known."""
    found = answer("200 OK", body='{"ok":true,"result":{"id":-1001234567890,"type":"supergroup"}}')
    unknown = answer("400 Bad Request", body='{"ok":false,"description":"Bad Request: chat not found"}')
    outcomes = []
    for reply in (found, unknown):
        async with Receiver(reply) as receiver:
            spec = ChannelSpec(name="desk", kind="telegram", options=options("telegram", receiver.url("")))
            channel = build(spec)
            assert not isinstance(channel, tuple)
            outcomes.append((await reach({"desk": channel}))["desk"])
        (request,) = receiver.requests
        assert request.line == f"POST /bot{TOKEN}/getChat HTTP/1.1"
        assert json.loads(request.body) == {"chat_id": "-1001234567890"}
    assert outcomes == [
        Sent(note="Telegram knows the bot and the chat; only a message shows whether it may write there"),
        SendFailed(
            scope=Scope.CHANNEL,
            reason="Telegram answered 400: it knows no such chat: check `chat`, and whether the bot was let in",
            is_lasting=True,
        ),
    ]
