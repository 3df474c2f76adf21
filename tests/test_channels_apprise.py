"""`channels.apprise_channel`: real workers, real services of Apprise, pointed at a receiver on loopback."""

import asyncio
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

import pytest

from monitor.channels.apprise_channel import Address, AppriseChannel, build_apprise
from monitor.channels.kinds import OptionMistake, build
from monitor.model.alerts import Form, Rendered, Scope, SendFailed, Sent
from monitor.model.settings import ChannelSpec
from monitor.worker.replies import Reply, WorkerFailed
from tests.channel_receiver import ENDLESS_HEAD, Receiver, answer
from tests.test_channels_mail import rendered

OK = answer("200 OK", body="{}")
HOOK = "3ccdd113474722377935511fc85d3dd4"


def channel(url: str, **options: object) -> AppriseChannel:
    """As the configuration builds it."""
    built = build(ChannelSpec(name="desk", kind="apprise", options={"url": url, **options}))
    assert isinstance(built, AppriseChannel)
    return built


async def send(url: str, one: Rendered | None = None, **options: object) -> Sent | SendFailed:
    sending = channel(url, **options)
    try:
        return await sending.send(one or rendered())
    finally:
        await sending.close()


def mattermost(receiver: Receiver, query: str = "") -> str:
    return f"mmost://127.0.0.1:{receiver.port}/{HOOK}{query}"


async def test_a_message_arrives_with_all_that_it_says() -> None:
    """Title, outlet and time, why it matched, link and id; the daemon has not loaded Apprise for it."""
    async with Receiver(OK) as receiver:
        outcome = await send(mattermost(receiver), rendered("Dock strike ends"))
    assert outcome == Sent(note="Mattermost took it")
    (request,) = receiver.requests
    text = request.body.decode()
    for part in (
        "Dock *strike* ends",
        "The Harbour",
        "The Wire",
        "why: rule strikes",
        "https://harbour.example/1",
        "id: ",
    ):
        assert part in text


async def test_a_service_with_a_title_does_not_read_the_headline_twice() -> None:
    """The subject is the title, the rest is the body; where the subject was cut, the body says all."""
    async with Receiver(OK) as receiver:
        await send(f"json://127.0.0.1:{receiver.port}/", rendered("Dock strike ends"))
        await send(f"json://127.0.0.1:{receiver.port}/", rendered("Dock strike ends " * 12))
    short, long = (request.body.decode() for request in receiver.requests)
    assert '"title": "Dock strike ends"' in short
    assert "ends" not in short.replace('"title": "Dock strike ends"', "")
    assert long.count("Dock") > 12


@pytest.mark.parametrize(
    ("status", "scope", "is_lasting"),
    [
        (302, Scope.CHANNEL, True),
        (307, Scope.CHANNEL, True),
        (400, Scope.MESSAGE, False),
        (401, Scope.CHANNEL, True),
        (403, Scope.CHANNEL, True),
        (404, Scope.CHANNEL, True),
        (410, Scope.CHANNEL, True),
        (413, Scope.MESSAGE, False),
        (429, Scope.CHANNEL, False),
        (500, Scope.CHANNEL, False),
    ],
)
async def test_a_refusal_says_whom_it_concerns(status: int, scope: Scope, is_lasting: bool) -> None:
    """As of a webhook."""
    async with Receiver(answer(f"{status} Whatever", "Location: http://127.0.0.1:9/")) as receiver:
        outcome = await send(mattermost(receiver))
    assert isinstance(outcome, SendFailed)
    assert (outcome.scope, outcome.is_lasting) == (scope, is_lasting)
    assert outcome.reason.startswith(f"Mattermost answered {status}")


@pytest.mark.parametrize("query", ["", "?redirect=yes"])
async def test_a_redirect_to_a_page_that_answers_is_no_success(query: str) -> None:
    """Nobody there has taken anything; the page is not even asked, whatever the address says."""
    async with Receiver(OK) as elsewhere:
        async with Receiver(answer("302 Found", f"Location: {elsewhere.url()}")) as receiver:
            outcome = await send(mattermost(receiver, query))
        assert elsewhere.requests == []
    assert isinstance(outcome, SendFailed)
    assert outcome.reason == "Mattermost answered 302: redirects are not followed"


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("7", 7, 7),
        ("999999999999999999999", 10**9, 10**9),
        ("Thu, 01 Jan 2037 00:00:00 GMT", 86_400, 10**9),
        ("when pigs fly", None, None),
    ],
)
async def test_a_service_may_ask_for_rest(value: str, least: int | None, most: int | None) -> None:
    """Seconds, a date, a number beyond all bounds; garbage asks for nothing."""
    async with Receiver(answer("429 Slow Down", f"Retry-After: {value}")) as receiver:
        outcome = await send(mattermost(receiver))
    assert isinstance(outcome, SendFailed)
    asked = outcome.retry_after_seconds
    assert asked is None if least is None or most is None else asked is not None and least <= asked <= most


