"""Mail, through a real SMTP server on loopback."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from aiosmtplib import SMTPAuthenticationError

from monitor.alerts.plan import first_alert
from monitor.alerts.render import render
from monitor.channels.kinds import build
from monitor.channels.letter import letter
from monitor.channels.letter_html import html
from monitor.channels.mail import Mail, Relay, build_mail
from monitor.model.alerts import AlertKind, Form, Message, MessageId, Rendered, Scope, SendFailed, Sent
from monitor.model.entries import Text
from monitor.model.rules import Evidence, Match, RuleName, RuleSpec, View
from monitor.model.settings import ChannelSpec
from tests.plain_values import NOW

SENDER = Address("tocsin", "tocsin", "harbour.example")
DESK = (Address(addr_spec="desk@harbour.example"), Address(addr_spec="night@harbour.example"))


def rendered(
    title: str = "Dock strike ends",
    *,
    summary: str = "",
    link: str = "https://harbour.example/1",
    form: Form = Form.FULL,
) -> Rendered:
    rule = RuleSpec(name=RuleName("strikes"), query="strike")
    start = title.find("strike")
    evidence = (Evidence(field="title", start=start, end=start + 6, part="strike"),) if start >= 0 else ()
    alert = first_alert(
        rule=rule,
        match=Match(rule=rule.name, evidence=evidence),
        view=View(text=Text(title=title, summary=summary), outlets=("The Harbour", "The Wire"), link=link),
        story_key=title,
        channels=("desk",),
        now=NOW,
    )
    message = Message(
        id=MessageId(1), public_id=alert.public_id, channel="desk", alerts=(alert,), created_at=NOW, form=form
    )
    return render(message, now=NOW)


@dataclass(slots=True)
class Postbox:
    """What arrives, and what the server answers."""

    envelopes: list[Envelope] = field(default_factory=list)
    answer: str = "250 OK"
    refuses: frozenset[str] = frozenset()

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        if self.answer.startswith("250"):
            self.envelopes.append(envelope)
        return self.answer

    def mail(self, number: int = -1) -> EmailMessage:
        content = self.envelopes[number].content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        return mail


@asynccontextmanager
async def serving(postbox: Postbox, *, implicit: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[int]:
    """A real SMTP server on a free port of 127.0.0.1; `implicit` is TLS at once."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(postbox, hostname="mail.harbour.example", **options), "127.0.0.1", 0, ssl=implicit
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def mail(port: int, **changes: object) -> Mail:
    relay = Relay(host="127.0.0.1", port=port, scheme="smtp", within=timedelta(seconds=5))
    return Mail(replace(relay, **changes), sender=SENDER, recipients=DESK, now=lambda: NOW)  # type: ignore[arg-type]  # fields of Relay


async def test_a_mail_arrives_as_text_and_html_under_one_id() -> None:
    """The same Message-ID at every repeat, a date, a list, and no automatic answers."""
    postbox = Postbox()
    async with serving(postbox) as port:
        message = rendered("Докеры: strike — «конец»")
        assert isinstance(await mail(port).send(message), Sent)
        assert isinstance(await mail(port).send(message), Sent)
    arrived = postbox.mail()
    ids = [postbox.mail(number)["Message-ID"] for number in (0, 1)]
    assert ids == [f"<{message.public_id}.tocsin@harbour.example>"] * 2
    assert arrived["Subject"] == "Докеры: strike — «конец»"
    assert arrived["From"] == "tocsin <tocsin@harbour.example>"
    assert arrived["To"] == "desk@harbour.example, night@harbour.example"
    assert (arrived["Auto-Submitted"], arrived["X-Entity-Ref-ID"]) == ("auto-generated", message.public_id)
    assert arrived["Date"].datetime == NOW
    assert "tocsin.harbour.example" in arrived["List-Id"]
    text, page = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert text is not None
    assert page is not None
    assert "*strike*" in text.get_content()
    assert "<mark>strike</mark>" in page.get_content()
    assert postbox.envelopes[0].rcpt_tos == ["desk@harbour.example", "night@harbour.example"]


@pytest.mark.parametrize("form", Form)
def test_an_update_is_an_answer_to_the_mail_of_the_first_alert(form: Form) -> None:
    """So that mail programs show both in one thread; a first alert answers nothing."""
    first = rendered(form=form)
    news = following(rendered("Dock strike ends, 30 hurt", form=form), first.public_id)
    mails = [letter(one, sender=SENDER, recipients=DESK, at=NOW) for one in (first, news)]
    assert mails[1]["In-Reply-To"] == mails[1]["References"] == mails[0]["Message-ID"]
    assert mails[0]["In-Reply-To"] is None
    several = replace(news, items=(*news.items, *first.items))
    assert letter(several, sender=SENDER, recipients=DESK, at=NOW)["References"] is None


def test_the_page_of_an_update_says_what_changed_as_text() -> None:
    """Above its title; whatever a feed wrote there is no markup."""
    page = html(following(rendered(), "f1rst", changes=("killed: 3, now 30", "<b>")))
    assert '<p class="kind">update: killed: 3, now 30; &lt;b&gt;</p>' in page
    assert '<p class="about">follows alert f1rst</p>' in page
    assert '<p class="about">now in 5 outlets</p>' in html(following(rendered(), "", spread=5))


