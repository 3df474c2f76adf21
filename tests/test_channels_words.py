"""Digests, roll-ups and templated messages where they arrive: hostile titles obey nobody, and every length fits."""

import json
import re
from dataclasses import replace

import pytest

from monitor.alerts.render import render
from monitor.alerts.templates import Template, compile_template
from monitor.alerts.wording import Part, Wording, worded
from monitor.channels.kinds import build
from monitor.channels.letter import letter
from monitor.channels.letter_html import LONGEST_TITLE, html
from monitor.model.alerts import AlertKind, Form, Hold, Message, Rendered, Sent
from monitor.model.settings import ChannelSpec
from tests.channel_receiver import Receiver, answer
from tests.chat_sinks import CHATS, TEXT_OF, seen_by
from tests.plain_values import NOW
from tests.test_alerts_render import message
from tests.test_alerts_together import told
from tests.test_channels_hostile import _CONTROLS, HOSTILE, at, in_mail, on_console
from tests.test_channels_mail import DESK, SENDER

LIMITS = {"telegram": 4096, "slack": 40_000, "discord": 2000, "ntfy": 4096}
CALLS = ("@everyone", "@here", "<!channel", "<@U123", "<b>", "<script", "](javascript")
TITLE = "Digest of 29 March, 07:00 Europe/Berlin: many alerts"


def template(source: str, *, is_html: bool = False) -> Template:
    made = compile_template(source, is_html=is_html)
    assert isinstance(made, Template), made
    return made


MINE: Wording = {
    Part.SUBJECT: template("[{{ channel }}] {{ alerts[0].title }}"),
    Part.TEXT: template(
        "{% for alert in alerts %}* {{ alert.marked_title }} {{ alert.link }}\n{% endfor %}id: {{ id }}"
    ),
    Part.HTML: template(
        "<html><body>{% for alert in alerts %}<h1 title='{{ alert.title }}'>{{ alert.marked_title }}</h1>"
        "<a href='{{ alert.link }}'>read</a>{% endfor %}</body></html>",
        is_html=True,
    ),
}


def many(count: int = 0, hold: Hold = Hold.DIGEST) -> Message:
    """A message of every hostile title, or of so many alerts."""
    titles = [f"Strike number {number}: the ferries stay in port" for number in range(count)] or list(HOSTILE.values())
    alerts = [told(title, story=str(place), rule="@everyone <b>") for place, title in enumerate(titles)]
    return replace(message(*alerts), title=TITLE, hold=hold)