async def test_no_answer_concerns_the_channel() -> None:
    """Hung up, refused, dripping: nobody knows whether it arrived, so it is sent again with the same id."""
    async with Receiver(b"") as receiver:
        hung_up = await send(mattermost(receiver))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        refused = await send(f"mmost://127.0.0.1:{taken.getsockname()[1]}/{HOOK}")
    async with Receiver(ENDLESS_HEAD, is_dripping=True) as receiver:
        dripping = await send(mattermost(receiver), timeout="1s")
    assert hung_up == refused == SendFailed(scope=Scope.CHANNEL, reason="Mattermost did not take it: ConnectionError")
    assert dripping == SendFailed(scope=Scope.CHANNEL, reason="mmost: the send took more than 1 s")


async def test_a_dripping_body_takes_no_success_back() -> None:
    """The status was there: to send again would be to send twice."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    async with Receiver(head, is_dripping=True) as receiver:
        assert await send(mattermost(receiver)) == Sent(note="Mattermost took it")


async def test_a_send_can_be_cancelled_at_once() -> None:
    """Shutdown does not wait for a service: its process is killed."""
    async with Receiver(ENDLESS_HEAD, is_dripping=True) as receiver:
        sending = channel(mattermost(receiver))
        task = asyncio.ensure_future(sending.send(rendered()))
        await receiver.asked.wait()
        began = monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await sending.close()
    assert monotonic() - began < 3


async def test_a_dripping_service_delays_no_other() -> None:
    """Each channel has a process of its own."""
    async with Receiver(ENDLESS_HEAD, is_dripping=True) as slow, Receiver(OK) as quick:
        one, other = channel(mattermost(slow)), channel(mattermost(quick))
        assert isinstance(await other.send(rendered()), Sent)  # its process is there
        dripping = asyncio.ensure_future(one.send(rendered()))
        await slow.asked.wait()
        began = monotonic()
        assert isinstance(await other.send(rendered()), Sent)
        assert monotonic() - began < 1
        dripping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await dripping
        await one.close()
        await other.close()


async def test_what_an_address_says_about_repeating_counts_for_nothing() -> None:
    """The outbox repeats, and a failure is one also of an optional service."""
    async with Receiver(answer("500 Oh")) as receiver:
        outcome = await send(mattermost(receiver, "?retry=3&wait=1&optional=yes&overflow=split&emojis=yes"))
        assert isinstance(outcome, SendFailed)
        assert len(receiver.requests) == 1


async def test_emoji_names_and_escapes_stay_words() -> None:
    """A headline is no program."""
    async with Receiver(OK) as receiver:
        await send(mattermost(receiver, "?emojis=yes"), rendered(r"Strike :smile: \n \x41"))
    assert r":smile: \\n \\x41" in receiver.requests[0].body.decode()


async def test_an_address_with_several_targets_is_refused_by_number() -> None:
    """One that works and one that fails could be told neither as sent nor as failed."""
    async with Receiver(OK) as receiver:
        url = f"signal://127.0.0.1:{receiver.port}/15551234567/15557654321/15557654322"
        outcome = await send(url)
        assert receiver.requests == []
    reason = "Signal API: the address names 2 targets: make a channel of each"
    assert outcome == SendFailed(scope=Scope.CHANNEL, reason=reason, is_lasting=True)


@pytest.mark.parametrize("url", ["nosuch://c4nary/c4nary", "tgram://c4nary", "https://c4nary.example/c4nary"])
async def test_an_address_that_apprise_cannot_read_is_a_lasting_failure(url: str) -> None:
    """It is not shown."""
    outcome = await send(url)
    assert isinstance(outcome, SendFailed)
    assert outcome.is_lasting
    assert "c4nary" not in repr(outcome)


async def test_a_probe_reads_the_address_and_sends_nothing() -> None:
    """What `tocsin check --channels` asks."""
    async with Receiver(OK) as receiver:
        good, bad = channel(mattermost(receiver)), channel("tgram://x")
        assert isinstance(await good.probe(), Sent)
        assert isinstance(await bad.probe(), SendFailed)
        await good.close()
        await bad.close()
        assert receiver.requests == []


@pytest.mark.parametrize(
    ("options", "option", "what"),
    [
        ({}, "url", "missing"),
        ({"url": ""}, "url", "empty"),
        ({"url": "c4nary"}, "url", "is no Apprise address"),
        ({"url": "tgram://c4nary\n/x"}, "url", "is no Apprise address"),
        ({"url": "tgram://c4nary/x, ntfy://c4nary/y"}, "url", "several addresses"),
        ({"url": "tgram://c4nary/x ntfy://c4nary/y"}, "url", "several addresses"),
        ({"url": "ntfy://c4nary/y", "timeout": "2m"}, "timeout", "between 1s and 55s"),
        ({"url": "ntfy://c4nary/y", "tag": "c4nary"}, "tag", "unknown option"),
    ],
)
def test_mistakes_in_options_are_found_without_apprise(options: dict[str, object], option: str, what: str) -> None:
    """And none of them shows the address."""
    (mistake,) = _mistakes(options)
    assert mistake.option == option
    assert what in mistake.what
    assert "c4nary" not in mistake.what


async def test_the_address_stands_in_no_command_line_and_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does any secret of the owner's environment, nor a proxy's password."""
    monkeypatch.setenv("DESK_TOKEN", "c4nary-token")
    monkeypatch.setenv("HTTPS_PROXY", "http://user:c4nary-proxy@127.0.0.1:9")
    async with Receiver(OK) as receiver:
        sending = channel(f"json://user:c4nary-password@127.0.0.1:{receiver.port}/")
        assert isinstance(await sending.send(rendered()), Sent)
        seen = _children()
        assert b"apprise_work" in seen
        assert b"c4nary" not in seen
        await sending.close()


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Services are elsewhere, and some networks let nobody out without one."""
    async with Receiver(OK) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        assert isinstance(await send("json://service.invalid/"), Sent)
    assert proxy.requests[0].line.startswith("POST http://service.invalid/")


class Workers:
    """A pool that answers as it was told."""

    def __init__(self, answer: Mapping[str, object] | WorkerFailed) -> None:
        self._answer = answer

    async def run(self, _request: bytes, _meta: Mapping[str, object]) -> Reply | WorkerFailed:
        return self._answer if isinstance(self._answer, WorkerFailed) else Reply(value=self._answer)

    async def close(self) -> None:
        return


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"fate": "sent", "service": "X", "status": 302}, (Scope.CHANNEL, True)),
        ({"fate": "unknown", "service": "X"}, (Scope.CHANNEL, False)),
        ({"fate": "empty", "service": "X"}, (Scope.MESSAGE, False)),
        ({"fate": "failed", "service": "X", "status": 200}, (Scope.CHANNEL, False)),
        ({"fate": "failed", "service": "X", "status": 400, "about_chat": True}, (Scope.CHANNEL, True)),
        ({"fate": "failed", "service": "X", "fault": "<script>"}, (Scope.CHANNEL, False)),
        ({"fate": "failed", "service": 5, "status": "x", "retry_after": 7}, (Scope.CHANNEL, False)),
        ({}, (Scope.CHANNEL, False)),
    ],
)
async def test_what_a_worker_says_is_read_with_care(value: Mapping[str, object], expected: tuple[Scope, bool]) -> None:
    """What is not certainly sent is a failure; what is no answer is one of the channel."""
    address = Address(url="tgram://c4nary/1", scheme="tgram")
    outcome = await AppriseChannel(address, Workers(value)).send(rendered())
    assert isinstance(outcome, SendFailed)
    assert (outcome.scope, outcome.is_lasting) == expected
    assert "script" not in outcome.reason


async def test_a_worker_that_dies_leaves_the_outcome_open() -> None:
    """It is sent again, with the same id."""
    address = Address(url="tgram://c4nary/1", scheme="tgram")
    outcome = await AppriseChannel(address, Workers(WorkerFailed(reason="ran out of memory"))).send(rendered())
    assert outcome == SendFailed(scope=Scope.CHANNEL, reason="tgram: the send ran out of memory")
    assert "c4nary" not in repr(address)


async def test_the_short_form_is_short() -> None:
    """Title, link and id."""
    async with Receiver(OK) as receiver:
        await send(mattermost(receiver), rendered("strike " * 2000, form=Form.SHORT))
    assert len(receiver.requests[0].body) < 800


def _mistakes(options: dict[str, object]) -> tuple[OptionMistake, ...]:
    built = build_apprise(ChannelSpec(name="desk", kind="apprise", options=options))
    assert isinstance(built, tuple)
    return built


def _children() -> bytes:
    """What anybody on this machine may read of the processes that we started."""
    ours = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text("utf-8").split()
    return b"".join(Path("/proc", child, name).read_bytes() for child in ours for name in ("cmdline", "environ"))