def following(message: Rendered, first: str, **said: Any) -> Rendered:
    """The message as one that goes on from another alert."""
    (item,) = message.items
    alert = replace(item.alert, kind=AlertKind.UPDATE, content=replace(item.alert.content, follows=first, **said))
    return replace(message, items=(replace(item, alert=alert),))


async def test_the_short_form_is_text_alone() -> None:
    """After a server refused the full one."""
    postbox = Postbox()
    async with serving(postbox) as port:
        await mail(port).send(rendered(form=Form.SHORT))
    assert postbox.mail().get_content_type() == "text/plain"


@pytest.mark.parametrize(
    "title",
    [
        "strike\r\nBcc: victim@example.org\r\n\r\nbody",
        "strike \u202egnp.exe\u0000",
        "<script>alert(1)</script> strike <img src=x onerror=y>",
        "@everyone <!channel> strike [x](javascript:alert(1))",
        "strike " + "word " * 2000,
        "strike \ud800",
    ],
)
async def test_whatever_a_title_holds_it_adds_no_header_and_no_markup(title: str) -> None:
    """Feed text is data."""
    postbox = Postbox()
    async with serving(postbox) as port:
        assert isinstance(await mail(port).send(rendered(title, link="javascript:alert(1)")), Sent)
    arrived = postbox.mail()
    assert arrived["Bcc"] is None
    assert len(arrived["Subject"]) <= 150
    page = arrived.get_body(("html",))
    assert page is not None
    written = page.get_content()
    assert "<script" not in written
    assert "<img" not in written
    assert 'href="javascript' not in written
    assert "\u202e" not in str(arrived["Subject"])


@pytest.mark.parametrize(
    ("answer", "scope"),
    [
        ("451 try later", Scope.CHANNEL),
        ("421 closing", Scope.CHANNEL),
        ("552 too large", Scope.MESSAGE),
        ("554 content refused", Scope.MESSAGE),
        ("550 policy", Scope.CHANNEL),
    ],
)
async def test_a_refusal_concerns_the_channel_or_the_mail(answer: str, scope: Scope) -> None:
    """The code is told, the server's words are not."""
    async with serving(Postbox(answer=answer)) as port:
        outcome = await mail(port).send(rendered())
    is_lasting = scope is Scope.CHANNEL and answer.startswith("5")
    assert outcome == SendFailed(scope=scope, reason=f"127.0.0.1 answered {answer[:3]}", is_lasting=is_lasting)


async def test_some_refused_recipients_lose_nothing_and_repeat_nothing() -> None:
    """The others have it; nobody gets it twice."""
    postbox = Postbox(refuses=frozenset({"night@harbour.example"}))
    async with serving(postbox) as port:
        outcome = await mail(port).send(rendered())
    assert outcome == Sent(note="127.0.0.1 took it for some and refused 1 recipients (550)")
    assert len(postbox.envelopes) == 1


async def test_no_recipient_accepted_is_a_failure() -> None:
    """Nobody has it."""
    async with serving(Postbox(refuses=frozenset(one.addr_spec for one in DESK))) as port:
        outcome = await mail(port).send(rendered())
    reason = "127.0.0.1 refused every recipient (550)"
    assert outcome == SendFailed(scope=Scope.CHANNEL, reason=reason, is_lasting=True)