FORMS: dict[str, Rendered] = {
    "digest": render(many(), now=NOW),
    "roll-up": render(many(hold=Hold.THROTTLE), now=NOW),
    "backlog": render(many(hold=Hold.AWAY), now=NOW),
    "template": worded(many(), MINE, now=NOW)[0],
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", CHATS)
async def test_a_chat_gets_words_that_call_nobody_within_its_length(kind: str, form: str) -> None:
    """Natively: over the wire, in one message."""
    body = await seen_by(kind, FORMS[form])
    text = body[TEXT_OF[kind]]
    assert "trike" in text
    assert len(text.encode("utf-16-le")) // 2 <= LIMITS[kind]
    seen = json.dumps(body, ensure_ascii=False)
    assert not _CONTROLS.search(text)
    if kind in ("slack", "discord"):  # the others read no marks in plain text
        for call in CALLS:
            assert call not in seen


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("scheme", ["mmost", "ntfy"])
async def test_a_chat_behind_apprise_gets_them_too(scheme: str, form: str) -> None:
    """Whole or shorter, harmless as any headline."""
    path = {"mmost": "/3ccdd113474722377935511fc85d3dd4", "ntfy": "/desk"}[scheme]
    seen = await at(f"{scheme}://SINK{path}", FORMS[form], "apprise")
    assert not _CONTROLS.search(seen.replace("\r\n", "\n"))
    for call in CALLS:
        assert call not in seen


@pytest.mark.parametrize("form", FORMS)
async def test_a_terminal_and_a_mail_get_them_as_they_came(form: str) -> None:
    """Nothing that either would obey."""
    for arrived in (on_console, in_mail):
        seen = await arrived(FORMS[form])
        assert "trike" in seen
        assert not _CONTROLS.search(seen.replace("\r\n", "\n"))


async def test_a_webhook_gets_a_digest_whole() -> None:
    """Every alert of it, also of a roll-up, of which people are shown five."""
    for hold in (Hold.DIGEST, Hold.THROTTLE, Hold.AWAY):
        seen = await at("http://SINK/hook", render(many(200, hold), now=NOW), "webhook")
        assert seen.count("the ferries stay in port") >= 200


@pytest.mark.parametrize("form", FORMS)
def test_the_page_of_a_mail_holds_no_markup_of_a_feed(form: str) -> None:
    """Neither ours nor one made by a template, whatever the titles are."""
    mail = letter(FORMS[form], sender=SENDER, recipients=DESK, at=NOW)
    part = mail.get_body(("html",))
    assert part is not None
    page = part.get_content()
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert not re.search(r"href=['\"]?javascript", page)
    assert not _CONTROLS.search(page.replace("\r\n", "\n"))


@pytest.mark.parametrize("hold", [Hold.DIGEST, Hold.AWAY])
async def test_a_mail_holds_all_of_a_digest_and_of_what_waited_for_it(hold: Hold) -> None:
    """In its text as in its page; a roll-up shows five."""
    mail = letter(render(many(200, hold), now=NOW), sender=SENDER, recipients=DESK, at=NOW)
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert len(set(re.findall(r"Strike number \d+", re.sub(r"[*]|</?\w[^>]*>", "", part.get_content())))) == 200


@pytest.mark.parametrize("kind", CHATS)
@pytest.mark.parametrize(
    ("count", "hold"), [*((count, Hold.DIGEST) for count in (1, 7, 60, 1000)), (60, Hold.AWAY), (1000, Hold.AWAY)]
)
async def test_a_digest_of_any_size_fits_and_says_what_is_missing(kind: str, count: int, hold: Hold) -> None:
    """Shown and left out make up the whole; every link that is there is whole, and the id stands last."""
    shown = render(many(count, hold), now=NOW)
    body = await seen_by(kind, shown)
    text = body[TEXT_OF[kind]]
    size = len(json.dumps(body, ensure_ascii=False).encode()) if kind == "ntfy" else len(text.encode("utf-16-le")) // 2
    assert size <= LIMITS[kind]
    links = re.findall(r"https://harbour\.example/\S*", text)
    more = re.search(r"and ([\d,]+) more: tocsin alerts list", text)
    assert len(links) + int(more[1].replace(",", "") if more else 0) == count
    assert set(links) <= {item.alert.content.link for item in shown.items}
    assert text.endswith("id: h4rb0urferry")


async def test_a_service_behind_apprise_gets_a_shorter_form_that_fits() -> None:
    """ntfy's own limit: it says how many are missing, not just the beginning of a list."""
    seen = await at("ntfy://SINK/desk", render(many(300), now=NOW), "apprise")
    assert re.search(r"and \d+ more: tocsin alerts list\n+id: h4rb0urferry", seen)


async def test_a_template_too_long_for_a_service_arrives_cut() -> None:
    """With its first and its last line."""
    long = {Part.TEXT: template("first\n" + "{{ text }}\n" * 40 + "last")}
    shown, fault = worded(many(9), long, now=NOW)
    assert fault is None
    body = await seen_by("discord", shown)
    assert len(body["content"]) <= LIMITS["discord"]
    assert (body["content"].split("\n")[0], body["content"].split("\n")[-1]) == ("first", "last")


def test_a_digest_is_no_answer_to_a_mail() -> None:
    """Not even where all that it tells goes on from one alert; an update alone is one."""
    update = told("Fire", kind=AlertKind.UPDATE, follows="f1re")
    alone = letter(render(message(update), now=NOW), sender=SENDER, recipients=DESK, at=NOW)
    assert alone["References"] == "<f1re.tocsin@harbour.example>"
    digest = replace(message(update), title=TITLE, hold=Hold.DIGEST)
    for form in Form:
        listed = letter(render(replace(digest, form=form), now=NOW), sender=SENDER, recipients=DESK, at=NOW)
        assert (listed["References"], listed["Subject"]) == (None, TITLE)
        assert listed["List-Id"] == alone["List-Id"]


def test_the_page_of_a_digest_reads_as_its_text() -> None:
    """Headline, rules, numbers, what followed, and what is missing."""
    first = told("Fire kills 3", story="fire")
    update = told("Fire kills 30", story="fire", kind=AlertKind.UPDATE, minutes=5, changes=("killed: 3, now 30",))
    page = html(render(replace(message(first, update, told("x" * 900)), title=TITLE, hold=Hold.DIGEST), now=NOW))
    assert f"<header><h1>{TITLE}</h1></header>\n<h2>rule ferries</h2>\n<article>" in page
    assert page.count("<article>") == 2
    assert "<li>update: killed: 3, now 30 — <a href=" in page
    assert "x" * (LONGEST_TITLE + 1) not in page
    rolled = html(render(many(200, Hold.THROTTLE), now=NOW))
    assert "and 195 more: <code>tocsin alerts list</code>" in rolled
    assert rolled.count("<article>") == 5


def test_a_mail_with_a_template_has_the_html_of_its_own_or_none() -> None:
    """Two parts of a mail must not say different things."""
    for wording, has_page in (
        (MINE, True),
        ({Part.TEXT: MINE[Part.TEXT]}, False),
        ({Part.SUBJECT: MINE[Part.SUBJECT]}, True),
    ):
        mail = letter(worded(many(2), wording, now=NOW)[0], sender=SENDER, recipients=DESK, at=NOW)
        assert (mail.get_body(("html",)) is not None) is has_page


def test_the_page_says_how_a_story_is_muted() -> None:
    """Where a message is of one story."""
    shown = render(message(told("Fire")), now=NOW)
    assert f"<code>{shown.items[0].mute}</code>" in html(shown)
    assert shown.items[0].mute.startswith("tocsin mute story ")
    assert "tocsin mute" not in html(render(many(3), now=NOW))


async def test_a_link_that_is_no_address_breaks_no_mail() -> None:
    """Feeds write what they like."""
    bad = replace(told("Fire").content, link="https://[half/")
    page = html(render(message(replace(told("Fire"), content=bad)), now=NOW))
    assert "<h1>Fire</h1>" in page
    async with Receiver(answer("200 OK")) as sink:
        channel = build(ChannelSpec(name="hook", kind="webhook", options={"url": sink.url()}))
        assert not isinstance(channel, tuple)
        assert isinstance(await channel.send(render(message(replace(told("Fire"), content=bad)), now=NOW)), Sent)
        await channel.close()