def _knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
    is_known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"desk", "pässword".encode())
    return AuthResult(success=is_known, handled=True)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def _trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def _certified(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.mark.parametrize("scheme", ["smtp", "smtp+starttls", "smtps"])
async def test_credentials_go_over_tls(authority: trustme.CA, scheme: str) -> None:
    """STARTTLS where it is offered or required, TLS at once for smtps."""
    postbox = Postbox()
    options: dict[str, Any] = {"authenticator": _knows, "auth_required": True}
    if scheme == "smtps":
        # The server's library does not know that it stands behind TLS here.
        options = {"authenticator": _knows, "implicit": _certified(authority), "auth_require_tls": False}
    else:
        options |= {"tls_context": _certified(authority)}
    async with serving(postbox, **options) as port:
        sending = mail(port, scheme=scheme, tls=_trusting(authority), user="desk", password="pässword")
        assert isinstance(await sending.send(rendered()), Sent)


def test_refused_credentials_concern_the_channel_and_show_nothing() -> None:
    """Neither the password nor the server's words."""
    refused = mail(25, user="desk", password="hunter2")
    outcome = refused._failed(SMTPAuthenticationError(535, "no hunter2 here"))
    reason = "127.0.0.1 does not accept the credentials (535)"
    assert outcome == SendFailed(scope=Scope.CHANNEL, reason=reason, is_lasting=True)
    assert "hunter2" not in repr(refused._relay)


async def test_a_certificate_that_nobody_vouches_for_is_refused(authority: trustme.CA) -> None:
    """And so is one for another host."""
    async with serving(Postbox(), tls_context=_certified(authority)) as port:
        unknown = await mail(port, scheme="smtp+starttls").send(rendered())
    async with serving(Postbox(), tls_context=_certified(authority, "other.example")) as port:
        other = await mail(port, scheme="smtp+starttls", tls=_trusting(authority)).send(rendered())
    assert isinstance(unknown, SendFailed)
    assert isinstance(other, SendFailed)
    assert {unknown.scope, other.scope} == {Scope.CHANNEL}


async def test_a_server_without_starttls_is_refused_where_it_is_required() -> None:
    """No silent fall back to plain text."""
    postbox = Postbox()
    async with serving(postbox) as port:
        outcome = await mail(port, scheme="smtp+starttls").send(rendered())
    assert isinstance(outcome, SendFailed)
    assert postbox.envelopes == []


async def test_a_password_is_not_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Except to this very machine."""
    monkeypatch.setattr("monitor.channels.mail._LOOPBACK", frozenset())
    async with serving(Postbox(), authenticator=_knows, auth_require_tls=False) as port:
        outcome = await mail(port, user="desk", password="pässword").send(rendered())
    assert isinstance(outcome, SendFailed)
    assert "no encryption" in outcome.reason


async def test_a_server_that_drips_is_left_at_the_deadline() -> None:
    """However much it goes on saying."""

    gone = asyncio.Event()

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for _ in range(500):
                writer.write(b"2")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            pass
        writer.close()
        gone.set()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        outcome = await mail(port, within=timedelta(milliseconds=200)).send(rendered())
        await asyncio.wait_for(gone.wait(), 10)
    assert outcome == SendFailed(scope=Scope.CHANNEL, reason="127.0.0.1 did not finish within 0.2 s")


async def test_a_server_that_is_not_there_is_told_by_its_name() -> None:
    """Nothing of address, user or password."""
    async with serving(Postbox()) as port:
        pass
    outcome = await mail(port).send(rendered())
    assert isinstance(outcome, SendFailed)
    assert outcome.scope is Scope.CHANNEL
    assert outcome.reason.startswith("127.0.0.1 cannot be")


def test_options_are_checked_all_at_once_and_no_value_is_shown() -> None:
    """As they may hold a password."""
    spec = ChannelSpec(
        name="ops",
        kind="email",
        options={
            "url": "http://user:hunter2@mail.example",
            "to": ["desk@h.example", "nobody"],
            "form": "x",
            "timeout": "1y",
        },
    )
    mistakes = build(spec)
    assert isinstance(mistakes, tuple)
    assert sorted(one.option for one in mistakes) == ["form", "from", "timeout", "to", "url"]
    assert "hunter2" not in str(mistakes)


@pytest.mark.parametrize(
    "options",
    [
        {"url": "smtps://desk%40h.example:p@mail.example", "to": "desk@h.example"},
        {"url": "smtp://mail.example:2525", "to": ["a@h.example", "b@h.example"], "from": "t@h.example"},
        {"url": "smtp+starttls://u:p@mail.example/", "to": ["a@h.example"], "from": "t@h.example", "timeout": "10s"},
    ],
)
def test_good_options_make_a_channel(options: dict[str, object]) -> None:
    """The user serves as sender where it is an address."""
    assert isinstance(build_mail(ChannelSpec(name="ops", kind="email", options=options)), Mail)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"url": "smtps://mail.example", "to": []},
        {"url": "smtps://mail.example:99999", "to": "a@h.example", "from": "t@h.example"},
        {"url": "smtps:///", "to": "a@h.example", "from": "t@h.example"},
        {"url": "smtps://mail.example?x=1", "to": "a@h.example", "from": "t@h.example"},
        {"url": "smtps://mail.example", "to": "a@h.example\r\nBcc: b@h.example", "from": "t@h.example"},
        {"url": "smtps://mail.example", "to": [7], "from": "t@h.example"},
        {"url": "smtps://mail.example", "to": "a@h.example", "from": "nobody"},
    ],
)
def test_bad_options_are_mistakes(options: dict[str, object]) -> None:
    """Each named, none guessed."""
    assert isinstance(build_mail(ChannelSpec(name="ops", kind="email", options=options)), tuple)


def test_a_page_names_what_kind_of_alert_it_is() -> None:
    """Outlets, time and rule included."""
    page = html(rendered(summary="Talks went on all night."))
    assert "The Harbour, seen 2026-03-02 12:00 UTC, also in: The Wire" in page
    assert "rule <b>strikes</b>" in page
    assert "http" not in page.replace("https://harbour.example/1", "")


async def test_a_server_is_probed_without_a_mail() -> None:
    """It is greeted and left again; one that does not answer is a failure."""
    postbox = Postbox()
    async with serving(postbox) as port:
        assert await mail(port).probe() == Sent(note="127.0.0.1 lets us in")
        refused = await mail(port, scheme="smtp+starttls").probe()
    assert isinstance(refused, SendFailed)
    assert postbox.envelopes == []
    assert isinstance(await mail(port).probe(), SendFailed)
